/* lane_gil.c - the interpreter lock of a lane: who holds it, who waits for it, and how much of the time it was held. */
#include <inttypes.h>

#include "ui/lane_private.h"
#include "ui/parts.h"

bool lane_has_gil(const struct model_lane *lane)
{
    return lane->started && lane->snap.executor.gil;
}

uint64_t lane_wait_ns(const struct snapshot *snap, size_t slot)
{
    const struct worker_snapshot *worker = &snap->workers[slot];
    bool waits = worker->alive && phase_class_of((enum phase)worker->data.phase) == PHASE_CLASS_LOCK;
    uint64_t since_ns = worker->data.phase_since_ns;
    return waits && since_ns && snap->now_ns > since_ns ? snap->now_ns - since_ns : 0;
}

/* Held until now: what has been added up, and the time since it was taken last. */
static uint64_t held_ns(const struct snapshot *snap)
{
    const struct gil_words *gil = &snap->gil;
    bool is_held = gil->holder && !run_state_is_over(snap->state) && snap->now_ns > gil->since_ns;
    return gil->held_ns + (is_held ? snap->now_ns - gil->since_ns : 0);
}

struct model_gil lane_gil_of(const struct snapshot *snap)
{
    struct model_gil gil = {.held_share = -1, .switches = snap->gil.switches};
    uint64_t paused_ns = snap->paused_ns < snap->wall_ns ? snap->paused_ns : snap->wall_ns;
    uint64_t ran_ns = snap->wall_ns - paused_ns;
    gil.holder = run_state_is_over(snap->state) || snap->gil.holder > snap->slots ? 0 : (size_t)snap->gil.holder;
    for (size_t slot = 0; slot < snap->slots; slot++)
        gil.waiting += snap->workers[slot].alive && snap->workers[slot].data.phase == PHASE_GIL;
    if (ran_ns && snap->gil.interval_ns) {
        double share = (double)held_ns(snap) / (double)ran_ns;
        gil.held_share = share < 1 ? share : 1;
    }
    return gil;
}

static void add_holder(struct parts *parts, const struct model_lane *lane)
{
    const struct model_gil *gil = &lane->gil;
    if (gil->holder == 0 || gil->holder > lane->snap.slots) {
        parts_add(parts, 6, ROLE_LOCK, "GIL: nobody holds it");
        parts_brief(parts, "GIL: free");
    } else {
        char letter = lane_letter(lane->snap.workers[gil->holder - 1].data.kind);
        parts_add(parts, 6, ROLE_LOCK, "GIL: %c%zu holds it", letter, gil->holder);
        parts_brief(parts, "GIL: %c%zu", letter, gil->holder);
    }
    parts_add(parts, 4, ROLE_LOCK, "%zu wait%s", gil->waiting, gil->waiting == 1 ? "s" : "");
}

void lane_gil_draw(struct canvas *canvas, struct rect row, const struct model_lane *lane)
{
    struct parts parts = {0};
    const struct model_gil *gil = &lane->gil;
    bool over = run_state_is_over(lane->snap.state);
    const char *what = over ? "GIL: held" : "held";
    if (!over) {
        add_holder(&parts, lane);
    }
    if (gil->held_share < 0) {
        parts_add(&parts, 5, ROLE_DIM, "%s \u2013", what);
    } else {
        parts_add(&parts, 5, ROLE_LOCK, "%s %.0f %% of the time", what, gil->held_share * 100);
        parts_brief(&parts, "%s %.0f %%", what, gil->held_share * 100);
    }
    parts_add(&parts, 2, ROLE_TEXT, "%" PRIu64 " switch%s", gil->switches, gil->switches == 1 ? "" : "es");
    parts_draw(canvas, row.x, row.y, row.columns, &parts);
}
