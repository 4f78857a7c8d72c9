/* lane.h - one kind of work and its workers, a row each. */
#ifndef UI_LANE_H
#define UI_LANE_H

#include "juggler/executor.h"
#include "ui/canvas.h"
#include "ui/model.h"

/* The kind of work: of the run that there is, else of the present choice. The same of its executor. */
enum work lane_work(const struct model_lane *lane);
const struct executor *lane_executor(const struct model_lane *lane);
/* "downloads", "primes", "counter". */
const char *lane_noun(enum work work);
/* What its workers are: "thread", "processes", "transfers". */
const char *lane_unit(enum executor_how how, bool many);
/* The letter before a worker's number: t, p, e. */
char lane_letter(uint64_t kind);

/* Figures as they are this moment, for whoever fills the model. Of the interpreter lock; of the workers; how long this one has waited
 * for a lock, 0: it does not. */
struct model_gil lane_gil_of(const struct snapshot *snap);
struct model_held lane_held_of(const struct model_lane *lane);
uint64_t lane_wait_ns(const struct snapshot *snap, size_t slot);
/* What the counter came to, in a line ("lost 873,489 of 4,000,000") and in a word ("22 % lost", "own copies"); false: it is none, or that is not known. */
bool lane_counter_summary(const struct snapshot *snap, char *out, size_t room);
bool lane_counter_gist(const struct snapshot *snap, char *out, size_t room);

/* How many of its workers are in each state, this moment. */
struct model_counts lane_counts_of(const struct model_lane *lane);

/* Which workers have a row: lane_rows.c. What its marks say of a worker, or would say by the state it is in and by whether the filter takes
 * its text (filter.h). */
enum model_mark lane_mark(const struct model_lane *lane, size_t slot);
enum model_mark lane_mark_of(const struct model_lane *lane, size_t slot, bool text_taken);
/* Worker rows this lane has now, shown or not: those that the filter takes, and without it. O(slots), as are the others. */
size_t lane_rows(const struct model_lane *lane);
size_t lane_rows_unfiltered(const struct model_lane *lane);
/* The slot in that row, and the row of that slot; SIZE_MAX: there is none. How many rows stand above that slot's place. */
size_t lane_row_slot(const struct model_lane *lane, size_t row);
size_t lane_slot_row(const struct model_lane *lane, size_t slot);
size_t lane_rows_before(const struct model_lane *lane, size_t slot);
/* The first row of a list that shows so many: as it was scrolled, but the selected one is among them, and no room stays empty. */
size_t lane_top_row(const struct model_lane *lane, size_t shown);

/* The lane whose workers the keys t/T (threads, and the transfers of an event loop's one thread) and p/P (processes) change: the lane in focus when its executor makes such workers, else
 * the other one when it does, else -1; one whose width can be changed goes first. */
int lane_of_backend(const struct model *model, enum backend_kind backend);

/* One worker's row. */
void lane_draw_worker(struct canvas *canvas, struct rect row, const struct model_lane *lane, size_t slot);
/* Draws lane number `lane` as a box; as lines without a box, for small screens. */
void lane_draw(struct canvas *canvas, struct rect where, const struct model *model, int lane);
void lane_draw_summary(struct canvas *canvas, struct rect where, const struct model *model, int lane);
/* Worker rows that lane_draw shows in a box of that size. */
int lane_rows_shown(struct rect where, const struct model *model, int lane);

#endif
