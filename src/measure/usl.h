/* usl.h - the Universal Scalability Law fitted to measured throughputs. Pure.
 *
 *     X(N) = lambda N / (1 + sigma (N - 1) + kappa N (N - 1))
 *
 * N. J. Gunther, "A Simple Capacity Model of Massively Parallel Transaction Systems" (CMG 1993) and "Guerrilla Capacity Planning"
 * (Springer 2007). kappa = 0 is Amdahl's law, sigma = kappa = 0 is as many times as fast as there are workers. */
#ifndef MEASURE_USL_H
#define MEASURE_USL_H

#include <stdbool.h>
#include <stddef.h>

enum { USL_POINTS_LEAST = 4, USL_WORDS_BYTES = 320 };

struct usl_point {
    double workers;    /* >= 1 */
    double throughput; /* jobs a second, > 0 */
};

struct usl_fit {
    bool known;
    double lambda;       /* throughput of one worker */
    double sigma;        /* contention, 0 ... 1 */
    double kappa;        /* coherency, >= 0 */
    double peak_workers; /* where throughput is greatest, at least 1; HUGE_VAL: there is no such place */
    double r_squared;    /* of the throughputs; 1: the curve goes through every point. Can be < 0 */
    char words[USL_WORDS_BYTES];
};

/* Least squares of the relative errors, under 0 <= sigma <= 1 and kappa >= 0. Points at fewer than USL_POINTS_LEAST different numbers
 * of workers: not known, and words says so. */
struct usl_fit usl_of(const struct usl_point *points, size_t count);
/* The curve: throughput at so many workers. */
double usl_throughput(const struct usl_fit *fit, double workers);

#endif
