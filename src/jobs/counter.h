/* counter.h - the memory of the shared counter, and its jobs. What is done with it: counter.c. */
#ifndef JOBS_COUNTER_H
#define JOBS_COUNTER_H

#include <stdint.h>

#include "jobs/inputs.h"
#include "juggler/job.h"

struct problem;

/* Makes a counter that stands at 0: plain private memory of the app, for job_set.options.counter. Every runner forked later begins with a
 * copy that stands at 0, whatever runs before it did. NULL with errno set when there is no memory. App; tests. */
struct counter *counter_new(void);
/* Adds a job that adds one `adds` times; in reports it is "1,000,000 adds". 0, or -1 with the reason. App. */
int counter_add_job(struct inputs *inputs, uint64_t adds, struct problem *problem);
/* Frees it. NULL is fine. Once no run that was given it is left. App; tests. */
void counter_free(struct counter *counter);
/* What it reads in the calling process. Any thread. */
uint64_t counter_value(const struct counter *counter);

#endif
