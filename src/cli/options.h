/* options.h - the command line, read and checked. docs/juggler.1 has the options for people.
 *
 * Nothing is opened, started or printed here: arguments and settings in, a struct or one sentence out. What an argument of a work means (a URL, a
 * file, a limit) is for jobs/inputs.h to say, and what a spec means for juggler/executor.h. */
#ifndef CLI_OPTIONS_H
#define CLI_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/problem.h"
#include "juggler/job.h"

enum command {
    COMMAND_DASHBOARD,
    COMMAND_RUN,
    COMMAND_COMPARE,
    COMMAND_HISTORY,
    COMMAND_REPLAY,
    COMMAND_SERVE,
    COMMAND_DOCTOR,
    COMMAND_COUNT
};
enum output_format { FORMAT_TABLE, FORMAT_JSON, FORMAT_CSV };
enum progress_style { PROGRESS_AUTO, PROGRESS_BARS, PROGRESS_LINES, PROGRESS_NONE };
enum origin_choice { ORIGIN_BUILTIN, ORIGIN_LIVE };

/* One work's own options. All strings point into argv or the settings. */
struct work_options {
    bool named;          /* its name stood on the command line */
    const char **inputs; /* arguments in order; owned by the options. None: the sample list */
    size_t inputs_count;
    const char *with;          /* executor spec, for compare a list with commas; NULL: none was given */
    const char *output;        /* folder for files; NULL: none was named */
    enum origin_choice origin; /* settled: as asked, else builtin for the sample list and live for other inputs */
    bool sync;                 /* files are to survive a loss of power */
    struct download_options download;
    struct primes_options primes; /* product settled: as asked, else fold with trial and tree with sieve */
    enum counter_lock lock;       /* counter */
    uint64_t adds;                /* counter: how many times each job adds one, 1 ... 1e12; 0: as the dashboard likes */
};

struct options {
    enum command command;
    enum work run_work; /* run, compare: which work it is */
    bool help;          /* print help_text(command) and leave with 0 */
    bool version;       /* print the version and leave with 0 */
    struct work_options work[WORK_COUNT];
    enum output_format format; /* set also when parsing failed: with --json even a refusal is one JSON document on stdout */
    enum progress_style progress;
    unsigned sample_times; /* the sample limits are multiplied by it: 1, or what the dashboard does where it has no screen */
    unsigned latency_ms;   /* of the built-in origin: 0 ... 60,000 */
    uint64_t rate_bytes_per_s;   /* 0: as fast as it goes */
    unsigned lease_s;            /* of a worker without a sign of life, 2 ... 86,400; 0: it has no end */
    unsigned switch_interval_ms; /* of the interpreter lock, 1 ... 10,000; 0: as it is by itself */
    const char *trace, *report;  /* files to write, NULL: none */
    unsigned repeat;             /* compare: rounds after the warm-up, 1 ... 100 */
    const char *sweep;           /* compare: "1,2,4,8": widths of one executor; NULL: none */
    uint64_t seed;               /* compare: of the order; 0: one is chosen */
    bool no_history;             /* this run is not to be noted in the history */
    const char *record;          /* file to keep the run in, NULL: none */
    unsigned run_number;         /* replay: which run of the record to report, from 1; 0: the last */
    const char **arguments;      /* history: which entries; replay: the file; owned by the options */
    size_t arguments_count;
    uint16_t port;        /* serve; 0: any */
    unsigned files;       /* serve: synthetic files, 0 ... 1,000,000 */
    const char *theme;    /* "auto", "dark", "light", "blue-orange", "mono" */
    unsigned fps;         /* 1 ... 120; 0: as the dashboard likes */
    bool ascii, no_color; /* as asked for; LANG and NO_COLOR are looked at elsewhere */
    bool flat;            /* whole lines of words, for screen readers */
    bool no_config;       /* the settings are left alone */
    struct problem notes; /* what is in the settings and was not understood, a sentence a line; "": nothing */
};

struct settings;

/* Reads the command line, and takes from the settings (NULL: there are none) what it leaves open and what is for its command; they have to
 * outlive *out. 0; or -1 with the sentence for stderr, and the caller exits 2. *out is filled in either case as far as it
 * was understood, and must be given to options_free. Called by main, once (getopt keeps state). */
int options_parse(int argc, char **argv, const struct settings *settings, struct options *out, struct problem *problem);
void options_free(struct options *options);

/* Values, for options and tests. 0, or -1 with *out untouched. */
int options_size(const char *text, uint64_t *out); /* "1000", "64K", "2M", "1G", "64KiB": K, M, G are 1024s */
int options_whole(const char *text, uint64_t low, uint64_t high, uint64_t *out);

#endif
