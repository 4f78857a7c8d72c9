/* app.c - the app loop: waits in one place for the terminal, signals, the runs' ends and the clock; ticks; draws.
 *
 * One thread. It samples on its own clocks (load twice a second, processes once), draws at the frame rate while anything
 * moves and slowly when nothing does, and at once after a key. A terminal that does not read costs frames, never the work. */
#include "ui/app.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/problem.h"
#include "origin/origin.h"
#include "ui/app_private.h"
#include "ui/panes.h"
#include "ui/terminal.h"

enum {
    IDLE_FRAME_MS = 250, /* when nothing moves */
    LOAD_EVERY_MS = 500,
    PROCESSES_EVERY_MS = 1000,
    STATUS_STAYS_MS = 6000
};

int app_signals_open(void)
{
    sigset_t set;
    sigemptyset(&set);
    static const int numbers[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGWINCH, SIGTSTP};
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        sigaddset(&set, numbers[i]);
    signal(SIGPIPE, SIG_IGN);
    if (sigprocmask(SIG_BLOCK, &set, NULL) != 0)
        return -1;
    return signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
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
    if (is_due(&app->load_ns, LOAD_EVERY_MS, now_ns))
        machine_load_update(&app->model.load);
    if (is_due(&app->processes_ns, PROCESSES_EVERY_MS, now_ns))
        app->model.processes = machine_processes();
    app->model.origin_running = origin != NULL;
    if (origin) {
        app->model.origin_latency_ms = origin_latency_ms(origin);
        app->model.origin_rate = origin_rate(origin);
    }
    if (app->model.status[0] && now_ns - app->status_ns > STATUS_STAYS_MS * NS_PER_MS)
        app->model.status[0] = 0;
}

static void update_model(struct app *app)
{
    update_machine(app);
    for (int i = 0; i < MODEL_LANES; i++)
        if (app->lanes[i].options->lists_count)
            app_lane_tick(app, i);
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
        if (app_lane_is_live(app, i) && app->model.lanes[i].snap.state != RUN_PAUSED)
            return true;
    return false;
}

/* --- signals and keys ----------------------------------------------------------------------------- */

/* Ctrl-Z: the work holds still while the dashboard sleeps, and goes on with it. */
static void sleep_in_shell(struct app *app)
{
    bool held[MODEL_LANES] = {false};
    for (int i = 0; i < MODEL_LANES; i++) {
        held[i] = app_lane_is_live(app, i) && app->model.lanes[i].snap.state != RUN_PAUSED;
        if (held[i])
            run_pause(app->lanes[i].run);
    }
    terminal_suspend(app->terminal);
    raise(SIGSTOP);
    terminal_resume(app->terminal);
    for (int i = 0; i < MODEL_LANES; i++)
        if (held[i])
            run_resume(app->lanes[i].run);
}

static void hear_signals(struct app *app)
{
    struct signalfd_siginfo info;
    while (read(app->options->signal_fd, &info, sizeof info) == (ssize_t)sizeof info) {
        int number = (int)info.ssi_signo;
        if (number == SIGWINCH)
            terminal_resized(app->terminal);
        else if (number == SIGTSTP)
            sleep_in_shell(app);
        else
            app->exit_code = 128 + number;
    }
}

/* True: at least one key came. */
static bool hear_keys(struct app *app)
{
    bool any = false;
    int key;
    while (app->exit_code < 0 && (key = terminal_key(app->terminal)) != TERMINAL_KEY_NONE) {
        if (key == TERMINAL_KEY_HANGUP)
            app->exit_code = 128 + SIGHUP;
        else if (key == TERMINAL_KEY_RESIZE)
            terminal_resized(app->terminal);
        else
            app_key(app, key);
        any = true;
    }
    return any;
}

/* --- the loop ------------------------------------------------------------------------------------- */

static int milliseconds_until(uint64_t then_ns)
{
    uint64_t now_ns = clock_now_ns();
    return then_ns <= now_ns ? 0 : (int)((then_ns - now_ns + NS_PER_MS - 1) / NS_PER_MS);
}

/* Waits for something to happen until the next frame is due. True: draw at once. */
static bool wait_for_news(struct app *app, uint64_t frame_ns)
{
    struct pollfd fds[5] = {
        {.fd = terminal_input_fd(app->terminal), .events = POLLIN},
        {.fd = app->options->signal_fd, .events = POLLIN},
        {.fd = terminal_flush(app->terminal) ? -1 : terminal_output_fd(app->terminal), .events = POLLOUT}};
    for (int i = 0; i < MODEL_LANES; i++)
        fds[3 + i] = (struct pollfd){.fd = app->lanes[i].run ? run_pidfd(app->lanes[i].run) : -1, .events = POLLIN};
    if (poll(fds, 5, milliseconds_until(frame_ns)) <= 0)
        return true; /* the frame is due */
    bool news = fds[1].revents || fds[3].revents || fds[4].revents;
    if (fds[1].revents)
        hear_signals(app);
    if (fds[0].revents)
        news |= hear_keys(app);
    return news;
}

static void loop(struct app *app)
{
    uint64_t period_ns = NS_PER_S / app->options->fps;
    uint64_t frame_ns = clock_now_ns();
    while (app->exit_code < 0) {
        update_model(app);
        draw(app);
        frame_ns += is_moving(app) ? period_ns : IDLE_FRAME_MS * NS_PER_MS;
        if (frame_ns < clock_now_ns())
            frame_ns = clock_now_ns() + period_ns;
        while (app->exit_code < 0 && !wait_for_news(app, frame_ns))
            continue;
    }
}

static void init_lanes(struct app *app)
{
    for (int i = 0; i < MODEL_LANES; i++) {
        app->lanes[i].options = &app->options->lanes[i];
        app->lanes[i].executor = app->options->lanes[i].executor;
        app->lanes[i].sampler.executing = SIZE_MAX;
    }
    app->model.version = app->options->version;
    app->model.focus = app->options->focus;
    app->model.cores = machine_usable_cores();
}

int app_run(const struct app_options *options, struct problem *problem)
{
    struct app app = {.options = options, .exit_code = -1};
    const struct terminal_options asked = {.theme = options->theme, .ascii = options->ascii, .no_color = options->no_color};
    app.terminal = terminal_start(&asked, problem);
    if (!app.terminal)
        return -1;
    init_lanes(&app);
    update_model(&app);
    draw(&app); /* the first frame is there before anything is forked */
    for (int i = 0; i < MODEL_LANES; i++)
        if (options->lanes[i].start && options->lanes[i].lists_count)
            app_lane_start(&app, i);
    loop(&app);
    for (int i = 0; i < MODEL_LANES; i++)
        app_lane_free(&app, i);
    terminal_stop(app.terminal);
    canvas_free(&app.canvas);
    return app.exit_code;
}
