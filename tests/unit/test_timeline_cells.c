/* test_timeline_cells.c - the columns of the picture of time; and that remembering them changes nothing of what is seen. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ui/timeline_cells.h"

enum { START = 1000, EVENTS_MAX = 4000, SLOTS = 3, COLUMNS = 20 };

static unsigned chance(unsigned *seed, unsigned below)
{
    *seed = *seed * 1103515245u + 12345u;
    return (*seed >> 16) % below;
}

/* --- the grid ------------------------------------------------------------------------------------- */

static struct timeline_grid grid(uint64_t end_ns, uint64_t span_ns, int columns)
{
    struct timeline_view view = {.end_ns = end_ns, .span_ns = span_ns};
    return timeline_grid_of(&view, columns);
}

static void it_grows_from_the_left_and_then_moves_by_columns(void **state)
{
    (void)state;
    assert_int_equal(grid(0, 1000, 10).first, 0);
    assert_int_equal(grid(350, 1000, 10).first, 0);
    assert_int_equal(grid(1000, 1000, 10).first, 0);
    assert_int_equal(grid(1001, 1000, 10).first, 1);
    assert_int_equal(grid(1100, 1000, 10).first, 1);
    assert_int_equal(grid(1101, 1000, 10).first, 2);
}

static void a_column_stands_still_while_time_goes_on(void **state)
{
    (void)state;
    struct timeline_grid now = grid(12345, 1000, 7), later = grid(12567, 1000, 7);
    assert_int_not_equal(now.first, later.first);
    int moved = (int)(later.first - now.first);
    assert_int_equal(timeline_grid_ns(&now, 5), timeline_grid_ns(&later, 5 - moved));
    assert_in_range(12345, timeline_grid_ns(&now, 6), timeline_grid_ns(&now, 7));
}

static void a_moment_lies_in_the_column_that_it_belongs_to(void **state)
{
    (void)state;
    struct timeline_grid at = grid(5000, 1000, 13);
    for (int column = 0; column < 13; column++) {
        uint64_t from_ns = timeline_grid_ns(&at, column), to_ns = timeline_grid_ns(&at, column + 1);
        assert_int_equal(timeline_grid_column(&at, (from_ns + to_ns) / 2), column);
    }
    assert_true(timeline_grid_column(&at, 100) < 0);
}

/* A day of work, in an hour's picture. */
static void long_times_do_not_overflow(void **state)
{
    (void)state;
    const uint64_t hour_ns = UINT64_C(3600) * 1000000000;
    struct timeline_grid at = grid(24 * hour_ns, hour_ns, 400);
    assert_int_equal(at.first, 23 * 400);
    assert_int_equal(timeline_grid_ns(&at, 400), 24 * hour_ns);
    assert_int_equal(timeline_grid_column(&at, 24 * hour_ns - 1), 399);
}

/* --- what is remembered --------------------------------------------------------------------------- */

struct story {
    struct journal_event events[EVENTS_MAX];
    struct snapshot snap;
    struct timeline timeline;
    struct timeline_memo memo;
    uint64_t at_ns[SLOTS];
    unsigned seed;
};

/* Something happens; events reach the app late, as they do. */
static void go_on(struct story *story)
{
    struct journal *journal = &story->snap.journal;
    unsigned events = chance(&story->seed, 12);
    for (unsigned i = 0; i < events && journal->count < EVENTS_MAX; i++) {
        uint32_t slot = chance(&story->seed, SLOTS);
        story->at_ns[slot] += chance(&story->seed, 40);
        story->events[journal->count++] = (struct journal_event){.time_ns = START + story->at_ns[slot],
                                                                 .slot = slot,
                                                                 .job = chance(&story->seed, 4),
                                                                 .phase = chance(&story->seed, PHASE_COUNT)};
    }
    journal->events = story->events;
    story->snap.now_ns += chance(&story->seed, 60);
    assert_int_equal(timeline_update(&story->timeline, &story->snap, NULL), 0);
}

/* The person does something: looks on, scrolls, zooms, plays it again. */
static struct timeline_view look_somewhere(struct story *story)
{
    uint64_t length_ns = story->timeline.end_ns - START;
    static const uint64_t spans_ns[] = {100, 377, 1000, 5000};
    struct timeline_view view = {.end_ns = length_ns, .span_ns = spans_ns[story->seed / 7919 % 4]};
    switch (chance(&story->seed, 8)) {
    case 0: view.end_ns = chance(&story->seed, (unsigned)length_ns + 1); break;
    case 1: story->timeline.end_ns -= chance(&story->seed, (unsigned)length_ns / 2 + 1); break;
    case 2: view.span_ns = 1000; break;
    default: break;
    }
    return view;
}

static void check(struct story *story, const struct timeline_view *view, size_t slot, int columns)
{
    struct timeline_memo fresh = {0};
    struct timeline_track track = {.timeline = &story->timeline, .letter = 't', .zero_ns = START - 20};
    struct timeline_grid at = timeline_grid_of(view, columns);
    const struct timeline_cell *cells = timeline_cells(&story->memo, slot, view, &track, slot, &at);
    const struct timeline_cell *anew = timeline_cells(&fresh, 0, view, &track, slot, &at);
    assert_non_null(cells);
    assert_non_null(anew);
    for (int column = 0; column < columns; column++) {
        assert_int_equal(cells[column].phase, anew[column].phase);
        assert_int_equal(cells[column].job, anew[column].job);
        assert_int_equal(cells[column].no_core, anew[column].no_core);
        assert_int_equal(cells[column].begins, anew[column].begins);
        assert_int_equal(cells[column].killed, anew[column].killed);
    }
    timeline_memo_free(&fresh);
}

static void it_shows_what_it_would_show_without_a_memory(void **state)
{
    (void)state;
    struct story *story = calloc(1, sizeof *story);
    assert_non_null(story);
    for (unsigned round = 1; round <= 20; round++) {
        memset(story->at_ns, 0, sizeof story->at_ns);
        story->seed = round;
        story->snap = (struct snapshot){.state = RUN_RUNNING, .start_ns = START, .now_ns = START, .slots = SLOTS};
        for (int frame = 0; frame < 400; frame++) {
            go_on(story);
            if (frame == 300)
                timeline_coarsen(&story->timeline, 1);
            struct timeline_view view = look_somewhere(story);
            for (size_t slot = 0; slot < SLOTS + 1; slot++)
                check(story, &view, slot, frame % 100 == 99 ? COLUMNS + 5 : COLUMNS);
        }
        timeline_free(&story->timeline); /* the next run begins in the same place; what is remembered is not its */
    }
    timeline_memo_free(&story->memo);
    free(story);
}

/* What was full is taken over as it is: this is what it costs nothing by. */
static void what_is_full_is_not_looked_at_again(void **state)
{
    (void)state;
    struct story *story = calloc(1, sizeof *story);
    assert_non_null(story);
    story->snap = (struct snapshot){.state = RUN_RUNNING, .start_ns = START, .now_ns = START + 1000, .slots = 1};
    story->events[0] = (struct journal_event){.time_ns = START, .slot = 0, .job = 1, .phase = PHASE_COMPUTING};
    story->snap.journal = (struct journal){.events = story->events, .count = 1};
    assert_int_equal(timeline_update(&story->timeline, &story->snap, NULL), 0);
    struct timeline_track track = {.timeline = &story->timeline, .zero_ns = START};
    struct timeline_view view = {.end_ns = 1000, .span_ns = 1000};
    struct timeline_grid at = timeline_grid_of(&view, 10);
    const struct timeline_cell *cells = timeline_cells(&story->memo, 0, &view, &track, 0, &at);
    assert_int_equal(cells[9].phase, PHASE_COMPUTING);
    story->timeline.rows[0].segments[0].phase = PHASE_WAITING; /* as nothing ever does */
    story->timeline.end_ns = START + 1250;
    view.end_ns = 1250;
    at = timeline_grid_of(&view, 10);
    assert_int_equal(at.first, 3);
    cells = timeline_cells(&story->memo, 0, &view, &track, 0, &at);
    for (int column = 0; column < 10; column++)
        assert_int_equal(cells[column].phase, column < 7 ? PHASE_COMPUTING : PHASE_WAITING);
    timeline_free(&story->timeline);
    timeline_memo_free(&story->memo);
    free(story);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_grows_from_the_left_and_then_moves_by_columns),
        cmocka_unit_test(a_column_stands_still_while_time_goes_on),
        cmocka_unit_test(a_moment_lies_in_the_column_that_it_belongs_to),
        cmocka_unit_test(long_times_do_not_overflow),
        cmocka_unit_test(it_shows_what_it_would_show_without_a_memory),
        cmocka_unit_test(what_is_full_is_not_looked_at_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
