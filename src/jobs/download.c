/* download.c - the job "download": attempts with backoff, until the file is whole or it is clear that it will not be.
 *
 * A worker keeps one easy handle between its jobs. Every attempt begins again from nothing: its temporary file is gone before the next
 * one starts, so there is never anything to continue wrongly. A worker that dies leaves its temporary file; whoever reaps
 * it calls abandon. */
#include "jobs/download.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/sys.h"
#include "juggler/worker.h"

enum { BACKOFF_FIRST_MS = 200, BACKOFF_MAX_MS = 5000 };

/* A worker's own, from worker_start to worker_stop. */
struct download {
    const struct job_set *set;
    struct transfer transfer;
    uint64_t chance; /* state of a small random sequence */
};

/* One job's way. */
struct errand {
    struct download *download;
    struct worker *worker;
    const struct job_input *input;
    struct job_result *result;
    struct part part;
};

static int process_start(void)
{
    return curl_global_init(CURL_GLOBAL_DEFAULT) ? ENOMEM : 0;
}

static void *worker_start(const struct job_set *set, struct worker *worker)
{
    struct download *download = sys_alloc_zeroed(1, sizeof *download);
    if (!download)
        return NULL;
    download->set = set;
    download->chance = clock_now_ns() ^ (uint64_t)(uintptr_t)download;
    int error = transfer_init(&download->transfer, worker, &set->options.download);
    if (!error)
        return download;
    free(download);
    errno = error;
    return NULL;
}

static void worker_stop(void *state)
{
    struct download *download = state;
    transfer_free(&download->transfer);
    free(download);
}

static void abandon(const struct job_set *set, size_t job)
{
    struct part part;
    part_init(&part, set, job);
    unlinkat(part.dir, part.name, 0);
}

/* --- the file that may stand there -------------------------------------------------------------------- */

/* Before any request: true when the job has its outcome already. */
static bool settled_by_standing(struct errand *errand, enum job_outcome *outcome)
{
    enum standing standing = standing_at(errand->part.dir, errand->input->name);
    const char *refusal = standing_refusal(standing);
    if (refusal) {
        note_about_file(errand->result->note, errand->input->name, refusal);
        *outcome = JOB_OUTCOME_FAILED;
        return true;
    }
    if (standing != STANDING_FILE || !errand->download->set->options.download.no_clobber)
        return false;
    errand->result->flags |= JOB_FLAG_KEPT;
    *outcome = JOB_OUTCOME_DONE;
    return true;
}

static int publish(struct errand *errand)
{
    int error = errand->part.fd < 0 ? part_open(&errand->part) : 0; /* an empty body */
    if (error)
        return error;
    return part_publish(&errand->part, errand->input->name, errand->download->set->options.download.no_clobber);
}

/* The body is whole: gives it its name. What stands there is looked at again, it may have come meanwhile. */
static enum job_outcome complete(struct errand *errand)
{
    enum job_outcome outcome;
    char words[128];
    struct transfer *transfer = &errand->download->transfer;
    worker_phase(errand->worker, PHASE_WRITING);
    if (settled_by_standing(errand, &outcome)) {
        part_discard(&errand->part);
        return outcome;
    }
    int error = publish(errand);
    if (error == EEXIST && settled_by_standing(errand, &outcome))
        return outcome;
    if (error) {
        note_about_file(errand->result->note, errand->input->name, strerror_r(error, words, sizeof words));
        return JOB_OUTCOME_FAILED;
    }
    errand->result->bytes = transfer->body_bytes;
    if (transfer_is_unverified(transfer))
        errand->result->flags |= JOB_FLAG_LENGTH_UNVERIFIED;
    worker_progress(errand->worker, transfer->body_bytes, transfer->body_bytes);
    return JOB_OUTCOME_DONE;
}

/* --- attempts ----------------------------------------------------------------------------------------- */

/* xorshift, 64 bits: only so that workers which failed together do not all come back together. */
static uint64_t chance(struct download *download, uint64_t below)
{
    uint64_t x = download->chance | 1;
    x ^= x << 13;
    x ^= x >> 7;
    x ^= x << 17;
    download->chance = x;
    return below ? x % below : 0;
}

/* Between half and the whole of 0.2 s, 0.4 s, ... 5 s; longer when the server asks for it. */
static uint64_t backoff_ns(struct download *download, unsigned failures)
{
    uint64_t ms = BACKOFF_FIRST_MS;
    for (unsigned i = 1; i < failures && ms < BACKOFF_MAX_MS; i++)
        ms *= 2;
    if (ms > BACKOFF_MAX_MS)
        ms = BACKOFF_MAX_MS;
    uint64_t ns = (ms / 2 + chance(download, ms / 2 + 1)) * NS_PER_MS;
    curl_off_t asked_s = 0;
    curl_easy_getinfo(download->transfer.easy, CURLINFO_RETRY_AFTER, &asked_s);
    if (asked_s > RETRY_AFTER_MAX_S)
        asked_s = RETRY_AFTER_MAX_S;
    uint64_t asked_ns = asked_s > 0 ? (uint64_t)asked_s * NS_PER_S : 0;
    return asked_ns > ns ? asked_ns : ns;
}

static bool back_off(struct errand *errand, unsigned failures)
{
    worker_phase(errand->worker, PHASE_BACKOFF);
    worker_progress_now(errand->worker, 0, 0);
    return worker_sleep(errand->worker, backoff_ns(errand->download, failures));
}

/* One attempt. True: the errand is settled. */
static bool attempt(struct errand *errand, struct verdict *verdict, enum job_outcome *outcome)
{
    struct transfer *transfer = &errand->download->transfer;
    worker_attempt(errand->worker, (unsigned)++errand->result->attempts);
    transfer_run(transfer, errand->input->url, &errand->part);
    errand->result->http_status = (uint64_t)transfer->status;
    if (transfer_is_whole(transfer)) {
        *outcome = complete(errand);
        return true;
    }
    part_discard(&errand->part);
    if (transfer->cut == CUT_STOPPED) {
        *outcome = JOB_OUTCOME_STOPPED;
        return true;
    }
    verdict_of(transfer, errand->input->url, errand->input->name, verdict);
    return false;
}

static enum job_outcome try_until_settled(struct errand *errand)
{
    const struct transfer *transfer = &errand->download->transfer;
    enum job_outcome outcome = JOB_OUTCOME_FAILED;
    struct verdict verdict;
    for (unsigned charged = 0, failures = 1;; failures++) {
        if (attempt(errand, &verdict, &outcome))
            return outcome;
        charged += transfer->paused && transfer->code && !transfer->cut ? 0 : 1; /* a pause broke it, not the server */
        if (!verdict.transient || charged > errand->download->set->options.download.retries)
            break;
        if (!back_off(errand, failures))
            return JOB_OUTCOME_STOPPED;
    }
    memcpy(errand->result->note, verdict.note, sizeof verdict.note);
    return JOB_OUTCOME_FAILED;
}

static enum job_outcome run(void *state, struct worker *worker, size_t job, struct job_result *result)
{
    struct download *download = state;
    enum job_outcome outcome;
    struct errand errand = {.download = download, .worker = worker, .input = &download->set->inputs[job], .result = result};
    part_init(&errand.part, download->set, job);
    if (settled_by_standing(&errand, &outcome))
        return outcome;
    return try_until_settled(&errand);
}

const struct job_kind job_kind_download = {
    .work = WORK_DOWNLOAD,
    .name = "download",
    .title = "DOWNLOADS",
    .bound = "I/O-bound",
    .process_start = process_start,
    .worker_start = worker_start,
    .run = run,
    .worker_stop = worker_stop,
    .abandon = abandon,
};
