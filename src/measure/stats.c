/* stats.c - median, least and most; percentiles. See stats.h. */
#include "measure/stats.h"

#include <stdlib.h>

static int by_value(const void *a, const void *b)
{
    double left = *(const double *)a, right = *(const double *)b;
    return (left > right) - (left < right);
}

static int by_ns(const void *a, const void *b)
{
    uint64_t left = *(const uint64_t *)a, right = *(const uint64_t *)b;
    return (left > right) - (left < right);
}

struct stats stats_of(double *values, size_t count)
{
    size_t known = 0;
    for (size_t i = 0; i < count; i++)
        if (values[i] >= 0)
            values[known++] = values[i];
    if (!known)
        return (struct stats){.median = -1, .min = -1, .max = -1};
    qsort(values, known, sizeof *values, by_value);
    size_t middle = known / 2;
    double median = known % 2 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
    return (struct stats){.count = known, .median = median, .min = values[0], .max = values[known - 1]};
}

uint64_t stats_median_ns(uint64_t *values, size_t count)
{
    size_t known = 0;
    for (size_t i = 0; i < count; i++)
        if (values[i])
            values[known++] = values[i];
    if (!known)
        return 0;
    qsort(values, known, sizeof *values, by_ns);
    size_t middle = known / 2;
    return known % 2 ? values[middle] : values[middle - 1] + (values[middle] - values[middle - 1]) / 2;
}

/* The smallest value that at least `percent` of 100 of them do not exceed. */
static uint64_t nearest_rank(const uint64_t *sorted, size_t count, unsigned percent)
{
    size_t whole = count / 100 * percent, rest = count % 100 * percent; /* apart: the product could overflow */
    return sorted[whole + (rest + 99) / 100 - 1];
}

struct percentiles stats_percentiles_ns(uint64_t *values, size_t count)
{
    if (!count)
        return (struct percentiles){0};
    qsort(values, count, sizeof *values, by_ns);
    return (struct percentiles){.count = count,
                                .p50 = nearest_rank(values, count, 50),
                                .p90 = nearest_rank(values, count, 90),
                                .p99 = nearest_rank(values, count, 99),
                                .max = values[count - 1]};
}
