/* test_lease.c - workers that give no sign of life: who is found silent, who never is, and what becomes of their jobs. test: limit 240
 *
 * A made-up kind of work: each job computes for as many milliseconds as its limit says, and its text says how it behaves meanwhile. Leases are much
 * shorter here than --lease allows, so every worker has one job alone (process-each): one that waited for work would wake up too seldom. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/problem.h"
#include "base/sanitized.h"
#include "base/task_stat.h"
#include "juggler/run.h"
#include "juggler/worker.h"
#include "tests/unit/others.h"
#include "tests/unit/watched_run.h"

enum { JOBS = 6, LEASE_MS = 300 };

/* --- the made-up work ----------------------------------------------------------------------------- */

struct shared {
    _Atomic unsigned begun[JOBS]; /* how often each job was */
    _Atomic bool held;            /* nobody who computes is done before that is over */
};

static struct shared *shared; /* with the workers */
static struct job_input inputs[JOBS];

static void *worker_begin(const struct job_set *set, struct worker *worker)
{
    (void)worker;
    return (void *)(uintptr_t)set;
}

static void worker_leave(void *state)
{
    (void)state;
}

/* "deaf": says nothing and looks at nothing until it is done. */
static bool compute(struct worker *worker, uint64_t ms, bool deaf)
{
    uint64_t begin_ns = clock_thread_cpu_ns();
    worker_phase(worker, PHASE_COMPUTING);
    while (atomic_load(&shared->held) || clock_thread_cpu_ns() - begin_ns < ms * NS_PER_MS)
        if (!deaf && !worker_checkpoint(worker))
            return false;
    return true;
}

static enum job_outcome do_job(void *state, struct worker *worker, size_t job, struct job_result *result)
{
    const struct job_input *input = &((const struct job_set *)state)->inputs[job];
    atomic_fetch_add(&shared->begun[job], 1);
    while (strcmp(input->text, "hangs") == 0)
        pause();
    if (strcmp(input->text, "backs off") == 0 && !worker_sleep(worker, input->limit * NS_PER_MS))
        return JOB_OUTCOME_STOPPED;
    if (!compute(worker, input->limit, strcmp(input->text, "deaf") == 0))
        return JOB_OUTCOME_STOPPED;
    result->bytes = job + 1;
    return JOB_OUTCOME_DONE;
}

static const struct job_kind made_up = {.work = WORK_PRIMES,
                                        .name = "made-up",
                                        .title = "MADE UP",
                                        .bound = "either",
                                        .worker_start = worker_begin,
                                        .run = do_job,
                                        .worker_stop = worker_leave};

static struct job_set set_of(uint64_t ms)
{
    atomic_store(&shared->held, false);
    for (size_t i = 0; i < JOBS; i++) {
        inputs[i] = (struct job_input){.text = "plain", .limit = ms};
        atomic_store(&shared->begun[i], 0);
    }
    return (struct job_set){.kind = &made_up, .inputs = inputs, .count = JOBS, .output_dir = -1, .part_prefix = ""};
}

static int make_shared(void **state)
{
    (void)state;
    shared = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    return shared == MAP_FAILED ? -1 : 0;
}

/* --- watching ------------------------------------------------------------------------------------- */

static struct run *start(const struct job_set *set, const char *spec, uint64_t lease_ms)
{
    struct problem problem = {.text = ""};
    struct executor executor;
    assert_int_equal(executor_parse(spec, WORK_PRIMES, 2, &executor, &problem), 0);
    const struct run_options options = {
        .set = set, .executor = executor, .usable_cores = 2, .lease_ns = lease_ms * NS_PER_MS};
    struct run *run = run_start(&options, &problem);
    if (!run)
        fail_msg("%s: %s", spec, problem.text);
    return run;
}

/* A process for each job, and no job is done before let_go. */
static struct run *start_held(const struct job_set *set, uint64_t lease_ms)
{
    atomic_store(&shared->held, true);
    return start(set, "process-each", lease_ms);
}

/* The time itself is what is tried. */
static void let_pass(struct run *run, uint64_t ms)
{
    for (uint64_t end_ns = clock_now_ns() + ms * NS_PER_MS; clock_now_ns() < end_ns;) {
        run_tick(run);
        poll(NULL, 0, 5);
    }
}

/* A job is running by its word before its worker has said so in its record, and before it has begun. */
static bool all_run(const struct snapshot *snap, size_t unused)
{
    (void)unused;
    if (snap->running != JOBS)
        return false;
    for (size_t i = 0; i < JOBS; i++)
        if (!snap->workers[i].data.pid || !snap->workers[i].data.job || !atomic_load(&shared->begun[i]))
            return false;
    return true;
}

/* All jobs are under way; none ends before let_go. */
static struct snapshot hold(struct run *run)
{
    return wait_until(run, all_run, 0, "all at work");
}

static void let_go(void)
{
    atomic_store(&shared->held, false);
}

static bool has_killed(const struct snapshot *snap, size_t unused)
{
    (void)unused;
    return snap->killed > 0;
}

/* SIZE_MAX: nobody is. */
static size_t silent_one(const struct snapshot *snap)
{
    for (size_t i = 0; i < snap->slots; i++)
        if (snap->workers[i].silent_since_ns)
            return i;
    return SIZE_MAX;
}

static bool has_silent(const struct snapshot *snap, size_t unused)
{
    (void)unused;
    return silent_one(snap) != SIZE_MAX;
}

static bool has_no_silent(const struct snapshot *snap, size_t unused)
{
    (void)unused;
    return !has_silent(snap, 0);
}

static void assert_all_done(const struct snapshot *snap)
{
    assert_int_equal(snap->state, RUN_DONE);
    assert_int_equal(snap->done, JOBS);
    for (size_t i = 0; i < JOBS; i++)
        assert_int_equal(snap->results[i].result.bytes, i + 1);
}

/* --- who is silent -------------------------------------------------------------------------------- */

static void a_stopped_process_is_killed_and_its_job_is_done_by_another(void **state)
{
    (void)state;
    struct job_set set = set_of(200);
    struct run *run = start_held(&set, LEASE_MS);
    struct snapshot snap = hold(run);
    pid_t stopped = (pid_t)snap.workers[2].data.pid;
    size_t job = (size_t)snap.workers[2].data.job - 1;
    assert_int_equal(kill(stopped, SIGSTOP), 0);
    let_go();
    wait_until(run, has_killed, 0, "the end of its lease");
    kill(stopped, SIGCONT); /* too late */
    snap = wait_until(run, is_over, 0, "the end");
    assert_all_done(&snap);
    assert_int_equal(snap.killed, 1);
    assert_int_equal(snap.runner.hung, 1);
    for (size_t i = 0; i < JOBS; i++) {
        assert_int_equal(snap.results[i].word.deaths, i == job);
        assert_int_equal(snap.results[i].result.attempts, 1 + (i == job));
        assert_int_equal(atomic_load(&shared->begun[i]), 1 + (i == job));
    }
    run_free(run);
}

static void a_job_that_hangs_costs_three_processes_and_is_poisoned(void **state)
{
    (void)state;
    if (SANITIZED)
        skip(); /* ThreadSanitizer has a thread of its own in each process: its CPU clock moves, which is a sign of life */
    struct job_set set = set_of(20);
    inputs[1].text = "hangs";
    struct run *run = start(&set, "process-each", LEASE_MS);
    struct snapshot snap = wait_until(run, is_over, 0, "the end");
    assert_int_equal(snap.state, RUN_DONE);
    assert_int_equal(snap.done, JOBS - 1);
    assert_int_equal(snap.poisoned, 1);
    assert_int_equal(snap.killed, 3);
    assert_int_equal(snap.runner.hung, 3);
    assert_int_equal(atomic_load(&shared->begun[1]), 3);
    assert_non_null(strstr(snap.results[1].result.note, "3 workers died while they ran it"));
    assert_non_null(strstr(snap.results[1].result.note, "without a sign of life"));
    run_free(run);
}

/* Shown to whoever looks, and with no lease left alone; when it goes on it is as any other. */
static void a_silent_process_without_a_lease_is_only_shown(void **state)
{
    (void)state;
    struct job_set set = set_of(200);
    struct run *run = start_held(&set, 0);
    struct snapshot snap = hold(run);
    pid_t stopped = (pid_t)snap.workers[4].data.pid;
    assert_int_equal(kill(stopped, SIGSTOP), 0);
    let_go();
    snap = wait_until(run, has_silent, 0, "a silent worker");
    assert_int_equal(silent_one(&snap), 4);
    assert_int_equal(snap.killed, 0);
    kill(stopped, SIGCONT);
    wait_until(run, has_no_silent, 0, "it to speak again");
    snap = wait_until(run, is_over, 0, "the end");
    assert_all_done(&snap);
    assert_int_equal(snap.killed + snap.runner.hung, 0);
    run_free(run);
}

/* It shares its process with the others: nothing can end it alone. */
static void a_thread_that_hangs_is_only_shown(void **state)
{
    (void)state;
    struct job_set set = set_of(4);
    inputs[0].text = "hangs";
    struct run *run = start(&set, "thread-pool:2", LEASE_MS);
    struct snapshot snap = wait_until(run, has_silent, 0, "a silent thread");
    assert_int_equal(snap.workers[silent_one(&snap)].data.job, 1);
    assert_int_equal(snap.done, JOBS - 1);
    assert_int_equal(snap.killed, 0);
    run_free(run);
}

/* --- who is not ----------------------------------------------------------------------------------- */

static void who_computes_without_a_word_is_left_alone(void **state)
{
    (void)state;
    struct job_set set = set_of(300);
    for (size_t i = 0; i < JOBS; i++)
        inputs[i].text = "deaf"; /* on fewer cores than jobs: most of them have none for most of the time */
    struct run *run = start(&set, "process-each", LEASE_MS);
    struct snapshot snap = wait_until(run, is_over, 0, "the end");
    assert_all_done(&snap);
    assert_int_equal(snap.killed, 0);
    run_free(run);
}

static void a_pause_ages_nobody(void **state)
{
    (void)state;
    struct job_set set = set_of(100);
    struct run *run = start_held(&set, LEASE_MS);
    hold(run);
    run_pause(run);
    let_go();
    let_pass(run, 3 * LEASE_MS);
    run_resume(run);
    struct snapshot snap = wait_until(run, is_over, 0, "the end");
    assert_all_done(&snap);
    assert_int_equal(snap.killed, 0);
    run_free(run);
}

static void wait_for_letter(uint64_t pid, char letter)
{
    uint64_t deadline_ns = clock_now_ns() + DEADLINE_S * NS_PER_S;
    while (task_stat_read(pid, pid).letter != letter) {
        if (clock_now_ns() > deadline_ns)
            fail_msg("process %u is %c, not %c", (unsigned)pid, task_stat_read(pid, pid).letter, letter);
        poll(NULL, 0, 1);
    }
}

/* A machine that sleeps, a group that is stopped: the runner notices nothing of the time, so it must not count it either. It has to have seen them
 * without a sign of life before it is stopped too: what it finds moved since its last look is nobody's silence. */
static void a_run_stopped_as_a_whole_ages_nobody(void **state)
{
    (void)state;
    enum { LONG_LEASE_MS = 1600, LOOK_EVERY_MS = LONG_LEASE_MS / 4 };
    struct job_set set = set_of(200);
    struct run *run = start_held(&set, LONG_LEASE_MS);
    struct snapshot snap = hold(run);
    assert_int_equal(killpg(snap.runner_pid, SIGSTOP), 0);
    let_go();
    for (size_t i = 0; i < JOBS; i++)
        wait_for_letter(snap.workers[i].data.pid, 'T');
    kill(snap.runner_pid, SIGCONT);
    let_pass(run, LOOK_EVERY_MS + LOOK_EVERY_MS / 4); /* one look at least */
    kill(snap.runner_pid, SIGSTOP);
    let_pass(run, LONG_LEASE_MS + LOOK_EVERY_MS);
    kill(snap.runner_pid, SIGCONT); /* it is the first to go on, and finds nobody moved */
    wait_for_letter((uint64_t)snap.runner_pid, 'S');
    assert_int_equal(killpg(snap.runner_pid, SIGCONT), 0);
    snap = wait_until(run, is_over, 0, "the end");
    assert_all_done(&snap);
    assert_int_equal(snap.killed, 0);
    run_free(run);
}

/* Longer than its lease: it wakes up in between. */
static void who_backs_off_gives_signs_of_life(void **state)
{
    (void)state;
    enum { SECOND_LEASE_MS = 2000 }; /* the shortest that can be asked for */
    struct job_set set = set_of(4);
    inputs[3] = (struct job_input){.text = "backs off", .limit = 3000};
    struct run *run = start(&set, "process-pool:2", SECOND_LEASE_MS); /* and the other one waits for work */
    struct snapshot snap = wait_until(run, is_over, 0, "the end");
    assert_int_equal(snap.done, JOBS);
    assert_int_equal(snap.killed, 0);
    run_free(run);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_stopped_process_is_killed_and_its_job_is_done_by_another),
        cmocka_unit_test(a_job_that_hangs_costs_three_processes_and_is_poisoned),
        cmocka_unit_test(a_silent_process_without_a_lease_is_only_shown),
        cmocka_unit_test(a_thread_that_hangs_is_only_shown),
        cmocka_unit_test(who_computes_without_a_word_is_left_alone),
        cmocka_unit_test(a_pause_ages_nobody),
        cmocka_unit_test(a_run_stopped_as_a_whole_ages_nobody),
        cmocka_unit_test(who_backs_off_gives_signs_of_life),
    };
    return cmocka_run_group_tests(tests, make_shared, NULL);
}
