/* fake_worker.c - the functions of juggler/worker.h, recording. See fake_worker.h. */
#include "tests/unit/fake_worker.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "juggler/loop.h"

void fake_worker_init(struct worker *worker)
{
    *worker = (struct worker){0};
}

void fake_worker_clear(struct worker *worker)
{
    worker->progress_count = 0;
    worker->phases_count = 0;
    worker->checkpoints = 0;
    worker->checkpoint_gap_ns = 0;
    worker->checkpoint_cpu_ns = 0;
    worker->sleeps = 0;
    worker->slept_ns = 0;
    worker->received_bytes = 0;
    worker->waited_ns = 0;
    worker->attempt = 0;
}

void fake_worker_free(struct worker *worker)
{
    free(worker->progress);
    free(worker->phases);
    fake_worker_init(worker);
}

bool fake_worker_saw(const struct worker *worker, enum phase phase)
{
    for (size_t i = 0; i < worker->phases_count; i++)
        if (worker->phases[i].phase == phase)
            return true;
    return false;
}

/* Room for one more item in a list that doubles. A test without memory has nothing to say: it ends. */
static void *grown(void *items, size_t count, size_t *room, size_t item_bytes)
{
    if (count < *room)
        return items;
    *room = *room ? *room * 2 : 1024;
    void *more = realloc(items, *room * item_bytes);
    if (!more) {
        fputs("fake_worker: no memory\n", stderr);
        abort();
    }
    return more;
}

void worker_phase(struct worker *worker, enum phase phase)
{
    if (worker->phases_count && worker->phases[worker->phases_count - 1].phase == phase)
        return;
    worker->phases = grown(worker->phases, worker->phases_count, &worker->phases_room, sizeof *worker->phases);
    worker->phases[worker->phases_count++] =
        (struct fake_phase){.cpu_ns = clock_thread_cpu_ns(), .wall_ns = clock_now_ns(), .phase = phase};
}

static void record(struct worker *worker, uint64_t done, uint64_t total, bool now)
{
    worker->progress = grown(worker->progress, worker->progress_count, &worker->progress_room, sizeof *worker->progress);
    worker->progress[worker->progress_count++] = (struct fake_progress){
        .cpu_ns = clock_thread_cpu_ns(), .wall_ns = clock_now_ns(), .done = done, .total = total, .now = now};
}

void worker_progress(struct worker *worker, uint64_t done, uint64_t total)
{
    record(worker, done, total, false);
}

void worker_progress_now(struct worker *worker, uint64_t done, uint64_t total)
{
    record(worker, done, total, true);
}

void worker_received(struct worker *worker, uint64_t bytes)
{
    worker->received_bytes += bytes;
}

void worker_attempt(struct worker *worker, unsigned n)
{
    worker->attempt = n;
}

bool worker_checkpoint(struct worker *worker)
{
    uint64_t now_ns = clock_thread_cpu_ns();
    if (worker->checkpoint_cpu_ns && now_ns - worker->checkpoint_cpu_ns > worker->checkpoint_gap_ns)
        worker->checkpoint_gap_ns = now_ns - worker->checkpoint_cpu_ns;
    worker->checkpoint_cpu_ns = now_ns;
    worker->checkpoints++;
    if (worker->on_checkpoint)
        worker->on_checkpoint(worker, worker->context);
    return !worker->stop_at_checkpoint || worker->checkpoints < worker->stop_at_checkpoint;
}

bool worker_sleep(struct worker *worker, uint64_t ns)
{
    worker->sleeps++;
    worker->slept_ns += ns;
    if (worker->stop_at_sleep && worker->sleeps >= worker->stop_at_sleep)
        return false;
    if (worker->sleep_really)
        clock_sleep_ns(ns);
    return true;
}

void worker_waited(struct worker *worker, uint64_t ns)
{
    worker->waited_ns += ns;
}

bool worker_others_may_come(const struct worker *worker)
{
    (void)worker;
    return false;
}

size_t worker_sharing(const struct worker *worker)
{
    return worker->sharing ? worker->sharing : 1;
}

uint64_t worker_paused_ns(const struct worker *worker)
{
    return worker->paused_ns;
}

void worker_served(struct worker *worker)
{
    (void)worker; /* one at a time: all of it is for this one */
}
