/* task_detail.h - everything the kernel tells of one thread and without root: for the page of one worker, not for all of them at once.
 *
 * /proc/PID/task/TID: stat (state, last core), schedstat (time on a core, time spent waiting for one), status (context switches). The times
 * and counts are the thread's own, since it was born. What a file does not tell is marked as not known and never read as 0. */
#ifndef MEASURE_TASK_DETAIL_H
#define MEASURE_TASK_DETAIL_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "measure/machine.h"

struct task_detail {
    bool there;              /* false: there is no such thread (any more); all else is not known then */
    struct task_state state; /* its letter and the core it last ran on; no_core is not filled in */
    bool times_known;        /* by schedstat; the first one lags by up to a tick while the thread runs */
    uint64_t on_core_ns, waited_ns;
    bool switches_known;
    uint64_t voluntary; /* it went to sleep: for I/O, a lock, the others */
    uint64_t forced;    /* its core was taken away: its time was over, or another one was more urgent */
    bool memory_known;  /* of its process; filled in by task_detail_weigh */
    uint64_t private_bytes, proportional_bytes;
};

/* Three small files. Any process. */
struct task_detail task_detail_of(pid_t pid, pid_t tid);
/* The memory of the process, by smaps_rollup: the dearest of these files, so it is asked for apart. Threads share it. Any process. */
void task_detail_weigh(struct task_detail *detail, pid_t pid);
/* "sleeps", for a letter as stat has it; "unknown" for others. */
const char *task_letter_meaning(char letter);

/* The texts of schedstat and status apart from their files, for tests. False: it does not say so, and nothing is changed. */
bool task_times_read(const char *text, uint64_t *on_core_ns, uint64_t *waited_ns);
bool task_switches_read(const char *text, uint64_t *voluntary, uint64_t *forced);

#endif
