/* compare_progress.h - how a comparison is going, on stderr: round, executor, which run of how many, and how long it will take. */
#ifndef CLI_COMPARE_PROGRESS_H
#define CLI_COMPARE_PROGRESS_H

#include "cli/progress.h"

struct compare;

struct compare_progress {
    struct progress line;
    uint64_t began_ns;
    bool told; /* how long it will take: once, when the warm-up is over */
};

/* Call it when the comparison has been started. */
void compare_progress_init(struct compare_progress *progress, enum progress_style style, bool ascii);
/* Shows where it is, if it is time to. */
void compare_progress_show(struct compare_progress *progress, struct compare *compare);
/* Clears the line, so that something else can be printed. */
void compare_progress_clear(struct compare_progress *progress);

#endif
