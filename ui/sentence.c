/* sentence.c - what is going on in a lane and why: the table of rules, and what they look at. See sentence.h. */
#include "ui/sentence.h"

#include "base/clock.h"
#include "ui/lane.h"
#include "ui/sentence_private.h"

#define LONG_NS NS_PER_S
#define NEWS_NS (5 * NS_PER_S)

/* --- what the rules look at ----------------------------------------------------------------------- */

size_t counts_at_server(const struct counts *counts)
{
    return counts->resolving + counts->connecting + counts->waiting + counts->receiving;
}

bool counts_most(size_t part, size_t all, unsigned percent)
{
    return part > 0 && part * 100 >= all * percent;
}

double counts_percent(const struct counts *counts, enum account_column column)
{
    return account_share(&counts->lane->account, column) * 100;
}

/* Workers at once that the executor asks for, and that there are jobs for. */
static size_t width_of(const struct snapshot *snap)
{
    enum strategy_workers at_once = executor_strategy(snap->executor.how)->at_once;
    size_t width = at_once == WORKERS_ONE ? 1 : at_once == WORKERS_ALL ? snap->jobs : snap->executor.width;
    return width < snap->jobs ? width : snap->jobs;
}

static uint64_t since(const struct snapshot *snap, uint64_t time_ns)
{
    return snap->now_ns > time_ns ? snap->now_ns - time_ns : 0;
}

static void count_living(struct counts *counts, const struct slot_data *data)
{
    enum phase phase = (enum phase)data->phase;
    bool is_long = data->phase_since_ns && since(counts->snap, data->phase_since_ns) >= LONG_NS;
    counts->alive++;
    counts->starting += phase == PHASE_STARTING;
    counts->resolving += phase == PHASE_RESOLVING;
    counts->connecting += phase == PHASE_CONNECTING;
    counts->waiting += phase == PHASE_WAITING;
    counts->waiting_long += phase == PHASE_WAITING && is_long;
    counts->receiving += phase == PHASE_RECEIVING;
    counts->receiving_long += phase == PHASE_RECEIVING && is_long;
    counts->backoff += phase == PHASE_BACKOFF;
    counts->writing += phase == PHASE_WRITING;
    counts->running += phase_class_of(phase) == PHASE_CLASS_RUNNING;
    counts->no_work += phase == PHASE_NO_WORK;
}

static void count_workers(struct counts *counts)
{
    const struct snapshot *snap = counts->snap;
    uint64_t last_death_ns = 0, batch_ns = 0, seats = 0;
    for (size_t i = 0; i < snap->slots; i++) {
        const struct slot_data *data = &snap->workers[i].data;
        uint64_t waits_ns = data->phase == PHASE_BARRIER ? since(snap, data->phase_since_ns) : 0;
        counts->barrier += data->phase == PHASE_BARRIER;
        counts->barrier_wait_ns = waits_ns > counts->barrier_wait_ns ? waits_ns : counts->barrier_wait_ns;
        batch_ns += data->account_ns[ACCOUNT_BARRIER]; /* settled when the next batch sits down */
        seats += snap->workers[i].used;
        if (data->died_ns > last_death_ns && since(snap, data->died_ns) < NEWS_NS) {
            last_death_ns = data->died_ns;
            counts->died = i + 1;
        }
        if (snap->workers[i].alive)
            count_living(counts, data);
    }
    uint64_t batches = snap->runner.batch > 1 ? snap->runner.batch - 1 : 0;
    counts->batch_wait_ns = batches && seats ? (double)batch_ns / (double)seats / (double)batches : -1;
}

/* Known when what was settled lately is worth half a second of each worker. */
static void count_shares(struct counts *counts)
{
    const struct account *recent = &counts->lane->recent;
    bool known = counts->alive && account_sum_ns(recent) / counts->alive >= NS_PER_S / 2;
    counts->core_share = known ? account_share(recent, ACCOUNT_ON_CORE) : -1;
    counts->ready_share = known && recent->ready_known ? account_share(recent, ACCOUNT_READY) : -1;
}

static void count(struct counts *counts, const struct model_lane *lane, unsigned cores)
{
    const struct snapshot *snap = &lane->snap;
    *counts = (struct counts){.lane = lane,
                              .snap = snap,
                              .strategy = executor_strategy(snap->executor.how),
                              .cores = cores,
                              .unit = lane_unit(snap->executor.how, true),
                              .width = width_of(snap),
                              .gil_share = snap->executor.gil ? lane_gil_of(snap).held_share : -1,
                              .ideal = {.best_s = -1, .sum_s = -1}};
    count_workers(counts);
    count_shares(counts);
    if (snap->state == RUN_DONE)
        counts->ideal = ideal_of(snap);
}

/* --- the table ------------------------------------------------------------------------------------ */

#define ANY_WORK (~0u)
#define BIT(n) (1u << (n))
#define RULE(name) #name, name##_holds, name##_says

/* The first that holds speaks, so what matters more, or is rarer, stands first. */
static const struct rule {
    unsigned states, works; /* bits of enum run_state, of enum work: where it can speak */
    const char *name;
    rule_holds *holds;
    rule_says *says;
} rules[] = {
    {BIT(RUN_PAUSED), ANY_WORK, RULE(full)},
    {BIT(RUN_PAUSED), ANY_WORK, RULE(paused)},
    {BIT(RUN_STOPPING), ANY_WORK, RULE(stopping)},

    {BIT(RUN_STOPPED), ANY_WORK, RULE(stopped)},
    {BIT(RUN_DONE), BIT(WORK_COUNTER), RULE(counter_over)},
    {BIT(RUN_DONE), ANY_WORK, RULE(all_failed)},
    {BIT(RUN_DONE), ANY_WORK, RULE(some_failed)},
    {BIT(RUN_DONE), ANY_WORK, RULE(gil_over)},
    {BIT(RUN_DONE), ANY_WORK, RULE(batch_over)},
    {BIT(RUN_DONE), BIT(WORK_DOWNLOAD), RULE(server_over)},
    {BIT(RUN_DONE), BIT(WORK_PRIMES), RULE(crowded_over)},
    {BIT(RUN_DONE), BIT(WORK_PRIMES), RULE(one_core_over)},
    {BIT(RUN_DONE), BIT(WORK_PRIMES), RULE(cores_over)},
    {BIT(RUN_DONE), BIT(WORK_PRIMES), RULE(longest_over)},
    {BIT(RUN_DONE), ANY_WORK, RULE(idle_over)},
    {BIT(RUN_DONE), ANY_WORK, RULE(over)},

    {BIT(RUN_RUNNING), ANY_WORK, RULE(killed)},
    {BIT(RUN_STARTING) | BIT(RUN_RUNNING), ANY_WORK, RULE(starting)},
    {BIT(RUN_RUNNING), BIT(WORK_DOWNLOAD), RULE(all_failing)},
    {BIT(RUN_RUNNING), BIT(WORK_DOWNLOAD), RULE(backoff)},
    {BIT(RUN_RUNNING), ANY_WORK, RULE(gil_held)},
    {BIT(RUN_RUNNING), ANY_WORK, RULE(batch_waits)},
    {BIT(RUN_RUNNING), ANY_WORK, RULE(batch_average)},
    {BIT(RUN_RUNNING), ANY_WORK, RULE(few_jobs)},
    {BIT(RUN_RUNNING), ANY_WORK, RULE(last_jobs)},

    {BIT(RUN_RUNNING), BIT(WORK_COUNTER), RULE(mutex)},
    {BIT(RUN_RUNNING), BIT(WORK_COUNTER), RULE(counting)},

    {BIT(RUN_RUNNING), BIT(WORK_DOWNLOAD), RULE(one_transfer)},
    {BIT(RUN_RUNNING), BIT(WORK_DOWNLOAD), RULE(resolving)},
    {BIT(RUN_RUNNING), BIT(WORK_DOWNLOAD), RULE(connecting)},
    {BIT(RUN_RUNNING), BIT(WORK_DOWNLOAD), RULE(writing)},
    {BIT(RUN_RUNNING), BIT(WORK_DOWNLOAD), RULE(gil_free)},
    {BIT(RUN_RUNNING), BIT(WORK_DOWNLOAD), RULE(loop)},
    {BIT(RUN_RUNNING), BIT(WORK_DOWNLOAD), RULE(first_byte)},
    {BIT(RUN_RUNNING), BIT(WORK_DOWNLOAD), RULE(slow_line)},
    {BIT(RUN_RUNNING), BIT(WORK_DOWNLOAD), RULE(waiting)},

    {BIT(RUN_RUNNING), BIT(WORK_PRIMES), RULE(turns)},
    {BIT(RUN_RUNNING), BIT(WORK_PRIMES), RULE(crowded_out)},
    {BIT(RUN_RUNNING), BIT(WORK_PRIMES), RULE(one_computes)},
    {BIT(RUN_RUNNING), BIT(WORK_PRIMES), RULE(all_compute)},
};

enum { RULES = sizeof rules / sizeof *rules };

static bool holds(const struct rule *rule, const struct counts *counts)
{
    bool applies = (rule->states & BIT(counts->snap->state)) && (rule->works & BIT(counts->snap->work));
    return applies && rule->holds(counts);
}

int sentence_of(const struct model_lane *lane, unsigned usable_cores, char *out, size_t room)
{
    struct counts counts;
    out[0] = 0;
    count(&counts, lane, usable_cores);
    for (int i = 0; i < RULES; i++)
        if (holds(&rules[i], &counts)) {
            rules[i].says(&counts, out, room);
            return i;
        }
    return -1;
}

bool sentence_holds(const struct model_lane *lane, unsigned usable_cores, int rule, char *out, size_t room)
{
    struct counts counts;
    out[0] = 0;
    if (rule < 0 || rule >= RULES)
        return false;
    count(&counts, lane, usable_cores);
    if (!holds(&rules[rule], &counts))
        return false;
    rules[rule].says(&counts, out, room);
    return true;
}

const char *sentence_rule_name(int rule)
{
    return rule >= 0 && rule < RULES ? rules[rule].name : NULL;
}
