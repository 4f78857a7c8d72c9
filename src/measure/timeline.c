/* timeline.c - what every worker did and when: taking in what is new. See timeline.h. */
#include "measure/timeline.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/sys.h"

/* Shorter waits for a lock are not worth two segments. */
#define LEAST_WAIT_NS NS_PER_MS

static int reach(struct timeline *timeline, size_t slots)
{
    if (slots <= timeline->slots)
        return 0;
    struct timeline_row *rows = sys_realloc(timeline->rows, slots * sizeof *rows);
    if (!rows)
        return ENOMEM;
    memset(rows + timeline->slots, 0, (slots - timeline->slots) * sizeof *rows);
    timeline->rows = rows;
    timeline->slots = slots;
    return 0;
}

static struct timeline_segment *last_of(struct timeline_row *row)
{
    return row->count ? &row->segments[row->count - 1] : NULL;
}

/* By half as much again, so that little lies idle. */
static int grow(struct timeline_row *row)
{
    size_t room = row->room ? row->room + row->room / 2 : 16;
    struct timeline_segment *more = sys_realloc(row->segments, room * sizeof *more);
    if (!more)
        return ENOMEM;
    row->segments = more;
    row->room = room;
    return 0;
}

static void append(struct timeline *timeline, size_t slot, struct timeline_segment segment)
{
    struct timeline_row *row = &timeline->rows[slot];
    if (row->count == row->room && grow(row) != 0) {
        timeline->lost++;
        return;
    }
    /* A sample of the kernel's word can be later than an event that is drained after it: the order of a row is that of time. */
    const struct timeline_segment *last = last_of(row);
    if (last && segment.start_ns < last->start_ns)
        segment.start_ns = last->start_ns;
    row->segments[row->count++] = segment;
    timeline->segments++;
    timeline->seen |= UINT32_C(1) << segment.phase;
    timeline->seen_no_core |= segment.no_core;
}

/* --- events --------------------------------------------------------------------------------------- */

static bool computes(uint8_t phase)
{
    return phase_class_of((enum phase)phase) == PHASE_CLASS_RUNNING;
}

/* The first seat is in every batch. Without memory for it there is a line less in the picture. */
static void note_round(struct timeline *timeline, uint64_t start_ns)
{
    if (timeline->rounds_count == timeline->rounds_room) {
        size_t room = timeline->rounds_room * 2 + 16;
        uint64_t *more = sys_realloc(timeline->rounds, room * sizeof *more);
        if (!more)
            return;
        timeline->rounds = more;
        timeline->rounds_room = room;
    }
    timeline->rounds[timeline->rounds_count++] = start_ns;
}

static void take_event(struct timeline *timeline, const struct journal_event *event)
{
    if (event->slot >= timeline->slots || event->phase >= PHASE_COUNT)
        return;
    const struct timeline_segment *last = last_of(&timeline->rows[event->slot]);
    uint8_t phase = (uint8_t)event->phase;
    timeline->rows[event->slot].halted = false;
    if (event->slot == 0 && last && last->phase == PHASE_BARRIER && phase == PHASE_STARTING)
        note_round(timeline, event->time_ns);
    append(timeline, event->slot,
           (struct timeline_segment){.start_ns = event->time_ns,
                                     .job = event->job,
                                     .phase = phase,
                                     .no_core = last && last->no_core && computes(phase)});
}

/* --- what is not told by events ------------------------------------------------------------------- */

static bool is_halted(const struct task_state *task)
{
    return task->letter == 'T' || task->letter == 't';
}

/* Somebody who computes has been stopped by a signal, or goes on since the last look; or has got a core, or lost it. */
static void take_kernel_word(struct timeline *timeline, size_t slot, uint64_t now_ns, const struct task_state *task)
{
    struct timeline_row *row = &timeline->rows[slot];
    const struct timeline_segment *last = last_of(row);
    if (!last || !task->letter || (!computes(last->phase) && !row->halted))
        return;
    struct timeline_segment next = *last;
    next.start_ns = now_ns;
    next.no_core = task->no_core;
    if (is_halted(task) != row->halted) {
        next.phase = row->halted ? row->halted_phase : PHASE_PAUSED;
        row->halted_phase = last->phase;
        row->halted = !row->halted;
    } else if (row->halted || last->no_core == task->no_core)
        return;
    append(timeline, slot, next);
}

/* Goes on with what it did before it stood at the lock. */
static void leave_lock(struct timeline *timeline, size_t slot)
{
    const struct timeline_row *row = &timeline->rows[slot];
    struct timeline_segment next = row->segments[row->count - 1];
    next.start_ns = row->lock_until_ns;
    next.phase = PHASE_COUNTING;
    next.no_core = row->count > 1 && row->segments[row->count - 2].no_core;
    append(timeline, slot, next);
}

/* Its account was settled anew, about a tenth of a second after the last time: what of it went to a lock that its phase says nothing about
 * stands behind it, in one piece. How much it was is exact; where within that tenth, nobody knows. */
static void take_account(struct timeline *timeline, size_t slot, uint64_t now_ns, const struct slot_data *data)
{
    struct timeline_row *row = &timeline->rows[slot];
    const struct timeline_segment *last = last_of(row);
    uint64_t upto_ns = data->account_upto_ns, lock_ns = data->account_ns[ACCOUNT_LOCK];
    uint64_t waited_ns = row->settled_ns && lock_ns > row->lock_ns ? lock_ns - row->lock_ns : 0;
    bool settled = upto_ns > row->settled_ns, counts = data->phase == PHASE_COUNTING && last && last->job == data->job;
    if (settled) {
        row->settled_ns = upto_ns;
        row->lock_ns = lock_ns;
    }
    if (settled && counts && waited_ns >= LEAST_WAIT_NS && last->phase == PHASE_COUNTING)
        append(timeline, slot, (struct timeline_segment){.start_ns = now_ns, .job = last->job, .phase = PHASE_LOCK});
    if (settled && counts && waited_ns >= LEAST_WAIT_NS)
        row->lock_until_ns = now_ns + waited_ns;
    last = last_of(row);
    if (last && last->phase == PHASE_LOCK && now_ns >= row->lock_until_ns)
        leave_lock(timeline, slot);
}

static void take_samples(struct timeline *timeline, const struct snapshot *snapshot, const struct task_state *tasks)
{
    bool mutex = snapshot->work == WORK_COUNTER && snapshot->gil.interval_ns == 0;
    for (size_t slot = 0; slot < snapshot->slots; slot++) {
        if (tasks)
            take_kernel_word(timeline, slot, snapshot->now_ns, &tasks[slot]);
        if (mutex)
            take_account(timeline, slot, snapshot->now_ns, &snapshot->workers[slot].data);
    }
}

int timeline_update(struct timeline *timeline, const struct snapshot *snapshot, const struct task_state *tasks)
{
    if (reach(timeline, snapshot->slots) != 0)
        return ENOMEM;
    bool over = run_state_is_over(snapshot->state);
    timeline->start_ns = snapshot->start_ns;
    timeline->end_ns = over ? snapshot->start_ns + snapshot->wall_ns : snapshot->now_ns;
    for (; timeline->read < snapshot->journal.count; timeline->read++)
        take_event(timeline, &snapshot->journal.events[timeline->read]);
    if (!over)
        take_samples(timeline, snapshot, tasks);
    if (timeline->segments > TIMELINE_SEGMENTS_MAX)
        timeline_coarsen(timeline, TIMELINE_SEGMENTS_MAX / 2);
    return 0;
}

void timeline_free(struct timeline *timeline)
{
    for (size_t i = 0; i < timeline->slots; i++)
        free(timeline->rows[i].segments);
    free(timeline->rows);
    free(timeline->rounds);
    *timeline = (struct timeline){0};
}
