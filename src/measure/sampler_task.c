/* sampler_task.c - the kernel's word on one worker, compared with what it said the last time.
 *
 * /proc/PID/task/TID has it in two files. schedstat is read at every look, off a descriptor that stays open: to open it costs several times as
 * much as to read it, and a descriptor can't come to mean another task when the number is given away again. The state and the core are in
 * stat, which costs most; it is read again only where it could say something else than the last time. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/sys.h"
#include "measure/sampler_private.h"

enum {
    LIMIT_SHARE = 8, /* of the descriptors that this process may have, for one run; its forked workers close them all */
    STATE_AGE_MAX = 8
};

#define MUCH 0.875      /* of a window: all of it, but for what a look takes */
#define LITTLE 0.125    /* of a window */
#define CORE_SHOWN 0.25 /* who has so much of one: which is it? */

size_t sampler_descriptors(void)
{
    struct rlimit limit;
    return getrlimit(RLIMIT_NOFILE, &limit) == 0 ? (size_t)(limit.rlim_cur / LIMIT_SHARE) : 0;
}

/* --- schedstat ------------------------------------------------------------------------------------ */

static void let_go(struct sampler *sampler, struct sampler_task *task)
{
    if (task->fd < 0)
        return;
    sys_close(task->fd);
    task->fd = -1;
    sampler->kept--;
}

static bool read_word(int fd, struct sampler_word *word)
{
    char text[96], *end = text;
    ssize_t got = pread(fd, text, sizeof text - 1, 0);
    if (got <= 0)
        return false;
    text[got] = 0;
    word->on_core_ns = strtoull(text, &end, 10);
    word->delay_ns = strtoull(end, &end, 10);
    word->slices = strtoull(end, &end, 10);
    return end > text && word->slices > 0; /* kernels without it have no such file, or one that says 0 0 0 */
}

/* Kept open while there is room for it. */
static bool ask(struct sampler *sampler, struct sampler_task *task, pid_t pid, pid_t tid, struct sampler_word *word)
{
    char path[64];
    if (task->fd >= 0)
        return read_word(task->fd, word);
    snprintf(path, sizeof path, "/proc/%d/task/%d/schedstat", (int)pid, (int)tid);
    int fd = sys_openat(AT_FDCWD, path, O_RDONLY | O_CLOEXEC, 0);
    bool known = fd >= 0 && read_word(fd, word);
    if (known && sampler->kept < sampler->kept_most) {
        task->fd = fd;
        sampler->kept++;
    } else if (fd >= 0)
        sys_close(fd);
    return known;
}

/* --- what it means -------------------------------------------------------------------------------- */

static double share_of(uint64_t part_ns, uint64_t whole_ns)
{
    return part_ns < whole_ns ? (double)part_ns / (double)whole_ns : 1;
}

/* What happened between two looks. */
struct between {
    uint64_t ns, on_core_ns, delay_ns;
    bool scheduled; /* it got a core, or had one */
};

static struct between compare(const struct sampler_word *then, const struct sampler_word *now, uint64_t ns)
{
    return (struct between){.ns = ns,
                            .on_core_ns = now->on_core_ns > then->on_core_ns ? now->on_core_ns - then->on_core_ns : 0,
                            .delay_ns = now->delay_ns > then->delay_ns ? now->delay_ns - then->delay_ns : 0,
                            .scheduled = now->slices != then->slices || now->on_core_ns != then->on_core_ns};
}

static bool computes(const struct worker_snapshot *worker)
{
    return phase_class_of((enum phase)worker->data.phase) == PHASE_CLASS_RUNNING;
}

/* How long it wanted a core meanwhile. Whoever computes does all the time; of the others only that is known which they had, and what
 * they waited for it: the kernel adds a wait up when it ends. */
static uint64_t wanted_ns(const struct between *between, const struct worker_snapshot *worker, uint64_t now_ns)
{
    uint64_t known_ns = between->on_core_ns + between->delay_ns;
    uint64_t phase_ns = now_ns > worker->data.phase_since_ns ? now_ns - worker->data.phase_since_ns : 0;
    uint64_t computed_ns = !computes(worker) ? 0 : phase_ns < between->ns ? phase_ns : between->ns;
    return known_ns > computed_ns ? known_ns : computed_ns;
}

/* Whether its state or its core can be another one than when they were read. Without a core nobody goes to sleep, and whoever computed, or wanted
 * to, all the time still does. Of those who wait for a server, and did so most of the time, now and then is often enough. */
static bool is_to_be_read(const struct sampler_task *task, const struct task_state *state, const struct between *between,
                          const struct worker_snapshot *worker)
{
    double busy = share_of(between->on_core_ns + between->delay_ns, between->ns);
    if (!task->measured || task->age >= STATE_AGE_MAX || !state->letter || task->share >= CORE_SHOWN)
        return true;
    if (state->letter == 'R')
        return between->scheduled && !(computes(worker) && busy >= MUCH);
    return computes(worker) || busy >= LITTLE;
}

/* --- the look ------------------------------------------------------------------------------------- */

void sampler_forget_task(struct sampler *sampler, size_t slot)
{
    struct sampler_task *task = &sampler->last[slot];
    sampler->states[slot] = (struct task_state){.core = -1};
    let_go(sampler, task);
    task->known = task->measured = false;
    task->share = task->served = 0;
    task->tid = 0;
}

static void look_at_state(struct sampler *sampler, size_t slot, pid_t pid)
{
    struct sampler_task *task = &sampler->last[slot];
    bool had_no_core = sampler->states[slot].no_core;
    sampler->states[slot] = machine_task(pid, task->tid);
    sampler->states[slot].no_core = had_no_core && sampler->states[slot].letter == 'R';
    task->age = 0;
}

/* What the figures say, beside those of the last look. */
static struct between take_word(struct sampler *sampler, struct sampler_task *task, const struct sampler_word *word,
                                const struct worker_snapshot *worker)
{
    uint64_t now_ns = clock_now_ns();
    struct between between = {.ns = 0};
    task->measured &= now_ns > task->looked_ns;
    task->share = task->served = 0;
    if (task->measured) {
        between = compare(&task->word, word, now_ns - task->looked_ns);
        uint64_t wanted = wanted_ns(&between, worker, now_ns);
        task->share = share_of(between.on_core_ns, between.ns);
        task->served = wanted ? share_of(between.on_core_ns, wanted) : 0;
        sampler->gaps_ns += between.ns;
        sampler->gaps++;
    }
    task->word = *word;
    task->looked_ns = now_ns;
    return between;
}

void sampler_look_at_task(struct sampler *sampler, size_t slot, const struct worker_snapshot *worker)
{
    struct sampler_task *task = &sampler->last[slot];
    pid_t pid = (pid_t)worker->data.pid, tid = (pid_t)worker->data.tid;
    struct sampler_word word = {0};
    if (task->tid != tid)
        sampler_forget_task(sampler, slot);
    task->tid = tid;
    bool was_known = task->known;
    task->known = ask(sampler, task, pid, tid, &word);
    task->measured = was_known && task->known;
    struct between between = take_word(sampler, task, &word, worker);
    task->age++;
    if (is_to_be_read(task, &sampler->states[slot], &between, worker))
        look_at_state(sampler, slot, pid);
    if (!task->known)
        let_go(sampler, task);
}
