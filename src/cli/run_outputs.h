/* run_outputs.h - what a run leaves beside its result: --trace and --report. */
#ifndef CLI_RUN_OUTPUTS_H
#define CLI_RUN_OUTPUTS_H

#include <stdbool.h>

#include "cli/options.h"
#include "cli/outfile.h"
#include "juggler/report.h"

struct run_outputs {
    struct outfile trace, report; /* those that were asked for are open */
};

/* Whether any was asked for: then the run has to keep its events. */
bool run_outputs_wanted(const struct options *options);
/* Opens what was asked for, before anything starts. 0, or -1 with the reason, and nothing is open. */
int run_outputs_open(struct run_outputs *outputs, const struct options *options, struct problem *problem);
/* Writes them and gives them their names. 0; or -1 with the first reason, and the others are written all the same. */
int run_outputs_write(struct run_outputs *outputs, const struct report_input *input, struct problem *problem);
/* Closes what was not written; nothing of it stays. Fine for those that were never opened. */
void run_outputs_discard(struct run_outputs *outputs);

#endif
