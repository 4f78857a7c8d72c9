/* test_board.c - job words, claims, results, slots under their sequence lock, event rings: with threads and with forked processes.
 *
 * The torn-copy tests write records whose words all follow from one number, so that a mixture of two records is noticed. They wait
 * until the writer is seen moving before they count, and print how far it moved; a reader that trusted one look fails them. With JUGGLER_KILLS
 * set (`make test-faults`) they read a million times as often as that says. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <inttypes.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/problem.h"
#include "board/layout.h"

static struct board *make_board(size_t jobs, size_t slots)
{
    struct problem problem = {.text = ""};
    struct board *board = board_new((struct board_size){.jobs = jobs, .slots = slots, .reserve = slots}, &problem);
    if (!board)
        fail_msg("%s", problem.text);
    return board;
}

/* --- words ---------------------------------------------------------------------------------------- */

static void words_survive_packing(void **state)
{
    (void)state;
    static const struct job_word words[] = {
        {JOB_QUEUED, 0, 0, 0}, {JOB_RUNNING, 3, 65535, UINT32_MAX}, {JOB_POISONED, 255, 1, 7}, {JOB_DONE, 1, 500, 90000}};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        struct job_word back = job_word_unpack(job_word_pack(words[i]));
        assert_int_equal(back.state, words[i].state);
        assert_int_equal(back.deaths, words[i].deaths);
        assert_int_equal(back.slot, words[i].slot);
        assert_int_equal(back.generation, words[i].generation);
    }
    assert_int_equal(job_word_unpack(UINT64_MAX).state, JOB_QUEUED); /* no such state */
}

static void jobs_are_claimed_in_order_and_once(void **state)
{
    (void)state;
    struct board *board = make_board(3, 2);
    size_t job, hint = 0;
    assert_true(board_claim(board, 0, 1, &job));
    assert_int_equal(job, 0);
    assert_true(board_claim(board, 1, 1, &job));
    assert_int_equal(job, 1);
    assert_int_equal(board_queued(board, 10), 1);
    assert_true(board_claim(board, 0, 1, &job));
    assert_false(board_claim(board, 0, 1, &job));
    struct job_result result = {.bytes = 7, .note = "why"};
    assert_false(board_finish(board, 1, 0, 1, JOB_DONE, &result)); /* slot 1 holds it */
    assert_false(board_finish(board, 1, 1, 2, JOB_DONE, &result)); /* an earlier worker of that slot */
    assert_true(board_finish(board, 1, 1, 1, JOB_FAILED, &result));
    assert_false(board_finish(board, 1, 1, 1, JOB_DONE, &result)); /* once */
    struct job_result back;
    board_result(board, 1, &back);
    assert_int_equal(back.bytes, 7);
    assert_string_equal(back.note, "why");
    assert_int_equal(board_job(board, 1).state, JOB_FAILED);
    assert_false(board_all_final(board, &hint));
    board_free(board);
}

static void a_released_job_is_taken_again(void **state)
{
    (void)state;
    struct board *board = make_board(3, 1);
    size_t job;
    for (int i = 0; i < 3; i++)
        assert_true(board_claim(board, 0, 1, &job));
    assert_true(board_release(board, 0, 0, 1));
    assert_false(board_release(board, 0, 0, 1));
    assert_true(board_claim(board, 0, 2, &job));
    assert_int_equal(job, 0);
    assert_int_equal(board_job(board, 0).deaths, 0);
    board_free(board);
}

static void the_third_death_poisons(void **state)
{
    (void)state;
    struct board *board = make_board(1, 1);
    struct job_result poisoned = {.note = "it kills"};
    size_t job, hint = 0;
    for (unsigned death = 1; death <= 3; death++) {
        assert_true(board_claim(board, 0, death, &job));
        enum job_state now = board_recover(board, 0, 3, &poisoned);
        assert_int_equal(now, death < 3 ? JOB_QUEUED : JOB_POISONED);
        assert_int_equal(board_job(board, 0).deaths, death);
    }
    assert_int_equal(board_recover(board, 0, 3, &poisoned), JOB_POISONED); /* nothing to recover any more */
    assert_true(board_all_final(board, &hint));
    struct job_result back;
    board_result(board, 0, &back);
    assert_string_equal(back.note, "it kills");
    board_free(board);
}

static void pause_and_step_and_stop_are_obeyed(void **state)
{
    (void)state;
    struct board *board = make_board(4, 1);
    size_t job;
    board_set_mode(board, BOARD_PAUSE);
    assert_false(board_claim(board, 0, 1, &job));
    board_set_mode(board, BOARD_STEP);
    assert_true(board_claim(board, 0, 1, &job));
    assert_int_equal(board_mode(board), BOARD_PAUSE);
    assert_false(board_claim(board, 0, 1, &job));
    board_set_mode(board, BOARD_RUN);
    for (int i = 0; i < 3; i++)
        assert_true(board_claim(board, 0, 1, &job));
    board_set_mode(board, BOARD_STEP);
    assert_false(board_claim(board, 0, 1, &job));
    assert_int_equal(board_mode(board), BOARD_STEP); /* nothing was there to start, so nothing was paused */
    board_set_mode(board, BOARD_STOP);
    board_set_mode(board, BOARD_RUN); /* too late */
    assert_int_equal(board_mode(board), BOARD_STOP);
    board_set_mode(board, BOARD_OVER);
    board_set_mode(board, BOARD_PAUSE);
    assert_int_equal(board_mode(board), BOARD_OVER);
    board_free(board);
}

static void sizes_out_of_range_are_refused_in_words(void **state)
{
    (void)state;
    struct problem problem = {.text = ""};
    assert_null(board_new((struct board_size){.jobs = BOARD_JOBS_MAX + 1, .slots = 1}, &problem));
    assert_non_null(strstr(problem.text, "1000001 jobs"));
    assert_null(board_new((struct board_size){.jobs = 1, .slots = 0}, &problem));
    assert_null(board_new((struct board_size){.jobs = 1, .slots = BOARD_WORKERS_MAX + 1}, &problem));
}

/* --- many claimers, and jobs that go back meanwhile ------------------------------------------------ */

enum { CLAIMERS = 4, CLAIM_JOBS = 20000 };

struct claimer {
    struct board *board;
    unsigned slot;
    size_t done, gave_back;
};

/* Every seventh claim is given back, as a dying worker's would be. */
static void *claim_until_empty(void *argument)
{
    struct claimer *claimer = argument;
    struct job_result result = {0};
    size_t job, hint = 0;
    for (size_t i = 0; !board_all_final(claimer->board, &hint); i++) {
        if (!board_claim(claimer->board, claimer->slot, 1, &job))
            continue;
        if (i % 7 == 0) {
            assert_true(board_release(claimer->board, job, claimer->slot, 1));
            claimer->gave_back++;
        } else {
            result.worker = claimer->slot;
            assert_true(board_finish(claimer->board, job, claimer->slot, 1, JOB_DONE, &result));
            claimer->done++;
        }
    }
    return NULL;
}

static void every_job_is_done_once_by_threads(void **state)
{
    (void)state;
    struct board *board = make_board(CLAIM_JOBS, CLAIMERS);
    struct claimer claimers[CLAIMERS];
    pthread_t threads[CLAIMERS];
    size_t done = 0, gave_back = 0;
    for (unsigned i = 0; i < CLAIMERS; i++) {
        claimers[i] = (struct claimer){.board = board, .slot = i};
        assert_int_equal(pthread_create(&threads[i], NULL, claim_until_empty, &claimers[i]), 0);
    }
    for (unsigned i = 0; i < CLAIMERS; i++) {
        pthread_join(threads[i], NULL);
        done += claimers[i].done;
        gave_back += claimers[i].gave_back;
    }
    assert_int_equal(done, CLAIM_JOBS);
    assert_true(gave_back > 0);
    board_free(board);
}

static void every_job_is_done_once_by_processes(void **state)
{
    (void)state;
    struct board *board = make_board(CLAIM_JOBS, CLAIMERS);
    pid_t pids[CLAIMERS];
    size_t hint = 0;
    for (unsigned i = 0; i < CLAIMERS; i++) {
        pids[i] = fork();
        if (pids[i] == 0) {
            struct claimer claimer = {.board = board, .slot = i};
            claim_until_empty(&claimer);
            _exit(0);
        }
    }
    for (unsigned i = 0; i < CLAIMERS; i++) {
        int status;
        assert_int_equal(waitpid(pids[i], &status, 0), pids[i]);
        assert_int_equal(status, 0);
    }
    assert_true(board_all_final(board, &hint));
    board_free(board);
}

/* --- torn copies ---------------------------------------------------------------------------------- */

static struct slot_data record_of(uint64_t number)
{
    uint64_t words[SLOT_WORDS];
    for (size_t i = 0; i < SLOT_WORDS; i++)
        words[i] = number * 1000003 + i;
    struct slot_data data;
    memcpy(&data, words, sizeof data);
    return data;
}

static bool record_is_whole(const struct slot_data *data)
{
    uint64_t words[SLOT_WORDS];
    memcpy(words, data, sizeof words);
    for (size_t i = 0; i < SLOT_WORDS; i++)
        if (words[i] != words[0] + i)
            return false;
    return true;
}

struct writer {
    struct board *board;
    _Atomic bool *stop;
    unsigned rest; /* so many empty turns after each record */
};

static void *write_on(void *argument)
{
    struct writer *writer = argument;
    for (uint64_t i = 1; !atomic_load_explicit(writer->stop, memory_order_relaxed); i++) {
        struct slot_data data = record_of(i);
        board_slot_write(writer->board, 0, &data);
        for (unsigned turn = 0; turn < writer->rest && !atomic_load_explicit(writer->stop, memory_order_relaxed); turn++)
            continue;
    }
    return NULL;
}

enum { COPIES = 400000, COPIES_A_KILL = 1000000, MOVES = 500, MOVES_ON_ONE_CORE = 40, MOVES_WITHIN_S = 60 };

/* Where both have one core, a writer that did nothing but write would lose it in the midst of a record nearly every time, and no copy were steady. */
enum { REST_ON_ONE_CORE = 300 };

/* `make test-faults` asks for a million copies a kill, from each of four writers. */
static uint64_t copies_wanted(void)
{
    const char *kills = getenv("JUGGLER_KILLS");
    return kills ? COPIES_A_KILL * strtoull(kills, NULL, 10) : COPIES;
}

static void wait_for_a_moving_record(struct board *board)
{
    struct slot_data data, first;
    while (!board_slot_read(board, 0, &first) || first.phase == 0)
        sched_yield(); /* until the writer has begun */
    do
        while (!board_slot_read(board, 0, &data))
            sched_yield();
    while (data.phase == first.phase); /* and is seen moving */
}

/* Where the two share a core the record changes only from time slice to time slice; and a reader that finds it half written lets the writer go on. */
static void copy_and_check(struct board *board, uint64_t moves, const char *whose)
{
    struct slot_data data;
    uint64_t reads, steady = 0, torn = 0, moved = 0, last = 0, begin_ns = clock_now_ns(), wanted = copies_wanted();
    wait_for_a_moving_record(board);
    for (reads = 0; reads < wanted || (moved < moves && clock_now_ns() - begin_ns < MOVES_WITHIN_S * NS_PER_S); reads++) {
        if (!board_slot_read(board, 0, &data)) {
            sched_yield();
            continue;
        }
        steady++;
        torn += !record_is_whole(&data);
        moved += data.phase != last;
        last = data.phase;
    }
    print_message("figure: %s: %" PRIu64 " reads in %.1f s, %" PRIu64 " of them steady, %" PRIu64
                  " torn, the record changed %" PRIu64 " times between them\n",
                  whose, reads, (double)(clock_now_ns() - begin_ns) / 1e9, steady, torn, moved);
    assert_int_equal(torn, 0);
    assert_true(moved >= moves);
}

static void copy_from_a_thread(unsigned rest, uint64_t moves, const char *whose)
{
    _Atomic bool stop = false;
    struct writer writer = {.board = make_board(1, 1), .stop = &stop, .rest = rest};
    pthread_t thread;
    assert_int_equal(pthread_create(&thread, NULL, write_on, &writer), 0);
    copy_and_check(writer.board, moves, whose);
    atomic_store_explicit(&stop, true, memory_order_relaxed);
    pthread_join(thread, NULL);
    board_free(writer.board);
}

static void copy_from_a_process(unsigned rest, uint64_t moves, const char *whose)
{
    struct board *board = make_board(1, 1);
    pid_t pid = fork();
    if (pid == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL); /* also when the test fails */
        _Atomic bool never = false;
        write_on(&(struct writer){.board = board, .stop = &never, .rest = rest});
    }
    copy_and_check(board, moves, whose);
    kill(pid, SIGKILL);
    waitpid(pid, NULL, 0);
    board_free(board);
}

static void no_copy_is_torn_by_a_thread(void **state)
{
    (void)state;
    copy_from_a_thread(0, MOVES, "a thread");
}

static void no_copy_is_torn_by_a_process(void **state)
{
    (void)state;
    copy_from_a_process(0, MOVES, "a process");
}

/* On the first core that may be used. *before is for going back. */
static bool keep_to_one_core(cpu_set_t *before)
{
    cpu_set_t one;
    size_t core = 0;
    if (sched_getaffinity(0, sizeof *before, before) != 0)
        return false;
    while (core < CPU_SETSIZE - 1 && !CPU_ISSET(core, before))
        core++;
    CPU_ZERO(&one);
    CPU_SET(core, &one);
    return sched_setaffinity(0, sizeof one, &one) == 0;
}

static void no_copy_is_torn_on_one_core(void **state)
{
    (void)state;
    cpu_set_t before;
    if (!keep_to_one_core(&before))
        skip();
    copy_from_a_thread(REST_ON_ONE_CORE, MOVES_ON_ONE_CORE, "a thread on the same core");
    copy_from_a_process(REST_ON_ONE_CORE, MOVES_ON_ONE_CORE, "a process on the same core");
    assert_int_equal(sched_setaffinity(0, sizeof before, &before), 0);
}

static void a_record_left_half_written_is_given_up(void **state)
{
    (void)state;
    struct board *board = make_board(1, 1);
    struct slot_data data = record_of(5), copy = record_of(9);
    board_slot_write(board, 0, &data);
    board_slot_tear(board, 0);
    assert_false(board_slot_read(board, 0, &copy));
    assert_int_equal(copy.phase, record_of(9).phase); /* the last good copy is untouched */
    board_slot_salvage(board, 0, &copy);
    assert_true(record_is_whole(&copy));
    board_slot_write(board, 0, &data); /* the next writer puts it right */
    assert_true(board_slot_read(board, 0, &copy));
    board_free(board);
}

static void a_worker_cannot_write_into_another_slot(void **state)
{
    (void)state;
    struct board *board = make_board(1, 3);
    struct slot_data data = record_of(1);
    int status;
    pid_t pid = fork();
    if (pid == 0) {
        signal(SIGSEGV, SIG_DFL);
        board_protect(board, 1);
        board_slot_write(board, 1, &data); /* its own */
        board_slot_write(board, 2, &data);
        _exit(0);
    }
    waitpid(pid, &status, 0);
    assert_false(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    assert_true(board_slot_read(board, 1, &data));
    assert_true(record_is_whole(&data));
    board_free(board);
}

static void signs_of_life_are_counted_and_silence_is_told(void **state)
{
    (void)state;
    struct board *board = make_board(1, 2);
    struct slot_data data = record_of(1);
    uint64_t before = board_signs(board, 1);
    board_beat(board, 1);
    uint64_t after = board_signs(board, 1);
    assert_true(after != before);
    board_slot_write(board, 1, &data);
    assert_true(board_signs(board, 1) != after);
    assert_int_equal(board_signs(board, 0), 0);
    board_set_silent(board, 1, 77);
    assert_int_equal(board_silent_since(board, 1), 77);
    assert_int_equal(board_silent_since(board, 0), 0);
    assert_true(board_slot_read(board, 1, &data));
    assert_true(record_is_whole(&data));
    board_free(board);
}

/* --- events --------------------------------------------------------------------------------------- */

static void events_come_out_in_order_and_losses_are_counted(void **state)
{
    (void)state;
    struct board *board = make_board(1, 1);
    struct board_event events[1000];
    uint64_t cursor = 0, lost = 0;
    for (uint64_t i = 0; i < 100; i++)
        board_event_push(board, 0, (struct board_event){.time_ns = i, .job = (uint32_t)i, .phase = 3});
    assert_int_equal(board_event_drain(board, 0, &cursor, events, 60, &lost), 60);
    assert_int_equal(board_event_drain(board, 0, &cursor, events, 1000, &lost), 40);
    assert_int_equal(events[39].time_ns, 99);
    assert_int_equal(events[39].job, 99);
    assert_int_equal(events[39].phase, 3);
    assert_int_equal(lost, 0);
    size_t many = board_event_capacity() * 3;
    for (size_t i = 0; i < many; i++)
        board_event_push(board, 0, (struct board_event){.time_ns = i});
    size_t got = board_event_drain(board, 0, &cursor, events, 1000, &lost);
    assert_int_equal(got + lost, many);
    assert_true(got >= board_event_capacity() - 1);
    assert_int_equal(events[got - 1].time_ns, many - 1);
    board_free(board);
}

enum { RACING_EVENTS = 300000 };

static void *push_on(void *argument)
{
    struct board *board = argument;
    for (uint64_t i = 1; i <= RACING_EVENTS; i++)
        board_event_push(board, 0, (struct board_event){.time_ns = i, .job = (uint32_t)i, .phase = (uint32_t)(i % 7)});
    return NULL;
}

static void racing_events_are_whole_or_counted_as_lost(void **state)
{
    (void)state;
    struct board *board = make_board(1, 1);
    struct board_event events[256];
    uint64_t cursor = 0, lost = 0, last = 0;
    size_t seen = 0;
    pthread_t thread;
    assert_int_equal(pthread_create(&thread, NULL, push_on, board), 0);
    while (seen + lost < RACING_EVENTS) {
        size_t got = board_event_drain(board, 0, &cursor, events, 256, &lost);
        for (size_t i = 0; i < got; i++) {
            assert_true(events[i].time_ns > last);
            assert_int_equal(events[i].job, (uint32_t)events[i].time_ns);
            assert_int_equal(events[i].phase, events[i].time_ns % 7);
            last = events[i].time_ns;
        }
        seen += got;
    }
    pthread_join(thread, NULL);
    assert_int_equal(seen + lost, RACING_EVENTS);
    print_message("%zu events seen, %llu lost\n", seen, (unsigned long long)lost);
    board_free(board);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_survive_packing),
        cmocka_unit_test(jobs_are_claimed_in_order_and_once),
        cmocka_unit_test(a_released_job_is_taken_again),
        cmocka_unit_test(the_third_death_poisons),
        cmocka_unit_test(pause_and_step_and_stop_are_obeyed),
        cmocka_unit_test(sizes_out_of_range_are_refused_in_words),
        cmocka_unit_test(every_job_is_done_once_by_threads),
        cmocka_unit_test(every_job_is_done_once_by_processes),
        cmocka_unit_test(no_copy_is_torn_by_a_thread),
        cmocka_unit_test(no_copy_is_torn_by_a_process),
        cmocka_unit_test(no_copy_is_torn_on_one_core),
        cmocka_unit_test(a_record_left_half_written_is_given_up),
        cmocka_unit_test(a_worker_cannot_write_into_another_slot),
        cmocka_unit_test(signs_of_life_are_counted_and_silence_is_told),
        cmocka_unit_test(events_come_out_in_order_and_losses_are_counted),
        cmocka_unit_test(racing_events_are_whole_or_counted_as_lost),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
