/* app_figures.c - figures that can be read: rate, times and percentages change five times a second at most, while bars move with every frame. */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/sys.h"
#include "ui/app_private.h"
#include "ui/lane.h"

#define FIGURES_STAY_NS (200 * NS_PER_MS)

/* False: no memory; then percentages are shown as they are. */
static bool make_room(struct app_figures *figures, size_t slots)
{
    if (slots <= figures->slots)
        return true;
    struct model_percent *percents = sys_realloc(figures->percents, slots * sizeof *percents);
    if (!percents)
        return false;
    figures->percents = percents;
    figures->slots = slots;
    return true;
}

/* Only what was settled: it is exact. */
static struct account settled_of(const struct snapshot *snap)
{
    struct account settled = {.ready_known = account_of_lane(snap).ready_known};
    for (size_t i = 0; i < snap->slots; i++)
        for (int column = 0; snap->workers[i].used && column < ACCOUNT_COLUMNS; column++)
            settled.ns[column] += snap->workers[i].data.account_ns[column];
    return settled;
}

/* What was settled since the oldest of the last times, which is a second ago. */
static void take_account(struct app_figures *figures, const struct snapshot *snap)
{
    const struct account now = settled_of(snap);
    size_t newest = figures->taken++ % APP_ACCOUNTS, oldest = figures->taken % APP_ACCOUNTS;
    figures->settled[newest] = now;
    figures->account = account_of_lane(snap);
    figures->recent = (struct account){.ready_known = now.ready_known};
    for (int column = 0; figures->taken >= APP_ACCOUNTS && column < ACCOUNT_COLUMNS; column++) {
        uint64_t before_ns = figures->settled[oldest].ns[column];
        figures->recent.ns[column] = now.ns[column] > before_ns ? now.ns[column] - before_ns : 0;
    }
}

static void take(struct app_figures *figures, const struct model_lane *shown)
{
    const struct snapshot *snap = &shown->snap;
    figures->gil = lane_gil_of(snap);
    figures->held = lane_held_of(shown);
    take_account(figures, snap);
    figures->counts = lane_counts_of(shown);
    figures->wall_ns = snap->wall_ns;
    figures->bytes_per_s = snap->bytes_per_s;
    figures->left_s = snap->left_s;
    for (size_t i = 0; i < snap->slots && i < figures->slots; i++)
        figures->percents[i] = (struct model_percent){.job = snap->workers[i].data.job,
                                                      .percent = model_percent_of(&snap->workers[i].data),
                                                      .waited_ns = lane_wait_ns(snap, i)};
}

/* An interpreter lock changes hands two hundred times a second. So that rows, figures and juggler name the same holder, all of them show the
 * workers of one moment, as long as figures stand. */
static void hold_lock(struct app_figures *figures, struct snapshot *snap, bool due)
{
    if (!snap->executor.gil || run_state_is_over(snap->state) || !snap->slots)
        return;
    if (snap->slots > figures->workers_room) {
        struct worker_snapshot *more = sys_realloc(figures->workers, snap->slots * sizeof *more);
        if (!more)
            return; /* then each shows what is, a moment later than the one before it */
        figures->workers = more;
        figures->workers_room = snap->slots;
    }
    if (due || figures->workers_count != snap->slots) {
        memcpy(figures->workers, snap->workers, snap->slots * sizeof *figures->workers);
        figures->workers_count = snap->slots;
        figures->lock = snap->gil;
    }
    snap->workers = figures->workers;
    snap->gil = figures->lock;
}

bool app_figures_hold(struct app_figures *figures, struct model_lane *shown)
{
    struct snapshot *snap = &shown->snap;
    bool grown = snap->slots > figures->slots;
    bool room = make_room(figures, snap->slots);
    bool still = run_state_is_over(snap->state) || snap->state == RUN_PAUSED; /* then what is shown is what is */
    bool due = grown || still || snap->wall_ns < figures->wall_ns || snap->now_ns - figures->taken_ns >= FIGURES_STAY_NS;
    if (due) {
        take(figures, shown);
        figures->taken_ns = snap->now_ns;
    }
    hold_lock(figures, snap, due);
    snap->wall_ns = figures->wall_ns;
    snap->bytes_per_s = figures->bytes_per_s;
    snap->left_s = figures->left_s;
    shown->gil = figures->gil;
    shown->held = figures->held;
    shown->account = figures->account;
    shown->recent = figures->recent;
    shown->counts = figures->counts;
    shown->percents = room ? figures->percents : NULL;
    return due;
}

void app_figures_reset(struct app_figures *figures)
{
    figures->taken_ns = figures->wall_ns = 0;
    figures->bytes_per_s = figures->left_s = 0;
    figures->gil = (struct model_gil){.held_share = -1};
    figures->held = (struct model_held){0, SIZE_MAX, SIZE_MAX};
    figures->account = figures->recent = (struct account){.ready_known = false};
    figures->taken = 0;
    figures->workers_count = 0;
    figures->counts = (struct model_counts){.ready = 0};
    for (size_t i = 0; i < figures->slots; i++)
        figures->percents[i] = (struct model_percent){0};
}

void app_figures_free(struct app_figures *figures)
{
    free(figures->percents);
    free(figures->workers);
    *figures = (struct app_figures){0};
}
