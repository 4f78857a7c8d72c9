/* juggler_row.c - all balls of one place side by side: by name where all names fit, else a crowd of dots with its count. */
#include <stdio.h>

#include "ui/juggler.h"
#include "ui/parts.h"

/* A row being filled from the left. */
struct line {
    struct canvas *canvas;
    struct rect at;
    bool big;
    int used;
};

static void add(struct line *line, enum role role, bool bold, const char *text)
{
    int x = line->at.x + line->used, y = line->at.y + line->big, room = line->at.columns - line->used;
    line->used +=
        bold ? canvas_text_bold(line->canvas, x, y, room, role, text) : canvas_text(line->canvas, x, y, room, role, text);
}

static void add_ball(struct line *line, const struct juggler *juggler, struct juggler_ball ball)
{
    line->used += juggler_ball_draw(line->canvas, line->at.x + line->used, line->at.y, juggler, ball, line->big);
}

static void add_names(struct line *line, const struct juggler *juggler, enum juggler_place place, const char *joint)
{
    bool first = true;
    for (struct juggler_ball ball = JUGGLER_BEFORE_FIRST; juggler_next(juggler, place, &ball); first = false) {
        add(line, juggler_place_role(place), false, first ? "" : joint);
        add_ball(line, juggler, ball);
    }
}

/* Dots as many as there is room for, at most one a ball, then how many they are: "412 t 3 p". */
static void add_crowd(struct line *line, const struct juggler *juggler, enum juggler_place place, int end)
{
    char count[48] = "";
    int bytes = 0;
    struct juggler_ball selected;
    for (int lane = 0; lane < MODEL_LANES; lane++) {
        struct juggler_ball ball = {lane, SIZE_MAX};
        if (juggler->in_lane[lane][place] > 0 && juggler_next(juggler, place, &ball)) {
            char name[JUGGLER_BALL_BYTES];
            bytes += snprintf(count + bytes, sizeof count - (size_t)bytes, " %zu %c", juggler->in_lane[lane][place],
                              juggler_ball_text(juggler, ball, name)[1]);
        }
    }
    bool named = juggler_selected(juggler, &selected) && juggler_place_of(juggler, selected) == place;
    if (named) {
        add_ball(line, juggler, selected);
    }
    int dots = line->at.columns - line->used - bytes - end;
    for (size_t i = 0; dots > 0 && i < (size_t)dots && i + named < juggler->counts[place]; i++) {
        add(line, juggler_place_role(place), false, "\u25cf");
    }
    add(line, juggler_place_role(place), true, dots > 0 ? count : count + 1);
}

int juggler_row_columns(const struct canvas *canvas, const struct juggler *juggler, enum juggler_place place,
                        const struct juggler_row_style *style)
{
    int columns = canvas_text_columns(canvas, style->open) + canvas_text_columns(canvas, style->close);
    int joint = canvas_text_columns(canvas, style->joint);
    for (struct juggler_ball ball = JUGGLER_BEFORE_FIRST; juggler_next(juggler, place, &ball);) {
        columns += juggler_ball_columns(ball, style->big) + joint;
    }
    return columns - joint;
}

int juggler_row_draw(struct canvas *canvas, struct rect row, const struct juggler *juggler, enum juggler_place place,
                     const struct juggler_row_style *style)
{
    struct line line = {.canvas = canvas, .at = row, .big = style->big};
    enum role role = juggler_place_role(place);
    if (juggler->counts[place] == 0 || row.rows < 1) {
        return 0;
    }
    add(&line, role, false, style->open);
    if (juggler_row_columns(canvas, juggler, place, style) <= row.columns) {
        add_names(&line, juggler, place, style->joint);
    } else {
        add_crowd(&line, juggler, place, canvas_text_columns(canvas, style->close));
    }
    add(&line, role, false, style->close);
    return line.used;
}
