/* compare.c - a comparison's life and what it shows of itself; what happens in between is session.c's. */
#include "juggler/compare.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "base/problem.h"
#include "base/sys.h"
#include "compare/session.h"

/* --- life ----------------------------------------------------------------------------------------- */

static bool has_sequential(const struct compare_options *options)
{
    for (size_t i = 0; i < options->count; i++)
        if (options->executors[i].how == HOW_SEQUENTIAL && !options->executors[i].gil)
            return true;
    return false;
}

static int add_entry(struct compare *compare, const struct executor *executor, const struct job_set *set, bool parts)
{
    struct entry *entry = &compare->entries[compare->entries_count++];
    size_t rounds = compare->options.rounds;
    *entry = (struct entry){.executor = *executor, .set = set};
    if (executor_strategy(executor->how)->at_once != WORKERS_WIDTH)
        entry->executor.width = executor->how == HOW_SEQUENTIAL ? 1 : (unsigned)set->count;
    entry->runs = sys_alloc_zeroed(rounds, sizeof *entry->runs);
    entry->first_bytes_s = sys_alloc_zeroed(rounds, sizeof *entry->first_bytes_s);
    if (parts)
        entry->parts =
            sys_alloc_zeroed(set->count, (rounds < PARTS_ROUNDS_MAX ? rounds : PARTS_ROUNDS_MAX) * sizeof *entry->parts);
    return entry->runs && entry->first_bytes_s && (!parts || entry->parts) ? 0 : -1;
}

/* The width of the first executor with +gil. */
static unsigned gil_threads(const struct compare *compare)
{
    for (size_t i = 0; i < compare->options.count; i++)
        if (compare->entries[i].executor.gil)
            return compare->entries[i].executor.width;
    return 0;
}

static int add_entries(struct compare *compare)
{
    const struct compare_options *options = &compare->options;
    bool sequential = has_sequential(options); /* the others' parts are not needed then */
    for (size_t i = 0; i < options->count; i++) {
        const struct executor *executor = &options->executors[i];
        bool parts = !sequential || (executor->how == HOW_SEQUENTIAL && !executor->gil);
        if (add_entry(compare, executor, options->set, parts) != 0)
            return -1;
    }
    unsigned threads = gil_threads(compare);
    compare->options.controls = options->controls && threads > 0;
    if (!compare->options.controls)
        return 0;
    controls_init(&compare->controls, threads);
    for (enum control_run i = 0; i < CONTROL_RUNS; i++) {
        const struct executor executor = controls_executor(&compare->controls, i);
        if (add_entry(compare, &executor, controls_set(&compare->controls, i), false) != 0)
            return -1;
    }
    return 0;
}

struct compare *compare_start(const struct compare_options *options, struct problem *problem)
{
    if (compare_check(options, problem) != 0)
        return NULL;
    struct compare *compare = sys_alloc_zeroed(1, sizeof *compare);
    if (!compare) {
        problem_set_errno(problem, errno, "no memory for the comparison");
        return NULL;
    }
    compare->options = *options;
    compare->options.usable_cores = options->usable_cores ? options->usable_cores : 1;
    compare->options.seed = options->seed ? options->seed : 1;
    snprintf(compare->list_name, sizeof compare->list_name, "%s", options->list_name ? options->list_name : "");
    compare->timer_fd = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
    if (compare->timer_fd < 0 || add_entries(compare) != 0) {
        problem_set_errno(problem, errno, "the comparison could not be set up");
        compare_free(compare);
        return NULL;
    }
    session_begin(compare);
    return compare;
}

void compare_free(struct compare *compare)
{
    if (!compare)
        return;
    run_free(compare->run);
    sampler_free(&compare->sampler);
    for (size_t i = 0; i < compare->entries_count; i++) {
        free(compare->entries[i].runs);
        free(compare->entries[i].parts);
        free(compare->entries[i].first_bytes_s);
    }
    if (compare->timer_fd >= 0)
        close(compare->timer_fd);
    free(compare);
}

/* --- the view ------------------------------------------------------------------------------------- */

static void show_running(struct compare *compare, struct compare_view *out)
{
    for (size_t i = 0; i < compare->options.count; i++) {
        compare->lines[i].running = false;
        compare->lines[i].so_far_s = -1;
    }
    if (compare->stage != STAGE_RUNNING || !session_is_line(compare, session_entry_now(compare)))
        return;
    session_look_at_run(compare);
    struct compare_line *line = &compare->lines[compare->order[compare->at]];
    double so_far_s = harvest_wall_s(&compare->snapshot);
    line->running = true;
    line->so_far_s = so_far_s > 0 ? so_far_s : 0;
    out->running = &compare->snapshot;
}

void compare_look(struct compare *compare, struct compare_view *out)
{
    const struct compare_options *options = &compare->options;
    *out = (struct compare_view){
        .work = options->set->kind->work,
        .list_name = compare->list_name,
        .rounds = options->rounds,
        .round = compare->round,
        .seed = options->seed,
        .usable_cores = options->usable_cores,
        .runs_done = compare->runs_done,
        .runs_all = session_runs_all(compare),
        .over = compare->stage == STAGE_OVER,
        .stopped = compare->stopped,
        .lines = compare->lines,
        .count = options->count,
        .sweep = options->sweep,
        .fit = compare->fit,
        .controls = options->controls,
        .waiting = compare->waiting,
        .computing = compare->computing,
        .notes_count = compare->notes_count,
    };
    show_running(compare, out);
    memcpy(out->verdict, compare->verdict, sizeof out->verdict);
    for (size_t i = 0; i < compare->notes_count; i++)
        out->notes[i] = compare->notes[i];
}
