/* sentence_over.c - rules for a run that has ended: what it came to, and why it took that long. What could have been is told only where it
 * follows from the run's own measured parts (measure/ideal.h). */
#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/sys.h"
#include "base/text.h"
#include "report/counter_fields.h"
#include "ui/lane.h"
#include "ui/sentence_private.h"

enum { MUCH_PERCENT = 50, SOME_PERCENT = 20, LITTLE_PERCENT = 10, THREADS_INSTEAD = 10 };
#define CLOSE 0.9 /* a bound that near to the time is what it was */

static const char *seconds_text(double seconds, char out[32])
{
    return text_duration(out, 32, (uint64_t)(seconds * (double)NS_PER_S));
}

static const char *one_of(const struct counts *counts)
{
    return lane_unit(counts->snap->executor.how, false);
}

static double ran_s(const struct snapshot *snap)
{
    return (double)(snap->wall_ns - (snap->paused_ns < snap->wall_ns ? snap->paused_ns : 0)) / (double)NS_PER_S;
}

/* It could have been faster, and by more than measuring is exact. */
static bool was_far_from(const struct counts *counts, double best_s)
{
    return best_s >= 0 && best_s < ran_s(counts->snap) * CLOSE;
}

/* --- how it ended --------------------------------------------------------------------------------- */

bool stopped_holds(const struct counts *counts)
{
    (void)counts;
    return true;
}

void stopped_says(const struct counts *counts, char *out, size_t room)
{
    snprintf(out, room, "Stopped on the way: %zu of %zu jobs are done.", counts->snap->done, counts->snap->jobs);
}

bool all_failed_holds(const struct counts *counts)
{
    const struct snapshot *snap = counts->snap;
    return snap->jobs > 0 && snap->failed + snap->poisoned == snap->jobs;
}

void all_failed_says(const struct counts *counts, char *out, size_t room)
{
    const struct snapshot *snap = counts->snap;
    char why[64] = "";
    bool told = snap->work == WORK_DOWNLOAD && snap->failed > 0;
    snprintf(out, room, "Nothing succeeded: %zu of %zu jobs failed%s%s.", snap->jobs, snap->jobs, told ? "; " : "",
             told ? sentence_failure(snap, why, sizeof why) : "");
}

bool some_failed_holds(const struct counts *counts)
{
    return counts->snap->failed + counts->snap->poisoned > 0;
}

void some_failed_says(const struct counts *counts, char *out, size_t room)
{
    const struct snapshot *snap = counts->snap;
    snprintf(out, room, "%zu of %zu jobs failed; the others are there.", snap->failed + snap->poisoned, snap->jobs);
}

/* --- the counter ---------------------------------------------------------------------------------- */

bool counter_over_holds(const struct counts *counts)
{
    return counter_fields_of(counts->snap).known;
}

static void nothing_lost_says(const struct counts *counts, const char *all, char *out, size_t room)
{
    enum counter_lock lock = sentence_lock(counts->snap);
    if (counts->width < 2)
        snprintf(out, room, "Nothing was lost of %s adds: one worker at a time has nobody to race with.", all);
    else if (lock != COUNTER_NONE)
        snprintf(out, room, "Nothing was lost of %s adds: %s", all,
                 lock == COUNTER_MUTEX ? "the mutex lets one thread in at a time." : "an atomic add is one step.");
    else
        snprintf(out, room, "Nothing was lost of %s adds, %s", all,
                 counts->snap->executor.gil ? "for the GIL changes hands between adds only."
                                            : "by luck: there was no lock.");
}

void counter_over_says(const struct counts *counts, char *out, size_t room)
{
    char lost[TEXT_GROUPED_BYTES], expected[TEXT_GROUPED_BYTES];
    struct counter_fields fields = counter_fields_of(counts->snap);
    const char *all = text_grouped(expected, fields.expected);
    if (!fields.shared)
        snprintf(out, room, "Processes each count in their own copy: the parent's counter stays %llu.",
                 (unsigned long long)fields.got);
    else if (fields.lost && counts->snap->restarts)
        snprintf(out, room, "The threads' process died and began anew with a counter at 0: %s of %s adds went with it.",
                 text_grouped(lost, fields.lost), all);
    else if (fields.lost)
        snprintf(out, room, "Threads without a lock lost %s of %s adds.", text_grouped(lost, fields.lost), all);
    else
        nothing_lost_says(counts, all, out, room);
}

/* --- why it took that long ------------------------------------------------------------------------ */

/* How long a pool of so many would have taken for these jobs, in their order, if each took it as long; < 0: not known. */
static double pool_s(const struct counts *counts, size_t lanes)
{
    const struct snapshot *snap = counts->snap;
    uint64_t *parts = sys_alloc_zeroed(snap->jobs, sizeof *parts), end_ns = 0;
    bool known = parts != NULL;
    for (size_t job = 0; known && job < snap->jobs; job++)
        known = (parts[job] = ideal_part_ns(snap, job)) > 0;
    if (known)
        end_ns = ideal_in_order_ns(parts, snap->jobs, lanes);
    free(parts);
    return end_ns ? (double)end_ns / (double)NS_PER_S : -1;
}

/* The same workers without batches; of those that compute, no more get on than there are cores. */
static double without_batches(const struct counts *counts)
{
    bool computes = counts->snap->work != WORK_DOWNLOAD;
    return pool_s(counts, computes && counts->width > counts->cores ? counts->cores : counts->width);
}

bool batch_over_holds(const struct counts *counts)
{
    return counts->strategy->barrier && counts->width > 0 && counts_percent(counts, ACCOUNT_BARRIER) >= LITTLE_PERCENT &&
           was_far_from(counts, without_batches(counts));
}

void batch_over_says(const struct counts *counts, char *out, size_t room)
{
    char time[32];
    snprintf(out, room, "%.0f %% of the time a %s waited for its batch: a pool could do it in %s.",
             counts_percent(counts, ACCOUNT_BARRIER), one_of(counts), seconds_text(without_batches(counts), time));
}

bool server_over_holds(const struct counts *counts)
{
    return counts_percent(counts, ACCOUNT_IO) >= MUCH_PERCENT && counts->ideal.best_s >= 0;
}

/* More at once: the built-in server serves each connection as if it were alone, so its transfers take no longer beside others. */
static double with_more(const struct counts *counts, size_t *lanes)
{
    size_t more = counts->width > 1 ? counts->width * 2 : THREADS_INSTEAD;
    *lanes = more < counts->snap->jobs ? more : counts->snap->jobs;
    if (!counts->lane->builtin || counts->width >= counts->snap->jobs)
        return -1;
    return pool_s(counts, *lanes);
}

void server_over_says(const struct counts *counts, char *out, size_t room)
{
    char time[32];
    size_t lanes;
    double more_s = with_more(counts, &lanes);
    int used = snprintf(out, room, "%.0f %% of the time was waiting for the server", counts_percent(counts, ACCOUNT_IO));
    out += used;
    room -= (size_t)used;
    if (was_far_from(counts, more_s))
        snprintf(out, room, ": %zu %s could do it in %s.", lanes, counts->unit, seconds_text(more_s, time));
    else if (counts->width >= counts->snap->jobs)
        snprintf(out, room, ": all at once, so the slowest decided.");
    else
        snprintf(out, room, ". Best possible so: %s.", seconds_text(counts->ideal.best_s, time));
}

/* Of the workers' time, in percent, that was spent wanting a core; < 0: not known. */
static double ready_percent(const struct counts *counts)
{
    return counts->lane->account.ready_known ? counts_percent(counts, ACCOUNT_READY) : -1;
}

bool crowded_over_holds(const struct counts *counts)
{
    return counts->width <= counts->cores && ready_percent(counts) >= SOME_PERCENT;
}

void crowded_over_says(const struct counts *counts, char *out, size_t room)
{
    snprintf(out, room, "%.0f %% of the time a %s wanted a core and something else had it.", ready_percent(counts),
             one_of(counts));
}

bool cores_over_holds(const struct counts *counts)
{
    return counts->width > counts->cores && ready_percent(counts) >= SOME_PERCENT;
}

/* So many workers on so many cores cannot but wait; where they waited much longer, others had the cores as well. */
void cores_over_says(const struct counts *counts, char *out, size_t room)
{
    double of_their_own = 100 * (1 - (double)counts->cores / (double)counts->width);
    int used =
        snprintf(out, room, "%.0f %% of the time a %s wanted a core and had none: ", ready_percent(counts), one_of(counts));
    if (ready_percent(counts) > of_their_own + LITTLE_PERCENT)
        snprintf(out + used, room - (size_t)used, "others use them, too.");
    else
        snprintf(out + used, room - (size_t)used, "%u core%s the limit.", counts->cores,
                 counts->cores == 1 ? " is" : "s are");
}

bool one_core_over_holds(const struct counts *counts)
{
    return counts->width == 1 && counts->snap->jobs > 1 && counts->cores > 1 && was_far_from(counts, counts->ideal.best_s);
}

void one_core_over_says(const struct counts *counts, char *out, size_t room)
{
    char best[32];
    snprintf(out, room, "One at a time kept one of %u cores busy: all of them could do it in %s.", counts->cores,
             seconds_text(counts->ideal.best_s, best));
}

/* The bound is the longest job and not what the cores can share. */
static bool longest_decides(const struct counts *counts)
{
    double shared_s = counts->ideal.sum_s / (double)counts->snap->usable_cores;
    return counts->ideal.best_s >= 0 && shared_s < counts->ideal.best_s * 0.999;
}

bool longest_over_holds(const struct counts *counts)
{
    return counts->width > 1 && longest_decides(counts) && !was_far_from(counts, counts->ideal.best_s);
}

void longest_over_says(const struct counts *counts, char *out, size_t room)
{
    char best[32], all[32];
    snprintf(out, room, "The longest limit computed for %s of these %s: no way is much faster.",
             seconds_text(counts->ideal.best_s, best), seconds_text(ran_s(counts->snap), all));
}

bool idle_over_holds(const struct counts *counts)
{
    return counts->width > 1 && counts_percent(counts, ACCOUNT_NO_WORK) >= SOME_PERCENT && counts->snap->paused_ns == 0;
}

void idle_over_says(const struct counts *counts, char *out, size_t room)
{
    snprintf(out, room, "%.0f %% of the time a %s had no work left: the last jobs made it that long.",
             counts_percent(counts, ACCOUNT_NO_WORK), one_of(counts));
}

bool over_holds(const struct counts *counts)
{
    return counts->ideal.best_s >= 0;
}

void over_says(const struct counts *counts, char *out, size_t room)
{
    char best[32];
    const struct snapshot *snap = counts->snap;
    seconds_text(counts->ideal.best_s, best);
    if (snap->work == WORK_DOWNLOAD)
        snprintf(out, room, "Best possible: %s, these transfers %s.", best,
                 counts->width == 1 ? "one after another" : "with no worker idle in between");
    else if (longest_decides(counts))
        snprintf(out, room, "Best possible: %s, the longest job on a core of its own.", best);
    else
        snprintf(out, room, "Best possible: %s, all computing shared evenly by %u core%s.", best, snap->usable_cores,
                 snap->usable_cores == 1 ? "" : "s");
}
