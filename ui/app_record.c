/* app_record.c - every run is recorded: into a file without a name, for the key b; and, where it was asked for, into one that stays.
 *
 * A lane's file holds its last run and goes with the next one, so that looking back costs little disk and no memory. Where it cannot be
 * written, that is said once, and the work goes on. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>

#include "base/clock.h"
#include "base/problem.h"
#include "base/sys.h"
#include "origin/origin.h"
#include "record/recorder.h"
#include "ui/app_private.h"

/* In the folder for temporary files; in memory where that has no such files. */
static int open_unnamed(void)
{
    const char *base = getenv("TMPDIR");
    int fd = sys_openat(AT_FDCWD, base && *base ? base : "/tmp", O_RDWR | O_TMPFILE | O_CLOEXEC, 0600);
    return fd >= 0 ? fd : memfd_create("juggler-record", MFD_CLOEXEC);
}

static void complain(struct app *app, const char *what, const char *why)
{
    if (!app->record_complained)
        app_say(app, true, "%s: %s", what, why);
    app->record_complained = true;
}

static void open_last(struct app *app, struct app_lane *lane)
{
    struct problem problem = {.text = ""};
    recorder_close(lane->recorder);
    int fd = open_unnamed();
    lane->recorder = fd >= 0 ? recorder_open(fd, &problem) : NULL;
    if (fd < 0)
        problem_set_errno(&problem, errno, "no file for it could be made");
    if (!lane->recorder)
        complain(app, "this run cannot be looked back at", problem.text);
}

void app_record_begin(struct app *app, int number)
{
    struct app_lane *lane = &app->lanes[number];
    const struct app_list *list = &lane->options->lists[lane->run_list];
    const struct snapshot *snap = &app->model.lanes[number].snap;
    char words[CORES_WORDS_BYTES];
    const struct recorder_run run = {.lane = number,
                                     .list = list->name,
                                     .output_dir = list->output_dir,
                                     .cores = machine_cores_words(&app->model.cores, words, sizeof words),
                                     .builtin = list->builtin};
    open_last(app, lane);
    if (lane->recorder)
        recorder_begin(lane->recorder, &run, snap);
    if (app->options->recorder)
        recorder_begin(app->options->recorder, &run, snap);
}

static void sample(struct app *app, struct recorder *recorder, int number, const struct model_lane *shown, const char *what)
{
    if (!recorder || !recorder_is_due(recorder, number, &shown->snap))
        return;
    recorder_sample(recorder, number, &shown->snap, shown->tasks, shown->sampled_every_ns, app->lanes[number].disturbed);
    if (*recorder_problem(recorder))
        complain(app, what, recorder_problem(recorder));
}

void app_record_sample(struct app *app, int number, const struct model_lane *shown)
{
    sample(app, app->lanes[number].recorder, number, shown, "this run cannot be looked back at as a whole");
    sample(app, app->options->recorder, number, shown, "the rest is not recorded");
}

void app_record_end(struct app *app, int number)
{
    struct app_lane *lane = &app->lanes[number];
    struct model_lane last = {.started = true};
    if (!lane->run || (!lane->recorder && !app->options->recorder))
        return;
    run_kill(lane->run);
    run_tick(lane->run); /* the last events */
    run_snapshot(lane->run, &last.snap);
    last.snap.memory = lane->sampler.memory;
    last.snap.executing = 0;
    app_record_sample(app, number, &last);
}

static void machine(struct app *app, struct recorder *recorder, uint64_t now_ns)
{
    const struct model *model = &app->model;
    if (recorder && recorder_machine_is_due(recorder, now_ns))
        recorder_machine(recorder, &(struct recorder_machine){.now_ns = now_ns,
                                                              .load = &app->load,
                                                              .cores = &model->cores,
                                                              .processes = app->processes,
                                                              .origin_running = app->options->origin && !app->origin_ended,
                                                              .origin_latency_ms = model->origin_latency_ms,
                                                              .origin_rate = model->origin_rate});
}

void app_record_machine(struct app *app)
{
    uint64_t now_ns = clock_now_ns();
    bool live[MODEL_LANES] = {app_lane_is_live(app, 0), app_lane_is_live(app, 1)};
    for (int i = 0; i < MODEL_LANES; i++)
        if (live[i])
            machine(app, app->lanes[i].recorder, now_ns);
    if (live[0] || live[1])
        machine(app, app->options->recorder, now_ns);
}
