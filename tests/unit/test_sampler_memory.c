/* test_sampler_memory.c - the kernel's word on memory: real processes are weighed, and what each has of its own is told from what all share.
 * test: alone */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "measure/sampler.h"
#include "tests/unit/sampler_crew.h"

enum { COMMON_BYTES = 16 << 20 };

/* --- memory ------------------------------------------------------------------------------------------- */

static bool memory_is_known(const struct crew *crew)
{
    return crew->sampler.memory.together_bytes > 0;
}

static bool memory_is_exact(const struct crew *crew)
{
    return memory_is_known(crew) && !crew->sampler.memory.estimated;
}

static uint64_t weigh_all(const struct crew *crew)
{
    uint64_t sum = 0, pss, private_bytes, rss;
    assert_true(machine_memory_of(getpid(), &pss, &private_bytes, &rss));
    sum += pss;
    for (size_t i = 0; i < crew->snap.slots; i++) {
        assert_true(machine_memory_of((pid_t)crew->workers[i].data.pid, &pss, &private_bytes, &rss));
        sum += pss;
    }
    return sum;
}

static void assert_close(uint64_t got, uint64_t wanted)
{
    assert_in_range(got, wanted - wanted / 5, wanted + wanted / 5);
}

static void the_memory_of_a_few_is_never_an_estimate(void **state)
{
    struct crew *crew = crew_start(state, 0, 16);
    look_until(crew, memory_is_known);
    assert_false(crew->sampler.memory.estimated);
    assert_int_equal(crew->sampler.memory.processes, 17);
    assert_close(crew->sampler.memory.together_bytes, weigh_all(crew));
}

/* Weighing all takes some seconds; until then those that were not weighed count as the others do. */
static void the_memory_of_many_is_an_estimate_first(void **state)
{
    struct crew *crew = crew_start(state, 0, 40);
    look_until(crew, memory_is_known);
    assert_true(crew->sampler.memory.estimated);
    assert_int_equal(crew->sampler.memory.processes, 41);
    assert_close(crew->sampler.memory.together_bytes, weigh_all(crew));
    look_until(crew, memory_is_exact);
    assert_close(crew->sampler.memory.together_bytes, weigh_all(crew));
}

/* A runner of many threads is weighed by a child, and the child is gone afterwards. */
static void a_runner_of_many_threads_is_weighed_without_waiting(void **state)
{
    uint64_t pss, private_bytes, rss;
    struct crew *crew = crew_start(state, 0, 1);
    crew->snap.executor.how = HOW_THREAD_POOL;
    crew->snap.alive = 1000;
    crew->snap.runner_pid = (pid_t)crew->workers[0].data.pid;
    crew->workers[0].data.kind = WORKER_THREAD;
    look_until(crew, memory_is_known);
    assert_true(machine_memory_of(crew->snap.runner_pid, &pss, &private_bytes, &rss));
    assert_close(crew->sampler.memory.together_bytes, pss);
    assert_int_equal(crew->sampler.memory.processes, 1);
    kill(crew->snap.runner_pid, SIGKILL);
    assert_int_equal(waitpid(crew->snap.runner_pid, NULL, 0), crew->snap.runner_pid);
    crew->workers[0].data.pid = 0;
    sampler_free(&crew->sampler);
    assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
    assert_int_equal(errno, ECHILD);
}

static bool is_weighed_again(const struct crew *crew)
{
    return crew->sampler.memory_rounds >= 3 && crew->sampler.weigher.of == 0;
}

/* One child does all the weighing; when somebody ends it, there is another one. */
static void a_weigher_stays_and_is_replaced(void **state)
{
    struct crew *crew = crew_start(state, 0, 1);
    crew->snap.executor.how = HOW_THREAD_POOL;
    crew->snap.alive = 1000;
    crew->snap.runner_pid = (pid_t)crew->workers[0].data.pid;
    look_until(crew, memory_is_known);
    pid_t first = crew->sampler.weigher.pid;
    assert_true(first > 0);
    look_until(crew, is_weighed_again);
    assert_int_equal(crew->sampler.weigher.pid, first);
    kill(first, SIGKILL);
    crew->sampler.memory = (struct memory_figures){0};
    look_until(crew, memory_is_known);
    assert_true(crew->sampler.weigher.pid != first);
    sampler_rest(&crew->sampler);
    assert_int_equal(crew->sampler.weigher.pid, 0);
}

/* --- private and shared ------------------------------------------------------------------------------- */

/* What smaps_rollup says of a process, read without the program's own functions. */
struct weights {
    uint64_t pss_bytes, private_bytes;
};

static struct weights weights_of(pid_t pid)
{
    char path[64], line[256];
    struct weights weights = {.pss_bytes = 0};
    snprintf(path, sizeof path, "/proc/%d/smaps_rollup", (int)pid);
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    while (fgets(line, sizeof line, file)) {
        unsigned long long kib = 0;
        if (sscanf(line, "Pss: %llu", &kib) == 1)
            weights.pss_bytes += kib * 1024;
        else if (sscanf(line, "Private_Clean: %llu", &kib) == 1 || sscanf(line, "Private_Dirty: %llu", &kib) == 1)
            weights.private_bytes += kib * 1024;
    }
    fclose(file);
    return weights;
}

static void weigh_until_known(struct crew *crew)
{
    uint64_t end_ns = clock_now_ns() + PATIENCE_S * NS_PER_S;
    while (!crew->sampler.memory.together_bytes && clock_now_ns() < end_ns) {
        assert_int_equal(sampler_weigh(&crew->sampler, &crew->snap), 0);
        nanosleep(&(struct timespec){.tv_nsec = (long)NS_PER_MS}, NULL);
    }
    assert_true(crew->sampler.memory.together_bytes > 0);
}

/* The crew's sums, as smaps_rollup has them now. */
static struct weights sums_of(const struct crew *crew)
{
    struct weights sums = weights_of(getpid());
    for (size_t i = 0; i < crew->snap.slots; i++) {
        struct weights one = weights_of((pid_t)crew->workers[i].data.pid);
        sums.pss_bytes += one.pss_bytes;
        sums.private_bytes += one.private_bytes;
    }
    return sums;
}

/* True when every worker has what it takes for itself. */
static void wait_for_own_memory(const struct crew *crew)
{
    uint64_t end_ns = clock_now_ns() + PATIENCE_S * NS_PER_S;
    for (size_t i = 0; i < crew->snap.slots; i++)
        while (weights_of((pid_t)crew->workers[i].data.pid).private_bytes < OWN_BYTES) {
            assert_true(clock_now_ns() < end_ns);
            nanosleep(&(struct timespec){.tv_nsec = (long)NS_PER_MS}, NULL);
        }
}

/* A run of a tenth of a second has a figure, too; and before anybody is there to weigh there is none. */
static void a_short_run_is_weighed_on_the_screen_too(void **state)
{
    struct crew *crew = crew_start(state, 0, 4);
    size_t alive = crew->snap.alive;
    crew->snap.alive = 0;
    wait_for_own_memory(crew);
    nanosleep(&(struct timespec){.tv_nsec = 60 * (long)NS_PER_MS}, NULL);
    assert_int_equal(sampler_update(&crew->sampler, &crew->snap), 0);
    assert_int_equal(crew->sampler.memory.together_bytes, 0);
    crew->snap.alive = alive;
    for (int frame = 0; frame < 3; frame++) /* of 16 ms: no time need pass */
        assert_int_equal(sampler_update(&crew->sampler, &crew->snap), 0);
    assert_true(crew->sampler.memory.together_bytes > 4 * (uint64_t)OWN_BYTES);
    assert_int_equal(crew->sampler.memory.processes, 5);
}

static void processes_have_memory_of_their_own(void **state)
{
    /* Made before they are: they share it with us, and it is nobody's own. */
    void *common = mmap(NULL, COMMON_BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
    assert_true(common != MAP_FAILED);
    struct crew *crew = crew_start(state, 0, 4);
    wait_for_own_memory(crew);
    assert_int_equal(sampler_weigh(&crew->sampler, &crew->snap), 0); /* one call is enough */
    const struct memory_figures *memory = &crew->sampler.memory;
    struct weights sums = sums_of(crew);
    assert_close(memory->together_bytes, sums.pss_bytes);
    assert_close(memory->private_bytes, sums.private_bytes);
    assert_true(memory->private_bytes > 4 * (uint64_t)OWN_BYTES);
    assert_in_range(memory->worker_bytes, OWN_BYTES, 4 * OWN_BYTES);
    assert_true(memory->shared_bytes > COMMON_BYTES / 5 * 4);
    assert_int_equal(memory->shared_bytes, memory->together_bytes - memory->private_bytes);
    assert_int_equal(memory->processes, 5);
    assert_false(memory->estimated);
    munmap(common, COMMON_BYTES);
}

static void threads_share_all_of_theirs(void **state)
{
    struct crew *crew = crew_start(state, 0, 1);
    crew->snap.executor.how = HOW_THREAD_POOL;
    crew->snap.runner_pid = (pid_t)crew->workers[0].data.pid;
    crew->workers[0].data.kind = WORKER_THREAD;
    wait_for_own_memory(crew);
    weigh_until_known(crew);
    const struct memory_figures *memory = &crew->sampler.memory;
    assert_int_equal(memory->private_bytes, 0);
    assert_int_equal(memory->worker_bytes, 0);
    assert_true(memory->shared_bytes > 1 << 20);
    assert_int_equal(memory->shared_bytes, memory->together_bytes);
    assert_close(memory->together_bytes, weights_of(crew->snap.runner_pid).pss_bytes);
    assert_int_equal(memory->processes, 1);
}

/* The moment of the greatest figure stays, also when the workers have gone. */
static void what_a_run_needed_stays_when_it_is_over(void **state)
{
    struct crew *crew = crew_start(state, 0, 4);
    wait_for_own_memory(crew);
    weigh_until_known(crew);
    uint64_t greatest = crew->sampler.memory.together_bytes;
    for (size_t i = 1; i < 4; i++)
        crew->workers[i].alive = false;
    crew->snap.alive = 1;
    uint64_t end_ns = clock_now_ns() + PATIENCE_S * NS_PER_S; /* who takes long to weigh is weighed rarely */
    for (int i = 0; i < 50 || (crew->sampler.memory_looks <= 1 && clock_now_ns() < end_ns); i++) {
        assert_int_equal(sampler_weigh(&crew->sampler, &crew->snap), 0);
        nanosleep(&(struct timespec){.tv_nsec = 5 * (long)NS_PER_MS}, NULL);
    }
    assert_true(crew->sampler.memory_looks > 1);
    assert_int_equal(crew->sampler.memory.together_bytes, greatest);
    crew->snap.alive = 0;
    crew->snap.runner_pid = 0;
    assert_int_equal(sampler_weigh(&crew->sampler, &crew->snap), 0);
    assert_int_equal(crew->sampler.memory.together_bytes, greatest);
    sampler_reset(&crew->sampler);
    assert_int_equal(crew->sampler.memory.together_bytes, 0);
}

/* Before there is a worker nothing is known; and looking costs little, however often one asks. */
static void weighing_is_rare(void **state)
{
    struct crew *crew = crew_start(state, 0, 16);
    size_t alive = crew->snap.alive;
    crew->snap.alive = 0;
    assert_int_equal(sampler_weigh(&crew->sampler, &crew->snap), 0);
    assert_int_equal(crew->sampler.memory.together_bytes, 0);
    crew->snap.alive = alive;
    uint64_t begin_ns = clock_now_ns();
    size_t calls = 0;
    for (; clock_now_ns() - begin_ns < 4 * NS_PER_S; calls++)
        assert_int_equal(sampler_weigh(&crew->sampler, &crew->snap), 0);
    assert_true(calls > 1000);
    assert_in_range(crew->sampler.memory_looks, 2, 5 + 1 + 4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(the_memory_of_a_few_is_never_an_estimate),
        CASE(a_short_run_is_weighed_on_the_screen_too),
        CASE(the_memory_of_many_is_an_estimate_first),
        CASE(a_runner_of_many_threads_is_weighed_without_waiting),
        CASE(a_weigher_stays_and_is_replaced),
        CASE(processes_have_memory_of_their_own),
        CASE(threads_share_all_of_theirs),
        CASE(what_a_run_needed_stays_when_it_is_over),
        CASE(weighing_is_rare),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
