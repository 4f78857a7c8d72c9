/* layout.h - which pane has which rectangle, by the size of the screen alone. Pure. */
#ifndef UI_LAYOUT_H
#define UI_LAYOUT_H

#include "ui/canvas.h"
#include "ui/model.h"

enum layout_kind {
    LAYOUT_TINY,    /* a line in words */
    LAYOUT_SMALL,   /* 40 x 10: the lanes' figures without their workers, and the juggler in a line */
    LAYOUT_STACKED, /* narrow but high: a lane above the other */
    LAYOUT_MEDIUM,  /* 80 x 24: lanes side by side, the juggler and the newest result in a line each */
    LAYOUT_LARGE    /* 100 x 30: every pane in a box */
};

enum { LAYOUT_MIN_COLUMNS = 40, LAYOUT_MIN_ROWS = 10 };

struct layout {
    enum layout_kind kind;
    struct rect header, lanes[MODEL_LANES], timeline, juggler, results, status, keys; /* no rows: not on this screen */
    struct rect middle; /* between the header and the status line: for a view that takes the place of the panes */
};

struct layout layout_of(int columns, int rows, const struct model *model);

#endif
