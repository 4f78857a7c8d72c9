/* primes.h - what the parts of the prime products share: the list of primes, and the two plug-in tables.
 *
 * A KERNEL finds the primes up to a limit, a PRODUCT multiplies them. Each is a row of functions: what it does, and about how long
 * it takes, for the bar (primes_pace.h). A new one is a file and a row in primes.c. All of it runs in one worker; nothing is shared.
 * Functions that return int: 0, an errno, or ECANCELED when the worker was told to stop. For src/jobs only. */
#ifndef JOBS_PRIMES_H
#define JOBS_PRIMES_H

#include <gmp.h>
#include <stddef.h>
#include <stdint.h>

#include "jobs/primes_pace.h"
#include "juggler/job.h"

/* Primes in rising order. Zero-initialise; free with prime_list_free. */
struct prime_list {
    uint64_t *items;
    size_t count;
    size_t room;
};
int prime_list_add(struct prime_list *list, uint64_t prime);
void prime_list_free(struct prime_list *list);

struct kernel_row {
    int (*find)(uint64_t limit, struct prime_list *list, struct pace *pace); /* within the stage PHASE_COMPUTING */
    double (*cost_ns)(uint64_t limit);
};
struct product_row {
    /* within the stage PHASE_MULTIPLYING; out is initialised, and stays the caller's to clear whatever happens */
    int (*multiply)(const struct prime_list *list, mpz_t out, struct pace *pace);
    double (*cost_ns)(uint64_t limit);
};

extern const struct kernel_row kernel_trial;  /* primes_trial.c: the article's */
extern const struct kernel_row kernel_sieve;  /* primes_sieve.c: libprimesieve */
extern const struct product_row product_fold; /* product_fold.c: one prime after another */
extern const struct product_row product_tree; /* product_tree.c: a product tree */

double primes_natural_log(double x); /* x >= 1; good to 1e-9 */
/* About how many primes there are up to limit. Good to 1 % from 10,000 on. */
double primes_about(uint64_t limit);

#endif
