/* signals.h - signals read from a descriptor instead of handled: no code runs at odd moments. */
#ifndef BASE_SIGNALS_H
#define BASE_SIGNALS_H

#include <stddef.h>

/* Blocks these signals (count of them) and opens a descriptor that says when one came; SIGPIPE is ignored from now on. A hang-up
 * that was inherited as ignored stays so (nohup); the others come in any case, so that kill -INT ends a script's background job, too. -1 with errno. App only, before its first
 * fork; the descriptor is the caller's to close. */
int signals_open(const int *numbers, size_t count);
/* The next one that came, or 0. Never blocks. App only. */
int signals_next(int fd);

#endif
