/* product_moduli.c - random primes of 61 bits. See product_moduli.h.
 *
 * A random number, and from there up to the next prime. The test is Miller's and Rabin's with the first twelve primes for bases: no composite
 * number below 3.1e23 passes it (Sorenson and Webster 2015), so what is taken is prime. */
#include "jobs/product_moduli.h"

#include <errno.h>
#include <sys/random.h>

#include "jobs/montgomery.h"

enum { MODULUS_BITS = 61 };

static const uint64_t BASES[] = {2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37};
enum { BASES_COUNT = sizeof BASES / sizeof *BASES };

/* number - 1 = odd 2^twos. */
static bool passes(const struct montgomery *by, uint64_t base, uint64_t odd, unsigned twos)
{
    uint64_t minus_one = by->modulus - by->one;
    uint64_t power = montgomery_power(by, montgomery_times(by, base, by->square), odd);
    if (power == by->one)
        return true;
    for (unsigned i = 0; i < twos; i++) {
        if (power == minus_one)
            return true;
        power = montgomery_times(by, power, power);
    }
    return false;
}

bool product_moduli_is_prime(uint64_t number)
{
    for (int i = 0; i < BASES_COUNT; i++)
        if (number % BASES[i] == 0)
            return number == BASES[i];
    if (number < 2)
        return false;
    const struct montgomery by = montgomery_of(number);
    unsigned twos = (unsigned)__builtin_ctzll(number - 1);
    for (int i = 0; i < BASES_COUNT; i++)
        if (!passes(&by, BASES[i], (number - 1) >> twos, twos))
            return false;
    return true;
}

/* From a random number of 61 bits up to the next prime; again when that has more bits. */
static int choose_one(uint64_t *modulus)
{
    do {
        uint64_t bits;
        if (getrandom(&bits, sizeof bits, 0) != (ssize_t)sizeof bits)
            return errno ? errno : EIO;
        *modulus = bits >> (64 - MODULUS_BITS) | UINT64_C(1) << (MODULUS_BITS - 1) | 1;
        while (!product_moduli_is_prime(*modulus))
            *modulus += 2;
    } while (*modulus >> MODULUS_BITS);
    return 0;
}

static bool is_among(uint64_t modulus, const uint64_t *others, int count)
{
    for (int i = 0; i < count; i++)
        if (others[i] == modulus)
            return true;
    return false;
}

int product_moduli_choose(uint64_t pool[PRODUCT_POOL])
{
    for (int i = 0; i < PRODUCT_POOL; i++)
        do {
            int error = choose_one(&pool[i]);
            if (error) {
                pool[0] = 0;
                return error;
            }
        } while (is_among(pool[i], pool, i)); /* it would be a miracle */
    return 0;
}

/* Where there is no chance to be had, the first three: they were chosen by chance, too. */
void product_moduli_take(const uint64_t pool[PRODUCT_POOL], uint64_t moduli[PRODUCT_MODULI])
{
    uint64_t bits = 0;
    bool chance = getrandom(&bits, sizeof bits, GRND_NONBLOCK) == (ssize_t)sizeof bits;
    uint64_t left[PRODUCT_POOL];
    for (int i = 0; i < PRODUCT_POOL; i++)
        left[i] = pool[i];
    for (int i = 0; i < PRODUCT_MODULI; i++) {
        unsigned among = (unsigned)(PRODUCT_POOL - i);
        unsigned at = (unsigned)i + (chance ? (unsigned)(bits >> (16 * i) & 0xffff) % among : 0);
        moduli[i] = left[at];
        left[at] = left[i];
    }
}
