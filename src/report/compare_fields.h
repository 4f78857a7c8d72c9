/* compare_fields.h - what every form of report reads off a comparison: one place decides what is known. Private to src/report. */
#ifndef REPORT_COMPARE_FIELDS_H
#define REPORT_COMPARE_FIELDS_H

#include <stdbool.h>
#include <stddef.h>

#include "juggler/compare.h"

/* Whether a run counts: it ended as it should, and not in the warm-up. */
bool compare_field_counts(const struct compare_run *run);
size_t compare_field_counted(const struct compare_line *line);
/* The longest time of all lines, for the scale of bars; 0: nothing was measured. */
double compare_field_longest_s(const struct compare_view *view);
/* Whether this line's ratio is to be told: it has one, and its spread is not known to overlap that of the line it is measured against. */
bool compare_field_ratio_told(const struct compare_view *view, size_t line);
/* Whether "no real difference" is to be said of this line: not where it cannot be told. */
bool compare_field_alike(const struct compare_view *view, size_t line);
/* Its memory; false: not known. */
bool compare_field_memory(const struct compare_line *line, unsigned long long *bytes);
/* What is said of the best possible time: true for the first line that has this sentence, with
 * whatever numbers. */
bool compare_field_why_is_new(const struct compare_view *view, size_t line);
/* Making one worker of a backend, the least and the most of all lines that have such workers, seconds; false: none was measured. */
bool compare_field_make_s(const struct compare_view *view, enum backend_kind backend, double *least_s, double *most_s);

#endif
