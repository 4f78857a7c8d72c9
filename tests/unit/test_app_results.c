/* test_app_results.c - how a run is said to have ended that makes room for another one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "ui/app_private.h"

/* All its jobs have ended, and its last worker has not left yet: then it was not stopped. */
static void who_has_done_all_was_not_stopped(void **state)
{
    (void)state;
    struct snapshot snap = {.state = RUN_RUNNING, .jobs = 4, .done = 1, .failed = 2};
    assert_int_equal(app_results_end(&snap), RUN_STOPPED);
    snap.poisoned = 1;
    assert_int_equal(app_results_end(&snap), RUN_DONE);
    snap.state = RUN_STOPPING;
    assert_int_equal(app_results_end(&snap), RUN_DONE);
}

static void who_has_ended_did_so_as_it_says(void **state)
{
    (void)state;
    static const enum run_state ends[] = {RUN_DONE, RUN_STOPPED, RUN_BROKEN};
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
        assert_int_equal(app_results_end(&(struct snapshot){.state = ends[i], .jobs = 4, .done = 4}), ends[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(who_has_done_all_was_not_stopped),
        cmocka_unit_test(who_has_ended_did_so_as_it_says),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
