/* control.h - two kinds of work that are pure: nothing but waiting, nothing but computing.
 *
 * Between them every real work lies, so they show what an executor, or an interpreter lock, does to either. A job's `limit` is how much:
 * milliseconds to wait, or rounds of CONTROL_ROUND_STEPS steps of arithmetic to compute (the same work on any machine; some 10 us). */
#ifndef JOBS_CONTROL_H
#define JOBS_CONTROL_H

#include "juggler/job.h"

enum { CONTROL_ROUND_STEPS = 10000 };

/* Their `work` is WORK_PRIMES, for tables that want one; their names tell them apart. Their results have nothing but times. */
extern const struct job_kind job_kind_wait;
extern const struct job_kind job_kind_compute;

#endif
