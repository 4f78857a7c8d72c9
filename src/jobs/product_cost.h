/* product_cost.h - about how long GMP takes, for the bar. Pure. For src/jobs only. */
#ifndef JOBS_PRODUCT_COST_H
#define JOBS_PRODUCT_COST_H

#include <stdint.h>

/* Nanoseconds for two factors of so many 64-bit limbs each; a difference in their lengths may be averaged out. */
double cost_multiply_ns(double limbs);
/* For twice so many limbs divided by so many. */
double cost_divide_ns(double limbs);
/* For so many limbs written in decimal. */
double cost_decimal_ns(double limbs);
/* Limbs of the product of the primes up to limit. */
double cost_limbs(uint64_t limit);

#endif
