/* juggler_pane.c - the juggler: who is in a hand, in the air, on the floor. Pure: it draws the same snapshot as everything else. */
#include "ui/lane_private.h"
#include "ui/pane.h"
#include "ui/parts.h"

/* Workers of all lanes by where their balls are. */
struct balls {
    size_t air, hand, floor;
};

static void count_lane(const struct model_lane *lane, struct balls *balls)
{
    for (size_t slot = 0; lane->started && slot < lane->snap.slots; slot++) {
        const struct worker_snapshot *worker = &lane->snap.workers[slot];
        enum phase_class class = phase_class_of(lane_phase(worker));
        bool runs = worker->alive && class == PHASE_CLASS_RUNNING;
        bool no_core = runs && lane->tasks != NULL && lane->tasks[slot].no_core;
        balls->air += worker->alive && class == PHASE_CLASS_IO;
        balls->floor += no_core;
        balls->hand += runs && !no_core;
    }
}

void juggler_draw(struct canvas *canvas, struct rect where, const struct model *model, bool boxed)
{
    struct balls balls = {0};
    if (where.rows < 1) {
        return;
    }
    for (int lane = 0; lane < MODEL_LANES; lane++) {
        count_lane(&model->lanes[lane], &balls);
    }
    if (boxed) {
        canvas_box(canvas, where, ROLE_FRAME, "JUGGLER", "");
        where = (struct rect){where.x + 1, where.y + 1, where.columns - 2, where.rows - 2};
    }
    struct parts parts = {0};
    parts_add(&parts, 3, ROLE_WAITING, "air %zu", balls.air);
    parts_add(&parts, 3, ROLE_RUNNING, "hands %zu", balls.hand);
    parts_add(&parts, 3, ROLE_READY, "floor %zu", balls.floor);
    parts_draw(canvas, where.x + 1, where.y, where.columns - 2, &parts);
}

void juggler_draw_whole(struct canvas *canvas, struct rect where, const struct model *model)
{
    juggler_draw(canvas, where, model, true);
}
