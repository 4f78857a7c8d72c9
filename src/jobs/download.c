/* download.c - the job "download", for a worker that has its thread for itself: it takes the errand's steps one after another and waits
 * in between (download_errand.h).
 *
 * A worker keeps one easy handle between its jobs. A worker that dies leaves its temporary file; whoever reaps it calls abandon. */
#include "jobs/download.h"

#include <errno.h>
#include <unistd.h>

#include "jobs/download_errand.h"
#include "juggler/worker.h"

extern const struct job_loop job_loop_download; /* download_loop.c */

static int process_start(void)
{
    return curl_global_init(CURL_GLOBAL_DEFAULT) ? ENOMEM : 0;
}

static void *worker_start(const struct job_set *set, struct worker *worker)
{
    return download_new(set, worker);
}

static void worker_stop(void *state)
{
    download_free(state);
}

static void abandon(const struct job_set *set, size_t job)
{
    struct part part;
    part_init(&part, set, job);
    unlinkat(part.dir, part.name, 0);
}

static enum errand_step attempt(struct errand *errand)
{
    CURLcode code = errand_try(errand);
    if (!code)
        code = curl_easy_perform(errand->download->transfer.easy);
    return errand_judge(errand, code);
}

static enum job_outcome run(void *state, struct worker *worker, size_t job, struct job_result *result)
{
    struct errand errand;
    enum errand_step step = errand_begin(&errand, state, worker, job, result);
    while (step != ERRAND_SETTLED) {
        step = attempt(&errand);
        if (step == ERRAND_BACKOFF && !worker_sleep(worker, errand.backoff_ns))
            return JOB_OUTCOME_STOPPED;
    }
    return errand.outcome;
}

const struct job_kind job_kind_download = {
    .work = WORK_DOWNLOAD,
    .needs = NEEDS_NETWORK | NEEDS_FILES | NEEDS_THREADS, /* the resolver is a thread */
    .name = "download",
    .title = "DOWNLOADS",
    .bound = "I/O-bound",
    .process_start = process_start,
    .worker_start = worker_start,
    .run = run,
    .worker_stop = worker_stop,
    .abandon = abandon,
    .loop = &job_loop_download,
};
