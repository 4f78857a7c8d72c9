/* test_timeline_much.c - the timeline of any journal at all, held against looking at every moment; and of very long ones: what lies long back
 * becomes coarser, and its memory is bounded. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>

#include "measure/timeline.h"
#include "tests/unit/timeline_story.h"

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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_agrees_with_looking_at_every_moment),
        cmocka_unit_test(a_walk_sees_what_looks_see),
        cmocka_unit_test(what_lies_long_back_is_kept_in_steps),
        cmocka_unit_test(any_history_can_be_made_coarser),
        cmocka_unit_test(its_memory_is_bounded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
