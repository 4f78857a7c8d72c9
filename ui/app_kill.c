/* app_kill.c - the key k: kills the selected worker, so that a class sees what becomes of its job. No job is charged with it.
 *
 * The one that is killed is the one that was on the screen: slot and generation are taken from the last snapshot, so a successor in the same
 * seat is never hit. A process dies alone, at once. Threads share one process, and with one of them all die: that takes a second k. */
#include <errno.h>
#include <string.h>

#include "ui/app_private.h"
#include "ui/lane.h"

static bool is_the_one(const struct app_kill *asked, int lane, const struct slot_data *data, size_t slot)
{
    return asked->sure && asked->lane == lane && asked->slot == slot && asked->generation == data->generation;
}

static void ask_again(struct app *app, int lane, size_t slot)
{
    const struct snapshot *snap = &app->model.lanes[lane].snap;
    const struct slot_data *data = &snap->workers[slot].data;
    app->kill = (struct app_kill){.sure = true, .lane = lane, .slot = slot, .generation = data->generation};
    app_say(app, true, "%c%zu shares its process with all %zu %s: k once more kills them all", lane_letter(data->kind),
            slot + 1, snap->alive, lane_unit(snap->executor.how, true));
}

static void kill_it(struct app *app, int lane, size_t slot)
{
    const struct snapshot *snap = &app->model.lanes[lane].snap;
    const struct slot_data *data = &snap->workers[slot].data;
    int error = run_kill_worker(app->lanes[lane].run, slot, data->generation);
    app->lanes[lane].disturbed |= error == 0;
    if (error == EAGAIN)
        app_say(app, true, "the kill before is still on its way");
    else if (error)
        app_say(app, true, "%c%zu is gone already", lane_letter(data->kind), slot + 1);
    else if (data->kind == WORKER_PROCESS)
        app_say(app, false, "p%zu, process %d, was killed: its job goes to another, and is not charged with it", slot + 1,
                (int)data->pid);
    else
        app_say(app, false, "process %d was killed with all %s in it: they share its fate; their jobs go back",
                (int)data->pid, lane_unit(snap->executor.how, true));
}

void app_kill_selected(struct app *app)
{
    int lane = app->model.focus;
    const struct model_lane *shown = &app->model.lanes[lane];
    size_t slot = shown->selected;
    bool there = app_lane_is_live(app, lane) && slot < shown->snap.slots && shown->snap.workers[slot].alive;
    if (!there) {
        app_say(app, true, "there is nobody to kill in this row: Up and Down select a worker that lives");
        return;
    }
    const struct slot_data *data = &shown->snap.workers[slot].data;
    if (data->kind == WORKER_PROCESS || shown->snap.alive == 1 || is_the_one(&app->kill, lane, data, slot)) {
        app->kill.sure = false;
        kill_it(app, lane, slot);
    } else {
        ask_again(app, lane, slot);
    }
}
