/* svg_curve.c - a sweep's curve: points as measured with their spread, and the fitted law. */
#include "report/curve.h"
#include "report/html.h"

enum { WIDTH = 640, HEIGHT = 280, LEFT = 56, RIGHT = 16, TOP = 12, BOTTOM = 46, STEPS = 120, TICKS = 4 };

static double x_of(const struct curve *curve, double workers)
{
    return LEFT + curve_x(curve, workers) * (WIDTH - LEFT - RIGHT);
}

static double y_of(const struct curve *curve, double throughput)
{
    return HEIGHT - BOTTOM - curve_y(curve, throughput) * (HEIGHT - TOP - BOTTOM);
}

static void put_axes(FILE *out, const struct curve *curve)
{
    for (int tick = 0; tick <= TICKS; tick++) {
        double value = curve->most * tick / TICKS;
        double y = y_of(curve, value);
        fprintf(out, "<path class=\"axis\" d=\"M%d %.1fH%d\"/><text class=\"number\" x=\"%d\" y=\"%.1f\">%.3g</text>\n",
                LEFT, y, WIDTH - RIGHT, LEFT - 6, y + 4, value);
    }
    for (size_t i = 0; i < curve->count; i++)
        fprintf(out, "<text class=\"middle\" x=\"%.1f\" y=\"%d\">%.0f</text>\n", x_of(curve, curve->points[i].workers),
                HEIGHT - BOTTOM + 17, curve->points[i].workers);
    fprintf(out, "<text class=\"middle faint\" x=\"%d\" y=\"%d\">workers%s</text>\n", (LEFT + WIDTH - RIGHT) / 2, HEIGHT - 8,
            curve->doubling ? ", a step a doubling" : "");
}

static void put_fit(FILE *out, const struct curve *curve)
{
    if (!curve->fit)
        return;
    fputs("<path class=\"fit\" d=\"", out);
    for (int step = 0; step <= STEPS; step++) {
        double workers = curve_workers_at(curve, (double)step / STEPS);
        fprintf(out, "%c%.1f %.1f", step ? 'L' : 'M', x_of(curve, workers), y_of(curve, curve_fitted(curve, workers)));
    }
    fputs("\"/>\n", out);
}

void svg_curve(FILE *out, const struct compare_view *view)
{
    struct curve curve;
    if (!curve_make(&curve, view))
        return;
    fprintf(out, "<svg class=\"curve\" viewBox=\"0 0 %d %d\" role=\"img\"><title>Jobs a second over workers</title><desc>",
            WIDTH, HEIGHT);
    for (size_t i = 0; i < curve.count; i++)
        html_textf(out, "%.0f workers: %.3g jobs a second. ", curve.points[i].workers, curve.points[i].median);
    fputs("</desc>\n", out);
    put_axes(out, &curve);
    put_fit(out, &curve);
    for (size_t i = 0; i < curve.count; i++) {
        const struct curve_point *point = &curve.points[i];
        double x = x_of(&curve, point->workers);
        fprintf(out,
                "<path class=\"spread\" d=\"M%.1f %.1fV%.1f\"/><circle class=\"point\" cx=\"%.1f\" cy=\"%.1f\" r=\"4\"/>\n",
                x, y_of(&curve, point->most), y_of(&curve, point->least), x, y_of(&curve, point->median));
    }
    fputs("</svg>\n<p class=\"faint\">Jobs a second: points as measured, lines through them from the slowest run to the "
          "fastest",
          out);
    fputs(curve.fit ? "; dashed: the fitted law.</p>\n" : ".</p>\n", out);
}
