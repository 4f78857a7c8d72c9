/* timeline_pane.c - the picture of time. See timeline_pane.h.
 *
 * A column is a stretch of time, a row a worker; the cell shows what took most of that stretch. Shades tell the states apart without colour,
 * letters where there is room for them. The present grows at the right edge, it does not wait for anything to end. */
#include "ui/timeline_pane.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/text.h"
#include "ui/lane_private.h"
#include "ui/parts.h"
#include "ui/timeline_private.h"

enum {
    NAME_COLUMNS = 4,
    LEAST_CELLS = 8,   /* columns for time; in less there is no picture */
    LETTER_CELLS = 4,  /* a stretch so long bears the letter of its state */
    MARK_EVERY = 3,    /* marks that stand closer than so on an average are left out: they would hide what they part */
    ROWS_FOR_AXIS = 8, /* in the box: with so many the axis has a row of its own, with less it stands on the lower edge */
};

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
    case PHASE_CLASS_NO_WORK: return cell->phase == PHASE_PAUSED ? (struct look){0x2016, 'H'} : (struct look){0xb7, '-'};
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

uint32_t timeline_batch_glyph(bool ascii)
{
    return ascii ? ':' : 0x2502;
}

uint32_t timeline_job_glyph(bool ascii)
{
    return ascii ? '|' : 0x258f;
}

/* --- a row ---------------------------------------------------------------------------------------- */

static void put(struct canvas *canvas, struct rect row, int column, uint32_t glyph, enum role role)
{
    canvas_fill(canvas, (struct rect){row.x + column, row.y, 1, 1}, glyph, role);
}

static bool alike(const struct timeline_cell *a, const struct timeline_cell *b)
{
    return a->phase == b->phase && a->no_core == b->no_core && a->job == b->job && !b->killed && !a->killed;
}

/* Whether the jobs are long enough to be parted by marks. */
static bool has_job_marks(const struct timeline_cell *cells, int columns)
{
    int marks = 0, used = 0;
    for (int column = 0; column < columns; column++) {
        marks += cells[column].begins;
        used += cells[column].phase != PHASE_NONE;
    }
    return marks * MARK_EVERY <= used;
}

/* Columns from ... to - 1, which look alike: a mark where a job begins, and the letter of the state in the second cell where it is long
 * enough to bear one. */
static void draw_stretch(struct canvas *canvas, struct rect row, int from, int to, const struct timeline_cell *cell,
                         bool mark)
{
    canvas_fill(canvas, (struct rect){row.x + from, row.y, to - from, 1}, timeline_glyph(cell, canvas->ascii),
                timeline_role(cell));
    if (mark)
        put(canvas, row, from, timeline_job_glyph(canvas->ascii), timeline_role(cell));
    if (to - from >= LETTER_CELLS && phase_class_of(cell->phase) != PHASE_CLASS_NONE && cell->phase != PHASE_NO_WORK)
        put(canvas, row, from + 1, (unsigned char)(cell->no_core ? 'r' : phase_letter(cell->phase)), ROLE_TEXT);
}

static void draw_cells(struct canvas *canvas, struct rect row, const struct timeline_cell *cells)
{
    bool marks = has_job_marks(cells, row.columns);
    for (int from = 0, to; from < row.columns; from = to) {
        for (to = from + 1; to < row.columns && alike(&cells[from], &cells[to]) && !(marks && cells[to].begins);)
            to++;
        draw_stretch(canvas, row, from, to, &cells[from], marks && cells[from].begins && !cells[from].killed);
    }
}

/* Whether the batches are long enough to be parted by lines. */
static bool has_batch_lines(const struct timeline_track *track, const struct timeline_grid *grid, uint64_t end_ns)
{
    const struct timeline *timeline = track->timeline;
    uint64_t from_ns = track->zero_ns + timeline_grid_ns(grid, 0), to_ns = track->zero_ns + end_ns;
    from_ns = from_ns > timeline->start_ns ? from_ns : timeline->start_ns;
    to_ns = to_ns < timeline->end_ns ? to_ns : timeline->end_ns;
    size_t lines = timeline_rounds(timeline, from_ns, to_ns);
    uint64_t used = lines ? (to_ns - from_ns) * (uint64_t)grid->columns / grid->span_ns : 0;
    return lines && lines * MARK_EVERY <= used;
}

/* The moment at which a batch gives way to the next one goes through all lanes of its run as a line; where somebody was killed, that stays. */
static void draw_batches(struct canvas *canvas, struct rect rows, const struct timeline_track *track,
                         const struct timeline_grid *grid, uint64_t end_ns)
{
    uint64_t right_ns = track->zero_ns + end_ns;
    if (!has_batch_lines(track, grid, end_ns))
        return;
    for (int column = 0; column < rows.columns; column++) {
        uint64_t from_ns = track->zero_ns + timeline_grid_ns(grid, column);
        uint64_t to_ns = track->zero_ns + timeline_grid_ns(grid, column + 1);
        if (!timeline_rounds(track->timeline, from_ns, to_ns < right_ns ? to_ns : right_ns))
            continue;
        for (int y = rows.y; y < rows.y + rows.rows; y++) {
            const struct cell *there = canvas_at(canvas, rows.x + column, y);
            if (there && there->glyph != 'X')
                put(canvas, (struct rect){rows.x, y, rows.columns, 1}, column, timeline_batch_glyph(canvas->ascii),
                    ROLE_BARRIER);
        }
    }
}

/* --- a run ---------------------------------------------------------------------------------------- */

/* A picture being drawn. */
struct picture {
    struct canvas *canvas;
    const struct timeline_view *view;
    struct timeline_memo *memo;
    struct timeline_grid grid;
    struct rect body;
    int name_columns;
    size_t lanes[TIMELINE_TRACKS_MAX]; /* each has */
    int rows[TIMELINE_TRACKS_MAX];     /* each gets for them */
    size_t hidden;                     /* lanes there is no row for */
};

static void draw_name(const struct picture *picture, struct rect row, const struct timeline_track *track, size_t slot)
{
    char name[24];
    snprintf(name, sizeof name, "%c%zu", track->letter, slot + 1);
    int used = canvas_text(picture->canvas, row.x, row.y, picture->name_columns - 1, ROLE_TEXT, name);
    if (slot != track->selected)
        return;
    canvas_reverse(picture->canvas, (struct rect){row.x, row.y, used, 1});
    if (picture->view->cursor && (track->focus || track == picture->view->tracks)) {
        picture->canvas->cursor_x = row.x;
        picture->canvas->cursor_y = row.y;
    }
}

/* The first lanes; or, with one selected further down, those around it. */
static size_t first_lane(const struct timeline_track *track, size_t lanes, size_t shown)
{
    size_t last = lanes - shown, before = shown / 2;
    if (track->selected == SIZE_MAX || track->selected < before)
        return 0;
    return track->selected - before < last ? track->selected - before : last;
}

static void draw_track(struct picture *picture, int y, size_t number)
{
    const struct timeline_track *track = &picture->view->tracks[number];
    size_t shown = (size_t)picture->rows[number], top = first_lane(track, picture->lanes[number], shown);
    struct rect cells = {picture->body.x + picture->name_columns, y, picture->grid.columns, 1};
    for (size_t i = 0; i < shown; i++) {
        struct rect row = {cells.x, y + (int)i, cells.columns, 1};
        size_t line = (size_t)(row.y - picture->body.y);
        const struct timeline_cell *look =
            timeline_cells(picture->memo, line, picture->view, track, top + i, &picture->grid);
        draw_name(picture, (struct rect){picture->body.x, row.y, picture->name_columns, 1}, track, top + i);
        if (look)
            draw_cells(picture->canvas, row, look);
    }
    cells.rows = (int)shown;
    draw_batches(picture->canvas, cells, track, &picture->grid, picture->view->end_ns);
    picture->hidden += picture->lanes[number] - shown;
}

/* What run it is; and where it ends on the axis, so that two ends can be compared. */
static void draw_title(const struct picture *picture, int y, const struct timeline_track *track)
{
    struct canvas *canvas = picture->canvas;
    const struct timeline *timeline = track->timeline;
    struct rect body = picture->body;
    uint64_t end_ns = timeline->end_ns > track->zero_ns ? timeline->end_ns - track->zero_ns : 0;
    int used = canvas_text_bold(canvas, body.x, y, body.columns, ROLE_TITLE, track->title);
    int64_t column = timeline_grid_column(&picture->grid, end_ns ? end_ns - 1 : 0);
    char when[32];
    if (!track->over || end_ns > picture->view->end_ns || column < 0 || column >= picture->grid.columns)
        return;
    text_duration(when, sizeof when, end_ns);
    int x = body.x + picture->name_columns + (int)column, columns = (int)strlen(when);
    if (x - columns - 1 > body.x + used) {
        canvas_text_right(canvas, x, y, columns, ROLE_VALUE, when);
        canvas_fill(canvas, (struct rect){x, y, 1, 1}, canvas->ascii ? '|' : 0x2510, ROLE_VALUE);
    } else if (x > body.x + used && x + 1 + columns <= body.x + body.columns) {
        canvas_fill(canvas, (struct rect){x, y, 1, 1}, canvas->ascii ? '|' : 0x250c, ROLE_VALUE);
        canvas_text(canvas, x + 1, y, columns, ROLE_VALUE, when);
    }
}

/* --- the box -------------------------------------------------------------------------------------- */

/* The lane in focus weighs twice as much as the other; one that is over, beside one that works, a fourth. */
static int weight_of(const struct timeline_view *view, size_t number)
{
    bool others_work = false;
    for (size_t i = 0; i < view->count; i++)
        others_work |= i != number && !view->tracks[i].over;
    return view->tracks[number].over && others_work ? 1 : view->tracks[number].focus ? 8 : 4;
}

/* Row by row to whoever has least for its weight. */
static void share_rows(struct picture *picture, int room)
{
    const struct timeline_view *view = picture->view;
    for (; room > 0; room--) {
        size_t next = SIZE_MAX;
        for (size_t i = 0; i < view->count; i++) {
            int mine = picture->rows[i] * 8 / weight_of(view, i);
            int least = next == SIZE_MAX ? 0 : picture->rows[next] * 8 / weight_of(view, next);
            bool first = next == SIZE_MAX || mine < least || (mine == least && view->tracks[i].focus);
            if ((size_t)picture->rows[i] < picture->lanes[i] && first)
                next = i;
        }
        if (next == SIZE_MAX)
            return;
        picture->rows[next]++;
    }
}

static int sum_of_rows(const struct picture *picture)
{
    int sum = 0;
    for (size_t i = 0; i < picture->view->count; i++)
        sum += picture->rows[i];
    return sum;
}

/* Titles where there are any; a blank line between two runs only where nothing is lost by it. */
static void draw_tracks(struct picture *picture)
{
    const struct timeline_view *view = picture->view;
    int y = picture->body.y, titles = 0, end = y + picture->body.rows;
    for (size_t i = 0; i < view->count; i++)
        titles += view->tracks[i].title != NULL;
    share_rows(picture, picture->body.rows - titles);
    bool apart = sum_of_rows(picture) + titles + (int)view->count - 1 <= picture->body.rows;
    for (size_t i = 0; i < view->count && y < end; i++) {
        if (view->tracks[i].title)
            draw_title(picture, y++, &view->tracks[i]);
        draw_track(picture, y, i);
        y += picture->rows[i] + (apart && picture->rows[i] > 0);
    }
}

static int name_columns(const struct picture *picture)
{
    int columns = NAME_COLUMNS;
    for (size_t i = 0; i < picture->view->count; i++) {
        int mine = 2 + parts_digits(picture->lanes[i]);
        columns = mine > columns ? mine : columns;
    }
    return columns;
}

/* The axis has a row of the body, or stands on the lower edge behind what is said there. */
static void draw_edge(const struct picture *picture, struct rect box, bool axis_on_edge)
{
    struct rect edge = {box.x + 2, box.y + box.rows - 1, box.columns - 4, 1};
    struct rect axis = {picture->body.x + picture->name_columns, edge.y - !axis_on_edge, picture->grid.columns, 1};
    int used = timeline_notes_draw(picture->canvas, edge, picture->view, picture->hidden, !axis_on_edge);
    int from = axis_on_edge && used ? edge.x + used + 1 - axis.x : 0;
    if (picture->view->count)
        timeline_axis_draw(picture->canvas, axis, &picture->grid, from > 0 ? from : 0, axis_on_edge);
}

void timeline_draw(struct canvas *canvas, struct rect where, const struct timeline_view *view)
{
    char span[40];
    struct timeline_memo own = {0};
    struct picture picture = {.canvas = canvas, .view = view, .memo = view->memo ? view->memo : &own};
    if (where.rows < 3 || where.columns < NAME_COLUMNS + LEAST_CELLS + 4)
        return;
    for (size_t i = 0; i < view->count; i++)
        picture.lanes[i] = timeline_lanes(view->tracks[i].timeline);
    picture.body = (struct rect){where.x + 2, where.y + 1, where.columns - 4, where.rows - 2};
    picture.name_columns = name_columns(&picture);
    picture.grid = timeline_grid_of(view, picture.body.columns - picture.name_columns);
    timeline_span_text(view, span, sizeof span);
    canvas_box(canvas, where, ROLE_FRAME, "TIMELINE", span);
    struct rect legend = {where.x + 12, where.y, where.columns - 18 - (int)strlen(span), 1};
    timeline_legend_draw(canvas, legend, view);
    bool axis_on_edge = picture.body.rows < ROWS_FOR_AXIS;
    picture.body.rows -= !axis_on_edge;
    draw_tracks(&picture);
    draw_edge(&picture, where, axis_on_edge);
    timeline_memo_free(&own);
}
