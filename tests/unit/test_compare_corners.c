/* test_compare_corners.c - reports of comparisons that are not as usual: no curve, no spread, failed jobs, work that is not downloads. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>

#include "base/text.h"
#include "report/compare_fields.h"
#include "report/curve.h"
#include "tests/unit/assert_text.h"
#include "tests/unit/made_compare.h"

/* --- the curve ------------------------------------------------------------------------------------------- */

static void a_curve_needs_two_widths_that_were_measured(void **state)
{
    struct made *made = *state;
    struct curve curve;
    assert_true(curve_make(&curve, &made->view));
    assert_int_equal(curve.count, 4); /* the fifth could not be run */
    assert_false(curve.doubling);     /* 1 to 8 workers */
    made->lines[3].workers = 0;       /* not known */
    made->lines[2].count = 0;         /* nothing that counts */
    assert_true(curve_make(&curve, &made->view));
    assert_int_equal(curve.count, 2);
    made->lines[1].workers = 1; /* both of one width */
    assert_false(curve_make(&curve, &made->view));
    made->lines[1].median_s = 0; /* too short to be measured */
    assert_false(curve_make(&curve, &made->view));
    assert_lacks(page_of(made), "<svg class=\"curve\"");
    assert_lacks(written(made, "table"), "jobs a second\n");
}

static void no_jobs_make_no_curve(void **state)
{
    struct made *made = *state;
    struct curve curve;
    for (size_t i = 0; i < LINES; i++)
        made->runs[i][0].jobs = 0;
    assert_false(curve_make(&curve, &made->view));
    for (size_t i = 0; i < LINES; i++)
        made->runs[i][0].jobs = JOBS;
    made->lines[0].min_s = 0; /* a run of no time has no throughput */
    assert_true(curve_make(&curve, &made->view));
    assert_true(curve.points[0].most == 0 && curve.points[1].most > 0);
}

static void wide_sweeps_stand_on_an_axis_of_doublings(void **state)
{
    struct made *made = *state;
    struct curve curve;
    made->lines[3].workers = 64;
    assert_true(curve_make(&curve, &made->view));
    assert_true(curve.doubling);
    assert_true(fabs(curve_x(&curve, 8) - 0.5) < 1e-9);
    assert_true(fabs(curve_workers_at(&curve, 0.5) - 8) < 1e-9);
    assert_has(written(made, "table"), "workers, a step a doubling; \u25cf measured, \u00b7 fitted\n");
    assert_has(page_of(made), "workers, a step a doubling<");
    made->view.fit.known = false;
    made->input.ascii = true;
    assert_has(written(made, "table"), "workers, a step a doubling; o measured\n");
    assert_lacks(written(made, "csv"), "fitted");
}

static void a_fit_stays_on_the_sheet(void **state)
{
    struct made *made = *state;
    struct curve curve;
    made->view.fit.sigma = -0.9; /* a law that nobody would believe: its loss falls below nothing */
    assert_true(curve_make(&curve, &made->view));
    assert_true(curve_fitted(&curve, 8) == 0);
    assert_true(curve_y(&curve, 1e9) == 1 && curve_y(&curve, -1) == 0);
    made->view.fit.lambda = 1e12;
    assert_has(written(made, "table"), "\u00b7");
}

/* Every figure is given as an end of the axis that is at least as great, and at most a quarter greater. */
static void axes_end_at_round_figures(void **state)
{
    struct made *made = *state;
    struct curve curve;
    for (double fastest = 0.013; fastest < 900; fastest *= 1.07) {
        for (size_t i = 0; i < 4; i++)
            made->lines[i].min_s = fastest;
        assert_true(curve_make(&curve, &made->view));
        assert_true(curve.most >= JOBS / fastest * (1 - 1e-6));
        assert_true(curve.most <= JOBS / fastest * 1.34);
    }
}

static void marks_that_would_overlap_are_left_out(void **state)
{
    struct made *made = *state;
    made->lines[0].workers = 100;
    made->lines[1].workers = 101;
    made->lines[2].workers = 102;
    made->lines[3].workers = 1000;
    const char *table = written(made, "table");
    assert_has(table, "100 ");
    assert_lacks(table, "101");
    assert_has(table, "1000\n");
}

/* --- lines ------------------------------------------------------------------------------------------------ */

static void failed_jobs_are_told_beside_the_times(void **state)
{
    struct made *made = *state;
    made->lines[1].failed = 1;
    made->lines[2].failed = 2;
    const char *table = written(made, "table");
    assert_has(table, " 1 job failed in its runs\n");
    assert_has(table, " 2 jobs failed in its runs\n");
    made->lines[3].failed = 3;
    assert_has(page_of(made), "class=\"text\">1 failed</td>");
    assert_has(page_of(made), "fastest</span>, 3 failed</td>");
}

static void ratios_in_their_precision(void **state)
{
    struct made *made = *state;
    made->lines[3].speedup = 12.34;
    assert_has(written(made, "table"), "12.3x");
    assert_has(page_of(made), "12.3\u00d7");
    made->lines[0].executor.gil = true; /* then the ratios are over nothing in particular */
    made->view.sweep = false;
    assert_true(compare_field_ratio_told(&made->view, 1));
    made->view.sweep = true; /* of the one with one worker, in a sweep */
    assert_false(compare_field_ratio_told(&made->view, 1));
    made->lines[0].workers = 2;
    assert_true(compare_field_ratio_told(&made->view, 1));
}

static void runs_that_count_are_whole_and_not_the_warm_up(void **state)
{
    struct made *made = *state;
    struct compare_run *runs = made->runs[2];
    assert_int_equal(compare_field_counted(&made->lines[2]), RUNS - 1);
    runs[1].ended = false;
    runs[2].state = RUN_STOPPED;
    assert_int_equal(compare_field_counted(&made->lines[2]), RUNS - 3);
    assert_has(written(made, "json"), "\"counts\": false");
    assert_lacks(page_of(made), "Interrupted");
    made->view.stopped = true;
    assert_has(page_of(made), "Interrupted: what had been measured by then is below.");
    made->view.stopped = false;
    made->input.interrupted = true;
    assert_has(page_of(made), "Interrupted: what had been measured by then is below.");
    assert_has(written(made, "table"), "what had been measured by then is above");
    made->view.stopped = true;
    made->lines[3].count = 2;
    assert_has(written(made, "table"), "2 whole of 3 rounds after a warm-up");
    for (size_t i = 0; i < LINES; i++)
        strcpy(made->lines[i].problem, "not here");
    assert_has(written(made, "table"), "0 whole of 3 rounds after a warm-up");
}

static void one_round_and_one_core_are_singular(void **state)
{
    struct made *made = *state;
    made->view.rounds = made->view.usable_cores = 1;
    made->view.count = 1;
    assert_has(written(made, "table"), "1 round after a warm-up");
    assert_lacks(made->text, "cores");
    assert_has(page_of(made), "carried out in 1 way</h1>");
}

static void the_counter_and_primes_have_their_words(void **state)
{
    struct made *made = *state;
    made->view.work = WORK_COUNTER;
    made->runs[0][1].expected = 1000;
    made->runs[0][1].got = 900;
    assert_has(written(made, "json"), "\"expected\": 1000,\n          \"got\": 900");
    assert_has(made->text, "\"bytes\": null");
    assert_has(page_of(made), "The shared counter, carried out in 5 ways");
    made->view.work = WORK_PRIMES;
    assert_lacks(written(made, "json"), "\"expected\"");
    assert_has(page_of(made), "Products of primes, carried out in 5 ways");
}

static void reasons_that_differ_in_numbers_only_are_said_once(void **state)
{
    struct made *made = *state;
    strcpy(made->lines[0].best_why, "the 20 transfers, 4 at a time");
    strcpy(made->lines[1].best_why, "the 20 transfers, 16 at a time");
    strcpy(made->lines[2].best_why, "the 20 transfers, 16 at a time, and more");
    strcpy(made->lines[3].best_why, "the transfers, 16 at a time");
    assert_true(compare_field_why_is_new(&made->view, 0));
    assert_false(compare_field_why_is_new(&made->view, 1));
    assert_true(compare_field_why_is_new(&made->view, 2));
    assert_true(compare_field_why_is_new(&made->view, 3));
    made->lines[3].best_why[0] = '\0';
    assert_false(compare_field_why_is_new(&made->view, 3));
}

static void controls_are_told_where_they_were_measured(void **state)
{
    struct made *made = *state;
    made->view.computing =
        (struct compare_control){.known = true, .threads = 4, .free_s = 1, .gil_s = 4, .words = "Computing."};
    assert_has(written(made, "table"), "pure          Waiting.\n              Computing.\n");
    assert_has(page_of(made), "<p>Waiting.</p>\n<p>Computing.</p>");
    made->view.waiting.known = false;
    assert_has(written(made, "table"), "pure          Computing.\n");
    assert_lacks(page_of(made), "Waiting.");
    made->view.computing.known = false;
    assert_lacks(page_of(made), "Pure waiting");
    made->view.controls = false;
    assert_lacks(written(made, "table"), "pure ");
    assert_has(written(made, "json"), "\"controls\": null");
}

static void a_table_has_a_width_that_can_be_read(void **state)
{
    struct made *made = *state;
    static const int ASKED[] = {-1, 0, 63, 161, 100000};
    for (size_t i = 0; i < sizeof ASKED / sizeof *ASKED; i++) {
        made->input.columns = ASKED[i];
        const char *text = written(made, "table");
        size_t columns = text_columns(text) - text_columns(strchr(text, '\n'));
        assert_in_range(columns, 40, 160);
    }
    made->input = (struct compare_report_input){.problem = "no", .columns = 80};
    assert_string_equal(written(made, "table"), "");
    made->input = (struct compare_report_input){.work = WORK_PRIMES};
    assert_has(written(made, "json"), "the comparison was not started");
}

/* Times of making a worker that are known of some lines only, in any order. */
static void making_a_worker_has_a_least_and_a_most(void **state)
{
    struct made *made = *state;
    double least_s = 0, most_s = 0;
    made->lines[0].make_s = 30e-6;
    made->lines[1].make_s = 10e-6;
    made->lines[2].make_s = 50e-6;
    assert_true(compare_field_make_s(&made->view, BACKEND_THREAD, &least_s, &most_s));
    assert_true(least_s == 10e-6 && most_s == 50e-6);
    assert_has(written(made, "table"), "making a thread takes 10 to 50 microseconds; a process 210 microseconds");
    made->lines[3].make_s = -1;
    assert_false(compare_field_make_s(&made->view, BACKEND_PROCESS, &least_s, &most_s));
    made->view.sweep = false;
    assert_lacks(page_of(made), "How it scales");
}

static void text_of_any_bytes_is_in_the_json(void **state)
{
    struct made *made = *state;
    made->view.list_name = "latin\xe9";
    assert_has(written(made, "json"), "\"list\": \"latin\\\\xE9\"");
    made->view.list_name = NULL;
    assert_has(written(made, "json"), "\"list\": null");
}

int main(void)
{
#define REPORT_TEST(name) cmocka_unit_test_setup_teardown(name, made_make, made_free)
    const struct CMUnitTest tests[] = {
        REPORT_TEST(a_curve_needs_two_widths_that_were_measured),
        REPORT_TEST(no_jobs_make_no_curve),
        REPORT_TEST(wide_sweeps_stand_on_an_axis_of_doublings),
        REPORT_TEST(a_fit_stays_on_the_sheet),
        REPORT_TEST(axes_end_at_round_figures),
        REPORT_TEST(marks_that_would_overlap_are_left_out),
        REPORT_TEST(failed_jobs_are_told_beside_the_times),
        REPORT_TEST(ratios_in_their_precision),
        REPORT_TEST(runs_that_count_are_whole_and_not_the_warm_up),
        REPORT_TEST(one_round_and_one_core_are_singular),
        REPORT_TEST(the_counter_and_primes_have_their_words),
        REPORT_TEST(reasons_that_differ_in_numbers_only_are_said_once),
        REPORT_TEST(controls_are_told_where_they_were_measured),
        REPORT_TEST(a_table_has_a_width_that_can_be_read),
        REPORT_TEST(making_a_worker_has_a_least_and_a_most),
        REPORT_TEST(text_of_any_bytes_is_in_the_json),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
