/* notes.h - what disturbed a comparison, in sentences. Pure. */
#ifndef COMPARE_NOTES_H
#define COMPARE_NOTES_H

#include "juggler/compare.h"

#define LOAD_DISTURBS 0.5 /* cores */

/* What one executor's runs told beside their figures, in all its counted runs. */
struct notes_line {
    const struct compare_line *line;
    struct compare_run warm_up; /* ended false: there was none */
    uint64_t paused_ns, tries_more;
    size_t killed;
    double first_byte_s; /* the median over its runs; < 0: not known */
};

struct notes_input {
    const struct notes_line *lines;
    size_t count;
    unsigned rounds;
    size_t jobs;
    bool over, stopped, article, sweep;
    double load_average, load_most; /* in cores, over the quiet moments before the runs; < 0: not known */
    double latency_s;               /* the origin's, as set; < 0: there is no built-in origin */
    bool paced;                     /* it has a rate, too */
    uint64_t warm_disk_bytes;       /* read from the disk in the warm-up round */
    uint64_t later_disk_bytes;      /* and in the others */
};

typedef char note_text[COMPARE_TEXT_BYTES];

/* Writes the notes, the ones that matter most first; returns how many. */
size_t notes_write(const struct notes_input *input, note_text out[COMPARE_NOTES_MAX]);

#endif
