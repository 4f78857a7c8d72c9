/* progress.c - how a headless run is going. */
#include "cli/progress.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/text.h"

enum { BAR_CELLS = 24, BARS_EVERY_MS = 100, LINES_EVERY_MS = 2000 };

/* Drawing over a line takes a terminal that knows how to clear it. */
static bool can_draw_over(void)
{
    const char *term = getenv("TERM");
    return isatty(STDERR_FILENO) && term && *term && strcmp(term, "dumb") != 0;
}

void progress_init(struct progress *progress, enum progress_style style, bool ascii)
{
    if (style == PROGRESS_AUTO)
        style = can_draw_over() ? PROGRESS_BARS : PROGRESS_LINES;
    *progress = (struct progress){.style = style, .ascii = ascii, .shown_ns = clock_now_ns()};
}

/* Ended jobs, and those in hand by their own share. */
static double share_done(const struct snapshot *snapshot)
{
    double share = (double)(snapshot->done + snapshot->failed + snapshot->poisoned);
    for (size_t i = 0; i < snapshot->slots; i++) {
        const struct slot_data *data = &snapshot->workers[i].data;
        if (snapshot->workers[i].alive && data->job && data->total)
            share += (double)data->done / (double)data->total;
    }
    share = snapshot->jobs ? share / (double)snapshot->jobs : 0;
    return share > 1 ? 1 : share;
}

static void format_line(char *out, size_t room, const struct snapshot *snapshot)
{
    char rate[32] = "", left[48] = "", executor[EXECUTOR_TEXT_BYTES], one[24];
    if (snapshot->work == WORK_DOWNLOAD)
        snprintf(rate, sizeof rate, ", %s/s", text_bytes(one, sizeof one, (uint64_t)snapshot->bytes_per_s));
    if (snapshot->left_s >= 0)
        snprintf(left, sizeof left, ", about %s left",
                 text_duration(one, sizeof one, (uint64_t)(snapshot->left_s * (double)NS_PER_S)));
    snprintf(out, room, "%s %s: %zu of %zu done, %zu running, %zu failed%s%s", snapshot->set->kind->name,
             executor_format(&snapshot->executor, executor), snapshot->done, snapshot->jobs, snapshot->running,
             snapshot->failed + snapshot->poisoned, rate, left);
}

static void show_bar(struct progress *progress, double share, const char *line)
{
    char bar[BAR_CELLS * 3 + 1] = "";
    int full = (int)(share * BAR_CELLS);
    for (int i = 0; i < BAR_CELLS; i++)
        strcat(bar, i < full ? (progress->ascii ? "#" : "█") : (progress->ascii ? "." : "·"));
    struct winsize size = {0};
    int room =
        ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > BAR_CELLS + 2 ? size.ws_col - BAR_CELLS - 2 : 50;
    fprintf(stderr, "\r%s %.*s\033[K", bar, room, line);
    progress->drawn = true;
}

bool progress_is_due(struct progress *progress)
{
    uint64_t now_ns = clock_now_ns();
    uint64_t every_ms = progress->style == PROGRESS_BARS ? BARS_EVERY_MS : LINES_EVERY_MS;
    if (progress->style == PROGRESS_NONE || now_ns - progress->shown_ns < every_ms * NS_PER_MS)
        return false;
    progress->shown_ns = now_ns;
    return true;
}

void progress_show_line(struct progress *progress, double share, const char *line)
{
    if (progress->style == PROGRESS_BARS)
        show_bar(progress, share, line);
    else if (progress->style == PROGRESS_LINES)
        fprintf(stderr, "%s\n", line);
}

void progress_show(struct progress *progress, const struct snapshot *snapshot)
{
    char line[256];
    if (!progress_is_due(progress))
        return;
    format_line(line, sizeof line, snapshot);
    progress_show_line(progress, share_done(snapshot), line);
}

void progress_clear(struct progress *progress)
{
    if (progress->drawn)
        fputs("\r\033[K", stderr);
    progress->drawn = false;
}
