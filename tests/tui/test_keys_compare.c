/* test_keys_compare.c - the keys of the comparison, and what the history keeps. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "long_work.h"

/* --- the comparison ----------------------------------------------------------------------------------------------------- */

static bool comparison_has_lines(struct screen *screen, const void *unused)
{
    static const char *const lines[] = {" sequential ", " process-each ", " process-pool:4 ", " thread-pool:4+gil "};
    (void)unused;
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
        if (!screen_has(screen, lines[i]))
            return false;
    return screen_has(screen, "COMPARE  primes") && screen_has(screen, "shuffled by seed");
}

static void c_compares_and_stops_what_went_on(void **state)
{
    char limits[LANE_PATH_BYTES];
    lane_list("limits", "400000", 4, limits);
    const char *const work[] = {"primes", limits, "--with", "process-pool:2", NULL};
    struct screen *screen = screen_open(state, &(struct screen_start){.arguments = work});
    screen_expect(screen, 10, processes_are, (&(struct census){PROCESS_WORKERS, 2}));
    screen_type(screen, "c");
    screen_expect(screen, 3, comparison_has_lines, NULL);
    screen_expect_text(screen, 3, "what went on in the lanes was ended");
    screen_expect_text(screen, 3, "warm-up");
    screen_expect_text(screen, 10, "▶ ");
    screen_require(screen, !screen_has(screen, "│ * ")); /* nobody is named the winner yet */
    screen_type(screen, "c");
    screen_expect_text(screen, 2, "the comparison goes on: c shows it again");
    screen_expect_text(screen, 2, "▶ comparing");
    screen_expect(screen, 2, lane_says, (&(struct lane_says){LANE_PRIMES, "stopped after"}));
    screen_type(screen, "r");
    screen_expect_text(screen, 2, "a comparison is going on");
    screen_type(screen, "cx");
    screen_expect_text(screen, 3, "stopped; what was measured stays");
    screen_expect(screen, 3, processes_are, (&(struct census){"juggler:runner", 0}));
    screen_type(screen, "\033");
    screen_expect_text(screen, 2, "r run again");
    screen_type(screen, "r");
    screen_expect(screen, 5, processes_are, (&(struct census){PROCESS_WORKERS, 2}));
}

static void a_comparison_comes_to_its_end(void **state)
{
    static const char *const work[] = {"primes", "30000", "30000", "--with", "process-pool:2", NULL};
    struct screen *screen = screen_open(state, &(struct screen_start){.arguments = work});
    screen_expect_text(screen, 10, "2 of 2 done");
    screen_type(screen, "c");
    screen_expect(screen, 3, comparison_has_lines, NULL);
    screen_expect_text(screen, 60, "─ over ─");
    screen_expect_text(screen, 3, "1.00×");
    screen_expect_text(screen, 3, "r run again");
    screen_type(screen, "cc"); /* it is still there */
    screen_expect_text(screen, 3, "─ over ─");
    screen_type(screen, "r");
    screen_expect_text(screen, 3, "warm-up");
    screen_type(screen, "q");
    screen_expect_exit(screen, 5, 0);
}

/* --- the history -------------------------------------------------------------------------------------------------------- */

/* Lines in the history of this screen's program that have the text; -1: there is no history. */
static int history_lines(struct screen *screen, const char *text)
{
    char path[LANE_PATH_BYTES], line[4096];
    int count = 0;
    snprintf(path, sizeof path, "%s.state/juggler/history.jsonl", screen_tmpdir(screen));
    FILE *file = fopen(path, "r");
    if (!file)
        return -1;
    while (fgets(line, sizeof line, file))
        count += strstr(line, text) != NULL;
    fclose(file);
    return count;
}

static bool history_has_one(struct screen *screen, const void *text)
{
    return history_lines(screen, text) == 1;
}

static bool history_has_comparison(struct screen *screen, const void *unused)
{
    (void)unused;
    return history_lines(screen, "\"thread-pool:4+gil\"") == 1 && history_lines(screen, "\"process-each\"") == 1;
}

/* A run that came to its end by itself; not one that a key ended. */
static void finished_runs_are_in_the_history(void **state)
{
    static const char *const work[] = {"primes", "20000", "20000", "--with", "thread-pool:2", NULL};
    struct screen *screen = screen_open(state, &(struct screen_start){.arguments = work});
    screen_expect_text(screen, 10, "2 of 2 done");
    screen_expect(screen, 3, history_has_one, "\"thread-pool:2\"");
    screen_type(screen, "l"); /* the limits times 8: seconds */
    screen_expect(screen, 5, lane_says, (&(struct lane_says){LANE_PRIMES, "≤ 402624"}));
    screen_type(screen, "x");
    screen_expect_text(screen, 5, "stopped after");
    screen_type(screen, "lllll"); /* round to the person's own list again */
    screen_expect_text(screen, 5, "now working on your 2 limits");
    screen_type(screen, "c");
    screen_expect_text(screen, 60, "─ over ─");
    screen_expect(screen, 3, history_has_comparison, NULL);
    screen_require(screen, history_lines(screen, "\"stopped\"") == 0);
}

static void no_history_leaves_no_trace(void **state)
{
    static const char *const work[] = {"--no-history", "primes", "20000", "--with", "thread-pool:2", NULL};
    struct screen *screen = screen_open(state, &(struct screen_start){.arguments = work});
    screen_expect_text(screen, 10, "1 of 1 done");
    screen_expect_text(screen, 3, "1 run");
    screen_type(screen, "q");
    screen_expect_exit(screen, 5, 0);
    screen_require(screen, history_lines(screen, "") == -1);
}

#define CASE(function) cmocka_unit_test_teardown(function, screen_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(c_compares_and_stops_what_went_on),
        CASE(a_comparison_comes_to_its_end),
        CASE(finished_runs_are_in_the_history),
        CASE(no_history_leaves_no_trace),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
