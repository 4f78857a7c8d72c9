/* test_throttle.c - allowances grow with time and no faster; waiters come out in the order of their moments. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/clock.h"
#include "origin/throttle.h"

static void nothing_is_allowed_at_first(void **state)
{
    (void)state;
    struct throttle throttle;
    throttle_init(&throttle, 1000, NS_PER_S);
    assert_int_equal(throttle_allowed(&throttle, NS_PER_S), 0);
    assert_int_equal(throttle_allowed(&throttle, NS_PER_S + 100 * NS_PER_MS), 100);
    throttle_spend(&throttle, 60);
    assert_int_equal(throttle_allowed(&throttle, NS_PER_S + 110 * NS_PER_MS), 50);
}

/* At the moment that throttle_when names, the bytes are allowed, and a millisecond's worth more is not. */
static void the_moment_named_is_the_moment(void **state)
{
    (void)state;
    const uint64_t rates[] = {1, 3, 999, 98304, 1000003, 5000000000};
    for (size_t i = 0; i < sizeof rates / sizeof *rates; i++) {
        struct throttle throttle;
        uint64_t start = 12345 * NS_PER_S + 7;
        size_t want = (size_t)(rates[i] / 25 + 1);
        throttle_init(&throttle, rates[i], start);
        uint64_t when = throttle_when(&throttle, want);
        size_t allowed = throttle_allowed(&throttle, when);
        assert_true(allowed >= want);
        assert_true(allowed <= want + rates[i] / 1000 + 1);
    }
}

static void a_new_rate_keeps_what_was_earned(void **state)
{
    (void)state;
    struct throttle throttle;
    throttle_init(&throttle, 1000, 0);
    throttle_set(&throttle, 10000, 100 * NS_PER_MS);
    assert_int_equal(throttle_allowed(&throttle, 200 * NS_PER_MS), 100 + 1000);
    throttle_set(&throttle, 0, 200 * NS_PER_MS);
    assert_true(throttle_allowed(&throttle, 200 * NS_PER_MS) == SIZE_MAX);
    assert_true(throttle_when(&throttle, 1 << 30) <= 200 * NS_PER_MS);
}

static void a_pause_does_not_end_in_a_burst(void **state)
{
    (void)state;
    struct throttle throttle;
    throttle_init(&throttle, 1000000, 0);
    assert_in_range(throttle_allowed(&throttle, 60 * NS_PER_S), 200000, 500000);
}

enum { WAITERS = 500 };

static void fill(struct waiters *waiters, struct waiter *items)
{
    srand(1);
    assert_int_equal(waiters_init(waiters, WAITERS), 0);
    for (int i = 0; i < WAITERS; i++) {
        items[i] = (struct waiter){0};
        assert_int_equal(waiters_add(waiters, &items[i], (uint64_t)(rand() % 1000)), 0);
    }
}

static void assert_in_order(struct waiters *waiters, size_t count)
{
    uint64_t last = 0;
    for (size_t i = 0; i < count; i++) {
        uint64_t next = waiters_next_ns(waiters);
        struct waiter *waiter = waiters_take_due(waiters, UINT64_MAX - 1);
        assert_non_null(waiter);
        assert_int_equal(waiter->due_ns, next);
        assert_true(waiter->due_ns >= last);
        assert_int_equal(waiter->place, 0);
        last = waiter->due_ns;
    }
    assert_null(waiters_take_due(waiters, UINT64_MAX - 1));
    assert_true(waiters_next_ns(waiters) == UINT64_MAX);
}

static void waiters_come_out_in_order(void **state)
{
    (void)state;
    static struct waiter items[WAITERS];
    struct waiter more = {0};
    struct waiters waiters;
    fill(&waiters, items);
    assert_int_equal(waiters_add(&waiters, &more, 5), -1);
    assert_in_order(&waiters, WAITERS);
    waiters_free(&waiters);
}

static void waiters_can_leave(void **state)
{
    (void)state;
    static struct waiter items[WAITERS];
    struct waiters waiters;
    fill(&waiters, items);
    for (int i = 0; i < WAITERS; i += 3) {
        waiters_remove(&waiters, &items[i]);
        waiters_remove(&waiters, &items[i]);
    }
    assert_in_order(&waiters, WAITERS - (WAITERS + 2) / 3);
    waiters_free(&waiters);
}

static void moments_can_change(void **state)
{
    (void)state;
    static struct waiter items[WAITERS];
    struct waiters waiters;
    fill(&waiters, items);
    for (int i = 0; i < WAITERS; i++)
        items[i].due_ns = (uint64_t)(rand() % 100000);
    waiters_reorder(&waiters);
    assert_in_order(&waiters, WAITERS);
    waiters_free(&waiters);
}

static void nobody_goes_early(void **state)
{
    (void)state;
    struct waiter item = {0};
    struct waiters waiters;
    assert_int_equal(waiters_init(&waiters, 1), 0);
    assert_int_equal(waiters_add(&waiters, &item, 100), 0);
    assert_null(waiters_take_due(&waiters, 99));
    assert_ptr_equal(waiters_take_due(&waiters, 100), &item);
    waiters_free(&waiters);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_is_allowed_at_first),
        cmocka_unit_test(the_moment_named_is_the_moment),
        cmocka_unit_test(a_new_rate_keeps_what_was_earned),
        cmocka_unit_test(a_pause_does_not_end_in_a_burst),
        cmocka_unit_test(waiters_come_out_in_order),
        cmocka_unit_test(waiters_can_leave),
        cmocka_unit_test(moments_can_change),
        cmocka_unit_test(nobody_goes_early),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
