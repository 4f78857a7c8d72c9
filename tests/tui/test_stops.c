/* test_stops.c - Ctrl-Z and fg: everything holds still meanwhile, and goes on; and terminals that are gone for good. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "lanes.h"
#include "order.h"
#include "processes.h"
#include "screen.h"

enum { STILL_MS = 600 };

/* Where others have the cores, a worker's row says "ready" for most of the time. */
static bool is_at_work(struct screen *screen, const void *unused)
{
    (void)unused;
    return lane_says(screen, &(struct lane_says){LANE_PRIMES, "computing"}) ||
           lane_says(screen, &(struct lane_says){LANE_PRIMES, "ready"});
}

/* Two of them that would compute for a long time. */
static struct screen *open_computing(void **state, const char *with)
{
    const char *const work[] = {"primes", "20000000", "20000000", "--with", with, NULL};
    struct screen *screen = screen_open(state, &(struct screen_start){.arguments = work});
    screen_expect(screen, 10, is_at_work, NULL);
    return screen;
}

static bool is_stopped(struct screen *screen, const void *unused)
{
    (void)unused;
    return process_letter(screen_pid(screen)) == 'T';
}

/* Nobody of the program computed since the last look. */
static bool holds_still(struct screen *screen, const void *last_ns)
{
    uint64_t *last = *(uint64_t *const *)last_ns;
    uint64_t now_ns = processes_cpu_ns(screen), before_ns = *last;
    *last = now_ns;
    return now_ns == before_ns;
}

struct work_done {
    uint64_t least_ns;
};

static bool has_computed(struct screen *screen, const void *done)
{
    return processes_cpu_ns(screen) >= ((const struct work_done *)done)->least_ns;
}

static void stop_and_go_on(void **state, const char *with)
{
    struct screen *screen = open_computing(state, with);
    uint64_t last_ns = 0, *last = &last_ns;
    screen_type(screen, "\x1a");
    screen_expect(screen, 5, is_stopped, NULL);
    expect_terminal_in_order(screen);
    screen_expect(screen, 5, holds_still, &last); /* twice alike, 10 ms apart */
    uint64_t before_ns = processes_cpu_ns(screen);
    clock_sleep_ns(STILL_MS * NS_PER_MS);
    /* Sleepers look around once a second; nothing is computed. */
    screen_require(screen, processes_cpu_ns(screen) - before_ns < STILL_MS * NS_PER_MS / 20);
    screen_signal(screen, SIGCONT);
    screen_expect(screen, 5, is_at_work, NULL);
    const struct work_done more = {processes_cpu_ns(screen) + 200 * NS_PER_MS};
    screen_expect(screen, 30, has_computed, &more);
    screen_type(screen, "q");
    screen_expect_exit(screen, 2, 0);
    expect_good_order(screen);
}

static void processes_hold_still_and_go_on(void **state)
{
    stop_and_go_on(state, "process-pool:2");
}

static void threads_hold_still_and_go_on(void **state)
{
    stop_and_go_on(state, "thread-pool:2");
}

/* Work that a key has paused stays so. */
static void what_was_paused_stays_paused(void **state)
{
    struct screen *screen = open_computing(state, "process-pool:2");
    screen_type(screen, " ");
    screen_expect(screen, 5, lane_says, (&(struct lane_says){LANE_PRIMES, "paused"}));
    screen_type(screen, "\x1a");
    screen_expect(screen, 5, is_stopped, NULL);
    screen_signal(screen, SIGCONT);
    screen_type(screen, "v");
    screen_expect_text(screen, 5, "f holds it");
    screen_type(screen, "v");
    screen_expect(screen, 5, lane_says, (&(struct lane_says){LANE_PRIMES, "paused"}));
    screen_type(screen, "q");
    screen_expect_exit(screen, 2, 0);
    expect_good_order(screen);
}

/* However often, from the first frame on, with a signal in between. (While it draws, curses may not touch what it does with that signal.) */
static void again_and_again(void **state)
{
    struct screen *screen = screen_open(state, &(struct screen_start){.columns = 120, .rows = 36});
    screen_expect_text(screen, 10, "receiving");
    for (int i = 0; i < 10; i++) {
        screen_type(screen, "\x1a");
        screen_expect(screen, 5, is_stopped, NULL);
        expect_terminal_in_order(screen);
        screen_signal(screen, SIGCONT);
        screen_expect_text(screen, 5, "DOWNLOADS");
    }
    screen_type(screen, "\x1a");
    screen_expect(screen, 5, is_stopped, NULL);
    screen_signal(screen, SIGTERM);
    screen_signal(screen, SIGCONT);
    screen_expect_exit(screen, 2, 143);
    expect_good_order(screen);
}

/* Bytes that came before this one do not count. */
static bool is_drawn_whole(struct screen *screen, const void *before)
{
    size_t count, old = *(const size_t *)before;
    const uint8_t *bytes = screen_bytes(screen, &count);
    return count > old && memmem(bytes + old, count - old, "DOWNLOADS", strlen("DOWNLOADS")) &&
           memmem(bytes + old, count - old, "quit", strlen("quit"));
}

/* kill -STOP, which nobody hears of; the shell has used the terminal before fg. */
static void stopped_outright_it_draws_all_anew(void **state)
{
    size_t before;
    struct screen *screen = screen_open(state, &(struct screen_start){.columns = 120, .rows = 36});
    screen_expect_text(screen, 10, "receiving");
    screen_signal(screen, SIGSTOP);
    screen_expect(screen, 5, is_stopped, NULL);
    screen_use_terminal(screen);
    screen_bytes(screen, &before);
    screen_signal(screen, SIGCONT);
    screen_expect(screen, 5, is_drawn_whole, &before);
    screen_require(screen, !screen_settings_restored(screen)); /* keys come without Enter again */
    screen_type(screen, "q");
    screen_expect_exit(screen, 2, 0);
    expect_order(screen); /* the shell may have written in the middle of a sequence */
}

/* --- gone for good -------------------------------------------------------------------------------------------------- */

/* nohup juggler, and then the terminal is closed: it is the terminal itself that says so. */
static void a_hang_up_that_is_ignored_ends_it_all_the_same(void **state)
{
    static const char *const work[] = {"-c", "trap '' HUP; exec \"$JUGGLER_HERE\" primes 20000000", NULL};
    char here[LANE_PATH_BYTES + 16];
    const char *path = getenv("JUGGLER");
    snprintf(here, sizeof here, "JUGGLER_HERE=%s", path && *path ? path : "build/juggler");
    const char *const environment[] = {here, NULL};
    struct screen *screen =
        screen_open(state, &(struct screen_start){.program = "/bin/sh", .arguments = work, .environment = environment});
    screen_expect(screen, 10, is_at_work, NULL);
    screen_hang_up(screen);
    screen_expect_exit(screen, 2, 129);
    screen_expect(screen, 1, nothing_is_left, NULL);
}

#define CASE(function) cmocka_unit_test_teardown(function, screen_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(processes_hold_still_and_go_on),     CASE(threads_hold_still_and_go_on),
        CASE(what_was_paused_stays_paused),       CASE(again_and_again),
        CASE(stopped_outright_it_draws_all_anew), CASE(a_hang_up_that_is_ignored_ends_it_all_the_same),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
