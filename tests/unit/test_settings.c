/* test_settings.c - config.ini: how it is read, what its words become, and what is said of those that are not understood. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/options.h"
#include "cli/options_settings.h"
#include "cli/options_table.h"
#include "cli/settings.h"

enum { WORDS_MAX = 24 };

struct reading {
    struct settings settings;
    struct options options;
    struct problem problem;
    char line[256];
    int result;
};

/* Reads this file and this command line, words parted by blanks. The last one's memory goes with the next. */
static struct reading *read_bytes(const char *file, size_t length, const char *line)
{
    static struct reading reading;
    static char program[] = "juggler";
    char *argv[WORDS_MAX + 1] = {program};
    int argc = 1;
    options_free(&reading.options);
    settings_free(&reading.settings);
    memset(&reading, 0, sizeof reading);
    snprintf(reading.line, sizeof reading.line, "%s", line);
    for (char *word = strtok(reading.line, " "); word; word = strtok(NULL, " "))
        argv[argc++] = word;
    settings_read_text(&reading.settings, "FILE", file, length);
    reading.result = options_parse(argc, argv, &reading.settings, &reading.options, &reading.problem);
    return &reading;
}

static const struct options *understood(const char *file, const char *line)
{
    struct reading *reading = read_bytes(file, strlen(file), line);
    if (reading->result != 0)
        fail_msg("refused: %s\n%s", reading->problem.text, file);
    if (reading->options.notes.text[0])
        fail_msg("not understood: %s\n%s", reading->options.notes.text, file);
    return &reading->options;
}

static void refused(const char *file, const char *line, const char *because)
{
    struct reading *reading = read_bytes(file, strlen(file), line);
    if (reading->result == 0)
        fail_msg("\"juggler %s\" took this:\n%s", line, file);
    assert_string_equal(reading->problem.text, because);
}

static void noted(const char *file, const char *line, const char *lines)
{
    struct reading *reading = read_bytes(file, strlen(file), line);
    if (reading->result != 0)
        fail_msg("refused: %s\n%s", reading->problem.text, file);
    assert_string_equal(reading->options.notes.text, lines);
}

/* --- what words become ---------------------------------------------------------------------------- */

static void every_section_reaches_its_options(void **state)
{
    (void)state;
    const struct options *options = understood("; a comment\n# another\n"
                                               "[screen]\ntheme = light\nfps = 12\nascii = yes\ncolor = no\nflat = on\n"
                                               "[download]\nwith = event-loop:7\nretry = 5\ntimeout: 9\nmax-size = 2M\n"
                                               "origin = live\nclobber = no\nsync = yes\n"
                                               "[primes]\nwith = sequential\nkernel = sieve\nproduct = fold\n"
                                               "[counter]\nwith = thread-pool:3+gil\nlock = mutex\nadds = 1e3\n"
                                               "[server]\nlatency = 7\nrate = 1M ; a second\nfiles = 3\nport = 81\n"
                                               "[run]\nhistory = no\nswitch-interval = 9\nprogress = none\n"
                                               "[compare]\nrepeat = 4\n",
                                               "");
    const struct work_options *download = &options->work[WORK_DOWNLOAD], *primes = &options->work[WORK_PRIMES];
    assert_string_equal(options->theme, "light");
    assert_int_equal(options->fps, 12);
    assert_true(options->ascii && options->no_color && options->flat && options->no_history);
    assert_string_equal(download->with, "event-loop:7");
    assert_int_equal(download->download.retries, 5);
    assert_int_equal(download->download.timeout_s, 9);
    assert_int_equal(download->download.max_size_bytes, 2 << 20);
    assert_int_equal(download->origin, ORIGIN_LIVE);
    assert_true(download->download.no_clobber);
    assert_true(download->sync && !primes->sync);
    assert_string_equal(primes->with, "sequential");
    assert_int_equal(primes->primes.kernel, KERNEL_SIEVE);
    assert_int_equal(primes->primes.product, PRODUCT_FOLD);
    assert_string_equal(options->work[WORK_COUNTER].with, "thread-pool:3+gil");
    assert_int_equal(options->work[WORK_COUNTER].lock, COUNTER_MUTEX);
    assert_int_equal(options->work[WORK_COUNTER].adds, 1000);
    assert_int_equal(options->latency_ms, 7);
    assert_int_equal(options->rate_bytes_per_s, 1 << 20);
    assert_int_equal(options->switch_interval_ms, 9);
    assert_int_equal(options->files, 5000); /* of serve alone */
}

/* The table says where a row belongs; that it really can be set there is tried for each of them. */
static void every_row_with_a_section_can_be_set(void **state)
{
    static const struct {
        unsigned scope;
        const char *section, *line;
    } homes[] = {{SETTING_SCREEN, "screen", ""},     {SETTING_SERVER, "server", "serve"},
                 {SETTING_RUN, "run", "run primes"}, {SETTING_COMPARE, "compare", "compare primes"},
                 {SCOPE_DOWNLOAD, "download", ""},   {SCOPE_PRIMES, "primes", ""},
                 {SCOPE_COUNTER, "counter", ""}};
    size_t tried = 0;
    (void)state;
    for (size_t i = 0; i < option_rows(); i++) {
        const struct option_row *row = option_row(i);
        for (size_t home = 0; home < sizeof homes / sizeof *homes && row->scope & SETTINGS_ANY; home++) {
            bool works = row->scope & SETTING_WORK;
            if (!(row->scope & homes[home].scope) || works != (home >= 4))
                continue;
            char file[100];
            snprintf(file, sizeof file, "[%s]\n%s = \x01nonsense\n", homes[home].section, row->name);
            struct reading *reading = read_bytes(file, strlen(file), homes[home].line);
            if (reading->result == 0 || !strstr(reading->problem.text, "FILE, line 2: "))
                fail_msg("a bad %s in [%s]: \"%s\", \"%s\"", row->name, homes[home].section, reading->problem.text,
                         reading->options.notes.text);
            tried++;
        }
    }
    assert_true(tried >= 24);
}

static void only_what_is_for_the_command_takes_effect(void **state)
{
    (void)state;
    const struct options *options =
        understood("[screen]\nfps = 0\n[download]\nretry = x\n[compare]\nrepeat = x\n", "run primes");
    assert_int_equal(options->fps, 0);
    options = understood("[primes]\nwith = sequential\n[compare]\nrepeat = 9\n", "compare primes");
    assert_null(options->work[WORK_PRIMES].with);
    assert_int_equal(options->repeat, 9);
    options = understood("[server]\nlatency = 7\nfiles = 3\nport = 81\n", "serve");
    assert_int_equal(options->latency_ms, 7);
    assert_int_equal(options->files, 3);
    assert_int_equal(options->port, 81);
    understood("[screen]\nfps = 0\n", "doctor");
    understood("[screen]\nfps = 0\n", "--help");
    understood("[screen]\nfps = 0\n", "--version");
    understood("[screen]\nfps = 0\n", "--no-config");
}

static void the_command_line_wins(void **state)
{
    static const char file[] = "[screen]\nascii = yes\ncolor = no\nfps = 3\n[run]\nhistory = no\n"
                               "[download]\nretry = 5\nwith = sequential\nclobber = no\n[primes]\nwith = sequential\n";
    (void)state;
    const struct options *options =
        understood(file, "--no-ascii --color --fps 9 --history download --retry 1 --clobber --with thread-pool:2");
    assert_false(options->ascii || options->no_color || options->no_history);
    assert_int_equal(options->fps, 9);
    assert_int_equal(options->work[WORK_DOWNLOAD].download.retries, 1);
    assert_false(options->work[WORK_DOWNLOAD].download.no_clobber);
    assert_string_equal(options->work[WORK_DOWNLOAD].with, "thread-pool:2");
    assert_string_equal(options->work[WORK_PRIMES].with, "sequential");
    options = understood(file, "run --with thread-pool:3 primes");
    assert_string_equal(options->work[WORK_PRIMES].with, "thread-pool:3");
    assert_true(options->ascii);
}

static void the_last_of_several_counts(void **state)
{
    (void)state;
    assert_int_equal(understood("[screen]\nfps = 3\n[run]\n[screen]\nfps = 4\n", "")->fps, 4);
    assert_string_equal(understood("[primes]\nwith = sequential\nwith = thread-pool:2\n", "")->work[WORK_PRIMES].with,
                        "thread-pool:2");
    assert_false(understood("[screen]\nno-color = yes\ncolor = yes\n", "")->no_color);
}

/* --- what is not understood ----------------------------------------------------------------------- */

static void what_is_not_known_is_passed_over_with_a_word(void **state)
{
    (void)state;
    noted("[screen]\nthem = dark\n", "", "FILE, line 2: there is no them in [screen]; did you mean theme?");
    noted("\n[scren]\nfps = 3\ntheme = dark\n", "", "FILE, line 2: there is no section [scren]; did you mean [screen]?");
    noted("[zebra]\n", "",
          "FILE, line 1: there is no section [zebra]; there are screen, download, primes, counter, server, run, compare");
    noted("[primes]\nretry = 3\n", "run primes 1", "FILE, line 2: retry belongs into [download]");
    noted("[run]\ntrace = a\n", "", "FILE, line 2: trace is for the command line alone: --trace");
    noted("fps = 3\n[screen]\nzebra = 1\n", "",
          "FILE, line 1: it stands before the first [SECTION]\nFILE, line 3: there is no zebra in [screen]");
}

static void what_is_not_possible_is_refused(void **state)
{
    (void)state;
    refused("[screen]\nfps = 0\n", "", "FILE, line 2: fps: '0' is not a whole number from 1 to 120");
    refused("[screen]\ntheme =\n", "",
            "FILE, line 2: theme: '' is not one of its values: auto, dark, light, blue-orange or mono");
    refused("[run]\n\nhistory = maybe\n", "run primes", "FILE, line 3: history: 'maybe' is neither yes nor no");
    struct reading *reading = read_bytes("[primes]\nwith = event-loop\n", 26, "run primes");
    assert_int_equal(reading->result, -1);
    assert_int_equal(strncmp(reading->problem.text, "FILE, line 2: executor 'event-loop': ", 37), 0);
}

static void lines_that_are_none_are_refused(void **state)
{
    static const char none[] = "FILE, line 2: it is neither [SECTION] nor NAME = VALUE";
    (void)state;
    refused("[screen]\nfps\n", "", none);
    refused("[screen]\n= 3\n", "", none);
    refused("\n[screen\n", "run primes", none);
    noted("[screen]\n", "", "");
    noted("", "", "");
}

/* inih would take an indented line for more of the value before it. */
static void blanks_line_ends_and_a_mark_do_not_matter(void **state)
{
    (void)state;
    const struct options *options = understood("\xef\xbb\xbf  [screen]  \r\n  fps = 3\r\n\ttheme = light\r\n\r\n", "");
    assert_int_equal(options->fps, 3);
    assert_string_equal(options->theme, "light");
    assert_int_equal(understood("[screen]\nfps = 5", "")->fps, 5);
}

static void a_line_that_would_be_cut_is_told(void **state)
{
    char file[600] = "[screen]\nfps = 5", *end = file + strlen(file);
    (void)state;
    memset(end, ' ', 150);
    strcpy(end + 150, "; short enough");
    assert_int_equal(understood(file, "")->fps, 5);
    memset(end, ' ', 400);
    strcpy(end + 400, "; too long");
    struct reading *reading = read_bytes(file, strlen(file), "");
    assert_int_equal(reading->result, -1);
    assert_non_null(strstr(reading->problem.text, "FILE, line 2: it has 417 bytes; the longest that is read has "));
    memset(file, ';', 500);
    strcpy(file + 500, "\n[screen]\nfps = 6\n");
    assert_int_equal(understood(file, "")->fps, 6); /* a comment may be as long as it likes */
}

static void what_is_no_text_is_left_alone(void **state)
{
    static char large[SETTINGS_BYTES_MAX + 1];
    (void)state;
    memset(large, '\n', sizeof large);
    struct reading *reading = read_bytes(large, sizeof large, "");
    assert_int_equal(reading->result, 0);
    assert_string_equal(reading->options.notes.text, "FILE: it has more than 64 KiB");
    reading = read_bytes(large, sizeof large - 1, "");
    assert_string_equal(reading->options.notes.text, "");
    reading = read_bytes("[screen]\nfps = 3\0", 17, "");
    assert_string_equal(reading->options.notes.text, "FILE: it is no text: there are bytes of 0 in it");
    assert_int_equal(reading->options.fps, 0);
}

static void too_many_are_told(void **state)
{
    char file[SETTINGS_MAX * 8 + 100] = "[screen]\n";
    (void)state;
    for (int i = 1; i < SETTINGS_MAX; i++)
        strcat(file, "fps = 3\n");
    assert_int_equal(understood(file, "")->fps, 3);
    strcat(file, "fps = 4\n");
    struct reading *reading = read_bytes(file, strlen(file), "");
    assert_int_equal(reading->result, -1);
    assert_non_null(strstr(reading->problem.text, "too many"));
}

/* Whoever asks hears all of it, whatever the command. */
static void everything_that_is_wrong_can_be_asked_for(void **state)
{
    static const char file[] = "[screen]\nfps = 0\n[scren]\n[download]\nretry = x\nwith = zebra\nnonsense\n";
    struct settings settings;
    struct problem wrong;
    (void)state;
    settings_read_text(&settings, "F", file, strlen(file));
    options_check_settings(&settings, &wrong);
    assert_non_null(strstr(wrong.text, "F, line 2: fps: '0' is"));
    assert_non_null(strstr(wrong.text, "\nF, line 3: there is no section [scren]"));
    assert_non_null(strstr(wrong.text, "\nF, line 5: retry: 'x' is"));
    assert_non_null(strstr(wrong.text, "\nF, line 6: "));
    assert_non_null(strstr(wrong.text, "\nF, line 7: it is neither"));
    settings_free(&settings);
}

/* Any bytes at all: it ends, and every option still has a value that is possible. */
static void rubbish_does_no_harm(void **state)
{
    static const char signs[] = "[]=:;# \t\r\n\xef\xbb\xbf"
                                "screenfpstheme0123\x80\xff\x1b";
    unsigned seed = 7;
    (void)state;
    for (int round = 0; round < 2000; round++) {
        char file[300];
        size_t length = (size_t)rand_r(&seed) % sizeof file;
        for (size_t i = 0; i < length; i++)
            file[i] = signs[(size_t)rand_r(&seed) % (sizeof signs - 1)];
        struct reading *reading = read_bytes(file, length, "run primes 5");
        assert_true(reading->result == 0 || reading->problem.text[0]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_section_reaches_its_options),
        cmocka_unit_test(every_row_with_a_section_can_be_set),
        cmocka_unit_test(only_what_is_for_the_command_takes_effect),
        cmocka_unit_test(the_command_line_wins),
        cmocka_unit_test(the_last_of_several_counts),
        cmocka_unit_test(what_is_not_known_is_passed_over_with_a_word),
        cmocka_unit_test(what_is_not_possible_is_refused),
        cmocka_unit_test(lines_that_are_none_are_refused),
        cmocka_unit_test(blanks_line_ends_and_a_mark_do_not_matter),
        cmocka_unit_test(a_line_that_would_be_cut_is_told),
        cmocka_unit_test(what_is_no_text_is_left_alone),
        cmocka_unit_test(too_many_are_told),
        cmocka_unit_test(everything_that_is_wrong_can_be_asked_for),
        cmocka_unit_test(rubbish_does_no_harm),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
