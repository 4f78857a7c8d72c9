/* app_worker.c - the key Enter: one worker's own page. Fills model.worker for the worker selected in the lane in focus, and for no other.
 *
 * Its figures and the kernel's are taken five times a second, its process is weighed once a second. Going through a run's jobs takes a time
 * that grows with their number (0.5 ms for 5,000): it is done five times a second at most, and for at most a hundredth of the time.
 * Nothing of this happens while the page is not on the screen. */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/sys.h"
#include "report/fields.h"
#include "ui/account_bar.h"
#include "ui/app_private.h"
#include "ui/lane.h"
#include "ui/panes.h"
#include "ui/terminal.h"

enum { JOBS_SHARE = 100 /* looking at jobs takes at most one part in so many of the time */ };
#define LOOK_EVERY_NS (200 * NS_PER_MS)
#define WEIGH_EVERY_NS NS_PER_S

/* One of the worker's jobs, to be put in order. */
struct app_worker_job {
    uint64_t end_ns; /* UINT64_MAX: it has not ended */
    uint32_t job;
};

/* --- its jobs ------------------------------------------------------------------------------------- */

static bool make_room(struct app_worker *page, size_t jobs)
{
    if (jobs <= page->room)
        return true;
    struct app_worker_job *rows = sys_realloc(page->rows, jobs * sizeof *rows);
    page->rows = rows ? rows : page->rows;
    uint32_t *list = sys_realloc(page->jobs, jobs * sizeof *list);
    page->jobs = list ? list : page->jobs;
    uint64_t *times = sys_realloc(page->times, jobs * sizeof *times);
    page->times = times ? times : page->times;
    if (!rows || !list || !times)
        return false;
    page->room = jobs;
    return true;
}

static int by_end(const void *a, const void *b)
{
    const struct app_worker_job *left = a, *right = b;
    if (left->end_ns != right->end_ns)
        return left->end_ns > right->end_ns ? -1 : 1;
    return (left->job < right->job) - (left->job > right->job);
}

/* Ended by a worker, so that its time says something: a poisoned job was given up over the deaths of several. */
static bool is_timed(const struct job_snapshot *job, uint64_t *ns)
{
    return job->word.state != JOB_POISONED && field_duration_ns(job, ns);
}

/* The jobs that this slot had or has, the newest first. */
static size_t collect(struct app_worker *page, const struct snapshot *snap, size_t slot)
{
    size_t count = 0;
    for (size_t i = 0; i < snap->jobs; i++) {
        const struct job_snapshot *job = &snap->results[i];
        if (job->word.state == JOB_QUEUED || job->word.slot != slot)
            continue;
        page->rows[count++] = (struct app_worker_job){
            .end_ns = job_state_is_final(job->word.state) ? job->result.end_ns : UINT64_MAX, .job = (uint32_t)i};
    }
    qsort(page->rows, count, sizeof *page->rows, by_end);
    for (size_t i = 0; i < count; i++)
        page->jobs[i] = page->rows[i].job;
    return count;
}

static struct percentiles times_of_all(struct app_worker *page, const struct snapshot *snap)
{
    size_t count = 0;
    for (size_t i = 0; i < snap->jobs; i++)
        count += is_timed(&snap->results[i], &page->times[count]);
    return stats_percentiles_ns(page->times, count);
}

static void count_jobs(struct app_worker *page, struct model_worker *shown, const struct snapshot *snap)
{
    size_t timed = 0;
    shown->jobs_ended = shown->jobs_failed = shown->last_failed = 0;
    for (size_t i = 0; i < shown->jobs_count; i++) {
        const struct job_snapshot *job = &snap->results[shown->jobs[i]];
        bool failed = job->word.state == JOB_FAILED || job->word.state == JOB_POISONED;
        shown->jobs_ended += job_state_is_final(job->word.state);
        shown->jobs_failed += failed;
        if (failed && !shown->last_failed)
            shown->last_failed = shown->jobs[i] + (size_t)1;
        timed += is_timed(job, &page->times[timed]);
    }
    shown->mine = stats_percentiles_ns(page->times, timed);
}

/* Whoever has scrolled down keeps what is being read when there are new jobs above it. */
static void keep_place(struct app *app, size_t before)
{
    struct model_worker *shown = &app->model.worker;
    size_t above = screen_worker_lines_above(&app->canvas, &app->model);
    if (shown->top > above && shown->jobs_count > before)
        shown->top += shown->jobs_count - before;
}

static void look_at_jobs(struct app *app, const struct snapshot *snap, bool same)
{
    struct app_worker *page = &app->worker;
    struct model_worker *shown = &app->model.worker;
    uint64_t began_ns = clock_now_ns();
    size_t before = shown->jobs_count;
    shown->jobs_count = 0;
    if (!snap->results || !make_room(page, snap->jobs))
        return;
    shown->all = times_of_all(page, snap);
    shown->jobs_count = collect(page, snap, page->slot);
    shown->jobs = page->jobs;
    count_jobs(page, shown, snap);
    if (same)
        keep_place(app, before);
    uint64_t now_ns = clock_now_ns(), rest_ns = (now_ns - began_ns) * JOBS_SHARE;
    page->jobs_due_ns = now_ns + (rest_ns > LOOK_EVERY_NS ? rest_ns : LOOK_EVERY_NS);
}

/* --- the kernel's word ---------------------------------------------------------------------------- */

/* Of a worker that has gone nothing is asked, nor of one in a record: its numbers may be another one's by now. */
static void look_at_kernel(struct app_worker *page, struct model_worker *shown, uint64_t now_ns, bool recorded)
{
    const struct slot_data *data = &shown->held.data;
    struct task_detail detail = {.there = false};
    shown->recorded = recorded;
    if (!recorded && shown->held.alive && data->pid && data->tid)
        detail = task_detail_of((pid_t)data->pid, (pid_t)data->tid);
    if (detail.there && data->kind == WORKER_PROCESS && now_ns >= page->memory_due_ns) {
        task_detail_weigh(&detail, (pid_t)data->pid);
        page->memory_due_ns = now_ns + WEIGH_EVERY_NS;
    } else if (detail.there) {
        detail.memory_known = shown->kernel.memory_known;
        detail.private_bytes = shown->kernel.private_bytes;
        detail.proportional_bytes = shown->kernel.proportional_bytes;
    }
    shown->kernel = detail;
}

/* --- the page ------------------------------------------------------------------------------------- */

static void look(struct app *app, const struct model_lane *lane, bool same)
{
    struct app_worker *page = &app->worker;
    struct model_worker *shown = &app->model.worker;
    uint64_t now_ns = clock_now_ns();
    shown->held = lane->snap.workers[page->slot];
    shown->now_ns = account_end_ns(&lane->snap);
    shown->known = true;
    look_at_kernel(page, shown, now_ns, app->replay.on);
    if (now_ns >= page->jobs_due_ns)
        look_at_jobs(app, &lane->snap, same);
    page->due_ns = now_ns + LOOK_EVERY_NS;
}

void app_worker_forget(struct app *app)
{
    struct app_worker *page = &app->worker;
    page->due_ns = page->memory_due_ns = page->jobs_due_ns = 0;
    app->model.worker = (struct model_worker){.known = false};
}

void app_worker_tick(struct app *app)
{
    struct app_worker *page = &app->worker;
    const struct model_lane *lane = &app->model.lanes[app->model.focus];
    bool same = page->lane == app->model.focus && page->slot == lane->selected;
    if (app->model.view != VIEW_WORKER)
        return;
    if (!same)
        app_worker_forget(app);
    page->lane = app->model.focus;
    page->slot = lane->selected;
    if (!lane->started || page->slot >= lane->snap.slots)
        app_worker_forget(app);
    else if (clock_now_ns() >= page->due_ns)
        look(app, lane, same && app->model.worker.known);
}

void app_worker_free(struct app *app)
{
    struct app_worker *page = &app->worker;
    app_worker_forget(app);
    free(page->rows);
    free(page->jobs);
    free(page->times);
    *page = (struct app_worker){.room = 0};
}

/* --- keys ----------------------------------------------------------------------------------------- */

void app_worker_open(struct app *app)
{
    struct model_lane *lane = &app->model.lanes[app->model.focus];
    bool used = lane->started && lane->selected < lane->snap.slots && lane->snap.workers[lane->selected].used;
    size_t first = lane->started ? lane_row_slot(lane, 0) : SIZE_MAX;
    if (!used && first == SIZE_MAX) {
        app_say(app, true, lane->started ? "there is no worker yet" : "there is no worker yet: r starts the lane");
        return;
    }
    lane->selected = used ? lane->selected : first;
    app->worker.before = app->model.view;
    app->model.view = VIEW_WORKER;
    app_worker_forget(app);
    app_say(app, false, "Up Down another worker, Page Up/Down Home End its jobs, Enter or Esc back");
}

static void scroll(struct app *app, int step)
{
    struct model_worker *shown = &app->model.worker;
    app_worker_tick(app); /* a key just before may have led to another lane, or begun another run */
    if (!shown->known)
        return;
    size_t last = screen_worker_last_top(&app->canvas, &app->model);
    size_t top = shown->top < last ? shown->top : last;
    if (step < 0)
        top = top > (size_t)-step ? top - (size_t)-step : 0;
    else
        top += (size_t)step;
    shown->top = top < last ? top : last;
}

bool app_worker_key(struct app *app, int key)
{
    enum { PAGE = 10, ALL = 100000000 };
    bool leaves = key == TERMINAL_KEY_ENTER || key == TERMINAL_KEY_ESCAPE;
    if (leaves && app->model.typed[0])
        return false; /* that is about the number */
    switch (key) {
    case TERMINAL_KEY_ENTER:
    case TERMINAL_KEY_ESCAPE: app->model.view = app->worker.before; break;
    case TERMINAL_KEY_PAGE_UP: scroll(app, -PAGE); break;
    case TERMINAL_KEY_PAGE_DOWN: scroll(app, PAGE); break;
    case TERMINAL_KEY_HOME: scroll(app, -ALL); break;
    case TERMINAL_KEY_END: scroll(app, ALL); break;
    default: return false;
    }
    return true;
}
