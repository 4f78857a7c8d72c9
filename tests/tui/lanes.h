/* lanes.h - what stands in one lane of the dashboard, on a screen that is wide enough for two side by side; and work to put into them. */
#ifndef TUI_LANES_H
#define TUI_LANES_H

#include <stddef.h>

#include "screen.h"

enum lane { LANE_DOWNLOADS, LANE_PRIMES };
enum { LANE_BYTES = 16384, LANE_PATH_BYTES = 512 };

/* The lane's box, a line a row, without its frame. "" when there is none. */
const char *lane_text(struct screen *screen, enum lane lane, char out[LANE_BYTES]);
/* The number that stands before this text in the lane ("of 20 done"); -1: there is none. */
long lane_number(struct screen *screen, enum lane lane, const char *before);
/* How many of its jobs the lane says are done: "3 of 20 done", or "3/20" where there is little room; -1: it does not say. */
long lane_done(struct screen *screen, enum lane lane, long jobs);
/* The rows of its workers alone. */
const char *lane_worker_rows(struct screen *screen, enum lane lane, char out[LANE_BYTES]);
/* How many of the lane's workers have a row with this word; an empty word: how many have a row. */
size_t lane_workers(struct screen *screen, enum lane lane, const char *word);

/* To wait for. */
struct lane_says {
    enum lane lane;
    const char *text;
};
struct lane_count {
    enum lane lane;
    const char *text;
    size_t count;
};
struct lane_progress {
    enum lane lane;
    long jobs, least;
};
bool lane_says(struct screen *screen, const void *lane_says);            /* the text stands in the lane */
bool lane_workers_are(struct screen *screen, const void *lane_count);    /* exactly so many workers have the word */
bool lane_workers_are_all(struct screen *screen, const void *lane_says); /* all workers have the word, and there is one */
bool lane_has_done(struct screen *screen, const void *lane_progress);    /* at least so many of its jobs are done */

/* Writes a list of work with so many lines of this kind ("http://example.org/synthetic/%zu", "60000") to a file in TMPDIR. */
void lane_list(const char *name, const char *format, size_t count, char path[LANE_PATH_BYTES]);

#endif
