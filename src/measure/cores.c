/* cores.c - how many cores this process may use at once: what the affinity mask and the control groups leave of the machine. */
#include "measure/machine.h"

#include <errno.h>
#include <sched.h>
#include <stdio.h>
#include <unistd.h>

#include "measure/cgroup.h"

/* The mask has no size that one could ask for: try larger ones until the kernel's fits. 0: not known. */
static unsigned affinity_count(void)
{
    for (int cores = 1024; cores <= 65536; cores *= 4) {
        cpu_set_t *set = CPU_ALLOC((size_t)cores);
        if (!set)
            return 0;
        size_t bytes = CPU_ALLOC_SIZE((size_t)cores);
        int result = sched_getaffinity(0, bytes, set);
        int error = errno;
        int count = result == 0 ? CPU_COUNT_S(bytes, set) : 0;
        CPU_FREE(set);
        if (result == 0)
            return (unsigned)count;
        if (error != EINVAL)
            return 0;
    }
    return 0;
}

struct usable_cores machine_usable_cores(void)
{
    long online = sysconf(_SC_NPROCESSORS_ONLN);
    struct usable_cores cores = {.online = online > 0 ? (unsigned)online : 1};
    cores.quota = cgroup_quota("", &cores.quota_file);
    cores.affinity = affinity_count();
    if (!cores.affinity)
        cores.affinity = cores.online;
    cores.count = cores.affinity;
    if (cores.quota >= 0 && cores.quota < (double)cores.count) {
        unsigned whole = (unsigned)cores.quota;
        cores.count = whole + (cores.quota > whole); /* rounded up */
    }
    if (cores.count < 1)
        cores.count = 1;
    return cores;
}

const char *machine_cores_words(const struct usable_cores *cores, char *out, size_t room)
{
    if (cores->quota >= 0 && cores->quota < (double)cores->affinity)
        snprintf(out, room, "%u usable of %u: the container's quota is %.3g core%s (cgroup %s)", cores->count, cores->online,
                 cores->quota, cores->quota == 1 ? "" : "s", cores->quota_file ? cores->quota_file : "quota");
    else if (cores->affinity < cores->online)
        snprintf(out, room, "%u usable of %u: this process may use %u (affinity)", cores->count, cores->online,
                 cores->affinity);
    else
        snprintf(out, room, "%u usable, all the machine has", cores->count);
    return out;
}
