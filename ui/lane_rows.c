/* lane_rows.c - which workers of a lane have a row, and in what order.
 *
 * This is asked many times a frame, of a thousand workers each time. So whoever fills the model says it once a frame, a byte a worker
 * (model_lane.marks); where nobody did, it is found out on the spot, by the same rule. */
#include "ui/lane.h"

/* Everybody who is here; and those who were, once it is over or where nobody takes their place: a pool that was made
 * smaller drops the rows of those who left. */
static bool is_one_of_us(const struct snapshot *snap, size_t slot)
{
    const struct worker_snapshot *worker = &snap->workers[slot];
    if (worker->alive || !worker->used) {
        return worker->alive;
    }
    return run_state_is_over(snap->state) || slot < snap->executor.width || worker->data.exit == WORKER_EXIT_KILLED;
}

enum model_mark lane_mark_of(const struct model_lane *lane, size_t slot, bool text_taken)
{
    if (!is_one_of_us(&lane->snap, slot)) {
        return MARK_NOBODY;
    }
    return text_taken || filter_takes_state(&lane->filter, lane, slot) ? MARK_ROW : MARK_HIDDEN;
}

enum model_mark lane_mark(const struct model_lane *lane, size_t slot)
{
    if (lane->marks != NULL) {
        return (enum model_mark)lane->marks[slot];
    }
    return lane_mark_of(lane, slot, filter_takes_text(&lane->filter, lane, slot));
}

static size_t count_marks(const struct model_lane *lane, size_t slots, enum model_mark least)
{
    size_t count = 0;
    for (size_t slot = 0; lane->started && slot < slots && slot < lane->snap.slots; slot++) {
        count += lane_mark(lane, slot) >= least;
    }
    return count;
}

size_t lane_rows(const struct model_lane *lane)
{
    return count_marks(lane, lane->snap.slots, MARK_ROW);
}

size_t lane_rows_unfiltered(const struct model_lane *lane)
{
    return count_marks(lane, lane->snap.slots, MARK_HIDDEN);
}

size_t lane_rows_before(const struct model_lane *lane, size_t slot)
{
    return count_marks(lane, slot, MARK_ROW);
}

size_t lane_row_slot(const struct model_lane *lane, size_t row)
{
    for (size_t slot = 0; lane->started && slot < lane->snap.slots; slot++) {
        if (lane_mark(lane, slot) == MARK_ROW && row-- == 0) {
            return slot;
        }
    }
    return SIZE_MAX;
}

size_t lane_slot_row(const struct model_lane *lane, size_t slot)
{
    if (!lane->started || slot >= lane->snap.slots || lane_mark(lane, slot) != MARK_ROW) {
        return SIZE_MAX;
    }
    return lane_rows_before(lane, slot);
}

size_t lane_top_row(const struct model_lane *lane, size_t shown)
{
    size_t rows = lane_rows(lane), last = rows > shown ? rows - shown : 0, top = lane->top < last ? lane->top : last;
    size_t selected = lane_slot_row(lane, lane->selected);
    if (selected == SIZE_MAX || shown == 0) {
        return top;
    }
    return selected < top ? selected : selected >= top + shown ? selected - shown + 1 : top;
}
