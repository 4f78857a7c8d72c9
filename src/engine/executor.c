/* executor.c - the table of strategies, and executors read and written as text. */
#include "juggler/executor.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/problem.h"

static const struct strategy strategies[HOW_COUNT] = {
    [HOW_SEQUENTIAL] = {.name = "sequential",
                        .at_once = WORKERS_ONE,
                        .backend = BACKEND_THREAD,
                        .sentence = "one worker does the jobs one after another"},
    [HOW_THREAD_EACH] = {.name = "thread-each",
                         .at_once = WORKERS_ALL,
                         .one_job = true,
                         .backend = BACKEND_THREAD,
                         .sentence = "a thread for every job, all started at once, then joined"},
    [HOW_THREAD_BATCH] = {.name = "thread-batch",
                          .at_once = WORKERS_WIDTH,
                          .one_job = true,
                          .barrier = true,
                          .backend = BACKEND_THREAD,
                          .sentence =
                              "a batch of threads, a job each; the next batch starts when the whole batch has ended"},
    [HOW_THREAD_POOL] = {.name = "thread-pool",
                         .at_once = WORKERS_WIDTH,
                         .backend = BACKEND_THREAD,
                         .sentence = "a fixed number of threads, each takes job after job"},
    [HOW_PROCESS_EACH] = {.name = "process-each",
                          .at_once = WORKERS_ALL,
                          .one_job = true,
                          .backend = BACKEND_PROCESS,
                          .sentence = "a process for every job, all started at once, then joined"},
    [HOW_PROCESS_BATCH] = {.name = "process-batch",
                           .at_once = WORKERS_WIDTH,
                           .one_job = true,
                           .barrier = true,
                           .backend = BACKEND_PROCESS,
                           .sentence =
                               "a batch of processes, a job each; the next batch starts when the whole batch has ended"},
    [HOW_PROCESS_POOL] = {.name = "process-pool",
                          .at_once = WORKERS_WIDTH,
                          .backend = BACKEND_PROCESS,
                          .sentence = "a fixed number of processes, each takes job after job"},
    [HOW_EVENT_LOOP] = {.name = "event-loop",
                        .at_once = WORKERS_WIDTH,
                        .backend = BACKEND_LOOP,
                        .sentence = "one thread keeps many transfers in flight, and goes on with whichever is ready"},
};

const struct strategy *executor_strategy(enum executor_how how)
{
    return &strategies[(unsigned)how < HOW_COUNT ? how : HOW_SEQUENTIAL];
}

bool executor_has_width(enum executor_how how)
{
    return executor_strategy(how)->at_once == WORKERS_WIDTH;
}

unsigned executor_default_width(enum work work, unsigned usable_cores)
{
    return work == WORK_DOWNLOAD ? 10 : usable_cores ? usable_cores : 1;
}

struct executor executor_default(enum work work)
{
    if (work == WORK_DOWNLOAD)
        return (struct executor){.how = HOW_THREAD_POOL, .width = 10};
    if (work == WORK_COUNTER)
        return (struct executor){.how = HOW_THREAD_POOL, .width = 4};
    return (struct executor){.how = HOW_PROCESS_POOL, .width = 4};
}

/* --- reading ------------------------------------------------------------------------------------ */

static void name_choices(struct problem *problem, const char *spec)
{
    char names[320] = "";
    for (int i = 0; i < HOW_COUNT; i++) {
        size_t used = strlen(names);
        snprintf(names + used, sizeof names - used, "%s%s%s", i ? ", " : "", strategies[i].name,
                 executor_has_width((enum executor_how)i) ? "[:WIDTH]" : "");
    }
    problem_set(problem, "there is no executor '%s'; the choices are %s, and those of threads with +gil behind", spec,
                names);
}

static int find_how(const char *name, size_t length)
{
    for (int i = 0; i < HOW_COUNT; i++)
        if (strlen(strategies[i].name) == length && strncmp(strategies[i].name, name, length) == 0)
            return i;
    return -1;
}

static int parse_width(const char *spec, const char *digits, unsigned *width, struct problem *problem)
{
    char *end;
    errno = 0;
    unsigned long value = strtoul(digits, &end, 10);
    if (!isdigit((unsigned char)*digits) || *end)
        problem_set(problem, "executor '%s': the width '%s' is not a whole number", spec, digits);
    else if (value == 0)
        problem_set(problem, "executor '%s': the width must be at least 1", spec);
    else if (errno || value > BOARD_WORKERS_MAX)
        problem_set(problem, "executor '%s': the width can be at most %d", spec, BOARD_WORKERS_MAX);
    else {
        *width = (unsigned)value;
        return 0;
    }
    return -1;
}

const char *executor_refusal(const struct executor *executor, enum work work)
{
    enum backend_kind backend = executor_strategy(executor->how)->backend;
    if (backend == BACKEND_LOOP && work != WORK_DOWNLOAD)
        return work == WORK_PRIMES
                   ? "an event loop is one thread that waits for many transfers; computing primes never waits, "
                     "so it would be sequential"
                   : "an event loop is one thread that waits for many transfers; counting never waits, so it "
                     "would be sequential";
    if (executor->gil && backend == BACKEND_PROCESS)
        return "processes share no interpreter, so there is no lock between them to add";
    if (executor->gil && backend == BACKEND_LOOP)
        return "an event loop is one thread, which has nobody to share an interpreter lock with";
    return NULL;
}

int executor_parse(const char *spec, enum work work, unsigned usable_cores, struct executor *out, struct problem *problem)
{
    char text[64];
    if (strlen(spec) >= sizeof text) {
        name_choices(problem, "(a very long name)");
        return -1;
    }
    strcpy(text, spec);
    struct executor executor = {0};
    char *plus = strchr(text, '+');
    if (plus && strcmp(plus, "+gil") == 0) {
        executor.gil = true;
        *plus = 0;
    }
    char *colon = strchr(text, ':');
    int how = find_how(text, colon ? (size_t)(colon - text) : strlen(text));
    if (how < 0) {
        name_choices(problem, spec);
        return -1;
    }
    executor.how = (enum executor_how)how;
    bool has_width = executor_has_width(executor.how);
    executor.width = has_width ? executor_default_width(work, usable_cores) : 1;
    if (colon && !has_width) {
        problem_set(problem, "executor '%s': %s has no width", spec, strategies[how].name);
        return -1;
    }
    if (colon && parse_width(spec, colon + 1, &executor.width, problem) != 0)
        return -1;
    const char *refusal = executor_refusal(&executor, work);
    if (refusal) {
        problem_set(problem, "executor '%s': %s", spec, refusal);
        return -1;
    }
    *out = executor;
    return 0;
}

char *executor_format(const struct executor *executor, char out[EXECUTOR_TEXT_BYTES])
{
    const char *name = executor_strategy(executor->how)->name;
    const char *gil = executor->gil ? "+gil" : "";
    if (executor_has_width(executor->how))
        snprintf(out, EXECUTOR_TEXT_BYTES, "%s:%u%s", name, executor->width, gil);
    else
        snprintf(out, EXECUTOR_TEXT_BYTES, "%s%s", name, gil);
    return out;
}
