/* canvas.h - a grid of cells to draw on; nothing in it knows a terminal.
 *
 * A cell is a glyph, a colour role and two attributes. Panes draw into a rectangle of a canvas; terminal.c puts it on the terminal with
 * curses; canvas_to_text and canvas_to_svg write the same cells for tests and pictures. All drawing clips: any coordinates are
 * safe, on any size from 1x1 up. Text is made fit to show by the caller where it is untrusted (base/text.h). */
#ifndef UI_CANVAS_H
#define UI_CANVAS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* What a colour means; the theme says which colour that is. */
enum role {
    ROLE_TEXT, /* plain */
    ROLE_DIM,  /* what matters less */
    ROLE_TITLE,
    ROLE_FRAME,
    ROLE_FRAME_FOCUS,
    ROLE_KEY,     /* a key to press */
    ROLE_VALUE,   /* its present value */
    ROLE_RUNNING, /* on a core */
    ROLE_READY,   /* wants a core */
    ROLE_WAITING, /* waits for I/O: resolving, connecting, waiting */
    ROLE_RECEIVING,
    ROLE_LOCK,
    ROLE_BARRIER,
    ROLE_IDLE, /* no work left, paused, left */
    ROLE_DONE,
    ROLE_FAILED, /* failed, dead */
    ROLE_WARNING,
    ROLE_COUNT
};

struct cell {
    uint32_t glyph; /* a code point; 0: the right half of a wide character to the left */
    uint8_t role;   /* enum role */
    bool bold;
    bool reverse; /* the selection */
};

struct canvas {
    int columns, rows;
    bool ascii;             /* only ASCII may be drawn: canvas_text and canvas_bar choose their glyphs by it */
    bool flat;              /* words alone: no boxes, a comma between figures (flat.h) */
    int cursor_x, cursor_y; /* where the terminal's cursor is to stand: the selected row */
    struct cell *cells;     /* rows * columns */
};

struct rect {
    int x, y, columns, rows;
};

/* Sizes below 1 become 1. 0, or an errno; the old cells stay on failure. Owns its cells. */
int canvas_resize(struct canvas *canvas, int columns, int rows);
void canvas_free(struct canvas *canvas);
void canvas_clear(struct canvas *canvas);
const struct cell *canvas_at(const struct canvas *canvas, int x, int y); /* NULL outside */

/* Draws UTF-8 text from x, at most max columns, whole characters only; returns the columns used. */
int canvas_text(struct canvas *canvas, int x, int y, int max, enum role role, const char *text);
int canvas_text_bold(struct canvas *canvas, int x, int y, int max, enum role role, const char *text);
/* The same ending at column right (exclusive). */
int canvas_text_right(struct canvas *canvas, int right, int y, int max, enum role role, const char *text);
int canvas_printf(struct canvas *canvas, int x, int y, int max, enum role role, const char *format, ...)
    __attribute__((format(printf, 6, 7)));
/* Columns the text would take on this canvas: in ASCII some characters become two. */
int canvas_text_columns(const struct canvas *canvas, const char *text);
/* A text too long for max columns keeps its beginning and its end, with an ellipsis between ("148779…_b.jpg"); in less
 * than 12 columns its beginning alone ("1487795…"). */
int canvas_text_middle(struct canvas *canvas, int x, int y, int max, enum role role, const char *text);
/* A bar of `columns` cells filled to `share` (0 ... 1, clamped) in eighths of a cell, the rest dotted. share < 0: not started, all dots. */
void canvas_bar(struct canvas *canvas, int x, int y, int columns, double share, enum role role);
/* A box with a title left and a note right in its top edge. */
void canvas_box(struct canvas *canvas, struct rect where, enum role role, const char *title, const char *note);
void canvas_fill(struct canvas *canvas, struct rect where, uint32_t glyph, enum role role);
/* Marks cells as selected: reversed, in the colour of plain text. */
void canvas_reverse(struct canvas *canvas, struct rect where);

/* Writes it as lines of UTF-8, trailing blanks cut; as a self-contained SVG in the colours of a theme. 0 or an errno. */
int canvas_to_text(const struct canvas *canvas, FILE *out);
struct theme;
int canvas_to_svg(const struct canvas *canvas, const struct theme *theme, FILE *out);

#endif
