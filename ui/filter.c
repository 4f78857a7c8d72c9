/* filter.c - which workers a person wants to see. See filter.h. */
#include "ui/filter.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <wctype.h>

#include "base/text.h"
#include "ui/lane_private.h"

static uint32_t lower(uint32_t code)
{
    if (code < 0x80)
        return code >= 'A' && code <= 'Z' ? code + ('a' - 'A') : code;
    return code <= 0x10ffff ? (uint32_t)towlower((wint_t)code)
                            : code; /* an invalid byte is like no letter but another one */
}

/* Whether the text begins with what is wanted. */
static bool begins(const struct filter *filter, const char *text)
{
    for (size_t i = 0; i < filter->wanted_count; i++)
        if (lower(text_next(&text)) != filter->wanted[i])
            return false;
    return true;
}

static bool has(const struct filter *filter, const char *text)
{
    do
        if (begins(filter, text))
            return true;
    while (text_next(&text) != 0);
    return false;
}

/* --- the text ------------------------------------------------------------------------------------- */

/* "state:" or "text:", whichever it is, is taken away. */
static bool take_prefix(const char **text, const char *prefix)
{
    size_t length = strlen(prefix);
    if (strncasecmp(*text, prefix, length) != 0)
        return false;
    *text += length;
    return true;
}

static void look_at_words(struct filter *filter, bool by_state)
{
    filter->ready = by_state && has(filter, LANE_READY_WORDS);
    for (int phase = 0; phase < PHASE_COUNT; phase++)
        filter->phases[phase] =
            by_state && (has(filter, phase_word((enum phase)phase)) || has(filter, phase_word_short((enum phase)phase)));
    for (int how = 0; how <= WORKER_EXIT_KILLED; how++)
        filter->exits[how] = by_state && has(filter, worker_exit_word((enum worker_exit)how));
}

static void understand(struct filter *filter)
{
    const char *text = filter->text;
    bool by_state_alone = take_prefix(&text, "state:");
    bool by_text_alone = !by_state_alone && take_prefix(&text, "text:");
    filter->by_text = !by_state_alone;
    filter->wanted_count = 0;
    for (uint32_t code; (code = text_next(&text)) != 0;)
        filter->wanted[filter->wanted_count++] = lower(code);
    look_at_words(filter, !by_text_alone);
}

void filter_set(struct filter *filter, const char *text)
{
    size_t bytes = 0;
    for (const char *end = text; text_next(&end) != 0 && (size_t)(end - text) < FILTER_BYTES;)
        bytes = (size_t)(end - text);
    memmove(filter->text, text, bytes);
    filter->text[bytes] = 0;
    understand(filter);
}

bool filter_append(struct filter *filter, uint32_t code)
{
    char bytes[4];
    size_t length = strlen(filter->text), more = text_put(bytes, code);
    if (length + more >= FILTER_BYTES)
        return false;
    memcpy(filter->text + length, bytes, more);
    filter->text[length + more] = 0;
    understand(filter);
    return true;
}

bool filter_erase(struct filter *filter)
{
    size_t last = strlen(filter->text);
    if (!last)
        return false;
    do
        last--;
    while (last > 0 && ((unsigned char)filter->text[last] & 0xc0) == 0x80);
    filter->text[last] = 0;
    understand(filter);
    return true;
}

/* --- workers -------------------------------------------------------------------------------------- */

bool filter_takes_state(const struct filter *filter, const struct model_lane *lane, size_t slot)
{
    const struct worker_snapshot *worker = &lane->snap.workers[slot];
    enum phase phase = lane_phase(worker);
    if (!filter->wanted_count)
        return true;
    if (lane_is_ready(lane, slot))
        return filter->ready;
    bool gone = phase == PHASE_LEFT || phase == PHASE_DEAD;
    return filter->phases[phase] || (gone && filter->exits[worker->data.exit]);
}

bool filter_takes_text(const struct filter *filter, const struct model_lane *lane, size_t slot)
{
    const struct slot_data *data = &lane->snap.workers[slot].data;
    const struct job_set *set = lane->snap.set;
    char number[32];
    if (!filter->wanted_count || !filter->by_text)
        return !filter->wanted_count;
    snprintf(number, sizeof number, "%c%zu", lane_letter(data->kind), slot + 1);
    if (has(filter, number))
        return true;
    if (!set || !data->job || data->job > set->count)
        return false;
    const struct job_input *input = &set->inputs[data->job - 1];
    snprintf(number, sizeof number, "%" PRIu64, input->limit);
    return (input->name && has(filter, input->name)) || (input->text && has(filter, input->text)) ||
           (lane->snap.work == WORK_PRIMES && has(filter, number));
}
