/* app_lane.c - a lane of the dashboard: starts its runs, looks after them, and brings its part of the model up to date. */
#include <errno.h>
#include <string.h>

#include "base/clock.h"
#include "base/problem.h"
#include "record/recorder.h"
#include "ui/app_private.h"
#include "ui/lane.h"

struct model_lane *app_lane_model(struct app *app, int lane)
{
    return app->replay.on ? &app->behind[lane] : &app->model.lanes[lane];
}

bool app_lane_is_live(const struct app *app, int lane)
{
    return app->lanes[lane].run && !run_is_over(app->lanes[lane].run);
}

void app_lane_free(struct app *app, int lane)
{
    app_record_end(app, lane);
    recorder_close(app->lanes[lane].recorder);
    run_free(app->lanes[lane].run);
    app->lanes[lane].run = NULL;
    sampler_free(&app->lanes[lane].sampler);
    timeline_free(&app->lanes[lane].timeline);
    timeline_free(&app->lanes[lane].past.timeline);
    app_figures_free(&app->lanes[lane].figures);
    app_filter_free(app, lane);
}

/* Nothing of the run that is gone is left in the model: its snapshot pointed into it. */
static void forget_run(struct app *app, int number)
{
    struct app_lane *lane = &app->lanes[number];
    struct model_lane *shown = app_lane_model(app, number);
    app_record_end(app, number);
    app_picture_keep(app, number);
    run_free(lane->run);
    lane->run = NULL;
    lane->recorded = lane->disturbed = false;
    app_sentence_reset(&lane->sentence);
    sampler_reset(&lane->sampler);
    app_figures_reset(&lane->figures);
    shown->snap = (struct snapshot){0};
    shown->started = false;
    shown->sentence[0] = 0;
    if (app->model.view != VIEW_WORKER) /* its page goes on with the worker who gets that number */
        shown->selected = shown->top = 0;
    app_filter_forget(app, number);
    app_worker_forget(app);
    shown->tasks = NULL;
    shown->percents = NULL;
}

/* A run that is ended for another one. One that had not done anything yet, because a key was pressed again and again on the way to a
 * strategy, is not worth a line. */
static void note_replaced(struct app *app, int number)
{
    struct app_lane *lane = &app->lanes[number];
    if (!lane->run || lane->recorded)
        return;
    struct snapshot snap;
    run_tick(lane->run);
    run_snapshot(lane->run, &snap);
    if (app_results_worth(&snap))
        app_results_note(app, number);
}

/* The old run goes before the new one starts: they share the names of their temporary files, and the old one's end would cost the new
 * one time. So whether the new one is possible is asked first. */
bool app_lane_start(struct app *app, int number)
{
    struct app_lane *lane = &app->lanes[number];
    const struct app_list *list = &lane->options->lists[lane->list];
    const struct run_options options = {.set = list->set,
                                        .executor = lane->executor,
                                        .slots_max = BOARD_WORKERS_MAX,
                                        .usable_cores = app->model.cores.count,
                                        .lease_ns = app->options->lease_ns,
                                        .switch_interval_ns = app->options->switch_interval_ns,
                                        .keep_events = true};
    struct problem problem = {.text = ""};
    if (app->model.compare.live) {
        app_say(app, true, "a comparison is going on, and wants the machine for itself: c shows it, x there stops it");
        return false;
    }
    if (run_check(&options, &problem) != 0) {
        app_say(app, true, "%s", problem.text);
        return false;
    }
    note_replaced(app, number);
    forget_run(app, number);
    lane->run_list = lane->list;
    lane->run = run_start(&options, &problem);
    if (!lane->run) {
        app_say(app, true, "%s", problem.text);
        return false;
    }
    app->model.lanes[number].started = true;
    run_snapshot(lane->run, &app->model.lanes[number].snap);
    app_record_begin(app, number);
    return true;
}

bool app_lane_end(struct app *app, int number)
{
    struct app_lane *lane = &app->lanes[number];
    if (!app_lane_is_live(app, number))
        return false;
    note_replaced(app, number);
    lane->recorded = true;
    run_kill(lane->run);
    return true;
}

/* --- the model ------------------------------------------------------------------------------------ */

static void update_choices(const struct app_lane *lane, struct model_lane *shown)
{
    const struct app_list *list = &lane->options->lists[lane->list];
    shown->there = lane->options->lists_count > 0;
    shown->started = lane->run != NULL;
    shown->executor = lane->executor;
    shown->list_name = shown->there ? list->name : "";
    shown->work = shown->there ? list->set->kind->work : WORK_DOWNLOAD;
    shown->jobs = shown->there ? list->set->count : 0;
    shown->builtin = shown->there && list->builtin;
}

static unsigned lanes_live(const struct app *app)
{
    unsigned live = 0;
    for (int lane = 0; lane < MODEL_LANES; lane++)
        live += app_lane_is_live(app, lane);
    return live;
}

static void update_kernel_words(struct app *app, int number)
{
    struct app_lane *lane = &app->lanes[number];
    struct model_lane *shown = app_lane_model(app, number);
    bool over = run_state_is_over(shown->snap.state);
    shown->snap.memory = lane->sampler.memory;
    shown->sampled_every_ns = over ? 0 : lane->sampler.every_ns;
    lane->sampler.sharing = lanes_live(app);
    if (over)
        sampler_rest(&lane->sampler);
    if (over || sampler_update(&lane->sampler, &shown->snap) != 0) {
        shown->tasks = NULL;
        shown->snap.executing = over ? 0 : SIZE_MAX;
        return;
    }
    shown->tasks = lane->sampler.states;
    shown->snap.executing = lane->sampler.executing;
    shown->snap.memory = lane->sampler.memory;
}

void app_lane_tick(struct app *app, int number)
{
    struct app_lane *lane = &app->lanes[number];
    struct model_lane *shown = app_lane_model(app, number);
    if (lane->run) {
        run_tick(lane->run);
        run_snapshot(lane->run, &shown->snap);
        lane->disturbed |= shown->snap.paused_ns > 0 || shown->snap.killed > 0 || shown->snap.restarts > 0;
        update_kernel_words(app, number);
        app_record_sample(app, number, shown);
        timeline_update(&lane->timeline, &shown->snap, shown->tasks); /* where memory is short, it lacks its newest part */
        if (run_is_over(lane->run) && !lane->recorded)
            app_results_note(app, number);
    }
    update_choices(lane, shown);
    if (lane->run) {
        bool figures_due = app_figures_hold(&lane->figures, shown);
        app_sentence_update(&lane->sentence, shown, app->model.cores.count, clock_now_ns(), figures_due, false);
    }
    if (!app->replay.on)
        app_filter_mark(app, number);
}

/* --- choices -------------------------------------------------------------------------------------- */

/* More slots may have moved what the model points to. */
static void look_again(struct app *app, int number)
{
    struct model_lane *shown = app_lane_model(app, number);
    run_snapshot(app->lanes[number].run, &shown->snap);
    shown->tasks = NULL;
    shown->percents = NULL;
    shown->marks = NULL;
}

void app_lane_set_width(struct app *app, int number, unsigned width)
{
    struct app_lane *lane = &app->lanes[number];
    const struct strategy *strategy = executor_strategy(lane->executor.how);
    if (!executor_has_width(lane->executor.how)) {
        app_say(app, true, "%s has no width: %s; s takes the next strategy", strategy->name, strategy->sentence);
        return;
    }
    width = width < 1 ? 1 : width > BOARD_WORKERS_MAX ? BOARD_WORKERS_MAX : width;
    const char *unit = lane_unit(lane->executor.how, width != 1);
    const char *where = strategy->backend == BACKEND_LOOP ? " in flight, in one thread" : "";
    if (app_lane_is_live(app, number)) {
        int error = run_set_width(lane->run, width);
        look_again(app, number);
        if (error) {
            app_say(app, true, "%u %s%s are not to be had: %s", width, unit, where, strerror(error));
            return;
        }
        lane->disturbed = true;
        app_say(app, false, "%u %s%s from now on", width, unit, where);
    } else {
        app_say(app, false, "%u %s%s in the next run: r starts it", width, unit, where);
    }
    lane->executor.width = width;
}

/* The neighbour of an executor in the table of those that suit the work, with a width that suits it. The interpreter lock goes along to
 * where there can be one. */
static struct executor neighbour_of(const struct app *app, int number, int step)
{
    const struct app_lane *lane = &app->lanes[number];
    enum work work = lane->options->lists[lane->list].set->kind->work;
    struct executor next = lane->executor;
    do {
        next.how = (enum executor_how)(((int)next.how + step + HOW_COUNT) % HOW_COUNT);
        next.gil = lane->executor.gil && executor_strategy(next.how)->backend == BACKEND_THREAD;
    } while (executor_refusal(&next, work));
    if (executor_has_width(next.how) && !executor_has_width(lane->executor.how))
        next.width = lane->options->executor.width > 1 ? lane->options->executor.width
                                                       : executor_default_width(work, app->model.cores.count);
    return next;
}

void app_lane_next_executor(struct app *app, int number, int step)
{
    struct app_lane *lane = &app->lanes[number];
    const struct executor before = lane->executor;
    lane->executor = neighbour_of(app, number, step);
    const struct strategy *strategy = executor_strategy(lane->executor.how);
    if (app_lane_start(app, number))
        app_say(app, false, "%s: %s", strategy->name, strategy->sentence);
    else
        lane->executor = before;
}

void app_lane_toggle_gil(struct app *app, int number)
{
    struct app_lane *lane = &app->lanes[number];
    const struct executor before = lane->executor;
    struct executor wanted = before;
    wanted.gil = true;
    const char *refusal = executor_refusal(&wanted, lane->options->lists[lane->list].set->kind->work);
    if (refusal) {
        app_say(app, true, "no GIL here: %s", refusal);
        return;
    }
    lane->executor.gil = !before.gil;
    if (!app_lane_start(app, number))
        lane->executor = before;
    else if (lane->executor.gil)
        app_say(app, false, "with an interpreter lock, as CPython has it: only the thread that holds it computes");
    else
        app_say(app, false, "without the interpreter lock: every thread computes that has a core");
}

/* The executor for a list: what was asked for with it, else the present one where it suits. */
static struct executor executor_for(const struct app_lane *lane, size_t list)
{
    const struct app_list *to = &lane->options->lists[list], *from = &lane->options->lists[lane->list];
    enum work work = to->set->kind->work;
    if (to->executor && from->set->kind->work != work)
        return *to->executor;
    return executor_refusal(&lane->executor, work) ? executor_default(work) : lane->executor;
}

void app_lane_next_list(struct app *app, int number)
{
    struct app_lane *lane = &app->lanes[number];
    size_t before = lane->list;
    const struct executor executor = lane->executor;
    if (lane->options->lists_count < 2) {
        app_say(app, true, "there is only this list: %s", lane->options->lists[lane->list].name);
        return;
    }
    size_t next = (lane->list + 1) % lane->options->lists_count;
    lane->executor = executor_for(lane, next);
    lane->list = next;
    if (app_lane_start(app, number))
        app_say(app, false, "now working on %s", lane->options->lists[lane->list].name);
    else {
        lane->list = before;
        lane->executor = executor;
    }
}
