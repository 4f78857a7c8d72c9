/* options.c - the command line, read in order. See options.h.
 *
 * In order, because in the dashboard an option belongs to the work that was named before it. So getopt_long hands out options and
 * arguments alike ("-" in its letters), and what stands where decides. Whether an option fits the command is looked at last, when the
 * command is known. */
#include "cli/options.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/sys.h"
#include "cli/options_settings.h"
#include "cli/options_table.h"
#include "cli/options_text.h"

enum { UNDONE_ID_FIRST = OPTION_ID_FIRST + OPTION_ROWS_MAX }; /* options that undo the one of the same row */

enum { WORD_RUN = WORK_COUNT, WORD_COMPARE, WORD_HISTORY, WORD_REPLAY, WORD_SERVE, WORD_DOCTOR, WORD_COUNT };

/* The works first, by their numbers. */
static const char *const WORDS[WORD_COUNT] = {
    [WORK_DOWNLOAD] = "download", [WORK_PRIMES] = "primes",   [WORK_COUNTER] = "counter",
    [WORD_RUN] = "run",           [WORD_COMPARE] = "compare", [WORD_HISTORY] = "history",
    [WORD_REPLAY] = "replay",     [WORD_SERVE] = "serve",     [WORD_DOCTOR] = "doctor",
};

static const unsigned COMMAND_SCOPES[COMMAND_COUNT] = {
    [COMMAND_DASHBOARD] = SCOPE_DASHBOARD, [COMMAND_RUN] = SCOPE_RUN,       [COMMAND_COMPARE] = SCOPE_COMPARE,
    [COMMAND_HISTORY] = SCOPE_HISTORY,     [COMMAND_REPLAY] = SCOPE_REPLAY, [COMMAND_SERVE] = SCOPE_SERVE,
    [COMMAND_DOCTOR] = SCOPE_DOCTOR,
};

static const char *const COMMAND_NAMES[COMMAND_COUNT] = {
    [COMMAND_DASHBOARD] = "the dashboard", [COMMAND_RUN] = "juggler run",       [COMMAND_COMPARE] = "juggler compare",
    [COMMAND_HISTORY] = "juggler history", [COMMAND_REPLAY] = "juggler replay", [COMMAND_SERVE] = "juggler serve",
    [COMMAND_DOCTOR] = "juggler doctor",
};

/* --- arguments ---------------------------------------------------------------------------------- */

static int add_input(struct parser *parser, enum work work, const char *text)
{
    struct work_options *options = &parser->out->work[work];
    if (work == WORK_COUNTER) {
        problem_set(parser->problem, "the counter takes no input, but there is '%s'; how often each job adds is --adds",
                    text);
        return -1;
    }
    options->inputs[options->inputs_count++] = text; /* there is room for every argument */
    return 0;
}

static void name_work(struct parser *parser, enum work work)
{
    parser->out->work[work].named = true;
    parser->out->run_work = work;
    parser->current = (int)work;
    parser->work_given = true;
}

/* The first word: a command, or the first work of the dashboard. */
static int take_command(struct parser *parser, const char *text)
{
    static const enum command COMMANDS[WORD_COUNT] = {
        [WORD_RUN] = COMMAND_RUN,       [WORD_COMPARE] = COMMAND_COMPARE, [WORD_HISTORY] = COMMAND_HISTORY,
        [WORD_REPLAY] = COMMAND_REPLAY, [WORD_SERVE] = COMMAND_SERVE,     [WORD_DOCTOR] = COMMAND_DOCTOR};
    int word = word_index(text, WORDS, WORD_COUNT);
    parser->command_given = true;
    if (word >= 0) {
        parser->out->command = COMMANDS[word];
        if (word < WORK_COUNT)
            name_work(parser, (enum work)word);
        return 0;
    }
    const char *nearest = word_nearest(text, WORDS, WORD_COUNT);
    if (nearest)
        problem_set(parser->problem, "there is no command '%s'; did you mean %s?", text, nearest);
    else
        problem_set(parser->problem,
                    "what to do with '%s'? name the work first: juggler download %s, or juggler primes %s (or juggler "
                    "counter, which takes no input)",
                    text, text, text);
    return -1;
}

static int take_run_work(struct parser *parser, const char *text)
{
    int work = word_index(text, WORDS, WORK_COUNT);
    if (work < 0) {
        const char *command = parser->out->command == COMMAND_RUN ? "run" : "compare";
        problem_set(parser->problem, "there is no work '%s' to %s; it is juggler %s download, primes or counter", text,
                    command, command);
        return -1;
    }
    name_work(parser, (enum work)work);
    return 0;
}

static bool has_one_work(enum command command)
{
    return command == COMMAND_RUN || command == COMMAND_COMPARE;
}

static int take_argument(struct parser *parser, const char *text)
{
    const struct options *out = parser->out;
    if (!parser->command_given)
        return take_command(parser, text);
    if (out->command == COMMAND_SERVE || out->command == COMMAND_DOCTOR) {
        problem_set(parser->problem, "%s takes no arguments, but there is '%s'", COMMAND_NAMES[out->command], text);
        return -1;
    }
    if (out->command == COMMAND_HISTORY || out->command == COMMAND_REPLAY) {
        parser->out->arguments[parser->out->arguments_count++] = text;
        return 0;
    }
    if (has_one_work(out->command) && !parser->work_given)
        return take_run_work(parser, text);
    int work = word_index(text, WORDS, WORK_COUNT);
    if (out->command == COMMAND_DASHBOARD && work >= 0 && !parser->only_inputs) {
        name_work(parser, (enum work)work);
        return 0;
    }
    return add_input(parser, (enum work)parser->current, text);
}

/* --- options ------------------------------------------------------------------------------------ */

static struct work_options *target_of(struct parser *parser, const struct option_row *row)
{
    switch (row->scope & SCOPE_WORKS) {
    case SCOPE_DOWNLOAD: return &parser->out->work[WORK_DOWNLOAD];
    case SCOPE_PRIMES: return &parser->out->work[WORK_PRIMES];
    case SCOPE_COUNTER: return &parser->out->work[WORK_COUNTER];
    default: return parser->current >= 0 ? &parser->out->work[parser->current] : &parser->early;
    }
}

static int refuse_work(struct problem *problem, const struct option_row *row, enum work work)
{
    static const char *const NAMES[WORK_COUNT] = {"downloads", "primes", "the counter"};
    char fits[64] = "";
    size_t used = 0;
    for (int i = 0; i < WORK_COUNT; i++)
        if (row->scope & (1u << i))
            used += (size_t)snprintf(fits + used, sizeof fits - used, "%s%s", used ? " and " : "", NAMES[i]);
    problem_set(problem, "--%s is for %s, not for %s", row->name, fits, NAMES[work]);
    return -1;
}

static int take_option(struct parser *parser, size_t index, const char *value)
{
    const struct option_row *row = option_row(index);
    unsigned works = row->scope & SCOPE_WORKS;
    if (parser->current >= 0 && works && !(works & (1u << parser->current)))
        return refuse_work(parser->problem, row, (enum work)parser->current);
    parser->given[index] = true;
    return row->set(parser, target_of(parser, row), row, value);
}

static int row_of_letter(int letter)
{
    for (size_t i = 0; i < option_rows(); i++)
        if (letter && option_row(i)->letter == letter)
            return (int)i;
    return -1;
}

/* What getopt calls an option, as a row: long ones by their id, short ones by their letter; -1: none. */
static int row_of_code(int code)
{
    int row = code >= UNDONE_ID_FIRST   ? code - UNDONE_ID_FIRST
              : code >= OPTION_ID_FIRST ? code - OPTION_ID_FIRST
                                        : row_of_letter(code);
    return row >= 0 && (size_t)row < option_rows() ? row : -1;
}

struct getopt_tables {
    struct option longs[2 * OPTION_ROWS_MAX + 1];
    char letters[3 * OPTION_ROWS_MAX];
    char undone[OPTION_ROWS_MAX][OPTION_UNDONE_BYTES];
};

static void add_long(struct getopt_tables *tables, size_t *count, size_t row)
{
    tables->longs[(*count)++] = (struct option){.name = option_row(row)->name,
                                                .has_arg = option_row(row)->has_value ? required_argument : no_argument,
                                                .val = OPTION_ID_FIRST + (int)row};
    if (option_undone(option_row(row), tables->undone[row]))
        tables->longs[(*count)++] = (struct option){.name = tables->undone[row], .val = UNDONE_ID_FIRST + (int)row};
}

/* "-": arguments come in order; ":": getopt prints nothing and tells a missing value from an unknown option. */
static void make_tables(struct getopt_tables *tables)
{
    char *at = tables->letters;
    size_t count = 0;
    *at++ = '-';
    *at++ = ':';
    for (size_t i = 0; i < option_rows(); i++) {
        const struct option_row *row = option_row(i);
        add_long(tables, &count, i);
        if (!row->letter)
            continue;
        *at++ = row->letter;
        if (row->has_value)
            *at++ = ':';
    }
    *at = '\0';
    tables->longs[count] = (struct option){0};
}

static int refuse_unknown_long(struct problem *problem, const char *argument)
{
    const char *names[2 * OPTION_ROWS_MAX];
    struct getopt_tables tables = {.letters = ""};
    char word[64];
    char matches[256] = "";
    size_t length = strcspn(argument + 2, "="), count = 0;
    length = length < sizeof word ? length : sizeof word - 1;
    memcpy(word, argument + 2, length);
    word[length] = '\0';
    make_tables(&tables);
    for (; tables.longs[count].name; count++) {
        names[count] = tables.longs[count].name;
        if (strncmp(names[count], word, length) != 0)
            continue;
        strncat(matches, *matches ? ", --" : "--", sizeof matches - strlen(matches) - 1);
        strncat(matches, names[count], sizeof matches - strlen(matches) - 1);
    }
    const char *nearest = word_nearest(word, names, count);
    if (*matches)
        problem_set(problem, "option --%s may be any of %s", word, matches);
    else if (nearest)
        problem_set(problem, "there is no option --%s; did you mean --%s?", word, nearest);
    else
        problem_set(problem, "there is no option --%s; see juggler --help", word);
    return -1;
}

/* getopt's "?": optopt has what it stumbled over, and is 0 for a long option that it does not know. */
static int refuse_option(struct parser *parser, const char *argument)
{
    int row = row_of_code(optopt);
    if (optopt == 0 && strncmp(argument, "--", 2) == 0)
        return refuse_unknown_long(parser->problem, argument);
    if (row >= 0)
        problem_set(parser->problem, "option --%s takes no value", option_row((size_t)row)->name);
    else
        problem_set(parser->problem, "there is no option -%c; see juggler --help", optopt);
    return -1;
}

static int refuse_missing(struct parser *parser)
{
    int row = row_of_code(optopt);
    problem_set(parser->problem, "option --%s needs a value", row >= 0 ? option_row((size_t)row)->name : "?");
    return -1;
}

/* --- reading ------------------------------------------------------------------------------------ */

/* "-5" is an argument: that no limit is negative is for the limits to say. */
static bool is_negative_number(const char *text)
{
    return text[0] == '-' && ((text[1] >= '0' && text[1] <= '9') || (text[1] == '.' && text[2] >= '0' && text[2] <= '9'));
}

static int take_rest(struct parser *parser, int argc, char **argv)
{
    parser->only_inputs = true;
    for (int i = optind; i < argc; i++)
        if (take_argument(parser, argv[i]) != 0)
            return -1;
    return 0;
}

static int read_arguments(struct parser *parser, int argc, char **argv)
{
    struct getopt_tables tables = {.letters = ""};
    make_tables(&tables);
    opterr = 0;
    optind = 0; /* glibc: begin anew */
    for (bool begun = false;; begun = true) {
        int failed = 0;
        int next = begun ? optind : 1;
        if (next < argc && is_negative_number(argv[next])) {
            if (take_argument(parser, argv[next]) != 0)
                return -1;
            optind = next + 1;
            continue;
        }
        int code = getopt_long(argc, argv, tables.letters, tables.longs, NULL);
        switch (code) {
        case -1: return take_rest(parser, argc, argv);
        case 1: failed = take_argument(parser, optarg); break;
        case '?': return refuse_option(parser, argv[next]);
        case ':': return refuse_missing(parser);
        default:
            failed = take_option(parser, (size_t)row_of_code(code), code >= UNDONE_ID_FIRST ? OPTION_UNDONE : optarg);
            break;
        }
        if (failed || parser->out->help || parser->out->version)
            return failed;
    }
}

/* --- what only the whole line tells ------------------------------------------------------------- */

/* The command to name when an option was given to another one. */
static enum command first_command(const struct option_row *row)
{
    static const enum command ORDER[] = {COMMAND_RUN,    COMMAND_COMPARE,   COMMAND_HISTORY, COMMAND_SERVE,
                                         COMMAND_DOCTOR, COMMAND_DASHBOARD, COMMAND_REPLAY};
    for (size_t i = 0; i < sizeof ORDER / sizeof *ORDER; i++)
        if (row->scope & COMMAND_SCOPES[ORDER[i]])
            return ORDER[i];
    return COMMAND_DASHBOARD;
}

static int check_scopes(struct parser *parser)
{
    const struct options *out = parser->out;
    for (size_t i = 0; i < option_rows(); i++) {
        const struct option_row *row = option_row(i);
        unsigned works = row->scope & SCOPE_WORKS;
        if (!parser->given[i])
            continue;
        if (!(row->scope & COMMAND_SCOPES[out->command])) {
            problem_set(parser->problem, "--%s is for %s, not for %s", row->name, COMMAND_NAMES[first_command(row)],
                        COMMAND_NAMES[out->command]);
            return -1;
        }
        if (has_one_work(out->command) && works && !(works & (1u << out->run_work)))
            return refuse_work(parser->problem, row, out->run_work);
    }
    return 0;
}

/* --with, -o and --sync that stood before the work's name: clear for run, which has one work, and not for the dashboard. */
static int settle_early(struct parser *parser)
{
    const struct work_options *early = &parser->early;
    struct work_options *work = &parser->out->work[parser->out->run_work];
    if (parser->out->command == COMMAND_DASHBOARD && (early->with || early->output || early->sync)) {
        problem_set(parser->problem, "--%s belongs to a work: put it after download, primes or counter",
                    early->with     ? "with"
                    : early->output ? "output"
                                    : "sync");
        return -1;
    }
    work->sync |= early->sync;
    if (!work->with)
        work->with = parser->early.with;
    if (!work->output)
        work->output = parser->early.output;
    return 0;
}

/* A run of a million adds is over in milliseconds, which is too short to be compared; the dashboard has its own mind, so that there is
 * something to see. */
static uint64_t default_adds(enum command command)
{
    switch (command) {
    case COMMAND_DASHBOARD: return 0;
    case COMMAND_COMPARE: return 20000000;
    default: return 1000000;
    }
}

static void settle_defaults(struct parser *parser)
{
    if (!parser->out->work[WORK_COUNTER].adds)
        parser->out->work[WORK_COUNTER].adds = default_adds(parser->out->command);
    for (int i = 0; i < WORK_COUNT; i++) {
        struct work_options *work = &parser->out->work[i];
        if (!parser->origin_given[i])
            work->origin = work->inputs_count ? ORIGIN_LIVE : ORIGIN_BUILTIN;
        if (!parser->product_given[i])
            work->primes.product = work->primes.kernel == KERNEL_SIEVE ? PRODUCT_TREE : PRODUCT_FOLD;
    }
}

static int check_whole(struct parser *parser)
{
    struct options *out = parser->out;
    if (out->help || out->version)
        return 0;
    if (has_one_work(out->command) && !parser->work_given) {
        const char *command = out->command == COMMAND_RUN ? "run" : "compare";
        problem_set(parser->problem, "%s what? it is juggler %s download, primes or counter", command, command);
        return -1;
    }
    if (out->command == COMMAND_REPLAY && out->arguments_count != 1) {
        problem_set(parser->problem,
                    out->arguments_count ? "replay takes one record, but there is '%s', too"
                                         : "replay what? it is juggler replay FILE%s",
                    out->arguments_count ? out->arguments[1] : "");
        return -1;
    }
    if (out->work[WORK_PRIMES].named && out->work[WORK_COUNTER].named) {
        problem_set(parser->problem, "primes and counter share a lane of the dashboard: name one of them");
        return -1;
    }
    if (check_scopes(parser) != 0 || settle_early(parser) != 0)
        return -1;
    out->format = parser->format;
    if (!out->no_config && out->command != COMMAND_DOCTOR && settings_apply(parser, COMMAND_SCOPES[out->command]) != 0)
        return -1;
    settle_defaults(parser);
    return 0;
}

/* Looked for ahead of everything, so that a refusal can be JSON too. */
static bool asks_for_json(int argc, char **argv)
{
    for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++)
        if (strlen(argv[i]) > 2 && strncmp("--json", argv[i], strlen(argv[i])) == 0)
            return true;
    return false;
}

static const struct options DEFAULTS = {
    .command = COMMAND_DASHBOARD,
    .latency_ms = 500,
    .rate_bytes_per_s = 96 * 1024,
    .files = 5000,
    .repeat = 3,
    .lease_s = 30,
    .theme = "auto",
};

static int options_init(struct options *out, int argc, char **argv)
{
    *out = DEFAULTS;
    out->format = asks_for_json(argc, argv) ? FORMAT_JSON : FORMAT_TABLE;
    for (int i = 0; i < WORK_COUNT; i++) {
        struct work_options *work = &out->work[i];
        work->download = (struct download_options){.retries = 2, .timeout_s = 30, .max_size_bytes = UINT64_C(1) << 30};
        work->inputs = sys_alloc_zeroed((size_t)argc + 1, sizeof *work->inputs);
        if (!work->inputs)
            return -1;
    }
    out->arguments = sys_alloc_zeroed((size_t)argc + 1, sizeof *out->arguments);
    return out->arguments ? 0 : -1;
}

int options_parse(int argc, char **argv, const struct settings *settings, struct options *out, struct problem *problem)
{
    struct parser parser = {.out = out, .problem = problem, .settings = settings, .current = -1};
    if (options_init(out, argc, argv) != 0) {
        problem_set(problem, "no memory for the command line");
        return -1;
    }
    if (read_arguments(&parser, argc, argv) != 0)
        return -1;
    return check_whole(&parser);
}

void options_free(struct options *options)
{
    for (int i = 0; i < WORK_COUNT; i++) {
        free(options->work[i].inputs);
        options->work[i].inputs = NULL;
        options->work[i].inputs_count = 0;
    }
    free(options->arguments);
    options->arguments = NULL;
    options->arguments_count = 0;
}
