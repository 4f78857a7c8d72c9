/* product_fold.c - the article's product: one prime after another onto a number that grows. */
#include <errno.h>

#include "jobs/primes.h"
#include "jobs/product_cost.h"

/* Measured: Zen EPYC, GMP 6.2.1, limits 22,756 to 1e6. */
#define LIMB_NS 0.734
#define CALL_NS 12.0
#define STEP_NS 200e3 /* so many nanoseconds of multiplications make one step */

static int fold_multiply(const struct prime_list *list, mpz_t out, struct pace *pace)
{
    mpz_set_ui(out, 1);
    for (size_t i = 0; i < list->count;) {
        double one_ns = CALL_NS + LIMB_NS * (double)mpz_size(out);
        size_t left = list->count - i;
        size_t step = (size_t)(pace->total_ns * 0.02 < STEP_NS ? pace->total_ns * 0.02 / one_ns : STEP_NS / one_ns) + 1;
        if (step > left)
            step = left;
        if (!pace_step(pace, one_ns * (double)step))
            return ECANCELED;
        for (size_t end = i + step; i < end; i++)
            mpz_mul_ui(out, out, list->items[i]);
    }
    return 0;
}

static double fold_cost_ns(uint64_t limit)
{
    double primes = primes_about(limit);
    return primes * (CALL_NS + LIMB_NS * cost_limbs(limit) / 2);
}

const struct product_row product_fold = {.multiply = fold_multiply, .cost_ns = fold_cost_ns};
