/* sentence_compute.c - rules for what computes: cores and turns, the interpreter lock, the shared counter. */
#include <math.h>
#include <stdio.h>

#include "ui/lane.h"
#include "ui/sentence_private.h"

enum { MUTEX_PERCENT = 20 };
#define GIL_HELD_ALWAYS 0.9
#define CROWDED_READY_SHARE 0.2

/* --- the interpreter lock ------------------------------------------------------------------------- */

/* Held nearly all the time: whoever computes keeps all others from it. */
bool gil_held_holds(const struct counts *counts)
{
    return counts->gil_share >= GIL_HELD_ALWAYS && counts->alive >= 2;
}

void gil_held_says(const struct counts *counts, char *out, size_t room)
{
    snprintf(out, room, "The GIL was held %.0f %% of the time: %zu threads do the work of one.", counts->gil_share * 100,
             counts->alive);
}

bool gil_over_holds(const struct counts *counts)
{
    return counts->gil_share >= GIL_HELD_ALWAYS && counts->width >= 2;
}

void gil_over_says(const struct counts *counts, char *out, size_t room)
{
    snprintf(out, room, "The GIL was held %.0f %% of the time: %zu threads did the work of one.", counts->gil_share * 100,
             counts->width);
}

/* --- the counter ---------------------------------------------------------------------------------- */

enum counter_lock sentence_lock(const struct snapshot *snap)
{
    return snap->set ? snap->set->options.counter.lock : COUNTER_NONE;
}

bool mutex_holds(const struct counts *counts)
{
    return counts->strategy->backend == BACKEND_THREAD && counts->alive > 1 &&
           sentence_lock(counts->snap) == COUNTER_MUTEX && counts_percent(counts, ACCOUNT_LOCK) >= MUTEX_PERCENT;
}

void mutex_says(const struct counts *counts, char *out, size_t room)
{
    snprintf(out, room, "%zu threads add to one counter: %.0f %% of their time they wait for its mutex.", counts->alive,
             counts_percent(counts, ACCOUNT_LOCK));
}

bool counting_holds(const struct counts *counts)
{
    return counts->alive > 0;
}

void counting_says(const struct counts *counts, char *out, size_t room)
{
    if (counts->strategy->backend == BACKEND_PROCESS)
        snprintf(out, room, "Each process adds to a copy of its own: they share no memory.");
    else if (counts->alive == 1)
        snprintf(out, room, "One thread adds: it has nobody to race with.");
    else if (sentence_lock(counts->snap) == COUNTER_MUTEX)
        snprintf(out, room, "%zu threads add to one counter; the mutex lets in one at a time, and the others wait.",
                 counts->alive);
    else if (sentence_lock(counts->snap) == COUNTER_ATOMIC)
        snprintf(out, room, "%zu threads add to one counter, each add in one step: they wait for its memory only.",
                 counts->alive);
    else
        snprintf(out, room, "%zu threads read, add and write one counter without a lock: adds can be lost.", counts->alive);
}

/* --- cores ---------------------------------------------------------------------------------------- */

/* "half of one", where it is about that; else "38 % of one". */
static const char *share_words(double share, char *out, size_t room)
{
    static const char *const words[] = {NULL, NULL, "half", "a third", "a quarter"};
    for (size_t n = 2; n < sizeof words / sizeof *words; n++)
        if (fabs(share * (double)n - 1) < 0.1) {
            snprintf(out, room, "%s of one", words[n]);
            return out;
        }
    snprintf(out, room, "%.0f %% of one", share * 100);
    return out;
}

/* They want all cores, and had less than four fifths of them: what is missing others had. */
static bool others_have_cores(const struct counts *counts)
{
    return counts->core_share >= 0 && counts->core_share * (double)counts->running < 0.8 * counts->cores;
}

bool turns_holds(const struct counts *counts)
{
    return counts->running > counts->cores;
}

void turns_says(const struct counts *counts, char *out, size_t room)
{
    char share[32];
    int used = snprintf(out, room, "%zu %s want %u core%s: ", counts->running, counts->unit, counts->cores,
                        counts->cores == 1 ? "" : "s");
    out += used;
    room -= (size_t)used;
    if (counts->core_share >= 0)
        snprintf(out, room, "each gets about %s%s.", share_words(counts->core_share, share, sizeof share),
                 others_have_cores(counts) ? "; other programs have the rest" : "");
    else
        snprintf(out, room, "only %u can execute at a time, the others are held and ready.", counts->cores);
}

/* There would be a core for each, but something else has them. */
bool crowded_out_holds(const struct counts *counts)
{
    return counts->running > 1 && !counts->snap->executor.gil && counts->ready_share >= CROWDED_READY_SHARE;
}

void crowded_out_says(const struct counts *counts, char *out, size_t room)
{
    char share[32];
    snprintf(out, room, "%zu %s on %u cores get about %s each: for the rest they wait for it.", counts->running,
             counts->unit, counts->cores, share_words(counts->core_share, share, sizeof share));
}

/* Somebody works on the largest limit of the list. */
static bool works_on_the_longest(const struct snapshot *snap)
{
    uint64_t longest = 0, in_hand = 0;
    for (size_t i = 0; snap->set && i < snap->set->count; i++)
        longest = snap->set->inputs[i].limit > longest ? snap->set->inputs[i].limit : longest;
    for (size_t i = 0; snap->set && i < snap->slots; i++) {
        uint64_t job = snap->workers[i].alive ? snap->workers[i].data.job : 0;
        if (job > 0 && job <= snap->set->count && snap->set->inputs[job - 1].limit > in_hand)
            in_hand = snap->set->inputs[job - 1].limit;
    }
    return longest > 0 && in_hand == longest;
}

bool one_computes_holds(const struct counts *counts)
{
    return !counts->snap->executor.gil && counts->running == 1 && counts->cores >= 2;
}

void one_computes_says(const struct counts *counts, char *out, size_t room)
{
    size_t queued = counts->snap->queued;
    int used = snprintf(out, room, "This work keeps one of %u cores busy: ", counts->cores);
    if (queued)
        snprintf(out + used, room - (size_t)used, "%zu limit%s wait%s for %s turn.", queued, queued == 1 ? "" : "s",
                 queued == 1 ? "s" : "", queued == 1 ? "its" : "their");
    else
        snprintf(out + used, room - (size_t)used, "%s",
                 works_on_the_longest(counts->snap) ? "the longest limit is the last one."
                                                    : "the last limit is still being worked on.");
}

bool all_compute_holds(const struct counts *counts)
{
    return counts->running >= 2;
}

void all_compute_says(const struct counts *counts, char *out, size_t room)
{
    size_t executing = counts->snap->executing;
    if (executing == SIZE_MAX) { /* they compute; on how many cores nobody has told yet */
        snprintf(out, room, "%zu %s compute, and there are %u cores.", counts->running, counts->unit, counts->cores);
        return;
    }
    size_t on_core = executing < counts->running ? executing : counts->running;
    snprintf(out, room,
             on_core > 1 ? "%zu %s compute side by side, on %zu of %u cores."
                         : "%zu %s want to compute; they have %zu of %u cores.",
             counts->running, counts->unit, on_core, counts->cores);
}
