/* product_digits.c - how many digits a large number has, its first and its last ones. See product_digits.h.
 *
 * The first digits are those of number / 10^(count - 12), worked out with PRECISION bits. That falls on the wrong side of a whole number
 * only where the true quotient is nearer to it than the error, and there the exact division decides. */
#include "jobs/product_digits.h"

#include <stdbool.h>

enum {
    SHOWN = 12,
    SMALL_BITS = 512, /* up to here the exact way costs nothing */
    PRECISION = 320,  /* bits of the quotient */
    TRUSTED = 200     /* of these are right, with a lot to spare: powering loses a few bits for each of some 30 squarings */
};
#define SHOWN_POWER UINT64_C(1000000000000) /* 10^SHOWN */

static uint64_t head_exact(const mpz_t number, uint64_t drop)
{
    mpz_t power;
    mpz_init(power);
    mpz_ui_pow_ui(power, 10, drop);
    mpz_tdiv_q(power, number, power);
    uint64_t head = mpz_get_ui(power);
    mpz_clear(power);
    return head;
}

/* Whole part of number / 10^drop, moved up or down by the trusted precision. */
static uint64_t moved_whole(const mpf_t quotient, bool up)
{
    mpf_t step;
    mpf_init2(step, PRECISION);
    mpf_div_2exp(step, quotient, TRUSTED);
    if (up)
        mpf_add(step, quotient, step);
    else
        mpf_sub(step, quotient, step);
    uint64_t whole = mpf_get_ui(step);
    mpf_clear(step);
    return whole;
}

/* Whole part of number / 10^drop; it has 13 digits at most. */
static uint64_t head_of(const mpz_t number, uint64_t drop)
{
    if (mpz_sizeinbase(number, 2) <= SMALL_BITS)
        return head_exact(number, drop);
    mpf_t quotient;
    mpf_t power;
    mpf_init2(quotient, PRECISION);
    mpf_init2(power, PRECISION);
    mpf_set_z(quotient, number);
    mpf_set_ui(power, 10);
    mpf_pow_ui(power, power, drop);
    mpf_div(quotient, quotient, power);
    uint64_t head = moved_whole(quotient, false);
    bool sure = head == moved_whole(quotient, true);
    mpf_clear(power);
    mpf_clear(quotient);
    return sure ? head : head_exact(number, drop);
}

/* GMP's guess is right or one too many. */
struct digits digits_of(const mpz_t number)
{
    uint64_t guess = mpz_sizeinbase(number, 10);
    uint64_t drop = guess > SHOWN ? guess - SHOWN : 0;
    struct digits digits = {.count = guess, .head = head_of(number, drop), .tail = mpz_tdiv_ui(number, SHOWN_POWER)};
    uint64_t least = 1; /* with as many digits as guessed, or SHOWN */
    for (uint64_t i = 1; i < guess && i < SHOWN; i++)
        least *= 10;
    if (digits.head >= least)
        return digits;
    digits.count--;
    if (drop)
        digits.head = head_of(number, drop - 1);
    return digits;
}
