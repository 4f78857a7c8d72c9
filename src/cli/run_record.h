/* run_record.h - what --record of a run is: the run written to a file while it goes on. */
#ifndef CLI_RUN_RECORD_H
#define CLI_RUN_RECORD_H

#include "cli/record_file.h"
#include "cli/run_outputs.h"
#include "juggler/snapshot.h"
#include "measure/machine.h"
#include "measure/sampler.h"
#include "record/recorder.h"

struct run_record {
    struct record_file file;
    struct recorder *recorder; /* NULL: the run is not recorded, or not yet */
    bool lent;                 /* the recorder is somebody else's, who goes on with it */
    int lane;                  /* as in the dashboard */
    struct recorder_machine machine;
    struct usable_cores cores;
    struct machine_load load;
};

/* A record that somebody else has begun; recorder NULL: none. */
void run_record_init(struct run_record *record, struct recorder *recorder);
/* Opens what --record names, when none was begun. outputs: what other files are going to be written. 0, or -1 with the sentence. */
int run_record_open(struct run_record *record, const char *path, const struct run_outputs *outputs, struct problem *problem);
bool run_record_wanted(const struct run_record *record);
/* Nothing has gone wrong by now: the file is begun. 0, or -1 with the sentence. */
int run_record_begin(struct run_record *record, struct problem *problem);
/* The run has started; origin: with the built-in server, of this pace. */
void run_record_start(struct run_record *record, const struct recorder_run *run, const struct snapshot *snapshot,
                      bool origin, unsigned latency_ms, uint64_t rate);
/* To be called with every snapshot; also asks the kernel about the workers. */
void run_record_sample(struct run_record *record, const struct snapshot *snapshot, struct sampler *sampler);
/* "", or why it is not whole. */
const char *run_record_problem(const struct run_record *record);
void run_record_end(struct run_record *record);

#endif
