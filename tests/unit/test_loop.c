/* test_loop.c - the event loop: downloads in one thread, against servers that misbehave (tests/servers/zoo.py). test: limit 180
 *
 * Whatever a server does, the loop and a pool of threads come to the same. And then what a loop could do wrong and threads can't: one transfer
 * that waits must not keep the others waiting. What is done to it from outside meanwhile: test_loop_held.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <dirent.h>
#include <dlfcn.h>
#include <netdb.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/sanitized.h"
#include "juggler/run.h"
#include "measure/sampler.h"
#include "tests/unit/loop_bench.h"

enum { SLOW_LOOK_UP_S = 8 };

/* In the place of the C library's, for libcurl too: one name takes its time, as with a server for names that is silent. */
int getaddrinfo(const char *node, const char *service, const struct addrinfo *hints, struct addrinfo **found)
{
    int (*real)(const char *, const char *, const struct addrinfo *, struct addrinfo **) = NULL;
    if (node && strcmp(node, "slow-name.invalid") == 0) {
        clock_sleep_ns(SLOW_LOOK_UP_S * NS_PER_S);
        return EAI_AGAIN;
    }
    *(void **)&real = dlsym(RTLD_NEXT, "getaddrinfo");
    return real ? real(node, service, hints, found) : EAI_FAIL;
}

static void forget_jobs(struct bench *bench)
{
    bench->set.count = 0;
    bench->round++;
}

static struct snapshot run_all(struct bench *bench, const char *spec)
{
    start(bench, spec, (struct run_options){0});
    return finish(bench);
}

/* Threads of a process; ThreadSanitizer's own is not counted. */
static size_t tasks_of(pid_t pid)
{
    char path[64];
    size_t count = 0;
    snprintf(path, sizeof path, "/proc/%d/task", (int)pid);
    DIR *tasks = opendir(path);
    assert_non_null(tasks);
    for (struct dirent *entry; (entry = readdir(tasks));)
        count += *entry->d_name != '.';
    closedir(tasks);
    return SANITIZED_THREAD ? count - 1 : count; /* it has one of its own */
}

static void every_file_comes_whole(void **state)
{
    struct bench *bench = *state;
    for (size_t i = 0; i < 40; i++) {
        char path[32];
        snprintf(path, sizeof path, "/ok/%zu", i * i * 100);
        add(bench, path);
    }
    struct snapshot snap = run_all(bench, "event-loop:8");
    assert_done(&snap);
    assert_int_equal(files(bench), 40);
    for (size_t i = 0; i < 40; i++) {
        assert_file_is_body(bench->dir, bench->names[i], i * i * 100);
        assert_int_equal(snap.results[i].result.attempts, 1);
    }
    assert_int_equal(snap.slots, 8);
    assert_account(&snap);
}

static void it_is_one_thread(void **state)
{
    struct bench *bench = *state;
    struct sampler sampler = {0};
    bool seen = false;
    add_many(bench, 24, "/slow");
    start(bench, "event-loop:24", (struct run_options){0});
    struct snapshot snap = wait_until(bench->run, is_receiving, 24, "all of them receive");
    assert_int_equal(tasks_of(snap.runner_pid), 1);
    for (size_t i = 0; i < 24; i++) {
        assert_int_equal(snap.workers[i].data.kind, WORKER_TRANSFER);
        assert_int_equal(snap.workers[i].data.pid, snap.runner_pid);
        assert_int_equal(snap.workers[i].data.tid, snap.runner_pid);
        assert_true(snap.workers[i].data.job > 0);
    }
    while (sampler.executing == SIZE_MAX || !sampler.rounds || snap.done == 0) {
        assert_int_equal(sampler_update(&sampler, &snap), 0);
        assert_true(sampler.executing == SIZE_MAX || sampler.executing <= 1);
        seen |= sampler.states[0].letter != 0;
        for (size_t i = 1; i < 24; i++)
            assert_int_equal(sampler.states[i].letter, 0); /* the one thread is looked at once */
        clock_sleep_ns(5 * NS_PER_MS);
        run_tick(bench->run);
        run_snapshot(bench->run, &snap);
    }
    assert_true(seen);
    snap = finish(bench);
    assert_done(&snap);
    assert_account(&snap);
    sampler_free(&sampler);
}

static const char *const ANIMALS[] = {
    "/ok/3000",        "/missing",     "/missing-endless", "/flaky",      "/always/500",  "/always/403", "/busy/1",
    "/short",          "/short-once",  "/by-close",        "/chunked",    "/chunked-cut", "/endless",    "/endless-close",
    "/promised-large", "/headers",     "/one-byte",        "/silent",     "/drip",        "/loop",       "/to-file",
    "/hop/3",          "/disposition", "/empty",           "/no-content", "/partial",     "/reset",      "/reset-once",
    "/gone",           "/garbage",     "/encoded",         "/auth",       "/always/503",
};
enum { ANIMALS_COUNT = sizeof ANIMALS / sizeof *ANIMALS };

static struct snapshot visit_zoo(struct bench *bench, const char *spec, struct job_snapshot out[ANIMALS_COUNT])
{
    forget_jobs(bench);
    for (size_t i = 0; i < ANIMALS_COUNT; i++)
        add(bench, ANIMALS[i]);
    struct snapshot snap = run_all(bench, spec);
    memcpy(out, snap.results, ANIMALS_COUNT * sizeof *out);
    return snap;
}

/* Nothing is known here of what is right: test_download.c knows it of the thread's way. */
static void the_zoo_is_the_same_as_for_threads(void **state)
{
    struct bench *bench = *state;
    static struct job_snapshot loop[ANIMALS_COUNT], threads[ANIMALS_COUNT];
    bench->set.options.download.retries = 2;
    bench->set.options.download.timeout_s = 2; /* with one second a busy machine makes animals late that are not */
    struct snapshot snap = visit_zoo(bench, "event-loop:12", loop);
    assert_account(&snap);
    size_t files_of_loop = files(bench);
    run_free(bench->run);
    visit_zoo(bench, "thread-pool:12", threads);
    assert_int_equal(files(bench), files_of_loop);
    for (size_t i = 0; i < ANIMALS_COUNT; i++) {
        const struct job_result *one = &loop[i].result, *other = &threads[i].result;
        bool same = loop[i].word.state == threads[i].word.state && !strcmp(one->note, other->note) &&
                    one->attempts == other->attempts && one->bytes == other->bytes &&
                    one->http_status == other->http_status && one->flags == other->flags;
        if (!same)
            fail_msg("%s: %s \"%s\" after %zu attempts in the loop, %s \"%s\" after %zu in a thread", ANIMALS[i],
                     job_state_word(loop[i].word.state), one->note, (size_t)one->attempts,
                     job_state_word(threads[i].word.state), other->note, (size_t)other->attempts);
    }
}

/* The server asks for two seconds, and the same place has nothing else to do meanwhile; the other place does all the rest. */
static void a_backoff_keeps_nobody_waiting(void **state)
{
    struct bench *bench = *state;
    bench->set.options.download.retries = 1;
    add(bench, "/busy/2");
    add_many(bench, 30, "/ok/2000");
    struct snapshot snap = run_all(bench, "event-loop:2");
    assert_done(&snap);
    const struct job_result *busy = &snap.results[0].result;
    assert_int_equal(busy->attempts, 2);
    assert_true(busy->end_ns - busy->start_ns >= 2 * NS_PER_S);
    for (size_t i = 1; i < snap.jobs; i++)
        assert_true(snap.results[i].result.end_ns < busy->end_ns);
    assert_account(&snap);
}

static void a_stalled_one_keeps_nobody_waiting(void **state)
{
    struct bench *bench = *state;
    bench->set.options.download.timeout_s = 2;
    add(bench, "/one-byte");
    add(bench, "/silent");
    add_many(bench, 30, "/ok/2000");
    struct snapshot snap = run_all(bench, "event-loop:3");
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(snap.results[i].word.state, JOB_FAILED);
        assert_string_equal(snap.results[i].result.note, "no progress for 2 s");
    }
    for (size_t i = 2; i < snap.jobs; i++) {
        assert_int_equal(snap.results[i].word.state, JOB_DONE);
        assert_true(snap.results[i].result.end_ns < snap.results[0].result.end_ns);
    }
    assert_int_equal(files(bench), 30);
}

/* Neither when its time is over, with the others in the middle of theirs, nor at the end. */
static void a_slow_name_keeps_nobody_waiting(void **state)
{
    struct bench *bench = *state;
    bench->set.options.download.timeout_s = 1;
    add(bench, "/ok/1");
    snprintf(bench->urls[0], URL_BYTES, "http://slow-name.invalid/");
    add_many(bench, 4, "/slow");
    struct snapshot snap = run_all(bench, "event-loop:5");
    assert_int_equal(snap.failed, 1);
    assert_int_equal(snap.done, 4);
    assert_int_equal(snap.results[0].word.state, JOB_FAILED);
    assert_true(snap.wall_ns < SLOW_LOOK_UP_S * NS_PER_S / 2);
}

/* A stop in the middle of a look-up. */
static void a_slow_name_can_be_stopped(void **state)
{
    struct bench *bench = *state;
    add(bench, "/ok/1");
    snprintf(bench->urls[0], URL_BYTES, "http://slow-name.invalid/");
    start(bench, "event-loop:1", (struct run_options){0});
    wait_until(bench->run, has_running, 1, "it runs");
    clock_sleep_ns(200 * NS_PER_MS);
    run_stop(bench->run);
    struct snapshot snap = finish(bench);
    assert_int_equal(snap.state, RUN_STOPPED);
    assert_true(snap.runner.end_ns != 0); /* by itself */
}

/* Jobs that need no transfer at all: they settle as they begin, more of them than the loop ends in one turn. */
static void files_that_stand_are_kept(void **state)
{
    struct bench *bench = *state;
    bench->set.options.download.no_clobber = true;
    add_many(bench, 60, "/ok/500");
    struct snapshot snap = run_all(bench, "event-loop:3");
    assert_int_equal(snap.kept, 0);
    run_free(bench->run);
    uint64_t least_ns = UINT64_MAX;
    for (int chance = 0; chance < 5 && least_ns >= 900 * NS_PER_MS; chance++) {
        if (chance > 0)
            run_free(bench->run);
        snap = run_all(bench, "event-loop:3");
        assert_done(&snap);
        assert_int_equal(snap.kept, 60);
        assert_int_equal(snap.wire_bytes, 0);
        if (snap.wall_ns < least_ns)
            least_ns = snap.wall_ns;
    }
    assert_true(least_ns < 900 * NS_PER_MS); /* milliseconds; a loop that waits before it looks takes a second, always */
}

static void nothing_to_do_is_done(void **state)
{
    struct bench *bench = *state;
    struct snapshot snap = run_all(bench, "event-loop:10");
    assert_int_equal(snap.state, RUN_DONE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(every_file_comes_whole, begin, end),
        cmocka_unit_test_setup_teardown(it_is_one_thread, begin, end),
        cmocka_unit_test_setup_teardown(the_zoo_is_the_same_as_for_threads, begin, end),
        cmocka_unit_test_setup_teardown(a_backoff_keeps_nobody_waiting, begin, end),
        cmocka_unit_test_setup_teardown(a_stalled_one_keeps_nobody_waiting, begin, end),
        cmocka_unit_test_setup_teardown(a_slow_name_keeps_nobody_waiting, begin, end),
        cmocka_unit_test_setup_teardown(a_slow_name_can_be_stopped, begin, end),
        cmocka_unit_test_setup_teardown(files_that_stand_are_kept, begin, end),
        cmocka_unit_test_setup_teardown(nothing_to_do_is_done, begin, end),
    };
    return cmocka_run_group_tests(tests, group_start, group_stop);
}
