/* help.h - the texts of --help and --version. */
#ifndef CLI_HELP_H
#define CLI_HELP_H

#include <stdio.h>

#include "cli/options.h"

/* The help of a command; it starts with examples. Valid for ever. */
const char *help_text(enum command command);
/* "juggler 1.0.0 (libcurl 7.88.1, ...)" and a newline, to out. */
void help_print_version(FILE *out);

#endif
