/* test_product_memory.c - memory that ends in the middle of a product fails that job and nothing else. test: fake-worker
 *
 * This program brings its own sys.c, built so that it can fail: every block of GMP's comes from there. Each of a job's allocations is made to
 * fail in turn, then all from the n-th on; after each the same GMP has to compute the same as ever, and nothing may be left. */
#define SYS_FAULTS
#include "base/sys.c"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <gmp.h>
#include <malloc.h>
#include <pthread.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include "base/sanitized.h"
#include "jobs/product_memory.h"
#include "juggler/job.h"
#include "tests/unit/fake_worker.h"

enum { LIMIT = 10000, PRIMES = 1229, RUNS_MAX = 5000, THREADS = 4, STACK_BYTES = 256 << 10 };

struct bench {
    struct worker worker;
    struct job_input input;
    struct job_set set;
    struct job_result result;
    void *state;
};

static void bench_init(struct bench *bench, uint64_t limit, enum prime_product product, int output_dir)
{
    *bench = (struct bench){.input = {.text = "n", .limit = limit, .name = "product.txt"}};
    fake_worker_init(&bench->worker);
    bench->set = (struct job_set){.kind = job_kind_of(WORK_PRIMES),
                                  .inputs = &bench->input,
                                  .count = 1,
                                  .output_dir = output_dir,
                                  .part_prefix = ".juggler-test-",
                                  .options.primes = {.kernel = KERNEL_SIEVE, .product = product}};
    bench->state = bench->set.kind->worker_start(&bench->set, &bench->worker);
    assert_non_null(bench->state);
}

static void bench_free(struct bench *bench)
{
    bench->set.kind->worker_stop(bench->state);
    fake_worker_free(&bench->worker);
}

static enum job_outcome bench_run(struct bench *bench)
{
    fake_worker_clear(&bench->worker);
    bench->result = (struct job_result){0};
    return bench->set.kind->run(bench->state, &bench->worker, 0, &bench->result);
}

static bool is_right(const struct job_result *result, const struct job_result *want)
{
    return result->primes == want->primes && result->bits == want->bits && result->head == want->head &&
           result->tail == want->tail && !result->note[0];
}

/* The folder of a test's files. */
static int make_folder(char folder[64])
{
    strcpy(folder, "/tmp/juggler-test-XXXXXX");
    assert_non_null(mkdtemp(folder));
    int dir = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    assert_true(dir >= 0);
    return dir;
}

/* --- each allocation in turn -------------------------------------------------------------------------- */

/* Not by setenv, which keeps every value for ever. */
static void fail_from(const char *variable, long n)
{
    static char words[64];
    unsetenv(variable);
    snprintf(words, sizeof words, "%s=%ld", variable, n);
    putenv(words);
    atomic_store(&fault_calls, 0);
}

/* Returns how many calls there were to fail. */
static long fail_each(const char *variable, struct bench *bench, const struct job_result *want)
{
    long n = 1;
    for (; n < RUNS_MAX; n++) {
        fail_from(variable, n);
        enum job_outcome outcome = bench_run(bench);
        bool came = atomic_load(&fault_calls) >= n;
        unsetenv(variable);
        if (outcome == JOB_OUTCOME_DONE)
            assert_true(is_right(&bench->result, want));
        else
            assert_true(outcome == JOB_OUTCOME_FAILED && strlen(bench->result.note) > 10);
        if (!came)
            return n - 1;
        assert_int_equal(bench_run(bench), JOB_OUTCOME_DONE);
        assert_true(is_right(&bench->result, want));
    }
    return n;
}

static void every_allocation_of_a_product_fails_in_turn(void **state)
{
    (void)state;
    char folder[64];
    int dir = make_folder(folder);
    for (int product = PRODUCT_FOLD; product <= PRODUCT_TREE; product++) {
        struct bench bench;
        bench_init(&bench, LIMIT, (enum prime_product)product, dir);
        assert_int_equal(bench_run(&bench), JOB_OUTCOME_DONE);
        assert_int_equal(bench.result.primes, PRIMES);
        struct job_result want = bench.result;
        bench_free(&bench);
        size_t before = mallinfo2().uordblks; /* with what libraries keep */
        bench_init(&bench, LIMIT, (enum prime_product)product, dir);
        long once = fail_each("JUGGLER_FAIL_AT", &bench, &want);
        long all = fail_each("JUGGLER_FAIL_FROM", &bench, &want);
        print_message("%s: %ld calls failed, %ld and all after them\n", product == PRODUCT_FOLD ? "fold" : "tree", once,
                      all);
        assert_true(once > 10 && once < RUNS_MAX && all > 10);
        bench_free(&bench);
        assert_in_range(mallinfo2().uordblks, 0, before + 2048);
    }
    assert_int_equal(unlinkat(dir, "product.txt", 0), 0);
    close(dir);
    assert_int_equal(rmdir(folder), 0); /* so nothing else was left in it */
}

/* --- words ---------------------------------------------------------------------------------------------- */

static int want_much(void *context)
{
    mpz_t number;
    (void)context;
    mpz_init2(number, (mp_bitcnt_t)1 << 20);
    fail_from("JUGGLER_FAIL_FROM", 1);
    mpz_realloc2(number, (mp_bitcnt_t)1 << 30);
    fail_msg("there was memory");
    return 0;
}

static void the_size_is_known(void **state)
{
    (void)state;
    size_t wanted_bytes = 0;
    int error = product_memory_run(want_much, NULL, &wanted_bytes);
    unsetenv("JUGGLER_FAIL_FROM");
    assert_int_equal(error, ENOMEM);
    assert_in_range(wanted_bytes, 1 << 27, (1 << 27) + 64);
}

static void a_job_says_what_it_wanted(void **state)
{
    (void)state;
    struct bench bench;
    bench_init(&bench, LIMIT, PRODUCT_TREE, -1);
    fail_from("JUGGLER_FAIL_FROM", 1);
    assert_int_equal(bench_run(&bench), JOB_OUTCOME_FAILED);
    unsetenv("JUGGLER_FAIL_FROM");
    assert_non_null(strstr(bench.result.note, "no memory for a product of 1"));
    assert_non_null(strstr(bench.result.note, "wanted"));
    bench_free(&bench);
}

/* --- a limit of the system's ----------------------------------------------------------------------------- */

static void *run_in_thread(void *context)
{
    struct bench *bench = context;
    enum job_outcome outcome = bench_run(bench);
    bool told = outcome == JOB_OUTCOME_FAILED && strstr(bench->result.note, "no memory");
    return outcome == JOB_OUTCOME_DONE || told ? bench : NULL;
}

static rlim_t address_space_bytes(void)
{
    unsigned long long pages = 0;
    FILE *file = fopen("/proc/self/statm", "r");
    assert_non_null(file);
    assert_int_equal(fscanf(file, "%llu", &pages), 1);
    fclose(file);
    return pages * (rlim_t)sysconf(_SC_PAGESIZE);
}

/* Several threads in a process that gets so much more and nothing beyond it. 0: each job is done or says why not. */
static int run_within(rlim_t more_bytes)
{
    struct bench benches[THREADS];
    pthread_t threads[THREADS];
    for (int i = 0; i < THREADS; i++)
        bench_init(&benches[i], 1000000, PRODUCT_TREE, -1);
    pthread_attr_t small;
    mallopt(M_ARENA_MAX, 1); /* or malloc asks for another arena, in vain, again and again */
    pthread_attr_init(&small);
    pthread_attr_setstacksize(&small, STACK_BYTES);
    struct rlimit limit = {.rlim_cur = address_space_bytes() + more_bytes, .rlim_max = RLIM_INFINITY};
    int made = 0, bad = 0;
    setrlimit(RLIMIT_AS, &limit);
    for (; made < THREADS && !pthread_create(&threads[made], &small, run_in_thread, &benches[made]); made++)
        continue;
    for (int i = 0; i < made; i++) {
        void *good = NULL;
        pthread_join(threads[i], &good);
        bad += !good;
    }
    return bad;
}

static void threads_survive_a_limit_of_memory(void **state)
{
    (void)state;
    if (SANITIZED)
        skip(); /* a sanitizer ends the process when it gets no memory for itself */
    for (rlim_t more = 3 << 20; more <= 18 << 20; more += 5 << 20) {
        pid_t pid = fork();
        if (pid == 0) {
            alarm(60);
            _exit(run_within(more));
        }
        int status = 0;
        assert_int_equal(waitpid(pid, &status, 0), pid);
        assert_int_equal(status, 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_allocation_of_a_product_fails_in_turn),
        cmocka_unit_test(the_size_is_known),
        cmocka_unit_test(a_job_says_what_it_wanted),
        cmocka_unit_test(threads_survive_a_limit_of_memory),
    };
    job_kind_of(WORK_PRIMES)->process_start();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
