/* verdict.h - who won, in a sentence. Pure. */
#ifndef COMPARE_VERDICT_H
#define COMPARE_VERDICT_H

#include "juggler/compare.h"

/* Of lines that have been related and, when all is over, searched for a winner (SIZE_MAX: none). */
void verdict_write(char out[COMPARE_TEXT_BYTES], const struct compare_line *lines, size_t count, size_t winner, bool stopped,
                   size_t runs_done, size_t runs_all);

#endif
