/* test_download.c - downloads that come to a good end, at once or after some attempts. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "tests/unit/download_bench.h"
#include "tests/unit/fake_worker.h"

/* --- what works ----------------------------------------------------------------------------------- */

static void test_whole_file(void **state)
{
    struct bench *bench = *state;
    assert_int_equal(run_path(bench, "/ok/100000/x"), JOB_OUTCOME_DONE);
    assert_file_is_body(bench->dir, "file.bin", 100000);
    assert_int_equal(entries(bench), 1);
    assert_int_equal(bench->result.bytes, 100000);
    assert_int_equal(bench->result.http_status, 200);
    assert_int_equal(bench->result.attempts, 1);
    assert_int_equal(bench->result.flags, 0);
    assert_string_equal(bench->result.note, "");
    assert_int_equal(bench->worker.received_bytes, 100000);
    struct fake_progress last = bench->worker.progress[bench->worker.progress_count - 1];
    assert_int_equal(last.done, 100000);
    assert_int_equal(last.total, 100000);
}

static void test_phases_in_order(void **state)
{
    struct bench *bench = *state;
    const enum phase expected[] = {PHASE_CONNECTING, PHASE_WAITING, PHASE_RECEIVING, PHASE_WRITING};
    size_t seen = 0;
    assert_int_equal(run_path(bench, "/ok/100000/x"), JOB_OUTCOME_DONE);
    for (size_t i = 0; i < bench->worker.phases_count; i++)
        if (seen < 4 && bench->worker.phases[i].phase == expected[seen])
            seen++;
    assert_int_equal(seen, 4);
}

static void test_connection_is_reused(void **state)
{
    struct bench *bench = *state;
    void *worker = job_kind_download.worker_start(&bench->set, &bench->worker);
    assert_non_null(worker);
    set_url(bench, "/ok/1000/x");
    assert_int_equal(run_with(bench, worker), JOB_OUTCOME_DONE);
    fake_worker_clear(&bench->worker);
    unsigned before = ask(bench, "/connections");
    for (int i = 0; i < 5; i++)
        assert_int_equal(run_with(bench, worker), JOB_OUTCOME_DONE);
    assert_false(fake_worker_saw(&bench->worker, PHASE_CONNECTING));
    assert_true(fake_worker_saw(&bench->worker, PHASE_WAITING));
    assert_int_equal(ask(bench, "/connections"), before + 1); /* that of the question itself */
    job_kind_download.worker_stop(worker);
}

static void test_no_length(void **state)
{
    struct bench *bench = *state;
    assert_int_equal(run_path(bench, "/by-close"), JOB_OUTCOME_DONE);
    assert_file_is_body(bench->dir, "file.bin", 30000);
    assert_int_equal(bench->result.flags, JOB_FLAG_LENGTH_UNVERIFIED);
    for (size_t i = 0; i + 1 < bench->worker.progress_count; i++)
        assert_int_equal(bench->worker.progress[i].total, 0);
    assert_int_equal(run_path(bench, "/chunked"), JOB_OUTCOME_DONE);
    assert_file_is_body(bench->dir, "file.bin", 30000);
    assert_int_equal(bench->result.flags, 0);
}

static void test_empty_bodies(void **state)
{
    struct bench *bench = *state;
    assert_int_equal(run_path(bench, "/empty"), JOB_OUTCOME_DONE);
    assert_file_is_body(bench->dir, "file.bin", 0);
    assert_int_equal(bench->result.flags, 0);
    assert_int_equal(run_path(bench, "/no-content"), JOB_OUTCOME_DONE);
    assert_int_equal(bench->result.flags, 0);
    assert_int_equal(entries(bench), 1);
}

static void test_redirect_keeps_the_name(void **state)
{
    struct bench *bench = *state;
    assert_int_equal(run_path(bench, "/hop/9/first-name.bin"), JOB_OUTCOME_DONE);
    assert_file_is_body(bench->dir, "file.bin", 4000);
    assert_int_equal(entries(bench), 1);
}

static void test_server_does_not_name_files(void **state)
{
    struct bench *bench = *state;
    assert_int_equal(run_path(bench, "/disposition"), JOB_OUTCOME_DONE);
    assert_file_is_body(bench->dir, "file.bin", 4000);
    assert_int_equal(entries(bench), 1);
}

static void test_stored_as_sent(void **state)
{
    struct bench *bench = *state;
    assert_int_equal(run_path(bench, "/encoded"), JOB_OUTCOME_DONE);
    assert_file_says(bench, "file.bin", "\x1f\x8b not really gzip");
    assert_int_equal(run_path(bench, "/agent"), JOB_OUTCOME_DONE);
    assert_file_says(bench, "file.bin", "juggler/1.0.0|none");
}

static void test_password_is_used(void **state)
{
    struct bench *bench = *state;
    snprintf(bench->url, sizeof bench->url, "http://user:canary@127.0.0.1:%u/auth", bench->zoo.port);
    assert_int_equal(run_url(bench), JOB_OUTCOME_DONE);
    assert_file_is_body(bench->dir, "file.bin", 100);
}

/* --- attempts ------------------------------------------------------------------------------------- */

static void test_tried_again(void **state)
{
    struct bench *bench = *state;
    bench->set.options.download.retries = 2;
    assert_int_equal(run_path(bench, "/flaky/a"), JOB_OUTCOME_DONE);
    assert_file_is_body(bench->dir, "file.bin", 5000);
    assert_int_equal(bench->result.attempts, 3);
    assert_int_equal(bench->worker.attempt, 3);
    assert_int_equal(bench->worker.sleeps, 2);
    assert_in_range(bench->worker.slept_ns, 300 * NS_PER_MS, 600 * NS_PER_MS);
    assert_true(fake_worker_saw(&bench->worker, PHASE_BACKOFF));
    assert_int_equal(ask(bench, "/count/flaky/a"), 3);
}

static void test_attempts_end(void **state)
{
    struct bench *bench = *state;
    bench->set.options.download.retries = 1;
    assert_int_equal(run_path(bench, "/flaky/b"), JOB_OUTCOME_FAILED);
    assert_string_equal(bench->result.note, "HTTP 500");
    assert_int_equal(bench->result.http_status, 500);
    assert_int_equal(bench->result.attempts, 2);
    assert_int_equal(entries(bench), 0);
}

/* 0.2 s, twice as much each time, 5 s at most; of each at least the half. */
static void test_backoff_grows(void **state)
{
    struct bench *bench = *state;
    bench->set.options.download.retries = 7;
    assert_int_equal(run_path(bench, "/always/503/grows"), JOB_OUTCOME_FAILED);
    assert_int_equal(bench->worker.sleeps, 7);
    assert_in_range(bench->worker.slept_ns, 8100 * NS_PER_MS, 16200 * NS_PER_MS);
}

static void test_which_statuses(void **state)
{
    struct bench *bench = *state;
    static const struct {
        const char *path;
        unsigned attempts;
    } rows[] = {{"/always/400", 1}, {"/always/401", 1}, {"/always/403", 1}, {"/always/404", 1},
                {"/always/408", 3}, {"/always/410", 1}, {"/always/429", 3}, {"/always/500", 3},
                {"/always/502", 3}, {"/always/503", 3}, {"/always/504", 3}, {"/always/304", 1}};
    bench->set.options.download.retries = 2;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char note[32];
        snprintf(note, sizeof note, "HTTP %s", rows[i].path + strlen("/always/"));
        assert_int_equal(run_path(bench, rows[i].path), JOB_OUTCOME_FAILED);
        assert_string_equal(bench->result.note, note);
        assert_int_equal(bench->result.attempts, rows[i].attempts);
        assert_int_equal(entries(bench), 0);
    }
}

static void test_retry_after(void **state)
{
    struct bench *bench = *state;
    bench->set.options.download.retries = 1;
    assert_int_equal(run_path(bench, "/busy/3/a"), JOB_OUTCOME_DONE);
    assert_int_equal(bench->worker.slept_ns, 3 * NS_PER_S);
    fake_worker_clear(&bench->worker);
    assert_int_equal(run_path(bench, "/busy/1000/b"), JOB_OUTCOME_DONE);
    assert_int_equal(bench->worker.slept_ns, 30 * NS_PER_S);
}

static void test_retry_starts_from_nothing(void **state)
{
    struct bench *bench = *state;
    bench->set.options.download.retries = 1;
    assert_int_equal(run_path(bench, "/short-once"), JOB_OUTCOME_DONE);
    assert_file_is_body(bench->dir, "file.bin", 100000);
    assert_int_equal(bench->result.attempts, 2);
    assert_int_equal(bench->result.bytes, 100000);
    bool back_to_nothing = false;
    for (size_t i = 0; i < bench->worker.progress_count; i++)
        back_to_nothing |= bench->worker.progress[i].done == 0;
    assert_true(back_to_nothing);
}

static void test_stop_while_backing_off(void **state)
{
    struct bench *bench = *state;
    bench->set.options.download.retries = 5;
    bench->worker.stop_at_sleep = 2;
    assert_int_equal(run_path(bench, "/always/503/stop"), JOB_OUTCOME_STOPPED);
    assert_int_equal(bench->result.attempts, 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_whole_file),
        TEST(test_phases_in_order),
        TEST(test_connection_is_reused),
        TEST(test_no_length),
        TEST(test_empty_bodies),
        TEST(test_redirect_keeps_the_name),
        TEST(test_server_does_not_name_files),
        TEST(test_stored_as_sent),
        TEST(test_password_is_used),
        TEST(test_tried_again),
        TEST(test_attempts_end),
        TEST(test_backoff_grows),
        TEST(test_which_statuses),
        TEST(test_retry_after),
        TEST(test_retry_starts_from_nothing),
        TEST(test_stop_while_backing_off),
    };
    return cmocka_run_group_tests(tests, group_start, group_stop);
}
