/* lease.h - the runner's watch over workers that were stopped, or hang. Private to the engine; called by the runner alone.
 *
 * A worker has a lease for as long as it gives signs of life; see lease.c for what counts as one, and what does not. */
#ifndef ENGINE_LEASE_H
#define ENGINE_LEASE_H

#include "engine/runner.h"

/* A worker is about to sit down in this seat. */
void lease_begin(struct runner *runner, struct seat *seat);
/* It has gone. */
void lease_end(struct runner *runner, struct seat *seat);
/* Looks at every worker, if it is time to. Says on the board who is silent, and kills those whose lease has run out; they are found by reap. */
void lease_look(struct runner *runner);
/* How long the runner may sleep that wanted to sleep so long. */
int lease_timeout_ms(const struct runner *runner, int timeout_ms);

#endif
