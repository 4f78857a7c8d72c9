/* seat.h - a worker from the inside: what stands behind the functions of juggler/worker.h, and its life from start to end.
 *
 * Private to the engine. A seat is a slot of the board with a worker in it, one after another. Its record is written by
 *     the runner   before the worker exists (seat_prepare) and after it was joined or reaped (seat_vacate);
 *     the worker   between those two (seat_live).
 * So there is one writer at a time; creation and join (or fork and wait) order the hand-over. */
#ifndef ENGINE_SEAT_H
#define ENGINE_SEAT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "juggler/board.h"
#include "juggler/executor.h"
#include "juggler/job.h"

struct gil;
struct worker;

/* What every worker of a run has in common. Immutable while workers live. */
struct crew {
    struct board *board;
    const struct job_set *set;
    const struct strategy *strategy;
    int poke_fd;       /* eventfd of the runner: "look at the board" */
    int bell_fd;       /* eventfd of the app: "fetch the events" */
    uint64_t lease_ns; /* a worker without a sign of life for so long is killed, where it can be alone; 0: none is */
    uint64_t switch_interval_ns; /* threads that share an interpreter lock: its interval; 0: they share none */
    struct gil *gil;             /* that lock, made by the runner; NULL: none */
};

/* What a worker died of. */
struct death {
    int signal;       /* 0: it left by itself, with an error */
    uint64_t hung_ns; /* it was killed because it had given no sign of life for so long (lease.h); 0: it had */
};

enum seat_end {
    SEAT_END_DONE,  /* left in order */
    SEAT_END_UNABLE /* could not even get ready: no memory, no library */
};

/* Whoever writes the slot: tells the app of a change of phase, and wakes it when there is much to fetch. Never waits. */
void seat_tell(const struct crew *crew, size_t slot, struct board_event event);
/* Runner, before it makes a worker: writes the record of a worker that is about to start; returns its generation. */
uint32_t seat_prepare(const struct crew *crew, size_t slot, enum worker_kind kind);
/* Runner: the worker that the seat was prepared for could not be made. */
void seat_retract(const struct crew *crew, size_t slot);
/* Worker: its whole life. Takes jobs as the strategy says until there is nothing left, it is one too many, or all is to stop. */
enum seat_end seat_live(const struct crew *crew, size_t slot);
/* The parts of that life, for the event loop, which leads many of them in turn. Begins a job that was taken; result is the caller's. */
void seat_begin_job(struct worker *worker, size_t job, struct job_result *result);
/* Ends it. False: it was given up, and the worker is to leave. */
bool seat_end_job(struct worker *worker, size_t job, enum job_outcome outcome, struct job_result *result);
/* Fewer are wanted than there are: this worker is to leave when its job is done. */
bool seat_is_one_too_many(const struct worker *worker);
/* Runner, when the last worker of a batch is gone: one that has waited at the barrier has waited until now. Others are left as they are. */
void seat_vacate(const struct crew *crew, size_t slot);
/* Whoever reaped it: the worker in this slot died so. What it did since it last settled its account (at most 100 ms) is put where its
 * last phase says. */
void seat_mark_killed(const struct crew *crew, size_t slot, struct death death);
/* The same for a worker that was ended because the run was told to stop: nobody's fault, and not counted as a death. */
void seat_mark_stopped(const struct crew *crew, size_t slot);

#endif
