/* primes_sieve.c - the fast kernel: libprimesieve's segmented sieve of Eratosthenes, prime by prime through its iterator. */
#include <errno.h>
#include <primesieve.h>

#include "jobs/primes.h"

enum { STRIDE = 1 << 10 }; /* primes between two looks around */

/* Measured: Zen EPYC, libprimesieve 11, limits 22,756 to 1e7, memory for the list included. A process's first sieve takes 60 us and 15 ns a
 * prime (fresh pages), its later ones 5 us and 4 ns; these lie between. */
#define SETUP_NS 9e3
#define PRIME_NS 5.0

static void start_at_zero(primesieve_iterator *iterator, uint64_t limit)
{
    primesieve_init(iterator);
#if PRIMESIEVE_VERSION_MAJOR >= 11
    primesieve_jump_to(iterator, 0, limit);
#else
    primesieve_skipto(iterator, 0, limit);
#endif
}

static int take_all(primesieve_iterator *iterator, uint64_t limit, struct prime_list *list, struct pace *pace)
{
    if (!pace_step(pace, SETUP_NS))
        return ECANCELED;
    for (;;) {
        uint64_t prime = primesieve_next_prime(iterator);
        if (iterator->is_error)
            return ENOMEM;
        if (prime > limit)
            return 0;
        if (list->count % STRIDE == 0 && !pace_step(pace, STRIDE * PRIME_NS))
            return ECANCELED;
        int error = prime_list_add(list, prime);
        if (error)
            return error;
    }
}

static int sieve_find(uint64_t limit, struct prime_list *list, struct pace *pace)
{
    primesieve_iterator iterator;
    start_at_zero(&iterator, limit);
    int error = take_all(&iterator, limit, list, pace);
    primesieve_free_iterator(&iterator);
    return error;
}

static double sieve_cost_ns(uint64_t limit)
{
    return SETUP_NS + PRIME_NS * primes_about(limit);
}

const struct kernel_row kernel_sieve = {.find = sieve_find, .cost_ns = sieve_cost_ns};
