/* made_up_runs.h - runs of a made-up kind of work, watched. The jobs wait or compute as their input's limit says: even numbers wait so many
 * milliseconds, odd ones compute them. What they share with the test lies in a page of shared memory. */
#ifndef TESTS_MADE_UP_RUNS_H
#define TESTS_MADE_UP_RUNS_H

#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

#include "base/clock.h"
#include "base/problem.h"
#include "juggler/run.h"
#include "juggler/worker.h"
#include "tests/unit/watched_run.h"

enum { JOBS_MAX = 400 };

struct shared {
    _Atomic unsigned runs[JOBS_MAX]; /* how often each job was begun */
    _Atomic unsigned abandoned;
    _Atomic int deadly_job; /* this job kills its worker; -1: none does */
    _Atomic bool stillborn; /* workers die before they take a job */
    _Atomic bool plagued;   /* every second one does, and the others die in each job that nobody has tried before */
    _Atomic bool hurried;   /* jobs are over from now on, those that are begun, too */
    _Atomic unsigned born;
};

/* --- the made-up work ----------------------------------------------------------------------------- */

static struct shared *shared;

static inline void *worker_begin(const struct job_set *set, struct worker *worker)
{
    (void)worker;
    unsigned before = atomic_fetch_add_explicit(&shared->born, 1, memory_order_relaxed);
    bool unlucky = before % 2 && atomic_load_explicit(&shared->plagued, memory_order_relaxed);
    if (unlucky || atomic_load_explicit(&shared->stillborn, memory_order_relaxed))
        raise(SIGKILL);
    return (void *)(uintptr_t)set;
}

static inline void worker_leave(void *state)
{
    (void)state;
}

static inline bool is_hurried(void)
{
    return atomic_load_explicit(&shared->hurried, memory_order_relaxed);
}

static inline bool compute(struct worker *worker, uint64_t ms)
{
    uint64_t begin_ns = clock_thread_cpu_ns(), whole_ns = ms * NS_PER_MS, done_ns = 0;
    worker_phase(worker, PHASE_COMPUTING);
    while (done_ns < whole_ns && !is_hurried()) {
        if (!worker_checkpoint(worker))
            return false;
        done_ns = clock_thread_cpu_ns() - begin_ns;
        worker_progress(worker, done_ns < whole_ns ? done_ns : whole_ns, whole_ns);
    }
    return true;
}

static inline bool wait_for(struct worker *worker, uint64_t ms)
{
    enum { LOOK_MS = 20 };
    worker_phase(worker, PHASE_WAITING);
    for (uint64_t left = ms, next; left > 0 && !is_hurried(); left -= next) {
        next = left < LOOK_MS ? left : LOOK_MS;
        if (!worker_sleep(worker, next * NS_PER_MS))
            return false;
    }
    return true;
}

static inline enum job_outcome do_job(void *state, struct worker *worker, size_t job, struct job_result *result)
{
    const struct job_set *set = state;
    uint64_t ms = set->inputs[job].limit;
    bool first = atomic_fetch_add_explicit(&shared->runs[job], 1, memory_order_relaxed) == 0;
    if (first && atomic_load_explicit(&shared->plagued, memory_order_relaxed))
        raise(SIGKILL);
    if ((int)job == atomic_load_explicit(&shared->deadly_job, memory_order_relaxed))
        raise(SIGKILL);
    if (!(ms % 2 ? compute(worker, ms) : wait_for(worker, ms)))
        return JOB_OUTCOME_STOPPED;
    result->bytes = job + 1;
    if (strcmp(set->inputs[job].text, "fails") != 0)
        return JOB_OUTCOME_DONE;
    strcpy(result->note, "as it was told to");
    return JOB_OUTCOME_FAILED;
}

static inline void abandon(const struct job_set *set, size_t job)
{
    (void)set;
    (void)job;
    atomic_fetch_add_explicit(&shared->abandoned, 1, memory_order_relaxed);
}

static const struct job_kind made_up = {.work = WORK_PRIMES,
                                        .name = "made-up",
                                        .title = "MADE UP",
                                        .bound = "either",
                                        .worker_start = worker_begin,
                                        .run = do_job,
                                        .worker_stop = worker_leave,
                                        .abandon = abandon};

static struct job_input inputs[JOBS_MAX];

static inline struct job_set set_of(size_t count, uint64_t ms)
{
    for (size_t i = 0; i < count; i++)
        inputs[i] = (struct job_input){.text = "plain", .limit = ms};
    for (size_t i = 0; i < JOBS_MAX; i++)
        atomic_store_explicit(&shared->runs[i], 0, memory_order_relaxed);
    atomic_store_explicit(&shared->deadly_job, -1, memory_order_relaxed);
    atomic_store_explicit(&shared->abandoned, 0, memory_order_relaxed);
    atomic_store_explicit(&shared->stillborn, false, memory_order_relaxed);
    atomic_store_explicit(&shared->plagued, false, memory_order_relaxed);
    atomic_store_explicit(&shared->hurried, false, memory_order_relaxed);
    atomic_store_explicit(&shared->born, 0, memory_order_relaxed);
    return (struct job_set){.kind = &made_up, .inputs = inputs, .count = count, .output_dir = -1, .part_prefix = ""};
}

static inline int make_shared(void **state)
{
    (void)state;
    shared = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    return shared == MAP_FAILED ? -1 : 0;
}

/* --- watching ------------------------------------------------------------------------------------- */

static inline struct run *start(const struct job_set *set, const char *spec, size_t slots_max)
{
    struct problem problem = {.text = ""};
    struct executor executor;
    assert_int_equal(executor_parse(spec, WORK_PRIMES, 2, &executor, &problem), 0);
    const struct run_options options = {.set = set, .executor = executor, .slots_max = slots_max, .usable_cores = 2};
    struct run *run = run_start(&options, &problem);
    if (!run)
        fail_msg("%s: %s", spec, problem.text);
    return run;
}

static inline bool has_alive(const struct snapshot *snap, size_t n)
{
    return snap->alive == n;
}

static inline bool has_running(const struct snapshot *snap, size_t n)
{
    return snap->running == n;
}

static inline bool has_done(const struct snapshot *snap, size_t n)
{
    return snap->done >= n;
}

static inline bool is_paused(const struct snapshot *snap, size_t n)
{
    size_t held = 0;
    for (size_t i = 0; i < snap->slots; i++)
        held += snap->workers[i].data.phase == PHASE_PAUSED;
    return snap->state == RUN_PAUSED && held == n;
}

static inline struct snapshot finish(struct run *run)
{
    return wait_until(run, is_over, 0, "the end");
}

static inline void assert_each_once(const struct snapshot *snap)
{
    for (size_t i = 0; i < snap->jobs; i++) {
        assert_int_equal(snap->results[i].word.state, JOB_DONE);
        assert_int_equal(snap->results[i].result.bytes, i + 1);
        assert_int_equal(atomic_load(&shared->runs[i]), 1);
        assert_true(snap->results[i].result.end_ns >= snap->results[i].result.start_ns);
    }
}

#endif
