/* primes_pace.c - how far a prime product is. See primes_pace.h. */
#include "jobs/primes_pace.h"

#include "juggler/worker.h"

#define CHECKPOINT_EVERY_NS 500e3 /* a stop or a pause is felt at once, and the checkpoints cost nothing measurable */
#define PUBLISH_EVERY_NS 4e6      /* a long job: often enough for any screen */
#define PUBLISH_EVERY_PART 0.02   /* a short job: fifty times */
#define LONG_PART 0.10

void pace_init(struct pace *pace, struct worker *worker, double total_ns)
{
    *pace = (struct pace){.worker = worker, .total_ns = total_ns};
}

static void publish(struct pace *pace)
{
    double at = pace->done_ns + pace->step_ns / 2;
    if (at > pace->stage_end_ns)
        at = pace->stage_end_ns;
    double moved = at - pace->published_ns;
    if (moved < PUBLISH_EVERY_NS && moved < pace->total_ns * PUBLISH_EVERY_PART)
        return;
    pace->published_ns = at;
    worker_progress_now(pace->worker, (uint64_t)at, (uint64_t)pace->total_ns + 1); /* whole only when it is over */
}

static bool checkpoint(struct pace *pace)
{
    if (pace->done_ns - pace->checkpoint_ns < CHECKPOINT_EVERY_NS)
        return true;
    pace->checkpoint_ns = pace->done_ns;
    return worker_checkpoint(pace->worker);
}

bool pace_stage(struct pace *pace, enum phase phase, double cost_ns)
{
    pace->done_ns = pace->stage_end_ns;
    pace->step_ns = 0;
    pace->stage_end_ns += cost_ns;
    worker_phase(pace->worker, phase);
    publish(pace);
    pace->checkpoint_ns = pace->done_ns;
    return worker_checkpoint(pace->worker);
}

bool pace_step(struct pace *pace, double cost_ns)
{
    pace->done_ns += pace->step_ns;
    pace->step_ns = cost_ns;
    publish(pace);
    return checkpoint(pace);
}

bool pace_is_long(const struct pace *pace, double cost_ns)
{
    return cost_ns > pace->total_ns * LONG_PART;
}

void pace_finish(struct pace *pace)
{
    uint64_t total = (uint64_t)pace->total_ns + 1;
    worker_progress_now(pace->worker, total, total);
}
