/* model.h - what there is to show: the whole input of a frame. Plain data; drawing it is a pure function (panes.h).
 *
 * The app loop fills it from snapshots and from what the person chose; panes only read it. A pane never samples. */
#ifndef UI_MODEL_H
#define UI_MODEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "juggler/compare.h"
#include "juggler/snapshot.h"
#include "measure/machine.h"
#include "measure/stats.h"
#include "measure/task_detail.h"
#include "ui/account_bar.h"
#include "ui/filter.h"
#include "ui/timeline_pane.h"

enum { MODEL_LANES = 2, MODEL_RESULTS_MAX = 64, MODEL_STATUS_BYTES = 200 };

/* A worker's figures as they are shown: held for a moment, so that they can be read. */
struct model_percent {
    uint64_t job; /* which job the percentage belongs to, as in slot_data */
    unsigned percent;
    uint64_t waited_ns; /* for a lock, at that moment; 0: it did not */
};

/* The interpreter lock of a lane as it is shown: held for a moment, too. */
struct model_gil {
    size_t holder;     /* slot + 1; 0: nobody */
    size_t waiting;    /* workers that want it */
    double held_share; /* of the time so far, 0 ... 1; < 0: not known */
    uint64_t switches; /* times another thread took it than the one before */
};

/* How many workers exist, have a core, want one: held for a moment. SIZE_MAX: not known. */
struct model_held {
    size_t alive, executing, wanting;
};

/* Workers that exist, by what they are doing: held for a moment. Those of a running phase that have no core are ready instead. */
struct model_counts {
    size_t phases[PHASE_COUNT], ready;
};

/* Of a slot: nobody to show, a worker that the filter does not take, one that has a row. */
enum model_mark { MARK_NOBODY, MARK_HIDDEN, MARK_ROW };

/* 0 ... 100, from done and total; 0 while the total is not known. */
static inline unsigned model_percent_of(const struct slot_data *data)
{
    if (!data->total || data->done >= data->total)
        return data->total ? 100 : 0;
    return (unsigned)((double)data->done * 100 / (double)data->total);
}

struct model_lane {
    bool there;                     /* this lane has work */
    bool started;                   /* it has a run, going on or over; else a key has to start it */
    struct snapshot snap;           /* valid when started */
    enum work work;                 /* of the list: what the next run does; the present one's is in snap */
    struct executor executor;       /* the present choice */
    const char *list_name;          /* "the article's limits x 8", "the article's 20 images", "urls.txt": fit to show */
    size_t jobs;                    /* in the list */
    bool builtin;                   /* the list is served by the built-in server */
    const struct task_state *tasks; /* per slot, the kernel's word on each worker; NULL: not sampled */
    uint64_t sampled_every_ns;      /* how fine the kernel's word is: time between two looks at one worker; 0: not known */
    const struct model_percent *percents; /* per slot; NULL: as they are this moment */
    struct model_gil gil;                 /* where the executor has one */
    struct model_held held;
    struct account account; /* where the time of its workers went so far */
    struct account recent;  /* of that, what they settled in the last second or so; all zero: nothing */
    struct model_counts counts;
    struct filter filter;       /* which workers the person wants to see; it stays from run to run */
    const unsigned char *marks; /* per slot: enum model_mark; NULL: as it is this moment (lane.h) */
    size_t selected;            /* slot; rows move, the selection keeps its worker */
    size_t top;                 /* first row shown, in worker rows */
    char sentence[160];         /* what is going on and why, true for a second already; "" */
};

/* A finished run, newest first. */
struct model_result {
    unsigned number;
    enum work work;
    char executor[EXECUTOR_TEXT_BYTES];
    enum run_state state; /* RUN_DONE, RUN_STOPPED, RUN_BROKEN */
    double wall_s;        /* without the time spent paused */
    double speedup;       /* over the last sequential run of the same list; 0: there is none yet */
    double of_possible;   /* best possible / wall, 0 ... 1; 0: not known */
    size_t done, jobs, failed;
    char list[40];    /* which list it worked on: runs of different lists are not to be compared */
    char gist[24];    /* of the summary, where there is little room: "22 % lost", "own copies"; "" */
    char summary[80]; /* "78,498 primes, 433,637 digits" / "1.8 MiB in 20 files" */
    bool disturbed;   /* its width was changed or it was paused on the way: no fair figure */
};

/* A comparison: what there is to show of it. */
struct model_compare {
    bool there;               /* one was started; view is valid */
    bool live;                /* it still measures */
    struct compare_view view; /* its pointers lead into the comparison */
    double left_s;            /* estimate of the time left; < 0: not known */
    size_t top;               /* first line shown; SIZE_MAX: wherever the running one is */
};

/* The page of one worker: the one selected in the lane in focus. Its figures are taken five times a second, all of the same moment. */
struct model_worker {
    bool known;                  /* they are here */
    struct worker_snapshot held; /* the worker at that moment */
    uint64_t now_ns;             /* when that was, at most the end of the run */
    bool recorded;               /* of a record: the kernel cannot be asked */
    struct task_detail kernel;
    const uint32_t *jobs; /* indices of the jobs that it had or has, the newest first */
    size_t jobs_count, jobs_ended, jobs_failed;
    size_t last_failed;           /* index + 1; 0: none */
    struct percentiles mine, all; /* of the times of ended jobs: its own, and those of all workers */
    size_t top;                   /* first line shown, past the end: the last */
};

/* The past in the place of the present: a record, or the runs of this dashboard looked back at, while they go on. */
struct model_replay {
    bool on;
    bool rewind; /* of this dashboard */
    bool paused, damaged;
    uint64_t at_ns, length_ns; /* where the playhead stands */
    const char *speed;         /* "1/8" ... "16" */
};

/* What is on the screen; the help covers any of them. */
enum model_view {
    VIEW_PANES,    /* the lanes, and around them a pane of each kind */
    VIEW_TIMELINE, /* the picture of time alone */
    VIEW_TWO_RUNS, /* the same of two runs: the last one of a lane and the one before it */
    VIEW_JUGGLER,  /* the juggler alone */
    VIEW_ACCOUNT,  /* where the time went, worker by worker */
    VIEW_WORKER,   /* one worker's own page */
    VIEW_COMPARE,  /* a comparison */
    VIEW_COUNT
};

/* The flat screen (flat.h): the line that changed last, on which the cursor stands. */
enum flat_at {
    FLAT_AT_ANSWER,  /* to a key */
    FLAT_AT_STATE,   /* of a lane: it runs, is paused, is over */
    FLAT_AT_COUNTS,  /* a job has ended */
    FLAT_AT_TROUBLE, /* a job has failed, a worker has died */
    FLAT_AT_WORKER,  /* the selected one */
    FLAT_AT_VIEW     /* what covers the lanes */
};
struct model_flat {
    bool on;
    enum flat_at at;
    int lane; /* which lane's line; 0 where it is of none */
};

struct model {
    const char *version;
    struct model_lane lanes[MODEL_LANES]; /* 0 downloads, 1 what computes: primes, the counter */
    int focus;                            /* lane in focus: 0 or 1 */
    struct machine_load load;
    struct usable_cores cores;
    unsigned processes;                             /* on this machine; 0: not known */
    unsigned origin_latency_ms;                     /* of the built-in server, when it runs */
    uint64_t origin_rate;                           /* bytes a second for each connection; 0: no limit */
    bool origin_running;                            /* there is one, and it lives */
    struct model_result results[MODEL_RESULTS_MAX]; /* newest first */
    size_t results_count;
    enum model_view view;
    struct model_replay replay;
    struct model_compare compare;
    struct model_worker worker;
    struct timeline_view timeline;   /* its pointers lead into the app's timelines */
    struct model_flat flat;          /* whole lines of words in place of the panes */
    bool help;                       /* the help covers the panes */
    size_t help_top;                 /* first help line shown */
    char typed[12];                  /* a number being typed, "" */
    bool filtering;                  /* the filter of the lane in focus is being typed */
    char status[MODEL_STATUS_BYTES]; /* one line for the person: what the last key did, or why it could not */
    bool status_is_warning;
};

#endif
