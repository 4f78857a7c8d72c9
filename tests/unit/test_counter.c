/* test_counter.c - the shared counter: threads lose what nobody guards, processes share nothing. test: alone test: limit 180
 *
 * All by real runs. Whether an unguarded counter loses anything is up to the scheduler, so that has a few chances; that a guarded one
 * loses nothing has none. Under ThreadSanitizer this is also the proof that the race is on the value alone. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <poll.h>
#include <string.h>

#include "base/clock.h"
#include "base/problem.h"
#include "jobs/counter.h"
#include "juggler/run.h"
#include "measure/machine.h"
#include "tests/unit/watched_run.h"

enum { JOBS = 4, ADDS = 300000, CHANCES = 3 };

/* --- running it ----------------------------------------------------------------------------------- */

/* A counter with its jobs; one at a time. */
struct fixture {
    struct inputs inputs;
    struct job_set set;
    struct run *run;
    struct snapshot snap;
};

static void make(struct fixture *fixture, enum counter_lock lock, size_t jobs, uint64_t adds)
{
    struct problem problem = {.text = ""};
    *fixture = (struct fixture){0};
    for (size_t i = 0; i < jobs; i++)
        assert_int_equal(counter_add_job(&fixture->inputs, adds, &problem), 0);
    fixture->set = (struct job_set){.kind = job_kind_of(WORK_COUNTER),
                                    .inputs = fixture->inputs.items,
                                    .count = jobs,
                                    .output_dir = -1,
                                    .part_prefix = "",
                                    .options.counter = {.lock = lock, .counter = counter_new()}};
    assert_non_null(fixture->set.options.counter.counter);
}

static void start(struct fixture *fixture, const char *spec)
{
    struct problem problem = {.text = ""};
    struct executor executor;
    assert_int_equal(executor_parse(spec, WORK_COUNTER, 2, &executor, &problem), 0);
    const struct run_options options = {
        .set = &fixture->set, .executor = executor, .usable_cores = 2, .switch_interval_ns = NS_PER_MS};
    fixture->run = run_start(&options, &problem);
    if (!fixture->run)
        fail_msg("%s: %s", spec, problem.text);
}

static void turn(struct fixture *fixture, uint64_t deadline_ns)
{
    struct pollfd fd = {.fd = run_pidfd(fixture->run), .events = POLLIN};
    poll(&fd, 1, 2);
    run_tick(fixture->run);
    run_snapshot(fixture->run, &fixture->snap);
    if (clock_now_ns() > deadline_ns)
        fail_msg("the run came to no end: %zu done of %zu", fixture->snap.done, fixture->snap.jobs);
}

static void finish(struct fixture *fixture)
{
    uint64_t deadline_ns = clock_now_ns() + DEADLINE_S * NS_PER_S;
    do
        turn(fixture, deadline_ns);
    while (!run_state_is_over(fixture->snap.state));
}

static void end_run(struct fixture *fixture)
{
    run_free(fixture->run);
    fixture->run = NULL;
}

static void drop(struct fixture *fixture)
{
    end_run(fixture);
    counter_free(fixture->set.options.counter.counter);
    inputs_free(&fixture->inputs);
}

/* One whole run; the fixture stays for a look at it. */
static void carry_out(struct fixture *fixture, const char *spec, enum counter_lock lock, uint64_t adds)
{
    make(fixture, lock, JOBS, adds);
    start(fixture, spec);
    finish(fixture);
    assert_int_equal(fixture->snap.state, RUN_DONE);
    assert_int_equal(fixture->snap.done, JOBS);
    assert_int_equal(fixture->snap.runner.outcome_known, 1);
    assert_int_equal(fixture->snap.runner.expected, JOBS * adds);
}

static uint64_t lost_with(const char *spec, enum counter_lock lock, uint64_t adds)
{
    struct fixture fixture;
    carry_out(&fixture, spec, lock, adds);
    uint64_t got = fixture.snap.runner.got;
    assert_true(got > 0 && got <= JOBS * adds);
    drop(&fixture);
    return JOBS * adds - got;
}

static uint64_t column_of(const struct snapshot *snap, enum account_column column)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < snap->slots; i++)
        sum += snap->workers[i].data.account_ns[column];
    return sum;
}

/* --- threads -------------------------------------------------------------------------------------- */

static void threads_without_a_lock_lose_adds(void **state)
{
    static const char *const specs[] = {"thread-pool:4", "thread-each", "thread-batch:4", "thread-batch:2"};
    (void)state;
    if (machine_usable_cores().count < 2) {
        print_message("one usable core: two threads never add at the same moment\n");
        skip();
    }
    for (size_t i = 0; i < sizeof specs / sizeof *specs; i++) {
        uint64_t lost = 0;
        for (int chance = 0; chance < CHANCES && !lost; chance++)
            lost = lost_with(specs[i], COUNTER_NONE, 100 * ADDS);
        if (!lost)
            fail_msg("%s lost nothing in %d runs", specs[i], CHANCES);
    }
}

static void a_guarded_counter_loses_nothing(void **state)
{
    static const char *const specs[] = {"thread-pool:4", "thread-each", "thread-batch:2", "thread-pool:7", "sequential"};
    (void)state;
    for (size_t i = 0; i < sizeof specs / sizeof *specs; i++) {
        assert_int_equal(lost_with(specs[i], COUNTER_MUTEX, ADDS / 3), 0);
        assert_int_equal(lost_with(specs[i], COUNTER_ATOMIC, ADDS), 0);
    }
}

static void one_thread_at_a_time_needs_no_lock(void **state)
{
    static const char *const specs[] = {"sequential", "thread-pool:1", "thread-batch:1"};
    (void)state;
    for (size_t i = 0; i < sizeof specs / sizeof *specs; i++)
        assert_int_equal(lost_with(specs[i], COUNTER_NONE, ADDS), 0);
}

/* Long enough for the lock to go round many times, for the interval is 1 ms here. */
static void the_interpreter_lock_changes_hands_between_adds(void **state)
{
    struct fixture fixture;
    (void)state;
    carry_out(&fixture, "thread-pool:4+gil", COUNTER_NONE, 100 * ADDS);
    assert_true(fixture.snap.gil.asked > 0);
    assert_int_equal(fixture.snap.runner.got, fixture.snap.runner.expected);
    drop(&fixture);
}

/* Nobody is done before the others have begun, so nobody gets a second job. */
static void a_pool_starts_as_one(void **state)
{
    struct fixture fixture;
    (void)state;
    carry_out(&fixture, "thread-pool:4", COUNTER_NONE, 1);
    assert_int_equal(fixture.snap.slots, JOBS);
    for (size_t i = 0; i < JOBS; i++)
        assert_int_equal(fixture.snap.workers[i].data.jobs, 1);
    drop(&fixture);
}

/* --- processes ------------------------------------------------------------------------------------ */

static void processes_count_in_copies_of_their_own(void **state)
{
    static const char *const specs[] = {"process-each", "process-batch:3"};
    static const enum counter_lock locks[] = {COUNTER_NONE, COUNTER_MUTEX, COUNTER_ATOMIC};
    (void)state;
    for (size_t i = 0; i < 2 * 3; i++) {
        struct fixture fixture;
        carry_out(&fixture, specs[i % 2], locks[i / 2], ADDS / 10);
        assert_int_equal(fixture.snap.runner.got, 0);
        for (size_t job = 0; job < JOBS; job++)
            assert_int_equal(fixture.snap.results[job].result.counted, ADDS / 10);
        assert_int_equal(counter_value(fixture.set.options.counter.counter), 0);
        drop(&fixture);
    }
}

/* A process of a pool goes on with its copy: behind its last job it reads what all its jobs have added. */
static void a_process_keeps_its_copy(void **state)
{
    struct fixture fixture;
    uint64_t last[JOBS] = {0}, sum = 0;
    (void)state;
    carry_out(&fixture, "process-pool:2", COUNTER_NONE, ADDS);
    for (size_t job = 0; job < JOBS; job++) {
        const struct job_result *result = &fixture.snap.results[job].result;
        assert_in_range(result->worker, 0, 1);
        assert_int_equal(result->counted % ADDS, 0);
        last[result->worker] = result->counted > last[result->worker] ? result->counted : last[result->worker];
    }
    for (size_t i = 0; i < JOBS; i++)
        sum += last[i];
    assert_int_equal(sum, JOBS * ADDS);
    assert_int_equal(fixture.snap.runner.got, 0);
    drop(&fixture);
}

/* --- the account of time -------------------------------------------------------------------------- */

static uint64_t lock_time_with(enum counter_lock lock)
{
    struct fixture fixture;
    carry_out(&fixture, "thread-pool:4", lock, 2 * ADDS);
    assert_accounts_are_whole(&fixture.snap);
    uint64_t lock_ns = column_of(&fixture.snap, ACCOUNT_LOCK);
    assert_true(lock_ns <= 4 * fixture.snap.wall_ns);
    drop(&fixture);
    return lock_ns;
}

static void waiting_for_the_mutex_is_accounted_for(void **state)
{
    (void)state;
    assert_int_equal(lock_time_with(COUNTER_NONE), 0);
    assert_int_equal(lock_time_with(COUNTER_ATOMIC), 0);
    if (machine_usable_cores().count < 2) {
        print_message("one usable core: the mutex is hardly ever taken when another thread wants it\n");
        return;
    }
    uint64_t lock_ns = 0;
    for (int chance = 0; chance < CHANCES && !lock_ns; chance++)
        lock_ns = lock_time_with(COUNTER_MUTEX);
    assert_true(lock_ns > 0);
}

/* --- stopping, pausing ---------------------------------------------------------------------------- */

static uint64_t furthest(const struct snapshot *snap)
{
    uint64_t most = 0;
    for (size_t i = 0; i < snap->slots; i++)
        most = snap->workers[i].data.done > most ? snap->workers[i].data.done : most;
    return most;
}

static void until_it_counts(struct fixture *fixture)
{
    uint64_t deadline_ns = clock_now_ns() + DEADLINE_S * NS_PER_S;
    do
        turn(fixture, deadline_ns);
    while (!furthest(&fixture->snap));
}

/* What was given up half-way is expected, too: so what a guarded counter reads is right at any moment. */
static void a_stopped_run_adds_up(void **state)
{
    static const enum counter_lock locks[] = {COUNTER_NONE, COUNTER_MUTEX, COUNTER_ATOMIC};
    static const char *const specs[] = {"thread-pool:4", "thread-batch:4", "sequential"};
    (void)state;
    for (size_t i = 0; i < 3 * 3; i++) {
        struct fixture fixture;
        make(&fixture, locks[i / 3], JOBS, UINT64_C(1000000000000));
        start(&fixture, specs[i % 3]);
        until_it_counts(&fixture);
        run_stop(fixture.run);
        finish(&fixture);
        const struct runner_words *runner = &fixture.snap.runner;
        assert_int_equal(fixture.snap.state, RUN_STOPPED);
        assert_int_equal(fixture.snap.queued, JOBS);
        assert_int_equal(runner->outcome_known, 1);
        assert_true(runner->got > 0 && runner->got <= runner->expected);
        if (locks[i / 3] != COUNTER_NONE)
            assert_int_equal(runner->got, runner->expected);
        drop(&fixture);
    }
}

static void a_pause_loses_nothing(void **state)
{
    struct fixture fixture;
    uint64_t deadline_ns = clock_now_ns() + DEADLINE_S * NS_PER_S;
    (void)state;
    make(&fixture, COUNTER_MUTEX, JOBS, ADDS);
    start(&fixture, "thread-pool:4");
    run_pause(fixture.run);
    for (int i = 0; i < 20; i++)
        turn(&fixture, deadline_ns);
    assert_false(run_state_is_over(fixture.snap.state));
    run_resume(fixture.run);
    finish(&fixture);
    assert_int_equal(fixture.snap.state, RUN_DONE);
    assert_int_equal(fixture.snap.runner.got, JOBS * ADDS);
    drop(&fixture);
}

/* --- the rest ------------------------------------------------------------------------------------- */

/* The app's own copy stays at 0, so one job set does for any number of runs. */
static void every_run_begins_at_nothing(void **state)
{
    struct fixture fixture;
    (void)state;
    make(&fixture, COUNTER_ATOMIC, JOBS, ADDS / 10);
    for (int i = 0; i < 3; i++) {
        start(&fixture, i == 1 ? "sequential" : "thread-pool:4");
        finish(&fixture);
        assert_int_equal(fixture.snap.runner.got, JOBS * (ADDS / 10));
        assert_int_equal(counter_value(fixture.set.options.counter.counter), 0);
        end_run(&fixture);
    }
    drop(&fixture);
}

static void a_job_says_how_many_adds(void **state)
{
    static const struct {
        uint64_t adds;
        const char *text;
    } rows[] = {{1, "1 add"},
                {999, "999 adds"},
                {1000, "1,000 adds"},
                {1000000, "1,000,000 adds"},
                {UINT64_C(1000000000000), "1,000,000,000,000 adds"}};
    struct inputs inputs = {0};
    struct problem problem = {.text = ""};
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        assert_int_equal(counter_add_job(&inputs, rows[i].adds, &problem), 0);
        assert_string_equal(inputs.items[i].text, rows[i].text);
        assert_int_equal(inputs.items[i].limit, rows[i].adds);
    }
    inputs_free(&inputs);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(threads_without_a_lock_lose_adds),
        cmocka_unit_test(a_guarded_counter_loses_nothing),
        cmocka_unit_test(one_thread_at_a_time_needs_no_lock),
        cmocka_unit_test(the_interpreter_lock_changes_hands_between_adds),
        cmocka_unit_test(a_pool_starts_as_one),
        cmocka_unit_test(processes_count_in_copies_of_their_own),
        cmocka_unit_test(a_process_keeps_its_copy),
        cmocka_unit_test(waiting_for_the_mutex_is_accounted_for),
        cmocka_unit_test(a_stopped_run_adds_up),
        cmocka_unit_test(a_pause_loses_nothing),
        cmocka_unit_test(every_run_begins_at_nothing),
        cmocka_unit_test(a_job_says_how_many_adds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
