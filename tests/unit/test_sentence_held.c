/* test_sentence_held.c - a sentence stands only when it has been true for a second, and no longer than it is. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "ui/app_private.h"

#include "sentence_states.h"

static const char *shown_at(struct app_sentence *held, struct sample *sample, int lane, unsigned ms)
{
    app_sentence_update(held, &sample->model.lanes[lane], CORES, 5 * NS_PER_S + ms * NS_PER_MS, true, false);
    return sample->model.lanes[lane].sentence;
}

static void a_sentence_is_shown_when_it_was_true_for_a_second(void **state)
{
    struct sample *sample = *state;
    struct app_sentence held;
    app_sentence_reset(&held);
    sample->model.lanes[0].sentence[0] = 0;
    wait_for_the_server(sample);
    assert_string_equal(shown_at(&held, sample, 0, 0), "");
    assert_string_equal(shown_at(&held, sample, 0, 999), "");
    assert_non_null(strstr(shown_at(&held, sample, 0, 1000), "9 of 10 threads wait for the server"));
    only_six_do(sample); /* and no longer than it is true */
    assert_string_equal(shown_at(&held, sample, 0, 1001), "");
    wait_for_the_server(sample);
    assert_string_equal(shown_at(&held, sample, 0, 1900), "");
    assert_non_null(strstr(shown_at(&held, sample, 0, 2900), "wait for the server"));
}

static void an_old_sentence_stays_while_another_is_on_trial(void **state)
{
    struct sample *sample = *state;
    struct app_sentence held;
    app_sentence_reset(&held);
    sample->model.lanes[0].sentence[0] = 0;
    wait_for_the_server(sample);
    shown_at(&held, sample, 0, 0);
    shown_at(&held, sample, 0, 1000);
    wait_long_for_a_byte(sample); /* it speaks first, but the old one is still true */
    assert_non_null(strstr(shown_at(&held, sample, 0, 1500), "wait for the server"));
    assert_non_null(strstr(shown_at(&held, sample, 0, 2400), "wait for the server"));
    assert_non_null(strstr(shown_at(&held, sample, 0, 2500), "waited over 1 s for a first byte"));
}

static void figures_change_when_they_are_due(void **state)
{
    struct sample *sample = *state;
    struct app_sentence held;
    struct model_lane *lane = &sample->model.lanes[0];
    app_sentence_reset(&held);
    wait_for_the_server(sample);
    shown_at(&held, sample, 0, 0);
    shown_at(&held, sample, 0, 1000);
    set_phase(sample, 0, 0, PHASE_WRITING);
    app_sentence_update(&held, lane, CORES, 7 * NS_PER_S, false, false);
    assert_non_null(strstr(lane->sentence, "9 of 10"));
    app_sentence_update(&held, lane, CORES, 7 * NS_PER_S, true, false);
    assert_non_null(strstr(lane->sentence, "8 of 10"));
}

static void the_end_is_told_at_once(void **state)
{
    struct sample *sample = *state;
    struct app_sentence held;
    app_sentence_reset(&held);
    end_at_the_server(sample);
    assert_non_null(strstr(shown_at(&held, sample, 0, 0), "86 % of the time"));
}

#define CASE(function) cmocka_unit_test_setup_teardown(function, sample_make, sample_free)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(a_sentence_is_shown_when_it_was_true_for_a_second),
        CASE(an_old_sentence_stays_while_another_is_on_trial),
        CASE(figures_change_when_they_are_due),
        CASE(the_end_is_told_at_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
