/* spans.h - a run's journal as stretches of time: what each seat did, and which job it had. Private to src/report.
 *
 * The stretches of one seat follow each other and never overlap; none is negative or begins before the run. Times are nanoseconds since
 * the run's start. Between two workers of a seat the seat is empty, which is a stretch, too: so the stretches of a seat
 * add up to its wall time. A job's stretch is its result's own where that is told, else what the journal says. */
#ifndef REPORT_SPANS_H
#define REPORT_SPANS_H

#include <stddef.h>
#include <stdint.h>

#include "juggler/snapshot.h"

struct span {
    uint64_t start_ns, end_ns;
    uint32_t phase; /* of a state: enum phase; PHASE_NONE: nobody sat there */
    uint32_t job;   /* index + 1; 0: none */
};

/* A worker's death. */
struct span_death {
    uint64_t time_ns;
    uint32_t slot, job;
};

/* first[slot] ... first[slot + 1] - 1 are the seat's. */
struct span_list {
    struct span *items;
    size_t *first;
    size_t count, room;
};

struct spans {
    size_t slots;
    struct span_list states, jobs;
    struct span_death *deaths;
    size_t deaths_count, deaths_room;
    uint64_t end_ns; /* of the last stretch, and at least the run's wall time */
};

/* 0 or ENOMEM. Free it in either case. */
int spans_make(struct spans *spans, const struct snapshot *snapshot);
void spans_free(struct spans *spans);

#endif
