/* product_fold.c - the article's product: one prime after another onto a number that grows. */
#include <errno.h>

#include "jobs/primes.h"
#include "jobs/product_cost.h"

/* Measured: Zen EPYC, GMP 6.2.1, limits 22,756 to 1e6. */
#define LIMB_NS 0.734
#define CALL_NS 12.0
#define LIMBS_PER_PRIME 0.25

/* What is done between two looks around: short, and with few enough primes that the number hardly grows meanwhile. */
#define STEP_NS 200e3
enum { STEP_PRIMES = 64 };

static int fold_multiply(const struct prime_list *list, mpz_t out, struct pace *pace)
{
    mpz_set_ui(out, 1);
    for (size_t i = 0; i < list->count;) {
        double one_ns = CALL_NS + LIMB_NS * (double)mpz_size(out);
        size_t left = list->count - i;
        size_t step = (size_t)(STEP_NS / one_ns) + 1;
        if (step > STEP_PRIMES)
            step = STEP_PRIMES;
        if (step > left)
            step = left;
        double growth_ns = LIMB_NS * LIMBS_PER_PRIME / 2 * (double)step;
        if (!pace_step(pace, (one_ns + growth_ns) * (double)step))
            return ECANCELED;
        for (size_t end = i + step; i < end; i++)
            mpz_mul_ui(out, out, list->items[i]);
    }
    return 0;
}

static double fold_cost_ns(uint64_t limit)
{
    /* On average it is a little less than half as long as in the end: small primes are denser. */
    double mean = limit < 10 ? 1 : cost_limbs(limit) / 2 * (1 - 0.5 / primes_natural_log((double)limit));
    return primes_about(limit) * (CALL_NS + LIMB_NS * mean);
}

const struct product_row product_fold = {.multiply = fold_multiply, .cost_ns = fold_cost_ns};
