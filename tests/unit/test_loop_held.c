/* test_loop_held.c - the event loop held, led and ended from outside, with transfers in the middle of theirs: a pause, a step, a stop, another width
 * and a death must reach them all. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <signal.h>
#include <string.h>

#include "base/clock.h"
#include "juggler/run.h"
#include "tests/unit/loop_bench.h"

static bool has_alive(const struct snapshot *snap, size_t n)
{
    return snap->alive == n;
}

static bool is_held(const struct snapshot *snap, size_t n)
{
    return snap->state == RUN_PAUSED && in_phase(snap, PHASE_PAUSED) == n && snap->alive == n;
}

static bool was_restarted(const struct snapshot *snap, size_t n)
{
    return snap->restarts >= n && snap->alive;
}

static void a_pause_holds_all_and_costs_nothing(void **state)
{
    struct bench *bench = *state;
    bench->set.options.download.timeout_s = 1;
    add_many(bench, 6, "/slow");
    start(bench, "event-loop:6", (struct run_options){0});
    wait_until(bench->run, is_receiving, 6, "all of them receive");
    run_pause(bench->run);
    struct snapshot snap = wait_until(bench->run, is_held, 6, "all of them are held");
    uint64_t bytes = snap.wire_bytes, since_ns = clock_now_ns();
    while (clock_now_ns() - since_ns < 1600 * NS_PER_MS) /* longer than a stalled transfer may take */
        snap = wait_until(bench->run, is_held, 6, "they stay held");
    assert_int_equal(snap.wire_bytes, bytes);
    run_resume(bench->run);
    snap = finish(bench);
    assert_done(&snap);
    for (size_t i = 0; i < 6; i++) {
        assert_int_equal(snap.results[i].result.attempts, 1);
        assert_file_is_body(bench->dir, bench->names[i], 100000);
        assert_true(snap.workers[i].data.account_ns[ACCOUNT_NO_WORK] >= 1600 * NS_PER_MS);
    }
    assert_account(&snap);
}

static void what_a_pause_broke_is_not_charged(void **state)
{
    struct bench *bench = *state;
    bench->set.options.download.retries = 0;
    add_many(bench, 4, "/reset-later-once");
    start(bench, "event-loop:4", (struct run_options){0});
    wait_until(bench->run, is_receiving, 4, "all of them receive");
    run_pause(bench->run);
    struct snapshot snap = wait_until(bench->run, is_held, 4, "all of them are held");
    clock_sleep_ns(1500 * NS_PER_MS); /* the connections break meanwhile */
    run_resume(bench->run);
    snap = finish(bench);
    assert_done(&snap);
    for (size_t i = 0; i < 4; i++)
        assert_int_equal(snap.results[i].result.attempts, 2);
}

static void a_step_is_one_job(void **state)
{
    struct bench *bench = *state;
    add_many(bench, 5, "/ok/100");
    start(bench, "event-loop:3", (struct run_options){.start_paused = true});
    struct snapshot snap = wait_until(bench->run, is_held, 3, "they wait");
    assert_int_equal(snap.queued, 5);
    for (size_t step = 1; step <= 5; step++) {
        run_step(bench->run);
        snap = wait_until(bench->run, is_held, 3, "they are held again");
        while (snap.queued > 5 - step)
            snap = wait_until(bench->run, is_held, 3, "one more was taken");
        assert_int_equal(snap.queued, 5 - step);
    }
    run_resume(bench->run);
    snap = finish(bench);
    assert_done(&snap);
}

static void stopping_ends_at_once(void **state)
{
    struct bench *bench = *state;
    bench->set.options.download.retries = 1;
    add_many(bench, 4, "/silent");
    add(bench, "/busy/20");
    add_many(bench, 10, "/slow");
    start(bench, "event-loop:8", (struct run_options){0});
    wait_until(bench->run, is_receiving, 3, "some receive");
    run_stop(bench->run);
    struct snapshot snap = finish(bench);
    assert_int_equal(snap.state, RUN_STOPPED);
    assert_true(snap.runner.end_ns != 0); /* it ended by itself: nobody had to force it */
    assert_int_equal(snap.queued, 15);
    assert_int_equal(snap.killed, 0);
    for (size_t i = 0; i < snap.slots; i++)
        assert_int_equal(snap.workers[i].data.exit, WORKER_EXIT_STOPPED);
    assert_int_equal(files(bench), 0);
}

static void a_paused_one_stops_too(void **state)
{
    struct bench *bench = *state;
    add_many(bench, 4, "/slow");
    start(bench, "event-loop:2", (struct run_options){0});
    wait_until(bench->run, is_receiving, 2, "they receive");
    run_pause(bench->run);
    wait_until(bench->run, is_held, 2, "they are held");
    run_stop(bench->run);
    struct snapshot snap = finish(bench);
    assert_int_equal(snap.state, RUN_STOPPED);
    assert_true(snap.runner.end_ns != 0);
    assert_int_equal(files(bench), 0);
}

static void another_width_counts_at_once(void **state)
{
    struct bench *bench = *state;
    add_many(bench, 40, "/slow");
    start(bench, "event-loop:4", (struct run_options){.slots_max = 16});
    wait_until(bench->run, has_running, 4, "four in flight");
    assert_int_equal(run_set_width(bench->run, 12), 0);
    struct snapshot snap = wait_until(bench->run, has_running, 12, "twelve in flight");
    assert_int_equal(snap.done, 0);
    assert_int_equal(run_set_width(bench->run, 3), 0);
    snap = wait_until(bench->run, has_alive, 3, "three in flight");
    for (size_t i = 3; i < 12; i++)
        assert_int_equal(snap.workers[i].data.exit, WORKER_EXIT_LEFT);
    assert_true(snap.done >= 9); /* they finished what they held */
    assert_int_equal(run_set_width(bench->run, 16), 0);
    snap = finish(bench);
    assert_done(&snap);
    assert_int_equal(files(bench), 40);
    for (size_t i = 0; i < 40; i++)
        assert_int_equal(snap.results[i].result.attempts, 1);
    assert_account(&snap);
}

static void a_dead_loop_is_started_again(void **state)
{
    struct bench *bench = *state;
    add_many(bench, 12, "/slow");
    start(bench, "event-loop:6", (struct run_options){0});
    struct snapshot snap = wait_until(bench->run, is_receiving, 6, "all of them receive");
    kill(snap.runner_pid, SIGKILL);
    snap = wait_until(bench->run, was_restarted, 1, "another runner");
    assert_non_null(strstr(snap.problem, "all transfers in it"));
    snap = finish(bench);
    assert_done(&snap);
    assert_int_equal(snap.killed, 6);
    assert_int_equal(files(bench), 12);
    size_t charged = 0;
    for (size_t i = 0; i < 12; i++) {
        assert_file_is_body(bench->dir, bench->names[i], 100000);
        charged += snap.results[i].word.deaths;
    }
    assert_int_equal(charged, 6);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_pause_holds_all_and_costs_nothing, begin, end),
        cmocka_unit_test_setup_teardown(what_a_pause_broke_is_not_charged, begin, end),
        cmocka_unit_test_setup_teardown(a_step_is_one_job, begin, end),
        cmocka_unit_test_setup_teardown(stopping_ends_at_once, begin, end),
        cmocka_unit_test_setup_teardown(a_paused_one_stops_too, begin, end),
        cmocka_unit_test_setup_teardown(another_width_counts_at_once, begin, end),
        cmocka_unit_test_setup_teardown(a_dead_loop_is_started_again, begin, end),
    };
    return cmocka_run_group_tests(tests, group_start, group_stop);
}
