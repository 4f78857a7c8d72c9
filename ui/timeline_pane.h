/* timeline_pane.h - the picture of time: a lane for every worker, from left to right what it did. Pure: tracks in, cells out. */
#ifndef UI_TIMELINE_PANE_H
#define UI_TIMELINE_PANE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "measure/timeline.h"
#include "ui/canvas.h"

enum { TIMELINE_TRACKS_MAX = 4 };

/* A run on the axis. */
struct timeline_track {
    const struct timeline *timeline;
    char letter;       /* of its workers: t, p, e */
    const char *title; /* before its rows, where two runs are shown on one axis; NULL: none */
    uint64_t zero_ns;  /* the moment that stands at the axis' 0 */
    size_t selected;   /* slot; SIZE_MAX: none of this track's */
};

struct timeline_view {
    struct timeline_track tracks[TIMELINE_TRACKS_MAX];
    size_t count;
    uint64_t end_ns;  /* the right edge, from the axis' 0 */
    uint64_t span_ns; /* the width of the axis, > 0 */
    bool frozen;
};

/* In a box with a legend, the axis and its span. */
void timeline_draw(struct canvas *canvas, struct rect where, const struct timeline_view *view);
/* What one cell shows: a glyph of the canvas's kind and its colour. */
uint32_t timeline_glyph(const struct timeline_cell *cell, bool ascii);
enum role timeline_role(const struct timeline_cell *cell);

#endif
