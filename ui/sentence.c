/* sentence.c - what is going on in a lane and why, in one plain sentence with its figures. Pure: a table of rules, the first that holds speaks. */
#include <stdio.h>

#include "base/clock.h"
#include "base/text.h"
#include "measure/ideal.h"
#include "report/counter_fields.h"
#include "ui/app_private.h"
#include "ui/lane.h"
#include "ui/parts.h"

/* What the rules look at: the living workers by what they are doing. */
struct counts {
    size_t alive, waiting, receiving, running, barrier, no_work;
    unsigned cores;
    enum backend_kind backend;
    const char *unit; /* "threads", "processes", "transfers" */
    double gil_share; /* of the time the interpreter lock was held; < 0: there is none, or it is not known */
};

static struct counts count_workers(const struct snapshot *snap, unsigned cores)
{
    struct counts counts = {.cores = cores};
    counts.backend = executor_strategy(snap->executor.how)->backend;
    counts.unit = lane_unit(snap->executor.how, true);
    counts.gil_share = snap->executor.gil ? lane_gil_of(snap).held_share : -1;
    for (size_t i = 0; i < snap->slots; i++) {
        enum phase phase = (enum phase)snap->workers[i].data.phase;
        counts.barrier += phase == PHASE_BARRIER;
        if (!snap->workers[i].alive)
            continue;
        counts.alive++;
        counts.receiving += phase == PHASE_RECEIVING;
        counts.waiting += phase != PHASE_RECEIVING && phase_class_of(phase) == PHASE_CLASS_IO;
        counts.running += phase_class_of(phase) == PHASE_CLASS_RUNNING;
        counts.no_work += phase == PHASE_NO_WORK;
    }
    return counts;
}

/* Workers at once that the executor asks for, and that there are jobs for. */
static size_t width_of(const struct snapshot *snap)
{
    enum strategy_workers at_once = executor_strategy(snap->executor.how)->at_once;
    size_t width = at_once == WORKERS_ONE ? 1 : at_once == WORKERS_ALL ? snap->jobs : snap->executor.width;
    return width < snap->jobs ? width : snap->jobs;
}

/* --- rules ---------------------------------------------------------------------------------------- */

typedef bool rule(const struct snapshot *snap, const struct counts *counts, char *out, size_t room);

static bool rule_paused(const struct snapshot *snap, const struct counts *counts, char *out, size_t room)
{
    (void)counts;
    if (snap->state != RUN_PAUSED)
        return false;
    snprintf(out, room, "Paused: nobody takes a new job, and those at work hold still.");
    return true;
}

#define GIL_HELD_ALWAYS 0.9

/* Held nearly all the time: whoever computes keeps all others from it. */
static bool rule_gil(const struct snapshot *snap, const struct counts *counts, char *out, size_t room)
{
    bool over = snap->state == RUN_DONE && snap->failed + snap->poisoned == 0;
    size_t threads = over ? width_of(snap) : counts->alive;
    if ((!over && snap->state != RUN_RUNNING) || counts->gil_share < GIL_HELD_ALWAYS || threads < 2)
        return false;
    snprintf(out, room, "The GIL was held %.0f %% of the time: %zu threads %s the work of one.", counts->gil_share * 100,
             threads, over ? "did" : "do");
    return true;
}

static enum counter_lock lock_of(const struct snapshot *snap)
{
    return snap->set ? snap->set->options.counter.lock : COUNTER_NONE;
}

static bool rule_counter_over(const struct snapshot *snap, const struct counts *counts, char *out, size_t room)
{
    char lost[TEXT_GROUPED_BYTES], expected[TEXT_GROUPED_BYTES];
    struct counter_fields fields = {.known = false};
    if (snap->state == RUN_DONE && snap->work == WORK_COUNTER)
        fields = counter_fields_of(snap);
    if (!fields.known)
        return false;
    const char *all = text_grouped(expected, fields.expected);
    if (!fields.shared)
        snprintf(out, room, "Processes each count in their own copy: the parent's counter stays %llu.",
                 (unsigned long long)fields.got);
    else if (fields.lost && snap->restarts)
        snprintf(out, room, "The threads' process died and began anew with a counter at 0: %s of %s adds went with it.",
                 text_grouped(lost, fields.lost), all);
    else if (fields.lost)
        snprintf(out, room, "Threads without a lock lost %s of %s adds.", text_grouped(lost, fields.lost), all);
    else if (width_of(snap) < 2)
        snprintf(out, room, "Nothing was lost of %s adds: one worker at a time has nobody to race with.", all);
    else if (lock_of(snap) != COUNTER_NONE)
        snprintf(out, room, "Nothing was lost of %s adds: %s", all,
                 lock_of(snap) == COUNTER_MUTEX ? "the mutex lets one thread in at a time." : "an atomic add is one step.");
    else
        snprintf(out, room, "Nothing was lost of %s adds, %s", all,
                 snap->executor.gil ? "for the GIL changes hands between adds only." : "by luck: there was no lock.");
    (void)counts;
    return true;
}

static bool rule_counting(const struct snapshot *snap, const struct counts *counts, char *out, size_t room)
{
    if (snap->state != RUN_RUNNING || snap->work != WORK_COUNTER || counts->alive == 0)
        return false;
    if (counts->backend == BACKEND_PROCESS)
        snprintf(out, room, "Each process adds to a copy of its own: they share no memory.");
    else if (counts->alive == 1)
        snprintf(out, room, "One thread adds: it has nobody to race with.");
    else if (lock_of(snap) == COUNTER_MUTEX)
        snprintf(out, room, "%zu threads add to one counter; the mutex lets in one at a time, and the others wait.",
                 counts->alive);
    else if (lock_of(snap) == COUNTER_ATOMIC)
        snprintf(out, room, "%zu threads add to one counter, each add in one step: they wait for its memory only.",
                 counts->alive);
    else
        snprintf(out, room, "%zu threads read, add and write one counter without a lock: adds can be lost.", counts->alive);
    return true;
}

/* Whoever waits for a server has let go of the lock. */
static bool rule_gil_free(const struct snapshot *snap, const struct counts *counts, char *out, size_t room)
{
    size_t blocked = counts->waiting + counts->receiving;
    if (snap->state != RUN_RUNNING || counts->gil_share < 0 || counts->gil_share > 0.5 || counts->alive < 2 ||
        blocked * 10 < counts->alive * 7)
        return false;
    snprintf(out, room,
             "%zu of %zu threads wait for the server and have let go of the GIL: it was held %.0f %% of the time.", blocked,
             counts->alive, counts->gil_share * 100);
    return true;
}

/* One thread, and nothing but waiting to be done at the same time. */
static bool rule_loop(const struct snapshot *snap, const struct counts *counts, char *out, size_t room)
{
    size_t blocked = counts->waiting + counts->receiving;
    if (snap->state != RUN_RUNNING || counts->backend != BACKEND_LOOP || counts->alive < 2 ||
        blocked * 10 < counts->alive * 7)
        return false;
    snprintf(out, room, "One thread looks after %zu transfers: %zu of them wait for the server, which needs no thread each.",
             counts->alive, blocked);
    return true;
}

static bool rule_over(const struct snapshot *snap, const struct counts *counts, char *out, size_t room)
{
    (void)counts;
    char best[32];
    struct ideal ideal = ideal_of(snap);
    size_t failed = snap->failed + snap->poisoned;
    if (snap->state != RUN_DONE || ideal.best_s < 0)
        return false;
    text_duration(best, sizeof best, (uint64_t)(ideal.best_s * (double)NS_PER_S));
    bool shared = ideal.sum_s / (double)snap->usable_cores >= ideal.best_s * 0.999;
    if (failed)
        snprintf(out, room, "%zu of %zu jobs failed; the others are there.", failed, snap->jobs);
    else if (snap->work == WORK_DOWNLOAD)
        snprintf(out, room, "Best possible: %s, these transfers %s.", best,
                 snap->executor.how == HOW_SEQUENTIAL ? "one after another" : "with no worker idle in between");
    else if (shared)
        snprintf(out, room, "Best possible: %s, all computing shared evenly by %u core%s.", best, snap->usable_cores,
                 snap->usable_cores == 1 ? "" : "s");
    else
        snprintf(out, room, "Best possible: %s, the longest job on a core of its own.", best);
    return true;
}

static bool rule_barrier(const struct snapshot *snap, const struct counts *counts, char *out, size_t room)
{
    if (snap->state != RUN_RUNNING || counts->barrier == 0 || counts->alive == 0)
        return false;
    snprintf(out, room, "The batch waits for its slowest: %zu of %zu %s are done and idle. A pool would give them work.",
             counts->barrier, counts->barrier + counts->alive, counts->unit);
    return true;
}

static bool rule_last_jobs(const struct snapshot *snap, const struct counts *counts, char *out, size_t room)
{
    if (snap->state != RUN_RUNNING || snap->queued > 0 || counts->no_work == 0)
        return false;
    snprintf(out, room, "Nothing is left to hand out: %zu of %zu %s %s no work and wait%s for the last %zu job%s.",
             counts->no_work, counts->alive, counts->unit, counts->no_work == 1 ? "has" : "have",
             counts->no_work == 1 ? "s" : "", snap->running, snap->running == 1 ? "" : "s");
    return true;
}

static bool rule_one_transfer(const struct snapshot *snap, const struct counts *counts, char *out, size_t room)
{
    if (snap->state != RUN_RUNNING || snap->work != WORK_DOWNLOAD || counts->alive != 1 || snap->queued == 0)
        return false;
    snprintf(out, room, "One transfer at a time: the other %zu wait for it, and the computer waits for the server.",
             snap->queued);
    return true;
}

static bool rule_waiting(const struct snapshot *snap, const struct counts *counts, char *out, size_t room)
{
    size_t blocked = counts->waiting + counts->receiving;
    if (snap->state != RUN_RUNNING || counts->alive < 2 || blocked * 10 < counts->alive * 7)
        return false;
    snprintf(out, room, "%zu of %zu %s wait for the server%s", blocked, counts->alive, counts->unit,
             snap->queued ? ": more of them would help." : ", not for a core.");
    return true;
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

static bool rule_one_computes(const struct snapshot *snap, const struct counts *counts, char *out, size_t room)
{
    if (snap->state != RUN_RUNNING || snap->executor.gil || snap->work != WORK_PRIMES || counts->running != 1 ||
        counts->cores < 2)
        return false;
    snprintf(out, room, "One of %u cores computes; %s", counts->cores,
             snap->queued                 ? "the other limits wait their turn."
             : works_on_the_longest(snap) ? "the longest limit is the last one."
                                          : "the last limit is still being worked on.");
    return true;
}

static bool rule_more_than_cores(const struct snapshot *snap, const struct counts *counts, char *out, size_t room)
{
    if (snap->state != RUN_RUNNING || snap->work != WORK_PRIMES || counts->running <= counts->cores)
        return false;
    snprintf(out, room, "%zu %s want %u core%s: only %u can execute at a time, the others are held and ready.",
             counts->running, counts->unit, counts->cores, counts->cores == 1 ? "" : "s", counts->cores);
    return true;
}

static bool rule_all_compute(const struct snapshot *snap, const struct counts *counts, char *out, size_t room)
{
    if (snap->state != RUN_RUNNING || snap->work != WORK_PRIMES || counts->running < 2)
        return false;
    if (snap->executing == SIZE_MAX) { /* they compute; on how many cores nobody has told yet */
        snprintf(out, room, "%zu %s compute, and there are %u cores.", counts->running, counts->unit, counts->cores);
        return true;
    }
    size_t on_core = snap->executing < counts->running ? snap->executing : counts->running;
    snprintf(out, room,
             on_core > 1 ? "%zu %s compute side by side, on %zu of %u cores."
                         : "%zu %s want to compute; they have %zu of %u cores.",
             counts->running, counts->unit, on_core, counts->cores);
    return true;
}

static rule *const rules[] = {
    rule_paused,       rule_counter_over, rule_gil,  rule_over,    rule_barrier,      rule_last_jobs,       rule_counting,
    rule_one_transfer, rule_gil_free,     rule_loop, rule_waiting, rule_one_computes, rule_more_than_cores, rule_all_compute,
};

int sentence_of(const struct model_lane *lane, unsigned usable_cores, char *out, size_t room)
{
    out[0] = 0;
    struct counts counts = count_workers(&lane->snap, usable_cores);
    for (size_t i = 0; i < sizeof rules / sizeof *rules; i++)
        if (rules[i](&lane->snap, &counts, out, room))
            return (int)i;
    return -1;
}
