/* screen.c - the whole screen: a layout, and each pane in its place. */
#include <string.h>

#include "ui/flat.h"
#include "ui/help.h"
#include "ui/lane.h"
#include "ui/layout.h"
#include "ui/pane.h"
#include "ui/panes.h"
#include "ui/parts.h"

/* A line in words, broken where it must be: what is going on, and how large the screen would like to be. */
static void draw_tiny(struct canvas *canvas, const struct model *model)
{
    char text[200];
    int used = snprintf(text, sizeof text, "%s", header_state(model));
    for (int lane = 0; lane < MODEL_LANES; lane++) {
        const struct model_lane *one = &model->lanes[lane];
        if (one->there && one->started) {
            used += snprintf(text + used, sizeof text - (size_t)used, " %s %zu/%zu", lane_noun(lane_work(one)),
                             one->snap.done, one->snap.jobs);
        }
    }
    snprintf(text + used, sizeof text - (size_t)used, ". Wants %d\u00d7%d.", LAYOUT_MIN_COLUMNS, LAYOUT_MIN_ROWS);
    parts_flow(canvas, (struct rect){0, 0, canvas->columns, canvas->rows}, 0, ROLE_TEXT, text);
}

static void draw_lane(struct canvas *canvas, const struct layout *layout, const struct model *model, int lane)
{
    struct rect where = layout->lanes[lane];
    if (!model->lanes[lane].there || where.rows < 1) {
        return;
    }
    if (layout->kind == LAYOUT_SMALL) {
        lane_draw_summary(canvas, where, model, lane);
    } else {
        lane_draw(canvas, where, model, lane);
    }
}

static void draw_panes(struct canvas *canvas, const struct layout *layout, const struct model *model)
{
    bool boxed = layout->kind == LAYOUT_LARGE;
    for (int lane = 0; lane < MODEL_LANES; lane++) {
        draw_lane(canvas, layout, model, lane);
    }
    timeline_draw(canvas, layout->timeline, &model->timeline);
    juggler_draw(canvas, layout->juggler, model, boxed);
    results_draw(canvas, layout->results, model, boxed);
}

static void draw_timeline(struct canvas *canvas, struct rect where, const struct model *model)
{
    timeline_draw(canvas, where, &model->timeline);
}

/* The views that take the place of the panes, between the header and the status line. NULL: that of the panes themselves. */
typedef void view_draw(struct canvas *canvas, struct rect where, const struct model *model);

static view_draw *const views[VIEW_COUNT] = {
    [VIEW_TIMELINE] = draw_timeline, [VIEW_TWO_RUNS] = draw_timeline, [VIEW_JUGGLER] = juggler_draw_whole,
    [VIEW_ACCOUNT] = account_draw,   [VIEW_WORKER] = worker_draw,
};

/* Where nothing answers a key, a small screen has a second line of keys. */
static void draw_bottom(struct canvas *canvas, struct layout *layout, const struct model *model)
{
    bool answers = model->status[0] != '\0' || model->typed[0] != '\0' || model->filtering || model->replay.on;
    if (layout->kind == LAYOUT_SMALL && !answers) {
        layout->keys.y = layout->status.y;
        layout->keys.rows += layout->status.rows;
    } else {
        status_draw(canvas, layout->status, model);
    }
    keys_draw(canvas, layout->keys, model);
}

void screen_draw(struct canvas *canvas, const struct model *model)
{
    struct layout layout = layout_of(canvas->columns, canvas->rows, model);
    struct rect whole = {0, 0, canvas->columns, canvas->rows};
    canvas_clear(canvas);
    canvas->flat = model->flat.on;
    if (model->flat.on) {
        flat_draw(canvas, model);
    } else if (model->help) {
        help_draw(canvas, whole, model);
    } else if (layout.kind == LAYOUT_TINY) {
        draw_tiny(canvas, model);
    } else if (model->view == VIEW_COMPARE && model->compare.there) {
        compare_pane_draw(canvas, whole, model);
    } else {
        header_draw(canvas, layout.header, model);
        if (views[model->view] != NULL) {
            views[model->view](canvas, layout.middle, model);
        } else {
            draw_panes(canvas, &layout, model);
        }
        draw_bottom(canvas, &layout, model);
    }
}

int screen_lane_rows(int columns, int rows, const struct model *model, int lane)
{
    if (model->flat.on && lane >= 0 && lane < MODEL_LANES) {
        return flat_worker_rows(columns, rows, model, lane);
    }
    struct layout layout = layout_of(columns, rows, model);
    if (model->view == VIEW_ACCOUNT && lane >= 0 && lane < MODEL_LANES && layout.kind != LAYOUT_TINY) {
        return account_rows_shown(layout.middle, model, lane);
    }
    if (lane < 0 || lane >= MODEL_LANES || layout.kind == LAYOUT_TINY || layout.kind == LAYOUT_SMALL) {
        return 0;
    }
    return lane_rows_shown(layout.lanes[lane], model, lane);
}

size_t screen_worker_lines_above(const struct canvas *canvas, const struct model *model)
{
    return worker_lines_above(canvas, layout_of(canvas->columns, canvas->rows, model).middle, model);
}

size_t screen_worker_last_top(const struct canvas *canvas, const struct model *model)
{
    return worker_last_top(canvas, layout_of(canvas->columns, canvas->rows, model).middle, model);
}

size_t screen_help_lines(int columns)
{
    return help_lines(columns);
}

size_t screen_help_top(int columns, const struct model *model)
{
    bool past = model->replay.on && model->view == VIEW_PANES;
    return help_top(columns, past ? HELP_REPLAY : help_section_for(model->view));
}
