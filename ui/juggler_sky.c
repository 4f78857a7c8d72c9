/* juggler_sky.c - the balls in the air. Arcs lie in each other like a rainbow's: the left half of an arc is waiting for an answer, the right half
 * the answer coming in. A worker keeps its arc; where on it its ball is follows from its time or its bytes alone (juggler_flight). Where the
 * place is taken, the ball comes to lie behind it on the same arc. Few balls have names; many are dots, and the count stands beside. */
#include <limits.h>
#include <stdlib.h>

#include "ui/juggler.h"

enum {
    ARCS_MAX = 24,
    STEPS_MAX = 256,
    NAMED_ON_AN_ARC = 5, /* so many names still have room */
    NAMED_IN_CROWD = 8,  /* in front of a crowd */
    ROWS_AN_ARC = 2
};

/* The way of a ball: from the lower left over the top to the lower right. */
struct arc {
    int left, right, top, foot;
};

struct point {
    int x, y;
};

struct sky {
    struct canvas *canvas;
    struct rect at;
    const struct juggler *juggler;
    int arcs;
};

/* Dots in the places of an arc, by whether they receive. */
struct places {
    uint16_t balls[2][STEPS_MAX];
};

static struct point arc_point(const struct arc *arc, double share)
{
    double height = 4 * share * (1 - share) * (arc->foot - arc->top);
    return (struct point){arc->left + (int)(share * (arc->right - arc->left) + 0.5), arc->foot - (int)(height + 0.5)};
}

/* Arc 0 is the outermost. */
static struct arc arc_of(const struct sky *sky, int number)
{
    const struct rect *at = &sky->at;
    int in = sky->arcs > 1 ? number * (at->columns * 2 / 5) / (sky->arcs - 1) : 0;
    int down = sky->arcs > 1 ? number * (at->rows * 3 / 4) / (sky->arcs - 1) : 0;
    return (struct arc){at->x + in, at->x + at->columns - 1 - in, at->y + down, at->y + at->rows - 1};
}

static int arc_number(const struct sky *sky, struct juggler_ball ball)
{
    size_t before = ball.lane > 0 ? sky->juggler->model->lanes[0].snap.slots : 0;
    return (int)((before + ball.slot) % (size_t)sky->arcs);
}

static uint32_t glyph_of(const struct sky *sky, uint32_t glyph, char plain)
{
    return sky->canvas->ascii ? (uint32_t)plain : glyph;
}

static void put(const struct sky *sky, struct point point, uint32_t glyph, enum role role)
{
    canvas_fill(sky->canvas, (struct rect){point.x, point.y, 1, 1}, glyph, role);
}

/* Dots at even distances along an arc, as far as that share of it; a row is as high as two columns are wide. */
static void draw_way(const struct sky *sky, const struct arc *arc, double share, enum role role)
{
    enum { FINENESS = 1024, APART = 3 };
    struct point last = {INT_MIN / 4, 0};
    for (int i = 0; i <= share * FINENESS; i++) {
        struct point point = arc_point(arc, (double)i / FINENESS);
        if (abs(point.x - last.x) + 2 * abs(point.y - last.y) >= APART) {
            put(sky, point, glyph_of(sky, 0xb7, '.'), role == ROLE_DIM ? role : i < FINENESS / 2 ? ROLE_WAITING : role);
            last = point;
        }
    }
}

/* --- by name ------------------------------------------------------------------------------------------------------ */

static bool is_free(const struct sky *sky, struct rect place)
{
    for (int i = 0; i < place.columns * place.rows; i++) {
        const struct cell *cell = canvas_at(sky->canvas, place.x + i % place.columns, place.y + i / place.columns);
        if (cell == NULL || (cell->glyph != ' ' && cell->glyph != glyph_of(sky, 0xb7, '.'))) {
            return false;
        }
    }
    return true;
}

/* A ball lies over its point, within the sky. */
static struct rect ball_place(const struct sky *sky, struct juggler_ball ball, struct point point)
{
    struct rect at = {.columns = juggler_ball_columns(ball, sky->juggler->big),
                      .rows = sky->juggler->big ? JUGGLER_BIG_ROWS : 1};
    int right = sky->at.x + sky->at.columns - at.columns, bottom = sky->at.y + sky->at.rows - at.rows;
    at.x = point.x - at.columns / 2;
    at.x = at.x > right ? right : at.x;
    at.x = at.x < sky->at.x ? sky->at.x : at.x;
    at.y = point.y - at.rows / 2;
    at.y = at.y > bottom ? bottom : at.y;
    at.y = at.y < sky->at.y ? sky->at.y : at.y;
    return at;
}

/* Where it is; when others are there, behind them. */
static void place_name(const struct sky *sky, struct juggler_ball ball)
{
    struct arc arc = arc_of(sky, arc_number(sky, ball));
    double share = juggler_flight(sky->juggler, ball), step = 1.0 / (arc.right - arc.left + 1);
    for (double behind = share; behind >= 0; behind -= step) {
        struct rect place = ball_place(sky, ball, arc_point(&arc, behind));
        if (is_free(sky, place)) {
            juggler_ball_draw(sky->canvas, place.x, place.y, sky->juggler, ball, sky->juggler->big);
            return;
        }
    }
    put(sky, arc_point(&arc, share), 0x25cf, juggler_role(sky->juggler, ball));
}

static void draw_names(const struct sky *sky)
{
    for (struct juggler_ball ball = JUGGLER_BEFORE_FIRST; juggler_next(sky->juggler, JUGGLER_AIR, &ball);) {
        struct arc arc = arc_of(sky, arc_number(sky, ball));
        draw_way(sky, &arc, juggler_flight(sky->juggler, ball), juggler_role(sky->juggler, ball));
    }
    for (struct juggler_ball ball = JUGGLER_BEFORE_FIRST; juggler_next(sky->juggler, JUGGLER_AIR, &ball);) {
        place_name(sky, ball);
    }
}

/* --- crowds --------------------------------------------------------------------------------------------------------- */

static int steps_of(const struct arc *arc)
{
    int steps = arc->right - arc->left + 1;
    return steps > STEPS_MAX ? STEPS_MAX : steps < 1 ? 1 : steps;
}

/* From the far end on: where more lie than there is room for, the others come to lie behind. What is left over at the beginning is in the
 * count alone. */
static void draw_dots(const struct sky *sky, const struct arc *arc, const struct places *places)
{
    int steps = steps_of(arc);
    unsigned receiving = 0, waiting = 0;
    for (int step = steps - 1; step >= 0; step--) {
        receiving += places->balls[1][step];
        waiting += places->balls[0][step];
        struct point point = arc_point(arc, steps > 1 ? (double)step / (steps - 1) : 0);
        if (receiving > 0) {
            receiving--;
            put(sky, point, 0x25cf, ROLE_RECEIVING);
        } else if (waiting > 0) {
            waiting--;
            put(sky, point, 0x25cf, ROLE_WAITING);
        }
    }
}

static void draw_crowd(const struct sky *sky)
{
    struct places places[ARCS_MAX] = {0};
    for (struct juggler_ball ball = JUGGLER_BEFORE_FIRST; juggler_next(sky->juggler, JUGGLER_AIR, &ball);) {
        int number = arc_number(sky, ball);
        struct arc arc = arc_of(sky, number);
        int step = (int)(juggler_flight(sky->juggler, ball) * (steps_of(&arc) - 1) + 0.5);
        places[number].balls[juggler_role(sky->juggler, ball) == ROLE_RECEIVING][step]++;
    }
    for (int number = 0; number < sky->arcs; number++) {
        struct arc arc = arc_of(sky, number);
        draw_dots(sky, &arc, &places[number]);
    }
}

static void draw_one_name(const struct sky *sky, struct juggler_ball ball)
{
    struct arc arc = arc_of(sky, arc_number(sky, ball));
    struct rect place = ball_place(sky, ball, arc_point(&arc, juggler_flight(sky->juggler, ball)));
    juggler_ball_draw(sky->canvas, place.x, place.y, sky->juggler, ball, sky->juggler->big);
}

/* A few of a crowd have a name, always the same ones, and the selected one has. */
static void draw_some_names(const struct sky *sky)
{
    size_t stride = sky->juggler->workers / NAMED_IN_CROWD + 1;
    struct juggler_ball selected;
    for (struct juggler_ball ball = JUGGLER_BEFORE_FIRST; juggler_next(sky->juggler, JUGGLER_AIR, &ball);) {
        if (ball.slot % stride == stride / 2) {
            draw_one_name(sky, ball);
        }
    }
    if (juggler_selected(sky->juggler, &selected) && juggler_place_of(sky->juggler, selected) == JUGGLER_AIR) {
        draw_one_name(sky, selected);
    }
}

/* Dots lie closer than names: every row of the sky is the top of an arc. */
static int arcs_of(struct rect where, const struct juggler *juggler, bool *named)
{
    int arcs = where.rows / ROWS_AN_ARC < 1 ? 1 : where.rows / ROWS_AN_ARC;
    arcs = arcs > ARCS_MAX ? ARCS_MAX : arcs;
    *named = *named && juggler->workers <= (size_t)(arcs * NAMED_ON_AN_ARC);
    if (*named && juggler->workers < (size_t)arcs) {
        return juggler->workers > 0 ? (int)juggler->workers : 1;
    }
    return *named || where.rows <= 2 ? arcs : where.rows > ARCS_MAX ? ARCS_MAX : where.rows;
}

void juggler_sky_draw(struct canvas *canvas, struct rect where, const struct juggler *juggler, bool named)
{
    if (where.rows < 1 || where.columns < 2) {
        return;
    }
    bool by_name = named;
    struct sky sky = {.canvas = canvas, .at = where, .juggler = juggler, .arcs = arcs_of(where, juggler, &by_name)};
    if (by_name) {
        draw_names(&sky);
        return;
    }
    if (!named) { /* a pane's few rows: without its way a ball has no direction */
        struct arc arc = arc_of(&sky, 0);
        draw_way(&sky, &arc, 1, ROLE_DIM);
    }
    draw_crowd(&sky);
    if (named) {
        draw_some_names(&sky);
    }
}
