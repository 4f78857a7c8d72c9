/* test_compare_report.c - a made-up comparison in every form, read back. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "juggler/compare.h"
#include "juggler/report.h"
#include "tests/unit/assert_text.h"
#include "tests/unit/made_compare.h"

static json_t *parsed(struct made *made)
{
    json_error_t error;
    json_t *root = json_loads(written(made, "json"), 0, &error);
    if (!root)
        fail_msg("line %d: %s", error.line, error.text);
    return root;
}

static json_t *of(json_t *root, const char *part, const char *key)
{
    return json_object_get(json_object_get(root, part), key);
}

static json_t *line_of(json_t *root, size_t line, const char *key)
{
    return json_object_get(json_array_get(json_object_get(root, "executors"), line), key);
}

static void test_json_tells_what_is_known_and_null(void **state)
{
    json_t *root = parsed(*state);
    assert_int_equal(json_integer_value(json_object_get(root, "version")), 1);
    assert_int_equal(json_integer_value(of(root, "compare", "seed")), 12345);
    assert_string_equal(json_string_value(of(root, "compare", "work")), "download");
    assert_int_equal(json_array_size(json_object_get(root, "executors")), LINES);
    assert_string_equal(json_string_value(line_of(root, 1, "executor")), "thread-pool:2+gil");
    assert_true(json_is_false(line_of(root, 0, "different")));
    assert_true(json_is_false(line_of(root, 1, "different")));
    assert_true(json_is_true(line_of(root, 2, "different")));
    assert_true(json_is_true(line_of(root, 3, "winner")));
    assert_true(json_is_null(line_of(root, 2, "cpu_s")));
    assert_true(json_is_null(json_object_get(line_of(root, 2, "memory"), "together_bytes")));
    assert_int_equal(json_integer_value(json_object_get(line_of(root, 3, "memory"), "together_bytes")), 12 << 20);
    assert_true(json_is_null(line_of(root, 4, "median_s")));
    assert_true(json_is_null(line_of(root, 4, "different")));
    assert_non_null(strstr(json_string_value(line_of(root, 4, "problem")), "\x1b[31m")); /* faithful, and escaped */
    assert_true(json_is_null(of(root, "controls", "computing")));
    for (const char *at = ((struct made *)*state)->text; *at; at++)
        assert_true(*at == '\n' || (*at >= ' ' && *at < 0x7f));
    json_decref(root);
}

/* The warm-up is told among the runs, and is not among those that count. */
static void test_json_warm_up_does_not_count(void **state)
{
    json_t *root = parsed(*state);
    json_t *runs_s = line_of(root, 2, "runs_s");
    assert_int_equal(json_array_size(runs_s), RUNS - 1);
    for (size_t i = 0; i < RUNS - 1; i++)
        assert_true(json_real_value(json_array_get(runs_s, i)) < 4);
    json_t *runs = line_of(root, 2, "runs");
    assert_int_equal(json_array_size(runs), RUNS);
    assert_true(json_is_false(json_object_get(json_array_get(runs, 0), "counts")));
    assert_true(json_is_null(json_object_get(json_array_get(runs, 1), "cpu_s")));
    json_decref(root);
}

static void test_json_of_a_seed_beyond_whole_numbers(void **state)
{
    struct made *made = *state;
    made->view.seed = UINT64_MAX;
    json_t *root = parsed(made);
    assert_string_equal(json_string_value(of(root, "compare", "seed")), "18446744073709551615");
    json_decref(root);
}

static void test_json_peak_that_is_nowhere(void **state)
{
    struct made *made = *state;
    made->view.fit.peak_workers = HUGE_VAL;
    json_t *root = parsed(made);
    assert_true(json_is_null(of(root, "fit", "peak_workers")));
    json_decref(root);
    made->view.fit.known = false;
    root = parsed(made);
    assert_true(json_is_false(of(root, "fit", "known")));
    assert_true(json_is_null(of(root, "fit", "sigma")));
    json_decref(root);
    made->view.sweep = false;
    root = parsed(made);
    assert_true(json_is_null(json_object_get(root, "fit")));
    json_decref(root);
}

/* Whoever reads one finds the same keys in the other. */
static void test_json_of_a_refusal_has_the_same_keys(void **state)
{
    struct made *made = *state;
    json_t *usual = parsed(made);
    made->input = (struct compare_report_input){.problem = "no such executor", .work = WORK_PRIMES};
    json_t *root = parsed(made);
    const char *key;
    json_t *value;
    assert_string_equal(json_string_value(json_object_get(root, "error")), "no such executor");
    assert_string_equal(json_string_value(of(root, "compare", "work")), "primes");
    json_object_foreach(usual, key, value) assert_non_null(json_object_get(root, key));
    json_object_foreach(json_object_get(usual, "compare"), key, value) assert_non_null(of(root, "compare", key));
    assert_int_equal(json_array_size(json_object_get(root, "executors")), 0);
    json_decref(root);
    json_decref(usual);
}

static void test_table(void **state)
{
    struct made *made = *state;
    const char *text = written(made, "table");
    assert_has(text, "thread-pool:4      3.00 s   [2.90 s\u20263.10 s]    3.33x   83 %");
    assert_has(text, "no difference");
    assert_null(strstr(text, "1.01x")); /* spreads overlap: no ratio */
    assert_has(text, "\u2605 its slowest run");
    assert_has(text, "a thread takes 21 microseconds; a process 210 microseconds");
    assert_has(text, "shuffled by seed 12345");
    assert_has(text, "process-pool:8 won");
    assert_has(text, "throughput peaks near 22 workers");
    assert_has(text, "the disk was cold");
    assert_has(text, "\\x1B[31m");
    assert_null(strchr(text, 0x1b));
    const char *why = strstr(text, "longest first");
    assert_non_null(why);
    assert_null(strstr(why + 1, "longest first")); /* said once */
}

static void test_table_fits(void **state)
{
    struct made *made = *state;
    static const int WIDTHS[] = {64, 80, 90, 100, 120, 160};
    for (size_t i = 0; i < 2 * sizeof WIDTHS / sizeof WIDTHS[0]; i++) {
        made->input.columns = WIDTHS[i / 2];
        made->input.ascii = i % 2;
        char *copy = strdup(written(made, "table"));
        for (char *line = strtok(copy, "\n"); line; line = strtok(NULL, "\n")) {
            if ((int)text_columns(line) > made->input.columns)
                fail_msg("%d columns: %s", made->input.columns, line);
            for (const char *at = line; made->input.ascii && *at; at++)
                assert_true(*at >= ' ' && *at < 0x7f);
        }
        free(copy);
    }
}

/* The points stand where they were measured: more throughput is higher up, more workers is further right. */
static void test_plot_rises_with_throughput(void **state)
{
    struct made *made = *state;
    made->input.ascii = true;
    made->view.fit.known = false;
    char *copy = strdup(strstr(written(made, "table"), "jobs a second"));
    int column = 1000;
    int points = 0;
    for (char *line = strtok(copy, "\n"); line && !strchr(line, '+'); line = strtok(NULL, "\n")) {
        char *bar = strchr(line, '|');
        for (char *at = bar ? bar + strlen(bar) : line; bar && at > bar; at--)
            if (*at == 'o') {
                assert_true(at - line < column); /* from the top: from the right to the left */
                column = (int)(at - line);
                points++;
            }
    }
    free(copy);
    assert_int_equal(points, 4);
}

static void test_csv(void **state)
{
    struct made *made = *state;
    const char *text = written(made, "csv");
    assert_has(text, "executor,workers,runs,median_s,");
    assert_has(text,
               "\nsequential,1,3,10.000000000,9.800000000,10.200000000,1.000000000,1.000000000,9.000000000,0.900000000,,"
               "false,,0.000000000,0.000021000,,,,0,\n");
    assert_has(text, "\nevent-loop:16,16,0,,,,,,,,,,");
    assert_has(text, ",\"an \"\"event loop\"\" would not help \\x1B[31m<script>\"\n");
    size_t lines = 0;
    for (const char *at = text; *at; at++)
        lines += *at == '\n';
    assert_int_equal(lines, LINES + 1);
}

/* Two lines that nobody could tell apart are not said to overlap, and nobody says that they do not. */
static void test_what_cannot_be_told(void **state)
{
    struct made *made = *state;
    assert_has(written(made, "table"), "their runs overlap");
    assert_has(made->text, "no difference");
    for (size_t i = 0; i < LINES; i++)
        made->lines[i].told = made->lines[i].different = false;
    assert_null(strstr(written(made, "table"), "overlap"));
    assert_null(strstr(made->text, "no difference"));
    assert_has(made->text, "1.01x"); /* the ratio of what was measured stays */
    assert_has(written(made, "csv"), "0.900000000,,false,,0.000000000,0.000021000,,,,0,\nthread-pool:4,");
    json_t *root = parsed(made);
    for (size_t i = 0; i < LINES; i++)
        assert_true(json_is_null(line_of(root, i, "different")));
    json_decref(root);
}

static void test_of_nothing_yet(void **state)
{
    struct made *made = *state;
    for (size_t i = 0; i < LINES; i++) {
        struct compare_line *line = &made->lines[i];
        line->median_s = line->min_s = line->max_s = line->speedup = line->efficiency = line->best_s = line->of_possible =
            -1;
        line->make_s = -1;
        line->count = 0;
        line->winner = line->told = line->different = false;
        line->best_why[0] = '\0';
    }
    made->view.stopped = true;
    assert_has(written(made, "table"), "what had been measured by then is above");
    assert_has(written(made, "csv"), "\nsequential,1,0,,,,");
    json_decref(parsed(made));
}

static size_t times_in(const char *text, const char *part)
{
    size_t times = 0;
    for (const char *at = strstr(text, part); at; at = strstr(at + 1, part))
        times++;
    return times;
}

static void test_page(void **state)
{
    struct made *made = *state;
    const char *text = page_of(made);
    assert_has(text, "process-pool:8 won");
    assert_has(text, "an &quot;event loop&quot; would not help \\x1B[31m&lt;script&gt;");
    assert_has(text, "a &lt;list&gt;\\u{202E}.urls");
    assert_null(strstr(text, "<script"));
    assert_int_equal(times_in(text, "no real difference"), 1);
    assert_int_equal(times_in(text, "class=\"point\""), 4);
    assert_int_equal(times_in(text, "class=\"fit\""), 1);
    assert_int_equal(times_in(text, "<span class=\"won\">"), 1);
    made->view.fit.known = false;
    assert_int_equal(times_in(page_of(made), "class=\"fit\""), 0);
    made->view.count = 0;
    assert_has(page_of(made), "carried out in 0 ways");
    made->input = (struct compare_report_input){.problem = "no <b>such</b> thing", .work = WORK_PRIMES};
    assert_has(page_of(made), "no &lt;b&gt;such&lt;/b&gt; thing");
}

static void test_a_full_disk_is_told(void **state)
{
    struct made *made = *state;
    static const char *const FORMATS[] = {"table", "json", "csv"};
    for (size_t i = 0; i < sizeof FORMATS / sizeof FORMATS[0]; i++) {
        FILE *full = fopen("/dev/full", "w");
        assert_non_null(full);
        int error = report_format_of(FORMATS[i])->write_compare(full, &made->input);
        fclose(full);
        assert_true(error == ENOSPC || error == EIO);
    }
}

int main(void)
{
#define REPORT_TEST(name) cmocka_unit_test_setup_teardown(name, made_make, made_free)
    const struct CMUnitTest tests[] = {
        REPORT_TEST(test_json_tells_what_is_known_and_null),
        REPORT_TEST(test_json_warm_up_does_not_count),
        REPORT_TEST(test_json_of_a_seed_beyond_whole_numbers),
        REPORT_TEST(test_json_peak_that_is_nowhere),
        REPORT_TEST(test_json_of_a_refusal_has_the_same_keys),
        REPORT_TEST(test_table),
        REPORT_TEST(test_table_fits),
        REPORT_TEST(test_plot_rises_with_throughput),
        REPORT_TEST(test_csv),
        REPORT_TEST(test_what_cannot_be_told),
        REPORT_TEST(test_of_nothing_yet),
        REPORT_TEST(test_page),
        REPORT_TEST(test_a_full_disk_is_told),
    };
    return cmocka_run_group_tests_name("compare_report", tests, NULL, NULL);
}
