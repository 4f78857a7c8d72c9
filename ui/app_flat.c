/* app_flat.c - the flat screen: which line changed last, so that the cursor can stand on it (flat.h).
 *
 * What a person waits for comes before what changes by itself: the answer to a key, then a job that failed or a worker that died, a lane's
 * state, a job that ended. */
#include <string.h>

#include "ui/app_private.h"

static struct app_flat_seen seen_of(const struct app *app, int number)
{
    const struct model_lane *lane = &app->model.lanes[number];
    const struct snapshot *snap = &lane->snap;
    return (struct app_flat_seen){.started = lane->started,
                                  .state = snap->state,
                                  .ended = snap->done + snap->failed + snap->poisoned,
                                  .trouble = snap->failed + snap->poisoned + snap->killed + snap->restarts,
                                  .selected = lane->selected};
}

/* Takes note of what is different in a lane now. True: something is, and what mattered most of it is in *at. */
static bool look_at(struct app *app, int number, enum flat_at *at)
{
    struct app_flat_seen *before = &app->flat_seen[number];
    const struct app_flat_seen now = seen_of(app, number), old = *before;
    *before = now;
    if (now.trouble > old.trouble) {
        *at = FLAT_AT_TROUBLE;
    } else if (now.started != old.started || now.state != old.state) {
        *at = FLAT_AT_STATE;
    } else if (now.ended != old.ended) {
        *at = FLAT_AT_COUNTS;
    } else if (now.selected != old.selected) {
        *at = FLAT_AT_WORKER;
    } else {
        return false;
    }
    return true;
}

void app_flat_tick(struct app *app)
{
    struct model_flat *flat = &app->model.flat;
    bool answered = app->status_ns != app->flat_answered_ns;
    app->flat_answered_ns = app->status_ns;
    for (int lane = 0; lane < MODEL_LANES; lane++) {
        enum flat_at at;
        if (look_at(app, lane, &at)) {
            flat->at = at;
            flat->lane = lane;
        }
    }
    if (answered || app->model.typed[0] != '\0') {
        flat->at = FLAT_AT_ANSWER;
        flat->lane = 0;
    } else if (app->model.view != app->flat_view) {
        app->model.status[0] = '\0'; /* it was of the view that was left */
        flat->at = app->model.view == VIEW_PANES ? FLAT_AT_STATE : FLAT_AT_VIEW;
        flat->lane = app->model.view == VIEW_PANES ? app->model.focus : 0;
    } else if (app->model.focus != app->flat_focus) {
        flat->at = FLAT_AT_STATE;
        flat->lane = app->model.focus;
    }
    app->flat_view = app->model.view;
    app->flat_focus = app->model.focus;
}
