/* table.c - a run as a table for people: a line or a few for each job, then the totals.
 *
 * With many jobs only those are listed that want attention; the rest is a line that says how many there are. */
#include "report/table.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "report/counter_fields.h"
#include "report/fields.h"
#include "report/formats.h"
#include "report/lines.h"

enum { JOBS_LISTED_MAX = 50, COLUMNS_MIN = 40, COLUMNS_MAX = 160, COLUMNS_DEFAULT = 80, TEXT_ROOM = 4096 };

void table_text(const struct table *table, const char *text)
{
    char shown[TEXT_ROOM];
    fputs(text_show(shown, sizeof shown, text, table->input->ascii), table->out);
}

static bool is_listed(const struct snapshot *snapshot, size_t job)
{
    return snapshot->jobs <= JOBS_LISTED_MAX ||
           (field_ended(&snapshot->results[job]) && !field_done(&snapshot->results[job]));
}

/* t1, p4: counted from 1, as on the screen. */
static char *worker_name(const struct table *table, const struct job_snapshot *job, char *out, size_t room)
{
    uint64_t slot = 0;
    if (field_worker(table->snapshot, job, &slot))
        snprintf(out, room, "%c%" PRIu64, worker_kind_letter((enum worker_kind)table->snapshot->workers[slot].data.kind),
                 slot + 1);
    else
        snprintf(out, room, "%s", table->dash);
    return out;
}

static char *duration(const struct table *table, const struct job_snapshot *job, char *out, size_t room)
{
    uint64_t ns = 0;
    if (field_duration_ns(job, &ns))
        return text_duration(out, room, ns);
    snprintf(out, room, "%s", table->dash);
    return out;
}

/* Right-aligned by columns, which printf cannot. */
static void put_right(FILE *out, const char *text, int columns)
{
    int blanks = columns - (int)text_columns(text);
    fprintf(out, "%*s%s", blanks > 0 ? blanks : 0, "", text);
}

static void put_left(FILE *out, const char *text, int columns)
{
    int blanks = columns - (int)text_columns(text);
    fprintf(out, "%s%*s", text, blanks > 0 ? blanks : 0, "");
}

/* The reason, and whose it is, on lines of their own: neither is cut. */
static void put_error(const struct table *table, size_t index, bool with_input)
{
    const struct job_snapshot *job = &table->snapshot->results[index];
    uint64_t attempts = 0;
    if (with_input) {
        fputs("      ", table->out);
        table_text(table, field_input(table->snapshot, index));
        fputc('\n', table->out);
    }
    fputs("      ", table->out);
    table_text(table, job->result.note[0] ? job->result.note : "no reason was given");
    if (field_attempts(job, &attempts) && attempts > 1)
        fprintf(table->out, " (after %" PRIu64 " attempts)", attempts);
    fputc('\n', table->out);
}

/* --- downloads ---------------------------------------------------------------------------------- */

enum { NUMBER_WIDTH = 4, STATE_WIDTH = 8, BYTES_WIDTH = 9, TIME_WIDTH = 8, WORKER_WIDTH = 6, GAP = 2 };

/* The name it has or would get; for want of one the input. */
static const char *download_name(const struct snapshot *snapshot, size_t index)
{
    const char *name = snapshot->set ? snapshot->set->inputs[index].name : NULL;
    return name && name[0] ? name : field_input(snapshot, index);
}

static int name_width(const struct table *table)
{
    char shown[TEXT_ROOM];
    int widest = 12;
    int room = table->columns - NUMBER_WIDTH - STATE_WIDTH - BYTES_WIDTH - TIME_WIDTH - WORKER_WIDTH - 5 * GAP;
    for (size_t i = 0; i < table->snapshot->jobs; i++) {
        if (!is_listed(table->snapshot, i))
            continue;
        int columns =
            (int)text_columns(text_show(shown, sizeof shown, download_name(table->snapshot, i), table->input->ascii));
        widest = columns > widest ? columns : widest;
    }
    room = room < 8 ? 8 : room;
    return widest < room ? widest : room;
}

/* What else is to be said of a job that is done. */
static void put_remarks(const struct table *table, const struct job_snapshot *job)
{
    uint64_t attempts = 0;
    if (!field_done(job))
        return;
    if (field_attempts(job, &attempts) && attempts > 1)
        fprintf(table->out, "  %" PRIu64 " attempts", attempts);
    if (job->result.flags & JOB_FLAG_LENGTH_UNVERIFIED)
        fputs("  length unverified", table->out);
}

static void put_download(const struct table *table, size_t index, int width)
{
    const struct job_snapshot *job = &table->snapshot->results[index];
    char text[TEXT_ROOM];
    uint64_t bytes = 0;
    bool kept = field_done(job) && (job->result.flags & JOB_FLAG_KEPT);
    fprintf(table->out, "%*zu  ", NUMBER_WIDTH, index + 1);
    put_left(table->out, line_fit(text, sizeof text, download_name(table->snapshot, index), width, table->input->ascii),
             width + GAP);
    put_left(table->out, kept ? "kept" : field_state(job), STATE_WIDTH + GAP);
    put_right(table->out, field_bytes(job, &bytes) ? text_bytes(text, sizeof text, bytes) : table->dash, BYTES_WIDTH);
    put_right(table->out, duration(table, job, text, sizeof text), TIME_WIDTH + GAP);
    fprintf(table->out, "  %s", worker_name(table, job, text, sizeof text));
    put_remarks(table, job);
    fputc('\n', table->out);
    if (field_ended(job) && !field_done(job))
        put_error(table, index, true);
}

static void put_downloads(const struct table *table)
{
    int width = name_width(table);
    bool headed = false;
    for (size_t i = 0; i < table->snapshot->jobs; i++) {
        if (!is_listed(table->snapshot, i))
            continue;
        if (!headed)
            fprintf(table->out, "%*s  %-*s  %-*s  %*s  %*s  %s\n", NUMBER_WIDTH, "#", width, "file", STATE_WIDTH, "state",
                    BYTES_WIDTH, "size", TIME_WIDTH, "time", "worker");
        headed = true;
        put_download(table, i, width);
    }
}

/* --- primes ------------------------------------------------------------------------------------- */

/* All digits while head and tail have them all, else both ends. */
static void put_product(const struct table *table, const struct job_result *result)
{
    char head[END_DIGITS_ROOM];
    char tail[END_DIGITS_ROOM];
    char digits[TEXT_GROUPED_BYTES];
    char bits[TEXT_GROUPED_BYTES];
    field_head(result, head);
    field_tail(result, tail);
    fputs("      product     ", table->out);
    if (result->digits <= END_DIGITS)
        fprintf(table->out, "%s\n", head);
    else if (result->digits <= END_DIGITS + END_DIGITS)
        fprintf(table->out, "%s%s\n", head, tail + (END_DIGITS + END_DIGITS - result->digits));
    else
        fprintf(table->out, "%s%s%s: %s digits, %s bits\n", head, table->dots, tail, text_grouped(digits, result->digits),
                text_grouped(bits, result->bits));
}

static void put_primes_job(const struct table *table, size_t index)
{
    const struct job_snapshot *job = &table->snapshot->results[index];
    const char *file = field_file(table->input, index);
    char number[TEXT_GROUPED_BYTES];
    char text[64];
    fputs("up to ", table->out);
    table_text(table, field_input(table->snapshot, index));
    if (!field_done(job)) {
        fprintf(table->out, ": %s\n", field_state(job));
        if (field_ended(job))
            put_error(table, index, false);
        return;
    }
    fprintf(table->out, ": %s prime number%s found\n", text_grouped(number, job->result.primes),
            job->result.primes == 1 ? "" : "s");
    fprintf(table->out, "      time taken  %s", duration(table, job, text, sizeof text));
    if (job->result.cpu_ns)
        fprintf(table->out, ", %s of it on a core", text_duration(text, sizeof text, job->result.cpu_ns));
    fprintf(table->out, " (%s)\n", worker_name(table, job, text, sizeof text));
    put_product(table, &job->result);
    if (file) {
        fputs("      file        ", table->out);
        table_text(table, file);
        fputc('\n', table->out);
    }
}

static void put_primes(const struct table *table)
{
    for (size_t i = 0; i < table->snapshot->jobs; i++)
        if (is_listed(table->snapshot, i))
            put_primes_job(table, i);
}

/* --- counter ------------------------------------------------------------------------------------ */

/* What a copy of its own read stands there only where the workers have such copies. */
static void put_counter_job(const struct table *table, size_t index)
{
    const struct job_snapshot *job = &table->snapshot->results[index];
    char text[64], cpu[64], grouped[TEXT_GROUPED_BYTES];
    uint64_t counted = 0;
    fprintf(table->out, "%*zu  ", NUMBER_WIDTH, index + 1);
    put_left(table->out, field_state(job), STATE_WIDTH + GAP);
    put_right(table->out, duration(table, job, text, sizeof text), TIME_WIDTH);
    put_right(table->out,
              field_done(job) && job->result.cpu_ns ? text_duration(cpu, sizeof cpu, job->result.cpu_ns) : table->dash,
              TIME_WIDTH + GAP);
    fprintf(table->out, "  %-*s", WORKER_WIDTH, worker_name(table, job, text, sizeof text));
    if (counter_field_counted(table->snapshot, index, &counted))
        fprintf(table->out, "  %s; copy read %s", field_input(table->snapshot, index), text_grouped(grouped, counted));
    else
        fprintf(table->out, "  %s", field_input(table->snapshot, index));
    fputc('\n', table->out);
    if (field_ended(job) && !field_done(job))
        put_error(table, index, false);
}

static void put_counter(const struct table *table)
{
    bool headed = false;
    for (size_t i = 0; i < table->snapshot->jobs; i++) {
        if (!is_listed(table->snapshot, i))
            continue;
        if (!headed)
            fprintf(table->out, "%*s  %-*s  %*s  %*s  %s\n", NUMBER_WIDTH, "#", STATE_WIDTH, "state", TIME_WIDTH, "time",
                    TIME_WIDTH, "on a core", "worker");
        headed = true;
        put_counter_job(table, i);
    }
}

/* --- all of it ---------------------------------------------------------------------------------- */

static void (*const PUT_JOBS[WORK_COUNT])(const struct table *table) = {
    [WORK_DOWNLOAD] = put_downloads,
    [WORK_PRIMES] = put_primes,
    [WORK_COUNTER] = put_counter,
};

static void put_left_out(const struct table *table)
{
    const struct snapshot *snapshot = table->snapshot;
    char more[TEXT_GROUPED_BYTES];
    char done[TEXT_GROUPED_BYTES];
    char open[TEXT_GROUPED_BYTES];
    size_t wrong = snapshot->failed + snapshot->poisoned;
    if (snapshot->jobs <= JOBS_LISTED_MAX || wrong == snapshot->jobs)
        return;
    size_t not_ended = snapshot->jobs - snapshot->done - wrong;
    fprintf(table->out, "%s %s more: %s done", table->dots, text_grouped(more, snapshot->jobs - wrong),
            text_grouped(done, snapshot->done));
    if (not_ended)
        fprintf(table->out, ", %s not ended", text_grouped(open, not_ended));
    fputc('\n', table->out);
}

int report_table_write(FILE *out, const struct report_input *input)
{
    int columns = input->columns > 0 ? input->columns : COLUMNS_DEFAULT;
    columns = columns < COLUMNS_MIN ? COLUMNS_MIN : columns;
    struct table table = {
        .out = out,
        .input = input,
        .snapshot = input->snapshot,
        .columns = columns < COLUMNS_MAX ? columns : COLUMNS_MAX,
        .dash = input->ascii ? "-" : "\u2013",
        .dots = input->ascii ? "..." : "\u2026",
        .point = input->ascii ? "-" : "\u00b7",
    };
    if (!input->snapshot)
        return report_stream_end(out); /* no results: the reason is for stderr */
    PUT_JOBS[input->snapshot->work](&table);
    put_left_out(&table);
    table_totals(&table);
    return report_stream_end(out);
}
