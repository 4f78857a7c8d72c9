/* lane.c - a lane's box: title, one cell a worker when there are many, rows, figures, words. */
#include "ui/lane.h"

#include <string.h>

#include "base/clock.h"
#include "base/text.h"
#include "ui/lane_private.h"
#include "ui/parts.h"

/* --- whose keys --------------------------------------------------------------------------------------------- */

static bool makes(const struct model_lane *lane, enum backend_kind backend)
{
    enum backend_kind makes = executor_strategy(lane_executor(lane)->how)->backend;
    return lane->there && (makes == backend || (makes == BACKEND_LOOP && backend == BACKEND_THREAD));
}

int lane_of_backend(const struct model *model, enum backend_kind backend)
{
    int focus = model->focus == 1 ? 1 : 0;
    for (int must = 1; must >= 0; must--) { /* one whose width can be changed, if there is one */
        for (int step = 0; step < MODEL_LANES; step++) {
            int lane = step == 0 ? focus : 1 - focus;
            if (makes(&model->lanes[lane], backend) &&
                (!must || executor_has_width(lane_executor(&model->lanes[lane])->how))) {
                return lane;
            }
        }
    }
    return -1;
}

/* --- how a box is shared out ---------------------------------------------------------------------------- */

struct plan {
    struct rect counts, strip, rows, totals, people, extra, account, notes; /* no rows: there is no room for it */
};

static struct rect take_top(struct rect *from, int rows)
{
    rows = rows > from->rows ? from->rows : rows;
    struct rect top = {from->x, from->y, from->columns, rows};
    from->y += rows;
    from->rows -= rows;
    return top;
}

static struct rect take_bottom(struct rect *from, int rows)
{
    rows = rows > from->rows ? from->rows : rows;
    from->rows -= rows;
    return (struct rect){from->x, from->y + from->rows, from->columns, rows};
}

/* Rows of the strip: none while every worker has a row, at most two thirds otherwise. */
static int strip_rows(struct rect body, size_t workers)
{
    if (workers <= (size_t)body.rows || body.rows < 3 || body.columns < 1) {
        return 0;
    }
    size_t needed = (workers + (size_t)body.columns - 1) / (size_t)body.columns;
    int most = body.rows * 2 / 3;
    return needed < (size_t)most ? (int)needed : most;
}

/* Rows for where the time went and for words: at least one in a box of some height, two in a higher one, and up to five of those that the
 * workers leave. By the number of workers of the fuller lane alone, not by the words, so that nothing moves when these change and the
 * lanes' figures stand level. */
static int note_rows(struct rect body, size_t most_workers)
{
    int least = body.rows >= 12 ? 2 : body.rows >= 7 ? 1 : 0, most = body.columns >= 50 ? 4 : 5;
    int spare = most_workers < (size_t)body.rows ? body.rows - (int)most_workers - 2 : 0;
    return least == 0 || spare < least ? least : spare < most ? spare : most;
}

/* A line of figures that only some lanes have: of the interpreter lock, of the counter. */
static bool has_extra(const struct model_lane *lane)
{
    return lane->started && (lane_has_gil(lane) || lane->snap.work == WORK_COUNTER);
}

/* Lines below the workers' rows. */
struct figures {
    int totals, people, notes, gap;
};

/* A lane in which every worker would have a row, were it not for the figures, gives up the lesser ones: a bar for each worker comes first.
 * What the run came to is none of the lesser ones. */
static struct figures figures_of(struct rect body, size_t workers, bool over)
{
    struct figures lines = {
        .totals = body.rows >= 2, .people = body.rows >= 7, .notes = note_rows(body, workers), .gap = body.rows >= 16};
    int spare = workers < (size_t)body.rows ? body.rows - (int)workers - lines.totals : -1;
    if (spare < 0 || lines.people + lines.notes + lines.gap <= spare) {
        return lines;
    }
    lines.gap = 0;
    lines.people = lines.people && (over || lines.people + lines.notes <= spare);
    spare = spare > lines.people ? spare - lines.people : 0;
    lines.notes = lines.notes < spare ? lines.notes : spare;
    return lines;
}

/* One cell a worker, and how many are in each state: beside them where they are few, else on a line of its own above. */
static void plan_strip(struct plan *plan, struct rect *body, size_t workers)
{
    enum { GAP = 2, COUNTS_LEAST_COLUMNS = 20 };
    int strip = strip_rows(*body, workers);
    bool beside = strip == 1 && workers + GAP + COUNTS_LEAST_COLUMNS <= (size_t)body->columns;
    if (strip > 0 && !beside && body->rows >= 5) {
        plan->counts = take_top(body, 1);
        strip = strip_rows(*body, workers);
    }
    plan->strip = take_top(body, strip);
    if (beside) {
        plan->strip.columns = (int)workers;
        plan->counts = plan->strip;
        plan->counts.x += (int)workers + GAP;
        plan->counts.columns = body->columns - (int)workers - GAP;
    }
}

static struct plan plan_of(struct rect box, const struct model *model, int lane)
{
    const struct model_lane *shown = &model->lanes[lane];
    size_t workers = lane_rows_unfiltered(shown);
    struct rect body = {box.x + 2, box.y + 1, box.columns - 4, box.rows - 2};
    body.columns = body.columns > 0 ? body.columns : 0;
    body.rows = body.rows > 0 ? body.rows : 0;
    bool over = run_state_is_over(shown->snap.state);
    struct figures lines = figures_of(body, workers, over);
    struct plan plan = {.notes = take_bottom(&body, lines.notes)};
    plan.account = take_top(&plan.notes, 1);
    plan.extra = take_top(&plan.notes, has_extra(shown) ? 1 : 0);
    plan.people = take_bottom(&body, lines.people);
    plan.totals = take_bottom(&body, lines.totals);
    take_bottom(&body, lines.gap);
    if (!over) { /* it would tell of each that it has finished */
        plan_strip(&plan, &body, workers);
    }
    plan.rows = body;
    return plan;
}

int lane_rows_shown(struct rect where, const struct model *model, int lane)
{
    return plan_of(where, model, lane).rows.rows;
}

enum { FOCUS_COLUMNS = 16, EDGE_LEAST_COLUMNS = 14 };

/* It says in its lower edge that the keys act on it. */
static bool says_focus(const struct model *model, int lane, struct rect box)
{
    return model->focus == lane && box.columns >= 30 && model->lanes[1 - lane].there;
}

/* --- parts of a box ----------------------------------------------------------------------------------------- */

/* The first row to show: what was asked for, but no further down than leaves the room empty. */
static size_t first_row(const struct model_lane *lane, size_t workers, int shown)
{
    size_t last = workers > (size_t)shown ? workers - (size_t)shown : 0;
    return lane->top < last ? lane->top : last;
}

static void draw_rows(struct canvas *canvas, struct rect where, const struct model_lane *lane, bool focus, size_t top)
{
    size_t row = 0;
    int line = 0;
    for (size_t slot = 0; slot < lane->snap.slots && line < where.rows; slot++) {
        if (lane_mark(lane, slot) != MARK_ROW || row++ < top) {
            continue;
        }
        struct rect at = {where.x, where.y + line++, where.columns, 1};
        bool selected = focus && slot == lane->selected;
        lane_row_draw(canvas, at, lane, slot, selected);
        if (selected) {
            canvas->cursor_x = at.x;
            canvas->cursor_y = at.y;
        }
    }
}

void lane_draw_worker(struct canvas *canvas, struct rect row, const struct model_lane *lane, size_t slot)
{
    lane_row_draw(canvas, row, lane, slot, false);
}

/* "5-12 of 1000 workers", in the lower edge. */
static void draw_range(struct canvas *canvas, struct rect edge, size_t top, size_t shown, size_t workers)
{
    canvas_printf(canvas, edge.x, edge.y, edge.columns, ROLE_DIM, " %zu\u2013%zu of %zu workers ", top + 1, top + shown,
                  workers);
}

/* What the filter left, there too: in full with the rows shown of them, or in fewer words. */
static void draw_filter(struct canvas *canvas, struct rect edge, const struct model_lane *lane, size_t top, size_t shown,
                        size_t rows)
{
    enum { FORMS = 4 };
    char text[FILTER_BYTES * 4], range[64], forms[FORMS][sizeof text + sizeof range + 64];
    size_t workers = lane_rows_unfiltered(lane);
    int form = rows > shown && shown > 0 ? 0 : 1;
    text_show(text, sizeof text, lane->filter.text, canvas->ascii);
    snprintf(range, sizeof range, " %zu\u2013%zu \u00b7", top + 1, top + shown);
    snprintf(forms[0], sizeof forms[0], "%s filter \"%s\": %zu of %zu workers ", range, text, rows, workers);
    snprintf(forms[1], sizeof forms[1], " filter \"%s\": %zu of %zu workers ", text, rows, workers);
    snprintf(forms[2], sizeof forms[2], " \"%s\": %zu of %zu workers ", text, rows, workers);
    snprintf(forms[3], sizeof forms[3], " \"%s\": %zu of %zu ", text, rows, workers);
    while (form < FORMS - 1 && canvas_text_columns(canvas, forms[form]) > edge.columns) {
        form++;
    }
    canvas_text(canvas, edge.x, edge.y, edge.columns, ROLE_VALUE, forms[form]);
}

static void draw_workers(struct canvas *canvas, struct rect box, const struct plan *plan, const struct model *model,
                         int lane)
{
    const struct model_lane *shown = &model->lanes[lane];
    bool focus = model->focus == lane;
    size_t rows = lane_rows(shown), fit = plan->rows.rows > 0 ? (size_t)plan->rows.rows : 0;
    size_t top = first_row(shown, rows, plan->rows.rows);
    struct rect edge = {box.x + 2, box.y + box.rows - 1, box.columns - 4, 1};
    lane_counts_draw(canvas, plan->counts, shown);
    lane_strip_draw(canvas, plan->strip, shown, focus, lane_rows_unfiltered(shown));
    draw_rows(canvas, plan->rows, shown, focus, top);
    if (shown->filter.text[0] != '\0') {
        edge.columns -= edge.columns >= 48 && says_focus(model, lane, box) ? 16 : 0;
        draw_filter(canvas, edge, shown, top, fit < rows ? fit : rows, rows);
    } else if (rows > fit && fit > 0) {
        draw_range(canvas, edge, top, fit, rows);
    }
}

/* A lane that waits for its key. */
static void draw_unstarted(struct canvas *canvas, struct rect where, const struct model_lane *lane, bool focus)
{
    char text[256], name[128];
    text_show(name, sizeof name, lane->list_name != NULL ? lane->list_name : "", canvas->ascii);
    snprintf(text, sizeof text, "Not started. Work: %s, %zu job%s.", name, lane->jobs, lane->jobs == 1 ? "" : "s");
    int used = parts_flow(canvas, where, 0, ROLE_TEXT, text);
    struct rect rest = {where.x, where.y + used, where.columns, where.rows - used};
    snprintf(text, sizeof text, "How: %s.", executor_strategy(lane->executor.how)->sentence);
    used = rest.rows > 0 ? parts_flow(canvas, rest, 0, ROLE_DIM, text) : 0;
    rest = (struct rect){rest.x, rest.y + used + 1, rest.columns, rest.rows - used - 1};
    if (rest.rows > 0) {
        used = canvas_text_bold(canvas, rest.x, rest.y, rest.columns, ROLE_KEY, focus ? "r" : "Tab r");
        canvas_text(canvas, rest.x + used, rest.y, rest.columns - used, ROLE_TEXT, " starts it.");
    }
}

/* Where the time went, and what is going on. Where there is no room for words, what is wrong takes the bar's place. */
static void draw_words(struct canvas *canvas, struct rect account, struct rect notes, const struct model_lane *lane)
{
    char trouble[64];
    if (notes.rows < 1 && lane_trouble(lane, canvas->ascii, trouble, sizeof trouble)) {
        lane_notes_draw(canvas, account, lane);
    } else {
        if (account.rows > 0) {
            lane_account_draw(canvas, account, lane);
        }
        lane_notes_draw(canvas, notes, lane);
    }
}

/* A lane whose workers take all rows has both in its lower edge: what is wrong instead of all that stands there. */
static void draw_words_in_edge(struct canvas *canvas, struct rect box, const struct model *model, int lane)
{
    char trouble[64];
    const struct model_lane *shown = &model->lanes[lane];
    struct rect edge = {box.x + 2, box.y + box.rows - 1, box.columns - 4, 1};
    bool wrong = lane_trouble(shown, canvas->ascii, trouble, sizeof trouble);
    edge.columns -= says_focus(model, lane, box) && !wrong ? FOCUS_COLUMNS + 1 : 0;
    if (edge.columns < EDGE_LEAST_COLUMNS) {
        return;
    }
    struct rect gap = {edge.x, edge.y, edge.columns + 1, 1}; /* a blank before the line goes on */
    canvas_fill(canvas, gap, ' ', ROLE_TEXT);
    if (wrong) {
        lane_notes_draw(canvas, edge, shown);
    } else {
        lane_account_draw(canvas, edge, shown);
    }
}

static void draw_started(struct canvas *canvas, struct rect box, const struct model *model, int lane)
{
    const struct model_lane *shown = &model->lanes[lane];
    struct plan plan = plan_of(box, model, lane);
    draw_workers(canvas, box, &plan, model, lane);
    if (plan.totals.rows > 0) {
        lane_totals_draw(canvas, plan.totals, shown);
    }
    if (plan.people.rows > 0 && run_state_is_over(shown->snap.state)) {
        lane_result_draw(canvas, plan.people, model, shown);
    } else if (plan.people.rows > 0) {
        lane_people_draw(canvas, plan.people, shown);
    }
    if (plan.extra.rows > 0 && shown->snap.work == WORK_COUNTER &&
        (!lane_has_gil(shown) || run_state_is_over(shown->snap.state))) {
        lane_counter_draw(canvas, plan.extra, shown);
    } else if (plan.extra.rows > 0) {
        lane_gil_draw(canvas, plan.extra, shown);
    }
    draw_words(canvas, plan.account, plan.notes, shown);
    if (plan.account.rows == 0 && plan.rows.rows > 1 && lane_rows_unfiltered(shown) <= (size_t)plan.rows.rows &&
        shown->filter.text[0] == '\0') {
        draw_words_in_edge(canvas, box, model, lane);
    }
}

/* --- title -------------------------------------------------------------------------------------------------- */

/* The time of the run without its pauses; "" when it has not begun. */
static void time_text(const struct model_lane *lane, char *out, size_t room)
{
    const struct snapshot *snap = &lane->snap;
    out[0] = '\0';
    if (!lane->started || snap->start_ns == 0) {
        return;
    }
    uint64_t ns = snap->wall_ns - (snap->paused_ns < snap->wall_ns ? snap->paused_ns : 0);
    if (run_state_is_over(snap->state)) {
        text_duration(out, room, ns);
    } else {
        parts_running_time(out, room, ns);
    }
}

/* The longest title that leaves room for the time: with the bound, without it, without the executor. */
static void title_text(const struct model_lane *lane, int room, char *out, size_t size)
{
    const struct job_kind *kind = job_kind_of(lane_work(lane));
    char executor[EXECUTOR_TEXT_BYTES];
    executor_format(lane_executor(lane), executor);
    snprintf(out, size, "%s  %s \u00b7 %s", kind->title, kind->bound, executor);
    if ((int)text_columns(out) > room) {
        snprintf(out, size, "%s %s", kind->title, executor);
    }
    if ((int)text_columns(out) > room) { /* how it is done is what is about to be compared */
        snprintf(out, size, "%s", executor);
    }
    if ((int)text_columns(out) > room) {
        snprintf(out, size, "%s", kind->title);
    }
}

void lane_draw(struct canvas *canvas, struct rect where, const struct model *model, int lane)
{
    const struct model_lane *shown = &model->lanes[lane];
    bool focus = model->focus == lane;
    char title[128], time[32];
    time_text(shown, time, sizeof time);
    title_text(shown, where.columns - 8 - (int)strlen(time), title, sizeof title);
    canvas_box(canvas, where, focus ? ROLE_FRAME_FOCUS : ROLE_FRAME, title, time);
    if (says_focus(model, lane, where)) {
        canvas_text_right(canvas, where.x + where.columns - 2, where.y + where.rows - 1, FOCUS_COLUMNS, ROLE_FRAME_FOCUS,
                          " keys act here ");
    }
    if (shown->started) {
        draw_started(canvas, where, model, lane);
    } else {
        draw_unstarted(canvas, (struct rect){where.x + 2, where.y + 1, where.columns - 4, where.rows - 2}, shown, focus);
    }
}

/* --- without its workers ------------------------------------------------------------------------------------ */

static void draw_share(struct canvas *canvas, struct rect row, const struct model_lane *lane)
{
    double share = lane_share(lane);
    enum role role = run_state_is_over(lane->snap.state) ? ROLE_DONE
                     : lane->snap.work != WORK_DOWNLOAD  ? ROLE_RUNNING
                                                         : ROLE_RECEIVING;
    canvas_bar(canvas, row.x, row.y, row.columns - 5, share, role);
    char percent[16];
    snprintf(percent, sizeof percent, "%d%%", (int)(share * 100));
    canvas_text_right(canvas, row.x + row.columns, row.y, 5, ROLE_TEXT, percent);
}

static void draw_summary_title(struct canvas *canvas, struct rect row, const struct model *model, int lane)
{
    const struct model_lane *shown = &model->lanes[lane];
    char title[128], time[32];
    time_text(shown, time, sizeof time);
    title_text(shown, row.columns - 3 - (int)strlen(time), title, sizeof title);
    canvas_text(canvas, row.x, row.y, 1, ROLE_FRAME_FOCUS, model->focus == lane ? ">" : " ");
    canvas_text_bold(canvas, row.x + 1, row.y, row.columns - 1, ROLE_TITLE, title);
    canvas_text_right(canvas, row.x + row.columns, row.y, (int)strlen(time), ROLE_TITLE, time);
}

void lane_draw_summary(struct canvas *canvas, struct rect where, const struct model *model, int lane)
{
    const struct model_lane *shown = &model->lanes[lane];
    struct rect row = {where.x + 1, where.y, where.columns - 2, 1};
    if (where.rows < 1) {
        return;
    }
    draw_summary_title(canvas, (struct rect){where.x, where.y, where.columns - 1, 1}, model, lane);
    struct rect rest = {row.x, row.y + 1, row.columns, where.rows - 1};
    if (!shown->started) {
        draw_unstarted(canvas, rest, shown, model->focus == lane);
        return;
    }
    if (where.rows >= 3) {
        row.y++;
        draw_share(canvas, row, shown);
    }
    row.y++;
    if (run_state_is_over(shown->snap.state) && where.rows >= 2) {
        lane_result_draw(canvas, row, model, shown);
    } else if (where.rows >= 2) {
        lane_totals_draw(canvas, row, shown);
    }
    if (where.rows >= 4) {
        row.y++;
        draw_words(canvas, row, (struct rect){row.x, row.y + 1, row.columns, where.rows - 4}, shown);
    }
}
