/* recover.h - what becomes of a job whose worker died. Private to the engine. Called by whoever reaped the worker. */
#ifndef ENGINE_RECOVER_H
#define ENGINE_RECOVER_H

#include <stddef.h>

#include "engine/seat.h"
#include "juggler/board.h"

/* Back to the queue with one more death, or poisoned at DEATHS_MAX with a note that says what the last of its workers died of. */
enum job_state job_recover(struct board *board, size_t job, struct death death);

#endif
