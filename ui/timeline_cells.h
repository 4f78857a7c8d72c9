/* timeline_cells.h - the columns of the picture of time, and what each worker's row shows in them. */
#ifndef UI_TIMELINE_CELLS_H
#define UI_TIMELINE_CELLS_H

#include "ui/timeline_pane.h"

/* The columns on the screen: of a grid that begins at the axis' 0. */
struct timeline_grid {
    uint64_t span_ns; /* of all columns together, > 0 */
    int columns;      /* > 0 */
    uint64_t first;   /* the number of the leftmost one */
};
/* So that the right edge lies in the last column, or further left while all there is fits. */
struct timeline_grid timeline_grid_of(const struct timeline_view *view, int columns);
/* When column number `column` of the screen begins, from the axis' 0; and in which one that moment lies, which may be none of the screen. */
uint64_t timeline_grid_ns(const struct timeline_grid *grid, int column);
int64_t timeline_grid_column(const struct timeline_grid *grid, uint64_t at_ns);

/* What was worked out for the last frame, a row of the screen each: what is full need not be looked at again. Zero-initialise. */
struct timeline_memo_row {
    const struct timeline *timeline; /* what the cells were worked out from: all of this must be as it was */
    uint64_t start_ns, zero_ns;
    size_t slot;
    unsigned coarsened;
    struct timeline_grid grid;
    size_t segments;             /* its row had so many */
    uint64_t until_ns;           /* cells that end by then are full */
    struct timeline_cell *cells; /* grid.columns of them */
};
struct timeline_memo {
    struct timeline_memo_row *rows;
    size_t count;
};
void timeline_memo_free(struct timeline_memo *memo);

/* The cells of a worker's row in the grid; valid until the next call for the same line of the screen (any number from 0). NULL: no memory. */
const struct timeline_cell *timeline_cells(struct timeline_memo *memo, size_t line, const struct timeline_view *view,
                                           const struct timeline_track *track, size_t slot,
                                           const struct timeline_grid *grid);

#endif
