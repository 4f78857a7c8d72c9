/* loop_bench.h - runs of downloads against servers that misbehave (tests/servers/zoo.py), a folder for each, and what has to be so of them.
 * Include cmocka.h and what it wants before. */
#ifndef TESTS_UNIT_LOOP_BENCH_H
#define TESTS_UNIT_LOOP_BENCH_H

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/problem.h"
#include "juggler/run.h"
#include "tests/unit/watched_run.h"
#include "tests/unit/zoo.h"

enum { JOBS_MAX = 64, URL_BYTES = 96, NAME_BYTES = 32 };

struct bench {
    struct zoo zoo;
    unsigned round; /* the zoo counts by path: each run asks with another query */
    char folder[64];
    int dir;
    struct job_input inputs[JOBS_MAX];
    char urls[JOBS_MAX][URL_BYTES], names[JOBS_MAX][NAME_BYTES];
    struct job_set set;
    struct run *run;
};

/* --- the zoo, and a folder for each test ------------------------------------------------------------ */

static inline int group_start(void **state)
{
    struct bench *bench = calloc(1, sizeof *bench);
    *state = bench;
    return !bench || start_zoo(&bench->zoo);
}

static inline int group_stop(void **state)
{
    struct bench *bench = *state;
    stop_zoo(&bench->zoo);
    free(bench);
    return 0;
}

static inline int begin(void **state)
{
    struct bench *bench = *state;
    snprintf(bench->folder, sizeof bench->folder, "/tmp/test-loop-XXXXXX");
    if (!mkdtemp(bench->folder))
        return -1;
    bench->dir = open(bench->folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bench->set = (struct job_set){.kind = job_kind_of(WORK_DOWNLOAD),
                                  .inputs = bench->inputs,
                                  .output_dir = bench->dir,
                                  .part_prefix = ".juggler-loop-"};
    bench->set.options.download = (struct download_options){.timeout_s = 10, .max_size_bytes = 1 << 20};
    return bench->dir < 0;
}

static inline int end(void **state)
{
    struct bench *bench = *state;
    char command[128];
    run_free(bench->run);
    bench->run = NULL;
    close(bench->dir);
    snprintf(command, sizeof command, "rm -rf %s", bench->folder);
    return system(command);
}

/* One more job. */
static inline void add(struct bench *bench, const char *path)
{
    size_t i = bench->set.count++;
    assert_true(i < JOBS_MAX);
    snprintf(bench->urls[i], URL_BYTES, "http://127.0.0.1:%u%s/?job=%zu&round=%u", bench->zoo.port, path, i, bench->round);
    snprintf(bench->names[i], NAME_BYTES, "%zu.bin", i);
    bench->inputs[i] = (struct job_input){.text = bench->urls[i], .url = bench->urls[i], .name = bench->names[i]};
}

static inline void add_many(struct bench *bench, size_t count, const char *path)
{
    for (size_t i = 0; i < count; i++)
        add(bench, path);
}

/* --- runs -------------------------------------------------------------------------------------------- */

static inline void start(struct bench *bench, const char *spec, struct run_options options)
{
    struct problem problem = {.text = ""};
    assert_int_equal(executor_parse(spec, WORK_DOWNLOAD, 2, &options.executor, &problem), 0);
    options.set = &bench->set;
    options.usable_cores = 2;
    bench->run = run_start(&options, &problem);
    if (!bench->run)
        fail_msg("%s: %s", spec, problem.text);
}

static inline size_t in_phase(const struct snapshot *snap, enum phase phase)
{
    size_t count = 0;
    for (size_t i = 0; i < snap->slots; i++)
        count += snap->workers[i].alive && snap->workers[i].data.phase == (uint64_t)phase;
    return count;
}

static inline bool has_running(const struct snapshot *snap, size_t n)
{
    return snap->running == n;
}

static inline bool is_receiving(const struct snapshot *snap, size_t n)
{
    return in_phase(snap, PHASE_RECEIVING) >= n;
}

static inline struct snapshot finish(struct bench *bench)
{
    return wait_until(bench->run, is_over, 0, "the end");
}

/* --- what has to be so ------------------------------------------------------------------------------- */

/* Files in the folder; what is hidden would be a temporary one that was left. */
static inline size_t files(struct bench *bench)
{
    size_t count = 0;
    DIR *folder = opendir(bench->folder);
    assert_non_null(folder);
    for (struct dirent *entry; (entry = readdir(folder));) {
        bool dots = !strcmp(entry->d_name, ".") || !strcmp(entry->d_name, "..");
        if (!dots && *entry->d_name == '.')
            fail_msg("%s is left", entry->d_name);
        count += !dots;
    }
    closedir(folder);
    return count;
}

static inline void assert_done(const struct snapshot *snap)
{
    for (size_t i = 0; i < snap->jobs; i++)
        if (snap->results[i].word.state != JOB_DONE)
            fail_msg("job %zu is %s: %s", i, job_state_word(snap->results[i].word.state), snap->results[i].result.note);
    assert_int_equal(snap->state, RUN_DONE);
}

/* The columns are the wall time of each; and all transfers together had no more CPU time than the one process they live in. */
static inline void assert_account(const struct snapshot *snap)
{
    uint64_t on_core_ns = 0, jobs_ns = 0;
    assert_accounts_are_whole(snap);
    for (size_t i = 0; i < snap->slots; i++) {
        const struct slot_data *data = &snap->workers[i].data;
        assert_int_equal(data->ready_known, 0);
        assert_int_equal(data->account_ns[ACCOUNT_READY], 0);
        on_core_ns += data->account_ns[ACCOUNT_ON_CORE];
    }
    for (size_t i = 0; i < snap->jobs; i++) {
        const struct job_result *result = &snap->results[i].result;
        assert_true(result->cpu_ns > 0);
        assert_true(result->cpu_ns <= result->end_ns - result->start_ns);
        jobs_ns += result->cpu_ns;
    }
    assert_true(jobs_ns <= on_core_ns);
    assert_true(on_core_ns <= snap->cpu_ns + 20 * NS_PER_MS); /* by another clock, which may tick coarsely */
}

#endif
