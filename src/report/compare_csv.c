/* compare_csv.c - a comparison as comma-separated values: a header line, then a row an executor. An empty cell: not known. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "juggler/compare.h"
#include "report/compare_fields.h"
#include "report/formats.h"

/* Text of our own making, which may quote a file's name: made fit to show, quotes doubled. */
static void put_text(FILE *out, const char *text)
{
    char shown[4 * COMPARE_TEXT_BYTES];
    if (!*text)
        return;
    fputc('"', out);
    for (const char *at = text_show(shown, sizeof shown, text, false); *at; at++) {
        if (*at == '"')
            fputc('"', out);
        fputc(*at, out);
    }
    fputc('"', out);
}

static void put_real(FILE *out, double value)
{
    fputc(',', out);
    if (value >= 0)
        fprintf(out, "%.9f", value);
}

static void put_whole(FILE *out, bool known, uint64_t value)
{
    fputc(',', out);
    if (known)
        fprintf(out, "%" PRIu64, value);
}

static void put_word(FILE *out, bool known, bool value)
{
    fprintf(out, ",%s", known ? value ? "true" : "false" : "");
}

static void put_row(FILE *out, const struct compare_line *line, bool first)
{
    char executor[EXECUTOR_TEXT_BYTES];
    bool measured = line->median_s >= 0;
    bool weighed = line->memory.together_bytes != 0;
    fputs(executor_format(&line->executor, executor), out);
    put_whole(out, line->workers != 0, line->workers);
    put_whole(out, true, compare_field_counted(line));
    put_real(out, line->median_s);
    put_real(out, line->min_s);
    put_real(out, line->max_s);
    put_real(out, line->speedup);
    put_real(out, line->efficiency);
    put_real(out, line->best_s);
    put_real(out, line->of_possible);
    put_word(out, line->told && !first, line->different);
    put_word(out, measured, line->winner);
    put_real(out, line->cpu_s);
    put_real(out, line->lock_s);
    put_real(out, line->make_s);
    put_whole(out, weighed, line->memory.shared_bytes);
    put_whole(out, weighed, line->memory.private_bytes);
    put_whole(out, weighed, line->memory.together_bytes);
    put_whole(out, true, line->failed);
    fputc(',', out);
    put_text(out, line->problem);
    fputc('\n', out);
}

int compare_csv_write(FILE *out, const struct compare_report_input *input)
{
    fputs("executor,workers,runs,median_s,min_s,max_s,speedup,efficiency,best_possible_s,of_possible,different,winner,cpu_s,"
          "lock_s,make_worker_s,shared_bytes,private_bytes,together_bytes,failed,problem\n",
          out);
    for (size_t i = 0; input->view && i < input->view->count; i++)
        put_row(out, &input->view->lines[i], i == 0);
    return report_stream_end(out);
}
