/* sampler_private.h - what the sampler remembers of each worker. Private to src/measure/sampler*.c. */
#ifndef MEASURE_SAMPLER_PRIVATE_H
#define MEASURE_SAMPLER_PRIVATE_H

#include "measure/sampler.h"

/* The three figures of a task's schedstat, all since it was made. */
struct sampler_word {
    uint64_t on_core_ns, delay_ns, slices; /* slices: times it got a core */
};

struct sampler_task {
    pid_t tid;
    int fd;        /* its schedstat, kept open; -1: none */
    bool known;    /* word has been read */
    bool measured; /* twice, so the two figures below are there */
    unsigned age;  /* looks since its state was read */
    struct sampler_word word;
    uint64_t looked_ns;
    double share;  /* of the time between the last two looks, on a core: 0 ... 1 */
    double served; /* of that part of it in which it wanted a core, on one: 0 ... 1 */
    pid_t weighed_pid;
    struct sampler_weight weight; /* of weighed_pid */
};

/* How many times as seldom as at work it looks: nobody's state or memory changes during a pause. */
static inline uint64_t sampler_leisure(const struct snapshot *snapshot)
{
    return snapshot->state == RUN_PAUSED ? 8 : 1;
}

/* Room for so many slots. 0 or an errno. */
int sampler_make_room(struct sampler *sampler, size_t slots);
/* Memory, a few processes at each call. */
void sampler_look_at_memory(struct sampler *sampler, const struct snapshot *snapshot, uint64_t now_ns);
/* A new run: forget what was weighed. */
void sampler_reset_memory(struct sampler *sampler);

/* sampler_task.c: one worker */
/* Nobody is here. */
void sampler_forget_task(struct sampler *sampler, size_t slot);
/* Reads what the kernel says of the worker in this slot, and compares it with the last look. */
void sampler_look_at_task(struct sampler *sampler, size_t slot, const struct worker_snapshot *worker);
/* How many descriptors a sampler may keep open here. */
size_t sampler_descriptors(void);

#endif
