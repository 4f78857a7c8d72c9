/* app_picture.c - the picture of time: as a pane, alone (v), and of two runs (=). Freeze, scroll, zoom, while the work goes on.
 *
 * Both lanes stand on one axis, whose 0 is the start of whichever of their runs began first. The right edge is the present, or the end of
 * the last run; frozen, it stands still until the person moves it. Two runs of one lane stand on an axis of their own, each with its start
 * at 0. */
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/text.h"
#include "ui/app_private.h"
#include "ui/parts.h"
#include "ui/terminal.h"

static const uint64_t SPANS_MS[] = {50,    100,   200,   500,    1000,   2000,   5000,
                                    10000, 20000, 60000, 120000, 300000, 600000, 3600000};
enum { SPANS = sizeof SPANS_MS / sizeof *SPANS_MS, SPAN_AT_FIRST_S = 10 };

/* A run that came to nothing within so long was a key on the way to another one. */
#define PASSING_NS NS_PER_S
enum { PAST_SEGMENTS_MAX = TIMELINE_SEGMENTS_MAX / 8 };

static bool is_two(const struct app *app)
{
    return app->model.view == VIEW_TWO_RUNS;
}

static struct app_look *look_of(struct app *app)
{
    return is_two(app) ? &app->picture.two : &app->picture.lanes;
}

/* --- what there is -------------------------------------------------------------------------------- */

static bool has_track(const struct app *app, int lane)
{
    return app->model.lanes[lane].started && app_lane_timeline(app, lane)->start_ns != 0;
}

static bool has_past(const struct app *app)
{
    return app->lanes[app->model.focus].past.timeline.start_ns != 0;
}

/* The axis' 0; 0: nothing has begun. */
static uint64_t zero_of(const struct app *app)
{
    uint64_t zero_ns = 0;
    for (int lane = 0; lane < MODEL_LANES; lane++) {
        uint64_t start_ns = app_lane_timeline(app, lane)->start_ns;
        if (has_track(app, lane) && (!zero_ns || start_ns < zero_ns))
            zero_ns = start_ns;
    }
    return zero_ns;
}

/* From its 0 to its right end. */
static uint64_t reach_of(const struct timeline *timeline, uint64_t zero_ns)
{
    return timeline->start_ns && timeline->end_ns > zero_ns ? timeline->end_ns - zero_ns : 0;
}

static uint64_t longer(uint64_t a_ns, uint64_t b_ns)
{
    return a_ns > b_ns ? a_ns : b_ns;
}

/* How much of the axis there is by now. */
static uint64_t length_of(const struct app *app)
{
    const struct app_lane *lane = &app->lanes[app->model.focus];
    uint64_t zero_ns = zero_of(app), length_ns = 0;
    if (is_two(app))
        return longer(reach_of(&lane->timeline, lane->timeline.start_ns),
                      reach_of(&lane->past.timeline, lane->past.timeline.start_ns));
    for (int i = 0; i < MODEL_LANES; i++)
        if (has_track(app, i))
            length_ns = longer(length_ns, reach_of(app_lane_timeline(app, i), zero_ns));
    return length_ns;
}

static char letter_of(const struct executor *executor)
{
    static const char LETTERS[] = {[BACKEND_THREAD] = 't', [BACKEND_PROCESS] = 'p', [BACKEND_LOOP] = 'e'};
    return LETTERS[executor_strategy(executor->how)->backend];
}

/* --- the run before ------------------------------------------------------------------------------- */

void app_picture_keep(struct app *app, int number)
{
    struct app_lane *lane = &app->lanes[number];
    const struct snapshot *snap = &app_lane_model(app, number)->snap;
    bool passing =
        snap->done + snap->failed + snap->poisoned == 0 && reach_of(&lane->timeline, lane->timeline.start_ns) < PASSING_NS;
    if (passing) {
        timeline_free(&lane->timeline);
        return;
    }
    timeline_free(&lane->past.timeline);
    lane->past = (struct app_past){
        .timeline = lane->timeline, .executor = snap->executor, .state = app_results_end(snap), .list = lane->run_list};
    lane->timeline = (struct timeline){0};
    timeline_coarsen(&lane->past.timeline, PAST_SEGMENTS_MAX);
}

/* "now: thread-pool:10  1.34 s", how it ended if not well, and the list where that is not the same for both. */
static void write_title(struct app *app, size_t number, const char *when, const struct executor *executor,
                        enum run_state state, const char *time, size_t list)
{
    const struct app_lane *lane = &app->lanes[app->model.focus];
    char how[EXECUTOR_TEXT_BYTES], shown[80], text[APP_TITLE_BYTES];
    bool well = state == RUN_DONE || !run_state_is_over(state);
    int used = snprintf(text, sizeof text, "%s: %s  %s%s%s", when, executor_format(executor, how), time, well ? "" : ", ",
                        well ? "" : run_state_word(state));
    if (lane->past.list != lane->run_list)
        snprintf(text + used, sizeof text - (size_t)used, "  %s",
                 text_show(shown, sizeof shown, lane->options->lists[list].name, app->canvas.ascii));
    snprintf(app->picture.titles[number], sizeof app->picture.titles[number], "%s", text);
}

static struct timeline_track *add_run(struct app *app, const struct timeline *timeline, const struct executor *executor)
{
    struct timeline_view *view = &app->model.timeline;
    struct timeline_track *track = &view->tracks[view->count];
    *track = (struct timeline_track){.timeline = timeline,
                                     .letter = letter_of(executor),
                                     .title = app->picture.titles[view->count],
                                     .zero_ns = timeline->start_ns,
                                     .selected = app->picture.selected};
    view->count++;
    return track;
}

static void show_now(struct app *app)
{
    const struct app_lane *lane = &app->lanes[app->model.focus];
    const struct snapshot *snap = &app->model.lanes[app->model.focus].snap;
    uint64_t length_ns = reach_of(&lane->timeline, lane->timeline.start_ns);
    bool over = run_state_is_over(snap->state);
    char time[32];
    if (over)
        text_duration(time, sizeof time, length_ns);
    else
        parts_running_time(time, sizeof time, length_ns);
    struct timeline_track *track = add_run(app, &lane->timeline, &snap->executor);
    track->over = over;
    write_title(app, 0, "now", &snap->executor, snap->state, time, lane->run_list);
}

static void show_past(struct app *app)
{
    const struct app_lane *lane = &app->lanes[app->model.focus];
    const struct app_past *past = &lane->past;
    char time[32];
    text_duration(time, sizeof time, reach_of(&past->timeline, past->timeline.start_ns));
    size_t number = app->model.timeline.count;
    add_run(app, &past->timeline, &past->executor)->over = true;
    write_title(app, number, "before", &past->executor, past->state, time, past->list);
}

/* --- the view ------------------------------------------------------------------------------------- */

static void show_lane(struct app *app, int number)
{
    struct timeline_view *view = &app->model.timeline;
    const struct model_lane *lane = &app->model.lanes[number];
    bool focus = number == app->model.focus;
    view->tracks[view->count++] = (struct timeline_track){.timeline = app_lane_timeline(app, number),
                                                          .letter = letter_of(&lane->snap.executor),
                                                          .over = run_state_is_over(lane->snap.state),
                                                          .zero_ns = zero_of(app),
                                                          .selected = focus ? lane->selected : SIZE_MAX,
                                                          .focus = focus};
}

static void show_lanes(struct app *app)
{
    for (int i = 0; i < MODEL_LANES; i++)
        if (has_track(app, i))
            show_lane(app, i);
}

static void show_two(struct app *app)
{
    if (has_track(app, app->model.focus))
        show_now(app);
    if (has_past(app))
        show_past(app);
}

/* What is missing from it, and how fine the kernel's word in it is: of the lanes that are shown. */
static void tell_limits(struct app *app)
{
    struct timeline_view *view = &app->model.timeline;
    for (int i = 0; i < MODEL_LANES; i++) {
        const struct model_lane *lane = &app->model.lanes[i];
        if (!has_track(app, i) || (is_two(app) && i != app->model.focus))
            continue;
        view->lost += lane->snap.lost_events + app_lane_timeline(app, i)->lost;
        view->sampled_every_ns = longer(view->sampled_every_ns, lane->sampled_every_ns);
    }
    if (is_two(app))
        view->lost += app->lanes[app->model.focus].past.timeline.lost;
}

/* While it grows the span goes in steps, so that what is drawn stands still between them. */
static uint64_t whole_span_ns(const struct app *app, uint64_t length_ns)
{
    static const unsigned steps[] = {10, 12, 15, 20, 25, 30, 40, 50, 60, 80};
    bool live = false;
    for (int i = 0; i < MODEL_LANES; i++)
        live |= app_lane_is_live(app, i) && (!is_two(app) || i == app->model.focus);
    if (!live)
        return length_ns > NS_PER_MS ? length_ns : NS_PER_MS;
    for (uint64_t unit_ns = NS_PER_MS;; unit_ns *= 10)
        for (size_t i = 0; i < sizeof steps / sizeof *steps; i++)
            if (steps[i] * unit_ns >= length_ns)
                return steps[i] * unit_ns;
}

/* Where a run has begun since, there is nothing any more at what was held. */
static void leave_what_is_gone(struct app *app)
{
    struct app_picture *picture = &app->picture;
    for (int i = 0; i < MODEL_LANES; i++) {
        uint64_t start_ns = app_lane_timeline(app, i)->start_ns;
        if (start_ns != picture->starts_ns[i]) {
            picture->lanes.frozen = picture->two.frozen = false;
            picture->starts_ns[i] = start_ns;
        }
    }
}

/* True: there are two to show. */
static bool show_two_runs(struct app *app)
{
    app->model.view = has_past(app) ? VIEW_TWO_RUNS : VIEW_PANES;
    if (!has_past(app))
        app_say(app, true, "no earlier run in this lane yet: r or s starts another, then = shows both");
    return has_past(app);
}

void app_picture_tick(struct app *app)
{
    if (is_two(app))
        show_two_runs(app); /* the keys may act on the other lane by now */
    struct app_look *look = look_of(app);
    uint64_t length_ns = length_of(app);
    leave_what_is_gone(app);
    if (look->whole && !look->frozen)
        look->span_ns = whole_span_ns(app, length_ns);
    app->model.timeline = (struct timeline_view){.span_ns = look->span_ns,
                                                 .end_ns = look->frozen ? look->end_ns : length_ns,
                                                 .frozen = look->frozen,
                                                 .whole = look->whole,
                                                 .cursor = app->model.view != VIEW_PANES,
                                                 .memo = &app->picture.memo};
    if (is_two(app))
        show_two(app);
    else
        show_lanes(app);
    tell_limits(app);
}

void app_picture_init(struct app *app)
{
    app->picture = (struct app_picture){.lanes = {.span_ns = SPAN_AT_FIRST_S * NS_PER_S}, .two = {.whole = true}};
}

void app_picture_free(struct app *app)
{
    timeline_memo_free(&app->picture.memo);
}

/* --- keys ----------------------------------------------------------------------------------------- */

static void freeze(struct app *app)
{
    struct app_look *look = look_of(app);
    if (!look->frozen)
        look->end_ns = length_of(app);
    look->frozen = true;
}

static void toggle_freeze(struct app *app)
{
    struct app_look *look = look_of(app);
    if (look->frozen)
        look->frozen = false;
    else
        freeze(app);
    app_say(app, false, look->frozen ? "the picture is held; the work goes on" : "the picture goes on");
}

/* The right edge of the picture can be no further left: there its left edge is at the start. */
static uint64_t leftmost_ns(struct app *app)
{
    uint64_t span_ns = look_of(app)->span_ns, length_ns = length_of(app);
    return span_ns < length_ns ? span_ns : length_ns;
}

static void zoom(struct app *app, bool out)
{
    struct app_look *look = look_of(app);
    uint64_t next_ns = 0;
    for (size_t i = 0; i < SPANS; i++) {
        uint64_t span_ns = SPANS_MS[i] * NS_PER_MS;
        if (out ? span_ns > look->span_ns && !next_ns : span_ns < look->span_ns)
            next_ns = span_ns;
    }
    if (!next_ns) {
        app_say(app, true, out ? "it does not get any longer" : "it does not get any shorter");
        return;
    }
    look->span_ns = next_ns;
    look->whole = false;
    look->end_ns = longer(look->end_ns, leftmost_ns(app));
}

static void scroll_back(struct app *app)
{
    struct app_look *look = look_of(app);
    freeze(app);
    uint64_t step_ns = look->span_ns / 4, least_ns = leftmost_ns(app);
    if (look->end_ns <= least_ns)
        app_say(app, true, "this is the start of the run");
    look->end_ns = look->end_ns > least_ns + step_ns ? look->end_ns - step_ns : least_ns;
}

/* By a quarter of what is seen; whoever moves holds it, and at the right end it runs along again. */
static void scroll_on(struct app *app)
{
    struct app_look *look = look_of(app);
    freeze(app);
    look->end_ns += look->span_ns / 4;
    look->frozen = look->end_ns < length_of(app);
}

static void move_selection(struct app *app, int step)
{
    const struct app_lane *lane = &app->lanes[app->model.focus];
    size_t lanes = timeline_lanes(&lane->timeline), before = timeline_lanes(&lane->past.timeline);
    size_t *selected = &app->picture.selected, most = lanes > before ? lanes : before;
    if (step < 0)
        *selected = *selected > (size_t)-step ? *selected - (size_t)-step : 0;
    else
        *selected += (size_t)step;
    *selected = *selected < most ? *selected : most ? most - 1 : 0;
    if (*selected < app->model.lanes[app->model.focus].snap.slots)
        app->model.lanes[app->model.focus].selected = *selected; /* Enter and k act on the one that is marked */
}

/* True: it was a key of the picture of two runs alone. */
static bool two_runs_key(struct app *app, int key)
{
    switch (key) {
    case TERMINAL_KEY_UP: move_selection(app, -1); break;
    case TERMINAL_KEY_DOWN: move_selection(app, 1); break;
    case TERMINAL_KEY_PAGE_UP: move_selection(app, -10); break;
    case TERMINAL_KEY_PAGE_DOWN: move_selection(app, 10); break;
    default: return false;
    }
    return true;
}

static bool look_key(struct app *app, int key)
{
    struct app_look *look = look_of(app);
    switch (key) {
    case 'f': toggle_freeze(app); break;
    case '[': zoom(app, true); break;
    case ']': zoom(app, false); break;
    case TERMINAL_KEY_LEFT: scroll_back(app); break;
    case TERMINAL_KEY_RIGHT: scroll_on(app); break;
    case TERMINAL_KEY_HOME:
        look->whole = true;
        look->frozen = false;
        break;
    case TERMINAL_KEY_END: look->frozen = false; break;
    default: return false;
    }
    return true;
}

bool app_picture_key(struct app *app, int key)
{
    if ((key == TERMINAL_KEY_HOME || key == TERMINAL_KEY_END) && app->model.view == VIEW_PANES)
        return false; /* beside the lanes they move the selection */
    if (!(is_two(app) && two_runs_key(app, key)) && !look_key(app, key))
        return false;
    app_picture_tick(app);
    return true;
}

void app_picture_two_runs(struct app *app)
{
    if (app->replay.on) {
        app_say(app, true, "two runs on one axis are for the present, and this is the past");
        return;
    }
    if (is_two(app)) {
        app->model.view = VIEW_PANES;
    } else if (show_two_runs(app)) {
        app->picture.two = (struct app_look){.whole = true};
        app->picture.selected = app->model.lanes[app->model.focus].selected;
        app_say(app, false, "this run and the one before, from their starts; [ ] zoom, Left Right, = back");
    }
    app_picture_tick(app);
}
