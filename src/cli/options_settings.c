/* options_settings.c - what stands in the settings, as options. See options_settings.h.
 *
 * A key is the long name of an option, its section is told by the option's row, and its value goes through the same setter as on the
 * command line: so nothing can be set that could not be given there. Two kinds of mistakes are told apart. What is not known (a section,
 * a key) may be of another version of juggler, and is passed over with a word. A value that is not possible is a wish that cannot be
 * met, and refused, as it would be on the command line; but not by a command that the setting is not for. */
#include "cli/options_settings.h"

#include <stdio.h>
#include <string.h>

#include "cli/options_text.h"
#include "juggler/executor.h"

enum { SECTION_COUNT = 7 };

/* A section: the settings that stand in it, and whose they are. */
static const struct section {
    const char *name;
    unsigned setting;
    unsigned work; /* the scope of its work; 0: of none */
} SECTIONS[SECTION_COUNT] = {
    {"screen", SETTING_SCREEN, 0},          {"download", SETTING_WORK, SCOPE_DOWNLOAD},
    {"primes", SETTING_WORK, SCOPE_PRIMES}, {"counter", SETTING_WORK, SCOPE_COUNTER},
    {"server", SETTING_SERVER, 0},          {"run", SETTING_RUN, 0},
    {"compare", SETTING_COMPARE, 0},
};

static const char *const SECTION_NAMES[SECTION_COUNT] = {"screen", "download", "primes", "counter",
                                                         "server", "run",      "compare"};

bool option_undone(const struct option_row *row, char out[OPTION_UNDONE_BYTES])
{
    if (row->has_value || !(row->scope & SETTINGS_ANY))
        return false;
    bool is_negative = strncmp(row->name, "no-", 3) == 0;
    snprintf(out, OPTION_UNDONE_BYTES, "%s%s", is_negative ? "" : "no-", row->name + (is_negative ? 3 : 0));
    return true;
}

/* --- words -------------------------------------------------------------------------------------- */

/* "FILE, line 3: ..." */
static void tell(struct problem *problem, const struct settings *settings, const struct setting *one, const char *what)
{
    problem_set(problem, "%s, line %u: %s", settings->path, one->line, what);
}

static void append(struct problem *lines, const char *line)
{
    size_t used = strlen(lines->text);
    if (line[0] && used + strlen(line) + 2 < sizeof lines->text)
        snprintf(lines->text + used, sizeof lines->text - used, "%s%s", used ? "\n" : "", line);
}

static void note(struct parser *parser, const struct setting *one, const char *what)
{
    struct problem problem;
    tell(&problem, parser->settings, one, what);
    append(&parser->out->notes, problem.text);
}

/* --- what a key is ------------------------------------------------------------------------------ */

/* The row of a key that could stand in some section; -1: none. *undone: the key is the option's opposite. */
static int row_of_key(const char *key, bool *undone)
{
    for (size_t i = 0; i < option_rows(); i++) {
        char opposite[OPTION_UNDONE_BYTES];
        *undone = option_undone(option_row(i), opposite) && strcmp(opposite, key) == 0;
        if (*undone || strcmp(option_row(i)->name, key) == 0)
            return (int)i;
    }
    return -1;
}

static bool stands_in(const struct option_row *row, const struct section *section)
{
    return (row->scope & section->setting) && (!section->work || (row->scope & section->work));
}

/* Says why a key is passed over: what was meant, or where it belongs. */
static void note_key(struct parser *parser, const struct setting *one, const struct section *section, int row)
{
    const char *names[2 * OPTION_ROWS_MAX];
    char opposites[OPTION_ROWS_MAX][OPTION_UNDONE_BYTES], what[256];
    size_t count = 0;
    for (size_t i = 0; i < option_rows(); i++) {
        if (!stands_in(option_row(i), section))
            continue;
        names[count++] = option_row(i)->name;
        if (option_undone(option_row(i), opposites[i]))
            names[count++] = opposites[i];
    }
    const char *nearest = word_nearest(one->key, names, count);
    if (row >= 0 && !(option_row((size_t)row)->scope & SETTINGS_ANY)) {
        snprintf(what, sizeof what, "%s is for the command line alone: --%s", one->key, one->key);
    } else if (nearest) {
        snprintf(what, sizeof what, "there is no %s in [%s]; did you mean %s?", one->key, section->name, nearest);
    } else {
        int home = 0;
        while (row >= 0 && home < SECTION_COUNT && !stands_in(option_row((size_t)row), &SECTIONS[home]))
            home++;
        snprintf(what, sizeof what, row >= 0 && home < SECTION_COUNT ? "%s belongs into [%s]" : "there is no %s in [%s]",
                 one->key, row >= 0 && home < SECTION_COUNT ? SECTIONS[home].name : section->name);
    }
    note(parser, one, what);
}

static void note_section(struct parser *parser, const struct setting *one)
{
    char what[256];
    const char *nearest = word_nearest(one->section, SECTION_NAMES, SECTION_COUNT);
    if (nearest)
        snprintf(what, sizeof what, "there is no section [%s]; did you mean [%s]?", one->section, nearest);
    else
        snprintf(what, sizeof what,
                 "there is no section [%s]; there are screen, download, primes, counter, server, run, compare",
                 one->section);
    note(parser, one, what);
}

/* --- values ------------------------------------------------------------------------------------- */

/* 1: yes, 0: no, -1: neither. */
static int truth_of(const char *value)
{
    static const char *const WORDS[] = {"no", "yes", "false", "true", "off", "on", "0", "1"};
    int word = word_index(value, WORDS, sizeof WORDS / sizeof *WORDS);
    return word < 0 ? -1 : word & 1;
}

static int set_flag(struct parser *parser, struct work_options *target, const struct option_row *row,
                    const struct setting *one, bool undone)
{
    int truth = truth_of(one->value);
    if (truth < 0) {
        problem_set(parser->problem, "%s: '%s' is neither yes nor no", one->key, one->value);
        return -1;
    }
    return row->set(parser, target, row, (bool)truth != undone ? NULL : OPTION_UNDONE);
}

/* What run and the dashboard would find out later, when the line in the file is not known any more. */
static int check_executor(struct parser *parser, const struct section *section, const char *value)
{
    struct executor ignored;
    enum work work = section->work == SCOPE_DOWNLOAD ? WORK_DOWNLOAD
                     : section->work == SCOPE_PRIMES ? WORK_PRIMES
                                                     : WORK_COUNTER;
    return executor_parse(value, work, 1, &ignored, parser->problem);
}

static struct work_options *target_of(const struct parser *parser, const struct section *section)
{
    switch (section->work) {
    case SCOPE_PRIMES: return &parser->out->work[WORK_PRIMES];
    case SCOPE_COUNTER: return &parser->out->work[WORK_COUNTER];
    default: return &parser->out->work[WORK_DOWNLOAD]; /* or nobody's own */
    }
}

/* Through the option's own setter. -1 with the reason, which names the line. */
static int set(struct parser *parser, const struct section *section, int number, const struct setting *one, bool undone)
{
    const struct option_row *row = option_row((size_t)number);
    struct work_options *target = target_of(parser, section);
    int failed = row->has_value ? row->set(parser, target, row, one->value) : set_flag(parser, target, row, one, undone);
    if (!failed && strcmp(row->name, "with") == 0)
        failed = check_executor(parser, section, one->value);
    if (failed) {
        const struct problem why = *parser->problem;
        tell(parser->problem, parser->settings, one, why.text + (strncmp(why.text, "--", 2) == 0 ? 2 : 0));
    }
    return failed;
}

/* --- all of them -------------------------------------------------------------------------------- */

/* Which works have their executor from the command line. */
struct given {
    bool with[WORK_COUNT];
};

static bool is_open(const struct parser *parser, const struct given *given, const struct section *section, int row)
{
    if (strcmp(option_row((size_t)row)->name, "with") == 0)
        return !given->with[target_of(parser, section) - parser->out->work];
    return !parser->given[row];
}

static bool is_for(const struct option_row *row, const struct section *section, unsigned scope, const struct parser *parser)
{
    bool works_on_it = !section->work || !(scope & (SCOPE_RUN | SCOPE_COMPARE)) || scope == SCOPE_ALL ||
                       (section->work & (1u << parser->out->run_work));
    bool is_compared = scope == SCOPE_COMPARE && (row->scope & SETTING_NOT_COMPARED);
    return (row->scope & scope) && works_on_it && !is_compared;
}

/* One line. -1 with the reason. *unknown: its section is not known, and that has been told. */
static int apply(struct parser *parser, const struct given *given, unsigned scope, const struct setting *one)
{
    int section = word_index(one->section, SECTION_NAMES, SECTION_COUNT);
    bool undone = false;
    if (!one->key[0]) {
        if (section < 0)
            note_section(parser, one);
        return 0;
    }
    if (section < 0) {
        if (!one->section[0])
            note(parser, one, "it stands before the first [SECTION]");
        return 0;
    }
    int row = row_of_key(one->key, &undone);
    if (row < 0 || !stands_in(option_row((size_t)row), &SECTIONS[section])) {
        note_key(parser, one, &SECTIONS[section], row);
        return 0;
    }
    if (!is_for(option_row((size_t)row), &SECTIONS[section], scope, parser) ||
        !is_open(parser, given, &SECTIONS[section], row))
        return 0;
    return set(parser, &SECTIONS[section], row, one, undone);
}

int settings_apply(struct parser *parser, unsigned scope)
{
    const struct settings *settings = parser->settings;
    struct given given = {{false}};
    if (!settings || settings->state == SETTINGS_NONE)
        return 0;
    if (settings->state == SETTINGS_UNREADABLE) {
        append(&parser->out->notes, settings->problem.text);
        return 0;
    }
    for (int i = 0; i < WORK_COUNT; i++)
        given.with[i] = parser->out->work[i].with != NULL;
    for (size_t i = 0; i < settings->count; i++)
        if (apply(parser, &given, scope, &settings->list[i]) != 0)
            return -1;
    if (settings->problem.text[0]) {
        *parser->problem = settings->problem;
        return -1;
    }
    return 0;
}

void options_check_settings(const struct settings *settings, struct problem *wrong)
{
    const struct given nothing = {{false}};
    struct options scratch = {.command = COMMAND_DASHBOARD};
    struct problem problem = {.text = ""};
    struct parser parser = {.out = &scratch, .problem = &problem, .settings = settings, .current = -1};
    for (size_t i = 0; i < settings->count; i++)
        if (apply(&parser, &nothing, SCOPE_ALL, &settings->list[i]) != 0)
            append(&scratch.notes, problem.text);
    append(&scratch.notes, settings->problem.text);
    *wrong = scratch.notes;
}
