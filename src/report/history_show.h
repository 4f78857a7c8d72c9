/* history_show.h - the history for people and for programs, and two of its runs side by side. Pure: records in, text out.
 * Called by commands. */
#ifndef REPORT_HISTORY_SHOW_H
#define REPORT_HISTORY_SHOW_H

#include <stdio.h>

#include "report/history.h"

struct history_output {
    const struct history *history;          /* NULL: it could not be read, and problem says why */
    const struct history_record *chosen[2]; /* chosen_count of them: 0: all are listed, 1: one as a whole, 2: compared */
    size_t chosen_count;
    int columns; /* how wide the table may be */
    bool ascii;
    const char *problem;
};

/* Each: 0, or an errno of the stream. */
int history_table_write(FILE *out, const struct history_output *output);
int history_json_write(FILE *out, const struct history_output *output);
int history_csv_write(FILE *out, const struct history_output *output);

enum { HISTORY_WORDS_MAX = 12, HISTORY_WORDS_BYTES = 400 };

/* Two runs, the first being what the second is measured by. */
struct history_comparison {
    double ratio;   /* the second's time as a share of the first's; < 0: not known, or they are not to be compared */
    bool spreads;   /* both are of comparisons, so that their spreads are known: */
    bool overlap;   /* and these have times in common: no real difference */
    size_t unfit;   /* reasons why their times are not to be compared; 0: they are */
    size_t differs; /* what is not the same in the two */
    char reasons[HISTORY_WORDS_MAX][HISTORY_WORDS_BYTES];
    char differences[HISTORY_WORDS_MAX][HISTORY_WORDS_BYTES];
};
void history_compare(const struct history_record *first, const struct history_record *second,
                     struct history_comparison *out);

/* What is to be said of a record beside its figures: "2 failed", "interrupted", "median of 3". "": nothing. Returns out. */
enum { HISTORY_NOTE_BYTES = 96 };
char *history_note_of(const struct history_record *record, char out[HISTORY_NOTE_BYTES]);

#endif
