/* reel.h - reads a record: how everything stood at any moment of it.
 *
 * Nothing in a record is trusted. Opening it goes through all of it once, chunk by chunk: lengths, checksums, and everything that a chunk says
 * are checked, and the first thing that is wrong ends the part that is shown; reel_damage says so in a sentence. What is kept is a list of the
 * chunks, which is smaller than the file. A look at a moment begins at the last whole sample before it (there is
 * one every few seconds) and goes on from there, or from where the last look was.
 *
 *     reel_open_* -> { reel_look, ... }* -> reel_close
 *
 * Between two samples, which are a tenth of a second apart, changes of phase and ends of jobs are shown at their own times, for those are known
 * exactly; other figures stand still. Needs nothing of the program but this folder, measure/timeline.h and the tables of words: no run, no
 * screen. Called by one thread. */
#ifndef RECORD_REEL_H
#define RECORD_REEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "juggler/snapshot.h"
#include "measure/machine.h"
#include "measure/timeline.h"

struct problem;
struct reel;

/* A run of the record. Texts are fit to show, "" where there is none. */
struct reel_run {
    unsigned number; /* from 1, in the order of their beginnings */
    int lane;
    enum work work;
    struct executor executor; /* as it began */
    unsigned usable_cores;
    size_t jobs;
    bool builtin;
    const char *list, *output_dir, *cores;
    uint64_t begin_ns, end_ns; /* of what is known of it */
    bool over;                 /* it came to its end, and the record has it */
};

/* A record in memory, which has to stay as it is until reel_close; or in a file, read where it is needed, whose descriptor becomes the
 * reel's and is closed on failure, too; or by its name. NULL with a sentence: it is no record, or holds no run that could be shown. */
struct reel *reel_open_bytes(const void *bytes, size_t count, struct problem *problem);
struct reel *reel_open_fd(int fd, struct problem *problem);
struct reel *reel_open_file(const char *path, struct problem *problem);
void reel_close(struct reel *reel); /* NULL is fine */

/* "", or where the record is damaged or cut off, in a sentence. */
const char *reel_damage(const struct reel *reel);
uint64_t reel_begin_ns(const struct reel *reel);
uint64_t reel_end_ns(const struct reel *reel); /* of the sound part */
size_t reel_runs(const struct reel *reel);
const struct reel_run *reel_run(const struct reel *reel, size_t index);

/* A run at a moment. The pointers stay valid until the next look at this lane. */
struct reel_view {
    const struct reel_run *run; /* NULL: none had begun in this lane by then */
    struct snapshot snap;
    const struct task_state *tasks;  /* the kernel's word on each slot */
    const struct timeline *timeline; /* up to that moment */
    uint64_t sampled_every_ns;
    bool disturbed;
};
/* The lane at that moment: the last run that began there. 0, or -1 when there was no memory or the file cannot be read any more. */
int reel_look(struct reel *reel, int lane, uint64_t time_ns, struct reel_view *out);
/* The same for a run, whatever came after it. */
int reel_look_at_run(struct reel *reel, size_t index, uint64_t time_ns, struct reel_view *out);

/* The nearest moment after (before) that one at which something changed in either lane; 0: none. */
uint64_t reel_next_event(struct reel *reel, uint64_t time_ns);
uint64_t reel_last_event(struct reel *reel, uint64_t time_ns);

/* The top line at a moment. quota_file stays valid until the next call. */
struct reel_machine {
    struct machine_load load;
    struct usable_cores cores;
    unsigned processes;
    bool origin_running;
    unsigned origin_latency_ms;
    uint64_t origin_rate;
};
bool reel_machine(struct reel *reel, uint64_t time_ns, struct reel_machine *out); /* false: not known */

#endif
