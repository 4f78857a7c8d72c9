/* history_compare.c - two runs of the history side by side: whether their times may be compared, and what is not the same. */
#include <stdarg.h>
#include <string.h>

#include "report/history_show.h"

static void add(char words[][HISTORY_WORDS_BYTES], size_t *count, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static void add(char words[][HISTORY_WORDS_BYTES], size_t *count, const char *format, ...)
{
    va_list arguments;
    if (*count == HISTORY_WORDS_MAX)
        return;
    va_start(arguments, format);
    vsnprintf(words[(*count)++], HISTORY_WORDS_BYTES, format, arguments);
    va_end(arguments);
}

static void find_unfit_one(const struct history_record *record, struct history_comparison *out)
{
    if (record->interrupted)
        add(out->reasons, &out->unfit, "%zu was interrupted", record->number);
    else if (strcmp(record->state, "done") != 0)
        add(out->reasons, &out->unfit, "%zu did not come to its end (%s)", record->number, record->state);
    if (record->failed)
        add(out->reasons, &out->unfit, "in %zu jobs failed", record->number);
    if (record->wall_s < 0)
        add(out->reasons, &out->unfit, "the time of %zu is not known", record->number);
}

static void find_unfit(const struct history_record *first, const struct history_record *second,
                       struct history_comparison *out)
{
    if (strcmp(first->work, second->work) != 0)
        add(out->reasons, &out->unfit, "the work is not the same: %s, %s", first->work, second->work);
    else if (strcmp(first->list, second->list) != 0)
        add(out->reasons, &out->unfit, "the lists are not the same: %s; %s", first->list, second->list);
    else if (first->jobs != second->jobs ||
             (first->work_id[0] && second->work_id[0] && strcmp(first->work_id, second->work_id) != 0))
        add(out->reasons, &out->unfit, "what is in the lists is not the same");
    find_unfit_one(first, out);
    if (second != first)
        find_unfit_one(second, out);
}

static void find_differences(const struct history_record *first, const struct history_record *second,
                             struct history_comparison *out)
{
    const struct {
        const char *what, *first, *second;
    } texts[] = {{"work", first->work, second->work},
                 {"list", first->list, second->list},
                 {"executor", first->executor, second->executor},
                 {"options", first->options[0] ? first->options : "none", second->options[0] ? second->options : "none"},
                 {"command", first->command, second->command},
                 {"program", first->program, second->program}};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        if (strcmp(texts[i].first, texts[i].second) != 0)
            add(out->differences, &out->differs, "%s: %s, %s", texts[i].what, texts[i].first, texts[i].second);
    if (first->jobs != second->jobs)
        add(out->differences, &out->differs, "jobs: %zu, %zu", (size_t)first->jobs, (size_t)second->jobs);
    if (first->usable_cores && second->usable_cores && first->usable_cores != second->usable_cores)
        add(out->differences, &out->differs, "usable cores: %u, %u", first->usable_cores, second->usable_cores);
}

static bool has_spread(const struct history_record *record)
{
    return record->rounds > 1 && record->min_s >= 0 && record->max_s >= record->min_s;
}

void history_compare(const struct history_record *first, const struct history_record *second, struct history_comparison *out)
{
    *out = (struct history_comparison){.ratio = -1};
    find_unfit(first, second, out);
    find_differences(first, second, out);
    if (out->unfit || first->wall_s <= 0)
        return;
    out->ratio = second->wall_s / first->wall_s;
    out->spreads = has_spread(first) && has_spread(second);
    out->overlap = out->spreads && first->min_s <= second->max_s && second->min_s <= first->max_s;
}

char *history_note_of(const struct history_record *record, char out[HISTORY_NOTE_BYTES])
{
    const char *end = record->interrupted ? "interrupted" : strcmp(record->state, "done") != 0 ? record->state : "";
    size_t used = (size_t)snprintf(out, HISTORY_NOTE_BYTES, "%s", end);
    if (record->failed)
        used += (size_t)snprintf(out + used, HISTORY_NOTE_BYTES - used, "%s%zu failed", used ? ", " : "",
                                 (size_t)record->failed);
    if (record->rounds)
        snprintf(out + used, HISTORY_NOTE_BYTES - used, "%smedian of %u", used ? ", " : "", record->rounds);
    return out;
}
