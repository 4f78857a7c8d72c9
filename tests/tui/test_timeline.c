/* test_timeline.c - the picture of time as a person uses it: held, moved, zoomed, of two runs, while the work goes on. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lanes.h"
#include "processes.h"
#include "screen.h"

#define LEFT "\033OD"
#define RIGHT "\033OC"
#define DOWN "\033OB"

enum { JOBS = 2000 };

/* Work for minutes in small pieces: downloads alone, or beside processes that compute. */
static struct screen *open_work(void **state, const char *threads, const char *processes)
{
    char urls[LANE_PATH_BYTES], limits[LANE_PATH_BYTES];
    lane_list("urls", "http://example.org/synthetic/%zu", JOBS, urls);
    lane_list("limits", "20000", JOBS, limits);
    const char *const work[] = {"download",
                                urls,
                                "--origin",
                                "builtin",
                                "--latency",
                                "60",
                                "--rate",
                                "0",
                                "--with",
                                threads,
                                processes ? "primes" : NULL,
                                limits,
                                "--with",
                                processes,
                                NULL};
    struct screen *screen = screen_open(state, &(struct screen_start){.arguments = work});
    screen_expect(screen, 10, lane_has_done, (&(struct lane_progress){LANE_DOWNLOADS, JOBS, 5}));
    return screen;
}

/* Eight limits. */
static struct screen *open_short_work(void **state, const char *executor, const char *limit)
{
    char limits[LANE_PATH_BYTES];
    lane_list("limits", limit, 8, limits);
    const char *const work[] = {"primes", limits, "--with", executor, NULL};
    struct screen *screen = screen_open(state, &(struct screen_start){.arguments = work});
    screen_expect(screen, 10, lane_says, (&(struct lane_says){LANE_PRIMES, "8 of 8 done"}));
    return screen;
}

/* The pane's rows, from its upper to its lower edge. */
static const char *pane(struct screen *screen, char out[LANE_BYTES])
{
    size_t used = 0;
    int row = screen_find(screen, 0, " TIMELINE ");
    out[0] = 0;
    for (bool last = row < 0; !last && row < screen_rows(screen); row++) {
        const char *text = screen_row(screen, row);
        used += (size_t)snprintf(out + used, LANE_BYTES - used, "%s\n", text);
        last = strncmp(text, "└", strlen("└")) == 0 || (used && text[0] == '+' && strstr(out, "\n+"));
    }
    return out;
}

static bool pane_has(struct screen *screen, const void *text)
{
    char now[LANE_BYTES];
    return strstr(pane(screen, now), text) != NULL;
}

static bool pane_lacks(struct screen *screen, const void *text)
{
    return !pane_has(screen, text);
}

/* Below its title: that names what has been seen of the run by now, be it before or after what is shown. */
static const char *picture(const char *pane_text)
{
    const char *end = strchr(pane_text, '\n');
    return end ? end : "";
}

static bool pane_is(struct screen *screen, const void *text)
{
    char now[LANE_BYTES];
    return strcmp(picture(pane(screen, now)), picture(text)) == 0;
}

static void expect_work_to_go_on(struct screen *screen, long jobs)
{
    long done = lane_done(screen, LANE_DOWNLOADS, JOBS);
    screen_expect(screen, 10, lane_has_done, (&(struct lane_progress){LANE_DOWNLOADS, JOBS, done + jobs}));
}

/* --- held and moved ------------------------------------------------------------------------------- */

static void f_holds_the_picture_and_not_the_work(void **state)
{
    char held[LANE_BYTES];
    struct screen *screen = open_work(state, "thread-pool:4", "process-pool:2");
    screen_expect(screen, 2, pane_has, " last 10 s ");
    screen_expect(screen, 5, pane_has, "│ t1  ");
    screen_expect(screen, 5, pane_has, "│ p1  ");
    screen_type(screen, "]]f");
    screen_expect(screen, 2, pane_has, " FROZEN, 2 s ");
    /* What happened before it can be told late, by who waits for a core: from when on nothing comes any more, nothing may come. */
    for (int look = 0; look < 3 && (look == 0 || !pane_is(screen, held)); look++) {
        pane(screen, held);
        expect_work_to_go_on(screen, 40);
    }
    pane(screen, held);
    expect_work_to_go_on(screen, 60);
    screen_require(screen, pane_is(screen, held) && pane_has(screen, " FROZEN, 2 s "));
    screen_type(screen, "f");
    screen_expect(screen, 2, pane_has, " last 2 s ");
    screen_require(screen, !pane_is(screen, held));
}

static void left_leads_to_the_start_and_right_back_to_now(void **state)
{
    char start[LANE_BYTES];
    struct screen *screen = open_work(state, "thread-pool:4", NULL);
    screen_type(screen, "]]]]]]"); /* 100 ms */
    screen_expect(screen, 2, pane_has, " last 100 ms ");
    screen_expect(screen, 10, lane_has_done, (&(struct lane_progress){LANE_DOWNLOADS, JOBS, 80})); /* 1.2 s at least */
    screen_type(screen, LEFT);
    screen_expect(screen, 2, pane_has, " FROZEN, 100 ms ");
    for (int i = 0; i < 300; i++) /* a quarter of what is seen each */
        screen_type(screen, LEFT);
    screen_expect_text(screen, 5, "this is the start of the run");
    screen_expect(screen, 2, pane_has, "0.00 s");
    expect_work_to_go_on(screen, 5);
    pane(screen, start);
    screen_type(screen, LEFT LEFT);
    expect_work_to_go_on(screen, 10);
    screen_require(screen, pane_is(screen, start)); /* and no further */
    screen_type(screen, RIGHT);
    screen_expect(screen, 2, pane_lacks, "0.00 s");
    screen_type(screen, "[[[[[[" RIGHT RIGHT RIGHT RIGHT); /* by steps of what is seen: soon there */
    screen_expect(screen, 5, pane_has, " last 10 s ");
}

static void brackets_change_the_span(void **state)
{
    struct screen *screen = open_work(state, "thread-pool:4", NULL);
    screen_type(screen, "[");
    screen_expect(screen, 2, pane_has, " last 20 s ");
    screen_type(screen, "]]");
    screen_expect(screen, 2, pane_has, " last 5 s ");
    screen_type(screen, "]]]]]]]]]]]]");
    screen_expect(screen, 2, pane_has, " last 50 ms ");
    screen_expect_text(screen, 2, "it does not get any shorter");
    screen_type(screen, "[[[[[[[[[[[[[[[[[");
    screen_expect(screen, 2, pane_has, " last 3600 s ");
    screen_expect_text(screen, 2, "it does not get any longer");
    screen_type(screen, "v\033OH"); /* Home, where it is alone */
    screen_expect(screen, 2, pane_has, " whole run, ");
    screen_type(screen, "]");
    screen_expect(screen, 2, pane_has, " last ");
}

/* What was held was of a run that is not there any more. */
static void a_new_run_ends_the_holding(void **state)
{
    struct screen *screen = open_short_work(state, "thread-pool:2", "30000");
    screen_type(screen, LEFT);
    screen_expect(screen, 2, pane_has, " FROZEN, 10 s ");
    screen_type(screen, "r");
    screen_expect(screen, 3, pane_has, " last 10 s ");
    screen_expect(screen, 5, pane_has, "│ t1  ");
}

/* --- which workers -------------------------------------------------------------------------------- */

static void the_selected_worker_is_among_those_shown(void **state)
{
    struct screen *screen = open_work(state, "thread-pool:60", "process-pool:2");
    screen_expect(screen, 15, threads_are, (&(struct census){THREAD_WORKERS, 60}));
    screen_expect(screen, 15, pane_has, "and 56 more ");
    screen_type(screen, "v");
    screen_expect(screen, 2, pane_has, "│ t12 ");
    screen_expect(screen, 2, pane_lacks, "│ t51 ");
    for (int i = 0; i < 5; i++)
        screen_type(screen, "\033[6~"); /* Page Down: 50 in all */
    screen_expect(screen, 3, pane_has, "│ t51 ");
    screen_expect(screen, 2, pane_lacks, "│ t1  ");
    screen_type(screen, "v"); /* it stays the selected one beside the lanes */
    screen_expect(screen, 3, pane_has, "│ t51 ");
    screen_expect(screen, 2, pane_has, "│ p1  ");
    screen_type(screen, DOWN);
    screen_expect(screen, 3, pane_has, "│ t52 ");
}

/* --- marks ---------------------------------------------------------------------------------------- */

static bool is_marked(struct screen *screen, const void *name)
{
    int row = screen_find(screen, screen_find(screen, 0, " TIMELINE "), name);
    return row > 0 && strchr(screen_row(screen, row), 'X');
}

static void who_is_killed_leaves_a_mark(void **state)
{
    pid_t worker = 0;
    struct screen *screen = open_work(state, "thread-pool:1", "process-pool:2");
    screen_expect(screen, 5, pane_has, "│ p2  ");
    screen_require(screen, processes_named(screen, "juggler:p2", &worker, 1) == 1);
    kill(worker, SIGKILL);
    screen_expect(screen, 5, pane_has, "X killed ");
    screen_expect(screen, 5, is_marked, "│ p2  ");
}

static void a_pause_is_seen(void **state)
{
    struct screen *screen = open_work(state, "thread-pool:4", NULL);
    screen_type(screen, "]] "); /* so that it soon takes some columns */
    screen_expect(screen, 5, pane_has, "‖ paused ");
    screen_expect(screen, 5, pane_has, "‖H‖");
    screen_type(screen, " ");
    screen_expect_text(screen, 2, "going on");
}

static bool a_line_goes_through_both(struct screen *screen, const void *unused)
{
    (void)unused;
    char first[1024];
    int row = screen_find(screen, screen_find(screen, 0, " TIMELINE "), "| t1  ");
    int other = row < 0 ? -1 : screen_find(screen, row, "| t2  ");
    if (other < 0)
        return false;
    snprintf(first, sizeof first, "%s", screen_row(screen, row));
    const char *line = strchr(first, ':');
    return line && screen_row(screen, other)[line - first] == ':';
}

static void batches_are_parted_by_lines(void **state)
{
    static const char *const work[] = {"--ascii", "download", "--origin",       "builtin", "--latency",
                                       "300",     "--with",   "thread-batch:5", NULL};
    struct screen *screen = screen_open(state, &(struct screen_start){.arguments = work});
    screen_expect(screen, 15, pane_has, ": next batch ");
    screen_expect(screen, 5, a_line_goes_through_both, NULL);
}

/* --- what is missing ------------------------------------------------------------------------------ */

struct work_done {
    pid_t process;
    unsigned long ticks;
};

static bool has_worked_on(struct screen *screen, const void *context)
{
    const struct work_done *done = context;
    (void)screen;
    return process_ticks(done->process) >= done->ticks;
}

/* Four threads hand an interpreter lock on a thousand times a second. While the dashboard does not read their rings, these run over. */
static void lost_events_are_counted(void **state)
{
    char limits[LANE_PATH_BYTES];
    struct work_done done = {0};
    lane_list("limits", "900000", 40, limits);
    const char *const work[] = {"--switch-interval", "1", "primes", limits, "--with", "thread-pool:4+gil", NULL};
    struct screen *screen = screen_open(state, &(struct screen_start){.arguments = work});
    screen_expect(screen, 10, pane_has, "│ t4  ");
    screen_require(screen, pane_lacks(screen, " lost "));
    screen_require(screen, processes_named(screen, "juggler:runner", &done.process, 1) == 1);
    screen_signal(screen, SIGSTOP);
    done.ticks = process_ticks(done.process) + 300; /* three seconds of computing */
    bool worked = screen_wait(screen, 30, has_worked_on, &done);
    screen_signal(screen, SIGCONT);
    screen_require(screen, worked);
    screen_expect(screen, 5, pane_has, " events lost ");
}

/* --- two runs ------------------------------------------------------------------------------------- */

/* Each under its title, and where it ends. */
static bool both_runs_are_there(struct screen *screen, const void *unused)
{
    (void)unused;
    int now = screen_find(screen, 0, "│ now: "), before = screen_find(screen, 0, "│ before: thread-pool:2  ");
    bool ends =
        now > 0 && before > now && strstr(screen_row(screen, now), " s┐") && strstr(screen_row(screen, before), " s┐");
    return ends && screen_find(screen, now, "│ t1  ") == now + 1 && screen_find(screen, before, "│ t1  ") == before + 1;
}

static void equals_shows_the_run_and_the_one_before(void **state)
{
    /* Seconds: where one run took a third of the other's time, there would be no place for its end beside its title. */
    struct screen *screen = open_short_work(state, "thread-pool:2", "100000");
    screen_type(screen, "=");
    screen_expect_text(screen, 2, "no earlier run in this lane yet");
    screen_require(screen, screen_has(screen, "RESULTS"));
    screen_type(screen, "S"); /* thread-batch:2 */
    screen_expect_text(screen, 3, "CPU-bound · thread-batch:2 ");
    screen_expect(screen, 10, lane_says, (&(struct lane_says){LANE_PRIMES, "8 of 8 done"}));
    screen_type(screen, "=");
    screen_expect(screen, 3, pane_has, "│ now: thread-batch:2  ");
    screen_expect(screen, 3, both_runs_are_there, NULL);
    screen_require(screen, pane_has(screen, " whole run, "));
    screen_type(screen, "]");
    screen_expect(screen, 2, pane_has, " last ");
    screen_type(screen, "\033OH");
    screen_expect(screen, 2, pane_has, " whole run, ");
    screen_type(screen, "=");
    screen_expect_text(screen, 2, "RESULTS");
    screen_type(screen, "=");
    screen_expect(screen, 2, pane_has, "│ before: ");
    screen_type(screen, "\033");
    screen_expect_text(screen, 2, "RESULTS");
    screen_type(screen, "=");
    screen_expect(screen, 2, pane_has, "│ before: ");
    screen_type(screen, "\t"); /* to a lane that had none */
    screen_expect_text(screen, 2, "no earlier run in this lane yet");
    screen_expect_text(screen, 2, "RESULTS");
}

static void two_runs_of_different_lists_say_so(void **state)
{
    static const char *const work[] = {"counter", "--adds", "2000000", "--with", "thread-pool:2", NULL};
    struct screen *screen = screen_open(state, &(struct screen_start){.arguments = work});
    screen_expect(screen, 20, lane_says, (&(struct lane_says){LANE_PRIMES, "2 of 2 done"}));
    screen_type(screen, "l");
    screen_expect_text(screen, 3, "now working on counter, a mutex");
    screen_type(screen, "=");
    screen_expect(screen, 3, pane_has, "│ now: thread-pool:2  ");
    screen_expect(screen, 3, pane_has, "s  counter, a mutex ");
    screen_expect(screen, 3, pane_has, "s  counter, no lock ");
}

#define CASE(function) cmocka_unit_test_teardown(function, screen_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(f_holds_the_picture_and_not_the_work),
        CASE(left_leads_to_the_start_and_right_back_to_now),
        CASE(brackets_change_the_span),
        CASE(a_new_run_ends_the_holding),
        CASE(the_selected_worker_is_among_those_shown),
        CASE(who_is_killed_leaves_a_mark),
        CASE(a_pause_is_seen),
        CASE(batches_are_parted_by_lines),
        CASE(lost_events_are_counted),
        CASE(equals_shows_the_run_and_the_one_before),
        CASE(two_runs_of_different_lists_say_so),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
