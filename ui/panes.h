/* panes.h - drawing: model in, cells out. Pure, so a screen is tested without a terminal. */
#ifndef UI_PANES_H
#define UI_PANES_H

#include "ui/canvas.h"
#include "ui/model.h"

/* Draws the whole screen for the canvas's size: header, lanes, results, keys, or what fits of them; help over all when asked for. */
void screen_draw(struct canvas *canvas, const struct model *model);
/* Worker rows a lane shows on a screen of that size: for scrolling with the arrows. */
int screen_lane_rows(int columns, int rows, const struct model *model, int lane);
/* A worker's page on this canvas, for scrolling it: lines above its jobs, and the first line of the last screenful. */
size_t screen_worker_lines_above(const struct canvas *canvas, const struct model *model);
size_t screen_worker_last_top(const struct canvas *canvas, const struct model *model);
/* Lines of the help at that width, for scrolling it. */
size_t screen_help_lines(int columns);
/* The line with which it begins in that view. */
size_t screen_help_top(int columns, const struct model *model);

#endif
