/* gil.h - one lock that all threads of a run share, as CPython's interpreter has it. Private to the engine.
 *
 * A thread holds it to compute and lets it go around everything that blocks. The rules are those of CPython since 3.2 (Antoine Pitrou's
 * "new GIL", described at the top of CPython's Python/ceval_gil.c): a thread that wants it waits for one switch interval; if it was not handed over meanwhile, it
 * asks. The holder looks at the request at its next checkpoint, lets go, and waits until another thread has taken it, so that the one who
 * asked is not overtaken by the one who gave. Nobody can die holding it: threads share fate. */
#ifndef ENGINE_GIL_H
#define ENGINE_GIL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct board;
struct gil;

/* NULL with errno on failure. Its words go to the board. Runner of threads. */
struct gil *gil_new(struct board *board, uint64_t interval_ns);
/* Takes it if it is free this moment. Worker in this slot. */
bool gil_try_take(struct gil *gil, size_t slot);
/* Waits until it has it. */
void gil_take(struct gil *gil, size_t slot);
/* Lets it go; where somebody had asked, returns only when another one has it. */
void gil_let_go(struct gil *gil, size_t slot);
/* Somebody has waited for longer than the interval. Cheap: for every checkpoint. */
bool gil_is_asked_for(const struct gil *gil);

#endif
