/* test_doctor.c - juggler doctor, and where the sample data is looked for. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/problem.h"
#include "cli/data_dir.h"
#include "cli/doctor.h"

/* A folder with an article.urls in it, named by JUGGLER_DATA. */
static int samples_make(void **state)
{
    static char folder[64];
    char path[96];
    strcpy(folder, "/tmp/juggler-test-XXXXXX");
    if (!mkdtemp(folder))
        return -1;
    snprintf(path, sizeof path, "%s/article.urls", folder);
    FILE *list = fopen(path, "w");
    if (!list || fclose(list) != 0)
        return -1;
    *state = folder;
    return setenv("JUGGLER_DATA", folder, 1);
}

static int samples_remove(void **state)
{
    char path[96];
    snprintf(path, sizeof path, "%s/article.urls", (const char *)*state);
    unlink(path);
    rmdir(*state);
    return unsetenv("JUGGLER_DATA");
}

static void test_named_samples_are_used(void **state)
{
    char found[PATH_MAX];
    char room_for_little[4];
    struct problem problem = {""};
    assert_int_equal(data_dir_find(found, sizeof found, &problem), 0);
    assert_string_equal(found, *state);
    assert_int_equal(data_dir_find(room_for_little, sizeof room_for_little, &problem), -1);
}

/* A name that is wrong is told, and nothing else is taken in its place. */
static void test_samples_that_are_not_where_named(void **state)
{
    char found[PATH_MAX];
    struct problem problem = {""};
    (void)state;
    setenv("JUGGLER_DATA", "/tmp", 1);
    assert_int_equal(data_dir_find(found, sizeof found, &problem), -1);
    assert_non_null(strstr(problem.text, "/tmp"));
    assert_non_null(strstr(problem.text, "JUGGLER_DATA"));
}

static char *doctor_text(int *code)
{
    char *text = NULL;
    size_t length = 0;
    FILE *out = open_memstream(&text, &length);
    assert_non_null(out);
    *code = doctor_run(out, false);
    fclose(out);
    return text;
}

static void assert_line(const char *text, const char *start)
{
    if (!strstr(text, start))
        fail_msg("no line \"%s\" in:\n%s", start + 1, text);
}

static void test_doctor_looks_at_everything(void **state)
{
    static const char *const NAMES[] = {"cores",       "schedstat", "memory",    "open files", "process limit",
                                        "terminal",    "locale",    "libraries", "transfers",  "certificates",
                                        "sample data", "loopback",  "temporary", "call filter"};
    int code = -1;
    (void)state;
    char *text = doctor_text(&code);
    for (size_t i = 0; i < sizeof NAMES / sizeof NAMES[0]; i++) {
        char ok[40];
        char note[40];
        snprintf(ok, sizeof ok, "\nok    %-13s  ", NAMES[i]);
        snprintf(note, sizeof note, "\nnote  %-13s  ", NAMES[i]);
        if (!strstr(text, ok) && !strstr(text, note))
            fail_msg("%s is not there, or bad, in:\n%s", NAMES[i], text);
    }
    assert_int_equal(code, 0);
    assert_line(text, "\nok    sample data    /tmp/juggler-test-");
    free(text);
}

static void test_doctor_tells_what_is_missing(void **state)
{
    int code = -1;
    (void)state;
    setenv("JUGGLER_DATA", "/tmp/\x1b[31m", 1);
    char *text = doctor_text(&code);
    assert_int_equal(code, 3);
    assert_line(text, "\nbad   sample data    there is no article.urls in /tmp/\\x1B[31m");
    assert_null(strchr(text, 0x1b));
    free(text);
}

int main(void)
{
#define DOCTOR_TEST(name) cmocka_unit_test_setup_teardown(name, samples_make, samples_remove)
    const struct CMUnitTest tests[] = {
        DOCTOR_TEST(test_named_samples_are_used),
        DOCTOR_TEST(test_samples_that_are_not_where_named),
        DOCTOR_TEST(test_doctor_looks_at_everything),
        DOCTOR_TEST(test_doctor_tells_what_is_missing),
    };
    return cmocka_run_group_tests_name("doctor", tests, NULL, NULL);
}
