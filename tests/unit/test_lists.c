/* test_lists.c - lists of URLs: what is taken, what is refused and in which words. */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/problem.h"
#include "jobs/inputs.h"
#include "jobs/inputs_text.h"

enum { TEST_SECONDS = 60 };

static void assert_takes(const char *text, size_t count, const char *const *urls)
{
    struct inputs inputs = {0};
    struct problem problem = {0};
    assert_int_equal(inputs_add_url_text(&inputs, "list", text, strlen(text), &problem), 0);
    assert_int_equal(inputs.count, count);
    for (size_t i = 0; i < count; i++)
        assert_string_equal(inputs.items[i].url, urls[i]);
    inputs_free(&inputs);
}

static void test_forms(void **state)
{
    (void)state;
    static const char *const two[] = {"http://a/1", "https://b/2"};
    assert_takes("http://a/1\nhttps://b/2\n", 2, two);
    assert_takes("http://a/1\nhttps://b/2", 2, two);
    assert_takes("http://a/1\r\nhttps://b/2\r\n", 2, two);
    assert_takes("\xef\xbb\xbfhttp://a/1\nhttps://b/2\n", 2, two);
    assert_takes("# the first\n\nhttp://a/1\n   \n\t# the second\n  https://b/2 \t\n\n", 2, two);
    assert_takes("\xef\xbb\xbf# a mark and a comment\r\n\r\nhttp://a/1\r\nhttps://b/2\r\n", 2, two);
    assert_takes("HTTP://a/1", 1, (const char *const[]){"HTTP://a/1"});
    assert_takes("http://[::1]:8080/x?y#z", 1, (const char *const[]){"http://[::1]:8080/x?y#z"});
    assert_takes("http://a/\xc3\xbc?\xff", 1, (const char *const[]){"http://a/%C3%BC?%FF"});
}

static void test_password_is_not_shown(void **state)
{
    (void)state;
    static const char text[] = "https://user:canary@host:81/a@b?q=1#f\nhttp://user@host/\xc3\xbc\xff";
    struct inputs inputs = {0};
    struct problem problem = {0};
    assert_int_equal(inputs_add_url_text(&inputs, "list", text, strlen(text), &problem), 0);
    assert_string_equal(inputs.items[0].text, "https://host:81/a@b?q=1#f");
    assert_string_equal(inputs.items[0].url, "https://user:canary@host:81/a@b?q=1#f");
    assert_string_equal(inputs.items[1].text, "http://host/\xc3\xbc%FF");
    inputs_free(&inputs);
}

struct bad_row {
    const char *text;
    size_t bytes; /* 0: strlen */
    const char *words;
};

static const struct bad_row bad_rows[] = {
    {"", 0, "list: no URL in it"},
    {"\n\n# nothing\n", 0, "list: no URL in it"},
    {"\xef\xbb\xbf", 0, "list: no URL in it"},
    {"http://a/\n\nftp://b/\n", 0, "list:3: only http and https"},
    {"file:///etc/passwd", 0, "list:1: only http and https"},
    {"javascript:alert(1)", 0, "list:1: is not a URL (http://... or https://...)"},
    {"example.com/x", 0, "list:1: is not a URL (http://... or https://...)"},
    {"50328", 0, "list:1: is not a URL (http://... or https://...)"},
    {"http:/a/x", 0, "list:1: is not a URL (http://... or https://...)"},
    {"http://a/x y", 0, "list:1: has a blank in it (write %20)"},
    {"http://a/x\ty", 0, "list:1: has a control character in it (\\x09)"},
    {"# one\r\nhttp://a/x\ry\r\n", 0, "list:2: has a control character in it (\\x0D)"},
    {"http://a/\x1b[2J", 0, "list:1: has a control character in it (\\x1B)"},
    {"http://a/\x7f", 0, "list:1: has a control character in it (\\x7F)"},
    {"http://a/\0b\n", 12, "list:1: has a NUL byte in it"},
    {"\xff\xfeh\0t\0", 6, "list:1: has a NUL byte in it"},
    {"http://", 0, "list:1: has no host"},
    {"http:///x", 0, "list:1: has no host"},
    {"http://?x", 0, "list:1: has no host"},
    {"http://u:p@/x", 0, "list:1: has no host"},
    {"http://:80/x", 0, "list:1: has no host"},
    {"http://a\xff/x", 0, "list:1: has a host that is not valid UTF-8"},
    {"http://a:99999/", 0, "list:1: is not a URL: Port number was not a decimal number between 0 and 65535"},
    {"http://u:canary@a:b/", 0, "list:1: is not a URL: Port number was not a decimal number between 0 and 65535"},
    {"http://[::1/x", 0, "list:1: is not a URL: "},
};

static void test_bad_lines(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof bad_rows / sizeof *bad_rows; i++) {
        const struct bad_row *row = &bad_rows[i];
        struct inputs inputs = {0};
        struct problem problem = {0};
        size_t bytes = row->bytes ? row->bytes : strlen(row->text);
        assert_int_equal(inputs_add_url_text(&inputs, "list", row->text, bytes, &problem), -1);
        assert_memory_equal(problem.text, row->words, strlen(row->words));
        assert_null(strstr(problem.text, "canary"));
        inputs_free(&inputs);
    }
}

static int add_long_line(struct inputs *inputs, size_t bytes, struct problem *problem)
{
    char *text = malloc(bytes + 12);
    assert_non_null(text);
    memcpy(text, "http://a/b\n", 11);
    memset(text + 11, 'x', bytes);
    memcpy(text + 11, "http://a/", 9);
    int got = inputs_add_url_text(inputs, "list", text, bytes + 11, problem);
    free(text);
    return got;
}

static void test_long_lines(void **state)
{
    (void)state;
    struct inputs inputs = {0};
    struct problem problem = {0};
    assert_int_equal(add_long_line(&inputs, 8192, &problem), 0);
    assert_int_equal(strlen(inputs.items[1].url), 8192);
    assert_int_equal(add_long_line(&inputs, 8193, &problem), -1);
    assert_string_equal(problem.text, "list:2: is longer than 8 KiB");
    assert_int_equal(add_long_line(&inputs, 1 << 20, &problem), -1);
    inputs_free(&inputs);
}

/* All characters beyond ASCII: three bytes of text for each of the line's. */
static void test_long_line_that_grows(void **state)
{
    (void)state;
    char text[8193] = "http://a/";
    struct inputs inputs = {0};
    struct problem problem = {0};
    memset(text + 9, 0xff, 8192 - 9);
    assert_int_equal(inputs_add_url_text(&inputs, "list", text, 8192, &problem), 0);
    assert_int_equal(strlen(inputs.items[0].url), 9 + 3 * (8192 - 9));
    assert_string_equal(inputs.items[0].text, inputs.items[0].url);
    assert_int_equal(inputs_redirect(&inputs, 65535, &problem), 0);
    inputs_free(&inputs);
}

static void test_random_lists(void **state)
{
    (void)state;
    static const char pieces[][8] = {"http://", "https:/", "/", "\n", "\r\n", "#",    "@", ":",
                                     "a",       " ",       "?", "[",  "]",    "\xff", "%", "\x01"};
    uint64_t seed = 0x853c49e6748fea9b;
    alarm(TEST_SECONDS);
    for (int round = 0; round < 20000; round++) {
        char text[256] = "";
        struct inputs inputs = {0};
        struct problem problem = {0};
        for (int i = 0; i < 20; i++) {
            seed = seed * 6364136223846793005u + 1442695040888963407u;
            strcat(text, pieces[seed >> 60]);
        }
        if (inputs_add_url_text(&inputs, "list", text, strlen(text), &problem))
            assert_memory_equal(problem.text, "list:", 5);
        else
            assert_int_equal(inputs_name(&inputs, WORK_DOWNLOAD, &problem), 0);
        inputs_free(&inputs);
    }
    alarm(0);
}

/* --- arguments -------------------------------------------------------------------------------------- */

static void assert_refuses(const char *argument, const char *words)
{
    struct inputs inputs = {0};
    struct problem problem = {0};
    assert_int_equal(inputs_add_download(&inputs, argument, &problem), -1);
    assert_string_equal(problem.text, words);
    assert_int_equal(inputs.count, 0);
    inputs_free(&inputs);
}

static void test_bad_arguments(void **state)
{
    (void)state;
    assert_refuses("/nowhere/list", "/nowhere/list: No such file or directory");
    assert_refuses("/tmp", "/tmp: is a folder, not a list");
    assert_refuses("ftp://user:canary@h/x", "ftp://h/x: only http and https");
    assert_refuses("file:///etc/passwd", "file:///etc/passwd: only http and https");
    assert_refuses("http://h/a b?k=canary", "http://h/a b?k=...: has a blank in it (write %20)");
    assert_refuses("/dev/null", "/dev/null: no URL in it");
    assert_refuses("", ": No such file or directory");
}

static void write_all(int fd, const char *text)
{
    assert_int_equal(write(fd, text, strlen(text)), strlen(text));
}

static void test_files_and_standard_input(void **state)
{
    (void)state;
    char path[] = "/tmp/test-lists-XXXXXX";
    struct inputs inputs = {0};
    struct problem problem = {0};
    int fd = mkstemp(path), ends[2];
    assert_true(fd >= 0);
    write_all(fd, "http://a/1\n");
    close(fd);
    assert_int_equal(pipe(ends), 0);
    write_all(ends[1], "http://a/2\nnonsense\n");
    close(ends[1]);
    assert_int_equal(dup2(ends[0], STDIN_FILENO), STDIN_FILENO);
    close(ends[0]);
    assert_int_equal(inputs_add_download(&inputs, path, &problem), 0);
    assert_int_equal(inputs_add_download(&inputs, "http://a/0", &problem), 0);
    assert_int_equal(inputs_add_download(&inputs, "-", &problem), -1);
    assert_string_equal(problem.text, "standard input:2: is not a URL (http://... or https://...)");
    assert_string_equal(inputs.items[0].url, "http://a/1");
    assert_string_equal(inputs.items[1].url, "http://a/0");
    unlink(path);
    inputs_free(&inputs);
}

static void test_too_large_a_file(void **state)
{
    (void)state;
    char path[] = "/tmp/test-lists-XXXXXX";
    char expected[64];
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    assert_int_equal(ftruncate(fd, (off_t)INPUTS_FILE_BYTES_MAX + 1), 0); /* a hole: takes no room */
    close(fd);
    snprintf(expected, sizeof expected, "%s: is larger than 256 MiB", path);
    assert_refuses(path, expected);
    unlink(path);
}

static void test_redirect(void **state)
{
    (void)state;
    static const char text[] = "https://u:p@h:81/a/b.jpg?x=http://y#z\nhttp://h\nhttp://h?q=1\nhttp://h#f";
    static const char *const expected[] = {"http://127.0.0.1:4711/a/b.jpg?x=http://y#z", "http://127.0.0.1:4711/",
                                           "http://127.0.0.1:4711/?q=1", "http://127.0.0.1:4711/#f"};
    struct inputs inputs = {0};
    struct problem problem = {0};
    assert_int_equal(inputs_add_url_text(&inputs, "list", text, strlen(text), &problem), 0);
    assert_int_equal(inputs_redirect(&inputs, 4711, &problem), 0);
    for (size_t i = 0; i < inputs.count; i++)
        assert_string_equal(inputs.items[i].url, expected[i]);
    assert_string_equal(inputs.items[0].text, "https://h:81/a/b.jpg?x=http://y#z");
    inputs_free(&inputs);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_forms),
        cmocka_unit_test(test_password_is_not_shown),
        cmocka_unit_test(test_bad_lines),
        cmocka_unit_test(test_long_lines),
        cmocka_unit_test(test_long_line_that_grows),
        cmocka_unit_test(test_random_lists),
        cmocka_unit_test(test_bad_arguments),
        cmocka_unit_test(test_files_and_standard_input),
        cmocka_unit_test(test_too_large_a_file),
        cmocka_unit_test(test_redirect),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
