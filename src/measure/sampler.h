/* sampler.h - the kernel's word on every worker of a run, taken now and then: who has a core, who wants one.
 *
 * /proc says 'R' both for a task that runs and for one that would like to. Between two looks schedstat tells how long each was on a core, so over that
 * window we know how many cores' worth of time the workers got together, and which of them got most of it. Those are said to execute; the
 * other runnable ones are ready without a core. No root needed. The window is some 100 ms: this is how fine it is. With many workers it is
 * longer, and they are looked at a few at a time, so that no frame waits for a thousand files.
 * Called by the app only. */
#ifndef MEASURE_SAMPLER_H
#define MEASURE_SAMPLER_H

#include <stddef.h>
#include <stdint.h>

#include "juggler/snapshot.h"
#include "measure/machine.h"
#include "measure/weigher.h"

struct sampler_task; /* what was read of one worker last time */

/* One process, by its smaps_rollup. All zero: not known. */
struct sampler_weight {
    uint64_t pss_bytes, private_bytes;
};

struct sampler {
    size_t slots;
    struct task_state *states; /* per slot: for the model */
    struct sampler_task *last;
    size_t executing; /* workers on a core in the last window; SIZE_MAX: not known (yet) */
    uint64_t looked_ns, round_ns;
    size_t next, rounds;          /* slot to be looked at next; rounds over all slots so far */
    struct memory_figures memory; /* of runner and forked workers; all zero: not known (yet) */
    uint64_t memory_looked_ns;
    size_t memory_rounds; /* sampler_update: rounds over all slots so far */
    struct sampler_weight runner;
    uint64_t memory_due_ns, memory_looks;            /* sampler_weigh: when the next one is due, how many there were */
    struct weigher weigher;                          /* for a runner of many threads */
    size_t memory_next, memory_left, memory_weighed; /* this second's round: next slot, slots left, processes weighed */
};

/* Looks, if it is time to; at memory only where nobody calls sampler_weigh. Zero-initialise; 0 or an errno. */
int sampler_update(struct sampler *sampler, const struct snapshot *snapshot);
/* Memory alone, for a run without a screen: call it with every snapshot. Looks as soon as a worker is there, some times more while others
 * come, then at most once a second and for at most a hundredth of the time. sampler->memory keeps the figures of the moment when they were
 * greatest. 0 or an errno. */
int sampler_weigh(struct sampler *sampler, const struct snapshot *snapshot);
/* A new run: forget what was read. */
void sampler_reset(struct sampler *sampler);
void sampler_free(struct sampler *sampler);

#endif
