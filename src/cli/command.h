/* command.h - the commands: each takes the options and returns the exit code. A file each. */
#ifndef CLI_COMMAND_H
#define CLI_COMMAND_H

#include <stdbool.h>

#include "cli/options.h"

enum exit_code {
    EXIT_ALL_DONE = 0,
    EXIT_SOME_FAILED = 1,
    EXIT_BAD_INPUT = 2, /* bad usage or bad input; nothing was started */
    EXIT_NOT_CARRIED_OUT = 3,
    EXIT_SIGNAL = 128 /* plus the signal's number */
};

enum { COMMAND_FPS = 20 }; /* of the dashboard, where none was asked for */

struct recorder;
struct report_input;
struct theme;

int command_run(const struct options *options);
/* The same, kept by a recorder that is the caller's; NULL: by nobody. What --record says is not looked at. */
int command_run_kept(const struct options *options, struct recorder *recorder);
int command_dashboard(const struct options *options);
int command_compare(const struct options *options);
int command_history(const struct options *options);
int command_replay(const struct options *options);
int command_serve(const struct options *options);

/* Blocks the signals that end a command and opens the descriptor that says when one came (base/signals.h): SIGINT, SIGTERM, SIGHUP,
 * SIGQUIT; with `stop` set also Ctrl-Z, for whoever has work that is to hold still meanwhile. */
int command_signals_open(bool stop);
/* Whether what is said has to be ASCII: because it was asked for, or because the locale has no UTF-8. */
bool command_ascii(const struct options *options);
/* How wide a table on stdout may be: as the terminal is, or 100 where it is none. */
int command_columns(void);
/* "auto" is dark, unless the terminal says that its background is light. */
const struct theme *command_theme(const struct options *options);
/* Prints a run on stdout in the form that was asked for. 0 or an errno. */
int command_print_report(const struct options *options, const struct report_input *input);
/* A sentence on stderr, made fit to show. */
void command_tell(const struct options *options, const char *sentence);
/* Sees to it that what was printed on stdout is out. code; or, when it could not be written, EXIT_NOT_CARRIED_OUT, and the reason on stderr. */
int command_end_output(int code);
/* Tells what of the settings was passed over, a line each on stderr. */
void command_warn(const struct options *options);
/* Tells the person what is wrong, fit to show, on stderr. With --json stdout gets its one document, too. Returns code. */
int command_refuse(const struct options *options, int code, const char *sentence);

#endif
