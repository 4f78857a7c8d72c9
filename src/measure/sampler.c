/* sampler.c - the kernel's word on every worker of a run. */
#include "measure/sampler.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/sys.h"
#include "measure/sampler_private.h"

enum {
    WINDOW_MS = 120,          /* for few workers */
    COST_SHARE = 160,         /* the window is so many times what a round costs: 0.6 % of a core */
    LOOK_US = 15,             /* what one look costs, before that is measured */
    TASKS_AT_ONCE = 32,       /* so many are looked at in one go in any case: of few, all, so that their windows are one */
    TASKS_AT_ONCE_MOST = 256, /* more would hold up a frame */
};

#define SERVED 0.875 /* of the time in which it wanted a core, a worker had one: it is said to execute */

static const struct sampler_task NOBODY = {.fd = -1};

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
        sampler->last[i] = NOBODY;
    }
    sampler->slots = slots;
    sampler->kept_most = sampler_descriptors();
    return 0;
}

/* --- who has a core ------------------------------------------------------------------------------- */

static bool is_runnable(const struct sampler *sampler, size_t slot)
{
    return sampler->states[slot].letter == 'R' && sampler->last[slot].known;
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

static void let_execute(struct sampler *sampler, size_t slot)
{
    sampler->states[slot].no_core = false;
    sampler->executing++;
}

static void choose_executing(struct sampler *sampler, size_t slots, size_t cores)
{
    double worth = 0;
    size_t known = 0, best;
    sampler->executing = 0;
    for (size_t i = 0; i < slots; i++) {
        const struct sampler_task *task = &sampler->last[i];
        worth += task->share;
        known += task->known;
        sampler->states[i].no_core = is_runnable(sampler, i);
        if (sampler->states[i].no_core && task->measured && task->served >= SERVED && sampler->executing < cores)
            let_execute(sampler, i);
    }
    while (sampler->executing < (size_t)llround(worth) && (best = most_served(sampler, slots)) != SIZE_MAX)
        let_execute(sampler, best);
    if (!known)
        sampler->executing = SIZE_MAX;
}

/* --- rounds --------------------------------------------------------------------------------------- */

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

/* Up to which slot this round is to have come by now; at what it costs, it goes evenly through its window. */
static size_t due_slot(const struct sampler *sampler, size_t slots, uint64_t now_ns)
{
    double gone = (double)(now_ns - sampler->round_ns) / (double)sampler->window_ns;
    size_t due = gone < 1 ? (size_t)(gone * (double)slots) + TASKS_AT_ONCE : slots;
    size_t most = sampler->next + TASKS_AT_ONCE_MOST;
    due = due < most ? due : most;
    return due < slots ? due : slots;
}

static uint64_t sharing(const struct sampler *sampler)
{
    return sampler->sharing > 1 ? sampler->sharing : 1;
}

static void begin_round(struct sampler *sampler, const struct snapshot *snapshot, uint64_t now_ns)
{
    uint64_t look_ns = sampler->look_ns ? sampler->look_ns : LOOK_US * NS_PER_US;
    uint64_t fair_ns = snapshot->alive * look_ns * COST_SHARE * sharing(sampler);
    sampler->window_ns = (fair_ns > WINDOW_MS * NS_PER_MS ? fair_ns : WINDOW_MS * NS_PER_MS) * sampler_leisure(snapshot);
    sampler->paused = snapshot->state == RUN_PAUSED;
    sampler->round_ns = now_ns;
    sampler->next = sampler->looks = 0;
    sampler->spent_ns = sampler->gaps_ns = sampler->gaps = 0;
}

/* The first round is only what the second is compared with. */
static void end_round(struct sampler *sampler, const struct snapshot *snapshot)
{
    if (++sampler->rounds > 1)
        choose_executing(sampler, snapshot->slots, snapshot->usable_cores);
    if (sampler->gaps)
        sampler->every_ns = sampler->gaps_ns / sampler->gaps;
}

/* Looks at the next few. A round goes over all slots, a few at each call. */
static void look_at_tasks(struct sampler *sampler, const struct snapshot *snapshot, uint64_t now_ns)
{
    size_t slots = snapshot->slots;
    bool goes_on = sampler->paused && snapshot->state != RUN_PAUSED; /* a round at a pause's pace would last too long */
    if (sampler->next >= slots && now_ns - sampler->round_ns < sampler->window_ns && !goes_on)
        return;
    if (sampler->next >= slots || goes_on)
        begin_round(sampler, snapshot, now_ns);
    size_t due = due_slot(sampler, slots, now_ns);
    if (due <= sampler->next)
        return;
    uint64_t before_ns = clock_thread_cpu_ns();
    for (; sampler->next < due; sampler->next++) {
        if (has_a_task(snapshot, sampler->next)) {
            sampler_look_at_task(sampler, sampler->next, &snapshot->workers[sampler->next]);
            sampler->looks++;
        } else
            sampler_forget_task(sampler, sampler->next);
    }
    if (sampler->next >= slots)
        end_round(sampler, snapshot);
    sampler->spent_ns += clock_thread_cpu_ns() - before_ns;
    if (sampler->next >= slots && sampler->looks)
        sampler->look_ns = sampler->spent_ns / sampler->looks;
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

void sampler_rest(struct sampler *sampler)
{
    for (size_t i = 0; sampler->kept && i < sampler->slots; i++)
        sampler_forget_task(sampler, i);
    weigher_stop(&sampler->weigher);
}

void sampler_reset(struct sampler *sampler)
{
    sampler_rest(sampler);
    for (size_t i = 0; i < sampler->slots; i++) {
        sampler->states[i] = (struct task_state){.core = -1};
        sampler->last[i] = NOBODY;
    }
    sampler->round_ns = sampler->window_ns = sampler->every_ns = 0;
    sampler->next = SIZE_MAX; /* a round begins with the next look */
    sampler->rounds = 0;
    sampler->executing = SIZE_MAX;
    sampler_reset_memory(sampler);
}

void sampler_free(struct sampler *sampler)
{
    sampler_rest(sampler);
    free(sampler->states);
    free(sampler->last);
    *sampler = (struct sampler){0};
}
