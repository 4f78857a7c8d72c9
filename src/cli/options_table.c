/* options_table.c - the options of the command line: a row each, with the range of its value. */
#include "cli/options_table.h"

#include <inttypes.h>
#include <string.h>

#include "cli/options_text.h"
#include "jobs/inputs.h"
#include "ui/theme.h"

#define COUNTER_ADDS_MAX UINT64_C(1000000000000)
#define COUNT_OF(array) (sizeof(array) / sizeof(array)[0])

typedef const struct option_row row_of; /* keeps the setters' heads on a line */

/* --- values ------------------------------------------------------------------------------------- */

static int read_whole(struct parser *parser, row_of *row, const char *value, uint64_t low, uint64_t high, uint64_t *out)
{
    if (options_whole(value, low, high, out) == 0)
        return 0;
    problem_set(parser->problem, "--%s: '%s' is not a whole number from %" PRIu64 " to %" PRIu64, row->name, value, low,
                high);
    return -1;
}

static int read_unsigned(struct parser *parser, row_of *row, const char *value, unsigned low, unsigned high, unsigned *out)
{
    uint64_t number = 0;
    if (read_whole(parser, row, value, low, high, &number) != 0)
        return -1;
    *out = (unsigned)number;
    return 0;
}

static int read_size(struct parser *parser, row_of *row, const char *value, uint64_t low, uint64_t *out)
{
    uint64_t size = 0;
    if (options_size(value, &size) != 0) {
        problem_set(parser->problem, "--%s: '%s' is not a size: give bytes, or a number with K, M or G (64K is 65,536)",
                    row->name, value);
        return -1;
    }
    if (size < low) {
        problem_set(parser->problem, "--%s: '%s' is too small: it must be at least %" PRIu64, row->name, value, low);
        return -1;
    }
    *out = size;
    return 0;
}

static int read_word(struct parser *parser, row_of *row, const char *value, const char *const *words, size_t count)
{
    int index = word_index(value, words, count);
    if (index >= 0)
        return index;
    char list[160] = "";
    for (size_t i = 0; i < count; i++) {
        strncat(list, i ? (i + 1 == count ? " or " : ", ") : "", sizeof list - strlen(list) - 1);
        strncat(list, words[i], sizeof list - strlen(list) - 1);
    }
    problem_set(parser->problem, "--%s: '%s' is not one of its values: %s", row->name, value, list);
    return -1;
}

/* Which of the works the target is; only ever asked of out's own. */
static enum work work_of(const struct parser *parser, const struct work_options *target)
{
    return (enum work)(target - parser->out->work);
}

/* Whether an option without a value is wanted: given it is, unless it is given to undo what the settings say. */
static bool is_wanted(const char *value)
{
    return !value || strcmp(value, OPTION_UNDONE) != 0;
}

/* --- a setter an option ------------------------------------------------------------------------- */

static int set_with(struct parser *parser, struct work_options *target, row_of *row, const char *value)
{
    if (!*value) {
        problem_set(parser->problem, "--%s: an executor is missing, such as thread-pool:10", row->name);
        return -1;
    }
    target->with = value;
    return 0;
}

static int set_output(struct parser *parser, struct work_options *target, row_of *row, const char *value)
{
    if (!*value) {
        problem_set(parser->problem, "--%s: the name of a folder is missing", row->name);
        return -1;
    }
    target->output = value;
    return 0;
}

static int set_json(struct parser *parser, struct work_options *target, row_of *row, const char *value)
{
    (void)target, (void)row, (void)value;
    parser->format = FORMAT_JSON;
    return 0;
}

static int set_csv(struct parser *parser, struct work_options *target, row_of *row, const char *value)
{
    (void)target, (void)row, (void)value;
    parser->format = FORMAT_CSV;
    return 0;
}

static int set_kernel(struct parser *parser, struct work_options *target, row_of *row, const char *value)
{
    static const char *const WORDS[] = {[KERNEL_TRIAL] = "trial", [KERNEL_SIEVE] = "sieve"};
    int index = read_word(parser, row, value, WORDS, COUNT_OF(WORDS));
    if (index < 0)
        return -1;
    target->primes.kernel = (enum prime_kernel)index;
    return 0;
}

static int set_product(struct parser *parser, struct work_options *target, row_of *row, const char *value)
{
    static const char *const WORDS[] = {[PRODUCT_FOLD] = "fold", [PRODUCT_TREE] = "tree"};
    int index = read_word(parser, row, value, WORDS, COUNT_OF(WORDS));
    if (index < 0)
        return -1;
    target->primes.product = (enum prime_product)index;
    parser->product_given[work_of(parser, target)] = true;
    return 0;
}

static int set_origin(struct parser *parser, struct work_options *target, row_of *row, const char *value)
{
    static const char *const WORDS[] = {[ORIGIN_BUILTIN] = "builtin", [ORIGIN_LIVE] = "live"};
    int index = read_word(parser, row, value, WORDS, COUNT_OF(WORDS));
    if (index < 0)
        return -1;
    target->origin = (enum origin_choice)index;
    parser->origin_given[work_of(parser, target)] = true;
    return 0;
}

static int set_latency(struct parser *parser, struct work_options *target, row_of *row, const char *value)
{
    (void)target;
    return read_unsigned(parser, row, value, 0, 60000, &parser->out->latency_ms);
}

static int set_rate(struct parser *parser, struct work_options *target, row_of *row, const char *value)
{
    (void)target;
    return read_size(parser, row, value, 0, &parser->out->rate_bytes_per_s);
}

static int set_retry(struct parser *parser, struct work_options *target, row_of *row, const char *value)
{
    return read_unsigned(parser, row, value, 0, 100, &target->download.retries);
}

static int set_timeout(struct parser *parser, struct work_options *target, row_of *row, const char *value)
{
    return read_unsigned(parser, row, value, 1, 86400, &target->download.timeout_s);
}

static int set_max_size(struct parser *parser, struct work_options *target, row_of *row, const char *value)
{
    return read_size(parser, row, value, 1, &target->download.max_size_bytes);
}

static int set_no_clobber(struct parser *parser, struct work_options *target, row_of *row, const char *value)
{
    (void)parser, (void)row;
    target->download.no_clobber = is_wanted(value);
    return 0;
}

static int set_sync(struct parser *parser, struct work_options *target, row_of *row, const char *value)
{
    (void)parser, (void)row;
    target->sync = is_wanted(value);
    return 0;
}

static int set_progress(struct parser *parser, struct work_options *target, row_of *row, const char *value)
{
    static const char *const WORDS[] = {
        [PROGRESS_AUTO] = "auto", [PROGRESS_BARS] = "bars", [PROGRESS_LINES] = "lines", [PROGRESS_NONE] = "none"};
    (void)target;
    int index = read_word(parser, row, value, WORDS, COUNT_OF(WORDS));
    if (index < 0)
        return -1;
    parser->out->progress = (enum progress_style)index;
    return 0;
}

static int set_port(struct parser *parser, struct work_options *target, row_of *row, const char *value)
{
    uint64_t port = 0;
    (void)target;
    if (read_whole(parser, row, value, 0, UINT16_MAX, &port) != 0)
        return -1;
    parser->out->port = (uint16_t)port;
    return 0;
}

static int set_files(struct parser *parser, struct work_options *target, row_of *row, const char *value)
{
    (void)target;
    return read_unsigned(parser, row, value, 0, 1000000, &parser->out->files);
}

static int set_theme(struct parser *parser, struct work_options *target, row_of *row, const char *value)
{
    enum { THEMES_MAX = 16 };
    const char *words[THEMES_MAX] = {"auto"};
    size_t count = 1;
    (void)target;
    for (size_t i = 0; i < theme_count() && count < THEMES_MAX; i++)
        words[count++] = theme_at(i)->name;
    int index = read_word(parser, row, value, words, count);
    if (index < 0)
        return -1;
    parser->out->theme = words[index];
    return 0;
}

static int set_fps(struct parser *parser, struct work_options *target, row_of *row, const char *value)
{
    (void)target;
    return read_unsigned(parser, row, value, 1, 120, &parser->out->fps);
}

static int set_ascii(struct parser *parser, struct work_options *target, row_of *row, const char *value)
{
    (void)target, (void)row;
    parser->out->ascii = is_wanted(value);
    return 0;
}

static int set_no_color(struct parser *parser, struct work_options *target, row_of *row, const char *value)
{
    (void)target, (void)row;
    parser->out->no_color = is_wanted(value);
    return 0;
}

static int set_flat(struct parser *parser, struct work_options *target, row_of *row, const char *value)
{
    (void)target, (void)row;
    parser->out->flat = is_wanted(value);
    return 0;
}

static int set_no_config(struct parser *parser, struct work_options *target, row_of *row, const char *value)
{
    (void)target, (void)row, (void)value;
    parser->out->no_config = true;
    return 0;
}

static int set_lock(struct parser *parser, struct work_options *target, row_of *row, const char *value)
{
    static const char *const WORDS[] = {[COUNTER_NONE] = "none", [COUNTER_MUTEX] = "mutex", [COUNTER_ATOMIC] = "atomic"};
    int index = read_word(parser, row, value, WORDS, COUNT_OF(WORDS));
    if (index < 0)
        return -1;
    target->lock = (enum counter_lock)index;
    return 0;
}

static int set_adds(struct parser *parser, struct work_options *target, row_of *row, const char *value)
{
    struct problem ignored;
    uint64_t adds = 0;
    if (limit_parse(value, &adds, &ignored) == 0 && adds >= 1 && adds <= COUNTER_ADDS_MAX) { /* 1e6 and 1_000_000, too */
        target->adds = adds;
        return 0;
    }
    return read_whole(parser, row, value, 1, COUNTER_ADDS_MAX, &target->adds);
}

static int set_switch_interval(struct parser *parser, struct work_options *target, row_of *row, const char *value)
{
    (void)target;
    return read_unsigned(parser, row, value, 1, 10000, &parser->out->switch_interval_ms);
}

/* Whoever waits gives a sign of life once a second, so it can't be shorter than two. */
static int set_lease(struct parser *parser, struct work_options *target, row_of *row, const char *value)
{
    uint64_t seconds = 0;
    (void)target;
    if (options_whole(value, 0, 86400, &seconds) != 0 || seconds == 1) {
        problem_set(parser->problem, "--%s: '%s' is not a whole number of seconds from 2 to 86400, or 0 for none", row->name,
                    value);
        return -1;
    }
    parser->out->lease_s = (unsigned)seconds;
    return 0;
}

static int read_file_name(struct parser *parser, row_of *row, const char *value, const char **out)
{
    if (!*value) {
        problem_set(parser->problem, "--%s: the name of a file is missing", row->name);
        return -1;
    }
    *out = value;
    return 0;
}

static int set_trace(struct parser *parser, struct work_options *target, row_of *row, const char *value)
{
    (void)target;
    return read_file_name(parser, row, value, &parser->out->trace);
}

static int set_report(struct parser *parser, struct work_options *target, row_of *row, const char *value)
{
    (void)target;
    return read_file_name(parser, row, value, &parser->out->report);
}

static int set_record(struct parser *parser, struct work_options *target, row_of *row, const char *value)
{
    (void)target;
    return read_file_name(parser, row, value, &parser->out->record);
}

static int set_run(struct parser *parser, struct work_options *target, row_of *row, const char *value)
{
    (void)target;
    return read_unsigned(parser, row, value, 1, 1000000, &parser->out->run_number);
}

static int set_repeat(struct parser *parser, struct work_options *target, row_of *row, const char *value)
{
    (void)target;
    return read_unsigned(parser, row, value, 1, 100, &parser->out->repeat);
}

static int set_sweep(struct parser *parser, struct work_options *target, row_of *row, const char *value)
{
    (void)target;
    if (!*value) {
        problem_set(parser->problem, "--%s: widths are missing, such as 1,2,4,8", row->name);
        return -1;
    }
    parser->out->sweep = value;
    return 0;
}

static int set_seed(struct parser *parser, struct work_options *target, row_of *row, const char *value)
{
    (void)target;
    return read_whole(parser, row, value, 1, UINT64_MAX, &parser->out->seed);
}

static int set_no_history(struct parser *parser, struct work_options *target, row_of *row, const char *value)
{
    (void)target, (void)row;
    parser->out->no_history = is_wanted(value);
    return 0;
}

static int set_help(struct parser *parser, struct work_options *target, row_of *row, const char *value)
{
    (void)target, (void)row, (void)value;
    parser->out->help = true;
    return 0;
}

static int set_version(struct parser *parser, struct work_options *target, row_of *row, const char *value)
{
    (void)target, (void)row, (void)value;
    parser->out->version = true;
    return 0;
}

/* --- the table ---------------------------------------------------------------------------------- */

enum {
    ON_MEASURED = SCOPE_RUN | SCOPE_COMPARE,
    ON_WORKS = SCOPE_WORKS | SCOPE_DASHBOARD | ON_MEASURED,
    ON_FILES = SCOPE_DOWNLOAD | SCOPE_PRIMES | SCOPE_DASHBOARD | ON_MEASURED,
    ON_DOWNLOAD = SCOPE_DOWNLOAD | SCOPE_DASHBOARD | ON_MEASURED,
    ON_PRIMES = SCOPE_PRIMES | SCOPE_DASHBOARD | ON_MEASURED,
    ON_COUNTER = SCOPE_COUNTER | SCOPE_DASHBOARD | ON_MEASURED,
    ON_RESULTS = ON_MEASURED | SCOPE_HISTORY | SCOPE_REPLAY,
    ON_SCREEN = SCOPE_DASHBOARD | ON_RESULTS
};

static const struct option_row ROWS[] = {
    {"with", 0, true, ON_WORKS | SETTING_WORK | SETTING_NOT_COMPARED, set_with},
    {"output", 'o', true, ON_FILES, set_output},
    {"json", 0, false, ON_RESULTS, set_json},
    {"csv", 0, false, ON_RESULTS, set_csv},
    {"kernel", 0, true, ON_PRIMES | SETTING_WORK, set_kernel},
    {"product", 0, true, ON_PRIMES | SETTING_WORK, set_product},
    {"origin", 0, true, ON_DOWNLOAD | SETTING_WORK, set_origin},
    {"latency", 0, true, ON_DOWNLOAD | SCOPE_SERVE | SETTING_SERVER, set_latency},
    {"rate", 0, true, ON_DOWNLOAD | SCOPE_SERVE | SETTING_SERVER, set_rate},
    {"retry", 0, true, ON_DOWNLOAD | SETTING_WORK, set_retry},
    {"timeout", 0, true, ON_DOWNLOAD | SETTING_WORK, set_timeout},
    {"max-size", 0, true, ON_DOWNLOAD | SETTING_WORK, set_max_size},
    {"no-clobber", 0, false, ON_DOWNLOAD | SETTING_WORK, set_no_clobber},
    {"sync", 0, false, ON_FILES | SETTING_WORK, set_sync},
    {"lock", 0, true, ON_COUNTER | SETTING_WORK, set_lock},
    {"adds", 0, true, ON_COUNTER | SETTING_WORK, set_adds},
    {"switch-interval", 0, true, SCOPE_DASHBOARD | ON_MEASURED | SETTING_RUN, set_switch_interval},
    {"lease", 0, true, SCOPE_DASHBOARD | ON_MEASURED | SETTING_RUN, set_lease},
    {"trace", 0, true, SCOPE_RUN | SCOPE_REPLAY, set_trace},
    {"report", 0, true, ON_MEASURED | SCOPE_REPLAY, set_report},
    {"record", 0, true, SCOPE_DASHBOARD | SCOPE_RUN, set_record},
    {"run", 0, true, SCOPE_REPLAY, set_run},
    {"repeat", 0, true, SCOPE_COMPARE | SETTING_COMPARE, set_repeat},
    {"sweep", 0, true, SCOPE_COMPARE, set_sweep},
    {"seed", 0, true, SCOPE_COMPARE, set_seed},
    {"no-history", 0, false, SCOPE_DASHBOARD | ON_MEASURED | SETTING_RUN, set_no_history},
    {"progress", 0, true, ON_MEASURED | SETTING_RUN, set_progress},
    {"port", 0, true, SCOPE_SERVE | SETTING_SERVER, set_port},
    {"files", 0, true, SCOPE_SERVE | SETTING_SERVER, set_files},
    {"theme", 0, true, SCOPE_DASHBOARD | SCOPE_REPLAY | SETTING_SCREEN, set_theme},
    {"fps", 0, true, SCOPE_DASHBOARD | SCOPE_REPLAY | SETTING_SCREEN, set_fps},
    {"ascii", 0, false, ON_SCREEN | SETTING_SCREEN, set_ascii},
    {"no-color", 0, false, ON_SCREEN | SETTING_SCREEN, set_no_color},
    {"flat", 0, false, SCOPE_DASHBOARD | SCOPE_REPLAY | SETTING_SCREEN, set_flat},
    {"no-config", 0, false, SCOPE_ALL, set_no_config},
    {"help", 'h', false, SCOPE_ALL, set_help},
    {"version", 'V', false, SCOPE_ALL, set_version},
};
_Static_assert(COUNT_OF(ROWS) <= OPTION_ROWS_MAX, "the rows fit");

size_t option_rows(void)
{
    return COUNT_OF(ROWS);
}

const struct option_row *option_row(size_t index)
{
    return &ROWS[index];
}
