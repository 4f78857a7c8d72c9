/* possible.h - the best time that so many workers could have had, from measured parts. Pure. */
#ifndef COMPARE_POSSIBLE_H
#define COMPARE_POSSIBLE_H

#include "juggler/compare.h"

struct possible_input {
    enum work work;
    uint64_t *parts; /* of each job, in ns; 0: not known. Their order is changed */
    size_t jobs;
    bool sequential;         /* the parts were measured under `sequential`, where nothing else ran; else in its own runs */
    size_t workers;          /* at once, 1 or more */
    unsigned usable_cores;   /* 1 or more */
    bool gil;                /* one of them computes at a time */
    bool processes;          /* the workers share no memory: a counter of its own for each */
    double serial_s;         /* before the first job and after the last, as measured; < 0: not known */
    uint64_t bytes;          /* of all jobs together */
    double bytes_per_s_most; /* the highest throughput of any run; 0: not known */
    double min_s;            /* the fastest of its runs; < 0: none */
};

struct possible {
    double best_s; /* < 0: not known */
    char why[COMPARE_TEXT_BYTES];
};

/* Downloads: the larger of two bounds: the single transfers, longest first, over as many lanes as there are workers; and all bytes at the
 * highest throughput that was seen. A counter that threads share: as ideal.h says. Others: the longest job's CPU time, or the sum shared by the cores, plus the serial part (Amdahl).
 * A run that did better than that is believed: longest first is a rule of thumb, and parts differ from run to run. */
struct possible possible_of(const struct possible_input *input);

#endif
