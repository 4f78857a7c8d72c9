/* compare_table.c - a comparison as a table for people: a line an executor with its bar, then what it means in sentences.
 *
 * A bar is as long as the median; from the fastest run to the slowest it is lighter, so that one sees at a glance where spreads overlap. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "juggler/compare.h"
#include "report/compare_fields.h"
#include "report/compare_plot.h"
#include "report/formats.h"
#include "report/lines.h"

enum {
    COLUMNS_MIN = 64,
    COLUMNS_MAX = 160,
    COLUMNS_DEFAULT = 100,
    EXECUTOR_MIN = 14,
    TIME_WIDTH = 7,
    SPREAD_WIDTH = 17,
    RATIO_WIDTH = 8,
    SHARE_WIDTH = 6,
    MEMORY_WIDTH = 8,
    OF_WIDTH = 8,
    MARK_WIDTH = 1,
    GAP = 1,
    BAR_MIN = 16, /* narrower, and it goes to a line of its own */
    BAR_MAX = 48,
    CELL_ROOM = 96
};

/* What every part of it needs. */
struct sheet {
    FILE *out;
    const struct compare_view *view;
    int columns;
    bool ascii;
    const char *dash, *dots, *winner, *alike;
    const char *solid, *lighter, *light; /* up to the fastest run, to the median, to the slowest */
    int executor_width;
    int bar_width;
    bool bar_beside, with_spread; /* what there is room for */
    double longest_s;
};

static int figures_width(const struct sheet *sheet)
{
    return sheet->executor_width + TIME_WIDTH + SPREAD_WIDTH + RATIO_WIDTH + SHARE_WIDTH + MEMORY_WIDTH + OF_WIDTH +
           MARK_WIDTH + 7 * GAP;
}

static void measure(struct sheet *sheet)
{
    char executor[EXECUTOR_TEXT_BYTES];
    sheet->executor_width = EXECUTOR_MIN;
    for (size_t i = 0; i < sheet->view->count; i++) {
        int width = (int)strlen(executor_format(&sheet->view->lines[i].executor, executor));
        sheet->executor_width = width > sheet->executor_width ? width : sheet->executor_width;
    }
    sheet->longest_s = compare_field_longest_s(sheet->view);
    sheet->with_spread = figures_width(sheet) <= sheet->columns;
    int beside = sheet->columns - figures_width(sheet) - 2 * GAP;
    sheet->bar_beside = beside >= BAR_MIN;
    sheet->bar_width = sheet->bar_beside ? beside : sheet->columns - 2;
    if (sheet->bar_width > BAR_MAX)
        sheet->bar_width = BAR_MAX;
}

/* --- a line ------------------------------------------------------------------------------------------ */

static int cells_of(const struct sheet *sheet, double seconds)
{
    return (int)(seconds / sheet->longest_s * sheet->bar_width + 0.5);
}

static void repeat(FILE *out, const char *glyph, int times)
{
    for (int i = 0; i < times; i++)
        fputs(glyph, out);
}

/* Shortest first; what was measured is never quite nothing. */
static void put_bar(const struct sheet *sheet, const struct compare_line *line)
{
    if (line->median_s < 0 || sheet->longest_s <= 0)
        return;
    int upto_min = cells_of(sheet, line->min_s);
    int upto_median = cells_of(sheet, line->median_s);
    int upto_max = cells_of(sheet, line->max_s);
    upto_max = upto_max > 0 ? upto_max : 1;
    repeat(sheet->out, sheet->solid, upto_min);
    repeat(sheet->out, sheet->lighter, upto_median - upto_min);
    repeat(sheet->out, sheet->light, upto_max - (upto_median > upto_min ? upto_median : upto_min));
}

static void put_spread(const struct sheet *sheet, const struct compare_line *line)
{
    char least[SECONDS_ROOM];
    char most[SECONDS_ROOM];
    char cell[CELL_ROOM] = "";
    if (line->median_s >= 0)
        snprintf(cell, sizeof cell, "[%s%s%s]", line_seconds(least, line->min_s, sheet->dash), sheet->dots,
                 line_seconds(most, line->max_s, sheet->dash));
    line_right(sheet->out, cell, SPREAD_WIDTH + GAP);
}

static void put_share(const struct sheet *sheet, double share, int width)
{
    char cell[CELL_ROOM];
    if (share < 0)
        snprintf(cell, sizeof cell, "%s", sheet->dash);
    else
        snprintf(cell, sizeof cell, "%.0f %%", 100 * share);
    line_right(sheet->out, cell, width + GAP);
}

static void put_ratio(const struct sheet *sheet, size_t index)
{
    const struct compare_line *line = &sheet->view->lines[index];
    char cell[CELL_ROOM];
    if (line->speedup >= 0 && !compare_field_ratio_told(sheet->view, index)) {
        line_right(sheet->out, "no difference", RATIO_WIDTH + SHARE_WIDTH + 2 * GAP);
        return;
    }
    if (line->speedup >= 0)
        snprintf(cell, sizeof cell, line->speedup < 9.95 ? "%.2fx" : "%.1fx", line->speedup);
    else
        snprintf(cell, sizeof cell, "%s", sheet->dash);
    line_right(sheet->out, cell, RATIO_WIDTH + GAP);
    put_share(sheet, line->efficiency, SHARE_WIDTH);
}

static void put_figures(const struct sheet *sheet, size_t index)
{
    const struct compare_line *line = &sheet->view->lines[index];
    char cell[CELL_ROOM];
    unsigned long long bytes = 0;
    const char *mark = line->winner ? sheet->winner : compare_field_alike(sheet->view, index) ? sheet->alike : "";
    line_right(sheet->out, line_seconds(cell, line->median_s, sheet->dash), TIME_WIDTH + GAP);
    if (sheet->with_spread)
        put_spread(sheet, line);
    put_ratio(sheet, index);
    line_right(sheet->out, compare_field_memory(line, &bytes) ? text_bytes(cell, sizeof cell, (uint64_t)bytes) : sheet->dash,
               MEMORY_WIDTH + GAP);
    put_share(sheet, line->of_possible, OF_WIDTH);
    if (*mark || sheet->bar_beside)
        fputc(' ', sheet->out);
    line_left(sheet->out, mark, sheet->bar_beside ? MARK_WIDTH + GAP : 0);
}

static void put_line(const struct sheet *sheet, size_t index)
{
    const struct compare_line *line = &sheet->view->lines[index];
    char executor[EXECUTOR_TEXT_BYTES];
    executor_format(&line->executor, executor);
    if (line->problem[0]) {
        fprintf(sheet->out, "%s\n", executor);
        line_paragraph(sheet->out, "", line->problem, sheet->columns, sheet->ascii);
        return;
    }
    line_left(sheet->out, executor, sheet->executor_width);
    put_figures(sheet, index);
    if (!sheet->bar_beside)
        fputs("\n  ", sheet->out);
    put_bar(sheet, line);
    fputc('\n', sheet->out);
    if (line->failed)
        fprintf(sheet->out, "%*s%zu job%s failed in its runs\n", LINE_LABEL, "", line->failed, line->failed == 1 ? "" : "s");
}

static void put_heading(const struct sheet *sheet)
{
    FILE *out = sheet->out;
    line_left(out, "executor", sheet->executor_width);
    line_right(out, "median", TIME_WIDTH + GAP);
    if (sheet->with_spread)
        line_right(out, sheet->ascii ? "[least...most]" : "[least\u2026most]", SPREAD_WIDTH + GAP);
    line_right(out, "speed-up", RATIO_WIDTH + GAP);
    line_right(out, "effic.", SHARE_WIDTH + GAP);
    line_right(out, "memory", MEMORY_WIDTH + GAP);
    line_right(out, "possible", OF_WIDTH + GAP);
    fputc('\n', out);
}

/* Only the signs that were used are explained. */
static void put_legend(const struct sheet *sheet)
{
    const struct compare_view *view = sheet->view;
    bool winner = false;
    bool alike = false;
    for (size_t i = 0; i < view->count; i++) {
        winner = winner || view->lines[i].winner;
        alike = alike || compare_field_alike(view, i);
    }
    if (winner)
        fprintf(sheet->out, "%s its slowest run beat every other's fastest by at least 1 %%\n", sheet->winner);
    if (alike)
        fprintf(sheet->out, "%s no real difference to the first line: their runs overlap\n", sheet->alike);
    if (sheet->longest_s > 0)
        fprintf(sheet->out, "%s up to its fastest run, %s to the median, %s to its slowest\n", sheet->solid, sheet->lighter,
                sheet->light);
}

/* --- sentences --------------------------------------------------------------------------------------- */

static void say(const struct sheet *sheet, const char *label, const char *text)
{
    if (text && *text)
        line_paragraph(sheet->out, label, text, sheet->columns, sheet->ascii);
}

/* What the best possible time assumes: a sentence once, not once a line. */
static void say_best(const struct sheet *sheet)
{
    const char *label = "possible";
    char executor[EXECUTOR_TEXT_BYTES];
    char text[COMPARE_TEXT_BYTES + EXECUTOR_TEXT_BYTES];
    for (size_t i = 0; i < sheet->view->count; i++) {
        if (!compare_field_why_is_new(sheet->view, i))
            continue;
        snprintf(text, sizeof text, "%s: %s", executor_format(&sheet->view->lines[i].executor, executor),
                 sheet->view->lines[i].best_why);
        say(sheet, label, text);
        label = "";
    }
}

static void add_cost(const struct sheet *sheet, char *out, size_t room, enum backend_kind backend, const char *what)
{
    char span[SECONDS_ROOM];
    double least_s = 0;
    double most_s = 0;
    size_t used = strlen(out);
    if (!compare_field_make_s(sheet->view, backend, &least_s, &most_s))
        return;
    snprintf(out + used, room - used, "%sa %s %s", used ? "; " : "making ", what, line_micros(span, least_s, most_s));
}

static void say_costs(const struct sheet *sheet)
{
    char text[256] = "";
    add_cost(sheet, text, sizeof text, BACKEND_THREAD, "thread takes");
    add_cost(sheet, text, sizeof text, BACKEND_PROCESS, "process");
    say(sheet, "workers", text);
}

/* Rounds in which every line that could be run was run. */
static size_t whole_rounds(const struct compare_view *view)
{
    size_t whole = SIZE_MAX;
    for (size_t i = 0; i < view->count; i++)
        if (!view->lines[i].problem[0] && view->lines[i].count < whole)
            whole = view->lines[i].count;
    return whole == SIZE_MAX ? 0 : whole;
}

static void say_how(const struct sheet *sheet)
{
    const struct compare_view *view = sheet->view;
    char text[256], part[48] = "";
    if (view->stopped)
        snprintf(part, sizeof part, "%zu whole of ", whole_rounds(view));
    snprintf(text, sizeof text,
             "%s%u round%s after a warm-up, each in an order of its own, shuffled by seed %llu; %u usable core%s", part,
             view->rounds, view->rounds == 1 ? "" : "s", (unsigned long long)view->seed, view->usable_cores,
             view->usable_cores == 1 ? "" : "s");
    say(sheet, "measured", text);
}

static void say_all(const struct sheet *sheet, const struct compare_report_input *input)
{
    const struct compare_view *view = sheet->view;
    say(sheet, "verdict", view->verdict);
    say_best(sheet);
    say_costs(sheet);
    if (view->controls && view->waiting.known)
        say(sheet, "pure", view->waiting.words);
    if (view->controls && view->computing.known)
        say(sheet, view->waiting.known ? "" : "pure", view->computing.words);
    say_how(sheet);
    for (size_t i = 0; i < view->notes_count; i++)
        say(sheet, i == 0 ? "notes" : "", view->notes[i]);
    if (input->interrupted || view->stopped)
        say(sheet, "interrupted", "what had been measured by then is above");
}

int compare_table_write(FILE *out, const struct compare_report_input *input)
{
    int columns = input->columns > 0 ? input->columns : COLUMNS_DEFAULT;
    columns = columns < COLUMNS_MIN ? COLUMNS_MIN : columns > COLUMNS_MAX ? COLUMNS_MAX : columns;
    bool ascii = input->ascii;
    struct sheet sheet = {.out = out,
                          .view = input->view,
                          .columns = columns,
                          .ascii = ascii,
                          .dash = ascii ? "-" : "\u2013",
                          .dots = ascii ? "..." : "\u2026",
                          .winner = ascii ? "*" : "\u2605",
                          .alike = ascii ? "~" : "\u2248",
                          .solid = ascii ? "#" : "\u2588",
                          .lighter = ascii ? "=" : "\u2593",
                          .light = ascii ? "-" : "\u2591"};
    if (!input->view)
        return report_stream_end(out); /* no results: the reason is for stderr */
    measure(&sheet);
    put_heading(&sheet);
    for (size_t i = 0; i < sheet.view->count; i++)
        put_line(&sheet, i);
    fputc('\n', out);
    put_legend(&sheet);
    fputc('\n', out);
    if (sheet.view->sweep) {
        compare_plot_write(out, sheet.view, columns, ascii);
        say(&sheet, "fit", sheet.view->fit.words);
    }
    say_all(&sheet, input);
    return report_stream_end(out);
}
