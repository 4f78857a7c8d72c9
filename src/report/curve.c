/* curve.c - a sweep as a curve. See curve.h. */
#include "report/curve.h"

#include <math.h>

enum { DOUBLING_FROM = 12 }; /* widths that differ by such a factor are told apart on an axis of doublings only */

static double throughput(size_t jobs, double seconds)
{
    return seconds > 0 ? (double)jobs / seconds : 0;
}

static void add_point(struct curve *curve, const struct compare_view *view, size_t line)
{
    const struct compare_line *row = &view->lines[line];
    if (row->median_s <= 0 || !row->workers || !row->count)
        return;
    size_t jobs = row->runs[0].jobs;
    struct curve_point *point = &curve->points[curve->count++];
    *point = (struct curve_point){.workers = (double)row->workers,
                                  .median = throughput(jobs, row->median_s),
                                  .least = throughput(jobs, row->max_s),
                                  .most = throughput(jobs, row->min_s),
                                  .line = line};
    curve->least_workers = fmin(curve->least_workers, point->workers);
    curve->most_workers = fmax(curve->most_workers, point->workers);
    curve->most = fmax(curve->most, point->most);
}

/* Up to a figure that a person would end an axis with: 1, 2, 2.5, 5 times a power of ten. */
static double round_up(double value)
{
    static const double STEPS[] = {1, 1.25, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10};
    double power = pow(10, floor(log10(value)));
    for (size_t i = 0; i < sizeof STEPS / sizeof STEPS[0]; i++)
        if (STEPS[i] * power >= value * (1 - 1e-9))
            return STEPS[i] * power;
    return value;
}

bool curve_make(struct curve *curve, const struct compare_view *view)
{
    *curve = (struct curve){.least_workers = HUGE_VAL, .fit = view->fit.known ? &view->fit : NULL};
    for (size_t i = 0; i < view->count && curve->count < COMPARE_EXECUTORS_MAX; i++)
        add_point(curve, view, i);
    if (curve->count < 2 || curve->most <= 0 || curve->most_workers <= curve->least_workers)
        return false;
    curve->doubling = curve->most_workers >= DOUBLING_FROM * curve->least_workers;
    if (!curve->doubling)
        curve->least_workers = 0;
    curve->most = round_up(curve->most);
    return true;
}

double curve_x(const struct curve *curve, double workers)
{
    if (curve->doubling)
        return log2(workers / curve->least_workers) / log2(curve->most_workers / curve->least_workers);
    return (workers - curve->least_workers) / (curve->most_workers - curve->least_workers);
}

double curve_y(const struct curve *curve, double jobs_per_s)
{
    double share = jobs_per_s / curve->most;
    return share < 0 ? 0 : share > 1 ? 1 : share;
}

double curve_workers_at(const struct curve *curve, double x)
{
    if (curve->doubling)
        return curve->least_workers * pow(curve->most_workers / curve->least_workers, x);
    return curve->least_workers + x * (curve->most_workers - curve->least_workers);
}

double curve_fitted(const struct curve *curve, double workers)
{
    const struct compare_fit *fit = curve->fit;
    double loss = 1 + fit->sigma * (workers - 1) + fit->kappa * workers * (workers - 1);
    return loss > 0 ? fit->lambda * workers / loss : 0;
}
