/* synthetic.c - /synthetic/N: sizes and bytes that follow from N alone, the same on every machine.
 *
 * Every file is a window into one fixed block of noise; N picks the window's start and size. So the server needs the block only, and
 * sends any file straight out of it. */
#include "origin/content.h"
#include "origin/origin.h"

enum { SMALLEST = 20000, LARGEST = 160000, WORD_BYTES = 8 };

/* The mixing step of the splitmix64 generator: every bit of x moves about half the bits of the result. */
static uint64_t mix(uint64_t x)
{
    x += UINT64_C(0x9E3779B97F4A7C15);
    x = (x ^ (x >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    x = (x ^ (x >> 27)) * UINT64_C(0x94D049BB133111EB);
    return x ^ (x >> 31);
}

uint64_t origin_synthetic_bytes(uint64_t n)
{
    return SMALLEST + mix(2 * n) % (LARGEST - SMALLEST + 1);
}

size_t synthetic_start(uint64_t n)
{
    return (size_t)(mix(2 * n + 1) % (SYNTHETIC_BLOCK_BYTES - LARGEST + 1));
}

void synthetic_block(size_t at, unsigned char *out, size_t count)
{
    for (size_t i = 0; i < count;) {
        uint64_t word = mix(~(uint64_t)((at + i) / WORD_BYTES));
        for (size_t byte = (at + i) % WORD_BYTES; byte < WORD_BYTES && i < count; byte++)
            out[i++] = (unsigned char)(word >> (8 * byte));
    }
}

void origin_synthetic_fill(uint64_t n, uint64_t offset, unsigned char *out, size_t count)
{
    synthetic_block(synthetic_start(n) + (size_t)offset, out, count);
}
