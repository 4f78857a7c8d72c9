/* signals.h - signals read from a descriptor instead of handled: no code runs at odd moments. */
#ifndef BASE_SIGNALS_H
#define BASE_SIGNALS_H

#include <stddef.h>

/* Blocks these signals (count of them) and opens a descriptor that says when one came; SIGPIPE is ignored from now on. A hang-up or a
 * Ctrl-Z that was inherited as ignored stays so (nohup); the others come in any case, so that kill -INT ends a script's background job,
 * too. -1 with errno. App only, before its first fork; the descriptor is the caller's to close. */
int signals_open(const int *numbers, size_t count);
/* The next one that came, or 0. Never blocks. App only. */
int signals_next(int fd);
/* They end the process again, as they do by themselves, for a stretch that could wait for somebody (a pipe that nobody reads); those that have
 * come until now are forgotten. App only, before the descriptor is closed. */
void signals_release(int fd);
/* Stops this process as Ctrl-Z does by itself, and returns when somebody has continued it; at once where nobody could, because no shell
 * looks after its process group. For whoever hears SIGTSTP from the descriptor. App only. */
void signals_stop_self(void);

#endif
