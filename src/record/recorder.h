/* recorder.h - writes a record while the runs go on: everything that is needed to show them again, at any moment of theirs.
 *
 *     recorder_open -> { recorder_begin -> recorder_sample* }* -> recorder_close
 *
 * It is written as it goes, into the file itself: what has been written by the time the program is killed is a record up to there. Nothing
 * here waits for anything but the file. A sample is taken every tenth of a second (a young run: more often), and never so often that
 * writing would take more than a hundredth of the time, so it slows nothing, however many workers there are. When the file
 * cannot be written any more, it is cut to its last whole chunk, the recorder says why, and takes nothing more. Called in the app only. */
#ifndef RECORD_RECORDER_H
#define RECORD_RECORDER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "juggler/snapshot.h"
#include "measure/machine.h"

struct problem;
struct recorder;

/* What a recorder cannot see in a snapshot of a run. Strings may be NULL; copied. */
struct recorder_run {
    int lane;               /* 0 or 1: where it stands on the screen */
    const char *list;       /* the name of its list, fit to show */
    const char *output_dir; /* where its files are kept */
    const char *cores;      /* which limit gives the usable cores, in words */
    bool builtin;           /* from the built-in server */
};

/* How the machine is, for the top line. */
struct recorder_machine {
    uint64_t now_ns; /* not before the snapshots that were sampled already */
    const struct machine_load *load;
    const struct usable_cores *cores;
    unsigned processes; /* 0: not known */
    bool origin_running;
    unsigned origin_latency_ms;
    uint64_t origin_rate;
};

/* Writes to this descriptor, from where it stands; it becomes the recorder's. NULL with the reason; it is closed then, too. */
struct recorder *recorder_open(int fd, struct problem *problem);
/* Writes that nothing follows, and closes. NULL is fine. */
void recorder_close(struct recorder *recorder);

/* A run begins; the one before it in its lane is over. The snapshot's set has to outlive the last sample of the run. */
void recorder_begin(struct recorder *recorder, const struct recorder_run *run, const struct snapshot *snapshot);
/* Whether it is time for a sample of the lane's run: by the clock, or because it has just come to its end. Cheap. */
bool recorder_is_due(const struct recorder *recorder, int lane, const struct snapshot *snapshot);
/* Takes one. The snapshot's journal has to have every event. tasks: the kernel's word on each slot, NULL: not known. */
void recorder_sample(struct recorder *recorder, int lane, const struct snapshot *snapshot, const struct task_state *tasks,
                     uint64_t sampled_every_ns, bool disturbed);
/* Twice a second. */
bool recorder_machine_is_due(const struct recorder *recorder, uint64_t now_ns);
void recorder_machine(struct recorder *recorder, const struct recorder_machine *machine);

/* "", or why nothing is written any more. */
const char *recorder_problem(const struct recorder *recorder);
int recorder_fd(const struct recorder *recorder);

#endif
