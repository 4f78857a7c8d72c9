/* ideal.h - the best time that was possible for a run, from its own measured parts. Pure.
 *
 * Downloads: the measured single transfers, longest first, handed to the earliest free of WIDTH lanes (list scheduling, Graham 1969):
 * what remains is latency and the network's share, which no executor can take away.
 * Primes: max(longest job's CPU time, sum of CPU times / usable cores). */
#ifndef MEASURE_IDEAL_H
#define MEASURE_IDEAL_H

#include <stdint.h>

#include "juggler/snapshot.h"

struct ideal {
    double best_s; /* < 0: not known (nothing was measured) */
    double sum_s;  /* of the jobs, one after another; < 0: not known */
    char why[320]; /* what best_s assumes, one sentence */
};

struct ideal ideal_of(const struct snapshot *snapshot);

#endif
