/* counter_fields.h - what the shared counter came to, in figures and in words: one place decides what is known. Pure. */
#ifndef REPORT_COUNTER_FIELDS_H
#define REPORT_COUNTER_FIELDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "juggler/snapshot.h"

enum { COUNTER_WHY_BYTES = 240 };

struct counter_fields {
    bool known;         /* false: the run is not over, or was ended before its last worker was; figures are 0 then */
    bool shared;        /* the workers add to one memory; false: each process has a copy of its own */
    uint64_t expected;  /* one for each add */
    uint64_t got;       /* what the runner's counter read when all workers had been joined */
    uint64_t lost;      /* expected - got */
    double lost_share;  /* of what was expected, 0 ... 1 */
    uint64_t own_most;  /* the most that a process's own copy read; 0: they have none */
    uint64_t waited_ns; /* for locks, by all workers together, as it stands in their accounts */
    const char *lock;   /* "none", "mutex", "atomic" */
    char why[COUNTER_WHY_BYTES]; /* how it came to that, a sentence; ASCII */
};

/* Of a snapshot of WORK_COUNTER. */
struct counter_fields counter_fields_of(const struct snapshot *snapshot);
/* What the copy of the process that did this job read afterwards; false: not done, or there is one counter for all. */
bool counter_field_counted(const struct snapshot *snapshot, size_t job, uint64_t *out);

#endif
