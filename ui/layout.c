/* layout.c - the screen is cut from the outside in: header on top; keys, status line, juggler and results at the bottom, the picture of
 * time above them; the lanes have all that is left. */
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

/* How many rows each pane has, of those between the header and the status line. The lanes have the rest. */
struct shares {
    int timeline, juggler, results;
};

static struct shares shares_of(enum layout_kind kind, int middle)
{
    int quarter = middle / 4, bottom = quarter < 7 ? 7 : quarter > 9 ? 9 : quarter;
    switch (kind) {
    case LAYOUT_LARGE: /* juggler and results side by side */
        return (struct shares){.timeline = quarter + (middle > 46 ? (middle - 46) / 2 : 0), bottom, bottom};
    case LAYOUT_MEDIUM:
        return (struct shares){.timeline = middle < 18   ? 0
                                           : quarter < 5 ? 5
                                                         : quarter,
                               .juggler = middle < 12 ? 0 : 1,
                               .results = middle < 16   ? 0
                                          : middle < 24 ? 1
                                                        : 3};
    case LAYOUT_STACKED:
        return (struct shares){.timeline = middle < 26 ? 0 : 6, .juggler = 1, .results = middle < 24 ? 0 : 1};
    default: return (struct shares){.juggler = 1};
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

static void cut_lanes(struct layout *layout, struct rect left, const struct model *model)
{
    if (!model->lanes[0].there || !model->lanes[1].there) {
        layout->lanes[model->lanes[0].there ? 0 : 1] = left; /* one kind of work has all the room */
    } else if (layout->kind == LAYOUT_SMALL || layout->kind == LAYOUT_STACKED) {
        cut_stacked(layout, left);
    } else {
        cut_side_by_side(layout, left);
    }
}

/* Columns of the results beside the juggler: as many as its table needs up to the best possible time, where there are that many. */
static int results_columns(int columns)
{
    return columns >= 116 ? 68 + (columns - 120) / 2 : columns / 2;
}

/* Juggler and results: side by side in boxes, or a line of words each. */
static void cut_bottom_panes(struct layout *layout, struct rect *left, const struct shares *shares)
{
    if (layout->kind == LAYOUT_LARGE) {
        struct rect both = cut_bottom(left, shares->results);
        int left_columns = both.columns - results_columns(both.columns);
        layout->juggler = (struct rect){both.x, both.y, left_columns, both.rows};
        layout->results = (struct rect){both.x + left_columns, both.y, both.columns - left_columns, both.rows};
    } else {
        layout->results = cut_bottom(left, shares->results);
        layout->juggler = cut_bottom(left, shares->juggler);
    }
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
    layout.middle = left;
    struct shares shares = shares_of(layout.kind, left.rows);
    cut_bottom_panes(&layout, &left, &shares);
    layout.timeline = cut_bottom(&left, shares.timeline);
    cut_lanes(&layout, left, model);
    return layout;
}
