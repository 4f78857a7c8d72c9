/* test_keys.c - every key does what the screen says that it does, on the screen and in /proc. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lanes.h"
#include "processes.h"
#include "screen.h"

/* Work for minutes in small pieces; latency in ms. On a screen on which a dozen workers have a row each. */
static struct screen *open_slow_work(void **state, const char *threads, const char *processes, const char *latency)
{
    char urls[LANE_PATH_BYTES], limits[LANE_PATH_BYTES];
    lane_list("urls", "http://example.org/synthetic/%zu", 900, urls);
    lane_list("limits", "30000", 900, limits);
    const char *const work[] = {"download", urls,    "--origin", "builtin", "--latency", latency,   "--rate", "0",
                                "--with",   threads, "primes",   limits,    "--with",    processes, NULL};
    struct screen *screen = screen_open(state, &(struct screen_start){.arguments = work, .columns = 120, .rows = 50});
    screen_expect(screen, 10, lane_has_done, (&(struct lane_progress){LANE_DOWNLOADS, 900, 1}));
    screen_expect(screen, 10, lane_has_done, (&(struct lane_progress){LANE_PRIMES, 900, 1}));
    return screen;
}

static struct screen *open_long_work(void **state, const char *threads, const char *processes)
{
    return open_slow_work(state, threads, processes, "100");
}

static void expect_threads(struct screen *screen, size_t count)
{
    char key[32];
    snprintf(key, sizeof key, "t/T threads %zu ", count);
    screen_expect_text(screen, 2, key);
    screen_expect(screen, 3, threads_are, (&(struct census){THREAD_WORKERS, count}));
    screen_expect(screen, 3, lane_workers_are, (&(struct lane_count){LANE_DOWNLOADS, "", count}));
}

static void expect_processes(struct screen *screen, size_t count)
{
    char key[32];
    snprintf(key, sizeof key, "p/P processes %zu ", count);
    screen_expect_text(screen, 2, key);
    screen_expect(screen, 3, processes_are, (&(struct census){PROCESS_WORKERS, count}));
    screen_expect(screen, 3, lane_workers_are, (&(struct lane_count){LANE_PRIMES, "", count}));
}

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
    struct screen *screen = open_slow_work(state, "thread-pool:2", "process-pool:1", "3000");
    screen_type(screen, "500\r");
    screen_expect(screen, 10, threads_are, (&(struct census){THREAD_WORKERS, 500}));
    screen_expect_text(screen, 5, "of 500 workers");
    screen_type(screen, "2\r");
    screen_expect_text(screen, 2, "t/T threads 2 ");
    screen_expect(screen, 15, threads_are, (&(struct census){THREAD_WORKERS, 2})); /* each when it has what it waits for */
}

/* --- what is done and how ---------------------------------------------------------------------------------------- */

/* The lane whose frame says that the keys act there. */
static bool focus_is_on(struct screen *screen, const void *lane)
{
    int row = screen_find(screen, 0, "keys act here");
    const char *frame = row < 0 ? "" : screen_row(screen, row), *words = strstr(frame, "keys act here");
    const char *next = words ? strstr(words, "\u2514") : NULL; /* another lane begins behind the words */
    return words && *(const enum lane *)lane == (next ? LANE_DOWNLOADS : LANE_PRIMES);
}

static void expect_focus(struct screen *screen, double seconds, enum lane lane)
{
    screen_expect(screen, seconds, focus_is_on, &lane);
}

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
    struct screen *screen = screen_open(state, &(struct screen_start){.columns = 120, .rows = 36});
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
    screen_require(screen, processes_named(screen, "juggler:runner", &before, 1) == 1);
    screen_type(screen, "SSS");
    screen_expect_text(screen, 2, "process-each would start 10001 processes at once");
    screen_require(screen, title_has(screen, "PRIMES  CPU-bound · process-batch:1"));
    screen_require(screen, processes_named(screen, "juggler:runner", &after, 1) == 1 && after == before);
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
    const char *const work[] = {"primes", limits, "--with", "thread-pool:4", NULL};
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

/* --- holding still -------------------------------------------------------------------------------------------------- */

/* What the workers of both lanes show, and the CPU time that the processes among them have used. */
struct still {
    char text[2][LANE_BYTES];
    pid_t workers[8];
    unsigned long ticks[8];
    size_t count;
};

static void still_take(struct screen *screen, struct still *still)
{
    lane_worker_rows(screen, LANE_DOWNLOADS, still->text[0]);
    lane_worker_rows(screen, LANE_PRIMES, still->text[1]);
    still->count = processes_named(screen, PROCESS_WORKERS, still->workers, 8);
    for (size_t i = 0; i < still->count && i < 8; i++)
        still->ticks[i] = process_ticks(still->workers[i]);
}

static bool has_moved(struct screen *screen, const void *context)
{
    const struct still *before = context;
    struct still now;
    still_take(screen, &now);
    bool moved = now.count != before->count;
    for (size_t i = 0; i < now.count && i < 8 && !moved; i++)
        moved = now.workers[i] == before->workers[i] && now.ticks[i] > before->ticks[i] + 1;
    return moved || strcmp(now.text[0], before->text[0]) != 0 || strcmp(now.text[1], before->text[1]) != 0;
}

/* Where others have the cores, a worker's row says "ready" for most of the time. */
static bool primes_are_at_work(struct screen *screen, const void *unused)
{
    (void)unused;
    return lane_says(screen, &(struct lane_says){LANE_PRIMES, "computing"}) ||
           lane_says(screen, &(struct lane_says){LANE_PRIMES, "ready"});
}

static void space_holds_everything_and_lets_it_go_on(void **state)
{
    struct screen *screen = screen_open(state, &(struct screen_start){.columns = 120, .rows = 36});
    struct still still;
    screen_expect_text(screen, 10, "receiving");
    screen_expect(screen, 10, primes_are_at_work, NULL);
    screen_type(screen, " ");
    screen_expect_text(screen, 2, "‖ paused");
    screen_expect_text(screen, 2, "space go on");
    screen_expect(screen, 3, lane_workers_are_all, (&(struct lane_says){LANE_PRIMES, "paused"}));
    screen_expect(screen, 3, lane_workers_are_all, (&(struct lane_says){LANE_DOWNLOADS, "paused"}));
    still_take(screen, &still);
    screen_require(screen, !screen_wait(screen, 1.5, has_moved, &still));
    screen_type(screen, " ");
    screen_expect(screen, 3, has_moved, &still);
    screen_expect_text(screen, 2, "▶ running");
    screen_expect_text(screen, 30, "20 of 20 done");
}

static long started(struct screen *screen)
{
    long done = lane_done(screen, LANE_DOWNLOADS, 900), active = lane_number(screen, LANE_DOWNLOADS, "active");
    return done < 0 || active < 0 ? -1 : done + active;
}

static bool has_started(struct screen *screen, const void *count)
{
    return started(screen) == *(const long *)count;
}

static bool is_paused(struct screen *screen, const void *unused)
{
    char text[LANE_BYTES];
    (void)unused;
    return strstr(lane_text(screen, LANE_DOWNLOADS, text), "· paused") != NULL;
}

static bool is_paused_with(struct screen *screen, const void *count)
{
    return is_paused(screen, NULL) && has_started(screen, count);
}

static bool is_beyond(struct screen *screen, const void *count)
{
    return started(screen) > *(const long *)count;
}

static void n_starts_one_more_job(void **state)
{
    struct screen *screen = open_long_work(state, "thread-pool:2", "process-pool:1");
    screen_type(screen, " ");
    screen_expect(screen, 3, is_paused, NULL);
    screen_expect(screen, 3, lane_workers_are_all, (&(struct lane_says){LANE_DOWNLOADS, "paused"}));
    long count = started(screen);
    screen_require(screen, count > 0);
    for (int step = 0; step < 3; step++) {
        count++;
        screen_type(screen, "n");
        screen_expect(screen, 3, is_paused_with, &count);
        screen_require(screen, !screen_wait(screen, 0.5, is_beyond, &count));
    }
    screen_type(screen, " ");
    screen_expect(screen, 3, is_beyond, &count);
}

/* --- starting and stopping ------------------------------------------------------------------------------------------- */

static void x_stops_the_lane_and_r_starts_it_anew(void **state)
{
    struct screen *screen = open_long_work(state, "thread-pool:5", "process-pool:2");
    screen_type(screen, "x");
    screen_expect(screen, 2, threads_are, (&(struct census){THREAD_WORKERS, 0}));
    screen_expect(screen, 2, lane_says, (&(struct lane_says){LANE_DOWNLOADS, "stopped after"}));
    screen_require(screen, processes_named(screen, PROCESS_WORKERS, NULL, 0) == 2); /* the other lane goes on */
    screen_type(screen, "x");
    screen_expect_text(screen, 2, "nothing is going on in this lane");
    screen_type(screen, "\tx");
    screen_expect(screen, 2, processes_are, (&(struct census){PROCESS_WORKERS, 0}));
    screen_expect(screen, 2, processes_are, (&(struct census){"juggler:runner", 0}));
    screen_expect_text(screen, 2, "2 runs");
    screen_type(screen, "r");
    screen_expect(screen, 3, processes_are, (&(struct census){PROCESS_WORKERS, 2}));
    screen_expect(screen, 5, lane_has_done, (&(struct lane_progress){LANE_PRIMES, 900, 1}));
    screen_type(screen, "\tr");
    screen_expect(screen, 3, threads_are, (&(struct census){THREAD_WORKERS, 5}));
}

static void x_stops_what_is_paused(void **state)
{
    struct screen *screen = open_long_work(state, "thread-pool:5", "process-pool:2");
    screen_type(screen, " ");
    screen_expect(screen, 3, lane_workers_are_all, (&(struct lane_says){LANE_PRIMES, "paused"}));
    screen_type(screen, "\tx");
    screen_expect(screen, 2, processes_are, (&(struct census){PROCESS_WORKERS, 0}));
    screen_expect(screen, 2, lane_says, (&(struct lane_says){LANE_PRIMES, "stopped after"}));
}

static void r_runs_again(void **state)
{
    static const char *const work[] = {"primes", "10000", "20000", NULL};
    struct screen *screen = screen_open(state, &(struct screen_start){.arguments = work});
    screen_expect_text(screen, 10, "2 of 2 done");
    screen_expect_text(screen, 3, "1 run");
    screen_type(screen, "r");
    screen_expect_text(screen, 5, "2 runs");
    screen_type(screen, "r");
    screen_expect_text(screen, 5, "3 runs");
    screen_expect_text(screen, 3, "2 of 2 done");
}

static void a_lane_that_was_not_named_waits_for_its_key(void **state)
{
    static const char *const work[] = {"primes", "10000", NULL};
    struct screen *screen = screen_open(state, &(struct screen_start){.arguments = work});
    screen_expect(screen, 10, lane_says, (&(struct lane_says){LANE_PRIMES, "1 of 1 done"}));
    screen_expect(screen, 2, lane_says, (&(struct lane_says){LANE_DOWNLOADS, "Not started"}));
    screen_require(screen, threads_named(screen, THREAD_WORKERS, NULL) == 0);
    screen_type(screen, "\tr");
    screen_expect(screen, 3, threads_are, (&(struct census){THREAD_WORKERS, 10}));
    screen_expect(screen, 20, lane_says, (&(struct lane_says){LANE_DOWNLOADS, "20 of 20 done"}));
}

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
        CASE(c_compares_and_stops_what_went_on),
        CASE(a_comparison_comes_to_its_end),
        CASE(v_shows_the_picture_of_time),
        CASE(finished_runs_are_in_the_history),
        CASE(no_history_leaves_no_trace),
        CASE(space_holds_everything_and_lets_it_go_on),
        CASE(n_starts_one_more_job),
        CASE(x_stops_the_lane_and_r_starts_it_anew),
        CASE(x_stops_what_is_paused),
        CASE(r_runs_again),
        CASE(a_lane_that_was_not_named_waits_for_its_key),
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
