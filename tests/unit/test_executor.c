/* test_executor.c - executors as text: what is read, what is refused and with which words. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "base/problem.h"
#include "juggler/executor.h"

static void specs_are_read_and_written(void **state)
{
    (void)state;
    static const struct {
        const char *spec;
        enum work work;
        enum executor_how how;
        unsigned width;
        const char *text;
        bool gil;
    } rows[] = {
        {"sequential", WORK_DOWNLOAD, HOW_SEQUENTIAL, 1, "sequential", false},
        {"thread-each", WORK_DOWNLOAD, HOW_THREAD_EACH, 1, "thread-each", false},
        {"thread-batch", WORK_DOWNLOAD, HOW_THREAD_BATCH, 10, "thread-batch:10", false},
        {"thread-pool:7", WORK_DOWNLOAD, HOW_THREAD_POOL, 7, "thread-pool:7", false},
        {"thread-pool", WORK_PRIMES, HOW_THREAD_POOL, 3, "thread-pool:3", false},
        {"process-each", WORK_PRIMES, HOW_PROCESS_EACH, 1, "process-each", false},
        {"process-batch:2", WORK_PRIMES, HOW_PROCESS_BATCH, 2, "process-batch:2", false},
        {"process-pool:8192", WORK_PRIMES, HOW_PROCESS_POOL, 8192, "process-pool:8192", false},
        {"event-loop:10", WORK_DOWNLOAD, HOW_EVENT_LOOP, 10, "event-loop:10", false},
        {"thread-pool:4", WORK_COUNTER, HOW_THREAD_POOL, 4, "thread-pool:4", false},
        {"thread-pool:4+gil", WORK_PRIMES, HOW_THREAD_POOL, 4, "thread-pool:4+gil", true},
        {"thread-batch+gil", WORK_DOWNLOAD, HOW_THREAD_BATCH, 10, "thread-batch:10+gil", true},
        {"sequential+gil", WORK_PRIMES, HOW_SEQUENTIAL, 1, "sequential+gil", true},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct executor executor;
        struct problem problem = {.text = ""};
        char text[EXECUTOR_TEXT_BYTES];
        if (executor_parse(rows[i].spec, rows[i].work, 3, &executor, &problem) != 0)
            fail_msg("%s: %s", rows[i].spec, problem.text);
        assert_int_equal(executor.how, rows[i].how);
        assert_int_equal(executor.width, rows[i].width);
        assert_int_equal(executor.gil, rows[i].gil);
        assert_string_equal(executor_format(&executor, text), rows[i].text);
    }
}

static void bad_specs_are_refused_in_words(void **state)
{
    (void)state;
    static const struct {
        const char *spec;
        enum work work;
        const char *words;
    } rows[] = {
        {"thread-pol", WORK_DOWNLOAD, "the choices are sequential"},
        {"", WORK_DOWNLOAD, "the choices are"},
        {"thread-pool:0", WORK_DOWNLOAD, "at least 1"},
        {"thread-pool:100000", WORK_DOWNLOAD, "at most 8192"},
        {"thread-pool:99999999999999999999", WORK_DOWNLOAD, "at most 8192"},
        {"thread-pool:-3", WORK_DOWNLOAD, "not a whole number"},
        {"thread-pool: 3", WORK_DOWNLOAD, "not a whole number"},
        {"thread-pool:3x", WORK_DOWNLOAD, "not a whole number"},
        {"thread-pool:", WORK_DOWNLOAD, "not a whole number"},
        {"sequential:4", WORK_DOWNLOAD, "no width"},
        {"thread-each:4", WORK_DOWNLOAD, "no width"},
        {"event-loop", WORK_PRIMES, "never waits"},
        {"event-loop:4", WORK_COUNTER, "never waits"},
        {"event-loop:4+gil", WORK_DOWNLOAD, "nobody to share"},
        {"process-pool:4+gil", WORK_PRIMES, "no interpreter"},
        {"process-each+gil", WORK_DOWNLOAD, "no interpreter"},
        {"thread-pool:4+gilx", WORK_PRIMES, "not a whole number"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct executor executor;
        struct problem problem = {.text = ""};
        assert_int_equal(executor_parse(rows[i].spec, rows[i].work, 2, &executor, &problem), -1);
        if (!strstr(problem.text, rows[i].words))
            fail_msg("'%s': '%s' does not say '%s'", rows[i].spec, problem.text, rows[i].words);
    }
}

static void a_very_long_name_does_not_overflow(void **state)
{
    (void)state;
    char spec[5000];
    struct executor executor;
    struct problem problem;
    memset(spec, 'x', sizeof spec - 1);
    spec[sizeof spec - 1] = 0;
    assert_int_equal(executor_parse(spec, WORK_PRIMES, 2, &executor, &problem), -1);
}

static void strategies_say_what_they_do(void **state)
{
    (void)state;
    for (int how = 0; how < HOW_COUNT; how++) {
        const struct strategy *strategy = executor_strategy((enum executor_how)how);
        assert_non_null(strategy->name);
        assert_non_null(strategy->sentence);
        assert_int_equal(executor_has_width((enum executor_how)how), strategy->at_once == WORKERS_WIDTH);
    }
    assert_true(executor_strategy(HOW_THREAD_BATCH)->barrier);
    assert_false(executor_strategy(HOW_THREAD_POOL)->barrier);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(specs_are_read_and_written),
        cmocka_unit_test(bad_specs_are_refused_in_words),
        cmocka_unit_test(a_very_long_name_does_not_overflow),
        cmocka_unit_test(strategies_say_what_they_do),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
