/* app_replay.c - the past on the screen: a record that is replayed, or the runs of this dashboard, looked back at with the key b.
 *
 * Both are the same: a playhead moves over reels, and each frame shows the lanes as they stood there. A reel is a lane's source of
 * snapshots as a run is; behind it everything is drawn as live. A record has one reel for both lanes; looking back there is one for each, opened
 * on the file that the run is being recorded into. What goes on live goes on meanwhile: its snapshots go to app->behind. */
#include <malloc.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/problem.h"
#include "base/sys.h"
#include "record/recorder.h"
#include "record/reel.h"
#include "ui/app_private.h"
#include "ui/lane.h"
#include "ui/terminal.h"

enum { SPEED_NORMAL = 3, STEPS_OF_ALL = 20 };

#define STEP_NS NS_PER_S
#define IDLE_NS NS_PER_S /* with nothing going on, the record goes on after so long */

static const struct speed {
    const char *word;
    double factor;
} speeds[] = {{"1/8", 0.125}, {"1/4", 0.25}, {"1/2", 0.5}, {"1", 1}, {"2", 2}, {"4", 4}, {"8", 8}, {"16", 16}};
enum { SPEEDS = sizeof speeds / sizeof *speeds };

/* --- reels ------------------------------------------------------------------------------------------ */

static struct reel *reel_of(const struct app *app, int lane)
{
    return app->options->reel ? app->options->reel : app->replay.reels[lane];
}

static void close_reels(struct app *app)
{
    for (int i = 0; i < MODEL_LANES; i++) {
        reel_close(app->replay.reels[i]);
        app->replay.reels[i] = NULL;
    }
    malloc_trim(0); /* a long look back takes some megabytes */
}

/* From where to where it can be looked back. False: there is nothing. */
static bool find_ends(struct app_replay *replay, struct reel *const reels[MODEL_LANES])
{
    replay->begin_ns = UINT64_MAX;
    replay->end_ns = 0;
    for (int i = 0; i < MODEL_LANES; i++) {
        if (!reels[i])
            continue;
        uint64_t begin_ns = reel_begin_ns(reels[i]), end_ns = reel_end_ns(reels[i]);
        replay->begin_ns = begin_ns < replay->begin_ns ? begin_ns : replay->begin_ns;
        replay->end_ns = end_ns > replay->end_ns ? end_ns : replay->end_ns;
    }
    return replay->end_ns != 0;
}

/* What each lane's last run has left until now. That its record is not at its end is no damage here. */
static bool open_reels(struct app *app)
{
    struct problem problem;
    close_reels(app);
    for (int i = 0; i < MODEL_LANES; i++) {
        struct recorder *recorder = app->lanes[i].recorder;
        int fd = recorder && app->lanes[i].run ? dup(recorder_fd(recorder)) : -1;
        app->replay.reels[i] = fd >= 0 ? reel_open_fd(fd, &problem) : NULL;
    }
    return find_ends(&app->replay, app->replay.reels);
}

/* --- a lane at the playhead ------------------------------------------------------------------------- */

/* The run before whose beginning the playhead stands, for its lane's heading; NULL: none. */
static const struct reel_run *first_run(const struct reel *reel, int lane)
{
    for (size_t i = 0; reel && i < reel_runs(reel); i++)
        if (reel_run(reel, i)->lane == lane)
            return reel_run(reel, i);
    return NULL;
}

static void show_run(struct model_lane *shown, const struct reel_run *run)
{
    shown->work = run->work;
    shown->executor = run->executor;
    shown->list_name = run->list;
    shown->jobs = run->jobs;
    shown->builtin = run->builtin;
}

static void show_nothing(struct model_lane *shown)
{
    shown->started = false;
    shown->snap = (struct snapshot){0};
    shown->tasks = NULL;
    shown->percents = NULL;
    shown->marks = NULL;
    shown->sentence[0] = 0;
}

/* Another run than in the frame before: nothing of that one is shown. */
static void change_run(struct app *app, int number, unsigned run)
{
    struct app_past_lane *past = &app->replay.lanes[number];
    if (past->run == run)
        return;
    past->run = run;
    app_sentence_reset(&past->sentence);
    app_figures_reset(&past->figures);
    app->model.lanes[number].sentence[0] = 0;
    app_filter_forget(app, number);
    app_worker_forget(app);
    if (app->options->reel)
        app->model.lanes[number].selected = app->model.lanes[number].top = 0;
}

static void show_view(struct app *app, int number, const struct reel_view *view, bool moved)
{
    struct app_past_lane *past = &app->replay.lanes[number];
    struct model_lane *shown = &app->model.lanes[number];
    bool over = run_state_is_over(view->snap.state);
    show_run(shown, view->run);
    shown->started = true;
    shown->snap = view->snap;
    shown->executor = view->snap.executor;
    shown->tasks = over ? NULL : view->tasks;
    shown->sampled_every_ns = view->sampled_every_ns;
    if (moved)
        app_figures_reset(&past->figures); /* what is shown is what was there */
    bool due = app_figures_hold(&past->figures, shown);
    app_sentence_update(&past->sentence, shown, view->snap.usable_cores, view->snap.now_ns, due, moved);
    app_filter_mark(app, number);
}

/* moved: the playhead was put somewhere, or stands still; else it runs. */
static void show_lane(struct app *app, int number, bool moved)
{
    struct app_past_lane *past = &app->replay.lanes[number];
    struct model_lane *shown = &app->model.lanes[number];
    struct reel *reel = reel_of(app, number);
    struct reel_view view = {.run = NULL};
    const struct reel_run *first = first_run(reel, number);
    shown->there = app->options->reel ? first != NULL : app->behind[number].there;
    past->timeline = NULL;
    if (reel && reel_look(reel, number, app->replay.at_ns, &view) != 0)
        app_say(app, true, "this moment cannot be shown: there is no memory for it, or the record has changed");
    change_run(app, number, view.run ? view.run->number : 0);
    if (view.run) {
        past->timeline = view.timeline;
        show_view(app, number, &view, moved);
        return;
    }
    show_nothing(shown);
    if (first)
        show_run(shown, first);
}

static void show_machine(struct app *app)
{
    struct reel_machine machine;
    struct model *model = &app->model;
    struct reel *reel = reel_of(app, model->focus) ? reel_of(app, model->focus) : reel_of(app, 1 - model->focus);
    bool known = reel && reel_machine(reel, app->replay.at_ns, &machine);
    if (!known)
        machine = (struct reel_machine){.cores = model->cores};
    model->load = machine.load;
    model->processes = machine.processes;
    model->origin_running = machine.origin_running;
    model->origin_latency_ms = machine.origin_latency_ms;
    model->origin_rate = machine.origin_rate;
    if (app->options->reel)
        model->cores = machine.cores;
}

/* The runs that were over by then, the newest first. */
static void show_results(struct app *app)
{
    struct app_replay *replay = &app->replay;
    struct model *model = &app->model;
    size_t count = 0;
    while (count < replay->results_count && replay->results[count].end_ns <= replay->at_ns)
        count++;
    if (!app->options->reel || count == replay->results_shown)
        return;
    replay->results_shown = count;
    model->results_count = count < MODEL_RESULTS_MAX ? count : MODEL_RESULTS_MAX;
    for (size_t i = 0; i < model->results_count; i++)
        model->results[i] = replay->results[count - 1 - i].result;
}

static void show_playhead(struct app *app)
{
    const struct app_replay *replay = &app->replay;
    bool damaged = app->options->reel && *reel_damage(app->options->reel);
    app->model.replay = (struct model_replay){.on = true,
                                              .rewind = !app->options->reel,
                                              .paused = replay->paused,
                                              .damaged = damaged,
                                              .at_ns = replay->at_ns - replay->begin_ns,
                                              .length_ns = replay->end_ns - replay->begin_ns,
                                              .speed = speeds[replay->speed].word};
}

/* --- the playhead ----------------------------------------------------------------------------------- */

static void put(struct app *app, uint64_t at_ns)
{
    struct app_replay *replay = &app->replay;
    replay->at_ns = at_ns < replay->begin_ns ? replay->begin_ns : at_ns > replay->end_ns ? replay->end_ns : at_ns;
    replay->moved = true;
}

static void leave(struct app *app)
{
    struct app_replay *replay = &app->replay;
    for (int i = 0; i < MODEL_LANES; i++) {
        size_t selected = app->model.lanes[i].selected, top = app->model.lanes[i].top;
        const struct filter filter = app->model.lanes[i].filter;
        app->model.lanes[i] = app->behind[i];
        app->model.lanes[i].filter = filter;
        app->model.lanes[i].selected = selected;
        app->model.lanes[i].top = top;
        app_filter_forget(app, i);
        app_filter_mark(app, i);
        app_figures_free(&replay->lanes[i].figures);
    }
    app_worker_forget(app);
    close_reels(app);
    *replay = (struct app_replay){.speed = SPEED_NORMAL};
    app->model.replay = (struct model_replay){.on = false};
    app->load_ns = app->processes_ns = 0; /* the top line is of now again */
    app_say(app, false, "this is live again");
}

/* The end of what there is: a record stands still there; looking back, there is more by now, or it is the present. */
static void arrive(struct app *app)
{
    struct app_replay *replay = &app->replay;
    uint64_t end_ns = replay->end_ns;
    if (!app->options->reel) {
        if (!open_reels(app) || replay->end_ns < end_ns + NS_PER_S / 2)
            leave(app);
        return;
    }
    const char *damage = reel_damage(app->options->reel);
    replay->paused = true;
    app_say(app, *damage != 0, "%s", *damage ? damage : "this is the end; space plays it again, q leaves");
}

/* With nothing going on, the next run of the record begins soon. */
static uint64_t skip_idle(struct app *app, uint64_t at_ns)
{
    const struct reel *reel = app->options->reel;
    uint64_t next_ns = 0;
    for (size_t i = 0; reel && i < reel_runs(reel); i++) {
        const struct reel_run *run = reel_run(reel, i);
        if (run->begin_ns <= at_ns && run->end_ns + IDLE_NS > at_ns)
            return at_ns;
        if (run->begin_ns > at_ns && (!next_ns || run->begin_ns < next_ns))
            next_ns = run->begin_ns;
    }
    return next_ns ? next_ns : at_ns;
}

static void run_on(struct app *app)
{
    struct app_replay *replay = &app->replay;
    uint64_t now_ns = clock_now_ns();
    double passed_ns = (double)(now_ns - replay->ticked_ns) * speeds[replay->speed].factor;
    replay->ticked_ns = now_ns;
    if (replay->paused)
        return;
    uint64_t at_ns = skip_idle(app, replay->at_ns + (uint64_t)passed_ns);
    bool arrived = at_ns >= replay->end_ns;
    replay->at_ns = arrived ? replay->end_ns : at_ns;
    if (arrived)
        arrive(app);
}

void app_replay_tick(struct app *app)
{
    struct app_replay *replay = &app->replay;
    if (!replay->on)
        return;
    run_on(app);
    if (!replay->on)
        return; /* it has come to the present */
    bool moved = replay->moved || replay->paused;
    for (int i = 0; i < MODEL_LANES; i++)
        show_lane(app, i, moved);
    if (replay->moved)
        app->worker.due_ns = app->worker.jobs_due_ns = 0; /* the page is of the playhead, too */
    replay->moved = false;
    show_machine(app);
    show_results(app);
    show_playhead(app);
}

bool app_replay_is_playing(const struct app *app)
{
    return app->replay.on && !app->replay.paused;
}

/* --- opening ---------------------------------------------------------------------------------------- */

static void begin(struct app *app, uint64_t at_ns, bool paused)
{
    struct app_replay *replay = &app->replay;
    app->model.typed[0] = 0; /* a number of workers is for the present */
    replay->on = true;
    replay->paused = paused;
    replay->speed = SPEED_NORMAL;
    replay->ticked_ns = clock_now_ns();
    for (int i = 0; i < MODEL_LANES; i++)
        app_sentence_reset(&replay->lanes[i].sentence);
    app_worker_forget(app);
    put(app, at_ns);
}

static int by_end(const void *a, const void *b)
{
    const struct app_past_result *left = a, *right = b;
    return (left->end_ns > right->end_ns) - (left->end_ns < right->end_ns);
}

/* What the last sequential run of the same list took; 0: there was none. */
static double sequential_s(const struct app_replay *replay, const struct reel_run *run)
{
    for (size_t i = replay->results_count; i > 0; i--) {
        const struct app_past_result *past = &replay->results[i - 1];
        if (past->sequential && past->result.work == run->work &&
            strncmp(past->result.list, run->list, sizeof past->result.list - 1) == 0)
            return past->result.wall_s;
    }
    return 0;
}

/* Every run that came to its end, as the results' pane has it. */
static void read_results(struct app *app)
{
    struct app_replay *replay = &app->replay;
    struct reel *reel = app->options->reel;
    replay->results = sys_alloc_zeroed(reel_runs(reel), sizeof *replay->results);
    for (size_t i = 0; replay->results && i < reel_runs(reel); i++) {
        const struct reel_run *run = reel_run(reel, i);
        struct app_past_result past = {.end_ns = run->end_ns};
        struct reel_view view;
        double sequential = sequential_s(replay, run);
        if (!run->over || reel_look_at_run(reel, i, run->end_ns, &view) != 0 || !app_results_worth(&view.snap))
            continue;
        past.sequential = app_results_fair(&view.snap, view.disturbed) && run->executor.how == HOW_SEQUENTIAL;
        past.result = app_results_of(&view.snap, run->list, view.disturbed, &sequential, 0);
        replay->results[replay->results_count++] = past;
    }
    if (replay->results)
        qsort(replay->results, replay->results_count, sizeof *replay->results, by_end);
    for (size_t i = 0; i < replay->results_count; i++)
        replay->results[i].result.number = (unsigned)i + 1;
    replay->results_shown = SIZE_MAX;
}

void app_replay_open(struct app *app)
{
    struct reel *reel = app->options->reel;
    struct reel *const reels[MODEL_LANES] = {reel};
    const char *damage = reel_damage(reel);
    find_ends(&app->replay, reels);
    read_results(app);
    app->model.focus = first_run(reel, 0) ? 0 : 1;
    begin(app, app->replay.begin_ns, false);
    app_replay_tick(app);
    if (*damage)
        app_say(app, true, "%s", damage);
}

void app_replay_rewind(struct app *app)
{
    if (app->replay.on)
        return;
    if (app->model.view == VIEW_TWO_RUNS)
        app->model.view = VIEW_PANES; /* those are of the present */
    if (!open_reels(app)) {
        app_say(app, true, "there is nothing to look back at: r starts a run");
        return;
    }
    for (int i = 0; i < MODEL_LANES; i++)
        app->behind[i] = app->model.lanes[i];
    uint64_t length_ns = app->replay.end_ns - app->replay.begin_ns, back_ns = length_ns / STEPS_OF_ALL;
    begin(app, app->replay.end_ns - (back_ns < STEP_NS ? back_ns : STEP_NS), true);
    app_replay_tick(app);
    malloc_trim(0); /* reading a record takes more than what is kept of it */
    app_say(app, false, "a look back; what goes on goes on: Left Right move, space plays, b comes back");
}

void app_replay_free(struct app *app)
{
    close_reels(app);
    for (int i = 0; i < MODEL_LANES; i++)
        app_figures_free(&app->replay.lanes[i].figures);
    free(app->replay.results);
}

const struct timeline *app_lane_timeline(const struct app *app, int lane)
{
    static const struct timeline none = {.rows = NULL};
    const struct timeline *past = app->replay.lanes[lane].timeline;
    if (!app->replay.on)
        return &app->lanes[lane].timeline;
    return past ? past : &none;
}

/* --- keys ------------------------------------------------------------------------------------------- */

static void play(struct app *app)
{
    struct app_replay *replay = &app->replay;
    replay->paused = !replay->paused;
    replay->ticked_ns = clock_now_ns();
    if (!replay->paused && replay->at_ns >= replay->end_ns)
        put(app, replay->begin_ns);
}

static void move(struct app *app, bool on)
{
    const struct app_replay *replay = &app->replay;
    uint64_t step_ns = (replay->end_ns - replay->begin_ns) / STEPS_OF_ALL, back_ns = replay->at_ns - replay->begin_ns;
    step_ns = step_ns < STEP_NS ? step_ns : STEP_NS;
    put(app, on ? replay->at_ns + step_ns : replay->at_ns - (step_ns < back_ns ? step_ns : back_ns));
}

static void change_speed(struct app *app, int step)
{
    int speed = app->replay.speed + step;
    if (speed < 0 || speed >= SPEEDS)
        app_say(app, true, step < 0 ? "it does not get any slower" : "it does not get any faster");
    else
        app->replay.speed = speed;
}

/* To the next thing that changed, in any lane. */
static void step(struct app *app, bool on)
{
    struct app_replay *replay = &app->replay;
    uint64_t best_ns = 0;
    for (int i = 0; i < MODEL_LANES; i++) {
        struct reel *reel = reel_of(app, i);
        uint64_t time_ns = !reel ? 0 : on ? reel_next_event(reel, replay->at_ns) : reel_last_event(reel, replay->at_ns);
        if (time_ns && (!best_ns || (on ? time_ns < best_ns : time_ns > best_ns)))
            best_ns = time_ns;
    }
    replay->paused = true;
    if (best_ns)
        put(app, best_ns);
    else
        app_say(app, true, on ? "nothing happens any more" : "nothing happened before");
}

static void go_to_end(struct app *app)
{
    if (!app->options->reel) {
        leave(app);
        return;
    }
    put(app, app->replay.end_ns);
    arrive(app);
}

static void come_back(struct app *app)
{
    if (app->options->reel)
        app_say(app, true, "this is a record, with nothing live behind it: q leaves");
    else
        leave(app);
}

/* Esc closes what lies on top first. */
static bool escape(struct app *app)
{
    bool filter = app->model.lanes[0].filter.text[0] || app->model.lanes[1].filter.text[0];
    if (app->model.view != VIEW_PANES || app->options->reel || filter)
        return false;
    leave(app);
    return true;
}

static bool refuse(struct app *app, int key)
{
    static const char changing[] = "tTpP+-sSglrxkc0123456789";
    if (key <= 0 || key > '~' || !strchr(changing, key))
        return false;
    app_say(app, true,
            app->options->reel ? "that would change a run, and this is the record of one"
                               : "that would change a run, and what is shown is its past: b comes back to it");
    return true;
}

/* While the help lies over it. All other keys would act on what cannot be seen. */
static bool is_for_help(int key)
{
    static const int keys[] = {'?',
                               'q',
                               'Q',
                               TERMINAL_KEY_ESCAPE,
                               TERMINAL_KEY_UP,
                               TERMINAL_KEY_DOWN,
                               TERMINAL_KEY_PAGE_UP,
                               TERMINAL_KEY_PAGE_DOWN,
                               TERMINAL_KEY_HOME,
                               TERMINAL_KEY_END};
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        if (keys[i] == key)
            return true;
    return false;
}

bool app_replay_key(struct app *app, int key)
{
    if (!app->replay.on)
        return false;
    if (app->model.help)
        return !is_for_help(key);
    switch (key) {
    case ' ': play(app); break;
    case TERMINAL_KEY_LEFT: move(app, false); break;
    case TERMINAL_KEY_RIGHT: move(app, true); break;
    case '<': change_speed(app, -1); break;
    case '>': change_speed(app, 1); break;
    case 'n': step(app, true); break;
    case 'N': step(app, false); break;
    case TERMINAL_KEY_HOME: put(app, app->replay.begin_ns); break;
    case TERMINAL_KEY_END: go_to_end(app); break;
    case 'b': come_back(app); break;
    case TERMINAL_KEY_ESCAPE: return escape(app);
    default: return refuse(app, key);
    }
    return true;
}
