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
#include "measure/sampler_private.h"

enum {
    WINDOW_MS = 120,          /* for few workers */
    WINDOW_A_WORKER_US = 600, /* many are looked at less often, so that looking stays below a few percent of a core */
    TASKS_AT_ONCE = 32,       /* two files each: more in one go would hold up a frame */
    TASKS_EVERY_MS = 15
};

int sampler_make_room(struct sampler *sampler, size_t slots)
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

/* The transfers of an event loop share the runner's one thread: it counts once, for the first of them. */
static bool has_a_task(const struct snapshot *snapshot, size_t slot)
{
    const struct worker_snapshot *worker = &snapshot->workers[slot];
    size_t first = 0;
    if (!worker->alive || !worker->data.tid)
        return false;
    while (worker->data.kind == WORKER_TRANSFER && first < slot && !snapshot->workers[first].alive)
        first++;
    return worker->data.kind != WORKER_TRANSFER || first == slot;
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
        if (has_a_task(snapshot, sampler->next)) {
            look_at_task(sampler, sampler->next, &snapshot->workers[sampler->next]);
            looked++;
        } else
            forget_task(sampler, sampler->next);
    }
    if (sampler->next >= snapshot->slots && ++sampler->rounds > 1)
        choose_executing(sampler, snapshot->slots);
}

/* --- the look ------------------------------------------------------------------------------------- */

int sampler_update(struct sampler *sampler, const struct snapshot *snapshot)
{
    uint64_t now_ns = clock_now_ns();
    if (sampler_make_room(sampler, snapshot->slots) != 0)
        return ENOMEM;
    look_at_tasks(sampler, snapshot, now_ns);
    if (!sampler->memory_looks) /* else it is sampler_weigh's */
        sampler_look_at_memory(sampler, snapshot, now_ns);
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
    sampler->executing = SIZE_MAX;
    sampler_reset_memory(sampler);
}

void sampler_free(struct sampler *sampler)
{
    weigher_stop(&sampler->weigher);
    free(sampler->states);
    free(sampler->last);
    *sampler = (struct sampler){0};
}
