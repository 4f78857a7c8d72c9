/* chance.c - see chance.h. */
#include "chance.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"

void chance_begin(struct chance *chance)
{
    const char *asked = getenv("JUGGLER_SEED");
    uint64_t seed = asked && *asked ? strtoull(asked, NULL, 10) : clock_now_ns() % 1000000007;
    printf("seed %" PRIu64 "\n", seed);
    fflush(stdout);
    chance->state = seed * 2 + 1;
}

/* xorshift64*, of which the upper half is good. */
unsigned chance_below(struct chance *chance, unsigned below)
{
    chance->state ^= chance->state >> 12;
    chance->state ^= chance->state << 25;
    chance->state ^= chance->state >> 27;
    return (unsigned)(chance->state * UINT64_C(2685821657736338717) >> 32) % below;
}

unsigned chance_rounds(unsigned part)
{
    const char *asked = getenv("JUGGLER_KILLS");
    unsigned kills = asked && *asked ? (unsigned)strtoul(asked, NULL, 10) : 0;
    return kills == 0 ? 0 : kills / part > 0 ? kills / part : 1;
}
