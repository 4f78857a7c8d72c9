/* settle.c - what the measured runs come to: lines, the best possible, the scaling law, the controls, notes and verdict. Done anew after
 * every run, so that a view is never more than a copy. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/sys.h"
#include "compare/lines.h"
#include "compare/possible.h"
#include "compare/session.h"
#include "compare/verdict.h"
#include "measure/stats.h"
#include "measure/usl.h"
#include "origin/origin.h"

/* --- lines ---------------------------------------------------------------------------------------- */

static void settle_line(struct compare *compare, size_t at)
{
    const struct entry *entry = &compare->entries[at];
    struct compare_line *line = &compare->lines[at];
    line->executor = entry->executor;
    line->workers = entry->executor.width;
    line->runs = entry->runs;
    line->count = entry->count;
    line->so_far_s = -1;
    memcpy(line->problem, entry->problem, sizeof line->problem);
    line_measure(line);
}

/* Each job's median over the rounds that were kept, into out (as many as there are jobs). */
static void median_parts(const struct entry *entry, uint64_t *out)
{
    uint64_t values[PARTS_ROUNDS_MAX];
    size_t jobs = entry->set->count;
    for (size_t job = 0; job < jobs; job++) {
        for (size_t round = 0; round < entry->parts_rounds; round++)
            values[round] = entry->parts[round * jobs + job];
        out[job] = stats_median_ns(values, entry->parts_rounds);
    }
}

static double median_serial_s(const struct entry *entry)
{
    double values[COMPARE_ROUNDS_MAX];
    for (size_t i = 0; i < entry->count; i++)
        values[i] = entry->runs[i].serial_s;
    return stats_of(values, entry->count).median;
}

static void settle_possible(struct compare *compare, size_t at, const struct entry *source, uint64_t *parts)
{
    const struct entry *entry = &compare->entries[at];
    struct compare_line *line = &compare->lines[at];
    median_parts(source, parts);
    const struct possible_input input = {.work = compare->options.set->kind->work,
                                         .parts = parts,
                                         .jobs = entry->set->count,
                                         .sequential = source->executor.how == HOW_SEQUENTIAL,
                                         .workers = line->workers,
                                         .usable_cores = compare->options.usable_cores,
                                         .gil = entry->executor.gil,
                                         .processes = executor_strategy(entry->executor.how)->backend == BACKEND_PROCESS,
                                         .serial_s = median_serial_s(entry),
                                         .bytes = entry->count ? entry->runs[entry->count - 1].bytes : 0,
                                         .bytes_per_s_most = compare->throughput_most,
                                         .min_s = line->min_s};
    struct possible possible = possible_of(&input);
    line->best_s = possible.best_s;
    memcpy(line->best_why, possible.why, sizeof line->best_why);
    if (line->best_s >= 0 && line->median_s > 0)
        line->of_possible = line->best_s < line->median_s ? line->best_s / line->median_s : 1;
}

/* The parts measured under `sequential` where it is among them: nothing else ran beside them. */
static void settle_possibles(struct compare *compare)
{
    size_t reference = lines_reference(compare->lines, compare->options.count, false);
    if (compare->options.set->count > JOBS_MANY && compare->stage != STAGE_OVER)
        return;
    uint64_t *parts = sys_alloc(compare->options.set->count * sizeof *parts);
    for (size_t i = 0; i < compare->options.count; i++) {
        const struct entry *source = &compare->entries[reference == SIZE_MAX ? i : reference];
        if (parts && source->parts_rounds)
            settle_possible(compare, i, source, parts);
        else
            snprintf(compare->lines[i].best_why, sizeof compare->lines[i].best_why, "not known: nothing was measured");
    }
    free(parts);
}

/* --- beside the lines ----------------------------------------------------------------------------- */

static void settle_fit(struct compare *compare)
{
    struct usl_point points[COMPARE_EXECUTORS_MAX] = {{0}};
    size_t count = 0, fewest = SIZE_MAX;
    double briefest_s = HUGE_VAL;
    for (size_t i = 0; i < compare->options.count; i++) {
        const struct compare_line *line = &compare->lines[i];
        if (!line_is_comparable(line))
            continue;
        fewest = line->count < fewest ? line->count : fewest;
        briefest_s = line->median_s < briefest_s ? line->median_s : briefest_s;
        points[count++] = (struct usl_point){.workers = (double)line->workers,
                                             .throughput = (double)compare->options.set->count / line->median_s};
    }
    struct usl_fit fit = usl_of(points, count);
    compare->fit = (struct compare_fit){.known = fit.known,
                                        .lambda = fit.lambda,
                                        .sigma = fit.sigma,
                                        .kappa = fit.kappa,
                                        .peak_workers = fit.peak_workers,
                                        .r_squared = fit.r_squared};
    snprintf(compare->fit.words, sizeof compare->fit.words, "%.270s%s", fit.words,
             !fit.known                      ? ""
             : fewest < 2                    ? "; one round makes it a guess"
             : briefest_s < LINE_TOO_SHORT_S ? "; points too short to compare make it a guess"
                                             : "");
}

static struct stats control_stats(const struct compare *compare, enum control_run which)
{
    const struct entry *entry = &compare->entries[compare->options.count + which];
    double values[COMPARE_ROUNDS_MAX];
    for (size_t i = 0; i < entry->count; i++)
        values[i] = entry->runs[i].wall_s;
    return stats_of(values, entry->count);
}

static void settle_controls(struct compare *compare)
{
    double load = compare->load_count ? compare->load_sum / (double)compare->load_count : -1;
    struct stats runs[CONTROL_RUNS];
    for (enum control_run i = 0; i < CONTROL_RUNS; i++)
        runs[i] = control_stats(compare, i);
    unsigned threads = compare->controls.threads, cores = compare->options.usable_cores;
    compare->waiting = control_say(false, threads, cores, &runs[CONTROL_WAIT_FREE], &runs[CONTROL_WAIT_GIL], load);
    compare->computing = control_say(true, threads, cores, &runs[CONTROL_COMPUTE_FREE], &runs[CONTROL_COMPUTE_GIL], load);
}

static void settle_notes(struct compare *compare)
{
    struct notes_line lines[COMPARE_EXECUTORS_MAX];
    for (size_t i = 0; i < compare->options.count; i++) {
        const struct entry *entry = &compare->entries[i];
        double values[COMPARE_ROUNDS_MAX];
        memcpy(values, entry->first_bytes_s, entry->count * sizeof *values);
        lines[i] = (struct notes_line){.line = &compare->lines[i],
                                       .warm_up = entry->warm_up,
                                       .paused_ns = entry->marks.paused_ns,
                                       .tries_more = entry->marks.tries_more,
                                       .killed = entry->marks.killed,
                                       .first_byte_s = stats_of(values, entry->count).median};
    }
    const struct origin *origin = compare->options.origin;
    const struct notes_input input = {.lines = lines,
                                      .count = compare->options.count,
                                      .rounds = compare->options.rounds,
                                      .jobs = compare->options.set->count,
                                      .over = compare->stage == STAGE_OVER,
                                      .stopped = compare->stopped,
                                      .article = compare->options.article,
                                      .sweep = compare->options.sweep,
                                      .load_average =
                                          compare->load_count ? compare->load_sum / (double)compare->load_count : -1,
                                      .load_most = compare->load_count ? compare->load_most : -1,
                                      .latency_s = origin ? origin_latency_ms(origin) / 1000.0 : -1,
                                      .paced = origin && origin_rate(origin) != 0,
                                      .warm_disk_bytes = compare->warm_disk_bytes,
                                      .later_disk_bytes = compare->later_disk_bytes};
    compare->notes_count = notes_write(&input, compare->notes);
}

void session_settle(struct compare *compare)
{
    const struct compare_options *options = &compare->options;
    size_t winner = SIZE_MAX;
    for (size_t i = 0; i < options->count; i++)
        settle_line(compare, i);
    lines_relate(compare->lines, options->count, options->sweep);
    settle_possibles(compare);
    if (options->sweep)
        settle_fit(compare);
    if (options->controls)
        settle_controls(compare);
    settle_notes(compare);
    if (compare->stage != STAGE_OVER)
        return;
    winner = lines_find_winner(compare->lines, options->count);
    verdict_write(compare->verdict, compare->lines, options->count, winner, compare->stopped, compare->runs_done,
                  session_runs_all(compare));
}
