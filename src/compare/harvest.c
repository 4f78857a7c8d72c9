/* harvest.c - a finished run's figures. See harvest.h. */
#include "compare/harvest.h"

#include <stdlib.h>

#include "base/clock.h"
#include "base/sys.h"
#include "measure/ideal.h"
#include "measure/stats.h"

static double seconds(uint64_t ns)
{
    return (double)ns / (double)NS_PER_S;
}

double harvest_wall_s(const struct snapshot *snapshot)
{
    return snapshot->start_ns ? seconds(snapshot->wall_ns - snapshot->paused_ns) : -1;
}

static double sum_of_jobs_s(const struct snapshot *snapshot)
{
    uint64_t sum_ns = 0;
    for (size_t i = 0; i < snapshot->jobs; i++)
        sum_ns += ideal_part_ns(snapshot, i);
    return sum_ns ? seconds(sum_ns) : -1;
}

/* A column of the account, summed over all who sat there. < 0: for one of them it is not known. */
static double column_s(const struct snapshot *snapshot, enum account_column column)
{
    uint64_t sum_ns = 0;
    for (size_t i = 0; i < snapshot->slots; i++) {
        const struct slot_data *data = &snapshot->workers[i].data;
        if (!snapshot->workers[i].used)
            continue;
        if (column == ACCOUNT_READY && !data->ready_known)
            return -1;
        sum_ns += data->account_ns[column];
    }
    return seconds(sum_ns);
}

/* What no number of workers makes shorter: before the first job began, and after the last one ended. */
static double serial_s(const struct snapshot *snapshot)
{
    uint64_t first_ns = UINT64_MAX, last_ns = 0;
    for (size_t i = 0; i < snapshot->jobs; i++) {
        const struct job_snapshot *job = &snapshot->results[i];
        if (!job_state_is_final(job->word.state) || !job->result.start_ns)
            continue;
        first_ns = job->result.start_ns < first_ns ? job->result.start_ns : first_ns;
        last_ns = job->result.end_ns > last_ns ? job->result.end_ns : last_ns;
    }
    uint64_t end_ns = snapshot->start_ns + snapshot->wall_ns;
    if (!snapshot->start_ns || first_ns < snapshot->start_ns || !last_ns || last_ns > end_ns)
        return -1;
    return seconds(first_ns - snapshot->start_ns + (end_ns - last_ns));
}

struct compare_run harvest_run(const struct snapshot *snapshot)
{
    const struct runner_words *words = &snapshot->runner;
    return (struct compare_run){
        .ended = true,
        .state = snapshot->state,
        .wall_s = harvest_wall_s(snapshot),
        .cpu_s = snapshot->cpu_ns ? seconds(snapshot->cpu_ns) : -1,
        .sum_s = sum_of_jobs_s(snapshot),
        .lock_s = column_s(snapshot, ACCOUNT_LOCK),
        .ready_s = column_s(snapshot, ACCOUNT_READY),
        .serial_s = serial_s(snapshot),
        .make_s = words->made && words->make_ns ? seconds(words->make_ns) / (double)words->made : -1,
        .load = -1,
        .memory = snapshot->memory,
        .jobs = snapshot->jobs,
        .done = snapshot->done,
        .failed = snapshot->failed + snapshot->poisoned,
        .bytes = snapshot->bytes,
        .expected = words->expected,
        .got = words->got,
    };
}

/* --- marks ---------------------------------------------------------------------------------------- */

/* How long each transfer waited for its first byte, out of the journal. Events of one slot are in order, slots are mixed, so each slot's
 * last event is kept until its next one comes. Returns how many; each at least 1. */
static size_t first_bytes(const struct snapshot *snapshot, uint64_t *since_ns, uint64_t *waits)
{
    size_t count = 0;
    for (size_t i = 0; i < snapshot->journal.count; i++) {
        const struct journal_event *event = &snapshot->journal.events[i];
        if (event->slot >= snapshot->slots)
            continue;
        uint64_t began_ns = since_ns[event->slot];
        if (began_ns && event->phase == PHASE_RECEIVING && event->time_ns > began_ns)
            waits[count++] = event->time_ns - began_ns;
        since_ns[event->slot] = event->phase == PHASE_WAITING ? event->time_ns : 0;
    }
    return count;
}

static double first_byte_s(const struct snapshot *snapshot)
{
    if (snapshot->work != WORK_DOWNLOAD || !snapshot->journal.count || !snapshot->slots)
        return -1;
    uint64_t *since_ns = sys_alloc_zeroed(snapshot->slots, sizeof *since_ns);
    uint64_t *waits = sys_alloc_zeroed(snapshot->journal.count, sizeof *waits);
    uint64_t median = 0;
    if (since_ns && waits)
        median = stats_median_ns(waits, first_bytes(snapshot, since_ns, waits));
    free(since_ns);
    free(waits);
    return median ? seconds(median) : -1;
}

struct run_marks harvest_marks(const struct snapshot *snapshot)
{
    size_t ended = snapshot->done + snapshot->failed + snapshot->poisoned;
    double wall_s = harvest_wall_s(snapshot);
    return (struct run_marks){.paused_ns = snapshot->paused_ns,
                              .killed = snapshot->killed + snapshot->restarts,
                              .tries_more = snapshot->attempts > ended ? snapshot->attempts - ended : 0,
                              .first_byte_s = first_byte_s(snapshot),
                              .bytes_per_s_most = wall_s > 0 ? (double)snapshot->bytes / wall_s : 0};
}
