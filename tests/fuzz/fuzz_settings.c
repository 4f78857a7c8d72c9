/* fuzz_settings.c - what a command becomes with any config.ini: every value in the range that the command line has, or a sentence that names
 * the line.
 * fuzz: runs 10000 */
#include <getopt.h>

#include "cli/options.h"
#include "cli/options_settings.h"
#include "cli/settings.h"
#include "juggler/executor.h"
#include "tests/fuzz/fuzz.h"

static const char *const COMMANDS[][4] = {
    {"juggler"},
    {"juggler", "run", "primes"},
    {"juggler", "run", "download"},
    {"juggler", "run", "counter"},
    {"juggler", "compare", "primes"},
    {"juggler", "compare", "counter"},
    {"juggler", "serve"},
    {"juggler", "history"},
    {"juggler", "doctor"},
};

static bool is_theme(const char *theme)
{
    static const char *const THEMES[] = {"auto", "dark", "light", "blue-orange", "mono"};
    for (size_t i = 0; theme && i < sizeof THEMES / sizeof *THEMES; i++)
        if (strcmp(theme, THEMES[i]) == 0)
            return true;
    return theme == NULL;
}

static void check_work(const struct work_options *work, enum command command, enum work kind)
{
    struct executor executor;
    struct problem problem = {.text = ""};
    FUZZ_CHECK(work->download.retries <= 100 && work->download.timeout_s <= 86400);
    FUZZ_CHECK((unsigned)work->primes.kernel <= KERNEL_SIEVE && (unsigned)work->primes.product <= PRODUCT_TREE);
    FUZZ_CHECK((unsigned)work->lock <= COUNTER_ATOMIC && work->adds <= UINT64_C(1000000000000));
    FUZZ_CHECK((unsigned)work->origin <= ORIGIN_LIVE);
    if (work->with && command != COMMAND_COMPARE)
        FUZZ_CHECK(executor_parse(work->with, kind, 4, &executor, &problem) == 0);
}

static void check_options(const struct options *options)
{
    FUZZ_CHECK(options->latency_ms <= 60000 && options->fps <= 120 && options->repeat <= 100);
    FUZZ_CHECK(options->files <= 1000000 && options->switch_interval_ms <= 10000 && options->run_number <= 1000000);
    FUZZ_CHECK((unsigned)options->format <= FORMAT_CSV && (unsigned)options->progress <= PROGRESS_NONE);
    FUZZ_CHECK(is_theme(options->theme));
    for (int work = 0; work < WORK_COUNT; work++)
        check_work(&options->work[work], options->command, (enum work)work);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct options options;
    struct settings settings;
    struct problem problem = {.text = ""}, wrong = {.text = ""};
    const char *const *command = COMMANDS[fuzz_byte(&data, &size) % (sizeof COMMANDS / sizeof *COMMANDS)];
    char *words[5] = {NULL};
    int count = 0;
    for (; count < 4 && command[count]; count++)
        words[count] = strdup(command[count]);
    char *text = fuzz_text(data, size);
    settings_read_text(&settings, "FILE", text, size);
    int failed = options_parse(count, words, &settings, &options, &problem);
    if (failed)
        FUZZ_CHECK(strncmp(problem.text, "FILE", 4) == 0);
    else
        check_options(&options);
    options_check_settings(&settings, &wrong);
    FUZZ_CHECK(!failed || wrong.text[0]);
    options_free(&options);
    settings_free(&settings);
    free(text);
    while (count)
        free(words[--count]);
    return 0;
}
