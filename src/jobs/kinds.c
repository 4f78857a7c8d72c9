/* kinds.c - the kinds of work there are. A new one is a row here and a table of functions in a file of its own. */
#include "juggler/job.h"

extern const struct job_kind job_kind_download; /* download.c */
extern const struct job_kind job_kind_primes;   /* primes.c */
extern const struct job_kind job_kind_counter;  /* counter.c */

const struct job_kind *job_kind_of(enum work work)
{
    static const struct job_kind *const kinds[WORK_COUNT] = {
        [WORK_DOWNLOAD] = &job_kind_download,
        [WORK_PRIMES] = &job_kind_primes,
        [WORK_COUNTER] = &job_kind_counter,
    };
    return (unsigned)work < WORK_COUNT ? kinds[work] : NULL;
}
