/* product_check.c - whether a product is right. See product_check.h. */
#include "jobs/product_check.h"

#include "jobs/montgomery.h"
#include "jobs/product_cost.h"

/* Measured: Zen EPYC, GMP 6.2.1, all three moduli. */
#define CHECK_NS 1.5e3
#define PRIME_NS 2.0
#define LIMB_NS 1.5

struct residues {
    struct montgomery by[PRODUCT_MODULI];
    uint64_t rest[PRODUCT_MODULI]; /* of all words so far, each of which has left 1 / 2^64 too much */
    uint64_t words;
};

/* The three don't wait for each other: a processor works on all of them at once. */
static void take_word(struct residues *residues, uint64_t word)
{
    for (int m = 0; m < PRODUCT_MODULI; m++)
        residues->rest[m] = montgomery_times(&residues->by[m], residues->rest[m], word);
    residues->words++;
}

/* As many primes as fit go into one word first. */
static void take_list(struct residues *residues, const struct prime_list *list)
{
    uint64_t word = 1;
    for (size_t i = 0; i < list->count; i++) {
        uint64_t longer;
        if (__builtin_mul_overflow(word, list->items[i], &longer)) {
            take_word(residues, word);
            longer = list->items[i];
        }
        word = longer;
    }
    take_word(residues, word);
}

static uint64_t residue_of(const struct residues *residues, int m)
{
    const struct montgomery *by = &residues->by[m];
    return montgomery_times(by, residues->rest[m], montgomery_power(by, by->square, residues->words));
}

bool product_check_holds(const uint64_t moduli[PRODUCT_MODULI], const struct prime_list *list, const mpz_t product)
{
    struct residues residues = {.words = 0};
    for (int m = 0; m < PRODUCT_MODULI; m++) {
        residues.by[m] = montgomery_of(moduli[m]);
        residues.rest[m] = 1;
    }
    take_list(&residues, list);
    for (int m = 0; m < PRODUCT_MODULI; m++)
        if (mpz_fdiv_ui(product, moduli[m]) != residue_of(&residues, m))
            return false;
    return true;
}

double product_check_cost_ns(uint64_t limit)
{
    return CHECK_NS + PRIME_NS * primes_about(limit) + LIMB_NS * cost_limbs(limit);
}
