/* html.h - the parts of a page. Private to src/report.
 *
 * A page is one file: styles inside, no script, nothing that would be fetched. Whatever comes from outside goes through html_text, in text
 * and in attributes alike. Pictures are inline SVG; they take their colours from the page's styles, so they are light and dark with it. */
#ifndef REPORT_HTML_H
#define REPORT_HTML_H

#include <stddef.h>
#include <stdio.h>

#include "juggler/compare.h"
#include "juggler/report.h"
#include "report/spans.h"

/* Any text, made fit to show and escaped, cut behind some thousand characters. */
void html_text(FILE *out, const char *text);
/* The same, from a format; what does not fit into 1 KiB is cut. */
void html_textf(FILE *out, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* A paragraph of any text; nothing for "" or NULL. css: its class, or "". */
void html_paragraph(FILE *out, const char *css, const char *text);
/* A row of a list of facts. */
void html_fact(FILE *out, const char *name, const char *value);

/* The styles, once a page, and the patterns that pictures are filled with. */
void html_style(FILE *out);
void html_patterns(FILE *out);

/* Sections. */
void html_run(FILE *out, const struct report_input *input, const struct spans *spans);
void html_jobs(FILE *out, const struct report_input *input);
void html_compare(FILE *out, const struct compare_report_input *input);
void html_machine(FILE *out);

/* Pictures. */
void svg_timeline(FILE *out, const struct snapshot *snapshot, const struct spans *spans);
/* Where the time of all workers went: a bar of the account's columns. */
void svg_account(FILE *out, const double shares[ACCOUNT_COLUMNS]);
/* A line's time beside the others': solid to the fastest run, hatched to the slowest, a mark at the median. Nothing when it was not measured. */
void svg_time_bar(FILE *out, const struct compare_line *line, double longest_s);
/* Nothing for fewer than two points. */
void svg_curve(FILE *out, const struct compare_view *view);

/* The style class of a phase: that of its kind ("run", "io", "lock", "barrier", "idle"), but two have one of their own: "start", "recv";
 * and of a column of the account. */
const char *html_class_of_phase(enum phase phase);
const char *html_class_of_column(enum account_column column);

#endif
