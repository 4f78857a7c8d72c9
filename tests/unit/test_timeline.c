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

static void assert_same_cell(struct timeline_cell a, struct timeline_cell b)
{
    assert_int_equal(a.phase, b.phase);
    assert_int_equal(a.job, b.job);
    assert_int_equal(a.no_core, b.no_core);
    assert_int_equal(a.begins, b.begins);
    assert_int_equal(a.killed, b.killed);
}

/* Three workers with so many events, each 0 to 11 ns behind the one before. Returns the end. */
static uint64_t tell_anything(struct story *story, unsigned *seed, int events)
{
    static const enum phase phases[] = {PHASE_STARTING, PHASE_WAITING, PHASE_RECEIVING, PHASE_COMPUTING, PHASE_DEAD};
    uint64_t at[3] = {0}, end_ns = 0;
    for (int i = 0; i < events; i++) {
        uint32_t slot = chance(seed, 3);
        at[slot] += chance(seed, 12);
        tell(story, at[slot], slot, chance(seed, 4), phases[chance(seed, 5)]);
        end_ns = at[slot] > end_ns ? at[slot] : end_ns;
    }
    return end_ns;
}

/* Stretches one behind the other, now and then with a gap, past the end too. */
static void a_walk_sees_what_looks_see(void **state)
{
    (void)state;
    unsigned seed = 11;
    for (int round = 0; round < 60; round++) {
        struct story story = story_of(3);
        uint64_t end_ns = tell_anything(&story, &seed, 100), at_ns = chance(&seed, 20);
        update(&story, end_ns, NULL);
        uint32_t slot = chance(&seed, 4);
        struct timeline_walk walk = timeline_walk_from(&story.timeline, slot, START + at_ns);
        while (at_ns < end_ns + 50) {
            uint64_t to_ns = at_ns + 1 + chance(&seed, 15);
            assert_same_cell(timeline_walk_on(&walk, START + at_ns, START + to_ns), look(&story, slot, at_ns, to_ns));
            at_ns = to_ns + (chance(&seed, 8) ? 0 : chance(&seed, 30));
        }
        timeline_free(&story.timeline);
    }
}

/* --- much of it ----------------------------------------------------------------------------------- */

enum { MANY = 40000, MANY_SLOTS = 4, MANY_STEP = 50 };

/* Each worker in turn changes between two states, three quarters of the time in one of them; each is killed once, early. */
static void tell_much(struct story *story, struct journal_event *events, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        size_t turn = i / MANY_SLOTS;
        enum phase phase = turn == 100 ? PHASE_DEAD : turn % 2 ? PHASE_COMPUTING : PHASE_WAITING;
        events[i] = (struct journal_event){.time_ns = START + turn * MANY_STEP + (turn % 2) * MANY_STEP / 2,
                                           .slot = (uint32_t)(i % MANY_SLOTS),
                                           .job = 1,
                                           .phase = (uint32_t)phase};
    }
    story->snap.journal = (struct journal){.events = events, .count = count};
    story->snap.now_ns = START + (count / MANY_SLOTS) * MANY_STEP;
}

static size_t kills_seen(const struct timeline *timeline, size_t slot)
{
    size_t kills = 0;
    for (uint64_t at = START; at < timeline->end_ns; at += MANY_STEP)
        kills += timeline_look(timeline, slot, at, at + MANY_STEP).killed;
    return kills;
}

static void what_lies_long_back_is_kept_in_steps(void **state)
{
    (void)state;
    struct story story = story_of(MANY_SLOTS), whole = story_of(MANY_SLOTS);
    struct journal_event *events = calloc(MANY, sizeof *events);
    assert_non_null(events);
    tell_much(&story, events, MANY);
    whole.snap = story.snap;
    assert_int_equal(timeline_update(&story.timeline, &story.snap, NULL), 0);
    assert_int_equal(timeline_update(&whole.timeline, &whole.snap, NULL), 0);
    assert_int_equal(story.timeline.segments, MANY);
    timeline_coarsen(&story.timeline, MANY / 8);
    struct timeline *timeline = &story.timeline;
    assert_in_range(timeline->segments, 1, MANY / 8);
    assert_in_range(timeline->coarse_ns, START + 1, timeline->end_ns - 1);
    size_t kept = 0;
    for (size_t slot = 0; slot < MANY_SLOTS; slot++) {
        const struct timeline_row *row = &timeline->rows[slot];
        kept += row->count;
        for (size_t i = 1; i < row->count; i++)
            assert_true(row->segments[i].start_ns >= row->segments[i - 1].start_ns);
        assert_int_equal(kills_seen(timeline, slot), 1);
        for (uint64_t at = timeline->coarse_ns; at < timeline->end_ns; at += 7) /* the newest part is as it was */
            assert_same_cell(timeline_look(timeline, slot, at, at + 7), timeline_look(&whole.timeline, slot, at, at + 7));
        for (int i = 0; i < 10; i++) { /* and in large all of it */
            uint64_t from_ns = START + (uint64_t)i * MANY / MANY_SLOTS / 10 * MANY_STEP;
            uint64_t to_ns = from_ns + MANY / MANY_SLOTS / 10 * MANY_STEP;
            assert_int_equal(timeline_look(timeline, slot, from_ns, to_ns).phase, PHASE_WAITING);
        }
    }
    assert_int_equal(kept, timeline->segments);
    timeline_coarsen(timeline, 1); /* once more, over steps; fewer than 1024 it never makes of it */
    assert_in_range(timeline->segments, 1, 1024);
    assert_int_equal(timeline->coarsened, 2);
    assert_int_equal(kills_seen(timeline, 1), 1);
    timeline_free(timeline);
    timeline_free(&whole.timeline);
    free(events);
}

/* Anything at all, made coarser in its place: what is kept is in order, and it is within what the steps can show. */
static void any_history_can_be_made_coarser(void **state)
{
    (void)state;
    enum { EVENTS = 6000 };
    static const enum phase phases[] = {PHASE_STARTING, PHASE_WAITING, PHASE_COMPUTING, PHASE_DEAD, PHASE_BARRIER};
    struct journal_event *events = calloc(EVENTS, sizeof *events);
    assert_non_null(events);
    unsigned seed = 5;
    for (int round = 0; round < 30; round++) {
        struct story story = story_of(3), whole = story_of(3);
        uint64_t at[3] = {START, START, START};
        for (size_t i = 0; i < EVENTS; i++) {
            uint32_t slot = chance(&seed, 3);
            at[slot] += chance(&seed, 3) ? chance(&seed, 12) : chance(&seed, 2000);
            events[i] = (struct journal_event){
                .time_ns = at[slot], .slot = slot, .job = chance(&seed, 3), .phase = (uint32_t)phases[chance(&seed, 5)]};
        }
        story.snap.journal = (struct journal){.events = events, .count = EVENTS};
        story.snap.now_ns = at[0];
        whole.snap = story.snap;
        assert_int_equal(timeline_update(&story.timeline, &story.snap, NULL), 0);
        assert_int_equal(timeline_update(&whole.timeline, &whole.snap, NULL), 0);
        timeline_coarsen(&story.timeline, 1024);
        assert_in_range(story.timeline.segments, 1, 1024);
        for (size_t slot = 0; slot < 3; slot++) {
            uint64_t from_ns = story.timeline.coarse_ns;
            for (uint64_t look_ns = from_ns; look_ns < from_ns + 4000; look_ns += 50)
                assert_int_equal(timeline_look(&story.timeline, slot, look_ns, look_ns + 50).phase,
                                 timeline_look(&whole.timeline, slot, look_ns, look_ns + 50).phase);
            for (size_t i = 1; i < story.timeline.rows[slot].count; i++)
                assert_true(story.timeline.rows[slot].segments[i].start_ns >=
                            story.timeline.rows[slot].segments[i - 1].start_ns);
        }
        for (size_t i = 1; i < story.timeline.rounds_count; i++)
            assert_true(story.timeline.rounds[i] > story.timeline.rounds[i - 1]);
        timeline_free(&story.timeline);
        timeline_free(&whole.timeline);
    }
    free(events);
}

static void its_memory_is_bounded(void **state)
{
    (void)state;
    enum { COUNT = TIMELINE_SEGMENTS_MAX + TIMELINE_SEGMENTS_MAX / 4 };
    struct story story = story_of(MANY_SLOTS);
    struct journal_event *events = calloc(COUNT, sizeof *events);
    assert_non_null(events);
    tell_much(&story, events, COUNT);
    const uint64_t end_ns = story.snap.now_ns;
    for (size_t i = 1; i <= 5; i++) {
        story.snap.journal.count = (size_t)COUNT / 5 * i;
        story.snap.now_ns = START + (end_ns - START) / 5 * i;
        assert_int_equal(timeline_update(&story.timeline, &story.snap, NULL), 0);
        assert_in_range(story.timeline.segments, 1, TIMELINE_SEGMENTS_MAX);
    }
    assert_int_not_equal(story.timeline.coarse_ns, 0);
    assert_int_equal(story.timeline.lost, 0);
    size_t room = 0;
    for (size_t slot = 0; slot < MANY_SLOTS; slot++)
        room += story.timeline.rows[slot].room;
    assert_in_range(room, 1, TIMELINE_SEGMENTS_MAX + TIMELINE_SEGMENTS_MAX / 2);
    timeline_free(&story.timeline);
    free(events);
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
        cmocka_unit_test(a_job_of_no_length_leaves_its_mark),
        cmocka_unit_test(what_makes_no_sense_is_left_out),
        cmocka_unit_test(nothing_is_seen_from_the_end_on),
        cmocka_unit_test(who_wants_a_core_is_told_apart),
        cmocka_unit_test(who_is_stopped_does_not_compute),
        cmocka_unit_test(nothing_is_known_of_a_task_that_is_gone),
        cmocka_unit_test(waits_for_the_mutex_have_their_share),
        cmocka_unit_test(an_event_ends_a_wait_for_the_mutex),
        cmocka_unit_test(under_an_interpreter_lock_the_phases_say_it),
        cmocka_unit_test(it_agrees_with_looking_at_every_moment),
        cmocka_unit_test(a_walk_sees_what_looks_see),
        cmocka_unit_test(what_lies_long_back_is_kept_in_steps),
        cmocka_unit_test(any_history_can_be_made_coarser),
        cmocka_unit_test(its_memory_is_bounded),
        cmocka_unit_test(an_ended_run_stands_still),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
