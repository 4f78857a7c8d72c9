/* test_sentence.c - the sentence under a lane: what it says in one situation after the other. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "sentence_states.h"

static void a_pause_is_told(void **state)
{
    struct sample *sample = *state;
    assert_says_not(sample, 0, "Paused");
    sample->model.lanes[0].snap.state = RUN_PAUSED;
    assert_says(sample, 0, "Paused: nobody takes a new job");
}

static void the_end_is_told_only_at_the_end(void **state)
{
    struct sample *sample = *state;
    struct snapshot *snap = put_workers(sample, 1, 4, PHASE_COMPUTING);
    snap->state = RUN_STOPPED;
    assert_says(sample, 1, "Stopped on the way: 0 of 4 jobs are done.");
    snap->state = RUN_BROKEN;
    assert_string_equal(says(sample, 1), "");
    sample_end(sample);
    assert_says_not(sample, 1, "compute side by side");
}

static void a_batch_waits_for_its_slowest(void **state)
{
    struct sample *sample = *state;
    struct snapshot *snap = put_workers(sample, 0, 10, PHASE_WAITING);
    assert_says_not(sample, 0, "slowest");
    for (size_t slot = 0; slot < 7; slot++) {
        set_phase(sample, 0, slot, PHASE_BARRIER);
        sample->workers[0][slot].alive = false;
        sample->workers[0][slot].data.phase_since_ns = snap->now_ns - (100 + 100 * slot) * NS_PER_MS;
    }
    snap->queued = 5;
    assert_says(sample, 0, "The batch waits 0.7 s for its slowest: 7 of 10 threads idle. A pool would not.");
    snap->queued = 0;
    assert_says(sample, 0, "7 of 10 threads idle. It is the last batch.");
    for (size_t slot = 7; slot < 10; slot++)
        sample->workers[0][slot].alive = false;
    assert_says_not(sample, 0, "slowest"); /* nobody is waited for any more */
}

static void workers_without_work_wait_for_the_last_jobs(void **state)
{
    struct sample *sample = *state;
    struct snapshot *snap = put_workers(sample, 1, 4, PHASE_COMPUTING);
    set_phase(sample, 1, 0, PHASE_NO_WORK);
    snap->running = 3;
    snap->queued = 1;
    assert_says_not(sample, 1, "No job is left");
    snap->queued = 0;
    assert_says(sample, 1, "No job is left: 1 of 4 processes has no work and waits for the last 3 jobs.");
    set_phase(sample, 1, 1, PHASE_NO_WORK);
    snap->running = 1;
    assert_says(sample, 1, "2 of 4 processes have no work and wait for the last 1 job.");
    put_workers(sample, 1, 4, PHASE_COMPUTING);
    assert_says_not(sample, 1, "No job is left");
}

static void one_transfer_at_a_time(void **state)
{
    struct sample *sample = *state;
    struct snapshot *snap = put_workers(sample, 0, 1, PHASE_RECEIVING);
    snap->queued = 7;
    assert_says(sample, 0, "One transfer at a time: the other 7 wait for it");
    snap->queued = 0;
    assert_says_not(sample, 0, "One transfer");
    snap->queued = 7;
    put_workers(sample, 0, 2, PHASE_RECEIVING);
    assert_says_not(sample, 0, "One transfer");
}

static void most_wait_for_the_server(void **state)
{
    struct sample *sample = *state;
    struct snapshot *snap = put_workers(sample, 0, 10, PHASE_WAITING);
    snap->queued = 3;
    set_phase(sample, 0, 0, PHASE_WRITING);
    assert_says(sample, 0, "9 of 10 threads wait for the server: more threads would help.");
    snap->queued = 0;
    assert_says(sample, 0, "9 of 10 threads wait for the server, not for a core.");
    for (size_t slot = 0; slot < 4; slot++)
        set_phase(sample, 0, slot, PHASE_WRITING);
    assert_says_not(sample, 0, "wait for the server"); /* six of ten are not most of them */
}

/* The sample's limits: 402624, 182048, 314968, 358656. */
static void one_computes_and_the_longest_is_named_only_when_it_is(void **state)
{
    struct sample *sample = *state;
    struct snapshot *snap = put_workers(sample, 1, 1, PHASE_COMPUTING);
    snap->queued = 3;
    assert_says(sample, 1, "This work keeps one of 4 cores busy: 3 limits wait for their turn.");
    snap->queued = 0;
    sample->workers[1][0].data.job = 1;
    assert_says(sample, 1, "the longest limit is the last one.");
    sample->workers[1][0].data.job = 4;
    assert_says(sample, 1, "the last limit is still being worked on.");
    assert_says_not(sample, 1, "longest");
    sample->workers[1][0].data.job = 0;
    assert_says_not(sample, 1, "longest");
    put_workers(sample, 1, 2, PHASE_COMPUTING);
    assert_says_not(sample, 1, "keeps one of");
}

static void more_workers_than_cores(void **state)
{
    struct sample *sample = *state;
    put_workers(sample, 1, CORES + 1, PHASE_COMPUTING);
    assert_says(sample, 1, "5 processes want 4 cores: only 4 can execute at a time");
    put_workers(sample, 1, CORES, PHASE_COMPUTING);
    assert_says_not(sample, 1, "want 4 cores");
    put_workers(sample, 0, CORES + 1, PHASE_WRITING);
    assert_says_not(sample, 0, "want 4 cores"); /* downloads hardly need one */
}

static void side_by_side_is_what_the_kernel_saw(void **state)
{
    struct sample *sample = *state;
    struct snapshot *snap = put_workers(sample, 1, 2, PHASE_COMPUTING);
    snap->executing = 2;
    assert_says(sample, 1, "2 processes compute side by side, on 2 of 4 cores.");
    snap->executing = 3; /* by an older look than the phases */
    assert_says(sample, 1, "on 2 of 4 cores.");
    snap->executing = 1;
    assert_says(sample, 1, "2 processes want to compute; they have 1 of 4 cores.");
    snap->executing = SIZE_MAX;
    assert_says(sample, 1, "2 processes compute, and there are 4 cores.");
    assert_says_not(sample, 1, "side by side");
    put_workers(sample, 1, 2, PHASE_NO_WORK);
    assert_says_not(sample, 1, "compute");
}

/* --- the interpreter lock ------------------------------------------------------------------------- */

static void a_lock_that_is_always_held_is_told(void **state)
{
    struct sample *sample = *state;
    struct snapshot *snap = sample_gil(sample);
    snap->gil.holder = 0;
    snap->gil.held_ns = snap->wall_ns * 97 / 100;
    assert_says(sample, 1, "The GIL was held 97 % of the time: 4 threads do the work of one.");
    snap->gil.held_ns = snap->wall_ns * 89 / 100;
    assert_says_not(sample, 1, "The GIL was held");
    snap->gil.holder = 1; /* what it is held for this moment counts, too */
    snap->gil.since_ns = snap->now_ns - snap->wall_ns * 5 / 100;
    assert_says(sample, 1, "held 94 % of the time");
    snap->executor.gil = false;
    assert_says_not(sample, 1, "The GIL was held");
}

static void one_thread_with_a_lock_does_its_own_work(void **state)
{
    struct sample *sample = *state;
    struct snapshot *snap = sample_gil(sample);
    put_workers(sample, 1, 1, PHASE_COMPUTING);
    assert_says_not(sample, 1, "The GIL was held");
    snap->executor.gil = false;
    snap->queued = 1;
    assert_says(sample, 1, "keeps one of 4 cores busy: 1 limit waits for its turn.");
}

static void a_pause_is_no_time_in_which_the_lock_was_free(void **state)
{
    struct sample *sample = *state;
    struct snapshot *snap = sample_gil(sample);
    snap->gil.holder = 0;
    snap->gil.held_ns = snap->wall_ns * 48 / 100;
    assert_says_not(sample, 1, "The GIL was held");
    snap->paused_ns = snap->wall_ns / 2;
    assert_says(sample, 1, "The GIL was held 96 % of the time");
}

static void at_the_end_the_lock_is_told_in_the_past(void **state)
{
    struct sample *sample = *state;
    sample_gil(sample);
    sample_end(sample);
    assert_says(sample, 1, "4 threads did the work of one.");
    sample->model.lanes[1].snap.failed = 1;
    assert_says_not(sample, 1, "The GIL was held");
}

static void who_waits_for_a_server_has_let_go_of_the_lock(void **state)
{
    struct sample *sample = *state;
    struct snapshot *snap = put_workers(sample, 0, 10, PHASE_WAITING);
    snap->executor.gil = true;
    snap->gil = (struct gil_words){.interval_ns = 5 * NS_PER_MS, .held_ns = snap->wall_ns * 2 / 100};
    assert_says(sample, 0, "10 of 10 threads wait for the server and have let go of the GIL: it was held 2 % of the time.");
    snap->gil.held_ns = snap->wall_ns * 60 / 100;
    assert_says_not(sample, 0, "let go of the GIL");
    snap->gil.held_ns = snap->wall_ns * 2 / 100;
    snap->executor.gil = false;
    assert_says_not(sample, 0, "let go of the GIL");
}

/* --- the event loop --------------------------------------------------------------------------------- */

static void one_thread_looks_after_many_transfers(void **state)
{
    struct sample *sample = *state;
    sample_loop(sample);
    put_workers(sample, 0, 10, PHASE_WAITING);
    set_phase(sample, 0, 0, PHASE_WRITING);
    assert_says(sample, 0, "One thread looks after 10 transfers: 9 of them wait for the server");
    assert_says_not(sample, 0, "would help");
    sample->model.lanes[0].snap.executor.how = HOW_THREAD_POOL;
    assert_says_not(sample, 0, "One thread looks after");
}

/* --- the counter ------------------------------------------------------------------------------------ */

static void adds_that_are_lost_are_counted(void **state)
{
    struct sample *sample = *state;
    struct snapshot *snap = count_to_the_end(sample, COUNTER_NONE, 4000000, 3126511);
    assert_says(sample, 1, "Threads without a lock lost 873,489 of 4,000,000 adds.");
    snap->restarts = 1; /* then it was not the race, or not alone */
    assert_says(sample, 1,
                "The threads' process died and began anew with a counter at 0: 873,489 of 4,000,000 adds went with it.");
    snap->restarts = 0;
    snap->runner.got = 4000000;
    assert_says_not(sample, 1, "Threads without a lock lost");
    assert_says(sample, 1, "Nothing was lost of 4,000,000 adds, by luck: there was no lock.");
    snap->runner.outcome_known = 0; /* nobody knows */
    assert_says_not(sample, 1, "lost");
}

static void processes_count_in_their_own_copies(void **state)
{
    struct sample *sample = *state;
    struct snapshot *snap = count_to_the_end(sample, COUNTER_NONE, 4000000, 0);
    snap->executor.how = HOW_PROCESS_POOL;
    assert_says(sample, 1, "Processes each count in their own copy: the parent's counter stays 0.");
    snap->executor.how = HOW_THREAD_POOL;
    assert_says_not(sample, 1, "their own copy");
}

static void what_guards_the_counter_is_told(void **state)
{
    struct sample *sample = *state;
    count_to_the_end(sample, COUNTER_MUTEX, 4000000, 4000000);
    assert_says(sample, 1, "Nothing was lost of 4,000,000 adds: the mutex lets one thread in at a time.");
    count_to_the_end(sample, COUNTER_ATOMIC, 4000000, 4000000);
    assert_says(sample, 1, "Nothing was lost of 4,000,000 adds: an atomic add is one step.");
    assert_says_not(sample, 1, "mutex");
}

static void counting_says_how_it_is_guarded(void **state)
{
    struct sample *sample = *state;
    struct snapshot *snap = sample_counter(sample, COUNTER_NONE);
    assert_says(sample, 1, "without a lock: adds can be lost.");
    sample_counter(sample, COUNTER_MUTEX);
    assert_says(sample, 1, "4 threads add to one counter; the mutex lets in one at a time");
    assert_says_not(sample, 1, "adds can be lost");
    snap->executor.how = HOW_PROCESS_POOL;
    assert_says(sample, 1, "Each process adds to a copy of its own");
    snap->work = WORK_PRIMES;
    assert_says_not(sample, 1, "copy of its own");
}

static void others_are_told_of_only_where_there_are_some(void **state)
{
    struct sample *sample = *state;
    end_with_turns(sample);
    assert_says(sample, 1, "4 cores are the limit.");
    assert_says_not(sample, 1, "others");
    end_after(sample, 1, 1000, 3500, (unsigned[ACCOUNT_COLUMNS]){1000, 2400, 10, 0, 0, 0});
    assert_says(sample, 1, "70 % of the time a process wanted a core and had none: others use them, too.");
}

#define CASE(function) cmocka_unit_test_setup_teardown(function, sample_make, sample_free)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(a_pause_is_told),
        CASE(the_end_is_told_only_at_the_end),
        CASE(a_batch_waits_for_its_slowest),
        CASE(workers_without_work_wait_for_the_last_jobs),
        CASE(one_transfer_at_a_time),
        CASE(most_wait_for_the_server),
        CASE(one_computes_and_the_longest_is_named_only_when_it_is),
        CASE(more_workers_than_cores),
        CASE(side_by_side_is_what_the_kernel_saw),
        CASE(a_lock_that_is_always_held_is_told),
        CASE(one_thread_with_a_lock_does_its_own_work),
        CASE(a_pause_is_no_time_in_which_the_lock_was_free),
        CASE(at_the_end_the_lock_is_told_in_the_past),
        CASE(who_waits_for_a_server_has_let_go_of_the_lock),
        CASE(one_thread_looks_after_many_transfers),
        CASE(adds_that_are_lost_are_counted),
        CASE(processes_count_in_their_own_copies),
        CASE(what_guards_the_counter_is_told),
        CASE(counting_says_how_it_is_guarded),
        CASE(others_are_told_of_only_where_there_are_some),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
