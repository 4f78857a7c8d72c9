/* controls.c - the two controls of a comparison with +gil executors. See controls.h. */
#include "compare/controls.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/text.h"
#include "compare/notes.h"
#include "jobs/control.h"

enum { WAIT_MS = 100, COMPUTE_ROUNDS = 5000 /* a few ms to some tens of one core, by the machine; of each thread */ };

void controls_init(struct controls *controls, unsigned threads)
{
    threads = threads < 2 ? 2 : threads > CONTROL_THREADS_MAX ? CONTROL_THREADS_MAX : threads;
    *controls = (struct controls){.threads = threads};
    for (unsigned i = 0; i < threads; i++) {
        controls->wait_inputs[i] = (struct job_input){.text = "waiting", .limit = WAIT_MS};
        controls->compute_inputs[i] = (struct job_input){.text = "computing", .limit = COMPUTE_ROUNDS};
    }
    controls->wait = (struct job_set){
        .kind = &job_kind_wait, .inputs = controls->wait_inputs, .count = threads, .output_dir = -1, .part_prefix = ""};
    controls->compute = (struct job_set){.kind = &job_kind_compute,
                                         .inputs = controls->compute_inputs,
                                         .count = threads,
                                         .output_dir = -1,
                                         .part_prefix = ""};
}

const struct job_set *controls_set(const struct controls *controls, enum control_run which)
{
    return which == CONTROL_WAIT_FREE || which == CONTROL_WAIT_GIL ? &controls->wait : &controls->compute;
}

struct executor controls_executor(const struct controls *controls, enum control_run which)
{
    return (struct executor){.how = HOW_THREAD_POOL,
                             .width = controls->threads,
                             .gil = which == CONTROL_WAIT_GIL || which == CONTROL_COMPUTE_GIL};
}

static bool about_the_same(double ratio)
{
    return ratio >= 0.95 && ratio <= 1.05;
}

static bool overlap(const struct stats *left, const struct stats *right)
{
    return left->min <= right->max && right->min <= left->max;
}

struct compare_control control_say(bool computing, unsigned threads, unsigned usable_cores, const struct stats *free_runs,
                                   const struct stats *gil_runs, double load)
{
    double free_s = free_runs->median, gil_s = gil_runs->median;
    struct compare_control control = {
        .known = free_s > 0 && gil_s > 0, .threads = threads, .free_s = free_s, .gil_s = gil_s};
    if (!control.known) {
        snprintf(control.words, sizeof control.words, "%s: not measured", computing ? "computing" : "waiting");
        return control;
    }
    double ratio = gil_s / free_s;
    const char *what = computing ? "computing" : "waiting";
    if (about_the_same(ratio) && computing && usable_cores == 1)
        snprintf(control.words, sizeof control.words,
                 "%s: the GIL costs nothing where there is one core (%.3f s and %.3f s, %u threads)", what, free_s, gil_s,
                 threads);
    else if (about_the_same(ratio))
        snprintf(control.words, sizeof control.words, "%s: the GIL costs nothing (%.3f s and %.3f s, %u threads)", what,
                 free_s, gil_s, threads);
    else if (overlap(free_runs, gil_runs))
        snprintf(control.words, sizeof control.words, "%s: no real difference with the GIL (%.3f s and %.3f s, %u threads)",
                 what, free_s, gil_s, threads);
    else
        snprintf(control.words, sizeof control.words,
                 "%s: with the GIL %u threads take %.1f times as long (%.3f s and %.3f s)", what, threads, ratio, free_s,
                 gil_s);
    size_t used = strlen(control.words);
    if (load >= LOAD_DISTURBS)
        snprintf(control.words + used, sizeof control.words - used, "; the machine was busy, which disturbs this");
    return control;
}
