/* product_check.c - whether a product is right. See product_check.h. */
#include "jobs/product_check.h"

#include <errno.h>
#include <sys/random.h>

#include "jobs/product_cost.h"
#include "jobs/product_moduli.h"

enum { MODULUS_BITS = 61 };

/* Measured: Zen EPYC, all three moduli. */
#define PRIME_NS 8.0
#define LIMB_NS 1.8

/* A random number of 61 bits, and from there up to the next prime; again when that has more bits. */
static int choose_one(uint64_t *modulus)
{
    uint64_t bits = 0;
    do {
        if (getrandom(&bits, sizeof bits, 0) != (ssize_t)sizeof bits)
            return errno ? errno : EIO;
        bits = (bits >> (64 - MODULUS_BITS)) | UINT64_C(1) << (MODULUS_BITS - 1);
        mpz_t prime;
        mpz_init_set_ui(prime, bits);
        mpz_nextprime(prime, prime);
        *modulus = mpz_get_ui(prime);
        mpz_clear(prime);
    } while (*modulus >> MODULUS_BITS);
    return 0;
}

int product_moduli_choose(uint64_t moduli[PRODUCT_MODULI])
{
    for (int i = 0; i < PRODUCT_MODULI; i++) {
        int error = choose_one(&moduli[i]);
        if (error) {
            moduli[0] = 0;
            return error;
        }
        for (int before = 0; before < i; before++)
            if (moduli[before] == moduli[i])
                i--; /* once more; it would be a miracle */
    }
    return 0;
}

__extension__ typedef unsigned __int128 wide; /* GCC's and clang's; C17 has nothing of that width */

static uint64_t times(uint64_t a, uint64_t b, uint64_t modulus)
{
    return (uint64_t)((wide)a * b % modulus);
}

/* As many primes as fit are taken as one word first: the division costs the same. */
static void residues_of(const uint64_t moduli[PRODUCT_MODULI], const struct prime_list *list, uint64_t out[PRODUCT_MODULI])
{
    uint64_t word = 1;
    for (int m = 0; m < PRODUCT_MODULI; m++)
        out[m] = 1;
    for (size_t i = 0; i <= list->count; i++) {
        uint64_t longer = 0;
        bool full = i == list->count || __builtin_mul_overflow(word, list->items[i], &longer);
        if (!full) {
            word = longer;
            continue;
        }
        for (int m = 0; m < PRODUCT_MODULI; m++)
            out[m] = times(out[m], word % moduli[m], moduli[m]);
        word = i < list->count ? list->items[i] : 1;
    }
}

bool product_check_holds(const uint64_t moduli[PRODUCT_MODULI], const struct prime_list *list, const mpz_t product)
{
    uint64_t wanted[PRODUCT_MODULI];
    residues_of(moduli, list, wanted);
    for (int m = 0; m < PRODUCT_MODULI; m++)
        if (mpz_fdiv_ui(product, moduli[m]) != wanted[m])
            return false;
    return true;
}

double product_check_cost_ns(uint64_t limit)
{
    return PRIME_NS * primes_about(limit) + LIMB_NS * cost_limbs(limit);
}
