/* argv.h - the command line as other users see it (ps, /proc/PID/cmdline). */
#ifndef CLI_ARGV_H
#define CLI_ARGV_H

/* Replaces user and password of the URLs, and what their queries call a secret (base/secret.h), with "x" in the process's own argument
 * memory, which every child then shows too; argv[] gets copies that are as they were written, and live as long as the program. Where there
 * is no memory for a copy, the argument stays. To be called first in main, by the app alone, before anything keeps a pointer into it. */
void argv_hide_passwords(int argc, char **argv);

#endif
