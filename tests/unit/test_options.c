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
    reading.result = options_parse(reading.argc, reading.argv, NULL, &reading.options, &reading.problem);
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

static void test_sync(void **state)
{
    (void)state;
    assert_false(understood("run download")->work[WORK_DOWNLOAD].sync);
    assert_true(understood("run download --sync")->work[WORK_DOWNLOAD].sync);
    assert_true(understood("run --sync primes 5")->work[WORK_PRIMES].sync);
    assert_false(understood("run primes --sync --no-sync")->work[WORK_PRIMES].sync);
    const struct options *options = understood("download --sync primes 5");
    assert_true(options->work[WORK_DOWNLOAD].sync);
    assert_false(options->work[WORK_PRIMES].sync);
    refused("--sync", "--sync belongs to a work");
    refused("run counter --sync", "--sync is for downloads and primes");
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
        if (!found)
            fail_msg("%s: help lacks it", word);
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

/* And a command of which the help says what an option is, in the words that the option is refused with. */
static void test_help_has_the_options_of_its_command(void **state)
{
    static const struct {
        enum command command;
        const char *options[9];
    } CASES[] = {
        {COMMAND_RUN,
         {"--trace FILE", "--report FILE", "--lock", "--adds", "--switch-interval", "--lease", "--no-history", "+gil",
          "event-loop"}},
        {COMMAND_COMPARE,
         {"--repeat", "--sweep", "--seed", "--report", "--switch-interval", "--lease", "--no-history", "--with", "--json"}},
        {COMMAND_HISTORY, {"--json", "--csv", "juggler history 3 7", "--ascii"}},
        {COMMAND_DASHBOARD,
         {"counter", "juggler compare", "juggler history", "--no-history", "--switch-interval", "--lease", "+gil"}},
    };
    (void)state;
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++)
        for (size_t j = 0; j < 9 && CASES[i].options[j]; j++)
            if (!strstr(help_text(CASES[i].command), CASES[i].options[j]))
                fail_msg("the help of command %d lacks %s", (int)CASES[i].command, CASES[i].options[j]);
}

/* --- the counter, compare, history -------------------------------------------------------------- */

static void test_counter(void **state)
{
    (void)state;
    const struct options *options = understood("run counter --with thread-pool:4 --lock mutex --adds 1000000000000");
    const struct work_options *counter = &options->work[WORK_COUNTER];
    assert_int_equal(options->run_work, WORK_COUNTER);
    assert_string_equal(counter->with, "thread-pool:4");
    assert_int_equal(counter->lock, COUNTER_MUTEX);
    assert_true(counter->adds == UINT64_C(1000000000000));
    assert_int_equal(understood("run counter")->work[WORK_COUNTER].lock, COUNTER_NONE);
    assert_int_equal(understood("run counter")->work[WORK_COUNTER].adds, 1000000);
    assert_int_equal(understood("counter --lock atomic")->work[WORK_COUNTER].lock, COUNTER_ATOMIC);
    assert_true(understood("download list counter --adds 5")->work[WORK_COUNTER].named);
    assert_int_equal(understood("--lock none run --adds 7 counter")->work[WORK_COUNTER].adds, 7);
    refused("run counter --adds 0", "--adds: '0' is not a whole number from 1 to 1000000000000");
    refused("run counter --adds 1000000000001", "--adds: '1000000000001'");
    refused("run counter --adds -5", "--adds: '-5'");
    refused("run counter --lock spin", "--lock: 'spin' is not one of its values: none, mutex or atomic");
    refused("run counter 5", "the counter takes no input, but there is '5'");
    refused("counter -5", "the counter takes no input, but there is '-5'");
    refused("compare counter list", "the counter takes no input");
    refused("run primes --lock none", "--lock is for the counter, not for primes");
    refused("run download --adds 5", "--adds is for the counter, not for downloads");
    refused("run counter --kernel sieve", "--kernel is for primes, not for the counter");
    refused("run counter --latency 5", "--latency is for downloads, not for the counter");
    refused("run counter -o out", "--output is for downloads and primes, not for the counter");
    refused("primes 5 counter", "primes and counter share a lane of the dashboard: name one of them");
    refused("counter primes", "primes and counter share a lane");
    refused("conter", "did you mean counter?");
    refused("7", "juggler counter");
    refused("run", "download, primes or counter");
}

static void test_compare(void **state)
{
    (void)state;
    const struct options *options =
        understood("compare primes 5 7 --with sequential,thread-pool:4+gil --repeat 100 --seed 18446744073709551615 --json");
    assert_int_equal(options->command, COMMAND_COMPARE);
    assert_int_equal(options->run_work, WORK_PRIMES);
    assert_string_equal(options->work[WORK_PRIMES].with, "sequential,thread-pool:4+gil");
    assert_int_equal(options->work[WORK_PRIMES].inputs_count, 2);
    assert_int_equal(options->repeat, 100);
    assert_true(options->seed == UINT64_MAX);
    assert_int_equal(options->format, FORMAT_JSON);
    assert_null(options->sweep);
    assert_int_equal(understood("compare download")->repeat, 3);
    assert_true(understood("compare download")->seed == 0);
    assert_string_equal(understood("compare primes --sweep 1,2,4")->sweep, "1,2,4");
    assert_string_equal(understood("compare counter --report page.html")->report, "page.html");
    refused("compare primes --repeat 0", "--repeat: '0' is not a whole number from 1 to 100");
    refused("compare primes --repeat 101", "--repeat: '101'");
    refused("compare primes --seed 0", "--seed: '0' is not a whole number from 1");
    refused("compare primes --seed 18446744073709551616", "--seed: '18446744073709551616'");
    refused("compare primes --sweep=", "--sweep: widths are missing, such as 1,2,4,8");
    refused("compare primes --trace x", "--trace is for juggler run, not for juggler compare");
    refused("run primes --repeat 3", "--repeat is for juggler compare, not for juggler run");
    refused("run primes --sweep 1,2", "--sweep is for juggler compare, not for juggler run");
    refused("--seed 5", "--seed is for juggler compare, not for the dashboard");
    refused("compare", "compare what? it is juggler compare download, primes or counter");
    refused("compare 50", "there is no work '50' to compare");
    refused("compare primes --port 5", "--port is for juggler serve");
}

static void test_replay(void **state)
{
    (void)state;
    const struct options *options = understood("replay run.rec --run 2 --theme light --fps 60");
    assert_int_equal(options->command, COMMAND_REPLAY);
    assert_string_equal(options->arguments[0], "run.rec");
    assert_int_equal(options->run_number, 2);
    assert_string_equal(understood("run primes --record run.rec")->record, "run.rec");
    assert_string_equal(understood("--record run.rec primes 7")->record, "run.rec");
    refused("replay", "replay what? it is juggler replay FILE");
    refused("replay a b", "replay takes one record, but there is 'b', too");
    refused("replay a --run 0", "--run");
    refused("replay a --record b", "--record is for juggler run, not for juggler replay");
    refused("compare primes --record b", "--record is for juggler run, not for juggler compare");
    refused("run primes --run 2", "--run is for juggler replay, not for juggler run");
}

static void test_history(void **state)
{
    (void)state;
    assert_int_equal(understood("history")->command, COMMAND_HISTORY);
    assert_int_equal(understood("history")->arguments_count, 0);
    const struct options *options = understood("history 3 7 --csv");
    assert_int_equal(options->arguments_count, 2);
    assert_string_equal(options->arguments[0], "3");
    assert_string_equal(options->arguments[1], "7");
    assert_int_equal(options->format, FORMAT_CSV);
    assert_string_equal(understood("history -5")->arguments[0], "-5"); /* the command says what is wrong with it */
    assert_int_equal(understood("history download")->arguments_count, 1);
    assert_true(understood("history --ascii")->ascii);
    refused("history --with sequential", "--with is for juggler run, not for juggler history");
    refused("history --no-history", "--no-history is for juggler run, not for juggler history");
    refused("histroy", "did you mean history?");
    assert_false(understood("run primes")->no_history);
    assert_true(understood("run primes --no-history")->no_history);
    assert_true(understood("compare primes --no-history")->no_history);
    assert_true(understood("--no-history")->no_history);
    refused("doctor --no-history", "--no-history is for juggler run");
}

static void test_files_that_are_written(void **state)
{
    (void)state;
    const struct options *options = understood("run download --trace t.json --report=r.html");
    assert_string_equal(options->trace, "t.json");
    assert_string_equal(options->report, "r.html");
    assert_null(understood("run download")->trace);
    assert_null(understood("run download")->report);
    refused("run download --trace=", "--trace: the name of a file is missing");
    refused("run download --report=", "--report: the name of a file is missing");
    refused("run download --trace", "option --trace needs a value");
    refused("--report x", "--report is for juggler run, not for the dashboard");
    refused("serve --trace x", "--trace is for juggler run, not for juggler serve");
}

static void test_lease(void **state)
{
    (void)state;
    assert_int_equal(understood("run primes")->lease_s, 30);
    assert_int_equal(understood("run primes --lease 0")->lease_s, 0);
    assert_int_equal(understood("compare primes --lease 2")->lease_s, 2);
    assert_int_equal(understood("--lease 86400")->lease_s, 86400);
    refused("run primes --lease 1", "--lease: '1' is not a whole number of seconds from 2 to 86400, or 0 for none");
    refused("run primes --lease 86401", "--lease: '86401'");
    refused("run primes --lease 2s", "--lease: '2s'");
    refused("history --lease 5", "--lease is for juggler run, not for juggler history");
}

static void test_switch_interval(void **state)
{
    (void)state;
    assert_int_equal(understood("run primes")->switch_interval_ms, 0);
    assert_int_equal(understood("run primes --switch-interval 1")->switch_interval_ms, 1);
    assert_int_equal(understood("compare primes --switch-interval 10000")->switch_interval_ms, 10000);
    assert_int_equal(understood("--switch-interval 50")->switch_interval_ms, 50);
    assert_int_equal(understood("download list --switch-interval 5")->switch_interval_ms, 5);
    refused("run primes --switch-interval 0", "--switch-interval: '0' is not a whole number from 1 to 10000");
    refused("run primes --switch-interval 10001", "--switch-interval: '10001'");
    refused("run primes --switch-interval 5ms", "--switch-interval: '5ms'");
    refused("serve --switch-interval 5", "--switch-interval is for juggler run, not for juggler serve");
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
        cmocka_unit_test(test_sync),
        cmocka_unit_test(test_negative_numbers_are_arguments),
        cmocka_unit_test(test_two_dashes_end_options),
        cmocka_unit_test(test_serve_and_doctor),
        cmocka_unit_test(test_help_and_version),
        cmocka_unit_test(test_help_has_every_option),
        cmocka_unit_test(test_refusals_name_option_and_value),
        cmocka_unit_test(test_refusals_suggest),
        cmocka_unit_test(test_refusals_of_what_does_not_fit),
        cmocka_unit_test(test_help_has_the_options_of_its_command),
        cmocka_unit_test(test_counter),
        cmocka_unit_test(test_compare),
        cmocka_unit_test(test_replay),
        cmocka_unit_test(test_history),
        cmocka_unit_test(test_files_that_are_written),
        cmocka_unit_test(test_lease),
        cmocka_unit_test(test_switch_interval),
        cmocka_unit_test(test_a_refusal_still_knows_of_json),
        cmocka_unit_test(test_sizes),
    };
    return cmocka_run_group_tests_name("options", tests, NULL, NULL);
}
