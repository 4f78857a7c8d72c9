/* app_results.c - the list of finished runs, newest first, with what each is worth compared with sequential and with the best possible. */
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/problem.h"
#include "base/text.h"
#include "measure/ideal.h"
#include "origin/origin.h"
#include "report/history.h"
#include "ui/app_private.h"
#include "ui/lane.h"

static void summarize(const struct snapshot *snap, char *out, size_t room)
{
    char size[32];
    if (snap->work == WORK_DOWNLOAD) {
        snprintf(out, room, "%s in %zu files", text_bytes(size, sizeof size, snap->bytes), snap->done);
        return;
    }
    if (snap->work == WORK_COUNTER) {
        if (!lane_counter_summary(snap, out, room))
            snprintf(out, room, "what was lost is not known");
        return;
    }
    unsigned long long primes = 0, digits = 0;
    for (size_t i = 0; i < snap->jobs; i++) {
        primes += snap->results[i].result.primes;
        digits += snap->results[i].result.digits;
    }
    snprintf(out, room, "%llu primes, %llu digits", primes, digits);
}

static struct model_result *make_room_for_one(struct model *model)
{
    if (model->results_count < MODEL_RESULTS_MAX)
        model->results_count++;
    memmove(&model->results[1], &model->results[0], (model->results_count - 1) * sizeof model->results[0]);
    return &model->results[0];
}

/* A run that is ended with all its jobs done has done its work; that its last worker has not left yet changes nothing. */
enum run_state app_results_end(const struct snapshot *snap)
{
    if (run_state_is_over(snap->state))
        return snap->state;
    return snap->done + snap->failed + snap->poisoned == snap->jobs ? RUN_DONE : RUN_STOPPED;
}

static bool is_whole(const struct snapshot *snap)
{
    return snap->state == RUN_DONE && snap->failed + snap->poisoned == 0;
}

void app_results_complain(struct app *app, const struct problem *problem)
{
    if (!app->history_complained)
        app_say(app, true, "runs are not noted in the history: %s", problem->text);
    app->history_complained = true;
}

static const struct app_list *list_of(const struct app *app, const struct job_set *set)
{
    for (int i = 0; i < MODEL_LANES; i++)
        for (size_t j = 0; j < app->lanes[i].options->lists_count; j++)
            if (app->lanes[i].options->lists[j].set == set)
                return &app->lanes[i].options->lists[j];
    return NULL;
}

const char *app_results_list_name(const struct app *app, const struct job_set *set, char out[HISTORY_LIST_BYTES])
{
    const struct app_list *list = list_of(app, set);
    const struct origin *origin = app->options->origin;
    if (list && list->builtin && origin)
        return history_list_name(out, list->name, origin_latency_ms(origin), origin_rate(origin));
    return list ? list->name : "";
}

static void note_in_history(struct app *app, const struct app_lane *lane, struct snapshot *snap)
{
    struct problem problem = {.text = ""};
    char name[HISTORY_LIST_BYTES];
    snap->memory = lane->sampler.memory;
    if (app->options->no_history || lane->disturbed || snap->state != RUN_DONE)
        return; /* no fair figure, and nobody would see that next week */
    if (history_note_run(snap, "dashboard", app_results_list_name(app, snap->set, name), false, &problem) != 0)
        app_results_complain(app, &problem);
}

bool app_results_worth(const struct snapshot *snap)
{
    return snap->start_ns && (snap->state == RUN_DONE || snap->done + snap->failed + snap->poisoned > 0);
}

bool app_results_fair(const struct snapshot *snap, bool disturbed)
{
    return is_whole(snap) && !disturbed;
}

struct model_result app_results_of(const struct snapshot *snap, const char *list, bool disturbed, double *sequential_s,
                                   unsigned number)
{
    struct ideal ideal = ideal_of(snap);
    double wall_s = (double)(snap->wall_ns - snap->paused_ns) / (double)NS_PER_S;
    bool fair = app_results_fair(snap, disturbed);
    if (fair && snap->executor.how == HOW_SEQUENTIAL)
        *sequential_s = wall_s;
    struct model_result result = {
        .number = number,
        .work = snap->work,
        .state = snap->state,
        .wall_s = wall_s,
        .speedup = fair && *sequential_s > 0 && wall_s > 0 ? *sequential_s / wall_s : 0,
        .of_possible = fair && ideal.best_s > 0 && wall_s > 0 ? ideal.best_s / wall_s : 0,
        .done = snap->done,
        .jobs = snap->jobs,
        .failed = snap->failed + snap->poisoned,
        .disturbed = disturbed,
    };
    if (result.of_possible > 1)
        result.of_possible = 1;
    executor_format(&snap->executor, result.executor);
    snprintf(result.list, sizeof result.list, "%.39s", list);
    summarize(snap, result.summary, sizeof result.summary);
    if (!lane_counter_gist(snap, result.gist, sizeof result.gist))
        result.gist[0] = 0;
    return result;
}

void app_results_note(struct app *app, int number)
{
    struct app_lane *lane = &app->lanes[number];
    struct snapshot snap;
    run_snapshot(lane->run, &snap);
    lane->recorded = true;
    if (!snap.start_ns)
        return;
    snap.state = app_results_end(&snap);
    struct model_result *result = make_room_for_one(&app->model);
    *result = app_results_of(&snap, lane->options->lists[lane->run_list].name, lane->disturbed,
                             &lane->sequential_s[lane->run_list], ++app->results_made);
    note_in_history(app, lane, &snap);
}
