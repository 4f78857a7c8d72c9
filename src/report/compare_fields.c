/* compare_fields.c - what every form of report reads off a comparison. See compare_fields.h. */
#include "report/compare_fields.h"

#include <string.h>

bool compare_field_counts(const struct compare_run *run)
{
    return run->ended && run->round > 0 && run->state == RUN_DONE;
}

size_t compare_field_counted(const struct compare_line *line)
{
    size_t counted = 0;
    for (size_t i = 0; i < line->count; i++)
        counted += compare_field_counts(&line->runs[i]);
    return counted;
}

double compare_field_longest_s(const struct compare_view *view)
{
    double longest_s = 0;
    for (size_t i = 0; i < view->count; i++)
        if (view->lines[i].max_s > longest_s)
            longest_s = view->lines[i].max_s;
    return longest_s;
}

bool compare_field_alike(const struct compare_view *view, size_t line)
{
    return line > 0 && view->lines[line].told && !view->lines[line].different;
}

/* Whether ratios are over the first line: it is `sequential`, or in a sweep the one with one worker. */
static bool is_over_first(const struct compare_view *view)
{
    const struct compare_line *first = &view->lines[0];
    return (first->executor.how == HOW_SEQUENTIAL && !first->executor.gil) || (view->sweep && first->workers == 1);
}

/* The spread was held against the first line's: where the ratio is over another one, that says nothing of it. */
bool compare_field_ratio_told(const struct compare_view *view, size_t line)
{
    return view->lines[line].speedup >= 0 && !(is_over_first(view) && compare_field_alike(view, line));
}

bool compare_field_memory(const struct compare_line *line, unsigned long long *bytes)
{
    *bytes = line->memory.together_bytes;
    return *bytes != 0;
}

/* Whether two sentences say the same, of whatever numbers. */
static bool is_same_but_numbers(const char *left, const char *right)
{
    static const char DIGITS[] = "0123456789.";
    for (;;) {
        size_t in_left = strspn(left, DIGITS);
        size_t in_right = strspn(right, DIGITS);
        left += in_left;
        right += in_right;
        if (*left != *right || !in_left != !in_right)
            return false;
        if (!*left)
            return true;
        left++;
        right++;
    }
}

bool compare_field_why_is_new(const struct compare_view *view, size_t line)
{
    const char *why = view->lines[line].best_why;
    if (!*why)
        return false;
    for (size_t i = 0; i < line; i++)
        if (is_same_but_numbers(view->lines[i].best_why, why))
            return false;
    return true;
}

bool compare_field_make_s(const struct compare_view *view, enum backend_kind backend, double *least_s, double *most_s)
{
    bool known = false;
    for (size_t i = 0; i < view->count; i++) {
        const struct compare_line *line = &view->lines[i];
        if (line->make_s <= 0 || executor_strategy(line->executor.how)->backend != backend)
            continue;
        *least_s = !known || line->make_s < *least_s ? line->make_s : *least_s;
        *most_s = !known || line->make_s > *most_s ? line->make_s : *most_s;
        known = true;
    }
    return known;
}
