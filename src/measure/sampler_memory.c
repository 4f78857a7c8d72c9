/* sampler_memory.c - the memory of a run: what its processes have for themselves, and what they share.
 *
 * Two ways to look. With a screen: a few processes at each call, so that no frame waits, round and round, once a second. Without one: all of
 * them (of many, some) at once, as soon as there is a worker, soon again while more are coming, then rarely; and the greatest figure stays,
 * for what is asked there is how much the run needed. */
#include <errno.h>
#include <string.h>

#include "base/clock.h"
#include "measure/sampler_private.h"

enum {
    MEMORY_EVERY_MS = 1000,
    MEMORY_AT_ONCE = 16, /* forked workers weighed in one round */
    MEMORY_THREADS = 32, /* a runner with more of them is weighed by a child of ours (weigher.h) */
    MEMORY_A_CALL = 3,   /* smaps_rollup costs most of a millisecond a process */
    MEMORY_COST = 320,   /* with a screen: a round is followed by so many times what it cost, which is 0.3 % of a core */
    EARLY_LOOKS = 5,     /* without a screen: so many at growing distances, while workers are being made */
    EARLY_MS = 15,       /* the first of these distances; each is twice the last */
    COST_SHARE = 100     /* later a look is followed by this many times as long without one */
};

/* --- one process ---------------------------------------------------------------------------------- */

static struct sampler_weight weigh(pid_t pid)
{
    struct sampler_weight weight = {.pss_bytes = 0};
    uint64_t rss;
    if (pid <= 0 || !machine_memory_of(pid, &weight.pss_bytes, &weight.private_bytes, &rss))
        weight = (struct sampler_weight){.pss_bytes = 0};
    return weight;
}

static bool has_memory_of_its_own(const struct worker_snapshot *worker)
{
    return worker->alive && worker->data.kind == WORKER_PROCESS;
}

static void weigh_worker(struct sampler *sampler, const struct snapshot *snapshot, size_t slot)
{
    struct sampler_task *task = &sampler->last[slot];
    task->weighed_pid = (pid_t)snapshot->workers[slot].data.pid;
    task->weight = weigh(task->weighed_pid);
}

static void weigh_runner(struct sampler *sampler, const struct snapshot *snapshot)
{
    bool has_threads = executor_strategy(snapshot->executor.how)->backend == BACKEND_THREAD;
    if (has_threads && snapshot->alive > MEMORY_THREADS)
        weigher_start(&sampler->weigher, snapshot->runner_pid);
    else
        sampler->runner = weigh(snapshot->runner_pid);
}

/* --- all together --------------------------------------------------------------------------------- */

/* The forked workers that live, and those of them that have been weighed. */
struct crowd {
    size_t alive, known;
    double pss_bytes, private_bytes; /* of those known */
};

static struct crowd crowd_of(const struct sampler *sampler, const struct snapshot *snapshot)
{
    struct crowd crowd = {.alive = 0};
    for (size_t slot = 0; slot < snapshot->slots; slot++) {
        const struct sampler_task *task = &sampler->last[slot];
        if (!has_memory_of_its_own(&snapshot->workers[slot]))
            continue;
        crowd.alive++;
        if (!task->weight.pss_bytes || task->weighed_pid != (pid_t)snapshot->workers[slot].data.pid)
            continue;
        crowd.known++;
        crowd.pss_bytes += (double)task->weight.pss_bytes;
        crowd.private_bytes += (double)task->weight.private_bytes;
    }
    return crowd;
}

/* Threads have nothing for themselves: all of their process is everyone's. */
static struct memory_figures figures_of_threads(const struct sampler *sampler)
{
    uint64_t bytes = sampler->runner.pss_bytes;
    return (struct memory_figures){.shared_bytes = bytes, .together_bytes = bytes, .processes = bytes > 0};
}

/* The sum over the last figure of each; those that were not weighed yet count as the others do on average, and then it is an estimate. */
static struct memory_figures figures_of_processes(const struct sampler *sampler, const struct snapshot *snapshot)
{
    struct crowd crowd = crowd_of(sampler, snapshot);
    if (!sampler->runner.pss_bytes || (crowd.alive && !crowd.known))
        return (struct memory_figures){.processes = 0};
    double times = crowd.known ? (double)crowd.alive / (double)crowd.known : 0;
    struct memory_figures figures = {
        .private_bytes = sampler->runner.private_bytes + (uint64_t)(crowd.private_bytes * times),
        .together_bytes = sampler->runner.pss_bytes + (uint64_t)(crowd.pss_bytes * times),
        .worker_bytes = crowd.known ? (uint64_t)(crowd.private_bytes / (double)crowd.known) : 0,
        .processes = crowd.alive + 1,
        .estimated = crowd.known < crowd.alive,
    };
    if (figures.together_bytes > figures.private_bytes) /* they are read one after another, and grow meanwhile */
        figures.shared_bytes = figures.together_bytes - figures.private_bytes;
    return figures;
}

/* What is known keeps until something else is: a run that has just ended still shows what it took. */
static void sum_memory(struct sampler *sampler, const struct snapshot *snapshot, bool keep_greatest)
{
    bool forks = executor_strategy(snapshot->executor.how)->backend == BACKEND_PROCESS;
    struct memory_figures figures = forks ? figures_of_processes(sampler, snapshot) : figures_of_threads(sampler);
    if (figures.together_bytes && (!keep_greatest || figures.together_bytes > sampler->memory.together_bytes))
        sampler->memory = figures;
}

static void hear_weigher(struct sampler *sampler, const struct snapshot *snapshot, bool keep_greatest)
{
    struct weigher_answer answer;
    if (!weigher_take(&sampler->weigher, &answer))
        return;
    sampler->memory_spent_ns += answer.cost_ns;
    if (answer.of != snapshot->runner_pid)
        return; /* of a runner that is gone */
    sampler->runner = (struct sampler_weight){.pss_bytes = answer.pss_bytes};
    sum_memory(sampler, snapshot, keep_greatest);
}

/* --- with a screen -------------------------------------------------------------------------------- */

/* A few forked workers at each call, round and round over the slots, until this second's share of them is weighed. */
static void weigh_some(struct sampler *sampler, const struct snapshot *snapshot)
{
    size_t weighed = 0;
    for (; sampler->memory_left && weighed < MEMORY_A_CALL; sampler->memory_left--) {
        size_t slot = sampler->memory_next++ % snapshot->slots;
        if (!has_memory_of_its_own(&snapshot->workers[slot]))
            continue;
        weigh_worker(sampler, snapshot, slot);
        weighed++;
        if (++sampler->memory_weighed == MEMORY_AT_ONCE)
            sampler->memory_left = 1; /* the loop takes this one away */
    }
}

/* How long after the last round: soon after the start, for runs that are over soon; again when the workers have settled; then regularly, as
 * often as what it costs allows. */
static uint64_t round_distance_ns(const struct sampler *sampler, const struct snapshot *snapshot)
{
    static const unsigned FIRST_MS[] = {40, 260};
    size_t rounds = sampler->memory_rounds;
    if (rounds < sizeof FIRST_MS / sizeof *FIRST_MS)
        return FIRST_MS[rounds] * NS_PER_MS;
    uint64_t fair_ns = sampler->memory_spent_ns * MEMORY_COST * (sampler->sharing > 1 ? sampler->sharing : 1);
    return (fair_ns > MEMORY_EVERY_MS * NS_PER_MS ? fair_ns : MEMORY_EVERY_MS * NS_PER_MS) * sampler_leisure(snapshot);
}

static void weigh_next(struct sampler *sampler, const struct snapshot *snapshot, bool begin)
{
    uint64_t before_ns = clock_thread_cpu_ns();
    if (begin)
        weigh_runner(sampler, snapshot);
    weigh_some(sampler, snapshot);
    sampler->memory_spent_ns += clock_thread_cpu_ns() - before_ns;
    if (!sampler->memory_left)
        sum_memory(sampler, snapshot, false);
}

void sampler_look_at_memory(struct sampler *sampler, const struct snapshot *snapshot, uint64_t now_ns)
{
    bool begin = !sampler->memory_left;
    hear_weigher(sampler, snapshot, false);
    if (begin) {
        if (now_ns - sampler->memory_looked_ns < round_distance_ns(sampler, snapshot) || !snapshot->slots ||
            !snapshot->alive)
            return;
        sampler->memory_looked_ns = now_ns;
        sampler->memory_rounds++;
        sampler->memory_left = snapshot->slots;
        sampler->memory_weighed = sampler->memory_spent_ns = 0;
    }
    weigh_next(sampler, snapshot, begin);
}

/* --- without one ---------------------------------------------------------------------------------- */

static void weigh_round(struct sampler *sampler, const struct snapshot *snapshot)
{
    size_t weighed = 0;
    weigh_runner(sampler, snapshot);
    for (size_t looked = 0; looked < snapshot->slots && weighed < MEMORY_AT_ONCE; looked++) {
        size_t slot = sampler->memory_next++ % snapshot->slots;
        if (!has_memory_of_its_own(&snapshot->workers[slot]))
            continue;
        weigh_worker(sampler, snapshot, slot);
        weighed++;
    }
    sum_memory(sampler, snapshot, true);
}

/* When to look again, after a look that took so long. */
static uint64_t distance_ns(const struct sampler *sampler, uint64_t cost_ns)
{
    bool early = sampler->memory_looks <= EARLY_LOOKS;
    uint64_t least_ns = early ? (uint64_t)EARLY_MS * NS_PER_MS << (sampler->memory_looks - 1) : MEMORY_EVERY_MS * NS_PER_MS;
    uint64_t fair_ns = cost_ns * (early ? COST_SHARE / 10 : COST_SHARE);
    return least_ns > fair_ns ? least_ns : fair_ns;
}

int sampler_weigh(struct sampler *sampler, const struct snapshot *snapshot)
{
    uint64_t before_ns = clock_now_ns();
    if (sampler_make_room(sampler, snapshot->slots) != 0)
        return ENOMEM;
    hear_weigher(sampler, snapshot, true);
    if (!snapshot->alive || snapshot->runner_pid <= 0 || before_ns < sampler->memory_due_ns)
        return 0;
    weigh_round(sampler, snapshot);
    if (sampler->memory.together_bytes) /* else none of it could be read: again at the next call */
        sampler->memory_looks++;
    uint64_t now_ns = clock_now_ns();
    if (sampler->memory_looks)
        sampler->memory_due_ns = now_ns + distance_ns(sampler, now_ns - before_ns);
    return 0;
}

void sampler_reset_memory(struct sampler *sampler)
{
    sampler->memory_looked_ns = clock_now_ns();
    sampler->memory = (struct memory_figures){.processes = 0};
    sampler->runner = (struct sampler_weight){.pss_bytes = 0};
    sampler->memory_next = sampler->memory_left = sampler->memory_weighed = 0;
    sampler->memory_due_ns = sampler->memory_looks = sampler->memory_rounds = sampler->memory_spent_ns = 0;
}
