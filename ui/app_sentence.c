/* app_sentence.c - which sentence is shown: one that has been true for a second, so that it does not flicker, and no longer than it is
 * true, so that it is not wrong. While another one is on trial, the old one stays as long as it still holds. Its figures change five
 * times a second at most. */
#include "base/clock.h"
#include "ui/app_private.h"
#include "ui/sentence.h"

#include <string.h>

#define SENTENCE_HOLDS_NS NS_PER_S

void app_sentence_reset(struct app_sentence *sentence)
{
    *sentence = (struct app_sentence){.rule = -1, .shown = -1};
}

static void show(struct app_sentence *sentence, struct model_lane *lane, int rule, const char *says, bool figures_due)
{
    if (sentence->shown == rule && !figures_due)
        return;
    sentence->shown = rule;
    strcpy(lane->sentence, says);
}

void app_sentence_update(struct app_sentence *sentence, struct model_lane *lane, unsigned cores, uint64_t now_ns,
                         bool figures_due, bool at_once)
{
    char says[sizeof lane->sentence];
    bool over = run_state_is_over(lane->snap.state);
    if (over && sentence->over && !at_once)
        return; /* nothing of it changes any more */
    sentence->over = over;
    int rule = sentence_of(lane, cores, says, sizeof says);
    if (rule != sentence->rule) {
        sentence->rule = rule;
        sentence->since_ns = now_ns;
    }
    if (over || at_once || now_ns - sentence->since_ns >= SENTENCE_HOLDS_NS)
        show(sentence, lane, rule, says, figures_due);
    else if (sentence_holds(lane, cores, sentence->shown, says, sizeof says))
        show(sentence, lane, sentence->shown, says, figures_due);
    else
        show(sentence, lane, -1, "", true);
}
