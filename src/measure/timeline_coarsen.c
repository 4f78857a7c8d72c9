/* timeline_coarsen.c - the memory of a timeline is bounded: what lies long back is kept in steps. See timeline.h.
 *
 * A step shows what a cell of that width would show. So the picture of the whole run, whose columns are wider than a step, stays what
 * it was; only who zooms into the distant past sees the steps. */
#include <stdlib.h>
#include <string.h>

#include "base/sys.h"
#include "measure/timeline.h"

enum { LEAST_SEGMENTS = 1024 };

/* The first segment of a row that begins at or after that moment. */
static size_t first_from(const struct timeline_row *row, uint64_t from_ns)
{
    size_t low = 0, high = row->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (row->segments[middle].start_ns < from_ns)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static size_t count_from(const struct timeline *timeline, uint64_t from_ns)
{
    size_t count = 0;
    for (size_t slot = 0; slot < timeline->slots; slot++)
        count += timeline->rows[slot].count - first_from(&timeline->rows[slot], from_ns);
    return count;
}

/* The first moment from which on at most so many segments begin. */
static uint64_t moment_before(const struct timeline *timeline, size_t most)
{
    uint64_t low = timeline->start_ns, high = timeline->end_ns;
    while (low < high) {
        uint64_t middle = low + (high - low) / 2;
        if (count_from(timeline, middle) <= most)
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}

static bool alike(const struct timeline_segment *a, const struct timeline_segment *b)
{
    return a->phase == b->phase && a->no_core == b->no_core && (a->job == b->job || a->phase == PHASE_DEAD);
}

/* Puts a step behind the others, unless it goes on as the last one did. */
static size_t put_step(struct timeline_row *row, size_t kept, struct timeline_segment step)
{
    if (step.phase == PHASE_NONE || (kept && alike(&row->segments[kept - 1], &step)))
        return kept;
    row->segments[kept] = step;
    return kept + 1;
}

static struct timeline_segment step_of(struct timeline_walk *walk, uint64_t from_ns, uint64_t to_ns)
{
    struct timeline_cell cell = timeline_walk_on(walk, from_ns, to_ns);
    struct timeline_segment step = {
        .start_ns = from_ns, .job = cell.job, .phase = (uint8_t)cell.phase, .no_core = cell.no_core};
    if (cell.killed) {
        step.phase = PHASE_DEAD;
        step.no_core = false;
    }
    return step;
}

/* The segments are overwritten while they are read: a step is written only where a segment has begun since the last one was, so the
 * writer never comes past the reader; and where it comes up with it, it writes what stands there. */
static void coarsen_row(struct timeline *timeline, size_t slot, uint64_t until_ns, uint64_t step_ns)
{
    struct timeline_row *row = &timeline->rows[slot];
    size_t kept = 0, behind = first_from(row, until_ns);
    if (!behind)
        return;
    struct timeline_segment last = row->segments[behind - 1];
    struct timeline_walk walk = timeline_walk_from(timeline, slot, timeline->start_ns);
    for (uint64_t at_ns = timeline->start_ns; at_ns < until_ns; at_ns += step_ns)
        kept = put_step(row, kept, step_of(&walk, at_ns, until_ns - at_ns < step_ns ? until_ns : at_ns + step_ns));
    last.start_ns = until_ns; /* what goes on from there may not be what took most of the last step */
    kept = put_step(row, kept, last);
    memmove(&row->segments[kept], &row->segments[behind], (row->count - behind) * sizeof *row->segments);
    timeline->segments -= behind - kept;
    row->count -= behind - kept;
    struct timeline_segment *less = row->count ? sys_realloc(row->segments, row->count * sizeof *less) : NULL;
    if (less) {
        row->segments = less;
        row->room = row->count;
    }
}

/* No two that are closer than a step. */
static void coarsen_rounds(struct timeline *timeline, uint64_t until_ns, uint64_t step_ns)
{
    size_t kept = 0;
    for (size_t i = 0; i < timeline->rounds_count; i++)
        if (timeline->rounds[i] >= until_ns || !kept || timeline->rounds[i] - timeline->rounds[kept - 1] >= step_ns)
            timeline->rounds[kept++] = timeline->rounds[i];
    timeline->rounds_count = kept;
}

void timeline_coarsen(struct timeline *timeline, size_t most)
{
    most = most < LEAST_SEGMENTS ? LEAST_SEGMENTS : most;
    if (timeline->segments <= most)
        return;
    uint64_t until_ns = moment_before(timeline, most / 4);
    size_t lanes = timeline_lanes(timeline), steps = most / 2 / (lanes ? lanes : 1);
    uint64_t step_ns = (until_ns - timeline->start_ns) / (steps ? steps : 1) + 1;
    for (size_t slot = 0; slot < timeline->slots; slot++)
        coarsen_row(timeline, slot, until_ns, step_ns);
    coarsen_rounds(timeline, until_ns, step_ns);
    timeline->coarse_ns = until_ns;
    timeline->coarsened++;
}
