/* sampler_private.h - what the sampler remembers of each worker. Private to src/measure/sampler*.c. */
#ifndef MEASURE_SAMPLER_PRIVATE_H
#define MEASURE_SAMPLER_PRIVATE_H

#include "measure/sampler.h"

struct sampler_task {
    pid_t tid;
    bool known;          /* on_core_ns has been read */
    bool measured;       /* twice, so share is there */
    uint64_t on_core_ns; /* by schedstat, in all */
    uint64_t looked_ns;
    double share; /* of the time between the last two looks, on a core: 0 ... 1 */
    pid_t weighed_pid;
    struct sampler_weight weight; /* of weighed_pid */
};

/* Room for so many slots. 0 or an errno. */
int sampler_make_room(struct sampler *sampler, size_t slots);
/* Memory, a few processes at each call. */
void sampler_look_at_memory(struct sampler *sampler, const struct snapshot *snapshot, uint64_t now_ns);
/* A new run: forget what was weighed. */
void sampler_reset_memory(struct sampler *sampler);

#endif
