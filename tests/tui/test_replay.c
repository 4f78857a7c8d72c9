/* test_replay.c - a record in the dashboard, and a look back at runs that go on: play, pause, step, speed, both ends. test: limit 240 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lanes.h"
#include "screen.h"

#define LEFT "\033OD"
#define RIGHT "\033OC"
#define HOME "\033OH"
#define END "\033OF"

/* --- records -------------------------------------------------------------------------------------------------------- */

/* Runs twenty downloads of some 0.2 s each, four at a time, and keeps them. */
static void make_record(char path[LANE_PATH_BYTES])
{
    char urls[LANE_PATH_BYTES], command[3 * LANE_PATH_BYTES];
    lane_list("urls", "http://example.org/synthetic/%zu", 20, urls);
    snprintf(path, LANE_PATH_BYTES, "%s/run.rec", getenv("TMPDIR"));
    snprintf(command, sizeof command,
             "\"$JUGGLER\" run download '%s' --origin builtin --latency 200 --rate 0 --with thread-pool:4 --no-history "
             "--progress none --record '%s' >/dev/null 2>&1",
             urls, path);
    assert_int_equal(system(command), 0);
}

static struct screen *open_record(void **state, const char *path)
{
    const char *const words[] = {"replay", path, NULL};
    struct screen *screen = screen_open(state, &(struct screen_start){.arguments = words});
    screen_expect_text(screen, 10, "REPLAY");
    return screen;
}

/* Where the playhead stands, in hundredths of a second; -1: the screen does not say. */
static long position(struct screen *screen)
{
    const char *row = screen_row(screen, 0);
    const char *of = strstr(row, " of ");
    const char *from = of;
    while (from && from > row && from[-1] != ' ')
        from--;
    return from ? (long)(atof(from) * 100 + 0.5) : -1;
}

static bool stands_at(struct screen *screen, const void *hundredths)
{
    return position(screen) == *(const long *)hundredths;
}

static bool is_past(struct screen *screen, const void *hundredths)
{
    return position(screen) > *(const long *)hundredths;
}

static bool is_before(struct screen *screen, const void *hundredths)
{
    return position(screen) >= 0 && position(screen) < *(const long *)hundredths;
}

static const long START = 0;

/* --- replay --------------------------------------------------------------------------------------------------------- */

static void it_plays_to_its_end(void **state)
{
    char path[LANE_PATH_BYTES];
    make_record(path);
    struct screen *screen = open_record(state, path);
    screen_expect_text(screen, 10, "this is the end");
    screen_expect_text(screen, 2, "20 of 20 done");
    screen_require(screen, screen_has(screen, " 1 downloads"));
    screen_require(screen, !screen_has(screen, "PRIMES"));
    screen_require(screen, !screen_has(screen, "No run has ended yet"));
    screen_type(screen, " <"); /* once more, at half the speed */
    screen_expect(screen, 5, is_before, (&(long){50}));
    screen_expect(screen, 5, is_past, (&(long){50}));
    screen_type(screen, "q");
    screen_expect_exit(screen, 5, 0);
}

static void it_stands_still_and_steps(void **state)
{
    char path[LANE_PATH_BYTES];
    make_record(path);
    struct screen *screen = open_record(state, path);
    screen_type(screen, " " HOME);
    screen_expect(screen, 5, stands_at, &START);
    screen_expect_text(screen, 2, "REPLAY ‖ 0.00 of");
    screen_require(screen, screen_has(screen, "No run has ended yet"));
    screen_type(screen, "nnnnnnnnnnnn"); /* some workers have taken a job by then */
    screen_expect(screen, 5, is_past, &START);
    screen_expect_text(screen, 5, " 0 of 20 done");
    screen_type(screen, "NNNNNNNNNNNNN");
    screen_expect(screen, 5, stands_at, &START);
    screen_type(screen, RIGHT RIGHT);
    screen_expect(screen, 5, is_past, &START);
    screen_type(screen, LEFT LEFT LEFT);
    screen_expect(screen, 5, stands_at, &START);
    screen_type(screen, END);
    screen_expect_text(screen, 5, "20 of 20 done");
    screen_type(screen, HOME "v");
    screen_expect_text(screen, 5, "REPLAY ‖ 0.00 of");
    screen_type(screen, "\033");
    screen_expect_text(screen, 5, "DOWNLOADS");
}

static void it_goes_slower_and_faster(void **state)
{
    char path[LANE_PATH_BYTES];
    make_record(path);
    struct screen *screen = open_record(state, path);
    screen_expect_text(screen, 2, "×1 ");
    screen_type(screen, "<<<");
    screen_expect_text(screen, 2, "×1/8");
    screen_type(screen, "<");
    screen_expect_text(screen, 2, "it does not get any slower");
    screen_type(screen, ">>>>>>>");
    screen_expect_text(screen, 2, "×16");
    screen_expect_text(screen, 5, "this is the end");
}

static void what_would_change_a_run_says_why_not(void **state)
{
    char path[LANE_PATH_BYTES];
    make_record(path);
    struct screen *screen = open_record(state, path);
    static const char *const keys[] = {"t", "T", "p", "P", "+", "-", "s", "g", "l", "r", "x", "c", "5"};
    screen_type(screen, " " HOME);
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        screen_type(screen, keys[i]);
        screen_expect_text(screen, 2, "that would change a run, and this is the record of one");
        screen_type(screen, "b"); /* another answer */
        screen_expect_text(screen, 2, "nothing live behind it");
    }
    screen_type(screen, "?");
    screen_expect_text(screen, 2, "HELP");
    screen_type(screen, "slgrxkbn 7\r"); /* keys that would act on what the help covers */
    screen_type(screen, "?");
    screen_expect_no_text(screen, 2, "HELP");
    screen_expect_text(screen, 2, "REPLAY ");
    screen_type(screen, "q");
    screen_expect_exit(screen, 5, 0);
}

static void a_cut_one_says_so(void **state)
{
    char path[LANE_PATH_BYTES];
    struct stat there;
    make_record(path);
    assert_int_equal(stat(path, &there), 0);
    assert_int_equal(truncate(path, there.st_size * 2 / 3), 0);
    struct screen *screen = open_record(state, path);
    screen_expect_text(screen, 2, "the record is cut off after");
    screen_type(screen, END);
    screen_expect_text(screen, 2, "the record is cut off after");
    screen_require(screen, !screen_has(screen, "20 of 20 done"));
    screen_type(screen, "q");
    screen_expect_exit(screen, 5, 0);
}

static void it_fits_small_screens(void **state)
{
    char path[LANE_PATH_BYTES];
    make_record(path);
    struct screen *screen = open_record(state, path);
    static const int sizes[][2] = {{80, 24}, {60, 30}, {40, 10}, {20, 4}, {1, 1}, {120, 36}};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        screen_resize(screen, sizes[i][0], sizes[i][1]);
        if (sizes[i][0] >= 20)
            screen_expect_text(screen, 5, "REPLAY");
    }
    screen_type(screen, "q");
    screen_expect_exit(screen, 5, 0);
}

/* --- looking back --------------------------------------------------------------------------------------------------- */

/* Work for minutes in small pieces. */
static struct screen *open_long_work(void **state)
{
    char urls[LANE_PATH_BYTES];
    lane_list("urls", "http://example.org/synthetic/%zu", 900, urls);
    const char *const work[] = {"download", urls, "--origin", "builtin",       "--latency", "100",
                                "--rate",   "0",  "--with",   "thread-pool:2", NULL};
    struct screen *screen = screen_open(state, &(struct screen_start){.arguments = work});
    screen_expect(screen, 10, lane_has_done, (&(struct lane_progress){LANE_DOWNLOADS, 900, 10}));
    return screen;
}

static void b_looks_back_while_the_run_goes_on(void **state)
{
    struct screen *screen = open_long_work(state);
    /* So long that playing it slowly does not come to the present before the next key does. */
    screen_expect(screen, 5, lane_has_done, (&(struct lane_progress){LANE_DOWNLOADS, 900, 20}));
    screen_type(screen, "b");
    screen_expect_text(screen, 5, "REWIND ‖");
    long then = lane_done(screen, LANE_DOWNLOADS, 900);
    screen_type(screen, HOME "<<");
    screen_expect_text(screen, 5, "REWIND ‖ 0.00 of");
    screen_type(screen, "x");
    screen_expect_text(screen, 5, "that would change a run, and what is shown is its past");
    screen_type(screen, " "); /* plays */
    screen_expect(screen, 5, lane_has_done, (&(struct lane_progress){LANE_DOWNLOADS, 900, 2}));
    screen_type(screen, "b");
    screen_expect_text(screen, 5, "this is live again");
    screen_expect(screen, 5, lane_has_done, (&(struct lane_progress){LANE_DOWNLOADS, 900, then + 5}));
    screen_require(screen, screen_has(screen, "▶ running"));
    screen_type(screen, "b");
    screen_expect_text(screen, 5, "REWIND ‖");
    screen_type(screen, "\033");
    screen_expect_text(screen, 5, "this is live again");
    screen_type(screen, "x"); /* and what is over can be looked back at, too */
    screen_expect_text(screen, 5, "■ stopped");
    screen_type(screen, "b" HOME);
    screen_expect_text(screen, 5, "REWIND ‖ 0.00 of");
    screen_type(screen, END);
    screen_expect_text(screen, 5, "this is live again");
    screen_expect_text(screen, 5, "■ stopped");
    screen_type(screen, "q");
    screen_expect_exit(screen, 5, 0);
}

/* Playing on to where the present was, there is more by then. */
static void what_is_played_comes_to_the_present(void **state)
{
    struct screen *screen = open_long_work(state);
    screen_type(screen, "b >>>>");
    screen_expect_text(screen, 10, "this is live again");
    screen_require(screen, !screen_has(screen, "REWIND"));
}

static void the_session_is_kept(void **state)
{
    char path[LANE_PATH_BYTES], limits[LANE_PATH_BYTES];
    snprintf(path, sizeof path, "%s/session.rec", getenv("TMPDIR"));
    lane_list("limits", "20000", 4, limits);
    const char *const work[] = {"primes", limits, "--with", "thread-pool:2", "--record", path, NULL};
    struct screen *screen = screen_open(state, &(struct screen_start){.arguments = work});
    screen_expect_text(screen, 10, "■ done");
    screen_type(screen, "r");
    screen_expect_text(screen, 5, "primes started anew");
    screen_expect_text(screen, 10, "■ done");
    screen_expect_text(screen, 5, " 2 primes");
    screen_type(screen, "q");
    screen_expect_exit(screen, 5, 0);
    screen_teardown(state);
    screen = open_record(state, path);
    screen_type(screen, END);
    screen_expect_text(screen, 5, " 2 primes");
    screen_expect_text(screen, 5, " 1 primes");
    screen_type(screen, HOME); /* it stands still since the end */
    screen_expect_text(screen, 5, "No run has ended yet");
}

#define CASE(function) cmocka_unit_test_teardown(function, screen_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(it_plays_to_its_end),
        CASE(it_stands_still_and_steps),
        CASE(it_goes_slower_and_faster),
        CASE(what_would_change_a_run_says_why_not),
        CASE(a_cut_one_says_so),
        CASE(it_fits_small_screens),
        CASE(b_looks_back_while_the_run_goes_on),
        CASE(what_is_played_comes_to_the_present),
        CASE(the_session_is_kept),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
