/* product_cost.c - about how long GMP takes. See product_cost.h.
 *
 * Measured with GMP 6.2.1 on a Zen EPYC: random factors, CPU time, the best of five, at powers of two; between them a straight line.
 * Other machines are faster or slower, but in nearly the same ratios, and only these matter for a bar. */
#include "jobs/product_cost.h"

#include <stddef.h>

struct cost_point {
    double limbs;
    double multiply_ns;
    double decimal_ns;
};

static const struct cost_point points[] = {
    {0, 10, 100},           {4, 25, 400},          {8, 58, 800},           {16, 201, 1.4e3},        {32, 647, 2.8e3},
    {64, 1.67e3, 6e3},      {128, 5.2e3, 13e3},    {256, 13.7e3, 32.4e3},  {512, 37.5e3, 89.8e3},   {1024, 103e3, 262e3},
    {2048, 265e3, 746e3},   {4096, 660e3, 2.11e6}, {8192, 1.70e6, 5.86e6}, {16384, 3.79e6, 15.0e6}, {32768, 8.91e6, 39.1e6},
    {65536, 20.8e6, 101e6}, {131072, 46e6, 240e6}, {262144, 98e6, 560e6},  {524288, 225e6, 1.34e9}, {1048576, 468e6, 3.3e9},
};
enum { POINTS = sizeof points / sizeof *points };

/* The two points to go between; beyond the last it goes on as it was. */
static size_t point_below(double limbs)
{
    size_t below = 0;
    while (below + 2 < POINTS && points[below + 1].limbs <= limbs)
        below++;
    return below;
}

static double part_of(size_t below, double limbs)
{
    return (limbs - points[below].limbs) / (points[below + 1].limbs - points[below].limbs);
}

double cost_multiply_ns(double limbs)
{
    size_t i = point_below(limbs);
    return points[i].multiply_ns + part_of(i, limbs) * (points[i + 1].multiply_ns - points[i].multiply_ns);
}

double cost_divide_ns(double limbs)
{
    return 2.4 * cost_multiply_ns(limbs);
}

double cost_decimal_ns(double limbs)
{
    size_t i = point_below(limbs);
    return points[i].decimal_ns + part_of(i, limbs) * (points[i + 1].decimal_ns - points[i].decimal_ns);
}

double cost_limbs(uint64_t limit)
{
    return (double)limit * 1.4427 / 64 + 1; /* the primes' natural logarithms add up to about the limit itself */
}
