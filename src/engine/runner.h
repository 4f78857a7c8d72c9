/* runner.h - the runner: the process that plays the part of the article's main program. Private to the engine.
 *
 * Forked by the app, one a run. Single-threaded when its backend forks; the only other threads of a thread runner are its workers. It makes
 * workers as the strategy says, joins them, and tells the app through the board. It never draws and never does a job itself. */
#ifndef ENGINE_RUNNER_H
#define ENGINE_RUNNER_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>
#include <time.h>

#include "engine/seat.h"

struct backend;
struct event_loop;
struct flight;

enum { DEATHS_MAX = 3 }; /* a job that was running in so many workers that died is poisoned */
enum { RUNNER_EXIT_UNABLE = 3, WORKER_EXIT_CODE_UNABLE = 9 };

/* What is known of a worker's signs of life (lease.c). */
struct lease {
    uint64_t signs, cpu_ns; /* as they were at the last look */
    uint64_t silent_ns;     /* for so long there has been none; 0: there was one at the last look */
    uint64_t since_ns;      /* and since when that is so */
};

/* One seat, as the runner sees it. The thread in it writes `end` and then `ended`; all else is the runner's. */
struct seat {
    struct runner *runner;
    size_t slot;
    uint32_t generation;
    bool occupied;
    bool asked;    /* the person asked for its death: no job is charged */
    uint64_t jobs; /* that were ended here before this worker */
    bool hung;     /* its lease ran out, and it was killed for it */
    struct lease lease;
    pid_t pid;             /* process backend */
    pthread_t thread;      /* thread backend */
    struct flight *flight; /* loop backend */
    enum seat_end end;
    _Atomic bool ended;
};

struct runner {
    struct crew crew;
    const struct backend *backend;
    struct seat *seats; /* a seat a slot of the board */
    size_t slots;
    size_t reach; /* seats below this number have been in use */
    size_t alive;
    unsigned fruitless; /* workers in a row that could not be made or could not get ready */
    size_t final_hint;
    uint64_t leases_ns;      /* when leases were looked at last */
    int child_fd;            /* signalfd for SIGCHLD; -1: this backend has no children */
    struct event_loop *loop; /* loop backend */
    struct runner_words words;
};

/* A plug-in point: how a worker comes to be. A file each. */
struct backend {
    const char *name;
    enum worker_kind makes;
    /* Once, before the first worker. 0 or an errno. */
    int (*start)(struct runner *runner);
    /* Makes a worker in that seat, which has been prepared. 0 or an errno. */
    int (*make)(struct runner *runner, struct seat *seat);
    /* Collects the workers that have ended, by runner_seat_empty. Never blocks. */
    void (*reap)(struct runner *runner);
    /* Waits until there is something to look at, or so long; empties poke_fd. NULL: the runner waits by itself. */
    void (*wait)(struct runner *runner, int timeout_ms);
    /* The CPU clock of the worker in this seat. 0 or an errno. NULL: it has none of its own, and no lease. */
    int (*cpu_clock)(const struct seat *seat, clockid_t *clock);
    /* Ends the worker in this seat at once, whatever it does; reap finds it. NULL: it shares a process with all others. */
    void (*kill_one)(struct seat *seat);
    /* Ends all workers at once, whatever they do, and collects them. NULL: they die with the runner. */
    void (*kill_all)(struct runner *runner);
};

const struct backend *backend_of(enum backend_kind kind);
extern const struct backend backend_thread;
extern const struct backend backend_process;
extern const struct backend backend_loop;

/* What a forked runner does, to its end. Never returns. app is the pid of the app. */
_Noreturn void runner_main(const struct crew *crew, pid_t app);

/* For backends: the worker of this seat is gone. killed: by that signal (or by leaving with an error when the signal is 0). */
void runner_seat_empty(struct runner *runner, struct seat *seat, enum seat_end end, bool killed, int signal);

/* Every forked process of ours, first thing: dies with its parent, closes what it does not need, keeps its hands off the terminal, can gain
 * no privileges and leaves no core file (a URL's password could be in it).
 * Ends the process when the parent is gone already. */
void child_begin(pid_t parent, const char *name, const int *keep, size_t keep_count);
/* Where root runs this: gives up what child_begin leaves of its capabilities, which is to read and write files of others'. Best effort. */
void child_drop_capabilities(void);
/* Descriptors that a process with so many workers in it may need. */
size_t descriptors_needed(size_t workers);
/* From now on this process can open no more than those of so many workers. Best effort; it can't be undone. Runner, forked worker. */
void child_limit_descriptors(size_t workers);
/* From now on this process gets no more than so many bytes of address space beyond what it has, and some spare for libraries; then malloc
 * fails, and the job with it, before the machine runs out. 0: no limit. Best effort; it can't be undone. Forked worker. */
void child_limit_memory(uint64_t bytes);

#endif
