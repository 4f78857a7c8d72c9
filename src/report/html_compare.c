/* html_compare.c - the page about a comparison: the verdict, the table with its bars, the curve, and what it means. */
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "report/compare_fields.h"
#include "report/html.h"
#include "report/lines.h"

static const char DASH[] = "\u2013";

static void begin_cell(FILE *out, const char *label, const char *css)
{
    fprintf(out, "<td data-label=\"%s\"%s%s%s>", label, *css ? " class=\"" : "", css, *css ? "\"" : "");
}

static void put_cell(FILE *out, const char *label, const char *text)
{
    begin_cell(out, label, "");
    html_text(out, text);
    fputs("</td>", out);
}

static void put_share(FILE *out, const char *label, double share)
{
    char text[32];
    snprintf(text, sizeof text, "%.0f %%", 100 * share);
    put_cell(out, label, share < 0 ? DASH : text);
}

static void put_time(FILE *out, const struct compare_line *line)
{
    char median[SECONDS_ROOM];
    char least[SECONDS_ROOM];
    char most[SECONDS_ROOM];
    char text[128];
    put_cell(out, "median", line_seconds(median, line->median_s, DASH));
    snprintf(text, sizeof text, "%s\u2026%s", line_seconds(least, line->min_s, DASH), line_seconds(most, line->max_s, DASH));
    put_cell(out, "least\u2026most", line->median_s >= 0 ? text : DASH);
}

static void put_ratio(FILE *out, const struct compare_view *view, size_t index)
{
    const struct compare_line *line = &view->lines[index];
    char text[64];
    bool told = compare_field_ratio_told(view, index);
    snprintf(text, sizeof text, line->speedup < 9.95 ? "%.2f\u00d7" : "%.1f\u00d7", line->speedup);
    put_cell(out, "speed-up", told ? text : line->speedup >= 0 ? "no real difference" : DASH);
    put_share(out, "efficiency", told ? line->efficiency : -1);
}

static void put_line(FILE *out, const struct compare_view *view, size_t index, double longest_s)
{
    const struct compare_line *line = &view->lines[index];
    char executor[EXECUTOR_TEXT_BYTES];
    char size[32];
    unsigned long long bytes = 0;
    fputs("<tr><th scope=\"row\">", out);
    html_text(out, executor_format(&line->executor, executor));
    fputs("</th>", out);
    if (line->problem[0]) {
        fputs("<td colspan=\"7\" class=\"text problem\">", out);
        html_text(out, line->problem);
        fputs("</td></tr>\n", out);
        return;
    }
    begin_cell(out, "", "bar");
    svg_time_bar(out, line, longest_s);
    fputs("</td>", out);
    put_time(out, line);
    put_ratio(out, view, index);
    bool weighed = compare_field_memory(line, &bytes);
    put_cell(out, "memory", weighed ? text_bytes(size, sizeof size, (uint64_t)bytes) : DASH);
    put_share(out, "of possible", line->of_possible);
    begin_cell(out, "", "text");
    if (line->winner)
        fputs("<span class=\"won\">\u2605 fastest</span>", out);
    if (line->failed)
        html_textf(out, "%s%zu failed", line->winner ? ", " : "", line->failed);
    fputs("</td></tr>\n", out);
}

static void put_table(FILE *out, const struct compare_view *view)
{
    static const char *const HEADS[] = {"time",       "median", "least\u2026most", "speed-up",
                                        "efficiency", "memory", "of possible",     "remarks"};
    double longest_s = compare_field_longest_s(view);
    fputs("<table><caption>A bar is solid to the fastest run, striped to the slowest, with a mark at the median."
          "</caption>\n<thead><tr><th scope=\"col\">executor</th>",
          out);
    for (size_t i = 0; i < sizeof HEADS / sizeof HEADS[0]; i++)
        fprintf(out, "<th scope=\"col\"%s>%s</th>", i == 0 || i == 7 ? " class=\"text\"" : "", HEADS[i]);
    fputs("</tr></thead>\n<tbody>\n", out);
    for (size_t i = 0; i < view->count; i++)
        put_line(out, view, i, longest_s);
    fputs("</tbody></table>\n", out);
}

static void put_reasons(FILE *out, const struct compare_view *view)
{
    char executor[EXECUTOR_TEXT_BYTES];
    char text[COMPARE_TEXT_BYTES + EXECUTOR_TEXT_BYTES + 8];
    for (size_t i = 0; i < view->count; i++) {
        if (!compare_field_why_is_new(view, i))
            continue;
        snprintf(text, sizeof text, "%s: %s", executor_format(&view->lines[i].executor, executor), view->lines[i].best_why);
        html_paragraph(out, "", text);
    }
}

static void put_cost(FILE *out, const struct compare_view *view, enum backend_kind backend, const char *name)
{
    double least_s = 0;
    double most_s = 0;
    char span[SECONDS_ROOM];
    if (compare_field_make_s(view, backend, &least_s, &most_s))
        html_fact(out, name, line_micros(span, least_s, most_s));
}

static void put_how(FILE *out, const struct compare_view *view)
{
    char text[64];
    fputs("<section><h2>How it was measured</h2>\n<dl class=\"facts\">\n", out);
    snprintf(text, sizeof text, "%u, after a warm-up", view->rounds);
    html_fact(out, "Rounds", text);
    snprintf(text, sizeof text, "shuffled by seed %llu", (unsigned long long)view->seed);
    html_fact(out, "Order in a round", text);
    put_cost(out, view, BACKEND_THREAD, "Making a thread");
    put_cost(out, view, BACKEND_PROCESS, "Making a process");
    fputs("</dl>\n", out);
    for (size_t i = 0; i < view->notes_count; i++)
        html_paragraph(out, "", view->notes[i]);
    fputs("</section>\n", out);
}

void html_compare(FILE *out, const struct compare_report_input *input)
{
    static const char *const TITLES[WORK_COUNT] = {
        [WORK_DOWNLOAD] = "Downloads", [WORK_PRIMES] = "Products of primes", [WORK_COUNTER] = "The shared counter"};
    const struct compare_view *view = input->view;
    fprintf(out, "<h1>%s, carried out in %zu way%s</h1>\n", TITLES[view->work], view->count, view->count == 1 ? "" : "s");
    html_paragraph(out, "faint", view->list_name);
    html_paragraph(out, "problem", input->problem);
    if (input->interrupted || view->stopped)
        html_paragraph(out, "problem", "Interrupted: what had been measured by then is below.");
    html_paragraph(out, "lead", view->verdict);
    put_table(out, view);
    if (view->sweep) {
        fputs("<section><h2>How it scales</h2>\n", out);
        svg_curve(out, view);
        html_paragraph(out, "", view->fit.words);
        fputs("</section>\n", out);
    }
    fputs("<section><h2>What was possible</h2>\n", out);
    put_reasons(out, view);
    fputs("</section>\n", out);
    if (view->controls && (view->waiting.known || view->computing.known)) {
        fputs("<section><h2>Pure waiting and pure computing</h2>\n", out);
        html_paragraph(out, "", view->waiting.known ? view->waiting.words : "");
        html_paragraph(out, "", view->computing.known ? view->computing.words : "");
        fputs("</section>\n", out);
    }
    put_how(out, view);
}
