/* guard.h - a tiny process that puts things in order when the program is ended outright (SIGKILL, a crash).
 *
 * Forked first, before there is anything to put in order. It holds the read end of a pipe whose write end only the program has; when the program
 * is gone without having said that all is well, the guard restores the terminal, removes temporary files and folders, and ends. It outlives the
 * program by milliseconds. One that was killed itself is followed by another. */
#ifndef CLI_GUARD_H
#define CLI_GUARD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "cli/workload.h"
#include "ui/terminal.h"

enum { GUARD_FOLDERS_MAX = 8 };

struct guard_folder {
    char path[WORKLOAD_PATH_BYTES];
    char prefix[WORKLOAD_PREFIX_BYTES]; /* files that begin so are unfinished */
    bool whole;                         /* the folder is temporary: all of it goes */
};

/* What is to be put in order. Filled in before guard_start; the guard has a copy of its own. */
struct guard_duty {
    struct terminal_rescue rescue; /* rescue.known false: no terminal is held */
    struct guard_folder folders[GUARD_FOLDERS_MAX];
    size_t folders_count;
};

struct guard {
    struct guard_duty duty;
    pid_t pid;          /* 0: none */
    int alive_fd;       /* write end of the pipe */
    uint64_t posted_ns; /* when the last one was, or could not be */
};

/* Notes a workload's folder, if it has one. It need not be there yet. */
void guard_add(struct guard_duty *duty, const struct workload *workload);
/* Forks the guard. Without one (fork failed) the program works all the same. App, before any other fork:
 * those that follow close the pipe's end themselves (child_begin), as they do beside a guard that was started later. */
void guard_start(struct guard *guard, const struct guard_duty *duty);
/* Starts another one where the one before has been killed. To be called now and then, by the app. */
void guard_look(struct guard *guard);
/* The same, for struct app_options. */
void guard_chore(void *guard);
/* All is well: the guard ends without doing anything, and is reaped. */
void guard_stop(struct guard *guard);

#endif
