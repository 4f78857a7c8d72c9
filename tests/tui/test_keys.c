/* test_keys.c - the keys of the server, the help and the picture of time, and those that mean nothing. The others: test_keys_*.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "long_work.h"

/* --- the server, the help, the end ------------------------------------------------------------------------------------- */

static void less_and_greater_change_the_server(void **state)
{
    struct screen *screen = screen_open(state, &(struct screen_start){.columns = 180, .rows = 36});
    screen_expect_text(screen, 10, "< > server 500 ms, 96 KiB/s");
    screen_type(screen, "<"); /* slower */
    screen_expect_text(screen, 2, "< > server 1000 ms, 48 KiB/s");
    screen_type(screen, ">>>"); /* faster */
    screen_expect_text(screen, 2, "< > server 100 ms, 512 KiB/s");
    screen_expect_text(screen, 2, "now waits 100 ms before the first byte, then sends 512 KiB/s");
    screen_type(screen, ">>>>>");
    screen_expect_text(screen, 2, "< > server 0 ms, no limit");
    screen_type(screen, ">");
    screen_expect_text(screen, 2, "the server is as fast as it gets here: 0 ms, no limit");
    screen_expect(screen, 20, lane_says, (&(struct lane_says){LANE_DOWNLOADS, "changed on the way"}));
}

static void a_server_between_two_settings_takes_the_next(void **state)
{
    static const char *const work[] = {"download", "--latency", "300", "--rate", "96K", NULL};
    struct screen *screen = screen_open(state, &(struct screen_start){.columns = 180, .arguments = work});
    screen_expect_text(screen, 10, "< > server 300 ms, 96 KiB/s");
    screen_type(screen, ">");
    screen_expect_text(screen, 2, "< > server 200 ms, 256 KiB/s");
    screen_type(screen, "<");
    screen_expect_text(screen, 2, "< > server 500 ms, 96 KiB/s");
}

/* A run against another server is no measure: at the end of the scale nothing changes, and figures stay fair. */
static void only_a_change_of_the_server_spoils_a_comparison(void **state)
{
    static const char *const work[] = {"download", "--latency", "0", "--rate", "0", "--with", "sequential", NULL};
    struct screen *screen = screen_open(state, &(struct screen_start){.columns = 180, .arguments = work});
    screen_expect_text(screen, 20, "20 of 20 done");
    screen_type(screen, "r>");
    screen_expect_text(screen, 2, "as fast as it gets here");
    screen_expect_text(screen, 20, "2 runs");
    screen_expect(screen, 2, lane_says, (&(struct lane_says){LANE_DOWNLOADS, "×"}));
    screen_type(screen, "<sss");
    screen_expect_text(screen, 20, "thread-pool");
    screen_expect(screen, 20, lane_says, (&(struct lane_says){LANE_DOWNLOADS, "compare"}));
}

static bool help_tells_slower_from_faster(struct screen *screen, const void *unused)
{
    (void)unused;
    int at = screen_find(screen, 0, "The built-in server");
    const char *row = at < 0 ? "" : screen_row(screen, at);
    const char *slower = strstr(row, "later") ? strstr(row, "later") : strstr(row, "slower");
    const char *faster = strstr(row, "sooner") ? strstr(row, "sooner") : strstr(row, "faster");
    return strstr(row, "< >") && slower && faster && slower < faster;
}

/* The help says of the key that it makes the server slower what the key does. */
static void the_help_tells_slower_from_faster(void **state)
{
    struct screen *screen = screen_open(state, &(struct screen_start){.columns = 120, .rows = 60});
    screen_expect_text(screen, 10, "DOWNLOADS");
    screen_type(screen, "?");
    screen_expect(screen, 2, help_tells_slower_from_faster, NULL);
}

static void help_covers_scrolls_and_goes(void **state)
{
    struct screen *screen = screen_open(state, &(struct screen_start){.columns = 120, .rows = 36});
    screen_expect_text(screen, 10, "DOWNLOADS");
    screen_type(screen, "?");
    screen_expect_text(screen, 2, "WHAT THIS IS");
    screen_expect_no_text(screen, 2, "DOWNLOADS");
    screen_expect_no_text(screen, 2, "t/T threads");
    screen_type(screen, "\033OB\033OB\033OB"); /* Down */
    screen_expect_no_text(screen, 2, "WHAT THIS IS");
    screen_type(screen, "\033OA\033OA\033OA"); /* Up */
    screen_expect_text(screen, 2, "WHAT THIS IS");
    screen_type(screen, "\033[6~\033[6~\033[6~\033[6~"); /* Page Down */
    screen_expect_no_text(screen, 2, "WHAT THIS IS");
    screen_type(screen, "\033OF"); /* End */
    screen_expect_text(screen, 2, "COLOURS");
    screen_expect_text(screen, 2, "Something to know: a retry");
    screen_type(screen, "?");
    screen_expect_text(screen, 2, "DOWNLOADS");
    screen_type(screen, "?");
    screen_expect_text(screen, 2, "WHAT THIS IS");
    screen_type(screen, "q");
    screen_expect_text(screen, 2, "DOWNLOADS");
    screen_type(screen, "?");
    screen_expect_text(screen, 2, "WHAT THIS IS");
    screen_type(screen, "\033"); /* Escape */
    screen_expect_text(screen, 2, "DOWNLOADS");
    screen_type(screen, "q");
    screen_expect_exit(screen, 2, 0);
}

static void keys_of_no_meaning_do_nothing(void **state)
{
    struct screen *screen = open_long_work(state, "thread-pool:5", "process-pool:1");
    screen_type(screen, "#@zZ~\001\002\xe2\x82\xacT");
    expect_threads(screen, 6);
    screen_type(screen, "\xff\xc3("); /* not a character in any way */
    long done = lane_done(screen, LANE_DOWNLOADS, 900);
    screen_expect(screen, 5, lane_has_done, (&(struct lane_progress){LANE_DOWNLOADS, 900, done + 20})); /* it has gone by */
    screen_type(screen, "T");
    expect_threads(screen, 7);
    screen_type(screen, "\033[99~\033[1;5xT"); /* keys that this terminal's description does not know */
    expect_threads(screen, 8);
    screen_type(screen, "\033[\033\033T"); /* one that is broken off swallows nothing */
    expect_threads(screen, 9);
    screen_require(screen,
                   lane_has_done(screen, &(struct lane_progress){LANE_DOWNLOADS, 900, 0})); /* x has not stopped it */
    screen_type(screen, "q");
    screen_expect_exit(screen, 2, 0);
}

/* How often the lane looked different so far. */
struct changes {
    char last[LANE_BYTES];
    int count;
};

static bool has_changed_ten_times(struct screen *screen, const void *context)
{
    struct changes *changes = *(struct changes *const *)context;
    char now[LANE_BYTES];
    changes->count += strcmp(lane_text(screen, LANE_DOWNLOADS, now), changes->last) != 0;
    strcpy(changes->last, now);
    return changes->count >= 10;
}

/* Each key is answered with a frame at once; that must not put off the frames that are due later. */
static void many_keys_do_not_hold_the_frames(void **state)
{
    static const char *const work[] = {"primes", "10000", NULL};
    static struct changes changes, *at = &changes;
    struct screen *screen = screen_open(state, &(struct screen_start){.arguments = work});
    screen_expect(screen, 10, lane_says, (&(struct lane_says){LANE_PRIMES, "1 of 1 done"}));
    for (int i = 0; i < 30; i++) {
        screen_type(screen, "\033[Z"); /* Shift Tab */
        expect_focus(screen, 2, LANE_DOWNLOADS);
        screen_type(screen, "\t");
        expect_focus(screen, 2, LANE_PRIMES);
    }
    screen_type(screen, "\tr");
    screen_expect(screen, 2, has_changed_ten_times, &at);
}

static bool frozen_rows_stand(struct screen *screen, const void *context)
{
    int row = screen_find(screen, 0, " p1 ");
    return row >= 0 && strcmp(screen_row(screen, row), context) == 0;
}

static bool nothing_works(struct screen *screen, const void *context)
{
    (void)context;
    return screen_has(screen, "\u25a0 done");
}

static void v_shows_the_picture_of_time(void **state)
{
    char limits[LANE_PATH_BYTES];
    lane_list("limits", "400000", 4, limits);
    const char *const work[] = {"primes", limits, "--with", "process-pool:2", NULL};
    struct screen *screen = screen_open(state, &(struct screen_start){.arguments = work});
    screen_expect(screen, 10, processes_are, (&(struct census){PROCESS_WORKERS, 2}));
    screen_type(screen, "v");
    screen_expect_text(screen, 2, "TIMELINE");
    screen_expect_text(screen, 2, "last 10 s");
    screen_expect_text(screen, 2, "│ p2 ");
    screen_type(screen, "]]");
    screen_expect_text(screen, 2, "last 2 s");
    screen_expect_text(screen, 10, "\u2588\u2588"); /* somebody was on a core for a while */
    screen_type(screen, "f");
    screen_expect_text(screen, 2, "FROZEN, 2 s");
    char held[1024];
    snprintf(held, sizeof held, "%s", screen_row(screen, screen_find(screen, 0, " p1 ")));
    screen_require(screen, !screen_wait(screen, 0.6, nothing_works, NULL));
    screen_require(screen, frozen_rows_stand(screen, held)); /* the work went on meanwhile */
    screen_type(screen, "f");
    screen_expect_text(screen, 2, "last 2 s");
    screen_type(screen, "x"); /* other keys do what they always do */
    screen_expect(screen, 3, processes_are, (&(struct census){"juggler:runner", 0}));
    screen_type(screen, "\033");
    screen_expect_text(screen, 2, "RESULTS");
}

#define CASE(function) cmocka_unit_test_teardown(function, screen_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(v_shows_the_picture_of_time),
        CASE(less_and_greater_change_the_server),
        CASE(a_server_between_two_settings_takes_the_next),
        CASE(only_a_change_of_the_server_spoils_a_comparison),
        CASE(the_help_tells_slower_from_faster),
        CASE(help_covers_scrolls_and_goes),
        CASE(keys_of_no_meaning_do_nothing),
        CASE(many_keys_do_not_hold_the_frames),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
