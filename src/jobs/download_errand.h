/* download_errand.h - one job's way, in steps, so that whoever runs it decides how to wait.
 *
 *     errand_begin -> { errand_try -> libcurl -> errand_judge -> a backoff }* -> settled
 *
 * A worker that has its thread for itself takes one step after another (download.c); the event loop takes those of many errands as
 * they come (download_loop.c). No step waits for the network. For src/jobs only. */
#ifndef JOBS_DOWNLOAD_ERRAND_H
#define JOBS_DOWNLOAD_ERRAND_H

#include "jobs/download.h"

/* A worker's own, kept between its jobs. */
struct download {
    const struct job_set *set;
    struct transfer transfer;
    uint64_t chance; /* state of a small random sequence */
};

enum errand_step {
    ERRAND_TRY,     /* errand_try comes next */
    ERRAND_BACKOFF, /* the same, but only after backoff_ns */
    ERRAND_SETTLED  /* it has its outcome */
};

struct errand {
    struct download *download;
    struct worker *worker;
    const struct job_input *input;
    struct job_result *result;
    struct part part;
    unsigned failures; /* attempts that failed */
    unsigned charged;  /* of those: not because of a pause */
    uint64_t backoff_ns;
    enum job_outcome outcome;
};

/* NULL with errno on failure. */
struct download *download_new(const struct job_set *set, struct worker *worker);
void download_free(struct download *download);

/* TRY, or SETTLED by what stands under the file's name. result stays the caller's and is filled in until the errand is settled. */
enum errand_step errand_begin(struct errand *errand, struct download *download, struct worker *worker, size_t job,
                              struct job_result *result);
/* Makes the handle ready for the next attempt. Not CURLE_OK: don't start it, but let errand_judge have that code. */
CURLcode errand_try(struct errand *errand);
/* The attempt ended with that code: what comes next. */
enum errand_step errand_judge(struct errand *errand, CURLcode code);
/* It is given up, whatever step it is at (no transfer may be under way): nothing of it is left behind. */
void errand_give_up(struct errand *errand);

#endif
