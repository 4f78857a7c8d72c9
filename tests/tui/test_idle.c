/* test_idle.c - nothing started, paused, over, or only looked at: the program takes next to nothing of a core. test: alone
 *
 * What is measured is CPU time, of the program and every process of its own together, and several programs at once: none of them makes
 * another one slower by this measure. Whoever is over the limit is measured again: a machine that is busy counts some of its
 * own business as ours. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/clock.h"
#include "lanes.h"
#include "processes.h"
#include "screen.h"

enum { SPAN_MS = 2500, LOOK_MS = 20, TRIES = 3 };
#define SHARE_MOST 0.01 /* of a core */

static const char *const SMALL[] = {"primes", "1000", NULL};

/* --- the states: each brings a program there ------------------------------------------------------------------------ */

static struct screen *open_done(void **state)
{
    struct screen *screen = screen_open(state, &(struct screen_start){.arguments = SMALL});
    screen_expect_text(screen, 10, "1 of 1 done");
    return screen;
}

static void run_over(void **state)
{
    open_done(state);
}

static void help_open(void **state)
{
    struct screen *screen = open_done(state);
    screen_type(screen, "?");
    screen_expect_text(screen, 5, "WHAT THIS IS");
}

static void timeline_held(void **state)
{
    struct screen *screen = open_done(state);
    screen_type(screen, "vf");
    screen_expect_text(screen, 5, "is held");
}

static void juggler_done(void **state)
{
    struct screen *screen = open_done(state);
    screen_type(screen, "j");
    screen_expect_text(screen, 5, "every ball is a worker");
}

static void account_of_all(void **state)
{
    struct screen *screen = open_done(state);
    screen_type(screen, "w");
    screen_expect_text(screen, 5, "go through the workers");
}

static void workers_page(void **state)
{
    struct screen *screen = open_done(state);
    screen_type(screen, "\r");
    screen_expect_text(screen, 5, "Esc back");
}

static void looked_back_and_paused(void **state)
{
    struct screen *screen = open_done(state);
    screen_type(screen, "b");
    screen_expect_text(screen, 5, "b live");
    screen_type(screen, "\033OH"); /* Home */
    screen_expect_text(screen, 5, "0.00 of ");
    screen_type(screen, " ");
    screen_expect_text(screen, 5, "space play");
}

/* Two hundred threads with a request each, and processes that compute. */
static void all_paused(void **state)
{
    char urls[LANE_PATH_BYTES], limits[LANE_PATH_BYTES];
    lane_list("limits", "9000000", 8, limits);
    lane_list("urls", "http://example.org/synthetic/%zu", 600, urls);
    const char *const work[] = {"download", urls,   "--origin", "builtin",        "--with", "thread-pool:200",
                                "primes",   limits, "--with",   "process-pool:4", NULL};
    struct screen *screen = screen_open(state, &(struct screen_start){.arguments = work});
    screen_expect_text(screen, 10, "receiving");
    screen_expect(screen, 10, processes_are, (&(struct census){PROCESS_WORKERS, 4}));
    screen_type(screen, " ");
    screen_expect(screen, 10, lane_workers_are_all, (&(struct lane_says){LANE_DOWNLOADS, "paused"}));
    screen_expect(screen, 10, lane_workers_are_all, (&(struct lane_says){LANE_PRIMES, "paused"}));
}

static void flat_and_done(void **state)
{
    static const char *const words[] = {"--flat", "primes", "1000", NULL};
    struct screen *screen = screen_open(state, &(struct screen_start){.arguments = words});
    screen_expect_text(screen, 10, "1 of 1 done");
}

static const struct idle_state {
    const char *name;
    void (*enter)(void **state);
} STATES[] = {
    {"the run over, the other lane not started", run_over},
    {"both lanes paused, 200 threads and 4 processes", all_paused},
    {"the help open", help_open},
    {"the picture of time held", timeline_held},
    {"the juggler, done", juggler_done},
    {"where the time went", account_of_all},
    {"a worker's page", workers_page},
    {"looking back, paused", looked_back_and_paused},
    {"lines of words, done", flat_and_done},
};
enum { STATES_COUNT = sizeof STATES / sizeof *STATES };

/* --- measuring ------------------------------------------------------------------------------------------------------- */

static bool never(struct screen *screen, const void *unused)
{
    (void)screen, (void)unused;
    return false;
}

/* All terminals are read meanwhile. */
static void pass_time(void *const screens[], uint64_t span_ns)
{
    for (uint64_t end_ns = clock_now_ns() + span_ns; clock_now_ns() < end_ns; clock_sleep_ns(LOOK_MS * NS_PER_MS))
        for (int i = 0; i < STATES_COUNT; i++)
            screen_wait(screens[i], 0, never, NULL);
}

/* The share of a core that each took. */
static void measure(void *const screens[], double shares[])
{
    uint64_t before_ns[STATES_COUNT], began_ns = clock_now_ns();
    for (int i = 0; i < STATES_COUNT; i++)
        before_ns[i] = processes_cpu_ns(screens[i]);
    pass_time(screens, SPAN_MS * NS_PER_MS);
    double took_ns = (double)(clock_now_ns() - began_ns);
    for (int i = 0; i < STATES_COUNT; i++) {
        double share = (double)(processes_cpu_ns(screens[i]) - before_ns[i]) / took_ns;
        shares[i] = share < shares[i] ? share : shares[i];
    }
}

static bool any_is_above(const double shares[], double most)
{
    for (int i = 0; i < STATES_COUNT; i++)
        if (shares[i] > most)
            return true;
    return false;
}

static int close_all(void **state)
{
    void **screens = *state;
    for (int i = 0; i < STATES_COUNT; i++)
        screen_teardown(&screens[i]);
    return 0;
}

static void idle_takes_a_hundredth_of_a_core_at_most(void **state)
{
    static void *screens[STATES_COUNT];
    double shares[STATES_COUNT], most = screen_patience(SHARE_MOST);
    *state = screens;
    for (int i = 0; i < STATES_COUNT; i++) {
        STATES[i].enter(&screens[i]);
        shares[i] = 1;
    }
    pass_time(screens, NS_PER_S); /* what has just ended is put away */
    for (int i = 0; i < TRIES && (i == 0 || any_is_above(shares, most)); i++)
        measure(screens, shares);
    for (int i = 0; i < STATES_COUNT; i++)
        print_message("# %.2f %% of a core: %s\n", 100 * shares[i], STATES[i].name);
    assert_false(any_is_above(shares, most));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(idle_takes_a_hundredth_of_a_core_at_most, close_all),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
