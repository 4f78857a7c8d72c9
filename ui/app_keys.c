/* app_keys.c - what each key does: one table. Every key says in a line what it did, or why it could not. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/text.h"
#include "ui/app_private.h"
#include "ui/lane.h"
#include "ui/panes.h"
#include "ui/terminal.h"

void app_say(struct app *app, bool warning, const char *format, ...)
{
    char text[1200];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    text_show(app->model.status, sizeof app->model.status, text, app->canvas.ascii);
    app->model.status_is_warning = warning;
    app->status_ns = clock_now_ns();
}

/* --- counts --------------------------------------------------------------------------------------- */

static void change_width(struct app *app, int lane, int step)
{
    unsigned width = app->lanes[lane].executor.width;
    if (step < 0 && width <= 1)
        app_say(app, true, "one is the least");
    else
        app_lane_set_width(app, lane, (unsigned)((int)width + step));
}

static void change_backend_width(struct app *app, enum backend_kind backend, int step)
{
    int lane = lane_of_backend(&app->model, backend);
    if (lane < 0)
        app_say(app, true, "no lane works with %s now; s takes the next strategy of the lane in focus",
                backend == BACKEND_PROCESS ? "processes" : "threads");
    else
        change_width(app, lane, step);
}

static void key_fewer_threads(struct app *app)
{
    change_backend_width(app, BACKEND_THREAD, -1);
}

static void key_more_threads(struct app *app)
{
    change_backend_width(app, BACKEND_THREAD, 1);
}

static void key_fewer_processes(struct app *app)
{
    change_backend_width(app, BACKEND_PROCESS, -1);
}

static void key_more_processes(struct app *app)
{
    change_backend_width(app, BACKEND_PROCESS, 1);
}

static void key_more(struct app *app)
{
    change_width(app, app->model.focus, 1);
}

static void key_fewer(struct app *app)
{
    change_width(app, app->model.focus, -1);
}

static void key_enter(struct app *app)
{
    if (!app->model.typed[0]) {
        if (!app->model.help)
            app_worker_open(app);
        return;
    }
    unsigned long width = strtoul(app->model.typed, NULL, 10);
    app->model.typed[0] = 0;
    if (width < 1 || width > BOARD_WORKERS_MAX)
        app_say(app, true, "%lu workers are not possible: 1 to %d are", width, BOARD_WORKERS_MAX);
    else
        app_lane_set_width(app, app->model.focus, (unsigned)width);
}

static void key_erase(struct app *app)
{
    size_t length = strlen(app->model.typed);
    if (length)
        app->model.typed[length - 1] = 0;
}

static void type_digit(struct app *app, int key)
{
    size_t length = strlen(app->model.typed);
    if (length + 1 >= sizeof app->model.typed || length >= 5)
        return;
    app->model.typed[length] = (char)key;
    app->model.typed[length + 1] = 0;
}

/* --- runs ----------------------------------------------------------------------------------------- */

static void key_next_executor(struct app *app)
{
    app_lane_next_executor(app, app->model.focus, 1);
}

static void key_last_executor(struct app *app)
{
    app_lane_next_executor(app, app->model.focus, -1);
}

static void key_gil(struct app *app)
{
    app_lane_toggle_gil(app, app->model.focus);
}

static void key_list(struct app *app)
{
    app_lane_next_list(app, app->model.focus);
}

static void key_again(struct app *app)
{
    if (app_lane_start(app, app->model.focus))
        app_say(app, false, "%s started anew",
                app->lanes[app->model.focus].options->lists[app->lanes[app->model.focus].list].set->kind->name);
}

static void key_stop(struct app *app)
{
    if (!app_lane_is_live(app, app->model.focus)) {
        app_say(app, true, "nothing is going on in this lane: r starts it");
        return;
    }
    run_stop(app->lanes[app->model.focus].run);
    app_say(app, false, "stopped: r starts it anew");
}

static bool any_live(const struct app *app)
{
    return app_lane_is_live(app, 0) || app_lane_is_live(app, 1);
}

/* Space holds everything, or lets everything go on: what a class looks at should stand still as a whole. */
static void key_pause(struct app *app)
{
    bool paused = false;
    if (!any_live(app)) {
        app_say(app, true, "nothing is going on: r starts the lane in focus");
        return;
    }
    for (int i = 0; i < MODEL_LANES; i++)
        paused |= app_lane_is_live(app, i) && app->model.lanes[i].snap.state == RUN_PAUSED;
    for (int i = 0; i < MODEL_LANES; i++) {
        if (!app_lane_is_live(app, i))
            continue;
        if (paused)
            run_resume(app->lanes[i].run);
        else
            run_pause(app->lanes[i].run);
    }
    app_say(app, false, paused ? "going on" : "paused: space goes on, n starts one more job");
}

static void key_step(struct app *app)
{
    if (!app_lane_is_live(app, app->model.focus)) {
        app_say(app, true, "nothing is going on in this lane: r starts it");
        return;
    }
    app->lanes[app->model.focus].disturbed = true;
    run_step(app->lanes[app->model.focus].run);
    app_say(app, false, "one step: goes on until one more job has started");
}

/* --- the server ----------------------------------------------------------------------------------- */

static void key_slower(struct app *app)
{
    app_server_change(app, true);
}

static void key_faster(struct app *app)
{
    app_server_change(app, false);
}

/* --- the screen ----------------------------------------------------------------------------------- */

static void key_focus(struct app *app)
{
    int other = 1 - app->model.focus;
    if (app->model.lanes[other].there)
        app->model.focus = other;
}

static void scroll_help(struct app *app, int step)
{
    size_t lines = screen_help_lines(app->canvas.columns);
    size_t shown = app->canvas.rows > 2 ? (size_t)app->canvas.rows - 2 : 1;
    size_t last = lines > shown ? lines - shown : 0;
    size_t top = app->model.help_top;
    if (step < 0)
        top = top > (size_t)-step ? top - (size_t)-step : 0;
    else
        top += (size_t)step;
    app->model.help_top = top < last ? top : last;
}

enum { PAGE = 10 };

/* The selection is a slot; it moves by rows, and the rows shown follow it. */
static void move_selection(struct app *app, int step)
{
    struct model_lane *lane = &app->model.lanes[app->model.focus];
    if (app->model.help) {
        bool page = step == PAGE || step == -PAGE;
        int whole = app->canvas.rows > 4 ? app->canvas.rows - 4 : 1;
        scroll_help(app, page ? step / PAGE * whole : step);
        return;
    }
    size_t rows = lane->started ? lane_rows(lane) : 0;
    int fit = screen_lane_rows(app->canvas.columns, app->canvas.rows, &app->model, app->model.focus);
    size_t shown = fit > 0 ? (size_t)fit : 1;
    if (!rows)
        return;
    size_t row = lane_rows_before(lane, lane->selected);
    if (step > 0 && lane_slot_row(lane, lane->selected) == SIZE_MAX)
        step--; /* it has none: the next one takes its place */
    row = step < 0 ? (row > (size_t)-step ? row - (size_t)-step : 0) : row + (size_t)step;
    row = row < rows ? row : rows - 1;
    lane->selected = lane_row_slot(lane, row);
    if (row < lane->top)
        lane->top = row;
    if (row >= lane->top + shown)
        lane->top = row - shown + 1;
}

static void key_up(struct app *app)
{
    move_selection(app, -1);
}

static void key_down(struct app *app)
{
    move_selection(app, 1);
}

static void key_page_up(struct app *app)
{
    move_selection(app, -PAGE);
}

static void key_page_down(struct app *app)
{
    move_selection(app, PAGE);
}

static void key_home(struct app *app)
{
    move_selection(app, -1000000);
}

static void key_end(struct app *app)
{
    move_selection(app, 1000000);
}

void app_help(struct app *app)
{
    app->model.help = !app->model.help;
    app->model.help_top = screen_help_top(app->canvas.columns, &app->model);
}

/* The key of a view opens it, and leaves it again. */
static void toggle_view(struct app *app, enum model_view view, const char *hint)
{
    bool leave = app->model.view == view;
    app->model.status[0] = 0; /* what was said belongs to the view that is left */
    app->model.view = leave ? VIEW_PANES : view;
    if (!leave)
        app_say(app, false, "%s", hint);
}

/* Closes what lies on top: the help, a number being typed, a view, a filter. */
static void key_escape(struct app *app)
{
    if (app->model.help)
        app->model.help = false;
    else if (app->model.typed[0])
        app->model.typed[0] = 0;
    else if (app->model.view != VIEW_PANES)
        toggle_view(app, app->model.view, "");
    else
        app_filter_clear(app);
}

static void key_timeline(struct app *app)
{
    toggle_view(app, VIEW_TIMELINE, "f holds it, [ ] zoom, Left Right move, Home all, = two runs, v or Esc back");
}

static void key_juggler(struct app *app)
{
    toggle_view(app, VIEW_JUGGLER, "every ball is a worker, every hand a core; j or Esc back");
}

static void key_account(struct app *app)
{
    toggle_view(app, VIEW_ACCOUNT, "Up Down go through the workers, Tab the other lane, w or Esc back");
}

static void key_quit(struct app *app)
{
    if (app->model.help)
        app->model.help = false;
    else
        app->exit_code = 0;
}

static const struct key_action {
    int key;
    void (*act)(struct app *app);
} actions[] = {
    {'t', key_fewer_threads},
    {'T', key_more_threads},
    {'p', key_fewer_processes},
    {'P', key_more_processes},
    {'+', key_more},
    {'-', key_fewer},
    {'s', key_next_executor},
    {'S', key_last_executor},
    {'g', key_gil},
    {'l', key_list},
    {'c', app_compare_open},
    {'v', key_timeline},
    {'=', app_picture_two_runs},
    {'j', key_juggler},
    {'w', key_account},
    {'/', app_filter_open},
    {'b', app_replay_rewind},
    {'r', key_again},
    {'x', key_stop},
    {' ', key_pause},
    {'n', key_step},
    {'k', app_kill_selected},
    {'>', key_faster},
    {'<', key_slower},
    {'?', app_help},
    {'q', key_quit},
    {'Q', key_quit},
    {TERMINAL_KEY_TAB, key_focus},
    {TERMINAL_KEY_BACK_TAB, key_focus},
    {TERMINAL_KEY_UP, key_up},
    {TERMINAL_KEY_DOWN, key_down},
    {TERMINAL_KEY_PAGE_UP, key_page_up},
    {TERMINAL_KEY_PAGE_DOWN, key_page_down},
    {TERMINAL_KEY_HOME, key_home},
    {TERMINAL_KEY_END, key_end},
    {TERMINAL_KEY_ENTER, key_enter},
    {TERMINAL_KEY_BACKSPACE, key_erase},
    {TERMINAL_KEY_DELETE, key_erase},
    {TERMINAL_KEY_ESCAPE, key_escape},
};

int app_key_at(size_t index)
{
    return index < sizeof actions / sizeof *actions ? actions[index].key : TERMINAL_KEY_NONE;
}

/* Keys that mean something of their own in a view. True: it was one of them; else it does what it does everywhere. */
typedef bool view_key(struct app *app, int key);

static view_key *const view_keys[VIEW_COUNT] = {
    [VIEW_PANES] = app_picture_key, [VIEW_TIMELINE] = app_picture_key, [VIEW_TWO_RUNS] = app_picture_key,
    [VIEW_WORKER] = app_worker_key, [VIEW_COMPARE] = app_compare_key,
};

void app_key(struct app *app, int key)
{
    if (key != 'k')
        app->kill.sure = false;
    if (app->model.filtering) {
        app_filter_key(app, key);
        return;
    }
    if (app_replay_key(app, key))
        return;
    if (!app->model.help && view_keys[app->model.view] && view_keys[app->model.view](app, key))
        return;
    if (key >= '0' && key <= '9') {
        type_digit(app, key);
        return;
    }
    for (size_t i = 0; i < sizeof actions / sizeof *actions; i++)
        if (actions[i].key == key) {
            actions[i].act(app);
            return;
        }
}
