/* test_sampler.c - the kernel's word on workers: real threads and processes that compute or sleep, more of them than are looked at in one go.
 * test: alone */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <dirent.h>
#include <errno.h>
#include <math.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "measure/sampler.h"
#include "others.h"

enum { PROCESSES_MAX = 80, PATIENCE_S = OTHERS_INSTRUMENTED ? 60 : 20, OWN_BYTES = 2 << 20, COMMON_BYTES = 16 << 20 };

/* Processes that play forked workers, in the snapshot that a run would give. */
struct crew {
    struct worker_snapshot workers[PROCESSES_MAX];
    struct snapshot snap;
    struct sampler sampler;
};

static pid_t child_start(bool busy)
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

static struct crew *crew_start(void **state, size_t busy, size_t sleeping)
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
    sampler_reset(&crew->sampler);
    return crew;
}

static void crew_kill(struct crew *crew)
{
    for (size_t i = 0; i < PROCESSES_MAX; i++)
        if (crew->workers[i].data.pid && crew->workers[i].data.kind == WORKER_PROCESS) {
            kill((pid_t)crew->workers[i].data.pid, SIGKILL);
            waitpid((pid_t)crew->workers[i].data.pid, NULL, 0);
            crew->workers[i].data.pid = 0;
        }
}

static int crew_end(void **state)
{
    struct crew *crew = *state;
    crew_kill(crew);
    sampler_free(&crew->sampler);
    free(crew);
    return 0;
}

static void rest_ms(long ms)
{
    nanosleep(&(struct timespec){.tv_nsec = ms * (long)NS_PER_MS}, NULL);
}

/* Looks as often as a screen would until the condition holds. False: in vain. */
static bool comes_to_hold(struct crew *crew, bool (*holds)(const struct crew *crew), unsigned patience_s)
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

static void fail_in_vain(const struct crew *crew)
{
    fail_msg("executing %zu, memory %zu, %zu processes", crew->sampler.executing,
             (size_t)crew->sampler.memory.together_bytes, crew->sampler.memory.processes);
}

static void look_until(struct crew *crew, bool (*holds)(const struct crew *crew))
{
    if (!comes_to_hold(crew, holds, PATIENCE_S))
        fail_in_vain(crew);
}

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

#define CASE(function) cmocka_unit_test_teardown(function, crew_end)

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
