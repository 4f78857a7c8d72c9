/* test_report.c - a made-up run in every form, read back. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/text.h"
#include "juggler/report.h"
#include "tests/unit/assert_text.h"
#include "tests/unit/made_run.h"

static json_t *parsed(struct made *made)
{
    json_error_t error;
    json_t *root = json_loads(written(made, "json"), JSON_REJECT_DUPLICATES, &error);
    if (!root)
        fail_msg("no JSON: %s, line %d of %s", error.text, error.line, made->text);
    return root;
}

/* "jobs.3.state" */
static json_t *at(json_t *value, const char *path)
{
    char part[64];
    while (value && *path) {
        size_t span = strcspn(path, ".");
        snprintf(part, sizeof part, "%.*s", (int)span, path);
        value = json_is_array(value) ? json_array_get(value, (size_t)atoi(part)) : json_object_get(value, part);
        path += span + (path[span] == '.');
    }
    return value;
}

static void assert_text(json_t *root, const char *path, const char *text)
{
    const char *got = json_string_value(at(root, path));
    if (!got || strcmp(got, text) != 0)
        fail_msg("%s is \"%s\", not \"%s\"", path, got ? got : "no text", text);
}

static void assert_number(json_t *root, const char *path, double number)
{
    json_t *value = at(root, path);
    if (!json_is_number(value) || json_number_value(value) < number - 1e-9 || json_number_value(value) > number + 1e-9)
        fail_msg("%s is not %f", path, number);
}

static void assert_null_at(json_t *root, const char *path)
{
    if (!at(root, path) || !json_is_null(at(root, path)))
        fail_msg("%s is there and null", path);
}

static void test_formats_have_names(void **state)
{
    (void)state;
    assert_string_equal(report_format_of("csv")->name, "csv");
    assert_non_null(report_format_of("json"));
    assert_non_null(report_format_of("table"));
    assert_null(report_format_of("xml"));
    assert_null(report_format_of(""));
}

static void test_json_run_and_totals(void **state)
{
    json_t *root = parsed(*state);
    assert_number(root, "version", 1);
    assert_text(root, "program", "juggler 1.0.0");
    assert_text(root, "run.work", "download");
    assert_text(root, "run.executor", "thread-pool:10");
    assert_number(root, "run.workers", 10);
    assert_number(root, "run.usable_cores", 2);
    assert_number(root, "run.wall_s", 0.501);
    assert_number(root, "run.sum_of_jobs_s", 0.412 + 0.097 + 0.001);
    assert_number(root, "run.best_possible_s", 0.412);
    assert_true(json_string_length(at(root, "run.best_possible_why")) > 20);
    assert_true(json_is_true(at(root, "run.interrupted")));
    assert_number(root, "totals.jobs", JOBS);
    assert_number(root, "totals.attempts", 9);
    assert_number(root, "totals.bytes", 91828);
    assert_number(root, "lost_events", 4);
    assert_null(at(root, "error"));
    json_decref(root);
}

static void test_json_jobs(void **state)
{
    json_t *root = parsed(*state);
    assert_int_equal(json_array_size(at(root, "jobs")), JOBS);
    assert_text(root, "jobs.0.state", "done");
    assert_number(root, "jobs.0.worker", 1);
    assert_number(root, "jobs.0.start_s", 0.002);
    assert_number(root, "jobs.0.seconds", 0.412);
    assert_number(root, "jobs.0.bytes", 91823);
    assert_number(root, "jobs.0.http_status", 200);
    assert_text(root, "jobs.0.file", "a.jpg");
    assert_null(at(root, "jobs.0.error"));
    assert_text(root, "jobs.1.state", "failed");
    assert_text(root, "jobs.1.error", "HTTP 404");
    assert_number(root, "jobs.1.attempts", 3);
    assert_number(root, "jobs.1.http_status", 404);
    assert_null_at(root, "jobs.1.bytes");
    assert_null(at(root, "jobs.1.file"));
    assert_text(root, "jobs.2.state", "poisoned");
    assert_text(root, "jobs.2.error", "three workers died in it");
    assert_number(root, "jobs.2.attempts", 3);
    assert_null_at(root, "jobs.2.seconds");
    assert_null_at(root, "jobs.2.worker");
    assert_text(root, "jobs.3.state", "queued"); /* not ended */
    assert_null_at(root, "jobs.3.attempts");
    assert_null_at(root, "jobs.3.start_s");
    assert_true(json_is_true(at(root, "jobs.4.length_unverified")));
    assert_text(root, "jobs.5.state", "queued");
    assert_number(root, "jobs.5.attempts", 0);
    json_decref(root);
}

static void test_json_counts_add_up(void **state)
{
    static const char *const STATES[] = {"done", "failed", "poisoned", "queued"};
    json_t *root = parsed(*state);
    json_int_t all = 0;
    for (size_t i = 0; i < sizeof STATES / sizeof STATES[0]; i++) {
        json_int_t count = 0;
        size_t index;
        json_t *job;
        json_array_foreach(at(root, "jobs"), index, job)
        {
            assert_int_equal(json_integer_value(json_object_get(job, "index")), index);
            count += strcmp(json_string_value(json_object_get(job, "state")), STATES[i]) == 0;
        }
        assert_int_equal(json_integer_value(json_object_get(json_object_get(root, "totals"), STATES[i])), count);
        all += count;
    }
    assert_int_equal(all, JOBS);
    json_decref(root);
}

static void test_json_account_adds_up(void **state)
{
    static const char *const COLUMNS[] = {"on_core_s", "ready_s", "io_s", "lock_s", "barrier_s", "no_work_s"};
    json_t *root = parsed(*state);
    json_t *workers = at(root, "workers");
    assert_int_equal(json_array_size(workers), 2); /* the third seat was never used */
    for (size_t i = 0; i < 2; i++) {
        json_t *worker = json_array_get(workers, i);
        double sum = 0;
        for (size_t column = 0; column < sizeof COLUMNS / sizeof COLUMNS[0]; column++)
            sum += json_number_value(json_object_get(worker, COLUMNS[column]));
        double wall = json_real_value(json_object_get(worker, "wall_s"));
        assert_true(wall > 0.4 && sum > wall - 1e-6 && sum < wall + 1e-6);
    }
    assert_true(json_is_real(at(root, "workers.0.ready_s")));
    assert_null_at(root, "workers.1.ready_s"); /* the kernel did not tell */
    assert_text(root, "workers.0.exit", "finished");
    assert_text(root, "workers.1.exit", "killed");
    assert_number(root, "workers.1.signal", 9);
    assert_number(root, "workers.1.tid", 402);
    assert_text(root, "workers.0.kind", "thread");
    json_decref(root);
}

static void test_json_text_is_faithful_and_harmless(void **state)
{
    struct made *made = *state;
    json_t *root = parsed(made);
    for (size_t i = 0; i < made->length; i++)
        assert_true(made->text[i] == '\n' || (made->text[i] >= ' ' && made->text[i] < 0x7f));
    assert_text(root, "jobs.1.input", "http://h/\x1b[31mred");
    assert_text(root, "jobs.3.input", "http://h/\u202egpj.exe");
    assert_text(root, "jobs.4.file", "with,\"q\".x");
    assert_non_null(strstr(json_string_value(at(root, "jobs.2.input")), "\\xFF\\xFE")); /* no UTF-8: as it would be shown */
    json_decref(root);
}

static void put_primes(struct made *made, size_t index, const char *text, const char *name, const struct job_result *result)
{
    made->inputs[index] = (struct job_input){.text = text, .limit = result->primes, .name = name};
    put_job(made, index, JOB_DONE, result);
}

static void make_primes(struct made *made)
{
    put_primes(made, 0, "50328", "product-50328.txt",
               &(struct job_result){.start_ns = at_ms(1),
                                    .end_ns = at_ms(90),
                                    .cpu_ns = 80 * NS_PER_MS,
                                    .attempts = 1,
                                    .primes = 5164,
                                    .bits = 72233,
                                    .digits = 21745,
                                    .head = 112412903293,
                                    .tail = 777807648010});
    put_primes(made, 1, "0", NULL,
               &(struct job_result){.start_ns = at_ms(1),
                                    .end_ns = at_ms(1),
                                    .cpu_ns = 900,
                                    .attempts = 1,
                                    .bits = 1,
                                    .digits = 1,
                                    .head = 1,
                                    .tail = 1});
    put_primes(made, 2, "23", NULL,
               &(struct job_result){.start_ns = at_ms(1),
                                    .end_ns = at_ms(2),
                                    .cpu_ns = 900,
                                    .attempts = 1,
                                    .primes = 9,
                                    .bits = 28,
                                    .digits = 9,
                                    .head = 223092870,
                                    .tail = 223092870});
    put_primes(made, 3, "47", NULL,
               &(struct job_result){.start_ns = at_ms(1),
                                    .end_ns = at_ms(2),
                                    .cpu_ns = 900,
                                    .attempts = 1,
                                    .primes = 15,
                                    .bits = 60,
                                    .digits = 18,
                                    .head = 614889782588,
                                    .tail = 2588491410}); /* 614889782588491410 */
    made->snapshot.work = WORK_PRIMES;
    made->snapshot.jobs = made->snapshot.done = made->set.count = 4;
    made->snapshot.queued = made->snapshot.failed = made->snapshot.poisoned = 0;
    made->snapshot.state = RUN_DONE;
    made->snapshot.executor = (struct executor){.how = HOW_PROCESS_EACH, .width = 0};
    made->workers[0].data.kind = WORKER_PROCESS;
    made->input.interrupted = false;
}

static void test_json_primes(void **state)
{
    struct made *made = *state;
    make_primes(made);
    json_t *root = parsed(made);
    assert_text(root, "run.work", "primes");
    assert_text(root, "run.executor", "process-each");
    assert_number(root, "run.workers", 4);
    assert_number(root, "run.best_possible_s", 0.080);
    assert_null_at(root, "totals.bytes");
    assert_text(root, "jobs.0.input", "50328");
    assert_number(root, "jobs.0.primes", 5164);
    assert_number(root, "jobs.0.bits", 72233);
    assert_number(root, "jobs.0.digits", 21745);
    assert_text(root, "jobs.0.head", "112412903293");
    assert_text(root, "jobs.0.tail", "777807648010");
    assert_null(at(root, "jobs.0.file")); /* no files were asked for */
    assert_number(root, "jobs.1.primes", 0);
    assert_text(root, "jobs.1.head", "1");
    assert_text(root, "jobs.2.tail", "223092870");
    assert_text(root, "jobs.3.head", "614889782588");
    assert_text(root, "jobs.3.tail", "002588491410"); /* its leading zeros are digits */
    assert_text(root, "workers.0.kind", "process");
    json_decref(root);
    made->input.output_dir = "out";
    root = parsed(made);
    assert_text(root, "jobs.0.file", "product-50328.txt");
    json_decref(root);
}

/* Whoever reads this part of one document finds the same in the other. */
static void assert_same_keys(json_t *usual, json_t *other, const char *part)
{
    const char *key;
    json_t *value;
    assert_int_equal(json_object_size(at(usual, part)), json_object_size(at(other, part)));
    json_object_foreach(at(usual, part), key, value)
    {
        if (!json_object_get(at(other, part), key))
            fail_msg("%s has no %s", part, key);
    }
}

static void test_json_of_a_run_that_was_not(void **state)
{
    struct made *made = *state;
    json_t *usual = parsed(made);
    made->input =
        (struct report_input){.problem = "no \"such\" thing\n\xff", .work = WORK_PRIMES, .executor = "thread-pool:0"};
    json_t *root = parsed(made);
    assert_number(root, "version", 1);
    assert_non_null(strstr(json_string_value(at(root, "error")), "no \"such\" thing"));
    assert_text(root, "run.work", "primes");
    assert_text(root, "run.executor", "thread-pool:0");
    assert_null_at(root, "run.wall_s");
    assert_null_at(root, "totals.jobs");
    assert_int_equal(json_array_size(at(root, "jobs")), 0);
    assert_same_keys(usual, root, "run");
    assert_same_keys(usual, root, "totals");
    json_decref(root);
    json_decref(usual);
}

static void test_json_of_a_run_that_broke(void **state)
{
    struct made *made = *state;
    made->snapshot.state = RUN_BROKEN;
    made->snapshot.problem = "no more processes";
    json_t *root = parsed(made);
    assert_text(root, "error", "no more processes");
    assert_number(root, "totals.done", 2);
    assert_int_equal(json_array_size(at(root, "jobs")), JOBS);
    json_decref(root);
}

static void test_csv(void **state)
{
    struct made *made = *state;
    const char *text = written(made, "csv");
    assert_int_equal(strncmp(text,
                             "index,input,state,worker,attempts,start_s,seconds,bytes,http_status,file,error,lost_events\n"
                             "0,http://h/a.jpg,done,1,1,0.002000000,0.412000000,91823,200,a.jpg,,4\n",
                             159),
                     0);
    assert_non_null(
        strstr(text, "\n4,\"http://h/with,\"\"q\"\".x\",done,0,2,0.007000000,0.001000000,5,200,\"with,\"\"q\"\".x\",,4\n"));
    assert_non_null(strstr(text, "\n5,http://h/last,queued,,0,,,,,,,4\n"));
    assert_non_null(strstr(text, ",failed,0,3,0.003000000,0.097000000,,404,,HTTP 404,4\n"));
    size_t lines = 0;
    for (const char *at_line = text; *at_line; at_line++)
        lines += *at_line == '\n';
    assert_int_equal(lines, JOBS + 1);
    make_primes(made);
    text = written(made, "csv");
    assert_non_null(strstr(text, ",seconds,primes,bits,digits,head,tail,file,error,lost_events\n0,50328,done,0,1,"));
    assert_non_null(strstr(text, ",5164,72233,21745,112412903293,777807648010,,,4\n"));
    made->input = (struct report_input){.problem = "no", .work = WORK_PRIMES};
    text = written(made, "csv");
    assert_string_equal(strchr(text, '\n'), "\n"); /* a header and nothing else */
}

static void test_csv_text_is_harmless(void **state)
{
    struct made *made = *state;
    static char longest[5000];
    memset(longest, 'x', sizeof longest - 3);
    strcpy(longest + sizeof longest - 3, "\xc2\x9b");
    made->inputs[0].text = longest;
    made->inputs[5].text = "line\r\nbreak\ttab\x7f";
    const char *text = written(made, "csv");
    for (size_t i = 0; i < made->length; i++)
        assert_true(text[i] == '\n' || (text[i] >= ' ' && text[i] < 0x7f));
    assert_non_null(strstr(text, "\n0,xxx"));
    assert_non_null(strstr(text, "xxx\\u{009B},done,"));
    assert_non_null(strstr(text, "\n1,http://h/\\x1B[31mred,failed,"));
    assert_non_null(strstr(text, "\n2,http://h/\\xFF\\xFE.jpg,poisoned,"));
    assert_non_null(strstr(text, "\n3,http://h/\\u{202E}gpj.exe,queued,"));
    assert_non_null(strstr(text, "\n5,line\\x0D\\x0Abreak\\x09tab\\x7F,queued,"));
}

static void test_table_downloads(void **state)
{
    struct made *made = *state;
    const char *text = written(made, "table");
    assert_has(text, "a.jpg");
    assert_has(text, "HTTP 404 (after 3 attempts)");
    assert_has(text, "three workers died in it");
    assert_has(text, "length unverified");
    assert_has(text, "2 of 6 done, 1 failed, 1 poisoned, 2 not ended, 9 attempts");
    assert_has(text, "thread-pool:10, 10 workers, 2 usable cores");
    assert_has(text, "% of it reached: the 3 of 6 transfers");
    assert_has(text, "ready, no core (not known)");
    assert_has(text, "interrupted");
    assert_null(strchr(text, 0x1b));
    assert_null(strstr(text, "\u202e"));
}

/* A table keeps to the columns it is given, but for what must not be cut: reasons, and the input they belong to. */
static void test_table_fits(void **state)
{
    struct made *made = *state;
    static const int WIDTHS[] = {40, 60, 80, 120};
    made->inputs[0].name =
        "a-name-that-is-very-long-indeed-and-goes-on-and-on-for-more-columns-than-there-are-on-the-screen-0123456789.jpg";
    for (size_t i = 0; i < sizeof WIDTHS / sizeof WIDTHS[0]; i++) {
        made->input.columns = WIDTHS[i];
        char *line = strdup(written(made, "table"));
        char *row = strtok(line, "\n");
        row = strtok(NULL, "\n"); /* behind the heading */
        if ((int)text_columns(row) > (WIDTHS[i] < 55 ? 55 : WIDTHS[i]))
            fail_msg("%d columns: %s", WIDTHS[i], row);
        free(line);
    }
}

static void test_table_ascii(void **state)
{
    struct made *made = *state;
    made->input.ascii = true;
    made->inputs[0].name = "\u00e4rger-and-a-name-that-is-too-long-for-the-table-by-far-so-that-it-loses-its-middle.jpg";
    const char *text = written(made, "table");
    for (size_t i = 0; i < made->length; i++)
        assert_true(text[i] == '\n' || (text[i] >= ' ' && text[i] < 0x7f));
    assert_has(text, "...");
}

static void test_table_primes(void **state)
{
    struct made *made = *state;
    make_primes(made);
    made->results[2].result.primes = 1;
    const char *text = written(made, "table");
    assert_has(text, "up to 50328: 5,164 prime numbers found\n");
    assert_has(text, "time taken  89");
    assert_has(text, "112412903293\u2026777807648010: 21,745 digits, 72,233 bits\n");
    assert_has(text, "up to 0: 0 prime numbers found\n");
    assert_has(text, "up to 23: 1 prime number found\n");
    assert_has(text, "product     223092870\n");
    assert_has(text, "product     614889782588491410\n"); /* head and tail overlap: all digits */
    assert_has(text, "(p1)");
}

static void test_table_of_many_lists_what_went_wrong(void **state)
{
    struct made *made = *state;
    char texts[MANY][32];
    for (size_t i = 0; i < MANY; i++) {
        snprintf(texts[i], sizeof texts[i], "http://h/%zu", i);
        made->inputs[i] = (struct job_input){.text = texts[i], .name = texts[i] + 9};
        put_job(made, i, JOB_DONE,
                &(struct job_result){.start_ns = at_ms(1), .end_ns = at_ms(2), .attempts = 1, .bytes = 1});
    }
    put_job(made, 171, JOB_FAILED,
            &(struct job_result){.start_ns = at_ms(1), .end_ns = at_ms(2), .attempts = 1, .note = "HTTP 410"});
    made->snapshot.jobs = made->set.count = MANY;
    made->snapshot.done = MANY - 1;
    made->snapshot.failed = 1;
    made->snapshot.poisoned = 0;
    const char *text = written(made, "table");
    assert_has(text, "http://h/171\n");
    assert_has(text, "HTTP 410\n");
    assert_has(text, "\u2026 299 more: 299 done\n");
    assert_null(strstr(text, "http://h/170"));
}

static void test_table_of_no_run_is_empty(void **state)
{
    struct made *made = *state;
    made->input = (struct report_input){.problem = "no", .work = WORK_DOWNLOAD, .columns = 80};
    assert_string_equal(written(made, "table"), "");
}

static void test_a_full_disk_is_told(void **state)
{
    struct made *made = *state;
    static const char *const FORMATS[] = {"table", "json", "csv"};
    for (size_t i = 0; i < sizeof FORMATS / sizeof FORMATS[0]; i++) {
        FILE *full = fopen("/dev/full", "w");
        assert_non_null(full);
        int error = report_format_of(FORMATS[i])->write(full, &made->input);
        fclose(full);
        assert_true(error == ENOSPC || error == EIO);
    }
}

int main(void)
{
#define REPORT_TEST(name) cmocka_unit_test_setup_teardown(name, made_make, made_free)
    const struct CMUnitTest tests[] = {
        REPORT_TEST(test_formats_have_names),
        REPORT_TEST(test_json_run_and_totals),
        REPORT_TEST(test_json_jobs),
        REPORT_TEST(test_json_counts_add_up),
        REPORT_TEST(test_json_account_adds_up),
        REPORT_TEST(test_json_text_is_faithful_and_harmless),
        REPORT_TEST(test_json_primes),
        REPORT_TEST(test_json_of_a_run_that_was_not),
        REPORT_TEST(test_json_of_a_run_that_broke),
        REPORT_TEST(test_csv),
        REPORT_TEST(test_csv_text_is_harmless),
        REPORT_TEST(test_table_downloads),
        REPORT_TEST(test_table_fits),
        REPORT_TEST(test_table_ascii),
        REPORT_TEST(test_table_primes),
        REPORT_TEST(test_table_of_many_lists_what_went_wrong),
        REPORT_TEST(test_table_of_no_run_is_empty),
        REPORT_TEST(test_a_full_disk_is_told),
    };
    return cmocka_run_group_tests_name("report", tests, NULL, NULL);
}
