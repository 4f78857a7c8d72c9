/* ideal.h - the best time that was possible for a run, from its own measured parts. Pure.
 *
 * Downloads: the measured single transfers, longest first, handed to the earliest free of WIDTH lanes (list scheduling, Graham 1969):
 * what remains is latency and the network's share, which no executor can take away.
 * Primes: max(longest job's CPU time, sum of CPU times / usable cores).
 * Counter: adds to one counter follow one another, so with one worker at a time the sum of the CPU times, and with processes, which have a
 * counter each, as primes. Threads that share it change by their number what an add costs (its cache line moves from core to core), so
 * their own parts do not tell: not known. */
#ifndef MEASURE_IDEAL_H
#define MEASURE_IDEAL_H

#include <stdint.h>

#include "juggler/snapshot.h"

/* What is said of threads that share a counter, here and in a comparison. */
#define IDEAL_COUNTER_UNKNOWN                                                                                               \
    "not known: an add costs more the more threads make one at the same time, for the counter's cache line moves from "     \
    "core "                                                                                                                 \
    "to core; sequential, which has it for itself, is what to compare with"
#define IDEAL_COUNTER_SERIAL "one after another: an add to the one counter needs what the last one left there"

struct ideal {
    double best_s; /* < 0: not known (nothing was measured) */
    double sum_s;  /* of the jobs, one after another; < 0: not known */
    char why[320]; /* what best_s assumes, one sentence */
};

struct ideal ideal_of(const struct snapshot *snapshot);

/* How long one job took, as it counts here: a download by the clock (it mostly waits), anything else by CPU time (waiting for a core is no
 * part of the job). 0: it has not ended. */
uint64_t ideal_part_ns(const struct snapshot *snapshot, size_t job);
/* List scheduling, longest first, of so many parts over so many lanes (1 or more): when the last one ends. Changes the parts' order. 0: no
 * memory, or no parts. */
uint64_t ideal_schedule_ns(uint64_t *parts, size_t count, size_t lanes);
/* The same in the order they have, which is what a pool of so many workers does with them. */
uint64_t ideal_in_order_ns(const uint64_t *parts, size_t count, size_t lanes);

#endif
