/* controls.h - pure waiting and pure computing, with and without the GIL: what a comparison with +gil executors is bracketed by. */
#ifndef COMPARE_CONTROLS_H
#define COMPARE_CONTROLS_H

#include "juggler/compare.h"
#include "measure/stats.h"

enum { CONTROL_THREADS_MAX = 16 };

enum control_run { CONTROL_WAIT_FREE, CONTROL_WAIT_GIL, CONTROL_COMPUTE_FREE, CONTROL_COMPUTE_GIL, CONTROL_RUNS };

/* The job sets of both kinds: as many jobs as there are threads. Must stay where it is while they are used. */
struct controls {
    unsigned threads;
    struct job_input wait_inputs[CONTROL_THREADS_MAX], compute_inputs[CONTROL_THREADS_MAX];
    struct job_set wait, compute;
};

/* So many threads, brought into 2 ... CONTROL_THREADS_MAX. */
void controls_init(struct controls *controls, unsigned threads);
const struct job_set *controls_set(const struct controls *controls, enum control_run which);
struct executor controls_executor(const struct controls *controls, enum control_run which);
/* What the times of both sides say (median < 0: not known), in words. load: cores busy with other things on average; < 0: not known. */
struct compare_control control_say(bool computing, unsigned threads, unsigned usable_cores, const struct stats *free_runs,
                                   const struct stats *gil_runs, double load);

#endif
