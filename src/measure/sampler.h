/* sampler.h - the kernel's word on every worker of a run, taken now and then: who has a core, who wants one.
 *
 * /proc says 'R' both for a task that runs and for one that would like to. Between two looks schedstat tells how long each was on a core and how long
 * it waited for one (run delay). Of the runnable ones those are said to execute that had a core whenever they wanted one; and of the others,
 * by how many cores' worth of time the workers got together, those that got most of it. The rest is ready without a core. No root needed;
 * where this kernel keeps no schedstat, nothing of this is known.
 *
 * Looking costs what it costs, and the sampler measures that: by the CPU clock, so that it stays below a hundredth of a core however many
 * workers there are, and an eighth of that while a run is paused. The window between two looks at the same worker is 120 ms, and grows with what a round over all of them takes; how long
 * it is in fact is measured, too (every_ns): this is how fine the kernel's word is. They are looked at a few at a time, so that no
 * frame waits for a thousand files.
 * Called by the app only. */
#ifndef MEASURE_SAMPLER_H
#define MEASURE_SAMPLER_H

#include <stdbool.h>
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
    size_t executing;  /* workers on a core in the last window; SIZE_MAX: not known (yet) */
    uint64_t every_ns; /* time between two looks at the same worker, on average over the last round; 0: not known (yet) */
    unsigned sharing;  /* by whoever has several: how many of them look now, and share that hundredth; 0 counts as 1 */
    uint64_t round_ns, window_ns; /* when this round began, and how long it is to take */
    bool paused;                  /* this round has the pace of a pause */
    size_t next, rounds;          /* slot to be looked at next; rounds over all slots so far */
    uint64_t spent_ns, look_ns;   /* CPU time of this round so far; and of one look, in the last round */
    size_t looks;                 /* in this round */
    uint64_t gaps_ns, gaps;       /* of this round: times between two looks at a worker, and how many of them */
    size_t kept, kept_most;       /* descriptors kept open, and how many there may be */
    struct memory_figures memory; /* of runner and forked workers; all zero: not known (yet) */
    uint64_t memory_looked_ns, memory_spent_ns; /* when this round began, and its CPU time so far */
    size_t memory_rounds;                       /* sampler_update: rounds over all slots so far */
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
/* Nothing is there to be looked at any more: lets go of descriptors and of the helping process. Figures stay. */
void sampler_rest(struct sampler *sampler);
/* A new run: forget what was read. */
void sampler_reset(struct sampler *sampler);
void sampler_free(struct sampler *sampler);

#endif
