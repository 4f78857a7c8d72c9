/* test_timeline_pane.c - the picture of time as cells: shades, letters, marks, the axis, any size. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "tests/unit/golden.h"
#include "ui/timeline_pane.h"

enum { START = 1000000 };

/* --- a run made up -------------------------------------------------------------------------------- */

struct story {
    struct journal_event events[64];
    struct snapshot snap;
    struct timeline timeline;
    struct canvas canvas;
    char *text;
};

static void tell(struct story *story, unsigned ms, uint32_t slot, uint32_t job, enum phase phase)
{
    story->events[story->snap.journal.count++] =
        (struct journal_event){.time_ns = START + ms * NS_PER_MS, .slot = slot, .job = job, .phase = (uint32_t)phase};
}

/* Two threads in two batches of four seconds in all; the second one is killed at its end. */
static void tell_two_batches(struct story *story)
{
    story->snap = (struct snapshot){.state = RUN_RUNNING, .start_ns = START, .slots = 2, .now_ns = START + 4 * NS_PER_S};
    story->snap.journal.events = story->events;
    for (uint32_t slot = 0; slot < 2; slot++) {
        tell(story, 0, slot, slot + 1, PHASE_WAITING);
        tell(story, slot ? 1000 : 500, slot, slot + 1, PHASE_RECEIVING);
    }
    tell(story, 1500, 0, 0, PHASE_BARRIER);
    tell(story, 2000, 1, 0, PHASE_BARRIER);
    for (uint32_t slot = 0; slot < 2; slot++) {
        tell(story, 2000, slot, 0, PHASE_STARTING);
        tell(story, 2001, slot, slot + 3, PHASE_COMPUTING);
    }
    tell(story, 3500, 1, 4, PHASE_DEAD);
}

static struct timeline_view view_of(const struct story *story)
{
    return (struct timeline_view){
        .tracks = {{.timeline = &story->timeline, .letter = 't', .zero_ns = START, .selected = SIZE_MAX}},
        .count = 1,
        .end_ns = 4 * NS_PER_S,
        .span_ns = 4 * NS_PER_S};
}

static void draw(struct story *story, const struct timeline_view *view, int columns, int rows, bool ascii)
{
    free(story->text);
    assert_int_equal(canvas_resize(&story->canvas, columns, rows), 0);
    canvas_clear(&story->canvas);
    story->canvas.ascii = ascii;
    timeline_draw(&story->canvas, (struct rect){0, 0, columns, rows}, view);
    story->text = text_of(&story->canvas);
}

static int begin(void **state)
{
    struct story *story = calloc(1, sizeof *story);
    tell_two_batches(story);
    *state = story;
    return timeline_update(&story->timeline, &story->snap, NULL);
}

static int end(void **state)
{
    struct story *story = *state;
    timeline_free(&story->timeline);
    canvas_free(&story->canvas);
    free(story->text);
    free(story);
    return 0;
}

static const char *line_of(const struct story *story, int row, char out[512])
{
    const char *at = story->text;
    for (int i = 0; i < row; i++)
        at = strchr(at, '\n') + 1;
    snprintf(out, 512, "%.*s", (int)strcspn(at, "\n"), at);
    return out;
}

/* --- what is seen --------------------------------------------------------------------------------- */

/* 40 columns for four seconds: a column is a tenth of one. */
static void a_row_tells_what_its_worker_did(void **state)
{
    struct story *story = *state;
    struct timeline_view view = view_of(story);
    char line[512];
    draw(story, &view, 48, 7, true);
    assert_string_equal(line_of(story, 1, line), "| t1  |W...%R%%%%%%%%_B___:P################## |");
    assert_string_equal(line_of(story, 2, line), "| t2  |W........%R%%%%%%%%:P#############X     |");
}

static void colours_are_roles(void **state)
{
    struct story *story = *state;
    struct timeline_view view = view_of(story);
    draw(story, &view, 48, 7, false);
    assert_int_equal(canvas_at(&story->canvas, 6 + 3, 1)->role, ROLE_WAITING);
    assert_int_equal(canvas_at(&story->canvas, 6 + 10, 1)->role, ROLE_RECEIVING);
    assert_int_equal(canvas_at(&story->canvas, 6 + 19, 1)->role, ROLE_BARRIER);
    assert_int_equal(canvas_at(&story->canvas, 6 + 30, 1)->role, ROLE_RUNNING);
    assert_int_equal(canvas_at(&story->canvas, 6 + 35, 2)->role, ROLE_FAILED);
    assert_int_equal(canvas_at(&story->canvas, 6 + 30, 1)->glyph, 0x2588);
    assert_int_equal(canvas_at(&story->canvas, 6 + 20, 1)->glyph, 0x2502); /* the batch's end, through both lanes */
    assert_int_equal(canvas_at(&story->canvas, 6 + 20, 2)->glyph, 0x2502);
}

static void every_state_has_a_shade_of_its_own(void **state)
{
    (void)state;
    const struct timeline_cell cells[] = {{.phase = PHASE_COMPUTING},
                                          {.phase = PHASE_COMPUTING, .no_core = true},
                                          {.phase = PHASE_WAITING},
                                          {.phase = PHASE_RECEIVING},
                                          {.phase = PHASE_GIL},
                                          {.phase = PHASE_BARRIER},
                                          {.phase = PHASE_NO_WORK},
                                          {.phase = PHASE_PAUSED},
                                          {.phase = PHASE_DEAD, .killed = true}};
    for (size_t i = 0; i < sizeof cells / sizeof *cells; i++)
        for (size_t j = 0; j < i; j++) {
            assert_int_not_equal(timeline_glyph(&cells[i], false), timeline_glyph(&cells[j], false));
            assert_int_not_equal(timeline_glyph(&cells[i], true), timeline_glyph(&cells[j], true));
        }
}

static void the_axis_has_round_figures_at_their_moments(void **state)
{
    struct story *story = *state;
    struct timeline_view view = view_of(story);
    char line[512];
    draw(story, &view, 48, 10, true);
    assert_string_equal(line_of(story, 8, line), "|     0 s                 2 s                  |");
    draw(story, &view, 48, 5, true); /* in little room they stand on the edge */
    assert_string_equal(line_of(story, 4, line), "+-----0 s ----------------2 s -----------------+");
    view.span_ns = NS_PER_S;
    draw(story, &view, 108, 10, true);
    assert_non_null(strstr(line_of(story, 8, line), "3.2 s"));
    assert_ptr_equal(strstr(line, "3.2 s"), line + 6 + 20); /* a hundred columns for a second */
}

static void what_is_frozen_says_so_and_stands(void **state)
{
    struct story *story = *state;
    struct timeline_view view = view_of(story);
    char line[512];
    view.frozen = true;
    view.end_ns = 2 * NS_PER_S;
    view.span_ns = 2 * NS_PER_S;
    draw(story, &view, 60, 7, true);
    assert_non_null(strstr(line_of(story, 0, line), "FROZEN"));
    assert_null(strchr(line_of(story, 1, line), '#')); /* the second batch is not on it */
}

static void more_workers_than_rows_are_counted(void **state)
{
    struct story *story = *state;
    struct timeline_view view = view_of(story);
    draw(story, &view, 60, 3, true);
    assert_non_null(strstr(story->text, "and 1 more"));
    view.tracks[0].selected = 1;
    draw(story, &view, 60, 3, true);
    assert_non_null(strstr(story->text, "t2")); /* the selected one is among those shown */
}

static void two_runs_stand_on_one_axis(void **state)
{
    struct story *story = *state;
    struct timeline_view view = view_of(story);
    char line[512], other[512];
    view.tracks[1] = view.tracks[0];
    view.tracks[1].letter = 'p';
    view.count = 2;
    draw(story, &view, 60, 6, true); /* no room for a line between them */
    assert_non_null(strstr(line_of(story, 1, line), " t1 "));
    assert_non_null(strstr(line_of(story, 4, line), " p2 "));
    assert_string_equal(strchr(line_of(story, 4, line), '2'), strchr(line_of(story, 2, other), '2'));
    draw(story, &view, 60, 7, true);
    assert_null(strpbrk(line_of(story, 3, line), "tp#%.:"));
    assert_non_null(strstr(line_of(story, 4, line), " p1 "));
}

/* What is held is held, though its run goes on. */
static void nothing_right_of_the_edge_is_drawn(void **state)
{
    struct story *story = *state;
    struct timeline_view view = view_of(story);
    char line[512];
    view.end_ns = NS_PER_S;
    draw(story, &view, 48, 7, true);
    assert_string_equal(line_of(story, 1, line), "| t1  |W...%R%%%                               |");
}

/* --- which lanes ---------------------------------------------------------------------------------- */

/* So many workers in two runs, t and p; all of them wait. */
static void tell_crowd(struct story *story, size_t threads, size_t processes, struct timeline runs[2])
{
    const size_t counts[2] = {threads, processes};
    (void)story;
    for (int run = 0; run < 2; run++) {
        struct journal_event *events = calloc(counts[run] + 1, sizeof *events);
        assert_non_null(events);
        for (size_t i = 0; i < counts[run]; i++)
            events[i] = (struct journal_event){.time_ns = START, .slot = (uint32_t)i, .job = 1, .phase = PHASE_WAITING};
        struct snapshot snap = {.state = RUN_RUNNING, .start_ns = START, .now_ns = START + NS_PER_S, .slots = counts[run]};
        snap.journal = (struct journal){.events = events, .count = counts[run]};
        runs[run] = (struct timeline){0};
        assert_int_equal(timeline_update(&runs[run], &snap, NULL), 0);
        free(events);
    }
}

static struct timeline_view crowd_of(const struct timeline runs[2], int focus)
{
    struct timeline_view view = {.count = 2, .end_ns = NS_PER_S, .span_ns = NS_PER_S};
    for (int i = 0; i < 2; i++)
        view.tracks[i] = (struct timeline_track){.timeline = &runs[i],
                                                 .letter = i ? 'p' : 't',
                                                 .zero_ns = START,
                                                 .selected = i == focus ? 0 : SIZE_MAX,
                                                 .focus = i == focus};
    return view;
}

/* How many lines begin with a name of this letter. */
static int lanes_shown(const struct story *story, char letter)
{
    char begin[8], line[512];
    int lanes = 0;
    snprintf(begin, sizeof begin, "| %c", letter);
    for (int row = 1; row + 1 < story->canvas.rows; row++)
        lanes += strncmp(line_of(story, row, line), begin, 3) == 0;
    return lanes;
}

static void the_lane_in_focus_has_more_of_scarce_rows(void **state)
{
    struct story *story = *state;
    struct timeline runs[2];
    static const int shares[][2] = {{1, 0}, {1, 1}, {2, 1}, {3, 1}, {3, 2}, {4, 2}}; /* of 1 ... 6 rows */
    tell_crowd(story, 10, 10, runs);
    for (int rows = 1; rows <= 6; rows++)
        for (int focus = 0; focus < 2; focus++) {
            struct timeline_view view = crowd_of(runs, focus);
            draw(story, &view, 60, rows + 2, true);
            assert_int_equal(lanes_shown(story, focus ? 'p' : 't'), shares[rows - 1][0]);
            assert_int_equal(lanes_shown(story, focus ? 't' : 'p'), shares[rows - 1][1]);
        }
    timeline_free(&runs[0]);
    timeline_free(&runs[1]);
}

/* What one does not need the other has. */
static void no_row_is_left_idle(void **state)
{
    struct story *story = *state;
    struct timeline runs[2];
    tell_crowd(story, 10, 2, runs);
    struct timeline_view view = crowd_of(runs, 1);
    draw(story, &view, 60, 8, true);
    assert_int_equal(lanes_shown(story, 'p'), 2);
    assert_int_equal(lanes_shown(story, 't'), 4);
    assert_non_null(strstr(story->text, "and 6 more"));
    timeline_free(&runs[0]);
    timeline_free(&runs[1]);
}

static void the_selected_worker_is_always_there(void **state)
{
    struct story *story = *state;
    struct timeline runs[2];
    char name[16];
    tell_crowd(story, 1000, 4, runs);
    struct timeline_view view = crowd_of(runs, 0);
    for (int rows = 3; rows <= 12; rows++)
        for (size_t slot = 0; slot < 1000; slot += slot < 12 || slot > 985 ? 1 : 97) {
            view.tracks[0].selected = slot;
            draw(story, &view, 60, rows, true);
            snprintf(name, sizeof name, "| t%zu ", slot + 1);
            const char *at = strstr(story->text, name);
            assert_non_null(at);
            int row = 0;
            for (const char *c = story->text; c < at; c++)
                row += *c == '\n';
            assert_true(canvas_at(&story->canvas, 2, row)->reverse);
            assert_true(canvas_at(&story->canvas, (int)strlen(name) - 2, row)->reverse); /* the whole name */
        }
    timeline_free(&runs[0]);
    timeline_free(&runs[1]);
}

static void the_cursor_stands_on_the_selected_worker(void **state)
{
    struct story *story = *state;
    struct timeline_view view = view_of(story);
    view.tracks[0].selected = 1;
    draw(story, &view, 60, 8, true);
    assert_int_equal(story->canvas.cursor_y, 0); /* the lanes have it */
    view.cursor = true;
    draw(story, &view, 60, 8, true);
    assert_int_equal(story->canvas.cursor_y, 2);
}

/* --- marks ---------------------------------------------------------------------------------------- */

/* One worker whose jobs, in batches, take so many ms each. */
static struct timeline many_jobs(unsigned ms)
{
    struct timeline timeline = {0};
    struct journal_event *events = calloc(12000 / ms + 3, sizeof *events);
    struct snapshot snap = {.state = RUN_RUNNING, .start_ns = START, .now_ns = START + 4 * NS_PER_S, .slots = 1};
    assert_non_null(events);
    for (unsigned at = 0, job = 1; at < 4000; at += ms, job++) {
        const enum phase phases[] = {PHASE_STARTING, PHASE_COMPUTING, PHASE_BARRIER};
        for (unsigned i = 0; i < 3; i++)
            events[snap.journal.count++] =
                (struct journal_event){.time_ns = START + at * NS_PER_MS + (i == 2 ? ms - 1 : i) * NS_PER_MS,
                                       .job = i == 1 ? job : 0,
                                       .phase = (uint32_t)phases[i]};
    }
    snap.journal.events = events;
    assert_int_equal(timeline_update(&timeline, &snap, NULL), 0);
    free(events);
    return timeline;
}

/* 40 columns for four seconds. */
static void marks_that_would_hide_what_they_part_are_left_out(void **state)
{
    struct story *story = *state;
    struct timeline sparse = many_jobs(1000), dense = many_jobs(150);
    struct timeline_view view = view_of(story);
    char line[512];
    view.tracks[0].timeline = &sparse;
    draw(story, &view, 48, 7, true);
    assert_string_equal(line_of(story, 1, line), "| t1  |P########:P########:P########:P######## |");
    view.tracks[0].timeline = &dense;
    draw(story, &view, 48, 7, true);
    assert_null(strpbrk(strchr(line_of(story, 1, line), '1'), ":"));
    assert_non_null(strstr(line, "####"));
    assert_null(strstr(line_of(story, 1, line) + 4, "|#"));
    timeline_free(&sparse);
    timeline_free(&dense);
}

static void a_letter_stands_only_where_nothing_is_under_it(void **state)
{
    struct story *story = *state;
    struct timeline_view view = view_of(story);
    char line[512];
    view.span_ns = 16 * NS_PER_S; /* 40 columns: what takes half a second has one or two of them */
    view.end_ns = 16 * NS_PER_S;
    draw(story, &view, 48, 7, true);
    assert_string_equal(line_of(story, 1, line), "| t1  |%%%_:P###                               |");
    assert_string_equal(line_of(story, 2, line), "| t2  |..%%:##X                                |");
}

/* --- words ---------------------------------------------------------------------------------------- */

static void the_legend_has_what_there_is(void **state)
{
    struct story *story = *state;
    struct timeline_view view = view_of(story);
    char line[512];
    draw(story, &view, 160, 7, true);
    assert_non_null(strstr(line_of(story, 0, line),
                           " # running  . waiting  % receiving  _ barrier  X killed  : next batch  | new job "));
    draw(story, &view, 84, 7, true); /* briefly, the least telling ones left out */
    assert_non_null(strstr(line_of(story, 0, line), " # run  . wait  % receive  _ barrier  X killed  : batch "));
    tell(story, 3600, 0, 3, PHASE_PAUSED);
    tell(story, 3700, 1, 0, PHASE_NO_WORK);
    tell(story, 3800, 0, 3, PHASE_GIL);
    assert_int_equal(timeline_update(&story->timeline, &story->snap, NULL), 0);
    draw(story, &view, 160, 7, true);
    assert_non_null(strstr(line_of(story, 0, line),
                           " % receiving  L lock  _ barrier  X killed  : next batch  H paused  | new job  - no work "));
}

static void what_is_lost_is_said(void **state)
{
    struct story *story = *state;
    struct timeline_view view = view_of(story);
    char line[512];
    draw(story, &view, 80, 12, true);
    assert_null(strstr(story->text, "lost"));
    view.lost = 1234;
    view.sampled_every_ns = 120 * NS_PER_MS;
    story->timeline.coarse_ns = START + 2 * NS_PER_S;
    draw(story, &view, 100, 12, true);
    line_of(story, 11, line);
    assert_non_null(
        strstr(line, "- 1,234 events lost . before 2.00 s in coarser steps . who has a core: looked at every 120 ms -"));
    const char *at = strstr(line, "1,234");
    assert_int_equal(canvas_at(&story->canvas, (int)(at - line), 11)->role, ROLE_WARNING);
    draw(story, &view, 40, 4, true); /* in little room it is that which stays */
    assert_non_null(strstr(line_of(story, 3, line), "1,234"));
    view.lost = 1;
    draw(story, &view, 60, 4, true);
    assert_non_null(strstr(line_of(story, 3, line), "1 event lost"));
}

static void ends_stand_where_they_are_on_the_axis(void **state)
{
    struct story *story = *state;
    struct timeline_view view = view_of(story);
    char line[512];
    view.span_ns = view.end_ns = 8 * NS_PER_S;
    view.tracks[0].title = "now: thread-batch:2  4.00 s";
    draw(story, &view, 88, 7, true);
    assert_null(strstr(line_of(story, 1, line) + 10 + 27, "4.00")); /* it goes on */
    view.tracks[0].over = true;
    draw(story, &view, 88, 7, true);
    assert_string_equal(line_of(story, 1, line),
                        "| now: thread-batch:2  4.00 s          4.00 s|                                         |");
    assert_int_equal(strchr(line + 10, '|') - line, 6 + 39); /* of 80 columns the first 40 are full */
    view.span_ns = view.end_ns = 16 * NS_PER_S;
    draw(story, &view, 88, 7, true); /* no room left of it: right of it */
    assert_string_equal(line_of(story, 1, line),
                        "| now: thread-batch:2  4.00 s                                                          |");
    view.span_ns = view.end_ns = 12 * NS_PER_S;
    draw(story, &view, 88, 7, true);
    assert_string_equal(line_of(story, 1, line),
                        "| now: thread-batch:2  4.00 s   |4.00 s                                                |");
    view.end_ns = 3 * NS_PER_S; /* not to be seen yet */
    draw(story, &view, 88, 7, true);
    assert_null(strstr(line_of(story, 1, line) + 32, "4.00"));
}

/* --- pictures of it ------------------------------------------------------------------------------- */

static void check_golden(const struct story *story, const char *name)
{
    char whole[80];
    snprintf(whole, sizeof whole, "timeline-%s", name);
    golden_compare(story->text, whole);
}

/* The run of two batches beside another one: four processes that want two cores. */
static struct timeline four_processes(void)
{
    struct timeline timeline = {0};
    struct journal_event events[8];
    struct task_state tasks[4];
    struct snapshot snap = {.state = RUN_RUNNING, .start_ns = START, .slots = 4};
    for (uint32_t slot = 0; slot < 4; slot++)
        events[slot] = (struct journal_event){
            .time_ns = START + slot * 20 * NS_PER_MS, .slot = slot, .job = slot + 1, .phase = PHASE_COMPUTING};
    snap.journal = (struct journal){.events = events, .count = 4};
    for (unsigned turn = 0; turn < 14; turn++) {
        for (unsigned slot = 0; slot < 4; slot++)
            tasks[slot] = (struct task_state){.letter = 'R', .no_core = (slot + turn) / 2 % 2 == 0};
        snap.now_ns = START + (turn + 1) * 240 * NS_PER_MS;
        assert_int_equal(timeline_update(&timeline, &snap, tasks), 0);
    }
    return timeline;
}

static void golden(struct story *story, const struct timeline_view *view, int columns, int rows, const char *name)
{
    draw(story, view, columns, rows, strstr(name, "ascii") != NULL);
    check_golden(story, name);
}

/* As it stands on screens of 120x36, 80x24, 60x30; alone on one of 40x10; two runs. */
static void panes_look_as_drawn(void **state)
{
    struct story *story = *state;
    struct timeline processes = four_processes();
    struct timeline_view view = view_of(story);
    view.tracks[0].focus = true;
    view.tracks[0].selected = 1;
    view.tracks[1] = (struct timeline_track){.timeline = &processes, .letter = 'p', .zero_ns = START, .selected = SIZE_MAX};
    view.count = 2;
    view.span_ns = 5 * NS_PER_S;
    view.sampled_every_ns = 120 * NS_PER_MS;
    golden(story, &view, 120, 8, "120x8");
    golden(story, &view, 80, 6, "80x6");
    golden(story, &view, 80, 6, "80x6-ascii");
    golden(story, &view, 60, 6, "60x6");
    view.frozen = view.cursor = true;
    view.lost = 7;
    golden(story, &view, 40, 7, "40x7");
    golden(story, &view, 120, 12, "120x12");
    view.frozen = false;
    view.whole = true;
    view.span_ns = 4 * NS_PER_S;
    view.lost = 0;
    view.tracks[0].focus = false;
    view.tracks[0].over = view.tracks[1].over = true;
    view.tracks[0].title = "now: thread-batch:2  4.00 s";
    view.tracks[1].title = "before: process-pool:4  3.36 s, stopped";
    golden(story, &view, 120, 13, "two-120x13");
    golden(story, &view, 60, 8, "two-60x8");
    golden(story, &view, 40, 7, "two-40x7-ascii");
    timeline_free(&processes);
}

static void it_draws_at_any_size(void **state)
{
    struct story *story = *state;
    struct timeline_view view = view_of(story);
    for (int columns = 1; columns < 140; columns += 7)
        for (int rows = 1; rows < 20; rows++)
            draw(story, &view, columns, rows, columns % 2);
    view.end_ns = 0;
    draw(story, &view, 80, 10, false);
    view.count = 0;
    draw(story, &view, 80, 10, false);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_row_tells_what_its_worker_did, begin, end),
        cmocka_unit_test_setup_teardown(colours_are_roles, begin, end),
        cmocka_unit_test_setup_teardown(every_state_has_a_shade_of_its_own, begin, end),
        cmocka_unit_test_setup_teardown(the_axis_has_round_figures_at_their_moments, begin, end),
        cmocka_unit_test_setup_teardown(what_is_frozen_says_so_and_stands, begin, end),
        cmocka_unit_test_setup_teardown(more_workers_than_rows_are_counted, begin, end),
        cmocka_unit_test_setup_teardown(two_runs_stand_on_one_axis, begin, end),
        cmocka_unit_test_setup_teardown(nothing_right_of_the_edge_is_drawn, begin, end),
        cmocka_unit_test_setup_teardown(the_lane_in_focus_has_more_of_scarce_rows, begin, end),
        cmocka_unit_test_setup_teardown(no_row_is_left_idle, begin, end),
        cmocka_unit_test_setup_teardown(the_selected_worker_is_always_there, begin, end),
        cmocka_unit_test_setup_teardown(the_cursor_stands_on_the_selected_worker, begin, end),
        cmocka_unit_test_setup_teardown(marks_that_would_hide_what_they_part_are_left_out, begin, end),
        cmocka_unit_test_setup_teardown(a_letter_stands_only_where_nothing_is_under_it, begin, end),
        cmocka_unit_test_setup_teardown(the_legend_has_what_there_is, begin, end),
        cmocka_unit_test_setup_teardown(what_is_lost_is_said, begin, end),
        cmocka_unit_test_setup_teardown(ends_stand_where_they_are_on_the_axis, begin, end),
        cmocka_unit_test_setup_teardown(panes_look_as_drawn, begin, end),
        cmocka_unit_test_setup_teardown(it_draws_at_any_size, begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
