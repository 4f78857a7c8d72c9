/* test_limits.c - limits: what is one, what is not and why, and which are too large. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/problem.h"
#include "jobs/inputs.h"

enum { TIME_LIMIT_S = 60 };

/* --- one limit ---------------------------------------------------------------------------------------- */

static void whole_numbers_are_read_in_every_form(void **state)
{
    (void)state;
    const struct {
        const char *text;
        uint64_t value;
    } cases[] = {{"0", 0},
                 {"7", 7},
                 {"007", 7},
                 {"50328", 50328},
                 {"1e6", 1000000},
                 {"1E6", 1000000},
                 {"1e0", 1},
                 {"0e99", 0},
                 {"0e99999999999999999999999", 0},
                 {"1_000_000", 1000000},
                 {"1.5e6", 1500000},
                 {"1.50e1", 15},
                 {"2.0", 2},
                 {"1.005e3", 1005},
                 {"1.0_05e4", 10050},
                 {"3.000e2", 300},
                 {"100e3", 100000},
                 {"18446744073709551615", UINT64_MAX}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        uint64_t value = 12345;
        struct problem problem = {.text = ""};
        assert_int_equal(limit_parse(cases[i].text, &value, &problem), 0);
        assert_int_equal(value, cases[i].value);
        assert_string_equal(problem.text, "");
    }
}

static void everything_else_is_refused_with_its_reason(void **state)
{
    (void)state;
    const struct {
        const char *text;
        const char *reason;
    } cases[] = {
        {"", "an empty text is not a limit: limits are whole numbers from 0"},
        {"-5", "-5 is negative: limits are whole numbers from 0"},
        {"-1e3", "-1e3 is negative: limits are whole numbers from 0"},
        {"12x", "12x is not a whole number"},
        {"x", "x is not a whole number"},
        {"-", "- is not a whole number"},
        {"+5", "+5 is not a whole number"},
        {"--5", "--5 is not a whole number"},
        {"1e", "1e is not a whole number"},
        {"1e-3", "1e-3 is not a whole number"},
        {"e6", "e6 is not a whole number"},
        {"1.5", "1.5 is not a whole number"},
        {"1.55e1", "1.55e1 is not a whole number"},
        {"1.", "1. is not a whole number"},
        {".5", ".5 is not a whole number"},
        {"_", "_ is not a whole number"},
        {"_1", "_1 is not a whole number"},
        {"1_", "1_ is not a whole number"},
        {"1__0", "1__0 is not a whole number"},
        {"1 000", "1 000 is not a whole number"},
        {" 5", " 5 is not a whole number"},
        {"5\n", "5\n is not a whole number"},
        {"0x10", "0x10 is not a whole number"},
        {"nan", "nan is not a whole number"},
        {"99999999999999999999", "99999999999999999999 is too large: the product of the primes up to it would have"},
        {"18446744073709551616", "18446744073709551616 is too large"},
        {"1e20", "1e20 is too large"},
        {"1e99999999999999999999999", "1e99999999999999999999999 is too large"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        uint64_t value = 12345;
        struct problem problem = {.text = ""};
        assert_int_equal(limit_parse(cases[i].text, &value, &problem), -1);
        assert_int_equal(value, 12345);
        assert_memory_equal(problem.text, cases[i].reason, strlen(cases[i].reason));
    }
}

static void a_bad_limit_of_a_megabyte_makes_a_short_sentence(void **state)
{
    (void)state;
    enum { BYTES = 1 << 20 };
    char *text = malloc(BYTES + 1);
    assert_non_null(text);
    memset(text, '9', BYTES);
    text[BYTES] = '\0';
    uint64_t value;
    struct problem problem;
    assert_int_equal(limit_parse(text, &value, &problem), -1);
    assert_in_range(strlen(problem.text), 60, 200);
    free(text);
}

/* --- how large ---------------------------------------------------------------------------------------- */

/* Against figures computed elsewhere: never less than the truth, and not much more. */
static void the_bound_of_the_bits_holds(void **state)
{
    (void)state;
    FILE *file = fopen("tests/data/prime-products.csv", "r");
    assert_non_null(file);
    char line[256];
    size_t rows = 0;
    while (fgets(line, sizeof line, file)) {
        uint64_t limit;
        uint64_t bits;
        if (sscanf(line, "%lu,%*u,%lu", &limit, &bits) != 2)
            continue;
        rows++;
        assert_true(limit_product_bits(limit) >= bits);
        if (limit >= 1000)
            assert_true((double)limit_product_bits(limit) < 1.07 * (double)bits);
    }
    fclose(file);
    assert_true(rows >= 17);
    assert_true(limit_product_bits(UINT64_MAX) == UINT64_MAX);
}

static void what_does_not_fit_is_refused_with_its_size(void **state)
{
    (void)state;
    struct problem problem = {.text = ""};
    const uint64_t gib = UINT64_C(1) << 30;
    assert_int_equal(limit_check_fits(402624, 0, &problem), 0);
    assert_int_equal(limit_check_fits(402624, gib, &problem), 0);
    assert_int_equal(limit_check_fits(UINT64_C(1000000000), 8 * gib, &problem), 0);
    assert_int_equal(limit_check_fits(UINT64_C(5000000000), 0, &problem), 0);
    assert_string_equal(problem.text, "");

    assert_int_equal(limit_check_fits(UINT64_C(1000000000), gib, &problem), -1);
    assert_non_null(strstr(problem.text, "1000000000 is too large: its product would have about 175 MiB (4.41e+08 digits)"));
    assert_non_null(strstr(problem.text, "1.0 GiB are free"));
    assert_int_equal(limit_check_fits(UINT64_C(8000000000), 0, &problem), -1);
    assert_non_null(strstr(problem.text, "8000000000 is too large: its product would have about 1.4 GiB (3.53e+09 digits)"));
    assert_int_equal(limit_check_fits(UINT64_MAX, 0, &problem), -1);
    assert_int_equal(limit_check_fits(402624, 100000, &problem), -1);
    assert_int_equal(limit_check_fits(UINT64_C(100000000), 160 << 20, &problem), -1); /* measured: 157 MiB and no less */
}

/* --- lists --------------------------------------------------------------------------------------------- */

static int add_text(struct inputs *inputs, const char *text, size_t bytes, struct problem *problem)
{
    *inputs = (struct inputs){0};
    *problem = (struct problem){.text = ""};
    return inputs_add_limit_text(inputs, "my.limits", text, bytes, problem);
}

static void a_list_is_read_in_its_order(void **state)
{
    (void)state;
    const char text[] = "\xef\xbb\xbf# the article's\r\n50328\r\n\r\n  22_756 \n\t39371\n# 5\n0\n1e6";
    const uint64_t limits[] = {50328, 22756, 39371, 0, 1000000};
    const char *const texts[] = {"50328", "22756", "39371", "0", "1000000"};
    struct inputs inputs;
    struct problem problem;
    assert_int_equal(add_text(&inputs, text, sizeof text - 1, &problem), 0);
    assert_int_equal(inputs.count, 5);
    for (size_t i = 0; i < inputs.count; i++) {
        assert_int_equal(inputs.items[i].limit, limits[i]);
        assert_string_equal(inputs.items[i].text, texts[i]);
    }
    inputs_free(&inputs);
}

static void a_bad_line_is_named_by_file_and_line(void **state)
{
    (void)state;
    const struct {
        const char *text;
        size_t bytes;
        const char *reason;
    } cases[] = {
        {"7\n# ok\n12x\n", 12, "my.limits:3: 12x is not a whole number"},
        {"7\r\n-5\r\n", 7, "my.limits:2: -5 is negative: limits are whole numbers from 0"},
        {"7 8\n", 4, "my.limits:1: 7 8: one limit a line"},
        {"7,8\n", 4, "my.limits:1: 7,8: one limit a line"},
        {"1\0002\n", 4, "my.limits:1: has a NUL byte: this is not a text file"},
        {"1\n99999999999999999999", 22, "my.limits:2: 99999999999999999999 is too large: the product"},
        {"9000000000\n", 11, "my.limits:1: 9000000000 is too large: its product would have about 1.5 GiB"},
        {"", 0, "my.limits: has no limits"},
        {"# nothing\n\n", 11, "my.limits: has no limits"},
        {"\xff\xfe\n", 3, "my.limits:1: \xff\xfe is not a whole number"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct inputs inputs;
        struct problem problem;
        assert_int_equal(add_text(&inputs, cases[i].text, cases[i].bytes, &problem), -1);
        assert_memory_equal(problem.text, cases[i].reason, strlen(cases[i].reason));
        inputs_free(&inputs);
    }
}

static void a_line_of_a_megabyte_is_refused_in_few_words(void **state)
{
    (void)state;
    enum { BYTES = 1 << 20 };
    char *text = malloc(BYTES);
    assert_non_null(text);
    memset(text, '1', BYTES);
    struct inputs inputs;
    struct problem problem;
    assert_int_equal(add_text(&inputs, text, BYTES, &problem), -1);
    assert_string_equal(problem.text, "my.limits:1: a line of 1048576 bytes is not a whole number");
    inputs_free(&inputs);
    free(text);
}

/* --- arguments ------------------------------------------------------------------------------------------ */

static void an_argument_is_a_limit_or_a_list(void **state)
{
    (void)state;
    char path[] = "/tmp/juggler-limits-XXXXXX";
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, "7\n10\n", 5), 5);
    close(fd);
    struct inputs inputs = {0};
    struct problem problem = {.text = ""};
    assert_int_equal(inputs_add_primes(&inputs, "1e3", &problem), 0);
    assert_int_equal(inputs_add_primes(&inputs, path, &problem), 0);
    assert_int_equal(inputs.count, 3);
    assert_int_equal(inputs.items[0].limit, 1000);
    assert_int_equal(inputs.items[2].limit, 10);
    unlink(path);

    assert_int_equal(inputs_add_primes(&inputs, "-5", &problem), -1);
    assert_string_equal(problem.text, "-5 is negative: limits are whole numbers from 0");
    assert_int_equal(inputs_add_primes(&inputs, "12x", &problem), -1);
    assert_non_null(strstr(problem.text, "12x is not a whole number"));
    assert_int_equal(inputs_add_primes(&inputs, "", &problem), -1);
    assert_non_null(strstr(problem.text, "an empty text"));
    assert_int_equal(inputs_add_primes(&inputs, "8e9", &problem), -1);
    assert_non_null(strstr(problem.text, "1.4 GiB"));
    assert_int_equal(inputs_add_primes(&inputs, "/tmp/no-such-juggler-list", &problem), -1);
    assert_non_null(strstr(problem.text, "/tmp/no-such-juggler-list: No such file or directory"));
    assert_int_equal(inputs_add_primes(&inputs, "/tmp", &problem), -1);
    assert_non_null(strstr(problem.text, "/tmp: is a folder"));
    assert_int_equal(inputs.count, 3);
    inputs_free(&inputs);
}

/* Digits are a limit even where a file has that name; other texts that start with a digit are that file. */
static void a_file_may_start_with_a_digit(void **state)
{
    (void)state;
    char folder[] = "/tmp/juggler-limits-XXXXXX";
    assert_non_null(mkdtemp(folder));
    char *before = getcwd(NULL, 0);
    assert_non_null(before);
    assert_int_equal(chdir(folder), 0);
    const char *const names[] = {"17", "4.limits"};
    for (size_t i = 0; i < 2; i++) {
        FILE *file = fopen(names[i], "w");
        assert_non_null(file);
        fputs("99\n", file);
        fclose(file);
    }
    struct inputs inputs = {0};
    struct problem problem;
    assert_int_equal(inputs_add_primes(&inputs, "17", &problem), 0);
    assert_int_equal(inputs_add_primes(&inputs, "4.limits", &problem), 0);
    assert_int_equal(inputs.items[0].limit, 17);
    assert_int_equal(inputs.items[1].limit, 99);
    inputs_free(&inputs);
    unlink("17");
    unlink("4.limits");
    assert_int_equal(chdir(before), 0);
    free(before);
    assert_int_equal(rmdir(folder), 0);
}

static void products_are_named_after_their_limits(void **state)
{
    (void)state;
    struct inputs inputs = {0};
    struct problem problem;
    assert_int_equal(inputs_add_limit(&inputs, 0, &problem), 0);
    assert_int_equal(inputs_add_limit(&inputs, 50328, &problem), 0);
    assert_int_equal(inputs_name(&inputs, WORK_PRIMES, &problem), 0);
    assert_string_equal(inputs.items[0].name, "product-0.txt");
    assert_string_equal(inputs.items[1].name, "product-50328.txt");
    inputs_free(&inputs);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whole_numbers_are_read_in_every_form),
        cmocka_unit_test(everything_else_is_refused_with_its_reason),
        cmocka_unit_test(a_bad_limit_of_a_megabyte_makes_a_short_sentence),
        cmocka_unit_test(the_bound_of_the_bits_holds),
        cmocka_unit_test(what_does_not_fit_is_refused_with_its_size),
        cmocka_unit_test(a_list_is_read_in_its_order),
        cmocka_unit_test(a_bad_line_is_named_by_file_and_line),
        cmocka_unit_test(a_line_of_a_megabyte_is_refused_in_few_words),
        cmocka_unit_test(an_argument_is_a_limit_or_a_list),
        cmocka_unit_test(a_file_may_start_with_a_digit),
        cmocka_unit_test(products_are_named_after_their_limits),
    };
    alarm(TIME_LIMIT_S);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
