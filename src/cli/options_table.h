/* options_table.h - the options of the command line: a row each. Private to src/cli/options*.c. */
#ifndef CLI_OPTIONS_TABLE_H
#define CLI_OPTIONS_TABLE_H

#include "cli/options.h"

/* What an option is for. Works and commands; a row has at least one command. */
enum option_scope {
    SCOPE_DOWNLOAD = 1 << 0,
    SCOPE_PRIMES = 1 << 1,
    SCOPE_COUNTER = 1 << 2,
    SCOPE_DASHBOARD = 1 << 3,
    SCOPE_RUN = 1 << 4,
    SCOPE_COMPARE = 1 << 5,
    SCOPE_HISTORY = 1 << 6,
    SCOPE_SERVE = 1 << 7,
    SCOPE_DOCTOR = 1 << 8,
    SCOPE_REPLAY = 1 << 9,
    SCOPE_WORKS = SCOPE_DOWNLOAD | SCOPE_PRIMES | SCOPE_COUNTER,
    SCOPE_ALL = SCOPE_DASHBOARD | SCOPE_RUN | SCOPE_COMPARE | SCOPE_HISTORY | SCOPE_SERVE | SCOPE_DOCTOR | SCOPE_REPLAY
};

/* In which section of config.ini the option can be set, under its long name; of a row without one of these: nowhere. An option without a
 * value can be undone then, too: ascii = no, --no-ascii; color = no, --color. */
enum option_setting {
    SETTING_WORK = 1 << 10, /* that of each work in its scope: [download], [primes], [counter] */
    SETTING_SCREEN = 1 << 11,
    SETTING_SERVER = 1 << 12,
    SETTING_RUN = 1 << 13,
    SETTING_COMPARE = 1 << 14,
    SETTINGS_ANY = SETTING_WORK | SETTING_SCREEN | SETTING_SERVER | SETTING_RUN | SETTING_COMPARE,
    SETTING_NOT_COMPARED = 1 << 15 /* the dashboard and run take it alone: a comparison has a list of its own */
};

enum { OPTION_ROWS_MAX = 40, OPTION_ID_FIRST = 256 };

/* The state of one reading. */
struct parser {
    struct options *out;
    struct problem *problem;
    struct work_options early;       /* --with, -o and --sync that stand before a work's name */
    const struct settings *settings; /* NULL: none */
    enum output_format format;
    bool command_given;
    bool work_given;  /* run, compare: the work has been named */
    int current;      /* dashboard: the work named last; -1: none yet */
    bool only_inputs; /* behind "--" */
    bool origin_given[WORK_COUNT];
    bool product_given[WORK_COUNT];
    bool given[OPTION_ROWS_MAX];
};

struct option_row {
    const char *name;
    char letter; /* 0: none */
    bool has_value;
    unsigned scope;
    /* 0, or -1 with the reason. target: whose options these are (out's own, where the row is for one work only). value, of an option that
     * has none: NULL, or OPTION_UNDONE. */
    int (*set)(struct parser *parser, struct work_options *target, const struct option_row *row, const char *value);
};

/* The value of an option that is undone. */
#define OPTION_UNDONE "no"

size_t option_rows(void);
const struct option_row *option_row(size_t index);

#endif
