/* csv.c - a run as comma-separated values: a header line, then a row a job in input order. RFC 4180 quoting, lines end with \n,
 * text is made fit to show.
 * An empty cell: not known, or there is none. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/text.h"
#include "report/counter_fields.h"
#include "report/fields.h"
#include "report/formats.h"

/* What a column is called, and how its cell is written. */
struct column {
    const char *name;
    void (*write)(FILE *out, const struct report_input *input, size_t index);
};

static const struct job_snapshot *job_of(const struct report_input *input, size_t index)
{
    return &input->snapshot->results[index];
}

/* One character of text, as it may be shown, a quote twice. Returns where the next one is. One at a time, so that nothing has to be cut. */
static const char *write_character(FILE *out, const char *text)
{
    char one[8] = "";
    char shown[32];
    const char *next = text;
    text_next(&next);
    memcpy(one, text, (size_t)(next - text));
    if (*one == '"')
        fputc('"', out);
    fputs(text_show(shown, sizeof shown, one, false), out);
    return next;
}

/* Any text, made fit to show: people look at CSV in a terminal, too. No line break is left in it. */
static void write_text(FILE *out, const char *text)
{
    if (!text)
        return;
    bool quoted = strpbrk(text, ",\"");
    if (quoted)
        fputc('"', out);
    while (*text)
        text = write_character(out, text);
    if (quoted)
        fputc('"', out);
}

static void write_number(FILE *out, bool known, uint64_t value)
{
    if (known)
        fprintf(out, "%" PRIu64, value);
}

static void write_seconds(FILE *out, bool known, uint64_t ns)
{
    if (known)
        fprintf(out, "%" PRIu64 ".%09" PRIu64, ns / NS_PER_S, ns % NS_PER_S);
}

static void write_index(FILE *out, const struct report_input *input, size_t index)
{
    (void)input;
    write_number(out, true, index);
}

static void write_input(FILE *out, const struct report_input *input, size_t index)
{
    write_text(out, field_input(input->snapshot, index));
}

static void write_state(FILE *out, const struct report_input *input, size_t index)
{
    write_text(out, field_state(job_of(input, index)));
}

static void write_worker(FILE *out, const struct report_input *input, size_t index)
{
    uint64_t value = 0;
    bool known = field_worker(input->snapshot, job_of(input, index), &value);
    write_number(out, known, value);
}

static void write_attempts(FILE *out, const struct report_input *input, size_t index)
{
    uint64_t value = 0;
    bool known = field_attempts(job_of(input, index), &value);
    write_number(out, known, value);
}

static void write_start(FILE *out, const struct report_input *input, size_t index)
{
    uint64_t value = 0;
    bool known = field_start_ns(input->snapshot, job_of(input, index), &value);
    write_seconds(out, known, value);
}

static void write_duration(FILE *out, const struct report_input *input, size_t index)
{
    uint64_t value = 0;
    bool known = field_duration_ns(job_of(input, index), &value);
    write_seconds(out, known, value);
}

static void write_bytes(FILE *out, const struct report_input *input, size_t index)
{
    uint64_t value = 0;
    bool known = field_bytes(job_of(input, index), &value);
    write_number(out, known, value);
}

static void write_status(FILE *out, const struct report_input *input, size_t index)
{
    uint64_t status = job_of(input, index)->result.http_status;
    write_number(out, field_ended(job_of(input, index)) && status, status);
}

static void write_primes(FILE *out, const struct report_input *input, size_t index)
{
    write_number(out, field_done(job_of(input, index)), job_of(input, index)->result.primes);
}

static void write_bits(FILE *out, const struct report_input *input, size_t index)
{
    write_number(out, field_done(job_of(input, index)), job_of(input, index)->result.bits);
}

static void write_digits(FILE *out, const struct report_input *input, size_t index)
{
    write_number(out, field_done(job_of(input, index)), job_of(input, index)->result.digits);
}

static void write_head(FILE *out, const struct report_input *input, size_t index)
{
    char digits[END_DIGITS_ROOM];
    field_head(&job_of(input, index)->result, digits);
    write_text(out, field_done(job_of(input, index)) ? digits : NULL);
}

static void write_tail(FILE *out, const struct report_input *input, size_t index)
{
    char digits[END_DIGITS_ROOM];
    field_tail(&job_of(input, index)->result, digits);
    write_text(out, field_done(job_of(input, index)) ? digits : NULL);
}

static void write_adds(FILE *out, const struct report_input *input, size_t index)
{
    const struct job_set *set = input->snapshot->set;
    write_number(out, set, set ? set->inputs[index].limit : 0);
}

static void write_counted(FILE *out, const struct report_input *input, size_t index)
{
    uint64_t value = 0;
    bool known = counter_field_counted(input->snapshot, index, &value);
    write_number(out, known, value);
}

static void write_cpu(FILE *out, const struct report_input *input, size_t index)
{
    const struct job_result *result = &job_of(input, index)->result;
    write_seconds(out, field_done(job_of(input, index)) && result->cpu_ns, result->cpu_ns);
}

static void write_file(FILE *out, const struct report_input *input, size_t index)
{
    write_text(out, field_file(input, index));
}

static void write_error(FILE *out, const struct report_input *input, size_t index)
{
    const struct job_snapshot *job = job_of(input, index);
    write_text(out, field_ended(job) && !field_done(job) ? job->result.note : NULL);
}

/* Of the whole run, so the same in every row: how many changes of state are missing in what a trace or a page draws from them. */
static void write_lost(FILE *out, const struct report_input *input, size_t index)
{
    (void)index;
    write_number(out, true, input->snapshot->lost_events);
}

enum { COLUMNS_MAX = 16 };

static const struct column COLUMNS[WORK_COUNT][COLUMNS_MAX] = {
    [WORK_DOWNLOAD] = {{"index", write_index},
                       {"input", write_input},
                       {"state", write_state},
                       {"worker", write_worker},
                       {"attempts", write_attempts},
                       {"start_s", write_start},
                       {"seconds", write_duration},
                       {"bytes", write_bytes},
                       {"http_status", write_status},
                       {"file", write_file},
                       {"error", write_error},
                       {"lost_events", write_lost}},
    [WORK_PRIMES] = {{"index", write_index},
                     {"input", write_input},
                     {"state", write_state},
                     {"worker", write_worker},
                     {"attempts", write_attempts},
                     {"start_s", write_start},
                     {"seconds", write_duration},
                     {"primes", write_primes},
                     {"bits", write_bits},
                     {"digits", write_digits},
                     {"head", write_head},
                     {"tail", write_tail},
                     {"file", write_file},
                     {"error", write_error},
                     {"lost_events", write_lost}},
    [WORK_COUNTER] = {{"index", write_index},
                      {"input", write_input},
                      {"state", write_state},
                      {"worker", write_worker},
                      {"attempts", write_attempts},
                      {"start_s", write_start},
                      {"seconds", write_duration},
                      {"adds", write_adds},
                      {"counted", write_counted},
                      {"cpu_s", write_cpu},
                      {"error", write_error},
                      {"lost_events", write_lost}},
};

int report_csv_write(FILE *out, const struct report_input *input)
{
    const struct column *columns = COLUMNS[input->snapshot ? input->snapshot->work : input->work];
    for (size_t i = 0; columns[i].name; i++)
        fprintf(out, "%s%s", i ? "," : "", columns[i].name);
    fputc('\n', out);
    for (size_t job = 0; input->snapshot && job < input->snapshot->jobs; job++) {
        for (size_t i = 0; columns[i].name; i++) {
            if (i)
                fputc(',', out);
            columns[i].write(out, input, job);
        }
        fputc('\n', out);
    }
    return report_stream_end(out);
}
