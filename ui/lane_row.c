/* lane_row.c - one worker on one line: who, what it works on, how far, what it does, on which core. */
#include <inttypes.h>
#include <string.h>

#include "base/clock.h"
#include "base/text.h"
#include "juggler/board.h"
#include "ui/lane_private.h"
#include "ui/parts.h"

enum { PERCENT_COLUMNS = 5, WORD_COLUMNS = 10, SHORT_COLUMNS = 5, MARKER_BYTES = 16384, NEWS_S = 3 };

/* How a row is shared out. Columns of each field; the extra one has a blank before it. */
struct shape {
    int id, name, bar, state, extra;
    bool is_long; /* there is room for long words */
};

/* A row being drawn. */
struct row {
    struct canvas *canvas;
    struct rect at;
    const struct model_lane *lane;
    const struct worker_snapshot *worker;
    size_t slot;
    enum phase phase;
    struct shape shape;
};

enum role lane_role(enum phase phase)
{
    switch (phase_class_of(phase)) {
    case PHASE_CLASS_RUNNING: return ROLE_RUNNING;
    case PHASE_CLASS_IO: return phase == PHASE_RECEIVING ? ROLE_RECEIVING : ROLE_WAITING;
    case PHASE_CLASS_LOCK: return ROLE_LOCK;
    case PHASE_CLASS_BARRIER: return ROLE_BARRIER;
    default: return phase == PHASE_DEAD ? ROLE_FAILED : ROLE_IDLE;
    }
}

enum phase lane_phase(const struct worker_snapshot *worker)
{
    if (!worker->used) {
        return PHASE_NONE;
    }
    if (worker->alive) {
        return (enum phase)worker->data.phase;
    }
    /* gone without having said how: it went down with its process */
    bool died = worker->data.exit == WORKER_EXIT_KILLED || worker->data.exit == WORKER_EXIT_NONE;
    return died ? PHASE_DEAD : PHASE_LEFT;
}

bool lane_is_ready(const struct model_lane *lane, size_t slot)
{
    const struct worker_snapshot *worker = &lane->snap.workers[slot];
    return lane->tasks != NULL && worker->alive && phase_class_of(lane_phase(worker)) == PHASE_CLASS_RUNNING &&
           lane->tasks[slot].no_core;
}

static struct shape shape_of(int columns, const struct model_lane *lane)
{
    bool downloads = lane->snap.work == WORK_DOWNLOAD;
    int digits = parts_digits(lane->snap.slots);
    struct shape shape = {.id = 1 + (digits < 2 ? 2 : digits), .extra = columns < 50 ? 0 : downloads ? 5 : 8};
    int room = columns - shape.id - 2 - PERCENT_COLUMNS - 1 - (shape.extra > 0 ? shape.extra + 1 : 0);
    shape.is_long = room - WORD_COLUMNS >= 14;
    shape.state = shape.is_long ? WORD_COLUMNS : SHORT_COLUMNS;
    room -= shape.state;
    int most = downloads ? 30 : lane->snap.work == WORK_PRIMES ? 11 : 16;
    shape.name = room < 10 ? (room > 0 ? room : 0) : (room + 1) / 2;
    shape.name = shape.name > most ? most : shape.name;
    shape.bar = room > shape.name ? room - shape.name : 0;
    return shape;
}

/* --- fields ------------------------------------------------------------------------------------------------ */

static bool holds_gil(const struct row *row)
{
    return lane_has_gil(row->lane) && row->worker->alive && row->lane->snap.gil.holder == row->slot + 1;
}

static void draw_id(const struct row *row, int x)
{
    char id[16];
    snprintf(id, sizeof id, "%c%zu", lane_letter(row->worker->data.kind), row->slot + 1);
    canvas_text(row->canvas, x, row->at.y, row->shape.id, ROLE_TEXT, id);
    if (holds_gil(row)) {
        canvas_text_bold(row->canvas, x + row->shape.id, row->at.y, 1, ROLE_RUNNING, "\u25cf");
    }
}

/* What it works on: a file's name or a limit; false: nothing. */
static bool job_name(const struct row *row, char out[LANE_NAME_BYTES])
{
    const struct job_set *set = row->lane->snap.set;
    uint64_t job = row->worker->data.job;
    if (set == NULL || job == 0 || job > set->count) {
        return false;
    }
    const struct job_input *input = &set->inputs[job - 1];
    if (row->lane->snap.work == WORK_PRIMES) {
        snprintf(out, LANE_NAME_BYTES, "\u2264 %" PRIu64, input->limit);
        if (canvas_text_columns(row->canvas, out) > row->shape.name) { /* the figure rather than the sign */
            snprintf(out, LANE_NAME_BYTES, "%" PRIu64, input->limit);
        }
    } else if (row->lane->snap.work == WORK_COUNTER) {
        text_show(out, LANE_NAME_BYTES, input->text, row->canvas->ascii);
        bool millions = input->limit % 1000000 == 0;
        if (millions && canvas_text_columns(row->canvas, out) > row->shape.name) {
            snprintf(out, LANE_NAME_BYTES, "%" PRIu64 "M adds", input->limit / 1000000);
        }
        if (millions && canvas_text_columns(row->canvas, out) > row->shape.name) {
            snprintf(out, LANE_NAME_BYTES, "%" PRIu64 "M", input->limit / 1000000);
        }
    } else {
        text_show(out, LANE_NAME_BYTES, input->name != NULL ? input->name : input->text, row->canvas->ascii);
    }
    return true;
}

static void draw_name(const struct row *row, int x)
{
    char name[LANE_NAME_BYTES];
    if (job_name(row, name)) {
        canvas_text_middle(row->canvas, x, row->at.y, row->shape.name, ROLE_TEXT, name);
    } else {
        canvas_text(row->canvas, x, row->at.y, row->shape.name, ROLE_DIM, "\u2013");
    }
}

static bool is_ready(const struct row *row)
{
    return lane_is_ready(row->lane, row->slot);
}

static enum role row_role(const struct row *row)
{
    if (lane_silent_word(row->lane, row->slot, true) != NULL) {
        return ROLE_WARNING;
    }
    return is_ready(row) ? ROLE_READY : lane_role(row->phase);
}

/* How long it is nobody knows: the bytes so far, and a mark that moves as they come. */
static void draw_unknown_length(const struct row *row, int x)
{
    char size[24];
    text_bytes(size, sizeof size, row->worker->data.done);
    int bytes = canvas_text_columns(row->canvas, size);
    int bar = row->shape.bar + PERCENT_COLUMNS - bytes - 1;
    canvas_text_right(row->canvas, x + row->shape.bar + PERCENT_COLUMNS, row->at.y, row->shape.bar + PERCENT_COLUMNS,
                      ROLE_TEXT, size);
    if (bar < 1) {
        return;
    }
    canvas_bar(row->canvas, x, row->at.y, bar, -1, ROLE_DIM);
    int at = (int)(row->worker->data.done / MARKER_BYTES % (uint64_t)bar);
    canvas_bar(row->canvas, x + at, row->at.y, 1, 1, lane_role(row->phase));
}

/* Figures change five times a second at most, so that they can be read; the bar beside them moves with every frame. */
static unsigned percent_shown(const struct row *row)
{
    const struct slot_data *data = &row->worker->data;
    const struct model_percent *held = row->lane->percents;
    if (held != NULL && held[row->slot].percent > 0 && held[row->slot].job == data->job &&
        !run_state_is_over(row->lane->snap.state)) {
        return held[row->slot].percent;
    }
    return model_percent_of(data);
}

/* Where there is no column for retries and no percentage yet, the retry stands in its place. */
static void percent_text(const struct row *row, char *out, size_t room)
{
    const struct slot_data *data = &row->worker->data;
    if (data->total > 0 && data->done > 0) {
        snprintf(out, room, "%u%%", percent_shown(row));
    } else if (data->attempt > 1 && data->attempt < 10 && row->shape.extra == 0) {
        snprintf(out, room, "try %u", (unsigned)data->attempt);
    } else {
        snprintf(out, room, "\u2013");
    }
}

static void draw_progress(const struct row *row, int x)
{
    const struct slot_data *data = &row->worker->data;
    if (data->job == 0) {
        return;
    }
    if (data->total == 0 && data->done > 0) {
        draw_unknown_length(row, x);
        return;
    }
    char percent[24];
    percent_text(row, percent, sizeof percent);
    double share = data->total > 0 ? (double)data->done / (double)data->total : -1;
    int bar = row->shape.bar - (strlen(percent) >= PERCENT_COLUMNS);
    canvas_bar(row->canvas, x, row->at.y, bar, share, row_role(row));
    canvas_text_right(row->canvas, x + row->shape.bar + PERCENT_COLUMNS, row->at.y, PERCENT_COLUMNS, ROLE_TEXT, percent);
}

/* A retry under way for which there is no column. */
static bool is_hidden_retry(const struct row *row)
{
    const struct slot_data *data = &row->worker->data;
    return row->shape.extra == 0 && row->worker->alive && data->job > 0 && data->done > 0 && data->attempt > 1 &&
           data->attempt < 10;
}

/* How long it has waited for a lock: a figure that changes five times a second at most; 0: it does not wait. */
static uint64_t wait_shown_ns(const struct row *row)
{
    const struct model_percent *held = row->lane->percents;
    uint64_t now_ns = lane_wait_ns(&row->lane->snap, row->slot);
    return now_ns && held != NULL && held[row->slot].waited_ns ? held[row->slot].waited_ns : now_ns;
}

/* "12 ms", "1.4 s". */
static void wait_text(const struct row *row, char *out, size_t room)
{
    uint64_t ns = wait_shown_ns(row);
    if (ns >= NS_PER_S) {
        snprintf(out, room, "%.1f s", (double)ns / (double)NS_PER_S);
    } else {
        snprintf(out, room, "%" PRIu64 " ms", ns / NS_PER_MS);
    }
}

/* The state in a word, long or short by the room. Who has gone says how it went. */
static void draw_state(const struct row *row, int x)
{
    const struct slot_data *data = &row->worker->data;
    const char *word = row->shape.is_long ? phase_word(row->phase) : phase_word_short(row->phase);
    char retry[24], wait[24];
    const char *silent = lane_silent_word(row->lane, row->slot, row->shape.is_long);
    if (silent != NULL) {
        word = silent;
    } else if (row->phase == PHASE_GIL && row->shape.is_long && row->shape.extra == 0 && wait_shown_ns(row) > 0) {
        wait_text(row, wait, sizeof wait);
        snprintf(retry, sizeof retry, "GIL %.6s", wait);
        word = retry;
    } else if (row->shape.is_long && row->phase == PHASE_LEFT) {
        word = worker_exit_word((enum worker_exit)data->exit);
    } else if (row->shape.is_long && is_hidden_retry(row)) {
        snprintf(retry, sizeof retry, "%.5s try%u", phase_word_short(row->phase), (unsigned)data->attempt);
        word = retry;
    } else if (is_ready(row)) {
        word = "ready";
    }
    canvas_text(row->canvas, x, row->at.y, row->shape.state, row_role(row), word);
}

static bool died_just_now(const struct row *row)
{
    const struct slot_data *data = &row->worker->data;
    uint64_t now_ns = row->lane->snap.now_ns;
    return data->died_ns > 0 && now_ns >= data->died_ns && now_ns - data->died_ns < NEWS_S * NS_PER_S;
}

static void draw_core(const struct row *row, int x)
{
    const struct task_state *tasks = row->lane->tasks;
    struct task_state task = tasks != NULL ? tasks[row->slot] : (struct task_state){.core = -1};
    if (phase_class_of(row->phase) != PHASE_CLASS_RUNNING || (task.letter != 'R' && task.letter != 0)) {
        return;
    }
    if (is_ready(row)) {
        canvas_text(row->canvas, x, row->at.y, row->shape.extra, ROLE_READY, "no core");
    } else if (task.letter == 'R' && task.core >= 0) {
        canvas_printf(row->canvas, x, row->at.y, row->shape.extra, ROLE_RUNNING, "core %d", task.core);
    } else {
        canvas_text(row->canvas, x, row->at.y, row->shape.extra, ROLE_DIM, "core \u2013");
    }
}

/* The last column: the most telling of a death, a retry, a core. */
static void draw_extra(const struct row *row, int x)
{
    const struct slot_data *data = &row->worker->data;
    int y = row->at.y, room = row->shape.extra;
    if (room == 0) {
        return;
    }
    if (row->phase == PHASE_DEAD) {
        canvas_printf(row->canvas, x, y, room, ROLE_FAILED, room >= 6 ? "sig %u" : "(%u)", (unsigned)data->exit_signal);
    } else if (row->worker->silent_since_ns > 0) {
        canvas_printf(row->canvas, x, y, room, ROLE_WARNING, "%u s", lane_silent_s(&row->lane->snap, row->slot));
    } else if (died_just_now(row)) {
        canvas_text(row->canvas, x, y, room, ROLE_WARNING, "new");
    } else if (data->attempt > 1 && data->job > 0 && row->worker->alive) {
        canvas_printf(row->canvas, x, y, room, ROLE_WARNING, data->attempt < 10 ? "try %u" : "try+",
                      (unsigned)data->attempt);
    } else if (phase_class_of(row->phase) == PHASE_CLASS_LOCK && room >= 6 && wait_shown_ns(row) > 0) {
        char wait[24];
        wait_text(row, wait, sizeof wait);
        canvas_text(row->canvas, x, y, room, ROLE_LOCK, wait);
    } else if (holds_gil(row)) {
        canvas_text(row->canvas, x, y, room, ROLE_RUNNING, room >= 8 ? "holds it" : "holds");
    } else if (row->lane->snap.work != WORK_DOWNLOAD) {
        draw_core(row, x);
    }
}

/* --- rows ---------------------------------------------------------------------------------------------------- */

/* The time in which it had something in hand. */
static uint64_t busy_ns(const struct slot_data *data)
{
    const uint64_t *ns = data->account_ns;
    return ns[ACCOUNT_ON_CORE] + ns[ACCOUNT_READY] + ns[ACCOUNT_IO] + ns[ACCOUNT_LOCK];
}

/* After the end, or for a worker that has gone: what it did. */
static void draw_past(const struct row *row, int x, int room)
{
    const struct slot_data *data = &row->worker->data;
    char busy[32];
    text_duration(busy, sizeof busy, busy_ns(data));
    struct parts parts = {0};
    parts_add(&parts, 2, ROLE_TEXT, "%" PRIu64 " job%s", data->jobs, data->jobs == 1 ? "" : "s");
    if (data->jobs > 0) {
        parts_add(&parts, 1, ROLE_TEXT, "busy for %s", busy);
        parts_brief(&parts, "%s", busy);
    }
    if (data->killed > 0) {
        parts_add(&parts, 3, ROLE_FAILED, "%" PRIu64 " killed", data->killed);
    }
    parts_draw(row->canvas, x, row->at.y, room, &parts);
}

void lane_row_draw(struct canvas *canvas, struct rect at, const struct model_lane *lane, size_t slot, bool selected)
{
    const struct worker_snapshot *worker = &lane->snap.workers[slot];
    struct row row = {.canvas = canvas,
                      .at = at,
                      .lane = lane,
                      .worker = worker,
                      .slot = slot,
                      .phase = lane_phase(worker),
                      .shape = shape_of(at.columns, lane)};
    const struct shape *shape = &row.shape;
    int x = at.x;
    draw_id(&row, x);
    x += shape->id + 1;
    bool gone = row.phase == PHASE_LEFT || row.phase == PHASE_DEAD;
    if (gone) {
        draw_past(&row, x, shape->name + 1 + shape->bar + PERCENT_COLUMNS);
    } else {
        draw_name(&row, x);
        draw_progress(&row, x + shape->name + 1);
    }
    x += shape->name + 1 + shape->bar + PERCENT_COLUMNS + 1;
    draw_state(&row, x);
    draw_extra(&row, x + shape->state + 1);
    if (selected) { /* not the bar: reversed, its full part would be the empty one */
        canvas_reverse(canvas, (struct rect){at.x, at.y, shape->id + (gone ? 0 : 1 + shape->name), 1});
    }
}
