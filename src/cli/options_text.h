/* options_text.h - values and words of the command line, read. Private to src/cli/options*.c. */
#ifndef CLI_OPTIONS_TEXT_H
#define CLI_OPTIONS_TEXT_H

#include <stddef.h>

/* The one of `names` (count of them) that `word` was most likely meant to be; NULL: none is near. */
const char *word_nearest(const char *word, const char *const *names, size_t count);
/* Where `word` is in `names`; -1: it is not. */
int word_index(const char *word, const char *const *names, size_t count);

#endif
