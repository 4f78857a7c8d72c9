/* sentence.h - what is going on in a lane and why, in one plain sentence with its figures. Pure.
 *
 * A table of rules (sentence.c), each with a name, the states and kinds of work in which it can speak, a condition and its words; the first
 * that holds speaks. How long it has to hold before it is shown is app_sentence.c's. */
#ifndef UI_SENTENCE_H
#define UI_SENTENCE_H

#include <stdbool.h>
#include <stddef.h>

struct model_lane;

/* Writes the sentence of the first rule that holds, "" when none does. Returns the rule's number, -1 for none: its figures may change
 * while it holds. The lane was started. */
int sentence_of(const struct model_lane *lane, unsigned usable_cores, char *out, size_t room);
/* Whether this rule holds now, be it the first or not; then its sentence. */
bool sentence_holds(const struct model_lane *lane, unsigned usable_cores, int rule, char *out, size_t room);
/* "waiting", "gil-held": for tests. NULL: there is no rule of that number, and so the table ends. */
const char *sentence_rule_name(int rule);

#endif
