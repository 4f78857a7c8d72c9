/* test_keys_running.c - the keys that hold, start and stop: on the screen and in /proc. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "long_work.h"

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

#define CASE(function) cmocka_unit_test_teardown(function, screen_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(space_holds_everything_and_lets_it_go_on),
        CASE(n_starts_one_more_job),
        CASE(x_stops_the_lane_and_r_starts_it_anew),
        CASE(x_stops_what_is_paused),
        CASE(r_runs_again),
        CASE(a_lane_that_was_not_named_waits_for_its_key),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
