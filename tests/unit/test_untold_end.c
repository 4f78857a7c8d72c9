/* test_untold_end.c - a runner's end is found out also where waitid does not tell of it: this program has a waitid of its own. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <sys/wait.h>

#include "base/clock.h"
#include "base/problem.h"
#include "juggler/run.h"
#include "juggler/worker.h"

enum { JOBS = 3, DEADLINE_S = 30 };

static int answer; /* the errno of every waitid */

/* In the place of the C library's. */
int waitid(idtype_t type, id_t id, siginfo_t *info, int options)
{
    (void)type, (void)id, (void)info, (void)options;
    errno = answer;
    return -1;
}

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
    (void)state, (void)worker, (void)job, (void)result;
    return JOB_OUTCOME_DONE;
}

static void comes_to_its_end(int error)
{
    static const struct job_kind made_up = {.work = WORK_DOWNLOAD,
                                            .name = "made-up",
                                            .title = "MADE UP",
                                            .bound = "either",
                                            .worker_start = worker_begin,
                                            .run = do_job,
                                            .worker_stop = worker_leave};
    const struct job_input inputs[JOBS] = {{.text = "one"}, {.text = "two"}, {.text = "three"}};
    const struct job_set set = {.kind = &made_up, .inputs = inputs, .count = JOBS, .output_dir = -1, .part_prefix = ""};
    struct run_options options = {.set = &set, .usable_cores = 2};
    struct problem problem = {.text = ""};
    struct snapshot snap;
    answer = error;
    assert_int_equal(executor_parse("process-pool:2", WORK_DOWNLOAD, 2, &options.executor, &problem), 0);
    struct run *run = run_start(&options, &problem);
    assert_non_null(run);
    for (uint64_t end_ns = clock_now_ns() + DEADLINE_S * NS_PER_S; !run_is_over(run) && clock_now_ns() < end_ns;) {
        run_tick(run);
        clock_sleep_ns(NS_PER_MS);
    }
    run_snapshot(run, &snap);
    assert_int_equal(snap.state, RUN_DONE);
    assert_int_equal(snap.done, JOBS);
    run_free(run);
}

static void when_it_fails_every_time(void **state)
{
    (void)state;
    comes_to_its_end(EAGAIN);
}

static void when_it_is_always_interrupted(void **state)
{
    (void)state;
    comes_to_its_end(EINTR);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(when_it_fails_every_time),
        cmocka_unit_test(when_it_is_always_interrupted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
