/* test_deaths.c - workers die, and the screen says so, and the work is done all the same. test: limit 240 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "lanes.h"
#include "processes.h"
#include "screen.h"

/* Where others have the cores, a worker's row says "ready" for most of the time. */
static bool primes_are_at_work(struct screen *screen, const void *unused)
{
    (void)unused;
    return lane_says(screen, &(struct lane_says){LANE_PRIMES, "computing"}) ||
           lane_says(screen, &(struct lane_says){LANE_PRIMES, "ready"});
}

static struct screen *open_primes(void **state, const char *processes)
{
    const char *const work[] = {"primes", "160000", "155000", "150000",  "145000",
                                "140000", "135000", "--with", processes, NULL};
    struct screen *screen = screen_open(state, &(struct screen_start){.arguments = work});
    screen_expect(screen, 10, processes_are, (&(struct census){PROCESS_WORKERS, 3}));
    screen_expect(screen, 10, lane_workers_are, (&(struct lane_count){LANE_PRIMES, "", 3})); /* keys act on whom it shows */
    screen_expect(screen, 10, primes_are_at_work, NULL);
    return screen;
}

static struct screen *open_downloads(void **state)
{
    char urls[LANE_PATH_BYTES];
    lane_list("urls", "http://example.org/synthetic/%zu", 36, urls);
    const char *const work[] = {"download", urls,     "--origin", "builtin",        "--latency", "300",
                                "--rate",   "200000", "--with",   "thread-pool:12", NULL};
    struct screen *screen = screen_open(state, &(struct screen_start){.arguments = work});
    screen_expect(screen, 10, threads_are, (&(struct census){THREAD_WORKERS, 12}));
    screen_expect(screen, 10, lane_says, (&(struct lane_says){LANE_DOWNLOADS, "receiving"}));
    return screen;
}

static bool is_dead(struct screen *screen, const void *pid)
{
    char letter = process_letter(*(const pid_t *)pid);
    (void)screen;
    return letter == 0 || letter == 'Z';
}

static void a_killed_process_is_shown_and_its_job_done_by_another(void **state)
{
    struct screen *screen = open_primes(state, "process-pool:3");
    pid_t worker = 0;
    screen_require(screen, processes_named(screen, "juggler:p2", &worker, 1) == 1);
    kill(worker, SIGKILL);
    screen_expect(screen, 2, is_dead, &worker);
    screen_expect(screen, 2, lane_says, (&(struct lane_says){LANE_PRIMES, "1 killed"}));
    screen_expect(screen, 2, processes_are, (&(struct census){PROCESS_WORKERS, 3})); /* another one has its place */
    screen_expect(screen, 40, lane_has_done, (&(struct lane_progress){LANE_PRIMES, 6, 6}));
    screen_expect(screen, 2, lane_says, (&(struct lane_says){LANE_PRIMES, "0 failed"}));
    screen_expect(screen, 2, lane_says, (&(struct lane_says){LANE_PRIMES, "1 killed"}));
    screen_expect_text(screen, 2, "1 run ");
}

static void k_kills_the_selected_process(void **state)
{
    struct screen *screen = open_primes(state, "process-pool:3");
    pid_t worker = 0;
    screen_require(screen, processes_named(screen, "juggler:p2", &worker, 1) == 1);
    screen_type(screen, "\033OB"); /* Down */
    screen_type(screen, "k");
    screen_expect_text(screen, 2, "p2, process ");
    screen_expect(screen, 2, is_dead, &worker);
    screen_expect(screen, 2, lane_says, (&(struct lane_says){LANE_PRIMES, "1 killed"}));
    screen_expect(screen, 40, lane_has_done, (&(struct lane_progress){LANE_PRIMES, 6, 6}));
    screen_expect(screen, 2, lane_says, (&(struct lane_says){LANE_PRIMES, "0 failed"}));
}

static void k_kills_threads_only_when_asked_twice(void **state)
{
    struct screen *screen = open_downloads(state);
    pid_t runner = 0;
    screen_require(screen, processes_named(screen, "juggler:runner", &runner, 1) == 1);
    screen_type(screen, "k");
    screen_expect_text(screen, 2, "t1 shares its process with all 12 threads");
    screen_type(screen, "\033OB"); /* Down: another one, so the first word does not count */
    screen_type(screen, "k");
    screen_expect_text(screen, 2, "t2 shares its process with all 12 threads");
    screen_require(screen, !is_dead(screen, &runner));
    screen_type(screen, "k");
    screen_expect(screen, 2, is_dead, &runner);
    screen_expect(screen, 2, lane_says, (&(struct lane_says){LANE_DOWNLOADS, "1 restart"}));
    screen_expect(screen, 20, lane_has_done, (&(struct lane_progress){LANE_DOWNLOADS, 36, 36}));
}

static void all_processes_killed_at_once_are_replaced(void **state)
{
    struct screen *screen = open_primes(state, "process-pool:3");
    pid_t workers[3];
    screen_require(screen, processes_named(screen, PROCESS_WORKERS, workers, 3) == 3);
    for (int i = 0; i < 3; i++)
        kill(workers[i], SIGKILL);
    screen_expect(screen, 2, lane_says, (&(struct lane_says){LANE_PRIMES, "3 killed"}));
    screen_expect(screen, 2, processes_are, (&(struct census){PROCESS_WORKERS, 3}));
    screen_expect(screen, 40, lane_has_done, (&(struct lane_progress){LANE_PRIMES, 6, 6}));
    screen_expect(screen, 2, lane_says, (&(struct lane_says){LANE_PRIMES, "0 failed"}));
}

static void a_process_of_its_own_that_is_killed_gets_a_successor(void **state)
{
    const char *const work[] = {"primes", "200000", "190000", "180000", "--with", "process-each", NULL};
    struct screen *screen = screen_open(state, &(struct screen_start){.arguments = work});
    pid_t worker = 0;
    screen_expect(screen, 10, processes_are, (&(struct census){PROCESS_WORKERS, 3}));
    screen_expect(screen, 10, primes_are_at_work, NULL);
    screen_require(screen, processes_named(screen, "juggler:p1", &worker, 1) == 1);
    kill(worker, SIGSEGV);
    screen_expect(screen, 2, is_dead, &worker);
    screen_expect(screen, 30, lane_has_done, (&(struct lane_progress){LANE_PRIMES, 3, 3}));
    screen_expect(screen, 2, lane_says, (&(struct lane_says){LANE_PRIMES, "1 killed"}));
}

/* Threads share the fate of their process: all of them are gone, and all of them come back. */
static void a_killed_runner_of_threads_is_started_again(void **state)
{
    struct screen *screen = open_downloads(state);
    pid_t first = 0, second = 0;
    threads_named(screen, THREAD_WORKERS, &first);
    screen_require(screen, first > 0);
    kill(first, SIGKILL);
    screen_expect(screen, 2, is_dead, &first);
    screen_expect(screen, 3, lane_says, (&(struct lane_says){LANE_DOWNLOADS, "1 restart"}));
    screen_expect(screen, 3, lane_says, (&(struct lane_says){LANE_DOWNLOADS, "12 killed"}));
    screen_expect(screen, 3, threads_are, (&(struct census){THREAD_WORKERS, 12}));
    threads_named(screen, THREAD_WORKERS, &second);
    screen_require(screen, second > 0 && second != first);
    screen_expect(screen, 40, lane_has_done, (&(struct lane_progress){LANE_DOWNLOADS, 36, 36}));
    screen_expect(screen, 2, lane_says, (&(struct lane_says){LANE_DOWNLOADS, "0 failed"}));
}

static size_t times_told(struct screen *screen, const char *what)
{
    char text[LANE_BYTES];
    size_t times = 0;
    for (const char *at = lane_text(screen, LANE_DOWNLOADS, text); (at = strstr(at, what)); at++)
        times++;
    return times;
}

static bool is_told_more_than_once(struct screen *screen, const void *what)
{
    return times_told(screen, what) > 1;
}

static void the_cause_of_a_restart_is_told_and_told_once(void **state)
{
    struct screen *screen = open_downloads(state);
    pid_t runner = 0;
    threads_named(screen, THREAD_WORKERS, &runner);
    kill(runner, SIGKILL);
    screen_expect(screen, 3, lane_says, (&(struct lane_says){LANE_DOWNLOADS, "died of signal 9"}));
    screen_require(screen, !screen_wait(screen, 2, is_told_more_than_once, "died of signal 9"));
}

static void a_killed_runner_of_processes_is_started_again(void **state)
{
    struct screen *screen = open_primes(state, "process-pool:3");
    pid_t workers[3], runner = 0;
    screen_require(screen, processes_named(screen, PROCESS_WORKERS, workers, 3) == 3);
    screen_require(screen, processes_named(screen, "juggler:runner", &runner, 1) == 1);
    kill(runner, SIGKILL);
    for (int i = 0; i < 3; i++)
        screen_expect(screen, 2, is_dead, &workers[i]); /* nobody outlives it */
    screen_expect(screen, 3, lane_says, (&(struct lane_says){LANE_PRIMES, "1 restart"}));
    screen_expect(screen, 3, processes_are, (&(struct census){PROCESS_WORKERS, 3}));
    screen_expect(screen, 40, lane_has_done, (&(struct lane_progress){LANE_PRIMES, 6, 6}));
    screen_expect(screen, 2, lane_says, (&(struct lane_says){LANE_PRIMES, "0 failed"}));
}

static void the_other_lane_goes_on_meanwhile(void **state)
{
    struct screen *screen = screen_open(state, &(struct screen_start){.columns = 120, .rows = 36});
    pid_t runner = 0, workers[4], same[4];
    screen_expect(screen, 10, processes_are, (&(struct census){PROCESS_WORKERS, 4}));
    screen_expect(screen, 10, threads_are, (&(struct census){THREAD_WORKERS, 10}));
    processes_named(screen, PROCESS_WORKERS, workers, 4);
    threads_named(screen, THREAD_WORKERS, &runner);
    kill(runner, SIGKILL);
    screen_expect(screen, 3, lane_says, (&(struct lane_says){LANE_DOWNLOADS, "restart"}));
    processes_named(screen, PROCESS_WORKERS, same, 4);
    screen_require(screen, memcmp(workers, same, sizeof same) == 0);
    screen_require(screen, !lane_says(screen, &(struct lane_says){LANE_PRIMES, "restart"}));
    screen_expect(screen, 20, lane_has_done, (&(struct lane_progress){LANE_DOWNLOADS, 20, 20}));
}

/* Without its server nothing can be fetched; that is said, and it ends. */
static void downloads_without_their_server_fail_and_say_so(void **state)
{
    struct screen *screen = open_downloads(state);
    pid_t all[64], server = 0;
    size_t count = processes_named(screen, "juggler:o*", all, 64);
    if (count == 0)
        count = processes_named(screen, "*serve*", all, 64);
    screen_require(screen, count == 1);
    server = all[0];
    kill(server, SIGKILL);
    screen_expect(screen, 2, is_dead, &server);
    screen_expect_text(screen, 2, "the built-in server has died");
    screen_expect_no_text(screen, 2, "< > server");
    screen_expect(screen, 60, lane_says, (&(struct lane_says){LANE_DOWNLOADS, "done in"}));
    screen_require(screen, lane_number(screen, LANE_DOWNLOADS, "failed") > 0);
    screen_type(screen, "q");
    screen_expect_exit(screen, 2, 0);
}

/* A worker that is only stopped keeps its job; when it goes on before its lease is over, the job is counted once. */
static void a_stopped_process_goes_on_where_it_was(void **state)
{
    const char *const work[] = {"--lease", "0",      "primes", "200000", "190000",         "180000",
                                "170000",  "160000", "150000", "--with", "process-pool:3", NULL};
    struct screen *screen = screen_open(state, &(struct screen_start){.arguments = work});
    screen_expect(screen, 10, processes_are, (&(struct census){PROCESS_WORKERS, 3}));
    screen_expect(screen, 10, lane_says, (&(struct lane_says){LANE_PRIMES, "p1  \u2264"}));
    pid_t worker = 0;
    screen_require(screen, processes_named(screen, "juggler:p1", &worker, 1) == 1);
    kill(worker, SIGSTOP);
    screen_expect(screen, 10, lane_says, (&(struct lane_says){LANE_PRIMES, "halted"}));
    screen_expect(screen, 30, lane_has_done, (&(struct lane_progress){LANE_PRIMES, 6, 5}));
    kill(worker, SIGCONT);
    screen_expect(screen, 30, lane_has_done, (&(struct lane_progress){LANE_PRIMES, 6, 6}));
    screen_expect(screen, 2, lane_says, (&(struct lane_says){LANE_PRIMES, "0 failed"}));
}

/* Past its lease it is shown, killed, and its job goes to another. */
static void a_stopped_process_loses_its_lease(void **state)
{
    const char *const work[] = {"--lease", "4",      "primes", "240000", "230000",         "220000",
                                "210000",  "200000", "190000", "--with", "process-pool:3", NULL};
    struct screen *screen = screen_open(state, &(struct screen_start){.arguments = work});
    pid_t worker = 0;
    screen_expect(screen, 10, lane_says, (&(struct lane_says){LANE_PRIMES, "p1  \u2264"})); /* at a job, not before it */
    screen_require(screen, processes_named(screen, "juggler:p1", &worker, 1) == 1);
    kill(worker, SIGSTOP);
    screen_expect(screen, 10, lane_says, (&(struct lane_says){LANE_PRIMES, "halted"}));
    screen_expect(screen, 10, is_dead, &worker);
    screen_expect(screen, 3, lane_says, (&(struct lane_says){LANE_PRIMES, "gave no sign of life"}));
    kill(worker, SIGCONT); /* too late */
    screen_expect(screen, 40, lane_has_done, (&(struct lane_progress){LANE_PRIMES, 6, 6}));
    screen_expect(screen, 2, lane_says, (&(struct lane_says){LANE_PRIMES, "1 killed"}));
    screen_expect(screen, 2, lane_says, (&(struct lane_says){LANE_PRIMES, "0 failed"}));
}

#define CASE(function) cmocka_unit_test_teardown(function, screen_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(a_killed_process_is_shown_and_its_job_done_by_another),
        CASE(k_kills_the_selected_process),
        CASE(k_kills_threads_only_when_asked_twice),
        CASE(all_processes_killed_at_once_are_replaced),
        CASE(a_process_of_its_own_that_is_killed_gets_a_successor),
        CASE(a_killed_runner_of_threads_is_started_again),
        CASE(the_cause_of_a_restart_is_told_and_told_once),
        CASE(a_killed_runner_of_processes_is_started_again),
        CASE(the_other_lane_goes_on_meanwhile),
        CASE(downloads_without_their_server_fail_and_say_so),
        CASE(a_stopped_process_goes_on_where_it_was),
        CASE(a_stopped_process_loses_its_lease),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
