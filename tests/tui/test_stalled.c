/* test_stalled.c - a terminal that stops reading: the work never waits for it, and neither do the keys that end it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "escapes.h"
#include "lanes.h"
#include "order.h"
#include "processes.h"
#include "screen.h"

static const struct census no_runner = {"juggler:runner", 0};
static const struct census two_runners = {"juggler:runner", 2};

/* So large that already the first frame is more than a terminal takes unread, and nobody reads it. */
static struct screen *open_unread(void **state, const char *const *work)
{
    struct screen *screen = screen_open(state, &(struct screen_start){.arguments = work, .columns = 300, .rows = 100});
    size_t count;
    screen_set_reading(screen, false);
    screen_expect(screen, 10, processes_are, &two_runners);
    screen_bytes(screen, &count);
    screen_require(screen, count < 19000); /* the frame is on its way still */
    return screen;
}

static void work_ends_though_nobody_reads(void **state)
{
    static const char *const work[] = {"download", "--latency", "300",    "--rate", "0",
                                       "primes",   "120000",    "130000", "140000", NULL};
    struct screen *screen = open_unread(state, work);
    screen_expect(screen, 20, processes_are, &no_runner);
    screen_set_reading(screen, true);
    screen_expect_text(screen, 2, "20 of 20 done");
    screen_expect_text(screen, 2, "3 of 3 done");
    screen_expect_text(screen, 2, "done in");
    screen_type(screen, "q");
    screen_expect_exit(screen, 2, 0);
    screen_require(screen, screen_settings_restored(screen));
}

/* Where others have the cores, a worker's row says "ready" for most of the time. */
static bool primes_are_at_work(struct screen *screen, const void *unused)
{
    (void)unused;
    return lane_says(screen, &(struct lane_says){LANE_PRIMES, "computing"}) ||
           lane_says(screen, &(struct lane_says){LANE_PRIMES, "ready"});
}

/* In the middle of a run, for three seconds: what comes then is the present, not what was missed. */
static bool never(struct screen *screen, const void *unused)
{
    (void)screen;
    (void)unused;
    return false;
}

static void frames_that_were_missed_are_not_made_up_for(void **state)
{
    static const char *const work[] = {"primes", "402624", "402624", "402624", "402624", "--with", "process-pool:4", NULL};
    struct screen *screen = screen_open(state, &(struct screen_start){.arguments = work, .columns = 250, .rows = 60});
    size_t before, after;
    screen_expect(screen, 10, primes_are_at_work, NULL);
    screen_set_reading(screen, false);
    screen_wait(screen, 3, never, NULL); /* the three seconds are what is tested */
    screen_bytes(screen, &before);
    screen_set_reading(screen, true);
    screen_type(screen, "\t?");
    screen_expect_text(screen, 1, "WHAT THIS IS");
    screen_bytes(screen, &after);
    screen_require(screen, after - before < 200000);
}

static bool has_worked_long(struct screen *screen, const void *ticks)
{
    return process_ticks(screen_pid(screen)) > *(const unsigned long *)ticks;
}

static void it_does_not_spin_meanwhile(void **state)
{
    struct screen *screen = open_unread(state, NULL);
    unsigned long much = process_ticks(screen_pid(screen)) + (unsigned long)screen_patience(60); /* 0.6 s of 2 */
    screen_require(screen, !screen_wait(screen, 2, has_worked_long, &much));
}

/* --- ending ------------------------------------------------------------------------------------------------------------ */

static void expect_end(struct screen *screen, int code)
{
    screen_expect_exit(screen, 2, code);
    screen_expect(screen, 1, nothing_is_left, NULL);
    screen_require(screen, screen_settings_restored(screen));
}

static void q_ends_it_all_the_same(void **state)
{
    struct screen *screen = open_unread(state, NULL);
    screen_type(screen, "q");
    expect_end(screen, 0);
}

static void ctrl_c_ends_it_all_the_same(void **state)
{
    struct screen *screen = open_unread(state, NULL);
    screen_type(screen, "\x03");
    expect_end(screen, 130);
}

/* The kernel drops what waits in a terminal when Ctrl-C comes, where it is not told otherwise, and cuts a sequence with it. */
static void ctrl_c_cuts_no_frame(void **state)
{
    struct screen *screen = open_unread(state, NULL);
    screen_signal(screen, SIGSTOP); /* so that what waits is in the kernel, and nobody tells it to drop that but the key */
    screen_type(screen, "\x03");
    screen_wait(screen, 0.3, never, NULL);
    screen_set_reading(screen, true);
    screen_wait(screen, 0.3, never, NULL);
    screen_signal(screen, SIGCONT);
    screen_expect_exit(screen, 2, 130);
    expect_good_order(screen);
}

static void sigterm_ends_it_all_the_same(void **state)
{
    struct screen *screen = open_unread(state, NULL);
    screen_signal(screen, SIGTERM);
    expect_end(screen, 143);
}

static void a_kill_leaves_nothing_all_the_same(void **state)
{
    struct screen *screen = open_unread(state, NULL);
    screen_signal(screen, SIGKILL);
    expect_end(screen, 137);
}

/* Ctrl-S would hold a terminal's output; here it is a key without a meaning. */
static void ctrl_s_holds_nothing(void **state)
{
    struct screen *screen = screen_open(state, &(struct screen_start){.columns = 120, .rows = 36});
    screen_expect_text(screen, 10, "t/T threads 10 ");
    screen_type(screen, "\x13T");
    screen_expect_text(screen, 2, "t/T threads 11 ");
    screen_type(screen, "q");
    screen_expect_exit(screen, 2, 0);
}

#define CASE(function) cmocka_unit_test_teardown(function, screen_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(work_ends_though_nobody_reads), CASE(frames_that_were_missed_are_not_made_up_for),
        CASE(it_does_not_spin_meanwhile),    CASE(q_ends_it_all_the_same),
        CASE(ctrl_c_ends_it_all_the_same),   CASE(ctrl_c_cuts_no_frame),
        CASE(sigterm_ends_it_all_the_same),  CASE(a_kill_leaves_nothing_all_the_same),
        CASE(ctrl_s_holds_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
