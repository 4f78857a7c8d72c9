/* compare.h - the same work under several executors, measured so that the figures may be compared.
 *
 * Rounds are interleaved: every round runs each executor once, in an order shuffled anew by the seed, so that what disturbs the machine
 * for a while disturbs all alike. The first round warms up (disk cache, libraries) and counts for nothing. A line tells median, least and
 * most of its runs, never a mean, which one disturbed run would move.
 *
 *     compare_start -> { compare_tick, compare_look }* -> compare_free
 *
 * Called in the app only, from its one thread; like a run it never waits. Errors of a single run are in its line. */
#ifndef JUGGLER_COMPARE_H
#define JUGGLER_COMPARE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "juggler/executor.h"
#include "juggler/snapshot.h"

struct compare;
struct origin;
struct problem;

enum { COMPARE_EXECUTORS_MAX = 32, COMPARE_ROUNDS_MAX = 100, COMPARE_NOTES_MAX = 12, COMPARE_TEXT_BYTES = 320 };

struct compare_options {
    const struct job_set *set;                        /* stays the caller's; must outlive the comparison */
    const char *list_name;                            /* fit to show */
    struct executor executors[COMPARE_EXECUTORS_MAX]; /* in the order of the lines */
    size_t count;
    unsigned rounds; /* that count, 1 ... COMPARE_ROUNDS_MAX */
    uint64_t seed;   /* not 0 */
    bool sweep;      /* the executors are one at several widths: fit a scaling law */
    bool article;    /* they are compare_article's: a note says what the number of jobs left out of it */
    bool controls;   /* measure pure waiting and pure computing with and without the GIL, too */
    unsigned usable_cores;
    uint64_t lease_ns;           /* as of struct run_options */
    uint64_t switch_interval_ns; /* 0: 5 ms */
    const struct origin *origin; /* asked how late its first bytes came; NULL: none */
};

/* One run. Seconds < 0, bytes 0: not known. */
struct compare_run {
    unsigned round;    /* 0: the warm-up */
    unsigned position; /* when in its round, from 0 */
    bool ended;        /* false: it is going on, and wall_s is so far */
    enum run_state state;
    double wall_s;
    double cpu_s;    /* of all its processes */
    double sum_s;    /* of its jobs, one after another */
    double lock_s;   /* its workers' waiting for a lock, together */
    double ready_s;  /* for a core */
    double serial_s; /* before the first job began and after the last one ended */
    double make_s;   /* making one worker, the caller's side: pthread_create, fork */
    double load;     /* of the machine just before it, in cores that were busy with other things */
    struct memory_figures memory;
    size_t jobs, done, failed; /* failed: poisoned too */
    uint64_t bytes;
    uint64_t expected, got; /* counter */
};

/* One executor's line. Seconds and ratios < 0: not known (yet). */
struct compare_line {
    struct executor executor;       /* its width as it was: for ...-each the number of jobs */
    const struct compare_run *runs; /* those that count and have ended, in the order of their rounds: not the warm-up's;
                                       owned by the comparison */
    size_t count;
    double median_s, min_s, max_s;
    double speedup;     /* the median of `sequential` / this one's; < 0: `sequential` is not among them. In a
                                          sweep without it, of the line with one worker */
    size_t workers;     /* at once */
    double efficiency;  /* speedup / workers */
    bool told;          /* `different` is known: this line and the first have two runs or more, and no failed job */
    bool different;     /* its spread and the first line's do not overlap. The first: false */
    bool winner;        /* its slowest run was faster than the fastest of every other, by at least 1 % of its median;
                                          only when all is over */
    double best_s;      /* the best possible with so many workers, from measured parts */
    double of_possible; /* best_s / median_s, at most 1 */
    char best_why[COMPARE_TEXT_BYTES]; /* what best_s assumes, a sentence */
    double cpu_s, lock_s, make_s;      /* medians */
    struct memory_figures memory;      /* of the run in the middle */
    size_t failed;                     /* jobs, in all its runs */
    uint64_t adds, lost; /* counter: in all its runs, those that were made and those that the parent's counter has not */
    bool running;        /* it is the one that is measured this moment */
    double so_far_s;     /* of that run; < 0: it is not running */
    char problem[COMPARE_TEXT_BYTES]; /* "" or why it could not be run */
};

/* The Universal Scalability Law (Gunther 1993): X(N) = lambda N / (1 + sigma (N - 1) + kappa N (N - 1)). */
struct compare_fit {
    bool known;
    double lambda;       /* throughput of one worker, jobs a second */
    double sigma;        /* contention: the share that is done one at a time, 0 ... 1 */
    double kappa;        /* coherency: what each pair of workers costs, >= 0 */
    double peak_workers; /* where throughput is greatest; HUGE_VAL: it only grows towards a ceiling */
    double r_squared;
    char words[COMPARE_TEXT_BYTES]; /* what it says; or why there is none: too few points */
};

/* Pure waiting and pure computing, N threads, with and without the GIL: between these two every real work lies. */
struct compare_control {
    bool known;
    unsigned threads;
    double free_s, gil_s; /* medians */
    char words[COMPARE_TEXT_BYTES];
};

struct compare_view {
    enum work work;
    const char *list_name;
    unsigned rounds, round; /* the round going on; 0: the warm-up */
    uint64_t seed;
    unsigned usable_cores;
    size_t runs_done, runs_all; /* the warm-up's and the controls' too */
    bool over;                  /* nothing more will come */
    bool stopped;               /* it was told to stop before its end */
    const struct compare_line *lines;
    size_t count;
    bool sweep;
    struct compare_fit fit;
    bool controls;
    struct compare_control waiting, computing;
    const struct snapshot *running;   /* of the run going on, where it is one of the lines'; NULL: none */
    char verdict[COMPARE_TEXT_BYTES]; /* who won and by how much, or "no real difference", a sentence; "" before the end */
    const char *notes[COMPARE_NOTES_MAX]; /* what disturbed it */
    size_t notes_count;
};

/* The article's own list for a kind of work, in its order, then what it left out. Returns how many. */
size_t compare_article(enum work work, unsigned usable_cores, size_t jobs, struct executor out[COMPARE_EXECUTORS_MAX]);
/* Whether it could be started. 0, or -1 with the reason. Starts nothing. */
int compare_check(const struct compare_options *options, struct problem *problem);
/* Copies the options; starts the first run. NULL with the reason. */
struct compare *compare_start(const struct compare_options *options, struct problem *problem);
/* Looks after the run going on, and starts the next when it is over. Call it when compare_pidfd is readable, and ten times a second. */
void compare_tick(struct compare *compare);
/* Poll this for POLLIN: the run that is going on, or the moment of quiet before the next one; -1: none. It changes with every tick. */
int compare_pidfd(const struct compare *compare);
/* Gives up: the run going on is ended at once and counts for nothing. */
void compare_stop(struct compare *compare);
/* Everything it knows. Pointers in it stay valid until the next call. */
void compare_look(struct compare *compare, struct compare_view *out);
/* Ends what is going on; frees all. NULL is fine. */
void compare_free(struct compare *compare);

#endif
