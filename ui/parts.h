/* parts.h - a line of figures that chooses by the room there is: first all of them in full, then brief ones (from the
 * left), then fewer. Also text
 * broken into lines, and how figures are written on the screen. */
#ifndef UI_PARTS_H
#define UI_PARTS_H

#include "ui/canvas.h"

enum { PARTS_MAX = 16, PART_BYTES = 96 };

struct part {
    char wide[PART_BYTES];
    char brief[PART_BYTES]; /* "": as wide */
    enum role role;
    int keep; /* the higher, the longer it stays */
    bool is_brief, is_dropped;
};

struct parts {
    struct part list[PARTS_MAX];
    int count;
};

/* Appends a part. */
void parts_add(struct parts *parts, int keep, enum role role, const char *format, ...) __attribute__((format(printf, 4, 5)));
/* Gives the last part its brief form. */
void parts_brief(struct parts *parts, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Draws what fits into `room` columns, with a dot between; returns the columns used. The part with the highest keep may be cut. */
int parts_draw(struct canvas *canvas, int x, int y, int room, struct parts *parts);

/* Draws text broken at blanks, and within what is longer than a line, into lines of where.columns, but the first `skip` lines; what is past
 * where.rows is not drawn, and an ellipsis says so.
 * Returns the lines the whole text takes. */
int parts_flow(struct canvas *canvas, struct rect where, int skip, enum role role, const char *text);

/* Columns that a number takes in decimal. */
int parts_digits(size_t number);
/* "2.4 s" for a time that is still running: it changes five times a second. */
void parts_running_time(char *out, size_t room, uint64_t ns);
/* What the built-in server sends on each connection: "96 KiB/s"; 0: "no limit". */
enum { PARTS_RATE_BYTES = 24 };
void parts_rate(char out[PARTS_RATE_BYTES], uint64_t bytes_per_s);

#endif
