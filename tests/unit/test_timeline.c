/* test_timeline.c - what a run's journal becomes: rows of segments, and what a stretch of time looks like in a cell. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "measure/timeline.h"

enum { EVENTS_MAX = 400, START = 1000 };

struct story {
    struct journal_event events[EVENTS_MAX];
    struct snapshot snap;
    struct timeline timeline;
};

static struct story story_of(size_t slots)
{
    struct story story = {.snap = {.state = RUN_RUNNING, .start_ns = START, .now_ns = START, .slots = slots}};
    return story;
}

static void tell(struct story *story, uint64_t time_ns, uint32_t slot, uint32_t job, enum phase phase)
{
    assert_true(story->snap.journal.count < EVENTS_MAX);
    story->events[story->snap.journal.count++] =
        (struct journal_event){.time_ns = START + time_ns, .slot = slot, .job = job, .phase = (uint32_t)phase};
}

static void update(struct story *story, uint64_t now_ns, const struct task_state *tasks)
{
    story->snap.journal.events = story->events;
    story->snap.now_ns = START + now_ns;
    story->snap.wall_ns = now_ns;
    assert_int_equal(timeline_update(&story->timeline, &story->snap, tasks), 0);
}

static struct timeline_cell look(const struct story *story, size_t slot, uint64_t from_ns, uint64_t to_ns)
{
    return timeline_look(&story->timeline, slot, START + from_ns, START + to_ns);
}

/* --- cells ---------------------------------------------------------------------------------------- */

static void a_cell_shows_what_took_most_of_it(void **state)
{
    (void)state;
    struct story story = story_of(1);
    tell(&story, 0, 0, 0, PHASE_STARTING);
    tell(&story, 100, 0, 1, PHASE_WAITING);
    tell(&story, 160, 0, 1, PHASE_RECEIVING);
    tell(&story, 170, 0, 1, PHASE_WAITING);
    update(&story, 200, NULL);
    assert_int_equal(look(&story, 0, 0, 100).phase, PHASE_STARTING);
    assert_int_equal(look(&story, 0, 0, 200).phase, PHASE_STARTING);
    assert_int_equal(look(&story, 0, 90, 200).phase, PHASE_WAITING);
    assert_int_equal(look(&story, 0, 160, 170).phase, PHASE_RECEIVING);
    assert_int_equal(look(&story, 0, 155, 170).phase, PHASE_RECEIVING);
    assert_int_equal(look(&story, 0, 150, 170).phase, PHASE_WAITING); /* 10 and 10: the one that stands first in the table */
    timeline_free(&story.timeline);
}

static void what_goes_on_grows_until_now(void **state)
{
    (void)state;
    struct story story = story_of(1);
    tell(&story, 10, 0, 1, PHASE_COMPUTING);
    update(&story, 50, NULL);
    assert_int_equal(look(&story, 0, 40, 60).phase, PHASE_COMPUTING);
    assert_int_equal(look(&story, 0, 50, 60).phase, PHASE_NONE); /* the future */
    update(&story, 100, NULL);
    assert_int_equal(look(&story, 0, 50, 60).phase, PHASE_COMPUTING);
    assert_int_equal(look(&story, 0, 0, 10).phase, PHASE_NONE); /* before it was there */
    timeline_free(&story.timeline);
}

static void jobs_and_deaths_leave_their_marks(void **state)
{
    (void)state;
    struct story story = story_of(2);
    tell(&story, 0, 0, 0, PHASE_STARTING);
    tell(&story, 10, 0, 1, PHASE_COMPUTING);
    tell(&story, 20, 1, 2, PHASE_COMPUTING);
    tell(&story, 30, 0, 1, PHASE_MULTIPLYING);
    tell(&story, 40, 0, 3, PHASE_COMPUTING);
    tell(&story, 60, 0, 3, PHASE_DEAD);
    update(&story, 80, NULL);
    assert_false(look(&story, 0, 0, 10).begins);
    assert_true(look(&story, 0, 10, 20).begins);
    assert_false(look(&story, 0, 20, 40).begins);
    assert_true(look(&story, 0, 40, 50).begins);
    assert_int_equal(look(&story, 0, 41, 50).job, 3);
    assert_int_equal(look(&story, 1, 20, 30).job, 2);
    assert_false(look(&story, 0, 50, 60).killed);
    assert_true(look(&story, 0, 60, 70).killed);
    assert_false(look(&story, 0, 70, 80).killed);
    timeline_free(&story.timeline);
}

static void a_batch_begins_where_the_barrier_ends(void **state)
{
    (void)state;
    struct story story = story_of(2);
    tell(&story, 0, 0, 0, PHASE_STARTING);
    tell(&story, 5, 0, 1, PHASE_WAITING);
    tell(&story, 5, 1, 2, PHASE_WAITING);
    tell(&story, 30, 0, 0, PHASE_BARRIER);
    tell(&story, 50, 0, 0, PHASE_STARTING);
    tell(&story, 70, 0, 0, PHASE_BARRIER);
    update(&story, 100, NULL);
    assert_int_equal(timeline_rounds(&story.timeline, START, START + 50), 0);
    assert_int_equal(timeline_rounds(&story.timeline, START + 45, START + 55), 1);
    assert_int_equal(timeline_rounds(&story.timeline, START + 50, START + 51), 1);
    assert_int_equal(timeline_rounds(&story.timeline, START + 51, START + 200), 0);
    timeline_free(&story.timeline);
}

static void a_slot_that_is_not_there_is_empty(void **state)
{
    (void)state;
    struct story story = story_of(1);
    tell(&story, 0, 7, 1, PHASE_COMPUTING); /* a slot that the snapshot doesn't have */
    update(&story, 10, NULL);
    assert_int_equal(look(&story, 7, 0, 10).phase, PHASE_NONE);
    assert_int_equal(look(&story, 0, 0, 10).phase, PHASE_NONE);
    timeline_free(&story.timeline);
}

/* --- the kernel's word ---------------------------------------------------------------------------- */

static void who_wants_a_core_is_told_apart(void **state)
{
    (void)state;
    struct story story = story_of(2);
    struct task_state tasks[2] = {{.letter = 'R'}, {.letter = 'S', .no_core = true}};
    tell(&story, 0, 0, 1, PHASE_COMPUTING);
    tell(&story, 0, 1, 2, PHASE_WAITING);
    update(&story, 100, tasks);
    tasks[0].no_core = true;
    update(&story, 200, tasks);
    update(&story, 300, tasks);
    tasks[0].no_core = false;
    update(&story, 400, tasks);
    update(&story, 500, tasks);
    assert_false(look(&story, 0, 0, 200).no_core);
    assert_true(look(&story, 0, 200, 400).no_core);
    assert_int_equal(look(&story, 0, 200, 400).phase, PHASE_COMPUTING);
    assert_false(look(&story, 0, 400, 500).no_core);
    assert_false(look(&story, 0, 200, 400).begins); /* still the same job */
    assert_false(look(&story, 1, 0, 500).no_core);  /* who waits for a server wants no core, whatever a late sample says */
    assert_int_equal(story.timeline.rows[0].count, 3);
    timeline_free(&story.timeline);
}

static void nothing_is_known_of_a_task_that_is_gone(void **state)
{
    (void)state;
    struct story story = story_of(1);
    const struct task_state gone = {.letter = 0, .no_core = true};
    tell(&story, 0, 0, 1, PHASE_COMPUTING);
    update(&story, 100, &gone);
    update(&story, 200, &gone);
    assert_int_equal(story.timeline.rows[0].count, 1);
    timeline_free(&story.timeline);
}

/* --- against the plain way of doing it ------------------------------------------------------------ */

static unsigned chance(unsigned *seed, unsigned below)
{
    *seed = *seed * 1103515245u + 12345u;
    return (*seed >> 16) % below;
}

/* Nanosecond by nanosecond. */
static enum phase plain_look(const struct story *story, uint32_t slot, uint64_t from_ns, uint64_t to_ns, uint64_t now_ns)
{
    uint64_t took[PHASE_COUNT] = {0};
    for (uint64_t at = from_ns; at < to_ns && at < now_ns; at++) {
        int phase = -1;
        for (size_t i = 0; i < story->snap.journal.count; i++)
            if (story->events[i].slot == slot && story->events[i].time_ns <= START + at)
                phase = (int)story->events[i].phase;
        if (phase >= 0)
            took[phase]++;
    }
    int most = PHASE_NONE;
    for (int phase = 0; phase < PHASE_COUNT; phase++)
        if (took[phase] > took[most])
            most = phase;
    return (enum phase)most;
}

static void it_agrees_with_looking_at_every_moment(void **state)
{
    (void)state;
    unsigned seed = 7;
    for (int round = 0; round < 40; round++) {
        struct story story = story_of(3);
        uint64_t at[3] = {0};
        for (int i = 0; i < 60; i++) {
            uint32_t slot = chance(&seed, 3);
            at[slot] += chance(&seed, 12);
            tell(&story, at[slot], slot, 1 + chance(&seed, 4), (enum phase)(PHASE_STARTING + chance(&seed, 6)));
            if (chance(&seed, 5) == 0)
                update(&story, at[slot], NULL);
        }
        update(&story, 150, NULL);
        for (int i = 0; i < 60; i++) {
            uint64_t from_ns = chance(&seed, 170), to_ns = from_ns + 1 + chance(&seed, 30);
            uint32_t slot = chance(&seed, 3);
            assert_int_equal(look(&story, slot, from_ns, to_ns).phase, plain_look(&story, slot, from_ns, to_ns, 150));
        }
        timeline_free(&story.timeline);
    }
}

static void an_ended_run_stands_still(void **state)
{
    (void)state;
    struct story story = story_of(1);
    tell(&story, 0, 0, 1, PHASE_COMPUTING);
    tell(&story, 80, 0, 1, PHASE_LEFT);
    story.snap.state = RUN_DONE;
    update(&story, 90, NULL);
    story.snap.now_ns += 1000;
    assert_int_equal(timeline_update(&story.timeline, &story.snap, NULL), 0);
    assert_int_equal(story.timeline.end_ns, START + 90);
    assert_int_equal(look(&story, 0, 85, 200).phase, PHASE_LEFT);
    assert_int_equal(look(&story, 0, 90, 200).phase, PHASE_NONE);
    timeline_free(&story.timeline);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_cell_shows_what_took_most_of_it),
        cmocka_unit_test(what_goes_on_grows_until_now),
        cmocka_unit_test(jobs_and_deaths_leave_their_marks),
        cmocka_unit_test(a_batch_begins_where_the_barrier_ends),
        cmocka_unit_test(a_slot_that_is_not_there_is_empty),
        cmocka_unit_test(who_wants_a_core_is_told_apart),
        cmocka_unit_test(nothing_is_known_of_a_task_that_is_gone),
        cmocka_unit_test(it_agrees_with_looking_at_every_moment),
        cmocka_unit_test(an_ended_run_stands_still),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
