/* app_picture.c - the key v: the picture of time over the whole screen. Freeze, scroll, zoom, while the work goes on.
 *
 * Both lanes stand on one axis, whose 0 is the start of whichever of their runs began first. The right edge is the present, or the end of
 * the last run; frozen, it stands still until the person moves it. */
#include <string.h>

#include "base/clock.h"
#include "ui/app_private.h"
#include "ui/terminal.h"

static const uint64_t SPANS_MS[] = {50,    100,   200,   500,    1000,   2000,   5000,
                                    10000, 20000, 60000, 120000, 300000, 600000, 3600000};
enum { SPANS = sizeof SPANS_MS / sizeof *SPANS_MS, SPAN_AT_FIRST = 7 /* ten seconds */ };

static bool has_track(const struct app *app, int lane)
{
    return app->model.lanes[lane].started && app->lanes[lane].timeline.start_ns != 0;
}

/* The axis' 0; 0: nothing has begun. */
static uint64_t zero_of(const struct app *app)
{
    uint64_t zero_ns = 0;
    for (int lane = 0; lane < MODEL_LANES; lane++) {
        uint64_t start_ns = app->lanes[lane].timeline.start_ns;
        if (has_track(app, lane) && (!zero_ns || start_ns < zero_ns))
            zero_ns = start_ns;
    }
    return zero_ns;
}

/* How much of the axis there is by now. */
static uint64_t length_of(const struct app *app)
{
    uint64_t zero_ns = zero_of(app), length_ns = 0;
    for (int lane = 0; lane < MODEL_LANES; lane++) {
        uint64_t end_ns = app->lanes[lane].timeline.end_ns;
        if (has_track(app, lane) && end_ns - zero_ns > length_ns)
            length_ns = end_ns - zero_ns;
    }
    return length_ns;
}

static char letter_of(const struct model_lane *lane)
{
    static const char LETTERS[] = {[BACKEND_THREAD] = 't', [BACKEND_PROCESS] = 'p', [BACKEND_LOOP] = 'e'};
    return LETTERS[executor_strategy(lane->snap.executor.how)->backend];
}

void app_picture_tick(struct app *app)
{
    struct timeline_view *view = &app->model.timeline;
    struct app_picture *picture = &app->picture;
    *view = (struct timeline_view){.span_ns = SPANS_MS[picture->span] * NS_PER_MS, .frozen = picture->frozen};
    view->end_ns = picture->frozen ? picture->end_ns : length_of(app);
    for (int lane = 0; lane < MODEL_LANES; lane++)
        if (has_track(app, lane))
            view->tracks[view->count++] =
                (struct timeline_track){.timeline = &app->lanes[lane].timeline,
                                        .letter = letter_of(&app->model.lanes[lane]),
                                        .zero_ns = zero_of(app),
                                        .selected = lane == app->model.focus ? app->model.lanes[lane].selected : SIZE_MAX};
}

void app_picture_init(struct app *app)
{
    app->picture = (struct app_picture){.span = SPAN_AT_FIRST};
}

/* --- keys ----------------------------------------------------------------------------------------- */

static void freeze(struct app *app)
{
    if (!app->picture.frozen)
        app->picture.end_ns = length_of(app);
    app->picture.frozen = true;
}

static void toggle_freeze(struct app *app)
{
    if (app->picture.frozen)
        app->picture.frozen = false;
    else
        freeze(app);
    app_say(app, false, app->picture.frozen ? "the picture is held; the work goes on" : "the picture goes on");
}

static void zoom(struct app *app, int step)
{
    int span = (int)app->picture.span + step;
    if (span < 0 || span >= SPANS)
        app_say(app, true, step < 0 ? "it does not get any shorter" : "it does not get any longer");
    else
        app->picture.span = (size_t)span;
}

/* By a quarter of what is seen; whoever moves holds it, and at the right end it runs along again. */
static void scroll(struct app *app, bool back)
{
    uint64_t step_ns = SPANS_MS[app->picture.span] * NS_PER_MS / 4, length_ns = length_of(app);
    freeze(app);
    uint64_t end_ns = app->picture.end_ns;
    app->picture.end_ns = back ? (end_ns > step_ns ? end_ns - step_ns : 0) : end_ns + step_ns;
    if (app->picture.end_ns >= length_ns)
        app->picture.frozen = false;
}

static void show_all(struct app *app)
{
    uint64_t length_ns = length_of(app);
    app->picture.span = 0;
    while (app->picture.span + 1 < SPANS && SPANS_MS[app->picture.span] * NS_PER_MS < length_ns)
        app->picture.span++;
    app->picture.frozen = false;
}

bool app_picture_key(struct app *app, int key)
{
    bool alone = app->model.view == VIEW_TIMELINE;
    if ((key == TERMINAL_KEY_HOME || key == TERMINAL_KEY_END) && !alone)
        return false; /* beside the lanes they move the selection */
    switch (key) {
    case 'f': toggle_freeze(app); break;
    case '[': zoom(app, 1); break;
    case ']': zoom(app, -1); break;
    case TERMINAL_KEY_LEFT: scroll(app, true); break;
    case TERMINAL_KEY_RIGHT: scroll(app, false); break;
    case TERMINAL_KEY_HOME: show_all(app); break;
    case TERMINAL_KEY_END: app->picture.frozen = false; break;
    default: return false;
    }
    app_picture_tick(app);
    return true;
}
