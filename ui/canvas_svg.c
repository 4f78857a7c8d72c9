/* canvas_svg.c - a canvas as a self-contained picture: text in any monospace font, lines and blocks as shapes, so that frames
 * join and bars are full whatever the font has for these characters. */
#include <errno.h>

#include "base/text.h"
#include "ui/canvas.h"
#include "ui/theme.h"

enum { CELL_WIDTH = 9, CELL_HEIGHT = 19, TEXT_BASE = 14, TEXT_SIZE = 15, MARGIN = 10 };

struct paint {
    uint32_t rgb, ground;
    bool bold;
};

static struct paint paint_of(const struct theme *theme, const struct cell *cell)
{
    const struct theme_color *color = &theme->roles[cell->role < ROLE_COUNT ? cell->role : ROLE_TEXT];
    uint32_t front = theme_rgb(color->index), ground = theme_rgb(theme->background.index);
    bool bold = cell->bold || color->bold;
    return cell->reverse ? (struct paint){ground, front, bold} : (struct paint){front, ground, bold};
}

static bool paint_same(struct paint a, struct paint b)
{
    return a.rgb == b.rgb && a.ground == b.ground && a.bold == b.bold;
}

static void rect_out(FILE *out, double x, double y, double width, double height, uint32_t rgb)
{
    fprintf(out, "<rect x=\"%g\" y=\"%g\" width=\"%g\" height=\"%g\" fill=\"#%06x\"/>\n", x, y, width, height, rgb);
}

/* --- glyphs that are shapes ------------------------------------------------------------------------------ */

enum { ARM_UP = 1, ARM_DOWN = 2, ARM_LEFT = 4, ARM_RIGHT = 8 };

static unsigned arms_of(uint32_t glyph)
{
    switch (glyph) {
    case 0x2500: return ARM_LEFT | ARM_RIGHT;
    case 0x2502: return ARM_UP | ARM_DOWN;
    case 0x250c: return ARM_DOWN | ARM_RIGHT;
    case 0x2510: return ARM_DOWN | ARM_LEFT;
    case 0x2514: return ARM_UP | ARM_RIGHT;
    case 0x2518: return ARM_UP | ARM_LEFT;
    default: return 0;
    }
}

static bool is_block(uint32_t glyph)
{
    return glyph >= 0x2581 && glyph <= 0x258f;
}

static bool is_shape(uint32_t glyph)
{
    return is_block(glyph) || arms_of(glyph) != 0;
}

static void line_out(FILE *out, double x, double y, unsigned arms, uint32_t rgb)
{
    double middle_x = x + CELL_WIDTH / 2.0, middle_y = y + CELL_HEIGHT / 2.0;
    fprintf(out, "<path d=\"");
    if (arms & (ARM_LEFT | ARM_RIGHT)) {
        fprintf(out, "M%g %gH%g", arms & ARM_LEFT ? x : middle_x, middle_y, arms & ARM_RIGHT ? x + CELL_WIDTH : middle_x);
    }
    if (arms & (ARM_UP | ARM_DOWN)) {
        fprintf(out, "M%g %gV%g", middle_x, arms & ARM_UP ? y : middle_y, arms & ARM_DOWN ? y + CELL_HEIGHT : middle_y);
    }
    fprintf(out, "\" stroke=\"#%06x\" stroke-width=\"1.2\" fill=\"none\"/>\n", rgb);
}

/* So many like cells of one row in a run. */
static void shape_out(FILE *out, double x, double y, uint32_t glyph, int count, uint32_t rgb)
{
    if (is_block(glyph) && glyph <= 0x2588) { /* a lower block of 1 ... 8 eighths */
        double height = (CELL_HEIGHT - 3) * (double)(glyph - 0x2580) / 8;
        rect_out(out, x, y + CELL_HEIGHT - 1.5 - height, CELL_WIDTH * count, height, rgb);
        return;
    }
    for (int i = 0; i < count; i++, x += CELL_WIDTH) {
        if (is_block(glyph)) { /* a left block of 7 ... 1 eighths */
            rect_out(out, x, y + 1.5, CELL_WIDTH * (double)(0x2590 - glyph) / 8, CELL_HEIGHT - 3, rgb);
        } else {
            line_out(out, x, y, arms_of(glyph), rgb);
        }
    }
}

/* --- runs of text ------------------------------------------------------------------------------------------ */

static void glyph_out(FILE *out, uint32_t glyph)
{
    char bytes[4];
    switch (glyph) {
    case 0: return;
    case '&': fputs("&amp;", out); return;
    case '<': fputs("&lt;", out); return;
    case '>': fputs("&gt;", out); return;
    default: fwrite(bytes, 1, text_put(bytes, glyph), out); return;
    }
}

static void text_out(FILE *out, const struct cell *cells, int count, double x, double y, struct paint paint)
{
    fprintf(out, "<text x=\"%g\" y=\"%g\" textLength=\"%d\" lengthAdjust=\"spacingAndGlyphs\" fill=\"#%06x\"%s>", x,
            y + TEXT_BASE, count * CELL_WIDTH, paint.rgb, paint.bold ? " font-weight=\"bold\"" : "");
    for (int i = 0; i < count; i++) {
        glyph_out(out, cells[i].glyph);
    }
    fputs("</text>\n", out);
}

static bool all_blank(const struct cell *cells, int count)
{
    for (int i = 0; i < count; i++) {
        if (cells[i].glyph != ' ') {
            return false;
        }
    }
    return true;
}

/* Cells from the first on that can be written as one element. Runs of text also end where a shape begins. */
static int run_length(const struct theme *theme, const struct cell *cells, int room)
{
    struct paint paint = paint_of(theme, &cells[0]);
    bool shape = is_shape(cells[0].glyph);
    int count = 1;
    while (count < room && paint_same(paint, paint_of(theme, &cells[count])) &&
           (shape ? cells[count].glyph == cells[0].glyph : !is_shape(cells[count].glyph))) {
        count++;
    }
    return count;
}

static void row_out(const struct canvas *canvas, const struct theme *theme, int row, FILE *out)
{
    double y = MARGIN + row * CELL_HEIGHT;
    for (int x = 0; x < canvas->columns;) {
        const struct cell *cells = canvas_at(canvas, x, row);
        int count = run_length(theme, cells, canvas->columns - x);
        struct paint paint = paint_of(theme, &cells[0]);
        double left = MARGIN + x * CELL_WIDTH;
        if (cells[0].reverse) {
            rect_out(out, left, y, count * CELL_WIDTH, CELL_HEIGHT, paint.ground);
        }
        if (is_shape(cells[0].glyph)) {
            shape_out(out, left, y, cells[0].glyph, count, paint.rgb);
        } else if (!all_blank(cells, count)) {
            text_out(out, cells, count, left, y, paint);
        }
        x += count;
    }
}

int canvas_to_svg(const struct canvas *canvas, const struct theme *theme, FILE *out)
{
    int width = canvas->columns * CELL_WIDTH + 2 * MARGIN, height = canvas->rows * CELL_HEIGHT + 2 * MARGIN;
    fprintf(out, "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" width=\"%d\" height=\"%d\" ", width,
            height, width, height);
    fprintf(out,
            "font-family=\"'DejaVu Sans Mono', 'Cascadia Mono', Menlo, Consolas, monospace\" font-size=\"%d\" "
            "xml:space=\"preserve\" role=\"img\" aria-label=\"a screen of juggler\">\n",
            TEXT_SIZE);
    fprintf(out, "<rect width=\"%d\" height=\"%d\" rx=\"8\" fill=\"#%06x\"/>\n", width, height,
            theme_rgb(theme->background.index));
    for (int row = 0; row < canvas->rows; row++) {
        row_out(canvas, theme, row, out);
    }
    fputs("</svg>\n", out);
    return ferror(out) ? EIO : 0;
}
