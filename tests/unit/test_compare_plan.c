/* test_compare_plan.c - a comparison's order, and the list of the article. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "compare/plan.h"
#include "juggler/compare.h"

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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_order_is_a_permutation),
        cmocka_unit_test(test_a_seed_gives_its_order_again),
        cmocka_unit_test(test_the_order_of_a_seed_is_for_ever),
        cmocka_unit_test(test_orders_are_fair),
        cmocka_unit_test(test_the_articles_lists),
    };
    return cmocka_run_group_tests_name("compare plan", tests, NULL, NULL);
}
