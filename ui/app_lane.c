/* app_lane.c - a lane of the dashboard: starts its runs, looks after them, and brings its part of the model up to date. */
#include <errno.h>
#include <string.h>

#include "base/clock.h"
#include "base/problem.h"
#include "ui/app_private.h"
#include "ui/lane.h"

#define SENTENCE_HOLDS_NS NS_PER_S

bool app_lane_is_live(const struct app *app, int lane)
{
    return app->lanes[lane].run && !run_is_over(app->lanes[lane].run);
}

void app_lane_free(struct app *app, int lane)
{
    run_free(app->lanes[lane].run);
    app->lanes[lane].run = NULL;
    sampler_free(&app->lanes[lane].sampler);
    app_figures_free(&app->lanes[lane].figures);
}

void app_lane_start(struct app *app, int number)
{
    struct app_lane *lane = &app->lanes[number];
    struct model_lane *shown = &app->model.lanes[number];
    const struct app_list *list = &lane->options->lists[lane->list];
    const struct run_options options = {.set = list->set,
                                        .executor = lane->executor,
                                        .slots_max = BOARD_WORKERS_MAX,
                                        .usable_cores = app->model.cores.count};
    struct problem problem;
    struct run *run = run_start(&options, &problem);
    if (!run) {
        app_say(app, true, "%s", problem.text);
        return;
    }
    if (lane->run && !lane->recorded)
        app_results_note(app, number);
    run_free(lane->run);
    lane->run = run;
    lane->recorded = lane->disturbed = false;
    lane->rule = -1;
    shown->sentence[0] = 0;
    shown->selected = shown->top = 0;
    sampler_reset(&lane->sampler);
    run_snapshot(lane->run, &shown->snap); /* the old one pointed into the run that is gone */
    shown->tasks = NULL;
    shown->percents = NULL;
}

/* --- the model ------------------------------------------------------------------------------------ */

/* A sentence is shown when it has been true for a second, so that it does not flicker, and no longer than it is true, so that it is not
 * wrong. Its figures change five times a second at most. */
static void update_sentence(struct app *app, int number, bool figures_due)
{
    struct app_lane *lane = &app->lanes[number];
    struct model_lane *shown = &app->model.lanes[number];
    uint64_t now_ns = clock_now_ns();
    char says[sizeof shown->sentence];
    int rule = sentence_of(shown, app->model.cores.count, says, sizeof says);
    if (rule != lane->rule) {
        lane->rule = rule;
        lane->rule_since_ns = now_ns;
        shown->sentence[0] = 0;
    }
    bool holds = run_state_is_over(shown->snap.state) || now_ns - lane->rule_since_ns >= SENTENCE_HOLDS_NS;
    if (holds && (figures_due || !shown->sentence[0]))
        strcpy(shown->sentence, says);
}

static void update_choices(const struct app_lane *lane, struct model_lane *shown)
{
    const struct app_list *list = &lane->options->lists[lane->list];
    shown->there = lane->options->lists_count > 0;
    shown->started = lane->run != NULL;
    shown->executor = lane->executor;
    shown->list_name = shown->there ? list->name : "";
    shown->jobs = shown->there ? list->set->count : 0;
}

static void update_kernel_words(struct app_lane *lane, struct model_lane *shown)
{
    bool over = run_state_is_over(shown->snap.state);
    if (over || sampler_update(&lane->sampler, &shown->snap) != 0) {
        shown->tasks = NULL;
        shown->snap.executing = over ? 0 : SIZE_MAX;
        shown->processes = 0;
        return;
    }
    shown->tasks = lane->sampler.states;
    shown->snap.executing = lane->sampler.executing;
    shown->memory_bytes = lane->sampler.memory_bytes;
    shown->processes = lane->sampler.processes;
}

void app_lane_tick(struct app *app, int number)
{
    struct app_lane *lane = &app->lanes[number];
    struct model_lane *shown = &app->model.lanes[number];
    if (lane->run) {
        run_tick(lane->run);
        run_snapshot(lane->run, &shown->snap);
        lane->disturbed |= shown->snap.paused_ns > 0 || shown->snap.killed > 0 || shown->snap.restarts > 0;
        update_kernel_words(lane, shown);
        if (run_is_over(lane->run) && !lane->recorded)
            app_results_note(app, number);
    }
    update_choices(lane, shown);
    if (lane->run)
        update_sentence(app, number, app_figures_hold(&lane->figures, shown));
}

/* --- choices -------------------------------------------------------------------------------------- */

void app_lane_set_width(struct app *app, int number, unsigned width)
{
    struct app_lane *lane = &app->lanes[number];
    const struct strategy *strategy = executor_strategy(lane->executor.how);
    if (!executor_has_width(lane->executor.how)) {
        app_say(app, true, "%s has no width: %s; s takes the next strategy", strategy->name, strategy->sentence);
        return;
    }
    width = width < 1 ? 1 : width > BOARD_WORKERS_MAX ? BOARD_WORKERS_MAX : width;
    const char *unit = strategy->backend == BACKEND_PROCESS ? "process" : "thread";
    const char *plural = width == 1 ? "" : strategy->backend == BACKEND_PROCESS ? "es" : "s";
    if (app_lane_is_live(app, number)) {
        int error = run_set_width(lane->run, width);
        if (error) {
            app_say(app, true, "no memory for %u %s%s: %s", width, unit, plural, strerror(error));
            return;
        }
        lane->disturbed = true;
        app_say(app, false, "%u %s%s from now on", width, unit, plural);
    } else {
        app_say(app, false, "%u %s%s in the next run: r starts it", width, unit, plural);
    }
    lane->executor.width = width;
}

void app_lane_next_executor(struct app *app, int number, int step)
{
    struct app_lane *lane = &app->lanes[number];
    unsigned width = lane->executor.width;
    int how = ((int)lane->executor.how + step + HOW_EVENT_LOOP) % HOW_EVENT_LOOP; /* the event loop comes later */
    bool had_width = executor_has_width(lane->executor.how);
    lane->executor.how = (enum executor_how)how;
    if (executor_has_width(lane->executor.how) && !had_width)
        lane->executor.width = lane->options->executor.width > 1
                                   ? lane->options->executor.width
                                   : executor_default_width((enum work)number, app->model.cores.count);
    else if (had_width)
        lane->executor.width = width;
    const struct strategy *strategy = executor_strategy(lane->executor.how);
    app_say(app, false, "%s: %s", strategy->name, strategy->sentence);
    app_lane_start(app, number);
}

void app_lane_next_list(struct app *app, int number)
{
    struct app_lane *lane = &app->lanes[number];
    if (lane->options->lists_count < 2) {
        app_say(app, true, "there is only this list: %s", lane->options->lists[lane->list].name);
        return;
    }
    lane->list = (lane->list + 1) % lane->options->lists_count;
    app_say(app, false, "now working on %s", lane->options->lists[lane->list].name);
    app_lane_start(app, number);
}
