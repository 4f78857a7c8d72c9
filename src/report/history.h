/* history.h - the runs that came to an end, noted so that they can be compared next week.
 *
 * A file of JSON lines, $XDG_STATE_HOME/juggler/history.jsonl (~/.local/state where that is not set): appended, never rewritten. A line
 * is one write to a descriptor that appends, so that two programs that end at once both get theirs whole. Where the file ends in the
 * middle of a line, because something died there, the next line begins with a newline. A line that cannot be read is skipped, and told
 * of by its number; the others keep theirs.
 *
 * Called by the app, and by commands. */
#ifndef REPORT_HISTORY_H
#define REPORT_HISTORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "juggler/executor.h"

struct compare_view;
struct job_set;
struct problem;
struct snapshot;

enum {
    HISTORY_VERSION = 1,
    HISTORY_LINE_BYTES_MAX = 16384,
    HISTORY_WORD_BYTES = 24,
    HISTORY_LIST_BYTES = 128,
    HISTORY_OPTIONS_BYTES = 64
};

/* One run, or one executor's line of a comparison. Seconds and ratios < 0: not known. Strings are fit to show. */
struct history_record {
    size_t number;                    /* its line in the file, from 1; append gives it no meaning */
    int64_t when_s;                   /* when it ended: seconds since 1970, UTC */
    char program[HISTORY_WORD_BYTES]; /* version of juggler: "1.0.0" */
    char command[HISTORY_WORD_BYTES]; /* "run", "compare", "dashboard" */
    char work[HISTORY_WORD_BYTES];    /* "download", "primes", "counter" */
    char list[HISTORY_LIST_BYTES];    /* what it worked on, by name */
    char work_id[HISTORY_WORD_BYTES]; /* the same for the same inputs in the same order; "": not known */
    char options
        [HISTORY_OPTIONS_BYTES]; /* how each job is done: "kernel trial, product fold", "lock mutex"; "": there is no choice */
    char executor[EXECUTOR_TEXT_BYTES]; /* "thread-pool:10+gil" */
    char state[HISTORY_WORD_BYTES];     /* run_state_word: "done", "stopped", "broken" */
    bool interrupted;                   /* by a signal */
    uint64_t jobs, done, failed; /* failed: poisoned too. A comparison: of the run in the middle, failed in all of them */
    double wall_s, cpu_s, best_possible_s; /* a comparison: of all its runs the median */
    uint64_t memory_bytes;                 /* together, at its most; 0: not known */
    unsigned usable_cores;                 /* 0: not known */
    double speedup;                        /* over `sequential` in the same comparison */
    unsigned rounds;                       /* of a comparison; 0: it is none, and what follows means nothing */
    double min_s, max_s;
    uint64_t seed;
};

/* A line that was skipped. */
struct history_damage {
    size_t number;
    char why[96];
};

/* Everything in the file. Zero-initialise; history_free in any case. */
struct history {
    struct history_record *records; /* in the order of the file */
    size_t count;
    struct history_damage *damaged;
    size_t damaged_count;
    size_t records_room, damaged_room;
};

/* Where the history is. NULL: neither XDG_STATE_HOME nor HOME is an absolute path, or it is too long. */
const char *history_path(char *out, size_t room);
/* Whether a line could be appended: 0; or -1 with the reason. Makes nothing. */
int history_check(struct problem *problem);

/* Appends one line; folder (0700) and file (0600) are made when they are missing. 0, or -1 with the reason. */
int history_append(const struct history_record *record, struct problem *problem);
/* Reads all. 0, also when there is no file; or -1 with the reason. */
int history_read(struct history *out, struct problem *problem);
void history_free(struct history *history);

/* The name of a list, and how the built-in server answered: runs under different latencies are not to be compared. Returns out. */
char *history_list_name(char out[HISTORY_LIST_BYTES], const char *name, unsigned latency_ms, uint64_t rate_bytes_per_s);
/* Notes a run that is over; one that never started is not noted. command: "run" or "dashboard". 0, or -1 with the reason. */
int history_note_run(const struct snapshot *snapshot, const char *command, const char *list_name, bool interrupted,
                     struct problem *problem);
/* Notes a comparison: a record for every line with at least one run that counts. set: what was worked on. 0, or -1. */
int history_note_compare(const struct compare_view *view, const struct job_set *set, bool interrupted,
                         struct problem *problem);

/* The record as one line of JSON with its newline; freed by the caller. NULL: no memory. */
char *history_line(const struct history_record *record);
/* The other way. 0; or -1 and what is wrong with the line in why. */
int history_parse(const char *line, size_t length, struct history_record *out, char *why, size_t room);

#endif
