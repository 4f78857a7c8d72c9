/* timeline_private.h - between the files that draw the picture of time. */
#ifndef UI_TIMELINE_PRIVATE_H
#define UI_TIMELINE_PRIVATE_H

#include "ui/timeline_cells.h"

/* The signs that are no state of a worker's: a batch begins, a job begins. */
uint32_t timeline_batch_glyph(bool ascii);
uint32_t timeline_job_glyph(bool ascii);
/* Every shade and mark that this picture has, with its word, as many as fit. */
void timeline_legend_draw(struct canvas *canvas, struct rect row, const struct timeline_view *view);
/* On the box's lower edge: what the picture lacks, and how fine it is, where there is room for that. Returns the columns it took. */
int timeline_notes_draw(struct canvas *canvas, struct rect edge, const struct timeline_view *view, size_t hidden,
                        bool has_room);
/* Round figures, each with its first column at its moment; none before column `from`. on_frame: they stand on the box's edge. */
void timeline_axis_draw(struct canvas *canvas, struct rect row, const struct timeline_grid *grid, int from, bool on_frame);
/* "last 10 s", "FROZEN, 10 s", "whole run, 1.39 s". Returns out. */
const char *timeline_span_text(const struct timeline_view *view, char *out, size_t room);

#endif
