/* juggler_pane.c - the article's picture: a hand is a core, a ball a worker. Pure: it draws the same snapshot as everything else, and what
 * moves in it moves because a worker waited or received (juggler_flight).
 *
 * Alone on the screen it is a figure with its arcs, the ground below, and the words beside; in a pane it is rows, a place each; in one
 * line it is counts. */
#include "ui/pane.h"

#include <stdio.h>

#include "ui/juggler.h"
#include "ui/parts.h"

enum { PICTURE_COLUMNS_MIN = 40, PICTURE_ROWS_MIN = 12, LEGEND_COLUMNS = 28, LEGEND_COLUMNS_WIDE = 36, GROUND_ROWS = 1 };
/* When balls are big: the least picture, and the cells of sky that each needs to be told from the others. */
enum { BIG_COLUMNS = 60, BIG_ROWS_MIN = 25, BIG_GROUND = 10, BIG_ROOM = 60 };

static const struct juggler_row_style loose = {"", " ", "", false};
static const struct juggler_row_style rope = {"~", "~", "~", false};
static const struct juggler_row_style bench = {"[", "", "]", false};
static const struct juggler_row_style basket = {"\\", "", "/", false};
static const struct juggler_row_style doubt = {"? ", " ", "", false};

static const struct juggler_row_style *style_of(enum juggler_place place)
{
    switch (place) {
    case JUGGLER_TIED: return &rope;
    case JUGGLER_BENCH: return &bench;
    case JUGGLER_BASKET: return &basket;
    case JUGGLER_UNKNOWN: return &doubt;
    default: return &loose;
    }
}

/* --- one line ----------------------------------------------------------------------------------------------------- */

/* Names or dots behind the word of a place; "" where they are more than a line has room for. */
static void balls_text(const struct juggler *juggler, enum juggler_place place, char *out, size_t room)
{
    enum { DOTS_MAX = 12, NAMES_MAX = 4 };
    size_t count = juggler->counts[place];
    int used = 0;
    out[0] = '\0';
    for (struct juggler_ball ball = JUGGLER_BEFORE_FIRST;
         count <= (place == JUGGLER_AIR ? DOTS_MAX : NAMES_MAX) && juggler_next(juggler, place, &ball);) {
        char name[JUGGLER_BALL_BYTES];
        juggler_ball_text(juggler, ball, name);
        used += snprintf(out + used, room - (size_t)used, "%s", place == JUGGLER_AIR ? "\u25cf" : name);
    }
}

static void draw_line(struct canvas *canvas, struct rect row, const struct juggler *juggler)
{
    static const enum juggler_place places[] = {JUGGLER_AIR,   JUGGLER_HAND,   JUGGLER_FLOOR,  JUGGLER_TIED,
                                                JUGGLER_BENCH, JUGGLER_BASKET, JUGGLER_UNKNOWN};
    struct parts parts = {0};
    char few[JUGGLER_WORDS_BYTES], balls[PART_BYTES / 2];
    if (!juggler->live) {
        parts_add(&parts, 1, ROLE_DIM, "%s", juggler_sentence(juggler, few));
    }
    for (size_t i = 0; juggler->live && i < sizeof places / sizeof places[0]; i++) {
        if (juggler_place_shows(juggler, places[i])) {
            juggler_short_words(juggler, places[i], few);
            balls_text(juggler, places[i], balls, sizeof balls);
            parts_add(&parts, (int)(9 - i), juggler_place_role(places[i]), "%.40s%s%s", few, balls[0] != '\0' ? " " : "",
                      balls);
            parts_brief(&parts, "%.40s", few);
        }
    }
    parts_draw(canvas, row.x + 1, row.y, row.columns - 2, &parts);
}

/* --- rows --------------------------------------------------------------------------------------------------------- */

static const struct {
    enum juggler_place place;
    const char *label;
} row_labels[] = {
    {JUGGLER_AIR, "in the air"},    {JUGGLER_HAND, "in a hand"},  {JUGGLER_FLOOR, "on the floor"}, {JUGGLER_TIED, "tied"},
    {JUGGLER_BENCH, "standing by"}, {JUGGLER_BASKET, "put away"}, {JUGGLER_UNKNOWN, "unknown"},
};
enum {
    ROW_LABELS = sizeof row_labels / sizeof row_labels[0],
    LABEL_COLUMNS = 13,
    WORDS_COLUMNS = 22,
    ROWS_COLUMNS_MIN = 24,
    ROWS_MIN = 3
};

static int rows_wanted(const struct juggler *juggler)
{
    int rows = 0;
    for (int i = 0; i < ROW_LABELS; i++) {
        rows += juggler_place_shows(juggler, row_labels[i].place);
    }
    return rows;
}

/* A place: its name, its balls, its count in words. Those in the air fly through all rows it has. */
static void draw_row(struct canvas *canvas, struct rect where, const struct juggler *juggler, int number)
{
    char why[JUGGLER_WORDS_BYTES], words[JUGGLER_WORDS_BYTES + 24];
    enum juggler_place place = row_labels[number].place;
    enum role role = juggler_place_role(place);
    int last = where.y + where.rows - 1, words_columns = where.columns >= 44 ? WORDS_COLUMNS : 4;
    juggler_why_words(juggler, place, why);
    if (words_columns < WORDS_COLUMNS) {
        snprintf(words, sizeof words, "%zu", juggler->counts[place]);
    } else if (place == JUGGLER_HAND) { /* its balls stand beside; how many hands there are does not */
        snprintf(words, sizeof words, "%s", why);
    } else {
        snprintf(words, sizeof words, "%zu %s", juggler->counts[place], why);
    }
    int columns = canvas_text_columns(canvas, words);
    words_columns = columns > words_columns ? columns : words_columns;
    canvas_text_bold(canvas, where.x, where.y, LABEL_COLUMNS, role, row_labels[number].label);
    canvas_text(canvas, where.x + where.columns - words_columns, where.y, words_columns, role, words);
    struct rect balls = {where.x + LABEL_COLUMNS, where.y, where.columns - LABEL_COLUMNS - words_columns - 1, where.rows};
    if (place == JUGGLER_AIR) {
        juggler_sky_draw(canvas, balls, juggler, false);
    } else {
        struct juggler_row_style style = *style_of(place);
        bool tight = juggler_row_columns(canvas, juggler, place, &style) > balls.columns;
        style.joint = tight && style.joint[0] == ' ' ? "" : style.joint;
        juggler_row_draw(canvas, (struct rect){balls.x, last, balls.columns, 1}, juggler, place, &style);
    }
}

static void draw_rows(struct canvas *canvas, struct rect where, const struct juggler *juggler)
{
    char text[JUGGLER_WORDS_BYTES];
    int wanted = rows_wanted(juggler), end = where.y + where.rows;
    if (where.columns < ROWS_COLUMNS_MIN || where.rows < ROWS_MIN) {
        draw_line(canvas, (struct rect){where.x - 1, where.y, where.columns + 2, where.rows}, juggler);
        return;
    }
    if (!juggler->live) {
        parts_flow(canvas, where, 0, ROLE_TEXT, juggler_sentence(juggler, text));
        return;
    }
    int air = where.rows > wanted ? 2 : 1;
    air += where.rows - wanted - 3 > 0 ? where.rows - wanted - 3 : 0;
    for (int i = 0; i < ROW_LABELS && where.y < end; i++) {
        if (juggler_place_shows(juggler, row_labels[i].place)) {
            struct rect row = {where.x, where.y, where.columns, i == 0 ? air : 1};
            draw_row(canvas, row, juggler, i);
            where.y += row.rows;
        }
    }
    if (where.y < end) {
        parts_flow(canvas, (struct rect){where.x, where.y, where.columns, end - where.y}, 0, ROLE_TEXT,
                   juggler_sentence(juggler, text));
    }
}

void juggler_draw(struct canvas *canvas, struct rect where, const struct model *model, bool boxed)
{
    struct juggler juggler;
    if (where.rows < 1 || where.columns < 3) {
        return;
    }
    juggler_look(&juggler, model);
    if (!boxed) {
        draw_line(canvas, where, &juggler);
        return;
    }
    char note[32];
    snprintf(note, sizeof note, "%u hand%s", juggler.hands, juggler.hands == 1 ? "" : "s");
    canvas_box(canvas, where, ROLE_FRAME, "JUGGLER", note);
    draw_rows(canvas, (struct rect){where.x + 2, where.y + 1, where.columns - 4, where.rows - 2}, &juggler);
}

/* --- the whole screen ----------------------------------------------------------------------------------------------- */

enum { SIDE_PLACES = 3 };

/* What lies on one side of the legs, from the ground up. */
static const enum juggler_place sides[2][SIDE_PLACES] = {{JUGGLER_FLOOR, JUGGLER_BENCH, JUGGLER_UNKNOWN},
                                                         {JUGGLER_BASKET, JUGGLER_TIED, JUGGLER_NOBODY}};

/* A side that has one place only, and room, shows its balls big. Its lowest row is the ground's neighbour. */
static void draw_side(struct canvas *canvas, struct rect side, const struct juggler *juggler,
                      const enum juggler_place places[SIDE_PLACES])
{
    int used = 0;
    for (int i = 0; i < SIDE_PLACES; i++) {
        used += places[i] != JUGGLER_NOBODY && juggler->counts[places[i]] > 0;
    }
    for (int i = 0, up = 1; i < SIDE_PLACES; i++) {
        if (places[i] == JUGGLER_NOBODY || juggler->counts[places[i]] == 0) {
            continue;
        }
        struct juggler_row_style style = *style_of(places[i]);
        style.big = juggler->big && used == 1;
        style.big = style.big && juggler_row_columns(canvas, juggler, places[i], &style) <= side.columns;
        up += style.big ? JUGGLER_BIG_ROWS - 1 : 0;
        juggler_row_draw(canvas, (struct rect){side.x, side.y + side.rows - up, side.columns, 1}, juggler, places[i],
                         &style);
        up++;
    }
}

/* Left and right of the legs: what lies on the ground, and what is beside. */
static void draw_ground(struct canvas *canvas, struct rect picture, const struct juggler *juggler)
{
    int columns = (picture.columns - JUGGLER_BODY_COLUMNS) / 2 - 1;
    struct rect side = {picture.x, picture.y, columns, picture.rows - GROUND_ROWS};
    canvas_fill(canvas, (struct rect){picture.x, picture.y + picture.rows - 1, picture.columns, 1},
                canvas->ascii ? '=' : 0x2594, ROLE_FRAME);
    draw_side(canvas, side, juggler, sides[0]);
    side.x = picture.x + picture.columns - columns;
    draw_side(canvas, side, juggler, sides[1]);
}

static void draw_picture(struct canvas *canvas, struct rect picture, const struct juggler *juggler)
{
    int figure = juggler_figure_rows(juggler, picture.columns);
    struct rect sky = {picture.x, picture.y, picture.columns, picture.rows - GROUND_ROWS - figure};
    struct rect body = {picture.x, sky.y + sky.rows, picture.columns, figure};
    char text[JUGGLER_WORDS_BYTES];
    juggler_sky_draw(canvas, sky, juggler, true);
    juggler_figure_draw(canvas, body, juggler);
    draw_ground(canvas, picture, juggler);
    if (!juggler->live) {
        juggler_sentence(juggler, text);
        int columns = canvas_text_columns(canvas, text);
        canvas_text_bold(canvas, sky.x + (sky.columns - columns) / 2, sky.y + sky.rows / 2, sky.columns, ROLE_TITLE, text);
    }
}

/* The words stand beside the picture, or below it where it is narrow. */
static void draw_whole(struct canvas *canvas, struct rect inside, struct juggler *juggler)
{
    bool beside = inside.columns >= 70;
    struct rect picture = inside, words = inside;
    if (beside) {
        words.columns = inside.columns >= 100 ? LEGEND_COLUMNS_WIDE : LEGEND_COLUMNS;
        picture.columns -= words.columns + 2;
        words.x += picture.columns + 2;
    } else {
        words.rows = juggler_legend_lines(juggler);
        picture.rows -= words.rows;
        words.y += picture.rows;
    }
    if (picture.columns < PICTURE_COLUMNS_MIN ||
        picture.rows < PICTURE_ROWS_MIN + juggler_figure_rows(juggler, picture.columns) - 7) {
        draw_rows(canvas, inside, juggler);
        return;
    }
    juggler->big = picture.columns >= BIG_COLUMNS && picture.rows >= BIG_ROWS_MIN &&
                   juggler->workers * BIG_ROOM <= (size_t)(picture.columns * (picture.rows - BIG_GROUND));
    draw_picture(canvas, picture, juggler);
    juggler_legend_draw(canvas, words, juggler, !beside);
}

void juggler_draw_whole(struct canvas *canvas, struct rect where, const struct model *model)
{
    struct juggler juggler;
    char note[JUGGLER_WORDS_BYTES];
    if (where.rows < 3 || where.columns < 8) {
        juggler_draw(canvas, where, model, false);
        return;
    }
    juggler_look(&juggler, model);
    canvas_box(canvas, where, ROLE_FRAME, "JUGGLER", juggler_why_words(&juggler, JUGGLER_HAND, note));
    draw_whole(canvas, (struct rect){where.x + 2, where.y + 1, where.columns - 4, where.rows - 2}, &juggler);
}
