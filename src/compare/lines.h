/* lines.h - what a line's runs come to, by itself and beside the others. Pure. */
#ifndef COMPARE_LINES_H
#define COMPARE_LINES_H

#include "juggler/compare.h"

#define LINE_GAP_LEAST 0.01    /* of the median: by so much a winner is ahead */
#define LINE_TOO_SHORT_S 0.020 /* a median below it is mostly starting and ending */

/* Fills in what a line's own runs say: median_s, min_s, max_s, the other medians, memory, failed. The rest becomes "not known". */
void line_measure(struct compare_line *line);
/* Whether its figures may be set beside others': it ran, and no job of it failed. */
bool line_is_comparable(const struct compare_line *line);
/* Whether its workers' adds are not all in the parent's counter: as fast as it may be, its result is wrong. */
bool line_is_wrong(const struct compare_line *line);
/* Fills in speedup, efficiency, told and different of lines that have been measured. sweep: one worker may stand for `sequential`. */
void lines_relate(struct compare_line *lines, size_t count, bool sweep);
/* Marks the winner, if there is one: not where it and the next are too short to compare, nor where
 * its result is wrong. Returns its index, or SIZE_MAX. */
size_t lines_find_winner(struct compare_line *lines, size_t count);
/* The line that the speed-ups are over; SIZE_MAX: none. */
size_t lines_reference(const struct compare_line *lines, size_t count, bool sweep);
/* Their runs' times share a stretch. */
bool lines_overlap(const struct compare_line *left, const struct compare_line *right);
/* Whether left's slowest run is faster than right's fastest, by at least LINE_GAP_LEAST of left's median. */
bool line_is_clearly_faster(const struct compare_line *left, const struct compare_line *right);

#endif
