/* juggler_figure.c - the juggler: a body, and as many hands as there are usable cores, half of them on each side.
 *
 * Few hands are cups with a ball's name in each and the core's number below; more are cups one dot wide; still more are cells of two
 * trays; and more than those hold are a bar. Always the same juggler, and always all hands. */
#include <stdio.h>

#include "ui/juggler.h"

enum { BODY_ROWS = 7, CUP_ROW = 1, ARM_ROW = 2, LABEL_ROW = 3, SMALL_COLUMNS = 4, TRAY_ROWS_MAX = 4 };

enum hands_shape { HANDS_CUPS, HANDS_SMALL, HANDS_TRAYS, HANDS_BAR };

/* How the hands are shown. */
struct hands {
    enum hands_shape shape;
    int side;        /* columns on each side of the body */
    int pitch, rows; /* columns from a cup to the next; rows of a tray */
};

/* A drawing of this figure. */
struct drawing {
    struct canvas *canvas;
    struct rect at;
    const struct juggler *juggler;
    struct hands hands;
    int body; /* where its first column is */
    int head; /* and its first row */
};

/* How the body is drawn, with blocks and without. */
static const char *const body_blocks[BODY_ROWS] = {"  \u2584\u2580\u2580\u2580\u2584  ",
                                                   "  \u2588%c %c\u2588  ",
                                                   "\u2584\u2584\u2584\u2580\u2588\u2580\u2584\u2584\u2584",
                                                   "  \u2590\u2588\u2588\u2588\u258c  ",
                                                   "  \u2590\u2588\u2588\u2588\u258c  ",
                                                   "  \u2588\u258c \u2590\u2588  ",
                                                   " \u2584\u2588\u258c \u2590\u2588\u2584 "};
static const char *const body_plain[BODY_ROWS] = {"   ___   ", "  (%c %c)  ", "___\\_/___", "   |_|   ",
                                                  "   |_|   ", "   | |   ",   "  _| |_  "};

static int side_hands(const struct juggler *juggler, int side)
{
    unsigned left = juggler->hands / 2; /* an only hand is the right one */
    return (int)(side == 0 ? left : juggler->hands - left);
}

static struct hands hands_of(const struct juggler *juggler, int columns)
{
    struct hands hands = {.side = (columns - JUGGLER_BODY_COLUMNS) / 2, .rows = 2};
    int count = side_hands(juggler, 1);
    int ball = juggler->ball_columns + (juggler->big ? JUGGLER_BIG_BORDER : 0), label = ball + 2 < 8 ? 8 : ball + 2;
    hands.pitch = hands.side / count;
    hands.shape = hands.pitch > label ? HANDS_CUPS : hands.pitch >= SMALL_COLUMNS ? HANDS_SMALL : HANDS_TRAYS;
    if (hands.shape == HANDS_TRAYS) {
        int room = hands.side > 2 ? hands.side - 2 : 1;
        hands.rows = (count + room - 1) / room;
        hands.rows = hands.rows < 2 ? 2 : hands.rows;
        hands.shape = hands.rows > TRAY_ROWS_MAX ? HANDS_BAR : HANDS_TRAYS;
        hands.rows = hands.rows > TRAY_ROWS_MAX ? 2 : hands.rows;
    }
    return hands;
}

int juggler_figure_rows(const struct juggler *juggler, int columns)
{
    struct hands hands = hands_of(juggler, columns);
    return BODY_ROWS + hands.rows - 2 + (hands.shape == HANDS_CUPS && juggler->big ? JUGGLER_BIG_ROWS - 1 : 0);
}

/* --- body ----------------------------------------------------------------------------------------------------- */

/* Its eyes are open while something goes on. */
static void draw_body(const struct drawing *drawing)
{
    const char *const *rows = drawing->canvas->ascii ? body_plain : body_blocks;
    char eye = !drawing->juggler->live || drawing->juggler->paused ? '-' : 'o';
    for (int row = 0; row < BODY_ROWS; row++) {
        char text[64];
        if (row == 1) {
            snprintf(text, sizeof text, drawing->canvas->ascii ? "  (%c %c)  " : "  \u2588%c %c\u2588  ", eye, eye);
        } else {
            snprintf(text, sizeof text, "%s", rows[row]);
        }
        canvas_text(drawing->canvas, drawing->body, drawing->head + row, JUGGLER_BODY_COLUMNS, ROLE_TITLE, text);
    }
}

/* From the body to the farthest hand of a side. */
static void draw_arm(const struct drawing *drawing, int from, int to)
{
    struct rect arm = {from, drawing->head + ARM_ROW, to - from, 1};
    canvas_fill(drawing->canvas, arm, drawing->canvas->ascii ? '_' : 0x2584, ROLE_TITLE);
}

/* --- cups ------------------------------------------------------------------------------------------------------- */

static void draw_label(const struct drawing *drawing, const struct juggler_hand *hand, int centre)
{
    char text[24];
    if (hand->full && juggler_holder(&drawing->juggler->model->lanes[hand->ball.lane]) == hand->ball.slot + 1) {
        snprintf(text, sizeof text, "GIL");
    } else if (hand->core >= 0) {
        snprintf(text, sizeof text, "core %d", hand->core);
    } else {
        snprintf(text, sizeof text, "core \u2013");
    }
    int columns = canvas_text_columns(drawing->canvas, text);
    canvas_text(drawing->canvas, centre - columns / 2, drawing->head + LABEL_ROW, columns,
                hand->full ? ROLE_RUNNING : ROLE_DIM, text);
}

/* As wide as a ball with its name. */
static void draw_cup(const struct drawing *drawing, const struct juggler_hand *hand, int centre)
{
    bool ascii = drawing->canvas->ascii, big = drawing->juggler->big;
    int inner = drawing->juggler->ball_columns + (big ? JUGGLER_BIG_BORDER : 0), x = centre - inner / 2;
    int y = drawing->head + CUP_ROW;
    canvas_text(drawing->canvas, x - 1, y, 1, ROLE_TITLE, ascii ? "\\" : "\u2580");
    canvas_fill(drawing->canvas, (struct rect){x, y, inner, 1}, ascii ? '_' : 0x2584, ROLE_TITLE);
    canvas_text(drawing->canvas, x + inner, y, 1, ROLE_TITLE, ascii ? "/" : "\u2580");
    if (hand->full) {
        int columns = juggler_ball_columns(hand->ball, big);
        juggler_ball_draw(drawing->canvas, x + (inner - columns) / 2, y - (big ? JUGGLER_BIG_ROWS : 1), drawing->juggler,
                          hand->ball, big);
    }
    draw_label(drawing, hand, centre);
}

/* As wide as a dot. */
static void draw_small_cup(const struct drawing *drawing, const struct juggler_hand *hand, int centre)
{
    bool ascii = drawing->canvas->ascii;
    int y = drawing->head + CUP_ROW;
    canvas_text(drawing->canvas, centre - 1, y, 1, ROLE_TITLE, ascii ? "\\" : "\u2599");
    canvas_text(drawing->canvas, centre + 1, y, 1, ROLE_TITLE, ascii ? "/" : "\u259f");
    canvas_text_bold(drawing->canvas, centre, y, 1, ROLE_RUNNING, hand->full ? "\u25cf" : " ");
}

static void draw_cups(const struct drawing *drawing, int side)
{
    const struct hands *hands = &drawing->hands;
    int count = side_hands(drawing->juggler, side), first = side == 0 ? 0 : side_hands(drawing->juggler, 0);
    int start = side == 0 ? drawing->body - count * hands->pitch : drawing->body + JUGGLER_BODY_COLUMNS;
    if (count == 0) {
        return;
    }
    int nearest = start + hands->pitch / 2, farthest = nearest + (count - 1) * hands->pitch;
    if (side == 0) {
        draw_arm(drawing, nearest - 1, drawing->body);
    } else {
        draw_arm(drawing, start, farthest + 2);
    }
    for (int i = 0; i < count; i++) {
        const struct juggler_hand *hand = &drawing->juggler->hand[first + i];
        if (hands->shape == HANDS_CUPS) {
            draw_cup(drawing, hand, nearest + i * hands->pitch);
        } else {
            draw_small_cup(drawing, hand, nearest + i * hands->pitch);
        }
    }
}

/* --- trays -------------------------------------------------------------------------------------------------------- */

static void draw_tray(const struct drawing *drawing, int side)
{
    const struct hands *hands = &drawing->hands;
    int count = side_hands(drawing->juggler, side), first = side == 0 ? 0 : side_hands(drawing->juggler, 0);
    int room = hands->side > 2 ? hands->side - 2 : 1,
        start = side == 0 ? drawing->body - room - 1 : drawing->body + JUGGLER_BODY_COLUMNS + 1;
    int bottom = drawing->head + CUP_ROW;
    for (int i = 0; i < count; i++) {
        struct rect cell = {start + i % room, bottom - i / room, 1, 1};
        bool full = drawing->juggler->hand[first + i].full;
        canvas_fill(drawing->canvas, cell, full ? 0x25cf : 0xb7, full ? ROLE_RUNNING : ROLE_DIM);
    }
    if (side == 0) {
        draw_arm(drawing, start, drawing->body);
    } else {
        draw_arm(drawing, drawing->body + JUGGLER_BODY_COLUMNS, start + room);
    }
}

/* More hands than there are cells: how many of them are full. */
static void draw_hands_bar(const struct drawing *drawing)
{
    int columns = drawing->hands.side - 2, y = drawing->head + CUP_ROW;
    double share = (double)drawing->juggler->full / drawing->juggler->hands;
    canvas_bar(drawing->canvas, drawing->body - columns - 1, y, columns, share, ROLE_RUNNING);
    draw_arm(drawing, drawing->body - columns - 1, drawing->body);
    draw_arm(drawing, drawing->body + JUGGLER_BODY_COLUMNS, drawing->body + JUGGLER_BODY_COLUMNS + columns);
    canvas_printf(drawing->canvas, drawing->body + JUGGLER_BODY_COLUMNS + 1, y, columns, ROLE_RUNNING, "%u of %u hands full",
                  drawing->juggler->full, drawing->juggler->hands);
}

void juggler_figure_draw(struct canvas *canvas, struct rect where, const struct juggler *juggler)
{
    struct drawing drawing = {.canvas = canvas, .at = where, .juggler = juggler, .hands = hands_of(juggler, where.columns)};
    drawing.body = where.x + (where.columns - JUGGLER_BODY_COLUMNS) / 2;
    drawing.head = where.y + where.rows - BODY_ROWS;
    draw_body(&drawing);
    if (drawing.hands.shape == HANDS_BAR) {
        draw_hands_bar(&drawing);
        return;
    }
    for (int side = 0; side < 2; side++) {
        if (drawing.hands.shape == HANDS_TRAYS) {
            draw_tray(&drawing, side);
        } else {
            draw_cups(&drawing, side);
        }
    }
}
