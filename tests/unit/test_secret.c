/* test_secret.c - where secrets stand in URLs and in sentences that quote them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/secret.h"

struct row {
    const char *text, *found;
};

static void expect_rows(bool (*find)(const char *, const char **, const char **), const struct row *rows, size_t count)
{
    const char *from, *to;
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(find(rows[i].text, &from, &to), rows[i].found != NULL);
        if (!rows[i].found)
            continue;
        assert_int_equal(to - from, strlen(rows[i].found));
        assert_memory_equal(from, rows[i].found, strlen(rows[i].found));
    }
}

static void test_user(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {"http://h/x", NULL},
        {"http://u:p@h/x", "u:p"},
        {"HTTP://u@h", "u"},
        {"http://a@b:c@h?x@y", "a@b:c"},
        {"http://h/u:p@x", NULL},
        {"http://@h/", NULL},
        {"u:p@h", NULL},
        {"http://h?u:p@x", NULL},
        {"https://:p@[::1]:1/", ":p"},
        {"http://u%40v:p@h", "u%40v:p"},
        {"://u:p@h", "u:p"},
    };
    expect_rows(secret_user, rows, sizeof rows / sizeof *rows);
}

static void test_torn_user(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {"http://me:s/p@h/x", "me:s/p"},
        {"http://me:/p@h", "me:/p"},
        {"http://me:1a/p@h@i", "me:1a/p@h"},
        {"http://h:80/x?mail=a@b", NULL},
        {"http://h/x:y@z", NULL},
        {"http://[::1]:80/a@b", NULL},
        {"http://h:80", NULL},
        {"me:s/p@h", NULL},
        {"", NULL},
    };
    expect_rows(secret_torn_user, rows, sizeof rows / sizeof *rows);
}

/* All values that are found, each between < and >. */
static void test_value(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {"", ""},
        {"?", ""},
        {"?a=1&b=2", ""},
        {"?token=x", "<x>"},
        {"?a=1&api_key=x&b=2", "<x>"},
        {"?X-Amz-Credential=a%2Fb&X-Amz-Date=1&X-Amz-Signature=c#top", "<a%2Fb><c>"},
        {"?user%5Bpass%77ord%5d=x;Passwd=y&%zztoken%=z", "<x><y><z>"},
        {"#access_token=x&expires=1", "<x>"},
        {"?a=1#token=x", "<x>"},
        {"?token=&token=x=y", "<x=y>"},
        {"?token", ""},
        {"?sig=a&design=b&key=c&monkey=d&PHPSESSIONID=e", "<a><c><e>"},
        {"?key=photos/1.jpg&session=2024&sid=a.b&pageToken=x&continuation-token=y", ""},
        {"?token=a.b/c&password=2024&key=4f2a", "<a.b/c><2024><4f2a>"},
        {"?session_token=a b", "<a>"},
        {"&&;#?=&=x", ""},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char found[256] = "";
        const char *from, *to;
        for (const char *at = rows[i].text; secret_value(at, &from, &to); at = to)
            snprintf(found + strlen(found), sizeof found - strlen(found), "<%.*s>", (int)(to - from), from);
        assert_string_equal(found, rows[i].found);
    }
}

static void test_strip(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {"", ""},
        {"there is no command 'http://u:p@h/x'", "there is no command 'http://h/x'"},
        {"u:p@h/x: No such file or directory", "h/x: No such file or directory"},
        {"http:/u:p@h/x: No such file", "h/x: No such file"},
        {"photos@home: No such file", "photos@home: No such file"},
        {"a: b@c", "a: b@c"},
        {"http://u:p/q@h/x is none", "http://h/x is none"},
        {"http://a:b@c:d@h x://e:f@i", "http://h x://i"},
        {"'http://h/?token=abc&a=1' is none", "'http://h/?token=...&a=1' is none"},
        {"'http://h/?token=abc' is none", "'http://h/?token=... is none"},
        {"http://h/?pw=a&key=bb#sig=ccccc", "http://h/?pw=.&key=..#sig=..."},
        {"http://h/?a=1 is not http://h/p?key=abc", "http://h/?a=1 is not http://h/p?key=..."},
        {"why? http://h/?token=abcdef: no", "why? http://h/?token=... no"},
    };
    char text[256];
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        strcpy(text, rows[i].text);
        secret_strip(text);
        assert_string_equal(text, rows[i].found);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_user), cmocka_unit_test(test_torn_user),
                                       cmocka_unit_test(test_value), cmocka_unit_test(test_strip)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
