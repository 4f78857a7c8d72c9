/* loop.h - the contract between the event loop (engine/backend_loop.c) and a kind of work of which one thread can do many jobs at once.
 *
 * The engine has the thread, its epoll set, the clock, and a worker for each job in flight; the kind has its library. Nothing here waits:
 * the engine waits once for all, and tells the kind what is ready and what time it is. Everything is called in the runner's one thread.
 *
 *     open -> { join -> { begin, give_up }* -> leave }*, with ready, time and settled in between
 *
 * Of the functions in worker.h those that can wait don't, for such a worker: worker_checkpoint returns at once, and worker_sleep is not to
 * be called. While the run is paused the engine calls neither ready nor time, and says in worker_paused_ns how long that was. */
#ifndef JUGGLER_LOOP_H
#define JUGGLER_LOOP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "juggler/job.h"

struct worker;

/* A plug-in point: how a kind of work is done in a loop. */
struct job_loop {
    /* Before anything else. The kind adds what it waits for to this epoll set, with any data.u64 but UINT64_MAX. NULL with errno. What it
     * makes lives as long as the process. */
    void *(*open)(const struct job_set *set, int epoll_fd);
    /* A place for one job at a time, number `slot`, whose jobs report through this worker. NULL with errno. */
    void *(*join)(void *loop, struct worker *worker, size_t slot);
    /* No job is under way there. */
    void (*leave)(void *flight);
    /* Begins a job there. result is filled in until the job is settled. */
    void (*begin)(void *flight, size_t job, struct job_result *result);
    /* Gives the job up that is under way there; it will not be settled. */
    void (*give_up)(void *flight);
    /* The epoll set said so; data and events as they came. Both may be out of date. */
    void (*ready)(void *loop, uint64_t data, uint32_t events);
    /* What was due until now. */
    void (*time)(void *loop, uint64_t now_ns);
    /* When `time` is to be called next at the latest, CLOCK_MONOTONIC; UINT64_MAX: no need. May have passed. */
    uint64_t (*due_ns)(const void *loop);
    /* Takes one job that came to its end: its slot and its outcome. False: none. To be asked after begin, ready and time. */
    bool (*settled)(void *loop, size_t *slot, enum job_outcome *outcome);
};

/* For the kind: the CPU time that the thread has used since somebody was last named is this one's. Costs a call of the kernel. */
void worker_served(struct worker *worker);

#endif
