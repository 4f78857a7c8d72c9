/* flat.h - the dashboard in whole lines of words, for screen readers and braille displays (--flat): no boxes, no bars, nothing that moves.
 *
 * It is drawn from the same model as the panes, once a second and when something happens. The cursor stands on the line that changed last
 * (model.flat), because that is where a screen reader reads on. */
#ifndef UI_FLAT_H
#define UI_FLAT_H

#include "ui/canvas.h"
#include "ui/model.h"

/* The whole screen; the help over all when asked for. */
void flat_draw(struct canvas *canvas, const struct model *model);
/* Workers' lines of a lane on a screen of that size: for scrolling with the arrows. */
int flat_worker_rows(int columns, int rows, const struct model *model, int lane);

/* Between the files that draw it. A worker in a line: "thread 3: receiving a.jpg, 62 percent". Fit to show. */
enum { FLAT_TEXT_BYTES = 512 };
void flat_worker_text(const struct model_lane *lane, size_t slot, bool ascii, char out[FLAT_TEXT_BYTES]);
/* "thread 3", "process 1", "transfer 12". */
void flat_worker_name(const struct model_lane *lane, size_t slot, char *out, size_t room);

/* What a view has instead of its picture (flat_views.c): draws into as many lines as there are. NULL: it has no words yet. */
typedef void flat_view(struct canvas *canvas, struct rect where, const struct model *model);
flat_view *flat_view_of(enum model_view view);

#endif
