/* test_ideal.c - best possible times, checked against schedules worked out by hand and by trying all of them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "measure/ideal.h"

enum { JOBS_MAX = 5000 };

struct made {
    struct snapshot snapshot;
    struct job_snapshot jobs[JOBS_MAX];
};

/* Downloads that took so many milliseconds each, one after another. */
static struct made *made_of(const unsigned *ms, size_t count, struct executor executor)
{
    static struct made made;
    uint64_t now = 5 * NS_PER_S;
    memset(&made, 0, sizeof made);
    made.snapshot = (struct snapshot){.state = RUN_DONE,
                                      .work = WORK_DOWNLOAD,
                                      .executor = executor,
                                      .usable_cores = 2,
                                      .jobs = count,
                                      .done = count,
                                      .wall_ns = 1000 * NS_PER_S,
                                      .results = made.jobs};
    for (size_t i = 0; i < count; i++) {
        made.jobs[i].word.state = JOB_DONE;
        made.jobs[i].result.start_ns = now;
        now += ms[i] * NS_PER_MS;
        made.jobs[i].result.end_ns = now;
        made.jobs[i].result.cpu_ns = ms[i] * NS_PER_MS;
    }
    return &made;
}

static void assert_ms(double seconds, double ms)
{
    if (seconds * 1000 < ms - 0.001 || seconds * 1000 > ms + 0.001)
        fail_msg("%.6f ms is not %.6f ms", seconds * 1000, ms);
}

static const struct executor POOL_2 = {.how = HOW_THREAD_POOL, .width = 2};

static void test_in_their_order_over_the_lanes(void **state)
{
    uint64_t parts[] = {10, 20, 30, 40, 50};
    (void)state;
    assert_int_equal(ideal_in_order_ns(parts, 5, 2), 90); /* 10+30+50 beside 20+40 */
    assert_int_equal(ideal_in_order_ns(parts, 5, 9), 50);
    assert_int_equal(ideal_in_order_ns(parts, 0, 1), 0);
    assert_int_equal(parts[0], 10); /* and it stays */
    assert_int_equal(ideal_schedule_ns(parts, 5, 2), 80);
}

static void test_longest_first_over_the_lanes(void **state)
{
    static const unsigned MS[] = {10, 20, 30, 40, 50};
    (void)state;
    /* 50+20+10 beside 40+30 */
    struct ideal ideal = ideal_of(&made_of(MS, 5, POOL_2)->snapshot);
    assert_ms(ideal.best_s, 80);
    assert_ms(ideal.sum_s, 150);
    assert_non_null(strstr(ideal.why, "the 5 transfers"));
    assert_non_null(strstr(ideal.why, "2 at a time"));
}

static void test_lanes_are_the_executors(void **state)
{
    static const unsigned MS[] = {10, 20, 30};
    (void)state;
    assert_ms(ideal_of(&made_of(MS, 3, (struct executor){.how = HOW_SEQUENTIAL, .width = 9})->snapshot).best_s, 60);
    assert_ms(ideal_of(&made_of(MS, 3, (struct executor){.how = HOW_THREAD_EACH, .width = 1})->snapshot).best_s, 30);
    assert_ms(ideal_of(&made_of(MS, 3, (struct executor){.how = HOW_PROCESS_EACH, .width = 1})->snapshot).best_s, 30);
    assert_ms(ideal_of(&made_of(MS, 3, (struct executor){.how = HOW_THREAD_POOL, .width = 1000})->snapshot).best_s, 30);
    assert_ms(ideal_of(&made_of(MS, 3, (struct executor){.how = HOW_PROCESS_BATCH, .width = 2})->snapshot).best_s, 30);
}

/* The sentence for each way of putting transfers beside each other. */
static void test_the_sentence_says_how(void **state)
{
    static const unsigned MS[] = {10, 20, 30};
    static const char REST[] = ": what remains is latency and the network's share, which no executor takes away";
    static const struct {
        struct executor executor;
        size_t count;
        const char *start;
    } CASES[] = {
        {{.how = HOW_THREAD_POOL, .width = 10}, 1, "the one transfer, as measured"},
        {{.how = HOW_SEQUENTIAL, .width = 1}, 1, "the one transfer, as measured"},
        {{.how = HOW_SEQUENTIAL, .width = 1}, 3, "the 3 transfers, as measured, one after another"},
        {{.how = HOW_THREAD_POOL, .width = 1}, 3, "the 3 transfers, as measured, one after another"},
        {{.how = HOW_THREAD_POOL, .width = 3}, 3, "the 3 transfers, as measured, all at once"},
        {{.how = HOW_PROCESS_EACH, .width = 0}, 3, "the 3 transfers, as measured, all at once"},
        {{.how = HOW_THREAD_POOL, .width = 2}, 3, "the 3 transfers, as measured, longest first, 2 at a time"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        char wanted[256];
        snprintf(wanted, sizeof wanted, "%s%s", CASES[i].start, REST);
        assert_string_equal(ideal_of(&made_of(MS, CASES[i].count, CASES[i].executor)->snapshot).why, wanted);
    }
}

/* Graham: longest first takes at most 4/3 - 1/(3m) of the best there is, and never less than either bound below. */
static void test_within_the_bounds_of_list_scheduling(void **state)
{
    static unsigned ms[JOBS_MAX];
    (void)state;
    srand(11);
    for (unsigned width = 1; width <= 200; width = width * 3 + 1) {
        uint64_t sum = 0;
        unsigned longest = 0;
        for (size_t i = 0; i < JOBS_MAX; i++) {
            ms[i] = 1 + (unsigned)rand() % 100;
            sum += ms[i];
            longest = ms[i] > longest ? ms[i] : longest;
        }
        struct ideal ideal =
            ideal_of(&made_of(ms, JOBS_MAX, (struct executor){.how = HOW_THREAD_POOL, .width = width})->snapshot);
        double floor_ms = (double)sum / width > longest ? (double)sum / width : longest;
        assert_true(ideal.best_s * 1000 >= floor_ms - 0.001);
        assert_true(ideal.best_s * 1000 <= floor_ms * 4 / 3 + longest);
    }
}

static uint64_t best_of_all(const unsigned *ms, size_t count, uint64_t *lanes, size_t width)
{
    uint64_t best = UINT64_MAX;
    if (count == 0) {
        uint64_t end = 0;
        for (size_t i = 0; i < width; i++)
            end = lanes[i] > end ? lanes[i] : end;
        return end;
    }
    for (size_t i = 0; i < width; i++) {
        lanes[i] += ms[0];
        uint64_t end = best_of_all(ms + 1, count - 1, lanes, width);
        best = end < best ? end : best;
        lanes[i] -= ms[0];
    }
    return best;
}

static void test_near_the_best_of_all_schedules(void **state)
{
    (void)state;
    srand(5);
    for (int round = 0; round < 50; round++) {
        unsigned ms[7];
        uint64_t lanes[3] = {0};
        for (size_t i = 0; i < 7; i++)
            ms[i] = 1 + (unsigned)rand() % 50;
        double best = (double)best_of_all(ms, 7, lanes, 3);
        double ideal =
            ideal_of(&made_of(ms, 7, (struct executor){.how = HOW_THREAD_POOL, .width = 3})->snapshot).best_s * 1000;
        assert_true(ideal >= best - 0.001 && ideal <= best * (4.0 / 3 - 1.0 / 9) + 0.001);
    }
}

/* Longest first is a rule of thumb: {3, 3, 2, 2, 2} over two lanes takes 7 by it, and 6 is possible. */
static void test_a_run_that_did_better_is_believed(void **state)
{
    static const unsigned MS[] = {300, 300, 200, 200, 200};
    (void)state;
    struct made *made = made_of(MS, 5, POOL_2);
    assert_ms(ideal_of(&made->snapshot).best_s, 700);
    made->snapshot.wall_ns = 601 * NS_PER_MS;
    struct ideal ideal = ideal_of(&made->snapshot);
    assert_ms(ideal.best_s, 601);
    assert_non_null(strstr(ideal.why, "did better"));
    made->snapshot.state = RUN_RUNNING; /* not while it still runs */
    assert_ms(ideal_of(&made->snapshot).best_s, 700);
}

static void test_failed_parts_count_and_open_ones_do_not(void **state)
{
    static const unsigned MS[] = {10, 20, 30, 40};
    (void)state;
    struct made *made = made_of(MS, 4, POOL_2);
    made->jobs[0].word.state = JOB_QUEUED;
    made->jobs[1].word.state = JOB_RUNNING;
    made->jobs[2].word.state = JOB_FAILED;
    made->snapshot.state = RUN_STOPPED;
    struct ideal ideal = ideal_of(&made->snapshot);
    assert_ms(ideal.sum_s, 70);
    assert_ms(ideal.best_s, 40);
    assert_non_null(strstr(ideal.why, "the 2 of 4 transfers"));
}

static void test_primes_by_cpu_time_and_cores(void **state)
{
    static const unsigned EVEN[] = {100, 100, 100, 100};
    static const unsigned UNEVEN[] = {500, 10, 10, 10};
    (void)state;
    struct made *made = made_of(EVEN, 4, POOL_2);
    made->snapshot.work = WORK_PRIMES;
    assert_ms(ideal_of(&made->snapshot).best_s, 200);
    assert_non_null(strstr(ideal_of(&made->snapshot).why, "2 usable cores"));
    made->jobs[0].result.end_ns += 100 * NS_PER_S; /* waiting for a core is no part of the job */
    assert_ms(ideal_of(&made->snapshot).best_s, 200);
    made = made_of(UNEVEN, 4, POOL_2);
    made->snapshot.work = WORK_PRIMES;
    assert_ms(ideal_of(&made->snapshot).best_s, 500);
    assert_non_null(strstr(ideal_of(&made->snapshot).why, "longest"));
}

static struct ideal ideal_of_counter(struct executor executor)
{
    static const unsigned MS[] = {10, 20, 30, 40};
    struct made *made = made_of(MS, 4, executor);
    made->snapshot.work = WORK_COUNTER;
    return ideal_of(&made->snapshot);
}

static void test_adds_to_one_counter_follow_one_another(void **state)
{
    static const struct executor ALONE[] = {{.how = HOW_SEQUENTIAL, .width = 1},
                                            {.how = HOW_THREAD_POOL, .width = 1},
                                            {.how = HOW_THREAD_POOL, .width = 4, .gil = true}};
    (void)state;
    for (size_t i = 0; i < sizeof ALONE / sizeof *ALONE; i++) {
        struct ideal ideal = ideal_of_counter(ALONE[i]);
        assert_ms(ideal.best_s, 100);
        assert_ms(ideal.sum_s, 100);
        assert_non_null(strstr(ideal.why, "the 4 jobs, one after another"));
    }
    struct ideal copies = ideal_of_counter((struct executor){.how = HOW_PROCESS_POOL, .width = 4});
    assert_ms(copies.best_s, 50);
}

static void test_what_sharing_a_counter_costs_is_not_known(void **state)
{
    static const struct executor SHARING[] = {{.how = HOW_THREAD_POOL, .width = 4}, {.how = HOW_THREAD_EACH, .width = 1}};
    (void)state;
    for (size_t i = 0; i < sizeof SHARING / sizeof *SHARING; i++) {
        struct ideal ideal = ideal_of_counter(SHARING[i]);
        assert_true(ideal.best_s < 0);
        assert_ms(ideal.sum_s, 100);
        assert_non_null(strstr(ideal.why, "not known"));
    }
}

static void test_nothing_measured_is_not_known(void **state)
{
    static const unsigned MS[] = {10};
    (void)state;
    struct made *made = made_of(MS, 1, POOL_2);
    made->jobs[0].word.state = JOB_QUEUED;
    struct ideal ideal = ideal_of(&made->snapshot);
    assert_true(ideal.best_s < 0 && ideal.sum_s < 0);
    assert_non_null(strstr(ideal.why, "not known"));
    made->snapshot.jobs = 0;
    assert_true(ideal_of(&made->snapshot).best_s < 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_in_their_order_over_the_lanes),
        cmocka_unit_test(test_longest_first_over_the_lanes),
        cmocka_unit_test(test_lanes_are_the_executors),
        cmocka_unit_test(test_the_sentence_says_how),
        cmocka_unit_test(test_within_the_bounds_of_list_scheduling),
        cmocka_unit_test(test_near_the_best_of_all_schedules),
        cmocka_unit_test(test_a_run_that_did_better_is_believed),
        cmocka_unit_test(test_failed_parts_count_and_open_ones_do_not),
        cmocka_unit_test(test_primes_by_cpu_time_and_cores),
        cmocka_unit_test(test_adds_to_one_counter_follow_one_another),
        cmocka_unit_test(test_what_sharing_a_counter_costs_is_not_known),
        cmocka_unit_test(test_nothing_measured_is_not_known),
    };
    return cmocka_run_group_tests_name("ideal", tests, NULL, NULL);
}
