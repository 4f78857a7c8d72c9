/* weigher.h - the memory of a process, read by a child of our own.
 *
 * The kernel counts a process's pages under a lock that the process itself takes whenever it maps memory. With a thousand threads that
 * allocate, a reader can wait a quarter of a second for it, and a screen must not. The child stays for as long as there is something to weigh:
 * every fork makes the app pay again for each page that it then writes. Called by the app only. */
#ifndef MEASURE_WEIGHER_H
#define MEASURE_WEIGHER_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/* All zero: there is none. */
struct weigher {
    pid_t pid; /* the child; 0: none */
    pid_t of;  /* whom it weighs at the moment; 0: it is at rest */
    int fd;    /* questions go out here, and answers come in */
};

/* What was found. */
struct weigher_answer {
    uint64_t pss_bytes; /* proportional set size; 0: not known */
    uint64_t cost_ns;   /* CPU time that it took */
    pid_t of;
};

/* Starts to weigh; does nothing while it is still at it. 0 or an errno. */
int weigher_start(struct weigher *weigher, pid_t of);
/* True: the answer is there, and the weigher is at rest. Never waits. */
bool weigher_take(struct weigher *weigher, struct weigher_answer *answer);
/* Ends the child. */
void weigher_stop(struct weigher *weigher);

#endif
