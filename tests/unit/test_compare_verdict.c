/* test_compare_verdict.c - a comparison's lines, and who is called the winner. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "compare/notes.h"
#include "compare/verdict.h"

#include "made_lines.h"

static void test_medians_of_a_line(void **state)
{
    static const double WALLS[] = {3, 1, 2};
    struct made made = {.count = 0};
    (void)state;
    made.runs[0][1].memory.together_bytes = 0;
    add_line(&made, POOL_2, WALLS, 3);
    assert_near(made.lines[0].median_s, 2);
    assert_near(made.lines[0].min_s, 1);
    assert_near(made.lines[0].max_s, 3);
    assert_near(made.lines[0].cpu_s, 1);
    assert_near(made.lines[0].make_s, 2e-5);
    assert_true(made.lines[0].lock_s < 0); /* not known in any run */
    assert_true(made.lines[0].speedup < 0 && made.lines[0].best_s < 0);
}

/* Of the run in the middle; of the nearest one where that was not weighed. */
static void test_memory_of_the_run_in_the_middle(void **state)
{
    struct compare_run runs[] = {{.wall_s = 1, .memory.together_bytes = 100},
                                 {.wall_s = 2, .memory.together_bytes = 200},
                                 {.wall_s = 3.5, .memory.together_bytes = 300}};
    struct compare_line line = {.executor = POOL_2, .runs = runs, .count = 3};
    (void)state;
    line_measure(&line);
    assert_int_equal(line.memory.together_bytes, 200);
    runs[1].memory.together_bytes = 0;
    line_measure(&line);
    assert_int_equal(line.memory.together_bytes, 100);
}

static void test_ratios(void **state)
{
    static const double SLOW[] = {8, 8.2, 7.9}, FAST[] = {2, 2.1, 1.9};
    struct made made = {.count = 0};
    (void)state;
    add_line(&made, POOL_2, FAST, 3);
    add_line(&made, SEQUENTIAL, SLOW, 3);
    lines_relate(made.lines, made.count, false);
    assert_near(made.lines[0].speedup, 4);
    assert_near(made.lines[0].efficiency, 2);
    assert_near(made.lines[1].speedup, 1);
    assert_near(made.lines[1].efficiency, 1);
    assert_false(made.lines[0].different); /* the first line is what the others are held against */
    assert_true(made.lines[1].different);
}

static void test_no_ratio_without_sequential(void **state)
{
    static const double ONE[] = {4, 4}, TWO[] = {2, 2};
    const struct executor one = {.how = HOW_THREAD_POOL, .width = 1};
    struct made made = {.count = 0};
    (void)state;
    add_line(&made, POOL_2, TWO, 2);
    add_line(&made, one, ONE, 2);
    lines_relate(made.lines, made.count, false);
    assert_true(made.lines[0].speedup < 0 && made.lines[0].efficiency < 0);
    lines_relate(made.lines, made.count, true); /* in a sweep one worker stands for it */
    assert_near(made.lines[0].speedup, 2);
    assert_near(made.lines[0].efficiency, 1);
}

static void test_overlapping_spreads_are_no_difference(void **state)
{
    static const double A[] = {1, 2, 3}, TOUCHING[] = {3, 4, 5}, APART[] = {3.01, 4, 5}, BELOW[] = {0.5, 0.6, 0.99};
    struct made made = {.count = 0};
    (void)state;
    add_line(&made, SEQUENTIAL, A, 3);
    add_line(&made, POOL_2, TOUCHING, 3);
    add_line(&made, PROCESSES_2, APART, 3);
    add_line(&made, POOL_2_GIL, BELOW, 3);
    lines_relate(made.lines, made.count, false);
    assert_false(made.lines[1].different);
    assert_true(made.lines[2].different);
    assert_true(made.lines[3].different);
    for (size_t i = 0; i < made.count; i++)
        assert_true(made.lines[i].told);
}

static void test_one_round_says_nothing(void **state)
{
    static const double A[] = {1}, B[] = {9};
    char verdict[COMPARE_TEXT_BYTES];
    struct made made = {.count = 0};
    (void)state;
    add_line(&made, SEQUENTIAL, A, 1);
    add_line(&made, POOL_2, B, 1);
    lines_relate(made.lines, made.count, false);
    assert_false(made.lines[1].different);
    assert_false(made.lines[0].told || made.lines[1].told);
    assert_true(lines_find_winner(made.lines, made.count) == SIZE_MAX);
    verdict_write(verdict, made.lines, made.count, SIZE_MAX, false, 4, 4);
    assert_says(verdict, "no spread");
}

static void test_a_winner_beats_every_run_of_all(void **state)
{
    static const double A[] = {1, 1.1, 1.2}, B[] = {1.3, 1.4, 1.5}, C[] = {1.19, 2, 3};
    char verdict[COMPARE_TEXT_BYTES];
    struct made made = {.count = 0};
    (void)state;
    add_line(&made, SEQUENTIAL, B, 3);
    add_line(&made, POOL_2, A, 3);
    lines_relate(made.lines, made.count, false);
    assert_int_equal(lines_find_winner(made.lines, made.count), 1);
    assert_true(made.lines[1].winner && !made.lines[0].winner);
    verdict_write(verdict, made.lines, made.count, 1, false, 8, 8);
    assert_says(verdict, "thread-pool:2 won with 1.10 s, 1.3 times as fast");
    add_line(&made, PROCESSES_2, C, 3); /* one of its runs was faster than the winner's slowest */
    made.lines[1].winner = false;
    assert_true(lines_find_winner(made.lines, made.count) == SIZE_MAX);
    for (size_t i = 0; i < made.count; i++)
        assert_false(made.lines[i].winner);
    verdict_write(verdict, made.lines, made.count, SIZE_MAX, true, 8, 12);
    assert_says(
        verdict,
        "stopped after 8 of 12 runs; thread-pool:2 is the fastest with 1.10 s, about 1.3 times as fast as sequential; "
        "process-pool:2 cannot be told from it: their runs overlap");
    assert_null(strstr(verdict, "few rounds"));
}

/* Without an overlap, yet closer than one percent: nobody won. And of two rounds it is said how little they tell. */
static void test_a_winner_is_ahead_by_what_matters(void **state)
{
    static const double A[] = {2.000, 2.001}, B[] = {2.0011, 2.003}, C[] = {2.03, 2.04};
    char verdict[COMPARE_TEXT_BYTES];
    struct made made = {.count = 0};
    (void)state;
    add_line(&made, POOL_2, A, 2);
    add_line(&made, PROCESSES_2, C, 2);
    assert_int_equal(lines_find_winner(made.lines, made.count), 0);
    verdict_write(verdict, made.lines, made.count, 0, false, 4, 4);
    assert_says(verdict, "by at least 1 %; so few rounds tell little");
    made.lines[0].winner = false;
    add_line(&made, SEQUENTIAL, B, 2);
    assert_true(lines_find_winner(made.lines, made.count) == SIZE_MAX);
    lines_relate(made.lines, made.count, false);
    verdict_write(verdict, made.lines, made.count, SIZE_MAX, false, 6, 6);
    assert_says(verdict,
                "thread-pool:2 is the fastest with 2.00 s; sequential cannot be told from it: their runs overlap or "
                "are less than 1 % away; so few rounds tell little");
}

static void test_failures_do_not_win(void **state)
{
    static const double A[] = {1, 1}, B[] = {2, 2}, C[] = {3, 3};
    struct made made = {.count = 0};
    char verdict[COMPARE_TEXT_BYTES];
    (void)state;
    add_line(&made, SEQUENTIAL, C, 2);
    add_line(&made, POOL_2, A, 2);
    add_line(&made, PROCESSES_2, B, 2);
    made.runs[1][0].failed = 1;
    line_measure(&made.lines[1]);
    lines_relate(made.lines, made.count, false);
    assert_true(made.lines[1].speedup < 0);
    assert_false(made.lines[1].different);
    assert_false(made.lines[1].told);
    assert_true(made.lines[2].told);
    assert_int_equal(lines_find_winner(made.lines, made.count), 2);
    made.runs[2][0].failed = 1;
    line_measure(&made.lines[2]);
    assert_true(lines_find_winner(made.lines, made.count) == SIZE_MAX);
    verdict_write(verdict, made.lines, made.count, SIZE_MAX, false, 1, 1);
    assert_says(verdict, "only sequential");
}

/* The fastest has not won where its adds are not in the parent's counter. */
static void test_who_loses_adds_does_not_win(void **state)
{
    static const double A[] = {1, 1.1}, B[] = {2, 2.1};
    struct made made = {.count = 0};
    char verdict[COMPARE_TEXT_BYTES];
    (void)state;
    add_line(&made, SEQUENTIAL, B, 2);
    add_line(&made, PROCESSES_2, A, 2);
    for (size_t i = 0; i < 4; i++)
        made.runs[i / 2][i % 2].expected = made.runs[i / 2][i % 2].got = 100;
    line_measure(&made.lines[0]);
    line_measure(&made.lines[1]);
    assert_int_equal(lines_find_winner(made.lines, made.count), 1); /* nothing is lost */
    made.runs[1][0].got = 0;
    made.runs[1][1].got = 30;
    line_measure(&made.lines[1]);
    assert_true(made.lines[1].lost == 170 && made.lines[1].adds == 200 && made.lines[0].lost == 0);
    assert_true(lines_find_winner(made.lines, made.count) == SIZE_MAX);
    verdict_write(verdict, made.lines, made.count, SIZE_MAX, false, 6, 6);
    assert_says(verdict, "process-pool:2 was fastest with 1.05 s, but 170 of 200 adds are lost");
    assert_says(verdict, "of those that lost none, sequential");
    assert_null(strstr(verdict, " won with"));
    struct notes_line lines[] = {{.line = &made.lines[0]}, {.line = &made.lines[1]}};
    struct notes_input input = {.lines = lines, .count = 2, .rounds = 2, .jobs = 2, .latency_s = -1};
    note_text texts[COMPARE_NOTES_MAX];
    assert_int_equal(notes_write(&input, texts), 1);
    assert_says(texts[0], "lost to the parent's, in all runs: process-pool:2 170 of 200");
    made.lines[1].executor = POOL_2;
    assert_int_equal(notes_write(&input, texts), 1);
    assert_says(texts[0], "threads overwrote each other's adds; lost, in all runs: thread-pool:2 170 of 200");
}

static void test_too_short_to_win(void **state)
{
    static const double A[] = {0.001, 0.0011}, B[] = {0.010, 0.011}, C[] = {0.5, 0.6};
    struct made made = {.count = 0};
    char verdict[COMPARE_TEXT_BYTES];
    (void)state;
    add_line(&made, POOL_2, A, 2);
    add_line(&made, PROCESSES_2, C, 2);
    assert_int_equal(lines_find_winner(made.lines, made.count), 0); /* that much is clear */
    add_line(&made, SEQUENTIAL, B, 2);
    made.lines[0].winner = false;
    assert_true(lines_find_winner(made.lines, made.count) == SIZE_MAX);
    verdict_write(verdict, made.lines, made.count, SIZE_MAX, false, 1, 1);
    assert_says(verdict, "too short");
}

/* Whatever the runs: the rules hold, and there is one winner at most. */
static void test_rules_hold_for_any_runs(void **state)
{
    static const struct executor EXECUTORS[LINES_MAX] = {
        {.how = HOW_SEQUENTIAL, .width = 1},   {.how = HOW_THREAD_POOL, .width = 2},  {.how = HOW_THREAD_POOL, .width = 4},
        {.how = HOW_PROCESS_POOL, .width = 2}, {.how = HOW_PROCESS_POOL, .width = 4}, {.how = HOW_THREAD_BATCH, .width = 3}};
    size_t winners = 0;
    (void)state;
    srand(23);
    for (int round = 0; round < 3000; round++) {
        struct made made = {.count = 0};
        size_t runs = 1 + (size_t)rand() % RUNS_MAX, lines = 2 + (size_t)rand() % (LINES_MAX - 1);
        for (size_t i = 0; i < lines; i++) {
            double walls[RUNS_MAX], base = 0.1 * (1 + rand() % 20);
            for (size_t j = 0; j < runs; j++)
                walls[j] = base * (1 + rand() % 100 / 400.0);
            add_line(&made, EXECUTORS[i], walls, runs);
        }
        lines_relate(made.lines, made.count, false);
        size_t winner = lines_find_winner(made.lines, made.count), marked = 0;
        for (size_t i = 0; i < lines; i++) {
            const struct compare_line *line = &made.lines[i];
            assert_true(line->min_s <= line->median_s && line->median_s <= line->max_s);
            assert_near(line->speedup, made.lines[0].median_s / line->median_s);
            assert_near(line->efficiency, line->speedup / (double)line->workers);
            bool apart = line->min_s > made.lines[0].max_s || line->max_s < made.lines[0].min_s;
            assert_int_equal(line->different, i > 0 && runs > 1 && apart);
            marked += line->winner;
            if (winner != SIZE_MAX && i != winner)
                assert_true(made.lines[winner].max_s < line->min_s);
        }
        assert_int_equal(marked, winner != SIZE_MAX);
        winners += winner != SIZE_MAX;
    }
    assert_in_range(winners, 300, 2700); /* both happen */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_medians_of_a_line),
        cmocka_unit_test(test_memory_of_the_run_in_the_middle),
        cmocka_unit_test(test_ratios),
        cmocka_unit_test(test_no_ratio_without_sequential),
        cmocka_unit_test(test_overlapping_spreads_are_no_difference),
        cmocka_unit_test(test_one_round_says_nothing),
        cmocka_unit_test(test_a_winner_beats_every_run_of_all),
        cmocka_unit_test(test_a_winner_is_ahead_by_what_matters),
        cmocka_unit_test(test_failures_do_not_win),
        cmocka_unit_test(test_who_loses_adds_does_not_win),
        cmocka_unit_test(test_too_short_to_win),
        cmocka_unit_test(test_rules_hold_for_any_runs),
    };
    return cmocka_run_group_tests_name("compare verdict", tests, NULL, NULL);
}
