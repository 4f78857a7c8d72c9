/* timeline_pane.h - the picture of time: a lane for every worker, from left to right what it did. Pure: tracks in, cells out.
 *
 * Time stands in a grid of columns that begins at the axis' 0 and does not move under what is drawn: a column that is full never changes again.
 * While there is less than a screenful it grows from the left; then the older columns leave on the left. */
#ifndef UI_TIMELINE_PANE_H
#define UI_TIMELINE_PANE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "measure/timeline.h"
#include "ui/canvas.h"

enum { TIMELINE_TRACKS_MAX = 4 };

struct timeline_memo; /* what was worked out for the last frame (timeline_cells.h) */

/* A run on the axis. */
struct timeline_track {
    const struct timeline *timeline;
    char letter;       /* of its workers: t, p, e */
    const char *title; /* before its rows, where two share an axis, and there its end is marked, too; NULL: none */
    bool over;         /* the run has ended */
    uint64_t zero_ns;  /* the moment that stands at the axis' 0 */
    size_t selected;   /* slot; SIZE_MAX: none of this track's */
    bool focus;        /* of rows that are scarce it has two thirds */
};

struct timeline_view {
    struct timeline_track tracks[TIMELINE_TRACKS_MAX];
    size_t count;
    uint64_t end_ns;            /* the right edge, from the axis' 0: nothing later is drawn */
    uint64_t span_ns;           /* the width of the axis, > 0 */
    bool frozen;                /* it stands still */
    bool whole;                 /* the span is that of all there is */
    bool cursor;                /* the terminal's cursor stands on the selected worker */
    uint64_t lost;              /* events that are missing from it */
    uint64_t sampled_every_ns;  /* how fine the kernel's word is; 0: not known */
    struct timeline_memo *memo; /* the caller's, for speed alone: the picture is the same without it; NULL: none */
};

/* In a box with a legend, the axis and its span. */
void timeline_draw(struct canvas *canvas, struct rect where, const struct timeline_view *view);
/* What one cell shows: a glyph of the canvas's kind and its colour. */
uint32_t timeline_glyph(const struct timeline_cell *cell, bool ascii);
enum role timeline_role(const struct timeline_cell *cell);

#endif
