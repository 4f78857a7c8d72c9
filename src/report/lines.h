/* lines.h - texts and figures cut to measure for the table. Private to src/report. */
#ifndef REPORT_LINES_H
#define REPORT_LINES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Any text made fit to show, in at most `columns` columns: what is too long loses its middle. Returns out. */
char *line_fit(char *out, size_t room, const char *text, int columns, bool ascii);
/* "5,164". Returns out. */
enum { GROUPED_ROOM = 32 };
char *line_grouped(char out[GROUPED_ROOM], uint64_t value);

#endif
