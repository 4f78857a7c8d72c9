/* layout.c - the screen is cut from the outside in: header on top; keys, status line and results at the bottom; the lanes
 * have all that is left. */
#include "ui/layout.h"

static enum layout_kind kind_of(int columns, int rows)
{
    if (columns < LAYOUT_MIN_COLUMNS || rows < LAYOUT_MIN_ROWS) {
        return LAYOUT_TINY;
    }
    if (columns >= 100 && rows >= 30) {
        return LAYOUT_LARGE;
    }
    if (columns >= 80 && rows >= 16) {
        return LAYOUT_MEDIUM;
    }
    return columns < 80 && rows >= 20 ? LAYOUT_STACKED : LAYOUT_SMALL;
}

static struct rect cut_bottom(struct rect *from, int rows)
{
    rows = rows > from->rows ? from->rows : rows;
    from->rows -= rows;
    return (struct rect){from->x, from->y + from->rows, from->columns, rows};
}

static struct rect cut_top(struct rect *from, int rows)
{
    rows = rows > from->rows ? from->rows : rows;
    struct rect top = {from->x, from->y, from->columns, rows};
    from->y += rows;
    from->rows -= rows;
    return top;
}

/* Rows for the results: a head line and some runs; in a box where there is room. */
static int results_rows(enum layout_kind kind, int rows)
{
    int more = (rows - 30) / 3;
    switch (kind) {
    case LAYOUT_LARGE: return 6 + (more > 5 ? 5 : more);
    case LAYOUT_MEDIUM: return rows >= 28 ? 5 : rows >= 22 ? 3 : rows >= 20 ? 2 : 0;
    case LAYOUT_STACKED: return rows >= 28 ? 3 : 0;
    default: return 1;
    }
}

static void cut_side_by_side(struct layout *layout, struct rect left)
{
    int half = left.columns / 2;
    layout->lanes[0] = (struct rect){left.x, left.y, half, left.rows};
    layout->lanes[1] = (struct rect){left.x + half, left.y, left.columns - half, left.rows};
}

static void cut_stacked(struct layout *layout, struct rect left)
{
    layout->lanes[0] = cut_top(&left, left.rows / 2);
    layout->lanes[1] = left;
}

struct layout layout_of(int columns, int rows, const struct model *model)
{
    struct layout layout = {.kind = kind_of(columns, rows)};
    struct rect left = {0, 0, columns, rows};
    if (layout.kind == LAYOUT_TINY) {
        return layout;
    }
    layout.header = cut_top(&left, 1);
    layout.keys = cut_bottom(&left, layout.kind == LAYOUT_SMALL || rows < 20 ? 1 : 2);
    layout.status = cut_bottom(&left, 1);
    layout.results = cut_bottom(&left, results_rows(layout.kind, rows));
    if (!model->lanes[0].there || !model->lanes[1].there) {
        layout.lanes[model->lanes[0].there ? 0 : 1] = left; /* one kind of work has all the room */
    } else if (layout.kind == LAYOUT_SMALL || layout.kind == LAYOUT_STACKED) {
        cut_stacked(&layout, left);
    } else {
        cut_side_by_side(&layout, left);
    }
    return layout;
}
