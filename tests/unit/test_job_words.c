/* test_job_words.c - job words at their edges: wild ones, deaths without end, holders that are none, and the words for people. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <string.h>

#include "base/problem.h"
#include "board/layout.h"

static struct board *make_board(size_t jobs, size_t slots)
{
    struct problem problem = {.text = ""};
    struct board *board = board_new((struct board_size){.jobs = jobs, .slots = slots, .reserve = 1}, &problem);
    if (!board)
        fail_msg("%s", problem.text);
    return board;
}

static void set_word(struct board *board, size_t job, struct job_word word)
{
    atomic_store(board_word_at(board, job), job_word_pack(word));
}

/* Whatever stands in a word: it is a state, and packing it again loses nothing but what was no state. */
static void any_word_is_read_as_something(void **state)
{
    (void)state;
    for (uint64_t low = 0; low < 0x10000; low++) {
        struct job_word word = job_word_unpack(low << 32 | low);
        assert_in_range(word.state, 0, JOB_STATE_COUNT - 1);
        uint64_t again = job_word_pack(word);
        assert_true((again & ~UINT64_C(0xff)) == ((low << 32 | low) & ~UINT64_C(0xff)));
        assert_true((low & 0xff) >= JOB_STATE_COUNT || again == (low << 32 | low));
    }
}

static void words_for_people_know_what_they_do_not_know(void **state)
{
    (void)state;
    assert_string_equal(job_state_word(JOB_POISONED), "poisoned");
    assert_string_equal(job_state_word((enum job_state)JOB_STATE_COUNT), "?");
    assert_string_equal(worker_kind_word(WORKER_TRANSFER), "transfer");
    assert_string_equal(worker_kind_word((enum worker_kind)WORKER_KIND_COUNT), "?");
    assert_int_equal(worker_kind_letter(WORKER_PROCESS), 'p');
    assert_int_equal(worker_kind_letter((enum worker_kind)WORKER_KIND_COUNT), '?');
    assert_string_equal(worker_exit_word(WORKER_EXIT_KILLED), "killed");
    assert_string_equal(worker_exit_word((enum worker_exit)(WORKER_EXIT_KILLED + 1)), "?");
    assert_true(job_state_is_final(JOB_DONE) && job_state_is_final(JOB_FAILED) && job_state_is_final(JOB_POISONED));
    assert_false(job_state_is_final(JOB_QUEUED) || job_state_is_final(JOB_RUNNING));
}

/* The count of deaths has eight bits and stays at their end: it must not begin again at none. */
static void deaths_are_not_counted_round(void **state)
{
    (void)state;
    struct board *board = make_board(1, 1);
    const struct job_result poisoned = {.note = "it kills"};
    set_word(board, 0, (struct job_word){.state = JOB_RUNNING, .deaths = 255, .slot = 0, .generation = 9});
    assert_int_equal(board_recover(board, 0, 1000, &poisoned), JOB_QUEUED);
    assert_int_equal(board_job(board, 0).deaths, 255);
    set_word(board, 0, (struct job_word){.state = JOB_RUNNING, .deaths = 255, .slot = 3, .generation = 9});
    assert_int_equal(board_recover(board, 0, 3, &poisoned), JOB_POISONED);
    assert_int_equal(board_job(board, 0).slot, 3); /* who had it last */
    assert_int_equal(board_job(board, 0).generation, 9);
    board_free(board);
}

static void only_its_holder_ends_or_releases_a_job(void **state)
{
    (void)state;
    struct board *board = make_board(2, 2);
    const struct job_result result = {.bytes = 1};
    const struct job_word held = {.state = JOB_RUNNING, .deaths = 1, .slot = 1, .generation = 4};
    set_word(board, 0, held);
    assert_false(board_finish(board, 0, 0, 4, JOB_DONE, &result));
    assert_false(board_finish(board, 0, 1, 3, JOB_DONE, &result));
    assert_false(board_release(board, 0, 0, 4));
    assert_false(board_release(board, 0, 1, 3));
    assert_int_equal(board_job(board, 0).state, JOB_RUNNING);
    assert_false(board_finish(board, 1, 1, 4, JOB_DONE, &result)); /* a queued one has none */
    assert_false(board_release(board, 1, 1, 4));
    assert_int_equal(board_recover(board, 1, 3, &result), JOB_QUEUED);
    assert_int_equal(board_job(board, 1).deaths, 0);
    assert_true(board_release(board, 0, 1, 4));
    assert_int_equal(board_job(board, 0).deaths, 1); /* what it cost so far stays with it */
    board_free(board);
}

/* A job starts once: who takes it up after a death does not move that moment. */
static void a_start_stands(void **state)
{
    (void)state;
    struct board *board = make_board(1, 1);
    struct job_result result;
    assert_true(board_mark_start(board, 0, 111) == 111);
    assert_true(board_mark_start(board, 0, 222) == 111);
    board_result(board, 0, &result);
    assert_true(result.start_ns == 111);
    board_free(board);
}

/* A worker may have written a note without an end. */
static void a_note_always_ends(void **state)
{
    (void)state;
    struct board *board = make_board(1, 1);
    struct job_result result;
    for (size_t i = 0; i < RESULT_WORDS; i++)
        atomic_store(&board_result_at(board, 0)[i], UINT64_MAX);
    board_result(board, 0, &result);
    assert_int_equal(strnlen(result.note, sizeof result.note), sizeof result.note - 1);
    board_free(board);
}

static void nobody_claims_from_a_board_in_no_known_mode(void **state)
{
    (void)state;
    struct board *board = make_board(1, 1);
    size_t job;
    atomic_store(&board->mode, 77);
    assert_int_equal(board_mode(board), BOARD_STOP);
    assert_false(board_claim(board, 0, 1, &job));
    atomic_store(&board->cursor, 5); /* beyond its jobs */
    atomic_store(&board->mode, BOARD_RUN);
    assert_false(board_claim(board, 0, 1, &job));
    assert_int_equal(board_queued(board, 10), 0);
    board_free(board);
}

/* The user's kill: one at a time, pinned to the worker that sat there when it was asked for. */
static void a_kill_is_asked_for_once(void **state)
{
    (void)state;
    struct board *board = make_board(1, 8);
    unsigned slot = 99;
    uint32_t generation = 99;
    assert_false(board_take_kill(board, &slot, &generation));
    assert_true(board_ask_kill(board, 7, 3));
    assert_false(board_ask_kill(board, 2, 1)); /* the first has not been heard yet */
    assert_true(board_take_kill(board, &slot, &generation));
    assert_int_equal(slot, 7);
    assert_int_equal(generation, 3);
    assert_false(board_take_kill(board, &slot, &generation));
    board_free(board);
}

static void seats_beyond_the_board_are_not_to_be_had(void **state)
{
    (void)state;
    struct board *board = make_board(1, 2);
    assert_int_equal(board_slots(board), 2);
    assert_int_equal(board_jobs(board), 1);
    assert_int_equal(board_reserve(board, 2), 0);
    assert_int_equal(board_reserve(board, 3), EINVAL);
    assert_null(board_new((struct board_size){.jobs = 1, .slots = 1, .reserve = 2}, NULL));
    board_free(board);
    board_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(any_word_is_read_as_something),
        cmocka_unit_test(words_for_people_know_what_they_do_not_know),
        cmocka_unit_test(deaths_are_not_counted_round),
        cmocka_unit_test(only_its_holder_ends_or_releases_a_job),
        cmocka_unit_test(a_start_stands),
        cmocka_unit_test(a_note_always_ends),
        cmocka_unit_test(nobody_claims_from_a_board_in_no_known_mode),
        cmocka_unit_test(a_kill_is_asked_for_once),
        cmocka_unit_test(seats_beyond_the_board_are_not_to_be_had),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
