/* download_errand.c - the steps of one download: attempts with backoff, until the file is whole or it is clear that it will not be.
 *
 * Every attempt begins again from nothing: its temporary file is gone before the next one starts, so there is never anything to
 * continue wrongly. */
#include "jobs/download_errand.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/sys.h"
#include "juggler/worker.h"

enum { BACKOFF_FIRST_MS = 200, BACKOFF_MAX_MS = 5000 };

struct download *download_new(const struct job_set *set, struct worker *worker)
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

void download_free(struct download *download)
{
    transfer_free(&download->transfer);
    free(download);
}

/* --- the file that may stand there -------------------------------------------------------------------- */

/* Before any request: true when the job has its outcome already. */
static bool settled_by_standing(struct errand *errand)
{
    enum standing standing = standing_at(errand->part.dir, errand->input->name);
    const char *refusal = standing_refusal(standing);
    if (refusal) {
        note_about_file(errand->result->note, errand->input->name, refusal);
        errand->outcome = JOB_OUTCOME_FAILED;
        return true;
    }
    if (standing != STANDING_FILE || !errand->download->set->options.download.no_clobber)
        return false;
    errand->result->flags |= JOB_FLAG_KEPT;
    errand->outcome = JOB_OUTCOME_DONE;
    return true;
}

static int publish(struct errand *errand)
{
    int error = errand->part.fd < 0 ? part_open(&errand->part) : 0; /* an empty body */
    if (error)
        return error;
    return part_publish(&errand->part, errand->input->name, errand->download->set->options.download.no_clobber);
}

static void note_folder(struct errand *errand, int error)
{
    if (part_error_is_the_folders(errand->part.dir, error))
        errand->result->flags |= JOB_FLAG_FOLDER_FULL;
}

/* The body is whole: gives it its name. What stands there is looked at again, it may have come meanwhile. */
static void complete(struct errand *errand)
{
    char words[128];
    struct transfer *transfer = &errand->download->transfer;
    worker_phase(errand->worker, PHASE_WRITING);
    if (settled_by_standing(errand)) {
        part_discard(&errand->part);
        return;
    }
    int error = publish(errand);
    if (error == EEXIST && settled_by_standing(errand))
        return;
    errand->outcome = error ? JOB_OUTCOME_FAILED : JOB_OUTCOME_DONE;
    if (error) {
        note_about_file(errand->result->note, errand->input->name,
                        part_error_words(errand->part.dir, error, words, sizeof words));
        note_folder(errand, error);
        return;
    }
    errand->result->bytes = transfer->body_bytes;
    if (transfer_is_unverified(transfer))
        errand->result->flags |= JOB_FLAG_LENGTH_UNVERIFIED;
    worker_progress(errand->worker, transfer->body_bytes, transfer->body_bytes);
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

static void begin_backoff(struct errand *errand)
{
    worker_phase(errand->worker, PHASE_BACKOFF);
    worker_progress_now(errand->worker, 0, 0);
    errand->backoff_ns = backoff_ns(errand->download, errand->failures);
}

/* It failed: once more, or not. */
static enum errand_step weigh_up(struct errand *errand)
{
    const struct transfer *transfer = &errand->download->transfer;
    struct verdict verdict;
    verdict_of(transfer, errand->input->url, errand->input->name, &verdict);
    errand->failures++;
    errand->charged += transfer->paused && transfer->code && !transfer->cut ? 0 : 1; /* a pause broke it, not the server */
    if (verdict.transient && errand->charged <= errand->download->set->options.download.retries) {
        begin_backoff(errand);
        return ERRAND_BACKOFF;
    }
    memcpy(errand->result->note, verdict.note, sizeof verdict.note);
    if (transfer->cut == CUT_FILE)
        note_folder(errand, transfer->file_error);
    errand->outcome = JOB_OUTCOME_FAILED;
    return ERRAND_SETTLED;
}

/* --- steps -------------------------------------------------------------------------------------------- */

enum errand_step errand_begin(struct errand *errand, struct download *download, struct worker *worker, size_t job,
                              struct job_result *result)
{
    *errand =
        (struct errand){.download = download, .worker = worker, .input = &download->set->inputs[job], .result = result};
    part_init(&errand->part, download->set, job);
    return settled_by_standing(errand) ? ERRAND_SETTLED : ERRAND_TRY;
}

CURLcode errand_try(struct errand *errand)
{
    worker_attempt(errand->worker, (unsigned)++errand->result->attempts);
    return transfer_begin(&errand->download->transfer, errand->input->url, &errand->part);
}

enum errand_step errand_judge(struct errand *errand, CURLcode code)
{
    struct transfer *transfer = &errand->download->transfer;
    transfer_end(transfer, code);
    errand->result->http_status = (uint64_t)transfer->status;
    if (transfer_is_whole(transfer)) {
        complete(errand);
        return ERRAND_SETTLED;
    }
    part_discard(&errand->part);
    if (transfer->cut != CUT_STOPPED)
        return weigh_up(errand);
    errand->outcome = JOB_OUTCOME_STOPPED;
    return ERRAND_SETTLED;
}

void errand_give_up(struct errand *errand)
{
    part_discard(&errand->part);
    errand->outcome = JOB_OUTCOME_STOPPED;
}
