/* download_bench.h - one download at a time against servers that misbehave (tests/servers/zoo.py), with a worker that records what it is told.
 *
 * Each test has a folder of its own, removed at its end, and looks at everything in it: a file under its final name is whole or is
 * not there, and no temporary file is left. An alarm ends the program if a test hangs. */
#ifndef TESTS_DOWNLOAD_BENCH_H
#define TESTS_DOWNLOAD_BENCH_H

#include <curl/curl.h>
#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "juggler/job.h"
#include "tests/unit/fake_worker.h"
#include "tests/unit/zoo.h"

extern const struct job_kind job_kind_download;

enum { TEST_SECONDS = 60 };

struct bench {
    struct zoo zoo;
    char folder[64];
    int dir;
    struct worker worker;
    struct job_set set;
    struct job_input input;
    struct job_result result;
    char url[512];
};

/* --- set-up --------------------------------------------------------------------------------------- */

static inline int group_start(void **state)
{
    struct bench *bench = calloc(1, sizeof *bench);
    *state = bench;
    signal(SIGPIPE, SIG_IGN);
    return !bench || job_kind_download.process_start() || start_zoo(&bench->zoo);
}

static inline int group_stop(void **state)
{
    struct bench *bench = *state;
    stop_zoo(&bench->zoo);
    free(bench);
    curl_global_cleanup();
    return 0;
}

static inline int start(void **state)
{
    struct bench *bench = *state;
    alarm(TEST_SECONDS);
    fake_worker_init(&bench->worker);
    snprintf(bench->folder, sizeof bench->folder, "/tmp/test-download-XXXXXX");
    if (!mkdtemp(bench->folder))
        return -1;
    bench->dir = open(bench->folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bench->input = (struct job_input){.text = "shown", .url = bench->url, .name = "file.bin"};
    bench->set = (struct job_set){.kind = &job_kind_download,
                                  .inputs = &bench->input,
                                  .count = 1,
                                  .output_dir = bench->dir,
                                  .part_prefix = ".juggler-test-"};
    bench->set.options.download = (struct download_options){.timeout_s = 10, .max_size_bytes = 1 << 20};
    return bench->dir < 0;
}

static inline int stop(void **state)
{
    struct bench *bench = *state;
    char command[128];
    fake_worker_free(&bench->worker);
    close(bench->dir);
    snprintf(command, sizeof command, "rm -rf %s", bench->folder);
    int got = system(command);
    alarm(0);
    return got;
}

/* --- doing and asking ----------------------------------------------------------------------------- */

static inline void set_url(struct bench *bench, const char *path)
{
    snprintf(bench->url, sizeof bench->url, "http://127.0.0.1:%u%s", bench->zoo.port, path);
}

static inline enum job_outcome run_with(struct bench *bench, void *state)
{
    bench->result = (struct job_result){0};
    enum job_outcome outcome = job_kind_download.run(state, &bench->worker, 0, &bench->result);
    assert_true(strlen(bench->result.note) < BOARD_NOTE_BYTES);
    return outcome;
}

static inline enum job_outcome run_url(struct bench *bench)
{
    void *state = job_kind_download.worker_start(&bench->set, &bench->worker);
    assert_non_null(state);
    enum job_outcome outcome = run_with(bench, state);
    job_kind_download.worker_stop(state);
    return outcome;
}

static inline enum job_outcome run_path(struct bench *bench, const char *path)
{
    set_url(bench, path);
    return run_url(bench);
}

static inline unsigned entries(struct bench *bench)
{
    unsigned count = 0;
    DIR *folder = opendir(bench->folder);
    assert_non_null(folder);
    for (struct dirent *entry; (entry = readdir(folder));)
        count += strcmp(entry->d_name, ".") && strcmp(entry->d_name, "..");
    closedir(folder);
    return count;
}

static inline void assert_file_says(struct bench *bench, const char *name, const char *text)
{
    char bytes[256] = "";
    int fd = openat(bench->dir, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    assert_true(fd >= 0);
    assert_true(read(fd, bytes, sizeof bytes - 1) >= 0);
    close(fd);
    assert_string_equal(bytes, text);
}

static inline void put_file(struct bench *bench, const char *name, const char *text)
{
    int fd = openat(bench->dir, name, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, text, strlen(text)), strlen(text));
    close(fd);
}

/* Asks the zoo for a figure: how often a path was requested, or how many connections there were. */
static inline unsigned ask(struct bench *bench, const char *path)
{
    struct bench other = *bench;
    char text[32] = "";
    fake_worker_init(&other.worker);
    other.input.name = "answer";
    other.input.url = other.url;
    other.set.inputs = &other.input;
    assert_int_equal(run_path(&other, path), JOB_OUTCOME_DONE);
    int fd = openat(bench->dir, "answer", O_RDONLY | O_CLOEXEC);
    assert_true(read(fd, text, sizeof text - 1) > 0);
    close(fd);
    unlinkat(bench->dir, "answer", 0);
    fake_worker_free(&other.worker);
    return (unsigned)strtoul(text, NULL, 10);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, start, stop)

#endif
