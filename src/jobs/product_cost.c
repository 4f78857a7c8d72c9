/* product_cost.c - about how long GMP takes. See product_cost.h.
 *
 * Measured with GMP 6.2.1 on a Zen EPYC, CPU time: multiplications as they occur in the product trees of 402,624, 1e6, 1e7 and 3e7, the
 * median of nine runs; conversions of random numbers, the best of five. Between two points goes a straight line. Other machines
 * are faster or slower, but in nearly the same ratios, and only these matter for a bar. */
#include "jobs/product_cost.h"

#include <stddef.h>

struct cost_point {
    double limbs;
    double ns;
};

static const struct cost_point multiply_points[] = {
    {0, 10},         {5, 35},        {9, 75},         {18, 280},      {36, 940},      {56, 1.78e3},
    {71, 3.1e3},     {88, 4.3e3},    {111, 5.8e3},    {142, 8.9e3},   {176, 10.7e3},  {284, 23.3e3},
    {352, 29.9e3},   {441, 42.5e3},  {567, 61e3},     {704, 76.5e3},  {881, 108e3},   {1133, 168e3},
    {1407, 196e3},   {1761, 280e3},  {2265, 460e3},   {2814, 566e3},  {3521, 730e3},  {4530, 1.12e6},
    {5627, 1.40e6},  {7041, 1.77e6}, {11254, 3.35e6}, {14083, 3.8e6}, {21130, 5.9e6}, {28164, 8.2e6},
    {42260, 14.2e6}, {56329, 18e6},  {84519, 30.7e6}, {112657, 48e6}, {169038, 71e6}, {338075, 176e6}};
static const struct cost_point decimal_points[] = {
    {0, 100},        {4, 400},       {8, 800},        {16, 1.4e3},     {32, 2.8e3},      {64, 6e3},       {128, 13e3},
    {256, 32.4e3},   {512, 89.8e3},  {1024, 262e3},   {2048, 746e3},   {4096, 2.11e6},   {8192, 5.86e6},  {16384, 15.0e6},
    {32768, 39.1e6}, {65536, 101e6}, {131072, 240e6}, {262144, 560e6}, {524288, 1.34e9}, {1048576, 3.3e9}};

/* Beyond the last point it goes on as it was between the last two. */
static double cost_at(const struct cost_point *points, size_t count, double limbs)
{
    size_t i = 0;
    while (i + 2 < count && points[i + 1].limbs <= limbs)
        i++;
    double part = (limbs - points[i].limbs) / (points[i + 1].limbs - points[i].limbs);
    return points[i].ns + part * (points[i + 1].ns - points[i].ns);
}

double cost_multiply_ns(double limbs)
{
    return cost_at(multiply_points, sizeof multiply_points / sizeof *multiply_points, limbs);
}

double cost_divide_ns(double limbs)
{
    return 2.7 * cost_multiply_ns(limbs); /* 1.9 to 2.9 */
}

double cost_decimal_ns(double limbs)
{
    double alone_ns = cost_at(decimal_points, sizeof decimal_points / sizeof *decimal_points, limbs);
    return 1.15 * alone_ns; /* in place, with memory that is touched for the first time */
}

double cost_limbs(uint64_t limit)
{
    return (double)limit * 1.4427 / 64 + 1; /* the primes' natural logarithms add up to about the limit itself */
}
