/* app.c - the app loop: waits in one place for the terminal, signals, the runs' ends and the clock; ticks; draws.
 *
 * One thread. It samples on its own clocks (load twice a second, processes once), draws at the frame rate while anything
 * moves and slowly when nothing does, and at once after a key. A terminal that does not read costs frames, never the work. */
#include "ui/app.h"

#include <errno.h>
#include <malloc.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/problem.h"
#include "base/signals.h"
#include "origin/origin.h"
#include "ui/app_private.h"
#include "ui/panes.h"
#include "ui/terminal.h"

enum {
    IDLE_FRAME_MS = 250,  /* when nothing moves */
    FLAT_FRAME_MS = 1000, /* lines of words are to stay long enough to be read */
    LOAD_EVERY_MS = 500,
    PROCESSES_EVERY_MS = 1000,
    STATUS_STAYS_MS = 6000,
    NEWS_EVERY_MS = 5, /* keys in a storm share a frame */
    KEYS_AT_ONCE = 256,
    LARGE_BYTES = 64 << 10 /* lists that grow with a run: each in pages of its own, which go back whole */
};

#define FIRST_FRAME_NS (20 * NS_PER_MS)

int app_signals_open(void)
{
    static const int numbers[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGWINCH, SIGTSTP, SIGCONT};
    return signals_open(numbers, sizeof numbers / sizeof *numbers);
}

/* --- the model ------------------------------------------------------------------------------------ */

static bool is_due(uint64_t *last_ns, uint64_t every_ms, uint64_t now_ns)
{
    if (*last_ns && now_ns - *last_ns < every_ms * NS_PER_MS)
        return false;
    *last_ns = now_ns;
    return true;
}

static void update_machine(struct app *app)
{
    uint64_t now_ns = clock_now_ns();
    struct origin *origin = app->options->origin;
    if (is_due(&app->load_ns, LOAD_EVERY_MS, now_ns)) {
        machine_load_update(&app->load);
        app->model.load = app->load;
    }
    if (is_due(&app->processes_ns, PROCESSES_EVERY_MS, now_ns))
        app->model.processes = app->processes = machine_processes();
    app->model.origin_running = origin && !app->origin_ended;
    if (origin) {
        app->model.origin_latency_ms = origin_latency_ms(origin);
        app->model.origin_rate = origin_rate(origin);
    }
    if (app->model.status[0] && !app->model.flat.on && now_ns - app->status_ns > STATUS_STAYS_MS * NS_PER_MS)
        app->model.status[0] = 0;
}

void app_tick(struct app *app)
{
    update_machine(app);
    for (int i = 0; i < MODEL_LANES; i++)
        if (app->lanes[i].options->lists_count)
            app_lane_tick(app, i);
    app_record_machine(app);
    app_compare_tick(app);
    app_replay_tick(app);
    app_picture_tick(app);
    app_worker_tick(app);
    if (app->model.flat.on)
        app_flat_tick(app);
}

/* --- frames --------------------------------------------------------------------------------------- */

static void fit_canvas(struct app *app)
{
    int columns, rows;
    terminal_size(app->terminal, &columns, &rows);
    if (columns != app->canvas.columns || rows != app->canvas.rows)
        canvas_resize(&app->canvas, columns, rows);
}

static void draw(struct app *app)
{
    if (!terminal_writable(app->terminal))
        return;
    fit_canvas(app);
    app->canvas.ascii = terminal_ascii(app->terminal);
    screen_draw(&app->canvas, &app->model);
    terminal_draw(app->terminal, &app->canvas);
}

static bool is_moving(const struct app *app)
{
    for (int i = 0; i < MODEL_LANES; i++)
        if (!app->replay.on && app_lane_is_live(app, i) && app->model.lanes[i].snap.state != RUN_PAUSED)
            return true;
    return app->model.compare.live || app_replay_is_playing(app);
}

/* --- signals and keys ----------------------------------------------------------------------------- */

/* Ctrl-Z: the work holds still while the dashboard sleeps, and goes on with it. */
static void sleep_in_shell(struct app *app)
{
    bool held[MODEL_LANES] = {false};
    for (int i = 0; i < MODEL_LANES; i++) {
        held[i] = app_lane_is_live(app, i) && app_lane_model(app, i)->snap.state != RUN_PAUSED;
        if (held[i])
            run_pause(app->lanes[i].run);
    }
    terminal_suspend(app->terminal);
    signals_stop_self();
    terminal_resume(app->terminal);
    for (int i = 0; i < MODEL_LANES; i++)
        if (held[i])
            run_resume(app->lanes[i].run);
}

/* Stopped outright: a shell may have used the terminal meanwhile, and left it in any state. */
static void take_terminal_again(struct app *app)
{
    terminal_suspend(app->terminal);
    terminal_resume(app->terminal);
}

static void hear_signals(struct app *app)
{
    int number;
    while ((number = signals_next(app->options->signal_fd)) != 0) {
        if (number == SIGWINCH)
            terminal_resized(app->terminal);
        else if (number == SIGTSTP)
            sleep_in_shell(app);
        else if (number == SIGCONT)
            take_terminal_again(app);
        else
            app->exit_code = 128 + number;
    }
}

/* True: at least one key came. At most so many at once, so that the work is looked after while somebody pastes a book. */
static bool hear_keys(struct app *app)
{
    int heard = 0, key = TERMINAL_KEY_NONE;
    while (app->exit_code < 0 && heard < KEYS_AT_ONCE && (key = terminal_key(app->terminal)) != TERMINAL_KEY_NONE) {
        if (key == TERMINAL_KEY_HANGUP)
            app->exit_code = 128 + SIGHUP;
        else if (key == TERMINAL_KEY_RESIZE)
            terminal_resized(app->terminal);
        else
            app_key(app, key);
        heard++;
    }
    app->keys_left = key != TERMINAL_KEY_NONE; /* read already, perhaps: they do not make the descriptor readable again */
    return heard > 0;
}

/* --- the loop ------------------------------------------------------------------------------------- */

static int milliseconds_until(uint64_t then_ns)
{
    uint64_t now_ns = clock_now_ns();
    return then_ns <= now_ns ? 0 : (int)((then_ns - now_ns + NS_PER_MS - 1) / NS_PER_MS);
}

static void note_origin_end(struct app *app)
{
    app->origin_ended = true;
    app->model.origin_running = false;
    app_say(app, true, "the built-in server has died; downloads from it will fail: start juggler again");
}

/* To poll for POLLIN: event rings of this lane's run fill up. */
static int events_fd(const struct app *app, int lane)
{
    return app->lanes[lane].run ? run_events_fd(app->lanes[lane].run) : -1;
}

/* Waits so long for something to happen, and hears it. True: there is something new to draw. With ends: also for the end of a run,
 * which stays readable until the run has been looked after. Rings are emptied without a frame. */
static bool hear(struct app *app, int wait_ms, bool ends)
{
    const struct origin *origin = app->options->origin;
    struct pollfd fds[] = {{.fd = terminal_input_fd(app->terminal), .events = POLLIN},
                           {.fd = app->options->signal_fd, .events = POLLIN},
                           {.fd = terminal_flush(app->terminal) ? -1 : terminal_output_fd(app->terminal), .events = POLLOUT},
                           {.fd = origin && !app->origin_ended ? origin_pidfd(origin) : -1, .events = POLLIN},
                           {.fd = ends && app->lanes[0].run ? run_pidfd(app->lanes[0].run) : -1, .events = POLLIN},
                           {.fd = ends && app->lanes[1].run ? run_pidfd(app->lanes[1].run) : -1, .events = POLLIN},
                           {.fd = ends ? app_compare_fd(app) : -1, .events = POLLIN},
                           {.fd = events_fd(app, 0), .events = POLLIN},
                           {.fd = events_fd(app, 1), .events = POLLIN}};
    if (poll(fds, sizeof fds / sizeof *fds, app->keys_left ? 0 : wait_ms) < 0)
        return false; /* the caller looks at the clock and comes again */
    if (fds[1].revents)
        hear_signals(app);
    if (fds[3].revents)
        note_origin_end(app);
    for (int lane = 0; lane < MODEL_LANES; lane++)
        if (fds[7 + lane].revents)
            run_tick(app->lanes[lane].run);
    bool keys = (fds[0].revents || app->keys_left) && hear_keys(app);
    return keys || fds[1].revents || fds[3].revents || fds[4].revents || fds[5].revents || fds[6].revents;
}

/* Waits until it is time to draw: the next frame is due, or something happened and the last one is not of this very moment. */
static void wait_for_frame(struct app *app, uint64_t frame_ns, uint64_t drawn_ns)
{
    uint64_t until_ns = frame_ns;
    bool news = false;
    do {
        news |= hear(app, milliseconds_until(until_ns), !news);
        if (news && drawn_ns + NEWS_EVERY_MS * NS_PER_MS < until_ns)
            until_ns = drawn_ns + NEWS_EVERY_MS * NS_PER_MS;
    } while (app->exit_code < 0 && clock_now_ns() < until_ns);
}

/* When the frame behind the one just drawn is due. A frame that was drawn early, for a key, does not put the next one off; one that was
 * late is not made good. */
static uint64_t next_frame_ns(uint64_t frame_ns, uint64_t drawn_ns, uint64_t period_ns)
{
    uint64_t next_ns = frame_ns <= drawn_ns ? frame_ns + period_ns : frame_ns;
    return next_ns <= drawn_ns || next_ns > drawn_ns + period_ns ? drawn_ns + period_ns : next_ns;
}

static uint64_t period_ns_of(const struct app *app)
{
    if (app->model.flat.on)
        return FLAT_FRAME_MS * NS_PER_MS;
    return is_moving(app) ? NS_PER_S / app->options->fps : IDLE_FRAME_MS * NS_PER_MS;
}

static void loop(struct app *app)
{
    uint64_t frame_ns = clock_now_ns();
    while (app->exit_code < 0) {
        if (app->options->chore)
            app->options->chore(app->options->chore_context);
        app_tick(app);
        draw(app);
        uint64_t drawn_ns = clock_now_ns();
        frame_ns = next_frame_ns(frame_ns, drawn_ns, period_ns_of(app));
        wait_for_frame(app, frame_ns, drawn_ns);
    }
}

void app_init(struct app *app, const struct app_options *options)
{
    *app = (struct app){.options = options, .exit_code = -1};
    app_picture_init(app);
    for (int i = 0; i < MODEL_LANES; i++) {
        app->lanes[i].options = &app->options->lanes[i];
        app->lanes[i].executor = app->options->lanes[i].executor;
        app->lanes[i].sampler.executing = SIZE_MAX;
    }
    app->model.compare = (struct model_compare){.left_s = -1, .top = SIZE_MAX};
    app->model.version = app->options->version;
    app->model.flat.on = app->options->flat;
    app->model.focus = app->options->focus;
    app->model.cores = machine_usable_cores();
}

int app_run(const struct app_options *options, struct problem *problem)
{
    struct app app;
    mallopt(M_MMAP_THRESHOLD, LARGE_BYTES);
    app_init(&app, options);
    const struct terminal_options asked = {
        .theme = options->theme, .ascii = options->ascii, .no_color = options->no_color, .cursor = options->flat};
    app.terminal = terminal_start(&asked, problem);
    if (!app.terminal)
        return -1;
    if (options->reel)
        app_replay_open(&app);
    app_tick(&app);
    if (options->notice)
        app_say(&app, true, "%s", options->notice);
    draw(&app); /* the first frame is there, if the terminal reads, before anything is forked: that would hold it up */
    terminal_flush_within(app.terminal, FIRST_FRAME_NS);
    for (int i = 0; i < MODEL_LANES; i++)
        if (options->lanes[i].start && options->lanes[i].lists_count)
            app_lane_start(&app, i);
    loop(&app);
    app_compare_free(&app);
    app_worker_free(&app);
    app_replay_free(&app);
    for (int i = 0; i < MODEL_LANES; i++)
        app_lane_free(&app, i);
    app_picture_free(&app);
    terminal_stop(app.terminal);
    canvas_free(&app.canvas);
    return app.exit_code;
}
