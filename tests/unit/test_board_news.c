/* test_board_news.c - what a reader that comes again and again is told: which slots and jobs have changed, and when a ring wants to be emptied. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>

#include "base/problem.h"
#include "juggler/board.h"

static struct board *make_board(size_t jobs, size_t slots)
{
    struct problem problem = {.text = ""};
    struct board *board = board_new((struct board_size){.jobs = jobs, .slots = slots, .reserve = slots}, &problem);
    if (!board)
        fail_msg("%s", problem.text);
    return board;
}

/* --- slots ---------------------------------------------------------------------------------------- */

static void a_slot_is_copied_when_it_was_written(void **state)
{
    (void)state;
    struct board *board = make_board(1, 2);
    struct slot_data data = {.pid = 7}, copy = {.pid = 99};
    uint64_t seen = 0;
    assert_int_equal(board_slot_read_new(board, 1, &seen, &copy), BOARD_UNCHANGED); /* nobody has ever written it */
    assert_int_equal(copy.pid, 99);
    board_slot_write(board, 1, &data);
    assert_int_equal(board_slot_read_new(board, 1, &seen, &copy), BOARD_NEW);
    assert_int_equal(copy.pid, 7);
    copy.pid = 99;
    assert_int_equal(board_slot_read_new(board, 1, &seen, &copy), BOARD_UNCHANGED);
    assert_int_equal(copy.pid, 99);
    board_slot_write(board, 1, &data); /* the same again is news, too */
    assert_int_equal(board_slot_read_new(board, 1, &seen, &copy), BOARD_NEW);
    assert_int_equal(copy.pid, 7);
    board_free(board);
}

/* A writer that died half-way: unsteady at every look, until somebody else has written it. */
static void a_torn_slot_is_no_news(void **state)
{
    (void)state;
    struct board *board = make_board(1, 1);
    struct slot_data data = {.pid = 7}, copy = {0};
    uint64_t seen = 0;
    board_slot_write(board, 0, &data);
    assert_int_equal(board_slot_read_new(board, 0, &seen, &copy), BOARD_NEW);
    board_slot_tear(board, 0);
    copy.pid = 99;
    for (int i = 0; i < 2; i++)
        assert_int_equal(board_slot_read_new(board, 0, &seen, &copy), BOARD_UNSTEADY);
    assert_int_equal(copy.pid, 99);
    board_slot_write(board, 0, &data);
    assert_int_equal(board_slot_read_new(board, 0, &seen, &copy), BOARD_NEW);
    assert_int_equal(copy.pid, 7);
    board_free(board);
}

/* --- jobs ----------------------------------------------------------------------------------------- */

static void jobs_that_have_moved_are_found(void **state)
{
    (void)state;
    struct board *board = make_board(5, 1);
    uint64_t seen[5] = {0}, word; /* a word of zeros is that of a queued job */
    size_t job;
    assert_int_equal(board_job_changed(board, 0, seen, &word), 5);
    assert_true(board_claim(board, 0, 1, &job));
    assert_true(board_claim(board, 0, 1, &job));
    assert_int_equal(board_job_changed(board, 0, seen, &word), 0);
    assert_int_equal(board_job_changed(board, 1, seen, &word), 1);
    assert_int_equal(job_word_unpack(word).state, JOB_RUNNING);
    seen[1] = word;
    assert_int_equal(board_job_changed(board, 1, seen, &word), 5);
    assert_true(board_release(board, 1, 0, 1));
    assert_int_equal(board_job_changed(board, 1, seen, &word), 1);
    assert_int_equal(job_word_unpack(word).state, JOB_QUEUED);
    assert_int_equal(board_job_changed(board, 5, seen, &word), 5);
    board_free(board);
}

/* --- rings ---------------------------------------------------------------------------------------- */

static size_t bells_of(struct board *board, size_t events)
{
    size_t bells = 0;
    for (size_t i = 0; i < events; i++)
        bells += board_event_push(board, 0, (struct board_event){.time_ns = i});
    return bells;
}

static void half_a_ring_rings(void **state)
{
    (void)state;
    struct board *board = make_board(1, 1);
    size_t half = board_event_capacity() / 2;
    struct board_event *events = calloc(4 * half, sizeof *events);
    uint64_t cursor = 0, lost = 0;
    assert_non_null(events);
    assert_int_equal(bells_of(board, half - 1), 0);
    assert_int_equal(bells_of(board, 1), 1);
    assert_int_equal(bells_of(board, 10), 0); /* once is enough */
    assert_int_equal(board_event_drain(board, 0, &cursor, events, 4 * half, &lost), half + 10);
    assert_int_equal(bells_of(board, half - 1), 0); /* it counts from where it was emptied */
    assert_int_equal(bells_of(board, 1), 1);
    assert_int_equal(lost, 0);
    assert_int_equal(bells_of(board, 3 * half), 3); /* nobody comes: again, now and then */
    board_free(board);
    free(events);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_slot_is_copied_when_it_was_written),
        cmocka_unit_test(a_torn_slot_is_no_news),
        cmocka_unit_test(jobs_that_have_moved_are_found),
        cmocka_unit_test(half_a_ring_rings),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
