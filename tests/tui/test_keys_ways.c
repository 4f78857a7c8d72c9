/* test_keys_ways.c - the keys that change how many workers there are, in which way they work, and at what. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "long_work.h"

/* --- counts ----------------------------------------------------------------------------------------------------- */

static void t_changes_the_threads(void **state)
{
    struct screen *screen = open_long_work(state, "thread-pool:5", "process-pool:1");
    expect_threads(screen, 5);
    screen_type(screen, "T");
    expect_threads(screen, 6);
    screen_type(screen, "TTTT");
    expect_threads(screen, 10);
    screen_type(screen, "tttttttt");
    expect_threads(screen, 2);
    screen_type(screen, "ttttt");
    expect_threads(screen, 1);
    screen_expect_text(screen, 2, "one is the least");
    screen_type(screen, "T");
    expect_threads(screen, 2);
}

static void p_changes_the_processes(void **state)
{
    struct screen *screen = open_long_work(state, "thread-pool:1", "process-pool:2");
    expect_processes(screen, 2);
    screen_type(screen, "P");
    expect_processes(screen, 3);
    screen_type(screen, "PPP");
    expect_processes(screen, 6);
    screen_type(screen, "ppppp");
    expect_processes(screen, 1);
}

static void a_number_and_enter_set_the_count(void **state)
{
    struct screen *screen = open_long_work(state, "thread-pool:5", "process-pool:1");
    screen_type(screen, "12");
    screen_expect_text(screen, 2, "workers: 12_");
    expect_threads(screen, 5);
    screen_type(screen, "\r");
    expect_threads(screen, 12);
    screen_type(screen, "34\177\r"); /* Backspace */
    expect_threads(screen, 3);
    screen_type(screen, "77");
    screen_expect_text(screen, 2, "workers: 77_");
    screen_type(screen, "\033");
    screen_expect_no_text(screen, 2, "workers: 77_");
    screen_type(screen, "\r"); /* without a number it opens the page of a worker, and leaves it again */
    screen_expect_text(screen, 2, "thread 1 of process ");
    screen_type(screen, "\r");
    screen_expect_no_text(screen, 2, "thread 1 of process ");
    screen_type(screen, "0\r");
    screen_expect_text(screen, 2, "0 workers are not possible");
    screen_type(screen, "99999\r");
    screen_expect_text(screen, 2, "99999 workers are not possible");
    expect_threads(screen, 3);
}

/* The box in focus says so in its lower edge. */
static bool primes_are_in_focus(struct screen *screen, const void *unused)
{
    (void)unused;
    int row = screen_find(screen, 0, "keys act here");
    const char *edge = row < 0 ? NULL : strstr(screen_row(screen, row), "┘└");
    return edge && strstr(edge, "keys act here");
}

static void plus_and_minus_act_on_the_lane_in_focus(void **state)
{
    struct screen *screen = open_long_work(state, "thread-pool:4", "process-pool:2");
    screen_type(screen, "+");
    expect_threads(screen, 5);
    screen_type(screen, "--");
    expect_threads(screen, 3);
    screen_type(screen, "\t");
    screen_expect(screen, 2, primes_are_in_focus, NULL);
    screen_type(screen, "++");
    expect_processes(screen, 4);
    screen_type(screen, "-");
    expect_processes(screen, 3);
    screen_type(screen, "2\r");
    expect_processes(screen, 2);
    expect_threads(screen, 3);
}

static void hundreds_of_threads_come_and_go(void **state)
{
    const char *sanitizer = getenv("JUGGLER_SAN"); /* so slow a program that 500 would have done all before it is asked */
    const char *latency = sanitizer && *sanitizer ? "12000" : "3000";
    struct screen *screen = open_slow_work(state, "thread-pool:2", "process-pool:1", latency);
    screen_type(screen, "500\r");
    screen_expect(screen, 10, threads_are, (&(struct census){THREAD_WORKERS, 500}));
    screen_expect_text(screen, 5, "of 500 workers");
    screen_type(screen, "2\r");
    screen_expect_text(screen, 2, "t/T threads 2 ");
    screen_expect(screen, 15, threads_are, (&(struct census){THREAD_WORKERS, 2})); /* each when it has what it waits for */
}

/* --- what is done and how ---------------------------------------------------------------------------------------- */

static void tab_moves_the_focus(void **state)
{
    struct screen *screen = screen_open(state, &(struct screen_start){.columns = 120, .rows = 36});
    expect_focus(screen, 10, LANE_DOWNLOADS);
    screen_type(screen, "\t");
    expect_focus(screen, 2, LANE_PRIMES);
    screen_type(screen, "\t");
    expect_focus(screen, 2, LANE_DOWNLOADS);
    screen_type(screen, "\033[Z"); /* Shift Tab */
    expect_focus(screen, 2, LANE_PRIMES);
}

static bool title_has(struct screen *screen, const void *text)
{
    return strstr(screen_row(screen, 1), text) != NULL;
}

static void s_goes_through_the_strategies(void **state)
{
    static const char *const next[] = {"· process-each ", "· process-batch:10 ", "· process-pool:10 ", "· event-loop:10 ",
                                       "· sequential ",   "· thread-each ",      "· thread-batch:10 ", "· thread-pool:10 "};
    enum { COUNT = sizeof next / sizeof *next };
    /* Nobody has an answer before the last of 20 processes is there. */
    struct screen *screen =
        screen_open(state, &(struct screen_start){.arguments = (const char *const[]){"--latency", "9000", NULL}});
    screen_expect(screen, 10, title_has, "DOWNLOADS  I/O-bound · thread-pool:10 ");
    for (int i = 0; i < COUNT; i++) {
        screen_type(screen, "s");
        screen_expect(screen, 3, title_has, next[i]);
    }
    for (int i = COUNT - 1; i-- > 0;) {
        screen_type(screen, "S");
        screen_expect(screen, 3, title_has, next[i]);
    }
    screen_expect(screen, 5, processes_are,
                  (&(struct census){PROCESS_WORKERS, 20 + 4})); /* process-each beside the primes */
}

/* process-each would start a process for every job at once: refused, and what is going on goes on. */
static void a_strategy_that_is_refused_changes_nothing(void **state)
{
    char limits[LANE_PATH_BYTES];
    pid_t before = 0, after = 0;
    lane_list("limits", "30000", 10001, limits);
    const char *const work[] = {"primes", limits, "--with", "process-batch:1", NULL};
    struct screen *screen = screen_open(state, &(struct screen_start){.arguments = work});
    screen_expect(screen, 10, lane_has_done, (&(struct lane_progress){LANE_PRIMES, 10001, 1}));
    screen_expect(screen, 2, process_is_alone, (&(struct single){"juggler:runner", &before}));
    screen_type(screen, "SSS");
    screen_expect_text(screen, 2, "process-each would start 10001 processes at once");
    screen_require(screen, title_has(screen, "PRIMES  CPU-bound · process-batch:1"));
    screen_expect(screen, 2, process_is_alone, (&(struct single){"juggler:runner", &after}));
    screen_require(screen, after == before);
    screen_type(screen, "s"); /* from where it was */
    screen_expect(screen, 3, title_has, "PRIMES  CPU-bound · process-pool:1");
}

static void a_sequential_run_has_one_thread(void **state)
{
    struct screen *screen = screen_open(state, &(struct screen_start){.columns = 120, .rows = 36});
    screen_type(screen, "\tssss"); /* from process-pool: sequential, thread-each, thread-batch, thread-pool */
    screen_expect(screen, 3, title_has, "PRIMES  CPU-bound · thread-pool:4");
    screen_type(screen, "SSS");
    screen_expect(screen, 3, title_has, "PRIMES  CPU-bound · sequential");
    screen_expect(screen, 3, processes_are, (&(struct census){PROCESS_WORKERS, 0}));
    screen_expect(screen, 3, lane_workers_are, (&(struct lane_count){LANE_PRIMES, "", 1}));
}

static void l_takes_the_next_list(void **state)
{
    static const char *const counters[] = {"now working on counter, no lock", "now working on counter, a mutex",
                                           "now working on counter, an atomic"};
    struct screen *screen = screen_open(state, &(struct screen_start){.columns = 120, .rows = 36});
    screen_expect(screen, 10, lane_has_done, (&(struct lane_progress){LANE_DOWNLOADS, 20, 0}));
    screen_expect(screen, 10, lane_says, (&(struct lane_says){LANE_PRIMES, "≤ 402624"}));
    screen_type(screen, "l");
    screen_expect(screen, 3, lane_has_done, (&(struct lane_progress){LANE_DOWNLOADS, 200, 0}));
    screen_type(screen, "\tl");
    screen_expect(screen, 20, lane_says,
                  (&(struct lane_says){LANE_PRIMES, "4 of 4 done"})); /* the article's own: a third of a second */
    for (size_t i = 0; i < sizeof counters / sizeof *counters; i++) {
        screen_type(screen, "l");
        screen_expect_text(screen, 3, counters[i]);
        screen_expect(screen, 3, title_has, "COUNTER  shared memory · process-pool:4");
        screen_expect(screen, 10, lane_says, (&(struct lane_says){LANE_PRIMES, "300M adds"}));
    }
    screen_type(screen, "l");
    screen_expect(screen, 3, lane_says, (&(struct lane_says){LANE_PRIMES, "≤ 402624"}));
    screen_require(screen, title_has(screen, "PRIMES  CPU-bound · process-pool:4"));
    screen_type(screen, "\tl");
    screen_expect(screen, 3, lane_has_done, (&(struct lane_progress){LANE_DOWNLOADS, 20, 0}));
}

/* --- the interpreter lock, the counter, the event loop ---------------------------------------------------------------- */

static long held_percent(struct screen *screen)
{
    char text[LANE_BYTES];
    const char *held = strstr(lane_text(screen, LANE_PRIMES, text), "held 9");
    long percent = held ? strtol(held + strlen("held "), NULL, 10) : strstr(text, "held 100 %") ? 100 : -1;
    return percent;
}

/* One holds it; the others want it, and the share of the time that it is held comes close to all of it. */
static bool one_holds_and_others_wait(struct screen *screen, const void *unused)
{
    (void)unused;
    return lane_workers(screen, LANE_PRIMES, "wants GIL") == 3 && lane_workers(screen, LANE_PRIMES, "holds it") == 1 &&
           lane_workers(screen, LANE_PRIMES, " ms ") >= 1 && held_percent(screen) >= 90;
}

static void g_takes_the_interpreter_lock_and_leaves_it(void **state)
{
    char limits[LANE_PATH_BYTES];
    lane_list("limits", "1000000", 40, limits);
    /* Nobody holds it while who has been woken waits for a core: of a long interval that is little, on a busy machine, too. */
    const char *const work[] = {"--switch-interval", "50", "primes", limits, "--with", "thread-pool:4", NULL};
    struct screen *screen = screen_open(state, &(struct screen_start){.arguments = work});
    screen_expect_text(screen, 10, "g GIL off");
    screen_expect(screen, 3, title_has, "CPU-bound · thread-pool:4 ");
    screen_type(screen, "g");
    screen_expect_text(screen, 2, "g GIL on");
    screen_expect(screen, 3, title_has, "CPU-bound · thread-pool:4+gil ");
    screen_expect(screen, 20, one_holds_and_others_wait, NULL);
    screen_expect(screen, 20, lane_says, (&(struct lane_says){LANE_PRIMES, "4 threads do the work"}));
    screen_type(screen, "S"); /* thread-batch: it stays */
    screen_expect(screen, 3, title_has, "CPU-bound · thread-batch:4+gil ");
    screen_type(screen, "sg");
    screen_expect(screen, 3, title_has, "CPU-bound · thread-pool:4 ");
    screen_expect_no_text(screen, 3, "wants GIL");
    screen_type(screen, "gs"); /* processes have none */
    screen_expect(screen, 3, title_has, "CPU-bound · process-each ");
}

static void g_is_refused_where_there_can_be_no_lock(void **state)
{
    struct screen *screen = open_long_work(state, "event-loop:5", "process-pool:1");
    screen_require(screen, !screen_has(screen, "g GIL"));
    screen_type(screen, "g");
    screen_expect_text(screen, 2, "an event loop is one thread, which has nobody to share an interpreter lock with");
    screen_require(screen, title_has(screen, "I/O-bound · event-loop:5 "));
    screen_type(screen, "\tg");
    screen_expect_text(screen, 2, "processes share no interpreter, so there is no lock between them to add");
    screen_require(screen, title_has(screen, "CPU-bound · process-pool:1 "));
}

/* One thread, whatever the width: a row a transfer, and the runner has no other threads. */
static void the_width_of_an_event_loop_is_transfers(void **state)
{
    struct screen *screen = open_long_work(state, "event-loop:5", "process-pool:1");
    screen_expect(screen, 3, lane_workers_are, (&(struct lane_count){LANE_DOWNLOADS, "", 5}));
    screen_require(screen, lane_workers(screen, LANE_DOWNLOADS, " e") == 5);
    screen_expect(screen, 10, lane_says, (&(struct lane_says){LANE_DOWNLOADS, "5 transfers in 1 thread"}));
    screen_type(screen, "TT");
    screen_expect_text(screen, 2, "7 transfers in flight, in one thread from now on");
    screen_expect_text(screen, 2, "t/T transfers 7 ");
    screen_expect(screen, 5, lane_workers_are, (&(struct lane_count){LANE_DOWNLOADS, "", 7}));
    screen_type(screen, "----");
    screen_expect_text(screen, 2, "t/T transfers 3 ");
    screen_expect(screen, 5, lane_workers_are, (&(struct lane_count){LANE_DOWNLOADS, "", 3}));
    screen_require(screen, threads_named(screen, THREAD_WORKERS, NULL) == 0);
}

static void the_counter_loses_what_nobody_guards(void **state)
{
    static const char *const work[] = {"counter", "--adds", "30000000", "--with", "thread-pool:4", NULL};
    struct screen *screen = screen_open(state, &(struct screen_start){.arguments = work});
    screen_expect(screen, 3, title_has, "COUNTER  shared memory · thread-pool:4 ");
    screen_expect(screen, 30, lane_says, (&(struct lane_says){LANE_PRIMES, "4 of 4 done"}));
    screen_expect(screen, 3, lane_says, (&(struct lane_says){LANE_PRIMES, "Threads without a lock lost "}));
    screen_expect_text(screen, 3, " % lost ");
    screen_type(screen, "l");
    screen_expect_text(screen, 3, "now working on counter, a mutex");
    screen_expect(screen, 60, lane_says, (&(struct lane_says){LANE_PRIMES, "lost 0 "}));
    screen_expect_text(screen, 3, " 0 % lost ");
    screen_type(screen, "sss"); /* process-each, process-batch, process-pool */
    screen_expect(screen, 3, title_has, "COUNTER  shared memory · process-pool:4 ");
    screen_expect(screen, 60, lane_says, (&(struct lane_says){LANE_PRIMES, "got 0 "}));
    screen_expect(screen, 3, lane_says, (&(struct lane_says){LANE_PRIMES, "their own copy"}));
    screen_expect(screen, 3, lane_says, (&(struct lane_says){LANE_PRIMES, "own copies"}));
}

#define CASE(function) cmocka_unit_test_teardown(function, screen_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(t_changes_the_threads),
        CASE(p_changes_the_processes),
        CASE(a_number_and_enter_set_the_count),
        CASE(plus_and_minus_act_on_the_lane_in_focus),
        CASE(hundreds_of_threads_come_and_go),
        CASE(tab_moves_the_focus),
        CASE(s_goes_through_the_strategies),
        CASE(a_strategy_that_is_refused_changes_nothing),
        CASE(a_sequential_run_has_one_thread),
        CASE(l_takes_the_next_list),
        CASE(g_takes_the_interpreter_lock_and_leaves_it),
        CASE(g_is_refused_where_there_can_be_no_lock),
        CASE(the_width_of_an_event_loop_is_transfers),
        CASE(the_counter_loses_what_nobody_guards),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
