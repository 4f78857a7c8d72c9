/* timeline.h - what every worker did and when, from a run's journal: a row of segments a slot.
 *
 * A segment begins with a change of phase, which the worker itself told and which is exact; or, while it computes, where the kernel's word on
 * it changed between "has a core" and "wants one", which is as fine as the sampler looks (measure/sampler.h), or said that a signal has stopped
 * it, which counts as paused. It lasts until the next one.
 * Waits for the mutex of a counter are too short to be told one by one (src/jobs/counter.c): of each tenth of a second they have the part
 * that the worker's account says.
 *
 * Nothing at or after end_ns is ever shown: it may be moved back and forth over a timeline that is complete, to play it again.
 * Called by the app only. */
#ifndef MEASURE_TIMELINE_H
#define MEASURE_TIMELINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "juggler/snapshot.h"
#include "measure/machine.h"

/* As many segments, 16 bytes each, are kept of a run; then the older ones are made coarser, to a half of it. */
enum { TIMELINE_SEGMENTS_MAX = 1 << 20 };

struct timeline_segment {
    uint64_t start_ns; /* CLOCK_MONOTONIC */
    uint32_t job;      /* index + 1; 0: none */
    uint8_t phase;     /* enum phase */
    bool no_core;      /* it computes, or would: it wants a core and has none */
};

struct timeline_row {
    struct timeline_segment *segments; /* in order of their start */
    size_t count, room;
    uint64_t settled_ns, lock_ns; /* its account when it was last settled: up to when, and what had gone to locks */
    uint64_t lock_until_ns;       /* of a last segment at a lock that only the account tells of */
    uint8_t halted_phase;         /* what it did before */
    bool halted;                  /* a signal has stopped it: its last segment is a pause that only the kernel tells of */
};

struct timeline {
    struct timeline_row *rows; /* one a slot */
    size_t slots;
    size_t segments;  /* in all rows */
    uint64_t *rounds; /* when a batch after the first began, in order */
    size_t rounds_count, rounds_room;
    size_t read;        /* events of the journal that are in here */
    uint64_t start_ns;  /* of the run; 0: it has not begun */
    uint64_t end_ns;    /* up to here it is known: the last update, or the run's end */
    uint64_t coarse_ns; /* before this moment it is coarser than it was told; 0: nowhere */
    unsigned coarsened; /* how often it was made so */
    uint32_t seen;      /* phases there were so far, a bit each */
    bool seen_no_core;  /* somebody wanted a core and had none */
    uint64_t lost;      /* events that there was no memory for */
};

/* Takes in what is new. tasks: the kernel's word on each slot this moment, or NULL. Zero-initialise the timeline. 0 or ENOMEM, and then what it has stays. */
int timeline_update(struct timeline *timeline, const struct snapshot *snapshot, const struct task_state *tasks);
/* Leaves at most about so many segments (at least 1024), the newest quarter of them as they are: before that each worker's time is cut into
 * equal steps, and a step keeps what took most of it. Kills stay. */
void timeline_coarsen(struct timeline *timeline, size_t most);
/* Forgets all. */
void timeline_free(struct timeline *timeline);

/* Lanes it has by end_ns: one more than the highest slot that somebody sat in. */
size_t timeline_lanes(const struct timeline *timeline);
/* How many batches begin in that time, the first one not counted. One begins when the last worker of the one before has ended. */
size_t timeline_rounds(const struct timeline *timeline, uint64_t from_ns, uint64_t to_ns);

/* What a stretch of time looks like in one cell. */
struct timeline_cell {
    enum phase phase; /* what took most of it; PHASE_NONE: nobody was there */
    uint32_t job;     /* of that phase */
    bool no_core;     /* of that phase */
    bool begins;      /* a job begins in it */
    bool killed;      /* a worker was killed in it */
};
/* Slot's time from from_ns to to_ns (exclusive, from < to). */
struct timeline_cell timeline_look(const struct timeline *timeline, size_t slot, uint64_t from_ns, uint64_t to_ns);

/* The same for stretches that follow one another, at a cost of what lies in them: none may begin before the last one ended. */
struct timeline_walk {
    const struct timeline *timeline;
    const struct timeline_row *row; /* NULL: there is no such slot */
    size_t at;                      /* the last segment that began before the stretch, or one before that */
};
struct timeline_walk timeline_walk_from(const struct timeline *timeline, size_t slot, uint64_t from_ns);
struct timeline_cell timeline_walk_on(struct timeline_walk *walk, uint64_t from_ns, uint64_t to_ns);

#endif
