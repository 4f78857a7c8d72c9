/* primes_pace.h - how far a prime product is, in time.
 *
 * A job is a row of stages (computing, multiplying, ...), a stage a row of steps, and every step says beforehand about how long it
 * takes: in nanoseconds of the machine the costs were measured on (product_cost.h). Only their ratios matter. While a step is
 * under way the bar stands at its middle, so that a step nothing can be seen of is off by half its length at most.
 * One worker's own; nothing is shared. */
#ifndef JOBS_PRIMES_PACE_H
#define JOBS_PRIMES_PACE_H

#include <stdbool.h>

#include "juggler/phase.h"

struct worker;

struct pace {
    struct worker *worker;
    double total_ns;      /* of the whole job */
    double stage_end_ns;  /* where the present stage ends, on the same line */
    double done_ns;       /* all steps that are over */
    double step_ns;       /* the step under way */
    double published_ns;  /* what the bar shows */
    double checkpoint_ns; /* where the last checkpoint was */
};

/* Sets out on a job of about total_ns (> 0). */
void pace_init(struct pace *pace, struct worker *worker, double total_ns);
/* The present stage is over, whatever was estimated; the next one takes about cost_ns. Announces its phase. False: stop. */
bool pace_stage(struct pace *pace, enum phase phase, double cost_ns);
/* The last step is over, the next one takes about cost_ns. Passes a checkpoint when the last one is some time ago. False: stop. */
bool pace_step(struct pace *pace, double cost_ns);
/* True for a step so long that the bar would visibly stand still: to be taken in pieces if that can be had. */
bool pace_is_long(const struct pace *pace, double cost_ns);
/* The job is done: shows it whole. */
void pace_finish(struct pace *pace);

#endif
