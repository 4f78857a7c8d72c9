/* workload.h - one kind of work made ready to run: its inputs checked, its output folder open, its executor chosen.
 *
 *     workload_init (reads and checks; starts nothing) -> workload_open (folder) -> workload_redirect (to the origin) -> runs -> workload_free
 *
 * Everything that is wrong with what the person asked for is found by workload_init and workload_open's folder: exit code 2. */
#ifndef CLI_WORKLOAD_H
#define CLI_WORKLOAD_H

#include <stdbool.h>
#include <stdint.h>

#include "cli/options.h"
#include "jobs/inputs.h"
#include "juggler/executor.h"

struct problem;

enum { WORKLOAD_PATH_BYTES = 4096, WORKLOAD_PREFIX_BYTES = 48 };

struct workload {
    struct inputs inputs;
    struct job_set set; /* for run_start */
    struct executor executor;
    struct counter *counter;          /* of WORK_COUNTER; owned here */
    bool builtin;                     /* its URLs are to be led to the built-in origin */
    bool is_sample;                   /* nothing was named: the sample list */
    const char *output;               /* the folder that was named; NULL: none was */
    bool temporary;                   /* the folder is ours, and goes at the end */
    char folder[WORKLOAD_PATH_BYTES]; /* "": none. Chosen by workload_init, made by workload_open */
    char prefix[WORKLOAD_PREFIX_BYTES];
    char name[96]; /* what the list is, fit to show: "the article's 20 images", "urls.txt" */
};

/* Reads the inputs (or the sample list in data_dir; with times > 1 every sample limit is multiplied by it), chooses the executor. 0; or -1
 * with the sentence. Call workload_free in either case. */
int workload_init(struct workload *workload, enum work work, const struct work_options *options, unsigned times,
                  unsigned usable_cores, const char *data_dir, struct problem *problem);
/* The counter, which has no inputs: so many jobs; 0: as many as the executor has workers at once, 4 where it takes the jobs as they are.
 * A comparison, in which every executor is to do the same, says how many. workload_init(WORK_COUNTER) is this with 0. */
int workload_init_counter(struct workload *workload, const struct work_options *options, unsigned counter_jobs,
                          unsigned usable_cores, struct problem *problem);
/* The same for n synthetic files of the built-in origin. */
int workload_init_synthetic(struct workload *workload, const struct work_options *options, unsigned files,
                            struct problem *problem);
/* Whether such work needs the sample data: the sample list, or the built-in origin's images. */
bool workload_needs_data(enum work work, const struct work_options *options);
/* Opens the output folder (made when it is missing; downloads without one get a temporary folder). 0 or -1. */
int workload_open(struct workload *workload, struct problem *problem);
/* Leads the URLs to the built-in origin. 0 or -1. */
int workload_redirect(struct workload *workload, uint16_t port, struct problem *problem);
/* With --sync: the names of all files that are there now are on the disk when this returns. 0 or an errno. */
int workload_sync(const struct workload *workload);
/* Closes and, where the folder is temporary, removes it. */
void workload_free(struct workload *workload);

#endif
