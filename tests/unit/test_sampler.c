/* test_sampler.c - the kernel's word on workers: real threads and processes that compute or sleep, more of them than are looked at in one go.
 * test: alone */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <dirent.h>
#include <math.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "measure/sampler.h"
#include "tests/unit/others.h"
#include "tests/unit/sampler_crew.h"

/* The same where it is a matter of who gets the cores. False: others took them, which proves nothing. */
static bool look_until_or_spoilt(struct crew *crew, bool (*holds)(const struct crew *crew))
{
    struct others others = others_watch();
    if (comes_to_hold(crew, holds, PATIENCE_S / 4))
        return true;
    crew_kill(crew);
    if (!others_spoilt(&others))
        fail_in_vain(crew);
    return false;
}

/* --- cores ------------------------------------------------------------------------------------------ */

static bool one_executes(const struct crew *crew)
{
    return crew->sampler.executing == 1 && crew->sampler.states[0].letter == 'R' && !crew->sampler.states[0].no_core;
}

static bool nobody_executes(const struct crew *crew)
{
    return crew->sampler.executing == 0;
}

static void one_that_computes_is_told_from_those_that_sleep(void **state)
{
    struct crew *crew = crew_start(state, 1, 3);
    assert_true(crew->sampler.executing == SIZE_MAX); /* not known before it was looked at twice */
    if (!look_until_or_spoilt(crew, one_executes))
        skip();
    assert_int_equal(crew->sampler.states[1].letter, 'S');
    kill((pid_t)crew->workers[0].data.pid, SIGSTOP);
    look_until(crew, nobody_executes);
}

static bool the_last_is_known(const struct crew *crew)
{
    return crew->sampler.executing != SIZE_MAX && crew->sampler.states[PROCESSES_MAX - 1].letter == 'S';
}

static void many_are_looked_at_a_few_at_a_time(void **state)
{
    struct crew *crew = crew_start(state, 0, PROCESSES_MAX);
    assert_int_equal(sampler_update(&crew->sampler, &crew->snap), 0);
    assert_int_equal(crew->sampler.states[0].letter, 'S');
    assert_int_equal(crew->sampler.states[PROCESSES_MAX - 1].letter, 0);
    look_until(crew, the_last_is_known);
    assert_true(crew->sampler.executing == 0);
}

static void compute_from_now_on(struct crew *crew, size_t slot)
{
    crew->workers[slot].data.phase = PHASE_COMPUTING;
    crew->workers[slot].data.phase_since_ns = clock_now_ns();
}

static bool one_of_four_executes(const struct crew *crew)
{
    size_t wanting = 0;
    for (size_t i = 0; i < 4; i++)
        wanting += crew->sampler.states[i].no_core;
    return crew->sampler.executing == 1 && wanting == 3;
}

static void four_on_one_core_want_three(void **state)
{
    struct crew *crew = crew_start(state, 4, 0);
    cpu_set_t one;
    CPU_ZERO(&one);
    CPU_SET((size_t)sched_getcpu(), &one);
    for (size_t i = 0; i < 4; i++) {
        sched_setaffinity((pid_t)crew->workers[i].data.pid, sizeof one, &one);
        compute_from_now_on(crew, i);
    }
    if (!look_until_or_spoilt(crew, one_of_four_executes))
        skip();
}

static void look_for_rounds(struct crew *crew, size_t more)
{
    size_t until = crew->sampler.rounds + more;
    while (crew->sampler.rounds < until) {
        assert_int_equal(sampler_update(&crew->sampler, &crew->snap), 0);
        rest_ms(2);
    }
}

/* It had a core for a third of the window, and for all of the time in which it wanted one. */
static void who_has_only_just_begun_executes(void **state)
{
    struct crew *crew = crew_start(state, 1, 0);
    struct others others = others_watch();
    pid_t pid = (pid_t)crew->workers[0].data.pid;
    for (int attempt = 0; attempt < 10; attempt++) {
        kill(pid, SIGSTOP);
        crew->workers[0].data.phase = PHASE_WAITING;
        look_for_rounds(crew, 3);
        assert_int_equal(crew->sampler.executing, 0);
        rest_ms(80);
        compute_from_now_on(crew, 0);
        kill(pid, SIGCONT);
        look_for_rounds(crew, 1);
        if (crew->sampler.executing == 1)
            return;
    }
    crew_kill(crew);
    if (!others_spoilt(&others))
        fail_msg("it computes, and is not said to execute");
    skip();
}

static void what_the_kernel_does_not_say_is_not_known(void **state)
{
    struct crew *crew = crew_start(state, 0, 2);
    for (size_t i = 0; i < 2; i++)
        crew->workers[i].data.tid = 1; /* no thread of theirs has this number */
    look_for_rounds(crew, 3);
    assert_true(crew->sampler.executing == SIZE_MAX);
    assert_int_equal(crew->sampler.states[0].letter, 0);
    assert_int_equal(crew->sampler.every_ns, 0);
}

/* --- what it costs ------------------------------------------------------------------------------------ */

enum { THREADS = 1000 };

/* A thousand threads of our own, asleep until it is over. */
struct sleepers {
    pthread_t threads[THREADS];
    _Atomic pid_t tids[THREADS];
    pthread_mutex_t held;
    struct worker_snapshot workers[THREADS];
    struct snapshot snap;
};

struct sleeper {
    struct sleepers *all;
    size_t number;
};

static void *sleep_on(void *argument)
{
    struct sleeper *mine = argument;
    mine->all->tids[mine->number] = (pid_t)syscall(SYS_gettid);
    pthread_mutex_lock(&mine->all->held);
    pthread_mutex_unlock(&mine->all->held);
    return NULL;
}

static void sleepers_start(struct sleepers *all, struct sleeper *each)
{
    pthread_attr_t small;
    pthread_attr_init(&small);
    pthread_attr_setstacksize(&small, 256 << 10);
    pthread_mutex_init(&all->held, NULL);
    pthread_mutex_lock(&all->held);
    for (size_t i = 0; i < THREADS; i++) {
        each[i] = (struct sleeper){all, i};
        assert_int_equal(pthread_create(&all->threads[i], &small, sleep_on, &each[i]), 0);
    }
    for (size_t i = 0; i < THREADS; i++) {
        while (!all->tids[i])
            rest_ms(1);
        all->workers[i] = (struct worker_snapshot){
            .used = true,
            .alive = true,
            .data = {.pid = (uint64_t)getpid(), .tid = (uint64_t)all->tids[i], .phase = PHASE_WAITING}};
    }
    all->snap = (struct snapshot){.workers = all->workers,
                                  .slots = THREADS,
                                  .alive = THREADS,
                                  .usable_cores = 2,
                                  .runner_pid = getpid(),
                                  .executor = {.how = HOW_THREAD_POOL}};
}

static void sleepers_end(struct sleepers *all)
{
    pthread_mutex_unlock(&all->held);
    for (size_t i = 0; i < THREADS; i++)
        pthread_join(all->threads[i], NULL);
}

/* Looks for so long as a screen would, sixty times a second; CPU time that it took. */
static uint64_t cost_of_looking_ns(struct sampler *sampler, const struct snapshot *snap, uint64_t end_ns)
{
    uint64_t cost_ns = 0;
    while (clock_now_ns() < end_ns) {
        uint64_t before_ns = clock_thread_cpu_ns();
        assert_int_equal(sampler_update(sampler, snap), 0);
        cost_ns += clock_thread_cpu_ns() - before_ns;
        rest_ms(16);
    }
    return cost_ns;
}

static void a_thousand_cost_less_than_a_hundredth_of_a_core(void **state)
{
    static struct sleepers all;
    static struct sleeper each[THREADS];
    struct sampler sampler = {0};
    (void)state;
    sleepers_start(&all, each);
    sampler_reset(&sampler);
    while (sampler.rounds < 2) { /* what it costs is known then */
        assert_int_equal(sampler_update(&sampler, &all.snap), 0);
        rest_ms(16);
    }
    size_t rounds = sampler.rounds;
    uint64_t begin_ns = clock_now_ns();
    uint64_t cost_ns = cost_of_looking_ns(&sampler, &all.snap, begin_ns + 4 * NS_PER_S);
    uint64_t took_ns = clock_now_ns() - begin_ns;
    print_message("# %.2f %% of a core, every worker every %.0f ms\n", 100 * (double)cost_ns / (double)took_ns,
                  (double)sampler.every_ns / 1e6);
    assert_true(cost_ns * 100 < took_ns);
    /* As fine as it says: so many rounds fit into that time, give or take those that were cut. */
    double fit = (double)took_ns / (double)sampler.every_ns;
    assert_true(fabs(fit - (double)(sampler.rounds - rounds)) <= 1.5 + fit / 3);
    assert_true(sampler.executing == 0);
    sampler_free(&sampler);
    sleepers_end(&all);
}

static size_t descriptors_open(void)
{
    size_t count = 0;
    DIR *dir = opendir("/proc/self/fd");
    assert_non_null(dir);
    while (readdir(dir))
        count++;
    closedir(dir);
    return count;
}

static bool two_rounds_are_over(const struct crew *crew)
{
    return crew->sampler.rounds >= 2;
}

static void descriptors_are_kept_within_the_limit(void **state)
{
    struct rlimit before, few = {.rlim_cur = 160};
    size_t open = descriptors_open();
    getrlimit(RLIMIT_NOFILE, &before);
    few.rlim_max = before.rlim_max;
    setrlimit(RLIMIT_NOFILE, &few);
    struct crew *crew = crew_start(state, 0, PROCESSES_MAX);
    look_until(crew, two_rounds_are_over);
    assert_int_equal(descriptors_open(), open + 20);
    for (size_t i = 0; i < PROCESSES_MAX; i++)
        assert_int_equal(crew->sampler.states[i].letter, 'S'); /* those that have none are read all the same */
    assert_int_equal(crew->sampler.executing, 0);
    crew->workers[0].alive = false; /* whoever has gone gives back */
    look_for_rounds(crew, 1);
    crew->workers[0].alive = true;
    crew->workers[1].data.tid = 1; /* and so does whoever is another one now */
    look_for_rounds(crew, 2);
    assert_in_range(descriptors_open(), open + 18, open + 20);
    sampler_rest(&crew->sampler);
    assert_int_equal(descriptors_open(), open);
    setrlimit(RLIMIT_NOFILE, &before);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(one_that_computes_is_told_from_those_that_sleep),
        CASE(many_are_looked_at_a_few_at_a_time),
        CASE(four_on_one_core_want_three),
        CASE(who_has_only_just_begun_executes),
        CASE(what_the_kernel_does_not_say_is_not_known),
        cmocka_unit_test(a_thousand_cost_less_than_a_hundredth_of_a_core),
        CASE(descriptors_are_kept_within_the_limit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
