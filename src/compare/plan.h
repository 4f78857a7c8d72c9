/* plan.h - in which order a round runs its executors. Pure. */
#ifndef COMPARE_PLAN_H
#define COMPARE_PLAN_H

#include <stddef.h>
#include <stdint.h>

/* Fills order with the numbers 0 ... count - 1, each once, shuffled. The same seed and round give the same order, on every machine. */
void plan_shuffle(uint64_t seed, unsigned round, size_t *order, size_t count);

#endif
