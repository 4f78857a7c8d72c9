/* run.h - the app's handle on one run: one board, one runner. Called in the app only, from its one thread.
 *
 *     run_start -> { run_tick, run_snapshot, run_set_..., }* -> run_free
 *
 * The app never works and never waits for a run: run_tick looks after it (reaps and restarts a runner that died, drains the event
 * rings) and returns at once; run_pidfd becomes readable when there is something to tick for. */
#ifndef JUGGLER_RUN_H
#define JUGGLER_RUN_H

#include <stdbool.h>
#include <stddef.h>

#include "juggler/snapshot.h"

struct problem;
struct run;

struct run_options {
    const struct job_set *set; /* stays the caller's; must outlive the run */
    struct executor executor;
    size_t slots_max; /* room for workers that keys may add; raised to what the executor needs */
    unsigned usable_cores;
    bool start_paused;
    uint64_t lease_ns;           /* a process without a sign of life for so long is killed; 0: none is */
    uint64_t switch_interval_ns; /* of an executor with +gil; 0: CPython's, 5 ms */
    bool end_when_full; /* when the output folder takes no more files: stop, and don't wait for a person to make room */
    bool keep_events;   /* the snapshot's journal has every change of phase, from the start */
};

/* Whether such a run could be started: the width its executor asks for, and the descriptors it needs. 0, or -1 with the reason. Starts nothing. */
int run_check(const struct run_options *options, struct problem *problem);
/* Makes the board and forks the runner. NULL with the reason (a width that the limits of this machine do not allow, no memory). */
struct run *run_start(const struct run_options *options, struct problem *problem);
/* Ends the run at once, whatever its workers do: jobs in hand go back, nothing is left running. Snapshots can still be taken. */
void run_kill(struct run *run);
/* Ends one worker at once because the person wants to see it: no job is charged with its death. A process dies alone; threads and transfers
 * share one, so with one of them all die, and it is started again. generation: of the worker meant; its successor is left alone.
 * 0; ESRCH: it is not there any more; EAGAIN: the kill before is still on its way. */
int run_kill_worker(struct run *run, size_t slot, uint64_t generation);
/* Kills what is left of the run, reaps it, removes its temporary files, frees all. NULL is fine. */
void run_free(struct run *run);

/* Poll this for POLLIN: the runner ended. -1 once the run is over. Changes when a runner is started again. */
int run_pidfd(const struct run *run);
/* Poll this for POLLIN, too: somebody's event ring is half full, so run_tick is due or events get lost. -1: none, or it is over. */
int run_events_fd(const struct run *run);
/* Looks after the run. Call it when run_pidfd is readable, and at least a few times a second. */
void run_tick(struct run *run);
bool run_is_over(const struct run *run);
/* Takes a look. The pointers in *out stay valid until the next call for this run. */
void run_snapshot(struct run *run, struct snapshot *out);

/* Keys. Each takes effect while the work goes on. */
/* Pool and batch only; clamped to 1 ... slots_max. 0; or an errno when there is no memory for so many, and nothing changes. */
int run_set_width(struct run *run, unsigned width);
void run_pause(struct run *run);
void run_resume(struct run *run);
void run_step(struct run *run); /* start one more job, then pause */
void run_stop(struct run *run); /* give up: jobs in hand go back, workers leave; forced after a grace of 0.5 s */

#endif
