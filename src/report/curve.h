/* curve.h - a sweep as a curve: throughput over workers, points as measured and the law that was fitted. Private to src/report.
 *
 * Both axes in one place, so that terminal and page draw the same picture. Positions are shares of the axes, 0 ... 1; y grows upwards. */
#ifndef REPORT_CURVE_H
#define REPORT_CURVE_H

#include <stdbool.h>
#include <stddef.h>

#include "juggler/compare.h"

struct curve_point {
    double workers;
    double median, least, most; /* throughput, jobs a second */
    size_t line;                /* of the view */
};

struct curve {
    struct curve_point points[COMPARE_EXECUTORS_MAX];
    size_t count;
    double least_workers, most_workers; /* ends of the x axis */
    bool doubling;                      /* the x axis has a step a doubling: the widths lie far apart */
    double most;                        /* end of the y axis, jobs a second; it begins at 0 */
    const struct compare_fit *fit;      /* NULL: none is known */
};

/* False: fewer than two lines were measured, and there is nothing to draw. */
bool curve_make(struct curve *curve, const struct compare_view *view);
double curve_x(const struct curve *curve, double workers);
double curve_y(const struct curve *curve, double throughput);
/* The workers at a place of the x axis, and the fitted throughput of so many. */
double curve_workers_at(const struct curve *curve, double x);
double curve_fitted(const struct curve *curve, double workers);

#endif
