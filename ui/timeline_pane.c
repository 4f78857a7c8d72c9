/* timeline_pane.c - the picture of time. See timeline_pane.h.
 *
 * A column is a stretch of time, a row a worker; the cell shows what took most of that stretch. Shades tell the states apart without colour,
 * letters where there is room for them. The present grows at the right edge, it does not wait for anything to end. */
#include "ui/timeline_pane.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "ui/lane_private.h"
#include "ui/parts.h"

enum { NAME_COLUMNS = 4, LETTER_CELLS = 4, TICK_COLUMNS = 12, MIN_ROWS_FOR_AXIS = 4 };

/* --- cells ---------------------------------------------------------------------------------------- */

struct look {
    uint32_t glyph;
    char ascii;
};

static struct look look_of(const struct timeline_cell *cell)
{
    switch (phase_class_of(cell->phase)) {
    case PHASE_CLASS_RUNNING: return cell->no_core ? (struct look){0x2592, '='} : (struct look){0x2588, '#'};
    case PHASE_CLASS_IO: return cell->phase == PHASE_RECEIVING ? (struct look){0x2593, '%'} : (struct look){0x2591, '.'};
    case PHASE_CLASS_LOCK: return (struct look){0x259a, 'L'};
    case PHASE_CLASS_BARRIER: return (struct look){0x2581, '_'};
    case PHASE_CLASS_NO_WORK: return cell->phase == PHASE_PAUSED ? (struct look){0x2016, 'H'} : (struct look){0xb7, ' '};
    default: return (struct look){' ', ' '};
    }
}

uint32_t timeline_glyph(const struct timeline_cell *cell, bool ascii)
{
    struct look look = look_of(cell);
    if (cell->killed)
        return 'X';
    return ascii ? (unsigned char)look.ascii : look.glyph;
}

enum role timeline_role(const struct timeline_cell *cell)
{
    if (cell->killed)
        return ROLE_FAILED;
    return phase_class_of(cell->phase) == PHASE_CLASS_RUNNING && cell->no_core ? ROLE_READY : lane_role(cell->phase);
}

/* --- rows ----------------------------------------------------------------------------------------- */

/* A column's stretch of a track's own time. False: before its 0. */
static bool stretch(const struct timeline_view *view, const struct timeline_track *track, int column, int columns,
                    uint64_t *from_ns, uint64_t *to_ns)
{
    uint64_t back_from = view->span_ns * (uint64_t)(columns - column) / (uint64_t)columns;
    uint64_t back_to = view->span_ns * (uint64_t)(columns - column - 1) / (uint64_t)columns;
    if (view->end_ns <= back_to)
        return false;
    *from_ns = track->zero_ns + (view->end_ns > back_from ? view->end_ns - back_from : 0);
    *to_ns = track->zero_ns + view->end_ns - back_to;
    return *from_ns < *to_ns;
}

/* The letter of a state, in the second cell of a stretch that is long enough to bear it. */
static void put_letter(struct canvas *canvas, struct rect row, int from, int to, const struct timeline_cell *cell)
{
    if (to - from < LETTER_CELLS || phase_class_of(cell->phase) == PHASE_CLASS_NONE || cell->phase == PHASE_NO_WORK)
        return;
    char letter[2] = {cell->no_core ? 'r' : phase_letter(cell->phase), 0};
    canvas_text(canvas, row.x + from + 1, row.y, 1, ROLE_TEXT, letter);
}

static bool alike(const struct timeline_cell *a, const struct timeline_cell *b)
{
    return a->phase == b->phase && a->no_core == b->no_core && a->job == b->job && !b->killed && !a->killed;
}

static void draw_lane(struct canvas *canvas, struct rect row, const struct timeline_view *view,
                      const struct timeline_track *track, size_t slot)
{
    struct timeline_cell before = {.phase = PHASE_NONE};
    int began = 0;
    for (int column = 0; column < row.columns; column++) {
        uint64_t from_ns, to_ns;
        struct timeline_cell cell = {.phase = PHASE_NONE};
        if (stretch(view, track, column, row.columns, &from_ns, &to_ns))
            cell = timeline_look(track->timeline, slot, from_ns, to_ns);
        canvas_fill(canvas, (struct rect){row.x + column, row.y, 1, 1}, timeline_glyph(&cell, canvas->ascii),
                    timeline_role(&cell));
        if (alike(&before, &cell) && !cell.begins)
            continue;
        put_letter(canvas, row, began, column, &before);
        if (cell.begins && !cell.killed)
            canvas_fill(canvas, (struct rect){row.x + column, row.y, 1, 1}, canvas->ascii ? '|' : 0x258f,
                        timeline_role(&cell));
        before = cell;
        began = column;
    }
    put_letter(canvas, row, began, row.columns, &before);
}

/* The moment at which a batch gives way to the next one goes through all lanes of its run as a line. */
static void draw_barriers(struct canvas *canvas, struct rect rows, const struct timeline_view *view,
                          const struct timeline_track *track)
{
    for (int column = 0; column < rows.columns; column++) {
        uint64_t from_ns, to_ns;
        if (!stretch(view, track, column, rows.columns, &from_ns, &to_ns) ||
            !timeline_round_begins(track->timeline, from_ns, to_ns))
            continue;
        canvas_fill(canvas, (struct rect){rows.x + column, rows.y, 1, rows.rows}, canvas->ascii ? '|' : 0x2502,
                    ROLE_BARRIER);
    }
}

static void draw_name(struct canvas *canvas, struct rect row, const struct timeline_track *track, size_t slot)
{
    char name[24];
    snprintf(name, sizeof name, "%c%zu", track->letter, slot + 1);
    canvas_text(canvas, row.x, row.y, NAME_COLUMNS, ROLE_TEXT, name);
    if (slot == track->selected)
        canvas_reverse(canvas, (struct rect){row.x, row.y, (int)strlen(name), 1});
}

/* Slots of a track that somebody has sat in. */
static size_t lanes_of(const struct timeline_track *track)
{
    size_t lanes = track->timeline->slots;
    while (lanes > 0 && track->timeline->rows[lanes - 1].count == 0)
        lanes--;
    return lanes;
}

/* Its first lanes; or, with one selected further down, those around it. */
static size_t draw_track(struct canvas *canvas, struct rect where, const struct timeline_view *view,
                         const struct timeline_track *track)
{
    size_t lanes = lanes_of(track), shown = lanes < (size_t)where.rows ? lanes : (size_t)where.rows, top = 0;
    if (track->selected != SIZE_MAX && track->selected >= shown && track->selected < lanes)
        top = track->selected + 1 - shown;
    for (size_t i = 0; i < shown; i++) {
        struct rect row = {where.x, where.y + (int)i, where.columns, 1};
        draw_name(canvas, row, track, top + i);
        row.x += NAME_COLUMNS;
        row.columns -= NAME_COLUMNS;
        draw_lane(canvas, row, view, track, top + i);
    }
    struct rect cells = {where.x + NAME_COLUMNS, where.y, where.columns - NAME_COLUMNS, (int)shown};
    draw_barriers(canvas, cells, view, track);
    return lanes - shown;
}

/* --- the axis ------------------------------------------------------------------------------------- */

/* The distance of two ticks: the least of 1, 2, 5, 10 ... ms that leaves room for a figure. */
static uint64_t tick_step_ns(uint64_t span_ns, int columns)
{
    static const uint64_t factors[] = {1, 2, 5};
    uint64_t least_ns = span_ns / (uint64_t)columns * TICK_COLUMNS;
    for (uint64_t unit_ns = NS_PER_MS;; unit_ns *= 10)
        for (size_t i = 0; i < sizeof factors / sizeof *factors; i++)
            if (factors[i] * unit_ns >= least_ns)
                return factors[i] * unit_ns;
}

static void tick_text(uint64_t at_ns, uint64_t step_ns, char *out, size_t room)
{
    int decimals = step_ns >= NS_PER_S ? 0 : step_ns >= NS_PER_S / 10 ? 1 : step_ns >= NS_PER_S / 100 ? 2 : 3;
    snprintf(out, room, "%.*f s", decimals, (double)at_ns / (double)NS_PER_S);
}

/* A figure stands with its first column at its moment. */
static void draw_axis(struct canvas *canvas, struct rect row, const struct timeline_view *view)
{
    uint64_t step_ns = tick_step_ns(view->span_ns, row.columns);
    uint64_t from_ns = view->end_ns > view->span_ns ? view->end_ns - view->span_ns : 0;
    for (uint64_t at_ns = (from_ns + step_ns - 1) / step_ns * step_ns; at_ns < view->end_ns; at_ns += step_ns) {
        char text[32];
        double back = (double)(view->end_ns - at_ns) / (double)view->span_ns;
        int column = row.columns - (int)(back * row.columns + 0.5);
        tick_text(at_ns, step_ns, text, sizeof text);
        if (column >= 0 && column + (int)strlen(text) <= row.columns)
            canvas_text(canvas, row.x + column, row.y, row.columns - column, ROLE_DIM, text);
    }
}

/* --- the box -------------------------------------------------------------------------------------- */

/* Every shade with its word, as many as fit. */
static void draw_legend(struct canvas *canvas, struct rect row, int room)
{
    static const struct {
        struct timeline_cell cell;
        const char *word, *brief;
    } entries[] = {
        {{.phase = PHASE_COMPUTING}, "running", "run"},
        {{.phase = PHASE_COMPUTING, .no_core = true}, "ready, no core", "ready"},
        {{.phase = PHASE_WAITING}, "waiting", "wait"},
        {{.phase = PHASE_RECEIVING}, "receiving", "receive"},
        {{.phase = PHASE_LOCK}, "lock", "lock"},
        {{.phase = PHASE_BARRIER}, "barrier", "barrier"},
    };
    bool brief = room < 84;
    int x = row.x, end = row.x + room;
    for (size_t i = 0; i < sizeof entries / sizeof *entries; i++) {
        const char *word = brief ? entries[i].brief : entries[i].word;
        if (x + 3 + (int)strlen(word) > end)
            return;
        canvas_text(canvas, x, row.y, 1, ROLE_FRAME, " ");
        canvas_fill(canvas, (struct rect){x + 1, row.y, 1, 1}, timeline_glyph(&entries[i].cell, canvas->ascii),
                    timeline_role(&entries[i].cell));
        x += 2 + canvas_printf(canvas, x + 2, row.y, end - x - 2, ROLE_TEXT, " %s ", word);
    }
}

static void span_text(const struct timeline_view *view, char *out, size_t room)
{
    bool seconds = view->span_ns >= NS_PER_S;
    double span = (double)view->span_ns / (double)(seconds ? NS_PER_S : NS_PER_MS);
    snprintf(out, room, "%s %g %s", view->frozen ? "FROZEN," : "last", span, seconds ? "s" : "ms");
}

/* Rows in proportion, at least one for each that has any. */
static int rows_for(const struct timeline_view *view, size_t number, int room)
{
    size_t all = 0, mine = lanes_of(&view->tracks[number]);
    for (size_t i = 0; i < view->count; i++)
        all += lanes_of(&view->tracks[i]);
    if (all <= (size_t)room)
        return (int)mine;
    int share = all ? (int)((double)mine * room / (double)all) : 0;
    return mine && !share ? 1 : share;
}

static void draw_tracks(struct canvas *canvas, struct rect body, const struct timeline_view *view, size_t *hidden)
{
    int y = body.y, end = body.y + body.rows;
    for (size_t i = 0; i < view->count && y < end; i++) {
        int rows = rows_for(view, i, body.rows);
        rows = i + 1 == view->count || rows > end - y ? end - y : rows;
        *hidden += draw_track(canvas, (struct rect){body.x, y, body.columns, rows}, view, &view->tracks[i]);
        size_t lanes = lanes_of(&view->tracks[i]);
        y += lanes < (size_t)rows ? (int)lanes : rows;
    }
}

void timeline_draw(struct canvas *canvas, struct rect where, const struct timeline_view *view)
{
    char span[40];
    size_t hidden = 0;
    if (where.rows < 3 || where.columns < NAME_COLUMNS + 12)
        return;
    span_text(view, span, sizeof span);
    canvas_box(canvas, where, ROLE_FRAME, "TIMELINE", span);
    draw_legend(canvas, (struct rect){where.x + 12, where.y, where.columns, 1}, where.columns - 18 - (int)strlen(span));
    struct rect body = {where.x + 2, where.y + 1, where.columns - 4, where.rows - 2};
    if (body.rows >= MIN_ROWS_FOR_AXIS) {
        body.rows--;
        draw_axis(canvas, (struct rect){body.x + NAME_COLUMNS, body.y + body.rows, body.columns - NAME_COLUMNS, 1}, view);
    }
    draw_tracks(canvas, body, view, &hidden);
    if (hidden > 0)
        canvas_printf(canvas, where.x + 2, where.y + where.rows - 1, where.columns - 4, ROLE_DIM, " and %zu more ", hidden);
}
