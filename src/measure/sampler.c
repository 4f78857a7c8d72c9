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
    MEMORY_EVERY_MS = 1000,
    MEMORY_AT_ONCE = 16 /* smaps_rollup costs most of a millisecond a process */
};

struct sampler_task {
    pid_t tid;
    bool known;
    uint64_t on_core_ns; /* by schedstat, in all */
    uint64_t window_ns;  /* of that, in the last window */
    uint64_t memory_bytes;
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

static void look_at_task(struct sampler *sampler, size_t slot, const struct worker_snapshot *worker)
{
    struct sampler_task *last = &sampler->last[slot];
    pid_t pid = (pid_t)worker->data.pid, tid = (pid_t)worker->data.tid;
    uint64_t before_ns = last->on_core_ns, now_ns = 0;
    bool same = last->known && last->tid == tid;
    last->window_ns = 0;
    last->known = false;
    sampler->states[slot] = (struct task_state){.core = -1};
    if (!worker->alive || !tid)
        return;
    sampler->states[slot] = machine_task(pid, tid);
    last->known = read_on_core(pid, tid, &now_ns);
    last->tid = tid;
    last->on_core_ns = now_ns;
    last->window_ns = same && now_ns > before_ns ? now_ns - before_ns : 0;
}

/* The one with the most time in the window among the runnable ones that were not chosen yet. */
static size_t most_served(const struct sampler *sampler, size_t slots)
{
    size_t best = SIZE_MAX;
    for (size_t i = 0; i < slots; i++)
        if (sampler->states[i].letter == 'R' && sampler->states[i].no_core &&
            (best == SIZE_MAX || sampler->last[i].window_ns > sampler->last[best].window_ns))
            best = i;
    return best;
}

static void choose_executing(struct sampler *sampler, size_t slots, double window_ns)
{
    double served_ns = 0;
    size_t known = 0;
    for (size_t i = 0; i < slots; i++) {
        served_ns += (double)sampler->last[i].window_ns;
        known += sampler->last[i].known;
        sampler->states[i].no_core = sampler->states[i].letter == 'R' && sampler->last[i].known;
    }
    sampler->executing = 0;
    size_t cores_worth = (size_t)llround(served_ns / window_ns);
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

/* --- memory --------------------------------------------------------------------------------------- */

static uint64_t memory_of(pid_t pid)
{
    uint64_t pss = 0, private_bytes, rss;
    return pid > 0 && machine_memory_of(pid, &pss, &private_bytes, &rss) ? pss : 0;
}

/* A few forked workers at each look, round and round; the sum is over the last figure of each. */
static void look_at_memory(struct sampler *sampler, const struct snapshot *snapshot)
{
    size_t weighed = 0;
    sampler->runner_bytes = memory_of(snapshot->runner_pid);
    sampler->processes = snapshot->runner_pid > 0;
    uint64_t sum = sampler->runner_bytes;
    for (size_t i = 0; i < snapshot->slots; i++) {
        size_t slot = (sampler->memory_next + i) % snapshot->slots;
        const struct worker_snapshot *worker = &snapshot->workers[slot];
        bool counts = worker->alive && worker->data.is_process;
        if (!counts)
            sampler->last[slot].memory_bytes = 0;
        else if (weighed < MEMORY_AT_ONCE) {
            sampler->last[slot].memory_bytes = memory_of((pid_t)worker->data.pid);
            weighed++;
        }
        sum += sampler->last[slot].memory_bytes;
        sampler->processes += counts;
    }
    sampler->memory_next += weighed;
    sampler->memory_bytes = sum;
}

/* --- the look ------------------------------------------------------------------------------------- */

int sampler_update(struct sampler *sampler, const struct snapshot *snapshot)
{
    uint64_t now_ns = clock_now_ns();
    uint64_t window_ns = WINDOW_MS * NS_PER_MS + snapshot->slots * WINDOW_A_WORKER_US * NS_PER_US;
    if (make_room(sampler, snapshot->slots) != 0)
        return ENOMEM;
    if (now_ns - sampler->looked_ns >= window_ns) {
        for (size_t i = 0; i < snapshot->slots; i++)
            look_at_task(sampler, i, &snapshot->workers[i]);
        if (sampler->looked_ns) /* the first look is only what the second is compared with */
            choose_executing(sampler, snapshot->slots, (double)(now_ns - sampler->looked_ns));
        sampler->looked_ns = now_ns;
    }
    if (now_ns - sampler->memory_looked_ns >= MEMORY_EVERY_MS * NS_PER_MS) {
        sampler->memory_looked_ns = now_ns;
        look_at_memory(sampler, snapshot);
    }
    return 0;
}

void sampler_reset(struct sampler *sampler)
{
    for (size_t i = 0; i < sampler->slots; i++) {
        sampler->states[i] = (struct task_state){.core = -1};
        sampler->last[i] = (struct sampler_task){0};
    }
    sampler->looked_ns = 0;
    sampler->memory_looked_ns =
        clock_now_ns() - (MEMORY_EVERY_MS - 300) * NS_PER_MS; /* soon, when the workers have settled */
    sampler->executing = SIZE_MAX;
    sampler->memory_bytes = 0;
    sampler->processes = 0;
    sampler->memory_next = 0;
}

void sampler_free(struct sampler *sampler)
{
    free(sampler->states);
    free(sampler->last);
    *sampler = (struct sampler){0};
}
