/* test_download_folder.c - downloads into a folder in which something stands already, that is full, or whose worker has to stop. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/unit/download_bench.h"
#include "tests/unit/fake_worker.h"

/* --- what stands in the folder ---------------------------------------------------------------------- */

static void test_good_file_survives(void **state)
{
    struct bench *bench = *state;
    static const char *const paths[] = {"/missing", "/short", "/endless", "/gone", "/loop", "/by-nothing"};
    put_file(bench, "file.bin", "good");
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        assert_int_equal(run_path(bench, paths[i]), JOB_OUTCOME_FAILED);
        assert_file_says(bench, "file.bin", "good");
        assert_int_equal(entries(bench), 1);
    }
    assert_int_equal(run_path(bench, "/ok/10/x"), JOB_OUTCOME_DONE);
    assert_file_is_body(bench->dir, "file.bin", 10);
}

static void test_planted_link(void **state)
{
    struct bench *bench = *state;
    put_file(bench, "victim", "untouched");
    assert_int_equal(symlinkat("victim", bench->dir, "file.bin"), 0);
    assert_int_equal(run_path(bench, "/ok/10/planted-link"), JOB_OUTCOME_FAILED);
    assert_string_equal(bench->result.note, "file.bin: is a symbolic link");
    assert_file_says(bench, "victim", "untouched");
    assert_int_equal(entries(bench), 2);
    assert_int_equal(ask(bench, "/count/ok/10/planted-link"), 0);
}

static void test_planted_temporary_link(void **state)
{
    struct bench *bench = *state;
    put_file(bench, "victim", "untouched");
    assert_int_equal(symlinkat("victim", bench->dir, ".juggler-test-0.part"), 0);
    assert_int_equal(run_path(bench, "/ok/10/x"), JOB_OUTCOME_DONE);
    assert_file_says(bench, "victim", "untouched");
    assert_file_is_body(bench->dir, "file.bin", 10);
    assert_int_equal(entries(bench), 2);
}

static void test_planted_others(void **state)
{
    struct bench *bench = *state;
    assert_int_equal(mkfifoat(bench->dir, "file.bin", 0600), 0);
    assert_int_equal(run_path(bench, "/ok/10/x"), JOB_OUTCOME_FAILED);
    assert_string_equal(bench->result.note, "file.bin: is not a regular file");
    assert_int_equal(unlinkat(bench->dir, "file.bin", 0), 0);
    assert_int_equal(mkdirat(bench->dir, "file.bin", 0700), 0);
    assert_int_equal(run_path(bench, "/ok/10/x"), JOB_OUTCOME_FAILED);
    assert_string_equal(bench->result.note, "file.bin: is a folder");
    assert_int_equal(entries(bench), 1);
}

/* Something takes the name while the transfer goes on. */
static void plant_folder(struct worker *worker, void *context)
{
    struct bench *bench = context;
    if (worker->checkpoints == 1)
        mkdirat(bench->dir, "file.bin", 0700);
}

static void plant_file(struct worker *worker, void *context)
{
    struct bench *bench = context;
    if (worker->checkpoints == 1)
        put_file(bench, "file.bin", "mine");
}

static void test_planted_meanwhile(void **state)
{
    struct bench *bench = *state;
    bench->worker.on_checkpoint = plant_folder;
    bench->worker.context = bench;
    assert_int_equal(run_path(bench, "/ok/10/x"), JOB_OUTCOME_FAILED);
    assert_string_equal(bench->result.note, "file.bin: is a folder");
    assert_int_equal(entries(bench), 1);
    assert_int_equal(unlinkat(bench->dir, "file.bin", AT_REMOVEDIR), 0);
    fake_worker_clear(&bench->worker);
    bench->worker.on_checkpoint = plant_file;
    bench->set.options.download.no_clobber = true;
    assert_int_equal(run_path(bench, "/ok/10/x"), JOB_OUTCOME_DONE);
    assert_int_equal(bench->result.flags, JOB_FLAG_KEPT);
    assert_file_says(bench, "file.bin", "mine");
    assert_int_equal(entries(bench), 1);
}

static void test_no_clobber(void **state)
{
    struct bench *bench = *state;
    bench->set.options.download.no_clobber = true;
    put_file(bench, "file.bin", "kept");
    assert_int_equal(run_path(bench, "/ok/10/no-clobber"), JOB_OUTCOME_DONE);
    assert_int_equal(bench->result.flags, JOB_FLAG_KEPT);
    assert_int_equal(bench->result.attempts, 0);
    assert_file_says(bench, "file.bin", "kept");
    assert_int_equal(ask(bench, "/count/ok/10/no-clobber"), 0);
    assert_int_equal(unlinkat(bench->dir, "file.bin", 0), 0);
    assert_int_equal(run_path(bench, "/ok/10/no-clobber"), JOB_OUTCOME_DONE);
    assert_int_equal(bench->result.flags, 0);
    assert_file_is_body(bench->dir, "file.bin", 10);
}

static void test_folder_that_takes_nothing(void **state)
{
    struct bench *bench = *state;
    int proc = open("/proc/self", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    assert_true(proc >= 0);
    bench->set.output_dir = proc;
    bench->set.options.download.retries = 3;
    assert_int_equal(run_path(bench, "/ok/10/x"), JOB_OUTCOME_FAILED);
    assert_non_null(strstr(bench->result.note, "file.bin: "));
    assert_int_equal(bench->result.attempts, 1);
    close(proc);
}

static void test_long_names_in_notes(void **state)
{
    struct bench *bench = *state;
    bench->input.name = "a-name-that-is-rather-long-but-still-a-name-that-somebody-may-have-given-to-a-file-of-theirs.jpeg";
    assert_int_equal(mkdirat(bench->dir, bench->input.name, 0700), 0);
    assert_int_equal(run_path(bench, "/ok/10/x"), JOB_OUTCOME_FAILED);
    assert_non_null(strstr(bench->result.note, "theirs.jpeg: is a folder"));
}

/* The disk takes so much and no more. */
static void test_full_disk(void **state)
{
    struct bench *bench = *state;
    struct rlimit old, small;
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &old), 0);
    small = (struct rlimit){.rlim_cur = 30000, .rlim_max = old.rlim_max};
    signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
    bench->set.options.download.retries = 3;
    enum job_outcome outcome = run_path(bench, "/ok/100000/x");
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &old), 0);
    assert_int_equal(outcome, JOB_OUTCOME_FAILED);
    assert_string_equal(bench->result.note, "file.bin: File too large");
    assert_int_equal(bench->result.attempts, 1);
    assert_int_equal(entries(bench), 0);
}

/* --- stopping ----------------------------------------------------------------------------------------- */

static void test_stop_leaves_nothing(void **state)
{
    struct bench *bench = *state;
    for (uint64_t at = 1; at <= 30; at += 7) {
        fake_worker_clear(&bench->worker);
        bench->worker.stop_at_checkpoint = at;
        assert_int_equal(run_path(bench, "/slow"), JOB_OUTCOME_STOPPED);
        assert_int_equal(entries(bench), 0);
    }
}

static void test_abandon(void **state)
{
    struct bench *bench = *state;
    put_file(bench, ".juggler-test-0.part", "left by the dead");
    put_file(bench, ".juggler-test-1.part", "somebody else's");
    job_kind_download.abandon(&bench->set, 0);
    assert_int_equal(entries(bench), 1);
    assert_file_says(bench, ".juggler-test-1.part", "somebody else's");
    job_kind_download.abandon(&bench->set, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_good_file_survives),
        TEST(test_planted_link),
        TEST(test_planted_temporary_link),
        TEST(test_planted_others),
        TEST(test_planted_meanwhile),
        TEST(test_no_clobber),
        TEST(test_folder_that_takes_nothing),
        TEST(test_long_names_in_notes),
        TEST(test_full_disk),
        TEST(test_stop_leaves_nothing),
        TEST(test_abandon),
    };
    return cmocka_run_group_tests(tests, group_start, group_stop);
}
