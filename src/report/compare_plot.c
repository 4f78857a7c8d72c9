/* compare_plot.c - a sweep's curve in characters: points as measured, their spread, and the law that was fitted. */
#include "report/compare_plot.h"

#include <math.h>
#include <string.h>

#include "base/text.h"
#include "report/curve.h"
#include "report/lines.h"

enum { ROWS = 13, AXIS_WIDTH = 9, WIDTH_MIN = 24, WIDTH_MAX = 72, MARK_ROOM = 8, MARK_GAP = 2 };

enum glyph { GLYPH_NONE, GLYPH_CURVE, GLYPH_SPREAD, GLYPH_POINT, GLYPH_COUNT };

struct plot {
    unsigned char cells[ROWS][WIDTH_MAX];
    char marks[WIDTH_MAX + MARK_ROOM + 1]; /* below the x axis */
    int width;
};

static int column_of(const struct plot *plot, double x)
{
    return (int)(x * (plot->width - 1) + 0.5);
}

static int row_of(double y)
{
    return ROWS - 1 - (int)(y * (ROWS - 1) + 0.5);
}

static void draw_fit(struct plot *plot, const struct curve *curve)
{
    for (int column = 0; curve->fit && column < plot->width; column++) {
        double workers = curve_workers_at(curve, (double)column / (plot->width - 1));
        plot->cells[row_of(curve_y(curve, curve_fitted(curve, workers)))][column] = GLYPH_CURVE;
    }
}

static void draw_points(struct plot *plot, const struct curve *curve)
{
    for (size_t i = 0; i < curve->count; i++) {
        const struct curve_point *point = &curve->points[i];
        int column = column_of(plot, curve_x(curve, point->workers));
        for (int row = row_of(curve_y(curve, point->most)); row <= row_of(curve_y(curve, point->least)); row++)
            plot->cells[row][column] = GLYPH_SPREAD;
        plot->cells[row_of(curve_y(curve, point->median))][column] = GLYPH_POINT;
    }
}

/* The widths that were measured, as far as they have room beside each other. */
static void draw_marks(struct plot *plot, const struct curve *curve)
{
    int free_from = 0;
    memset(plot->marks, ' ', sizeof plot->marks);
    for (size_t i = 0; i < curve->count; i++) {
        char mark[MARK_ROOM];
        int length = snprintf(mark, sizeof mark, "%.0f", curve->points[i].workers);
        int column = column_of(plot, curve_x(curve, curve->points[i].workers)) - (length - 1) / 2;
        column = column < 0 ? 0 : column;
        if (column < free_from || column + length > (int)sizeof plot->marks - 1)
            continue;
        memcpy(plot->marks + column, mark, (size_t)length);
        free_from = column + length + MARK_GAP;
    }
    int end = (int)sizeof plot->marks - 1;
    while (end > 0 && plot->marks[end - 1] == ' ')
        end--;
    plot->marks[end] = '\0';
}

static void put_axis_number(FILE *out, const struct curve *curve, int row)
{
    char number[32] = "";
    if (row % 3 == 0)
        snprintf(number, sizeof number, "%.3g", curve->most * (ROWS - 1 - row) / (ROWS - 1));
    line_right(out, number, AXIS_WIDTH - 2);
}

static void put_plot(FILE *out, const struct plot *plot, const struct curve *curve, bool ascii)
{
    static const char *const GLYPHS[2][GLYPH_COUNT] = {{" ", "\u00b7", "\u2502", "\u25cf"}, {" ", ".", "|", "o"}};
    for (int row = 0; row < ROWS; row++) {
        put_axis_number(out, curve, row);
        fputs(ascii ? " |" : " \u2502", out);
        int end = plot->width;
        while (end > 0 && plot->cells[row][end - 1] == GLYPH_NONE)
            end--;
        for (int column = 0; column < end; column++)
            fputs(GLYPHS[ascii][plot->cells[row][column]], out);
        fputc('\n', out);
    }
    fprintf(out, "%*s%s", AXIS_WIDTH - 1, "", ascii ? "+" : "\u2514");
    for (int column = 0; column < plot->width; column++)
        fputs(ascii ? "-" : "\u2500", out);
    fprintf(out, "\n%*s%s\n", AXIS_WIDTH, "", plot->marks);
    fprintf(out, "%*sworkers%s; %s measured%s\n\n", AXIS_WIDTH, "", curve->doubling ? ", a step a doubling" : "",
            GLYPHS[ascii][GLYPH_POINT], curve->fit ? ascii ? ", . fitted" : ", \u00b7 fitted" : "");
}

void compare_plot_write(FILE *out, const struct compare_view *view, int columns, bool ascii)
{
    struct curve curve;
    struct plot plot = {.width = columns - AXIS_WIDTH - 2};
    if (!curve_make(&curve, view))
        return;
    plot.width = plot.width > WIDTH_MAX ? WIDTH_MAX : plot.width < WIDTH_MIN ? WIDTH_MIN : plot.width;
    draw_fit(&plot, &curve);
    draw_points(&plot, &curve);
    draw_marks(&plot, &curve);
    fputs("jobs a second\n", out);
    put_plot(out, &plot, &curve, ascii);
}
