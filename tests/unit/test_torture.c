/* test_torture.c - every allocation and fallible system call of a small run made to fail in turn, then from the n-th on. test: limit 300
 *
 * This program brings its own sys.c, built so that it can fail; every room above it is the program's. A run has to end in time, with the right
 * result or with a reason in words, and must leave nothing half-written under a final name and no temporary file. */
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

enum { CALLS = 90, CALLS_FROM = 40, HANG_S = 20 };
enum ending { END_WHOLE, END_REFUSED, END_WRONG };

static const char *const LIMITS[] = {"10", "100", "7"};
static const char *const PRODUCTS[] = {"210\n", "2305567963945518424753102147331756070\n", "210\n"};
enum { LIMITS_COUNT = 3 };

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
    if (snap->state != RUN_DONE)
        return END_WRONG;
    for (size_t i = 0; i < snap->jobs; i++)
        if (!job_is_told(&snap->results[i]))
            return END_WRONG;
    return END_WHOLE;
}

static enum ending carry_out(struct workload *workload, struct problem *problem)
{
    const struct run_options options = {.set = &workload->set, .executor = workload->executor, .usable_cores = 2};
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

static enum ending tortured(const char *spec, const char *folder)
{
    struct workload workload;
    struct problem problem = {.text = ""};
    const char *inputs[LIMITS_COUNT] = {LIMITS[0], LIMITS[1], LIMITS[2]};
    const struct work_options asked = {.inputs = inputs, .inputs_count = LIMITS_COUNT, .with = spec, .output = folder};
    enum ending ending = END_REFUSED;
    if (workload_init(&workload, WORK_PRIMES, &asked, 1, 2, "", &problem) == 0 && workload_open(&workload, &problem) == 0)
        ending = carry_out(&workload, &problem);
    workload_free(&workload);
    return ending == END_REFUSED && !problem.text[0] ? END_WRONG : ending;
}

/* --- what is left of it ------------------------------------------------------------------------------- */

static bool file_is_whole(const char *folder, const char *name)
{
    char path[600], text[128] = "";
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "r");
    size_t got = file ? fread(text, 1, sizeof text - 1, file) : 0;
    if (file)
        fclose(file);
    text[got] = 0;
    for (int i = 0; i < LIMITS_COUNT; i++)
        if (strcmp(text, PRODUCTS[i]) == 0)
            return true;
    return false;
}

/* Empties the folder; says what should not have been there. */
static int leftovers(const char *folder, char *what, size_t room)
{
    int bad = 0;
    DIR *entries = opendir(folder);
    const struct dirent *entry;
    while (entries && (entry = readdir(entries))) {
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
            continue;
        if (entry->d_name[0] == '.' || !file_is_whole(folder, entry->d_name)) {
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

static void torture_once(const char *variable, int n, const char *spec, const char *folder, struct tally *tally)
{
    char number[16], what[300] = "";
    snprintf(number, sizeof number, "%d", n);
    pid_t pid = fork();
    if (pid == 0) {
        setenv(variable, number, 1);
        alarm(HANG_S);
        _exit((int)tortured(spec, folder));
    }
    int status;
    waitpid(pid, &status, 0);
    if (!WIFEXITED(status) || WEXITSTATUS(status) >= (int)END_WRONG)
        fail_msg("%s=%d with %s: %s %d", variable, n, spec,
                 WIFSIGNALED(status) ? "died of signal" : "ended without a reason,",
                 WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status));
    if (leftovers(folder, what, sizeof what))
        fail_msg("%s=%d with %s left %s", variable, n, spec, what);
    tally->whole += WEXITSTATUS(status) == (int)END_WHOLE;
    tally->refused += WEXITSTATUS(status) == (int)END_REFUSED;
}

static void torture(const char *variable, int calls)
{
    static const char *const specs[] = {"process-pool:2", "thread-pool:2"};
    const char *base = getenv("TMPDIR");
    for (size_t i = 0; i < 2; i++) {
        char folder[300];
        struct tally tally = {0};
        snprintf(folder, sizeof folder, "%s/torture-XXXXXX", base && *base ? base : "/tmp");
        assert_non_null(mkdtemp(folder));
        for (int n = 1; n <= calls; n++)
            torture_once(variable, n, specs[i], folder, &tally);
        print_message("%s, %s: %d runs whole, %d refused in words\n", variable, specs[i], tally.whole, tally.refused);
        assert_true(tally.refused > 0);
        assert_true(tally.whole > 0);
        rmdir(folder);
    }
}

static void each_call_fails_once(void **state)
{
    (void)state;
    torture("JUGGLER_FAIL_AT", CALLS);
}

static void all_calls_fail_from_one_on(void **state)
{
    (void)state;
    torture("JUGGLER_FAIL_FROM", CALLS_FROM);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_call_fails_once),
        cmocka_unit_test(all_calls_fail_from_one_on),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
