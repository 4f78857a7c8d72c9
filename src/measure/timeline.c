/* timeline.c - what every worker did and when. See timeline.h. */
#include "measure/timeline.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/sys.h"

/* --- taking in ------------------------------------------------------------------------------------ */

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

static void append(struct timeline *timeline, size_t slot, struct timeline_segment segment)
{
    struct timeline_row *row = &timeline->rows[slot];
    if (row->count == row->room) {
        size_t room = row->room ? row->room * 2 : 16;
        struct timeline_segment *more = sys_realloc(row->segments, room * sizeof *more);
        if (!more) {
            timeline->lost++;
            return;
        }
        row->segments = more;
        row->room = room;
    }
    /* A sample of the kernel's word can be later than an event that is drained after it: the order of a row is that of time. */
    if (row->count && segment.start_ns < row->segments[row->count - 1].start_ns)
        segment.start_ns = row->segments[row->count - 1].start_ns;
    row->segments[row->count++] = segment;
}

static bool computes(uint8_t phase)
{
    return phase_class_of((enum phase)phase) == PHASE_CLASS_RUNNING;
}

static void take_events(struct timeline *timeline, const struct journal *journal)
{
    for (; timeline->read < journal->count; timeline->read++) {
        const struct journal_event *event = &journal->events[timeline->read];
        if (event->slot >= timeline->slots)
            continue;
        const struct timeline_row *row = &timeline->rows[event->slot];
        bool had_no_core = row->count && row->segments[row->count - 1].no_core && computes((uint8_t)event->phase);
        append(timeline, event->slot,
               (struct timeline_segment){
                   .start_ns = event->time_ns, .job = event->job, .phase = (uint8_t)event->phase, .no_core = had_no_core});
    }
}

/* Where somebody who computes got a core, or lost it, since the last look. */
static void take_kernel_words(struct timeline *timeline, const struct snapshot *snapshot, const struct task_state *tasks)
{
    for (size_t slot = 0; tasks && slot < snapshot->slots; slot++) {
        const struct timeline_row *row = &timeline->rows[slot];
        const struct timeline_segment *last = row->count ? &row->segments[row->count - 1] : NULL;
        if (!last || !computes(last->phase) || !tasks[slot].letter || last->no_core == tasks[slot].no_core)
            continue;
        struct timeline_segment next = *last;
        next.start_ns = snapshot->now_ns;
        next.no_core = tasks[slot].no_core;
        append(timeline, slot, next);
    }
}

int timeline_update(struct timeline *timeline, const struct snapshot *snapshot, const struct task_state *tasks)
{
    if (reach(timeline, snapshot->slots) != 0)
        return ENOMEM;
    bool over = run_state_is_over(snapshot->state);
    timeline->start_ns = snapshot->start_ns;
    timeline->end_ns = over ? snapshot->start_ns + snapshot->wall_ns : snapshot->now_ns;
    take_events(timeline, &snapshot->journal);
    if (!over)
        take_kernel_words(timeline, snapshot, tasks);
    return 0;
}

void timeline_free(struct timeline *timeline)
{
    for (size_t i = 0; i < timeline->slots; i++)
        free(timeline->rows[i].segments);
    free(timeline->rows);
    *timeline = (struct timeline){0};
}

/* --- looking -------------------------------------------------------------------------------------- */

/* The first segment that ends after from_ns. */
static size_t first_at(const struct timeline_row *row, uint64_t from_ns)
{
    size_t low = 0, high = row->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (middle + 1 < row->count && row->segments[middle + 1].start_ns <= from_ns)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static bool begins_job(const struct timeline_row *row, size_t i)
{
    return row->segments[i].job && (i == 0 || row->segments[i - 1].job != row->segments[i].job);
}

/* The first seat is in every batch. */
bool timeline_round_begins(const struct timeline *timeline, uint64_t from_ns, uint64_t to_ns)
{
    const struct timeline_row *row = timeline->slots ? &timeline->rows[0] : NULL;
    for (size_t i = row ? first_at(row, from_ns) : 0; row && i < row->count && row->segments[i].start_ns < to_ns; i++)
        if (i > 0 && row->segments[i].start_ns >= from_ns && row->segments[i].phase == PHASE_STARTING &&
            row->segments[i - 1].phase == PHASE_BARRIER)
            return true;
    return false;
}

/* How long each thing took within the stretch; the one that took most gives the cell its look. Phases are few, so that they are simply counted. */
struct shares {
    uint64_t ns[PHASE_COUNT][2]; /* by phase, with a core or without one */
    uint32_t job[PHASE_COUNT][2];
};

static void choose(const struct shares *shares, struct timeline_cell *cell)
{
    uint64_t most = 0;
    for (int phase = 0; phase < PHASE_COUNT; phase++)
        for (int no_core = 0; no_core < 2; no_core++)
            if (shares->ns[phase][no_core] > most) {
                most = shares->ns[phase][no_core];
                cell->phase = (enum phase)phase;
                cell->no_core = no_core;
                cell->job = shares->job[phase][no_core];
            }
}

struct timeline_cell timeline_look(const struct timeline *timeline, size_t slot, uint64_t from_ns, uint64_t to_ns)
{
    struct timeline_cell cell = {.phase = PHASE_NONE};
    struct shares shares = {0};
    if (slot >= timeline->slots || from_ns >= timeline->end_ns)
        return cell;
    const struct timeline_row *row = &timeline->rows[slot];
    uint64_t until_ns = to_ns < timeline->end_ns ? to_ns : timeline->end_ns;
    for (size_t i = first_at(row, from_ns); i < row->count && row->segments[i].start_ns < until_ns; i++) {
        const struct timeline_segment *segment = &row->segments[i];
        uint64_t begin_ns = segment->start_ns > from_ns ? segment->start_ns : from_ns;
        uint64_t end_ns = i + 1 < row->count ? row->segments[i + 1].start_ns : until_ns;
        end_ns = end_ns < until_ns ? end_ns : until_ns;
        if (segment->start_ns >= from_ns) {
            cell.begins |= begins_job(row, i);
            cell.killed |= segment->phase == PHASE_DEAD;
        }
        if (end_ns > begin_ns && segment->phase < PHASE_COUNT) {
            shares.ns[segment->phase][segment->no_core] += end_ns - begin_ns;
            shares.job[segment->phase][segment->no_core] = segment->job;
        }
    }
    choose(&shares, &cell);
    return cell;
}
