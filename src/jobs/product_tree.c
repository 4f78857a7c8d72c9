/* product_tree.c - the fast product: halves of the list multiplied by themselves first, so that GMP's fast multiplication has factors of
 * equal length to work on.
 *
 * The last multiplication alone is a fifth of the work and can't be looked into; it is taken in two pieces, which costs two fifths
 * more of it (measured: 1.26 to 1.45 times at 256 to 300,000 limbs) and keeps the bar honest. */
#include <errno.h>

#include "jobs/primes.h"
#include "jobs/product_cost.h"

enum { LEAF = 32 }; /* primes that are simply multiplied */

/* Measured: Zen EPYC, GMP 6.2.1. */
#define LEAF_PRIME_NS 14.0
#define NODE_NS 150.0
#define PIECE_PART 0.7 /* of the whole multiplication, either piece */

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
        if (primes[i] > UINT64_MAX / word) {
            mpz_mul_ui(out, out, word);
            word = 1;
        }
        word *= primes[i];
    }
    mpz_mul_ui(out, out, word);
}

static bool multiply_in_pieces(struct tree *tree, mpz_t out, const mpz_t right, double cost_ns)
{
    mp_size_t size = (mp_size_t)mpz_size(right);
    mp_size_t half = size / 2;
    mpz_t low;
    mpz_t high;
    mpz_roinit_n(low, mpz_limbs_read(right), half);
    mpz_roinit_n(high, mpz_limbs_read(right) + half, size - half);
    if (!pace_step(tree->pace, cost_ns * PIECE_PART))
        return false;
    mpz_t upper;
    mpz_init(upper);
    mpz_mul(upper, out, high);
    mpz_mul_2exp(upper, upper, (mp_bitcnt_t)half * GMP_NUMB_BITS);
    bool go_on = pace_step(tree->pace, cost_ns * PIECE_PART);
    if (go_on) {
        mpz_mul(out, out, low);
        mpz_add(out, out, upper);
    }
    mpz_clear(upper);
    return go_on;
}

static bool multiply_two(struct tree *tree, mpz_t out, const mpz_t right)
{
    double cost_ns = cost_multiply_ns((double)(mpz_size(out) + mpz_size(right)) / 2) + NODE_NS;
    if (pace_is_long(tree->pace, cost_ns) && mpz_size(right) > 1)
        return multiply_in_pieces(tree, out, right, cost_ns);
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
    return multiply_range(&tree, 0, list->count, out) ? 0 : ECANCELED;
}

static double tree_cost_ns(uint64_t limit)
{
    double primes = primes_about(limit);
    double limbs = cost_limbs(limit);
    double cost_ns = primes * LEAF_PRIME_NS;
    double top_ns = cost_multiply_ns(limbs / 2);
    for (double nodes = 1; primes / nodes > LEAF; nodes *= 2)
        cost_ns += nodes * (cost_multiply_ns(limbs / nodes / 2) + NODE_NS);
    return primes > LEAF ? cost_ns + top_ns * (2 * PIECE_PART - 1) : cost_ns;
}

const struct product_row product_tree = {.multiply = tree_multiply, .cost_ns = tree_cost_ns};
