/* executor.h - how a set of jobs is carried out: HOW[:WIDTH][+gil].
 *
 * A strategy is data, not code: how many workers at once, how many jobs each takes, whether the round waits for its slowest.
 * One loop in the runner carries all of them out on any backend; a new strategy is a row in the table in engine/executor.c. */
#ifndef JUGGLER_EXECUTOR_H
#define JUGGLER_EXECUTOR_H

#include <stdbool.h>
#include <stddef.h>

#include "juggler/job.h"

struct problem;

enum executor_how {
    HOW_SEQUENTIAL,
    HOW_THREAD_EACH,
    HOW_THREAD_BATCH,
    HOW_THREAD_POOL,
    HOW_PROCESS_EACH,
    HOW_PROCESS_BATCH,
    HOW_PROCESS_POOL,
    HOW_EVENT_LOOP,
    HOW_COUNT
};

enum strategy_workers { WORKERS_ONE, WORKERS_WIDTH, WORKERS_ALL };
enum backend_kind { BACKEND_THREAD, BACKEND_PROCESS, BACKEND_LOOP };

/* A row: what an executor does. */
struct strategy {
    const char *name;              /* "thread-pool" */
    enum strategy_workers at_once; /* workers that exist at once */
    bool one_job;                  /* a worker takes one job and leaves; else it takes jobs until none is left */
    bool barrier;                  /* a new round starts only when the whole last one has been joined */
    enum backend_kind backend;
    const char *sentence; /* what it is, in one plain sentence */
};

struct executor {
    enum executor_how how;
    unsigned
        width; /* 1 ... BOARD_WORKERS_MAX; for sequential 1, for ...-each the number of jobs (set when the run starts) */
    bool gil;  /* threads only: they share one interpreter lock, as CPython's do (engine/gil.h) */
};

enum { EXECUTOR_TEXT_BYTES = 40 };

const struct strategy *executor_strategy(enum executor_how how);
/* True for pool and batch: a width can be given and changed. */
bool executor_has_width(enum executor_how how);
/* The width of a pool or batch for which none was given: 10 for downloads, the usable cores for primes. */
unsigned executor_default_width(enum work work, unsigned usable_cores);
/* NULL, or why this kind of work is not to be carried out so, in a sentence: an event loop with primes, a GIL with processes. */
const char *executor_refusal(const struct executor *executor, enum work work);
/* The default executor of a kind of work: thread-pool:10, process-pool:4; for the counter thread-pool:4. */
struct executor executor_default(enum work work);
/* Reads "thread-pool:10". 0, or -1 with the reason (naming the choices when there is no such executor). */
int executor_parse(const char *spec, enum work work, unsigned usable_cores, struct executor *out, struct problem *problem);
/* Writes "thread-pool:10", "sequential", "process-each". Returns out. */
char *executor_format(const struct executor *executor, char out[EXECUTOR_TEXT_BYTES]);

#endif
