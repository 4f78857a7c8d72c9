/* primes_bench.h - one prime product at a time, with a worker that records what it is told; and the figures that were computed elsewhere. */
#ifndef TESTS_PRIMES_BENCH_H
#define TESTS_PRIMES_BENCH_H

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "jobs/inputs.h"
#include "jobs/product_moduli.h"
#include "juggler/job.h"
#include "tests/unit/fake_worker.h"

enum { ROWS_MAX = 64, TIME_LIMIT_S = 240 };

/* --- the figures ----------------------------------------------------------------------------------- */

struct row {
    uint64_t limit;
    struct job_result result;
    char sha256[65];
};

static inline size_t read_rows(struct row rows[ROWS_MAX])
{
    FILE *file = fopen("tests/data/prime-products.csv", "r");
    assert_non_null(file);
    char line[256];
    size_t count = 0;
    while (fgets(line, sizeof line, file)) {
        struct row row = {0};
        struct job_result *result = &row.result;
        if (sscanf(line, "%lu,%lu,%lu,%lu,%lu,%lu,%64[0-9a-f]", &row.limit, &result->primes, &result->bits, &result->digits,
                   &result->head, &result->tail, row.sha256) == 7) {
            assert_true(count < ROWS_MAX);
            rows[count++] = row;
        }
    }
    fclose(file);
    assert_true(count >= 17);
    return count;
}

/* --- one job, run ----------------------------------------------------------------------------------- */

struct bench {
    struct worker worker;
    char folder[64]; /* "" without files */
    char name[FILE_NAME_MAX + 1];
    struct job_input input;
    struct job_set set;
    struct job_result result;
};

static inline void bench_init(struct bench *bench, uint64_t limit, enum prime_kernel kernel, enum prime_product product,
                              bool files)
{
    *bench = (struct bench){.input = {.text = "n", .limit = limit}};
    fake_worker_init(&bench->worker);
    snprintf(bench->name, sizeof bench->name, "product-%lu.txt", limit);
    bench->input.name = bench->name;
    bench->set = (struct job_set){.kind = job_kind_of(WORK_PRIMES),
                                  .inputs = &bench->input,
                                  .count = 1,
                                  .output_dir = -1,
                                  .part_prefix = ".juggler-test-",
                                  .options.primes = {.kernel = kernel, .product = product}};
    assert_int_equal(product_moduli_choose(bench->set.options.primes.pool), 0); /* as whoever sets a run up does */
    if (!files)
        return;
    strcpy(bench->folder, "/tmp/juggler-test-XXXXXX");
    assert_non_null(mkdtemp(bench->folder));
    bench->set.output_dir = open(bench->folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    assert_true(bench->set.output_dir >= 0);
}

static inline enum job_outcome bench_run(struct bench *bench)
{
    const struct job_kind *kind = bench->set.kind;
    fake_worker_clear(&bench->worker);
    bench->result = (struct job_result){0};
    void *state = kind->worker_start(&bench->set, &bench->worker);
    assert_non_null(state);
    enum job_outcome outcome = kind->run(state, &bench->worker, 0, &bench->result);
    kind->worker_stop(state);
    return outcome;
}

static inline size_t files_in(const char *folder)
{
    size_t count = 0;
    DIR *dir = opendir(folder);
    assert_non_null(dir);
    for (struct dirent *entry; (entry = readdir(dir));)
        count += strcmp(entry->d_name, ".") && strcmp(entry->d_name, "..");
    closedir(dir);
    return count;
}

static inline void bench_free(struct bench *bench)
{
    fake_worker_free(&bench->worker);
    if (!bench->folder[0])
        return;
    unlinkat(bench->set.output_dir, bench->name, 0);
    close(bench->set.output_dir);
    assert_int_equal(files_in(bench->folder), 0);
    assert_int_equal(rmdir(bench->folder), 0);
}

static inline void assert_result(const struct job_result *got, const struct job_result *want)
{
    assert_int_equal(got->primes, want->primes);
    assert_int_equal(got->bits, want->bits);
    assert_int_equal(got->digits, want->digits);
    assert_int_equal(got->head, want->head);
    assert_int_equal(got->tail, want->tail);
    assert_int_equal(got->attempts, 1);
    assert_string_equal(got->note, "");
}

#endif
