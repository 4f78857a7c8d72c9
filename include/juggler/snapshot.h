/* snapshot.h - one look at a run: plain data, copied from the board and checked, owned by whoever asked for it.
 *
 * Everything that is drawn, printed or written comes from a snapshot; nobody but the engine reads a live board. */
#ifndef JUGGLER_SNAPSHOT_H
#define JUGGLER_SNAPSHOT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "juggler/board.h"
#include "juggler/executor.h"
#include "juggler/job.h"

enum run_state {
    RUN_STARTING, /* the runner is not ready yet */
    RUN_RUNNING,
    RUN_PAUSED,
    RUN_STOPPING, /* was told to stop; workers are leaving */
    RUN_DONE,     /* every job is final */
    RUN_STOPPED,  /* ended before every job was final, because it was told to */
    RUN_BROKEN    /* could not be carried out; the snapshot's problem says why */
};
/* "starting", "running", "paused", "stopping", "done", "stopped", "broken" */
const char *run_state_word(enum run_state state);
bool run_state_is_over(enum run_state state);

struct worker_snapshot {
    struct slot_data data;    /* last good copy; phase, job, exit checked to be in range */
    bool used;                /* somebody sits or sat here */
    bool alive;               /* a worker sits here now */
    bool stale;               /* no steady copy could be had this time */
    uint64_t silent_since_ns; /* it lives and has given no sign since then: stopped, or it hangs; 0: it gives some */
};

struct job_snapshot {
    struct job_word word;
    struct job_result result; /* private copy, taken once the word was final; start_ns as soon as it runs */
};

/* The memory of a run, by /proc/PID/smaps_rollup. All zero: not known (yet). */
struct memory_figures {
    uint64_t private_bytes;  /* of the forked workers and their runner: what each has for itself, summed; of threads: 0 */
    uint64_t shared_bytes;   /* threads: their one memory; processes: what they share, every page counted once */
    uint64_t together_bytes; /* both: the sum of the proportional set sizes */
    uint64_t worker_bytes;   /* private memory of one forked worker, on average */
    size_t processes;        /* runner and forked workers: how many these are the figures of */
    bool estimated;          /* not every one was: the others count as those do on average */
};

/* A change of phase. job: index + 1, 0: none. */
struct journal_event {
    uint64_t time_ns; /* CLOCK_MONOTONIC */
    uint32_t slot;
    uint32_t job;
    uint32_t phase;
};

/* Every change of phase since the run began, where run_options asked for it. Those of one slot are in order; slots are mixed. */
struct journal {
    const struct journal_event *events;
    size_t count;
};

struct snapshot {
    enum run_state state;
    enum work work;
    struct executor executor; /* as asked for; width follows the keys */
    unsigned usable_cores;
    uint64_t now_ns;   /* when this was taken */
    uint64_t start_ns; /* 0: not started */
    uint64_t wall_ns;  /* so far, or in all when it is over; the time spent paused is in it */
    uint64_t paused_ns;
    uint64_t paused_since_ns; /* when the pause that goes on began; 0: there is none */
    size_t jobs, queued, running, done, failed, poisoned;
    size_t kept;         /* of done: files that were there already */
    uint64_t attempts;   /* of ended jobs and of those in hand */
    uint64_t bytes;      /* downloads: in ended jobs and in hand */
    uint64_t wire_bytes; /* all that came in, also what was thrown away for another try; never falls */
    double bytes_per_s;  /* over the last two seconds */
    size_t alive;        /* workers that exist now: "held" */
    size_t executing;    /* of those: on a core this moment, by the kernel's word; SIZE_MAX: not known */
    size_t killed;       /* workers that died on the way */
    unsigned restarts;   /* runners that died and were started again */
    double left_s;       /* estimate of the time left; < 0: not known */
    struct runner_words runner;
    struct gil_words gil;
    uint64_t cpu_ns;              /* of runner and workers together, by the kernel; 0: not known before the end */
    struct memory_figures memory; /* filled in by whoever samples (measure/sampler.h) */
    struct journal journal;       /* empty unless it was asked for */
    uint64_t lost_events;
    pid_t runner_pid;
    const struct worker_snapshot *workers; /* slots of them; owned by the run, valid until the next snapshot of it */
    size_t slots;                          /* slots that have ever been in use: as many as the widest this run has been */
    const struct job_snapshot *results;    /* jobs of them; owned by the run, valid until the next snapshot of it */
    const struct job_set *set;
    bool folder_full;    /* held, or stopped, because the output folder takes no more files; problem has the reason */
    const char *problem; /* "" or why the run broke, or what it has to say (a runner was started again) */
};

#endif
