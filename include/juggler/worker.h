/* worker.h - how a job's code speaks of what it is doing, and hears what it should do.
 *
 * A worker is a thread or a forked process; the code of a job cannot tell which. It owns one slot of the board and
 * writes it alone, from its own thread. Everything here is called in the worker only, unless it says otherwise. */
#ifndef JUGGLER_WORKER_H
#define JUGGLER_WORKER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "juggler/board.h"

struct worker;

/* Says what it does from now on. Cheap (about 0.1 us); the same phase again costs nothing. */
void worker_phase(struct worker *worker, enum phase phase);
/* How far this job is. For downloads bytes; for primes units that are proportional to time. total 0: not known.
 * Call it as often as you like; it publishes at most every few milliseconds, and always when done == total. */
void worker_progress(struct worker *worker, uint64_t done, uint64_t total);
/* The same, published at once: for a job so short that the few milliseconds matter. */
void worker_progress_now(struct worker *worker, uint64_t done, uint64_t total);
/* Bytes that just came in, for the rate. */
void worker_received(struct worker *worker, uint64_t bytes);
/* This is try number n of the job, from 1. */
void worker_attempt(struct worker *worker, unsigned n);
/* To be passed now and then, every few milliseconds at best. Blocks while the run is paused. True: go on.
 * False: the run is being stopped, give up the job with JOB_OUTCOME_STOPPED. */
bool worker_checkpoint(struct worker *worker);
/* Sleeps so many ns (a backoff), but wakes up and returns false when the run is being stopped. */
bool worker_sleep(struct worker *worker, uint64_t ns);
/* So many ns since the last call, within the phase it is in, were spent waiting for a lock: too short to be phases of their own. They count
 * as such in the account of time, and no longer as that phase. */
void worker_waited(struct worker *worker, uint64_t ns);
/* How many workers can compute at once in the memory of this one, itself included: 1 for a forked one, where there is one at a time, and
 * under an interpreter lock. Follows a width that keys change. */
size_t worker_sharing(const struct worker *worker);
/* There are as many workers at once as there are jobs, or more, and some job waits for one of them to come: whoever waits until this is
 * false leaves it to that one. */
bool worker_others_may_come(const struct worker *worker);
/* Time spent paused since the job began, in ns: to be taken out of any time limit. */
uint64_t worker_paused_ns(const struct worker *worker);

#endif
