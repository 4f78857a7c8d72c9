/* test_flat.c - the real program as a screen reader sees it: whole lines, few changes, the cursor where something happened. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "escapes.h"
#include "screen.h"

static struct screen *open_with(void **state, const char *const *arguments, const char *const *environment)
{
    return screen_open(
        state, &(struct screen_start){.arguments = arguments, .environment = environment, .columns = 80, .rows = 24});
}

/* The cursor's row has this text, and the cursor stands at its beginning. */
static bool cursor_is_on(struct screen *screen, const void *text)
{
    int row, column;
    screen_cursor(screen, &row, &column);
    return column == 0 && strstr(screen_row(screen, row), text) != NULL;
}

static const char *const long_work[] = {"--flat", "primes", "400000", "400000", "--with", "thread-pool:2", NULL};
static const char *const short_work[] = {"--flat", "primes", "20000", "30000", NULL};

static void an_answer_has_the_cursor(void **state)
{
    struct screen *screen = open_with(state, long_work, NULL);
    screen_expect_text(screen, 10, "PRIMES, CPU-bound, thread-pool:2, running");
    screen_expect_text(screen, 10, "thread 2: ");
    screen_type(screen, "T");
    screen_expect(screen, 3, cursor_is_on, "3 threads from now on");
    screen_type(screen, " ");
    screen_expect(screen, 3, cursor_is_on, "paused: space goes on");
    screen_expect_text(screen, 3, "thread 1: paused");
    screen_type(screen, "12");
    screen_expect(screen, 3, cursor_is_on, "workers: 12");
    screen_type(screen, "\r");
    screen_expect(screen, 3, cursor_is_on, "12 threads from now on");
    screen_type(screen, "q");
    screen_expect_exit(screen, 3, 0);
    size_t count;
    const uint8_t *bytes = screen_bytes(screen, &count);
    struct escapes seen = escapes_read(bytes, count);
    assert_string_equal(seen.unknown, "");
    assert_false(seen.alternate_screen || seen.cursor_hidden || seen.attributes);
}

static void the_selected_worker_has_the_cursor(void **state)
{
    struct screen *screen = open_with(state, long_work, NULL);
    screen_expect_text(screen, 10, "thread 2: ");
    screen_type(screen, "\033OB"); /* Down */
    screen_expect(screen, 3, cursor_is_on, "thread 2: ");
    screen_type(screen, "\033OA");
    screen_expect(screen, 3, cursor_is_on, "thread 1: ");
}

static void the_end_has_the_cursor(void **state)
{
    struct screen *screen = open_with(state, short_work, NULL);
    screen_expect(screen, 10, cursor_is_on, "PRIMES, CPU-bound, process-pool:4, done");
    screen_expect_text(screen, 2, "2 of 2 done, 0 failed");
    screen_expect_text(screen, 2, "result 1: primes process-pool:4, done in");
}

static void a_failure_has_the_cursor(void **state)
{
    static const char *const work[] = {"--flat", "download", "http://127.0.0.1:1/nothing", "--retry", "0", NULL};
    struct screen *screen = open_with(state, work, NULL);
    screen_expect(screen, 10, cursor_is_on, "nothing");
    screen_expect_text(screen, 2, "0 of 1 done, 1 failed");
}

static void there_are_no_pictures_in_any_view(void **state)
{
    static const char *const keys[] = {"v", "j", "?"};
    static const char *const wanted[] = {"time: the last 10 s", "which are the usable cores", "help, lines 1 to"};
    struct screen *screen = open_with(state, long_work, NULL);
    screen_expect_text(screen, 10, "thread 2: ");
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        screen_type(screen, keys[i]);
        screen_expect_text(screen, 3, wanted[i]);
        screen_type(screen, "\033");
        screen_expect_no_text(screen, 3, wanted[i]);
        screen_expect_text(screen, 3, "PRIMES, CPU-bound");
    }
    size_t count;
    const uint8_t *bytes = screen_bytes(screen, &count);
    for (size_t i = 0; i + 2 < count; i++)
        screen_require(screen, !(bytes[i] == 0xe2 && (bytes[i + 1] == 0x94 || bytes[i + 1] == 0x96))); /* lines, blocks */
}

static void help_opens_at_what_is_on_the_screen(void **state)
{
    struct screen *screen = open_with(state, short_work, NULL);
    screen_expect_text(screen, 10, "2 of 2 done");
    screen_type(screen, "v");
    screen_expect_text(screen, 3, "time: ");
    screen_type(screen, "?");
    screen_expect_text(screen, 3, "TIMELINE");
    screen_require(screen, strstr(screen_row(screen, 1), "TIMELINE") != NULL);
    screen_type(screen, "\033OH"); /* Home */
    screen_expect_text(screen, 3, "WHAT THIS IS");
}

/* Counts how often the screen differs from what it was. */
struct changes {
    char text[80 * 4 * 24 + 64];
    unsigned count;
    uint64_t until_ns;
};

static bool time_is_over(struct screen *screen, const void *context)
{
    struct changes *changes = (struct changes *)(uintptr_t)context;
    const char *now = screen_text(screen);
    if (strncmp(changes->text, now, sizeof changes->text - 1) != 0) {
        snprintf(changes->text, sizeof changes->text, "%s", now);
        changes->count++;
    }
    return clock_now_ns() > changes->until_ns;
}

/* At thirty frames a second it would be 75. What is counted is bounded from above only: a slow machine has fewer. */
static void lines_stay_long_enough_to_be_read(void **state)
{
    static struct changes changes;
    struct screen *screen = open_with(state, long_work, NULL);
    screen_expect_text(screen, 10, "thread 2: ");
    changes = (struct changes){.until_ns = clock_now_ns() + 5 * NS_PER_S / 2};
    screen_wait(screen, 20, time_is_over, &changes);
    if (changes.count > 8) /* a frame may come in two pieces */
        fail_msg("the screen changed %u times in 2.5 s", changes.count);
}

static void without_utf8_it_is_ascii(void **state)
{
    static const char *const environment[] = {"LANG=C", "LC_ALL=C", NULL};
    struct screen *screen = open_with(state, short_work, environment);
    screen_expect_text(screen, 10, "2 of 2 done");
    screen_type(screen, "?");
    screen_expect_text(screen, 3, "WHAT THIS IS");
    screen_type(screen, "qq");
    screen_expect_exit(screen, 3, 0);
    size_t count;
    const uint8_t *bytes = screen_bytes(screen, &count);
    assert_int_equal(escapes_read(bytes, count).beyond_ascii, 0);
}

#define CASE(function) cmocka_unit_test_teardown(function, screen_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(an_answer_has_the_cursor),
        CASE(the_selected_worker_has_the_cursor),
        CASE(the_end_has_the_cursor),
        CASE(a_failure_has_the_cursor),
        CASE(there_are_no_pictures_in_any_view),
        CASE(help_opens_at_what_is_on_the_screen),
        CASE(lines_stay_long_enough_to_be_read),
        CASE(without_utf8_it_is_ascii),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
