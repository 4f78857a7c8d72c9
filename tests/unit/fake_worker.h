/* fake_worker.h - a worker that runs nothing and remembers everything: what a kind of work is tested against.
 *
 * A test links fake_worker.c in place of the engine's worker and calls the kind's functions with a fake. All of it happens in
 * one thread; nothing is shared. */
#ifndef TESTS_FAKE_WORKER_H
#define TESTS_FAKE_WORKER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "juggler/phase.h"
#include "juggler/worker.h"

/* One call of worker_progress or worker_progress_now. */
struct fake_progress {
    uint64_t cpu_ns;  /* CPU time of the calling thread */
    uint64_t wall_ns; /* CLOCK_MONOTONIC */
    uint64_t done;
    uint64_t total;
    bool now; /* it was worker_progress_now */
};

/* One change of phase: the same phase again is not recorded, as in the real worker. */
struct fake_phase {
    uint64_t cpu_ns;
    uint64_t wall_ns;
    enum phase phase;
};

struct worker {
    /* Set by the test, whenever it likes. */
    uint64_t stop_at_checkpoint; /* the n-th checkpoint (from 1) and all later ones say stop; 0: none does */
    uint64_t stop_at_sleep;      /* the same for worker_sleep */
    bool sleep_really;           /* false: worker_sleep returns at once and only adds up slept_ns */
    uint64_t paused_ns;          /* what worker_paused_ns answers */
    size_t sharing;              /* what worker_sharing answers; 0 counts as 1 */
    void (*on_checkpoint)(struct worker *worker, void *context); /* called at every checkpoint; may be NULL */
    void *context;

    /* Read by the test. */
    struct fake_progress *progress;
    size_t progress_count;
    struct fake_phase *phases;
    size_t phases_count;
    uint64_t checkpoints;
    uint64_t checkpoint_gap_ns; /* the longest CPU time between two checkpoints */
    uint64_t sleeps;
    uint64_t slept_ns; /* the sum of what was asked for */
    uint64_t received_bytes;
    uint64_t waited_ns; /* the sum of what worker_waited was told */
    unsigned attempt;   /* the last one announced */

    /* Private. */
    size_t progress_room;
    size_t phases_room;
    uint64_t checkpoint_cpu_ns; /* 0: none yet */
};

/* Sets everything to nothing: no stop, no real sleeping. */
void fake_worker_init(struct worker *worker);
/* Forgets what was recorded and keeps the settings and the memory: before the next job. */
void fake_worker_clear(struct worker *worker);
void fake_worker_free(struct worker *worker);
/* True when the phase was announced at least once. */
bool fake_worker_saw(const struct worker *worker, enum phase phase);

#endif
