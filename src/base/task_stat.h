/* task_stat.h - the kernel's line on one thread, /proc/PID/task/TID/stat, as far as anybody here asks for it. */
#ifndef BASE_TASK_STAT_H
#define BASE_TASK_STAT_H

#include <stdint.h>

struct task_stat {
    char letter; /* of its state: R, S, D, T, t, Z ...; 0: not known */
    int core;    /* that it last ran on; -1: not known */
};

/* Of the file's text. What is cut off is not known. */
struct task_stat task_stat_parse(const char *text);
/* Of a thread: a process' first one has its number. Not known when there is none, or no /proc. */
struct task_stat task_stat_read(uint64_t pid, uint64_t tid);

#endif
