/* timeline_look.c - a timeline looked at: what a stretch of time comes to in one cell. See timeline.h. */
#include <string.h>

#include "measure/timeline.h"

size_t timeline_lanes(const struct timeline *timeline)
{
    size_t lanes = timeline->slots;
    while (lanes > 0 &&
           (timeline->rows[lanes - 1].count == 0 || timeline->rows[lanes - 1].segments[0].start_ns >= timeline->end_ns))
        lanes--;
    return lanes;
}

/* The first round that begins at or after that moment. */
static size_t round_at(const struct timeline *timeline, uint64_t from_ns)
{
    size_t low = 0, high = timeline->rounds_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (timeline->rounds[middle] < from_ns)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

size_t timeline_rounds(const struct timeline *timeline, uint64_t from_ns, uint64_t to_ns)
{
    uint64_t until_ns = to_ns < timeline->end_ns ? to_ns : timeline->end_ns;
    return from_ns < until_ns ? round_at(timeline, until_ns) - round_at(timeline, from_ns) : 0;
}

/* --- one row -------------------------------------------------------------------------------------- */

/* The last segment that began before that moment; 0: none did. */
static size_t segment_at(const struct timeline_row *row, uint64_t at_ns)
{
    size_t low = 0, high = row->count;
    while (low + 1 < high) {
        size_t middle = low + (high - low) / 2;
        if (row->segments[middle].start_ns < at_ns)
            low = middle;
        else
            high = middle;
    }
    return low;
}

static bool begins_job(const struct timeline_row *row, size_t i)
{
    return row->segments[i].job && (i == 0 || row->segments[i - 1].job != row->segments[i].job);
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

/* Where a segment ends, at most at until_ns. */
static uint64_t end_of(const struct timeline_row *row, size_t i, uint64_t until_ns)
{
    bool last = i + 1 >= row->count;
    return last || row->segments[i + 1].start_ns > until_ns ? until_ns : row->segments[i + 1].start_ns;
}

static void look_at_marks(const struct timeline_row *row, size_t i, uint64_t from_ns, struct timeline_cell *cell)
{
    if (row->segments[i].start_ns < from_ns)
        return;
    cell->begins |= begins_job(row, i);
    cell->killed |= row->segments[i].phase == PHASE_DEAD;
}

/* Several segments share the stretch. Leaves walk->at at the last one of them. */
static void look_at_many(struct timeline_walk *walk, uint64_t from_ns, uint64_t until_ns, struct timeline_cell *cell)
{
    const struct timeline_row *row = walk->row;
    struct shares shares = {0};
    for (;; walk->at++) {
        const struct timeline_segment *segment = &row->segments[walk->at];
        uint64_t begin_ns = segment->start_ns > from_ns ? segment->start_ns : from_ns;
        uint64_t end_ns = end_of(row, walk->at, until_ns);
        look_at_marks(row, walk->at, from_ns, cell);
        if (end_ns > begin_ns) {
            shares.ns[segment->phase][segment->no_core] += end_ns - begin_ns;
            shares.job[segment->phase][segment->no_core] = segment->job;
        }
        if (walk->at + 1 >= row->count || row->segments[walk->at + 1].start_ns >= until_ns)
            break;
    }
    choose(&shares, cell);
}

struct timeline_walk timeline_walk_from(const struct timeline *timeline, size_t slot, uint64_t from_ns)
{
    bool there = slot < timeline->slots && timeline->rows[slot].count > 0;
    const struct timeline_row *row = there ? &timeline->rows[slot] : NULL;
    return (struct timeline_walk){.timeline = timeline, .row = row, .at = row ? segment_at(row, from_ns) : 0};
}

struct timeline_cell timeline_walk_on(struct timeline_walk *walk, uint64_t from_ns, uint64_t to_ns)
{
    const struct timeline_row *row = walk->row;
    struct timeline_cell cell = {.phase = PHASE_NONE};
    uint64_t known_ns = walk->timeline->end_ns, until_ns = to_ns < known_ns ? to_ns : known_ns;
    if (!row || from_ns >= until_ns || row->segments[0].start_ns >= until_ns)
        return cell;
    while (walk->at + 1 < row->count && row->segments[walk->at + 1].start_ns < from_ns)
        walk->at++;
    const struct timeline_segment *segment = &row->segments[walk->at];
    if (segment->start_ns >= from_ns || end_of(row, walk->at, until_ns) < until_ns) {
        look_at_many(walk, from_ns, until_ns, &cell);
    } else { /* nothing changes within it */
        cell.phase = (enum phase)segment->phase;
        cell.no_core = segment->no_core;
        cell.job = segment->job;
    }
    return cell;
}

struct timeline_cell timeline_look(const struct timeline *timeline, size_t slot, uint64_t from_ns, uint64_t to_ns)
{
    struct timeline_walk walk = timeline_walk_from(timeline, slot, from_ns);
    return timeline_walk_on(&walk, from_ns, to_ns);
}
