/* test_history_show.c - the history shown, two of its lines compared, and what becomes a line: runs and comparisons. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/problem.h"
#include "base/text.h"
#include "juggler/compare.h"

#include "made_history.h"

/* --- two of them -------------------------------------------------------------------------------------- */

static struct history_comparison found;

static bool says(char words[][HISTORY_WORDS_BYTES], size_t count, const char *text)
{
    for (size_t i = 0; i < count; i++)
        if (strstr(words[i], text))
            return true;
    return false;
}

static void ratio_of_like_and_like(void **state)
{
    struct history_record first = record(), second = record();
    (void)state;
    first.number = 3;
    second.number = 7;
    strcpy(second.executor, "sequential");
    second.wall_s = 3;
    second.usable_cores = 4;
    strcpy(second.program, "juggler 1.1.0");
    strcpy(second.options, "kernel sieve, product tree");
    history_compare(&first, &second, &found);
    assert_int_equal(found.unfit, 0);
    assert_true(found.ratio > 1.4999 && found.ratio < 1.5001);
    assert_false(found.spreads);
    assert_int_equal(found.differs, 4);
    assert_true(says(found.differences, found.differs, "executor: process-pool:4, sequential"));
    assert_true(says(found.differences, found.differs, "usable cores: 2, 4"));
    assert_true(says(found.differences, found.differs, "program: juggler 1.0.0, juggler 1.1.0"));
    assert_true(says(found.differences, found.differs, "options: "));
    history_compare(&first, &first, &found);
    assert_true(found.ratio == 1 && found.differs == 0);
}

/* Each change alone, and what is said of it. */
static void unlike_runs_have_no_ratio(void **state)
{
    struct history_record first = record(), second;
    (void)state;
    first.number = 3;
#define UNFIT(change, text)                                                                                                 \
    do {                                                                                                                    \
        second = record();                                                                                                  \
        second.number = 7;                                                                                                  \
        change;                                                                                                             \
        history_compare(&first, &second, &found);                                                                           \
        assert_int_equal(found.unfit, 1);                                                                                   \
        assert_true(found.ratio < 0);                                                                                       \
        if (!strstr(found.reasons[0], text))                                                                                \
            fail_msg("\"%s\" does not say \"%s\"", found.reasons[0], text);                                                 \
    } while (0)
    UNFIT(strcpy(second.work, "download"), "the work is not the same: primes, download");
    UNFIT(strcpy(second.list, "mine"), "the lists are not the same: the article's limits; mine");
    UNFIT(strcpy(second.work_id, "fedcba9876543210"), "what is in the lists is not the same");
    UNFIT(second.jobs = 5, "what is in the lists");
    UNFIT(second.failed = 1, "in 7 jobs failed");
    UNFIT(second.interrupted = true, "7 was interrupted");
    UNFIT(strcpy(second.state, "stopped"), "7 did not come to its end (stopped)");
    UNFIT(second.wall_s = -1, "the time of 7 is not known");
#undef UNFIT
}

static void spreads_that_overlap_are_no_difference(void **state)
{
    struct history_record first = compared(2, 1.8, 2.2), second = compared(2.1, 2.15, 2.4), third = compared(3, 2.3, 3.5);
    (void)state;
    history_compare(&first, &second, &found);
    assert_true(found.spreads && found.overlap);
    history_compare(&first, &third, &found);
    assert_true(found.spreads && !found.overlap);
    history_compare(&third, &first, &found);
    assert_true(found.spreads && !found.overlap);
    third.rounds = 1; /* the spread of one run is none */
    history_compare(&first, &third, &found);
    assert_false(found.spreads);
}

/* --- shown --------------------------------------------------------------------------------------------- */

static void assert_fits(char *text, int columns)
{
    for (char *line = strtok(text, "\n"); line; line = strtok(NULL, "\n")) {
        if ((int)text_columns(line) > columns)
            fail_msg("%zu columns, not %d: %s", text_columns(line), columns, line);
        if (*line && line[strlen(line) - 1] == ' ')
            fail_msg("ends in a blank: %s", line);
    }
}

static void the_table_fits(void **state)
{
    struct history_record one = compared(2.5, 2, 3);
    (void)state;
    append(&one);
    strcpy(one.list, "bilder_\u00fc_\u6f22\u6f22\u6f22\u6f22_with-a-very-long-name-that-goes-on.txt");
    strcpy(one.executor, "process-batch:1000");
    strcpy(one.state, "stopped");
    one.failed = 12345;
    append(&one);
    struct history history = read_all();
    for (int columns = 60; columns <= 210; columns++) {
        for (int ascii = 0; ascii < 2; ascii++) {
            const struct history_output output = {.history = &history, .columns = columns, .ascii = ascii};
            char *text = text_of(history_table_write, &output);
            assert_non_null(strstr(text, "process-batch:1000"));
            assert_non_null(strstr(text, "2.5")); /* the time is never left out */
            assert_fits(text, columns);
        }
    }
    const struct history_output two = {
        .history = &history, .chosen = {&history.records[0], &history.records[1]}, .chosen_count = 2, .columns = 80};
    char *text = text_of(history_table_write, &two);
    assert_non_null(strstr(text, "no ratio"));
    assert_fits(text, 80);
    history_free(&history);
}

static void json_has_all_and_what_was_skipped(void **state)
{
    struct history_record one = compared(2.5, 2, 3);
    (void)state;
    append(&one);
    append_text("rubbish\n");
    append(&one);
    struct history history = read_all();
    const struct history_output output = {
        .history = &history, .chosen = {&history.records[0], &history.records[1]}, .chosen_count = 2};
    json_t *root = json_loads(text_of(history_json_write, &output), JSON_REJECT_DUPLICATES, NULL);
    assert_non_null(root);
    const json_t *entries = json_object_get(root, "entries");
    assert_int_equal(json_array_size(entries), 2);
    const json_t *last = json_array_get(entries, 1);
    assert_int_equal(json_integer_value(json_object_get(last, "number")), 3);
    assert_true(json_real_value(json_object_get(last, "min_s")) == 2);
    assert_string_equal(json_string_value(json_object_get(last, "seed")), "18446744073709551615");
    const json_t *damaged = json_array_get(json_object_get(root, "damaged"), 0);
    assert_int_equal(json_integer_value(json_object_get(damaged, "line")), 2);
    const json_t *comparison = json_object_get(root, "comparison");
    assert_true(json_real_value(json_object_get(comparison, "ratio")) == 1);
    assert_true(json_is_false(json_object_get(comparison, "different")));
    json_decref(root);
    history_free(&history);
}

/* --- from a run, from a comparison ---------------------------------------------------------------------- */

static const struct job_input INPUTS[] = {{.text = "http://h/a"}, {.text = "http://h/b"}};

static struct snapshot finished(const struct job_set *set, const struct job_snapshot *results)
{
    return (struct snapshot){.state = RUN_DONE,
                             .work = WORK_DOWNLOAD,
                             .executor = {.how = HOW_THREAD_POOL, .width = 10},
                             .usable_cores = 2,
                             .start_ns = 5 * NS_PER_S,
                             .wall_ns = 3 * NS_PER_S,
                             .paused_ns = NS_PER_S,
                             .jobs = 2,
                             .done = 1,
                             .failed = 1,
                             .memory = {.together_bytes = 777},
                             .results = results,
                             .problem = "",
                             .set = set};
}

static void a_run_is_noted_without_its_password(void **state)
{
    struct job_snapshot results[2] = {{.word.state = JOB_DONE}, {.word.state = JOB_FAILED}};
    struct job_set set = {.kind = job_kind_of(WORK_DOWNLOAD), .inputs = INPUTS, .count = 2, .output_dir = -1};
    (void)state;
    struct snapshot snapshot = finished(&set, results);
    assert_int_equal(history_note_run(&snapshot, "dashboard", "http://me:secret@h/list?key=hidden", true, NULL), 0);
    snapshot.start_ns = 0; /* it never started: nothing to note */
    assert_int_equal(history_note_run(&snapshot, "run", "x", false, NULL), 0);
    struct history history = read_all();
    assert_int_equal(history.count, 1);
    const struct history_record *one = &history.records[0];
    assert_string_equal(one->command, "dashboard");
    assert_string_equal(one->work, "download");
    assert_string_equal(one->executor, "thread-pool:10");
    assert_string_equal(one->state, "done");
    assert_null(strstr(one->list, "secret"));
    assert_null(strstr(one->list, "hidden"));
    assert_non_null(strstr(one->list, "h/list"));
    assert_true(one->interrupted && one->jobs == 2 && one->done == 1 && one->failed == 1);
    assert_true(one->wall_s == 2); /* what was paused is not in it */
    assert_true(one->cpu_s < 0 && one->speedup < 0 && one->memory_bytes == 777 && one->usable_cores == 2);
    history_free(&history);
}

static void how_each_job_is_done_is_noted(void **state)
{
    struct job_snapshot results[2] = {{.word.state = JOB_DONE}, {.word.state = JOB_DONE}};
    static const struct job_input limits[] = {{.limit = 10}, {.limit = 20}};
    struct job_set set = {.kind = job_kind_of(WORK_PRIMES), .inputs = limits, .count = 2, .output_dir = -1};
    (void)state;
    struct snapshot snapshot = finished(&set, results);
    snapshot.work = WORK_PRIMES;
    set.options.primes = (struct primes_options){.kernel = KERNEL_SIEVE, .product = PRODUCT_TREE};
    assert_int_equal(history_note_run(&snapshot, "run", "limits", false, NULL), 0);
    set.options.primes = (struct primes_options){.kernel = KERNEL_TRIAL, .product = PRODUCT_FOLD};
    snapshot.gil.interval_ns = 5 * NS_PER_MS;
    assert_int_equal(history_note_run(&snapshot, "run", "limits", false, NULL), 0);
    snapshot.work = WORK_COUNTER;
    set.options.counter.lock = COUNTER_ATOMIC;
    assert_int_equal(history_note_run(&snapshot, "run", NULL, false, NULL), 0);
    snapshot.set = NULL; /* inputs that are not at hand: what it worked on is not known */
    assert_int_equal(history_note_run(&snapshot, "run", NULL, false, NULL), 0);
    struct history history = read_all();
    assert_string_equal(history.records[0].options, "kernel sieve, product tree");
    assert_string_equal(history.records[1].options, "kernel trial, product fold, switch interval 5.0 ms");
    assert_string_equal(history.records[2].options, "lock atomic, switch interval 5.0 ms");
    assert_string_equal(history.records[2].list, "");
    assert_string_equal(history.records[3].work_id, "");
    assert_int_equal(history.count, 4);
    history_free(&history);
    char name[HISTORY_LIST_BYTES];
    assert_string_equal(history_list_name(name, "urls", 500, 0), "urls, 500 ms");
    assert_string_equal(history_list_name(name, NULL, 0, 1 << 20), ", 0 ms, 1.0 MiB/s");
}

static void work_is_told_by_its_inputs(void **state)
{
    struct job_snapshot results[2] = {{.word.state = JOB_DONE}, {.word.state = JOB_DONE}};
    struct job_set set = {.kind = job_kind_of(WORK_DOWNLOAD), .inputs = INPUTS, .count = 2, .output_dir = -1};
    struct job_set less = set;
    (void)state;
    less.count = 1;
    struct snapshot snapshot = finished(&set, results), other = finished(&less, results);
    assert_int_equal(history_note_run(&snapshot, "run", "x", false, NULL), 0);
    assert_int_equal(history_note_run(&snapshot, "run", "x", false, NULL), 0);
    assert_int_equal(history_note_run(&other, "run", "x", false, NULL), 0);
    snapshot.gil.interval_ns = 50 * NS_PER_MS;
    assert_int_equal(history_note_run(&snapshot, "run", "x", false, NULL), 0);
    struct history history = read_all();
    assert_string_equal(history.records[0].options, "");
    assert_string_equal(history.records[3].options, "switch interval 50 ms");
    assert_int_equal(strlen(history.records[0].work_id), 16);
    assert_string_equal(history.records[0].work_id, history.records[1].work_id);
    assert_string_not_equal(history.records[0].work_id, history.records[2].work_id);
    history_free(&history);
}

static void a_comparison_is_a_line_an_executor(void **state)
{
    struct job_set set = {.kind = job_kind_of(WORK_DOWNLOAD), .inputs = INPUTS, .count = 2, .output_dir = -1};
    const struct compare_run runs[] = {{.round = 0, .ended = true, .state = RUN_DONE, .jobs = 2, .done = 2},
                                       {.round = 1, .ended = true, .state = RUN_DONE, .jobs = 2, .done = 2},
                                       {.round = 2, .ended = true, .state = RUN_DONE, .jobs = 2, .done = 1, .failed = 1},
                                       {.round = 3, .ended = false, .state = RUN_RUNNING, .jobs = 2}};
    const struct compare_line lines[] = {{.executor = {.how = HOW_SEQUENTIAL, .width = 1},
                                          .runs = runs,
                                          .count = 4,
                                          .median_s = 2,
                                          .min_s = 1.5,
                                          .max_s = 3,
                                          .speedup = 1,
                                          .best_s = -1,
                                          .cpu_s = -1,
                                          .failed = 1},
                                         {.executor = {.how = HOW_THREAD_POOL, .width = 2}, .runs = runs, .count = 1}};
    const struct compare_view view = {
        .work = WORK_DOWNLOAD, .list_name = "x", .seed = 42, .usable_cores = 2, .lines = lines, .count = 2, .stopped = true};
    (void)state;
    assert_int_equal(history_note_compare(&view, &set, false, NULL), 0);
    setenv("XDG_STATE_HOME", "/proc/nowhere", 1);
    struct problem problem = {.text = ""};
    assert_int_equal(history_note_compare(&view, &set, true, &problem), -1);
    assert_non_null(strstr(problem.text, "/proc/nowhere/juggler/history.jsonl"));
    setenv("XDG_STATE_HOME", folder, 1);
    struct history history = read_all();
    assert_int_equal(history.count, 1); /* of the second only the warm-up came to its end */
    const struct history_record *one = &history.records[0];
    assert_string_equal(one->command, "compare");
    assert_true(one->rounds == 2 && one->seed == 42 && one->wall_s == 2 && one->min_s == 1.5 && one->max_s == 3);
    assert_true(one->speedup == 1 && one->failed == 1 && one->done == 1 && one->interrupted);
    assert_true(one->best_possible_s < 0 && one->cpu_s < 0);
    history_free(&history);
}

#define CASE(function) cmocka_unit_test_setup_teardown(function, folder_make, folder_remove)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(ratio_of_like_and_like),
        CASE(unlike_runs_have_no_ratio),
        CASE(spreads_that_overlap_are_no_difference),
        CASE(the_table_fits),
        CASE(json_has_all_and_what_was_skipped),
        CASE(a_run_is_noted_without_its_password),
        CASE(how_each_job_is_done_is_noted),
        CASE(work_is_told_by_its_inputs),
        CASE(a_comparison_is_a_line_an_executor),
    };
    return cmocka_run_group_tests_name("history, shown", tests, NULL, NULL);
}
