/* machine.h - what this machine offers, and what it is doing. Linux: /proc, /sys/fs/cgroup, sched_getaffinity. */
#ifndef MEASURE_MACHINE_H
#define MEASURE_MACHINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

enum { MACHINE_CORES_MAX = 256 };

struct usable_cores {
    unsigned count;         /* min(affinity, quota rounded up), at least 1 */
    unsigned online;        /* cores the machine has */
    unsigned affinity;      /* cores this process may use */
    double quota;           /* cores' worth of time by the cgroup (v2 cpu.max, v1 cpu.cfs_quota_us); < 0: no limit */
    const char *quota_file; /* the one of these two that says so; NULL: no limit */
};
struct usable_cores machine_usable_cores(void);
/* How many, and which limit it is that decides: "2 usable of 8: this process may use 2 (affinity)", "1 usable of 8: the container's quota is 0.5
 * cores (cgroup cpu.max)", "2 usable, all the machine has". ASCII. Returns out. */
enum { CORES_WORDS_BYTES = 128 };
const char *machine_cores_words(const struct usable_cores *cores, char *out, size_t room);

/* Load of every core since the last call, 0 ... 1; < 0: not known (yet). */
struct machine_load {
    unsigned cores;
    double busy[MACHINE_CORES_MAX];
    uint64_t busy_ticks[MACHINE_CORES_MAX], all_ticks[MACHINE_CORES_MAX]; /* the last reading */
};
void machine_load_update(struct machine_load *load);

/* Processes on this machine, as ps -e counts them; 0: not known. */
unsigned machine_processes(void);

/* True when schedstat tells run delay here. */
bool machine_has_schedstat(void);

/* What the kernel says of one thread this moment: its state letter ('R' runs or wants to, 'S', 'D', ...; 0: gone) and the core it
 * last ran on (-1: not known). */
struct task_state {
    char letter;
    int core;
    bool no_core; /* filled in by the sampler (sampler.h): runnable, but others had the cores */
};
struct task_state machine_task(pid_t pid, pid_t tid);

/* Bytes of memory that could be had without swapping; 0: not known. The smaller of MemAvailable and what RLIMIT_AS leaves. */
uint64_t machine_memory_available(void);
/* Proportional, private and resident bytes of a process (smaps_rollup); false: not known. */
bool machine_memory_of(pid_t pid, uint64_t *pss, uint64_t *private_bytes, uint64_t *rss);

#endif
