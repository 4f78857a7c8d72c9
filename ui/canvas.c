/* canvas.c - cells, and drawing on them. Everything clips: `put` is the only place that writes a cell. */
#include "ui/canvas.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/sys.h"
#include "base/text.h"

static const struct cell cell_blank = {.glyph = ' ', .role = ROLE_TEXT};

int canvas_resize(struct canvas *canvas, int columns, int rows)
{
    columns = columns < 1 ? 1 : columns;
    rows = rows < 1 ? 1 : rows;
    struct cell *cells = sys_alloc_zeroed((size_t)columns * (size_t)rows, sizeof *cells);
    if (cells == NULL) {
        return errno;
    }
    free(canvas->cells);
    canvas->cells = cells;
    canvas->columns = columns;
    canvas->rows = rows;
    canvas_clear(canvas);
    return 0;
}

void canvas_free(struct canvas *canvas)
{
    free(canvas->cells);
    *canvas = (struct canvas){.ascii = canvas->ascii};
}

void canvas_clear(struct canvas *canvas)
{
    size_t count = (size_t)canvas->columns * (size_t)canvas->rows;
    for (size_t i = 0; i < count; i++) {
        canvas->cells[i] = cell_blank;
    }
    canvas->cursor_x = 0;
    canvas->cursor_y = 0;
}

/* Coordinates so far out that sums of them could overflow are not drawn at all. */
static bool in_reach(int x, int y)
{
    enum { REACH = 1 << 20 };
    return x > -REACH && x < REACH && y > -REACH && y < REACH;
}

static struct cell *cell_at(const struct canvas *canvas, int x, int y)
{
    if (canvas->cells == NULL || x < 0 || y < 0 || x >= canvas->columns || y >= canvas->rows) {
        return NULL;
    }
    return &canvas->cells[(size_t)y * (size_t)canvas->columns + (size_t)x];
}

const struct cell *canvas_at(const struct canvas *canvas, int x, int y)
{
    return cell_at(canvas, x, y);
}

/* Blanks the other half of a wide character that is about to lose the half at x. */
static void part_wide(struct canvas *canvas, int x, int y)
{
    struct cell *cell = cell_at(canvas, x, y);
    struct cell *left = cell_at(canvas, x - 1, y);
    struct cell *right = cell_at(canvas, x + 1, y);
    if (cell->glyph == 0 && left != NULL) {
        left->glyph = ' ';
    }
    if (right != NULL && right->glyph == 0) {
        right->glyph = ' ';
    }
}

static void put(struct canvas *canvas, int x, int y, uint32_t glyph, enum role role, bool bold)
{
    struct cell *cell = cell_at(canvas, x, y);
    if (cell == NULL) {
        return;
    }
    part_wide(canvas, x, y);
    *cell = (struct cell){.glyph = glyph, .role = (uint8_t)role, .bold = bold};
}

/* A character two columns wide; where only one of them is on the canvas, a blank. */
static void put_wide(struct canvas *canvas, int x, int y, uint32_t glyph, enum role role, bool bold)
{
    bool whole = cell_at(canvas, x, y) != NULL && cell_at(canvas, x + 1, y) != NULL;
    put(canvas, x, y, whole ? glyph : ' ', role, bold);
    put(canvas, x + 1, y, ' ', role, bold);
    if (whole) {
        cell_at(canvas, x + 1, y)->glyph = 0;
    }
}

/* --- characters that this canvas can show ------------------------------------------------------------- */

struct plain {
    uint32_t code;
    const char *text;
};

/* What an ASCII terminal sees of the characters the panes use. */
static const struct plain plains[] = {
    {0xb7, "."},                                                   /* middle dot */
    {0xd7, "x"},                                                   /* times */
    {0xf7, "/"},                                                   /* divided by */
    {0x2013, "-"},                                                 /* en dash */
    {0x2014, "-"},                                                 /* em dash */
    {0x2016, "="},                                                 /* double line: paused */
    {0x2026, ".."},                                                /* ellipsis */
    {0x2190, "<-"}, {0x2191, "^"},  {0x2192, "->"}, {0x2193, "v"}, /* arrows */
    {0x2264, "<="}, {0x2265, ">="}, {0x25b6, ">"},  {0x25a0, "#"}, {0x25cf, "o"},
};

static const char *plain_of(uint32_t code, char one[2])
{
    if (code >= ' ' && code < 0x7f) {
        one[0] = (char)code;
        one[1] = '\0';
        return one;
    }
    for (size_t i = 0; i < sizeof plains / sizeof plains[0]; i++) {
        if (plains[i].code == code) {
            return plains[i].text;
        }
    }
    return "?";
}

/* One character of a text as it will be drawn: a glyph, or up to two in ASCII. */
struct drawn {
    uint32_t glyphs[2];
    int columns; /* 0: nothing to draw */
    bool wide;
};

static struct drawn drawn_of(const struct canvas *canvas, uint32_t code)
{
    bool bad = code == UINT32_MAX || code < ' ' || (code >= 0x7f && code < 0xa0);
    int columns = bad ? 1 : text_code_columns(code);
    code = bad ? '?' : code;
    if (columns == 0) {
        return (struct drawn){.columns = 0};
    }
    if (!canvas->ascii || code < 0x7f) {
        return (struct drawn){.glyphs = {code}, .columns = columns, .wide = columns == 2};
    }
    char one[2];
    const char *plain = plain_of(code, one);
    return (struct drawn){.glyphs = {(uint32_t)plain[0], (uint32_t)plain[1]}, .columns = plain[1] != '\0' ? 2 : 1};
}

int canvas_text_columns(const struct canvas *canvas, const char *text)
{
    int columns = 0;
    for (uint32_t code; (code = text_next(&text)) != 0;) {
        columns += drawn_of(canvas, code).columns;
    }
    return columns;
}

/* --- text --------------------------------------------------------------------------------------------- */

static void put_drawn(struct canvas *canvas, int x, int y, struct drawn drawn, enum role role, bool bold)
{
    if (drawn.wide) {
        put_wide(canvas, x, y, drawn.glyphs[0], role, bold);
        return;
    }
    for (int i = 0; i < drawn.columns; i++) {
        put(canvas, x + i, y, drawn.glyphs[i], role, bold);
    }
}

static int draw_text(struct canvas *canvas, int x, int y, int max, enum role role, const char *text, bool bold)
{
    int used = 0;
    if (!in_reach(x, y)) {
        return 0;
    }
    for (uint32_t code; (code = text_next(&text)) != 0;) {
        struct drawn drawn = drawn_of(canvas, code);
        if (drawn.columns > max - used) {
            break;
        }
        put_drawn(canvas, x + used, y, drawn, role, bold);
        used += drawn.columns;
    }
    return used;
}

int canvas_text(struct canvas *canvas, int x, int y, int max, enum role role, const char *text)
{
    return draw_text(canvas, x, y, max, role, text, false);
}

int canvas_text_bold(struct canvas *canvas, int x, int y, int max, enum role role, const char *text)
{
    return draw_text(canvas, x, y, max, role, text, true);
}

int canvas_text_right(struct canvas *canvas, int right, int y, int max, enum role role, const char *text)
{
    int columns = canvas_text_columns(canvas, text);
    columns = columns < max ? columns : max;
    return draw_text(canvas, right - columns, y, columns, role, text, false);
}

int canvas_printf(struct canvas *canvas, int x, int y, int max, enum role role, const char *format, ...)
{
    char text[1024];
    va_list list;
    va_start(list, format);
    int length = vsnprintf(text, sizeof text, format, list);
    va_end(list);
    return length < 0 ? 0 : draw_text(canvas, x, y, max, role, text, false);
}

/* The longest end of text that takes at most max columns. */
static const char *text_end(const struct canvas *canvas, const char *text, int max)
{
    int columns = canvas_text_columns(canvas, text);
    while (columns > max) {
        columns -= drawn_of(canvas, text_next(&text)).columns;
    }
    return text;
}

int canvas_text_middle(struct canvas *canvas, int x, int y, int max, enum role role, const char *text)
{
    int ellipsis = canvas->ascii ? 2 : 1;
    if (canvas_text_columns(canvas, text) <= max || max <= ellipsis + 1) {
        return canvas_text(canvas, x, y, max, role, text);
    }
    int head = max < 12 ? max - ellipsis : (max - ellipsis) / 2;
    int used = canvas_text(canvas, x, y, head, role, text);
    used += canvas_text(canvas, x + used, y, ellipsis, role, "\u2026");
    return used + canvas_text(canvas, x + used, y, max - used, role, text_end(canvas, text, max - used));
}

/* --- shapes ------------------------------------------------------------------------------------------- */

/* A cell that is filled to so many eighths, 1 ... 8. */
static uint32_t bar_glyph(const struct canvas *canvas, int eighths)
{
    if (canvas->ascii) {
        return eighths == 8 ? '#' : eighths >= 4 ? '=' : '-';
    }
    return 0x2588 + (uint32_t)(8 - eighths);
}

void canvas_bar(struct canvas *canvas, int x, int y, int columns, double share, enum role role)
{
    if (!in_reach(x, y) || !in_reach(columns, 0)) {
        return;
    }
    bool known = share >= 0;
    share = share > 1 ? 1 : share;
    int filled = known && columns > 0 ? (int)(share * columns * 8) : 0; /* a NaN is not >= 0 */
    for (int i = 0; i < columns; i++) {
        int eighths = filled - i * 8;
        if (eighths > 0) {
            put(canvas, x + i, y, bar_glyph(canvas, eighths > 8 ? 8 : eighths), role, false);
        } else {
            put(canvas, x + i, y, canvas->ascii ? '.' : 0xb7, ROLE_DIM, false);
        }
    }
}

struct box_glyphs {
    uint32_t across, down, corners[4]; /* top left, top right, bottom left, bottom right */
};

static const struct box_glyphs box_lines = {0x2500, 0x2502, {0x250c, 0x2510, 0x2514, 0x2518}};
static const struct box_glyphs box_plain = {'-', '|', {'+', '+', '+', '+'}};

static void draw_frame(struct canvas *canvas, struct rect at, enum role role)
{
    const struct box_glyphs *glyphs = canvas->ascii ? &box_plain : &box_lines;
    int right = at.x + at.columns - 1, bottom = at.y + at.rows - 1;
    for (int x = at.x + 1; x < right; x++) {
        put(canvas, x, at.y, glyphs->across, role, false);
        put(canvas, x, bottom, glyphs->across, role, false);
    }
    for (int y = at.y + 1; y < bottom; y++) {
        put(canvas, at.x, y, glyphs->down, role, false);
        put(canvas, right, y, glyphs->down, role, false);
    }
    put(canvas, at.x, at.y, glyphs->corners[0], role, false);
    put(canvas, right, at.y, glyphs->corners[1], role, false);
    put(canvas, at.x, bottom, glyphs->corners[2], role, false);
    put(canvas, right, bottom, glyphs->corners[3], role, false);
}

/* The part of a rectangle that lies on the canvas. */
static struct rect clipped(const struct canvas *canvas, struct rect at)
{
    if (!in_reach(at.x, at.y) || !in_reach(at.columns, at.rows)) {
        return (struct rect){0};
    }
    int left = at.x < 0 ? 0 : at.x, top = at.y < 0 ? 0 : at.y;
    int right = at.columns > canvas->columns - at.x ? canvas->columns : at.x + at.columns;
    int bottom = at.rows > canvas->rows - at.y ? canvas->rows : at.y + at.rows;
    return (struct rect){left, top, right > left ? right - left : 0, bottom > top ? bottom - top : 0};
}

void canvas_box(struct canvas *canvas, struct rect where, enum role role, const char *title, const char *note)
{
    if (canvas->flat || where.columns < 2 || where.rows < 2 || where.columns > 2 * canvas->columns + 2 ||
        where.rows > 2 * canvas->rows + 2) {
        return;
    }
    draw_frame(canvas, where, role);
    int room = where.columns - 4; /* a corner, a line and the like on the right */
    int left = where.x + 2;
    if (title != NULL && title[0] != '\0' && room > 2) {
        int used = canvas_text_bold(canvas, left + 1, where.y, room - 2, ROLE_TITLE, title);
        canvas_text(canvas, left, where.y, 1, role, " ");
        canvas_text(canvas, left + 1 + used, where.y, 1, role, " ");
        left += used + 3;
        room -= used + 3;
    }
    int columns = note != NULL ? canvas_text_columns(canvas, note) : 0;
    if (columns > 0 && columns + 2 <= room) {
        canvas_text(canvas, left + room - columns - 2, where.y, 1, role, " ");
        canvas_text(canvas, left + room - columns - 1, where.y, columns, ROLE_TITLE, note);
        canvas_text(canvas, left + room - 1, where.y, 1, role, " ");
    }
}

void canvas_fill(struct canvas *canvas, struct rect where, uint32_t glyph, enum role role)
{
    struct drawn drawn = drawn_of(canvas, glyph);
    struct rect at = clipped(canvas, where);
    for (int y = at.y; y < at.y + at.rows; y++) {
        for (int x = at.x; x < at.x + at.columns; x++) {
            put(canvas, x, y, drawn.columns == 1 ? drawn.glyphs[0] : '?', role, false);
        }
    }
}

void canvas_reverse(struct canvas *canvas, struct rect where)
{
    struct rect at = clipped(canvas, where);
    for (int y = at.y; y < at.y + at.rows; y++) {
        for (int x = at.x; x < at.x + at.columns; x++) {
            struct cell *cell = cell_at(canvas, x, y);
            cell->role = ROLE_TEXT; /* one even ground, whatever stands on it */
            cell->reverse = true;
        }
    }
}

/* --- as text ------------------------------------------------------------------------------------------ */

static int row_end(const struct canvas *canvas, int y)
{
    int end = canvas->columns;
    while (end > 0 && canvas_at(canvas, end - 1, y)->glyph == ' ') {
        end--;
    }
    return end;
}

int canvas_to_text(const struct canvas *canvas, FILE *out)
{
    for (int y = 0; y < canvas->rows; y++) {
        int end = row_end(canvas, y);
        for (int x = 0; x < end; x++) {
            uint32_t glyph = canvas_at(canvas, x, y)->glyph;
            char bytes[4];
            fwrite(bytes, 1, glyph != 0 ? text_put(bytes, glyph) : 0, out);
        }
        fputc('\n', out);
    }
    return ferror(out) ? EIO : 0;
}
