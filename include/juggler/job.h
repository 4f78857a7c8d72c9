/* job.h - the contract between a kind of work and whoever runs it.
 *
 * A kind of work (downloads, primes) is a table of functions. An executor knows nothing else of it: any kind runs on
 * any backend. Inputs are plain memory of the app, laid out before the fork and never changed after it: runner and
 * workers inherit them, so nothing that must stay true travels over the board. */
#ifndef JUGGLER_JOB_H
#define JUGGLER_JOB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "juggler/board.h"

struct problem;
struct worker;

enum work { WORK_DOWNLOAD, WORK_PRIMES, WORK_COUNTER, WORK_COUNT };

/* One input. Strings belong to the job set's owner and outlive it. */
struct job_input {
    const char *text; /* as the person wrote it; for URLs without user and password: fit for reports */
    const char *url;  /* download: where to fetch it from (may hold a password: never shown) */
    const char *name; /* the file it becomes, reserved before the start; primes: product-LIMIT.txt or NULL */
    uint64_t limit;   /* primes: up to which number; counter: how many times it adds one */
};

enum prime_kernel { KERNEL_TRIAL, KERNEL_SIEVE };
enum prime_product { PRODUCT_FOLD, PRODUCT_TREE };

struct download_options {
    unsigned retries;        /* extra attempts at a transient failure */
    unsigned timeout_s;      /* no progress for so long ends an attempt */
    uint64_t max_size_bytes; /* a larger body ends it, untried again */
    bool no_clobber;
};

enum { PRODUCT_MODULI = 3, PRODUCT_POOL = 16 };

struct primes_options {
    enum prime_kernel kernel;
    enum prime_product product;
    uint64_t pool[PRODUCT_POOL]; /* what products are checked by, three of them a job; 0: each worker chooses its own */
};

/* How the workers of the counter guard it. */
enum counter_lock { COUNTER_NONE, COUNTER_MUTEX, COUNTER_ATOMIC };

struct counter;

struct counter_options {
    enum counter_lock lock;
    struct counter *counter; /* made by the app before the fork: threads share the runner's, forked workers have copies */
};

struct job_kind;
struct job_loop;

/* Everything a run's workers need to know. Immutable once the run has started. */
struct job_set {
    const struct job_kind *kind;
    const struct job_input *inputs;
    size_t count;
    int output_dir;          /* descriptor of the output folder; -1: no files are written (primes only) */
    uint64_t memory_bytes;   /* what a forked worker may take beyond what it starts with; 0: as much as there is */
    const char *part_prefix; /* temporary files are PREFIX + job index + ".part" in the output folder, ".juggler-..." */
    bool sync;               /* a file is on the disk before it gets its name, and all names are at the end of the run */
    union {
        struct download_options download;
        struct primes_options primes;
        struct counter_options counter;
    } options;
};

enum job_outcome { JOB_OUTCOME_DONE, JOB_OUTCOME_FAILED, JOB_OUTCOME_STOPPED /* gave up because it was told to */ };

/* What a run came to beside its jobs' results. */
struct job_outcome_words {
    uint64_t known; /* 0: this kind has none */
    /* counter: what the sum should be, one for each add of a job that is done, or that a thread gave up half-way */
    uint64_t expected;
    uint64_t got; /* counter: what the runner's own counter reads when the last worker has been joined */
};

/* What the workers of a kind ask of the kernel beside computing. Forked ones are refused what theirs does not name (engine/call_filter.h). */
enum job_need {
    NEEDS_NETWORK = 1,
    NEEDS_FILES = 2,  /* to make, rename and remove files in the output folder, where there is one */
    NEEDS_THREADS = 4 /* of a library's own */
};

/* A plug-in point: a row a kind of work. Each function says who calls it. */
struct job_kind {
    enum work work;
    unsigned needs;    /* of enum job_need; 0: it only computes */
    const char *name;  /* "download", "primes": the command's word */
    const char *title; /* "DOWNLOADS", "PRIMES" */
    const char *bound; /* "I/O-bound", "CPU-bound" */
    /* Process-wide set-up: once in a runner of threads before its first, or once in every forked worker. 0 or an errno. May be NULL. */
    int (*process_start)(void);
    /* Once a worker: its private state (an easy handle, buffers), kept between its jobs. NULL with errno set on failure. Worker. */
    void *(*worker_start)(const struct job_set *set, struct worker *worker);
    /* Does job number `job`. Reports through the worker; fills in the result's own fields of this kind,
     * attempts, and on failure note. start, end, cpu and worker are the caller's. Worker. */
    enum job_outcome (*run)(void *state, struct worker *worker, size_t job, struct job_result *result);
    /* Frees what worker_start returned. Worker. */
    void (*worker_stop)(void *state);
    /* Removes what a worker that died in this job left behind (its temporary file). Runner or app, after reaping. */
    void (*abandon)(const struct job_set *set, size_t job);
    /* How much of the whole work this job is, in any unit; for the estimate of the time left. NULL: all alike. App. */
    double (*weight)(const struct job_set *set, size_t job);
    /* What the runner itself finds when all workers have been joined. NULL: nothing. Runner. */
    struct job_outcome_words (*outcome)(const struct job_set *set, const struct board *board);
    /* Many jobs of this kind in one thread (loop.h). NULL: it never waits, so that would make no sense. */
    const struct job_loop *loop;
};

const struct job_kind *job_kind_of(enum work work);

#endif
