/* memory.c - memory of the machine and of a process. */
#include "measure/machine.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/proc_file.h"

/* What RLIMIT_AS leaves of the address space; UINT64_MAX: no limit, or not known. */
static uint64_t address_space_left(void)
{
    struct rlimit limit;
    char text[128];
    if (getrlimit(RLIMIT_AS, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY)
        return UINT64_MAX;
    if (proc_read("/proc/self/statm", text, sizeof text) <= 0)
        return UINT64_MAX;
    uint64_t used = strtoull(text, NULL, 10) * (uint64_t)sysconf(_SC_PAGESIZE);
    return used < limit.rlim_cur ? limit.rlim_cur - used : 1;
}

uint64_t machine_memory_available(void)
{
    char text[4096];
    uint64_t kib = 0;
    uint64_t left = address_space_left();
    if (proc_read("/proc/meminfo", text, sizeof text) <= 0 || proc_number(text, "MemAvailable:", &kib) != 0)
        return left == UINT64_MAX ? 0 : left;
    return kib * 1024 < left ? kib * 1024 : left;
}

bool machine_memory_of(pid_t pid, uint64_t *pss, uint64_t *private_bytes, uint64_t *rss)
{
    char path[64];
    char text[4096];
    uint64_t clean = 0;
    uint64_t dirty = 0;
    uint64_t proportional = 0;
    uint64_t resident = 0;
    snprintf(path, sizeof path, "/proc/%d/smaps_rollup", (int)pid);
    if (proc_read(path, text, sizeof text) <= 0)
        return false;
    if (proc_number(text, "Pss:", &proportional) != 0 || proc_number(text, "Rss:", &resident) != 0 ||
        proc_number(text, "Private_Clean:", &clean) != 0 || proc_number(text, "Private_Dirty:", &dirty) != 0)
        return false;
    *pss = proportional * 1024;
    *private_bytes = (clean + dirty) * 1024;
    *rss = resident * 1024;
    return true;
}
