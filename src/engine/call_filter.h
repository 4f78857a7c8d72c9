/* call_filter.h - what a forked worker may still ask of the kernel, once it is set up. Which calls: call_rules.c.
 *
 * A worker reads what strangers send. Should one be taken over, it can start no program, follow no other process, become nobody else, load
 * nothing into the kernel; and where it only computes it has no network, makes no files, and forks nobody. A refused call fails (EPERM)
 * and kills nobody: a library that only tries goes on without. */
#ifndef ENGINE_CALL_FILTER_H
#define ENGINE_CALL_FILTER_H

#include <stdbool.h>

/* True: there are rules for this architecture (x86-64, 64-bit ARM). */
bool call_filter_known(void);
/* From now on the calling thread, and whatever it starts, is refused what a worker with these needs (enum job_need) has no use for. It
 * can't be undone. Wants no_new_privs. 0, or an errno: nothing has changed (ENOSYS: no rules for this architecture, or a kernel
 * without seccomp). Takes no memory. Forked worker, after everything it needs is set up. */
int call_filter_apply(unsigned needs);
/* Whether that works here, tried in a child. 0 or an errno. For a process without threads. */
int call_filter_try(void);

#endif
