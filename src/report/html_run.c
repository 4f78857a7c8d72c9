/* html_run.c - the page about a run: what it came to, where the time went, the timeline. */
#include <inttypes.h>
#include <stdio.h>

#include "base/clock.h"
#include "base/text.h"
#include "measure/ideal.h"
#include "report/counter_fields.h"
#include "report/fields.h"
#include "report/html.h"
#include "report/lines.h"

enum { TEXT_ROOM = 256 };

static const char DASH[] = "\u2013";

/* --- figures ---------------------------------------------------------------------------------------- */

static double wall_s(const struct snapshot *snapshot)
{
    return snapshot->start_ns ? (double)snapshot->wall_ns / (double)NS_PER_S : -1;
}

static void put_title(FILE *out, const struct snapshot *snapshot)
{
    static const char *const TITLES[WORK_COUNT] = {
        [WORK_DOWNLOAD] = "Downloads", [WORK_PRIMES] = "Products of primes", [WORK_COUNTER] = "The shared counter"};
    char executor[EXECUTOR_TEXT_BYTES];
    char time[SECONDS_ROOM];
    char text[TEXT_ROOM];
    fputs("<h1>", out);
    html_textf(out, "%s under %s", TITLES[snapshot->work], executor_format(&snapshot->executor, executor));
    fputs("</h1>\n", out);
    snprintf(text, sizeof text, "%zu of %zu jobs done in %s%s", snapshot->done, snapshot->jobs,
             line_seconds(time, wall_s(snapshot), DASH), snapshot->failed + snapshot->poisoned ? ", some failed" : "");
    html_paragraph(out, "lead", text);
    html_paragraph(out, "faint", executor_strategy(snapshot->executor.how)->sentence);
}

static void put_times(FILE *out, const struct snapshot *snapshot, const struct ideal *ideal)
{
    char time[SECONDS_ROOM];
    char text[TEXT_ROOM];
    double wall = wall_s(snapshot);
    html_fact(out, "Time", line_seconds(time, wall, DASH));
    if (snapshot->paused_ns)
        html_fact(out, "Of it paused", line_seconds(time, (double)snapshot->paused_ns / (double)NS_PER_S, DASH));
    html_fact(out, "Sum of its jobs", line_seconds(time, ideal->sum_s, DASH));
    line_seconds(time, ideal->best_s, DASH);
    if (ideal->best_s >= 0 && wall > 0)
        snprintf(text, sizeof text, "%s, %.0f %% of it reached", time,
                 ideal->best_s < wall ? 100 * ideal->best_s / wall : 100.0);
    else
        snprintf(text, sizeof text, "%s", time);
    html_fact(out, "Best possible", text);
    if (snapshot->cpu_ns)
        html_fact(out, "CPU time", line_seconds(time, (double)snapshot->cpu_ns / (double)NS_PER_S, DASH));
}

static void put_counts(FILE *out, const struct snapshot *snapshot)
{
    char text[TEXT_ROOM];
    char size[32];
    snprintf(text, sizeof text, "%zu done, %zu failed, %zu poisoned", snapshot->done, snapshot->failed, snapshot->poisoned);
    html_fact(out, "Jobs", text);
    snprintf(text, sizeof text, "%zu at once, %u usable core%s", field_workers(snapshot), snapshot->usable_cores,
             snapshot->usable_cores == 1 ? "" : "s");
    html_fact(out, "Workers", text);
    snprintf(text, sizeof text, "%" PRIu64, snapshot->attempts);
    html_fact(out, "Attempts", text);
    if (snapshot->killed || snapshot->restarts) {
        snprintf(text, sizeof text, "%zu workers died, %u restarts of the runner", snapshot->killed, snapshot->restarts);
        html_fact(out, "Deaths", text);
    }
    if (snapshot->work == WORK_DOWNLOAD)
        html_fact(out, "Received", text_bytes(size, sizeof size, snapshot->bytes));
}

static void put_memory(FILE *out, const struct memory_figures *memory)
{
    char shared[32];
    char own[32];
    char text[TEXT_ROOM];
    if (!memory->together_bytes)
        return;
    snprintf(text, sizeof text, "%s%s", memory->estimated ? "about " : "",
             text_bytes(shared, sizeof shared, memory->together_bytes));
    html_fact(out, "Memory", text);
    snprintf(text, sizeof text, "%s shared, %s private", text_bytes(shared, sizeof shared, memory->shared_bytes),
             text_bytes(own, sizeof own, memory->private_bytes));
    html_fact(out, "Of it", text);
}

static void put_gil(FILE *out, const struct gil_words *gil)
{
    char interval[SECONDS_ROOM];
    char text[TEXT_ROOM];
    if (!gil->interval_ns)
        return;
    snprintf(text, sizeof text, "taken %" PRIu64 " times, asked for %" PRIu64 " times after %s", gil->taken, gil->asked,
             line_seconds(interval, (double)gil->interval_ns / (double)NS_PER_S, DASH));
    html_fact(out, "Interpreter lock", text);
}

static void put_counter(FILE *out, const struct snapshot *snapshot)
{
    char text[TEXT_ROOM];
    if (snapshot->work != WORK_COUNTER)
        return;
    struct counter_fields fields = counter_fields_of(snapshot);
    if (fields.known) {
        char got[TEXT_GROUPED_BYTES];
        char expected[TEXT_GROUPED_BYTES];
        snprintf(text, sizeof text, "%s of %s", text_grouped(got, fields.got), text_grouped(expected, fields.expected));
        html_fact(out, "The counter reads", text);
    }
    html_fact(out, "Lock", fields.lock);
}

/* --- where the time went ------------------------------------------------------------------------------- */

static void put_share(FILE *out, enum account_column column, double seconds, double all_s)
{
    static const char *const WORDS[ACCOUNT_COLUMNS] = {
        [ACCOUNT_ON_CORE] = "on a core",
        [ACCOUNT_READY] = "ready, no core",
        [ACCOUNT_IO] = "waiting for I/O",
        [ACCOUNT_LOCK] = "waiting for a lock",
        [ACCOUNT_BARRIER] = "waiting for the others",
        [ACCOUNT_NO_WORK] = "no work",
    };
    char time[SECONDS_ROOM];
    fprintf(out,
            "<tr><th scope=\"row\"><svg class=\"swatch\" viewBox=\"0 0 20 12\" aria-hidden=\"true\"><rect class=\"%s\" "
            "width=\"20\" height=\"12\"/></svg>%s</th>",
            html_class_of_column(column), WORDS[column]);
    fprintf(out, "<td data-label=\"time\">%s</td>", seconds == 0 ? "0" : line_seconds(time, seconds, "unknown"));
    if (seconds < 0)
        fprintf(out, "<td data-label=\"share\">%s</td></tr>\n", DASH);
    else
        fprintf(out, "<td data-label=\"share\">%.1f %%</td></tr>\n", 100 * seconds / all_s);
}

static void put_account(FILE *out, const struct snapshot *snapshot)
{
    double seconds[ACCOUNT_COLUMNS] = {0};
    double shares[ACCOUNT_COLUMNS] = {0};
    double all_s = 0;
    bool ready_known = true;
    for (size_t i = 0; i < snapshot->slots; i++) {
        const struct slot_data *data = &snapshot->workers[i].data;
        ready_known = ready_known && (!snapshot->workers[i].used || data->ready_known);
        for (int column = 0; column < ACCOUNT_COLUMNS && snapshot->workers[i].used; column++)
            seconds[column] += (double)data->account_ns[column] / (double)NS_PER_S;
    }
    for (int column = 0; column < ACCOUNT_COLUMNS; column++)
        all_s += seconds[column];
    if (all_s <= 0)
        return;
    for (int column = 0; column < ACCOUNT_COLUMNS; column++)
        shares[column] = seconds[column] / all_s;
    if (!ready_known)
        seconds[ACCOUNT_READY] = -1;
    fputs("<section><h2>Where the workers' time went</h2>\n", out);
    svg_account(out, shares);
    fputs("<table><thead><tr><th scope=\"col\">state</th><th scope=\"col\">time of all workers</th><th "
          "scope=\"col\">share</th>"
          "</tr></thead><tbody>\n",
          out);
    for (int column = 0; column < ACCOUNT_COLUMNS; column++)
        put_share(out, (enum account_column)column, seconds[column], all_s);
    fputs("</tbody></table></section>\n", out);
}

/* --- all of it ------------------------------------------------------------------------------------------- */

void html_run(FILE *out, const struct report_input *input, const struct spans *spans)
{
    const struct snapshot *snapshot = input->snapshot;
    struct ideal ideal = ideal_of(snapshot);
    put_title(out, snapshot);
    html_paragraph(out, "problem", input->problem ? input->problem : snapshot->problem);
    if (input->interrupted)
        html_paragraph(out, "problem", "Interrupted: what had ended by then is below.");
    fputs("<dl class=\"facts\">\n", out);
    put_counter(out, snapshot);
    put_times(out, snapshot, &ideal);
    put_counts(out, snapshot);
    put_memory(out, &snapshot->memory);
    put_gil(out, &snapshot->gil);
    fputs("</dl>\n", out);
    fputs("<section><h2>What was possible</h2>\n", out);
    html_paragraph(out, "", ideal.why);
    if (snapshot->work == WORK_COUNTER)
        html_paragraph(out, "", counter_fields_of(snapshot).why);
    fputs("</section>\n", out);
    put_account(out, snapshot);
    fputs("<section><h2>What every worker did</h2>\n", out);
    svg_timeline(out, snapshot, spans);
    fputs("</section>\n", out);
    html_jobs(out, input);
}
