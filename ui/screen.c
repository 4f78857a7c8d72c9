/* screen.c - the whole screen: a layout, and each pane in its place. */
#include <string.h>

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

void screen_draw(struct canvas *canvas, const struct model *model)
{
    struct layout layout = layout_of(canvas->columns, canvas->rows, model);
    canvas_clear(canvas);
    if (model->help) {
        help_draw(canvas, (struct rect){0, 0, canvas->columns, canvas->rows}, model);
        return;
    }
    if (layout.kind == LAYOUT_TINY) {
        draw_tiny(canvas, model);
        return;
    }
    if (model->compare.shown && model->compare.there) {
        compare_pane_draw(canvas, (struct rect){0, 0, canvas->columns, canvas->rows}, model);
        return;
    }
    header_draw(canvas, layout.header, model);
    if (model->picture.shown && layout.kind != LAYOUT_SMALL) {
        int top = layout.header.rows, bottom = layout.status.y;
        timeline_draw(canvas, (struct rect){0, top, canvas->columns, bottom - top}, &model->picture.view);
        status_draw(canvas, layout.status, model);
        keys_draw(canvas, layout.keys, model);
        return;
    }
    for (int lane = 0; lane < MODEL_LANES; lane++) {
        draw_lane(canvas, &layout, model, lane);
    }
    results_draw(canvas, layout.results, model, layout.kind == LAYOUT_LARGE);
    if (layout.kind == LAYOUT_SMALL && model->status[0] == '\0' && model->typed[0] == '\0') {
        layout.keys.y = layout.status.y; /* nothing to answer: a second line of keys */
        layout.keys.rows += layout.status.rows;
    } else {
        status_draw(canvas, layout.status, model);
    }
    keys_draw(canvas, layout.keys, model);
}

int screen_lane_rows(int columns, int rows, const struct model *model, int lane)
{
    struct layout layout = layout_of(columns, rows, model);
    if (lane < 0 || lane >= MODEL_LANES || layout.kind == LAYOUT_TINY || layout.kind == LAYOUT_SMALL) {
        return 0;
    }
    return lane_rows_shown(layout.lanes[lane], model, lane);
}

size_t screen_help_lines(int columns)
{
    return help_lines(columns);
}
