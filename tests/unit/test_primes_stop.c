/* test_primes_stop.c - a prime product that is told to stop does so at whichever checkpoint, and leaves no file. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <unistd.h>

#include "juggler/job.h"
#include "tests/unit/fake_worker.h"
#include "tests/unit/primes_bench.h"

static void stop_at_every_checkpoint(uint64_t limit, enum prime_kernel kernel, enum prime_product product)
{
    struct bench bench;
    bench_init(&bench, limit, kernel, product, true);
    assert_int_equal(bench_run(&bench), JOB_OUTCOME_DONE);
    uint64_t checkpoints = bench.worker.checkpoints;
    assert_true(checkpoints >= 4);
    unlinkat(bench.set.output_dir, bench.name, 0);
    for (uint64_t n = 1; n <= checkpoints; n += n < 20 || checkpoints - n < 40 ? 1 : 37) {
        bench.worker.stop_at_checkpoint = n;
        if (bench_run(&bench) == JOB_OUTCOME_DONE)
            assert_true(n > checkpoints);
        assert_int_equal(bench.worker.checkpoints, n);
        assert_int_equal(files_in(bench.folder), 0);
    }
    bench_free(&bench);
}

static void a_stop_is_heard_at_every_checkpoint(void **state)
{
    (void)state;
    stop_at_every_checkpoint(22756, KERNEL_TRIAL, PRODUCT_FOLD);
    stop_at_every_checkpoint(402624, KERNEL_SIEVE, PRODUCT_TREE);
    stop_at_every_checkpoint(182048, KERNEL_SIEVE, PRODUCT_FOLD);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_stop_is_heard_at_every_checkpoint),
    };
    alarm(TIME_LIMIT_S);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
