/* montgomery.h - products modulo an odd number without a division: Montgomery's method (1985), for moduli below 2^62. Pure. For src/jobs only.
 *
 * With R = 2^64, a product a b comes out as a b / R: two multiplications instead of a division that takes ten times as long. Whoever
 * multiplies w times gets 1 / R^w too much and makes up for it once, at the end. */
#ifndef JOBS_MONTGOMERY_H
#define JOBS_MONTGOMERY_H

#include <stdint.h>

__extension__ typedef unsigned __int128 montgomery_wide; /* GCC's and clang's; C17 has nothing of that width */

struct montgomery {
    uint64_t modulus;
    uint64_t inverse; /* -1 / modulus, modulo R */
    uint64_t one;     /* R modulo the modulus: what stands for 1 */
    uint64_t square;  /* R R */
};

/* a b / R; a b has to be less than R times the modulus. */
static inline uint64_t montgomery_times(const struct montgomery *by, uint64_t a, uint64_t b)
{
    montgomery_wide product = (montgomery_wide)a * b;
    uint64_t multiple = (uint64_t)product * by->inverse;
    uint64_t rest = (uint64_t)((product + (montgomery_wide)multiple * by->modulus) >> 64);
    return rest >= by->modulus ? rest - by->modulus : rest;
}

/* The inverse by Newton's iteration: an odd number is its own modulo 8, and every turn doubles the bits that are right. */
static inline struct montgomery montgomery_of(uint64_t modulus)
{
    uint64_t inverse = modulus;
    for (int right_bits = 3; right_bits < 64; right_bits *= 2)
        inverse *= 2 - modulus * inverse;
    struct montgomery by = {.modulus = modulus, .inverse = -inverse, .one = -modulus % modulus};
    by.square = (uint64_t)((montgomery_wide)by.one * by.one % modulus);
    return by;
}

/* base and the result stand for themselves times R. */
static inline uint64_t montgomery_power(const struct montgomery *by, uint64_t base, uint64_t exponent)
{
    uint64_t power = by->one;
    for (; exponent; exponent >>= 1) {
        if (exponent & 1)
            power = montgomery_times(by, power, base);
        base = montgomery_times(by, base, base);
    }
    return power;
}

#endif
