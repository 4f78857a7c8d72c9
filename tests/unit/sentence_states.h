/* sentence_states.h - what the runs in the models do, a state a function: for the tests of the sentence under a lane. */
#ifndef TESTS_SENTENCE_STATES_H
#define TESTS_SENTENCE_STATES_H

#include <stdlib.h>
#include <string.h>

#include "ui/sentence.h"

#include "screen_model.h"

enum { CORES = 4 };

static inline const char *says(const struct sample *sample, int lane)
{
    static char text[160];
    sentence_of(&sample->model.lanes[lane], CORES, text, sizeof text);
    return text;
}

#define assert_says(sample, lane, part) assert_non_null(strstr(says(sample, lane), part))
#define assert_says_not(sample, lane, part) assert_null(strstr(says(sample, lane), part))

static inline int sample_make(void **state)
{
    *state = sample_new();
    return 0;
}

static inline int sample_free(void **state)
{
    free(*state);
    return 0;
}

/* The lane's first workers are in this phase, and there are no others. */
static inline struct snapshot *put_workers(struct sample *sample, int lane, size_t count, enum phase phase)
{
    struct snapshot *snap = &sample->model.lanes[lane].snap;
    snap->slots = snap->alive = snap->running = count;
    for (size_t slot = 0; slot < count; slot++) {
        sample->workers[lane][slot].alive = true;
        sample->workers[lane][slot].data.phase = phase;
    }
    return snap;
}

static inline void set_phase(struct sample *sample, int lane, size_t slot, enum phase phase)
{
    sample->workers[lane][slot].data.phase = phase;
}

static inline struct snapshot *count_to_the_end(struct sample *sample, enum counter_lock lock, uint64_t expected,
                                                uint64_t got)
{
    struct snapshot *snap = sample_counter(sample, lock);
    snap->state = RUN_DONE;
    snap->runner.outcome_known = 1;
    snap->runner.expected = expected;
    snap->runner.got = got;
    return snap;
}

static inline struct snapshot *snap_of(struct sample *sample, int lane)
{
    return &sample->model.lanes[lane].snap;
}

static inline void set_state(struct sample *sample, int lane, enum run_state run_state)
{
    snap_of(sample, lane)->state = run_state;
}

static inline void pause_run(struct sample *sample)
{
    set_state(sample, 0, RUN_PAUSED);
}

static inline void fill_the_folder(struct sample *sample)
{
    set_state(sample, 0, RUN_PAUSED);
    sample->model.lanes[0].snap.folder_full = true;
}

static inline void make_room(struct sample *sample)
{
    sample->model.lanes[0].snap.folder_full = false;
}

static inline void run_on(struct sample *sample)
{
    set_state(sample, 0, RUN_RUNNING);
}

static inline void stop_with_three_left(struct sample *sample)
{
    put_workers(sample, 0, 3, PHASE_WAITING);
    set_state(sample, 0, RUN_STOPPING);
}

static inline void nobody_is_left(struct sample *sample)
{
    for (size_t slot = 0; slot < 3; slot++)
        sample->workers[0][slot].alive = false;
}

static inline void be_stopped(struct sample *sample)
{
    set_state(sample, 0, RUN_STOPPED);
}

static inline void kill_one(struct sample *sample)
{
    struct slot_data *data = &sample->workers[1][1].data;
    data->killed = 1;
    data->exit_signal = 9;
    data->died_ns = snap_of(sample, 1)->now_ns - NS_PER_S;
}

static inline void long_ago(struct sample *sample)
{
    snap_of(sample, 1)->now_ns += 5 * NS_PER_S;
}

static inline void most_get_ready(struct sample *sample)
{
    put_workers(sample, 1, 4, PHASE_COMPUTING);
    for (size_t slot = 0; slot < 3; slot++)
        set_phase(sample, 1, slot, PHASE_STARTING);
}

static inline void only_half_do(struct sample *sample)
{
    set_phase(sample, 1, 0, PHASE_COMPUTING);
}

static inline void fail_all_so_far(struct sample *sample)
{
    struct snapshot *snap = snap_of(sample, 0);
    snap->failed = 2;
    snap->done = 0;
    for (size_t job = 0; job < 2; job++) {
        sample->jobs[0][job].word.state = JOB_FAILED;
        sample->jobs[0][job].result.http_status = 404;
    }
}

static inline void one_succeeds(struct sample *sample)
{
    snap_of(sample, 0)->done = 1;
}

static inline void three_back_off(struct sample *sample)
{
    put_workers(sample, 0, 10, PHASE_WAITING);
    for (size_t slot = 0; slot < 3; slot++)
        set_phase(sample, 0, slot, PHASE_BACKOFF);
}

static inline void only_two_do(struct sample *sample)
{
    set_phase(sample, 0, 2, PHASE_WAITING);
}

static inline void hold_the_gil(struct sample *sample)
{
    sample_gil(sample);
}

static inline void hold_it_less(struct sample *sample)
{
    struct snapshot *snap = snap_of(sample, 1);
    snap->gil.holder = 0;
    snap->gil.held_ns = snap->wall_ns * 89 / 100;
}

static inline void wait_at_the_barrier(struct sample *sample)
{
    struct snapshot *snap = put_workers(sample, 0, 10, PHASE_RECEIVING);
    set_phase(sample, 0, 0, PHASE_BARRIER);
    sample->workers[0][0].alive = false;
    sample->workers[0][0].data.phase_since_ns = snap->now_ns - 800 * NS_PER_MS;
}

static inline void wait_there_shortly(struct sample *sample)
{
    sample->workers[0][0].data.phase_since_ns = snap_of(sample, 0)->now_ns - 400 * NS_PER_MS;
}

/* Two batches are over; in each, everybody waited for 0.4 s. */
static inline void lose_time_in_batches(struct sample *sample)
{
    struct snapshot *snap = put_workers(sample, 0, 10, PHASE_WAITING);
    snap->executor.how = HOW_THREAD_BATCH;
    snap->runner.batch = 3;
    for (size_t slot = 0; slot < 10; slot++)
        sample->workers[0][slot].data.account_ns[ACCOUNT_BARRIER] = 800 * NS_PER_MS;
    sample_figures(sample);
}

static inline void be_in_the_first_batch(struct sample *sample)
{
    snap_of(sample, 0)->runner.batch = 1;
}

static inline void six_have_no_job(struct sample *sample)
{
    struct snapshot *snap = put_workers(sample, 1, 10, PHASE_NO_WORK);
    for (size_t slot = 0; slot < 4; slot++)
        set_phase(sample, 1, slot, PHASE_COMPUTING);
    snap->jobs = 4;
}

static inline void there_are_jobs_enough(struct sample *sample)
{
    snap_of(sample, 1)->jobs = 10;
}

static inline void wait_for_the_last(struct sample *sample)
{
    struct snapshot *snap = put_workers(sample, 1, 4, PHASE_COMPUTING);
    set_phase(sample, 1, 0, PHASE_NO_WORK);
    snap->queued = 0;
    snap->running = 3;
}

static inline void something_is_queued(struct sample *sample)
{
    snap_of(sample, 1)->queued = 1;
}

static inline void want_the_mutex(struct sample *sample)
{
    sample_counter(sample, COUNTER_MUTEX);
    sample_figures(sample);
}

static inline void hardly_want_it(struct sample *sample)
{
    for (size_t slot = 0; slot < 4; slot++)
        sample->workers[1][slot].data.account_ns[ACCOUNT_LOCK] = 200 * NS_PER_MS;
    sample_figures(sample);
}

static inline void count_without_a_lock(struct sample *sample)
{
    sample_counter(sample, COUNTER_NONE);
}

static inline void do_primes(struct sample *sample)
{
    snap_of(sample, 1)->work = WORK_PRIMES;
}

static inline void fetch_one_at_a_time(struct sample *sample)
{
    put_workers(sample, 0, 1, PHASE_RECEIVING)->queued = 7;
}

static inline void nothing_is_queued(struct sample *sample)
{
    snap_of(sample, 0)->queued = 0;
}

static inline void five_in(struct sample *sample, enum phase phase)
{
    put_workers(sample, 0, 10, PHASE_COMPUTING);
    for (size_t slot = 0; slot < 5; slot++)
        set_phase(sample, 0, slot, phase);
}

static inline void look_up_names(struct sample *sample)
{
    five_in(sample, PHASE_RESOLVING);
}

static inline void wait_for_connections(struct sample *sample)
{
    five_in(sample, PHASE_CONNECTING);
}

static inline void put_files_in_place(struct sample *sample)
{
    five_in(sample, PHASE_WRITING);
}

static inline void only_four(struct sample *sample)
{
    set_phase(sample, 0, 0, PHASE_RECEIVING);
}

static inline void let_the_gil_go(struct sample *sample)
{
    struct snapshot *snap = put_workers(sample, 0, 10, PHASE_WAITING);
    snap->executor.gil = true;
    snap->gil = (struct gil_words){.interval_ns = 5 * NS_PER_MS, .held_ns = snap->wall_ns * 2 / 100};
}

static inline void hold_it_most_of_the_time(struct sample *sample)
{
    snap_of(sample, 0)->gil.held_ns = snap_of(sample, 0)->wall_ns * 60 / 100;
}

static inline void loop_over_transfers(struct sample *sample)
{
    sample_loop(sample);
    put_workers(sample, 0, 10, PHASE_WAITING);
}

static inline void be_threads(struct sample *sample)
{
    snap_of(sample, 0)->executor.how = HOW_THREAD_POOL;
}

/* Nine of ten, for so long. */
static inline void nine_are_in(struct sample *sample, enum phase phase, uint64_t ms)
{
    struct snapshot *snap = put_workers(sample, 0, 10, phase);
    set_phase(sample, 0, 9, PHASE_WRITING);
    snap->queued = 5;
    for (size_t slot = 0; slot < 9; slot++)
        sample->workers[0][slot].data.phase_since_ns = snap->now_ns - ms * NS_PER_MS;
}

static inline void wait_long_for_a_byte(struct sample *sample)
{
    sample->model.lanes[0].builtin = false;
    nine_are_in(sample, PHASE_WAITING, 1200);
}

static inline void receive_for_long(struct sample *sample)
{
    nine_are_in(sample, PHASE_RECEIVING, 1200);
    snap_of(sample, 0)->bytes_per_s = 9 * 98304;
}

static inline void since_half_a_second(struct sample *sample)
{
    for (size_t slot = 0; slot < 3; slot++)
        sample->workers[0][slot].data.phase_since_ns = snap_of(sample, 0)->now_ns - NS_PER_S / 2;
}

static inline void wait_for_the_server(struct sample *sample)
{
    nine_are_in(sample, PHASE_WAITING, 100);
}

static inline void only_six_do(struct sample *sample)
{
    for (size_t slot = 0; slot < 3; slot++)
        set_phase(sample, 0, slot, PHASE_WRITING);
}

/* What was settled in the last second, of so many workers. */
static inline void lately(struct sample *sample, uint64_t on_core_ms, uint64_t ready_ms)
{
    sample->model.lanes[1].recent = (struct account){.ready_known = true};
    sample->model.lanes[1].recent.ns[ACCOUNT_ON_CORE] = on_core_ms * NS_PER_MS;
    sample->model.lanes[1].recent.ns[ACCOUNT_READY] = ready_ms * NS_PER_MS;
}

static inline void take_turns(struct sample *sample)
{
    put_workers(sample, 1, 2 * CORES, PHASE_COMPUTING);
    lately(sample, 3900, 4100);
}

static inline void each_has_a_core(struct sample *sample)
{
    put_workers(sample, 1, CORES, PHASE_COMPUTING);
}

static inline void be_crowded_out(struct sample *sample)
{
    put_workers(sample, 1, 2, PHASE_COMPUTING);
    lately(sample, 1200, 800);
}

static inline void hardly(struct sample *sample)
{
    lately(sample, 1620, 380);
}

static inline void one_of_them_computes(struct sample *sample)
{
    put_workers(sample, 1, 1, PHASE_COMPUTING)->queued = 3;
}

static inline void two_of_them_do(struct sample *sample)
{
    put_workers(sample, 1, 2, PHASE_COMPUTING);
}

static inline void do_nothing(struct sample *sample)
{
    put_workers(sample, 1, 2, PHASE_NO_WORK)->queued = 1;
}

/* --- runs that are over --- */

/* All of lane's jobs took that long each, and the run so long; the account of every worker is in these columns, in ms. */
static inline struct snapshot *end_after(struct sample *sample, int lane, unsigned job_ms, unsigned run_ms,
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

static inline void count_to_a_loss(struct sample *sample)
{
    count_to_the_end(sample, COUNTER_NONE, 4000000, 3126511);
}

static inline void nobody_knows(struct sample *sample)
{
    snap_of(sample, 1)->runner.outcome_known = 0;
}

static inline void fail_all(struct sample *sample)
{
    struct snapshot *snap = snap_of(sample, 0);
    sample_end(sample);
    snap->done = 0;
    snap->failed = snap->jobs;
    sample->jobs[0][0].word.state = JOB_FAILED;
}

static inline void all_but_one(struct sample *sample)
{
    snap_of(sample, 0)->failed--;
    snap_of(sample, 0)->done++;
}

static inline void fail_three(struct sample *sample)
{
    struct snapshot *snap = end_after(sample, 0, 100, 2100, (unsigned[ACCOUNT_COLUMNS]){10, 0, 1800, 0, 0, 90});
    snap->done -= 3;
    snap->failed = 2;
    snap->poisoned = 1;
}

static inline void none_failed(struct sample *sample)
{
    snap_of(sample, 0)->failed = snap_of(sample, 0)->poisoned = 0;
}

static inline void hold_the_gil_to_the_end(struct sample *sample)
{
    sample_gil(sample);
    sample_end(sample);
    hold_it_less(sample);
    snap_of(sample, 1)->gil.held_ns = snap_of(sample, 1)->wall_ns * 97 / 100;
}

static inline void end_in_batches(struct sample *sample)
{
    end_after(sample, 0, 100, 300, (unsigned[ACCOUNT_COLUMNS]){10, 0, 200, 0, 90, 0})->executor.how = HOW_THREAD_BATCH;
}

static inline void hardly_wait_there(struct sample *sample)
{
    for (size_t slot = 0; slot < 10; slot++)
        sample->workers[0][slot].data.account_ns[ACCOUNT_BARRIER] = 20 * NS_PER_MS;
    sample_figures(sample);
}

static inline void end_at_the_server(struct sample *sample)
{
    end_after(sample, 0, 100, 210, (unsigned[ACCOUNT_COLUMNS]){20, 0, 180, 0, 0, 10});
}

static inline void end_on_cores(struct sample *sample)
{
    end_after(sample, 0, 100, 210, (unsigned[ACCOUNT_COLUMNS]){120, 0, 80, 0, 0, 10});
}

static inline void end_one_at_a_time(struct sample *sample)
{
    struct snapshot *snap = end_after(sample, 1, 1000, 4010, (unsigned[ACCOUNT_COLUMNS]){4000, 0, 10, 0, 0, 0});
    snap->slots = 1;
    snap->executor = (struct executor){.how = HOW_SEQUENTIAL, .width = 1};
    sample_figures(sample);
}

static inline void two_at_a_time(struct sample *sample)
{
    snap_of(sample, 1)->executor = (struct executor){.how = HOW_PROCESS_POOL, .width = 2};
}

static inline void end_with_turns(struct sample *sample)
{
    struct snapshot *snap = snap_of(sample, 1);
    snap->slots = snap->executor.width = 8;
    for (size_t slot = 4; slot < 8; slot++)
        sample->workers[1][slot] = sample->workers[1][0];
    snap->jobs = 8; /* twice as many as cores */
    end_after(sample, 1, 1000, 2010, (unsigned[ACCOUNT_COLUMNS]){1000, 1000, 10, 0, 0, 0});
}

static inline void end_unknown(struct sample *sample)
{
    sample->workers[1][3].data.ready_known = 0;
    sample_figures(sample);
}

static inline void end_crowded_out(struct sample *sample)
{
    end_after(sample, 1, 1000, 2050, (unsigned[ACCOUNT_COLUMNS]){1000, 400, 0, 0, 0, 0});
}

static inline void with_hardly_a_wait(struct sample *sample)
{
    end_after(sample, 1, 1000, 2050, (unsigned[ACCOUNT_COLUMNS]){1000, 200, 0, 0, 0, 0});
}

static inline void end_with_a_long_one(struct sample *sample)
{
    end_after(sample, 1, 100, 2050, (unsigned[ACCOUNT_COLUMNS]){600, 0, 0, 0, 0, 1400});
    sample->jobs[1][2].result.cpu_ns = 2 * NS_PER_S;
}

static inline void which_was_not_all(struct sample *sample)
{
    snap_of(sample, 1)->wall_ns = 2300 * NS_PER_MS;
}

static inline void end_idle(struct sample *sample)
{
    end_after(sample, 1, 1000, 2050, (unsigned[ACCOUNT_COLUMNS]){1000, 0, 0, 0, 0, 300});
}

static inline void end_busy(struct sample *sample)
{
    end_after(sample, 1, 1000, 2050, (unsigned[ACCOUNT_COLUMNS]){1000, 0, 0, 0, 0, 100});
}

static inline void nothing_was_measured(struct sample *sample)
{
    for (size_t job = 0; job < 4; job++)
        sample->jobs[1][job].result = (struct job_result){0};
}

#endif
