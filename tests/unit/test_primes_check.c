/* test_primes_check.c - a wrong product is found: each limb flipped, and the primes that it is checked by. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <gmp.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "jobs/product_check.h"
#include "jobs/product_moduli.h"
#include "juggler/job.h"
#include "tests/unit/fake_worker.h"
#include "tests/unit/primes_bench.h"

static uint64_t chance(uint64_t *seed)
{
    *seed = *seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return *seed >> 16;
}

/* A bit of a limb, or many. */
static void flip(mp_limb_t *limb, uint64_t *seed, bool one_bit)
{
    *limb ^= one_bit ? (mp_limb_t)1 << chance(seed) % GMP_NUMB_BITS : chance(seed) | 1;
}

static void primes_up_to(uint64_t limit, struct prime_list *list, mpz_t product)
{
    mpz_init_set_ui(product, 1);
    for (uint64_t n = 2; n <= limit; n++) {
        if (!product_moduli_is_prime(n))
            continue;
        assert_int_equal(prime_list_add(list, n), 0);
        mpz_mul_ui(product, product, n);
    }
}

static void a_flipped_limb_is_found_every_time(void **state)
{
    (void)state;
    enum { FLIPS_A_LIMB = 40 };
    uint64_t pool[PRODUCT_POOL], moduli[PRODUCT_MODULI], seed = clock_now_ns();
    struct prime_list list = {0};
    mpz_t product;
    primes_up_to(5000, &list, product);
    assert_int_equal(product_moduli_choose(pool), 0);
    print_message("seed %llu\n", (unsigned long long)seed);
    for (size_t i = 0; i < mpz_size(product) * FLIPS_A_LIMB; i++) {
        product_moduli_take(pool, moduli);
        assert_true(product_check_holds(moduli, &list, product));
        mp_limb_t *limb = &mpz_limbs_modify(product, (mp_size_t)mpz_size(product))[i / FLIPS_A_LIMB], before = *limb;
        flip(limb, &seed, i % 2);
        assert_false(product_check_holds(moduli, &list, product));
        *limb = before;
    }
    list.count--; /* a prime too few */
    assert_false(product_check_holds(moduli, &list, product));
    prime_list_free(&list);
    mpz_clear(product);
}

/* GMP's blocks that are there now, so that a test can lay hands on a number between its making and its check. */
static struct {
    void *block;
    size_t bytes;
} blocks[64];

static void note_block(const void *old, void *block, size_t bytes)
{
    for (size_t i = 0; i < sizeof blocks / sizeof *blocks; i++)
        if (blocks[i].block == old) {
            blocks[i].block = block;
            blocks[i].bytes = bytes;
            return;
        }
    fail_msg("more numbers than expected");
}

static void *noted_alloc(size_t bytes)
{
    void *block = malloc(bytes);
    note_block(NULL, block, bytes);
    return block;
}

static void *noted_realloc(void *old, size_t old_bytes, size_t bytes)
{
    (void)old_bytes;
    note_block(old, NULL, 0);
    void *block = realloc(old, bytes);
    note_block(NULL, block, bytes);
    return block;
}

static void noted_free(void *block, size_t bytes)
{
    note_block(block, NULL, 0);
    (void)bytes;
    free(block);
}

/* Which checkpoint is the one between product and check, and what is to be spoiled there. */
struct spoiler {
    uint64_t checkpoint;
    size_t limbs;
    uint64_t seed;
};

static void spoil(struct worker *worker, void *context)
{
    struct spoiler *spoiler = context;
    if (worker->checkpoints != spoiler->checkpoint)
        return;
    size_t largest = 0;
    for (size_t i = 1; i < sizeof blocks / sizeof *blocks; i++)
        if (blocks[i].bytes > blocks[largest].bytes)
            largest = i;
    assert_true(blocks[largest].bytes >= spoiler->limbs * sizeof(mp_limb_t));
    flip((mp_limb_t *)blocks[largest].block + chance(&spoiler->seed) % spoiler->limbs, &spoiler->seed, true);
}

/* The last checkpoint of a job without a file is before its digits, the one before that between product and check. */
static void spoil_jobs(enum prime_kernel kernel, enum prime_product product, struct spoiler *spoiler)
{
    struct bench bench;
    bench_init(&bench, 5000, kernel, product, false);
    assert_int_equal(bench_run(&bench), JOB_OUTCOME_DONE);
    spoiler->checkpoint = bench.worker.checkpoints - 1;
    spoiler->limbs = (size_t)(bench.result.bits + GMP_NUMB_BITS - 1) / GMP_NUMB_BITS;
    bench.worker.on_checkpoint = spoil;
    bench.worker.context = spoiler;
    for (int i = 0; i < 100; i++) {
        assert_int_equal(bench_run(&bench), JOB_OUTCOME_FAILED);
        assert_non_null(strstr(bench.result.note, "the product is wrong"));
        assert_int_equal(bench.result.digits, 0);
    }
    bench.worker.on_checkpoint = NULL;
    assert_int_equal(bench_run(&bench), JOB_OUTCOME_DONE);
    bench_free(&bench);
}

static void a_job_with_a_flipped_bit_fails(void **state)
{
    (void)state;
    struct spoiler spoiler = {.seed = clock_now_ns()};
    print_message("seed %llu\n", (unsigned long long)spoiler.seed);
    mp_set_memory_functions(noted_alloc, noted_realloc, noted_free);
    for (int how = 0; how < 4; how++)
        spoil_jobs(how & 1 ? KERNEL_SIEVE : KERNEL_TRIAL, how & 2 ? PRODUCT_TREE : PRODUCT_FOLD, &spoiler);
    mp_set_memory_functions(NULL, NULL, NULL);
}

static void the_moduli_are_random_primes_of_61_bits(void **state)
{
    (void)state;
    uint64_t pool[PRODUCT_POOL], again[PRODUCT_POOL], three[PRODUCT_MODULI];
    unsigned taken = 0; /* a bit for each */
    assert_int_equal(product_moduli_choose(pool), 0);
    assert_int_equal(product_moduli_choose(again), 0);
    for (int i = 0; i < PRODUCT_POOL; i++) {
        mpz_t prime;
        mpz_init_set_ui(prime, pool[i]);
        assert_int_equal(pool[i] >> 60, 1);
        assert_true(mpz_probab_prime_p(prime, 25) > 0);
        assert_true(pool[i] != again[i]); /* random: not the same twice, but in one of 2^50 runs */
        mpz_clear(prime);
    }
    for (int turn = 0; turn < 500; turn++) {
        product_moduli_take(pool, three);
        assert_true(three[0] != three[1] && three[1] != three[2] && three[0] != three[2]);
        for (int i = 0; i < PRODUCT_POOL; i++)
            taken |= (unsigned)(pool[i] == three[turn % PRODUCT_MODULI]) << i;
    }
    assert_int_equal(taken, (1U << PRODUCT_POOL) - 1); /* each has its turn, but in one of 10^12 tests */
}

/* Against trial division, around powers of two, and numbers that fool weaker tests. */
static void primes_are_told_from_others(void **state)
{
    (void)state;
    for (uint64_t n = 0; n < 20000; n++) {
        bool prime = n >= 2;
        for (uint64_t j = 2; j * j <= n; j++)
            prime = prime && n % j;
        assert_int_equal(product_moduli_is_prime(n), prime);
    }
    const uint64_t fooling[] = {3215031751, 3474749660383, 341550071728321, 3825123056546413051, 1122004669633};
    for (size_t i = 0; i < sizeof fooling / sizeof *fooling; i++)
        assert_false(product_moduli_is_prime(fooling[i]));
    for (uint64_t n = (UINT64_C(1) << 61) - 400; n < (UINT64_C(1) << 61) + 400; n++) {
        mpz_t number;
        mpz_init_set_ui(number, n);
        assert_int_equal(product_moduli_is_prime(n), mpz_probab_prime_p(number, 25) > 0);
        mpz_clear(number);
    }
}

/* The empty product, too. */
static void no_primes_have_the_product_one(void **state)
{
    (void)state;
    uint64_t pool[PRODUCT_POOL];
    struct prime_list none = {0};
    mpz_t product;
    mpz_init_set_ui(product, 1);
    assert_int_equal(product_moduli_choose(pool), 0);
    assert_true(product_check_holds(pool, &none, product));
    mpz_set_ui(product, 0);
    assert_false(product_check_holds(pool, &none, product));
    mpz_clear(product);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_flipped_limb_is_found_every_time),      cmocka_unit_test(a_job_with_a_flipped_bit_fails),
        cmocka_unit_test(the_moduli_are_random_primes_of_61_bits), cmocka_unit_test(primes_are_told_from_others),
        cmocka_unit_test(no_primes_have_the_product_one),
    };
    alarm(TIME_LIMIT_S);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
