/* ideal.c - the best time that was possible for a run. See ideal.h. */
#include "measure/ideal.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/sys.h"

/* The measured parts of a run: a time for every job that has ended. */
struct parts {
    uint64_t *ns;
    size_t count;
    uint64_t sum_ns;
    uint64_t longest_ns;
};

uint64_t ideal_part_ns(const struct snapshot *snapshot, size_t number)
{
    const struct job_snapshot *job = &snapshot->results[number];
    if (!job_state_is_final(job->word.state))
        return 0;
    if (snapshot->work != WORK_DOWNLOAD)
        return job->result.cpu_ns;
    return job->result.end_ns > job->result.start_ns && job->result.start_ns ? job->result.end_ns - job->result.start_ns : 0;
}

static int parts_collect(const struct snapshot *snapshot, struct parts *parts)
{
    *parts = (struct parts){.ns = sys_alloc(snapshot->jobs * sizeof *parts->ns)};
    if (!parts->ns)
        return -1;
    for (size_t i = 0; i < snapshot->jobs; i++) {
        uint64_t ns = ideal_part_ns(snapshot, i);
        if (ns == 0)
            continue;
        parts->ns[parts->count++] = ns;
        parts->sum_ns += ns;
        parts->longest_ns = ns > parts->longest_ns ? ns : parts->longest_ns;
    }
    return 0;
}

static int longest_first(const void *a, const void *b)
{
    uint64_t left = *(const uint64_t *)a;
    uint64_t right = *(const uint64_t *)b;
    return (left < right) - (left > right);
}

/* Puts a new value on top of a heap (the least on top) and lets it sink to its place. */
static void heap_replace_top(uint64_t *heap, size_t count, uint64_t value)
{
    size_t at = 0;
    for (size_t child = 1; child < count; child = 2 * at + 1) {
        if (child + 1 < count && heap[child + 1] < heap[child])
            child++;
        if (value <= heap[child])
            break;
        heap[at] = heap[child];
        at = child;
    }
    heap[at] = value;
}

uint64_t ideal_in_order_ns(const uint64_t *parts, size_t count, size_t lanes)
{
    uint64_t *free_at = sys_alloc_zeroed(lanes, sizeof *free_at); /* all zero is a heap */
    if (!free_at)
        return 0;
    uint64_t end = 0;
    for (size_t i = 0; i < count; i++) { /* every part goes to the lane that is free first */
        uint64_t done = free_at[0] + parts[i];
        end = done > end ? done : end;
        heap_replace_top(free_at, lanes, done);
    }
    free(free_at);
    return end;
}

uint64_t ideal_schedule_ns(uint64_t *parts, size_t count, size_t lanes)
{
    qsort(parts, count, sizeof *parts, longest_first);
    return ideal_in_order_ns(parts, count, lanes);
}

/* Workers at once; never more than there are parts to hand out. */
static size_t lanes_of(const struct snapshot *snapshot, size_t parts)
{
    const struct strategy *strategy = executor_strategy(snapshot->executor.how);
    size_t lanes = snapshot->executor.width;
    if (strategy->at_once == WORKERS_ONE)
        lanes = 1;
    else if (strategy->at_once == WORKERS_ALL)
        lanes = snapshot->jobs;
    if (lanes < 1)
        lanes = 1;
    return lanes < parts ? lanes : parts;
}

/* "the 20 transfers", or "the 12 of 20 transfers that have ended". */
static char *say_parts(char *out, size_t room, const struct snapshot *snapshot, const struct parts *parts, const char *one,
                       const char *many)
{
    if (parts->count == 1 && snapshot->jobs > 1)
        snprintf(out, room, "the one of %zu %s that ended", snapshot->jobs, many);
    else if (parts->count < snapshot->jobs)
        snprintf(out, room, "the %zu of %zu %s that ended", parts->count, snapshot->jobs, many);
    else if (parts->count == 1)
        snprintf(out, room, "the one %s", one);
    else
        snprintf(out, room, "the %zu %s", parts->count, many);
    return out;
}

/* How they are put beside each other, "" for one; an order matters only where there are lanes to choose between. */
static const char *say_lanes(char *out, size_t room, size_t parts, size_t lanes)
{
    if (parts == 1)
        return "";
    if (lanes == 1)
        return "one after another";
    if (lanes == parts)
        return "all at once";
    snprintf(out, room, "longest first, %zu at a time", lanes);
    return out;
}

static uint64_t ideal_downloads(const struct snapshot *snapshot, const struct parts *parts, struct ideal *ideal)
{
    char which[96];
    char room[48];
    size_t lanes = lanes_of(snapshot, parts->count);
    uint64_t best = ideal_schedule_ns(parts->ns, parts->count, lanes);
    const char *how = say_lanes(room, sizeof room, parts->count, lanes);
    say_parts(which, sizeof which, snapshot, parts, "transfer", "transfers");
    const char *pause = snapshot->paused_ns ? "; the time spent paused is in it" : "";
    bool whole = parts->count == snapshot->jobs && run_state_is_over(snapshot->state);
    if (whole && snapshot->wall_ns && best > snapshot->wall_ns) {
        /* longest first is a rule of thumb; a run that did better shows that better was possible */
        snprintf(ideal->why, sizeof ideal->why, "%s, as measured, in the order of this run, which did better than %s%s",
                 which, how, pause);
        return snapshot->wall_ns;
    }
    snprintf(ideal->why, sizeof ideal->why,
             "%s, as measured%s%s: what remains is latency and the network's share, which no executor takes away%s", which,
             *how ? ", " : "", how, pause);
    return best;
}

static uint64_t ideal_primes(const struct snapshot *snapshot, const struct parts *parts, struct ideal *ideal)
{
    char which[96];
    unsigned cores = snapshot->usable_cores ? snapshot->usable_cores : 1;
    uint64_t shared = parts->sum_ns / cores;
    bool longest = parts->longest_ns >= shared;
    say_parts(which, sizeof which, snapshot, parts, "job", "jobs");
    if (longest && parts->count > 1)
        snprintf(ideal->why, sizeof ideal->why,
                 "the CPU time of the longest of %s: one job is one piece of work, and %u usable core%s cannot shorten it",
                 which, cores, cores == 1 ? "" : "s");
    else if (longest)
        snprintf(ideal->why, sizeof ideal->why, "the CPU time of %s: one job keeps one core busy, however many there are",
                 which);
    else
        snprintf(ideal->why, sizeof ideal->why, "the CPU time of %s, shared evenly by %u usable core%s", which, cores,
                 cores == 1 ? "" : "s");
    return longest ? parts->longest_ns : shared;
}

/* 0: not known. */
static uint64_t ideal_counter(const struct snapshot *snapshot, const struct parts *parts, struct ideal *ideal)
{
    char which[96];
    if (executor_strategy(snapshot->executor.how)->backend == BACKEND_PROCESS)
        return ideal_primes(snapshot, parts, ideal);
    if (!snapshot->executor.gil && lanes_of(snapshot, snapshot->jobs) > 1) {
        snprintf(ideal->why, sizeof ideal->why, "%s", IDEAL_COUNTER_UNKNOWN);
        return 0;
    }
    snprintf(ideal->why, sizeof ideal->why, "the CPU time of %s, %s",
             say_parts(which, sizeof which, snapshot, parts, "job", "jobs"), IDEAL_COUNTER_SERIAL);
    return parts->sum_ns;
}

struct ideal ideal_of(const struct snapshot *snapshot)
{
    struct ideal ideal = {.best_s = -1, .sum_s = -1};
    struct parts parts;
    if (parts_collect(snapshot, &parts) != 0) {
        snprintf(ideal.why, sizeof ideal.why, "not known: no memory to work it out");
        return ideal;
    }
    if (parts.count == 0) {
        snprintf(ideal.why, sizeof ideal.why, "not known: no job has ended yet");
        free(parts.ns);
        return ideal;
    }
    static uint64_t (*const best_of[WORK_COUNT])(const struct snapshot *, const struct parts *, struct ideal *) = {
        [WORK_DOWNLOAD] = ideal_downloads, [WORK_PRIMES] = ideal_primes, [WORK_COUNTER] = ideal_counter};
    uint64_t best = best_of[snapshot->work](snapshot, &parts, &ideal);
    ideal.sum_s = (double)parts.sum_ns / (double)NS_PER_S;
    if (best)
        ideal.best_s = (double)best / (double)NS_PER_S;
    free(parts.ns);
    return ideal;
}
