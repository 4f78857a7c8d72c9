/* test_engine_deaths.c - workers and runners that die, of themselves or because a person asked for it: no job is lost, and none is blamed for
 * what it did not do. test: limit 240 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

#include "base/problem.h"
#include "juggler/run.h"
#include "tests/unit/made_up_runs.h"

/* --- deaths --------------------------------------------------------------------------------------- */

static unsigned deaths_of(const struct snapshot *snap, size_t job)
{
    return snap->results[job].word.deaths;
}

static void killed_processes_lose_nothing(void **state)
{
    (void)state;
    struct job_set set = set_of(JOBS_MAX, 10);
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
    atomic_store_explicit(&shared->hurried, true, memory_order_relaxed);
    struct snapshot snap = finish(run);
    assert_int_equal(snap.state, RUN_DONE);
    assert_int_equal(snap.done, JOBS_MAX);
    assert_int_equal(snap.poisoned, 0);
    assert_true(snap.killed >= 1);
    assert_accounts_are_whole(&snap);
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
    uint64_t sat_down = 0;
    for (size_t slot = 0; slot < snap.slots; slot++)
        sat_down += snap.workers[slot].data.generation;
    assert_in_range(sat_down, KILLS, KILLS + snap.slots);                                  /* each of them was another one */
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
        struct job_set set = set_of(16, 60000); /* all are to be there at once, on a busy machine, too */
        struct run *run = start(&set, specs[i], 0);
        struct snapshot snap = wait_until(run, has_running, i == 3 ? 16 : 4, "all at work");
        pid_t first = snap.runner_pid;
        kill(first, SIGKILL);
        wait_until(run, has_restarted, 1, "another runner");
        atomic_store_explicit(&shared->hurried, true, memory_order_relaxed);
        snap = finish(run);
        assert_int_equal(snap.state, RUN_DONE);
        assert_int_equal(snap.done, 16);
        assert_int_equal(snap.restarts, 1);
        assert_true(snap.killed > 0);
        assert_int_equal(snap.poisoned, 0);
        assert_accounts_are_whole(&snap);
        run_free(run);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(killed_processes_lose_nothing),
        cmocka_unit_test(a_deadly_job_costs_three_processes),
        cmocka_unit_test(a_deadly_job_takes_the_threads_along_and_is_poisoned),
        cmocka_unit_test(two_hundred_kills_by_a_person_charge_no_job),
        cmocka_unit_test(threads_killed_by_a_person_go_together_and_charge_no_job),
        cmocka_unit_test(workers_that_die_before_any_job_end_the_run),
        cmocka_unit_test(a_plague_does_not_end_the_run),
        cmocka_unit_test(a_killed_run_can_still_be_looked_at),
        cmocka_unit_test(a_killed_runner_is_started_again),
    };
    return cmocka_run_group_tests(tests, make_shared, NULL);
}
