/* flat.c - the flat screen: which lines there are, and which of them where there is little room. See flat.h.
 *
 * From the top: the state of all, the answer to the last key, then each lane (state, counts, memory, what is wrong and what limits it, its
 * workers), the results, the keys. A line keeps its place as long as the size and the numbers of workers stay, so that what a braille display shows
 * is not carried away by something else. */
#include "ui/flat.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/text.h"
#include "ui/help.h"
#include "ui/lane_private.h"
#include "ui/pane.h"
#include "ui/parts.h"

enum { CORES_NAMED = 4, NOTES_MOST = 2, RESULTS_MOST = 3, ANSWER_MOST = 2 };

/* --- which lines ---------------------------------------------------------------------------------- */

enum piece { HEAD, ANSWER, RESULTS, KEYS, LANE_PIECES };
enum lane_piece { TITLE, COUNTS, PEOPLE, EXTRA, NOTES, WORKERS, PIECES_OF_A_LANE };
enum { PIECES = LANE_PIECES + MODEL_LANES * PIECES_OF_A_LANE, ALL = 10000 };

struct plan {
    int rows[PIECES];
};

/* A step of handing out rows: up to so many to this piece; of a lane: to that of the lane in focus, or of the other one. */
struct step {
    int piece;
    bool other;
    int rows;
};

#define OF_LANE(piece) (LANE_PIECES + (piece))

/* What matters first comes first. */
static const struct step steps[] = {
    {HEAD, false, 1},
    {ANSWER, false, 1},
    {OF_LANE(TITLE), false, 1},
    {OF_LANE(COUNTS), false, 1},
    {OF_LANE(TITLE), true, 1},
    {OF_LANE(COUNTS), true, 1},
    {KEYS, false, 1},
    {OF_LANE(NOTES), false, 1},
    {OF_LANE(WORKERS), false, 2},
    {ANSWER, false, ANSWER_MOST},
    {OF_LANE(NOTES), true, 1},
    {OF_LANE(PEOPLE), false, 1},
    {OF_LANE(EXTRA), false, 1},
    {RESULTS, false, 1},
    {OF_LANE(PEOPLE), true, 1},
    {OF_LANE(EXTRA), true, 1},
    {KEYS, false, 2},
    {OF_LANE(NOTES), false, NOTES_MOST},
    {OF_LANE(NOTES), true, NOTES_MOST},
    {OF_LANE(WORKERS), false, 5},
    {OF_LANE(WORKERS), true, 4}, /* both kinds of work are to be seen side by side */
    {OF_LANE(WORKERS), false, ALL},
    {RESULTS, false, RESULTS_MOST},
    {OF_LANE(WORKERS), true, ALL},
};

static bool has_extra(const struct model_lane *lane)
{
    return lane->started && (lane_has_gil(lane) || lane->snap.work == WORK_COUNTER);
}

/* Lines that the answer takes; where there is none, what the keys act on. */
static int answer_rows(int columns, const struct model *model)
{
    const struct canvas none = {.columns = 0};
    return canvas_text_columns(&none, model->status) > columns && model->typed[0] == '\0' ? ANSWER_MOST : 1;
}

/* How many rows a piece of a lane could fill. */
static int needed_of_lane(const struct model_lane *lane, enum lane_piece piece)
{
    size_t workers = piece == WORKERS ? lane_rows(lane) : 0;
    if (!lane->there) {
        return 0;
    }
    switch (piece) {
    case PEOPLE: return lane->started;
    case EXTRA: return has_extra(lane);
    case NOTES: return NOTES_MOST;
    case WORKERS: return workers < ALL ? (int)workers : ALL;
    default: return 1;
    }
}

static int needed(const struct model *model, int columns, int piece)
{
    if (piece == ANSWER) {
        return answer_rows(columns, model);
    }
    if (piece == RESULTS) {
        return model->results_count < RESULTS_MOST ? (int)model->results_count : RESULTS_MOST;
    }
    if (piece < LANE_PIECES) {
        return ALL;
    }
    int of = piece - LANE_PIECES;
    return needed_of_lane(&model->lanes[of / PIECES_OF_A_LANE], (enum lane_piece)(of % PIECES_OF_A_LANE));
}

static struct plan plan_of(int columns, int rows, const struct model *model)
{
    struct plan plan = {{0}};
    int focus = model->focus == 1;
    for (size_t i = 0; i < sizeof steps / sizeof steps[0] && rows > 0; i++) {
        int piece = steps[i].piece, most = steps[i].rows;
        if (piece >= LANE_PIECES) {
            piece += (steps[i].other ? 1 - focus : focus) * PIECES_OF_A_LANE;
        }
        int need = needed(model, columns, piece);
        most = most < need ? most : need;
        int more = most - plan.rows[piece];
        more = more < rows ? more : rows;
        if (more > 0) {
            plan.rows[piece] += more;
            rows -= more;
        }
    }
    return plan;
}

int flat_worker_rows(int columns, int rows, const struct model *model, int lane)
{
    return plan_of(columns, rows, model).rows[OF_LANE(WORKERS) + lane * PIECES_OF_A_LANE];
}

/* --- drawing -------------------------------------------------------------------------------------- */

/* The flat screen while it is drawn: lines from the top. */
struct flat {
    struct canvas *canvas;
    const struct model *model;
    int y;
};

static struct rect take(struct flat *flat, int rows)
{
    struct rect at = {0, flat->y, flat->canvas->columns, rows};
    flat->y += rows;
    return at;
}

/* The cursor stands there if this is what changed last. */
static void mark(struct flat *flat, struct rect at, enum flat_at what, int lane)
{
    const struct model_flat *last = &flat->model->flat;
    if (at.rows > 0 && last->at == what && last->lane == lane) {
        flat->canvas->cursor_x = at.x;
        flat->canvas->cursor_y = at.y;
    }
}

/* "97, 93": how busy each core is, where there are few of them. */
static void each_core_text(const struct machine_load *load, unsigned cores, char *out, size_t room)
{
    size_t used = 0;
    out[0] = '\0';
    for (unsigned core = 0; core < cores && used < room; core++) {
        double busy = load->busy[core] > 1 ? 1 : load->busy[core];
        int length = busy >= 0 ? snprintf(out + used, room - used, "%s%.0f", core > 0 ? ", " : "", busy * 100)
                               : snprintf(out + used, room - used, "%sunknown", core > 0 ? ", " : "");
        used += length > 0 ? (size_t)length : 0;
    }
}

/* "cores 97, 93 percent busy"; of many cores how busy they are together. */
static void cores_text(const struct machine_load *load, char *out, size_t room)
{
    char each[64];
    double sum = 0;
    unsigned known = 0, cores = load->cores < MACHINE_CORES_MAX ? load->cores : MACHINE_CORES_MAX;
    for (unsigned core = 0; core < cores; core++) {
        known += load->busy[core] >= 0;
        sum += load->busy[core] > 1 ? 1 : load->busy[core] >= 0 ? load->busy[core] : 0;
    }
    if (known == 0) {
        snprintf(out, room, "how busy the cores are is not known yet");
    } else if (cores <= CORES_NAMED) {
        each_core_text(load, cores, each, sizeof each);
        snprintf(out, room, "core%s %s percent busy", cores == 1 ? "" : "s", each);
    } else {
        snprintf(out, room, "%u cores %.0f percent busy", cores, sum / known * 100);
    }
}

static void draw_head(struct flat *flat, struct rect at)
{
    char cores[PART_BYTES];
    struct parts parts = {0};
    const struct model *model = flat->model;
    cores_text(&model->load, cores, sizeof cores);
    parts_add(&parts, 3, ROLE_TITLE, "juggler: %s", header_state(model));
    if (model->replay.on) {
        parts_add(&parts, 4, ROLE_TEXT, "at %.2f of %.2f s, %s, speed %s", (double)model->replay.at_ns / (double)NS_PER_S,
                  (double)model->replay.length_ns / (double)NS_PER_S, model->replay.paused ? "paused" : "playing",
                  model->replay.speed);
    }
    parts_add(&parts, 2, ROLE_TEXT, "%s", cores);
    if (model->processes > 0) {
        parts_add(&parts, 1, ROLE_TEXT, "%u processes on this machine", model->processes);
        parts_brief(&parts, "%u processes", model->processes);
    }
    parts_draw(flat->canvas, at.x, at.y, at.rows > 0 ? at.columns : 0, &parts);
}

/* shown: workers that have a line below. */
static void draw_title(struct flat *flat, struct rect at, int number, int shown)
{
    const struct model_lane *lane = &flat->model->lanes[number];
    const struct snapshot *snap = &lane->snap;
    const struct job_kind *kind = job_kind_of(lane_work(lane));
    char executor[EXECUTOR_TEXT_BYTES], time[32] = "";
    struct parts parts = {0};
    uint64_t ns = snap->wall_ns - (snap->paused_ns < snap->wall_ns ? snap->paused_ns : 0);
    if (lane->started && run_state_is_over(snap->state)) {
        text_duration(time, sizeof time, ns);
    } else if (lane->started && snap->start_ns > 0) {
        snprintf(time, sizeof time, "%" PRIu64 " s", ns / NS_PER_S);
    }
    parts_add(&parts, 5, ROLE_TITLE, "%s", kind->title);
    parts_add(&parts, 1, ROLE_TEXT, "%s", kind->bound);
    parts_add(&parts, 3, ROLE_TEXT, "%s", executor_format(lane_executor(lane), executor));
    parts_add(&parts, 4, ROLE_TITLE, "%s%s%s", lane->started ? run_state_word(snap->state) : "not started",
              time[0] != '\0' ? " " : "", time);
    if (flat->model->focus == number && flat->model->lanes[1 - number].there) {
        parts_add(&parts, 3, ROLE_FRAME_FOCUS, "keys act here");
    }
    size_t workers = lane_rows(lane);
    if (workers > (size_t)shown) {
        parts_add(&parts, 2, ROLE_DIM, "%d of %zu workers below", shown, workers);
    }
    parts_draw(flat->canvas, at.x, at.y, at.columns, &parts);
    mark(flat, at, FLAT_AT_STATE, number);
}

static void draw_counts(struct flat *flat, struct rect at, int number)
{
    const struct model_lane *lane = &flat->model->lanes[number];
    char name[128], text[FLAT_TEXT_BYTES];
    if (lane->started) {
        lane_totals_draw(flat->canvas, at, lane);
    } else {
        text_show(name, sizeof name, lane->list_name != NULL ? lane->list_name : "", flat->canvas->ascii);
        snprintf(text, sizeof text, "work: %s, %zu job%s; %s starts it", name, lane->jobs, lane->jobs == 1 ? "" : "s",
                 flat->model->focus == number ? "r" : "Tab, then r");
        canvas_text(flat->canvas, at.x, at.y, at.columns, ROLE_TEXT, text);
    }
    mark(flat, at, FLAT_AT_COUNTS, number);
}

static void draw_notes(struct flat *flat, struct rect at, int number)
{
    const struct model_lane *lane = &flat->model->lanes[number];
    char text[FLAT_TEXT_BYTES];
    if (lane->started) {
        lane_notes_draw(flat->canvas, at, lane);
    } else {
        snprintf(text, sizeof text, "How: %s.", executor_strategy(lane->executor.how)->sentence);
        parts_flow(flat->canvas, at, 0, ROLE_DIM, text);
    }
    mark(flat, at, FLAT_AT_TROUBLE, number);
}

static void draw_people(struct flat *flat, struct rect people, struct rect extra, const struct model_lane *lane)
{
    bool over = run_state_is_over(lane->snap.state);
    if (people.rows > 0 && over) {
        lane_result_draw(flat->canvas, people, flat->model, lane);
    } else if (people.rows > 0) {
        lane_people_draw(flat->canvas, people, lane);
    }
    if (extra.rows > 0 && lane->snap.work == WORK_COUNTER && (!lane_has_gil(lane) || over)) {
        lane_counter_draw(flat->canvas, extra, lane);
    } else if (extra.rows > 0) {
        lane_gil_draw(flat->canvas, extra, lane);
    }
}

static void draw_workers(struct flat *flat, struct rect at, int number)
{
    const struct model_lane *lane = &flat->model->lanes[number];
    size_t top = at.rows > 0 ? lane_top_row(lane, (size_t)at.rows) : 0;
    for (int line = 0; line < at.rows; line++) {
        char text[FLAT_TEXT_BYTES];
        size_t slot = lane_row_slot(lane, top + (size_t)line);
        if (slot == SIZE_MAX) {
            return;
        }
        flat_worker_text(lane, slot, flat->canvas->ascii, text);
        canvas_text_middle(flat->canvas, at.x, at.y + line, at.columns, ROLE_TEXT, text);
        if (slot == lane->selected && flat->model->focus == number) {
            canvas_reverse(flat->canvas, (struct rect){at.x, at.y + line, (int)strcspn(text, ":"), 1});
            mark(flat, (struct rect){at.x, at.y + line, 1, 1}, FLAT_AT_WORKER, number);
        }
    }
}

static void draw_lane(struct flat *flat, const struct plan *plan, int number)
{
    const int *rows = &plan->rows[OF_LANE(number * PIECES_OF_A_LANE)];
    struct rect title = take(flat, rows[TITLE]), counts = take(flat, rows[COUNTS]);
    struct rect people = take(flat, rows[PEOPLE]), extra = take(flat, rows[EXTRA]), notes = take(flat, rows[NOTES]);
    if (title.rows > 0) {
        draw_title(flat, title, number, rows[WORKERS]);
    }
    if (counts.rows > 0) {
        draw_counts(flat, counts, number);
    }
    draw_people(flat, people, extra, &flat->model->lanes[number]);
    if (notes.rows > 0) {
        draw_notes(flat, notes, number);
    }
    draw_workers(flat, take(flat, rows[WORKERS]), number);
}

static void draw_result(struct flat *flat, struct rect row, const struct model_result *result)
{
    char time[32];
    struct parts parts = {0};
    bool fair = result->state == RUN_DONE && !result->disturbed;
    text_duration(time, sizeof time, result->wall_s > 0 && result->wall_s < 1e9 ? (uint64_t)(result->wall_s * 1e9) : 0);
    parts_add(&parts, 5, ROLE_TEXT, "result %u: %s %s", result->number, lane_noun(result->work), result->executor);
    parts_add(&parts, 4, ROLE_TEXT, "%s %s %s", run_state_word(result->state), result->state == RUN_DONE ? "in" : "after",
              time);
    if (result->state == RUN_DONE && result->disturbed) {
        parts_add(&parts, 3, ROLE_WARNING, "changed on the way");
    } else if (fair && result->speedup > 0) {
        parts_add(&parts, 3, ROLE_DONE, "%.1f times as fast as sequential", result->speedup);
        parts_brief(&parts, "%.1f times as fast", result->speedup);
    }
    if (fair && result->of_possible > 0) {
        parts_add(&parts, 1, ROLE_TEXT, "%.0f percent of the best possible", result->of_possible * 100);
        parts_brief(&parts, "%.0f percent of possible", result->of_possible * 100);
    }
    if (result->failed > 0) {
        parts_add(&parts, 2, ROLE_FAILED, "%zu failed", result->failed);
    }
    parts_draw(flat->canvas, row.x, row.y, row.columns, &parts);
}

static void draw_results(struct flat *flat, struct rect at)
{
    for (int i = 0; i < at.rows; i++) {
        draw_result(flat, (struct rect){at.x, at.y + i, at.columns, 1}, &flat->model->results[i]);
    }
}

/* --- the screen ----------------------------------------------------------------------------------- */

static void draw_answer(struct flat *flat, struct rect at)
{
    const struct model *model = flat->model;
    char text[MODEL_STATUS_BYTES * 2];
    if (model->status[0] != '\0' && model->typed[0] == '\0' && at.rows > 0) {
        text_show(text, sizeof text, model->status, flat->canvas->ascii);
        parts_flow(flat->canvas, at, 0, model->status_is_warning ? ROLE_WARNING : ROLE_TEXT, text);
    } else {
        status_draw(flat->canvas, (struct rect){at.x - 1, at.y, at.columns + 2, at.rows}, model);
    }
    mark(flat, at, FLAT_AT_ANSWER, 0);
}

/* wordless: a view was asked for that has no words of its own. */
static void draw_lanes(struct flat *flat, bool wordless)
{
    int rows = flat->canvas->rows;
    struct plan plan = plan_of(flat->canvas->columns, rows, flat->model);
    draw_head(flat, take(flat, plan.rows[HEAD]));
    struct rect answer = take(flat, plan.rows[ANSWER]);
    if (wordless && answer.rows > 0) {
        canvas_text(flat->canvas, 0, answer.y, answer.columns, ROLE_WARNING,
                    "that picture is not told in words yet; here are the lanes, Esc back");
        mark(flat, answer, FLAT_AT_ANSWER, 0);
    } else {
        draw_answer(flat, answer);
    }
    for (int lane = 0; lane < MODEL_LANES; lane++) {
        draw_lane(flat, &plan, lane);
    }
    draw_results(flat, take(flat, plan.rows[RESULTS]));
    struct rect keys = {-1, rows - plan.rows[KEYS], flat->canvas->columns + 2, plan.rows[KEYS]};
    if (keys.rows > 0) {
        keys_draw(flat->canvas, keys, flat->model);
    }
}

static void draw_view(struct flat *flat, flat_view *view)
{
    int rows = flat->canvas->rows;
    draw_head(flat, take(flat, 1));
    draw_answer(flat, take(flat, rows > 4 ? answer_rows(flat->canvas->columns, flat->model) : rows > 1));
    struct rect left = {0, flat->y, flat->canvas->columns, rows - flat->y - (rows > 4)};
    if (left.rows > 0) {
        view(flat->canvas, left, flat->model);
        mark(flat, left, FLAT_AT_VIEW, 0);
    }
    if (rows > 4) {
        canvas_text(flat->canvas, 0, rows - 1, flat->canvas->columns, ROLE_KEY, "Esc back, ? help, q quit");
    }
}

void flat_draw(struct canvas *canvas, const struct model *model)
{
    struct flat flat = {.canvas = canvas, .model = model};
    bool covered = model->view != VIEW_PANES && (model->view != VIEW_COMPARE || model->compare.there);
    if (model->help) {
        help_draw(canvas, (struct rect){0, 0, canvas->columns, canvas->rows}, model);
    } else if (covered && flat_view_of(model->view) != NULL) {
        draw_view(&flat, flat_view_of(model->view));
    } else {
        draw_lanes(&flat, covered);
    }
}
