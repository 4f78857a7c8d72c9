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
    size_t bytes = 0;
    free(story->text);
    assert_int_equal(canvas_resize(&story->canvas, columns, rows), 0);
    canvas_clear(&story->canvas);
    story->canvas.ascii = ascii;
    timeline_draw(&story->canvas, (struct rect){0, 0, columns, rows}, view);
    FILE *out = open_memstream(&story->text, &bytes);
    assert_non_null(out);
    assert_int_equal(canvas_to_text(&story->canvas, out), 0);
    fclose(out);
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
    assert_string_equal(line_of(story, 1, line), "| t1  |W...%R%%%%%%%%_B___|P################## |");
    assert_string_equal(line_of(story, 2, line), "| t2  |W........%R%%%%%%%%|P#############X     |");
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
    draw(story, &view, 48, 7, true);
    assert_string_equal(line_of(story, 5, line), "|     0 s                 2 s                  |");
    view.span_ns = NS_PER_S;
    draw(story, &view, 108, 7, true);
    assert_non_null(strstr(line_of(story, 5, line), "3.2 s"));
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
    draw(story, &view, 60, 9, true);
    assert_non_null(strstr(line_of(story, 1, line), " t1 "));
    assert_non_null(strstr(line_of(story, 4, line), " p2 "));
    assert_string_equal(strchr(line_of(story, 4, line), '2'), strchr(line_of(story, 2, other), '2'));
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
        cmocka_unit_test_setup_teardown(it_draws_at_any_size, begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
