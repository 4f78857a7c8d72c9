/* process.c - what the kernel says of processes and threads: how many there are, and what one is doing this moment. */
#include "measure/process.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "measure/proc_file.h"

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

/* The name in brackets may hold blanks and brackets itself: what counts starts behind the last one, with field 3. */
struct task_state task_state_read(const char *text)
{
    enum { FIELD_STATE = 3, FIELD_PROCESSOR = 39 };
    struct task_state state = {.letter = 0, .core = -1};
    const char *at = strrchr(text, ')');
    if (!at || at[1] != ' ')
        return state;
    at += 2;
    state.letter = *at;
    for (int field = FIELD_STATE; field < FIELD_PROCESSOR; field++) {
        at = strchr(at, ' ');
        if (!at)
            return state;
        at++;
    }
    char *end = NULL;
    long core = strtol(at, &end, 10);
    if (end != at && core >= 0 && core < 1000000)
        state.core = (int)core;
    return state;
}

struct task_state machine_task(pid_t pid, pid_t tid)
{
    char path[64];
    char text[1024];
    snprintf(path, sizeof path, "/proc/%d/task/%d/stat", (int)pid, (int)tid);
    if (proc_read(path, text, sizeof text) <= 0)
        return (struct task_state){.letter = 0, .core = -1};
    return task_state_read(text);
}
