/* weigher.h - the memory of a process, read by a short-lived child of our own.
 *
 * The kernel counts a process's pages under a lock that the process itself takes whenever it maps memory. With a thousand threads that
 * allocate, a reader can wait a quarter of a second for it, and a screen must not. Called by the app only. */
#ifndef MEASURE_WEIGHER_H
#define MEASURE_WEIGHER_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/* All zero: at rest. */
struct weigher {
    pid_t pid; /* the child at work; 0: none */
    pid_t of;  /* whom it weighs */
    int fd;    /* its answer comes from here */
};

/* Starts to weigh; does nothing while an earlier child is still at it. 0 or an errno. */
int weigher_start(struct weigher *weigher, pid_t of);
/* True: the answer is there, in *of and *bytes (proportional set size; 0: not known), and the weigher is at rest. Never waits. */
bool weigher_take(struct weigher *weigher, pid_t *of, uint64_t *bytes);
/* Ends a child that is at work. */
void weigher_stop(struct weigher *weigher);

#endif
