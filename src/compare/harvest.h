/* harvest.h - a finished run's figures, read off its last snapshot. Pure but for what it allocates. */
#ifndef COMPARE_HARVEST_H
#define COMPARE_HARVEST_H

#include "juggler/compare.h"

/* What a run tells beside its figures: whether it may be compared, and what bounds the others. */
struct run_marks {
    uint64_t paused_ns;
    size_t killed;           /* workers and runners that died */
    uint64_t tries_more;     /* attempts beyond one a job */
    double first_byte_s;     /* what a transfer waited for its first byte, the median; < 0: not known */
    double bytes_per_s_most; /* the highest throughput there was */
    uint64_t disk_bytes;     /* what its processes read from the disk */
};

/* The run's own fields but round, position and load, which are the plan's. `ended` is true. */
struct compare_run harvest_run(const struct snapshot *snapshot);
/* disk_bytes stays 0, and so do peaks that only whoever watched it can know: bytes_per_s_most is the run's average. */
struct run_marks harvest_marks(const struct snapshot *snapshot);
/* Wall time without what was spent paused. < 0: it never started. */
double harvest_wall_s(const struct snapshot *snapshot);

#endif
