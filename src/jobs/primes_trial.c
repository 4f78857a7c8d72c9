/* primes_trial.c - the kernel of the article: divide i by every j from 2 to i/2 until one divides.
 *
 * Slow on purpose: it is the CPU-bound work that the lesson is about. The loop itself is as tight as it can be, and stops every
 * STRIDE divisions, also in the middle of one number, to say how far it is and to hear whether it should go on. */
#include <errno.h>

#include "jobs/primes.h"

enum { STRIDE = 1 << 18 }; /* 0.4 ms */

/* Measured: Zen EPYC, gcc 12 -O2, limits 22,756 to 402,624. Numbers from 2^32 on need the wider division. */
#define DIVISION_NS 1.68
#define WIDE_DIVISION_NS 2.9

/* The first j in from ... stop - 1 that divides number; stop when none does. */
static uint64_t search(uint64_t number, uint64_t from, uint64_t stop)
{
    if (number > UINT32_MAX) {
        while (from < stop && number % from)
            from++;
        return from;
    }
    uint32_t small = (uint32_t)number;
    uint32_t j = (uint32_t)from;
    uint32_t end = (uint32_t)stop;
    while (j < end && small % j)
        j++;
    return j;
}

struct trial {
    struct pace *pace;
    uint64_t left; /* divisions until the next step */
};

/* 1: prime, 0: not, -1: told to stop. */
static int is_prime(struct trial *trial, uint64_t number)
{
    uint64_t end = number / 2 + 1;
    for (uint64_t j = 2; j < end;) {
        uint64_t stop = end - j < trial->left ? end : j + trial->left;
        uint64_t found = search(number, j, stop);
        if (found < stop) {
            trial->left -= found - j;
            return 0;
        }
        trial->left -= stop - j;
        j = stop;
        if (!trial->left) {
            trial->left = STRIDE;
            if (!pace_step(trial->pace, STRIDE * (number > UINT32_MAX ? WIDE_DIVISION_NS : DIVISION_NS)))
                return -1;
        }
    }
    return 1;
}

static int trial_find(uint64_t limit, struct prime_list *list, struct pace *pace)
{
    struct trial trial = {.pace = pace, .left = STRIDE};
    if (!pace_step(pace, STRIDE * DIVISION_NS))
        return ECANCELED;
    for (uint64_t number = 2; number <= limit; number++) {
        int prime = is_prime(&trial, number);
        int error = prime < 0 ? ECANCELED : prime ? prime_list_add(list, number) : 0;
        if (error)
            return error;
    }
    return 0;
}

/* Nearly all of it goes into the primes, p / 2 divisions each; their sum up to n is about li(n^2). What divides the others is
 * found after about four divisions. */
static double trial_cost_ns(uint64_t limit)
{
    if (limit < 3)
        return 10;
    double n = (double)limit;
    double log = 2 * primes_natural_log(n);
    double sum = n * n / log * (1 + 1 / log + 2 / (log * log) + 6 / (log * log * log));
    return (sum / 2 + 4 * n) * (limit > UINT32_MAX ? WIDE_DIVISION_NS : DIVISION_NS);
}

const struct kernel_row kernel_trial = {.find = trial_find, .cost_ns = trial_cost_ns};
