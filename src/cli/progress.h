/* progress.h - how a headless run is going, on stderr: one line that is drawn over on a terminal, else a whole line now and then. */
#ifndef CLI_PROGRESS_H
#define CLI_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

#include "cli/options.h"
#include "juggler/snapshot.h"

struct progress {
    enum progress_style style; /* settled: BARS, LINES or NONE */
    bool ascii;
    uint64_t shown_ns;
    bool drawn; /* a line stands there and has to be cleared */
};

void progress_init(struct progress *progress, enum progress_style style, bool ascii);
/* Shows where the run is, if it is time to. */
void progress_show(struct progress *progress, const struct snapshot *snapshot);
/* The two halves of it, for what is no run: whether it is time to (which is noted), and showing a line of one's own, with the share that is
 * done, 0 ... 1. */
bool progress_is_due(struct progress *progress);
void progress_show_line(struct progress *progress, double share, const char *line);
/* Clears the line, so that something else can be printed. */
void progress_clear(struct progress *progress);

#endif
