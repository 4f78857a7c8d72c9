/* test_usl.c - the scaling law fitted to curves whose parameters are known, exact and with noise. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "measure/usl.h"

enum { POINTS_MAX = 16 };

static const double WIDTHS[] = {1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64};
static const size_t WIDTHS_COUNT = sizeof WIDTHS / sizeof *WIDTHS;

static double law(double lambda, double sigma, double kappa, double n)
{
    return lambda * n / (1 + sigma * (n - 1) + kappa * n * (n - 1));
}

/* The first `count` widths; each throughput off by at most `noise` of itself. */
static struct usl_fit fit_of(double lambda, double sigma, double kappa, size_t count, double noise)
{
    struct usl_point points[POINTS_MAX];
    for (size_t i = 0; i < count; i++) {
        double off = noise * (2.0 * rand() / RAND_MAX - 1);
        points[i] = (struct usl_point){.workers = WIDTHS[i], .throughput = law(lambda, sigma, kappa, WIDTHS[i]) * (1 + off)};
    }
    return usl_of(points, count);
}

static void assert_near(double value, double wanted, double most)
{
    if (!(fabs(value - wanted) <= most))
        fail_msg("%.9g is not %.9g within %.3g", value, wanted, most);
}

static void test_exact_curves_give_their_parameters(void **state)
{
    static const struct {
        double lambda, sigma, kappa;
    } CURVES[] = {{20, 0.04, 0.0018}, {1000, 0.02, 0.0001}, {0.5, 0.3, 0.02},
                  {7, 0, 0.001},      {3, 0.9, 0.001},      {1e6, 0.001, 1e-6}};
    (void)state;
    for (size_t i = 0; i < sizeof CURVES / sizeof *CURVES; i++)
        for (size_t count = USL_POINTS_LEAST; count <= WIDTHS_COUNT; count++) {
            struct usl_fit fit = fit_of(CURVES[i].lambda, CURVES[i].sigma, CURVES[i].kappa, count, 0);
            assert_true(fit.known);
            assert_near(fit.lambda / CURVES[i].lambda, 1, 1e-6);
            assert_near(fit.sigma, CURVES[i].sigma, 1e-6);
            assert_near(fit.kappa, CURVES[i].kappa, 1e-7);
            assert_near(fit.r_squared, 1, 1e-9);
            assert_near(fit.peak_workers, sqrt((1 - CURVES[i].sigma) / CURVES[i].kappa),
                        1e-3 * sqrt((1 - CURVES[i].sigma) / CURVES[i].kappa));
        }
}

static void test_the_peak_is_where_the_curve_is_highest(void **state)
{
    (void)state;
    struct usl_fit fit = fit_of(20, 0.04, 0.0018, 8, 0);
    double peak = usl_throughput(&fit, fit.peak_workers);
    assert_near(fit.peak_workers, 23.094, 0.001);
    for (double n = 1; n < 100; n += 0.5)
        assert_true(usl_throughput(&fit, n) <= peak + 1e-9);
    assert_non_null(strstr(fit.words, "about 23 workers"));
    assert_non_null(strstr(fit.words, "the curve fits well, r^2 1.00"));
    assert_non_null(strstr(fit_of(20, 0.04, 0.0454, 8, 0).words, "at about 4.6 workers"));
    assert_non_null(strstr(fit.words, "4.0 % of the work is done one at a time (contention)"));
    assert_non_null(strstr(fit.words, "0.18 % (coherency)"));
    assert_non_null(strstr(fit.words, "at most 16 were tried")); /* the peak lies beyond what was measured */
}

static void test_perfectly_linear(void **state)
{
    (void)state;
    struct usl_fit fit = fit_of(12.5, 0, 0, 8, 0);
    assert_true(fit.known);
    assert_near(fit.lambda, 12.5, 1e-6);
    assert_near(fit.sigma, 0, 1e-9);
    assert_true(fit.kappa == 0 && fit.peak_workers == HUGE_VAL);
    assert_non_null(strstr(fit.words, "each worker adds as much as the first"));
}

/* Amdahl: no coherency, a share that is done one at a time; there is a ceiling, and no peak. */
static void test_amdahl(void **state)
{
    (void)state;
    struct usl_fit fit = fit_of(10, 0.25, 0, 8, 0);
    assert_near(fit.sigma, 0.25, 1e-6);
    assert_true(fit.kappa == 0 && fit.peak_workers == HUGE_VAL);
    assert_non_null(strstr(fit.words, "25 % of the work"));
    assert_non_null(strstr(fit.words, "more than 4 times as fast as one"));
}

static void test_purely_serial(void **state)
{
    (void)state;
    struct usl_fit fit = fit_of(10, 1, 0, 6, 0);
    assert_true(fit.known);
    assert_near(fit.sigma, 1, 1e-9);
    assert_near(fit.kappa, 0, 1e-9);
    assert_true(fit.peak_workers == 1);
    assert_non_null(strstr(fit.words, "more than one worker does not help"));
    assert_near(fit.r_squared, 1, 1e-9);
}

/* Faster than linear, slower than serial: neither parameter leaves its range. */
static void test_the_bounds_hold(void **state)
{
    (void)state;
    struct usl_point better[6], worse[6];
    for (size_t i = 0; i < 6; i++) {
        better[i] = (struct usl_point){.workers = WIDTHS[i], .throughput = pow(WIDTHS[i], 1.2)};
        worse[i] = (struct usl_point){.workers = WIDTHS[i], .throughput = pow(WIDTHS[i], -0.7)};
    }
    struct usl_fit fit = usl_of(better, 6);
    assert_true(fit.known && fit.sigma >= 0 && fit.kappa >= 0 && fit.peak_workers == HUGE_VAL);
    assert_near(fit.sigma, 0, 1e-12);
    const struct usl_point scattered[] = {{1, 5}, {2, 1}, {3, 9}, {4, 1}, {5, 8}};
    assert_non_null(strstr(usl_of(scattered, 5).words, "fits poorly, r^2 "));
    fit = usl_of(worse, 6);
    assert_true(fit.known && fit.sigma <= 1 && fit.kappa >= 0 && fit.peak_workers == 1);
    for (int round = 0; round < 2000; round++) {
        struct usl_point any[8];
        for (size_t i = 0; i < 8; i++)
            any[i] = (struct usl_point){.workers = WIDTHS[i], .throughput = 1 + rand() % 1000};
        fit = usl_of(any, 8);
        assert_true(fit.known && fit.lambda > 0 && fit.sigma >= 0 && fit.sigma <= 1 && fit.kappa >= 0 &&
                    fit.peak_workers >= 1);
    }
}

/* The sum of squared relative errors in N / X, as usl.c minimises it. */
static double error_of(const struct usl_fit *fit, const struct usl_point *points, size_t count)
{
    double sum = 0;
    for (size_t i = 0; i < count; i++) {
        double error = 1 - points[i].throughput / usl_throughput(fit, points[i].workers);
        sum += error * error;
    }
    return sum;
}

/* No step in any direction within the bounds makes it better. */
static void test_it_is_the_least(void **state)
{
    (void)state;
    srand(19);
    for (int round = 0; round < 300; round++) {
        struct usl_point points[7];
        double sigma = rand() % 2 ? 0 : rand() % 100 / 100.0, kappa = rand() % 2 ? 0 : rand() % 100 / 10000.0;
        for (size_t i = 0; i < 7; i++)
            points[i] = (struct usl_point){.workers = WIDTHS[i],
                                           .throughput = law(5, sigma, kappa, WIDTHS[i]) * (0.8 + rand() % 400 / 1000.0)};
        struct usl_fit fit = usl_of(points, 7);
        double least = error_of(&fit, points, 7);
        for (int step = 0; step < 27; step++) {
            struct usl_fit other = fit;
            other.lambda *= 1 + 0.002 * (step % 3 - 1);
            other.sigma += 0.002 * (step / 3 % 3 - 1);
            other.kappa += 0.00002 * (step / 9 - 1);
            if (other.sigma >= 0 && other.sigma <= 1 && other.kappa >= 0)
                assert_true(error_of(&other, points, 7) >= least - 1e-9);
        }
    }
}

/* Noise of five percent in every point: over a hundred tries the fit is near the truth in the middle, and the curve always is. */
static void test_noisy_curves(void **state)
{
    (void)state;
    srand(7);
    double sigmas = 0, kappas = 0;
    for (int round = 0; round < 100; round++) {
        struct usl_fit fit = fit_of(20, 0.05, 0.002, WIDTHS_COUNT, 0.05);
        assert_true(fit.known && fit.r_squared > 0.9);
        for (size_t i = 0; i < WIDTHS_COUNT; i++)
            assert_near(usl_throughput(&fit, WIDTHS[i]) / law(20, 0.05, 0.002, WIDTHS[i]), 1, 0.08);
        sigmas += fit.sigma / 100;
        kappas += fit.kappa / 100;
    }
    assert_near(sigmas, 0.05, 0.01);
    assert_near(kappas, 0.002, 0.0003);
}

static void test_too_few_points(void **state)
{
    (void)state;
    const struct usl_point twice[] = {{1, 1}, {2, 2}, {4, 3}, {4, 3.1}, {2, 1.9}};
    assert_string_equal(fit_of(1, 0, 0, 3, 0).words, "too few points: 3; a fit needs at least four");
    assert_string_equal(usl_of(NULL, 0).words, "too few points: 0; a fit needs at least four");
    assert_string_equal(usl_of(twice, 5).words, "too few points: 3; a fit needs at least four");
    assert_false(usl_of(twice, 5).known);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_exact_curves_give_their_parameters),
        cmocka_unit_test(test_the_peak_is_where_the_curve_is_highest),
        cmocka_unit_test(test_perfectly_linear),
        cmocka_unit_test(test_amdahl),
        cmocka_unit_test(test_purely_serial),
        cmocka_unit_test(test_the_bounds_hold),
        cmocka_unit_test(test_it_is_the_least),
        cmocka_unit_test(test_noisy_curves),
        cmocka_unit_test(test_too_few_points),
    };
    return cmocka_run_group_tests_name("usl", tests, NULL, NULL);
}
