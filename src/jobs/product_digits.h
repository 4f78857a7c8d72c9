/* product_digits.h - a large number in decimal: the little that is shown of it, or all of it. For src/jobs only. */
#ifndef JOBS_PRODUCT_DIGITS_H
#define JOBS_PRODUCT_DIGITS_H

#include <gmp.h>
#include <stddef.h>
#include <stdint.h>

#include "jobs/primes_pace.h"

struct digits {
    uint64_t count; /* decimal digits */
    uint64_t head;  /* the first 12, or all of them */
    uint64_t tail;  /* the last 12, leading zeros implied */
};
/* Exact, for numbers from 1 on; cheap, because the number is not converted. */
struct digits digits_of(const mpz_t number);

/* All digits and one newline. Owned by the caller: product_memory_free(block). */
struct digits_text {
    char *block;
    const char *start; /* in block */
    size_t bytes;      /* the newline included; no NUL behind it */
};
/* Within the stage PHASE_CONVERTING of cost digits_text_cost_ns. count is digits_of's. 0, ENOMEM or ECANCELED, and then there is no block. */
int digits_text(const mpz_t number, uint64_t count, struct pace *pace, struct digits_text *out);
double digits_text_cost_ns(double limbs);

#endif
