/* sampler_crew.h - processes that play forked workers, for the tests of the sampler: they compute or sleep, and it looks at them. Include cmocka.h
 * and what it wants before. */
#ifndef TESTS_UNIT_SAMPLER_CREW_H
#define TESTS_UNIT_SAMPLER_CREW_H

#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/sanitized.h"
#include "base/task_stat.h"
#include "measure/sampler.h"
#include "tests/unit/others.h"

enum { PROCESSES_MAX = 80, PATIENCE_S = SANITIZED ? 60 : 20, OWN_BYTES = 2 << 20 };

/* Processes that play forked workers, in the snapshot that a run would give. */
struct crew {
    struct worker_snapshot workers[PROCESSES_MAX];
    struct snapshot snap;
    struct sampler sampler;
};

static inline pid_t child_start(bool busy)
{
    pid_t parent = getpid(), pid = fork();
    assert_true(pid >= 0);
    if (pid > 0)
        return pid;
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    /* Enough of its own that who shares the rest of its pages at the moment makes no difference. */
    char *own = mmap(NULL, OWN_BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
    if (own == MAP_FAILED)
        _exit(1);
    while (getppid() == parent)
        if (!busy)
            pause();
    _exit(0);
}

/* A child that sleeps has what it wants: before, it is none of those that it plays. */
static inline void crew_wait(const struct crew *crew, size_t first, size_t count)
{
    uint64_t end_ns = clock_now_ns() + PATIENCE_S * NS_PER_S;
    for (size_t i = first; i < first + count; i++)
        while (task_stat_read(crew->workers[i].data.pid, crew->workers[i].data.pid).letter != 'S') {
            assert_true(clock_now_ns() < end_ns);
            nanosleep(&(struct timespec){.tv_nsec = (long)NS_PER_MS}, NULL);
        }
}

static inline struct crew *crew_start(void **state, size_t busy, size_t sleeping)
{
    struct crew *crew = calloc(1, sizeof *crew);
    assert_non_null(crew);
    *state = crew;
    for (size_t i = 0; i < busy + sleeping; i++) {
        pid_t pid = child_start(i < busy);
        crew->workers[i] = (struct worker_snapshot){
            .used = true, .alive = true, .data = {.pid = (uint32_t)pid, .tid = (uint32_t)pid, .kind = WORKER_PROCESS}};
    }
    crew->snap = (struct snapshot){.workers = crew->workers,
                                   .slots = busy + sleeping,
                                   .alive = busy + sleeping,
                                   .runner_pid = getpid(),
                                   .usable_cores = 2,
                                   .executor = {.how = HOW_PROCESS_POOL}};
    crew_wait(crew, busy, sleeping);
    sampler_reset(&crew->sampler);
    return crew;
}

static inline void crew_kill(struct crew *crew)
{
    for (size_t i = 0; i < PROCESSES_MAX; i++)
        if (crew->workers[i].data.pid && crew->workers[i].data.kind == WORKER_PROCESS) {
            kill((pid_t)crew->workers[i].data.pid, SIGKILL);
            waitpid((pid_t)crew->workers[i].data.pid, NULL, 0);
            crew->workers[i].data.pid = 0;
        }
}

static inline int crew_end(void **state)
{
    struct crew *crew = *state;
    crew_kill(crew);
    sampler_free(&crew->sampler);
    free(crew);
    return 0;
}

static inline void rest_ms(long ms)
{
    nanosleep(&(struct timespec){.tv_nsec = ms * (long)NS_PER_MS}, NULL);
}

/* Looks as often as a screen would until the condition holds. False: in vain. */
static inline bool comes_to_hold(struct crew *crew, bool (*holds)(const struct crew *crew), unsigned patience_s)
{
    uint64_t end_ns = clock_now_ns() + patience_s * NS_PER_S;
    do {
        assert_int_equal(sampler_update(&crew->sampler, &crew->snap), 0);
        if (holds(crew))
            return true;
        rest_ms(5);
    } while (clock_now_ns() < end_ns);
    return false;
}

static inline void fail_in_vain(const struct crew *crew)
{
    fail_msg("executing %zu, memory %zu, %zu processes", crew->sampler.executing,
             (size_t)crew->sampler.memory.together_bytes, crew->sampler.memory.processes);
}

static inline void look_until(struct crew *crew, bool (*holds)(const struct crew *crew))
{
    if (!comes_to_hold(crew, holds, PATIENCE_S))
        fail_in_vain(crew);
}

#define CASE(function) cmocka_unit_test_teardown(function, crew_end)

#endif
