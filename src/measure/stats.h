/* stats.h - what measured values come to. Pure.
 *
 * Medians, not means: one run that was disturbed moves a mean as far as it likes, and a median not at all.
 *
 * Percentiles by nearest rank: of n values in order, the p-th percentile is number ceil(p * n / 100). So it is always a value that was measured;
 * of one value all are that one, and of fewer than 100 the 99th is the greatest. How many there are is told with them, for that reason. */
#ifndef MEASURE_STATS_H
#define MEASURE_STATS_H

#include <stddef.h>
#include <stdint.h>

struct stats {
    size_t count;            /* values that are known */
    double median, min, max; /* < 0: there were none */
};

/* Of `count` values, 0 or greater each; those < 0 are not known and left out. Changes their order. */
struct stats stats_of(double *values, size_t count);
/* The median of integers that are not 0 (those are not known); 0: there is none. Changes their order. */
uint64_t stats_median_ns(uint64_t *values, size_t count);

struct percentiles {
    size_t count; /* of the values; 0: the others mean nothing */
    uint64_t p50, p90, p99, max;
};

/* Of all values, 0 among them: the caller leaves out what is not known. Changes their order. O(count log count). */
struct percentiles stats_percentiles_ns(uint64_t *values, size_t count);

#endif
