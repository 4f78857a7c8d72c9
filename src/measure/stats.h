/* stats.h - what a few measured values come to. Pure.
 *
 * Medians, not means: one run that was disturbed moves a mean as far as it likes, and a median not at all. */
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

#endif
