/* test_options.c - the command line: what is understood, and the sentence for what is not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "cli/help.h"
#include "cli/options.h"
#include "cli/options_table.h"

enum { WORDS_MAX = 24 };

struct reading {
    struct options options;
    struct problem problem;
    char line[256];
    char *argv[WORDS_MAX + 1];
    int argc;
    int result;
};

/* Reads a line of words parted by blanks, "juggler" before them. */
static struct reading *read_line(const char *line)
{
    static struct reading reading;
    options_free(&reading.options);
    memset(&reading, 0, sizeof reading);
    strncpy(reading.line, line, sizeof reading.line - 1);
    static char program[] = "juggler";
    reading.argv[reading.argc++] = program;
    for (char *word = strtok(reading.line, " "); word; word = strtok(NULL, " ")) {
        assert_true(reading.argc < WORDS_MAX);
        reading.argv[reading.argc++] = word;
    }
    reading.result = options_parse(reading.argc, reading.argv, &reading.options, &reading.problem);
    return &reading;
}

static const struct options *understood(const char *line)
{
    struct reading *reading = read_line(line);
    if (reading->result != 0)
        fail_msg("\"juggler %s\" was refused: %s", line, reading->problem.text);
    return &reading->options;
}

static void refused(const char *line, const char *because)
{
    struct reading *reading = read_line(line);
    if (reading->result == 0)
        fail_msg("\"juggler %s\" was taken", line);
    if (!strstr(reading->problem.text, because))
        fail_msg("\"juggler %s\": \"%s\" does not say \"%s\"", line, reading->problem.text, because);
}

static void test_nothing_is_the_dashboard(void **state)
{
    (void)state;
    const struct options *options = understood("");
    assert_int_equal(options->command, COMMAND_DASHBOARD);
    for (int i = 0; i < WORK_COUNT; i++) {
        assert_false(options->work[i].named);
        assert_int_equal(options->work[i].inputs_count, 0);
        assert_null(options->work[i].with);
        assert_int_equal(options->work[i].origin, ORIGIN_BUILTIN);
    }
    assert_int_equal(options->work[WORK_DOWNLOAD].download.retries, 2);
    assert_int_equal(options->work[WORK_DOWNLOAD].download.timeout_s, 30);
    assert_int_equal(options->work[WORK_DOWNLOAD].download.max_size_bytes, 1073741824);
    assert_int_equal(options->latency_ms, 500);
    assert_int_equal(options->rate_bytes_per_s, 98304);
    assert_int_equal(options->files, 5000);
    assert_int_equal(options->format, FORMAT_TABLE);
}

static void test_options_belong_to_the_work_before_them(void **state)
{
    (void)state;
    const struct options *options =
        understood("download list --with thread-pool:50 primes 1e6 5 --with=process-pool:2 -o out --ascii");
    const struct work_options *download = &options->work[WORK_DOWNLOAD];
    const struct work_options *primes = &options->work[WORK_PRIMES];
    assert_true(download->named && primes->named);
    assert_string_equal(download->with, "thread-pool:50");
    assert_string_equal(primes->with, "process-pool:2");
    assert_int_equal(download->inputs_count, 1);
    assert_string_equal(download->inputs[0], "list");
    assert_int_equal(primes->inputs_count, 2);
    assert_string_equal(primes->inputs[1], "5");
    assert_null(download->output);
    assert_string_equal(primes->output, "out");
    assert_int_equal(download->origin, ORIGIN_LIVE);
    assert_true(options->ascii);
}

static void test_run_takes_options_anywhere(void **state)
{
    (void)state;
    const struct options *options = understood("--json run --with sequential primes --kernel sieve 7 - --output=d");
    const struct work_options *primes = &options->work[WORK_PRIMES];
    assert_int_equal(options->command, COMMAND_RUN);
    assert_int_equal(options->run_work, WORK_PRIMES);
    assert_int_equal(options->format, FORMAT_JSON);
    assert_string_equal(primes->with, "sequential");
    assert_string_equal(primes->output, "d");
    assert_int_equal(primes->inputs_count, 2);
    assert_string_equal(primes->inputs[1], "-");
    assert_int_equal(primes->primes.kernel, KERNEL_SIEVE);
    assert_int_equal(primes->primes.product, PRODUCT_TREE);
}

static void test_product_as_asked(void **state)
{
    (void)state;
    assert_int_equal(understood("run primes")->work[WORK_PRIMES].primes.product, PRODUCT_FOLD);
    assert_int_equal(understood("run primes --product tree")->work[WORK_PRIMES].primes.product, PRODUCT_TREE);
    assert_int_equal(understood("run primes --product fold --kernel sieve")->work[WORK_PRIMES].primes.product, PRODUCT_FOLD);
}

static void test_download_options(void **state)
{
    (void)state;
    const struct options *options =
        understood("run download http://h/a --origin builtin --latency 0 --rate 2M --retry 0 --timeout 5 "
                   "--max-size 64K --no-clobber --csv --progress none");
    const struct work_options *work = &options->work[WORK_DOWNLOAD];
    assert_int_equal(work->origin, ORIGIN_BUILTIN);
    assert_int_equal(options->latency_ms, 0);
    assert_int_equal(options->rate_bytes_per_s, 2 * 1024 * 1024);
    assert_int_equal(work->download.retries, 0);
    assert_int_equal(work->download.timeout_s, 5);
    assert_int_equal(work->download.max_size_bytes, 65536);
    assert_true(work->download.no_clobber);
    assert_int_equal(options->format, FORMAT_CSV);
    assert_int_equal(options->progress, PROGRESS_NONE);
    assert_int_equal(understood("run download --origin live")->work[WORK_DOWNLOAD].origin, ORIGIN_LIVE);
}

static void test_negative_numbers_are_arguments(void **state)
{
    (void)state;
    const struct options *options = understood("primes -5 7 -1e6");
    assert_int_equal(options->work[WORK_PRIMES].inputs_count, 3);
    assert_string_equal(options->work[WORK_PRIMES].inputs[0], "-5");
    assert_string_equal(options->work[WORK_PRIMES].inputs[2], "-1e6");
    assert_string_equal(understood("run primes -5")->work[WORK_PRIMES].inputs[0], "-5");
    refused("-5", "name the work first");
    refused("run primes -x", "there is no option -x");
}

static void test_two_dashes_end_options(void **state)
{
    (void)state;
    const struct options *options = understood("run download --json -- --csv download -o");
    assert_int_equal(options->format, FORMAT_JSON);
    assert_int_equal(options->work[WORK_DOWNLOAD].inputs_count, 3);
    assert_string_equal(options->work[WORK_DOWNLOAD].inputs[0], "--csv");
    assert_string_equal(options->work[WORK_DOWNLOAD].inputs[2], "-o");
    assert_string_equal(understood("primes -- download")->work[WORK_PRIMES].inputs[0], "download");
}

static void test_serve_and_doctor(void **state)
{
    (void)state;
    const struct options *options = understood("serve --port 8080 --files 10 --latency 50 --rate 0");
    assert_int_equal(options->command, COMMAND_SERVE);
    assert_int_equal(options->port, 8080);
    assert_int_equal(options->files, 10);
    assert_int_equal(options->latency_ms, 50);
    assert_int_equal(options->rate_bytes_per_s, 0);
    assert_int_equal(understood("doctor")->command, COMMAND_DOCTOR);
    refused("serve --port 65536", "--port: '65536' is not a whole number from 0 to 65535");
    refused("serve now", "takes no arguments");
    refused("doctor --json", "--json is for juggler run");
}

static void test_help_and_version(void **state)
{
    (void)state;
    assert_true(understood("--help")->help);
    assert_true(understood("-V")->version);
    const struct options *options = understood("run --help");
    assert_true(options->help);
    assert_int_equal(options->command, COMMAND_RUN);
    for (int command = 0; command < COMMAND_COUNT; command++)
        assert_int_equal(strncmp(help_text((enum command)command), "Examples:\n", 10), 0);
}

/* An option that no help mentions, or help for one that is not there: both mislead. */
static void test_help_has_every_option(void **state)
{
    (void)state;
    for (size_t i = 0; i < option_rows(); i++) {
        char word[40];
        bool found = false;
        snprintf(word, sizeof word, "--%s", option_row(i)->name);
        for (int command = 0; command < COMMAND_COUNT; command++)
            found = found || strstr(help_text((enum command)command), word);
        if (found == !!(option_row(i)->scope & SCOPE_LATER))
            fail_msg("%s: help %s it", word, found ? "has" : "lacks");
    }
}

static void test_refusals_name_option_and_value(void **state)
{
    (void)state;
    refused("run download --retry x", "--retry: 'x'");
    refused("run download --retry -1", "--retry: '-1'");
    refused("run download --timeout 0", "--timeout: '0' is not a whole number from 1");
    refused("run download --latency 60001", "--latency: '60001'");
    refused("run download --max-size 12X", "--max-size: '12X' is not a size");
    refused("run download --max-size 0", "--max-size: '0' is too small");
    refused("run download --rate 99999999999G", "--rate: '99999999999G'");
    refused("run primes --kernel fast", "--kernel: 'fast' is not one of its values: trial or sieve");
    refused("run download --progress loud", "auto, bars, lines or none");
    refused("--theme pink", "--theme: 'pink'");
    refused("--fps 0", "--fps: '0' is not a whole number from 1 to 120");
    refused("run download --output", "option --output needs a value");
    refused("run download -o", "option --output needs a value");
    refused("run download --json=5", "option --json takes no value");
}

static void test_refusals_suggest(void **state)
{
    (void)state;
    refused("run download --jsn", "there is no option --jsn; did you mean --json?");
    refused("run download --latncy=5", "did you mean --latency?");
    refused("run download --zzzzzz", "there is no option --zzzzzz; see juggler --help");
    refused("run download --re 5", "--retry");
    refused("dowload", "there is no command 'dowload'; did you mean download?");
    refused("http://example.org/", "juggler download http://example.org/");
    refused("run", "run what?");
    refused("run 50", "there is no work '50' to run");
}

static void test_refusals_of_what_does_not_fit(void **state)
{
    (void)state;
    refused("run primes --latency 5", "--latency is for downloads, not for primes");
    refused("run --latency 5 primes", "--latency is for downloads, not for primes");
    refused("primes 5 --retry 1", "--retry is for downloads");
    refused("download x --kernel sieve", "--kernel is for primes");
    refused("--with sequential", "--with belongs to a work");
    refused("--json", "--json is for juggler run");
    refused("run download --theme dark", "--theme is for the dashboard");
    refused("run download --port 1", "--port is for juggler serve");
}

static void test_what_is_not_built_yet(void **state)
{
    (void)state;
    refused("compare primes", "compare is not in this version yet");
    refused("run counter", "run counter is not in this version yet");
    refused("run download --trace x", "--trace is not in this version yet");
    refused("run download --report=x", "--report is not in this version yet");
    refused("run primes --lock none", "--lock is not in this version yet");
    refused("run primes --repeat 3", "--repeat is not in this version yet");
}

static void test_a_refusal_still_knows_of_json(void **state)
{
    (void)state;
    assert_int_equal(read_line("run download --bad --json")->result, -1);
    assert_int_equal(read_line("run download --bad --json")->options.format, FORMAT_JSON);
    assert_int_equal(read_line("run download --bad -- --json")->options.format, FORMAT_TABLE);
}

static void test_sizes(void **state)
{
    static const struct {
        const char *text;
        uint64_t bytes;
    } GOOD[] = {{"0", 0},        {"1000", 1000},     {"64K", 65536}, {"64k", 65536},
                {"2M", 2097152}, {"1G", 1073741824}, {"3KiB", 3072}, {"5B", 5}};
    static const char *const BAD[] = {
        "", "K", "-1", " 5", "5 K", "1.5M", "5T", "64KX", "99999999999999999999", "18014398509481984K"};
    (void)state;
    for (size_t i = 0; i < sizeof GOOD / sizeof GOOD[0]; i++) {
        uint64_t bytes = 1;
        assert_int_equal(options_size(GOOD[i].text, &bytes), 0);
        assert_int_equal(bytes, GOOD[i].bytes);
    }
    for (size_t i = 0; i < sizeof BAD / sizeof BAD[0]; i++) {
        uint64_t bytes = 77;
        assert_int_equal(options_size(BAD[i], &bytes), -1);
        assert_int_equal(bytes, 77);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_nothing_is_the_dashboard),
        cmocka_unit_test(test_options_belong_to_the_work_before_them),
        cmocka_unit_test(test_run_takes_options_anywhere),
        cmocka_unit_test(test_product_as_asked),
        cmocka_unit_test(test_download_options),
        cmocka_unit_test(test_negative_numbers_are_arguments),
        cmocka_unit_test(test_two_dashes_end_options),
        cmocka_unit_test(test_serve_and_doctor),
        cmocka_unit_test(test_help_and_version),
        cmocka_unit_test(test_help_has_every_option),
        cmocka_unit_test(test_refusals_name_option_and_value),
        cmocka_unit_test(test_refusals_suggest),
        cmocka_unit_test(test_refusals_of_what_does_not_fit),
        cmocka_unit_test(test_what_is_not_built_yet),
        cmocka_unit_test(test_a_refusal_still_knows_of_json),
        cmocka_unit_test(test_sizes),
    };
    return cmocka_run_group_tests_name("options", tests, NULL, NULL);
}
