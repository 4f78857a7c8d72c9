/* test_engine.c - a run under every executor: who does what, pause, step, stop, changing widths, the most that there can be. test: limit 240 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/problem.h"
#include "base/sanitized.h"
#include "juggler/run.h"
#include "tests/unit/made_up_runs.h"
#include "tests/unit/others.h"

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
        assert_accounts_are_whole(&snap);
        run_free(run);
    }
}

static void a_batch_waits_for_its_slowest(void **state)
{
    (void)state;
    struct job_set set = set_of(6, 2);
    inputs[0].limit = 600; /* holds up the first batch of three */
    struct run *run = start(&set, "thread-batch:3", 0);
    struct snapshot snap = finish(run);
    uint64_t first_batch_end_ns = snap.results[0].result.end_ns;
    for (size_t i = 3; i < 6; i++)
        assert_true(snap.results[i].result.start_ns >= first_batch_end_ns);
    assert_int_equal(snap.runner.batch, 2);
    uint64_t barrier_ns = 0;
    for (size_t i = 0; i < snap.slots; i++)
        barrier_ns += snap.workers[i].data.account_ns[ACCOUNT_BARRIER];
    assert_true(barrier_ns > 600 * NS_PER_MS); /* two workers waited most of 600 ms each */
    assert_accounts_are_whole(&snap);
    run_free(run);
}

/* The last batch has no next one that would end its waiting. */
static void the_last_batch_waits_too(void **state)
{
    (void)state;
    static const char *const specs[] = {"thread-batch:3", "process-batch:3"};
    for (size_t i = 0; i < 2; i++) {
        struct job_set set = set_of(3, 2);
        inputs[1].limit = 1000;
        struct run *run = start(&set, specs[i], 0);
        struct snapshot snap = finish(run);
        for (size_t job = 0; job < 3; job++) {
            const struct slot_data *data = &snap.workers[snap.results[job].result.worker].data;
            assert_int_equal(data->account_ns[ACCOUNT_BARRIER] < 500 * NS_PER_MS, job == 1);
        }
        assert_accounts_are_whole(&snap);
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
    assert_true(SANITIZED || waited->account_ns[ACCOUNT_ON_CORE] < 20 * NS_PER_MS);
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

/* --- keys ----------------------------------------------------------------------------------------- */

static void widths_change_while_the_work_goes_on(void **state)
{
    (void)state;
    static const char *const specs[] = {"thread-pool:3", "process-pool:3"};
    for (size_t i = 0; i < 2; i++) {
        struct job_set set = set_of(JOBS_MAX, 600); /* all are to be there before all is done */
        struct run *run = start(&set, specs[i], 64);
        wait_until(run, has_alive, 3, "three workers");
        assert_int_equal(run_set_width(run, 20), 0);
        wait_until(run, has_alive, 20, "twenty workers");
        assert_int_equal(run_set_width(run, 2), 0);
        struct snapshot snap = wait_until(run, has_alive, 2, "two workers");
        assert_int_equal(snap.workers[10].data.exit, WORKER_EXIT_LEFT);
        assert_int_equal(run_set_width(run, 1000), 0); /* clamped to the slots there are */
        wait_until(run, has_alive, 64, "all slots");
        atomic_store_explicit(&shared->hurried, true, memory_order_relaxed);
        snap = finish(run);
        assert_int_equal(snap.done, JOBS_MAX);
        assert_each_once(&snap);
        run_free(run);
    }
}

static void a_pool_wider_than_its_list_exists_all_the_same(void **state)
{
    (void)state;
    struct job_set set = set_of(2, 60000);
    struct run *run = start(&set, "process-pool:4", 16);
    wait_until(run, has_alive, 4, "four workers for two jobs");
    run_set_width(run, 6);
    wait_until(run, has_alive, 6, "six workers for two jobs");
    atomic_store_explicit(&shared->hurried, true, memory_order_relaxed);
    struct snapshot snap = finish(run);
    assert_int_equal(snap.done, 2);
    run_free(run);
}

static void pause_holds_and_step_starts_one_more(void **state)
{
    (void)state;
    struct job_set set = set_of(300, 21); /* they compute */
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
    atomic_store_explicit(&shared->hurried, true, memory_order_relaxed);
    snap = finish(run);
    assert_int_equal(snap.done, 300);
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
    /* ThreadSanitizer's memory makes each fork take 20 ms, and sees nothing of what processes share. */
    static const char *const specs[] = {"thread-pool:1000", SANITIZED_THREAD ? "process-pool:200" : "process-pool:1000"};
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
