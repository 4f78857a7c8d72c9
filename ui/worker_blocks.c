/* worker_blocks.c - the blocks of a worker's page: what it does, where its time went, what the kernel says, how long its jobs took. */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/text.h"
#include "ui/account_bar.h"
#include "ui/flat.h"
#include "ui/lane_private.h"
#include "ui/parts.h"
#include "ui/worker_private.h"

static void __attribute__((format(printf, 3, 4))) field(struct worker_page *page, const char *label, const char *format, ...)
{
    char text[WORKER_TEXT_BYTES];
    va_list list;
    va_start(list, format);
    vsnprintf(text, sizeof text, format, list);
    va_end(list);
    worker_field(page, ROLE_TEXT, label, text);
}

/* --- what it does ------------------------------------------------------------------------------------------ */

static bool is_transfer(const struct worker_page *page)
{
    return page->shown->held.data.kind == WORKER_TRANSFER;
}

static const char *end_sentence(enum worker_exit how)
{
    switch (how) {
    case WORKER_EXIT_FINISHED: return "finished. It did what there was for it.";
    case WORKER_EXIT_LEFT: return "left. Fewer workers were asked for.";
    case WORKER_EXIT_STOPPED: return "stopped. The run was ended.";
    default: return phase_sentence(PHASE_LEFT);
    }
}

static void state_field(struct worker_page *page)
{
    const struct worker_snapshot *held = &page->shown->held;
    enum phase phase = lane_phase(held);
    const char *silent = lane_silent_word(page->lane, page->slot, true);
    char time[32];
    if (phase == PHASE_DEAD) {
        worker_field(page, ROLE_FAILED, "state", phase_sentence(phase));
    } else if (!held->alive && held->data.phase == PHASE_BARRIER && !run_state_is_over(page->lane->snap.state)) {
        worker_field(page, ROLE_BARRIER, "state", phase_sentence(PHASE_BARRIER));
    } else if (!held->alive) {
        worker_field(page, ROLE_TEXT, "state", end_sentence((enum worker_exit)held->data.exit));
    } else if (silent != NULL) {
        unsigned seconds = lane_silent_s(&page->lane->snap, page->slot);
        time[0] = '\0';
        if (seconds > 0) {
            snprintf(time, sizeof time, " for %u s", seconds);
        }
        field(page, "state", "%s%s; it was: %s", silent, time, phase_word(phase));
    } else if (lane_is_ready(page->lane, page->slot)) {
        worker_field(page, ROLE_READY, "state", LANE_READY_WORDS ". It could go on, but others have the cores.");
    } else {
        parts_running_time(time, sizeof time, worker_since(page, held->data.phase_since_ns));
        field(page, "state", "%s for %s. %s", phase_word(phase), time, phase_sentence(phase));
    }
}

static void progress_field(struct worker_page *page)
{
    const struct slot_data *data = &page->shown->held.data;
    char done[24], total[24];
    text_bytes(done, sizeof done, data->done);
    text_bytes(total, sizeof total, data->total);
    bool bytes = page->lane->snap.work == WORK_DOWNLOAD;
    if (data->done == 0) {
        worker_field(page, ROLE_DIM, "done", "nothing yet");
    } else if (data->total == 0 && bytes) {
        field(page, "done", "%s; the server does not say of how much", done);
    } else if (data->total == 0) {
        worker_field(page, ROLE_DIM, "done", "unknown");
    } else if (bytes) {
        field(page, "done", "%s of %s, %u %%", done, total, model_percent_of(data));
    } else {
        field(page, "done", "%u %% of its time", model_percent_of(data));
    }
}

static void job_fields(struct worker_page *page)
{
    const struct slot_data *data = &page->shown->held.data;
    char time[32];
    if (!page->shown->held.alive || data->job == 0) {
        worker_field(page, ROLE_DIM, "job", "none");
        return;
    }
    parts_running_time(time, sizeof time, worker_since(page, data->job_since_ns));
    field(page, "job", "%" PRIu64 " of %zu for %s, attempt %" PRIu64, data->job, page->lane->snap.jobs, time, data->attempt);
    progress_field(page);
}

void worker_block_line(struct worker_page *page)
{
    char text[FLAT_TEXT_BYTES];
    if (page->canvas->flat) {
        flat_worker_text(page->lane, page->slot, page->canvas->ascii, text);
        worker_flow(page, 0, ROLE_TITLE, text);
        return;
    }
    struct rect row = worker_line(page);
    if (row.rows > 0) {
        lane_draw_worker(page->canvas, row, page->lane, page->slot);
    }
}

void worker_block_work(struct worker_page *page)
{
    char text[WORKER_TEXT_BYTES], note[BOARD_NOTE_BYTES * 4];
    size_t failed = page->shown->last_failed;
    if (page->shown->held.alive && page->shown->held.data.job > 0) {
        field(page, "works on", "%s", worker_job_text(page, (size_t)page->shown->held.data.job - 1, text, sizeof text));
    }
    if (failed > 0 && failed <= page->lane->snap.jobs) {
        text_show(note, sizeof note, page->lane->snap.results[failed - 1].result.note, page->canvas->ascii);
        snprintf(text, sizeof text, "job %zu: %s", failed, note[0] != '\0' ? note : "unknown");
        worker_field(page, ROLE_FAILED, "last error", text);
    }
}

void worker_block_now(struct worker_page *page)
{
    state_field(page);
    job_fields(page);
}

/* --- where its time went ------------------------------------------------------------------------------------ */

static void account_cell(struct worker_page *page, struct rect at, const struct account *account, enum account_column column)
{
    char time[32];
    bool known = column != ACCOUNT_READY || account->ready_known;
    if (account->ns[column] > 0) {
        text_duration(time, sizeof time, account->ns[column]);
    } else {
        strcpy(time, "0 s");
    }
    int used = canvas_text(page->canvas, at.x, at.y, WORKER_LABEL_COLUMNS - 1, account_role(column), account_word(column));
    used = used < WORKER_LABEL_COLUMNS ? WORKER_LABEL_COLUMNS : used;
    if (!known) {
        canvas_text(page->canvas, at.x + used, at.y, at.columns - used, ROLE_DIM, "unknown");
        return;
    }
    canvas_text_right(page->canvas, at.x + used + 8, at.y, 8, ROLE_TEXT, time);
    canvas_printf(page->canvas, at.x + used + 8, at.y, at.columns - used - 8, ROLE_DIM, "%5.1f %%",
                  account_share(account, column) * 100);
}

void worker_block_account(struct worker_page *page)
{
    enum { CELL_COLUMNS = 28 };
    struct account account = account_of_worker(&page->shown->held, page->shown->now_ns);
    char text[96], time[32];
    int beside = page->at.columns >= 2 * CELL_COLUMNS && !page->canvas->flat ? 2 : 1;
    text_duration(time, sizeof time, account_sum_ns(&account));
    snprintf(text, sizeof text, "WHERE ITS TIME WENT  %s in all", time);
    worker_heading(page, text);
    struct rect row = {0};
    if (!page->canvas->flat) {
        row = worker_line(page);
    }
    if (row.rows > 0) {
        account_bar_draw(page->canvas, row.x, row.y, row.columns, &account);
    }
    for (int column = 0; column < ACCOUNT_COLUMNS; column++) {
        if (column % beside == 0) {
            row = worker_line(page);
        }
        struct rect cell = {row.x + column % beside * CELL_COLUMNS, row.y, CELL_COLUMNS, row.rows};
        if (row.rows > 0) {
            account_cell(page, cell, &account, (enum account_column)column);
        }
    }
}

/* --- the kernel's word --------------------------------------------------------------------------------------- */

/* A figure of the kernel's: as it is, unknown, or gone with the worker. */
static void __attribute__((format(printf, 4, 5)))
kernel_field(struct worker_page *page, const char *label, bool known, const char *format, ...)
{
    char text[256];
    va_list list;
    va_start(list, format);
    vsnprintf(text, sizeof text, format, list);
    va_end(list);
    bool there = page->shown->kernel.there;
    const char *lost = page->shown->recorded ? "not in the record" : "gone";
    worker_field(page, known && there ? ROLE_TEXT : ROLE_DIM, label, !there ? lost : known ? text : "unknown");
}

/* Threads share the memory of their process: theirs alone is not a figure that there is. */
static void memory_field(struct worker_page *page)
{
    const struct task_detail *kernel = &page->shown->kernel;
    const struct memory_figures *memory = &page->lane->snap.memory;
    char own[24], whole[24];
    if (page->shown->held.data.kind == WORKER_PROCESS) {
        text_bytes(own, sizeof own, kernel->private_bytes);
        text_bytes(whole, sizeof whole, kernel->proportional_bytes);
        kernel_field(page, "memory", kernel->memory_known, "%s private; %s with its share of what others use too", own,
                     whole);
    } else {
        text_bytes(whole, sizeof whole, memory->together_bytes);
        kernel_field(page, "memory", memory->together_bytes > 0, "shared: its process has %s", whole);
    }
}

static void kernel_fields(struct worker_page *page)
{
    const struct task_detail *kernel = &page->shown->kernel;
    const struct slot_data *data = &page->shown->held.data;
    char on_core[32], waited[32];
    text_duration(on_core, sizeof on_core, kernel->on_core_ns);
    text_duration(waited, sizeof waited, kernel->waited_ns);
    worker_heading(page, is_transfer(page) ? "THE KERNEL'S WORD on the one thread of all transfers" : "THE KERNEL'S WORD");
    field(page, "pid, tid", "%" PRIu64 ", %" PRIu64 "%s", data->pid, data->tid,
          kernel->there || page->shown->recorded ? "" : " (gone)");
    kernel_field(page, "state", kernel->there, "%c: %s", kernel->state.letter, task_letter_meaning(kernel->state.letter));
    kernel_field(page, "last core", kernel->state.core >= 0, "%d", kernel->state.core);
    kernel_field(page, "on a core", kernel->times_known, "%s", on_core);
    kernel_field(page, "waited", kernel->times_known, "%s for a core", waited);
    kernel_field(page, "switches", kernel->switches_known, "%" PRIu64 " voluntary, %" PRIu64 " forced", kernel->voluntary,
                 kernel->forced);
    memory_field(page);
}

/* Which worker of its place it is, and how it and those before it ended. */
static void place_field(struct worker_page *page)
{
    const struct worker_snapshot *held = &page->shown->held;
    const struct slot_data *data = &held->data;
    char text[160];
    int used = snprintf(text, sizeof text, "worker %" PRIu64 " in it; %" PRIu64 " killed", data->generation, data->killed);
    if (data->killed > 0 && data->exit_signal > 0) {
        used += snprintf(text + used, sizeof text - (size_t)used, ", the last by signal %" PRIu64, data->exit_signal);
    }
    const char *end = held->alive                      ? "still here"
                      : data->exit == WORKER_EXIT_NONE ? "went down with its process"
                                                       : worker_exit_word((enum worker_exit)data->exit);
    snprintf(text + used, sizeof text - (size_t)used, "; %s", end);
    field(page, "place", "%s", text);
}

void worker_block_kernel(struct worker_page *page)
{
    kernel_fields(page);
    place_field(page);
}

/* --- how long its jobs took ----------------------------------------------------------------------------------- */

enum { TIMES_WIDE_FROM = 56, TIMES_P90 = 2 };

/* Every figure ends at the right of its column. In little room there is none for the 90th percentile. */
static void times_row(struct worker_page *page, enum role role, const char *label, const char *const texts[5])
{
    struct rect row = worker_line(page);
    bool wide = row.columns >= TIMES_WIDE_FROM;
    int x = row.x + (wide ? 13 : 5), columns = 7;
    if (row.rows < 1) {
        return;
    }
    canvas_text(page->canvas, row.x, row.y, x - row.x, ROLE_DIM, label);
    for (int i = 0; i < 5; i++) {
        if (i == TIMES_P90 && !wide) {
            continue;
        }
        x += columns;
        canvas_text_right(page->canvas, x, row.y, columns - 1, role, texts[i]);
        columns = wide ? 9 : 8;
    }
}

static void percentiles_row(struct worker_page *page, const char *label, const struct percentiles *times)
{
    const uint64_t ns[4] = {times->p50, times->p90, times->p99, times->max};
    char text[5][TEXT_GROUPED_BYTES];
    const char *texts[5] = {text[0], text[1], text[2], text[3], text[4]};
    text_grouped(text[0], times->count);
    for (int i = 0; i < 4; i++) {
        if (times->count > 0) {
            text_duration(text[i + 1], sizeof text[0], ns[i]);
        } else {
            snprintf(text[i + 1], sizeof text[0], "\u2013");
        }
    }
    times_row(page, ROLE_TEXT, label, texts);
}

void worker_block_times(struct worker_page *page)
{
    static const char *const heads[5] = {"jobs", "p50", "p90", "p99", "max"};
    bool wide = page->at.columns >= TIMES_WIDE_FROM;
    worker_heading(page, "HOW LONG JOBS TOOK");
    times_row(page, ROLE_DIM, "", heads);
    percentiles_row(page, wide ? "this worker" : "it", &page->shown->mine);
    percentiles_row(page, wide ? "all workers" : "all", &page->shown->all);
}
