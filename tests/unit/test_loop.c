/* test_loop.c - the event loop: downloads in one thread, against servers that misbehave (tests/servers/zoo.py), through a run's keys. test: limit 180
 *
 * Whatever a server does, the loop and a pool of threads come to the same. And then what a loop could do wrong and threads can't: one transfer
 * that waits must not keep the others waiting, and a pause, a stop or another width must reach them all. */
#include <dirent.h>
#include <dlfcn.h>
#include <fcntl.h>
#include <netdb.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include <poll.h>

#include "base/clock.h"
#include "base/problem.h"
#include "juggler/run.h"
#include "measure/sampler.h"

enum { JOBS_MAX = 64, DEADLINE_S = 60, URL_BYTES = 96, NAME_BYTES = 32, SLOW_LOOK_UP_S = 8 };

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

static void zoo_child(int in, int out)
{
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    dup2(in, STDIN_FILENO);
    dup2(out, STDOUT_FILENO);
    execlp("python3", "python3", "tests/servers/zoo.py", (char *)NULL);
    _exit(127);
}

static int group_start(void **state)
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

static int group_stop(void **state)
{
    struct bench *bench = *state;
    close(bench->zoo_stdin);
    waitpid(bench->zoo, NULL, 0);
    free(bench);
    return 0;
}

static int begin(void **state)
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

static int end(void **state)
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
static void add(struct bench *bench, const char *path)
{
    size_t i = bench->set.count++;
    assert_true(i < JOBS_MAX);
    snprintf(bench->urls[i], URL_BYTES, "http://127.0.0.1:%u%s/?job=%zu&round=%u", bench->port, path, i, bench->round);
    snprintf(bench->names[i], NAME_BYTES, "%zu.bin", i);
    bench->inputs[i] = (struct job_input){.text = bench->urls[i], .url = bench->urls[i], .name = bench->names[i]};
}

static void add_many(struct bench *bench, size_t count, const char *path)
{
    for (size_t i = 0; i < count; i++)
        add(bench, path);
}

static void forget_jobs(struct bench *bench)
{
    bench->set.count = 0;
    bench->round++;
}

/* --- runs -------------------------------------------------------------------------------------------- */

static void start(struct bench *bench, const char *spec, struct run_options options)
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

static struct snapshot wait_until(struct bench *bench, condition *holds, size_t n, const char *what)
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

static size_t in_phase(const struct snapshot *snap, enum phase phase)
{
    size_t count = 0;
    for (size_t i = 0; i < snap->slots; i++)
        count += snap->workers[i].alive && snap->workers[i].data.phase == (uint64_t)phase;
    return count;
}

static bool is_over(const struct snapshot *snap, size_t n)
{
    (void)n;
    return run_state_is_over(snap->state);
}

static bool has_running(const struct snapshot *snap, size_t n)
{
    return snap->running == n;
}

static bool has_alive(const struct snapshot *snap, size_t n)
{
    return snap->alive == n;
}

static bool is_receiving(const struct snapshot *snap, size_t n)
{
    return in_phase(snap, PHASE_RECEIVING) >= n;
}

static bool is_held(const struct snapshot *snap, size_t n)
{
    return snap->state == RUN_PAUSED && in_phase(snap, PHASE_PAUSED) == n && snap->alive == n;
}

static bool was_restarted(const struct snapshot *snap, size_t n)
{
    return snap->restarts >= n && snap->alive;
}

static struct snapshot finish(struct bench *bench)
{
    return wait_until(bench, is_over, 0, "the end");
}

static struct snapshot run_all(struct bench *bench, const char *spec)
{
    start(bench, spec, (struct run_options){0});
    return finish(bench);
}

/* --- what has to be so ------------------------------------------------------------------------------- */

static unsigned char body_byte(size_t i)
{
    return (unsigned char)((i * 31 + i / 251) % 256);
}

static void assert_file_is_body(struct bench *bench, size_t job, size_t size)
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
static size_t files(struct bench *bench)
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

static void assert_done(const struct snapshot *snap)
{
    for (size_t i = 0; i < snap->jobs; i++)
        if (snap->results[i].word.state != JOB_DONE)
            fail_msg("job %zu is %s: %s", i, job_state_word(snap->results[i].word.state), snap->results[i].result.note);
    assert_int_equal(snap->state, RUN_DONE);
}

/* The columns are the wall time of each; and all transfers together had no more CPU time than the one process they live in. */
static void assert_account(const struct snapshot *snap)
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
#ifdef __SANITIZE_THREAD__
    count--;
#endif
    return count;
}

/* --- tests -------------------------------------------------------------------------------------------- */

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
        assert_file_is_body(bench, i, i * i * 100);
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
    struct snapshot snap = wait_until(bench, is_receiving, 24, "all of them receive");
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
    wait_until(bench, has_running, 1, "it runs");
    clock_sleep_ns(200 * NS_PER_MS);
    run_stop(bench->run);
    struct snapshot snap = finish(bench);
    assert_int_equal(snap.state, RUN_STOPPED);
    assert_true(snap.runner.end_ns != 0); /* by itself */
}

static void a_pause_holds_all_and_costs_nothing(void **state)
{
    struct bench *bench = *state;
    bench->set.options.download.timeout_s = 1;
    add_many(bench, 6, "/slow");
    start(bench, "event-loop:6", (struct run_options){0});
    wait_until(bench, is_receiving, 6, "all of them receive");
    run_pause(bench->run);
    struct snapshot snap = wait_until(bench, is_held, 6, "all of them are held");
    uint64_t bytes = snap.wire_bytes, since_ns = clock_now_ns();
    while (clock_now_ns() - since_ns < 1600 * NS_PER_MS) /* longer than a stalled transfer may take */
        snap = wait_until(bench, is_held, 6, "they stay held");
    assert_int_equal(snap.wire_bytes, bytes);
    run_resume(bench->run);
    snap = finish(bench);
    assert_done(&snap);
    for (size_t i = 0; i < 6; i++) {
        assert_int_equal(snap.results[i].result.attempts, 1);
        assert_file_is_body(bench, i, 100000);
        assert_true(snap.workers[i].data.account_ns[ACCOUNT_NO_WORK] >= 1600 * NS_PER_MS);
    }
    assert_account(&snap);
}

static void what_a_pause_broke_is_not_charged(void **state)
{
    struct bench *bench = *state;
    bench->set.options.download.retries = 0;
    add_many(bench, 4, "/reset-later-once");
    start(bench, "event-loop:4", (struct run_options){0});
    wait_until(bench, is_receiving, 4, "all of them receive");
    run_pause(bench->run);
    struct snapshot snap = wait_until(bench, is_held, 4, "all of them are held");
    clock_sleep_ns(1500 * NS_PER_MS); /* the connections break meanwhile */
    run_resume(bench->run);
    snap = finish(bench);
    assert_done(&snap);
    for (size_t i = 0; i < 4; i++)
        assert_int_equal(snap.results[i].result.attempts, 2);
}

static void a_step_is_one_job(void **state)
{
    struct bench *bench = *state;
    add_many(bench, 5, "/ok/100");
    start(bench, "event-loop:3", (struct run_options){.start_paused = true});
    struct snapshot snap = wait_until(bench, is_held, 3, "they wait");
    assert_int_equal(snap.queued, 5);
    for (size_t step = 1; step <= 5; step++) {
        run_step(bench->run);
        snap = wait_until(bench, is_held, 3, "they are held again");
        while (snap.queued > 5 - step)
            snap = wait_until(bench, is_held, 3, "one more was taken");
        assert_int_equal(snap.queued, 5 - step);
    }
    run_resume(bench->run);
    snap = finish(bench);
    assert_done(&snap);
}

static void stopping_ends_at_once(void **state)
{
    struct bench *bench = *state;
    bench->set.options.download.retries = 1;
    add_many(bench, 4, "/silent");
    add(bench, "/busy/20");
    add_many(bench, 10, "/slow");
    start(bench, "event-loop:8", (struct run_options){0});
    wait_until(bench, is_receiving, 3, "some receive");
    run_stop(bench->run);
    struct snapshot snap = finish(bench);
    assert_int_equal(snap.state, RUN_STOPPED);
    assert_true(snap.runner.end_ns != 0); /* it ended by itself: nobody had to force it */
    assert_int_equal(snap.queued, 15);
    assert_int_equal(snap.killed, 0);
    for (size_t i = 0; i < snap.slots; i++)
        assert_int_equal(snap.workers[i].data.exit, WORKER_EXIT_STOPPED);
    assert_int_equal(files(bench), 0);
}

static void a_paused_one_stops_too(void **state)
{
    struct bench *bench = *state;
    add_many(bench, 4, "/slow");
    start(bench, "event-loop:2", (struct run_options){0});
    wait_until(bench, is_receiving, 2, "they receive");
    run_pause(bench->run);
    wait_until(bench, is_held, 2, "they are held");
    run_stop(bench->run);
    struct snapshot snap = finish(bench);
    assert_int_equal(snap.state, RUN_STOPPED);
    assert_true(snap.runner.end_ns != 0);
    assert_int_equal(files(bench), 0);
}

static void another_width_counts_at_once(void **state)
{
    struct bench *bench = *state;
    add_many(bench, 40, "/slow");
    start(bench, "event-loop:4", (struct run_options){.slots_max = 16});
    wait_until(bench, has_running, 4, "four in flight");
    assert_int_equal(run_set_width(bench->run, 12), 0);
    struct snapshot snap = wait_until(bench, has_running, 12, "twelve in flight");
    assert_int_equal(snap.done, 0);
    assert_int_equal(run_set_width(bench->run, 3), 0);
    snap = wait_until(bench, has_alive, 3, "three in flight");
    for (size_t i = 3; i < 12; i++)
        assert_int_equal(snap.workers[i].data.exit, WORKER_EXIT_LEFT);
    assert_true(snap.done >= 9); /* they finished what they held */
    assert_int_equal(run_set_width(bench->run, 16), 0);
    snap = finish(bench);
    assert_done(&snap);
    assert_int_equal(files(bench), 40);
    for (size_t i = 0; i < 40; i++)
        assert_int_equal(snap.results[i].result.attempts, 1);
    assert_account(&snap);
}

static void a_dead_loop_is_started_again(void **state)
{
    struct bench *bench = *state;
    add_many(bench, 12, "/slow");
    start(bench, "event-loop:6", (struct run_options){0});
    struct snapshot snap = wait_until(bench, is_receiving, 6, "all of them receive");
    kill(snap.runner_pid, SIGKILL);
    snap = wait_until(bench, was_restarted, 1, "another runner");
    assert_non_null(strstr(snap.problem, "all transfers in it"));
    snap = finish(bench);
    assert_done(&snap);
    assert_int_equal(snap.killed, 6);
    assert_int_equal(files(bench), 12);
    size_t charged = 0;
    for (size_t i = 0; i < 12; i++) {
        assert_file_is_body(bench, i, 100000);
        charged += snap.results[i].word.deaths;
    }
    assert_int_equal(charged, 6);
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
        cmocka_unit_test_setup_teardown(a_pause_holds_all_and_costs_nothing, begin, end),
        cmocka_unit_test_setup_teardown(what_a_pause_broke_is_not_charged, begin, end),
        cmocka_unit_test_setup_teardown(a_step_is_one_job, begin, end),
        cmocka_unit_test_setup_teardown(stopping_ends_at_once, begin, end),
        cmocka_unit_test_setup_teardown(a_paused_one_stops_too, begin, end),
        cmocka_unit_test_setup_teardown(another_width_counts_at_once, begin, end),
        cmocka_unit_test_setup_teardown(a_dead_loop_is_started_again, begin, end),
        cmocka_unit_test_setup_teardown(files_that_stand_are_kept, begin, end),
        cmocka_unit_test_setup_teardown(nothing_to_do_is_done, begin, end),
    };
    return cmocka_run_group_tests(tests, group_start, group_stop);
}
