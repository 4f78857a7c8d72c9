/* compare_plot.h - a sweep's curve in characters. Private to src/report. */
#ifndef REPORT_COMPARE_PLOT_H
#define REPORT_COMPARE_PLOT_H

#include <stdbool.h>
#include <stdio.h>

#include "juggler/compare.h"

/* Throughput over workers, at most `columns` wide: what was measured, its spread, and the fitted curve. Nothing for fewer than two points. */
void compare_plot_write(FILE *out, const struct compare_view *view, int columns, bool ascii);

#endif
