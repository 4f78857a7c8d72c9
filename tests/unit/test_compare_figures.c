/* test_compare_figures.c - what a comparison says of a way: the best that was possible, what a run's snapshot came to, and its notes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "base/clock.h"
#include "base/problem.h"
#include "compare/harvest.h"
#include "compare/notes.h"
#include "compare/possible.h"
#include "measure/ideal.h"

#include "made_lines.h"

/* --- the best possible ---------------------------------------------------------------------------- */

static const uint64_t MS = NS_PER_MS;

static struct possible_input possible_input_of(enum work work, uint64_t *parts, size_t jobs, size_t workers)
{
    return (struct possible_input){.work = work,
                                   .parts = parts,
                                   .jobs = jobs,
                                   .sequential = true,
                                   .workers = workers,
                                   .usable_cores = 2,
                                   .serial_s = -1,
                                   .min_s = 1000};
}

static void test_possible_downloads(void **state)
{
    uint64_t parts[] = {10 * MS, 20 * MS, 30 * MS, 40 * MS, 50 * MS};
    struct possible_input input = possible_input_of(WORK_DOWNLOAD, parts, 5, 2);
    (void)state;
    struct possible possible = possible_of(&input); /* 50 + 20 + 10 beside 40 + 30 */
    assert_near(possible.best_s, 0.080);
    assert_says(possible.why, "the 5 transfers, as measured under sequential, longest first, 2 at a time");
    input.workers = 1;
    assert_near(possible_of(&input).best_s, 0.150);
    assert_says(possible_of(&input).why, "one after another");
    input.workers = 10;
    assert_near(possible_of(&input).best_s, 0.050);
    assert_says(possible_of(&input).why, "all at once");
    input.gil = true; /* which does not hold up who waits */
    assert_near(possible_of(&input).best_s, 0.050);
    input.bytes = 1000000;
    input.bytes_per_s_most = 10000000;
    assert_near(possible_of(&input).best_s, 0.100);
    assert_says(possible_of(&input).why, "network's share");
}

static void test_possible_computing(void **state)
{
    uint64_t even[] = {100 * MS, 100 * MS, 100 * MS, 100 * MS}, uneven[] = {500 * MS, 10 * MS, 10 * MS, 10 * MS};
    struct possible_input input = possible_input_of(WORK_PRIMES, even, 4, 4);
    (void)state;
    assert_near(possible_of(&input).best_s, 0.200); /* two cores, however many workers */
    assert_says(possible_of(&input).why, "shared evenly by 2 usable cores");
    input.serial_s = 0.005;
    assert_near(possible_of(&input).best_s, 0.205);
    assert_says(possible_of(&input).why, "before the first and after the last job");
    input.workers = 1;
    assert_near(possible_of(&input).best_s, 0.405);
    input.workers = 4;
    input.gil = true;
    assert_near(possible_of(&input).best_s, 0.405);
    assert_says(possible_of(&input).why, "one thread computes at a time");
    input = possible_input_of(WORK_PRIMES, uneven, 4, 4);
    assert_near(possible_of(&input).best_s, 0.500);
    assert_says(possible_of(&input).why, "longest");
}

/* As `run counter` says it (measure/ideal.c): threads share the counter, processes have one each. */
static void test_possible_counting(void **state)
{
    uint64_t parts[] = {100 * MS, 100 * MS, 100 * MS, 100 * MS};
    struct possible_input input = possible_input_of(WORK_COUNTER, parts, 4, 4);
    (void)state;
    assert_true(possible_of(&input).best_s < 0);
    assert_string_equal(possible_of(&input).why, IDEAL_COUNTER_UNKNOWN);
    input.gil = true;
    assert_near(possible_of(&input).best_s, 0.400);
    assert_says(possible_of(&input).why, IDEAL_COUNTER_SERIAL);
    input.gil = false;
    input.workers = 1;
    assert_near(possible_of(&input).best_s, 0.400);
    assert_says(possible_of(&input).why, IDEAL_COUNTER_SERIAL);
    input.workers = 4;
    input.processes = true;
    assert_near(possible_of(&input).best_s, 0.200);
    assert_says(possible_of(&input).why, "shared evenly by 2 usable cores");
}

static void test_a_faster_run_is_believed(void **state)
{
    uint64_t parts[] = {100 * MS, 100 * MS};
    struct possible_input input = possible_input_of(WORK_PRIMES, parts, 2, 2);
    (void)state;
    input.min_s = 0.09;
    assert_near(possible_of(&input).best_s, 0.09);
    assert_says(possible_of(&input).why, "its own fastest run");
}

static void test_nothing_measured_nothing_possible(void **state)
{
    uint64_t parts[] = {0, 0};
    struct possible_input input = possible_input_of(WORK_PRIMES, parts, 2, 2);
    (void)state;
    assert_true(possible_of(&input).best_s < 0);
    parts[0] = 10 * MS;
    assert_near(possible_of(&input).best_s, 0.010);
    assert_says(possible_of(&input).why, "the 1 of 2 jobs that ended");
    input.min_s = -1;
    assert_true(possible_of(&input).best_s < 0);
}

/* --- harvest -------------------------------------------------------------------------------------- */

static void test_figures_of_a_snapshot(void **state)
{
    static struct job_snapshot jobs[2];
    static struct worker_snapshot workers[2];
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        jobs[i].word.state = i ? JOB_FAILED : JOB_DONE;
        jobs[i].result.start_ns = 5 * NS_PER_S + (10 + 100 * i) * MS;
        jobs[i].result.end_ns = jobs[i].result.start_ns + 300 * MS;
        jobs[i].result.cpu_ns = 200 * MS;
        workers[i].used = true;
        workers[i].data.ready_known = 1;
        workers[i].data.account_ns[ACCOUNT_LOCK] = 7 * MS;
        workers[i].data.account_ns[ACCOUNT_READY] = 3 * MS;
    }
    struct snapshot snapshot = {.state = RUN_DONE,
                                .work = WORK_DOWNLOAD,
                                .start_ns = 5 * NS_PER_S,
                                .wall_ns = 500 * MS,
                                .paused_ns = 40 * MS,
                                .jobs = 2,
                                .done = 1,
                                .failed = 1,
                                .attempts = 5,
                                .bytes = 1000,
                                .cpu_ns = 450 * MS,
                                .slots = 2,
                                .workers = workers,
                                .results = jobs,
                                .killed = 1};
    snapshot.runner.made = 4;
    snapshot.runner.make_ns = 800000;
    struct compare_run run = harvest_run(&snapshot);
    struct run_marks marks = harvest_marks(&snapshot);
    assert_true(run.ended && run.jobs == 2 && run.done == 1 && run.failed == 1);
    assert_near(run.wall_s, 0.460);
    assert_near(run.cpu_s, 0.450);
    assert_near(run.sum_s, 0.600); /* downloads by the clock */
    assert_near(run.lock_s, 0.014);
    assert_near(run.ready_s, 0.006);
    assert_near(run.serial_s, 0.010 + 0.090);
    assert_near(run.make_s, 0.0002);
    assert_int_equal(marks.paused_ns, 40 * MS);
    assert_int_equal(marks.tries_more, 3);
    assert_int_equal(marks.killed, 1);
    assert_near(marks.bytes_per_s_most, 1000 / 0.460);
    assert_true(marks.first_byte_s < 0);
    workers[1].data.ready_known = 0; /* one not known: the sum is not */
    snapshot.work = WORK_PRIMES;
    snapshot.cpu_ns = 0;
    assert_true(harvest_run(&snapshot).ready_s < 0 && harvest_run(&snapshot).cpu_s < 0);
    assert_near(harvest_run(&snapshot).sum_s, 0.400); /* primes by CPU time */
}

static void test_first_bytes_out_of_the_journal(void **state)
{
    const struct journal_event events[] = {{.time_ns = 100 * MS, .slot = 0, .phase = PHASE_WAITING},
                                           {.time_ns = 110 * MS, .slot = 1, .phase = PHASE_WAITING},
                                           {.time_ns = 130 * MS, .slot = 0, .phase = PHASE_RECEIVING},
                                           {.time_ns = 200 * MS, .slot = 1, .phase = PHASE_RECEIVING},
                                           {.time_ns = 300 * MS, .slot = 0, .phase = PHASE_WAITING},
                                           {.time_ns = 340 * MS, .slot = 0, .phase = PHASE_RECEIVING},
                                           {.time_ns = 400 * MS, .slot = 1, .phase = PHASE_WAITING},
                                           {.time_ns = 900 * MS, .slot = 1, .phase = PHASE_BACKOFF},
                                           {.time_ns = 950 * MS, .slot = 1, .phase = PHASE_RECEIVING},
                                           {.time_ns = 960 * MS, .slot = 77, .phase = PHASE_RECEIVING}};
    struct snapshot snapshot = {.work = WORK_DOWNLOAD, .slots = 2};
    (void)state;
    snapshot.journal = (struct journal){.events = events, .count = sizeof events / sizeof *events};
    assert_near(harvest_marks(&snapshot).first_byte_s, 0.040); /* of 30, 90 and 40 ms */
}

/* --- notes ---------------------------------------------------------------------------------------- */

static bool noted(const struct notes_input *input, const char *part)
{
    note_text texts[COMPARE_NOTES_MAX];
    size_t count = notes_write(input, texts);
    for (size_t i = 0; i < count; i++)
        if (strstr(texts[i], part))
            return true;
    return false;
}

static void test_notes_only_when_it_disturbs(void **state)
{
    static const double WALLS[] = {1, 1.1, 1.05};
    struct made made = {.count = 0};
    note_text texts[COMPARE_NOTES_MAX];
    (void)state;
    add_line(&made, POOL_2, WALLS, 3);
    struct notes_line line = {.line = &made.lines[0], .warm_up = {.ended = true, .wall_s = 1.2}, .first_byte_s = 0.5};
    struct notes_input input = {.lines = &line,
                                .count = 1,
                                .rounds = 3,
                                .jobs = 65,
                                .over = true,
                                .load_average = 0.2,
                                .load_most = 0.4,
                                .latency_s = 0.48};
    assert_int_equal(notes_write(&input, texts), 0);
    input.load_most = 0.6;
    assert_true(noted(&input, "0.6 cores at most"));
    input.load_average = 0.5;
    assert_true(noted(&input, "0.5 cores on average"));
    line.warm_up.wall_s = 1.5;
    input.warm_disk_bytes = 1 << 20;
    assert_true(noted(&input, "thread-pool:2 took 1.50 s in it, and at most 1.10 s after it; that round read 1.0 MiB"));
    input.later_disk_bytes = 1 << 20;
    assert_true(noted(&input, "after the warm-up, too"));
    input.latency_s = 0.4;
    assert_true(noted(&input, "under thread-pool:2 0.10 s later"));
    input.rounds = 1;
    assert_true(noted(&input, "one round"));
    input.article = true;
    assert_true(noted(&input, "65 jobs"));
    line.killed = 2;
    assert_true(noted(&input, "2 workers died under thread-pool:2"));
    line.tries_more = 1;
    assert_true(noted(&input, "1 more attempt was needed"));
    line.paused_ns = 5;
    assert_true(noted(&input, "was paused"));
    made.lines[0].median_s = 0.019;
    assert_true(noted(&input, "under 20 ms"));
    made.lines[0].failed = 1;
    assert_true(noted(&input, "1 job failed under thread-pool:2"));
    assert_false(noted(&input, "under 20 ms")); /* it is not to be compared anyway */
    strcpy(made.lines[0].problem, "no memory");
    assert_true(noted(&input, "thread-pool:2 could not be measured: no memory"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_possible_downloads),
        cmocka_unit_test(test_possible_computing),
        cmocka_unit_test(test_possible_counting),
        cmocka_unit_test(test_a_faster_run_is_believed),
        cmocka_unit_test(test_nothing_measured_nothing_possible),
        cmocka_unit_test(test_figures_of_a_snapshot),
        cmocka_unit_test(test_first_bytes_out_of_the_journal),
        cmocka_unit_test(test_notes_only_when_it_disturbs),
    };
    return cmocka_run_group_tests_name("compare figures", tests, NULL, NULL);
}
