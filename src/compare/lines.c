/* lines.c - what a line's runs come to. See lines.h.
 *
 * With as few runs as a person is willing to wait for, no test of significance says more than the runs themselves: where the times of two
 * lines overlap, the next round might turn them round, and so they are said to be no different. Who wins has to be ahead by a gap that
 * matters, too: under 1 % of its median it is the clock and the scheduler that decide. */
#include "compare/lines.h"

#include "measure/stats.h"

enum { RUNS_TO_TELL = 2 }; /* one run has no spread, so it says nothing about differences */

static double median_of(const struct compare_line *line, double (*figure)(const struct compare_run *run))
{
    double values[COMPARE_ROUNDS_MAX];
    size_t count = line->count < COMPARE_ROUNDS_MAX ? line->count : COMPARE_ROUNDS_MAX;
    for (size_t i = 0; i < count; i++)
        values[i] = figure(&line->runs[i]);
    return stats_of(values, count).median;
}

static double cpu_of(const struct compare_run *run)
{
    return run->cpu_s;
}

static double lock_of(const struct compare_run *run)
{
    return run->lock_s;
}

static double make_of(const struct compare_run *run)
{
    return run->make_s;
}

/* Of the run in the middle, or of the nearest in time whose memory is known. */
static struct memory_figures middle_memory(const struct compare_line *line)
{
    struct memory_figures found = {0};
    double nearest = -1;
    for (size_t i = 0; i < line->count; i++) {
        const struct compare_run *run = &line->runs[i];
        double distance = run->wall_s > line->median_s ? run->wall_s - line->median_s : line->median_s - run->wall_s;
        if (!run->memory.together_bytes || (nearest >= 0 && distance >= nearest))
            continue;
        nearest = distance;
        found = run->memory;
    }
    return found;
}

void line_measure(struct compare_line *line)
{
    double walls[COMPARE_ROUNDS_MAX];
    size_t count = line->count < COMPARE_ROUNDS_MAX ? line->count : COMPARE_ROUNDS_MAX;
    line->failed = 0;
    line->adds = line->lost = 0;
    for (size_t i = 0; i < count; i++) {
        walls[i] = line->runs[i].wall_s;
        line->failed += line->runs[i].failed;
        line->adds += line->runs[i].expected;
        if (line->runs[i].got < line->runs[i].expected)
            line->lost += line->runs[i].expected - line->runs[i].got;
    }
    struct stats stats = stats_of(walls, count);
    line->median_s = stats.median;
    line->min_s = stats.min;
    line->max_s = stats.max;
    line->cpu_s = median_of(line, cpu_of);
    line->lock_s = median_of(line, lock_of);
    line->make_s = median_of(line, make_of);
    line->memory = middle_memory(line);
    line->speedup = line->efficiency = line->best_s = line->of_possible = -1;
    line->told = line->different = line->winner = false;
}

bool line_is_comparable(const struct compare_line *line)
{
    return line->count > 0 && line->median_s > 0 && line->failed == 0 && !line->problem[0];
}

bool line_is_wrong(const struct compare_line *line)
{
    return line->lost > 0;
}

bool lines_overlap(const struct compare_line *left, const struct compare_line *right)
{
    return left->min_s <= right->max_s && right->min_s <= left->max_s;
}

bool line_is_clearly_faster(const struct compare_line *left, const struct compare_line *right)
{
    return right->min_s - left->max_s >= LINE_GAP_LEAST * left->median_s && right->min_s > left->max_s;
}

static bool can_tell(const struct compare_line *line)
{
    return line_is_comparable(line) && line->count >= RUNS_TO_TELL;
}

size_t lines_reference(const struct compare_line *lines, size_t count, bool sweep)
{
    for (size_t i = 0; i < count; i++)
        if (lines[i].executor.how == HOW_SEQUENTIAL && !lines[i].executor.gil)
            return i;
    for (size_t i = 0; sweep && i < count; i++)
        if (lines[i].workers == 1)
            return i;
    return SIZE_MAX;
}

void lines_relate(struct compare_line *lines, size_t count, bool sweep)
{
    size_t reference = lines_reference(lines, count, sweep);
    for (size_t i = 0; i < count; i++) {
        struct compare_line *line = &lines[i];
        if (reference != SIZE_MAX && line_is_comparable(line) && line_is_comparable(&lines[reference])) {
            line->speedup = lines[reference].median_s / line->median_s;
            line->efficiency = line->workers ? line->speedup / (double)line->workers : -1;
        }
        line->told = can_tell(line) && can_tell(&lines[0]);
        line->different = i > 0 && line->told && !lines_overlap(line, &lines[0]);
    }
}

size_t lines_find_winner(struct compare_line *lines, size_t count)
{
    size_t best = SIZE_MAX, compared = 0, longer = 0;
    for (size_t i = 0; i < count; i++) {
        if (!line_is_comparable(&lines[i]))
            continue;
        compared++;
        longer += lines[i].median_s >= LINE_TOO_SHORT_S;
        if (best == SIZE_MAX || lines[i].median_s < lines[best].median_s)
            best = i;
    }
    if (compared < 2 || longer + 1 < compared || line_is_wrong(&lines[best]))
        return SIZE_MAX;
    for (size_t i = 0; i < count; i++) {
        if (!line_is_comparable(&lines[i]))
            continue;
        if (!can_tell(&lines[i]) || (i != best && !line_is_clearly_faster(&lines[best], &lines[i])))
            return SIZE_MAX;
    }
    lines[best].winner = true;
    return best;
}
