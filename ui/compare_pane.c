/* compare_pane.c - a comparison while it is made, on the whole screen: a line an executor with its bar and figures, then what it means.
 *
 * A bar is as long as the median; it is lighter from the fastest run to the median and lighter still up to the slowest, as in the
 * report, so that one sees where spreads overlap. The bar of the run going on grows. Nobody is named the winner before the comparison says so. */
#include <math.h>
#include <string.h>

#include "base/text.h"
#include "report/compare_fields.h"
#include "ui/lane.h"
#include "ui/pane.h"
#include "ui/parts.h"

enum { CELL_BYTES = 48, BAR_LEAST = 12, BAR_MOST = 60, MARK_COLUMNS = 2, EXECUTOR_LEAST = 10 };

/* A column: head, width, how long it stays when there is little room, and the text of a cell. A new column is a row in the table below. */
struct column {
    const char *head;
    int columns, keep;
    void (*text)(const struct compare_view *view, size_t line, char out[CELL_BYTES]);
};

/* What every part of the pane needs. */
struct sheet {
    struct canvas *canvas;
    const struct model_compare *compare;
    const struct compare_view *view;
    struct rect at; /* inside of the box */
    int executor, bar, gap;
    unsigned columns; /* a bit for each column that there is room for */
    double longest_s;
};

/* --- figures ---------------------------------------------------------------------------------------- */

static void seconds_text(double seconds, char out[CELL_BYTES])
{
    if (seconds < 0 || seconds > 1e9) {
        snprintf(out, CELL_BYTES, "\u2013");
    } else {
        text_duration(out, CELL_BYTES, (uint64_t)(seconds * 1e9));
    }
}

static void share_text(double share, char out[CELL_BYTES])
{
    if (share < 0) {
        snprintf(out, CELL_BYTES, "\u2013");
    } else {
        snprintf(out, CELL_BYTES, "%.0f %%", share * 100);
    }
}

/* Before there is one, the time of the run going on, with a sign that it goes on; it changes five times a second at most. */
static void median_text(const struct compare_view *view, size_t line, char out[CELL_BYTES])
{
    const struct compare_line *of = &view->lines[line];
    if (of->median_s < 0 && of->running && of->so_far_s >= 0 && of->so_far_s < 1e6) {
        char so_far[CELL_BYTES - 4];
        parts_running_time(so_far, sizeof so_far, (uint64_t)(of->so_far_s * 1e9));
        snprintf(out, CELL_BYTES, "\u2026%s", so_far);
    } else {
        seconds_text(of->median_s, out);
    }
}

static void least_text(const struct compare_view *view, size_t line, char out[CELL_BYTES])
{
    seconds_text(view->lines[line].min_s, out);
}

static void most_text(const struct compare_view *view, size_t line, char out[CELL_BYTES])
{
    seconds_text(view->lines[line].max_s, out);
}

/* A ratio where there is a real difference, a sign where there is none; a dash as long as nobody can tell. */
static void speedup_text(const struct compare_view *view, size_t line, char out[CELL_BYTES])
{
    double speedup = view->lines[line].speedup;
    if (speedup < 0 || !view->lines[line].told) {
        snprintf(out, CELL_BYTES, "\u2013");
    } else if (!compare_field_ratio_told(view, line)) {
        snprintf(out, CELL_BYTES, "no diff.");
    } else {
        snprintf(out, CELL_BYTES, speedup < 9.95 ? "%.2f\u00d7" : "%.1f\u00d7", speedup);
    }
}

static void efficiency_text(const struct compare_view *view, size_t line, char out[CELL_BYTES])
{
    share_text(view->lines[line].told && compare_field_ratio_told(view, line) ? view->lines[line].efficiency : -1, out);
}

static void memory_text(const struct compare_view *view, size_t line, char out[CELL_BYTES])
{
    unsigned long long bytes = 0;
    if (compare_field_memory(&view->lines[line], &bytes)) {
        text_bytes(out, CELL_BYTES, (uint64_t)bytes);
    } else {
        snprintf(out, CELL_BYTES, "\u2013");
    }
}

static void possible_text(const struct compare_view *view, size_t line, char out[CELL_BYTES])
{
    share_text(view->lines[line].of_possible, out);
}

static const struct column columns[] = {
    {"median", 7, 9, median_text},     {"least", 7, 3, least_text},       {"most", 7, 3, most_text},
    {"speed-up", 8, 8, speedup_text},  {"effic.", 6, 4, efficiency_text}, {"memory", 8, 5, memory_text},
    {"possible", 8, 6, possible_text},
};
enum { COLUMN_COUNT = sizeof columns / sizeof columns[0] };

/* --- what there is room for ------------------------------------------------------------------------------ */

static int figures_columns(const struct sheet *sheet)
{
    int used = 0;
    for (int i = 0; i < COLUMN_COUNT; i++) {
        used += sheet->columns >> i & 1 ? columns[i].columns + sheet->gap : 0;
    }
    return used;
}

static int left_for_bar(const struct sheet *sheet)
{
    return sheet->at.columns - MARK_COLUMNS - sheet->executor - 1 - figures_columns(sheet);
}

/* Takes away what matters least of what is left. */
static bool drop_column(struct sheet *sheet)
{
    int weakest = -1;
    for (int i = 0; i < COLUMN_COUNT; i++) {
        bool there = sheet->columns >> i & 1;
        if (there && (weakest < 0 || columns[i].keep < columns[weakest].keep)) {
            weakest = i;
        }
    }
    for (int i = 0; weakest >= 0 && i < COLUMN_COUNT; i++) { /* least and most go together */
        sheet->columns &= columns[i].keep == columns[weakest].keep ? ~(1U << i) : ~0U;
    }
    return weakest >= 0;
}

/* 1, 2 or 5 times a power of ten, not below: a bar that grows wants a scale that does not grow with it. */
static double round_scale(double seconds)
{
    double least = seconds > 0.5 ? seconds : 0.5, power = pow(10, floor(log10(least))), share = least / power;
    return power * (share <= 1 ? 1 : share <= 2 ? 2 : share <= 5 ? 5 : 10);
}

static void measure(struct sheet *sheet)
{
    char executor[EXECUTOR_TEXT_BYTES];
    sheet->longest_s = compare_field_longest_s(sheet->view);
    sheet->executor = EXECUTOR_LEAST;
    for (size_t i = 0; i < sheet->view->count; i++) {
        const struct compare_line *line = &sheet->view->lines[i];
        int wide = (int)strlen(executor_format(&line->executor, executor));
        sheet->executor = wide > sheet->executor ? wide : sheet->executor;
        if (line->running && line->so_far_s > sheet->longest_s) {
            sheet->longest_s = round_scale(line->so_far_s);
        }
    }
    sheet->columns = (1U << COLUMN_COUNT) - 1;
    sheet->gap = sheet->at.columns >= 100 ? 2 : 1;
    int needed = sheet->at.columns >= 60 ? BAR_LEAST : 0; /* on the smallest screens figures come before bars */
    while (left_for_bar(sheet) < needed && drop_column(sheet)) {
    }
    int bar = left_for_bar(sheet);
    sheet->bar = bar < 4 ? 0 : bar > BAR_MOST ? BAR_MOST : bar;
}

/* --- lines -------------------------------------------------------------------------------------------------- */

static int cells_of(const struct sheet *sheet, double seconds)
{
    double share = sheet->longest_s > 0 && seconds > 0 ? seconds / sheet->longest_s : 0;
    return (int)lround((share < 1 ? share : 1) * sheet->bar);
}

static void draw_cells(const struct sheet *sheet, int x, int y, int from, int to, uint32_t block, char plain, enum role role)
{
    if (to > from) {
        canvas_fill(sheet->canvas, (struct rect){x + from, y, to - from, 1},
                    sheet->canvas->ascii ? (unsigned char)plain : block, role);
    }
}

/* What was measured; and over it the run going on, as far as it has come. */
static void draw_bar(const struct sheet *sheet, int x, int y, const struct compare_line *line)
{
    if (sheet->bar == 0) {
        return;
    }
    canvas_bar(sheet->canvas, x, y, sheet->bar, -1, ROLE_DIM);
    if (line->median_s >= 0) {
        int least = cells_of(sheet, line->min_s), median = cells_of(sheet, line->median_s),
            most = cells_of(sheet, line->max_s);
        enum role role = line->winner ? ROLE_DONE : ROLE_RECEIVING;
        draw_cells(sheet, x, y, 0, least > 0 ? least : 1, 0x2588, '#', role);
        draw_cells(sheet, x, y, least, median, 0x2593, '=', role);
        draw_cells(sheet, x, y, least > median ? least : median, most, 0x2591, '-', role);
    }
    if (line->running && line->so_far_s >= 0 && sheet->longest_s > 0) {
        int cells = cells_of(sheet, line->so_far_s);
        canvas_bar(sheet->canvas, x, y, cells > 0 ? cells : 1, 1, ROLE_RUNNING);
    }
}

static void draw_mark(const struct sheet *sheet, int x, int y, const struct compare_line *line)
{
    if (line->running) {
        canvas_text(sheet->canvas, x, y, 1, ROLE_RUNNING, "\u25b6");
    } else if (line->winner) {
        canvas_text_bold(sheet->canvas, x, y, 1, ROLE_DONE, "*");
    } else if (line->problem[0] != '\0') {
        canvas_text(sheet->canvas, x, y, 1, ROLE_FAILED, "!");
    }
}

static void draw_figures(const struct sheet *sheet, int x, int y, size_t number)
{
    enum role role = number == SIZE_MAX ? ROLE_DIM : sheet->view->lines[number].winner ? ROLE_DONE : ROLE_TEXT;
    for (int i = 0; i < COLUMN_COUNT; i++) {
        char cell[CELL_BYTES];
        if (!(sheet->columns >> i & 1)) {
            continue;
        }
        x += columns[i].columns + sheet->gap;
        if (number == SIZE_MAX) {
            snprintf(cell, sizeof cell, "%s", columns[i].head);
        } else {
            columns[i].text(sheet->view, number, cell);
        }
        canvas_text_right(sheet->canvas, x, y, columns[i].columns, role, cell);
    }
}

static void draw_line(const struct sheet *sheet, int y, size_t number)
{
    const struct compare_line *line = &sheet->view->lines[number];
    char executor[EXECUTOR_TEXT_BYTES];
    int x = sheet->at.x + MARK_COLUMNS;
    draw_mark(sheet, sheet->at.x, y, line);
    executor_format(&line->executor, executor);
    canvas_text(sheet->canvas, x, y, sheet->executor,
                line->running  ? ROLE_RUNNING
                : line->winner ? ROLE_DONE
                               : ROLE_TEXT,
                executor);
    x += sheet->executor + 1;
    draw_bar(sheet, x, y, line);
    draw_figures(sheet, x + sheet->bar, y, number);
}

static void draw_heads(const struct sheet *sheet, int y)
{
    int x = sheet->at.x + MARK_COLUMNS;
    canvas_text(sheet->canvas, x, y, sheet->executor, ROLE_DIM, "executor");
    x += sheet->executor + 1;
    char scale[CELL_BYTES], text[CELL_BYTES + 16];
    seconds_text(sheet->longest_s, scale);
    snprintf(text, sizeof text, "0 \u2026 %s", scale);
    if (sheet->longest_s > 0 && canvas_text_columns(sheet->canvas, text) <= sheet->bar) {
        canvas_text(sheet->canvas, x, y, sheet->bar, ROLE_DIM, text);
    }
    draw_figures(sheet, x + sheet->bar, y, SIZE_MAX);
}

/* The first line shown: what was asked for, else so that the running one is seen. */
static size_t first_line(const struct sheet *sheet, size_t shown)
{
    size_t count = sheet->view->count, last = count > shown ? count - shown : 0, top = sheet->compare->top;
    if (top == SIZE_MAX) {
        size_t running = 0;
        for (size_t i = 0; i < count; i++) {
            running = sheet->view->lines[i].running || (sheet->view->over && sheet->view->lines[i].winner) ? i : running;
        }
        top = running >= shown ? running - shown + 1 : 0;
    }
    return top < last ? top : last;
}

static void draw_lines(const struct sheet *sheet, struct rect where)
{
    size_t shown = where.rows > 0 ? (size_t)where.rows : 0, top = first_line(sheet, shown);
    for (size_t i = 0; i < shown && top + i < sheet->view->count; i++) {
        draw_line(sheet, where.y + (int)i, top + i);
    }
    if (shown < sheet->view->count && shown > 0 && sheet->at.y > 0) {
        canvas_printf(sheet->canvas, sheet->at.x, where.y + where.rows, sheet->at.columns, ROLE_DIM,
                      "%zu\u2013%zu of %zu, Up Down", top + 1, top + shown, sheet->view->count);
    }
}

/* --- words ---------------------------------------------------------------------------------------------------- */

static void progress_text(const struct model_compare *compare, bool brief, char *out, size_t room)
{
    const struct compare_view *view = &compare->view;
    char left[32] = "", round[32] = "warm-up";
    if (view->round > 0) {
        snprintf(round, sizeof round, "round %u of %u", view->round, view->rounds);
    }
    if (view->over) {
        snprintf(out, room, "%s", view->stopped ? "stopped" : "over");
        return;
    }
    if (compare->left_s >= 0 && compare->left_s < 1e6) {
        snprintf(left, sizeof left, brief ? " \u00b7 %.0f s" : " \u00b7 about %.0f s left", ceil(compare->left_s));
    }
    if (brief) {
        snprintf(out, room, "%s%s", round, left);
    } else {
        snprintf(out, room, "%s \u00b7 run %zu of %zu%s", round, view->runs_done + 1, view->runs_all, left);
    }
}

/* One text after another; what does not fit any more is left out as a whole line at a time. */
struct words {
    struct canvas *canvas;
    struct rect left;
};

static void say(struct words *words, enum role role, const char *text)
{
    char shown[COMPARE_TEXT_BYTES * 2];
    if (text == NULL || text[0] == '\0' || words->left.rows < 1) {
        return;
    }
    text_show(shown, sizeof shown, text, words->canvas->ascii);
    int used = parts_flow(words->canvas, words->left, 0, role, shown);
    used = used < words->left.rows ? used : words->left.rows;
    words->left.y += used;
    words->left.rows -= used;
}

static void say_problems(struct words *words, const struct compare_view *view)
{
    char text[COMPARE_TEXT_BYTES + EXECUTOR_TEXT_BYTES + 4], executor[EXECUTOR_TEXT_BYTES];
    for (size_t i = 0; i < view->count; i++) {
        if (view->lines[i].problem[0] != '\0') {
            snprintf(text, sizeof text, "%s: %s", executor_format(&view->lines[i].executor, executor),
                     view->lines[i].problem);
            say(words, ROLE_WARNING, text);
        }
    }
}

static void say_control(struct words *words, const struct compare_control *control)
{
    char text[COMPARE_TEXT_BYTES + 64];
    if (control->known) {
        snprintf(text, sizeof text, "pure %s", control->words);
        say(words, ROLE_TEXT, text);
    }
}

static void say_seed(struct words *words, const struct compare_view *view)
{
    char text[200];
    snprintf(text, sizeof text,
             "%u round%s after a warm-up, each in an order of its own, shuffled by seed %llu; %u usable core%s.",
             view->rounds, view->rounds == 1 ? "" : "s", (unsigned long long)view->seed, view->usable_cores,
             view->usable_cores == 1 ? "" : "s");
    say(words, ROLE_DIM, text);
}

static void say_legend(struct words *words)
{
    bool ascii = words->canvas->ascii;
    char text[160];
    snprintf(text, sizeof text, "%s up to the fastest run, %s to the median, %s to the slowest.", ascii ? "#" : "\u2588",
             ascii ? "=" : "\u2593", ascii ? "-" : "\u2591");
    parts_flow(words->canvas, words->left, 0, ROLE_DIM, text); /* blocks are no text to be made fit */
    words->left.y++;
    words->left.rows--;
}

/* The workers of the run going on, in the rows that nobody else needs. */
static void draw_running(struct canvas *canvas, struct rect where, const struct snapshot *running)
{
    char executor[EXECUTOR_TEXT_BYTES];
    struct model_lane lane = {.there = true, .started = true, .snap = *running, .executor = running->executor};
    lane.held = lane_held_of(&lane);
    lane.gil = lane_gil_of(running);
    int rows = where.rows - 2, line = 0;
    if (rows < 2) {
        return;
    }
    int used = canvas_text(canvas, where.x, where.y + 1, where.columns, ROLE_RUNNING,
                           executor_format(&running->executor, executor));
    canvas_printf(canvas, where.x + used, where.y + 1, where.columns - used, ROLE_TEXT, " now: %zu of %zu done",
                  running->done, running->jobs);
    for (size_t slot = 0; slot < running->slots && line < rows; slot++) {
        if (running->workers[slot].used) {
            lane_draw_worker(canvas, (struct rect){where.x, where.y + 2 + line++, where.columns, 1}, &lane, slot);
        }
    }
}

static void draw_words(struct canvas *canvas, struct rect where, const struct compare_view *view, bool measured)
{
    static const char *const brief = "Who won is said at the end.";
    struct words words = {canvas, where};
    if (view->over && view->verdict[0] != '\0') {
        say(&words, ROLE_DONE, view->verdict);
    } else if (view->over) {
        say(&words, ROLE_WARNING, "Stopped before its end: what was measured until then stays; r measures anew.");
    } else {
        say(&words, ROLE_DIM,
            where.rows < 4 ? brief : "Every round runs each of them once; the warm-up counts for nothing.");
        say(&words, ROLE_DIM, where.rows < 4 ? "" : brief);
    }
    say_problems(&words, view);
    for (size_t i = 0; view->over && i < view->count; i++) {
        if (compare_field_why_is_new(view, i)) {
            say(&words, ROLE_TEXT, view->lines[i].best_why);
        }
    }
    say(&words, ROLE_TEXT, view->sweep ? view->fit.words : "");
    if (view->controls && view->over) {
        say_control(&words, &view->waiting);
        say_control(&words, &view->computing);
    }
    for (size_t i = 0; i < view->notes_count; i++) {
        say(&words, ROLE_WARNING, view->notes[i]);
    }
    say_seed(&words, view);
    if (measured && words.left.rows > 0) {
        say_legend(&words);
    }
    if (view->running != NULL && !view->over && words.left.rows > 0) {
        draw_running(canvas, words.left, view->running);
    }
}

/* --- the pane ------------------------------------------------------------------------------------------------- */

static void draw_keys(struct canvas *canvas, struct rect at, const struct compare_view *view)
{
    struct key_text {
        const char *key, *label;
    } keys[] = {{"c", "back"}, {view->over ? "r" : "x", view->over ? "run again" : "stop"}, {"?", "help"}, {"q", "quit"}};
    int x = at.x;
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        x += canvas_text_bold(canvas, x, at.y, at.x + at.columns - x, ROLE_KEY, keys[i].key) + 1;
        x += canvas_text(canvas, x, at.y, at.x + at.columns - x, ROLE_TEXT, keys[i].label) + 3;
    }
}

static void draw_title(struct canvas *canvas, struct rect where, bool boxed, const struct model_compare *compare)
{
    char title[200], list[128], note[96];
    const char *noun = lane_noun(compare->view.work);
    text_show(list, sizeof list, compare->view.list_name != NULL ? compare->view.list_name : "", canvas->ascii);
    progress_text(compare, where.columns < 90, note, sizeof note);
    int room = where.columns - 8 - canvas_text_columns(canvas, note);
    snprintf(title, sizeof title, "COMPARE  %s \u00b7 %s", noun, list);
    if (canvas_text_columns(canvas, title) > room) {
        snprintf(title, sizeof title, "COMPARE %s", noun);
    }
    if (boxed) {
        canvas_box(canvas, where, ROLE_FRAME_FOCUS, title, note);
    } else {
        canvas_text_bold(canvas, where.x + 1, where.y, where.columns - 2, ROLE_TITLE, title);
        canvas_text_right(canvas, where.x + where.columns - 1, where.y, where.columns, ROLE_TITLE, note);
    }
}

/* Rows for what stands below the lines: what these leave, and with many of them a third. */
static int words_rows(int rows, size_t lines)
{
    int left = rows - 1 - (int)(lines < 1000 ? lines : 1000) - 1, least = rows / 3;
    return left > least ? left : least;
}

void compare_pane_draw(struct canvas *canvas, struct rect where, const struct model *model)
{
    const struct model_compare *compare = &model->compare;
    bool boxed = where.rows >= 16 && where.columns >= 60;
    struct rect box = {where.x, where.y + boxed, where.columns, where.rows - 1 - 2 * boxed};
    struct sheet sheet = {.canvas = canvas, .compare = compare, .view = &compare->view};
    if (boxed) {
        header_draw(canvas, (struct rect){where.x, where.y, where.columns, 1}, model);
    }
    draw_title(canvas, box, boxed, compare);
    sheet.at = (struct rect){box.x + 1 + boxed, box.y + 1, box.columns - 2 - 2 * boxed, box.rows - 1 - boxed};
    measure(&sheet);
    int words = words_rows(sheet.at.rows, sheet.view->count), heads = sheet.at.rows - words >= 3;
    struct rect lines = {sheet.at.x, sheet.at.y + heads, sheet.at.columns, sheet.at.rows - words - heads - 1};
    if (heads) {
        draw_heads(&sheet, sheet.at.y);
    }
    draw_lines(&sheet, lines);
    draw_words(canvas, (struct rect){sheet.at.x, sheet.at.y + sheet.at.rows - words, sheet.at.columns, words}, sheet.view,
               sheet.longest_s > 0);
    if (boxed && model->status[0] != '\0') {
        status_draw(canvas, (struct rect){where.x, where.y + where.rows - 2, where.columns, 1}, model);
    }
    draw_keys(canvas, (struct rect){where.x + 1, where.y + where.rows - 1, where.columns - 2, 1}, sheet.view);
}
