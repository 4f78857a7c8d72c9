/* sentence_private.h - between the files with the rules: what they look at, and the rules themselves. */
#ifndef UI_SENTENCE_PRIVATE_H
#define UI_SENTENCE_PRIVATE_H

#include "juggler/executor.h"
#include "measure/ideal.h"
#include "ui/model.h"

/* What the rules look at, gathered once: the living workers by what they are doing, and where the time went. */
struct counts {
    const struct model_lane *lane;
    const struct snapshot *snap;
    const struct strategy *strategy;
    unsigned cores;
    const char *unit; /* "threads", "processes", "transfers" */
    size_t width;     /* workers at once that the executor asks for and that there are jobs for */
    size_t alive;     /* workers that are here; of these are ... */
    size_t starting;  /* getting ready */
    size_t resolving, connecting, waiting, receiving; /* at the server, one after another; waiting: for the first byte */
    size_t waiting_long, receiving_long;              /* of those: for more than a second */
    size_t backoff, writing;
    size_t running; /* computing, writing: they want a core */
    size_t no_work;
    size_t barrier;           /* done and waiting for their batch; they need not be here any more */
    uint64_t barrier_wait_ns; /* how long the first of them has waited */
    double batch_wait_ns;     /* how long one waited in each of the batches that are over, on average; < 0: there was none */
    size_t died;              /* slot + 1 of the worker that was killed last, in the last seconds; 0: none */
    double gil_share;         /* of the time the interpreter lock was held; < 0: there is none, or it is not known */
    double core_share;        /* of a core that each worker got lately; < 0: not known */
    double ready_share;       /* of its time that it wanted one and had none; < 0: not known */
    struct ideal ideal;       /* of a run that is done */
};

/* Looked up or received, connected to or waited for: whoever of them is at the server. */
size_t counts_at_server(const struct counts *counts);
/* part is at least `percent` % of all, and there is a part. */
bool counts_most(size_t part, size_t all, unsigned percent);
/* Share of all workers' time that went into this column, in percent. */
double counts_percent(const struct counts *counts, enum account_column column);

typedef bool rule_holds(const struct counts *counts);
typedef void rule_says(const struct counts *counts, char *out, size_t room);

/* Each rule NAME is a pair of functions. sentence_run.c: any work; sentence_download.c; sentence_compute.c: primes, the interpreter
 * lock, the counter; sentence_over.c: runs that have ended. */
#define RULE(name)                                                                                                          \
    rule_holds name##_holds;                                                                                                \
    rule_says name##_says

RULE(full);
RULE(paused);
RULE(stopping);
RULE(killed);
RULE(starting);
RULE(batch_waits);
RULE(batch_average);
RULE(few_jobs);
RULE(last_jobs);

RULE(all_failing);
RULE(backoff);
RULE(one_transfer);
RULE(resolving);
RULE(connecting);
RULE(writing);
RULE(gil_free);
RULE(loop);
RULE(first_byte);
RULE(slow_line);
RULE(waiting);

RULE(gil_held);
RULE(mutex);
RULE(counting);
RULE(turns);
RULE(crowded_out);
RULE(one_computes);
RULE(all_compute);

RULE(stopped);
RULE(counter_over);
RULE(all_failed);
RULE(some_failed);
RULE(gil_over);
RULE(batch_over);
RULE(server_over);
RULE(crowded_over);
RULE(one_core_over);
RULE(cores_over);
RULE(longest_over);
RULE(idle_over);
RULE(over);

#undef RULE

/* Why the downloads that failed did: "no server has answered". */
const char *sentence_failure(const struct snapshot *snap, char *out, size_t room);
/* The lock that guards the counter. */
enum counter_lock sentence_lock(const struct snapshot *snap);

#endif
