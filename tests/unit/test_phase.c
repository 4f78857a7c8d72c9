/* test_phase.c - the table of phases is whole, short enough for its columns, and its letters tell phases apart. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "juggler/phase.h"

static void every_phase_has_its_words(void **state)
{
    (void)state;
    for (int p = 0; p < PHASE_COUNT; p++) {
        enum phase phase = (enum phase)p;
        assert_in_range(strlen(phase_word(phase)), 1, 10);
        assert_in_range(strlen(phase_word_short(phase)), 1, 5);
        const char *sentence = phase_sentence(phase);
        assert_true(strlen(sentence) > 10);
        assert_int_equal(sentence[strlen(sentence) - 1], '.');
        for (const char *at = phase_word(phase); *at != '\0'; at++) {
            assert_in_range(*at, ' ', '~');
        }
    }
}

static void words_and_letters_differ(void **state)
{
    (void)state;
    for (int a = 0; a < PHASE_COUNT; a++) {
        assert_in_range(phase_letter((enum phase)a), 'A', 'Z');
        for (int b = a + 1; b < PHASE_COUNT; b++) {
            assert_int_not_equal(phase_letter((enum phase)a), phase_letter((enum phase)b));
            assert_string_not_equal(phase_word((enum phase)a), phase_word((enum phase)b));
            assert_string_not_equal(phase_word_short((enum phase)a), phase_word_short((enum phase)b));
        }
    }
}

static void a_value_out_of_range_reads_as_unknown(void **state)
{
    (void)state;
    assert_string_equal(phase_word((enum phase)PHASE_COUNT), "?");
    assert_string_equal(phase_word_short((enum phase)4000000000u), "?");
    assert_string_equal(phase_sentence((enum phase)PHASE_COUNT), "?");
    assert_int_equal(phase_letter((enum phase)PHASE_COUNT), '?');
    assert_int_equal(phase_class_of((enum phase)PHASE_COUNT), PHASE_CLASS_NONE);
}

static void classes_follow_the_textbook(void **state)
{
    (void)state;
    assert_int_equal(phase_class_of(PHASE_COMPUTING), PHASE_CLASS_RUNNING);
    assert_int_equal(phase_class_of(PHASE_MULTIPLYING), PHASE_CLASS_RUNNING);
    assert_int_equal(phase_class_of(PHASE_WRITING), PHASE_CLASS_RUNNING);
    assert_int_equal(phase_class_of(PHASE_WAITING), PHASE_CLASS_IO);
    assert_int_equal(phase_class_of(PHASE_RECEIVING), PHASE_CLASS_IO);
    assert_int_equal(phase_class_of(PHASE_BACKOFF), PHASE_CLASS_IO);
    assert_int_equal(phase_class_of(PHASE_LOCK), PHASE_CLASS_LOCK);
    assert_int_equal(phase_class_of(PHASE_BARRIER), PHASE_CLASS_BARRIER);
    assert_int_equal(phase_class_of(PHASE_PAUSED), PHASE_CLASS_NO_WORK);
    assert_int_equal(phase_class_of(PHASE_DEAD), PHASE_CLASS_NONE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_phase_has_its_words),
        cmocka_unit_test(words_and_letters_differ),
        cmocka_unit_test(a_value_out_of_range_reads_as_unknown),
        cmocka_unit_test(classes_follow_the_textbook),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
