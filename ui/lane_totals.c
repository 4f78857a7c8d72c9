/* lane_totals.c - the figures of a lane as lines: numbers before art. What is not known says so. */
#include <math.h>
#include <stdarg.h>
#include <string.h>

#include "base/clock.h"
#include "base/text.h"
#include "ui/lane_private.h"
#include "ui/parts.h"

enum { FAILURES_SEARCHED = 4096 };

const struct model_result *lane_result(const struct model *model, const struct model_lane *lane)
{
    for (size_t i = 0; i < model->results_count && i < MODEL_RESULTS_MAX; i++) {
        if (model->results[i].work == lane_work(lane)) {
            return &model->results[i];
        }
    }
    return NULL;
}

double lane_share(const struct model_lane *lane)
{
    const struct snapshot *snap = &lane->snap;
    double done = (double)(snap->done + snap->failed + snap->poisoned);
    for (size_t slot = 0; slot < snap->slots; slot++) {
        const struct slot_data *data = &snap->workers[slot].data;
        if (snap->workers[slot].alive && data->job > 0 && data->total > 0) {
            double share = (double)data->done / (double)data->total;
            done += share < 1 ? share : 1;
        }
    }
    double share = snap->jobs > 0 ? done / (double)snap->jobs : 1;
    return share < 1 ? share : 1;
}

/* --- done, active, failed, rate, time left -------------------------------------------------------------- */

static void add_done(struct parts *parts, const struct snapshot *snap)
{
    int width = parts_digits(snap->jobs);
    parts_add(parts, 9, ROLE_TEXT, "%*zu of %zu done", width, snap->done, snap->jobs);
    parts_brief(parts, "%*zu/%zu", width, snap->done, snap->jobs);
    if (snap->kept > 0) {
        parts_add(parts, 1, ROLE_TEXT, "%zu were there", snap->kept);
    }
}

struct model_held lane_held_of(const struct model_lane *lane)
{
    const struct snapshot *snap = &lane->snap;
    struct model_held held = {.alive = snap->alive, .executing = snap->executing, .wanting = 0};
    if (executor_strategy(snap->executor.how)->backend == BACKEND_LOOP && held.executing != SIZE_MAX && held.executing > 1)
        held.executing = 1; /* transfers do not execute: their one thread does */
    for (size_t slot = 0; lane->tasks != NULL && slot < snap->slots; slot++)
        held.wanting += snap->workers[slot].alive && lane->tasks[slot].no_core;
    if (lane->tasks == NULL || snap->executing == SIZE_MAX)
        held.wanting = SIZE_MAX;
    return held;
}

/* Downloads: how many are under way. Otherwise: how many workers exist, how many of them have a core, and how many want one. */
static void add_active(struct parts *parts, const struct model_lane *lane)
{
    const struct model_held *held = &lane->held;
    if (lane->snap.work == WORK_DOWNLOAD) {
        parts_add(parts, 3, ROLE_TEXT, "%zu active", lane->snap.running);
    } else if (held->executing == SIZE_MAX) {
        parts_add(parts, 3, ROLE_TEXT, "%zu held, executing unknown", held->alive);
        parts_brief(parts, "%zu held", held->alive);
    } else {
        parts_add(parts, 5, ROLE_TEXT, "%zu held, %zu executing", held->alive, held->executing);
        if (held->wanting != SIZE_MAX && held->wanting > 0) {
            parts_add(parts, 4, ROLE_READY, "%zu want%s a core", held->wanting, held->wanting == 1 ? "s" : "");
        }
    }
}

static void add_failed(struct parts *parts, const struct snapshot *snap)
{
    size_t failed = snap->failed + snap->poisoned;
    parts_add(parts, failed > 0 ? 8 : 2, failed > 0 ? ROLE_FAILED : ROLE_TEXT, "%zu failed", failed);
    if (snap->killed > 0) {
        parts_add(parts, 7, ROLE_FAILED, "%zu killed", snap->killed);
    }
    if (snap->restarts > 0) {
        parts_add(parts, 7, ROLE_WARNING, "%u restart%s", snap->restarts, snap->restarts == 1 ? "" : "s");
    }
}

static void add_rate(struct parts *parts, const struct snapshot *snap)
{
    char size[24];
    if (snap->work != WORK_DOWNLOAD) {
        return;
    }
    double rate = snap->bytes_per_s > 0 && snap->bytes_per_s < 1e18 ? snap->bytes_per_s : 0;
    if (run_state_is_over(snap->state)) {
        parts_add(parts, 4, ROLE_TEXT, "%s", text_bytes(size, sizeof size, snap->bytes));
    } else {
        parts_add(parts, 4, ROLE_TEXT, "%s/s", text_bytes(size, sizeof size, (uint64_t)rate));
    }
}

static void add_left(struct parts *parts, const struct snapshot *snap)
{
    if (run_state_is_over(snap->state)) {
        return;
    }
    if (snap->state == RUN_PAUSED || snap->state == RUN_STOPPING) {
        parts_add(parts, 6, ROLE_WARNING, "%s", run_state_word(snap->state));
    } else if (snap->left_s >= 0 && snap->left_s < 1e6) {
        parts_add(parts, 6, ROLE_TEXT, "%.0f s left", ceil(snap->left_s));
        parts_brief(parts, "%.0f s", ceil(snap->left_s));
    } else {
        parts_add(parts, 0, ROLE_DIM, "time left unknown");
        parts_brief(parts, "\u2013 s left");
    }
}

void lane_totals_draw(struct canvas *canvas, struct rect row, const struct model_lane *lane)
{
    struct parts parts = {0};
    add_done(&parts, &lane->snap);
    if (!run_state_is_over(lane->snap.state)) {
        add_active(&parts, lane);
    }
    add_failed(&parts, &lane->snap);
    add_rate(&parts, &lane->snap);
    add_left(&parts, &lane->snap);
    parts_draw(canvas, row.x, row.y, row.columns, &parts);
}

/* --- threads, processes, memory --------------------------------------------------------------------------- */

enum { PEOPLE_FORMS = 4, PEOPLE_BYTES = 128 };

/* The same in fewer and fewer words. */
struct people {
    char forms[PEOPLE_FORMS][PEOPLE_BYTES];
    int count;
};

static void __attribute__((format(printf, 2, 3))) add_form(struct people *people, const char *format, ...)
{
    va_list list;
    va_start(list, format);
    vsnprintf(people->forms[people->count++], PEOPLE_BYTES, format, list);
    va_end(list);
}

/* "10 threads", or "4 processes". */
static void crew_text(const struct snapshot *snap, char *out, size_t room)
{
    snprintf(out, room, "%zu %s", snap->alive, lane_unit(snap->executor.how, snap->alive != 1));
}

/* Each has its own memory, some of which all share. */
static void people_of_processes(const struct snapshot *snap, const char *crew, struct people *people)
{
    const struct memory_figures *memory = &snap->memory;
    const char *about = memory->estimated ? "about " : "";
    char own[24], shared[24], together[24];
    text_bytes(own, sizeof own, memory->worker_bytes);
    text_bytes(shared, sizeof shared, memory->shared_bytes);
    text_bytes(together, sizeof together, memory->together_bytes);
    if (memory->worker_bytes > 0) {
        add_form(people, "%s: %s%s each of their own, %s shared, %s together", crew, about, own, shared, together);
        add_form(people, "%s: %s%s each, %s shared, %s total", crew, about, own, shared, together);
        add_form(people, "%s: %s%s each, %s shared", crew, about, own, shared);
    }
    add_form(people, "%s: %s%s together", crew, about, together);
}

static void people_of_threads(const struct snapshot *snap, const char *crew, struct people *people)
{
    char together[24];
    text_bytes(together, sizeof together, snap->memory.together_bytes);
    if (executor_strategy(snap->executor.how)->backend == BACKEND_LOOP) {
        add_form(people, "%s in 1 thread, which has %s", crew, together);
        add_form(people, "%s in 1 thread: %s", crew, together);
    } else {
        add_form(people, snap->alive == 1 ? "%s has %s" : "%s share %s", crew, together);
    }
}

static void people_of_unknown(const struct snapshot *snap, const char *crew, struct people *people)
{
    bool loop = executor_strategy(snap->executor.how)->backend == BACKEND_LOOP;
    add_form(people, "%s%s \u00b7 memory unknown", crew, loop ? " in 1 thread" : "");
}

void lane_people_draw(struct canvas *canvas, struct rect row, const struct model_lane *lane)
{
    const struct snapshot *snap = &lane->snap;
    struct people people = {.count = 0};
    char crew[48], batch[32] = "";
    int room = row.columns, form = 0;
    crew_text(snap, crew, sizeof crew);
    if (snap->runner.batch > 0) {
        snprintf(batch, sizeof batch, " \u00b7 batch %u", (unsigned)snap->runner.batch);
        room -= canvas_text_columns(canvas, batch);
    }
    if (snap->memory.together_bytes == 0) {
        people_of_unknown(snap, crew, &people);
    } else if (executor_strategy(snap->executor.how)->backend == BACKEND_PROCESS) {
        people_of_processes(snap, crew, &people);
    } else {
        people_of_threads(snap, crew, &people);
    }
    while (form < people.count && canvas_text_columns(canvas, people.forms[form]) > room) {
        form++;
    }
    int used = canvas_text(canvas, row.x, row.y, room, snap->memory.together_bytes ? ROLE_TEXT : ROLE_DIM,
                           form < people.count ? people.forms[form] : crew);
    canvas_text(canvas, row.x + used, row.y, row.columns - used, ROLE_TEXT, batch);
}

/* --- the end ------------------------------------------------------------------------------------------------ */

static void add_gain(struct parts *parts, const struct model_result *result)
{
    if (result->disturbed) {
        parts_add(parts, 2, ROLE_WARNING, "changed on the way: no fair figure");
        parts_brief(parts, "changed on the way");
        return;
    }
    if (result->speedup <= 0) {
        parts_add(parts, 1, ROLE_DIM, "not yet run sequentially, to compare");
        parts_brief(parts, "nothing to compare yet");
    } else {
        parts_add(parts, 3, ROLE_DONE, "%.1f\u00d7 as fast as sequential", result->speedup);
        parts_brief(parts, "%.1f\u00d7", result->speedup);
    }
    if (result->gist[0] != '\0') {
        parts_add(parts, 2, ROLE_TEXT, "%s", result->gist);
    } else if (result->of_possible > 0) {
        parts_add(parts, 2, ROLE_TEXT, "%.0f %% of the best possible", result->of_possible * 100);
        parts_brief(parts, "%.0f %% of best", result->of_possible * 100);
    }
}

void lane_result_draw(struct canvas *canvas, struct rect row, const struct model *model, const struct model_lane *lane)
{
    const struct snapshot *snap = &lane->snap;
    const struct model_result *result = lane_result(model, lane);
    char time[32];
    text_duration(time, sizeof time, snap->wall_ns - (snap->paused_ns < snap->wall_ns ? snap->paused_ns : 0));
    struct parts parts = {0};
    bool whole = snap->state == RUN_DONE && snap->failed + snap->poisoned == 0;
    enum role role = whole ? ROLE_DONE : ROLE_WARNING;
    parts_add(&parts, 4, role, "%s %s %s", run_state_word(snap->state), snap->state == RUN_DONE ? "in" : "after", time);
    if (snap->state == RUN_DONE && result != NULL) {
        add_gain(&parts, result);
    }
    parts_draw(canvas, row.x, row.y, row.columns, &parts);
}

/* --- words ---------------------------------------------------------------------------------------------------- */

/* Whether a reason begins with the file's name already; of a long name it may have no more than the beginning. */
static bool names_file(const char *note, const char *name)
{
    enum { ENOUGH = 24 };
    size_t bytes = strlen(name);
    if (bytes > ENOUGH) {
        return strncmp(note, name, ENOUGH) == 0;
    }
    return strncmp(note, name, bytes) == 0 && note[bytes] == ':';
}

/* The first job that failed, and why. */
static bool failure_text(const struct snapshot *snap, bool ascii, char *out, size_t room)
{
    size_t searched = snap->jobs < FAILURES_SEARCHED ? snap->jobs : FAILURES_SEARCHED;
    for (size_t job = 0; snap->results != NULL && snap->set != NULL && job < searched; job++) {
        enum job_state state = snap->results[job].word.state;
        if (state == JOB_FAILED || state == JOB_POISONED) {
            const struct job_input *input = &snap->set->inputs[job];
            char name[128], note[BOARD_NOTE_BYTES * 2];
            text_show(name, sizeof name, input->name != NULL ? input->name : input->text, ascii);
            text_show(note, sizeof note, snap->results[job].result.note, ascii);
            if (names_file(note, name)) {
                snprintf(out, room, "%s", note);
            } else {
                snprintf(out, room, "%s: %s", name, note[0] != '\0' ? note : job_state_word(state));
            }
            return true;
        }
    }
    return false;
}

bool lane_trouble(const struct model_lane *lane, bool ascii, char *out, size_t room)
{
    out[0] = '\0';
    if (lane->snap.problem != NULL && lane->snap.problem[0] != '\0') {
        text_show(out, room, lane->snap.problem, ascii);
    } else if (lane->snap.failed + lane->snap.poisoned > 0) {
        failure_text(&lane->snap, ascii, out, room);
    }
    return out[0] != '\0';
}

void lane_notes_draw(struct canvas *canvas, struct rect where, const struct model_lane *lane)
{
    char text[1100];
    int used = 0;
    if (lane_trouble(lane, canvas->ascii, text, sizeof text)) {
        used = parts_flow(canvas, where, 0, ROLE_WARNING, text);
    }
    if (used < where.rows) {
        parts_flow(canvas, (struct rect){where.x, where.y + used, where.columns, where.rows - used}, 0, ROLE_TEXT,
                   lane->sentence);
    }
}
