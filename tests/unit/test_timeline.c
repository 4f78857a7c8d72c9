/* test_timeline.c - what a run's journal becomes: rows of segments, and what a stretch of time looks like in a cell. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "measure/timeline.h"
#include "tests/unit/timeline_story.h"

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

static void a_job_of_no_length_leaves_its_mark(void **state)
{
    (void)state;
    struct story story = story_of(1);
    tell(&story, 0, 0, 0, PHASE_STARTING);
    tell(&story, 20, 0, 1, PHASE_COMPUTING);
    tell(&story, 20, 0, 1, PHASE_DEAD);
    tell(&story, 20, 0, 2, PHASE_COMPUTING);
    update(&story, 80, NULL);
    assert_false(look(&story, 0, 10, 20).killed);
    assert_true(look(&story, 0, 20, 30).killed);
    assert_true(look(&story, 0, 20, 30).begins);
    assert_false(look(&story, 0, 21, 30).begins);
    timeline_free(&story.timeline);
}

static void what_makes_no_sense_is_left_out(void **state)
{
    (void)state;
    struct story story = story_of(1);
    tell(&story, 0, 0, 1, PHASE_COMPUTING);
    tell(&story, 10, 0, 1, (enum phase)77);
    update(&story, 80, NULL);
    assert_int_equal(look(&story, 0, 10, 30).phase, PHASE_COMPUTING);
    timeline_free(&story.timeline);
}

/* --- played again --------------------------------------------------------------------------------- */

/* Whoever plays a run again moves the end of what is known back and forth over it. */
static void nothing_is_seen_from_the_end_on(void **state)
{
    (void)state;
    struct story story = story_of(3);
    tell(&story, 0, 0, 0, PHASE_STARTING);
    tell(&story, 10, 0, 1, PHASE_COMPUTING);
    tell(&story, 40, 0, 0, PHASE_BARRIER);
    tell(&story, 50, 0, 0, PHASE_STARTING);
    tell(&story, 60, 0, 2, PHASE_DEAD);
    tell(&story, 70, 2, 3, PHASE_COMPUTING);
    story.snap.state = RUN_DONE;
    update(&story, 100, NULL);
    struct timeline *timeline = &story.timeline;
    assert_int_equal(timeline_lanes(timeline), 3);
    for (int way = 0; way < 2; way++) { /* there and back again */
        timeline->end_ns = START + 50;
        assert_int_equal(look(&story, 0, 30, 60).phase, PHASE_COMPUTING);
        assert_int_equal(look(&story, 0, 45, 1000).phase, PHASE_BARRIER);
        assert_int_equal(look(&story, 0, 50, 60).phase, PHASE_NONE);
        assert_false(look(&story, 0, 0, 1000).killed);
        assert_int_equal(timeline_rounds(timeline, START, START + 1000), 0);
        assert_int_equal(timeline_lanes(timeline), 1);
        timeline->end_ns = START + 61;
        assert_true(look(&story, 0, 0, 1000).killed);
        assert_int_equal(timeline_rounds(timeline, START, START + 1000), 1);
        timeline->end_ns = START;
        assert_int_equal(timeline_lanes(timeline), 0);
        assert_int_equal(look(&story, 0, 0, 1000).phase, PHASE_NONE);
        timeline->end_ns = START + 100;
        assert_int_equal(look(&story, 2, 70, 100).phase, PHASE_COMPUTING);
        assert_int_equal(timeline_lanes(timeline), 3);
    }
    timeline_free(timeline);
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

/* A signal stops it while it computes: the kernel alone tells, and until an event says otherwise it goes on with what it did. */
static void who_is_stopped_does_not_compute(void **state)
{
    (void)state;
    struct story story = story_of(2);
    struct task_state tasks[2] = {{.letter = 'R'}, {.letter = 'T'}};
    tell(&story, 0, 0, 1, PHASE_COMPUTING);
    tell(&story, 0, 1, 2, PHASE_WAITING);
    update(&story, 100, tasks);
    tasks[0].letter = 'T';
    update(&story, 200, tasks);
    update(&story, 300, tasks);
    tasks[0].letter = 'R';
    update(&story, 400, tasks);
    update(&story, 500, tasks);
    assert_int_equal(look(&story, 0, 0, 200).phase, PHASE_COMPUTING);
    assert_int_equal(look(&story, 0, 200, 400).phase, PHASE_PAUSED);
    assert_false(look(&story, 0, 200, 400).begins);
    assert_int_equal(look(&story, 0, 400, 500).phase, PHASE_COMPUTING);
    assert_int_equal(look(&story, 1, 0, 500).phase, PHASE_WAITING); /* for the server it waits all the same */
    tasks[0].letter = 'T';
    update(&story, 600, tasks);
    tell(&story, 650, 0, 0, PHASE_NO_WORK);
    update(&story, 700, tasks);
    tasks[0].letter = 'S';
    update(&story, 800, tasks);
    assert_int_equal(look(&story, 0, 650, 800).phase, PHASE_NO_WORK);
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

/* --- the account's word --------------------------------------------------------------------------- */

/* A wait for the counter's mutex is too short to be told; the account says what the waits came to. */
static void waits_for_the_mutex_have_their_share(void **state)
{
    (void)state;
    enum { MS = 1000000 };
    struct story story = story_of(1);
    struct worker_snapshot worker = {.data = {.phase = PHASE_COUNTING, .job = 1, .account_upto_ns = START}};
    story.snap.work = WORK_COUNTER;
    story.snap.workers = &worker;
    tell(&story, 0, 0, 1, PHASE_COUNTING);
    update(&story, 50 * MS, NULL);
    worker.data.account_upto_ns = START + 100 * MS;
    worker.data.account_ns[ACCOUNT_LOCK] = 30 * MS;
    update(&story, 100 * MS, NULL); /* 30 of 100 ms: they stand from here on */
    update(&story, 120 * MS, NULL);
    assert_int_equal(look(&story, 0, 110 * MS, 120 * MS).phase, PHASE_LOCK); /* it grows */
    update(&story, 150 * MS, NULL);
    worker.data.account_upto_ns = START + 200 * MS;
    worker.data.account_ns[ACCOUNT_LOCK] = 130 * MS;
    update(&story, 200 * MS, NULL); /* all of it */
    worker.data.account_upto_ns = START + 290 * MS;
    worker.data.account_ns[ACCOUNT_LOCK] = 220 * MS;
    update(&story, 290 * MS, NULL); /* and again: one stretch */
    update(&story, 400 * MS, NULL);
    assert_int_equal(look(&story, 0, 0, 100 * MS).phase, PHASE_COUNTING);
    assert_int_equal(look(&story, 0, 100 * MS, 130 * MS).phase, PHASE_LOCK);
    assert_false(look(&story, 0, 100 * MS, 130 * MS).begins);
    assert_int_equal(look(&story, 0, 130 * MS, 131 * MS).phase, PHASE_COUNTING);
    assert_int_equal(look(&story, 0, 200 * MS, 201 * MS).phase, PHASE_LOCK);
    assert_int_equal(look(&story, 0, 379 * MS, 380 * MS).phase, PHASE_LOCK);
    assert_int_equal(look(&story, 0, 380 * MS, 381 * MS).phase, PHASE_COUNTING);
    assert_int_equal(story.timeline.rows[0].count, 5);
    timeline_free(&story.timeline);
}

/* What happens meanwhile is told by events, and then there is nothing to go on with. */
static void an_event_ends_a_wait_for_the_mutex(void **state)
{
    (void)state;
    enum { MS = 1000000 };
    struct story story = story_of(1);
    struct worker_snapshot worker = {.data = {.phase = PHASE_COUNTING, .job = 1, .account_upto_ns = START}};
    story.snap.work = WORK_COUNTER;
    story.snap.workers = &worker;
    tell(&story, 0, 0, 1, PHASE_COUNTING);
    update(&story, 50 * MS, NULL);
    worker.data.account_upto_ns = START + 100 * MS;
    worker.data.account_ns[ACCOUNT_LOCK] = 90 * MS;
    update(&story, 100 * MS, NULL);
    tell(&story, 110 * MS, 0, 0, PHASE_NO_WORK);
    worker.data.phase = PHASE_NO_WORK;
    worker.data.job = 0;
    update(&story, 120 * MS, NULL);
    update(&story, 300 * MS, NULL);
    assert_int_equal(look(&story, 0, 110 * MS, 300 * MS).phase, PHASE_NO_WORK);
    assert_int_equal(story.timeline.rows[0].count, 3);
    timeline_free(&story.timeline);
}

/* There the phases say it, and the account has it from them. */
static void under_an_interpreter_lock_the_phases_say_it(void **state)
{
    (void)state;
    struct story story = story_of(1);
    struct worker_snapshot worker = {.data = {.phase = PHASE_COUNTING, .job = 1, .account_upto_ns = START}};
    story.snap.work = WORK_COUNTER;
    story.snap.workers = &worker;
    story.snap.gil.interval_ns = 5000000;
    tell(&story, 0, 0, 1, PHASE_COUNTING);
    update(&story, 50000000, NULL);
    worker.data.account_upto_ns = START + 100000000;
    worker.data.account_ns[ACCOUNT_LOCK] = 100000000;
    update(&story, 100000000, NULL);
    assert_int_equal(story.timeline.rows[0].count, 1);
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
        cmocka_unit_test(a_job_of_no_length_leaves_its_mark),
        cmocka_unit_test(what_makes_no_sense_is_left_out),
        cmocka_unit_test(nothing_is_seen_from_the_end_on),
        cmocka_unit_test(who_wants_a_core_is_told_apart),
        cmocka_unit_test(who_is_stopped_does_not_compute),
        cmocka_unit_test(nothing_is_known_of_a_task_that_is_gone),
        cmocka_unit_test(waits_for_the_mutex_have_their_share),
        cmocka_unit_test(an_event_ends_a_wait_for_the_mutex),
        cmocka_unit_test(under_an_interpreter_lock_the_phases_say_it),
        cmocka_unit_test(an_ended_run_stands_still),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
