/* test_download_failing.c - downloads that must fail: each with its note, and nothing is left of it. */
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

struct bad_row {
    const char *path;
    const char *note;
    unsigned attempts; /* with one retry */
};

static void assert_fails(struct bench *bench, const struct bad_row *row)
{
    assert_int_equal(run_path(bench, row->path), JOB_OUTCOME_FAILED);
    assert_string_equal(bench->result.note, row->note);
    assert_int_equal(bench->result.attempts, row->attempts);
    assert_int_equal(bench->result.bytes, 0);
    assert_int_equal(entries(bench), 0);
}

static void test_bad_servers(void **state)
{
    struct bench *bench = *state;
    static const struct bad_row rows[] = {
        {"/missing", "HTTP 404", 1},
        {"/missing-endless", "HTTP 404", 1},
        {"/short", "short: 50,000 of 100,000 bytes came", 2},
        {"/chunked-cut", "the connection broke after 7,000 bytes", 2},
        {"/endless", "larger than 1.0 MiB", 1},
        {"/endless-close", "larger than 1.0 MiB", 1},
        {"/promised-large", "larger than 1.0 MiB", 1},
        {"/headers", "headers larger than 256 KiB", 1},
        {"/loop", "more than 10 redirects", 1},
        {"/hop/10/x", "more than 10 redirects", 1},
        {"/to-file", "redirected to something other than http and https", 1},
        {"/partial", "HTTP 206: a part that was not asked for", 1},
        {"/gone", "the server closed the connection without an answer", 2},
        {"/garbage", "not an answer in HTTP", 1},
    };
    bench->set.options.download.retries = 1;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_fails(bench, &rows[i]);
}

static void test_reset(void **state)
{
    struct bench *bench = *state;
    assert_int_equal(run_path(bench, "/reset"), JOB_OUTCOME_FAILED);
    assert_non_null(strstr(bench->result.note, "of 100,000 bytes came"));
    assert_int_equal(entries(bench), 0);
}

static void test_endless_stops_at_the_cap(void **state)
{
    struct bench *bench = *state;
    assert_int_equal(run_path(bench, "/endless"), JOB_OUTCOME_FAILED);
    assert_in_range(bench->worker.received_bytes, 1 << 20, (1 << 20) + 65536);
}

static void test_no_progress(void **state)
{
    struct bench *bench = *state;
    static const char *const paths[] = {"/one-byte", "/silent", "/drip"};
    bench->set.options.download.timeout_s = 1;
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        uint64_t start_ns = clock_now_ns();
        assert_fails(bench, &(struct bad_row){paths[i], "no progress for 1 s", 1});
        assert_in_range(clock_now_ns() - start_ns, NS_PER_S, 10 * NS_PER_S);
    }
}

/* Time spent paused counts for nothing: the second checkpoint holds longer than the limit, and the third one says stop. */
static void hold(struct worker *worker, void *context)
{
    (void)context;
    if (worker->checkpoints != 2)
        return;
    uint64_t start_ns = clock_now_ns();
    clock_sleep_ns(1300 * NS_PER_MS);
    worker->paused_ns += clock_now_ns() - start_ns;
    worker->stop_at_checkpoint = 3;
}

static void test_pause_is_no_silence(void **state)
{
    struct bench *bench = *state;
    bench->set.options.download.timeout_s = 1;
    bench->worker.on_checkpoint = hold;
    assert_int_equal(run_path(bench, "/silent/paused"), JOB_OUTCOME_STOPPED);
}

static void hold_once(struct worker *worker, void *context)
{
    (void)context;
    if (worker->checkpoints == 2)
        worker->paused_ns += 1;
}

/* A connection that broke while the run was paused is tried again without charge. */
static void test_pause_is_not_charged(void **state)
{
    struct bench *bench = *state;
    bench->worker.on_checkpoint = hold_once;
    assert_int_equal(run_path(bench, "/reset-once"), JOB_OUTCOME_DONE);
    assert_int_equal(bench->result.attempts, 2);
}

static void test_refused(void **state)
{
    struct bench *bench = *state;
    snprintf(bench->url, sizeof bench->url, "http://user:canary@127.0.0.1:1/x?token=canary");
    assert_int_equal(run_url(bench), JOB_OUTCOME_FAILED);
    assert_string_equal(bench->result.note, "could not connect to 127.0.0.1 port 1: refused");
    assert_int_equal(bench->result.http_status, 0);
}

static void test_unknown_host(void **state)
{
    struct bench *bench = *state;
    snprintf(bench->url, sizeof bench->url, "http://nowhere.invalid/x");
    assert_int_equal(run_url(bench), JOB_OUTCOME_FAILED);
    assert_string_equal(bench->result.note, "could not find the address of nowhere.invalid");
}

static void test_other_protocols(void **state)
{
    struct bench *bench = *state;
    snprintf(bench->url, sizeof bench->url, "file:///etc/hostname");
    assert_int_equal(run_url(bench), JOB_OUTCOME_FAILED);
    assert_int_equal(entries(bench), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_bad_servers),
        TEST(test_reset),
        TEST(test_endless_stops_at_the_cap),
        TEST(test_no_progress),
        TEST(test_pause_is_no_silence),
        TEST(test_pause_is_not_charged),
        TEST(test_refused),
        TEST(test_unknown_host),
        TEST(test_other_protocols),
    };
    return cmocka_run_group_tests(tests, group_start, group_stop);
}
