/* test_names.c - the names of files: hostile URLs, doubles, and many of them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/problem.h"
#include "base/text.h"
#include "jobs/inputs.h"
#include "jobs/inputs_text.h"

enum { TEST_SECONDS = 60 };

static const struct {
    const char *url;
    const char *name;
} rows[] = {
    /* the ordinary */
    {"https://live.staticflickr.com/6022/5941812700_0f634b136e_b.jpg", "5941812700_0f634b136e_b.jpg"},
    {"http://h/a", "a"},
    {"http://h/a/b/c.tar.gz", "c.tar.gz"},
    {"http://h:8080/x.png", "x.png"},
    {"http://u:p@h/x.png", "x.png"},
    {"http://h/-rf", "-rf"},
    {"http://h/a.", "a."},
    {"http://h/a b", "a b"},
    {"http://h/CON", "CON"},
    {"http://h/~", "~"},
    /* query and fragment */
    {"http://h/a.jpg?size=large", "a.jpg"},
    {"http://h/a.jpg#top", "a.jpg"},
    {"http://h/a.jpg?x=/b/c.gif", "a.jpg"},
    {"http://h/a.jpg#/b/c.gif?d", "a.jpg"},
    {"http://h/a.jpg?x#y", "a.jpg"},
    {"http://h/a%3Fb.jpg", "a?b.jpg"},
    {"http://h/a%23b.jpg", "a#b.jpg"},
    /* none */
    {"http://h", "index"},
    {"http://h/", "index"},
    {"http://h/a/", "index"},
    {"http://h?q=/x", "index"},
    {"http://h#f", "index"},
    {"http://h/?q", "index"},
    {"http://", "index"},
    {"", "index"},
    /* decoding, once */
    {"http://h/a%20b.jpg", "a b.jpg"},
    {"http://h/a+b.jpg", "a+b.jpg"},
    {"http://h/%61%62%63", "abc"},
    {"http://h/%252e%252e", "%2e%2e"},
    {"http://h/a%2", "a%2"},
    {"http://h/a%", "a%"},
    {"http://h/a%zz", "a%zz"},
    {"http://h/a%4", "a%4"},
    {"http://h/%e4%bd%a0.jpg", "\xe4\xbd\xa0.jpg"},
    {"http://h/%E4%BD%A0.jpg", "\xe4\xbd\xa0.jpg"},
    {"http://h/\xe4\xbd\xa0.jpg", "\xe4\xbd\xa0.jpg"},
    {"http://h/gr%C3%BCn", "gr\xc3\xbcn"},
    /* ways out of the folder */
    {"http://h/..", "__"},
    {"http://h/.", "_"},
    {"http://h/...", "___"},
    {"http://h/%2e%2e", "__"},
    {"http://h/%2e%2E/", "index"},
    {"http://h/..%2f..%2fetc%2fpasswd", "___.._etc_passwd"},
    {"http://h/%2fetc%2fpasswd", "_etc_passwd"},
    {"http://h/%2f", "_"},
    {"http://h/a%2fb", "a_b"},
    {"http://h/a%5cb", "a\\b"},
    {"http://h/..%5c..%5cx", "__\\..\\x"},
    {"http://h/a%00.jpg", "a_.jpg"},
    {"http://h/%00", "_"},
    /* dot files */
    {"http://h/.bashrc", "_bashrc"},
    {"http://h/..bashrc", "__bashrc"},
    {"http://h/%2ebashrc", "_bashrc"},
    {"http://h/.juggler-1-0.part", "_juggler-1-0.part"},
    {"http://h/a..b", "a..b"},
    /* control characters */
    {"http://h/a%0ab", "a_b"},
    {"http://h/a%0d%0ab", "a__b"},
    {"http://h/a%09b", "a_b"},
    {"http://h/%1b%5d0;x%07", "_]0;x_"},
    {"http://h/a%7fb", "a_b"},
    {"http://h/a%c2%9bb", "a_b"},
    {"http://h/a%c2%80b", "a_b"},
    {"http://h/a%c2%a0b", "a\xc2\xa0"
                          "b"},
    {"http://h/a\x01z", "a_z"},
    /* not UTF-8 */
    {"http://h/a%ffb", "a_b"},
    {"http://h/%ff%fe", "__"},
    {"http://h/a%c3", "a_"},
    {"http://h/%c0%af", "__"},
    {"http://h/%c0%ae%c0%ae", "____"},
    {"http://h/%ed%a0%80", "___"},
    {"http://h/%f4%90%80%80", "____"},
    {"http://h/%e2%82", "__"},
    {"http://h/\xff", "_"},
};

static void test_rows(void **state)
{
    (void)state;
    char name[FILE_NAME_MAX + 1];
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        file_name_from_url(rows[i].url, name);
        assert_string_equal(name, rows[i].name);
    }
}

/* Whatever the URL, a name is one that may stand in a folder. */
static void assert_sound(const char *name)
{
    assert_in_range(strlen(name), 1, FILE_NAME_MAX);
    assert_null(strchr(name, '/'));
    assert_int_not_equal(name[0], '.');
    for (const char *at = name; *at;) {
        uint32_t code = text_next(&at);
        assert_int_not_equal(code, UINT32_MAX);
        assert_true(code >= 0x20 && (code < 0x7f || code >= 0xa0));
    }
}

static uint64_t chance(uint64_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return *state;
}

static void test_anything(void **state)
{
    (void)state;
    static const char *const pieces[] = {"%2e", ".",   "/",   "%2f",  "%00", "%",         "..", "?",
                                         "#",   "%c3", "%bc", "\xff", "a",   "%e2%82%ac", "@"};
    uint64_t seed = 0x2545f4914f6cdd1d;
    for (int round = 0; round < 50000; round++) {
        char url[2048] = "http://h/", name[FILE_NAME_MAX + 1], numbered[FILE_NAME_MAX + 1];
        size_t count = chance(&seed) % (round % 100 ? 12 : 300);
        for (size_t i = 0; i < count; i++)
            strcat(url, pieces[chance(&seed) % (sizeof pieces / sizeof *pieces)]);
        file_name_from_url(url, name);
        assert_sound(name);
        file_name_numbered(name, (unsigned)chance(&seed), numbered);
        assert_sound(numbered);
    }
}

/* "http://h/" + count times the piece + ending */
static char *long_url(const char *piece, size_t count, const char *ending)
{
    char *url = malloc(16 + count * strlen(piece) + strlen(ending));
    assert_non_null(url);
    strcpy(url, "http://h/");
    char *at = url + strlen(url);
    for (size_t i = 0; i < count; i++)
        at = stpcpy(at, piece);
    strcpy(at, ending);
    return url;
}

static void assert_long(const char *piece, size_t count, const char *ending, size_t bytes, const char *kept)
{
    char name[FILE_NAME_MAX + 1];
    char *url = long_url(piece, count, ending);
    file_name_from_url(url, name);
    free(url);
    assert_sound(name);
    assert_int_equal(strlen(name), bytes);
    assert_string_equal(name + strlen(name) - strlen(kept), kept);
}

static void test_long(void **state)
{
    (void)state;
    assert_long("a", 200, "", 200, "a");
    assert_long("a", 196, ".jpg", 200, "a.jpg");
    assert_long("a", 197, ".jpg", 200, "a.jpg");
    assert_long("a", 300, ".jpg", 200, "a.jpg");
    assert_long("%61", 8000, ".jpg", 200, "a.jpg");
    assert_long("a", 1000000, ".jpg", 200, "a.jpg");
    assert_long("%c3%bc", 150, ".png", 200, "\xc3\xbc.png");
    assert_long("%c3%bc", 150, ".jpeg", 199, "\xc3\xbc.jpeg"); /* no half characters */
    assert_long("%e2%82%ac", 100, "", 198, "\xe2\x82\xac");
    assert_long("a.", 150, "", 200, ".");
    assert_long(".", 300, "", 200, "_");
}

static void test_numbered(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        unsigned n;
        const char *numbered;
    } numbers[] = {{"a.jpg", 2, "a-2.jpg"},
                   {"a.jpg", 10, "a-10.jpg"},
                   {"a", 3, "a-3"},
                   {"a.tar.gz", 2, "a.tar-2.gz"},
                   {"_bashrc", 2, "_bashrc-2"},
                   {"a.", 2, "a-2."},
                   {"index", 2, "index-2"},
                   {"a. a sentence, not an ending", 2, "a. a sentence, not an ending-2"}};
    char out[FILE_NAME_MAX + 1], name[FILE_NAME_MAX + 1];
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        file_name_numbered(numbers[i].name, numbers[i].n, out);
        assert_string_equal(out, numbers[i].numbered);
    }
    memset(name, 'a', FILE_NAME_MAX);
    strcpy(name + FILE_NAME_MAX - 4, ".jpg");
    file_name_numbered(name, 4294967295U, out);
    assert_int_equal(strlen(out), FILE_NAME_MAX);
    assert_string_equal(out + FILE_NAME_MAX - 16, "a-4294967295.jpg");
}

static void add_urls(struct inputs *inputs, const char *text)
{
    struct problem problem = {0};
    assert_int_equal(inputs_add_url_text(inputs, "list", text, strlen(text), &problem), 0);
    assert_int_equal(inputs_name(inputs, WORK_DOWNLOAD, &problem), 0);
}

static void test_doubles(void **state)
{
    (void)state;
    static const char *const expected[] = {"a.jpg",     "a-2.jpg", "b.jpg", "a-3.jpg",
                                           "a-2-2.jpg", "A-4.jpg", "index", "index-2"};
    struct inputs inputs = {0};
    add_urls(&inputs, "http://h/a.jpg\nhttp://h/x/a.jpg\nhttp://h/b.jpg\nhttp://i/a.jpg?x\nhttp://h/a-2.jpg\n"
                      "http://h/A.jpg\nhttp://h\nhttp://i/\n");
    for (size_t i = 0; i < inputs.count; i++)
        assert_string_equal(inputs.items[i].name, expected[i]);
    inputs_free(&inputs);
}

/* A folder that does not tell capitals from small letters would keep one file of each pair. */
static void test_case(void **state)
{
    (void)state;
    static const char *const expected[] = {"same",           "SAME-2",       "same-3",        "SAME-2-2",   "\xc3\xa9",
                                           "\xc3\x89-2",     "\xcf\x83",     "\xcf\x82-2",    "\xce\xa3-3", "k",
                                           "\xe2\x84\xaa-2", "\xd0\x96.txt", "\xd0\xb6-2.TXT"};
    struct inputs inputs = {0};
    add_urls(&inputs, "http://h/same\nhttp://h/SAME\nhttp://h/same\nhttp://h/SAME-2\nhttp://h/\xc3\xa9\nhttp://h/\xc3\x89\n"
                      "http://h/\xcf\x83\nhttp://h/\xcf\x82\nhttp://h/\xce\xa3\nhttp://h/k\nhttp://h/\xe2\x84\xaa\n"
                      "http://h/\xd0\x96.txt\nhttp://h/\xd0\xb6.TXT\n");
    assert_int_equal(inputs.count, sizeof expected / sizeof *expected);
    for (size_t i = 0; i < inputs.count; i++)
        assert_string_equal(inputs.items[i].name, expected[i]);
    inputs_free(&inputs);
}

static void test_number_that_is_taken(void **state)
{
    (void)state;
    struct inputs inputs = {0};
    add_urls(&inputs, "http://h/a-2.jpg\nhttp://h/a.jpg\nhttp://i/a.jpg\n");
    assert_string_equal(inputs.items[2].name, "a-3.jpg");
    inputs_free(&inputs);
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* A million URLs with ten names: all different, and quick (the alarm would end a square of steps). */
static void test_a_million(void **state)
{
    (void)state;
    enum { COUNT = 1000000 };
    struct inputs inputs = {0};
    struct problem problem = {0};
    const char *sanitizer = getenv("JUGGLER_SAN");
    alarm(sanitizer && *sanitizer ? 10 * TEST_SECONDS : TEST_SECONDS);
    for (size_t i = 0; i < COUNT; i++) {
        char url[32];
        int bytes = snprintf(url, sizeof url, "http://h/%zu.jpg", i % 10);
        struct job_input *item = inputs_grow(&inputs, &problem);
        assert_non_null(item);
        item->url = inputs_keep(&inputs, url, (size_t)bytes, &problem);
    }
    assert_null(inputs_grow(&inputs, &problem));
    assert_int_equal(inputs_name(&inputs, WORK_DOWNLOAD, &problem), 0);
    assert_string_equal(inputs.items[COUNT - 1].name, "9-100000.jpg");
    const char **names = malloc(COUNT * sizeof *names);
    assert_non_null(names);
    for (size_t i = 0; i < COUNT; i++)
        names[i] = inputs.items[i].name;
    qsort(names, COUNT, sizeof *names, by_text);
    for (size_t i = 1; i < COUNT; i++)
        assert_true(strcmp(names[i - 1], names[i]) < 0);
    free(names);
    inputs_free(&inputs);
    alarm(0);
}

static void test_products(void **state)
{
    (void)state;
    static const uint64_t limits[] = {50328, 0, 50328, UINT64_MAX};
    static const char *const expected[] = {"product-50328.txt", "product-0.txt", "product-50328-2.txt",
                                           "product-18446744073709551615.txt"};
    struct inputs inputs = {0};
    struct problem problem = {0};
    for (size_t i = 0; i < 4; i++)
        inputs_grow(&inputs, &problem)->limit = limits[i];
    assert_int_equal(inputs_name(&inputs, WORK_PRIMES, &problem), 0);
    for (size_t i = 0; i < 4; i++)
        assert_string_equal(inputs.items[i].name, expected[i]);
    inputs_free(&inputs);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rows),      cmocka_unit_test(test_anything), cmocka_unit_test(test_long),
        cmocka_unit_test(test_numbered),  cmocka_unit_test(test_doubles),  cmocka_unit_test(test_number_that_is_taken),
        cmocka_unit_test(test_a_million), cmocka_unit_test(test_products), cmocka_unit_test(test_case),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
