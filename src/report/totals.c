/* totals.c - the lines below the jobs of a table: how long it took, how long it had to take, and where the time went. */
#include <inttypes.h>
#include <string.h>

#include "base/clock.h"
#include "base/text.h"
#include "measure/ideal.h"
#include "report/counter_fields.h"
#include "report/fields.h"
#include "report/lines.h"
#include "report/table.h"

enum { TIME_ROOM = 32, LABEL_WIDTH = 14 };

static void label(const struct table *table, const char *text)
{
    fprintf(table->out, "%-*s", LABEL_WIDTH, text);
}

static char *seconds_text(char out[TIME_ROOM], double seconds)
{
    return text_duration(out, TIME_ROOM, (uint64_t)(seconds * (double)NS_PER_S + 0.5));
}

/* Breaks a sentence into lines below its label. ASCII and figures only. */
static void put_wrapped(const struct table *table, const char *text)
{
    int column = LABEL_WIDTH;
    while (*text) {
        int word = (int)strcspn(text, " ");
        if (column + 1 + word > table->columns && column > LABEL_WIDTH) {
            fprintf(table->out, "\n%*s", LABEL_WIDTH, "");
            column = LABEL_WIDTH;
        }
        column += fprintf(table->out, "%s%.*s", column > LABEL_WIDTH ? " " : "", word, text);
        text += word;
        text += strspn(text, " ");
    }
    fputc('\n', table->out);
}

/* Of the best possible time; a clock's last figure must not make it more than all of it. */
static int percent_reached(double best_s, double wall_s)
{
    if (wall_s <= 0)
        return 100;
    double percent = 100 * best_s / wall_s;
    return percent > 100 ? 100 : (int)(percent + 0.5);
}

/* First of all what it came to: that is the point of this work. */
static void put_counter(const struct table *table)
{
    struct counter_fields fields = counter_fields_of(table->snapshot);
    char number[TEXT_GROUPED_BYTES], time[TIME_ROOM];
    label(table, "expected");
    fprintf(table->out, "%s\n", fields.known ? text_grouped(number, fields.expected) : table->dash);
    label(table, "counter reads");
    fprintf(table->out, "%s\n", fields.known ? text_grouped(number, fields.got) : table->dash);
    label(table, "lost");
    if (fields.known && fields.shared)
        fprintf(table->out, "%s (%.*f %%)\n", text_grouped(number, fields.lost), fields.lost ? 1 : 0,
                100 * fields.lost_share);
    else
        fprintf(table->out, "%s\n", table->dash);
    label(table, "why");
    put_wrapped(table, fields.why);
    label(table, "lock");
    fprintf(table->out, "%s", fields.lock);
    if (fields.waited_ns)
        fprintf(table->out, ", %s spent waiting%s, all workers together", text_duration(time, sizeof time, fields.waited_ns),
                table->snapshot->executor.gil ? " (for the interpreter lock, too)" : "");
    fputc('\n', table->out);
}

static void put_times(const struct table *table)
{
    const struct snapshot *snapshot = table->snapshot;
    struct ideal ideal = ideal_of(snapshot);
    double wall = (double)snapshot->wall_ns / (double)NS_PER_S;
    char time[TIME_ROOM];
    char line[sizeof ideal.why + 128];
    label(table, "time");
    fprintf(table->out, "%s", snapshot->start_ns ? seconds_text(time, wall) : table->dash);
    if (snapshot->paused_ns)
        fprintf(table->out, ", %s of it paused", text_duration(time, sizeof time, snapshot->paused_ns));
    fputc('\n', table->out);
    if (ideal.sum_s >= 0) {
        label(table, "sum of jobs");
        fprintf(table->out, "%s%s", seconds_text(time, ideal.sum_s), snapshot->work == WORK_DOWNLOAD ? "" : " of CPU time");
        if (wall > 0)
            fprintf(table->out, ", %.1f times as long", ideal.sum_s / wall);
        fputc('\n', table->out);
    }
    label(table, "best possible");
    if (ideal.best_s >= 0)
        snprintf(line, sizeof line, "%s, %d %% of it reached: %s", seconds_text(time, ideal.best_s),
                 percent_reached(ideal.best_s, wall), ideal.why);
    else
        snprintf(line, sizeof line, "%s", ideal.why);
    put_wrapped(table, line);
}

struct account {
    double sums[ACCOUNT_COLUMNS];
    double all;
    bool ready_known;
};

static struct account account_of(const struct snapshot *snapshot)
{
    struct account account = {.ready_known = true};
    for (size_t i = 0; i < snapshot->slots; i++) {
        const struct worker_snapshot *worker = &snapshot->workers[i];
        if (!worker->used)
            continue;
        account.ready_known = account.ready_known && worker->data.ready_known;
        for (int column = 0; column < ACCOUNT_COLUMNS; column++) {
            account.sums[column] += (double)worker->data.account_ns[column];
            account.all += (double)worker->data.account_ns[column];
        }
    }
    return account;
}

/* The account of time of all workers together. */
static void put_account(const struct table *table)
{
    static const char *const WORDS[ACCOUNT_COLUMNS] = {
        [ACCOUNT_ON_CORE] = "on a core", [ACCOUNT_READY] = "ready, no core", [ACCOUNT_IO] = "waiting for I/O",
        [ACCOUNT_LOCK] = "lock",         [ACCOUNT_BARRIER] = "barrier",      [ACCOUNT_NO_WORK] = "no work",
    };
    struct account account = account_of(table->snapshot);
    char line[256] = "";
    size_t used = 0;
    if (account.all <= 0)
        return;
    for (int column = 0; column < ACCOUNT_COLUMNS; column++) {
        const char *before = used ? " + " : "";
        double percent = 100 * account.sums[column] / account.all;
        if (column == ACCOUNT_READY && !account.ready_known)
            used += (size_t)snprintf(line + used, sizeof line - used, "%s%s (not known)", before, WORDS[column]);
        else if (percent >= 0.5)
            used += (size_t)snprintf(line + used, sizeof line - used, "%s%.0f %% %s", before, percent, WORDS[column]);
        else if (percent > 0)
            used += (size_t)snprintf(line + used, sizeof line - used, "%s<1 %% %s", before, WORDS[column]);
    }
    label(table, "workers' time");
    put_wrapped(table, line);
}

static void put_executor(const struct table *table)
{
    const struct snapshot *snapshot = table->snapshot;
    char executor[EXECUTOR_TEXT_BYTES];
    size_t workers = field_workers(snapshot);
    label(table, "executor");
    fprintf(table->out, "%s, %zu worker%s, %u usable core%s\n", executor_format(&snapshot->executor, executor), workers,
            workers == 1 ? "" : "s", snapshot->usable_cores, snapshot->usable_cores == 1 ? "" : "s");
    if (table->input->cores) {
        label(table, "cores");
        put_wrapped(table, table->input->cores);
    }
}

static void put_counts(const struct table *table)
{
    const struct snapshot *snapshot = table->snapshot;
    char number[TEXT_GROUPED_BYTES];
    size_t open = snapshot->jobs - snapshot->done - snapshot->failed - snapshot->poisoned;
    label(table, "jobs");
    fprintf(table->out, "%s of ", text_grouped(number, snapshot->done));
    fprintf(table->out, "%s done", text_grouped(number, snapshot->jobs));
    if (snapshot->kept)
        fprintf(table->out, " (%s were there already)", text_grouped(number, snapshot->kept));
    fprintf(table->out, ", %s failed", text_grouped(number, snapshot->failed));
    if (snapshot->poisoned)
        fprintf(table->out, ", %s poisoned", text_grouped(number, snapshot->poisoned));
    if (open)
        fprintf(table->out, ", %s not ended", text_grouped(number, open));
    fprintf(table->out, ", %s attempt%s\n", text_grouped(number, snapshot->attempts), snapshot->attempts == 1 ? "" : "s");
    if (snapshot->killed || snapshot->restarts) {
        label(table, "deaths");
        fprintf(table->out, "%zu worker%s died", snapshot->killed, snapshot->killed == 1 ? "" : "s");
        if (snapshot->runner.hung)
            fprintf(table->out, " (%s without a sign of life)", text_grouped(number, snapshot->runner.hung));
        fprintf(table->out, ", %u restart%s of the runner\n", snapshot->restarts, snapshot->restarts == 1 ? "" : "s");
    }
}

static void put_bytes(const struct table *table)
{
    const struct snapshot *snapshot = table->snapshot;
    char size[TIME_ROOM];
    double wall = (double)snapshot->wall_ns / (double)NS_PER_S;
    label(table, "received");
    fprintf(table->out, "%s", text_bytes(size, sizeof size, snapshot->bytes));
    if (wall > 0)
        fprintf(table->out, ", %s/s", text_bytes(size, sizeof size, (uint64_t)((double)snapshot->bytes / wall)));
    fputc('\n', table->out);
}

/* Threads have one memory; processes have some for themselves and share the rest. */
static void put_memory(const struct table *table)
{
    const struct memory_figures *memory = &table->snapshot->memory;
    char together[TIME_ROOM], shared[TIME_ROOM], own[TIME_ROOM];
    if (!memory->together_bytes)
        return;
    label(table, "memory");
    fprintf(table->out, "%s%s", memory->estimated ? "about " : "",
            text_bytes(together, sizeof together, memory->together_bytes));
    if (memory->private_bytes)
        fprintf(table->out, ": %s shared, %s private of %zu process%s",
                text_bytes(shared, sizeof shared, memory->shared_bytes), text_bytes(own, sizeof own, memory->private_bytes),
                memory->processes, memory->processes == 1 ? "" : "es");
    else
        fputs(", shared by all workers", table->out);
    fputc('\n', table->out);
}

/* How the interpreter lock went round. */
static void put_gil(const struct table *table)
{
    const struct gil_words *gil = &table->snapshot->gil;
    char held[TIME_ROOM], interval[TIME_ROOM], number[TEXT_GROUPED_BYTES];
    if (!gil->interval_ns)
        return;
    label(table, "GIL");
    fprintf(table->out, "held %s in all, ", text_duration(held, sizeof held, gil->held_ns));
    fprintf(table->out, "changed hands %s times, ", text_grouped(number, gil->switches));
    fprintf(table->out, "asked for %s times after %s\n", text_grouped(number, gil->asked),
            text_duration(interval, sizeof interval, gil->interval_ns));
}

static void put_endings(const struct table *table)
{
    if (table->input->output_dir) {
        label(table, "files in");
        table_text(table, table->input->output_dir);
        fputc('\n', table->out);
    }
    if (table->snapshot->lost_events)
        fprintf(table->out, "%" PRIu64 " events were lost: the account of time is whole, the time line is not\n",
                table->snapshot->lost_events);
    if (table->input->interrupted)
        fputs("interrupted: what had ended by then is above\n", table->out);
    if (table->snapshot->problem && table->snapshot->problem[0]) {
        table_text(table, table->snapshot->problem);
        fputc('\n', table->out);
    }
}

void table_totals(const struct table *table)
{
    fputc('\n', table->out);
    if (table->snapshot->work == WORK_COUNTER)
        put_counter(table);
    put_times(table);
    put_account(table);
    put_executor(table);
    put_counts(table);
    if (table->snapshot->work == WORK_DOWNLOAD)
        put_bytes(table);
    put_memory(table);
    put_gil(table);
    put_endings(table);
}
