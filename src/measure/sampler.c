/* sampler.c - the kernel's word on every worker of a run. */
#include "measure/sampler.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/sys.h"
#include "measure/proc_file.h"

enum {
    WINDOW_MS = 120,          /* for few workers */
    WINDOW_A_WORKER_US = 600, /* many are looked at less often, so that looking stays below a few percent of a core */
    TASKS_AT_ONCE = 32,       /* two files each: more in one go would hold up a frame */
    TASKS_EVERY_MS = 15,
    MEMORY_EVERY_MS = 1000,
    MEMORY_AT_ONCE = 16, /* forked workers weighed in one round */
    MEMORY_THREADS = 32, /* a runner with more of them is weighed by a child of ours (weigher.h) */
    MEMORY_A_CALL = 3    /* smaps_rollup costs most of a millisecond a process */
};

struct sampler_task {
    pid_t tid;
    bool known;          /* on_core_ns has been read */
    bool measured;       /* twice, so share is there */
    uint64_t on_core_ns; /* by schedstat, in all */
    uint64_t looked_ns;
    double share; /* of the time between the last two looks, on a core: 0 ... 1 */
    pid_t weighed_pid;
    uint64_t memory_bytes; /* of weighed_pid; 0: not known */
};

static int make_room(struct sampler *sampler, size_t slots)
{
    if (slots <= sampler->slots)
        return 0;
    struct task_state *states = sys_realloc(sampler->states, slots * sizeof *states);
    if (states)
        sampler->states = states;
    struct sampler_task *last = sys_realloc(sampler->last, slots * sizeof *last);
    if (last)
        sampler->last = last;
    if (!states || !last)
        return ENOMEM;
    for (size_t i = sampler->slots; i < slots; i++) {
        sampler->states[i] = (struct task_state){.core = -1};
        sampler->last[i] = (struct sampler_task){0};
    }
    sampler->slots = slots;
    return 0;
}

static bool read_on_core(pid_t pid, pid_t tid, uint64_t *on_core_ns)
{
    char path[64], text[96];
    unsigned long long value;
    snprintf(path, sizeof path, "/proc/%d/task/%d/schedstat", (int)pid, (int)tid);
    if (proc_read(path, text, sizeof text) <= 0 || sscanf(text, "%llu", &value) != 1)
        return false;
    *on_core_ns = value;
    return true;
}

static void forget_task(struct sampler *sampler, size_t slot)
{
    struct sampler_task *task = &sampler->last[slot];
    sampler->states[slot] = (struct task_state){.core = -1};
    task->known = task->measured = false;
    task->share = 0;
}

static void look_at_task(struct sampler *sampler, size_t slot, const struct worker_snapshot *worker)
{
    struct sampler_task *task = &sampler->last[slot];
    pid_t pid = (pid_t)worker->data.pid, tid = (pid_t)worker->data.tid;
    uint64_t on_core_ns = 0, now_ns = clock_now_ns();
    bool had_no_core = sampler->states[slot].no_core;
    bool same = task->known && task->tid == tid;
    sampler->states[slot] = machine_task(pid, tid);
    sampler->states[slot].no_core = same && had_no_core && sampler->states[slot].letter == 'R';
    task->known = read_on_core(pid, tid, &on_core_ns);
    task->measured = same && task->known && now_ns > task->looked_ns;
    task->share = 0;
    if (task->measured && on_core_ns > task->on_core_ns)
        task->share = (double)(on_core_ns - task->on_core_ns) / (double)(now_ns - task->looked_ns);
    task->tid = tid;
    task->on_core_ns = on_core_ns;
    task->looked_ns = now_ns;
}

/* The one with the largest share among the runnable ones that were not chosen yet. */
static size_t most_served(const struct sampler *sampler, size_t slots)
{
    size_t best = SIZE_MAX;
    for (size_t i = 0; i < slots; i++)
        if (sampler->states[i].no_core && (best == SIZE_MAX || sampler->last[i].share > sampler->last[best].share))
            best = i;
    return best;
}

static void choose_executing(struct sampler *sampler, size_t slots)
{
    double cores = 0;
    size_t known = 0;
    for (size_t i = 0; i < slots; i++) {
        cores += sampler->last[i].share;
        known += sampler->last[i].known;
        sampler->states[i].no_core = sampler->states[i].letter == 'R' && sampler->last[i].known;
    }
    sampler->executing = 0;
    size_t cores_worth = (size_t)llround(cores);
    for (size_t chosen = 0; chosen < cores_worth; chosen++) {
        size_t best = most_served(sampler, slots);
        if (best == SIZE_MAX)
            break;
        sampler->states[best].no_core = false;
        sampler->executing++;
    }
    if (!known)
        sampler->executing = SIZE_MAX;
}

/* Looks at the next few. A round goes over all slots, a few at each call; the first is only what the second is compared with. */
static void look_at_tasks(struct sampler *sampler, const struct snapshot *snapshot, uint64_t now_ns)
{
    uint64_t window_ns = WINDOW_MS * NS_PER_MS + snapshot->slots * WINDOW_A_WORKER_US * NS_PER_US;
    bool between = sampler->next >= snapshot->slots; /* rounds */
    if (now_ns - sampler->looked_ns < TASKS_EVERY_MS * NS_PER_MS || (between && now_ns - sampler->round_ns < window_ns))
        return;
    if (between) {
        sampler->next = 0;
        sampler->round_ns = now_ns;
    }
    sampler->looked_ns = now_ns;
    for (size_t looked = 0; looked < TASKS_AT_ONCE && sampler->next < snapshot->slots; sampler->next++) {
        const struct worker_snapshot *worker = &snapshot->workers[sampler->next];
        if (worker->alive && worker->data.tid) {
            look_at_task(sampler, sampler->next, worker);
            looked++;
        } else
            forget_task(sampler, sampler->next);
    }
    if (sampler->next >= snapshot->slots && ++sampler->rounds > 1)
        choose_executing(sampler, snapshot->slots);
}

/* --- memory --------------------------------------------------------------------------------------- */

static uint64_t memory_of(pid_t pid)
{
    uint64_t pss = 0, private_bytes, rss;
    return pid > 0 && machine_memory_of(pid, &pss, &private_bytes, &rss) ? pss : 0;
}

static bool has_memory_of_its_own(const struct worker_snapshot *worker)
{
    return worker->alive && worker->data.kind == WORKER_PROCESS;
}

/* A few forked workers at each call, round and round over the slots, until this second's share of them is weighed. */
static void weigh_some(struct sampler *sampler, const struct snapshot *snapshot)
{
    size_t weighed = 0;
    for (; sampler->memory_left && weighed < MEMORY_A_CALL; sampler->memory_left--) {
        size_t slot = sampler->memory_next++ % snapshot->slots;
        const struct worker_snapshot *worker = &snapshot->workers[slot];
        if (!has_memory_of_its_own(worker))
            continue;
        struct sampler_task *task = &sampler->last[slot];
        task->weighed_pid = (pid_t)worker->data.pid;
        task->memory_bytes = memory_of(task->weighed_pid);
        weighed++;
        if (++sampler->memory_weighed == MEMORY_AT_ONCE)
            sampler->memory_left = 1; /* the loop takes this one away */
    }
}

/* The sum over the last figure of each; those that were not weighed yet count as the others do on average, and then it is an estimate. */
static void sum_memory(struct sampler *sampler, const struct snapshot *snapshot)
{
    size_t alive = 0, known = 0;
    uint64_t sum = 0;
    for (size_t slot = 0; slot < snapshot->slots; slot++) {
        const struct sampler_task *task = &sampler->last[slot];
        if (!has_memory_of_its_own(&snapshot->workers[slot]))
            continue;
        alive++;
        if (task->memory_bytes && task->weighed_pid == (pid_t)snapshot->workers[slot].data.pid) {
            known++;
            sum += task->memory_bytes;
        }
    }
    bool can_tell = sampler->runner_bytes && (known || !alive);
    sampler->processes = alive + (snapshot->runner_pid > 0);
    sampler->memory_estimated = known < alive;
    sampler->memory_bytes =
        can_tell ? sampler->runner_bytes + (known ? (uint64_t)((double)sum / (double)known * (double)alive) : 0) : 0;
    if (!sampler->memory_estimated && can_tell)
        sampler->memory_bytes = sampler->runner_bytes + sum;
}

static void weigh_runner(struct sampler *sampler, const struct snapshot *snapshot)
{
    bool forks = executor_strategy(snapshot->executor.how)->backend == BACKEND_PROCESS;
    if (!forks && snapshot->alive > MEMORY_THREADS)
        weigher_start(&sampler->weigher, snapshot->runner_pid);
    else
        sampler->runner_bytes = memory_of(snapshot->runner_pid);
}

static void hear_weigher(struct sampler *sampler, const struct snapshot *snapshot)
{
    pid_t of;
    uint64_t bytes;
    if (!weigher_take(&sampler->weigher, &of, &bytes) || of != snapshot->runner_pid)
        return; /* of a run that is gone */
    sampler->runner_bytes = bytes;
    sum_memory(sampler, snapshot);
}

static void look_at_memory(struct sampler *sampler, const struct snapshot *snapshot, uint64_t now_ns)
{
    if (!sampler->memory_left) {
        if (now_ns - sampler->memory_looked_ns < MEMORY_EVERY_MS * NS_PER_MS || !snapshot->slots)
            return;
        sampler->memory_looked_ns = now_ns;
        sampler->memory_left = snapshot->slots;
        sampler->memory_weighed = 0;
        weigh_runner(sampler, snapshot);
    }
    hear_weigher(sampler, snapshot);
    weigh_some(sampler, snapshot);
    if (!sampler->memory_left)
        sum_memory(sampler, snapshot);
}

/* --- the look ------------------------------------------------------------------------------------- */

int sampler_update(struct sampler *sampler, const struct snapshot *snapshot)
{
    uint64_t now_ns = clock_now_ns();
    if (make_room(sampler, snapshot->slots) != 0)
        return ENOMEM;
    look_at_tasks(sampler, snapshot, now_ns);
    look_at_memory(sampler, snapshot, now_ns);
    return 0;
}

void sampler_reset(struct sampler *sampler)
{
    for (size_t i = 0; i < sampler->slots; i++) {
        sampler->states[i] = (struct task_state){.core = -1};
        sampler->last[i] = (struct sampler_task){0};
    }
    sampler->looked_ns = sampler->round_ns = 0;
    sampler->next = sampler->rounds = 0;
    sampler->memory_looked_ns =
        clock_now_ns() - (MEMORY_EVERY_MS - 300) * NS_PER_MS; /* soon, when the workers have settled */
    sampler->executing = SIZE_MAX;
    sampler->memory_bytes = sampler->runner_bytes = 0;
    sampler->memory_estimated = false;
    sampler->processes = 0;
    sampler->memory_next = sampler->memory_left = sampler->memory_weighed = 0;
}

void sampler_free(struct sampler *sampler)
{
    weigher_stop(&sampler->weigher);
    free(sampler->states);
    free(sampler->last);
    *sampler = (struct sampler){0};
}
