/* sentence_download.c - rules for downloads: what the threads wait for, and whether more of them would help. */
#include <stdio.h>

#include "base/text.h"
#include "ui/lane.h"
#include "ui/sentence_private.h"

enum { MOST_PERCENT = 70, HALF_PERCENT = 50, BACKOFF_PERCENT = 30, RESULTS_SEARCHED = 4096 };
#define GIL_FREE_SHARE 0.5

/* --- failing -------------------------------------------------------------------------------------- */

const char *sentence_failure(const struct snapshot *snap, char *out, size_t room)
{
    uint64_t status = 0;
    for (size_t job = 0; snap->results && job < snap->jobs && job < RESULTS_SEARCHED; job++)
        if (snap->results[job].word.state == JOB_FAILED && snap->results[job].result.http_status > status)
            status = snap->results[job].result.http_status;
    if (status >= 400)
        snprintf(out, room, "the server answers with errors, such as %u", (unsigned)(status % 1000));
    else
        snprintf(out, room, status ? "what the server sent could not be used" : "no server has answered");
    return out;
}

bool all_failing_holds(const struct counts *counts)
{
    const struct snapshot *snap = counts->snap;
    return snap->failed > 0 && snap->done == snap->kept;
}

void all_failing_says(const struct counts *counts, char *out, size_t room)
{
    char why[64];
    size_t failed = counts->snap->failed;
    snprintf(out, room, "%s %zu download%s so far failed: %s.", failed == 1 ? "The" : "All", failed, failed == 1 ? "" : "s",
             sentence_failure(counts->snap, why, sizeof why));
}

bool backoff_holds(const struct counts *counts)
{
    return counts_most(counts->backoff, counts->alive, BACKOFF_PERCENT);
}

void backoff_says(const struct counts *counts, char *out, size_t room)
{
    snprintf(out, room, "%zu of %zu %s wait a moment before they try a failed download again.", counts->backoff,
             counts->alive, counts->unit);
}

/* --- where they wait ------------------------------------------------------------------------------ */

bool one_transfer_holds(const struct counts *counts)
{
    return counts->alive == 1 && counts->snap->queued > 0;
}

void one_transfer_says(const struct counts *counts, char *out, size_t room)
{
    snprintf(out, room, "One transfer at a time: the other %zu wait for it, and the computer waits for the server.",
             counts->snap->queued);
}

bool resolving_holds(const struct counts *counts)
{
    return counts->alive > 1 && counts_most(counts->resolving, counts->alive, HALF_PERCENT);
}

void resolving_says(const struct counts *counts, char *out, size_t room)
{
    snprintf(out, room, "%zu of %zu %s wait for the server's address: its name is looked up.", counts->resolving,
             counts->alive, counts->unit);
}

bool connecting_holds(const struct counts *counts)
{
    return counts->alive > 1 && counts_most(counts->connecting, counts->alive, HALF_PERCENT);
}

void connecting_says(const struct counts *counts, char *out, size_t room)
{
    snprintf(out, room, "%zu of %zu %s wait for a connection: the server has not let them in yet.", counts->connecting,
             counts->alive, counts->unit);
}

bool writing_holds(const struct counts *counts)
{
    return counts->alive > 1 && counts_most(counts->writing, counts->alive, HALF_PERCENT);
}

void writing_says(const struct counts *counts, char *out, size_t room)
{
    snprintf(out, room, "%zu of %zu %s put their files in place: the disk is what takes the time.", counts->writing,
             counts->alive, counts->unit);
}

static bool most_wait(const struct counts *counts)
{
    return counts->alive > 1 && counts_most(counts_at_server(counts), counts->alive, MOST_PERCENT);
}

/* Whoever waits for a server has let go of the lock. */
bool gil_free_holds(const struct counts *counts)
{
    return most_wait(counts) && counts->gil_share >= 0 && counts->gil_share <= GIL_FREE_SHARE;
}

void gil_free_says(const struct counts *counts, char *out, size_t room)
{
    snprintf(out, room, "%zu of %zu %s wait for the server and have let go of the GIL: it was held %.0f %% of the time.",
             counts_at_server(counts), counts->alive, counts->unit, counts->gil_share * 100);
}

/* One thread, and nothing but waiting to be done at the same time. */
bool loop_holds(const struct counts *counts)
{
    return most_wait(counts) && counts->strategy->backend == BACKEND_LOOP;
}

void loop_says(const struct counts *counts, char *out, size_t room)
{
    snprintf(out, room, "One thread looks after %zu transfers: %zu of them wait for the server, which needs no thread each.",
             counts->alive, counts_at_server(counts));
}

/* --- why it takes long ---------------------------------------------------------------------------- */

/* Each connection to the built-in server has a latency and a rate of its own; of other servers nobody knows. */
static bool more_help(const struct counts *counts)
{
    return counts->lane->builtin && counts->snap->queued > 0;
}

bool first_byte_holds(const struct counts *counts)
{
    return counts->alive > 1 && counts_most(counts->waiting_long, counts->alive, MOST_PERCENT);
}

void first_byte_says(const struct counts *counts, char *out, size_t room)
{
    snprintf(out, room, "%zu of %zu %s have waited over 1 s for a first byte: %s", counts->waiting_long, counts->alive,
             counts->unit, more_help(counts) ? "more would help." : "the server is slow.");
}

bool slow_line_holds(const struct counts *counts)
{
    return counts->alive > 1 && counts->snap->bytes_per_s > 0 &&
           counts_most(counts->receiving_long, counts->alive, MOST_PERCENT);
}

void slow_line_says(const struct counts *counts, char *out, size_t room)
{
    char rate[24];
    text_bytes(rate, sizeof rate, (uint64_t)(counts->snap->bytes_per_s / (double)counts->receiving));
    snprintf(out, room, "%zu of %zu %s receive %s/s each%s", counts->receiving, counts->alive, counts->unit, rate,
             more_help(counts) ? ", the server's pace: more would help." : ": server or line set the pace.");
}

bool waiting_holds(const struct counts *counts)
{
    return most_wait(counts);
}

void waiting_says(const struct counts *counts, char *out, size_t room)
{
    snprintf(out, room,
             counts->snap->queued ? "%zu of %zu %s wait for the server: more %s would help."
                                  : "%zu of %zu %s wait for the server, not for a core.",
             counts_at_server(counts), counts->alive, counts->unit, counts->unit);
}
