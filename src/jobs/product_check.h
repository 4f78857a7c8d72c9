/* product_check.h - whether a product is right: by its residues modulo three random 61-bit primes. For src/jobs only.
 *
 * The product of the same primes is formed once more, modulo each of the three, and compared with what GMP's number leaves. A number
 * that differs from the true one by d passes only if all three primes divide d. A single wrong limb changes it by less than 2^64 times a
 * power of two, and the three together have more than 180 bits: so it is found every time, not just most likely. */
#ifndef JOBS_PRODUCT_CHECK_H
#define JOBS_PRODUCT_CHECK_H

#include <gmp.h>
#include <stdbool.h>
#include <stdint.h>

#include "jobs/primes.h"

/* True: the product leaves the same residues as all primes of the list, multiplied. */
bool product_check_holds(const uint64_t moduli[PRODUCT_MODULI], const struct prime_list *list, const mpz_t product);
/* About how long that takes, for the bar. */
double product_check_cost_ns(uint64_t limit);

#endif
