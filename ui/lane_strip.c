/* lane_strip.c - many workers at a glance: one cell for each, and how many are in each state. */
#include <string.h>

#include "ui/lane_private.h"
#include "ui/parts.h"

/* --- one cell a worker -------------------------------------------------------------------------------------- */

/* How the strip is looked at: whole rows are left out above, so that the selected worker's cell is on it. */
struct strip {
    struct rect at;
    size_t first, cells; /* number of the worker in the first cell, from 0; cells there are */
};

static struct strip strip_of(struct rect where, const struct model_lane *lane, bool focus)
{
    struct strip strip = {.at = where, .cells = (size_t)where.columns * (size_t)where.rows};
    size_t selected = 0;
    for (size_t slot = 0; focus && slot < lane->selected && slot < lane->snap.slots; slot++) {
        selected += lane_mark(lane, slot) != MARK_NOBODY;
    }
    if (selected >= strip.cells && where.columns > 0) {
        size_t row = selected / (size_t)where.columns;
        strip.first = (row + 1 - (size_t)where.rows) * (size_t)where.columns;
    }
    return strip;
}

static void draw_cell(struct canvas *canvas, struct rect cell, const struct model_lane *lane, size_t slot)
{
    enum phase phase = lane_phase(&lane->snap.workers[slot]);
    if (lane_mark(lane, slot) == MARK_HIDDEN) {
        canvas_fill(canvas, cell, canvas->ascii ? '.' : 0xb7, ROLE_DIM);
    } else if (lane_is_ready(lane, slot)) {
        canvas_fill(canvas, cell, LANE_READY_LETTER, ROLE_READY);
    } else {
        canvas_fill(canvas, cell, (unsigned char)phase_letter(phase), lane_role(phase));
    }
}

static void draw_left_out(struct canvas *canvas, const struct strip *strip, size_t workers)
{
    char text[48];
    if (strip->first > 0) {
        size_t last = strip->first + strip->cells;
        snprintf(text, sizeof text, " %zu\u2013%zu of %zu", strip->first + 1, last < workers ? last : workers, workers);
    } else {
        snprintf(text, sizeof text, " and %zu more", workers - strip->cells);
    }
    const struct rect *at = &strip->at;
    canvas_text_right(canvas, at->x + at->columns, at->y + at->rows - 1, at->columns, ROLE_TEXT, text);
}

void lane_strip_draw(struct canvas *canvas, struct rect where, const struct model_lane *lane, bool focus, size_t workers)
{
    if (where.rows < 1 || where.columns < 1) {
        return;
    }
    struct strip strip = strip_of(where, lane, focus);
    size_t number = 0;
    for (size_t slot = 0; slot < lane->snap.slots && number < strip.first + strip.cells; slot++) {
        if (lane_mark(lane, slot) == MARK_NOBODY || number++ < strip.first) {
            continue;
        }
        size_t cell = number - 1 - strip.first;
        struct rect at = {where.x + (int)(cell % (size_t)where.columns), where.y + (int)(cell / (size_t)where.columns), 1,
                          1};
        draw_cell(canvas, at, lane, slot);
        if (focus && slot == lane->selected) {
            canvas_reverse(canvas, at);
        }
    }
    if (workers > strip.cells) {
        draw_left_out(canvas, &strip, workers);
    }
}

/* --- how many are in each state ---------------------------------------------------------------------------- */

struct model_counts lane_counts_of(const struct model_lane *lane)
{
    struct model_counts counts = {.ready = 0};
    for (size_t slot = 0; lane->started && slot < lane->snap.slots; slot++) {
        const struct worker_snapshot *worker = &lane->snap.workers[slot];
        if (!worker->alive) {
            continue;
        }
        if (lane_is_ready(lane, slot)) {
            counts.ready++;
        } else {
            counts.phases[lane_phase(worker)]++;
        }
    }
    return counts;
}

/* One state and how many are in it. */
struct group {
    const char *word, *brief;
    enum role role;
    size_t count;
};

/* The states that anybody is in, most first; those of as many workers in the order of the table. Returns how many. */
static int groups_of(const struct model_counts *counts, struct group groups[PHASE_COUNT + 1])
{
    int used = 0;
    for (int i = 0; i <= PHASE_COUNT; i++) {
        enum phase phase = (enum phase)i;
        struct group group = {phase_word(phase), phase_word_short(phase), lane_role(phase), 0};
        if (i == PHASE_COUNT) {
            group = (struct group){"ready", "ready", ROLE_READY, counts->ready};
        } else {
            group.count = counts->phases[i];
        }
        int at = used;
        for (; group.count > 0 && at > 0 && groups[at - 1].count < group.count; at--) {
            groups[at] = groups[at - 1];
        }
        if (group.count > 0) {
            groups[at] = group;
            used++;
        }
    }
    return used;
}

/* "412 receiving": how many columns it takes, drawn where canvas has any. */
static int draw_group(struct canvas *canvas, int x, int y, int room, const struct group *group, bool brief)
{
    char text[48];
    snprintf(text, sizeof text, "%zu %s", group->count, brief ? group->brief : group->word);
    canvas_text(canvas, x, y, room, group->role, text);
    return (int)strlen(text);
}

/* The first `shown` of them, and the others together; room 0: only measured. */
static int draw_groups(struct canvas *canvas, struct rect row, const struct group *groups, int count, int shown, bool brief)
{
    struct group others = {"others", "more", ROLE_DIM, 0};
    int used = 0;
    for (int i = shown; i < count; i++) {
        others.count += groups[i].count;
    }
    for (int i = 0; i < shown + (others.count > 0); i++) {
        if (used > 0) {
            canvas_text(canvas, row.x + used, row.y, row.columns - used, ROLE_DIM, " \u00b7 ");
            used += 3;
        }
        used += draw_group(canvas, row.x + used, row.y, row.columns - used, i < shown ? &groups[i] : &others, brief);
    }
    return used;
}

void lane_counts_draw(struct canvas *canvas, struct rect row, const struct model_lane *lane)
{
    struct group groups[PHASE_COUNT + 1];
    int count = groups_of(&lane->counts, groups), shown = count;
    bool brief = false;
    struct rect none = {row.x, row.y, 0, 1};
    while (shown > 1 && draw_groups(canvas, none, groups, count, shown, brief) > row.columns) {
        shown -= brief; /* short words first, then fewer of them */
        brief = true;
    }
    draw_groups(canvas, row, groups, count, shown, brief);
}
