/* test_run_drain.c - an output folder that takes nothing more: what is at work ends, nothing else begins, and the run is held or ended.
 *
 * The jobs are made up: the first takes its time, the others fail as on a full disk while `full` is set. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <poll.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

#include "base/clock.h"
#include "base/problem.h"
#include "juggler/run.h"
#include "juggler/worker.h"

enum { JOBS = 30, WIDTH = 3, SLOW_MS = 200, DEADLINE_S = 60 };

static struct shared {
    _Atomic bool full;
    _Atomic unsigned begun, together; /* together: no job ends before so many have begun */
} * shared;

/* --- the made-up work ----------------------------------------------------------------------------- */

static void *worker_begin(const struct job_set *set, struct worker *worker)
{
    (void)worker;
    return (void *)(uintptr_t)set;
}

static void worker_leave(void *state)
{
    (void)state;
}

static enum job_outcome do_job(void *state, struct worker *worker, size_t job, struct job_result *result)
{
    (void)state;
    atomic_fetch_add(&shared->begun, 1);
    while (atomic_load(&shared->begun) < atomic_load(&shared->together))
        if (!worker_sleep(worker, NS_PER_MS))
            return JOB_OUTCOME_STOPPED;
    if (!worker_sleep(worker, (job == 0 ? SLOW_MS : 1) * NS_PER_MS))
        return JOB_OUTCOME_STOPPED;
    if (job == 0 || !atomic_load(&shared->full))
        return JOB_OUTCOME_DONE;
    result->flags |= JOB_FLAG_FOLDER_FULL;
    strcpy(result->note, "a.jpg: No space left on device");
    return JOB_OUTCOME_FAILED;
}

static const struct job_kind made_up = {.work = WORK_DOWNLOAD,
                                        .name = "made-up",
                                        .title = "MADE UP",
                                        .bound = "either",
                                        .worker_start = worker_begin,
                                        .run = do_job,
                                        .worker_stop = worker_leave};
static struct job_input inputs[JOBS];

static struct run *start(struct job_set *set, const char *spec, size_t jobs, bool end_when_full)
{
    struct problem problem = {.text = ""};
    struct executor executor;
    for (size_t i = 0; i < jobs; i++)
        inputs[i] = (struct job_input){.text = "plain"};
    *set = (struct job_set){.kind = &made_up, .inputs = inputs, .count = jobs, .output_dir = -1, .part_prefix = ""};
    atomic_store(&shared->begun, 0);
    atomic_store(&shared->full, true);
    assert_int_equal(executor_parse(spec, WORK_DOWNLOAD, 2, &executor, &problem), 0);
    const struct run_options options = {.set = set, .executor = executor, .usable_cores = 2, .end_when_full = end_when_full};
    struct run *run = run_start(&options, &problem);
    if (!run)
        fail_msg("%s: %s", spec, problem.text);
    return run;
}

static struct snapshot wait_for(struct run *run, enum run_state state)
{
    uint64_t deadline_ns = clock_now_ns() + DEADLINE_S * NS_PER_S;
    struct snapshot snap;
    for (;;) {
        run_tick(run);
        run_snapshot(run, &snap);
        if (snap.state == state)
            return snap;
        if (clock_now_ns() > deadline_ns || run_state_is_over(snap.state))
            fail_msg("it is %s and not %s; %zu queued, %zu running", run_state_word(snap.state), run_state_word(state),
                     snap.queued, snap.running);
        struct pollfd fd = {.fd = run_pidfd(run), .events = POLLIN};
        poll(&fd, 1, 2);
    }
}

/* At most one a worker was begun, and those have all ended: the slow one well. */
static void assert_nobody_hammers(const struct snapshot *snap)
{
    assert_in_range(atomic_load(&shared->begun), 2, WIDTH);
    assert_int_equal(snap->done, 1);
    assert_int_equal(snap->results[0].word.state, JOB_DONE);
    assert_int_equal(snap->failed, atomic_load(&shared->begun) - 1);
    assert_int_equal(snap->queued, JOBS - atomic_load(&shared->begun));
    assert_true(snap->folder_full);
    assert_non_null(
        strstr(snap->problem, "nothing more can be written to the output folder (a.jpg: No space left on device)"));
}

static const char *const specs[] = {"thread-pool:3", "process-pool:3", "thread-batch:3", "process-batch:3"};
enum { SPECS = sizeof specs / sizeof *specs };

/* --- what is promised ------------------------------------------------------------------------------- */

static void a_persons_run_is_held_and_goes_on(void **state)
{
    (void)state;
    for (size_t i = 0; i < SPECS; i++) {
        struct job_set set;
        struct run *run = start(&set, specs[i], JOBS, false);
        struct snapshot snap = wait_for(run, RUN_PAUSED);
        assert_nobody_hammers(&snap);
        run_resume(run); /* no room was made */
        snap = wait_for(run, RUN_PAUSED);
        assert_true(snap.folder_full);
        assert_in_range(snap.failed, 2, 2 * WIDTH);
        atomic_store(&shared->full, false);
        size_t failed = snap.failed;
        run_resume(run);
        snap = wait_for(run, RUN_DONE);
        assert_int_equal(snap.failed, failed);
        assert_int_equal(snap.done, JOBS - failed);
        assert_false(snap.folder_full);
        assert_string_equal(snap.problem, "");
        run_free(run);
    }
}

static void where_nobody_is_there_it_ends(void **state)
{
    (void)state;
    for (size_t i = 0; i < SPECS; i++) {
        struct job_set set;
        struct run *run = start(&set, specs[i], JOBS, true);
        struct snapshot snap = wait_for(run, RUN_STOPPED);
        assert_nobody_hammers(&snap);
        assert_non_null(strstr(snap.problem, "jobs not started: "));
        run_free(run);
    }
}

/* Nothing is left that could be held: an ordinary end with failures. */
static void the_last_jobs_fail_as_any(void **state)
{
    (void)state;
    struct job_set set;
    atomic_store(&shared->together, WIDTH);
    struct run *run = start(&set, "thread-pool:3", WIDTH, true);
    struct snapshot snap = wait_for(run, RUN_DONE);
    assert_int_equal(snap.failed, WIDTH - 1);
    assert_false(snap.folder_full);
    run_free(run);
    atomic_store(&shared->together, 0);
}

static int make_shared(void **state)
{
    (void)state;
    shared = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    return shared == MAP_FAILED ? -1 : 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_persons_run_is_held_and_goes_on),
        cmocka_unit_test(where_nobody_is_there_it_ends),
        cmocka_unit_test(the_last_jobs_fail_as_any),
    };
    return cmocka_run_group_tests(tests, make_shared, NULL);
}
