/* others.h - how much of the usable cores was taken by others while a test measured time. A test that compares times may give itself another
 * chance, or skip, where that was much: never without this proof. */
#ifndef TESTS_UNIT_OTHERS_H
#define TESTS_UNIT_OTHERS_H

#include <sched.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/sanitized.h"

/* More cores than this taken by others, and times say nothing. */
#define OTHERS_MUCH 0.3

struct others {
    uint64_t begin_ns;
    double busy_s,
        own_s; /* at the beginning: of the usable cores since the machine runs, of this process and its children */
};

/* Seconds that the cores we may use were busy for anybody (for another machine, too: steal); -1: the kernel does not say. */
static inline double others_busy_s(void)
{
    char line[512];
    cpu_set_t usable;
    uint64_t ticks = 0;
    FILE *file = sched_getaffinity(0, sizeof usable, &usable) ? NULL : fopen("/proc/stat", "r");
    if (!file)
        return -1;
    while (fgets(line, sizeof line, file)) {
        unsigned core;
        unsigned long long user, nice, system, idle, iowait, irq, softirq, steal;
        if (sscanf(line, "cpu%u %llu %llu %llu %llu %llu %llu %llu %llu", &core, &user, &nice, &system, &idle, &iowait, &irq,
                   &softirq, &steal) == 9 &&
            core < CPU_SETSIZE && CPU_ISSET(core, &usable))
            ticks += user + nice + system + irq + softirq + steal;
    }
    fclose(file);
    return (double)ticks / (double)sysconf(_SC_CLK_TCK);
}

static inline double others_seconds(struct timeval time)
{
    return (double)time.tv_sec + (double)time.tv_usec / 1e6;
}

static inline double others_own_s(void)
{
    struct rusage self, children;
    getrusage(RUSAGE_SELF, &self);
    getrusage(RUSAGE_CHILDREN, &children);
    return others_seconds(self.ru_utime) + others_seconds(self.ru_stime) + others_seconds(children.ru_utime) +
           others_seconds(children.ru_stime);
}

static inline struct others others_watch(void)
{
    return (struct others){.begin_ns = clock_now_ns(), .busy_s = others_busy_s(), .own_s = others_own_s()};
}

/* So many cores were taken by others since then, on average. To be asked when all own children have been waited for: what they used
 * is ours only then. 0 where it can't be known. */
static inline double others_cores(const struct others *since)
{
    double busy_s = others_busy_s(), took_s = (double)(clock_now_ns() - since->begin_ns) / 1e9;
    if (busy_s < 0 || since->busy_s < 0 || took_s <= 0)
        return 0;
    double cores = (busy_s - since->busy_s - (others_own_s() - since->own_s)) / took_s;
    return cores > 0 ? cores : 0;
}

/* True, and says so, where others took so much that a time which was measured meanwhile proves nothing; or where a sanitizer did. */
static inline bool others_spoilt(const struct others *since)
{
    if (SANITIZED)
        return true;
    double cores = others_cores(since);
    if (cores > OTHERS_MUCH)
        fprintf(stderr, "# others took %.1f of the usable cores meanwhile\n", cores);
    return cores > OTHERS_MUCH;
}

#endif
