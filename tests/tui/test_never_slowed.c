/* test_never_slowed.c - whoever works never waits for the screen: not while it draws, and not while nobody reads what it draws.
 *
 * The kernel counts how often a task gave its core up by itself, because it had to wait for something. One that computes does not, however busy the
 * machine is with others; so this can be asked where a speed could not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "processes.h"
#include "screen.h"

enum { TASKS_MAX = 16, WORK_MS = 1500, WAITS_MAX = 4 };

/* What the kernel counts of the tasks that work: all threads of the runner, or its processes. */
struct work {
    pid_t runner;
    pid_t processes[TASKS_MAX];
    size_t count; /* of processes; 0: threads */
    double on_core_ms;
    unsigned long waits; /* times they gave their cores up */
};

static void count_task(struct work *work, pid_t pid, pid_t tid)
{
    char path[64], line[256];
    unsigned long long ns = 0;
    unsigned long waits = 0;
    snprintf(path, sizeof path, "/proc/%d/task/%d/schedstat", (int)pid, (int)tid);
    FILE *file = fopen(path, "r");
    if (!file || fscanf(file, "%llu", &ns) != 1)
        fail_msg("%s says nothing", path);
    fclose(file);
    snprintf(path, sizeof path, "/proc/%d/task/%d/status", (int)pid, (int)tid);
    file = fopen(path, "r");
    while (file && fgets(line, sizeof line, file))
        if (sscanf(line, "voluntary_ctxt_switches: %lu", &waits) == 1)
            break;
    if (file)
        fclose(file);
    work->on_core_ms += (double)ns / 1e6;
    work->waits += waits;
}

/* A sanitizer's own thread is no worker. */
static void count_threads(struct work *work)
{
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/task", (int)work->runner);
    DIR *dir = opendir(path);
    const struct dirent *entry;
    assert_non_null(dir);
    while ((entry = readdir(dir)) != NULL)
        if (thread_is(work->runner, entry->d_name, THREAD_WORKERS))
            count_task(work, work->runner, (pid_t)atoi(entry->d_name));
    closedir(dir);
}

static struct work count(const struct work *whom)
{
    struct work work = *whom;
    work.on_core_ms = 0;
    work.waits = 0;
    for (size_t i = 0; i < work.count; i++)
        count_task(&work, work.processes[i], work.processes[i]);
    if (work.count == 0)
        count_threads(&work);
    return work;
}

static bool has_worked_on(struct screen *screen, const void *since)
{
    (void)screen;
    const struct work *before = since;
    return count(before).on_core_ms - before->on_core_ms > WORK_MS;
}

/* Four workers compute, and are past their beginning. */
static struct screen *open_work(void **state, const char *executor, struct work *work)
{
    const char *const arguments[] = {"primes", "402624", "402625", "402626", "402627", "--with", executor, NULL};
    bool forks = strncmp(executor, "process", 7) == 0;
    struct screen *screen = screen_open(state, &(struct screen_start){.arguments = arguments, .columns = 250, .rows = 60});
    screen_expect(screen, 20, forks ? processes_are : threads_are,
                  (&(struct census){forks ? PROCESS_WORKERS : THREAD_WORKERS, 4}));
    *work = (struct work){.count = 0};
    if (forks)
        work->count = processes_named(screen, PROCESS_WORKERS, work->processes, TASKS_MAX);
    else
        threads_named(screen, THREAD_WORKERS, &work->runner);
    *work = count(work);
    screen_expect(screen, 60, has_worked_on, work);
    *work = count(work);
    return screen;
}

static void expect_no_wait(struct screen *screen, struct work *work)
{
    screen_expect(screen, 60, has_worked_on, work);
    struct work after = count(work);
    print_message("# in %.0f ms on a core the four waited %lu times\n", after.on_core_ms - work->on_core_ms,
                  after.waits - work->waits);
    assert_in_range(after.waits - work->waits, 0, WAITS_MAX);
}

static void check(void **state, const char *executor, bool read)
{
    struct work work;
    size_t before, after;
    struct screen *screen = open_work(state, executor, &work);
    screen_set_reading(screen, read);
    screen_bytes(screen, &before);
    expect_no_wait(screen, &work);
    screen_bytes(screen, &after);
    assert_true(read == (after > before)); /* it was drawn, or it was not */
    screen_set_reading(screen, true);
    screen_type(screen, "q");
    screen_expect_exit(screen, 5, 0);
}

static void processes_do_not_wait_for_the_screen(void **state)
{
    check(state, "process-pool:4", true);
}

static void threads_do_not_wait_for_a_terminal_that_does_not_read(void **state)
{
    check(state, "thread-pool:4", false);
}

static void processes_do_not_wait_for_a_terminal_that_does_not_read(void **state)
{
    check(state, "process-pool:4", false);
}

#define CASE(function) cmocka_unit_test_teardown(function, screen_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(processes_do_not_wait_for_the_screen),
        CASE(threads_do_not_wait_for_a_terminal_that_does_not_read),
        CASE(processes_do_not_wait_for_a_terminal_that_does_not_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
