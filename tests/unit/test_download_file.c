/* test_download_file.c - a download's file: small pieces are put together, and all of them are there, in order, when it has its name. */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "jobs/download_file.h"

enum { TOTAL = 100000 };

struct bench {
    char folder[32];
    struct job_set set;
    struct part part;
};

static int set_up(void **state)
{
    struct bench *bench = calloc(1, sizeof *bench);
    assert_non_null(bench);
    strcpy(bench->folder, "/tmp/part-XXXXXX");
    assert_non_null(mkdtemp(bench->folder));
    bench->set =
        (struct job_set){.output_dir = open(bench->folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC), .part_prefix = ".p-"};
    assert_true(bench->set.output_dir >= 0);
    part_init(&bench->part, &bench->set, 0);
    assert_int_equal(part_open(&bench->part), 0);
    *state = bench;
    return 0;
}

static int tear_down(void **state)
{
    struct bench *bench = *state;
    part_discard(&bench->part);
    unlinkat(bench->set.output_dir, "x", 0);
    close(bench->set.output_dir);
    assert_int_equal(rmdir(bench->folder), 0);
    free(bench);
    return 0;
}

static off_t size_of(const struct bench *bench, const char *name)
{
    struct stat status;
    assert_int_equal(fstatat(bench->set.output_dir, name, &status, 0), 0);
    return status.st_size;
}

static unsigned char byte_at(size_t i)
{
    return (unsigned char)(i * 31 + i / 251);
}

/* A body that comes byte by byte does not cost a call of the kernel for each. */
static void test_small_pieces(void **state)
{
    struct bench *bench = *state;
    for (size_t i = 0; i < PART_HELD_BYTES; i++)
        assert_int_equal(part_write(&bench->part, &(unsigned char){byte_at(i)}, 1), 0);
    assert_int_equal(size_of(bench, bench->part.name), 0);
    assert_int_equal(part_write(&bench->part, "x", 1), 0);
    assert_int_equal(size_of(bench, bench->part.name), PART_HELD_BYTES);
    assert_int_equal(part_publish(&bench->part, "x", false), 0);
    assert_int_equal(size_of(bench, "x"), PART_HELD_BYTES + 1);
}

static void test_pieces_of_all_sizes(void **state)
{
    static const size_t sizes[] = {1, 1023, 1, 1024, 1025, 3, 0, 5000, 1022, 2, 1, 16384};
    struct bench *bench = *state;
    unsigned char *wrote = malloc(TOTAL), *got = malloc(TOTAL);
    size_t used = 0;
    assert_true(wrote && got);
    for (size_t i = 0; i < TOTAL; i++)
        wrote[i] = byte_at(i);
    for (size_t i = 0; used < TOTAL; i++) {
        size_t piece = sizes[i % (sizeof sizes / sizeof *sizes)];
        piece = piece < TOTAL - used ? piece : TOTAL - used;
        assert_int_equal(part_write(&bench->part, wrote + used, piece), 0);
        used += piece;
    }
    assert_int_equal(part_publish(&bench->part, "x", false), 0);
    int fd = openat(bench->set.output_dir, "x", O_RDONLY | O_CLOEXEC);
    assert_int_equal(read(fd, got, TOTAL), TOTAL);
    assert_int_equal(size_of(bench, "x"), TOTAL);
    close(fd);
    assert_memory_equal(wrote, got, TOTAL);
    free(wrote);
    free(got);
}

/* What is held when an attempt fails is not in the file of the next one. */
static void test_a_new_attempt(void **state)
{
    struct bench *bench = *state;
    assert_int_equal(part_write(&bench->part, "old", 3), 0);
    part_discard(&bench->part);
    assert_int_equal(part_open(&bench->part), 0);
    assert_int_equal(part_write(&bench->part, "new!", 4), 0);
    assert_int_equal(part_publish(&bench->part, "x", false), 0);
    assert_int_equal(size_of(bench, "x"), 4);
}

/* Network file systems tell of what could not be written when a file is closed, and no sooner. */
static void test_a_close_that_fails(void **state)
{
    struct bench *bench = *state;
    unsigned char piece[PART_HELD_BYTES + 1] = {0};
    assert_int_equal(part_write(&bench->part, piece, sizeof piece), 0);
    assert_int_equal(close(bench->part.fd), 0);
    assert_int_equal(part_publish(&bench->part, "x", false), EBADF);
    assert_int_equal(faccessat(bench->set.output_dir, "x", F_OK, 0), -1);
    assert_int_equal(faccessat(bench->set.output_dir, bench->part.name, F_OK, 0), -1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_small_pieces, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_pieces_of_all_sizes, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_a_new_attempt, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_a_close_that_fails, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
