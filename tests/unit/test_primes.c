/* test_primes.c - prime products: exact against figures computed elsewhere, to the last digit in their files. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <fcntl.h>
#include <gmp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "jobs/inputs.h"
#include "jobs/product_digits.h"
#include "juggler/job.h"
#include "tests/unit/fake_worker.h"
#include "tests/unit/primes_bench.h"

/* --- exact ------------------------------------------------------------------------------------------ */

static void every_row(enum prime_kernel kernel, enum prime_product product, uint64_t limit_max)
{
    struct row rows[ROWS_MAX];
    size_t count = read_rows(rows);
    for (size_t i = 0; i < count; i++) {
        if (rows[i].limit > limit_max)
            continue;
        struct bench bench;
        bench_init(&bench, rows[i].limit, kernel, product, false);
        assert_int_equal(bench_run(&bench), JOB_OUTCOME_DONE);
        assert_result(&bench.result, &rows[i].result);
        assert_false(fake_worker_saw(&bench.worker, PHASE_WRITING));
        bench_free(&bench);
    }
}

static void trial_and_fold_are_exact(void **state)
{
    (void)state;
    every_row(KERNEL_TRIAL, PRODUCT_FOLD, 200000);
}

static void trial_and_tree_are_exact(void **state)
{
    (void)state;
    every_row(KERNEL_TRIAL, PRODUCT_TREE, 60000);
}

static void sieve_and_fold_are_exact(void **state)
{
    (void)state;
    every_row(KERNEL_SIEVE, PRODUCT_FOLD, UINT64_MAX);
}

static void sieve_and_tree_are_exact(void **state)
{
    (void)state;
    every_row(KERNEL_SIEVE, PRODUCT_TREE, UINT64_MAX);
}

/* The product of all primes up to each of the first numbers, multiplied by hand. */
static void every_small_limit_is_exact(void **state)
{
    (void)state;
    uint64_t product = 1;
    uint64_t primes = 0;
    for (uint64_t limit = 0; limit <= 36; limit++) {
        bool prime = limit >= 2;
        for (uint64_t j = 2; j < limit; j++)
            prime = prime && limit % j;
        product *= prime ? limit : 1;
        primes += prime;
        for (int how = 0; how < 4; how++) {
            struct bench bench;
            bench_init(&bench, limit, how & 1 ? KERNEL_SIEVE : KERNEL_TRIAL, how & 2 ? PRODUCT_TREE : PRODUCT_FOLD, false);
            assert_int_equal(bench_run(&bench), JOB_OUTCOME_DONE);
            assert_int_equal(bench.result.primes, primes);
            assert_int_equal(bench.result.tail, product % 1000000000000);
            assert_true(bench.result.digits > 12 || bench.result.head == product);
            bench_free(&bench);
        }
    }
}

/* --- digits ------------------------------------------------------------------------------------------ */

static void assert_digits(const mpz_t number)
{
    char *text = mpz_get_str(NULL, 10, number);
    size_t count = strlen(text);
    struct digits digits = digits_of(number);
    char head[13];
    snprintf(head, sizeof head, "%.12s", text);
    assert_int_equal(digits.count, count);
    assert_int_equal(digits.head, strtoull(head, NULL, 10));
    assert_int_equal(digits.tail, strtoull(count > 12 ? text + count - 12 : text, NULL, 10));
    free(text);
}

/* Around powers of ten, and around numbers with a row of zeros behind the first twelve digits: there an approximation fails. */
static void digits_are_exact_at_every_edge(void **state)
{
    (void)state;
    mpz_t number;
    mpz_init(number);
    const unsigned long heads[] = {1, 2, 123456789012, 999999999999};
    for (unsigned long power = 0; power <= 3000; power += power < 400 ? 1 : 97)
        for (size_t i = 0; i < sizeof heads / sizeof *heads; i++)
            for (int off = -1; off <= 1; off++) {
                mpz_ui_pow_ui(number, 10, power);
                mpz_mul_ui(number, number, heads[i]);
                off < 0 ? mpz_sub_ui(number, number, 1) : mpz_add_ui(number, number, (unsigned long)off);
                if (mpz_sgn(number) > 0)
                    assert_digits(number);
            }
    mpz_clear(number);
}

/* --- files ------------------------------------------------------------------------------------------- */

static void sha256_of(const char *path, char sum[65])
{
    char command[512];
    snprintf(command, sizeof command, "head -c -1 '%s' | sha256sum", path);
    FILE *pipe = popen(command, "r");
    assert_non_null(pipe);
    assert_int_equal(fscanf(pipe, "%64[0-9a-f]", sum), 1);
    assert_int_equal(pclose(pipe), 0);
}

static void the_file_holds_every_digit(void **state)
{
    (void)state;
    struct row rows[ROWS_MAX];
    size_t count = read_rows(rows);
    for (size_t i = 0; i < count; i++) {
        struct bench bench;
        bench_init(&bench, rows[i].limit, KERNEL_SIEVE, PRODUCT_TREE, true);
        assert_int_equal(bench_run(&bench), JOB_OUTCOME_DONE);
        assert_result(&bench.result, &rows[i].result);
        assert_int_equal(files_in(bench.folder), 1);
        char path[400];
        char sum[65];
        snprintf(path, sizeof path, "%s/%s", bench.folder, bench.name);
        struct stat status;
        assert_int_equal(stat(path, &status), 0);
        assert_int_equal(status.st_size, rows[i].result.digits + 1);
        sha256_of(path, sum);
        assert_string_equal(sum, rows[i].sha256);
        assert_true(fake_worker_saw(&bench.worker, PHASE_CONVERTING));
        assert_true(fake_worker_saw(&bench.worker, PHASE_WRITING));
        bench_free(&bench);
    }
}

static void an_older_file_is_replaced_whole(void **state)
{
    (void)state;
    struct bench bench;
    bench_init(&bench, 7, KERNEL_TRIAL, PRODUCT_FOLD, true);
    int fd = openat(bench.set.output_dir, bench.name, O_WRONLY | O_CREAT, 0600);
    assert_int_equal(write(fd, "old and much longer", 19), 19);
    close(fd);
    assert_int_equal(bench_run(&bench), JOB_OUTCOME_DONE);
    char text[32] = "";
    fd = openat(bench.set.output_dir, bench.name, O_RDONLY);
    assert_int_equal(read(fd, text, sizeof text - 1), 4);
    close(fd);
    assert_string_equal(text, "210\n");
    bench_free(&bench);
}

static void a_file_that_cannot_be_made_is_a_failure_with_its_reason(void **state)
{
    (void)state;
    struct bench bench;
    bench_init(&bench, 7, KERNEL_TRIAL, PRODUCT_FOLD, true);
    assert_int_equal(mkdirat(bench.set.output_dir, bench.name, 0700), 0);
    assert_int_equal(bench_run(&bench), JOB_OUTCOME_FAILED);
    assert_string_equal(bench.result.note, "product-7.txt: Is a directory");
    assert_int_equal(files_in(bench.folder), 1);
    assert_int_equal(unlinkat(bench.set.output_dir, bench.name, AT_REMOVEDIR), 0);
    bench_free(&bench);
}

static void a_file_that_cannot_be_finished_is_removed(void **state)
{
    (void)state;
    struct bench bench;
    bench_init(&bench, 22756, KERNEL_SIEVE, PRODUCT_TREE, true);
    struct rlimit before;
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
    void (*old)(int) = signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &(struct rlimit){.rlim_cur = 5000, .rlim_max = before.rlim_max}), 0);
    enum job_outcome outcome = bench_run(&bench);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
    signal(SIGXFSZ, old);
    assert_int_equal(outcome, JOB_OUTCOME_FAILED);
    assert_string_equal(bench.result.note, "product-22756.txt: File too large");
    assert_int_equal(files_in(bench.folder), 0);
    bench_free(&bench);
}

static void abandon_removes_what_is_left(void **state)
{
    (void)state;
    struct bench bench;
    bench_init(&bench, 7, KERNEL_TRIAL, PRODUCT_FOLD, true);
    close(openat(bench.set.output_dir, ".juggler-test-0.part", O_WRONLY | O_CREAT, 0600));
    assert_int_equal(files_in(bench.folder), 1);
    bench.set.kind->abandon(&bench.set, 0);
    assert_int_equal(files_in(bench.folder), 0);
    bench.set.kind->abandon(&bench.set, 0); /* nothing there: nothing happens */
    bench_free(&bench);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_small_limit_is_exact),
        cmocka_unit_test(trial_and_fold_are_exact),
        cmocka_unit_test(trial_and_tree_are_exact),
        cmocka_unit_test(sieve_and_fold_are_exact),
        cmocka_unit_test(sieve_and_tree_are_exact),
        cmocka_unit_test(digits_are_exact_at_every_edge),
        cmocka_unit_test(the_file_holds_every_digit),
        cmocka_unit_test(an_older_file_is_replaced_whole),
        cmocka_unit_test(a_file_that_cannot_be_made_is_a_failure_with_its_reason),
        cmocka_unit_test(a_file_that_cannot_be_finished_is_removed),
        cmocka_unit_test(abandon_removes_what_is_left),
    };
    alarm(TIME_LIMIT_S);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
