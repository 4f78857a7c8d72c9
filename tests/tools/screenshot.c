/* screenshot.c - a picture of the dashboard, made by the dashboard: the app's own lanes on the real built-in work, its own frame,
 * written by canvas_to_svg. Nothing is posed: what the picture shows was measured while the work went on.
 *
 *     screenshot FILE COLUMNSxROWS THEME STEP...
 *     a step    start            both lanes start, as when the dashboard is opened
 *               2.5              so many seconds pass
 *               end              the lane in focus comes to its end
 *               with=EXECUTOR    the lane in focus starts anew with it
 *               tab              the other lane is in focus
 *               anything else    keys, one after another; ^ is Enter
 *
 * There is no terminal, so no terminal's size, colours or glyphs get into the picture. `make screenshots` has the steps. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "base/problem.h"
#include "cli/data_dir.h"
#include "cli/workload.h"
#include "juggler/version.h"
#include "origin/origin.h"
#include "ui/app_private.h"
#include "ui/panes.h"
#include "ui/terminal.h"
#include "ui/theme.h"

enum {
    SAMPLE_TIMES = 8, /* as the dashboard has it */
    LATENCY_MS = 500,
    RATE_BYTES = 96 << 10,
    FRAME_MS = 40,
    END_MS_MAX = 300000
};

struct shot {
    struct workload work[WORK_COUNT];
    struct app_options options;
    struct app app;
    char data_dir[WORKLOAD_PATH_BYTES];
};

/* --- the stage ------------------------------------------------------------------------------------ */

static int open_work(struct shot *shot, enum work work, unsigned times, struct problem *problem)
{
    const struct work_options asked = {.origin = ORIGIN_BUILTIN,
                                       .download = {.retries = 2, .timeout_s = 30, .max_size_bytes = 1 << 30}};
    struct workload *list = &shot->work[work];
    unsigned cores = machine_usable_cores().count;
    if (workload_init(list, work, &asked, times, cores, shot->data_dir, problem) != 0 || workload_open(list, problem) != 0)
        return -1;
    shot->options.lanes[work] =
        (struct app_lane_options){.lists = {{.name = list->name, .set = &list->set, .builtin = list->builtin}},
                                  .lists_count = 1,
                                  .executor = executor_default(work),
                                  .start = true};
    return 0;
}

static int open_stage(struct shot *shot, struct problem *problem)
{
    if (data_dir_find(shot->data_dir, sizeof shot->data_dir, problem) != 0 ||
        open_work(shot, WORK_DOWNLOAD, 1, problem) != 0 || open_work(shot, WORK_PRIMES, SAMPLE_TIMES, problem) != 0)
        return -1;
    const struct origin_options asked = {
        .latency_ms = LATENCY_MS, .rate_bytes_per_s = RATE_BYTES, .sample_dir = shot->data_dir};
    shot->options.origin = origin_start(&asked, problem);
    shot->options.version = JUGGLER_VERSION;
    shot->options.no_history = true; /* posing is no work */
    return shot->options.origin ? workload_redirect(&shot->work[WORK_DOWNLOAD], origin_port(shot->options.origin), problem)
                                : -1;
}

static void close_stage(struct shot *shot)
{
    app_replay_free(&shot->app);
    app_worker_free(&shot->app);
    for (int i = 0; i < MODEL_LANES; i++)
        app_lane_free(&shot->app, i);
    app_picture_free(&shot->app);
    origin_stop(shot->options.origin);
    for (int i = 0; i < WORK_COUNT; i++)
        workload_free(&shot->work[i]);
    canvas_free(&shot->app.canvas);
}

/* --- time passes ---------------------------------------------------------------------------------- */

static void frame(struct shot *shot)
{
    app_tick(&shot->app);
    nanosleep(&(struct timespec){.tv_nsec = FRAME_MS * (long)NS_PER_MS}, NULL);
}

static int until_the_end(struct shot *shot)
{
    uint64_t limit_ns = clock_now_ns() + END_MS_MAX * NS_PER_MS;
    while (app_lane_is_live(&shot->app, shot->app.model.focus) && clock_now_ns() < limit_ns)
        frame(shot);
    return app_lane_is_live(&shot->app, shot->app.model.focus) ? -1 : 0;
}

static int start_with(struct shot *shot, const char *spec, struct problem *problem)
{
    struct app *app = &shot->app;
    struct app_lane *lane = &app->lanes[app->model.focus];
    enum work work = app->model.focus == WORK_PRIMES ? WORK_PRIMES : WORK_DOWNLOAD;
    if (executor_parse(spec, work, app->model.cores.count, &lane->executor, problem) != 0)
        return -1;
    app_lane_start(app, app->model.focus);
    return 0;
}

static int take_step(struct shot *shot, const char *step, struct problem *problem)
{
    char *end;
    double seconds = strtod(step, &end);
    if (end != step && !*end) {
        uint64_t until_ns = clock_now_ns() + (uint64_t)(seconds * (double)NS_PER_S);
        while (clock_now_ns() < until_ns)
            frame(shot);
        return 0;
    }
    if (strcmp(step, "start") == 0)
        for (int i = 0; i < MODEL_LANES; i++)
            app_lane_start(&shot->app, i);
    if (strcmp(step, "tab") == 0)
        shot->app.model.focus = 1 - shot->app.model.focus;
    if (strcmp(step, "start") == 0 || strcmp(step, "tab") == 0)
        return 0;
    if (strcmp(step, "end") == 0)
        return until_the_end(shot);
    if (strncmp(step, "with=", 5) == 0)
        return start_with(shot, step + 5, problem);
    for (; *step; step++)
        app_key(&shot->app, *step == '^' ? TERMINAL_KEY_ENTER : *step);
    frame(shot);
    return 0;
}

/* --- the picture ---------------------------------------------------------------------------------- */

static int begin(struct shot *shot, const char *size, struct problem *problem)
{
    int columns, rows;
    app_init(&shot->app, &shot->options);
    if (sscanf(size, "%dx%d", &columns, &rows) != 2 || canvas_resize(&shot->app.canvas, columns, rows) != 0) {
        problem_set(problem, "'%s' is no size, such as 120x36", size);
        return -1;
    }
    return 0;
}

static int take(struct shot *shot, const char *file, const struct theme *theme, struct problem *problem)
{
    shot->app.model.status[0] = 0; /* what the last key did is the steps' affair */
    screen_draw(&shot->app.canvas, &shot->app.model);
    FILE *out = fopen(file, "w");
    int error = out ? canvas_to_svg(&shot->app.canvas, theme, out) : errno;
    if (out && fclose(out) != 0)
        error = errno;
    if (error)
        problem_set_errno(problem, error, "%s could not be written", file);
    return error ? -1 : 0;
}

static int make_picture(struct shot *shot, int argc, char **argv, struct problem *problem)
{
    const struct theme *theme = theme_of(argv[3]);
    if (!theme) {
        problem_set(problem, "there is no theme '%s'", argv[3]);
        return -1;
    }
    if (open_stage(shot, problem) != 0 || begin(shot, argv[2], problem) != 0)
        return -1;
    for (int i = 4; i < argc; i++)
        if (take_step(shot, argv[i], problem) != 0)
            return -1;
    return take(shot, argv[1], theme, problem);
}

int main(int argc, char **argv)
{
    static struct shot shot; /* zeroed, and too large for a stack */
    struct problem problem = {.text = ""};
    if (argc < 4) {
        fputs("usage: screenshot FILE COLUMNSxROWS THEME STEP...\n", stderr);
        return 2;
    }
    int code = make_picture(&shot, argc, argv, &problem);
    close_stage(&shot);
    if (code != 0)
        fprintf(stderr, "screenshot: %s\n", problem.text[0] ? problem.text : "the lane did not come to its end");
    return code == 0 ? 0 : 1;
}
