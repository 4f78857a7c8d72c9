/* test_look.c - a snapshot copies what has changed and sums up as jobs end; here it is held, step by step, against a count of everything.
 *
 * The run is made up: a board that the test itself moves about, with no runner behind it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/problem.h"
#include "board/layout.h"
#include "engine/run_private.h"

enum { JOBS = 40, SLOTS = 6, STEPS = 4000, DEATHS = 2 };

static const struct job_kind kind = {.work = WORK_DOWNLOAD, .name = "made-up"};

/* A run without a runner, and what its test knows of it. */
struct made {
    struct job_set set;
    struct run run;
    uint64_t words[JOBS], seen[SLOTS], cursors[SLOTS];
    struct job_snapshot results[JOBS];
    struct worker_snapshot workers[SLOTS];
    uint64_t random;
};

static int make(void **state)
{
    struct made *made = calloc(1, sizeof *made);
    struct problem problem = {.text = ""};
    if (!made)
        return -1;
    made->set = (struct job_set){.kind = &kind, .count = JOBS};
    struct board *board = board_new((struct board_size){.jobs = JOBS, .slots = SLOTS, .reserve = SLOTS}, &problem);
    made->run = (struct run){.crew = {.board = board, .set = &made->set},
                             .runner = getpid(), /* somebody: its workers count as alive */
                             .slots = SLOTS,
                             .workers = made->workers,
                             .results = made->results,
                             .words = made->words,
                             .slot_seen = made->seen,
                             .event_cursors = made->cursors,
                             .weight = JOBS,
                             .tally.in_state[JOB_QUEUED] = JOBS};
    made->random = 20240607;
    *state = made;
    return board ? 0 : -1;
}

static int unmake(void **state)
{
    struct made *made = *state;
    board_free(made->run.crew.board);
    free(made);
    return 0;
}

static uint64_t chance(struct made *made, uint64_t below)
{
    made->random = made->random * 6364136223846793005u + 1442695040888963407u;
    return (made->random >> 33) % below;
}

/* Something happens to a job. */
static void take_step(struct made *made)
{
    struct board *board = made->run.crew.board;
    const struct job_result poisoned = {.bytes = 3, .note = "poisoned"};
    size_t job = chance(made, JOBS);
    struct job_word word = board_job(board, job);
    struct job_result result = {
        .bytes = 1 + chance(made, 1000), .attempts = 1 + chance(made, 3), .flags = chance(made, 2) ? JOB_FLAG_KEPT : 0};
    if (word.state != JOB_RUNNING) {
        if (board_claim(board, (unsigned)chance(made, SLOTS), 1, &job) && chance(made, 4))
            board_mark_start(board, job, 1 + chance(made, 1000));
        return;
    }
    switch (chance(made, 12)) {
    case 0: board_finish(board, job, word.slot, word.generation, JOB_DONE, &result); break;
    case 1: board_finish(board, job, word.slot, word.generation, JOB_FAILED, &result); break;
    case 2: board_recover(board, job, DEATHS, &poisoned); break;
    case 3:
    case 4: board_mark_start(board, job, 1 + chance(made, 1000)); break;
    default: board_release(board, job, word.slot, word.generation); break;
    }
}

static void count_job(const struct made *made, size_t job, struct snapshot *out)
{
    struct job_word word = board_job(made->run.crew.board, job);
    struct job_result result;
    board_result(made->run.crew.board, job, &result);
    out->queued += word.state == JOB_QUEUED;
    out->running += word.state == JOB_RUNNING;
    out->done += word.state == JOB_DONE;
    out->failed += word.state == JOB_FAILED;
    out->poisoned += word.state == JOB_POISONED;
    assert_int_equal(made->results[job].word.state, word.state);
    if (word.state == JOB_RUNNING)
        assert_int_equal(made->results[job].result.start_ns, result.start_ns);
    if (!job_state_is_final(word.state))
        return;
    out->kept += word.state == JOB_DONE && (result.flags & JOB_FLAG_KEPT);
    out->attempts += word.deaths + (word.state == JOB_POISONED ? 0 : result.attempts);
    out->bytes += result.bytes;
}

static void what_is_summed_up_is_what_there_is(void **state)
{
    struct made *made = *state;
    struct snapshot snap, all;
    for (size_t step = 0; step < STEPS; step++) {
        take_step(made);
        if (chance(made, 3))
            continue; /* several steps between two looks */
        run_snapshot(&made->run, &snap);
        all = (struct snapshot){0};
        for (size_t job = 0; job < JOBS; job++)
            count_job(made, job, &all);
        assert_int_equal(snap.queued, all.queued);
        assert_int_equal(snap.running, all.running);
        assert_int_equal(snap.done, all.done);
        assert_int_equal(snap.failed, all.failed);
        assert_int_equal(snap.poisoned, all.poisoned);
        assert_int_equal(snap.kept, all.kept);
        assert_int_equal(snap.attempts, all.attempts);
        assert_int_equal(snap.bytes, all.bytes);
    }
    assert_true(snap.done > 0 && snap.failed > 0 && snap.poisoned > 0); /* all of it has happened */
}

/* Whatever a dying worker scribbles afterwards. */
static void what_is_final_stays(void **state)
{
    struct made *made = *state;
    struct board *board = made->run.crew.board;
    struct snapshot snap;
    size_t job;
    assert_true(board_claim(board, 2, 1, &job));
    assert_true(board_finish(board, job, 2, 1, JOB_DONE, &(struct job_result){.bytes = 55, .attempts = 1}));
    run_snapshot(&made->run, &snap);
    assert_int_equal(snap.done, 1);
    atomic_store(board_word_at(board, job), job_word_pack((struct job_word){.state = JOB_FAILED}));
    atomic_store(&board_result_at(board, job)[offsetof(struct job_result, bytes) / sizeof(uint64_t)], 99);
    for (int i = 0; i < 2; i++)
        run_snapshot(&made->run, &snap);
    assert_int_equal(snap.done, 1);
    assert_int_equal(snap.failed, 0);
    assert_int_equal(snap.bytes, 55);
    assert_int_equal(made->results[job].word.state, JOB_DONE);
    assert_int_equal(made->results[job].result.bytes, 55);
}

static void a_slot_is_in_range_and_stale_when_torn(void **state)
{
    struct made *made = *state;
    struct board *board = made->run.crew.board;
    struct snapshot snap;
    board_slot_write(board, 3, &(struct slot_data){.born_ns = 1, .pid = 9, .phase = 4711, .job = JOBS + 1, .bytes = 5});
    run_snapshot(&made->run, &snap);
    assert_true(made->workers[3].used && made->workers[3].alive && !made->workers[3].stale);
    assert_int_equal(made->workers[3].data.phase, PHASE_NONE);
    assert_int_equal(made->workers[3].data.job, 0);
    assert_int_equal(snap.alive, 1);
    assert_int_equal(snap.wire_bytes, 5);
    board_slot_tear(board, 3);
    run_snapshot(&made->run, &snap);
    assert_true(made->workers[3].stale);
    assert_int_equal(made->workers[3].data.pid, 9); /* the last good copy */
    board_slot_write(board, 3, &(struct slot_data){.born_ns = 1, .exit = WORKER_EXIT_FINISHED});
    run_snapshot(&made->run, &snap);
    assert_false(made->workers[3].stale);
    assert_int_equal(snap.alive, 0);
}

#define CASE(function) cmocka_unit_test_setup_teardown(function, make, unmake)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(what_is_summed_up_is_what_there_is),
        CASE(what_is_final_stays),
        CASE(a_slot_is_in_range_and_stale_when_torn),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
