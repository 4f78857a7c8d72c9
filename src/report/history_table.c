/* history_table.c - the history as a table for people: all its runs, one as a whole, or two compared.
 *
 * The columns are as wide as what is in them. Where that is too wide, the name of the list loses its middle first, then the year goes,
 * then whole columns do, the least needed first. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/sys.h"
#include "base/text.h"
#include "report/formats.h"
#include "report/history_show.h"
#include "report/lines.h"

enum { CELL_ROOM = 512, GAP = 2, LIST_LEAST = 12, COLUMNS_LEAST = 40, COLUMNS_MOST = 200 };

struct page {
    FILE *out;
    const struct history_output *output;
    const char *dash;
    bool no_year;
};

/* --- cells ---------------------------------------------------------------------------------------- */

typedef void cell_writer(const struct page *page, const struct history_record *record, char out[CELL_ROOM]);

static void cell_number(const struct page *page, const struct history_record *record, char out[CELL_ROOM])
{
    (void)page;
    snprintf(out, CELL_ROOM, "%zu", record->number);
}

/* Local time. */
static void cell_when(const struct page *page, const struct history_record *record, char out[CELL_ROOM])
{
    struct tm parts;
    time_t when = (time_t)record->when_s;
    if (!localtime_r(&when, &parts) ||
        strftime(out, CELL_ROOM, page->no_year ? "%m-%d %H:%M" : "%Y-%m-%d %H:%M", &parts) == 0)
        snprintf(out, CELL_ROOM, "%s", page->dash);
}

static void cell_work(const struct page *page, const struct history_record *record, char out[CELL_ROOM])
{
    text_show(out, CELL_ROOM, record->work, page->output->ascii);
}

static void cell_list(const struct page *page, const struct history_record *record, char out[CELL_ROOM])
{
    text_show(out, CELL_ROOM, record->list[0] ? record->list : page->dash, page->output->ascii);
}

static void cell_executor(const struct page *page, const struct history_record *record, char out[CELL_ROOM])
{
    text_show(out, CELL_ROOM, record->executor, page->output->ascii);
}

static void cell_time(const struct page *page, const struct history_record *record, char out[CELL_ROOM])
{
    char seconds[SECONDS_ROOM];
    snprintf(out, CELL_ROOM, "%s", line_seconds(seconds, record->wall_s, page->dash));
}

static void cell_speedup(const struct page *page, const struct history_record *record, char out[CELL_ROOM])
{
    if (record->speedup >= 0)
        snprintf(out, CELL_ROOM, "%.2f%s", record->speedup, page->output->ascii ? "x" : "\u00d7");
    else
        snprintf(out, CELL_ROOM, "%s", page->dash);
}

static void cell_memory(const struct page *page, const struct history_record *record, char out[CELL_ROOM])
{
    char size[32];
    bool known = record->memory_bytes;
    snprintf(out, CELL_ROOM, "%s", known ? text_bytes(size, sizeof size, record->memory_bytes) : page->dash);
}

static void cell_note(const struct page *page, const struct history_record *record, char out[CELL_ROOM])
{
    char note[HISTORY_NOTE_BYTES];
    text_show(out, CELL_ROOM, history_note_of(record, note), page->output->ascii);
}

enum column_name { NUMBER, WHEN, WORK, LIST, EXECUTOR, TIME, SPEEDUP, MEMORY, NOTE, COLUMN_COUNT };

static const struct column {
    const char *title;
    cell_writer *write;
    bool right;
} COLUMNS[COLUMN_COUNT] = {
    [NUMBER] = {"#", cell_number, true},
    [WHEN] = {"when", cell_when, false},
    [WORK] = {"work", cell_work, false},
    [LIST] = {"list", cell_list, false},
    [EXECUTOR] = {"executor", cell_executor, false},
    [TIME] = {"time", cell_time, true},
    [SPEEDUP] = {"speed-up", cell_speedup, true},
    [MEMORY] = {"memory", cell_memory, true},
    [NOTE] = {"", cell_note, false},
};

/* --- widths --------------------------------------------------------------------------------------- */

/* Of each column; 0: it is left out. */
struct widths {
    int of[COLUMN_COUNT];
};

static void widen(const struct page *page, const struct history_record *record, struct widths *widths)
{
    char cell[CELL_ROOM];
    for (int i = 0; i < COLUMN_COUNT; i++) {
        COLUMNS[i].write(page, record, cell);
        int columns = (int)text_columns(cell);
        widths->of[i] = columns > widths->of[i] ? columns : widths->of[i];
    }
}

static int total_of(const struct widths *widths)
{
    int total = -GAP;
    for (int i = 0; i < COLUMN_COUNT; i++)
        total += widths->of[i] ? widths->of[i] + GAP : 0;
    return total;
}

/* What goes until the rest fits. */
static void fit(struct page *page, struct widths *widths, int columns)
{
    static const enum column_name GOES[] = {MEMORY, WORK, SPEEDUP, WHEN, NOTE, LIST};
    int spare = columns - total_of(widths);
    int least = widths->of[LIST] < LIST_LEAST ? widths->of[LIST] : LIST_LEAST;
    int wanted = widths->of[LIST];
    widths->of[LIST] = least;
    if (spare < least - wanted) {
        page->no_year = true;
        widths->of[WHEN] = (int)strlen("11-23 20:24");
    }
    for (size_t i = 0; i < sizeof GOES / sizeof *GOES && total_of(widths) > columns; i++)
        widths->of[GOES[i]] = 0;
    int room = columns - total_of(widths);
    if (widths->of[LIST] && room > 0)
        widths->of[LIST] = least + room < wanted ? least + room : wanted;
}

static struct widths widths_of(struct page *page, const struct history_record *const *records, size_t count)
{
    struct widths widths = {.of = {0}};
    int columns = page->output->columns;
    columns = columns < COLUMNS_LEAST ? COLUMNS_LEAST : columns > COLUMNS_MOST ? COLUMNS_MOST : columns;
    for (int i = 0; i < COLUMN_COUNT; i++)
        widths.of[i] = (int)strlen(COLUMNS[i].title);
    for (size_t i = 0; i < count; i++)
        widen(page, records[i], &widths);
    fit(page, &widths, columns);
    return widths;
}

/* --- all of it ------------------------------------------------------------------------------------ */

/* A row; a record of NULL is the titles. No blanks at its end. */
static void put_row(const struct page *page, const struct widths *widths, const struct history_record *record)
{
    char cell[CELL_ROOM], cut[CELL_ROOM];
    int owed = 0; /* blanks before the next cell that has anything in it */
    for (int i = 0; i < COLUMN_COUNT; i++) {
        if (!widths->of[i])
            continue;
        if (record)
            COLUMNS[i].write(page, record, cell);
        else
            snprintf(cell, sizeof cell, "%s", COLUMNS[i].title);
        line_fit(cut, sizeof cut, cell, widths->of[i], page->output->ascii);
        int blanks = widths->of[i] - (int)text_columns(cut);
        if (*cut)
            fprintf(page->out, "%*s%s", owed + (COLUMNS[i].right ? blanks : 0), "", cut);
        owed = *cut ? (COLUMNS[i].right ? 0 : blanks) + GAP : owed + widths->of[i] + GAP;
    }
    fputc('\n', page->out);
}

static void put_rows(struct page *page, const struct history_record *const *records, size_t count)
{
    struct widths widths = widths_of(page, records, count);
    put_row(page, &widths, NULL);
    for (size_t i = 0; i < count; i++)
        put_row(page, &widths, records[i]);
}

static int put_all(struct page *page)
{
    const struct history *history = page->output->history;
    if (!history->count) {
        fputs("no run is noted yet; juggler run primes notes the first one\n", page->out);
        return 0;
    }
    const struct history_record **records = sys_alloc_zeroed(history->count, sizeof *records);
    if (!records)
        return -1;
    for (size_t i = 0; i < history->count; i++)
        records[i] = &history->records[i];
    put_rows(page, records, history->count);
    free(records);
    return 0;
}

static void put_line(const struct page *page, const char *label, const char *text)
{
    line_paragraph(page->out, label, text, page->output->columns, page->output->ascii);
}

static void put_seconds(const struct page *page, const char *label, double seconds)
{
    char out[SECONDS_ROOM];
    put_line(page, label, line_seconds(out, seconds, page->dash));
}

/* One run, all that is known of it. */
static void put_one(const struct page *page, const struct history_record *record)
{
    char text[CELL_ROOM], low[SECONDS_ROOM], high[SECONDS_ROOM];
    static const struct {
        const char *label;
        cell_writer *write;
    } LINES[] = {{"number", cell_number}, {"when", cell_when},         {"work", cell_work},     {"list", cell_list},
                 {"time", cell_time},     {"executor", cell_executor}, {"memory", cell_memory}, {"speed-up", cell_speedup}};
    for (size_t i = 0; i < sizeof LINES / sizeof *LINES; i++) {
        LINES[i].write(page, record, text);
        put_line(page, LINES[i].label, text);
    }
    if (record->rounds) {
        snprintf(text, sizeof text, "%s to %s in %u round%s, seed %" PRIu64, line_seconds(low, record->min_s, page->dash),
                 line_seconds(high, record->max_s, page->dash), record->rounds, record->rounds == 1 ? "" : "s",
                 record->seed);
        put_line(page, "runs", text);
    }
    put_line(page, "options", record->options[0] ? record->options : page->dash);
    put_seconds(page, "CPU time", record->cpu_s);
    put_seconds(page, "best possible", record->best_possible_s);
    snprintf(text, sizeof text, "%" PRIu64 " of %" PRIu64 " done, %" PRIu64 " failed", record->done, record->jobs,
             record->failed);
    put_line(page, "jobs", text);
    snprintf(text, sizeof text, "%u", record->usable_cores);
    put_line(page, "usable cores", record->usable_cores ? text : page->dash);
    snprintf(text, sizeof text, "%s%s", record->state, record->interrupted ? ", interrupted" : "");
    put_line(page, "ended", text);
    put_line(page, "by", record->program[0] ? record->program : page->dash);
    put_line(page, "command", record->command);
}

static void put_verdict(const struct page *page, const struct history_comparison *found)
{
    char text[CELL_ROOM];
    size_t first = page->output->chosen[0]->number, second = page->output->chosen[1]->number;
    for (size_t i = 0; i < found->unfit; i++)
        put_line(page, i ? "" : "no ratio", found->reasons[i]);
    if (found->ratio < 0)
        return;
    if (found->overlap)
        snprintf(text, sizeof text, "no real difference: the times of %zu and of %zu overlap", first, second);
    else if (found->ratio > 0 && found->ratio < 1)
        snprintf(text, sizeof text, "%zu took %.2f of the time of %zu: %.2f times as fast", second, found->ratio, first,
                 1 / found->ratio);
    else
        snprintf(text, sizeof text, "%zu took %.2f times as long as %zu", second, found->ratio, first);
    put_line(page, "ratio", text);
    if (!found->spreads)
        put_line(page, "", "a single run is among them: a few percent may be chance; juggler compare tells");
}

static void put_two(struct page *page)
{
    struct history_comparison found;
    history_compare(page->output->chosen[0], page->output->chosen[1], &found);
    put_rows(page, page->output->chosen, 2);
    fputc('\n', page->out);
    put_verdict(page, &found);
    for (size_t i = 0; i < found.differs; i++)
        put_line(page, i ? "" : "differs", found.differences[i]);
    if (!found.differs)
        put_line(page, "differs", "nothing but the moment");
}

int history_table_write(FILE *out, const struct history_output *output)
{
    struct page page = {.out = out, .output = output, .dash = output->ascii ? "-" : "\u2013"};
    int failed = 0;
    if (output->history && output->chosen_count == 2)
        put_two(&page);
    else if (output->history && output->chosen_count == 1)
        put_one(&page, output->chosen[0]);
    else if (output->history)
        failed = put_all(&page);
    int error = report_stream_end(out);
    return failed ? ENOMEM : error;
}
