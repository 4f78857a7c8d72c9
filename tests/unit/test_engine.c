/* test_engine.c - runs of a made-up kind of work under every executor: who does what, deaths, pause, step, stop, changing widths. test: limit 240
 *
 * The jobs wait or compute as their input's limit says: even numbers wait so many milliseconds, odd ones compute them. What they share
 * with the test lies in a page of shared memory. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/problem.h"
#include "juggler/run.h"
#include "juggler/worker.h"
#include "tests/unit/others.h"

enum { JOBS_MAX = 400, DEADLINE_S = 60 };

struct shared {
    _Atomic unsigned runs[JOBS_MAX]; /* how often each job was begun */
    _Atomic unsigned abandoned;
    _Atomic int deadly_job; /* this job kills its worker; -1: none does */
    _Atomic bool stillborn; /* workers die before they take a job */
    _Atomic bool plagued;   /* every second one does, and the others die in each job that nobody has tried before */
    _Atomic unsigned born;
};

/* --- the made-up work ----------------------------------------------------------------------------- */

static struct shared *shared;

static void *worker_begin(const struct job_set *set, struct worker *worker)
{
    (void)worker;
    unsigned before = atomic_fetch_add_explicit(&shared->born, 1, memory_order_relaxed);
    bool unlucky = before % 2 && atomic_load_explicit(&shared->plagued, memory_order_relaxed);
    if (unlucky || atomic_load_explicit(&shared->stillborn, memory_order_relaxed))
        raise(SIGKILL);
    return (void *)(uintptr_t)set;
}

static void worker_leave(void *state)
{
    (void)state;
}

static bool compute(struct worker *worker, uint64_t ms)
{
    uint64_t begin_ns = clock_thread_cpu_ns(), whole_ns = ms * NS_PER_MS, done_ns = 0;
    worker_phase(worker, PHASE_COMPUTING);
    while (done_ns < whole_ns) {
        if (!worker_checkpoint(worker))
            return false;
        done_ns = clock_thread_cpu_ns() - begin_ns;
        worker_progress(worker, done_ns < whole_ns ? done_ns : whole_ns, whole_ns);
    }
    return true;
}

static bool wait_for(struct worker *worker, uint64_t ms)
{
    worker_phase(worker, PHASE_WAITING);
    return worker_sleep(worker, ms * NS_PER_MS);
}

static enum job_outcome do_job(void *state, struct worker *worker, size_t job, struct job_result *result)
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

static void abandon(const struct job_set *set, size_t job)
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

static struct job_set set_of(size_t count, uint64_t ms)
{
    for (size_t i = 0; i < count; i++)
        inputs[i] = (struct job_input){.text = "plain", .limit = ms};
    for (size_t i = 0; i < JOBS_MAX; i++)
        atomic_store_explicit(&shared->runs[i], 0, memory_order_relaxed);
    atomic_store_explicit(&shared->deadly_job, -1, memory_order_relaxed);
    atomic_store_explicit(&shared->abandoned, 0, memory_order_relaxed);
    atomic_store_explicit(&shared->stillborn, false, memory_order_relaxed);
    atomic_store_explicit(&shared->plagued, false, memory_order_relaxed);
    atomic_store_explicit(&shared->born, 0, memory_order_relaxed);
    return (struct job_set){.kind = &made_up, .inputs = inputs, .count = count, .output_dir = -1, .part_prefix = ""};
}

static int make_shared(void **state)
{
    (void)state;
    shared = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    return shared == MAP_FAILED ? -1 : 0;
}

/* --- watching ------------------------------------------------------------------------------------- */

static struct run *start(const struct job_set *set, const char *spec, size_t slots_max)
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

typedef bool condition(const struct snapshot *snap, size_t n);

/* Looks after the run until the condition holds. */
static struct snapshot wait_until(struct run *run, condition *holds, size_t n, const char *what)
{
    uint64_t deadline_ns = clock_now_ns() + DEADLINE_S * NS_PER_S;
    struct snapshot snap;
    for (;;) {
        run_tick(run);
        run_snapshot(run, &snap);
        if (holds(&snap, n))
            return snap;
        if (clock_now_ns() > deadline_ns)
            fail_msg("waited in vain for: %s (%zu); state %s, %zu queued, %zu running, %zu done, %zu alive", what, n,
                     run_state_word(snap.state), snap.queued, snap.running, snap.done, snap.alive);
        struct pollfd fd = {.fd = run_pidfd(run), .events = POLLIN};
        poll(&fd, 1, 2);
    }
}

static bool is_over(const struct snapshot *snap, size_t n)
{
    (void)n;
    return run_state_is_over(snap->state);
}

static bool has_alive(const struct snapshot *snap, size_t n)
{
    return snap->alive == n;
}

static bool has_running(const struct snapshot *snap, size_t n)
{
    return snap->running == n;
}

static bool has_done(const struct snapshot *snap, size_t n)
{
    return snap->done >= n;
}

static bool is_paused(const struct snapshot *snap, size_t n)
{
    size_t held = 0;
    for (size_t i = 0; i < snap->slots; i++)
        held += snap->workers[i].data.phase == PHASE_PAUSED;
    return snap->state == RUN_PAUSED && held == n;
}

static struct snapshot finish(struct run *run)
{
    return wait_until(run, is_over, 0, "the end");
}

static void assert_each_once(const struct snapshot *snap)
{
    for (size_t i = 0; i < snap->jobs; i++) {
        assert_int_equal(snap->results[i].word.state, JOB_DONE);
        assert_int_equal(snap->results[i].result.bytes, i + 1);
        assert_int_equal(atomic_load(&shared->runs[i]), 1);
        assert_true(snap->results[i].result.end_ns >= snap->results[i].result.start_ns);
    }
}

/* On a core + ready + I/O + lock + barrier + no work = the time a seat was there. */
static void assert_account(const struct snapshot *snap)
{
    for (size_t i = 0; i < snap->slots; i++) {
        const struct slot_data *data = &snap->workers[i].data;
        uint64_t sum = 0;
        for (int column = 0; column < ACCOUNT_COLUMNS; column++)
            sum += data->account_ns[column];
        assert_int_equal(sum, data->account_upto_ns - data->born_ns);
    }
}

/* --- every executor ------------------------------------------------------------------------------- */

static void every_executor_does_every_job_once(void **state)
{
    (void)state;
    static const struct {
        const char *spec;
        size_t seats;
        bool processes;
    } rows[] = {{"sequential", 1, false},    {"thread-each", 12, false},    {"thread-batch:5", 5, false},
                {"thread-pool:5", 5, false}, {"process-each", 12, true},    {"process-batch:5", 5, true},
                {"process-pool:5", 5, true}, {"thread-pool:30", 30, false}, {"process-pool:30", 30, true}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct job_set set = set_of(12, 4);
        struct run *run = start(&set, rows[i].spec, 0);
        struct snapshot snap = finish(run);
        assert_int_equal(snap.state, RUN_DONE);
        assert_int_equal(snap.done, 12);
        assert_int_equal(snap.attempts, 12);
        assert_int_equal(snap.slots, rows[i].seats);
        assert_int_equal(snap.workers[0].data.kind, rows[i].processes);
        assert_int_equal(snap.alive, 0);
        assert_each_once(&snap);
        assert_account(&snap);
        run_free(run);
    }
}

static void a_batch_waits_for_its_slowest(void **state)
{
    (void)state;
    struct job_set set = set_of(6, 2);
    inputs[0].limit = 60; /* holds up the first batch of three */
    struct run *run = start(&set, "thread-batch:3", 0);
    struct snapshot snap = finish(run);
    uint64_t first_batch_end_ns = snap.results[0].result.end_ns;
    for (size_t i = 3; i < 6; i++)
        assert_true(snap.results[i].result.start_ns >= first_batch_end_ns);
    assert_int_equal(snap.runner.batch, 2);
    uint64_t barrier_ns = 0;
    for (size_t i = 0; i < snap.slots; i++)
        barrier_ns += snap.workers[i].data.account_ns[ACCOUNT_BARRIER];
    assert_true(barrier_ns > 60 * NS_PER_MS); /* two workers waited most of 60 ms each */
    assert_account(&snap);
    run_free(run);
}

/* The last batch has no next one that would end its waiting. */
static void the_last_batch_waits_too(void **state)
{
    (void)state;
    static const char *const specs[] = {"thread-batch:3", "process-batch:3"};
    for (size_t i = 0; i < 2; i++) {
        struct job_set set = set_of(3, 2);
        inputs[1].limit = 100;
        struct run *run = start(&set, specs[i], 0);
        struct snapshot snap = finish(run);
        for (size_t job = 0; job < 3; job++) {
            const struct slot_data *data = &snap.workers[snap.results[job].result.worker].data;
            assert_int_equal(data->account_ns[ACCOUNT_BARRIER] < 50 * NS_PER_MS, job == 1);
        }
        assert_account(&snap);
        run_free(run);
    }
}

static void the_account_tells_waiting_from_computing(void **state)
{
    (void)state;
    struct job_set set = set_of(2, 80);
    inputs[1].limit = 81; /* computes */
    struct run *run = start(&set, "process-each", 0);
    struct snapshot snap = finish(run);
    const struct slot_data *waited = &snap.workers[snap.results[0].result.worker].data;
    const struct slot_data *computed = &snap.workers[snap.results[1].result.worker].data;
    assert_true(waited->account_ns[ACCOUNT_IO] >= 75 * NS_PER_MS);
    assert_true(waited->account_ns[ACCOUNT_ON_CORE] < 20 * NS_PER_MS);
    assert_true(computed->account_ns[ACCOUNT_ON_CORE] >= 80 * NS_PER_MS);
    assert_true(snap.results[1].result.cpu_ns >= 80 * NS_PER_MS);
    run_free(run);
}

static void a_failed_job_is_a_failed_job(void **state)
{
    (void)state;
    struct job_set set = set_of(4, 2);
    inputs[2].text = "fails";
    struct run *run = start(&set, "thread-pool:2", 0);
    struct snapshot snap = finish(run);
    assert_int_equal(snap.state, RUN_DONE);
    assert_int_equal(snap.done, 3);
    assert_int_equal(snap.failed, 1);
    assert_string_equal(snap.results[2].result.note, "as it was told to");
    run_free(run);
}

/* --- deaths --------------------------------------------------------------------------------------- */

static unsigned deaths_of(const struct snapshot *snap, size_t job)
{
    return snap->results[job].word.deaths;
}

static void killed_processes_lose_nothing(void **state)
{
    (void)state;
    struct job_set set = set_of(40, 10);
    struct run *run = start(&set, "process-pool:4", 0);
    for (size_t kill_number = 1; kill_number <= 6; kill_number++) {
        struct snapshot snap = wait_until(run, has_done, kill_number * 3, "some jobs done");
        for (size_t i = 0; i < snap.slots; i++) {
            const struct slot_data *data = &snap.workers[i].data;
            bool at_work = snap.workers[i].alive && data->job && data->pid;
            if (!at_work || deaths_of(&snap, data->job - 1) > 0)
                continue; /* the same job three times over would be poisoned, and rightly */
            kill((pid_t)snap.workers[i].data.pid, SIGKILL);
            break;
        }
    }
    struct snapshot snap = finish(run);
    assert_int_equal(snap.state, RUN_DONE);
    assert_int_equal(snap.done, 40);
    assert_int_equal(snap.poisoned, 0);
    assert_true(snap.killed >= 1);
    assert_account(&snap);
    run_free(run);
}

static void a_deadly_job_costs_three_processes(void **state)
{
    (void)state;
    struct job_set set = set_of(10, 4);
    atomic_store(&shared->deadly_job, 4);
    struct run *run = start(&set, "process-pool:3", 0);
    struct snapshot snap = finish(run);
    assert_int_equal(snap.state, RUN_DONE);
    assert_int_equal(snap.poisoned, 1);
    assert_int_equal(snap.done, 9);
    assert_int_equal(snap.killed, 3);
    assert_int_equal(atomic_load(&shared->runs[4]), 3);
    assert_int_equal(atomic_load(&shared->abandoned), 3);
    assert_int_equal(snap.results[4].result.attempts, 3);
    assert_non_null(strstr(snap.results[4].result.note, "signal 9"));
    run_free(run);
}

static void a_deadly_job_takes_the_threads_along_and_is_poisoned(void **state)
{
    (void)state;
    struct job_set set = set_of(10, 4);
    atomic_store(&shared->deadly_job, 0);
    struct run *run = start(&set, "sequential", 0);
    struct snapshot snap = finish(run);
    assert_int_equal(snap.state, RUN_DONE);
    assert_int_equal(snap.restarts, 3);
    assert_int_equal(snap.poisoned, 1);
    assert_int_equal(snap.done, 9);
    assert_non_null(strstr(snap.problem, "started again"));
    run_free(run);
}

/* --- kills that a person asks for ------------------------------------------------------------------ */

static bool has_killed(const struct snapshot *snap, size_t count)
{
    return snap->killed >= count;
}

static bool has_restarted(const struct snapshot *snap, size_t count)
{
    return snap->restarts >= count;
}

static size_t somebody_at_work(const struct snapshot *snap)
{
    size_t slot = 0;
    while (slot < snap->slots && !(snap->workers[slot].alive && snap->workers[slot].data.job))
        slot++;
    return slot;
}

/* Far more than the three deaths that poison a job. */
static void two_hundred_kills_by_a_person_charge_no_job(void **state)
{
    (void)state;
    enum { KILLS = 200 };
    struct job_set set = set_of(6, 60000);
    struct run *run = start(&set, "process-pool:3", 0);
    for (size_t killed = 0; killed < KILLS; killed++) {
        struct snapshot snap = wait_until(run, has_killed, killed, "the one killed last to be gone");
        size_t slot = somebody_at_work(&snap);
        if (slot == snap.slots || run_kill_worker(run, slot, snap.workers[slot].data.generation) != 0)
            killed--; /* nobody has sat down again yet */
    }
    struct snapshot snap = wait_until(run, has_killed, KILLS, "the last one to be gone");
    assert_int_equal(snap.killed, KILLS);
    assert_int_equal(snap.failed + snap.poisoned + snap.done, 0);
    for (size_t job = 0; job < snap.jobs; job++)
        assert_int_equal(deaths_of(&snap, job), 0);
    assert_int_equal(run_kill_worker(run, 0, snap.workers[0].data.generation - 1), ESRCH); /* whoever sat there before */
    assert_int_equal(run_kill_worker(run, 99, 1), ESRCH);
    run_free(run);
}

static void threads_killed_by_a_person_go_together_and_charge_no_job(void **state)
{
    (void)state;
    struct job_set set = set_of(6, 60000);
    struct run *run = start(&set, "thread-pool:3", 0);
    for (size_t killed = 0; killed < 5; killed++) {
        struct snapshot snap = wait_until(run, has_restarted, killed, "a process that was started again");
        size_t slot = somebody_at_work(&snap);
        if (slot == snap.slots || run_kill_worker(run, slot, snap.workers[slot].data.generation) != 0)
            killed--;
    }
    struct snapshot snap = wait_until(run, has_restarted, 5, "the last restart");
    assert_int_equal(snap.restarts, 5);
    assert_int_equal(snap.failed + snap.poisoned, 0);
    for (size_t job = 0; job < snap.jobs; job++)
        assert_int_equal(deaths_of(&snap, job), 0);
    run_free(run);
}

/* Nobody can be blamed, so nobody is poisoned; but it must not go on for ever. */
static void workers_that_die_before_any_job_end_the_run(void **state)
{
    (void)state;
    static const char *const specs[] = {"process-pool:2", "thread-pool:2", "process-each"};
    for (size_t i = 0; i < sizeof specs / sizeof *specs; i++) {
        struct job_set set = set_of(4, 2);
        atomic_store(&shared->stillborn, true);
        struct run *run = start(&set, specs[i], 0);
        struct snapshot snap = finish(run);
        assert_int_equal(snap.state, RUN_BROKEN);
        assert_true(snap.problem[0]);
        assert_int_equal(snap.poisoned, 0);
        assert_int_equal(snap.queued, 4);
        assert_true(atomic_load(&shared->born) < 100);
        run_free(run);
    }
}

/* Far more deaths before any job than a run bears in a row; but in between others get on. */
static void a_plague_does_not_end_the_run(void **state)
{
    (void)state;
    struct job_set set = set_of(60, 3);
    atomic_store(&shared->plagued, true);
    struct run *run = start(&set, "process-pool:2", 0);
    struct snapshot snap = finish(run);
    assert_int_equal(snap.state, RUN_DONE);
    assert_int_equal(snap.done, 60);
    assert_true(snap.killed > 100);
    for (size_t job = 0; job < 60; job++)
        assert_int_equal(deaths_of(&snap, job), 1);
    run_free(run);
}

static void a_killed_run_can_still_be_looked_at(void **state)
{
    (void)state;
    static const char *const specs[] = {"process-pool:2", "thread-pool:2"};
    for (size_t i = 0; i < 2; i++) {
        struct job_set set = set_of(6, 5000);
        inputs[0].limit = 2;
        struct run *run = start(&set, specs[i], 0);
        wait_until(run, has_done, 1, "one job done");
        run_kill(run);
        struct snapshot snap;
        run_snapshot(run, &snap);
        assert_int_equal(snap.state, RUN_STOPPED);
        assert_int_equal(snap.queued, 5);
        assert_int_equal(snap.killed, 0);
        run_free(run);
    }
}

static void a_killed_runner_is_started_again(void **state)
{
    (void)state;
    static const char *const specs[] = {"thread-pool:4", "process-pool:4", "thread-batch:4", "process-each"};
    for (size_t i = 0; i < sizeof specs / sizeof *specs; i++) {
        struct job_set set = set_of(16, i == 3 ? 1200 : 200); /* sixteen are to be there at once, on a busy machine, too */
        struct run *run = start(&set, specs[i], 0);
        struct snapshot snap = wait_until(run, has_running, i == 3 ? 16 : 4, "all at work");
        pid_t first = snap.runner_pid;
        kill(first, SIGKILL);
        snap = finish(run);
        assert_int_equal(snap.state, RUN_DONE);
        assert_int_equal(snap.done, 16);
        assert_int_equal(snap.restarts, 1);
        assert_true(snap.killed > 0);
        assert_int_equal(snap.poisoned, 0);
        assert_account(&snap);
        run_free(run);
    }
}

/* --- keys ----------------------------------------------------------------------------------------- */

static void widths_change_while_the_work_goes_on(void **state)
{
    (void)state;
    static const char *const specs[] = {"thread-pool:3", "process-pool:3"};
    for (size_t i = 0; i < 2; i++) {
        struct job_set set = set_of(JOBS_MAX, OTHERS_INSTRUMENTED ? 200 : 60); /* all are to be there before all is done */
        struct run *run = start(&set, specs[i], 64);
        wait_until(run, has_alive, 3, "three workers");
        assert_int_equal(run_set_width(run, 20), 0);
        wait_until(run, has_alive, 20, "twenty workers");
        assert_int_equal(run_set_width(run, 2), 0);
        struct snapshot snap = wait_until(run, has_alive, 2, "two workers");
        assert_int_equal(snap.workers[10].data.exit, WORKER_EXIT_LEFT);
        assert_int_equal(run_set_width(run, 1000), 0); /* clamped to the slots there are */
        wait_until(run, has_alive, 64, "all slots");
        snap = finish(run);
        assert_int_equal(snap.done, JOBS_MAX);
        assert_each_once(&snap);
        run_free(run);
    }
}

static void a_pool_wider_than_its_list_exists_all_the_same(void **state)
{
    (void)state;
    struct job_set set = set_of(2, 300);
    struct run *run = start(&set, "process-pool:4", 16);
    wait_until(run, has_alive, 4, "four workers for two jobs");
    run_set_width(run, 6);
    wait_until(run, has_alive, 6, "six workers for two jobs");
    struct snapshot snap = finish(run);
    assert_int_equal(snap.done, 2);
    run_free(run);
}

static void pause_holds_and_step_starts_one_more(void **state)
{
    (void)state;
    struct job_set set = set_of(30, 21); /* they compute */
    struct run *run = start(&set, "thread-pool:2", 0);
    wait_until(run, has_done, 3, "three jobs done");
    run_pause(run);
    struct snapshot snap = wait_until(run, is_paused, 2, "both workers held");
    size_t started = snap.done + snap.running;
    run_step(run);
    snap = wait_until(run, is_paused, 2, "both held again");
    assert_int_equal(snap.done + snap.running, started + 1);
    assert_true(snap.paused_ns > 0);
    run_resume(run);
    snap = finish(run);
    assert_int_equal(snap.done, 30);
    assert_each_once(&snap);
    run_free(run);
}

static void a_run_can_start_paused(void **state)
{
    (void)state;
    struct job_set set = set_of(3, 2);
    struct problem problem;
    const struct run_options options = {
        .set = &set, .executor = {.how = HOW_PROCESS_POOL, .width = 2}, .usable_cores = 2, .start_paused = true};
    struct run *run = run_start(&options, &problem);
    assert_non_null(run);
    struct snapshot snap = wait_until(run, is_paused, 2, "both workers held");
    assert_int_equal(snap.queued, 3);
    run_resume(run);
    assert_int_equal(finish(run).done, 3);
    run_free(run);
}

static void a_stopped_run_gives_its_jobs_back(void **state)
{
    (void)state;
    static const char *const specs[] = {"thread-pool:4", "process-pool:4", "thread-each", "process-batch:4", "sequential"};
    for (size_t i = 0; i < sizeof specs / sizeof *specs; i++) {
        struct job_set set = set_of(20, 5000);
        inputs[0].limit = inputs[1].limit = 2;
        struct run *run = start(&set, specs[i], 0);
        wait_until(run, has_done, 2, "two jobs done");
        run_stop(run);
        struct snapshot snap = finish(run);
        assert_int_equal(snap.state, RUN_STOPPED);
        assert_int_equal(snap.running, 0);
        assert_int_equal(snap.queued, 18);
        assert_int_equal(snap.done, 2);
        assert_int_equal(snap.killed, 0);
        run_free(run);
    }
}

/* --- limits --------------------------------------------------------------------------------------- */

static void a_thousand_workers_do_their_jobs(void **state)
{
    (void)state;
    static const char *const specs[] = {"thread-pool:1000", "process-pool:1000"};
    for (size_t i = 0; i < 2; i++) {
        struct job_set set = set_of(JOBS_MAX, 2);
        struct run *run = start(&set, specs[i], 0);
        struct snapshot snap = finish(run);
        assert_int_equal(snap.done, JOBS_MAX);
        assert_each_once(&snap);
        run_free(run);
    }
}

static void too_many_at_once_is_refused_in_words(void **state)
{
    (void)state;
    struct job_set set = set_of(1, 2);
    set.count = BOARD_WORKERS_MAX + 1;
    struct problem problem = {.text = ""};
    const struct run_options options = {.set = &set, .executor = {.how = HOW_PROCESS_EACH}, .usable_cores = 2};
    assert_null(run_start(&options, &problem));
    assert_non_null(strstr(problem.text, "process-each would start 8193 processes"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_executor_does_every_job_once),
        cmocka_unit_test(a_batch_waits_for_its_slowest),
        cmocka_unit_test(the_last_batch_waits_too),
        cmocka_unit_test(the_account_tells_waiting_from_computing),
        cmocka_unit_test(a_failed_job_is_a_failed_job),
        cmocka_unit_test(killed_processes_lose_nothing),
        cmocka_unit_test(a_deadly_job_costs_three_processes),
        cmocka_unit_test(a_deadly_job_takes_the_threads_along_and_is_poisoned),
        cmocka_unit_test(two_hundred_kills_by_a_person_charge_no_job),
        cmocka_unit_test(threads_killed_by_a_person_go_together_and_charge_no_job),
        cmocka_unit_test(workers_that_die_before_any_job_end_the_run),
        cmocka_unit_test(a_plague_does_not_end_the_run),
        cmocka_unit_test(a_killed_run_can_still_be_looked_at),
        cmocka_unit_test(a_killed_runner_is_started_again),
        cmocka_unit_test(widths_change_while_the_work_goes_on),
        cmocka_unit_test(a_pool_wider_than_its_list_exists_all_the_same),
        cmocka_unit_test(pause_holds_and_step_starts_one_more),
        cmocka_unit_test(a_run_can_start_paused),
        cmocka_unit_test(a_stopped_run_gives_its_jobs_back),
        cmocka_unit_test(a_thousand_workers_do_their_jobs),
        cmocka_unit_test(too_many_at_once_is_refused_in_words),
    };
    return cmocka_run_group_tests(tests, make_shared, NULL);
}
