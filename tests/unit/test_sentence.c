/* test_sentence.c - the sentence under a lane: for each rule a model that brings it about, and one close by that must not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "ui/app_private.h"
#include "ui/sentence.h"

#include "screen_model.h"

enum { CORES = 4 };

static const char *says(const struct sample *sample, int lane)
{
    static char text[160];
    sentence_of(&sample->model.lanes[lane], CORES, text, sizeof text);
    return text;
}

#define assert_says(sample, lane, part) assert_non_null(strstr(says(sample, lane), part))
#define assert_says_not(sample, lane, part) assert_null(strstr(says(sample, lane), part))

static int sample_make(void **state)
{
    *state = sample_new();
    return 0;
}

static int sample_free(void **state)
{
    free(*state);
    return 0;
}

/* The lane's first workers are in this phase, and there are no others. */
static struct snapshot *put_workers(struct sample *sample, int lane, size_t count, enum phase phase)
{
    struct snapshot *snap = &sample->model.lanes[lane].snap;
    snap->slots = snap->alive = snap->running = count;
    for (size_t slot = 0; slot < count; slot++) {
        sample->workers[lane][slot].alive = true;
        sample->workers[lane][slot].data.phase = phase;
    }
    return snap;
}

static void set_phase(struct sample *sample, int lane, size_t slot, enum phase phase)
{
    sample->workers[lane][slot].data.phase = phase;
}

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

static struct snapshot *count_to_the_end(struct sample *sample, enum counter_lock lock, uint64_t expected, uint64_t got)
{
    struct snapshot *snap = sample_counter(sample, lock);
    snap->state = RUN_DONE;
    snap->runner.outcome_known = 1;
    snap->runner.expected = expected;
    snap->runner.got = got;
    return snap;
}

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

/* --- each rule ------------------------------------------------------------------------------------ */

/* For each rule of the table: what brings it about, what it says then, and the small difference with which it must not speak. */
struct pair {
    const char *rule;
    int lane;
    void (*bring)(struct sample *sample);
    const char *says;
    void (*spoil)(struct sample *sample);
};

static struct snapshot *snap_of(struct sample *sample, int lane)
{
    return &sample->model.lanes[lane].snap;
}

static void set_state(struct sample *sample, int lane, enum run_state run_state)
{
    snap_of(sample, lane)->state = run_state;
}

static void pause_run(struct sample *sample)
{
    set_state(sample, 0, RUN_PAUSED);
}

static void fill_the_folder(struct sample *sample)
{
    set_state(sample, 0, RUN_PAUSED);
    sample->model.lanes[0].snap.folder_full = true;
}

static void make_room(struct sample *sample)
{
    sample->model.lanes[0].snap.folder_full = false;
}

static void run_on(struct sample *sample)
{
    set_state(sample, 0, RUN_RUNNING);
}

static void stop_with_three_left(struct sample *sample)
{
    put_workers(sample, 0, 3, PHASE_WAITING);
    set_state(sample, 0, RUN_STOPPING);
}

static void nobody_is_left(struct sample *sample)
{
    for (size_t slot = 0; slot < 3; slot++)
        sample->workers[0][slot].alive = false;
}

static void be_stopped(struct sample *sample)
{
    set_state(sample, 0, RUN_STOPPED);
}

static void kill_one(struct sample *sample)
{
    struct slot_data *data = &sample->workers[1][1].data;
    data->killed = 1;
    data->exit_signal = 9;
    data->died_ns = snap_of(sample, 1)->now_ns - NS_PER_S;
}

static void long_ago(struct sample *sample)
{
    snap_of(sample, 1)->now_ns += 5 * NS_PER_S;
}

static void most_get_ready(struct sample *sample)
{
    put_workers(sample, 1, 4, PHASE_COMPUTING);
    for (size_t slot = 0; slot < 3; slot++)
        set_phase(sample, 1, slot, PHASE_STARTING);
}

static void only_half_do(struct sample *sample)
{
    set_phase(sample, 1, 0, PHASE_COMPUTING);
}

static void fail_all_so_far(struct sample *sample)
{
    struct snapshot *snap = snap_of(sample, 0);
    snap->failed = 2;
    snap->done = 0;
    for (size_t job = 0; job < 2; job++) {
        sample->jobs[0][job].word.state = JOB_FAILED;
        sample->jobs[0][job].result.http_status = 404;
    }
}

static void one_succeeds(struct sample *sample)
{
    snap_of(sample, 0)->done = 1;
}

static void three_back_off(struct sample *sample)
{
    put_workers(sample, 0, 10, PHASE_WAITING);
    for (size_t slot = 0; slot < 3; slot++)
        set_phase(sample, 0, slot, PHASE_BACKOFF);
}

static void only_two_do(struct sample *sample)
{
    set_phase(sample, 0, 2, PHASE_WAITING);
}

static void hold_the_gil(struct sample *sample)
{
    sample_gil(sample);
}

static void hold_it_less(struct sample *sample)
{
    struct snapshot *snap = snap_of(sample, 1);
    snap->gil.holder = 0;
    snap->gil.held_ns = snap->wall_ns * 89 / 100;
}

static void wait_at_the_barrier(struct sample *sample)
{
    struct snapshot *snap = put_workers(sample, 0, 10, PHASE_RECEIVING);
    set_phase(sample, 0, 0, PHASE_BARRIER);
    sample->workers[0][0].alive = false;
    sample->workers[0][0].data.phase_since_ns = snap->now_ns - 800 * NS_PER_MS;
}

static void wait_there_shortly(struct sample *sample)
{
    sample->workers[0][0].data.phase_since_ns = snap_of(sample, 0)->now_ns - 400 * NS_PER_MS;
}

/* Two batches are over; in each, everybody waited for 0.4 s. */
static void lose_time_in_batches(struct sample *sample)
{
    struct snapshot *snap = put_workers(sample, 0, 10, PHASE_WAITING);
    snap->executor.how = HOW_THREAD_BATCH;
    snap->runner.batch = 3;
    for (size_t slot = 0; slot < 10; slot++)
        sample->workers[0][slot].data.account_ns[ACCOUNT_BARRIER] = 800 * NS_PER_MS;
    sample_figures(sample);
}

static void be_in_the_first_batch(struct sample *sample)
{
    snap_of(sample, 0)->runner.batch = 1;
}

static void six_have_no_job(struct sample *sample)
{
    struct snapshot *snap = put_workers(sample, 1, 10, PHASE_NO_WORK);
    for (size_t slot = 0; slot < 4; slot++)
        set_phase(sample, 1, slot, PHASE_COMPUTING);
    snap->jobs = 4;
}

static void there_are_jobs_enough(struct sample *sample)
{
    snap_of(sample, 1)->jobs = 10;
}

static void wait_for_the_last(struct sample *sample)
{
    struct snapshot *snap = put_workers(sample, 1, 4, PHASE_COMPUTING);
    set_phase(sample, 1, 0, PHASE_NO_WORK);
    snap->queued = 0;
    snap->running = 3;
}

static void something_is_queued(struct sample *sample)
{
    snap_of(sample, 1)->queued = 1;
}

static void want_the_mutex(struct sample *sample)
{
    sample_counter(sample, COUNTER_MUTEX);
    sample_figures(sample);
}

static void hardly_want_it(struct sample *sample)
{
    for (size_t slot = 0; slot < 4; slot++)
        sample->workers[1][slot].data.account_ns[ACCOUNT_LOCK] = 200 * NS_PER_MS;
    sample_figures(sample);
}

static void count_without_a_lock(struct sample *sample)
{
    sample_counter(sample, COUNTER_NONE);
}

static void do_primes(struct sample *sample)
{
    snap_of(sample, 1)->work = WORK_PRIMES;
}

static void fetch_one_at_a_time(struct sample *sample)
{
    put_workers(sample, 0, 1, PHASE_RECEIVING)->queued = 7;
}

static void nothing_is_queued(struct sample *sample)
{
    snap_of(sample, 0)->queued = 0;
}

static void five_in(struct sample *sample, enum phase phase)
{
    put_workers(sample, 0, 10, PHASE_COMPUTING);
    for (size_t slot = 0; slot < 5; slot++)
        set_phase(sample, 0, slot, phase);
}

static void look_up_names(struct sample *sample)
{
    five_in(sample, PHASE_RESOLVING);
}

static void wait_for_connections(struct sample *sample)
{
    five_in(sample, PHASE_CONNECTING);
}

static void put_files_in_place(struct sample *sample)
{
    five_in(sample, PHASE_WRITING);
}

static void only_four(struct sample *sample)
{
    set_phase(sample, 0, 0, PHASE_RECEIVING);
}

static void let_the_gil_go(struct sample *sample)
{
    struct snapshot *snap = put_workers(sample, 0, 10, PHASE_WAITING);
    snap->executor.gil = true;
    snap->gil = (struct gil_words){.interval_ns = 5 * NS_PER_MS, .held_ns = snap->wall_ns * 2 / 100};
}

static void hold_it_most_of_the_time(struct sample *sample)
{
    snap_of(sample, 0)->gil.held_ns = snap_of(sample, 0)->wall_ns * 60 / 100;
}

static void loop_over_transfers(struct sample *sample)
{
    sample_loop(sample);
    put_workers(sample, 0, 10, PHASE_WAITING);
}

static void be_threads(struct sample *sample)
{
    snap_of(sample, 0)->executor.how = HOW_THREAD_POOL;
}

/* Nine of ten, for so long. */
static void nine_are_in(struct sample *sample, enum phase phase, uint64_t ms)
{
    struct snapshot *snap = put_workers(sample, 0, 10, phase);
    set_phase(sample, 0, 9, PHASE_WRITING);
    snap->queued = 5;
    for (size_t slot = 0; slot < 9; slot++)
        sample->workers[0][slot].data.phase_since_ns = snap->now_ns - ms * NS_PER_MS;
}

static void wait_long_for_a_byte(struct sample *sample)
{
    sample->model.lanes[0].builtin = false;
    nine_are_in(sample, PHASE_WAITING, 1200);
}

static void receive_for_long(struct sample *sample)
{
    nine_are_in(sample, PHASE_RECEIVING, 1200);
    snap_of(sample, 0)->bytes_per_s = 9 * 98304;
}

static void since_half_a_second(struct sample *sample)
{
    for (size_t slot = 0; slot < 3; slot++)
        sample->workers[0][slot].data.phase_since_ns = snap_of(sample, 0)->now_ns - NS_PER_S / 2;
}

static void wait_for_the_server(struct sample *sample)
{
    nine_are_in(sample, PHASE_WAITING, 100);
}

static void only_six_do(struct sample *sample)
{
    for (size_t slot = 0; slot < 3; slot++)
        set_phase(sample, 0, slot, PHASE_WRITING);
}

/* What was settled in the last second, of so many workers. */
static void lately(struct sample *sample, uint64_t on_core_ms, uint64_t ready_ms)
{
    sample->model.lanes[1].recent = (struct account){.ready_known = true};
    sample->model.lanes[1].recent.ns[ACCOUNT_ON_CORE] = on_core_ms * NS_PER_MS;
    sample->model.lanes[1].recent.ns[ACCOUNT_READY] = ready_ms * NS_PER_MS;
}

static void take_turns(struct sample *sample)
{
    put_workers(sample, 1, 2 * CORES, PHASE_COMPUTING);
    lately(sample, 3900, 4100);
}

static void each_has_a_core(struct sample *sample)
{
    put_workers(sample, 1, CORES, PHASE_COMPUTING);
}

static void be_crowded_out(struct sample *sample)
{
    put_workers(sample, 1, 2, PHASE_COMPUTING);
    lately(sample, 1200, 800);
}

static void hardly(struct sample *sample)
{
    lately(sample, 1620, 380);
}

static void one_of_them_computes(struct sample *sample)
{
    put_workers(sample, 1, 1, PHASE_COMPUTING)->queued = 3;
}

static void two_of_them_do(struct sample *sample)
{
    put_workers(sample, 1, 2, PHASE_COMPUTING);
}

static void do_nothing(struct sample *sample)
{
    put_workers(sample, 1, 2, PHASE_NO_WORK)->queued = 1;
}

/* --- runs that are over --- */

/* All of lane's jobs took that long each, and the run so long; the account of every worker is in these columns, in ms. */
static struct snapshot *end_after(struct sample *sample, int lane, unsigned job_ms, unsigned run_ms,
                                  const unsigned account_ms[ACCOUNT_COLUMNS])
{
    struct snapshot *snap = snap_of(sample, lane);
    sample_end(sample);
    snap->wall_ns = run_ms * NS_PER_MS;
    for (size_t job = 0; job < snap->jobs; job++) {
        sample->jobs[lane][job].word.state = JOB_DONE;
        sample->jobs[lane][job].result =
            (struct job_result){.start_ns = NS_PER_S, .end_ns = NS_PER_S + job_ms * NS_PER_MS, .cpu_ns = job_ms * NS_PER_MS};
    }
    for (size_t slot = 0; slot < snap->slots; slot++)
        for (int column = 0; column < ACCOUNT_COLUMNS; column++)
            sample->workers[lane][slot].data.account_ns[column] = account_ms[column] * NS_PER_MS;
    sample_figures(sample);
    return snap;
}

static void count_to_a_loss(struct sample *sample)
{
    count_to_the_end(sample, COUNTER_NONE, 4000000, 3126511);
}

static void nobody_knows(struct sample *sample)
{
    snap_of(sample, 1)->runner.outcome_known = 0;
}

static void fail_all(struct sample *sample)
{
    struct snapshot *snap = snap_of(sample, 0);
    sample_end(sample);
    snap->done = 0;
    snap->failed = snap->jobs;
    sample->jobs[0][0].word.state = JOB_FAILED;
}

static void all_but_one(struct sample *sample)
{
    snap_of(sample, 0)->failed--;
    snap_of(sample, 0)->done++;
}

static void fail_three(struct sample *sample)
{
    struct snapshot *snap = end_after(sample, 0, 100, 2100, (unsigned[ACCOUNT_COLUMNS]){10, 0, 1800, 0, 0, 90});
    snap->done -= 3;
    snap->failed = 2;
    snap->poisoned = 1;
}

static void none_failed(struct sample *sample)
{
    snap_of(sample, 0)->failed = snap_of(sample, 0)->poisoned = 0;
}

static void hold_the_gil_to_the_end(struct sample *sample)
{
    sample_gil(sample);
    sample_end(sample);
    hold_it_less(sample);
    snap_of(sample, 1)->gil.held_ns = snap_of(sample, 1)->wall_ns * 97 / 100;
}

static void end_in_batches(struct sample *sample)
{
    end_after(sample, 0, 100, 300, (unsigned[ACCOUNT_COLUMNS]){10, 0, 200, 0, 90, 0})->executor.how = HOW_THREAD_BATCH;
}

static void hardly_wait_there(struct sample *sample)
{
    for (size_t slot = 0; slot < 10; slot++)
        sample->workers[0][slot].data.account_ns[ACCOUNT_BARRIER] = 20 * NS_PER_MS;
    sample_figures(sample);
}

static void end_at_the_server(struct sample *sample)
{
    end_after(sample, 0, 100, 210, (unsigned[ACCOUNT_COLUMNS]){20, 0, 180, 0, 0, 10});
}

static void end_on_cores(struct sample *sample)
{
    end_after(sample, 0, 100, 210, (unsigned[ACCOUNT_COLUMNS]){120, 0, 80, 0, 0, 10});
}

static void end_one_at_a_time(struct sample *sample)
{
    struct snapshot *snap = end_after(sample, 1, 1000, 4010, (unsigned[ACCOUNT_COLUMNS]){4000, 0, 10, 0, 0, 0});
    snap->slots = 1;
    snap->executor = (struct executor){.how = HOW_SEQUENTIAL, .width = 1};
    sample_figures(sample);
}

static void two_at_a_time(struct sample *sample)
{
    snap_of(sample, 1)->executor = (struct executor){.how = HOW_PROCESS_POOL, .width = 2};
}

static void end_with_turns(struct sample *sample)
{
    struct snapshot *snap = snap_of(sample, 1);
    snap->slots = snap->executor.width = 8;
    for (size_t slot = 4; slot < 8; slot++)
        sample->workers[1][slot] = sample->workers[1][0];
    snap->jobs = 8; /* twice as many as cores */
    end_after(sample, 1, 1000, 2010, (unsigned[ACCOUNT_COLUMNS]){1000, 1000, 10, 0, 0, 0});
}

static void end_unknown(struct sample *sample)
{
    sample->workers[1][3].data.ready_known = 0;
    sample_figures(sample);
}

static void end_crowded_out(struct sample *sample)
{
    end_after(sample, 1, 1000, 2050, (unsigned[ACCOUNT_COLUMNS]){1000, 400, 0, 0, 0, 0});
}

static void with_hardly_a_wait(struct sample *sample)
{
    end_after(sample, 1, 1000, 2050, (unsigned[ACCOUNT_COLUMNS]){1000, 200, 0, 0, 0, 0});
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

static void end_with_a_long_one(struct sample *sample)
{
    end_after(sample, 1, 100, 2050, (unsigned[ACCOUNT_COLUMNS]){600, 0, 0, 0, 0, 1400});
    sample->jobs[1][2].result.cpu_ns = 2 * NS_PER_S;
}

static void which_was_not_all(struct sample *sample)
{
    snap_of(sample, 1)->wall_ns = 2300 * NS_PER_MS;
}

static void end_idle(struct sample *sample)
{
    end_after(sample, 1, 1000, 2050, (unsigned[ACCOUNT_COLUMNS]){1000, 0, 0, 0, 0, 300});
}

static void end_busy(struct sample *sample)
{
    end_after(sample, 1, 1000, 2050, (unsigned[ACCOUNT_COLUMNS]){1000, 0, 0, 0, 0, 100});
}

static void nothing_was_measured(struct sample *sample)
{
    for (size_t job = 0; job < 4; job++)
        sample->jobs[1][job].result = (struct job_result){0};
}

static const struct pair pairs[] = {
    {"full", 0, fill_the_folder, "Paused: the output folder takes no more files. Make room; space goes on.", make_room},
    {"paused", 0, pause_run, "Paused: nobody takes a new job", run_on},
    {"stopping", 0, stop_with_three_left, "Stopping: 3 threads are still here", nobody_is_left},
    {"stopped", 0, be_stopped, "Stopped on the way: 5 of 20 jobs are done.", run_on},
    {"counter_over", 1, count_to_a_loss, "Threads without a lock lost 873,489 of 4,000,000 adds.", nobody_knows},
    {"all_failed", 0, fail_all, "Nothing succeeded: 20 of 20 jobs failed; no server has answered.", all_but_one},
    {"some_failed", 0, fail_three, "3 of 20 jobs failed; the others are there.", none_failed},
    {"gil_over", 1, hold_the_gil_to_the_end, "The GIL was held 97 % of the time: 4 threads did the work of one.",
     hold_it_less},
    {"batch_over", 0, end_in_batches, "30 % of the time a thread waited for its batch: a pool could do it in 0.20 s.",
     hardly_wait_there},
    {"server_over", 0, end_at_the_server, "86 % of the time was waiting for the server: 20 threads could do it in 0.10 s.",
     end_on_cores},
    {"one_core_over", 1, end_one_at_a_time, "One at a time kept one of 4 cores busy: all of them could do it in 2.00 s.",
     two_at_a_time},
    {"crowded_over", 1, end_crowded_out, "29 % of the time a process wanted a core and something else had it.",
     with_hardly_a_wait},
    {"cores_over", 1, end_with_turns, "50 % of the time a process wanted a core and had none: 4 cores are the limit.",
     end_unknown},
    {"longest_over", 1, end_with_a_long_one, "The longest limit computed for 2.00 s of these 2.05 s: no way is much faster.",
     which_was_not_all},
    {"idle_over", 1, end_idle, "23 % of the time a process had no work left: the last jobs made it that long.", end_busy},
    {"over", 1, end_busy, "Best possible: 2.00 s, all computing shared evenly by 2 cores.", nothing_was_measured},
    {"killed", 1, kill_one, "p2 was killed by signal 9: its job goes to another; a new process is there.", long_ago},
    {"starting", 1, most_get_ready, "3 of 4 processes are still getting ready", only_half_do},
    {"all_failing", 0, fail_all_so_far, "All 2 downloads so far failed: the server answers with errors, such as 404.",
     one_succeeds},
    {"backoff", 0, three_back_off, "3 of 10 threads wait a moment before they try a failed download again.", only_two_do},
    {"gil_held", 1, hold_the_gil, "The GIL was held 97 % of the time: 4 threads do the work of one.", hold_it_less},
    {"batch_waits", 0, wait_at_the_barrier, "The batch waits 0.8 s for its slowest: 1 of 10 threads idle. A pool would not.",
     wait_there_shortly},
    {"batch_average", 0, lose_time_in_batches, "Each batch waits for its slowest, 0.4 s a thread: a pool would not.",
     be_in_the_first_batch},
    {"few_jobs", 1, six_have_no_job, "Only 4 jobs for 10 processes: 6 of them have nothing to do.", there_are_jobs_enough},
    {"last_jobs", 1, wait_for_the_last, "No job is left: 1 of 4 processes has no work and waits for the last 3 jobs.",
     something_is_queued},
    {"mutex", 1, want_the_mutex, "4 threads add to one counter: 30 % of their time they wait for its mutex.",
     hardly_want_it},
    {"counting", 1, count_without_a_lock, "4 threads read, add and write one counter without a lock", do_primes},
    {"one_transfer", 0, fetch_one_at_a_time, "One transfer at a time: the other 7 wait for it", nothing_is_queued},
    {"resolving", 0, look_up_names, "5 of 10 threads wait for the server's address", only_four},
    {"connecting", 0, wait_for_connections, "5 of 10 threads wait for a connection", only_four},
    {"writing", 0, put_files_in_place, "5 of 10 threads put their files in place: the disk is what takes the time.",
     only_four},
    {"gil_free", 0, let_the_gil_go, "have let go of the GIL: it was held 2 % of the time.", hold_it_most_of_the_time},
    {"loop", 0, loop_over_transfers, "One thread looks after 10 transfers: 10 of them wait for the server", be_threads},
    {"first_byte", 0, wait_long_for_a_byte, "9 of 10 threads have waited over 1 s for a first byte: the server is slow.",
     since_half_a_second},
    {"slow_line", 0, receive_for_long, "9 of 10 threads receive 96.0 KiB/s each, the server's pace: more would help.",
     since_half_a_second},
    {"waiting", 0, wait_for_the_server, "9 of 10 threads wait for the server: more threads would help.", only_six_do},
    {"turns", 1, take_turns, "8 processes want 4 cores: each gets about half of one.", each_has_a_core},
    {"crowded_out", 1, be_crowded_out, "2 processes on 4 cores get about 60 % of one each", hardly},
    {"one_computes", 1, one_of_them_computes, "This work keeps one of 4 cores busy: 3 limits wait for their turn.",
     two_of_them_do},
    {"all_compute", 1, two_of_them_do, "2 processes compute side by side, on 2 of 4 cores.", do_nothing},
};
enum { PAIRS = sizeof pairs / sizeof *pairs };

static const char *speaks(const struct sample *sample, int lane)
{
    char text[160];
    const char *name = sentence_rule_name(sentence_of(&sample->model.lanes[lane], CORES, text, sizeof text));
    return name ? name : "nobody";
}

static void every_rule_speaks_when_it_must_and_not_when_it_must_not(void **state)
{
    (void)state;
    for (size_t i = 0; i < PAIRS; i++) {
        const struct pair *pair = &pairs[i];
        struct sample *sample = sample_new();
        pair->bring(sample);
        if (strcmp(speaks(sample, pair->lane), pair->rule) != 0 || !strstr(says(sample, pair->lane), pair->says))
            fail_msg("%s: %s says \"%s\"", pair->rule, speaks(sample, pair->lane), says(sample, pair->lane));
        pair->spoil(sample);
        if (strcmp(speaks(sample, pair->lane), pair->rule) == 0)
            fail_msg("%s speaks where it must not: \"%s\"", pair->rule, says(sample, pair->lane));
        free(sample);
    }
}

/* What it died of is told where it was killed for its silence. */
static void a_process_that_hung_did_not_just_die(void **state)
{
    (void)state;
    struct sample *sample = sample_new();
    kill_one(sample);
    sample->workers[1][1].data.hung_ns = 30 * NS_PER_S;
    assert_string_equal(says(sample, 1),
                        "p2 gave no sign of life for 30 s and was killed: its job goes to another; a new process is there.");
    assert_true(strlen(says(sample, 1)) + 8 < sizeof sample->model.lanes[1].sentence); /* p1000, 86400 s */
    free(sample);
}

/* The table and the pairs name the same rules, each once. */
static void every_rule_has_a_pair(void **state)
{
    (void)state;
    size_t rules = 0;
    for (const char *name; (name = sentence_rule_name((int)rules)); rules++) {
        size_t found = 0;
        for (size_t i = 0; i < PAIRS; i++)
            found += strcmp(pairs[i].rule, name) == 0;
        if (found != 1)
            fail_msg("the rule %s has %zu pairs of tests", name, found);
    }
    assert_int_equal(rules, PAIRS);
    assert_null(sentence_rule_name(-1));
}

/* Nothing is cut, with as many workers and jobs as can be. */
static void sentences_fit(void **state)
{
    (void)state;
    for (size_t i = 0; i < PAIRS; i++) {
        struct sample *sample = sample_new();
        char text[400];
        pairs[i].bring(sample);
        sentence_of(&sample->model.lanes[pairs[i].lane], CORES, text, sizeof text);
        size_t figures = strcspn(text, "0123456789") < strlen(text) ? 12 : 0; /* three that have four digits more */
        if (strlen(text) + figures >= sizeof sample->model.lanes[0].sentence)
            fail_msg("%s is too long: \"%s\"", pairs[i].rule, text);
        free(sample);
    }
}

/* --- true for a second ---------------------------------------------------------------------------- */

static const char *shown_at(struct app_sentence *held, struct sample *sample, int lane, unsigned ms)
{
    app_sentence_update(held, &sample->model.lanes[lane], CORES, 5 * NS_PER_S + ms * NS_PER_MS, true, false);
    return sample->model.lanes[lane].sentence;
}

static void a_sentence_is_shown_when_it_was_true_for_a_second(void **state)
{
    struct sample *sample = *state;
    struct app_sentence held;
    app_sentence_reset(&held);
    sample->model.lanes[0].sentence[0] = 0;
    wait_for_the_server(sample);
    assert_string_equal(shown_at(&held, sample, 0, 0), "");
    assert_string_equal(shown_at(&held, sample, 0, 999), "");
    assert_non_null(strstr(shown_at(&held, sample, 0, 1000), "9 of 10 threads wait for the server"));
    only_six_do(sample); /* and no longer than it is true */
    assert_string_equal(shown_at(&held, sample, 0, 1001), "");
    wait_for_the_server(sample);
    assert_string_equal(shown_at(&held, sample, 0, 1900), "");
    assert_non_null(strstr(shown_at(&held, sample, 0, 2900), "wait for the server"));
}

static void an_old_sentence_stays_while_another_is_on_trial(void **state)
{
    struct sample *sample = *state;
    struct app_sentence held;
    app_sentence_reset(&held);
    sample->model.lanes[0].sentence[0] = 0;
    wait_for_the_server(sample);
    shown_at(&held, sample, 0, 0);
    shown_at(&held, sample, 0, 1000);
    wait_long_for_a_byte(sample); /* it speaks first, but the old one is still true */
    assert_non_null(strstr(shown_at(&held, sample, 0, 1500), "wait for the server"));
    assert_non_null(strstr(shown_at(&held, sample, 0, 2400), "wait for the server"));
    assert_non_null(strstr(shown_at(&held, sample, 0, 2500), "waited over 1 s for a first byte"));
}

static void figures_change_when_they_are_due(void **state)
{
    struct sample *sample = *state;
    struct app_sentence held;
    struct model_lane *lane = &sample->model.lanes[0];
    app_sentence_reset(&held);
    wait_for_the_server(sample);
    shown_at(&held, sample, 0, 0);
    shown_at(&held, sample, 0, 1000);
    set_phase(sample, 0, 0, PHASE_WRITING);
    app_sentence_update(&held, lane, CORES, 7 * NS_PER_S, false, false);
    assert_non_null(strstr(lane->sentence, "9 of 10"));
    app_sentence_update(&held, lane, CORES, 7 * NS_PER_S, true, false);
    assert_non_null(strstr(lane->sentence, "8 of 10"));
}

static void the_end_is_told_at_once(void **state)
{
    struct sample *sample = *state;
    struct app_sentence held;
    app_sentence_reset(&held);
    end_at_the_server(sample);
    assert_non_null(strstr(shown_at(&held, sample, 0, 0), "86 % of the time"));
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
        cmocka_unit_test(every_rule_speaks_when_it_must_and_not_when_it_must_not),
        cmocka_unit_test(a_process_that_hung_did_not_just_die),
        cmocka_unit_test(every_rule_has_a_pair),
        cmocka_unit_test(sentences_fit),
        CASE(a_sentence_is_shown_when_it_was_true_for_a_second),
        CASE(an_old_sentence_stays_while_another_is_on_trial),
        CASE(figures_change_when_they_are_due),
        CASE(the_end_is_told_at_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
