/* test_compare.c - real comparisons from beginning to end.
 * test: alone test: limit 120 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <poll.h>
#include <stdio.h>
#include <string.h>

#include "base/problem.h"
#include "compare/controls.h"
#include "compare/plan.h"
#include "jobs/control.h"
#include "juggler/compare.h"
#include "juggler/worker.h"

#include "made_lines.h"
#include "others.h"

enum { JOBS = 4, ROUNDS = 3, JOB_ROUNDS = 1500 };

static const struct job_input INPUTS[JOBS] = {{.text = "a", .limit = JOB_ROUNDS},
                                              {.text = "b", .limit = JOB_ROUNDS},
                                              {.text = "c", .limit = JOB_ROUNDS},
                                              {.text = "d", .limit = 2 * JOB_ROUNDS}};
static const struct job_set COMPUTING = {
    .kind = &job_kind_compute, .inputs = INPUTS, .count = JOBS, .output_dir = -1, .part_prefix = ""};

static struct compare_options options_of(const struct job_set *set, const struct executor *executors, size_t count)
{
    struct compare_options options = {
        .set = set, .list_name = "four", .count = count, .rounds = ROUNDS, .seed = 5, .usable_cores = 2};
    memcpy(options.executors, executors, count * sizeof *executors);
    return options;
}

static void one_turn(struct compare *compare)
{
    struct pollfd fd = {.fd = compare_pidfd(compare), .events = POLLIN};
    poll(&fd, 1, 20);
    compare_tick(compare);
}

/* To its end, looking all the time. */
static void carry_out(struct compare *compare, struct compare_view *view)
{
    size_t done = 0;
    for (int turn = 0; turn < 20000; turn++) {
        one_turn(compare);
        compare_look(compare, view);
        size_t running = 0;
        for (size_t i = 0; i < view->count; i++)
            running += view->lines[i].running;
        assert_true(running <= 1 && (running == 1) == (view->running != NULL));
        assert_true(view->runs_done >= done && view->runs_done <= view->runs_all && view->round <= view->rounds);
        done = view->runs_done;
        if (view->over)
            return;
        assert_string_equal(view->verdict, "");
    }
    fail_msg("not over after 20,000 turns");
}

static void assert_figures(const struct compare_view *view)
{
    for (size_t i = 0; i < view->count; i++) {
        const struct compare_line *line = &view->lines[i];
        assert_string_equal(line->problem, "");
        assert_int_equal(line->count, view->rounds);
        assert_true(line->min_s <= line->median_s && line->median_s <= line->max_s);
        assert_near(line->speedup, view->lines[0].median_s / line->median_s);
        assert_near(line->efficiency, line->speedup / (double)line->workers);
        assert_true(line->best_s > 0 && line->best_s <= line->median_s && line->of_possible <= 1);
        assert_near(line->of_possible, line->best_s / line->median_s);
        assert_true(line->best_why[0] && line->make_s > 0 && line->make_s < 0.1 && line->cpu_s > 0);
        for (size_t j = 0; j < line->count; j++) {
            const struct compare_run *run = &line->runs[j];
            assert_int_equal(run->round, j + 1);
            assert_true(run->ended && run->state == RUN_DONE && run->done == JOBS && run->failed == 0);
            assert_true(run->wall_s >= line->min_s && run->wall_s <= line->max_s);
            assert_true(run->serial_s >= 0 && run->serial_s < run->wall_s);
            assert_true(run->cpu_s >= run->sum_s * 0.9 - 0.02); /* the jobs' CPU time is part of the run's */
        }
    }
}

static void test_a_comparison(void **state)
{
    const struct executor executors[] = {SEQUENTIAL, POOL_2, POOL_2_GIL, PROCESSES_2};
    struct compare_options options = options_of(&COMPUTING, executors, 4);
    struct problem problem = {.text = ""};
    struct compare_view view;
    struct others others = others_watch();
    (void)state;
    struct compare *compare = compare_start(&options, &problem);
    assert_non_null(compare);
    carry_out(compare, &view);
    assert_int_equal(view.runs_done, 4 * (ROUNDS + 1));
    assert_int_equal(view.runs_all, view.runs_done);
    assert_false(view.stopped);
    assert_true(view.verdict[0] && view.seed == 5 && strcmp(view.list_name, "four") == 0);
    assert_figures(&view);
    /* each round's positions are the order of the seed */
    for (unsigned round = 1; round <= ROUNDS; round++) {
        size_t order[4];
        plan_shuffle(5, round, order, 4);
        for (size_t i = 0; i < 4; i++)
            assert_int_equal(view.lines[order[i]].runs[round - 1].position, i);
    }
    /* the lock is there where it was asked for, and nowhere else */
    double with_s = view.lines[2].lock_s, without_s = view.lines[1].lock_s;
    if (!strstr(view.lines[2].best_why,
                "its own fastest run")) /* which says instead that it did better than its parts promised */
        assert_says(view.lines[2].best_why, "interpreter lock");
    compare_free(compare);
    assert_true(with_s > 0 && without_s == 0);
    if (with_s <= 0.01 && others_spoilt(&others))
        skip(); /* where others have the cores, the waiting is for a core */
    assert_true(with_s > 0.01);
}

static void test_controls_are_measured_beside_it(void **state)
{
    const struct executor executors[] = {POOL_2_GIL};
    struct compare_options options = options_of(&COMPUTING, executors, 1);
    struct problem problem = {.text = ""};
    struct compare_view view;
    (void)state;
    options.controls = true;
    options.rounds = 2;
    struct compare *compare = compare_start(&options, &problem);
    assert_non_null(compare);
    carry_out(compare, &view);
    assert_int_equal(view.runs_done, 5 * 3);
    assert_int_equal(view.lines[0].count, 2);
    assert_true(view.controls && view.waiting.known && view.computing.known && view.waiting.threads == 2);
    assert_true(view.waiting.free_s >= 0.1 && view.waiting.gil_s >= 0.1); /* that long they wait */
    assert_says(view.waiting.words, "waiting: ");
    assert_says(view.computing.words, "computing: ");
    compare_free(compare);
}

static void test_what_the_controls_are(void **state)
{
    struct controls controls;
    (void)state;
    controls_init(&controls, 4);
    for (enum control_run i = 0; i < CONTROL_RUNS; i++) {
        const struct executor executor = controls_executor(&controls, i);
        const struct job_set *set = controls_set(&controls, i);
        assert_true(executor.how == HOW_THREAD_POOL && executor.width == 4 && set->count == 4);
        assert_int_equal(executor.gil, i == CONTROL_WAIT_GIL || i == CONTROL_COMPUTE_GIL);
        assert_ptr_equal(set->kind, i == CONTROL_WAIT_FREE || i == CONTROL_WAIT_GIL ? &job_kind_wait : &job_kind_compute);
    }
    controls_init(&controls, 1);
    assert_int_equal(controls.threads, 2); /* one alone has nobody to share a lock with */
    controls_init(&controls, 5000);
    assert_int_equal(controls.threads, CONTROL_THREADS_MAX);
}

static void test_what_controls_say(void **state)
{
    (void)state;
    const struct stats fast = {.median = 0.1, .min = 0.1, .max = 0.11}, slow = {.median = 0.2, .min = 0.19, .max = 0.3};
    const struct stats near = {.median = 0.201, .min = 0.2, .max = 0.21}, wide = {.median = 0.15, .min = 0.1, .max = 0.2};
    const struct stats none = {.median = -1, .min = -1, .max = -1};
    assert_string_equal(control_say(false, 4, 2, &slow, &near, -1).words,
                        "waiting: the GIL costs nothing (0.200 s and 0.201 s, 4 threads)");
    assert_string_equal(control_say(true, 4, 2, &fast, &slow, 0.1).words,
                        "computing: with the GIL 4 threads take 2.0 times as long (0.100 s and 0.200 s)");
    assert_string_equal(control_say(true, 4, 2, &slow, &wide, 2).words,
                        "computing: no real difference with the GIL (0.200 s and 0.150 s, 4 threads); the machine was busy, "
                        "which disturbs this");
    assert_says(control_say(true, 4, 2, &slow, &fast, -1).words, "0.5 times as long");
    assert_says(control_say(true, 4, 1, &slow, &slow, -1).words, "where there is one core");
    assert_false(control_say(true, 4, 2, &none, &slow, -1).known);
}

static void test_a_sweep_is_fitted(void **state)
{
    struct executor executors[4];
    struct compare_view view;
    struct problem problem = {.text = ""};
    (void)state;
    for (unsigned i = 0; i < 4; i++)
        executors[i] = (struct executor){.how = HOW_THREAD_POOL, .width = 1 + i};
    struct compare_options options = options_of(&COMPUTING, executors, 4);
    options.sweep = true;
    options.rounds = 1;
    struct compare *compare = compare_start(&options, &problem);
    assert_non_null(compare);
    carry_out(compare, &view);
    assert_true(view.fit.known && view.fit.lambda > 0 && view.fit.words[0]);
    assert_true(view.fit.sigma >= 0 && view.fit.sigma <= 1 && view.fit.kappa >= 0 && view.fit.peak_workers >= 1);
    assert_near(view.lines[0].speedup, 1);
    compare_free(compare);
    options.count = 3;
    compare = compare_start(&options, &problem);
    assert_non_null(compare);
    carry_out(compare, &view);
    assert_false(view.fit.known);
    assert_string_equal(view.fit.words, "too few points: 3; a fit needs at least four");
    compare_free(compare);
}

static void test_stopped_in_the_middle(void **state)
{
    const struct executor executors[] = {SEQUENTIAL, POOL_2};
    struct compare_options options = options_of(&COMPUTING, executors, 2);
    struct compare_view view;
    struct problem problem = {.text = ""};
    (void)state;
    options.rounds = 50;
    struct compare *compare = compare_start(&options, &problem);
    assert_non_null(compare);
    do {
        one_turn(compare);
        compare_look(compare, &view);
    } while (view.runs_done < 7 || !view.running);
    compare_stop(compare);
    compare_look(compare, &view);
    assert_true(view.over && view.stopped && !view.running && compare_pidfd(compare) == -1);
    assert_int_equal(view.lines[0].count + view.lines[1].count, 5); /* 7 but the two that warmed up */
    assert_says(view.verdict, "stopped after 7 of 102 runs");
    compare_tick(compare); /* nothing comes any more */
    compare_look(compare, &view);
    assert_int_equal(view.runs_done, 7);
    compare_free(compare);
}

static enum job_outcome run_failing(void *state, struct worker *worker, size_t job, struct job_result *result)
{
    (void)state;
    worker_phase(worker, PHASE_COMPUTING);
    result->attempts = 1;
    return job == 1 ? JOB_OUTCOME_FAILED : JOB_OUTCOME_DONE;
}

static void *start_nothing(const struct job_set *set, struct worker *worker)
{
    (void)worker;
    return (void *)(uintptr_t)set;
}

static void stop_nothing(void *state)
{
    (void)state;
}

static void test_failed_jobs_are_counted_and_noted(void **state)
{
    static const struct job_kind FAILING = {.work = WORK_PRIMES,
                                            .name = "failing",
                                            .title = "FAILING",
                                            .bound = "fails",
                                            .worker_start = start_nothing,
                                            .run = run_failing,
                                            .worker_stop = stop_nothing};
    const struct executor executors[] = {SEQUENTIAL, POOL_2};
    const struct job_set set = {.kind = &FAILING, .inputs = INPUTS, .count = 3, .output_dir = -1, .part_prefix = ""};
    struct compare_options options = options_of(&set, executors, 2);
    struct compare_view view;
    struct problem problem = {.text = ""};
    (void)state;
    struct compare *compare = compare_start(&options, &problem);
    assert_non_null(compare);
    carry_out(compare, &view);
    assert_int_equal(view.lines[0].failed, ROUNDS);
    assert_true(view.notes_count > 0);
    assert_says(view.notes[0], "6 jobs failed under sequential, thread-pool:2");
    assert_false(view.lines[0].winner || view.lines[1].winner);
    assert_says(view.verdict, "nothing was measured that could be compared");
    compare_free(compare);
}

static void *start_badly(const struct job_set *set, struct worker *worker)
{
    (void)set;
    (void)worker;
    return NULL; /* errno: whatever it was */
}

/* One that cannot be carried out is told of, and the others are measured. */
static void test_what_cannot_be_run_is_dropped(void **state)
{
    static const struct job_kind UNABLE = {.work = WORK_PRIMES,
                                           .name = "unable",
                                           .title = "UNABLE",
                                           .bound = "can't",
                                           .worker_start = start_badly,
                                           .run = run_failing,
                                           .worker_stop = stop_nothing};
    const struct executor executors[] = {SEQUENTIAL, POOL_2};
    const struct job_set set = {.kind = &UNABLE, .inputs = INPUTS, .count = 2, .output_dir = -1, .part_prefix = ""};
    struct compare_options options = options_of(&set, executors, 2);
    struct compare_view view;
    struct problem problem = {.text = ""};
    (void)state;
    struct compare *compare = compare_start(&options, &problem);
    assert_non_null(compare);
    carry_out(compare, &view);
    assert_true(view.lines[0].problem[0] && view.lines[1].problem[0]);
    assert_int_equal(view.runs_done, 2); /* once each, and no more */
    assert_int_equal(view.runs_all, 2);
    compare_free(compare);
}

static void refused(const struct compare_options *options, const char *part)
{
    struct problem problem = {.text = ""};
    assert_int_equal(compare_check(options, &problem), -1);
    assert_says(problem.text, part);
    assert_null(compare_start(options, &problem));
}

static void test_refusals(void **state)
{
    const struct executor executors[] = {SEQUENTIAL, POOL_2, POOL_2};
    const struct executor loop[] = {{.how = HOW_EVENT_LOOP, .width = 10}};
    struct compare_options options = options_of(&COMPUTING, executors, 3);
    (void)state;
    refused(&options, "thread-pool:2 is named twice");
    options.count = 0;
    refused(&options, "0 executors");
    options.count = 2;
    options.rounds = 0;
    refused(&options, "rounds");
    options.rounds = COMPARE_ROUNDS_MAX + 1;
    refused(&options, "rounds");
    options = options_of(&COMPUTING, loop, 1);
    refused(&options, "event-loop:10");
    compare_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_comparison),
        cmocka_unit_test(test_controls_are_measured_beside_it),
        cmocka_unit_test(test_what_the_controls_are),
        cmocka_unit_test(test_what_controls_say),
        cmocka_unit_test(test_a_sweep_is_fitted),
        cmocka_unit_test(test_stopped_in_the_middle),
        cmocka_unit_test(test_failed_jobs_are_counted_and_noted),
        cmocka_unit_test(test_what_cannot_be_run_is_dropped),
        cmocka_unit_test(test_refusals),
    };
    return cmocka_run_group_tests_name("compare", tests, NULL, NULL);
}
