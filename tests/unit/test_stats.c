/* test_stats.c - median, least and most of a few values; percentiles. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>

#include "measure/stats.h"

static void test_odd_and_even(void **state)
{
    double odd[] = {5, 1, 3}, even[] = {4, 1, 3, 2}, one[] = {7};
    (void)state;
    struct stats stats = stats_of(odd, 3);
    assert_true(stats.median == 3 && stats.min == 1 && stats.max == 5 && stats.count == 3);
    stats = stats_of(even, 4);
    assert_true(stats.median == 2.5 && stats.min == 1 && stats.max == 4);
    stats = stats_of(one, 1);
    assert_true(stats.median == 7 && stats.min == 7 && stats.max == 7);
}

static void test_what_is_not_known_is_left_out(void **state)
{
    double some[] = {-1, 2, -1, 4, 0}, none[] = {-1, -1};
    (void)state;
    struct stats stats = stats_of(some, 5);
    assert_true(stats.count == 3 && stats.median == 2 && stats.min == 0 && stats.max == 4);
    stats = stats_of(none, 2);
    assert_true(stats.count == 0 && stats.median < 0 && stats.min < 0 && stats.max < 0);
    assert_true(stats_of(none, 0).median < 0);
}

/* What a mean would not survive. */
static void test_one_wild_value_moves_no_median(void **state)
{
    double values[] = {1.0, 1.1, 1000, 1.2, 0.9};
    (void)state;
    assert_true(stats_of(values, 5).median == 1.1);
}

static void test_integers(void **state)
{
    uint64_t odd[] = {9, 0, 3, 5}, even[] = {10, 20}, large[] = {UINT64_MAX, UINT64_MAX - 2}, none[] = {0};
    (void)state;
    assert_int_equal(stats_median_ns(odd, 4), 5);
    assert_int_equal(stats_median_ns(even, 2), 15);
    assert_true(stats_median_ns(large, 2) == UINT64_MAX - 1);
    assert_int_equal(stats_median_ns(none, 1), 0);
    assert_int_equal(stats_median_ns(none, 0), 0);
}

/* As many above as below, and within the bounds, whatever the values. */
static void test_half_lie_on_each_side(void **state)
{
    (void)state;
    srand(3);
    for (int round = 0; round < 500; round++) {
        double values[101], copy[101];
        size_t count = 1 + (size_t)rand() % 101, below = 0, above = 0;
        for (size_t i = 0; i < count; i++)
            values[i] = copy[i] = rand() % 50;
        struct stats stats = stats_of(copy, count);
        for (size_t i = 0; i < count; i++) {
            below += values[i] < stats.median;
            above += values[i] > stats.median;
            assert_true(values[i] >= stats.min && values[i] <= stats.max);
        }
        assert_true(below <= count / 2 && above <= count / 2);
        assert_true(stats.min <= stats.median && stats.median <= stats.max);
    }
}

/* By nearest rank, as on paper: number ceil(p * n / 100) in order. */
static void test_percentiles_by_hand(void **state)
{
    (void)state;
    uint64_t five[] = {50, 15, 40, 20, 35}; /* 15 20 35 40 50: the 3rd, the 5th, the 5th */
    struct percentiles got = stats_percentiles_ns(five, 5);
    assert_int_equal(got.count, 5);
    assert_int_equal(got.p50, 35);
    assert_int_equal(got.p90, 50);
    assert_int_equal(got.p99, 50);
    assert_int_equal(got.max, 50);
    uint64_t ten[] = {10, 9, 8, 7, 6, 5, 4, 3, 2, 1}; /* the 5th, the 9th, the 10th */
    got = stats_percentiles_ns(ten, 10);
    assert_true(got.p50 == 5 && got.p90 == 9 && got.p99 == 10 && got.max == 10);
    uint64_t eleven[] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11}; /* 5.5: the 6th; 9.9: the 10th; 10.89: the 11th */
    got = stats_percentiles_ns(eleven, 11);
    assert_true(got.p50 == 6 && got.p90 == 10 && got.p99 == 11);
    uint64_t many[1000];
    for (size_t i = 0; i < 1000; i++)
        many[i] = 1000 - i;
    got = stats_percentiles_ns(many, 1000);
    assert_true(got.p50 == 500 && got.p90 == 900 && got.p99 == 990 && got.max == 1000);
    got = stats_percentiles_ns(many, 199); /* sorted by now: 1 ... 199; 99.5, 179.1, 197.01 */
    assert_true(got.p50 == 100 && got.p90 == 180 && got.p99 == 198 && got.max == 199);
}

static void test_percentiles_of_few(void **state)
{
    uint64_t one[] = {7}, two[] = {0, 3}, large[] = {UINT64_MAX, UINT64_MAX - 1};
    (void)state;
    struct percentiles got = stats_percentiles_ns(one, 1);
    assert_true(got.count == 1 && got.p50 == 7 && got.p90 == 7 && got.p99 == 7 && got.max == 7);
    got = stats_percentiles_ns(two, 2);
    assert_true(got.count == 2 && got.p50 == 0 && got.p90 == 3 && got.max == 3); /* 0 is a time, too */
    got = stats_percentiles_ns(large, 2);
    assert_true(got.p50 == UINT64_MAX - 1 && got.max == UINT64_MAX);
    assert_int_equal(stats_percentiles_ns(one, 0).count, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_odd_and_even),
        cmocka_unit_test(test_what_is_not_known_is_left_out),
        cmocka_unit_test(test_one_wild_value_moves_no_median),
        cmocka_unit_test(test_integers),
        cmocka_unit_test(test_half_lie_on_each_side),
        cmocka_unit_test(test_percentiles_by_hand),
        cmocka_unit_test(test_percentiles_of_few),
    };
    return cmocka_run_group_tests_name("stats", tests, NULL, NULL);
}
