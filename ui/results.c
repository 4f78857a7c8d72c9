/* results.c - what the runs so far came to, newest first, so that two ways of doing the same work can be compared. */
#include <string.h>

#include "base/text.h"
#include "ui/lane.h"
#include "ui/pane.h"
#include "ui/parts.h"

enum { CELL_BYTES = 96 };

/* A column: its head, its width, and the text of a cell. A new column is a row in the table below. */
struct column {
    const char *head;
    int columns;
    bool right;
    void (*text)(const struct model_result *result, char out[CELL_BYTES]);
};

static void number_text(const struct model_result *result, char out[CELL_BYTES])
{
    snprintf(out, CELL_BYTES, "%u", result->number);
}

static void work_text(const struct model_result *result, char out[CELL_BYTES])
{
    snprintf(out, CELL_BYTES, "%s", lane_noun(result->work));
}

static void executor_text(const struct model_result *result, char out[CELL_BYTES])
{
    snprintf(out, CELL_BYTES, "%s", result->executor);
}

static void time_text(const struct model_result *result, char out[CELL_BYTES])
{
    text_duration(out, CELL_BYTES, result->wall_s > 0 && result->wall_s < 1e9 ? (uint64_t)(result->wall_s * 1e9) : 0);
}

/* A run that was not left alone to its end gives no fair figure: the word why stands in its place. */
static void speedup_text(const struct model_result *result, char out[CELL_BYTES])
{
    if (result->state != RUN_DONE) {
        snprintf(out, CELL_BYTES, "%s", run_state_word(result->state));
    } else if (result->disturbed) {
        snprintf(out, CELL_BYTES, "changed");
    } else if (result->speedup > 0) {
        snprintf(out, CELL_BYTES, result->speedup < 99.95 ? "%.1f\u00d7" : "%.0f\u00d7", result->speedup);
    } else {
        snprintf(out, CELL_BYTES, "\u2013");
    }
}

static enum role speedup_role(const struct model_result *result)
{
    bool is_fair = result->state == RUN_DONE && !result->disturbed;
    return !is_fair ? ROLE_WARNING : result->speedup > 0 ? ROLE_DONE : ROLE_TEXT;
}

static void possible_text(const struct model_result *result, char out[CELL_BYTES])
{
    if (result->state == RUN_DONE && !result->disturbed && result->of_possible > 0) {
        snprintf(out, CELL_BYTES, "%.0f %%", result->of_possible * 100);
    } else if (result->gist[0] != '\0') { /* what it came to says more than a dash */
        snprintf(out, CELL_BYTES, "%s", result->gist);
    } else {
        snprintf(out, CELL_BYTES, "\u2013");
    }
}

static void done_text(const struct model_result *result, char out[CELL_BYTES])
{
    snprintf(out, CELL_BYTES, "%zu/%zu", result->done, result->jobs);
}

static void failed_text(const struct model_result *result, char out[CELL_BYTES])
{
    snprintf(out, CELL_BYTES, "%zu", result->failed);
}

static void list_text(const struct model_result *result, char out[CELL_BYTES])
{
    snprintf(out, CELL_BYTES, result->gist[0] != '\0' ? "%s: %s" : "%s", result->list, result->gist);
}

static void summary_text(const struct model_result *result, char out[CELL_BYTES])
{
    text_show(out, CELL_BYTES, result->summary, false);
}

/* In order; those at the end go first when there is little room. */
static const struct column columns[] = {
    {"#", 2, true, number_text},         {"work", 9, false, work_text},       {"executor", 18, false, executor_text},
    {"time", 7, true, time_text},        {"speed-up", 8, true, speedup_text}, {"of possible", 11, true, possible_text},
    {"done", 9, true, done_text},        {"failed", 6, true, failed_text},    {"list", 28, false, list_text},
    {"result", 32, false, summary_text},
};
enum { COLUMN_COUNT = sizeof columns / sizeof columns[0] };

/* Draws a line of the table: heads when there is no result. */
static void draw_line(struct canvas *canvas, struct rect row, const struct model_result *result)
{
    int x = row.x, end = row.x + row.columns;
    for (int i = 0; i < COLUMN_COUNT && x + columns[i].columns <= end; i++) {
        char text[CELL_BYTES];
        const struct column *column = &columns[i];
        enum role role = result == NULL ? ROLE_DIM : column->text == speedup_text ? speedup_role(result) : ROLE_TEXT;
        if (result != NULL) {
            column->text(result, text);
        } else {
            snprintf(text, sizeof text, "%s", column->head);
        }
        if (column->right) {
            canvas_text_right(canvas, x + column->columns, row.y, column->columns, role, text);
        } else {
            canvas_text(canvas, x, row.y, column->columns, role, text);
        }
        x += column->columns + 2 - (i == 0);
    }
}

static void draw_table(struct canvas *canvas, struct rect where, const struct model *model)
{
    if (model->results_count == 0) {
        parts_flow(canvas, where, 0, ROLE_DIM,
                   "No run has ended yet. When one has, its time stands here, beside the same work done in other ways.");
        return;
    }
    draw_line(canvas, (struct rect){where.x, where.y, where.columns, 1}, NULL);
    size_t count = model->results_count < MODEL_RESULTS_MAX ? model->results_count : MODEL_RESULTS_MAX;
    for (int line = 1; line < where.rows && (size_t)line <= count; line++) {
        draw_line(canvas, (struct rect){where.x, where.y + line, where.columns, 1}, &model->results[line - 1]);
    }
}

static void draw_newest(struct canvas *canvas, struct rect where, const struct model *model)
{
    if (model->results_count == 0) {
        canvas_text(canvas, where.x, where.y, where.columns, ROLE_DIM, "no run has ended yet");
        return;
    }
    const struct model_result *result = &model->results[0];
    char text[CELL_BYTES];
    struct parts parts = {0};
    parts_add(&parts, 4, ROLE_TEXT, "%s %s", lane_noun(result->work), result->executor);
    parts_brief(&parts, "%s", result->executor);
    time_text(result, text);
    parts_add(&parts, 3, ROLE_TEXT, "%s", text);
    speedup_text(result, text);
    parts_add(&parts, 2, speedup_role(result), "%s", text);
    parts_draw(canvas, where.x, where.y, where.columns, &parts);
}

void results_draw(struct canvas *canvas, struct rect where, const struct model *model, bool boxed)
{
    if (where.rows < 1) {
        return;
    }
    if (boxed) {
        char note[64] = "";
        if (model->results_count > 0) {
            snprintf(note, sizeof note, "%s%zu run%s", model->replay.rewind ? "as of now: " : "", model->results_count,
                     model->results_count == 1 ? "" : "s");
        }
        canvas_box(canvas, where, ROLE_FRAME, "RESULTS", note);
        draw_table(canvas, (struct rect){where.x + 2, where.y + 1, where.columns - 4, where.rows - 2}, model);
    } else if (where.rows == 1) {
        draw_newest(canvas, (struct rect){where.x + 1, where.y, where.columns - 2, 1}, model);
    } else {
        draw_table(canvas, (struct rect){where.x + 1, where.y, where.columns - 2, where.rows}, model);
    }
}
