/* test_account.c - where the time went, in the real program: a bar and figures for each worker, and the sentence that says why. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lanes.h"
#include "screen.h"

enum { COLUMNS = 6, ON_CORE = 0, READY, IO, IN_ALL = COLUMNS };

/* So many times as many processes as there are cores, that compute for a minute. */
static struct screen *open_work(void **state, unsigned processes, const char *threads, int columns, int rows)
{
    static char executor[32];
    char urls[LANE_PATH_BYTES], limits[LANE_PATH_BYTES];
    snprintf(executor, sizeof executor, "process-pool:%u", processes);
    lane_list("urls", "http://example.org/synthetic/%zu", 2000, urls);
    lane_list("limits", "60000", 2000, limits);
    const char *const work[] = {"download", urls,    "--origin", "builtin", "--latency", "300",    "--rate", "0",
                                "--with",   threads, "primes",   limits,    "--with",    executor, NULL};
    return screen_open(state, &(struct screen_start){.arguments = work, .columns = columns, .rows = rows});
}

static unsigned cores(void)
{
    long online = sysconf(_SC_NPROCESSORS_ONLN);
    return online > 1 ? (unsigned)online : 1;
}

/* The figures before this unit in a row, in order; how many there are. "<0.1 s" counts as 0. */
static int figures_in(const char *row, const char *unit, double out[COLUMNS + 1])
{
    char text[1024], *rest = NULL, last[64] = "";
    int count = 0;
    snprintf(text, sizeof text, "%s", row);
    for (char *word = strtok_r(text, " ", &rest); word; word = strtok_r(NULL, " ", &rest)) {
        if (strcmp(word, unit) == 0 && count <= COLUMNS)
            out[count++] = last[0] == '<' ? 0 : strtod(last, NULL);
        snprintf(last, sizeof last, "%s", word);
    }
    return count;
}

static const char *row_of(struct screen *screen, const char *name)
{
    char begin[32];
    snprintf(begin, sizeof begin, "│ %s ", name);
    int row = screen_find(screen, 0, begin);
    return row < 0 ? "" : screen_row(screen, row);
}

/* A worker's row adds up: six columns, and the wall time that they sum to. */
static bool adds_up(struct screen *screen, const void *name)
{
    double at[COLUMNS + 1], sum = 0;
    if (figures_in(row_of(screen, name), "s", at) != COLUMNS + 1 || at[IN_ALL] < 1)
        return false;
    for (int column = 0; column < COLUMNS; column++)
        sum += at[column];
    return fabs(sum - at[IN_ALL]) < 0.4; /* each is rounded to a tenth */
}

/* The worker spent at least so many percent of its time in a column. */
struct spent {
    const char *name;
    int column;
    double percent;
};

static bool has_spent(struct screen *screen, const void *context)
{
    const struct spent *spent = context;
    double at[COLUMNS + 1];
    return figures_in(row_of(screen, spent->name), "s", at) == COLUMNS + 1 && at[IN_ALL] >= 1 &&
           at[spent->column] * 100 >= at[IN_ALL] * spent->percent;
}

/* --- the view ------------------------------------------------------------------------------------- */

static void w_shows_a_bar_for_each_worker(void **state)
{
    struct screen *screen = open_work(state, 2 * cores(), "thread-pool:4", 0, 0);
    screen_expect_text(screen, 10, "DOWNLOADS");
    screen_type(screen, "w");
    screen_expect_text(screen, 5, "WHERE THE TIME WENT");
    static const char *const names[] = {"t1", "t2", "t3", "t4", "p1", "p2"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        screen_expect(screen, 10, adds_up, names[i]);
    screen_expect(screen, 10, has_spent, (&(struct spent){"t3", IO, 60}));
    screen_expect(screen, 10, has_spent, (&(struct spent){"p1", READY, 20})); /* two want each core */
    screen_expect(screen, 10, has_spent, (&(struct spent){"p1", ON_CORE, 5}));
    screen_require(screen, strstr(row_of(screen, "t3"), "░i░░░") && strstr(row_of(screen, "p1"), "▒r▒▒"));
    screen_type(screen, "\033");
    screen_expect_no_text(screen, 5, "WHERE THE TIME WENT");
    screen_expect_text(screen, 5, " I/O"); /* in the lane's line */
    screen_expect_text(screen, 5, " ready");
}

static void the_end_of_a_run_stays(void **state)
{
    static const char *const work[] = {"download", "--with", "thread-pool:4", "--latency",      "200", "--rate", "0",
                                       "primes",   "20000",  "--with",        "process-pool:2", NULL};
    struct screen *screen = screen_open(state, &(struct screen_start){.arguments = work});
    screen_expect(screen, 20, lane_says, (&(struct lane_says){LANE_DOWNLOADS, "20 of 20 done"}));
    screen_type(screen, "w");
    screen_expect(screen, 5, adds_up, "t1");
    screen_expect(screen, 5, has_spent, (&(struct spent){"t1", IO, 50}));
    screen_expect_text(screen, 5, "of the time was waiting for the server");
}

static void many_workers_scroll(void **state)
{
    struct screen *screen = open_work(state, 1, "thread-pool:60", 80, 24);
    screen_expect_text(screen, 10, " of 60 workers");
    screen_type(screen, "w");
    screen_expect_text(screen, 5, "│ t1 ");
    screen_type(screen, "\033OF"); /* End */
    screen_expect_text(screen, 5, "│ t60 ");
    screen_expect_text(screen, 5, "–60 of 60 workers");
    screen_type(screen, "\033OH"); /* Home */
    screen_expect_text(screen, 5, "│ t1 ");
    screen_type(screen, "w");
    screen_expect_text(screen, 5, "TIMELINE");
}

/* --- the sentence --------------------------------------------------------------------------------- */

static void the_sentence_says_what_limits_the_run(void **state)
{
    struct screen *screen = open_work(state, 2 * cores(), "thread-pool:10", 80, 24);
    char wants[64];
    screen_expect_text(screen, 15, " of 10 threads wait for the server: more threads would help.");
    screen_type(screen, "\t");
    snprintf(wants, sizeof wants, "%u processes want %u core", 2 * cores(), cores());
    screen_expect_text(screen, 15, wants);
    screen_expect_text(screen, 15, "each gets about ");
    screen_type(screen, " ");
    screen_expect_text(screen, 15, "primes: Paused: nobody takes a new job");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(w_shows_a_bar_for_each_worker, screen_teardown),
        cmocka_unit_test_teardown(the_end_of_a_run_stays, screen_teardown),
        cmocka_unit_test_teardown(many_workers_scroll, screen_teardown),
        cmocka_unit_test_teardown(the_sentence_says_what_limits_the_run, screen_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
