/* test_torture.c - every allocation and fallible system call of small runs made to fail in turn, then from the n-th on. test: limit 300
 *
 * This program brings its own sys.c, built so that it can fail; every room above it is the program's. A run has to end in time, with the right
 * result or with a reason in words, and must leave nothing half-written under a final name and no temporary file. The numbers of GMP get
 * their memory by the same seam; what libcurl and the C library ask for does not (tests/faults/test_torture.py). */
#define SYS_FAULTS
#include "base/sys.c"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <dirent.h>
#include <poll.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "base/problem.h"
#include "cli/workload.h"
#include "juggler/run.h"
#include "origin/origin.h"

enum { HANG_S = 20, INPUTS = 3, FILE_BYTES_MAX = 200000, SYNTHETIC_FILES = 3 };
enum ending { END_WHOLE, END_REFUSED, END_WRONG };

/* A short run, and how many of its calls fail: so many that some runs don't get as far any more. */
struct canon {
    enum work work;
    const char *spec;
    const char *inputs[INPUTS];
    int calls, calls_from;
};

/* What every run has to make: the files of one that nothing fails in. */
struct good {
    char folder[300];
    int dir;
};

/* --- the run that is tortured, in a process of its own ------------------------------------------------ */

static bool job_is_told(const struct job_snapshot *job)
{
    bool failed = job->word.state == JOB_FAILED || job->word.state == JOB_POISONED;
    return job->word.state == JOB_DONE || (failed && job->result.note[0]);
}

static enum ending judge(const struct snapshot *snap)
{
    if (snap->state == RUN_BROKEN)
        return snap->problem[0] ? END_REFUSED : END_WRONG;
    if (snap->state == RUN_STOPPED)
        return snap->folder_full && snap->problem[0] ? END_REFUSED : END_WRONG;
    if (snap->state != RUN_DONE)
        return END_WRONG;
    for (size_t i = 0; i < snap->jobs; i++)
        if (!job_is_told(&snap->results[i]))
            return END_WRONG;
    return END_WHOLE;
}

static enum ending carry_out(struct workload *workload, struct problem *problem)
{
    const struct run_options options = {
        .set = &workload->set, .executor = workload->executor, .usable_cores = 2, .end_when_full = true};
    struct run *run = run_start(&options, problem);
    if (!run)
        return problem->text[0] ? END_REFUSED : END_WRONG;
    while (!run_is_over(run)) {
        struct pollfd fd = {.fd = run_pidfd(run), .events = POLLIN};
        poll(&fd, 1, 20);
        run_tick(run);
    }
    struct snapshot snap;
    run_snapshot(run, &snap);
    enum ending ending = judge(&snap);
    problem_set(problem, "%s", snap.problem);
    run_free(run);
    return ending;
}

static enum ending tortured(const struct canon *canon, const char *folder)
{
    struct workload workload;
    struct problem problem = {.text = ""};
    const char *inputs[INPUTS] = {canon->inputs[0], canon->inputs[1], canon->inputs[2]};
    const struct work_options asked = {.inputs = inputs,
                                       .inputs_count = INPUTS,
                                       .with = canon->spec,
                                       .output = folder,
                                       .origin = ORIGIN_LIVE,
                                       .download = {.timeout_s = 5, .max_size_bytes = 1 << 20}};
    enum ending ending = END_REFUSED;
    if (workload_init(&workload, canon->work, &asked, 1, 2, "", &problem) == 0 && workload_open(&workload, &problem) == 0)
        ending = carry_out(&workload, &problem);
    workload_free(&workload);
    return ending == END_REFUSED && !problem.text[0] ? END_WRONG : ending;
}

/* --- what is left of it ------------------------------------------------------------------------------- */

static size_t read_file(int dir, const char *name, char *data)
{
    int fd = openat(dir, name, O_RDONLY | O_CLOEXEC);
    size_t bytes = 0;
    for (ssize_t got; fd >= 0 && (got = read(fd, data + bytes, FILE_BYTES_MAX - bytes)) > 0;)
        bytes += (size_t)got;
    if (fd >= 0)
        close(fd);
    return bytes;
}

static bool file_is_whole(const struct good *good, int dir, const char *name)
{
    static char data[FILE_BYTES_MAX], wanted[FILE_BYTES_MAX];
    size_t bytes = read_file(dir, name, data), wanted_bytes = read_file(good->dir, name, wanted);
    return bytes > 0 && bytes == wanted_bytes && memcmp(data, wanted, bytes) == 0;
}

/* Empties the folder; says what should not have been there. */
static int leftovers(const struct good *good, const char *folder, char *what, size_t room)
{
    int bad = 0;
    DIR *entries = opendir(folder);
    const struct dirent *entry;
    while (entries && (entry = readdir(entries))) {
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
            continue;
        if (entry->d_name[0] == '.' || !file_is_whole(good, dirfd(entries), entry->d_name)) {
            snprintf(what, room, "%s", entry->d_name);
            bad++;
        }
        unlinkat(dirfd(entries), entry->d_name, 0);
    }
    if (entries)
        closedir(entries);
    return bad;
}

struct tally {
    int whole, refused;
};

/* variable NULL: nothing fails. */
static int run_once(const char *variable, int n, const struct canon *canon, const char *folder)
{
    char number[16];
    int status = 0;
    snprintf(number, sizeof number, "%d", n);
    pid_t pid = fork();
    if (pid == 0) {
        if (variable)
            setenv(variable, number, 1);
        alarm(HANG_S);
        _exit((int)tortured(canon, folder));
    }
    waitpid(pid, &status, 0);
    return status;
}

static void torture_once(const char *variable, int n, const struct canon *canon, const struct good *good, const char *folder,
                         struct tally *tally)
{
    char what[300] = "";
    int status = run_once(variable, n, canon, folder);
    if (!WIFEXITED(status) || WEXITSTATUS(status) >= (int)END_WRONG)
        fail_msg("%s=%d with %s: %s %d", variable, n, canon->spec,
                 WIFSIGNALED(status) ? "died of signal" : "ended without a reason,",
                 WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status));
    if (leftovers(good, folder, what, sizeof what))
        fail_msg("%s=%d with %s left %s", variable, n, canon->spec, what);
    tally->whole += WEXITSTATUS(status) == (int)END_WHOLE;
    tally->refused += WEXITSTATUS(status) == (int)END_REFUSED;
}

static void make_folder(char folder[300])
{
    const char *base = getenv("TMPDIR");
    snprintf(folder, 300, "%s/torture-XXXXXX", base && *base ? base : "/tmp");
    assert_non_null(mkdtemp(folder));
}

static void make_good(const struct canon *canon, struct good *good)
{
    make_folder(good->folder);
    assert_int_equal(run_once(NULL, 0, canon, good->folder), (int)END_WHOLE);
    good->dir = open(good->folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    assert_true(good->dir >= 0);
}

static void remove_good(const struct good *good)
{
    char what[300];
    assert_int_equal(leftovers(good, good->folder, what, sizeof what), 0);
    close(good->dir);
    assert_int_equal(rmdir(good->folder), 0);
}

static void torture(const struct canon *canon, const char *variable, int calls)
{
    char folder[300];
    struct tally tally = {0};
    struct good good;
    make_good(canon, &good);
    make_folder(folder);
    for (int n = 1; n <= calls; n++)
        torture_once(variable, n, canon, &good, folder, &tally);
    print_message("%s, %s: %d runs whole, %d refused in words\n", variable, canon->spec, tally.whole, tally.refused);
    assert_true(tally.refused > 0);
    assert_true(tally.whole > 0);
    remove_good(&good);
    rmdir(folder);
}

static void torture_each(const struct canon *canons, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        torture(&canons[i], "JUGGLER_FAIL_AT", canons[i].calls);
        torture(&canons[i], "JUGGLER_FAIL_FROM", canons[i].calls_from);
    }
}

static void every_call_of_prime_products(void **state)
{
    (void)state;
    const struct canon canons[] = {
        {.work = WORK_PRIMES, .spec = "process-pool:2", .inputs = {"10", "100", "7"}, .calls = 100, .calls_from = 40},
        {.work = WORK_PRIMES, .spec = "thread-pool:2", .inputs = {"10", "100", "7"}, .calls = 100, .calls_from = 40},
    };
    torture_each(canons, sizeof canons / sizeof *canons);
}

static void every_call_of_downloads(void **state)
{
    (void)state;
    struct problem problem = {.text = ""};
    const struct origin_options options = {.files = SYNTHETIC_FILES, .sample_dir = "sample-data"};
    struct origin *origin = origin_start(&options, &problem);
    if (!origin)
        fail_msg("%s", problem.text);
    char urls[INPUTS][64];
    for (int i = 0; i < INPUTS; i++)
        snprintf(urls[i], sizeof urls[i], "http://127.0.0.1:%u/synthetic/%d", origin_port(origin), i);
    const struct canon canons[] = {{.work = WORK_DOWNLOAD,
                                    .spec = "process-pool:2",
                                    .inputs = {urls[0], urls[1], urls[2]},
                                    .calls = 70,
                                    .calls_from = 40},
                                   {.work = WORK_DOWNLOAD,
                                    .spec = "thread-pool:2",
                                    .inputs = {urls[0], urls[1], urls[2]},
                                    .calls = 40,
                                    .calls_from = 40},
                                   {.work = WORK_DOWNLOAD,
                                    .spec = "event-loop:2",
                                    .inputs = {urls[0], urls[1], urls[2]},
                                    .calls = 40,
                                    .calls_from = 40}};
    torture_each(canons, sizeof canons / sizeof *canons);
    origin_stop(origin);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_call_of_prime_products),
        cmocka_unit_test(every_call_of_downloads),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
