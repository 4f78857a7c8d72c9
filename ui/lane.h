/* lane.h - one kind of work and its workers, a row each. Which workers have a row, and in what order, is said here alone. */
#ifndef UI_LANE_H
#define UI_LANE_H

#include "juggler/executor.h"
#include "ui/canvas.h"
#include "ui/model.h"

/* Worker rows this lane has now, shown or not. O(slots), as are the other two. */
size_t lane_rows(const struct model_lane *lane);
/* The slot in that row, and the row of that slot; SIZE_MAX: there is none. */
size_t lane_row_slot(const struct model_lane *lane, size_t row);
size_t lane_slot_row(const struct model_lane *lane, size_t slot);

/* The lane whose workers the keys t/T (threads) and p/P (processes) change: the lane in focus when its executor makes such workers, else
 * the other one when it does, else -1; one whose width can be changed goes first. */
int lane_of_backend(const struct model *model, enum backend_kind backend);

/* Draws lane number `lane` as a box; as lines without a box, for small screens. */
void lane_draw(struct canvas *canvas, struct rect where, const struct model *model, int lane);
void lane_draw_summary(struct canvas *canvas, struct rect where, const struct model *model, int lane);
/* Worker rows that lane_draw shows in a box of that size. */
int lane_rows_shown(struct rect where, const struct model *model, int lane);

#endif
