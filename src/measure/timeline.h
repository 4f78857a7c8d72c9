/* timeline.h - what every worker did and when, from a run's journal: a row of segments a slot.
 *
 * A segment begins with a change of phase, which the worker itself told and which is exact; or, while it computes, where the kernel's word on
 * it changed between "has a core" and "wants one", which is as fine as the sampler looks (measure/sampler.h). It lasts until the next one.
 * Called by the app only. */
#ifndef MEASURE_TIMELINE_H
#define MEASURE_TIMELINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "juggler/snapshot.h"
#include "measure/machine.h"

struct timeline_segment {
    uint64_t start_ns; /* CLOCK_MONOTONIC */
    uint32_t job;      /* index + 1; 0: none */
    uint8_t phase;     /* enum phase */
    bool no_core;      /* it computes, or would: it wants a core and has none */
};

struct timeline_row {
    struct timeline_segment *segments; /* in order of their start */
    size_t count, room;
};

struct timeline {
    struct timeline_row *rows; /* one a slot */
    size_t slots;
    size_t read;       /* events of the journal that are in here */
    uint64_t start_ns; /* of the run; 0: it has not begun */
    uint64_t end_ns;   /* up to here it is known: the last update, or the run's end */
    uint64_t lost;     /* events that were overwritten before they could be read, and segments there was no memory for */
};

/* Takes in what is new. tasks: the kernel's word on each slot this moment, or NULL. Zero-initialise the timeline. 0 or ENOMEM, and then what it has stays. */
int timeline_update(struct timeline *timeline, const struct snapshot *snapshot, const struct task_state *tasks);
/* Forgets all. */
void timeline_free(struct timeline *timeline);

/* A batch begins in that time, which is when the last one of the batch before has ended. */
bool timeline_round_begins(const struct timeline *timeline, uint64_t from_ns, uint64_t to_ns);

/* What a stretch of time looks like in one cell. */
struct timeline_cell {
    enum phase phase; /* what took most of it; PHASE_NONE: nobody was there */
    bool no_core;     /* of that phase */
    uint32_t job;     /* of that phase */
    bool begins;      /* a job begins in it */
    bool killed;      /* a worker was killed in it */
};
/* Slot's time from from_ns to to_ns (exclusive, from < to). */
struct timeline_cell timeline_look(const struct timeline *timeline, size_t slot, uint64_t from_ns, uint64_t to_ns);

#endif
