/* settings.h - the person's settings: config.ini, read and never written.
 *
 * Here it is found and read into words; what a word means is for the options to say (options_settings.h), because a key is the long name
 * of an option. inih reads the lines; a reader of our own hands them out, so that no line is cut or joined unseen, and every word
 * knows its line. */
#ifndef CLI_SETTINGS_H
#define CLI_SETTINGS_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/problem.h"

enum { SETTINGS_BYTES_MAX = 65536, SETTINGS_MAX = 256, SETTINGS_WORD_BYTES = 64, SETTINGS_VALUE_BYTES = 256 };

/* A line of the file. */
struct setting {
    unsigned line;
    char section[SETTINGS_WORD_BYTES]; /* "": it stands before the first section */
    char key[SETTINGS_WORD_BYTES];     /* "": the head of the section itself */
    char value[SETTINGS_VALUE_BYTES];
};

enum settings_state { SETTINGS_NONE, SETTINGS_READ, SETTINGS_UNREADABLE };

struct settings {
    enum settings_state state;
    char path[PATH_MAX];  /* where the file is or would be; "": neither XDG_CONFIG_HOME nor HOME names a folder */
    struct setting *list; /* in the file's order; owned */
    size_t count;
    struct problem problem; /* unreadable: why; read: what is wrong with the first line not understood; "": nothing */
};

/* Finds and reads $XDG_CONFIG_HOME/juggler/config.ini, else ~/.config/juggler/config.ini. Never fails: what went wrong is in *out, whose
 * problem is fit for a sentence on stderr. A file that is not there is none. To be given to settings_free. */
void settings_read(struct settings *out);
void settings_free(struct settings *settings);
/* The same from text in memory, length bytes of it, for tests; path is only named in problems. */
void settings_read_text(struct settings *out, const char *path, const char *text, size_t length);

#endif
