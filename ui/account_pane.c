/* account_pane.c - the key w: where the time went, worker by worker. Pure.
 *
 * A lane has a line for all its workers together and one for each, under the same columns: a stacked bar, the six columns of the account, and the
 * wall time that they sum to. Both lanes stand one below the other; where there is little room, the one in focus alone. Figures are
 * seconds where there is room, else percent. While a run goes on they stand still for a fifth of a second, so that they can be read. */
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "ui/lane_private.h"
#include "ui/pane.h"
#include "ui/parts.h"

enum {
    WALL_COLUMNS = 8,
    FIGURE_WIDE = 11, /* "█ on a core" */
    FIGURE_SHORT = 8, /* "▒ ready" and a blank */
    WIDE_COLUMNS = 100,
    SHORT_COLUMNS = 70,
    FIGURE_LETTER = 4, /* "▒r", over "100" */
    BOTH_LANES_ROWS = 14,
    BOTH_UNITS_ROWS = 18,
    SENTENCE_ROWS = 24
};
#define FIGURES_STAY_NS (200 * NS_PER_MS)

/* How a line is shared out. */
struct shape {
    int name, bar, figure, wall;
};

/* --- figures -------------------------------------------------------------------------------------- */

static struct shape shape_of(int columns, int name)
{
    int figure = columns >= WIDE_COLUMNS ? FIGURE_WIDE : columns >= SHORT_COLUMNS ? FIGURE_SHORT : FIGURE_LETTER;
    struct shape shape = {.name = name, .figure = figure, .wall = columns >= 50 ? WALL_COLUMNS : 0};
    int bar = columns - shape.name - 1 - figure * ACCOUNT_COLUMNS - shape.wall;
    shape.bar = bar > 0 ? bar : 0;
    return shape;
}

static void duration_text(uint64_t ns, char *out, size_t room)
{
    double seconds = (double)ns / (double)NS_PER_S;
    if (ns > 0 && seconds < 0.05)
        snprintf(out, room, "<0.1 s");
    else
        snprintf(out, room, "%.*f s", seconds < 1000 ? 1 : 0, seconds);
}

static void percent_text(double share, bool sign, char *out, size_t room)
{
    const char *more = sign ? " %" : "";
    if (share > 0 && share < 0.005)
        snprintf(out, room, "<1%s", more);
    else
        snprintf(out, room, "%.0f%s", share * 100, more);
}

enum unit { UNIT_SECONDS, UNIT_PERCENT };

static void figure_text(const struct account *account, enum account_column column, enum unit unit, bool sign, char *out,
                        size_t room)
{
    if (column == ACCOUNT_READY && !account->ready_known)
        snprintf(out, room, "\u2013");
    else if (unit == UNIT_SECONDS)
        duration_text(account->ns[column], out, room);
    else
        percent_text(account_share(account, column), sign, out, room);
}

/* The six figures, right-aligned, and the wall time behind them. What there is none of keeps quiet. */
static void draw_figures(struct canvas *canvas, struct rect row, const struct shape *shape, const struct account *account,
                         enum unit unit, bool bold)
{
    char text[32];
    int right = row.x + shape->name + 1 + shape->bar;
    for (int column = 0; column < ACCOUNT_COLUMNS; column++) {
        bool unknown = column == ACCOUNT_READY && !account->ready_known;
        bool some = account->ns[column] > 0 && !unknown;
        right += shape->figure;
        figure_text(account, (enum account_column)column, unit, shape->figure > FIGURE_LETTER, text, sizeof text);
        canvas_text_right(canvas, right, row.y, shape->figure, some ? account_role((enum account_column)column) : ROLE_DIM,
                          text);
    }
    duration_text(account_sum_ns(account), text, sizeof text);
    if (shape->wall > 0 && bold)
        canvas_text_right(canvas, right + shape->wall, row.y, shape->wall, ROLE_TITLE, text);
    else if (shape->wall > 0)
        canvas_text_right(canvas, right + shape->wall, row.y, shape->wall, ROLE_TEXT, text);
}

static const char *head_of(const struct shape *shape, enum account_column column, char letter[2])
{
    letter[0] = account_letter(column);
    letter[1] = 0;
    return shape->figure == FIGURE_WIDE    ? account_word(column)
           : shape->figure == FIGURE_SHORT ? account_word_short(column)
                                           : letter;
}

/* Over the columns: each with its glyph in the bar, and its word or, in little room, the letter that stands in the bar. */
static void draw_heads(struct canvas *canvas, struct rect row, const struct shape *shape)
{
    static const char BAR[] = "share of the time";
    int right = row.x + shape->name + 1 + shape->bar, gap = shape->figure == FIGURE_LETTER ? 1 : 2;
    if (shape->bar >= (int)sizeof BAR)
        canvas_text(canvas, row.x + shape->name + 1, row.y, shape->bar, ROLE_DIM, BAR);
    for (int i = 0; i < ACCOUNT_COLUMNS; i++) {
        enum account_column column = (enum account_column)i;
        char letter[2];
        const char *word = head_of(shape, column, letter);
        int columns = (int)strlen(word);
        right += shape->figure;
        canvas_text(canvas, right - columns, row.y, columns, account_role(column), word);
        canvas_fill(canvas, (struct rect){right - columns - gap, row.y, 1, 1}, account_glyph(column, canvas->ascii),
                    account_role(column));
    }
    if (shape->wall > 0)
        canvas_text_right(canvas, right + shape->wall, row.y, shape->wall, ROLE_DIM, "in all");
}

/* --- a lane --------------------------------------------------------------------------------------- */

/* The moment up to which figures go: it moves in steps while the run does. */
static uint64_t figures_until(const struct snapshot *snap)
{
    uint64_t end_ns = account_end_ns(snap);
    return run_state_is_over(snap->state) || end_ns < snap->start_ns ? end_ns
                                                                     : end_ns - (end_ns - snap->start_ns) % FIGURES_STAY_NS;
}

static void draw_worker(struct canvas *canvas, struct rect row, const struct shape *shape, const struct model_lane *lane,
                        size_t slot)
{
    const struct worker_snapshot *worker = &lane->snap.workers[slot];
    struct account account = account_of_worker(worker, figures_until(&lane->snap));
    char name[24];
    snprintf(name, sizeof name, "%c%zu", lane_letter(worker->data.kind), slot + 1);
    canvas_text(canvas, row.x, row.y, shape->name, ROLE_TEXT, name);
    account_bar_draw(canvas, row.x + shape->name + 1, row.y, shape->bar, &account);
    draw_figures(canvas, row, shape, &account, shape->figure == FIGURE_WIDE ? UNIT_SECONDS : UNIT_PERCENT, false);
}

static void draw_workers(struct canvas *canvas, struct rect rows, const struct shape *shape, const struct model_lane *lane,
                         bool focus)
{
    size_t workers = lane_rows(lane), top = focus ? lane_top_row(lane, (size_t)rows.rows) : 0;
    for (int i = 0; i < rows.rows && top + (size_t)i < workers; i++) {
        struct rect row = {rows.x, rows.y + i, rows.columns, 1};
        size_t slot = lane_row_slot(lane, top + (size_t)i);
        draw_worker(canvas, row, shape, lane, slot);
        if (focus && slot == lane->selected) {
            canvas_reverse(canvas, (struct rect){row.x, row.y, shape->name, 1});
            canvas->cursor_x = row.x;
            canvas->cursor_y = row.y;
        }
    }
    if (workers > (size_t)rows.rows && rows.rows > 0)
        canvas_printf(canvas, rows.x, rows.y + rows.rows, rows.columns, ROLE_DIM, "%zu\u2013%zu of %zu workers", top + 1,
                      top + (size_t)rows.rows, workers);
}

/* "DOWNLOADS thread-pool:10", and the sentence: below it where there are lines for it, else behind it. Returns how many lines it took. */
static int draw_title(struct canvas *canvas, struct rect row, const struct model_lane *lane, bool focus, int lines)
{
    char executor[EXECUTOR_TEXT_BYTES];
    executor_format(lane_executor(lane), executor);
    int used = canvas_printf(canvas, row.x, row.y, row.columns, focus ? ROLE_FRAME_FOCUS : ROLE_TITLE, "%s %s",
                             job_kind_of(lane_work(lane))->title, executor);
    struct rect words = {row.x + used + 2, row.y, row.columns - used - 2, 1};
    if (lines > 0)
        words = (struct rect){row.x, row.y + 1, row.columns, lines};
    if (words.columns > 20)
        parts_flow(canvas, words, 0, ROLE_TEXT, lane->sentence);
    return 1 + lines;
}

/* All workers together: the bar, their share of time, and the seconds it was. */
static void draw_all(struct canvas *canvas, struct rect where, const struct shape *shape, const struct model_lane *lane,
                     bool both_units)
{
    const struct account all = account_of_lane(&lane->snap); /* of this moment, as the rows are: they add up to it */
    struct rect row = {where.x, where.y, where.columns, 1};
    canvas_text_bold(canvas, row.x, row.y, shape->name, ROLE_TITLE, "all");
    account_bar_draw(canvas, row.x + shape->name + 1, row.y, shape->bar, &all);
    draw_figures(canvas, row, shape, &all, UNIT_PERCENT, true);
    if (!both_units)
        return;
    row.y++;
    draw_figures(canvas, row, &(struct shape){shape->name, shape->bar, shape->figure, 0}, &all, UNIT_SECONDS, false);
}

/* --- the room ------------------------------------------------------------------------------------- */

/* What stands where. A lane has a title, one or two lines of figures for all, and rows; no rows: it is not shown. */
struct plan {
    struct rect body, lanes[MODEL_LANES];
    int heading;     /* lines above a lane's rows: the title, where both are shown, and its figures */
    bool both_units; /* seconds under the percentages */
    int words;       /* lines of its own that the sentence has */
};

static bool has_account(const struct model_lane *lane)
{
    return lane->there && lane->started;
}

static int wanted_lines(const struct plan *plan, const struct model_lane *lane)
{
    size_t rows = lane_rows(lane);
    return plan->heading + (rows < BOARD_WORKERS_MAX ? (int)rows : BOARD_WORKERS_MAX);
}

/* The lane with fewer workers has half of the lines at most, the other one the rest; a blank line between them where there is one. */
static void share_out(struct plan *plan, struct rect left, const struct model *model)
{
    int lines[MODEL_LANES];
    for (int lane = 0; lane < MODEL_LANES; lane++)
        lines[lane] = wanted_lines(plan, &model->lanes[lane]);
    int fewer = lines[0] <= lines[1] ? 0 : 1, gap = lines[0] + lines[1] < left.rows;
    if (lines[fewer] > left.rows / 2)
        lines[fewer] = left.rows / 2;
    if (lines[1 - fewer] > left.rows - lines[fewer])
        lines[1 - fewer] = left.rows - lines[fewer];
    plan->lanes[0] = (struct rect){left.x, left.y, left.columns, lines[0]};
    plan->lanes[1] = (struct rect){left.x, left.y + lines[0] + gap, left.columns, lines[1]};
}

static struct plan plan_of(struct rect where, const struct model *model)
{
    struct plan plan = {.body = {where.x + 2, where.y + 1, where.columns - 4, where.rows - 2}};
    struct rect left = {plan.body.x, plan.body.y + 1, plan.body.columns, plan.body.rows - 1}; /* below the heads */
    int focus = model->focus == 1;
    if (plan.body.rows < 2 || plan.body.columns < 1)
        return plan;
    plan.both_units = plan.body.rows >= BOTH_UNITS_ROWS && plan.body.columns >= SHORT_COLUMNS;
    plan.words = plan.body.rows < SENTENCE_ROWS ? 0 : plan.body.columns < WIDE_COLUMNS ? 2 : 1;
    plan.heading = plan.both_units ? 2 : 1;
    if (has_account(&model->lanes[0]) && has_account(&model->lanes[1]) && plan.body.rows >= BOTH_LANES_ROWS) {
        plan.heading += 1 + plan.words;
        share_out(&plan, left, model);
    } else {
        bool other = !has_account(&model->lanes[focus]) && has_account(&model->lanes[1 - focus]);
        plan.lanes[other ? 1 - focus : focus] = left;
    }
    return plan;
}

static bool shows_both(const struct plan *plan)
{
    return plan->lanes[0].rows > 0 && plan->lanes[1].rows > 0;
}

/* Below the rows there is a line for how many are shown, where not all are. */
static struct rect rows_of(const struct plan *plan, const struct model_lane *lane, int number)
{
    struct rect rows = plan->lanes[number];
    rows.y += plan->heading;
    rows.rows -= plan->heading;
    if (lane_rows(lane) > (size_t)(rows.rows > 0 ? rows.rows : 0))
        rows.rows--;
    rows.rows = rows.rows > 0 ? rows.rows : 0;
    return rows;
}

int account_rows_shown(struct rect where, const struct model *model, int lane)
{
    struct plan plan = plan_of(where, model);
    return plan.lanes[lane].rows > 0 ? rows_of(&plan, &model->lanes[lane], lane).rows : 0;
}

/* Columns of the widest name: of all lanes, so that their bars stand below each other. */
static int name_columns(const struct model *model)
{
    int columns = 3; /* "all" */
    for (int lane = 0; lane < MODEL_LANES; lane++) {
        int digits = has_account(&model->lanes[lane]) ? parts_digits(model->lanes[lane].snap.slots) : 0;
        columns = digits + 1 > columns ? digits + 1 : columns;
    }
    return columns;
}

static void draw_lane(struct canvas *canvas, const struct plan *plan, const struct shape *shape, const struct model *model,
                      int number)
{
    const struct model_lane *lane = &model->lanes[number];
    struct rect at = plan->lanes[number];
    if (at.rows < 1 || !has_account(lane))
        return;
    if (shows_both(plan)) {
        int lines = draw_title(canvas, at, lane, model->focus == number, plan->words);
        at.y += lines;
        at.rows -= lines;
    }
    if (at.rows > 0)
        draw_all(canvas, at, shape, lane, plan->both_units);
    draw_workers(canvas, rows_of(plan, lane, number), shape, lane, model->focus == number || !shows_both(plan));
}

/* The box says what it is and, where only one lane fits, which. */
static void draw_box(struct canvas *canvas, struct rect where, const struct plan *plan, const struct model *model)
{
    char title[96] = "WHERE THE TIME WENT";
    int lane = plan->lanes[0].rows > 0 ? 0 : 1;
    if (!shows_both(plan)) {
        char executor[EXECUTOR_TEXT_BYTES];
        executor_format(lane_executor(&model->lanes[lane]), executor);
        snprintf(title, sizeof title, "%s%s %s", where.columns >= 70 ? "WHERE THE TIME WENT  " : "TIME OF ",
                 job_kind_of(lane_work(&model->lanes[lane]))->title, executor);
    }
    canvas_box(canvas, where, ROLE_FRAME_FOCUS, title, where.columns >= 70 ? "w or Esc back" : "");
}

void account_draw(struct canvas *canvas, struct rect where, const struct model *model)
{
    struct plan plan = plan_of(where, model);
    if (where.rows < 4 || where.columns < 24)
        return;
    draw_box(canvas, where, &plan, model);
    if (!has_account(&model->lanes[0]) && !has_account(&model->lanes[1])) {
        parts_flow(canvas, plan.body, 0, ROLE_TEXT, "Nothing has been started yet: r starts the lane in focus.");
        return;
    }
    struct shape shape = shape_of(plan.body.columns, name_columns(model));
    draw_heads(canvas, (struct rect){plan.body.x, plan.body.y, plan.body.columns, 1}, &shape);
    for (int lane = 0; lane < MODEL_LANES; lane++)
        draw_lane(canvas, &plan, &shape, model, lane);
}
