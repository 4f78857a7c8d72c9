/* product_moduli.h - random primes that products are checked by (product_check.h). No GMP here, for whoever sets a run up needs none. */
#ifndef JOBS_PRODUCT_MODULI_H
#define JOBS_PRODUCT_MODULI_H

#include <stdbool.h>
#include <stdint.h>

#include "juggler/job.h"

/* Different random primes of exactly 61 bits, PRODUCT_POOL of them. 0 or an errno, and then pool[0] is 0. Any process; takes 0.1 ms. */
int product_moduli_choose(uint64_t pool[PRODUCT_POOL]);
/* Three different ones of a pool, by chance. Any process. */
void product_moduli_take(const uint64_t pool[PRODUCT_POOL], uint64_t moduli[PRODUCT_MODULI]);
/* Whether a number below 2^62 is prime: certain, not just likely. */
bool product_moduli_is_prime(uint64_t number);

#endif
