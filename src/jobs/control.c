/* control.c - pure waiting and pure computing as kinds of job. See control.h. A worker's state is the job set: there is nothing to keep. */
#include "jobs/control.h"

#include "base/clock.h"
#include "juggler/worker.h"

/* What worker_start returns must not be NULL, and is not written to. */
static void *control_start(const struct job_set *set, struct worker *worker)
{
    (void)worker;
    return (void *)(uintptr_t)set;
}

static void control_stop(void *state)
{
    (void)state;
}

static enum job_outcome run_wait(void *state, struct worker *worker, size_t job, struct job_result *result)
{
    const struct job_set *set = state;
    result->attempts = 1;
    worker_phase(worker, PHASE_WAITING);
    return worker_sleep(worker, set->inputs[job].limit * NS_PER_MS) ? JOB_OUTCOME_DONE : JOB_OUTCOME_STOPPED;
}

static enum job_outcome run_compute(void *state, struct worker *worker, size_t job, struct job_result *result)
{
    const struct job_set *set = state;
    uint64_t rounds = set->inputs[job].limit, value = job + 1;
    result->attempts = 1;
    worker_phase(worker, PHASE_COMPUTING);
    for (uint64_t round = 0; round < rounds; round++) {
        for (unsigned step = 0; step < CONTROL_ROUND_STEPS; step++) /* a step needs the one before it; Knuth's MMIX */
            value = value * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
        if (!worker_checkpoint(worker))
            return JOB_OUTCOME_STOPPED;
        worker_progress(worker, round + 1, rounds);
    }
    result->head = value % 1000000; /* somebody wants it, so it has to be computed */
    return JOB_OUTCOME_DONE;
}

const struct job_kind job_kind_wait = {
    .work = WORK_PRIMES,
    .name = "waiting",
    .title = "WAITING",
    .bound = "waits only",
    .worker_start = control_start,
    .run = run_wait,
    .worker_stop = control_stop,
};

const struct job_kind job_kind_compute = {
    .work = WORK_PRIMES,
    .name = "computing",
    .title = "COMPUTING",
    .bound = "computes only",
    .worker_start = control_start,
    .run = run_compute,
    .worker_stop = control_stop,
};
