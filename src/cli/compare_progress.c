/* compare_progress.c - how a comparison is going, on stderr. See compare_progress.h. */
#include "cli/compare_progress.h"

#include <stdio.h>

#include "base/clock.h"
#include "juggler/compare.h"

void compare_progress_init(struct compare_progress *progress, enum progress_style style, bool ascii)
{
    *progress = (struct compare_progress){.began_ns = clock_now_ns()};
    progress_init(&progress->line, style, ascii);
}

/* What is left, if it goes on as it did; < 0: too early to say. */
static double left_s(const struct compare_progress *progress, const struct compare_view *view)
{
    double passed_s = (double)(clock_now_ns() - progress->began_ns) / (double)NS_PER_S;
    if (view->round == 0 || !view->runs_done)
        return -1;
    double whole_s = passed_s * (double)view->runs_all / ((double)view->runs_done + 0.5);
    return whole_s > passed_s ? whole_s - passed_s : 0;
}

static char *about(char *out, size_t room, double seconds)
{
    if (seconds < 100)
        snprintf(out, room, "%.0f s", seconds);
    else
        snprintf(out, room, "%.0f min", seconds / 60);
    return out;
}

static void format_line(const struct compare_progress *progress, const struct compare_view *view, char *out, size_t room)
{
    char round[40] = "warm-up", executor[EXECUTOR_TEXT_BYTES] = "", left[48] = "", time[24];
    const char *what = view->controls ? "a control" : "";
    if (view->round)
        snprintf(round, sizeof round, "round %u of %u", view->round, view->rounds);
    for (size_t i = 0; i < view->count; i++)
        if (view->lines[i].running)
            what = executor_format(&view->lines[i].executor, executor);
    double seconds = left_s(progress, view);
    if (seconds >= 0)
        snprintf(left, sizeof left, ", about %s left", about(time, sizeof time, seconds));
    snprintf(out, room, "compare %s: %s, run %zu of %zu%s%s%s", job_kind_of(view->work)->name, round, view->runs_done + 1,
             view->runs_all, *what ? ", " : "", what, left);
}

static void tell_duration(struct compare_progress *progress, const struct compare_view *view)
{
    char time[24];
    double passed_s = (double)(clock_now_ns() - progress->began_ns) / (double)NS_PER_S;
    if (progress->told || view->round == 0 || progress->line.style == PROGRESS_NONE)
        return;
    progress->told = true;
    progress_clear(&progress->line);
    fprintf(stderr, "juggler: the warm-up is over; %u round%s will take about %s (seed %llu)\n", view->rounds,
            view->rounds == 1 ? "" : "s", about(time, sizeof time, passed_s * view->rounds), (unsigned long long)view->seed);
}

void compare_progress_show(struct compare_progress *progress, struct compare *compare)
{
    struct compare_view view;
    char line[256];
    if (!progress_is_due(&progress->line))
        return;
    compare_look(compare, &view);
    if (view.over)
        return;
    tell_duration(progress, &view);
    format_line(progress, &view, line, sizeof line);
    double share = view.runs_all ? (double)view.runs_done / (double)view.runs_all : 0;
    progress_show_line(&progress->line, share, line);
}

void compare_progress_clear(struct compare_progress *progress)
{
    progress_clear(&progress->line);
}
