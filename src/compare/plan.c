/* plan.c - in which order a round runs its executors. See plan.h.
 *
 * splitmix64 (Steele, Lea and Flood, "Fast Splittable Pseudorandom Number Generators", OOPSLA 2014) and the shuffle of Fisher and Yates
 * (Knuth, The Art of Computer Programming 2, 3.4.2, algorithm P). Both are written out here, because the order that a seed gives is part of a
 * comparison's report: it has to be the same next year. */
#include "compare/plan.h"

static uint64_t splitmix64(uint64_t *state)
{
    uint64_t z = *state += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

/* 0 ... below - 1, all alike likely: what would favour the small ones is thrown again. */
static size_t pick_below(uint64_t *state, uint64_t below)
{
    uint64_t whole = UINT64_MAX - UINT64_MAX % below, value;
    do
        value = splitmix64(state);
    while (value >= whole);
    return (size_t)(value % below);
}

void plan_shuffle(uint64_t seed, unsigned round, size_t *order, size_t count)
{
    uint64_t state = seed;
    state = splitmix64(&state) + round; /* each round has a sequence of its own: neighbouring seeds share none */
    for (size_t i = 0; i < count; i++)
        order[i] = i;
    for (size_t i = count; i > 1; i--) {
        size_t other = pick_below(&state, i), value = order[i - 1];
        order[i - 1] = order[other];
        order[other] = value;
    }
}
