/* test_text.c - hostile text, and what a person gets to see of it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/text.h"

struct row {
    const char *text;
    const char *shown;
};

static const struct row show_rows[] = {
    {"", ""},
    {"plain ~ text", "plain ~ text"},
    {"back\\slash", "back\\slash"},
    {"gr\xc3\xbc\xc3\x9f \xe2\x82\xac \xf0\x9f\x98\x80", "gr\xc3\xbc\xc3\x9f \xe2\x82\xac \xf0\x9f\x98\x80"},
    /* C0, DEL, C1 */
    {"\x1b[2J", "\\x1B[2J"},
    {"a\tb\rc\nd", "a\\x09b\\x0Dc\\x0Ad"},
    {"\x01\x1f\x7f", "\\x01\\x1F\\x7F"},
    {"\xc2\x9b"
     "31m",
     "\\u{009B}31m"},
    {"\xc2\x80\xc2\x85\xc2\x9f", "\\u{0080}\\u{0085}\\u{009F}"},
    {"\xc2\xa0", "\xc2\xa0"},
    /* not UTF-8 */
    {"\x80", "\\x80"},
    {"\xff\xfe", "\\xFF\\xFE"},
    {"\xc3", "\\xC3"},
    {"\xc3(", "\\xC3("},
    {"\xe2\x82", "\\xE2\\x82"},
    {"\xe2\x82z", "\\xE2\\x82z"},
    {"\xf0\x9f\x98", "\\xF0\\x9F\\x98"},
    {"\xc0\xaf", "\\xC0\\xAF"},
    {"\xc1\xbf", "\\xC1\\xBF"},
    {"\xe0\x80\xaf", "\\xE0\\x80\\xAF"},
    {"\xe0\x9f\xbf", "\\xE0\\x9F\\xBF"},
    {"\xf0\x80\x80\xaf", "\\xF0\\x80\\x80\\xAF"},
    {"\xf0\x8f\xbf\xbf", "\\xF0\\x8F\\xBF\\xBF"},
    {"\xed\xa0\x80", "\\xED\\xA0\\x80"},
    {"\xed\xbf\xbf", "\\xED\\xBF\\xBF"},
    {"\xf4\x90\x80\x80", "\\xF4\\x90\\x80\\x80"},
    {"\xf5\x80\x80\x80", "\\xF5\\x80\\x80\\x80"},
    {"\xf8\x88\x80\x80\x80", "\\xF8\\x88\\x80\\x80\\x80"},
    {"\xee\x80\x80", "\xee\x80\x80"},
    /* bidirectional and zero-width */
    {"evil\xe2\x80\xaegpj.exe", "evil\\u{202E}gpj.exe"},
    {"\xe2\x80\xaa\xe2\x80\xab\xe2\x80\xac\xe2\x80\xad", "\\u{202A}\\u{202B}\\u{202C}\\u{202D}"},
    {"\xe2\x81\xa6\xe2\x81\xa7\xe2\x81\xa8\xe2\x81\xa9", "\\u{2066}\\u{2067}\\u{2068}\\u{2069}"},
    {"\xe2\x80\x8e\xe2\x80\x8f\xd8\x9c", "\\u{200E}\\u{200F}\\u{061C}"},
    {"\xe2\x80\x8b\xe2\x80\x8c\xe2\x80\x8d", "\\u{200B}\\u{200C}\\u{200D}"},
    {"\xe2\x81\xa0\xef\xbb\xbf\xc2\xad", "\\u{2060}\\u{FEFF}\\u{00AD}"},
    {"\xe2\x80\xa8\xe2\x80\xa9", "\\u{2028}\\u{2029}"},
    {"\xf3\xa0\x81\x81", "\\u{E0041}"},
    {"\xef\xb8\x8f", "\\u{FE0F}"},
    {"\xef\xbf\xbf\xf0\x9f\xbf\xbf", "\\u{FFFF}\\u{1FFFF}"},
    {"\xf4\x8f\xbf\xbd", "\xf4\x8f\xbf\xbd"},
    /* combining marks */
    {"e\xcc\x81", "e\xcc\x81"},
    {"\xcc\x81", "\\u{0301}"},
    {"\xe2\x80\x8b\xcc\x81", "\\u{200B}\\u{0301}"},
    {"a\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81", "a\xcc\x81\xcc\x81\xcc\x81\xcc\x81\\u{0301}"},
};

static void test_show(void **state)
{
    (void)state;
    char out[256];
    for (size_t i = 0; i < sizeof show_rows / sizeof *show_rows; i++)
        assert_string_equal(text_show(out, sizeof out, show_rows[i].text, false), show_rows[i].shown);
}

static void test_show_ascii(void **state)
{
    (void)state;
    char out[64];
    assert_string_equal(text_show(out, sizeof out, "gr\xc3\xbc\xc3\x9f \xf0\x9f\x98\x80", true), "gr?? ?");
    assert_string_equal(text_show(out, sizeof out, "\x1b\xff\xe2\x80\xae", true), "\\x1B\\xFF\\u{202E}");
    assert_string_equal(text_show(out, sizeof out, "e\xcc\x81", true), "e?");
}

/* Cut anywhere, what remains is a prefix of the whole in whole characters and whole escapes. */
static void test_show_cut(void **state)
{
    (void)state;
    char whole[256], out[256];
    for (size_t i = 0; i < sizeof show_rows / sizeof *show_rows; i++) {
        text_show(whole, sizeof whole, show_rows[i].text, false);
        for (size_t room = 1; room <= strlen(whole) + 1; room++) {
            memset(out, 'Z', sizeof out);
            text_show(out, room, show_rows[i].text, false);
            assert_true(strlen(out) < room);
            assert_memory_equal(out, whole, strlen(out));
            assert_int_equal(out[room], 'Z');
            for (const char *at = out; *at;)
                assert_int_not_equal(text_next(&at), UINT32_MAX);
        }
    }
    assert_string_equal(text_show(out, 4, "a\x1b", false), "a");
    out[0] = 'Z';
    text_show(out, 0, "a", false);
    assert_int_equal(out[0], 'Z');
}

static uint64_t chance(uint64_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return *state;
}

/* Random bytes, many of them pieces of UTF-8: what comes out is valid, visible and as wide as is said. */
static void test_show_anything(void **state)
{
    (void)state;
    static const unsigned char pieces[] = {0xc2, 0x80, 0xe2, 0x80, 0xae, 0xf0, 0x9f, 0x98,
                                           0x1b, 0xcc, 0x81, 0xed, 0xa0, 0xff, 'a',  0x7f};
    uint64_t seed = 0x9e3779b97f4a7c15;
    for (int round = 0; round < 50000; round++) {
        char text[24], out[80], again[80];
        size_t bytes = chance(&seed) % sizeof text;
        for (size_t i = 0; i < bytes; i++)
            text[i] = (char)(chance(&seed) % 2 ? pieces[chance(&seed) % sizeof pieces] : 1 + chance(&seed) % 255);
        text[bytes] = '\0';
        size_t room = 1 + chance(&seed) % sizeof out, columns = 0;
        text_show(out, room, text, false);
        for (const char *at = out; *at;) {
            uint32_t code = text_next(&at);
            assert_int_not_equal(code, UINT32_MAX);
            assert_true(code >= 0x20 && (code < 0x7f || code >= 0xa0));
            assert_true(code < 0x202a || code > 0x202e);
            columns += (size_t)text_code_columns(code);
        }
        assert_int_equal(text_columns(out), columns);
        assert_string_equal(text_show(again, sizeof again, out, false), out);
    }
}

static void test_every_code(void **state)
{
    (void)state;
    for (uint32_t code = 1; code <= 0x10ffff; code++) {
        char bytes[5] = "";
        if (code >= 0xd800 && code <= 0xdfff)
            continue;
        size_t count = text_put(bytes, code);
        const char *at = bytes;
        assert_int_equal(text_next(&at), code);
        assert_int_equal(at - bytes, count);
        assert_int_equal(text_next(&at), 0);
        assert_in_range(text_code_columns(code), 0, 2);
    }
}

/* What Unicode 14 calls format characters (general category Cf), and a character of Braille without a dot: none of them stays as it is. */
static void test_unseen(void **state)
{
    static const uint32_t unseen[][2] = {{0xad, 0xad},       {0x600, 0x605},     {0x61c, 0x61c},     {0x6dd, 0x6dd},
                                         {0x70f, 0x70f},     {0x890, 0x891},     {0x8e2, 0x8e2},     {0x180e, 0x180e},
                                         {0x200b, 0x200f},   {0x202a, 0x202e},   {0x2060, 0x2064},   {0x2066, 0x206f},
                                         {0xfeff, 0xfeff},   {0xfff9, 0xfffb},   {0x110bd, 0x110bd}, {0x110cd, 0x110cd},
                                         {0x13430, 0x13438}, {0x1bca0, 0x1bca3}, {0x1d173, 0x1d17a}, {0xe0001, 0xe0001},
                                         {0xe0020, 0xe007f}, {0x2800, 0x2800}};
    (void)state;
    for (size_t i = 0; i < sizeof unseen / sizeof *unseen; i++)
        for (uint32_t code = unseen[i][0]; code <= unseen[i][1]; code++) {
            char text[8] = "", out[32];
            text_put(text, code);
            text_show(out, sizeof out, text, false);
            assert_string_not_equal(out, "");
            assert_null(strstr(out, text));
        }
}

static void test_columns(void **state)
{
    (void)state;
    static const struct {
        uint32_t code;
        int columns;
    } rows[] = {{'a', 1},     {0x07, 0},    {0x7f, 0},    {0x9b, 0},    {0xa0, 1},    {0xfc, 1},    {0x300, 0},
                {0x36f, 0},   {0x370, 1},   {0x5d0, 1},   {0x1100, 2},  {0x115f, 2},  {0x1160, 0},  {0x20ac, 1},
                {0x20d0, 0},  {0x2588, 1},  {0x231a, 2},  {0x2603, 1},  {0x26a1, 2},  {0x2e80, 2},  {0x3000, 2},
                {0x3042, 2},  {0x4e00, 2},  {0x9fff, 2},  {0xac00, 2},  {0xd7a3, 2},  {0xe000, 1},  {0xff01, 2},
                {0xff61, 1},  {0xffe6, 2},  {0x1d400, 1}, {0x1f600, 2}, {0x1f4a9, 2}, {0x1f5a5, 1}, {0x20000, 2},
                {0x3fffd, 2}, {0xe0100, 0}, {0x10ffff, 1}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_int_equal(text_code_columns(rows[i].code), rows[i].columns);
    assert_int_equal(text_columns(""), 0);
    assert_int_equal(text_columns("e\xcc\x81\xe4\xb8\x80\xf0\x9f\x98\x80z"), 6);
}

static void test_bytes(void **state)
{
    (void)state;
    static const struct {
        uint64_t bytes;
        const char *shown;
    } rows[] = {{0, "0 B"},
                {987, "987 B"},
                {999, "999 B"},
                {1000, "1.0 KiB"},
                {1024, "1.0 KiB"},
                {10189, "10.0 KiB"},
                {151552, "148 KiB"},
                {1048576, "1.0 MiB"},
                {1048575, "1.0 MiB"},
                {10276045, "9.8 MiB"},
                {UINT64_C(1) << 30, "1.0 GiB"},
                {UINT64_MAX, "16.0 EiB"}};
    char out[32];
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_string_equal(text_bytes(out, sizeof out, rows[i].bytes), rows[i].shown);
}

static void test_duration(void **state)
{
    (void)state;
    static const struct {
        uint64_t ns;
        const char *shown;
    } rows[] = {{0, "0.00 ms"},
                {120000, "0.12 ms"},
                {996000, "1.0 ms"},
                {4800000, "4.8 ms"},
                {9960000, "10 ms"},
                {48000000, "48 ms"},
                {99600000, "0.10 s"},
                {410000000, "0.41 s"},
                {2113000000, "2.11 s"},
                {9996000000, "10.0 s"},
                {12300000000, "12.3 s"},
                {148000000000, "148 s"},
                {999600000000, "16.7 min"},
                {7200000000000, "120 min"},
                {UINT64_C(100000) * 1000000000, "27.8 h"}};
    char out[32];
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_string_equal(text_duration(out, sizeof out, rows[i].ns), rows[i].shown);
}

static void test_url(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {"http://example.com/a/b.jpg", "http://example.com/a/b.jpg"},
        {"https://user:secret@example.com:8443/x", "https://example.com:8443/x"},
        {"https://user@example.com/x", "https://example.com/x"},
        {"https://a:b@c@example.com/x", "https://example.com/x"},
        {"https://:@example.com", "https://example.com"},
        {"https://u:p%40q@example.com/@me/x@y", "https://example.com/@me/x@y"},
        {"http://u:p@[::1]:80/", "http://[::1]:80/"},
        {"http:/u:p@example.com/", "http:/example.com/"},
        {"http:///u:p@example.com/", "http:///example.com/"},
        {"http:\\\\u:p@example.com/", "http:\\\\example.com/"},
        {"name:\\p@example.com/", "example.com/"},
        {"u:p@example.com/x", "example.com/x"},
        {"http://h/x?token=secret", "http://h/x?token=..."},
        {"http://h/x?a=1&b=&c", "http://h/x?a=...&b=...&..."},
        {"http://h/x?secret", "http://h/x?..."},
        {"http://h/x?a=1;b=2", "http://h/x?a=...;b=..."},
        {"http://h/x?", "http://h/x?"},
        {"http://h/x?a=b@c/d?e", "http://h/x?a=..."},
        {"http://u:p@h?a=1#f", "http://h?a=..."},
        {"http://h/x#token=secret", "http://h/x"},
        {"http://h/x#a?b=c", "http://h/x"},
        {"http://h/\x1b]0;x\x07", "http://h/\\x1B]0;x\\x07"},
        {"", ""},
        {"http://", "http://"},
        {"@", ""},
        {"http://u:p@", "http://"},
    };
    char out[256];
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_string_equal(text_url_show(out, sizeof out, rows[i].text), rows[i].shown);
    assert_string_equal(text_url_show(out, 12, "http://u:p@example.com/"), "http://exam");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_show),          cmocka_unit_test(test_show_ascii), cmocka_unit_test(test_show_cut),
        cmocka_unit_test(test_show_anything), cmocka_unit_test(test_every_code), cmocka_unit_test(test_unseen),
        cmocka_unit_test(test_columns),       cmocka_unit_test(test_bytes),      cmocka_unit_test(test_duration),
        cmocka_unit_test(test_url),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
