/* app.h - the dashboard: one thread that owns the terminal and watches the runs. It never works and is never a worker. */
#ifndef UI_APP_H
#define UI_APP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "juggler/executor.h"
#include "juggler/job.h"

struct origin;
struct problem;
struct recorder;
struct reel;
struct theme;

enum { APP_LISTS_MAX = 6 };

/* A list of work to choose with the key l. Strings and sets stay the caller's. */
struct app_list {
    const char *name; /* fit to show */
    const struct job_set *set;
    bool builtin;                    /* served by the built-in server */
    const char *output_dir;          /* where its files are kept; NULL: nowhere */
    const struct executor *executor; /* asked for with this list; NULL: the lane keeps its own when it comes to this list */
};

struct app_lane_options {
    struct app_list lists[APP_LISTS_MAX];
    size_t lists_count;
    struct executor executor;
    bool start; /* starts by itself; else a key has to ask for it */
};

struct app_options {
    struct app_lane_options lanes[2]; /* downloads, what computes */
    int focus;
    struct origin *origin; /* NULL: the built-in server is not running */
    const struct theme *theme;
    bool ascii, no_color;
    bool flat;          /* whole lines of words, drawn when they change */
    const char *notice; /* said at the start, as a warning; NULL: nothing */
    unsigned fps;       /* 1 ... 120 */
    int signal_fd;      /* from app_signals_open, opened before the first fork */
    const char *version;
    uint64_t lease_ns;            /* as of struct run_options */
    uint64_t switch_interval_ns;  /* of the interpreter lock; 0: as it is by itself */
    bool no_history;              /* runs are not noted in the history */
    void (*chore)(void *context); /* the caller's, done before every frame; NULL: there is none */
    void *chore_context;
    struct recorder *recorder; /* every run is recorded there, too; NULL: it was not asked for. The caller's */
    struct reel *reel; /* a record to be shown in the place of runs: there are no lists then. NULL: none. The caller's */
};

/* Blocks the signals that the dashboard reads from a descriptor. -1 with errno. */
int app_signals_open(void);
/* Runs the dashboard until q or a signal. The exit code: 0, or 128 + the signal; -1 when the terminal could not be taken over, with the reason. */
int app_run(const struct app_options *options, struct problem *problem);

#endif
