/* session.h - what stands behind struct compare. Shared by compare.c (its life and its view), session.c (the state machine) and settle.c
 * (what the figures come to). Private to src/compare. */
#ifndef COMPARE_SESSION_H
#define COMPARE_SESSION_H

#include "compare/controls.h"
#include "compare/harvest.h"
#include "compare/notes.h"
#include "juggler/compare.h"
#include "juggler/run.h"
#include "measure/machine.h"
#include "measure/sampler.h"

enum {
    ENTRIES_MAX = COMPARE_EXECUTORS_MAX + CONTROL_RUNS,
    PARTS_ROUNDS_MAX = 9, /* a job's time is the median of at most so many rounds */
    JOBS_MANY = 20000     /* with more, what costs time for each job is done at the end only, or not at all */
};

/* Something that is measured once a round: a line's executor, or one of the controls. */
struct entry {
    struct executor executor;
    const struct job_set *set;
    struct compare_run warm_up; /* ended false: none yet */
    struct compare_run *runs;   /* room for all rounds */
    size_t count;
    size_t ended;    /* of its runs, whatever came of them; the warm-up's, too */
    uint64_t *parts; /* of each job, of up to PARTS_ROUNDS_MAX rounds, one round after another; NULL: not kept */
    size_t parts_rounds;
    double *first_bytes_s;  /* of each run */
    struct run_marks marks; /* of all its counted runs: sums */
    bool dropped;           /* it could not be run, and is not tried again */
    char problem[COMPARE_TEXT_BYTES];
};

enum stage { STAGE_QUIET, STAGE_RUNNING, STAGE_OVER };

struct compare {
    struct compare_options options;
    char list_name[128];
    struct controls controls;
    struct entry entries[ENTRIES_MAX]; /* the lines', then the controls' */
    size_t entries_count;
    size_t order[ENTRIES_MAX]; /* of this round */
    size_t at;                 /* in it */
    unsigned round;            /* 0: the warm-up */
    enum stage stage;
    bool stopped;
    size_t runs_done;

    struct run *run;
    struct snapshot snapshot; /* the last look at it */
    struct sampler sampler;
    double bytes_per_s_most; /* in this run so far */

    int timer_fd; /* ends the quiet before a run */
    uint64_t quiet_since_ns, quiet_until_ns, own_cpu_ns;
    struct machine_load load;
    double load_now, load_sum, load_most; /* cores busy with other things; load_now < 0: not known */
    size_t load_count;
    uint64_t disk_bytes;                        /* read by children that were reaped before this run */
    uint64_t warm_disk_bytes, later_disk_bytes; /* read by the runs */
    double throughput_most;                     /* bytes a second, of any run */

    struct compare_line lines[COMPARE_EXECUTORS_MAX];
    struct compare_fit fit;
    struct compare_control waiting, computing;
    char verdict[COMPARE_TEXT_BYTES];
    note_text notes[COMPARE_NOTES_MAX];
    size_t notes_count;
};

/* session.c: what is measured now, or next. */
struct entry *session_entry_now(struct compare *compare);
/* It is a line's, and no control. */
bool session_is_line(const struct compare *compare, const struct entry *entry);
/* The first round begins. */
void session_begin(struct compare *compare);
/* A fresh snapshot of the run going on. */
void session_look_at_run(struct compare *compare);
/* Runs that there will have been when all is over. */
size_t session_runs_all(const struct compare *compare);
/* settle.c: brings lines, fit, controls, notes and verdict up to what has been measured. */
void session_settle(struct compare *compare);

#endif
