/* process.c - what the kernel says of processes and threads: how many there are, and what one is doing this moment. */
#include <dirent.h>
#include <stdio.h>

#include "base/proc_file.h"
#include "base/task_stat.h"
#include "measure/machine.h"

unsigned machine_processes(void)
{
    DIR *proc = opendir("/proc");
    if (!proc)
        return 0;
    unsigned count = 0;
    const struct dirent *entry;
    while ((entry = readdir(proc)) != NULL)
        count += entry->d_name[0] >= '1' && entry->d_name[0] <= '9';
    closedir(proc);
    return count;
}

/* Kernels without it leave the file out, or answer "0 0 0". */
bool machine_has_schedstat(void)
{
    char text[96];
    unsigned long long on_core = 0;
    unsigned long long waited = 0;
    unsigned long long slices = 0;
    if (proc_read("/proc/self/schedstat", text, sizeof text) <= 0)
        return false;
    return sscanf(text, "%llu %llu %llu", &on_core, &waited, &slices) == 3 && (on_core || waited || slices);
}

struct task_state machine_task(pid_t pid, pid_t tid)
{
    struct task_stat stat = task_stat_read((uint64_t)pid, (uint64_t)tid);
    return (struct task_state){.letter = stat.letter, .core = stat.core};
}
