/* leader.h - the process between the test and the program: it plays the shell in the terminal. */
#ifndef TUI_LEADER_H
#define TUI_LEADER_H

#include <sys/types.h>

struct leader_start {
    int terminal;           /* slave side of the pseudo-terminal */
    int report;             /* write end of a pipe: struct leader_report, twice */
    int hold;               /* read end of a pipe: the leader stays until the test closes the other end */
    const char *program;    /* path */
    char *const *arguments; /* with argv[0] */
    char *const *environment;
};

/* The first: the program's pid, when it has been started. The second: its wait status. */
struct leader_report {
    pid_t pid;
    int status;
};

/* Runs in a child of the test; never returns. */
_Noreturn void leader_main(const struct leader_start *start);

#endif
