/* timeline_story.h - a run's journal told event by event, and what the timeline shows of it. Include cmocka.h and what it wants before. */
#ifndef TESTS_UNIT_TIMELINE_STORY_H
#define TESTS_UNIT_TIMELINE_STORY_H

#include "measure/timeline.h"

enum { EVENTS_MAX = 400, START = 1000 };

struct story {
    struct journal_event events[EVENTS_MAX];
    struct snapshot snap;
    struct timeline timeline;
};

static inline struct story story_of(size_t slots)
{
    struct story story = {.snap = {.state = RUN_RUNNING, .start_ns = START, .now_ns = START, .slots = slots}};
    return story;
}

static inline void tell(struct story *story, uint64_t time_ns, uint32_t slot, uint32_t job, enum phase phase)
{
    assert_true(story->snap.journal.count < EVENTS_MAX);
    story->events[story->snap.journal.count++] =
        (struct journal_event){.time_ns = START + time_ns, .slot = slot, .job = job, .phase = (uint32_t)phase};
}

static inline void update(struct story *story, uint64_t now_ns, const struct task_state *tasks)
{
    story->snap.journal.events = story->events;
    story->snap.now_ns = START + now_ns;
    story->snap.wall_ns = now_ns;
    assert_int_equal(timeline_update(&story->timeline, &story->snap, tasks), 0);
}

static inline struct timeline_cell look(const struct story *story, size_t slot, uint64_t from_ns, uint64_t to_ns)
{
    return timeline_look(&story->timeline, slot, START + from_ns, START + to_ns);
}

#endif
