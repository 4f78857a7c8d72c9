/* test_flat.c - the flat screen: whole lines of words, the cursor on what changed, at any size; and no picture in it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/unit/screen_model.h"
#include "tests/unit/screen_text.h"
#include "ui/app_private.h"
#include "ui/canvas.h"
#include "ui/flat.h"
#include "ui/panes.h"

static struct sample *flat_new(void)
{
    struct sample *sample = sample_new();
    sample->model.flat.on = true;
    return sample;
}

static void draw(struct canvas *canvas, const struct model *model, int columns, int rows)
{
    *canvas = (struct canvas){.ascii = false};
    assert_int_equal(canvas_resize(canvas, columns, rows), 0);
    screen_draw(canvas, model);
}

/* The row on which the cursor stands. */
static void assert_cursor_on(const struct model *model, int columns, int rows, const char *wanted)
{
    struct canvas canvas;
    draw(&canvas, model, columns, rows);
    char *text = text_of(&canvas), *line = text;
    for (int y = 0; y < canvas.cursor_y && strchr(line, '\n'); y++)
        line = strchr(line, '\n') + 1;
    line[strcspn(line, "\n")] = '\0';
    if (strstr(line, wanted) == NULL || canvas.cursor_x != 0)
        fail_msg("the cursor stands on row %d, column %d, \"%s\", not on \"%s\"", canvas.cursor_y, canvas.cursor_x, line,
                 wanted);
    free(text);
    canvas_free(&canvas);
}

/* --- golden screens --------------------------------------------------------------------------------- */

static void screens_look_as_drawn(void **state)
{
    (void)state;
    struct sample *sample = flat_new();
    check_golden(&sample->model, "flat-120x36", 120, 36, false);
    check_golden(&sample->model, "flat-80x24", 80, 24, false);
    check_golden(&sample->model, "flat-60x30", 60, 30, false);
    check_golden(&sample->model, "flat-40x10", 40, 10, false);
    sample->model.help = true;
    check_golden(&sample->model, "flat-help-80x24", 80, 24, false);
    sample->model.help = false;
    sample_end(sample);
    check_golden(&sample->model, "flat-done-80x24", 80, 24, false);
    free(sample);
}

static void views_look_as_drawn(void **state)
{
    static const struct {
        enum model_view view;
        const char *name;
    } views[] = {
        {VIEW_JUGGLER, "flat-juggler-80x24"}, {VIEW_ACCOUNT, "flat-account-80x24"}, {VIEW_WORKER, "flat-worker-80x24"}};
    (void)state;
    struct sample *sample = flat_new();
    for (size_t i = 0; i < sizeof views / sizeof *views; i++) {
        sample->model.view = views[i].view;
        sample->model.worker = (struct model_worker){
            .known = true, .held = sample->workers[0][1], .now_ns = sample->model.lanes[0].snap.now_ns};
        check_golden(&sample->model, views[i].name, 80, 24, false);
    }
    sample_compare(sample, true);
    check_golden(&sample->model, "flat-compare-80x24", 80, 24, false);
    free(sample);
}

/* --- words ------------------------------------------------------------------------------------------- */

/* No box, no block, no bar, on any screen, also in ASCII. */
static void nothing_is_drawn_but_words(void **state)
{
    static const uint32_t pictures[] = {0x2500, 0x2502, 0x2588, 0x2591, 0x2592, 0x2593, 0x25cf, 0xb7};
    (void)state;
    for (int view = 0; view < VIEW_COUNT; view++) {
        struct sample *sample = flat_new();
        struct canvas canvas;
        sample_gil(sample);
        sample_compare(sample, true);
        sample->model.view = (enum model_view)view;
        sample->model.worker = (struct model_worker){.known = true, .held = sample->workers[0][1]};
        draw(&canvas, &sample->model, 100, 40);
        for (int i = 0; i < canvas.columns * canvas.rows; i++)
            for (size_t sign = 0; sign < sizeof pictures / sizeof *pictures; sign++)
                assert_int_not_equal(canvas.cells[i].glyph, pictures[sign]);
        canvas_free(&canvas);
        free(sample);
    }
}

static void a_worker_is_a_line(void **state)
{
    (void)state;
    struct sample *sample = flat_new();
    char text[FLAT_TEXT_BYTES];
    flat_worker_text(&sample->model.lanes[0], 0, false, text);
    assert_string_equal(text, "thread 1: receiving 14877957549_ccb7e55494_b.jpg, 62 percent");
    flat_worker_text(&sample->model.lanes[0], 7, false, text);
    assert_string_equal(text, "thread 8: receiving 32290937_4163039ab5_b.jpg, 44 percent, try 3");
    flat_worker_text(&sample->model.lanes[1], 1, false, text);
    assert_string_equal(text, "process 2: computing, primes up to 182048, 88 percent, on core 1");
    sample->tasks[1][1].no_core = true;
    flat_worker_text(&sample->model.lanes[1], 1, false, text);
    assert_string_equal(text, "process 2: ready, no core, primes up to 182048, 88 percent");
    sample->workers[1][1].alive = false;
    sample->workers[1][1].data.exit = WORKER_EXIT_KILLED;
    sample->workers[1][1].data.exit_signal = 9;
    flat_worker_text(&sample->model.lanes[1], 1, false, text);
    assert_int_equal(strncmp(text, "process 2: dead, signal 9, 3 jobs", 33), 0);
    free(sample);
}

/* A name that would move the cursor or say something else stays a name. */
static void names_are_made_fit_to_show(void **state)
{
    (void)state;
    struct sample *sample = flat_new();
    char text[FLAT_TEXT_BYTES];
    sample->workers[0][0].data.job = 18;
    flat_worker_text(&sample->model.lanes[0], 0, false, text);
    assert_null(strchr(text, 0x1b));
    assert_non_null(strstr(text, "evil\\x1B"));
    free(sample);
}

static void time_is_told_in_shares(void **state)
{
    struct journal_event events[] = {{.time_ns = NS_PER_S, .phase = PHASE_WAITING, .job = 1},
                                     {.time_ns = 2 * NS_PER_S, .phase = PHASE_RECEIVING, .job = 1},
                                     {.time_ns = 4 * NS_PER_S, .phase = PHASE_COMPUTING, .job = 1}};
    struct snapshot snap = {.state = RUN_RUNNING, .start_ns = NS_PER_S, .slots = 1, .now_ns = 5 * NS_PER_S};
    struct timeline timeline = {0};
    (void)state;
    struct sample *sample = flat_new();
    snap.journal = (struct journal){.events = events, .count = 3};
    assert_int_equal(timeline_update(&timeline, &snap, NULL), 0);
    sample->model.view = VIEW_TIMELINE;
    sample->model.timeline =
        (struct timeline_view){.tracks = {{.timeline = &timeline, .letter = 't', .zero_ns = NS_PER_S, .selected = SIZE_MAX}},
                               .count = 1,
                               .end_ns = 4 * NS_PER_S,
                               .span_ns = 10 * NS_PER_S};
    assert_shows(&sample->model, 80, 24, "time: the last 10 s, up to second 4.0 of the run");
    assert_shows(&sample->model, 80, 24, "thread 1: running 25 percent, waiting 25 percent, receiving 50 percent");
    sample->model.timeline.frozen = true;
    assert_shows(&sample->model, 80, 24, "time: held, 10 s");
    timeline_free(&timeline);
    free(sample);
}

static void a_view_without_words_shows_the_lanes_and_says_so(void **state)
{
    (void)state;
    struct sample *sample = flat_new();
    assert_null(flat_view_of(VIEW_COUNT));
    sample->model.view = VIEW_COUNT; /* of a program that is newer than this table */
    assert_shows(&sample->model, 80, 24, "not told in words yet");
    assert_shows(&sample->model, 80, 24, "DOWNLOADS");
    free(sample);
}

/* --- the cursor ----------------------------------------------------------------------------------------- */

static void the_cursor_stands_on_what_changed(void **state)
{
    (void)state;
    struct sample *sample = flat_new();
    struct model *model = &sample->model;
    strcpy(model->status, "11 threads from now on");
    model->flat = (struct model_flat){.on = true, .at = FLAT_AT_ANSWER};
    assert_cursor_on(model, 80, 24, "11 threads from now on");
    model->flat = (struct model_flat){.on = true, .at = FLAT_AT_STATE, .lane = 1};
    assert_cursor_on(model, 80, 24, "PRIMES, CPU-bound, process-pool:4, running 2 s");
    model->flat = (struct model_flat){.on = true, .at = FLAT_AT_COUNTS, .lane = 0};
    assert_cursor_on(model, 80, 24, "5 of 20 done, 10 active");
    model->flat = (struct model_flat){.on = true, .at = FLAT_AT_TROUBLE, .lane = 0};
    assert_cursor_on(model, 80, 24, "Nine of ten threads");
    model->lanes[0].selected = 4;
    model->flat = (struct model_flat){.on = true, .at = FLAT_AT_WORKER, .lane = 0};
    assert_cursor_on(model, 80, 24, "thread 5: waiting");
    model->lanes[0].selected = 9;
    assert_cursor_on(model, 40, 10, "thread 10"); /* the selected one is on the smallest screen, too */
    model->view = VIEW_JUGGLER;
    model->flat = (struct model_flat){.on = true, .at = FLAT_AT_VIEW};
    assert_cursor_on(model, 80, 24, "juggler: 2 hands");
    free(sample);
}

/* What the app makes of two moments that follow one another. */
static void what_matters_most_wins(void **state)
{
    (void)state;
    struct sample *sample = flat_new();
    static struct app app;
    app.model = sample->model;
    app_flat_tick(&app);
    app.model.lanes[1].snap.done++;
    app_flat_tick(&app);
    assert_true(app.model.flat.at == FLAT_AT_COUNTS && app.model.flat.lane == 1);
    app_flat_tick(&app); /* nothing new: it stays */
    assert_true(app.model.flat.at == FLAT_AT_COUNTS && app.model.flat.lane == 1);
    app.model.lanes[0].snap.done++;
    app.model.lanes[0].snap.state = RUN_DONE;
    app_flat_tick(&app);
    assert_true(app.model.flat.at == FLAT_AT_STATE && app.model.flat.lane == 0);
    app.model.lanes[0].snap.failed++;
    app_flat_tick(&app);
    assert_true(app.model.flat.at == FLAT_AT_TROUBLE && app.model.flat.lane == 0);
    app.model.lanes[0].selected++;
    app_flat_tick(&app);
    assert_int_equal(app.model.flat.at, FLAT_AT_WORKER);
    app.model.lanes[1].snap.failed++;
    app.status_ns = 7;
    app_flat_tick(&app);
    assert_int_equal(app.model.flat.at, FLAT_AT_ANSWER);
    app.model.view = VIEW_JUGGLER;
    app_flat_tick(&app);
    assert_int_equal(app.model.flat.at, FLAT_AT_VIEW);
    app.model.view = VIEW_PANES;
    app.model.focus = 1;
    app_flat_tick(&app);
    assert_true(app.model.flat.at == FLAT_AT_STATE && app.model.flat.lane == 1);
    free(sample);
}

/* --- sizes ------------------------------------------------------------------------------------------------ */

static void any_size_will_do(void **state)
{
    static const int sizes[] = {1, 2, 3, 5, 9, 17, 24, 40, 81, 200};
    (void)state;
    struct sample *sample = flat_new();
    sample_crowd(sample, 0, 1000);
    sample_compare(sample, true);
    for (int view = 0; view < VIEW_COUNT; view++) {
        sample->model.view = (enum model_view)view;
        sample->model.help = view == VIEW_WORKER;
        for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
            for (size_t j = 0; j < sizeof sizes / sizeof *sizes; j++) {
                struct canvas canvas;
                draw(&canvas, &sample->model, sizes[i], sizes[j]);
                assert_true(canvas.cursor_y < canvas.rows && canvas.cursor_x < canvas.columns);
                canvas_free(&canvas);
            }
        }
    }
    free(sample);
}

/* A long answer takes a second line, so that it is read whole. */
static void answers_are_whole(void **state)
{
    (void)state;
    struct sample *sample = flat_new();
    strcpy(sample->model.status,
           "f holds the picture, [ ] longer and shorter, Left Right move it, Home the whole run, v or Esc back");
    assert_shows(&sample->model, 80, 24, "\nrun, v or Esc back\n");
    free(sample);
}

static void a_thousand_workers_scroll(void **state)
{
    (void)state;
    struct sample *sample = flat_new();
    sample_crowd(sample, 0, 1000);
    int rows = screen_lane_rows(80, 30, &sample->model, 0);
    assert_true(rows >= 8 && rows <= 16);
    assert_true(screen_lane_rows(80, 24, &sample->model, 0) >= 4); /* on a projector both lanes have theirs */
    assert_true(screen_lane_rows(80, 24, &sample->model, 1) >= 4);
    sample->model.lanes[0].selected = 777;
    assert_shows(&sample->model, 80, 24, "thread 778: ");
    free(sample);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(screens_look_as_drawn),
        cmocka_unit_test(views_look_as_drawn),
        cmocka_unit_test(nothing_is_drawn_but_words),
        cmocka_unit_test(a_worker_is_a_line),
        cmocka_unit_test(names_are_made_fit_to_show),
        cmocka_unit_test(time_is_told_in_shares),
        cmocka_unit_test(a_view_without_words_shows_the_lanes_and_says_so),
        cmocka_unit_test(the_cursor_stands_on_what_changed),
        cmocka_unit_test(what_matters_most_wins),
        cmocka_unit_test(any_size_will_do),
        cmocka_unit_test(answers_are_whole),
        cmocka_unit_test(a_thousand_workers_scroll),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
