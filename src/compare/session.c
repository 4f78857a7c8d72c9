/* session.c - a comparison as a state machine that never waits.
 *
 *     QUIET    nothing runs for a moment: the load that others put on the machine is read, and what the last run left settles
 *     RUNNING  one run, watched until it is over; its figures are taken, and the run is freed
 *     OVER     every round is done, or it was told to stop
 *
 * One process, one thread: the app's. At most one run exists at any time, so runs do not disturb each other. */
#include "juggler/compare.h"

#include <sched.h>
#include <sys/resource.h>
#include <sys/timerfd.h>
#include <time.h>

#include "base/clock.h"
#include "base/problem.h"
#include "base/text.h"
#include "compare/plan.h"
#include "compare/session.h"
#include "measure/ideal.h"

enum {
    QUIET_ROUND_MS = 200, /* before a round: twenty ticks of the kernel's count */
    QUIET_RUN_MS = 60,
    RUSAGE_BLOCK_BYTES = 512 /* of ru_inblock, getrusage(2) */
};

/* --- the quiet before a run ----------------------------------------------------------------------- */

static uint64_t own_cpu_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (uint64_t)now.tv_sec * NS_PER_S + (uint64_t)now.tv_nsec;
}

static void begin_quiet(struct compare *compare, unsigned ms)
{
    const struct itimerspec when = {.it_value = {.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * (long)NS_PER_MS}};
    compare->stage = STAGE_QUIET;
    compare->quiet_since_ns = clock_now_ns();
    compare->quiet_until_ns = compare->quiet_since_ns + ms * NS_PER_MS;
    compare->own_cpu_ns = own_cpu_ns();
    machine_load_update(&compare->load);
    timerfd_settime(compare->timer_fd, 0, &when, NULL);
}

/* What was busy meanwhile beside ourselves, of the cores that this process may use (its affinity): in cores. */
static void read_load(struct compare *compare)
{
    double passed_s = (double)(clock_now_ns() - compare->quiet_since_ns) / (double)NS_PER_S;
    double own_s = (double)(own_cpu_ns() - compare->own_cpu_ns) / (double)NS_PER_S;
    double busy = 0;
    bool known = false;
    cpu_set_t usable;
    bool limited = sched_getaffinity(0, sizeof usable, &usable) == 0;
    machine_load_update(&compare->load);
    for (unsigned i = 0; i < compare->load.cores; i++) {
        if (limited && !CPU_ISSET(i, &usable))
            continue;
        known = known || compare->load.busy[i] >= 0;
        busy += compare->load.busy[i] > 0 ? compare->load.busy[i] : 0;
    }
    compare->load_now = -1;
    if (!known || passed_s <= 0)
        return;
    busy -= own_s / passed_s;
    compare->load_now = busy > 0 ? busy : 0;
    compare->load_sum += compare->load_now;
    compare->load_count++;
    if (compare->load_now > compare->load_most)
        compare->load_most = compare->load_now;
}

size_t session_runs_all(const struct compare *compare)
{
    size_t runs = 0;
    for (size_t i = 0; i < compare->entries_count; i++)
        runs += compare->entries[i].dropped ? compare->entries[i].ended : compare->options.rounds + 1;
    return runs;
}

/* --- from run to run ------------------------------------------------------------------------------ */

struct entry *session_entry_now(struct compare *compare)
{
    return &compare->entries[compare->order[compare->at]];
}

bool session_is_line(const struct compare *compare, const struct entry *entry)
{
    return entry < compare->entries + compare->options.count;
}

static void begin_round(struct compare *compare, unsigned round)
{
    compare->round = round;
    compare->at = 0;
    plan_shuffle(compare->options.seed, round, compare->order, compare->entries_count);
}

static void end_all(struct compare *compare)
{
    compare->stage = STAGE_OVER;
    session_settle(compare);
}

/* To the next one that is to be measured: in this round, or in the next. */
static void go_on(struct compare *compare, bool begun)
{
    compare->at += begun;
    for (;;) {
        while (compare->at < compare->entries_count && session_entry_now(compare)->dropped)
            compare->at++;
        if (compare->at < compare->entries_count)
            break;
        if (compare->round == compare->options.rounds) {
            end_all(compare);
            return;
        }
        begin_round(compare, compare->round + 1);
    }
    begin_quiet(compare, compare->at == 0 ? QUIET_ROUND_MS : QUIET_RUN_MS);
}

static void drop(struct entry *entry, const char *why)
{
    entry->dropped = true;
    text_show(entry->problem, sizeof entry->problem, why, false);
}

static uint64_t disk_bytes_of_children(void)
{
    struct rusage usage;
    return getrusage(RUSAGE_CHILDREN, &usage) == 0 ? (uint64_t)usage.ru_inblock * RUSAGE_BLOCK_BYTES : 0;
}

static struct run_options run_options_of(const struct compare *compare, const struct entry *entry)
{
    return (struct run_options){.set = entry->set,
                                .executor = entry->executor,
                                .usable_cores = compare->options.usable_cores,
                                .lease_ns = compare->options.lease_ns,
                                .switch_interval_ns = compare->options.switch_interval_ns,
                                .end_when_full = true,
                                .keep_events = compare->options.origin && entry->set == compare->options.set &&
                                               entry->set->count <= JOBS_MANY};
}

static void start_run(struct compare *compare)
{
    struct entry *entry = session_entry_now(compare);
    const struct run_options options = run_options_of(compare, entry);
    struct problem problem = {.text = ""};
    read_load(compare);
    compare->disk_bytes = disk_bytes_of_children();
    compare->bytes_per_s_most = 0;
    compare->snapshot = (struct snapshot){0};
    sampler_reset(&compare->sampler);
    compare->run = run_start(&options, &problem);
    compare->stage = STAGE_RUNNING;
    if (compare->run)
        return;
    drop(entry, problem.text);
    session_settle(compare);
    go_on(compare, true);
}

/* --- the run going on ----------------------------------------------------------------------------- */

void session_look_at_run(struct compare *compare)
{
    run_snapshot(compare->run, &compare->snapshot);
    if (!run_state_is_over(compare->snapshot.state))
        sampler_weigh(&compare->sampler, &compare->snapshot);
    compare->snapshot.memory = compare->sampler.memory;
    if (compare->snapshot.bytes_per_s > compare->bytes_per_s_most)
        compare->bytes_per_s_most = compare->snapshot.bytes_per_s;
}

static void keep_parts(struct entry *entry, const struct snapshot *snapshot)
{
    if (!entry->parts || entry->parts_rounds == PARTS_ROUNDS_MAX)
        return;
    uint64_t *parts = entry->parts + entry->parts_rounds++ * snapshot->jobs;
    for (size_t i = 0; i < snapshot->jobs; i++)
        parts[i] = ideal_part_ns(snapshot, i);
}

static void keep_marks(struct compare *compare, struct entry *entry, const struct run_marks *marks)
{
    struct run_marks *sums = &entry->marks;
    sums->paused_ns += marks->paused_ns;
    sums->killed += marks->killed;
    sums->tries_more += marks->tries_more;
    entry->first_bytes_s[entry->count] = marks->first_byte_s;
    compare->later_disk_bytes += marks->disk_bytes;
    if (!session_is_line(compare, entry))
        return;
    double most = marks->bytes_per_s_most > compare->bytes_per_s_most ? marks->bytes_per_s_most : compare->bytes_per_s_most;
    compare->throughput_most = most > compare->throughput_most ? most : compare->throughput_most;
}

static void take_figures(struct compare *compare, struct entry *entry)
{
    struct compare_run run = harvest_run(&compare->snapshot);
    struct run_marks marks = harvest_marks(&compare->snapshot);
    uint64_t disk_bytes = disk_bytes_of_children();
    marks.disk_bytes = disk_bytes > compare->disk_bytes ? disk_bytes - compare->disk_bytes : 0;
    run.round = compare->round;
    run.position = (unsigned)compare->at;
    run.load = compare->load_now;
    if (run.state != RUN_DONE || run.wall_s < 0)
        drop(entry, *compare->snapshot.problem ? compare->snapshot.problem : "it ended before its jobs did");
    else if (compare->round == 0) {
        entry->warm_up = run;
        compare->warm_disk_bytes += marks.disk_bytes;
    } else {
        keep_marks(compare, entry, &marks);
        keep_parts(entry, &compare->snapshot);
        entry->runs[entry->count++] = run;
    }
}

static void end_run(struct compare *compare)
{
    session_entry_now(compare)->ended++;
    take_figures(compare, session_entry_now(compare));
    run_free(compare->run);
    compare->run = NULL;
    compare->runs_done++;
    session_settle(compare);
    go_on(compare, true);
}

void session_begin(struct compare *compare)
{
    begin_round(compare, 0);
    session_settle(compare);
    go_on(compare, false);
}

void compare_tick(struct compare *compare)
{
    if (compare->stage == STAGE_QUIET && clock_now_ns() >= compare->quiet_until_ns)
        start_run(compare);
    if (compare->stage != STAGE_RUNNING)
        return;
    run_tick(compare->run);
    session_look_at_run(compare);
    if (run_is_over(compare->run))
        end_run(compare);
}

int compare_pidfd(const struct compare *compare)
{
    if (compare->stage == STAGE_RUNNING)
        return run_pidfd(compare->run);
    return compare->stage == STAGE_QUIET ? compare->timer_fd : -1;
}

void compare_stop(struct compare *compare)
{
    if (compare->stage == STAGE_OVER)
        return;
    run_free(compare->run);
    compare->run = NULL;
    compare->stopped = true;
    end_all(compare);
}
