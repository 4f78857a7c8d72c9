/* juggler_ball.c - a ball with its worker's name: "(t3)", or three rows high where there is room. */
#include <stdio.h>

#include "ui/juggler.h"
#include "ui/parts.h"

/* How a big ball is drawn. */
struct ball_glyphs {
    uint32_t corners[4]; /* top left, top right, bottom left, bottom right */
    uint32_t top, bottom, left, right;
};

static const struct ball_glyphs ball_lines = {{0x256d, 0x256e, 0x2570, 0x256f}, 0x2500, 0x2500, 0x2502, 0x2502};
static const struct ball_glyphs ball_plain = {{'.', '.', '\'', '\''}, '-', '-', '(', ')'};

int juggler_ball_columns(struct juggler_ball ball, bool big)
{
    return 3 + parts_digits(ball.slot + 1) + (big ? JUGGLER_BIG_BORDER : 0);
}

static bool is_selected(const struct juggler *juggler, struct juggler_ball ball)
{
    struct juggler_ball selected;
    return juggler_selected(juggler, &selected) && selected.lane == ball.lane && selected.slot == ball.slot;
}

static void put(struct canvas *canvas, int x, int y, uint32_t glyph, enum role role)
{
    canvas_fill(canvas, (struct rect){x, y, 1, 1}, glyph, role);
}

static void draw_round(struct canvas *canvas, struct rect at, enum role role)
{
    const struct ball_glyphs *glyphs = canvas->ascii ? &ball_plain : &ball_lines;
    int right = at.x + at.columns - 1, bottom = at.y + at.rows - 1;
    canvas_fill(canvas, (struct rect){at.x + 1, at.y, at.columns - 2, 1}, glyphs->top, role);
    canvas_fill(canvas, (struct rect){at.x + 1, bottom, at.columns - 2, 1}, glyphs->bottom, role);
    canvas_fill(canvas, (struct rect){at.x + 1, at.y + 1, at.columns - 2, 1}, ' ', role);
    put(canvas, at.x, at.y, glyphs->corners[0], role);
    put(canvas, right, at.y, glyphs->corners[1], role);
    put(canvas, at.x, bottom, glyphs->corners[2], role);
    put(canvas, right, bottom, glyphs->corners[3], role);
    put(canvas, at.x, at.y + 1, glyphs->left, role);
    put(canvas, right, at.y + 1, glyphs->right, role);
}

int juggler_ball_draw(struct canvas *canvas, int x, int y, const struct juggler *juggler, struct juggler_ball ball, bool big)
{
    char text[JUGGLER_BALL_BYTES];
    enum role role = juggler_role(juggler, ball);
    struct rect at = {x, y, juggler_ball_columns(ball, big), big ? JUGGLER_BIG_ROWS : 1};
    juggler_ball_text(juggler, ball, text);
    if (big) {
        draw_round(canvas, at, role);
        if (text[0] == '(') { /* the line around it takes the brackets' place */
            text[0] = ' ';
            text[at.columns - JUGGLER_BIG_BORDER - 1] = ' ';
        }
        at = (struct rect){x + 1, y + 1, at.columns - JUGGLER_BIG_BORDER, 1};
    }
    canvas_text_bold(canvas, at.x, at.y, at.columns, role, text);
    if (is_selected(juggler, ball)) {
        canvas_reverse(canvas, at);
        canvas->cursor_x = at.x;
        canvas->cursor_y = at.y;
    }
    return juggler_ball_columns(ball, big);
}
