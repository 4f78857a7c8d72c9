/* app_compare.c - the key c: the work of the lane in focus under the article's executors, measured while one looks.
 *
 * A comparison wants the machine for itself. So what goes on in the lanes is ended before it starts, no run is started while it measures,
 * and the built-in server keeps its pace. Its screen can be left and come back to; what was measured stays until another one starts. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/problem.h"
#include "base/sys.h"
#include "juggler/compare.h"
#include "report/history.h"
#include "ui/app_private.h"
#include "ui/lane.h"
#include "ui/terminal.h"

enum { ROUNDS = 3, PAGE = 10 };

int app_compare_fd(const struct app *app)
{
    return app->compare ? compare_pidfd(app->compare) : -1;
}

void app_compare_free(struct app *app)
{
    compare_free(app->compare);
    app->compare = NULL;
    app->compare_set = NULL;
    app->model.compare = (struct model_compare){.left_s = -1, .top = SIZE_MAX};
}

/* --- starting --------------------------------------------------------------------------------------- */

static bool end_lanes(struct app *app)
{
    bool ended = false;
    for (int i = 0; i < MODEL_LANES; i++)
        ended |= app_lane_end(app, i);
    return ended;
}

static void fill_options(const struct app *app, const struct app_list *list, struct compare_options *out)
{
    const struct job_set *set = list->set;
    *out = (struct compare_options){.set = set,
                                    .list_name = list->name,
                                    .rounds = ROUNDS,
                                    .seed = clock_now_ns() % 1000000 + 1, /* short enough to be read out */
                                    .article = true,
                                    .usable_cores = app->model.cores.count,
                                    .lease_ns = app->options->lease_ns,
                                    .switch_interval_ns = app->options->switch_interval_ns,
                                    .origin = list->builtin && !app->origin_ended ? app->options->origin : NULL};
    out->count = compare_article(set->kind->work, out->usable_cores, set->count, out->executors);
    for (size_t i = 0; i < out->count; i++)
        out->controls |= out->executors[i].gil;
}

static void start(struct app *app)
{
    struct app_lane *lane = &app->lanes[app->model.focus];
    const struct app_list *list = &lane->options->lists[lane->list];
    struct problem problem = {.text = ""};
    struct compare_options *options = sys_alloc(sizeof *options);
    if (!options) {
        app_say(app, true, "no memory for a comparison");
        return;
    }
    fill_options(app, list, options);
    bool possible = compare_check(options, &problem) == 0;
    bool ended = possible && end_lanes(app);
    if (possible) {
        app_compare_free(app);
        app->compare = compare_start(options, &problem);
    }
    free(options);
    if (!possible || !app->compare) {
        app_say(app, true, "%s", problem.text);
        return;
    }
    app->compare_set = list->set;
    app->compare_start_ns = clock_now_ns();
    app->compare_noted = false;
    app->model.compare.there = true;
    app->model.view = VIEW_COMPARE;
    app_compare_tick(app);
    app_say(app, false,
            ended ? "what went on in the lanes was ended, so that it does not disturb: r starts it again afterwards"
                  : "a comparison wants the machine for itself: the lanes wait until it is over");
}

void app_compare_open(struct app *app)
{
    const struct app_lane *lane = &app->lanes[app->model.focus];
    if (!lane->options->lists_count)
        return;
    bool same = app->compare && app->compare_set == lane->options->lists[lane->list].set;
    if (same || app->model.compare.live)
        app->model.view = VIEW_COMPARE;
    else
        start(app);
}

/* --- while it goes on ------------------------------------------------------------------------------- */

/* From the rounds that are over: the others take as long. In the warm-up nobody knows yet how long the slowest takes. */
static double left_of(const struct app *app, const struct compare_view *view)
{
    if (view->round == 0 || view->runs_done == 0 || view->over)
        return -1;
    double took_s = (double)(clock_now_ns() - app->compare_start_ns) / (double)NS_PER_S;
    double rounds = (double)view->runs_done * (double)(view->rounds + 1) / (double)view->runs_all;
    return rounds > 0 ? took_s * ((double)(view->rounds + 1) - rounds) / rounds : -1;
}

static void note_end(struct app *app)
{
    struct problem problem = {.text = ""};
    char name[HISTORY_LIST_BYTES];
    struct compare_view view = app->model.compare.view;
    view.list_name = app_results_list_name(app, app->compare_set, name);
    app->compare_noted = true;
    if (!app->options->no_history && history_note_compare(&view, app->compare_set, view.stopped, &problem) != 0)
        app_results_complain(app, &problem);
}

void app_compare_tick(struct app *app)
{
    struct model_compare *shown = &app->model.compare;
    if (!app->compare)
        return;
    compare_tick(app->compare);
    compare_look(app->compare, &shown->view);
    shown->live = !shown->view.over;
    shown->left_s = left_of(app, &shown->view);
    if (shown->view.over && !app->compare_noted)
        note_end(app);
}

/* --- keys ------------------------------------------------------------------------------------------- */

static void leave(struct app *app)
{
    app->model.view = VIEW_PANES;
    if (app->model.compare.live)
        app_say(app, false, "the comparison goes on: c shows it again");
}

static void stop(struct app *app)
{
    if (!app->model.compare.live) {
        app_say(app, true, "nothing is measured any more: r measures anew");
        return;
    }
    compare_stop(app->compare);
    app_compare_tick(app);
    app_say(app, false, "stopped; what was measured stays");
}

static void again(struct app *app)
{
    if (app->model.compare.live)
        app_say(app, true, "it still measures: x stops it");
    else
        start(app);
}

static void scroll(struct app *app, int step)
{
    struct model_compare *shown = &app->model.compare;
    size_t count = shown->view.count, top = shown->top == SIZE_MAX ? 0 : shown->top;
    if (step < 0)
        top = top > (size_t)-step ? top - (size_t)-step : 0;
    else
        top += (size_t)step;
    shown->top = top < count ? top : count ? count - 1 : 0;
}

bool app_compare_key(struct app *app, int key)
{
    switch (key) {
    case 'c':
    case TERMINAL_KEY_ESCAPE: leave(app); break;
    case 'x': stop(app); break;
    case 'r': again(app); break;
    case 'q':
    case 'Q': app->exit_code = 0; break;
    case '?': app_help(app); break;
    case TERMINAL_KEY_UP: scroll(app, -1); break;
    case TERMINAL_KEY_DOWN: scroll(app, 1); break;
    case TERMINAL_KEY_PAGE_UP: scroll(app, -PAGE); break;
    case TERMINAL_KEY_PAGE_DOWN: scroll(app, PAGE); break;
    default: break; /* while it is shown no other key does anything */
    }
    return true;
}
