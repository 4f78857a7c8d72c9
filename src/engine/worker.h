/* worker.h - a worker's private record; the functions for job code are in juggler/worker.h. Private to the engine. */
#ifndef ENGINE_WORKER_H
#define ENGINE_WORKER_H

#include "base/clock.h"
#include "engine/seat.h"
#include "juggler/worker.h"

/* Whoever waits wakes up so often, for a sign of life (lease.h) and should a bell get lost; in a pause, in which no signs are asked for, rarely: a
 * thousand that look around cost a core. */
#define BEAT_EVERY_NS NS_PER_S
#define WORKER_PAUSE_NS (60 * NS_PER_S)

struct worker {
    const struct crew *crew;
    size_t slot;
    struct slot_data data;                      /* its record; the slot gets copies of it */
    uint64_t published_ns;                      /* when the slot last got one */
    uint64_t phase_upto_ns;                     /* class_ns is gathered up to here */
    uint64_t class_ns[PHASE_CLASS_NO_WORK + 1]; /* wall time since the account was settled, by what was declared */
    uint64_t cpu_ns, delay_ns;                  /* the kernel's figures when it was settled */
    uint64_t on_core_ns, ready_ns;              /* how much of them is in the account */
    uint64_t paused_ns;                         /* in this job */
    int schedstat_fd;                           /* -1: this kernel has none */
    bool has_gil;                               /* it holds the interpreter lock */
    uint64_t job_cpu_ns;                        /* its CPU time when the job began */
    enum phase held_phase;                      /* what it was doing when it was held by a pause */
    uint64_t held_since_ns;                     /* 0: it is not held */
    uint64_t served_ns;                         /* a transfer of an event loop: CPU time that was spent on it */
    uint64_t *meter_ns; /* of its loop: CPU time of the thread that was put down to somebody; NULL: the thread is its own */
};

/* Takes over the slot from the runner, which has prepared it. Called first thing in the new thread or process. */
void worker_init(struct worker *worker, const struct crew *crew, size_t slot);
/* The same for a transfer of an event loop. meter_ns is the loop's and outlives it. */
void worker_init_transfer(struct worker *worker, const struct crew *crew, size_t slot, uint64_t *meter_ns);
/* Its CPU time so far: of its thread, or of what the loop's thread did for it. */
uint64_t worker_cpu_ns(const struct worker *worker);
/* A pause begins for it, ends for it. Twice is once. */
void worker_hold(struct worker *worker);
void worker_go_on(struct worker *worker);
/* The last word: settles the account and says how it left. */
void worker_end(struct worker *worker, enum phase last, enum worker_exit how);
/* Brings the account up to now. */
void worker_settle(struct worker *worker, uint64_t now_ns);
/* Copies the record to the slot. */
void worker_publish(struct worker *worker, uint64_t now_ns);

#endif
