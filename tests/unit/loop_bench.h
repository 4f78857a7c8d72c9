/* loop_bench.h - runs of downloads against servers that misbehave (tests/servers/zoo.py), a folder for each, and what has to be so of them.
 * Include cmocka.h and what it wants before. */
#ifndef TESTS_UNIT_LOOP_BENCH_H
#define TESTS_UNIT_LOOP_BENCH_H

#include <dirent.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/problem.h"
#include "juggler/run.h"

enum { JOBS_MAX = 64, DEADLINE_S = 60, URL_BYTES = 96, NAME_BYTES = 32 };

struct bench {
    pid_t zoo;
    int zoo_stdin;
    unsigned port;
    unsigned round; /* the zoo counts by path: each run asks with another query */
    char folder[64];
    int dir;
    struct job_input inputs[JOBS_MAX];
    char urls[JOBS_MAX][URL_BYTES], names[JOBS_MAX][NAME_BYTES];
    struct job_set set;
    struct run *run;
};

/* --- the zoo, and a folder for each test ------------------------------------------------------------ */

static inline void zoo_child(int in, int out)
{
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    dup2(in, STDIN_FILENO);
    dup2(out, STDOUT_FILENO);
    execlp("python3", "python3", "tests/servers/zoo.py", (char *)NULL);
    _exit(127);
}

static inline int group_start(void **state)
{
    struct bench *bench = calloc(1, sizeof *bench);
    int in[2], out[2];
    char port[16] = "";
    *state = bench;
    if (!bench || pipe2(in, O_CLOEXEC) || pipe2(out, O_CLOEXEC))
        return -1;
    bench->zoo = fork();
    if (bench->zoo == 0)
        zoo_child(in[0], out[1]);
    close(in[0]);
    close(out[1]);
    bench->zoo_stdin = in[1];
    for (size_t used = 0; used + 1 < sizeof port && !strchr(port, '\n');) {
        ssize_t got = read(out[0], port + used, sizeof port - 1 - used);
        if (got <= 0)
            break;
        used += (size_t)got;
    }
    close(out[0]);
    bench->port = (unsigned)strtoul(port, NULL, 10);
    return bench->zoo > 0 && bench->port ? 0 : -1;
}

static inline int group_stop(void **state)
{
    struct bench *bench = *state;
    close(bench->zoo_stdin);
    waitpid(bench->zoo, NULL, 0);
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
    snprintf(bench->urls[i], URL_BYTES, "http://127.0.0.1:%u%s/?job=%zu&round=%u", bench->port, path, i, bench->round);
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

typedef bool condition(const struct snapshot *snap, size_t n);

static inline struct snapshot wait_until(struct bench *bench, condition *holds, size_t n, const char *what)
{
    uint64_t deadline_ns = clock_now_ns() + DEADLINE_S * NS_PER_S;
    struct snapshot snap;
    for (;;) {
        run_tick(bench->run);
        run_snapshot(bench->run, &snap);
        if (holds(&snap, n))
            return snap;
        if (clock_now_ns() > deadline_ns)
            fail_msg("waited in vain for: %s (%zu); state %s, %zu queued, %zu running, %zu done, %zu alive; %s", what, n,
                     run_state_word(snap.state), snap.queued, snap.running, snap.done, snap.alive, snap.problem);
        struct pollfd fd = {.fd = run_pidfd(bench->run), .events = POLLIN};
        poll(&fd, 1, 2);
    }
}

static inline size_t in_phase(const struct snapshot *snap, enum phase phase)
{
    size_t count = 0;
    for (size_t i = 0; i < snap->slots; i++)
        count += snap->workers[i].alive && snap->workers[i].data.phase == (uint64_t)phase;
    return count;
}

static inline bool is_over(const struct snapshot *snap, size_t n)
{
    (void)n;
    return run_state_is_over(snap->state);
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
    return wait_until(bench, is_over, 0, "the end");
}

/* --- what has to be so ------------------------------------------------------------------------------- */

static inline unsigned char body_byte(size_t i)
{
    return (unsigned char)((i * 31 + i / 251) % 256);
}

static inline void assert_file_is_body(struct bench *bench, size_t job, size_t size)
{
    int fd = openat(bench->dir, bench->names[job], O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    assert_true(fd >= 0);
    unsigned char *bytes = malloc(size + 1);
    assert_non_null(bytes);
    size_t used = 0;
    for (ssize_t got; used <= size && (got = read(fd, bytes + used, size + 1 - used)) > 0;)
        used += (size_t)got;
    close(fd);
    assert_int_equal(used, size);
    for (size_t i = 0; i < size; i++)
        assert_int_equal(bytes[i], body_byte(i));
    free(bytes);
}

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
    for (size_t i = 0; i < snap->slots; i++) {
        const struct slot_data *data = &snap->workers[i].data;
        uint64_t sum = 0;
        for (int column = 0; column < ACCOUNT_COLUMNS; column++)
            sum += data->account_ns[column];
        assert_int_equal(sum, data->account_upto_ns - data->born_ns);
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
