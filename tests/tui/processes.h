/* processes.h - what /proc says of the program in a screen: its processes and threads, by name. */
#ifndef TUI_PROCESSES_H
#define TUI_PROCESSES_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "screen.h"

/* Processes of this screen's program, dead ones not, whose name matches the pattern ("juggler:p[0-9]*"). At most room of them go to out (NULL:
 * none); returns how many there are. */
size_t processes_named(const struct screen *screen, const char *pattern, pid_t *out, size_t room);
/* Threads of this screen's program whose name matches. The process of the first goes to *process (NULL: not wanted; 0: there is none). */
size_t threads_named(const struct screen *screen, const char *pattern, pid_t *process);
/* Whether the process exists and has exactly this name. */
bool process_is(pid_t pid, const char *name);
/* Its letter in /proc/PID/stat ('R', 'S', 'T', 'Z'...); 0: there is no such process. */
char process_letter(pid_t pid);
/* CPU time of a process and of those that it has reaped, in clock ticks; 0 when it has gone. */
unsigned long process_ticks(pid_t pid);

/* CPU time of a process that lives, all its threads that live together, in nanoseconds; 0 when it has gone. */
uint64_t process_cpu_ns(pid_t pid);
/* The same, of all processes of this screen's program together. */
uint64_t processes_cpu_ns(const struct screen *screen);

/* A number of processes or threads, to wait for. */
struct census {
    const char *pattern;
    size_t count;
};
bool processes_are(struct screen *screen, const void *census); /* as many processes have such a name */
bool threads_are(struct screen *screen, const void *census);   /* as many threads */
/* Who was forked just now is still called as its parent is: which of two it is shows when one has another name. */
struct single {
    const char *pattern;
    pid_t *pid;
};
bool process_is_alone(struct screen *screen, const void *single); /* exactly one has such a name; *pid is it then */
bool nothing_is_left(struct screen *screen, const void *unused);

bool thread_is(pid_t pid, const char *tid, const char *pattern); /* it has such a name */

/* The names that the program gives. */
#define THREAD_WORKERS "t[0-9]*"
#define PROCESS_WORKERS "juggler:p[0-9]*"

#endif
