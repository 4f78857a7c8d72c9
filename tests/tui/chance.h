/* chance.h - what is left to chance in a test: seeded, the seed printed, more of it in the long form (make test-faults). */
#ifndef TUI_CHANCE_H
#define TUI_CHANCE_H

#include <stdint.h>

struct chance {
    uint64_t state;
};

/* From JUGGLER_SEED, else another every time; prints "seed N", from which tests/run takes it. */
void chance_begin(struct chance *chance);
/* 0 ... below - 1. */
unsigned chance_below(struct chance *chance, unsigned below);
/* JUGGLER_KILLS / part, at least 1; 0: this is the short form. */
unsigned chance_rounds(unsigned part);

#endif
