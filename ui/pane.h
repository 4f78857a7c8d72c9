/* pane.h - the panes beside the lanes (lane.h). Each draws itself into a rectangle, at any size. */
#ifndef UI_PANE_H
#define UI_PANE_H

#include "ui/canvas.h"
#include "ui/model.h"

/* One line: the state, the load of every core, processes on this machine. */
void header_draw(struct canvas *canvas, struct rect where, const struct model *model);
/* The state of all lanes together, in a word: "running", "paused", "done" ... */
const char *header_state(const struct model *model);

/* Where the playhead stands, while the past is shown (replay_bar.c): in words, whose columns it returns; as a bar. */
const char *replay_word(const struct model *model); /* "REPLAY", "REWIND" */
int replay_draw_position(struct canvas *canvas, int x, int y, int room, const struct model *model);
void replay_draw_bar(struct canvas *canvas, struct rect where, const struct model *model);

/* The juggler of the article: a hand is a core, a ball a worker (juggler_pane.c). In a box, or without one in as many lines as there are, from
 * one up; with the whole screen to itself. */
void juggler_draw(struct canvas *canvas, struct rect where, const struct model *model, bool boxed);
void juggler_draw_whole(struct canvas *canvas, struct rect where, const struct model *model);

/* Where the time went, worker by worker, on the whole screen; and how many workers of a lane it has rows for. */
void account_draw(struct canvas *canvas, struct rect where, const struct model *model);
int account_rows_shown(struct rect where, const struct model *model, int lane);

/* Finished runs, newest first, under column heads; in a box; from 2 rows without one; 1 row: the newest run as a line. */
void results_draw(struct canvas *canvas, struct rect where, const struct model *model, bool boxed);

/* The keys with their present values, as many as fit. */
void keys_draw(struct canvas *canvas, struct rect where, const struct model *model);
/* What the last key did, a number being typed, or what the keys act on. One line. */
void status_draw(struct canvas *canvas, struct rect where, const struct model *model);

/* The page of the worker selected in the lane in focus, in a box (worker_pane.c). Of its lines: how many stand above the jobs and scroll with
 * them, and which is the first of the last screenful. canvas: only whether it is ASCII. */
void worker_draw(struct canvas *canvas, struct rect where, const struct model *model);
size_t worker_lines_above(const struct canvas *canvas, struct rect where, const struct model *model);
size_t worker_last_top(const struct canvas *canvas, struct rect where, const struct model *model);

/* A comparison on the whole screen: the header, a line an executor with its bar and figures, what it means, the keys. */
void compare_pane_draw(struct canvas *canvas, struct rect where, const struct model *model);

#endif
