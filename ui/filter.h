/* filter.h - which workers a person wants to see, by a text that was typed: part of their state's word, of their name, or of the name or URL
 * of what they work on. Pure.
 *
 * Upper and lower case are the same. "state:" or "text:" before it looks in the one or the other only. What the words of the
 * states have of it is found out when it is set, so that asking for one worker is a look into a table. */
#ifndef UI_FILTER_H
#define UI_FILTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "juggler/board.h"
#include "juggler/phase.h"

enum { FILTER_BYTES = 64 };

struct model_lane;

struct filter {
    char text[FILTER_BYTES]; /* as typed, UTF-8; "": everybody */
    uint32_t wanted[FILTER_BYTES];
    size_t wanted_count; /* code points in lower case, behind "state:" or "text:"; 0: everybody */
    bool by_text;        /* names and URLs are looked at */
    bool ready, phases[PHASE_COUNT], exits[WORKER_EXIT_KILLED + 1];
};

/* Takes a new text, cut at a whole character. */
void filter_set(struct filter *filter, const char *text);
/* One character more, as typed; one less. False: it does not fit, or there is none. */
bool filter_append(struct filter *filter, uint32_t code);
bool filter_erase(struct filter *filter);

/* A worker by its state; by its name and what it works on. An empty filter takes everybody. */
bool filter_takes_state(const struct filter *filter, const struct model_lane *lane, size_t slot);
bool filter_takes_text(const struct filter *filter, const struct model_lane *lane, size_t slot);

#endif
