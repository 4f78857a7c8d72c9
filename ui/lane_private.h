/* lane_private.h - between the files that draw a lane. */
#ifndef UI_LANE_PRIVATE_H
#define UI_LANE_PRIVATE_H

#include "ui/lane.h"

enum { LANE_NAME_BYTES = 256, LANE_READY_LETTER = 'r' /* on the strip, where every phase has its own */ };
#define LANE_READY_WORDS "ready, no core"

/* The colour of a phase. */
enum role lane_role(enum phase phase);
/* The phase to show: a worker that is gone reads LEFT or DEAD, whatever it said last. */
enum phase lane_phase(const struct worker_snapshot *worker);
/* It could run, but the kernel gave the cores to others. What a worker says of itself is "computing" all the same. */
bool lane_is_ready(const struct model_lane *lane, size_t slot);
/* Why nothing is heard of it, in a word (short: of five columns): halted by a signal, as the kernel says, or silent, as its runner does; NULL: it is
 * at work. And for how many seconds it has given no sign of life; 0: not, or not yet long enough to be told. */
const char *lane_silent_word(const struct model_lane *lane, size_t slot, bool is_long);
unsigned lane_silent_s(const struct snapshot *snap, size_t slot);
/* It has an interpreter lock. */
bool lane_has_gil(const struct model_lane *lane);
/* Waiting for locks as a share of the time in which the workers had something in hand, 0 ... 1; < 0: not known. */
double lane_lock_share(const struct snapshot *snap);

/* A worker's row. */
void lane_row_draw(struct canvas *canvas, struct rect row, const struct model_lane *lane, size_t slot, bool selected);

/* One cell a worker, of so many. */
void lane_strip_draw(struct canvas *canvas, struct rect where, const struct model_lane *lane, bool focus, size_t workers);

/* Lines of figures. Each takes one row. */
void lane_counts_draw(struct canvas *canvas, struct rect row, const struct model_lane *lane);
void lane_totals_draw(struct canvas *canvas, struct rect row, const struct model_lane *lane);
void lane_people_draw(struct canvas *canvas, struct rect row, const struct model_lane *lane);
void lane_gil_draw(struct canvas *canvas, struct rect row, const struct model_lane *lane);
void lane_counter_draw(struct canvas *canvas, struct rect row, const struct model_lane *lane);
void lane_result_draw(struct canvas *canvas, struct rect row, const struct model *model, const struct model_lane *lane);
/* Where the time of its workers went: a bar, and its largest shares in words. */
void lane_account_draw(struct canvas *canvas, struct rect row, const struct model_lane *lane);
/* What is wrong, in words fit to show; false: nothing. */
bool lane_trouble(const struct model_lane *lane, bool ascii, char *out, size_t room);
/* What is wrong, if anything is, then the sentence on what is going on. */
void lane_notes_draw(struct canvas *canvas, struct rect where, const struct model_lane *lane);
/* 0 ... 1: how much of the lane's work is done; what workers hold counts with its share. */
double lane_share(const struct model_lane *lane);
/* The newest result of this kind of work; NULL: none. */
const struct model_result *lane_result(const struct model *model, const struct model_lane *lane);

#endif
