/* html_jobs.c - the jobs of a run as a table. With many, those that went wrong and the first of the others. */
#include <inttypes.h>
#include <stdio.h>

#include "base/clock.h"
#include "base/text.h"
#include "report/fields.h"
#include "report/html.h"
#include "report/lines.h"

enum { LISTED_MAX = 200, WRONG_MAX = 400, TEXT_ROOM = 96 };

static bool is_wrong(const struct job_snapshot *job)
{
    return field_ended(job) && !field_done(job);
}

/* What it came to, in a few words of its kind. */
static void put_outcome(FILE *out, const struct snapshot *snapshot, const struct job_snapshot *job)
{
    char text[TEXT_ROOM];
    char number[TEXT_GROUPED_BYTES];
    uint64_t bytes = 0;
    if (is_wrong(job))
        html_text(out, job->result.note[0] ? job->result.note : "no reason was given");
    else if (!field_done(job))
        return;
    else if (snapshot->work == WORK_PRIMES) {
        html_textf(out, "%s primes, ", text_grouped(number, job->result.primes));
        html_textf(out, "%s digits", text_grouped(number, job->result.digits));
    } else if (snapshot->work == WORK_DOWNLOAD && field_bytes(job, &bytes))
        html_text(out, text_bytes(text, sizeof text, bytes));
}

static void put_seconds(FILE *out, const char *label, bool known, uint64_t ns)
{
    char time[SECONDS_ROOM];
    fprintf(out, "<td data-label=\"%s\">%s</td>", label,
            line_seconds(time, known ? (double)ns / (double)NS_PER_S : -1, "\u2013"));
}

static void put_job(FILE *out, const struct snapshot *snapshot, size_t index)
{
    const struct job_snapshot *job = &snapshot->results[index];
    uint64_t value = 0;
    fprintf(out, "<tr><th scope=\"row\">%zu</th><td class=\"text\" data-label=\"input\">", index + 1);
    html_text(out, field_input(snapshot, index));
    fprintf(out, "</td><td class=\"text\" data-label=\"state\">%s</td>", field_state(job));
    bool known = field_worker(snapshot, job, &value);
    fputs("<td data-label=\"worker\">", out);
    if (known)
        fprintf(out, "%c%" PRIu64, worker_kind_letter((enum worker_kind)snapshot->workers[value].data.kind), value + 1);
    fputs("</td>", out);
    known = field_start_ns(snapshot, job, &value);
    put_seconds(out, "start", known, value);
    known = field_duration_ns(job, &value);
    put_seconds(out, "time", known, value);
    fputs("<td class=\"text\" data-label=\"result\">", out);
    put_outcome(out, snapshot, job);
    fputs("</td></tr>\n", out);
}

void html_jobs(FILE *out, const struct report_input *input)
{
    const struct snapshot *snapshot = input->snapshot;
    size_t listed = 0;
    size_t wrong = 0;
    fputs("<section class=\"long\"><h2>The jobs</h2>\n<table><thead><tr><th scope=\"col\">#</th><th scope=\"col\" "
          "class=\"text\">input</th><th scope=\"col\" class=\"text\">state</th><th scope=\"col\">worker</th><th "
          "scope=\"col\">start</th><th scope=\"col\">time</th><th scope=\"col\" class=\"text\">result</th></tr></thead>"
          "<tbody>\n",
          out);
    for (size_t i = 0; i < snapshot->jobs; i++) {
        bool bad = is_wrong(&snapshot->results[i]);
        if (bad ? wrong >= WRONG_MAX : listed >= LISTED_MAX)
            continue;
        put_job(out, snapshot, i);
        wrong += bad;
        listed += !bad;
    }
    fputs("</tbody></table>\n", out);
    if (wrong + listed < snapshot->jobs) {
        fputs("<p class=\"faint\">", out);
        html_textf(out, "%zu more are not listed.", snapshot->jobs - wrong - listed);
        fputs("</p>\n", out);
    }
    fputs("</section>\n", out);
}
