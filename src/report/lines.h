/* lines.h - texts and figures cut to measure for the table. Private to src/report. */
#ifndef REPORT_LINES_H
#define REPORT_LINES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* Any text made fit to show, in at most `columns` columns: what is too long loses its middle. Returns out. */
char *line_fit(char *out, size_t room, const char *text, int columns, bool ascii);
/* Prints a text that is fit to show in so many columns, which printf cannot count; what is wider stays whole. */
void line_right(FILE *out, const char *text, int columns);
void line_left(FILE *out, const char *text, int columns);
/* A label of LINE_LABEL columns ("" for none), and beside it any text, made fit to show and broken at its blanks; ends the line. */
enum { LINE_LABEL = 14 };
void line_paragraph(FILE *out, const char *label, const char *text, int columns, bool ascii);
/* A duration in seconds for people; dash when it is not known (< 0). Returns out. */
enum { SECONDS_ROOM = 32 };
char *line_seconds(char out[SECONDS_ROOM], double seconds, const char *dash);
/* Of very short times, the least and the most: "21 microseconds", "65 to 452 microseconds", "0.81 to 2.4 ms". Returns out. */
char *line_micros(char out[SECONDS_ROOM], double least_s, double most_s);

#endif
