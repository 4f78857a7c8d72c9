/* timeline_frame.c - what stands around the lanes of the picture of time: the legend, the axis, and what is to be known of it. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/text.h"
#include "ui/parts.h"
#include "ui/timeline_private.h"

/* --- the legend ----------------------------------------------------------------------------------- */

enum { TICK_COLUMNS = 12 };
enum { BATCH = 1, JOB = 2 }; /* marks that are no cell of a worker's */

#define BIT(phase) (UINT32_C(1) << (phase))

/* The most telling first. */
static const struct legend {
    struct timeline_cell cell;
    uint32_t phases; /* shown when there was one of these */
    int mark;
    const char *word, *brief;
} legends[] = {
    {{.phase = PHASE_COMPUTING},
     BIT(PHASE_STARTING) | BIT(PHASE_WRITING) | BIT(PHASE_COMPUTING) | BIT(PHASE_COUNTING) | BIT(PHASE_MULTIPLYING) |
         BIT(PHASE_CONVERTING),
     0,
     "running",
     "run"},
    {{.phase = PHASE_COMPUTING, .no_core = true}, 0, 0, "ready, no core", "ready"},
    {{.phase = PHASE_WAITING},
     BIT(PHASE_RESOLVING) | BIT(PHASE_CONNECTING) | BIT(PHASE_WAITING) | BIT(PHASE_BACKOFF),
     0,
     "waiting",
     "wait"},
    {{.phase = PHASE_RECEIVING}, BIT(PHASE_RECEIVING), 0, "receiving", "receive"},
    {{.phase = PHASE_LOCK}, BIT(PHASE_LOCK) | BIT(PHASE_GIL), 0, "lock", "lock"},
    {{.phase = PHASE_BARRIER}, BIT(PHASE_BARRIER), 0, "barrier", "barrier"},
    {{.phase = PHASE_DEAD, .killed = true}, BIT(PHASE_DEAD), 0, "killed", "killed"},
    {{.phase = PHASE_NONE}, 0, BATCH, "next batch", "batch"},
    {{.phase = PHASE_PAUSED}, BIT(PHASE_PAUSED), 0, "paused", "paused"},
    {{.phase = PHASE_NONE}, 0, JOB, "new job", "job"},
    {{.phase = PHASE_NO_WORK}, BIT(PHASE_NO_WORK), 0, "no work", "idle"},
};
enum { LEGENDS = sizeof legends / sizeof *legends, LEGENDS_AT_FIRST = 6 };

/* Whether a run on the axis has had it; before there is any: the states that there will be. So it does not come and go. */
static bool is_seen(const struct timeline_view *view, size_t number)
{
    const struct legend *legend = &legends[number];
    for (size_t i = 0; i < view->count; i++) {
        const struct timeline *timeline = view->tracks[i].timeline;
        bool no_core = legend->cell.no_core && timeline->seen_no_core;
        bool batch = legend->mark == BATCH && timeline->rounds_count > 0;
        bool job = legend->mark == JOB && timeline->seen != 0;
        if ((timeline->seen & legend->phases) || no_core || batch || job)
            return true;
    }
    return view->count == 0 && number < LEGENDS_AT_FIRST;
}

static int legend_columns(const struct timeline_view *view)
{
    int columns = 0;
    for (size_t i = 0; i < LEGENDS; i++)
        columns += is_seen(view, i) ? 4 + (int)strlen(legends[i].word) : 0;
    return columns;
}

static void draw_sign(struct canvas *canvas, struct rect at, const struct legend *legend)
{
    if (legend->mark == BATCH)
        canvas_fill(canvas, at, timeline_batch_glyph(canvas->ascii), ROLE_BARRIER);
    else if (legend->mark == JOB)
        canvas_fill(canvas, at, timeline_job_glyph(canvas->ascii), ROLE_TEXT);
    else
        canvas_fill(canvas, at, timeline_glyph(&legend->cell, canvas->ascii), timeline_role(&legend->cell));
}

void timeline_legend_draw(struct canvas *canvas, struct rect row, const struct timeline_view *view)
{
    bool brief = legend_columns(view) > row.columns;
    int x = row.x, end = row.x + row.columns;
    for (size_t i = 0; i < LEGENDS; i++) {
        const char *word = brief ? legends[i].brief : legends[i].word;
        if (!is_seen(view, i))
            continue;
        if (x + 3 + (int)strlen(word) > end)
            return;
        canvas_text(canvas, x, row.y, 1, ROLE_FRAME, " ");
        draw_sign(canvas, (struct rect){x + 1, row.y, 1, 1}, &legends[i]);
        x += 2 + canvas_printf(canvas, x + 2, row.y, end - x - 2, ROLE_TEXT, " %s ", word);
    }
}

/* --- the axis ------------------------------------------------------------------------------------- */

/* The distance of two ticks: the least of 1, 2, 5, 10 ... ms that leaves room for a figure. */
static uint64_t tick_step_ns(uint64_t span_ns, int columns)
{
    static const uint64_t factors[] = {1, 2, 5};
    uint64_t least_ns = span_ns / (uint64_t)columns * TICK_COLUMNS;
    for (uint64_t unit_ns = NS_PER_MS;; unit_ns *= 10)
        for (size_t i = 0; i < sizeof factors / sizeof *factors; i++)
            if (factors[i] * unit_ns >= least_ns)
                return factors[i] * unit_ns;
}

static void tick_text(uint64_t at_ns, uint64_t step_ns, char *out, size_t room)
{
    int decimals = step_ns >= NS_PER_S ? 0 : step_ns >= NS_PER_S / 10 ? 1 : step_ns >= NS_PER_S / 100 ? 2 : 3;
    snprintf(out, room, "%.*f s", decimals, (double)at_ns / (double)NS_PER_S);
}

void timeline_axis_draw(struct canvas *canvas, struct rect row, const struct timeline_grid *grid, int from, bool on_frame)
{
    uint64_t step_ns = tick_step_ns(grid->span_ns, grid->columns);
    uint64_t from_ns = timeline_grid_ns(grid, 0), to_ns = timeline_grid_ns(grid, grid->columns);
    for (uint64_t at_ns = (from_ns + step_ns - 1) / step_ns * step_ns; at_ns < to_ns; at_ns += step_ns) {
        char text[32];
        int column = (int)timeline_grid_column(grid, at_ns);
        tick_text(at_ns, step_ns, text, sizeof text);
        if (column < from || column + (int)strlen(text) + on_frame > row.columns)
            continue;
        int used = canvas_text(canvas, row.x + column, row.y, row.columns - column, ROLE_DIM, text);
        if (on_frame)
            canvas_text(canvas, row.x + column + used, row.y, 1, ROLE_FRAME, " ");
    }
}

const char *timeline_span_text(const struct timeline_view *view, char *out, size_t room)
{
    char span[32];
    double ms = (double)view->span_ns / (double)NS_PER_MS;
    if (view->whole)
        text_duration(span, sizeof span, view->span_ns);
    else if (view->span_ns >= NS_PER_S)
        snprintf(span, sizeof span, "%g s", ms / 1000);
    else
        snprintf(span, sizeof span, "%g ms", ms);
    snprintf(out, room, "%s %s", view->frozen ? "FROZEN," : view->whole ? "whole run," : "last", span);
    return out;
}

/* --- the lower edge ------------------------------------------------------------------------------- */

/* The latest moment before which one of them is coarser than it was told; 0: none is. */
static uint64_t coarse_before_ns(const struct timeline_view *view)
{
    uint64_t before_ns = 0;
    for (size_t i = 0; i < view->count; i++) {
        const struct timeline_track *track = &view->tracks[i];
        uint64_t coarse_ns = track->timeline->coarse_ns;
        if (coarse_ns > track->zero_ns && coarse_ns - track->zero_ns > before_ns)
            before_ns = coarse_ns - track->zero_ns;
    }
    return before_ns;
}

int timeline_notes_draw(struct canvas *canvas, struct rect edge, const struct timeline_view *view, size_t hidden,
                        bool has_room)
{
    struct parts notes = {0};
    char count[TEXT_GROUPED_BYTES], when[32];
    uint64_t coarse_ns = coarse_before_ns(view);
    if (hidden)
        parts_add(&notes, 3, ROLE_DIM, "and %zu more", hidden);
    if (view->lost) {
        parts_add(&notes, 4, ROLE_WARNING, "%s event%s lost", text_grouped(count, view->lost), view->lost == 1 ? "" : "s");
        parts_brief(&notes, "%s lost", count);
    }
    if (coarse_ns) {
        parts_add(&notes, 2, ROLE_DIM, "before %s in coarser steps", text_duration(when, sizeof when, coarse_ns));
        parts_brief(&notes, "coarse before %s", when);
    }
    if (view->sampled_every_ns && has_room) {
        unsigned long long ms = (view->sampled_every_ns + NS_PER_MS / 2) / NS_PER_MS;
        parts_add(&notes, 1, ROLE_DIM, "who has a core: looked at every %llu ms", ms);
        parts_brief(&notes, "core: every %llu ms", ms);
    }
    if (!notes.count || edge.columns < 8)
        return 0;
    canvas_text(canvas, edge.x, edge.y, 1, ROLE_FRAME, " ");
    int used = 1 + parts_draw(canvas, edge.x + 1, edge.y, edge.columns - 2, &notes);
    return used + canvas_text(canvas, edge.x + used, edge.y, 1, ROLE_FRAME, " ");
}
