/* options_settings.h - what stands in the settings, as options. Private to src/cli/options*.c, but for options_check_settings. */
#ifndef CLI_OPTIONS_SETTINGS_H
#define CLI_OPTIONS_SETTINGS_H

#include "cli/options_table.h"
#include "cli/settings.h"

enum { OPTION_UNDONE_BYTES = 32 };

/* The name under which an option without a value is undone: "no-ascii", "color". False: it has none, out is untouched. */
bool option_undone(const struct option_row *row, char out[OPTION_UNDONE_BYTES]);

/* Takes from parser->settings what the command line left open and what is for the command of this scope. What is not known is noted
 * in parser->out->notes; a value that is not possible there, or a line that is no setting, is refused: -1 with the reason. */
int settings_apply(struct parser *parser, unsigned scope);

/* The same for all commands at once, for whoever asks what is wrong with a file: the sentences, a line each; "": nothing. */
void options_check_settings(const struct settings *settings, struct problem *wrong);

#endif
