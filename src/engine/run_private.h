/* run_private.h - what stands behind struct run. Shared by run.c (life and keys), supervise.c (a runner's end) and look.c (snapshots). */
#ifndef ENGINE_RUN_PRIVATE_H
#define ENGINE_RUN_PRIVATE_H

#include <sys/types.h>

#include "base/problem.h"
#include "engine/seat.h"
#include "juggler/run.h"

enum { RATE_SAMPLES = 32 };

struct rate_sample {
    uint64_t time_ns;
    uint64_t bytes;
};

/* What the jobs came to so far, as far as it was looked at. */
struct run_tally {
    size_t in_state[JOB_STATE_COUNT];
    size_t kept;
    uint64_t attempts, bytes; /* of those that have ended */
    double weight;            /* of those that have ended, in the whole work */
};

struct run {
    struct crew crew;
    struct executor executor;
    unsigned usable_cores;
    pid_t runner;       /* 0: none, the run is over */
    int pidfd;          /* of the runner; -1: none */
    size_t slots;       /* slots 0 ... slots - 1 have been in use; the others are never looked at */
    bool stopping;      /* run_stop was called */
    bool end_when_full; /* there is nobody who could make room and go on */
    bool folder_full;   /* it is held or ended because of that */
    bool asked;         /* the person killed the runner's process with all workers in it: nobody is charged */
    uint64_t stop_ns;
    enum run_state ended; /* valid once runner is 0 */
    uint64_t made_ns, ended_ns;
    unsigned restarts;
    unsigned idle_deaths; /* runners in a row that died with no job in hand */
    struct problem problem;

    uint64_t paused_since_ns, paused_ns;
    struct worker_snapshot *workers;
    struct job_snapshot *results;
    uint64_t *slot_seen; /* which version of each slot's record is in workers */
    uint64_t *words;     /* of each job, as last seen */
    struct run_tally tally;
    double *weights; /* of each job, in the whole work; NULL: all alike */
    double weight;   /* of all jobs */
    uint64_t *event_cursors;
    uint64_t lost_events;
    bool keep_events;
    struct journal_event *events; /* kept; events_count of them */
    size_t events_count, events_room;
    uint64_t cpu_ns; /* of runners that were reaped, and of their workers */
    struct rate_sample rate[RATE_SAMPLES];
    size_t rate_at;
};

/* supervise.c */
int run_fork_runner(struct run *run); /* 0 or an errno */
/* Ends every process of the run's group and reaps them all. */
void run_end_group(struct run *run);
/* If the runner has ended (or, with wait, as soon as it has): finds out how, and either closes the run or recovers and starts a runner again. */
void run_after_runner(struct run *run, bool wait);

/* drain.c: holds or ends a run whose output folder takes nothing more, as soon as nobody is at work. */
void run_heed_drain(struct run *run);

/* look.c */
void run_note_pause(struct run *run, uint64_t now_ns);
void run_drain_events(struct run *run);

#endif
