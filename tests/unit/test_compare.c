/* test_compare.c - a comparison: its order, its figures, who is called the winner, and real ones from beginning to end.
 * test: alone test: limit 120 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/problem.h"
#include "compare/controls.h"
#include "compare/harvest.h"
#include "compare/lines.h"
#include "compare/notes.h"
#include "compare/plan.h"
#include "compare/possible.h"
#include "compare/verdict.h"
#include "jobs/control.h"
#include "juggler/compare.h"
#include "juggler/worker.h"
#include "measure/ideal.h"
#include "others.h"

static const struct executor SEQUENTIAL = {.how = HOW_SEQUENTIAL, .width = 1};
static const struct executor POOL_2 = {.how = HOW_THREAD_POOL, .width = 2};
static const struct executor POOL_2_GIL = {.how = HOW_THREAD_POOL, .width = 2, .gil = true};
static const struct executor PROCESSES_2 = {.how = HOW_PROCESS_POOL, .width = 2};

static void assert_near(double value, double wanted)
{
    if (!(fabs(value - wanted) <= 1e-9 * fmax(1, fabs(wanted))))
        fail_msg("%.12g is not %.12g", value, wanted);
}

static void assert_says(const char *text, const char *part)
{
    if (!strstr(text, part))
        fail_msg("'%s' does not say '%s'", text, part);
}

/* --- the order ------------------------------------------------------------------------------------ */

static void test_every_order_is_a_permutation(void **state)
{
    (void)state;
    for (size_t count = 0; count <= 36; count++)
        for (unsigned round = 0; round < 20; round++) {
            size_t order[36], seen[36] = {0};
            plan_shuffle(count * 31 + 1, round, order, count);
            for (size_t i = 0; i < count; i++) {
                assert_true(order[i] < count);
                assert_int_equal(seen[order[i]]++, 0);
            }
        }
}

static void test_a_seed_gives_its_order_again(void **state)
{
    size_t first[8], again[8], same_seed = 0, same_round = 0;
    (void)state;
    for (uint64_t seed = 1; seed <= 100; seed++) {
        plan_shuffle(seed, 1, first, 8);
        plan_shuffle(seed, 1, again, 8);
        assert_memory_equal(first, again, sizeof first);
        plan_shuffle(seed + 1, 1, again, 8);
        same_seed += memcmp(first, again, sizeof first) == 0;
        plan_shuffle(seed, 2, again, 8);
        same_round += memcmp(first, again, sizeof first) == 0;
    }
    assert_true(same_seed <= 1 && same_round <= 1); /* one of 40,320 orders */
}

/* What a seed gives is in reports: it must not change from one version to the next. */
static void test_the_order_of_a_seed_is_for_ever(void **state)
{
    static const size_t SEED_7[3][6] = {{2, 0, 1, 5, 4, 3}, {0, 4, 3, 2, 1, 5}, {4, 1, 2, 0, 5, 3}};
    (void)state;
    for (unsigned round = 0; round < 3; round++) {
        size_t order[6];
        plan_shuffle(7, round, order, 6);
        assert_memory_equal(order, SEED_7[round], sizeof order);
    }
}

/* All 24 orders of four come about equally often: 1,000 each of 24,000, give or take five standard deviations. */
static void test_orders_are_fair(void **state)
{
    size_t counts[256] = {0}, kinds = 0;
    (void)state;
    for (unsigned round = 0; round < 24000; round++) {
        size_t order[4];
        plan_shuffle(1 + round / 100, round % 100, order, 4);
        counts[order[0] << 6 | order[1] << 4 | order[2] << 2 | order[3]]++;
    }
    for (size_t i = 0; i < 256; i++) {
        if (!counts[i])
            continue;
        kinds++;
        assert_in_range(counts[i], 1000 - 160, 1000 + 160);
    }
    assert_int_equal(kinds, 24);
}

/* --- lines ---------------------------------------------------------------------------------------- */

enum { LINES_MAX = 6, RUNS_MAX = 5 };

struct made {
    struct compare_run runs[LINES_MAX][RUNS_MAX];
    struct compare_line lines[LINES_MAX];
    size_t count;
};

static void add_line(struct made *made, struct executor executor, const double *walls, size_t count)
{
    struct compare_line *line = &made->lines[made->count];
    for (size_t i = 0; i < count; i++)
        made->runs[made->count][i] = (struct compare_run){.round = (unsigned)i + 1,
                                                          .ended = true,
                                                          .state = RUN_DONE,
                                                          .wall_s = walls[i],
                                                          .cpu_s = walls[i] / 2,
                                                          .lock_s = -1,
                                                          .make_s = 1e-5 * (double)(i + 1)};
    *line = (struct compare_line){
        .executor = executor, .workers = executor.width, .runs = made->runs[made->count], .count = count};
    line_measure(line);
    made->count++;
}

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

/* --- the best possible ---------------------------------------------------------------------------- */

static const uint64_t MS = NS_PER_MS;

static struct possible_input possible_input_of(enum work work, uint64_t *parts, size_t jobs, size_t workers)
{
    return (struct possible_input){.work = work,
                                   .parts = parts,
                                   .jobs = jobs,
                                   .sequential = true,
                                   .workers = workers,
                                   .usable_cores = 2,
                                   .serial_s = -1,
                                   .min_s = 1000};
}

static void test_possible_downloads(void **state)
{
    uint64_t parts[] = {10 * MS, 20 * MS, 30 * MS, 40 * MS, 50 * MS};
    struct possible_input input = possible_input_of(WORK_DOWNLOAD, parts, 5, 2);
    (void)state;
    struct possible possible = possible_of(&input); /* 50 + 20 + 10 beside 40 + 30 */
    assert_near(possible.best_s, 0.080);
    assert_says(possible.why, "the 5 transfers, as measured under sequential, longest first, 2 at a time");
    input.workers = 1;
    assert_near(possible_of(&input).best_s, 0.150);
    assert_says(possible_of(&input).why, "one after another");
    input.workers = 10;
    assert_near(possible_of(&input).best_s, 0.050);
    assert_says(possible_of(&input).why, "all at once");
    input.gil = true; /* which does not hold up who waits */
    assert_near(possible_of(&input).best_s, 0.050);
    input.bytes = 1000000;
    input.bytes_per_s_most = 10000000;
    assert_near(possible_of(&input).best_s, 0.100);
    assert_says(possible_of(&input).why, "network's share");
}

static void test_possible_computing(void **state)
{
    uint64_t even[] = {100 * MS, 100 * MS, 100 * MS, 100 * MS}, uneven[] = {500 * MS, 10 * MS, 10 * MS, 10 * MS};
    struct possible_input input = possible_input_of(WORK_PRIMES, even, 4, 4);
    (void)state;
    assert_near(possible_of(&input).best_s, 0.200); /* two cores, however many workers */
    assert_says(possible_of(&input).why, "shared evenly by 2 usable cores");
    input.serial_s = 0.005;
    assert_near(possible_of(&input).best_s, 0.205);
    assert_says(possible_of(&input).why, "before the first and after the last job");
    input.workers = 1;
    assert_near(possible_of(&input).best_s, 0.405);
    input.workers = 4;
    input.gil = true;
    assert_near(possible_of(&input).best_s, 0.405);
    assert_says(possible_of(&input).why, "one thread computes at a time");
    input = possible_input_of(WORK_PRIMES, uneven, 4, 4);
    assert_near(possible_of(&input).best_s, 0.500);
    assert_says(possible_of(&input).why, "longest");
}

/* As `run counter` says it (measure/ideal.c): threads share the counter, processes have one each. */
static void test_possible_counting(void **state)
{
    uint64_t parts[] = {100 * MS, 100 * MS, 100 * MS, 100 * MS};
    struct possible_input input = possible_input_of(WORK_COUNTER, parts, 4, 4);
    (void)state;
    assert_true(possible_of(&input).best_s < 0);
    assert_string_equal(possible_of(&input).why, IDEAL_COUNTER_UNKNOWN);
    input.gil = true;
    assert_near(possible_of(&input).best_s, 0.400);
    assert_says(possible_of(&input).why, IDEAL_COUNTER_SERIAL);
    input.gil = false;
    input.workers = 1;
    assert_near(possible_of(&input).best_s, 0.400);
    assert_says(possible_of(&input).why, IDEAL_COUNTER_SERIAL);
    input.workers = 4;
    input.processes = true;
    assert_near(possible_of(&input).best_s, 0.200);
    assert_says(possible_of(&input).why, "shared evenly by 2 usable cores");
}

static void test_a_faster_run_is_believed(void **state)
{
    uint64_t parts[] = {100 * MS, 100 * MS};
    struct possible_input input = possible_input_of(WORK_PRIMES, parts, 2, 2);
    (void)state;
    input.min_s = 0.09;
    assert_near(possible_of(&input).best_s, 0.09);
    assert_says(possible_of(&input).why, "its own fastest run");
}

static void test_nothing_measured_nothing_possible(void **state)
{
    uint64_t parts[] = {0, 0};
    struct possible_input input = possible_input_of(WORK_PRIMES, parts, 2, 2);
    (void)state;
    assert_true(possible_of(&input).best_s < 0);
    parts[0] = 10 * MS;
    assert_near(possible_of(&input).best_s, 0.010);
    assert_says(possible_of(&input).why, "the 1 of 2 jobs that ended");
    input.min_s = -1;
    assert_true(possible_of(&input).best_s < 0);
}

/* --- harvest -------------------------------------------------------------------------------------- */

static void test_figures_of_a_snapshot(void **state)
{
    static struct job_snapshot jobs[2];
    static struct worker_snapshot workers[2];
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        jobs[i].word.state = i ? JOB_FAILED : JOB_DONE;
        jobs[i].result.start_ns = 5 * NS_PER_S + (10 + 100 * i) * MS;
        jobs[i].result.end_ns = jobs[i].result.start_ns + 300 * MS;
        jobs[i].result.cpu_ns = 200 * MS;
        workers[i].used = true;
        workers[i].data.ready_known = 1;
        workers[i].data.account_ns[ACCOUNT_LOCK] = 7 * MS;
        workers[i].data.account_ns[ACCOUNT_READY] = 3 * MS;
    }
    struct snapshot snapshot = {.state = RUN_DONE,
                                .work = WORK_DOWNLOAD,
                                .start_ns = 5 * NS_PER_S,
                                .wall_ns = 500 * MS,
                                .paused_ns = 40 * MS,
                                .jobs = 2,
                                .done = 1,
                                .failed = 1,
                                .attempts = 5,
                                .bytes = 1000,
                                .cpu_ns = 450 * MS,
                                .slots = 2,
                                .workers = workers,
                                .results = jobs,
                                .killed = 1};
    snapshot.runner.made = 4;
    snapshot.runner.make_ns = 800000;
    struct compare_run run = harvest_run(&snapshot);
    struct run_marks marks = harvest_marks(&snapshot);
    assert_true(run.ended && run.jobs == 2 && run.done == 1 && run.failed == 1);
    assert_near(run.wall_s, 0.460);
    assert_near(run.cpu_s, 0.450);
    assert_near(run.sum_s, 0.600); /* downloads by the clock */
    assert_near(run.lock_s, 0.014);
    assert_near(run.ready_s, 0.006);
    assert_near(run.serial_s, 0.010 + 0.090);
    assert_near(run.make_s, 0.0002);
    assert_int_equal(marks.paused_ns, 40 * MS);
    assert_int_equal(marks.tries_more, 3);
    assert_int_equal(marks.killed, 1);
    assert_near(marks.bytes_per_s_most, 1000 / 0.460);
    assert_true(marks.first_byte_s < 0);
    workers[1].data.ready_known = 0; /* one not known: the sum is not */
    snapshot.work = WORK_PRIMES;
    snapshot.cpu_ns = 0;
    assert_true(harvest_run(&snapshot).ready_s < 0 && harvest_run(&snapshot).cpu_s < 0);
    assert_near(harvest_run(&snapshot).sum_s, 0.400); /* primes by CPU time */
}

static void test_first_bytes_out_of_the_journal(void **state)
{
    const struct journal_event events[] = {{.time_ns = 100 * MS, .slot = 0, .phase = PHASE_WAITING},
                                           {.time_ns = 110 * MS, .slot = 1, .phase = PHASE_WAITING},
                                           {.time_ns = 130 * MS, .slot = 0, .phase = PHASE_RECEIVING},
                                           {.time_ns = 200 * MS, .slot = 1, .phase = PHASE_RECEIVING},
                                           {.time_ns = 300 * MS, .slot = 0, .phase = PHASE_WAITING},
                                           {.time_ns = 340 * MS, .slot = 0, .phase = PHASE_RECEIVING},
                                           {.time_ns = 400 * MS, .slot = 1, .phase = PHASE_WAITING},
                                           {.time_ns = 900 * MS, .slot = 1, .phase = PHASE_BACKOFF},
                                           {.time_ns = 950 * MS, .slot = 1, .phase = PHASE_RECEIVING},
                                           {.time_ns = 960 * MS, .slot = 77, .phase = PHASE_RECEIVING}};
    struct snapshot snapshot = {.work = WORK_DOWNLOAD, .slots = 2};
    (void)state;
    snapshot.journal = (struct journal){.events = events, .count = sizeof events / sizeof *events};
    assert_near(harvest_marks(&snapshot).first_byte_s, 0.040); /* of 30, 90 and 40 ms */
}

/* --- notes ---------------------------------------------------------------------------------------- */

static bool noted(const struct notes_input *input, const char *part)
{
    note_text texts[COMPARE_NOTES_MAX];
    size_t count = notes_write(input, texts);
    for (size_t i = 0; i < count; i++)
        if (strstr(texts[i], part))
            return true;
    return false;
}

static void test_notes_only_when_it_disturbs(void **state)
{
    static const double WALLS[] = {1, 1.1, 1.05};
    struct made made = {.count = 0};
    note_text texts[COMPARE_NOTES_MAX];
    (void)state;
    add_line(&made, POOL_2, WALLS, 3);
    struct notes_line line = {.line = &made.lines[0], .warm_up = {.ended = true, .wall_s = 1.2}, .first_byte_s = 0.5};
    struct notes_input input = {.lines = &line,
                                .count = 1,
                                .rounds = 3,
                                .jobs = 65,
                                .over = true,
                                .load_average = 0.2,
                                .load_most = 0.4,
                                .latency_s = 0.48};
    assert_int_equal(notes_write(&input, texts), 0);
    input.load_most = 0.6;
    assert_true(noted(&input, "0.6 cores at most"));
    input.load_average = 0.5;
    assert_true(noted(&input, "0.5 cores on average"));
    line.warm_up.wall_s = 1.5;
    input.warm_disk_bytes = 1 << 20;
    assert_true(noted(&input, "thread-pool:2 took 1.50 s in it, and at most 1.10 s after it; that round read 1.0 MiB"));
    input.later_disk_bytes = 1 << 20;
    assert_true(noted(&input, "after the warm-up, too"));
    input.latency_s = 0.4;
    assert_true(noted(&input, "under thread-pool:2 0.10 s later"));
    input.rounds = 1;
    assert_true(noted(&input, "one round"));
    input.article = true;
    assert_true(noted(&input, "65 jobs"));
    line.killed = 2;
    assert_true(noted(&input, "2 workers died under thread-pool:2"));
    line.tries_more = 1;
    assert_true(noted(&input, "1 more attempt was needed"));
    line.paused_ns = 5;
    assert_true(noted(&input, "was paused"));
    made.lines[0].median_s = 0.019;
    assert_true(noted(&input, "under 20 ms"));
    made.lines[0].failed = 1;
    assert_true(noted(&input, "1 job failed under thread-pool:2"));
    assert_false(noted(&input, "under 20 ms")); /* it is not to be compared anyway */
    strcpy(made.lines[0].problem, "no memory");
    assert_true(noted(&input, "thread-pool:2 could not be measured: no memory"));
}

/* --- the article's list --------------------------------------------------------------------------- */

static void assert_list(enum work work, size_t jobs, const char *wanted)
{
    struct executor list[COMPARE_EXECUTORS_MAX];
    char text[1024] = "", name[EXECUTOR_TEXT_BYTES];
    size_t count = compare_article(work, 2, jobs, list);
    for (size_t i = 0; i < count; i++) {
        assert_null(executor_refusal(&list[i], work));
        if (list[i].how == HOW_EVENT_LOOP)
            continue; /* where this build has one */
        strcat(text, i ? " " : "");
        strcat(text, executor_format(&list[i], name));
    }
    assert_string_equal(text, wanted);
}

static void test_the_articles_lists(void **state)
{
    (void)state;
    assert_list(WORK_DOWNLOAD, 20,
                "sequential thread-each thread-batch:10 thread-pool:10 thread-pool:10+gil process-each process-batch:10 "
                "process-pool:10");
    assert_list(WORK_DOWNLOAD, 65,
                "sequential thread-batch:10 thread-pool:10 thread-pool:10+gil process-batch:10 process-pool:10");
    assert_list(WORK_PRIMES, 4,
                "sequential process-each process-pool:4 thread-each thread-pool:4 thread-pool:4+gil thread-batch:4 "
                "process-batch:4");
    assert_list(WORK_COUNTER, 4, "sequential thread-pool:4 thread-pool:4+gil process-pool:4");
}

/* --- real ones ------------------------------------------------------------------------------------ */

enum { JOBS = 4, ROUNDS = 3, JOB_ROUNDS = 1500 };

static const struct job_input INPUTS[JOBS] = {{.text = "a", .limit = JOB_ROUNDS},
                                              {.text = "b", .limit = JOB_ROUNDS},
                                              {.text = "c", .limit = JOB_ROUNDS},
                                              {.text = "d", .limit = 2 * JOB_ROUNDS}};
static const struct job_set COMPUTING = {
    .kind = &job_kind_compute, .inputs = INPUTS, .count = JOBS, .output_dir = -1, .part_prefix = ""};

static struct compare_options options_of(const struct job_set *set, const struct executor *executors, size_t count)
{
    struct compare_options options = {
        .set = set, .list_name = "four", .count = count, .rounds = ROUNDS, .seed = 5, .usable_cores = 2};
    memcpy(options.executors, executors, count * sizeof *executors);
    return options;
}

static void one_turn(struct compare *compare)
{
    struct pollfd fd = {.fd = compare_pidfd(compare), .events = POLLIN};
    poll(&fd, 1, 20);
    compare_tick(compare);
}

/* To its end, looking all the time. */
static void carry_out(struct compare *compare, struct compare_view *view)
{
    size_t done = 0;
    for (int turn = 0; turn < 20000; turn++) {
        one_turn(compare);
        compare_look(compare, view);
        size_t running = 0;
        for (size_t i = 0; i < view->count; i++)
            running += view->lines[i].running;
        assert_true(running <= 1 && (running == 1) == (view->running != NULL));
        assert_true(view->runs_done >= done && view->runs_done <= view->runs_all && view->round <= view->rounds);
        done = view->runs_done;
        if (view->over)
            return;
        assert_string_equal(view->verdict, "");
    }
    fail_msg("not over after 20,000 turns");
}

static void assert_figures(const struct compare_view *view)
{
    for (size_t i = 0; i < view->count; i++) {
        const struct compare_line *line = &view->lines[i];
        assert_string_equal(line->problem, "");
        assert_int_equal(line->count, view->rounds);
        assert_true(line->min_s <= line->median_s && line->median_s <= line->max_s);
        assert_near(line->speedup, view->lines[0].median_s / line->median_s);
        assert_near(line->efficiency, line->speedup / (double)line->workers);
        assert_true(line->best_s > 0 && line->best_s <= line->median_s && line->of_possible <= 1);
        assert_near(line->of_possible, line->best_s / line->median_s);
        assert_true(line->best_why[0] && line->make_s > 0 && line->make_s < 0.1 && line->cpu_s > 0);
        for (size_t j = 0; j < line->count; j++) {
            const struct compare_run *run = &line->runs[j];
            assert_int_equal(run->round, j + 1);
            assert_true(run->ended && run->state == RUN_DONE && run->done == JOBS && run->failed == 0);
            assert_true(run->wall_s >= line->min_s && run->wall_s <= line->max_s);
            assert_true(run->serial_s >= 0 && run->serial_s < run->wall_s);
            assert_true(run->cpu_s >= run->sum_s * 0.9 - 0.02); /* the jobs' CPU time is part of the run's */
        }
    }
}

static void test_a_comparison(void **state)
{
    const struct executor executors[] = {SEQUENTIAL, POOL_2, POOL_2_GIL, PROCESSES_2};
    struct compare_options options = options_of(&COMPUTING, executors, 4);
    struct problem problem = {.text = ""};
    struct compare_view view;
    struct others others = others_watch();
    (void)state;
    struct compare *compare = compare_start(&options, &problem);
    assert_non_null(compare);
    carry_out(compare, &view);
    assert_int_equal(view.runs_done, 4 * (ROUNDS + 1));
    assert_int_equal(view.runs_all, view.runs_done);
    assert_false(view.stopped);
    assert_true(view.verdict[0] && view.seed == 5 && strcmp(view.list_name, "four") == 0);
    assert_figures(&view);
    /* each round's positions are the order of the seed */
    for (unsigned round = 1; round <= ROUNDS; round++) {
        size_t order[4];
        plan_shuffle(5, round, order, 4);
        for (size_t i = 0; i < 4; i++)
            assert_int_equal(view.lines[order[i]].runs[round - 1].position, i);
    }
    /* the lock is there where it was asked for, and nowhere else */
    double with_s = view.lines[2].lock_s, without_s = view.lines[1].lock_s;
    if (!strstr(view.lines[2].best_why,
                "its own fastest run")) /* which says instead that it did better than its parts promised */
        assert_says(view.lines[2].best_why, "interpreter lock");
    compare_free(compare);
    assert_true(with_s > 0 && without_s == 0);
    if (with_s <= 0.01 && others_spoilt(&others))
        skip(); /* where others have the cores, the waiting is for a core */
    assert_true(with_s > 0.01);
}

static void test_controls_are_measured_beside_it(void **state)
{
    const struct executor executors[] = {POOL_2_GIL};
    struct compare_options options = options_of(&COMPUTING, executors, 1);
    struct problem problem = {.text = ""};
    struct compare_view view;
    (void)state;
    options.controls = true;
    options.rounds = 2;
    struct compare *compare = compare_start(&options, &problem);
    assert_non_null(compare);
    carry_out(compare, &view);
    assert_int_equal(view.runs_done, 5 * 3);
    assert_int_equal(view.lines[0].count, 2);
    assert_true(view.controls && view.waiting.known && view.computing.known && view.waiting.threads == 2);
    assert_true(view.waiting.free_s >= 0.1 && view.waiting.gil_s >= 0.1); /* that long they wait */
    assert_says(view.waiting.words, "waiting: ");
    assert_says(view.computing.words, "computing: ");
    compare_free(compare);
}

static void test_what_the_controls_are(void **state)
{
    struct controls controls;
    (void)state;
    controls_init(&controls, 4);
    for (enum control_run i = 0; i < CONTROL_RUNS; i++) {
        const struct executor executor = controls_executor(&controls, i);
        const struct job_set *set = controls_set(&controls, i);
        assert_true(executor.how == HOW_THREAD_POOL && executor.width == 4 && set->count == 4);
        assert_int_equal(executor.gil, i == CONTROL_WAIT_GIL || i == CONTROL_COMPUTE_GIL);
        assert_ptr_equal(set->kind, i == CONTROL_WAIT_FREE || i == CONTROL_WAIT_GIL ? &job_kind_wait : &job_kind_compute);
    }
    controls_init(&controls, 1);
    assert_int_equal(controls.threads, 2); /* one alone has nobody to share a lock with */
    controls_init(&controls, 5000);
    assert_int_equal(controls.threads, CONTROL_THREADS_MAX);
}

static void test_what_controls_say(void **state)
{
    (void)state;
    const struct stats fast = {.median = 0.1, .min = 0.1, .max = 0.11}, slow = {.median = 0.2, .min = 0.19, .max = 0.3};
    const struct stats near = {.median = 0.201, .min = 0.2, .max = 0.21}, wide = {.median = 0.15, .min = 0.1, .max = 0.2};
    const struct stats none = {.median = -1, .min = -1, .max = -1};
    assert_string_equal(control_say(false, 4, 2, &slow, &near, -1).words,
                        "waiting: the GIL costs nothing (0.200 s and 0.201 s, 4 threads)");
    assert_string_equal(control_say(true, 4, 2, &fast, &slow, 0.1).words,
                        "computing: with the GIL 4 threads take 2.0 times as long (0.100 s and 0.200 s)");
    assert_string_equal(control_say(true, 4, 2, &slow, &wide, 2).words,
                        "computing: no real difference with the GIL (0.200 s and 0.150 s, 4 threads); the machine was busy, "
                        "which disturbs this");
    assert_says(control_say(true, 4, 2, &slow, &fast, -1).words, "0.5 times as long");
    assert_says(control_say(true, 4, 1, &slow, &slow, -1).words, "where there is one core");
    assert_false(control_say(true, 4, 2, &none, &slow, -1).known);
}

static void test_a_sweep_is_fitted(void **state)
{
    struct executor executors[4];
    struct compare_view view;
    struct problem problem = {.text = ""};
    (void)state;
    for (unsigned i = 0; i < 4; i++)
        executors[i] = (struct executor){.how = HOW_THREAD_POOL, .width = 1 + i};
    struct compare_options options = options_of(&COMPUTING, executors, 4);
    options.sweep = true;
    options.rounds = 1;
    struct compare *compare = compare_start(&options, &problem);
    assert_non_null(compare);
    carry_out(compare, &view);
    assert_true(view.fit.known && view.fit.lambda > 0 && view.fit.words[0]);
    assert_true(view.fit.sigma >= 0 && view.fit.sigma <= 1 && view.fit.kappa >= 0 && view.fit.peak_workers >= 1);
    assert_near(view.lines[0].speedup, 1);
    compare_free(compare);
    options.count = 3;
    compare = compare_start(&options, &problem);
    assert_non_null(compare);
    carry_out(compare, &view);
    assert_false(view.fit.known);
    assert_string_equal(view.fit.words, "too few points: 3; a fit needs at least four");
    compare_free(compare);
}

static void test_stopped_in_the_middle(void **state)
{
    const struct executor executors[] = {SEQUENTIAL, POOL_2};
    struct compare_options options = options_of(&COMPUTING, executors, 2);
    struct compare_view view;
    struct problem problem = {.text = ""};
    (void)state;
    options.rounds = 50;
    struct compare *compare = compare_start(&options, &problem);
    assert_non_null(compare);
    do {
        one_turn(compare);
        compare_look(compare, &view);
    } while (view.runs_done < 7 || !view.running);
    compare_stop(compare);
    compare_look(compare, &view);
    assert_true(view.over && view.stopped && !view.running && compare_pidfd(compare) == -1);
    assert_int_equal(view.lines[0].count + view.lines[1].count, 5); /* 7 but the two that warmed up */
    assert_says(view.verdict, "stopped after 7 of 102 runs");
    compare_tick(compare); /* nothing comes any more */
    compare_look(compare, &view);
    assert_int_equal(view.runs_done, 7);
    compare_free(compare);
}

static enum job_outcome run_failing(void *state, struct worker *worker, size_t job, struct job_result *result)
{
    (void)state;
    worker_phase(worker, PHASE_COMPUTING);
    result->attempts = 1;
    return job == 1 ? JOB_OUTCOME_FAILED : JOB_OUTCOME_DONE;
}

static void *start_nothing(const struct job_set *set, struct worker *worker)
{
    (void)worker;
    return (void *)(uintptr_t)set;
}

static void stop_nothing(void *state)
{
    (void)state;
}

static void test_failed_jobs_are_counted_and_noted(void **state)
{
    static const struct job_kind FAILING = {.work = WORK_PRIMES,
                                            .name = "failing",
                                            .title = "FAILING",
                                            .bound = "fails",
                                            .worker_start = start_nothing,
                                            .run = run_failing,
                                            .worker_stop = stop_nothing};
    const struct executor executors[] = {SEQUENTIAL, POOL_2};
    const struct job_set set = {.kind = &FAILING, .inputs = INPUTS, .count = 3, .output_dir = -1, .part_prefix = ""};
    struct compare_options options = options_of(&set, executors, 2);
    struct compare_view view;
    struct problem problem = {.text = ""};
    (void)state;
    struct compare *compare = compare_start(&options, &problem);
    assert_non_null(compare);
    carry_out(compare, &view);
    assert_int_equal(view.lines[0].failed, ROUNDS);
    assert_true(view.notes_count > 0);
    assert_says(view.notes[0], "6 jobs failed under sequential, thread-pool:2");
    assert_false(view.lines[0].winner || view.lines[1].winner);
    assert_says(view.verdict, "nothing was measured that could be compared");
    compare_free(compare);
}

static void *start_badly(const struct job_set *set, struct worker *worker)
{
    (void)set;
    (void)worker;
    return NULL; /* errno: whatever it was */
}

/* One that cannot be carried out is told of, and the others are measured. */
static void test_what_cannot_be_run_is_dropped(void **state)
{
    static const struct job_kind UNABLE = {.work = WORK_PRIMES,
                                           .name = "unable",
                                           .title = "UNABLE",
                                           .bound = "can't",
                                           .worker_start = start_badly,
                                           .run = run_failing,
                                           .worker_stop = stop_nothing};
    const struct executor executors[] = {SEQUENTIAL, POOL_2};
    const struct job_set set = {.kind = &UNABLE, .inputs = INPUTS, .count = 2, .output_dir = -1, .part_prefix = ""};
    struct compare_options options = options_of(&set, executors, 2);
    struct compare_view view;
    struct problem problem = {.text = ""};
    (void)state;
    struct compare *compare = compare_start(&options, &problem);
    assert_non_null(compare);
    carry_out(compare, &view);
    assert_true(view.lines[0].problem[0] && view.lines[1].problem[0]);
    assert_int_equal(view.runs_done, 2); /* once each, and no more */
    assert_int_equal(view.runs_all, 2);
    compare_free(compare);
}

static void refused(const struct compare_options *options, const char *part)
{
    struct problem problem = {.text = ""};
    assert_int_equal(compare_check(options, &problem), -1);
    assert_says(problem.text, part);
    assert_null(compare_start(options, &problem));
}

static void test_refusals(void **state)
{
    const struct executor executors[] = {SEQUENTIAL, POOL_2, POOL_2};
    const struct executor loop[] = {{.how = HOW_EVENT_LOOP, .width = 10}};
    struct compare_options options = options_of(&COMPUTING, executors, 3);
    (void)state;
    refused(&options, "thread-pool:2 is named twice");
    options.count = 0;
    refused(&options, "0 executors");
    options.count = 2;
    options.rounds = 0;
    refused(&options, "rounds");
    options.rounds = COMPARE_ROUNDS_MAX + 1;
    refused(&options, "rounds");
    options = options_of(&COMPUTING, loop, 1);
    refused(&options, "event-loop:10");
    compare_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_order_is_a_permutation),
        cmocka_unit_test(test_a_seed_gives_its_order_again),
        cmocka_unit_test(test_the_order_of_a_seed_is_for_ever),
        cmocka_unit_test(test_orders_are_fair),
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
        cmocka_unit_test(test_possible_downloads),
        cmocka_unit_test(test_possible_computing),
        cmocka_unit_test(test_possible_counting),
        cmocka_unit_test(test_a_faster_run_is_believed),
        cmocka_unit_test(test_nothing_measured_nothing_possible),
        cmocka_unit_test(test_figures_of_a_snapshot),
        cmocka_unit_test(test_first_bytes_out_of_the_journal),
        cmocka_unit_test(test_notes_only_when_it_disturbs),
        cmocka_unit_test(test_the_articles_lists),
        cmocka_unit_test(test_a_comparison),
        cmocka_unit_test(test_controls_are_measured_beside_it),
        cmocka_unit_test(test_what_the_controls_are),
        cmocka_unit_test(test_what_controls_say),
        cmocka_unit_test(test_a_sweep_is_fitted),
        cmocka_unit_test(test_stopped_in_the_middle),
        cmocka_unit_test(test_failed_jobs_are_counted_and_noted),
        cmocka_unit_test(test_what_cannot_be_run_is_dropped),
        cmocka_unit_test(test_refusals),
    };
    return cmocka_run_group_tests_name("compare", tests, NULL, NULL);
}
