/* task_stat.c - the kernel's line on one thread. See task_stat.h. */
#include "base/task_stat.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/proc_file.h"

/* The name in brackets may hold blanks and brackets itself: what counts starts behind the last one, with field 3. */
struct task_stat task_stat_parse(const char *text)
{
    enum { FIELD_STATE = 3, FIELD_PROCESSOR = 39 };
    struct task_stat stat = {.letter = 0, .core = -1};
    const char *at = strrchr(text, ')');
    if (!at || at[1] != ' ')
        return stat;
    at += 2;
    stat.letter = *at;
    for (int field = FIELD_STATE; field < FIELD_PROCESSOR; field++) {
        at = strchr(at, ' ');
        if (!at)
            return stat;
        at++;
    }
    char *end = NULL;
    long core = strtol(at, &end, 10);
    if (end != at && core >= 0 && core < 1000000)
        stat.core = (int)core;
    return stat;
}

struct task_stat task_stat_read(uint64_t pid, uint64_t tid)
{
    char path[64];
    char text[1024];
    snprintf(path, sizeof path, "/proc/%" PRIu64 "/task/%" PRIu64 "/stat", pid, tid);
    if (proc_read(path, text, sizeof text) <= 0)
        return (struct task_stat){.letter = 0, .core = -1};
    return task_stat_parse(text);
}
