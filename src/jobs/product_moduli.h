/* product_moduli.h - the primes that products are checked by (product_check.h). Apart from it, because whoever sets a run up needs no GMP. */
#ifndef JOBS_PRODUCT_MODULI_H
#define JOBS_PRODUCT_MODULI_H

#include <stdint.h>

#include "juggler/job.h"

/* Three different random primes of exactly 61 bits. 0 or an errno, and then moduli[0] is 0. Any process; costs some 0.2 ms. */
int product_moduli_choose(uint64_t moduli[PRODUCT_MODULI]);

#endif
