/* verdict.c - who won, in a sentence. See verdict.h. */
#include "compare/verdict.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/text.h"
#include "compare/lines.h"

enum { NAMED_MOST = 6, ROUNDS_FEW = 3 };

static void __attribute__((format(printf, 2, 3))) append(char *out, const char *format, ...)
{
    size_t used = strlen(out);
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(out + used, COMPARE_TEXT_BYTES - used, format, arguments);
    va_end(arguments);
}

static char *seconds(char *out, size_t room, double value)
{
    return text_duration(out, room, (uint64_t)(value * (double)NS_PER_S + 0.5));
}

static size_t fastest(const struct compare_line *lines, size_t count)
{
    size_t best = SIZE_MAX;
    for (size_t i = 0; i < count; i++)
        if (line_is_comparable(&lines[i]) && (best == SIZE_MAX || lines[i].median_s < lines[best].median_s))
            best = i;
    return best;
}

/* All but at most one take long enough to be compared, or not. */
static bool too_short(const struct compare_line *lines, size_t count)
{
    size_t shorter = 0;
    for (size_t i = 0; i < count; i++)
        shorter += line_is_comparable(&lines[i]) && lines[i].median_s < LINE_TOO_SHORT_S;
    return shorter > 1;
}

/* "sequential", or in a sweep without it what stands for it. */
static const char *reference_name(const struct compare_line *lines, size_t count)
{
    return lines_reference(lines, count, false) == SIZE_MAX ? "one worker" : "sequential";
}

static void say_few(char *out, const struct compare_line *line)
{
    if (line->count < ROUNDS_FEW)
        append(out, "; so few rounds tell little");
}

/* Whether a line cannot be told from the fastest. */
static bool lines_tie(const struct compare_line *lines, size_t at, size_t best)
{
    return at != best && line_is_comparable(&lines[at]) && !line_is_clearly_faster(&lines[best], &lines[at]);
}

static void say_winner(char *out, const struct compare_line *line, const char *reference)
{
    char name[EXECUTOR_TEXT_BYTES], time[32];
    append(out, "%s won with %s", executor_format(&line->executor, name), seconds(time, sizeof time, line->median_s));
    if (line->speedup > 0 && line->executor.how != HOW_SEQUENTIAL)
        append(out, ", %.1f times as fast as %s", line->speedup, reference);
    append(out, ": its slowest run was faster than the fastest of every other, by at least 1 %%");
    say_few(out, line);
}

/* "A, B and 3 others": those that cannot be told from the fastest. */
static void name_tied(char *out, const struct compare_line *lines, size_t count, size_t best)
{
    size_t tied = 0, shown = 0;
    char name[EXECUTOR_TEXT_BYTES];
    for (size_t i = 0; i < count; i++)
        tied += lines_tie(lines, i, best);
    size_t named = tied <= NAMED_MOST ? tied : NAMED_MOST - 1;
    for (size_t i = 0; i < count && shown < named; i++) {
        if (!lines_tie(lines, i, best))
            continue;
        shown++;
        append(out, "%s%s", shown == 1 ? "" : shown == tied ? " and " : ", ", executor_format(&lines[i].executor, name));
    }
    if (tied > named)
        append(out, " and %zu others", tied - named);
}

/* "A is the fastest with 0.31 s; B and C cannot be told from it". Of these nothing is said beside each other: they may well differ. */
static void say_tie(char *out, const struct compare_line *lines, size_t count, size_t best)
{
    char name[EXECUTOR_TEXT_BYTES], time[32];
    bool overlap = true;
    for (size_t i = 0; i < count; i++)
        overlap = overlap && (!lines_tie(lines, i, best) || lines_overlap(&lines[i], &lines[best]));
    append(out, "%s is the fastest with %s", executor_format(&lines[best].executor, name),
           seconds(time, sizeof time, lines[best].median_s));
    size_t reference = lines_reference(lines, count, true);
    if (reference != SIZE_MAX && lines[best].speedup > 0 && line_is_clearly_faster(&lines[best], &lines[reference]))
        append(out, ", about %.1f times as fast as %s", lines[best].speedup, reference_name(lines, count));
    append(out, "; ");
    name_tied(out, lines, count, best);
    append(out, " cannot be told from it: their runs overlap%s", overlap ? "" : " or are less than 1 % away");
    say_few(out, &lines[best]);
}

/* As fast as it may be: who loses adds has not won. Then comes who was fastest of those that did not. */
static void say_wrong(char *out, const struct compare_line *lines, size_t count, size_t best)
{
    char name[EXECUTOR_TEXT_BYTES], time[32];
    size_t right = SIZE_MAX;
    append(out, "%s was fastest with %s, but %llu of %llu adds are lost there, so it did not win",
           executor_format(&lines[best].executor, name), seconds(time, sizeof time, lines[best].median_s),
           (unsigned long long)lines[best].lost, (unsigned long long)lines[best].adds);
    for (size_t i = 0; i < count; i++)
        if (line_is_comparable(&lines[i]) && !line_is_wrong(&lines[i]) &&
            (right == SIZE_MAX || lines[i].median_s < lines[right].median_s))
            right = i;
    if (right != SIZE_MAX)
        append(out, "; of those that lost none, %s has the least median, %s", executor_format(&lines[right].executor, name),
               seconds(time, sizeof time, lines[right].median_s));
}

void verdict_write(char out[COMPARE_TEXT_BYTES], const struct compare_line *lines, size_t count, size_t winner, bool stopped,
                   size_t runs_done, size_t runs_all)
{
    char name[EXECUTOR_TEXT_BYTES], time[32];
    size_t best = fastest(lines, count), compared = 0, single = 0;
    *out = 0;
    for (size_t i = 0; i < count; i++) {
        compared += line_is_comparable(&lines[i]);
        single += line_is_comparable(&lines[i]) && lines[i].count < 2;
    }
    if (stopped)
        append(out, "stopped after %zu of %zu runs; ", runs_done, runs_all);
    if (best == SIZE_MAX)
        append(out, "nothing was measured that could be compared");
    else if (compared < 2)
        append(out, "only %s could be measured, so there is nothing to compare it with",
               executor_format(&lines[best].executor, name));
    else if (winner != SIZE_MAX)
        say_winner(out, &lines[winner], reference_name(lines, count));
    else if (too_short(lines, count))
        append(out, "too short to compare: %s was fastest with %s, and the next was under 20 ms, too",
               executor_format(&lines[best].executor, name), seconds(time, sizeof time, lines[best].median_s));
    else if (single)
        append(out, "%s was fastest with %s, but one run each has no spread, so nothing can be said about differences",
               executor_format(&lines[best].executor, name), seconds(time, sizeof time, lines[best].median_s));
    else if (line_is_wrong(&lines[best]))
        say_wrong(out, lines, count, best);
    else
        say_tie(out, lines, count, best);
}
