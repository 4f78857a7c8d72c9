/* sentence_run.c - rules for a run of any kind of work: held, stopping, losing workers, batches, nothing left to hand out. */
#include <inttypes.h>
#include <stdio.h>

#include "base/clock.h"
#include "ui/lane.h"
#include "ui/sentence_private.h"

enum { BATCH_LOSS_PERCENT = 10 };
#define BATCH_WAIT_NS (NS_PER_S / 2)

bool full_holds(const struct counts *counts)
{
    return counts->snap->folder_full;
}

void full_says(const struct counts *counts, char *out, size_t room)
{
    (void)counts;
    snprintf(out, room, "Paused: the output folder takes no more files. Make room; space goes on.");
}

bool paused_holds(const struct counts *counts)
{
    (void)counts;
    return true;
}

void paused_says(const struct counts *counts, char *out, size_t room)
{
    (void)counts;
    snprintf(out, room, "Paused: nobody takes a new job, and those at work hold still.");
}

bool stopping_holds(const struct counts *counts)
{
    return counts->alive > 0;
}

void stopping_says(const struct counts *counts, char *out, size_t room)
{
    snprintf(out, room, "Stopping: %zu %s %s still here; the jobs they hold go back.", counts->alive,
             lane_unit(counts->snap->executor.how, counts->alive != 1), counts->alive == 1 ? "is" : "are");
}

/* --- workers come and go -------------------------------------------------------------------------- */

bool killed_holds(const struct counts *counts)
{
    return counts->died > 0;
}

/* Threads cannot be killed one by one: their process takes all of them along. */
void killed_says(const struct counts *counts, char *out, size_t room)
{
    const struct worker_snapshot *worker = &counts->snap->workers[counts->died - 1];
    char how[64] = "ended by itself, with an error";
    if (worker->data.kind != WORKER_PROCESS) {
        snprintf(out, room, "Their process died and took all %s along%s", counts->unit,
                 counts->snap->restarts ? "; it was started again, and their jobs go on." : ": they share one fate.");
        return;
    }
    if (worker->data.hung_ns)
        snprintf(how, sizeof how, "gave no sign of life for %.0f s and was killed",
                 (double)worker->data.hung_ns / (double)NS_PER_S);
    else if (worker->data.exit_signal)
        snprintf(how, sizeof how, "was killed by signal %" PRIu64, worker->data.exit_signal);
    snprintf(out, room, "%c%zu %s: its job goes to another%s", lane_letter(worker->data.kind), counts->died, how,
             worker->alive ? "; a new process is there." : ".");
}

bool starting_holds(const struct counts *counts)
{
    return counts->snap->state == RUN_STARTING || counts_most(counts->starting, counts->alive, 51);
}

void starting_says(const struct counts *counts, char *out, size_t room)
{
    if (counts->alive == 0)
        snprintf(out, room, "Starting: none of the %s is there yet.", counts->unit);
    else
        snprintf(out, room, "%zu of %zu %s are still getting ready: to make them takes time, too.", counts->starting,
                 counts->alive, counts->unit);
}

/* --- batches -------------------------------------------------------------------------------------- */

/* Shorter waits are told as an average. */
bool batch_waits_holds(const struct counts *counts)
{
    return counts->barrier > 0 && counts->alive > 0 && counts->barrier_wait_ns >= BATCH_WAIT_NS;
}

void batch_waits_says(const struct counts *counts, char *out, size_t room)
{
    snprintf(out, room, "The batch waits %.1f s for its slowest: %zu of %zu %s idle. %s",
             (double)counts->barrier_wait_ns / (double)NS_PER_S, counts->barrier, counts->barrier + counts->alive,
             counts->unit, counts->snap->queued ? "A pool would not." : "It is the last batch.");
}

bool batch_average_holds(const struct counts *counts)
{
    return counts->batch_wait_ns > 0 && counts_percent(counts, ACCOUNT_BARRIER) >= BATCH_LOSS_PERCENT;
}

void batch_average_says(const struct counts *counts, char *out, size_t room)
{
    snprintf(out, room, "Each batch waits for its slowest, %.1f s a %s: a pool would not.",
             counts->batch_wait_ns / (double)NS_PER_S, lane_unit(counts->snap->executor.how, false));
}

/* --- nothing left to hand out --------------------------------------------------------------------- */

bool few_jobs_holds(const struct counts *counts)
{
    return !counts->strategy->one_job && counts->alive > counts->snap->jobs && counts->no_work > 0;
}

void few_jobs_says(const struct counts *counts, char *out, size_t room)
{
    size_t jobs = counts->snap->jobs;
    snprintf(out, room, "Only %zu job%s for %zu %s: %zu of them %s nothing to do.", jobs, jobs == 1 ? "" : "s",
             counts->alive, counts->unit, counts->no_work, counts->no_work == 1 ? "has" : "have");
}

bool last_jobs_holds(const struct counts *counts)
{
    return counts->snap->queued == 0 && counts->no_work > 0;
}

void last_jobs_says(const struct counts *counts, char *out, size_t room)
{
    bool one = counts->no_work == 1;
    size_t running = counts->snap->running;
    snprintf(out, room, "No job is left: %zu of %zu %s %s no work and wait%s for the last %zu job%s.", counts->no_work,
             counts->alive, counts->unit, one ? "has" : "have", one ? "s" : "", running, running == 1 ? "" : "s");
}
