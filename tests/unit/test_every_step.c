/* test_every_step.c - a worker is killed after every single instruction of taking, telling of and ending a job: whatever it had done by
 * then, one compare-and-swap by whoever reaps it makes the board right again.
 *
 * A child does one job on a board of three, one instruction at a time (ptrace), and is killed after the n-th; n goes from the first instruction to the
 * last, in the short form in strides from a chosen start. What the runner does then is done to the board, and another worker does what is left. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/problem.h"
#include "board/layout.h"

enum { JOBS = 3, DEATHS_MAX = 3, STRIDE = 7, VICTIM = 0, OTHER = 1, STEPS_MAX = 200000 };

/* All its words follow from the job's number, so a mixture is noticed. */
static struct job_result result_of(size_t job, unsigned slot)
{
    return (struct job_result){
        .attempts = 1, .bytes = job * 7 + 1, .worker = slot, .digits = job * 11 + 2, .end_ns = job + 5};
}

static bool do_one_job(struct board *board, unsigned slot)
{
    size_t job;
    struct slot_data data = {.born_ns = 1, .generation = 1, .phase = PHASE_COMPUTING};
    if (!board_claim(board, slot, 1, &job))
        return false;
    board_beat(board, slot);
    data.job = job + 1;
    board_slot_write(board, slot, &data);
    board_event_push(board, slot,
                     (struct board_event){.time_ns = job + 1, .job = (uint32_t)job + 1, .phase = PHASE_COMPUTING});
    struct job_result result = result_of(job, slot);
    return board_finish(board, job, slot, 1, JOB_DONE, &result);
}

static _Noreturn void be_stepped(struct board *board)
{
    if (ptrace(PTRACE_TRACEME, 0, NULL, NULL) != 0)
        _exit(77);
    raise(SIGSTOP);
    do_one_job(board, VICTIM);
    _exit(0);
}

/* Steps it so far, then kills it. False: it was at its end before. *traced: false, this machine does not let it be. */
static bool kill_after(struct board *board, size_t steps, bool *traced)
{
    int status;
    pid_t pid = fork();
    if (pid == 0)
        be_stepped(board);
    *traced = waitpid(pid, &status, 0) == pid && WIFSTOPPED(status);
    bool alive = *traced;
    for (size_t i = 0; i < steps && alive; i++)
        alive = ptrace(PTRACE_SINGLESTEP, pid, NULL, NULL) == 0 && waitpid(pid, &status, 0) == pid && WIFSTOPPED(status);
    if (!alive)
        return false;
    kill(pid, SIGKILL);
    waitpid(pid, &status, 0);
    return true;
}

/* What the runner does when it has reaped a worker. Returns how many jobs it found in its hands. */
static size_t recover(struct board *board)
{
    size_t found = 0;
    const struct job_result poisoned = {.attempts = 0};
    for (size_t job = 0; job < JOBS; job++) {
        struct job_word word = board_job(board, job);
        if (word.state != JOB_RUNNING)
            continue;
        found++;
        assert_int_equal(word.slot, VICTIM);
        assert_int_equal(board_recover(board, job, DEATHS_MAX, &poisoned), JOB_QUEUED);
    }
    return found;
}

static void assert_right(struct board *board, size_t charged, size_t step)
{
    size_t hint = 0, deaths = 0;
    if (!board_all_final(board, &hint))
        fail_msg("killed after step %zu: job %zu is not final", step, hint);
    for (size_t job = 0; job < JOBS; job++) {
        struct job_word word = board_job(board, job);
        struct job_result result, expected = result_of(job, word.slot);
        board_result(board, job, &result);
        assert_int_equal(word.state, JOB_DONE);
        assert_memory_equal(&result, &expected, sizeof result);
        deaths += word.deaths;
    }
    assert_int_equal(deaths, charged);
}

/* The seat is used again, whatever the dead one left half-written there. */
static void assert_seat_is_good(struct board *board)
{
    struct slot_data data = {.born_ns = 1, .generation = 2}, copy;
    board_slot_write(board, VICTIM, &data);
    assert_true(board_slot_read(board, VICTIM, &copy));
    assert_int_equal(copy.generation, 2);
}

static bool one_death(size_t step, bool *traced)
{
    struct problem problem = {.text = ""};
    struct board *board = board_new((struct board_size){.jobs = JOBS, .slots = 2, .reserve = 2}, &problem);
    assert_non_null(board);
    bool killed = kill_after(board, step, traced);
    if (*traced) {
        size_t charged = recover(board);
        assert_true(charged <= 1);
        while (do_one_job(board, OTHER))
            continue;
        assert_right(board, charged, step);
        assert_seat_is_good(board);
    }
    board_free(board);
    return killed;
}

static void a_death_after_any_instruction_loses_nothing(void **state)
{
    (void)state;
    const char *san = getenv("JUGGLER_SAN");
    if (san && *san)
        skip(); /* of a hundred times as many instructions most are the sanitizer's */
    size_t stride = getenv("JUGGLER_KILLS") ? 1 : STRIDE, step = (size_t)(clock_now_ns() % stride), deaths = 0;
    print_message("seed %zu\n", step);
    bool traced = true;
    for (; step < STEPS_MAX && one_death(step, &traced); step += stride)
        deaths++;
    if (!traced)
        skip(); /* not every machine lets one trace one's own children */
    print_message("figure: killed after %zu of about %zu instructions\n", deaths, step);
    assert_true(deaths > 20 && step < STEPS_MAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_death_after_any_instruction_loses_nothing)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
