/* product_tree.c - the fast product: halves of the list multiplied by themselves first, so that GMP's fast multiplication has factors of
 * equal length to work on.
 *
 * The last multiplication alone is a fifth of the work and can't be looked into; it is taken in three pieces, Karatsuba's, which costs a
 * quarter more of it at most (measured in place: 1.13 to 1.25 times from 500 to 110,000 limbs) and keeps the bar honest. */
#include <errno.h>

#include "jobs/primes.h"
#include "jobs/product_cost.h"

enum { LEAF = 32 }; /* primes that are simply multiplied */

/* Measured: Zen EPYC, GMP 6.2.1. */
#define LEAF_PRIME_NS 7.0
#define NODE_NS 70.0
#define PIECE_PART 1.05 /* of multiplying two halves, the additions included */

struct tree {
    const uint64_t *primes;
    struct pace *pace;
};

/* As many as fit into a word first: a long multiplication by one word costs the same whatever the word. */
static void multiply_leaf(const uint64_t *primes, size_t count, mpz_t out)
{
    uint64_t word = 1;
    mpz_set_ui(out, 1);
    for (size_t i = 0; i < count; i++) {
        uint64_t longer;
        if (__builtin_mul_overflow(word, primes[i], &longer)) {
            mpz_mul_ui(out, out, word);
            longer = primes[i];
        }
        word = longer;
    }
    mpz_mul_ui(out, out, word);
}

/* The halves of a number of at least half + 1 limbs, as they lie in it: not to be changed, not to be cleared. */
static void take_halves(mpz_t low, mpz_t high, const mpz_t number, mp_size_t half)
{
    mpz_roinit_n(low, mpz_limbs_read(number), half);
    mpz_roinit_n(high, mpz_limbs_read(number) + half, (mp_size_t)mpz_size(number) - half);
}

/* The three products of Karatsuba's method, one step each: (a1 - a0)(b1 - b0), a1 b1, a0 b0. */
static bool multiply_halves(struct tree *tree, const mpz_t out, const mpz_t right, mp_size_t half, mpz_t parts[3])
{
    mpz_t low[2] = {0};
    mpz_t high[2] = {0};
    take_halves(low[0], high[0], out, half);
    take_halves(low[1], high[1], right, half);
    double cost_ns = cost_multiply_ns((double)(mpz_size(out) + mpz_size(right)) / 4) * PIECE_PART;
    if (!pace_step(tree->pace, cost_ns))
        return false;
    mpz_sub(parts[1], high[0], low[0]);
    mpz_sub(parts[2], high[1], low[1]);
    mpz_mul(parts[0], parts[1], parts[2]);
    if (!pace_step(tree->pace, cost_ns))
        return false;
    mpz_mul(parts[1], high[0], high[1]);
    if (!pace_step(tree->pace, cost_ns))
        return false;
    mpz_mul(parts[2], low[0], low[1]);
    return true;
}

/* out = a1 b1 B^2 + (a1 b1 + a0 b0 - (a1 - a0)(b1 - b0)) B + a0 b0, with B = 2^(64 half) */
static bool multiply_in_pieces(struct tree *tree, mpz_t out, const mpz_t right, mp_size_t half)
{
    mp_bitcnt_t bits = (mp_bitcnt_t)half * GMP_NUMB_BITS;
    mpz_t parts[3];
    mpz_inits(parts[0], parts[1], parts[2], NULL);
    bool go_on = multiply_halves(tree, out, right, half, parts);
    if (go_on) {
        mpz_sub(parts[0], parts[2], parts[0]);
        mpz_add(parts[0], parts[0], parts[1]);
        mpz_mul_2exp(out, parts[1], bits);
        mpz_add(out, out, parts[0]);
        mpz_mul_2exp(out, out, bits);
        mpz_add(out, out, parts[2]);
    }
    mpz_clears(parts[0], parts[1], parts[2], NULL);
    return go_on;
}

static bool multiply_two(struct tree *tree, mpz_t out, const mpz_t right)
{
    double cost_ns = cost_multiply_ns((double)(mpz_size(out) + mpz_size(right)) / 2) + NODE_NS;
    size_t half = mpz_size(out) / 2;
    if (pace_is_long(tree->pace, cost_ns) && half > 0 && mpz_size(right) > half)
        return multiply_in_pieces(tree, out, right, (mp_size_t)half);
    if (!pace_step(tree->pace, cost_ns))
        return false;
    mpz_mul(out, out, right);
    return true;
}

/* out: the product of count primes from first on. False: told to stop. */
static bool multiply_range(struct tree *tree, size_t first, size_t count, mpz_t out)
{
    if (count <= LEAF) {
        if (!pace_step(tree->pace, (double)count * LEAF_PRIME_NS))
            return false;
        multiply_leaf(tree->primes + first, count, out);
        return true;
    }
    mpz_t right;
    mpz_init(right);
    bool go_on = multiply_range(tree, first, count / 2, out) &&
                 multiply_range(tree, first + count / 2, count - count / 2, right) && multiply_two(tree, out, right);
    mpz_clear(right);
    return go_on;
}

static int tree_multiply(const struct prime_list *list, mpz_t out, struct pace *pace)
{
    struct tree tree = {.primes = list->items, .pace = pace};
    if (list->count == 0) { /* there is no list then, and no step from its beginning */
        mpz_set_ui(out, 1);
        return 0;
    }
    return multiply_range(&tree, 0, list->count, out) ? 0 : ECANCELED;
}

static double tree_cost_ns(uint64_t limit)
{
    double primes = primes_about(limit);
    double limbs = cost_limbs(limit);
    double cost_ns = primes * LEAF_PRIME_NS;
    double top_ns = cost_multiply_ns(limbs / 2);
    double pieces_ns = 3 * PIECE_PART * cost_multiply_ns(limbs / 4);
    for (double nodes = 1; primes / nodes > LEAF; nodes *= 2) {
        double part = primes / nodes < LEAF + 1 ? primes / nodes - LEAF : 1; /* of the nodes are divided once more */
        cost_ns += part * nodes * (cost_multiply_ns(limbs / nodes / 2) + NODE_NS);
    }
    return primes > LEAF ? cost_ns - top_ns + pieces_ns : cost_ns;
}

const struct product_row product_tree = {.multiply = tree_multiply, .cost_ns = tree_cost_ns};
