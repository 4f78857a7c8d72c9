/* timeline_cells.c - what each worker's row shows in the columns on the screen. See timeline_cells.h.
 *
 * A picture of ten minutes has a hundred thousand events, and sixty times a second only its last column changes. So the cells of the last
 * frame are kept, and those are taken over that were full then and that nothing was put into since: a timeline grows at its end, or is made
 * coarser as a whole. */
#include "ui/timeline_cells.h"

#include <stdlib.h>
#include <string.h>

#include "base/sys.h"

/* --- the grid ------------------------------------------------------------------------------------- */

struct timeline_grid timeline_grid_of(const struct timeline_view *view, int columns)
{
    struct timeline_grid grid = {.span_ns = view->span_ns ? view->span_ns : 1, .columns = columns};
    uint64_t wide = (uint64_t)columns, all = (view->end_ns * wide + grid.span_ns - 1) / grid.span_ns;
    grid.first = all > wide ? all - wide : 0;
    return grid;
}

uint64_t timeline_grid_ns(const struct timeline_grid *grid, int column)
{
    return (grid->first + (uint64_t)column) * grid->span_ns / (uint64_t)grid->columns;
}

int64_t timeline_grid_column(const struct timeline_grid *grid, uint64_t at_ns)
{
    return (int64_t)(at_ns * (uint64_t)grid->columns / grid->span_ns) - (int64_t)grid->first;
}

/* --- what is remembered --------------------------------------------------------------------------- */

void timeline_memo_free(struct timeline_memo *memo)
{
    for (size_t i = 0; i < memo->count; i++)
        free(memo->rows[i].cells);
    free(memo->rows);
    *memo = (struct timeline_memo){0};
}

static struct timeline_memo_row *row_of(struct timeline_memo *memo, size_t line)
{
    if (line >= memo->count) {
        size_t count = line + 16;
        struct timeline_memo_row *rows = sys_realloc(memo->rows, count * sizeof *rows);
        if (!rows)
            return NULL;
        memset(rows + memo->count, 0, (count - memo->count) * sizeof *rows);
        memo->rows = rows;
        memo->count = count;
    }
    return &memo->rows[line];
}

/* True: its cells are of the same row in columns of the same width, perhaps of some further left. */
static bool is_of(const struct timeline_memo_row *was, const struct timeline_memo_row *now)
{
    return was->cells && was->timeline == now->timeline && was->start_ns == now->start_ns && was->zero_ns == now->zero_ns &&
           was->slot == now->slot && was->coarsened == now->coarsened && was->segments <= now->segments &&
           was->grid.span_ns == now->grid.span_ns && was->grid.columns == now->grid.columns &&
           was->grid.first <= now->grid.first;
}

/* Up to when what was remembered still holds: where it was known, and nothing has been put in since, and it is to be drawn at all. */
static uint64_t holds_until(const struct timeline_memo_row *was, const struct timeline_memo_row *now)
{
    uint64_t until_ns = was->until_ns < now->until_ns ? was->until_ns : now->until_ns;
    if (now->segments > was->segments) {
        uint64_t new_ns = now->timeline->rows[now->slot].segments[was->segments].start_ns;
        until_ns = new_ns < until_ns ? new_ns : until_ns;
    }
    return until_ns;
}

/* Moves what still holds to where it is now; returns how many cells, from the left. */
static int take_over(struct timeline_memo_row *was, const struct timeline_memo_row *now)
{
    uint64_t shift = now->grid.first - was->grid.first, until_ns = holds_until(was, now);
    int columns = now->grid.columns, kept = 0;
    if (shift >= (uint64_t)columns)
        return 0;
    while (kept < columns - (int)shift && now->zero_ns + timeline_grid_ns(&now->grid, kept + 1) <= until_ns)
        kept++;
    memmove(was->cells, was->cells + shift, (size_t)kept * sizeof *was->cells);
    return kept;
}

/* --- cells ---------------------------------------------------------------------------------------- */

static void look_at(struct timeline_cell *cells, int from, const struct timeline_memo_row *row)
{
    const struct timeline_grid *grid = &row->grid;
    uint64_t from_ns = row->zero_ns + timeline_grid_ns(grid, from);
    struct timeline_walk walk = timeline_walk_from(row->timeline, row->slot, from_ns);
    for (int column = from; column < grid->columns; column++) {
        uint64_t to_ns = row->zero_ns + timeline_grid_ns(grid, column + 1);
        to_ns = to_ns < row->until_ns ? to_ns : row->until_ns;
        cells[column] = timeline_walk_on(&walk, from_ns, to_ns);
        from_ns = from_ns < to_ns ? to_ns : from_ns;
    }
}

const struct timeline_cell *timeline_cells(struct timeline_memo *memo, size_t line, const struct timeline_view *view,
                                           const struct timeline_track *track, size_t slot, const struct timeline_grid *grid)
{
    const struct timeline *timeline = track->timeline;
    struct timeline_memo_row *row = row_of(memo, line);
    uint64_t right_ns = track->zero_ns + view->end_ns;
    struct timeline_memo_row now = {.timeline = timeline,
                                    .start_ns = timeline->start_ns,
                                    .zero_ns = track->zero_ns,
                                    .slot = slot,
                                    .coarsened = timeline->coarsened,
                                    .grid = *grid,
                                    .segments = slot < timeline->slots ? timeline->rows[slot].count : 0,
                                    .until_ns = right_ns < timeline->end_ns ? right_ns : timeline->end_ns};
    if (!row)
        return NULL;
    int known = is_of(row, &now) ? take_over(row, &now) : 0;
    now.cells = row->grid.columns == grid->columns && row->cells
                    ? row->cells
                    : sys_realloc(row->cells, (size_t)grid->columns * sizeof *now.cells);
    if (!now.cells)
        return NULL;
    *row = now;
    look_at(row->cells, known, row);
    return row->cells;
}
