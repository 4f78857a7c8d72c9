/* svg_bars.c - bars: of the account of time, and of a comparison's times. */
#include "report/html.h"
#include "report/lines.h"

enum { ACCOUNT_WIDTH = 640, ACCOUNT_HEIGHT = 24 };

void svg_account(FILE *out, const double shares[ACCOUNT_COLUMNS])
{
    double x = 0;
    fprintf(out,
            "<svg viewBox=\"0 0 %d %d\" role=\"img\"><title>Where the workers' time went</title><desc>Parts of the whole; "
            "the table below has the figures.</desc>",
            ACCOUNT_WIDTH, ACCOUNT_HEIGHT);
    for (int column = 0; column < ACCOUNT_COLUMNS; column++) {
        double width = shares[column] * ACCOUNT_WIDTH;
        if (width > 0)
            fprintf(out, "<rect class=\"%s\" x=\"%.2f\" width=\"%.2f\" height=\"%d\"/>",
                    html_class_of_column((enum account_column)column), x, width, ACCOUNT_HEIGHT);
        x += width;
    }
    fputs("</svg>\n", out);
}

void svg_time_bar(FILE *out, const struct compare_line *line, double longest_s)
{
    char median[SECONDS_ROOM];
    char least[SECONDS_ROOM];
    char most[SECONDS_ROOM];
    if (line->median_s < 0 || longest_s <= 0)
        return;
    double upto_min = 100 * line->min_s / longest_s;
    double upto_median = 100 * line->median_s / longest_s;
    double upto_max = 100 * line->max_s / longest_s;
    fputs("<svg viewBox=\"0 0 100 10\" preserveAspectRatio=\"none\" role=\"img\"><title>", out);
    html_textf(out, "%s, from %s to %s", line_seconds(median, line->median_s, "?"), line_seconds(least, line->min_s, "?"),
               line_seconds(most, line->max_s, "?"));
    fprintf(out,
            "</title><rect class=\"run\" width=\"%.3f\" height=\"10\"/><rect fill=\"url(#p-spread)\" x=\"%.3f\" "
            "width=\"%.3f\" height=\"10\"/><rect class=\"mark\" x=\"%.3f\" width=\"0.6\" height=\"10\"/></svg>",
            upto_min, upto_min, upto_max - upto_min, upto_median > 0.6 ? upto_median - 0.6 : 0);
}
