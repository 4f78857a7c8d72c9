/* juggler_legend.c - beside the juggler's picture: how many are in each place and why, how many there are in all, the selected one, and what it
 * means. Whoever sees no colour, and no picture, reads it here. */
#include <stdio.h>
#include <string.h>

#include "ui/juggler.h"
#include "ui/lane.h"
#include "ui/parts.h"

/* From the most to the least telling. */
static const enum juggler_place order[] = {JUGGLER_AIR,   JUGGLER_HAND,   JUGGLER_FLOOR,   JUGGLER_TIED,
                                           JUGGLER_BENCH, JUGGLER_BASKET, JUGGLER_UNKNOWN, JUGGLER_GONE};
enum { ORDER_COUNT = sizeof order / sizeof order[0] };

int juggler_legend_lines(const struct juggler *juggler)
{
    int lines = 0;
    for (size_t i = 0; i < ORDER_COUNT; i++) {
        lines += juggler_place_shows(juggler, order[i]);
    }
    return lines;
}

static size_t workers_of(const struct juggler *juggler, int lane)
{
    size_t count = 0;
    for (int place = JUGGLER_GONE + 1; place < JUGGLER_PLACES; place++) {
        count += juggler->in_lane[lane][place];
    }
    return count;
}

/* "14 workers", and by their work: "14 workers: downloads 10 t, primes 4 p", or in less room "14 workers: 10 t, 4 p". */
static void draw_sum(struct canvas *canvas, struct rect row, const struct juggler *juggler)
{
    char full[96] = "", brief[48] = "";
    int used = 0, used_brief = 0;
    for (int number = 0; number < MODEL_LANES; number++) {
        const struct model_lane *lane = &juggler->model->lanes[number];
        size_t count = workers_of(juggler, number);
        if (count > 0) {
            const char *joint = used > 0 ? ", " : ": ";
            char letter = lane_letter(lane->snap.workers[0].data.kind);
            used += snprintf(full + used, sizeof full - (size_t)used, "%s%s %zu %c", joint, lane_noun(lane_work(lane)),
                             count, letter);
            used_brief += snprintf(brief + used_brief, sizeof brief - (size_t)used_brief, "%s%zu %c", joint, count, letter);
        }
    }
    int start = canvas_printf(canvas, row.x, row.y, row.columns, ROLE_TEXT, "%zu worker%s", juggler->workers,
                              juggler->workers == 1 ? "" : "s");
    canvas_text(canvas, row.x + start, row.y, row.columns - start, ROLE_TEXT, start + used <= row.columns ? full : brief);
}

/* As in its lane's row: the figure is held for a moment, so that it can be read. */
static unsigned percent_shown(const struct juggler *juggler, struct juggler_ball ball)
{
    const struct model_lane *lane = &juggler->model->lanes[ball.lane];
    const struct slot_data *data = &lane->snap.workers[ball.slot].data;
    bool held = lane->percents != NULL && lane->percents[ball.slot].job == data->job;
    return held ? lane->percents[ball.slot].percent : model_percent_of(data);
}

/* "(t2) receiving 31 %": the one that is selected. */
static void draw_selected(struct canvas *canvas, struct rect row, const struct juggler *juggler)
{
    struct juggler_ball ball;
    char name[JUGGLER_BALL_BYTES];
    if (!juggler_selected(juggler, &ball)) {
        return;
    }
    const struct slot_data *data = &juggler->model->lanes[ball.lane].snap.workers[ball.slot].data;
    enum juggler_place place = juggler_place_of(juggler, ball);
    juggler_ball_text(juggler, ball, name);
    int used = canvas_text_bold(canvas, row.x, row.y, row.columns, juggler_role(juggler, ball), name);
    canvas_reverse(canvas, (struct rect){row.x, row.y, used, 1});
    used += canvas_printf(canvas, row.x + used, row.y, row.columns - used, ROLE_TEXT, " %s",
                          place == JUGGLER_FLOOR ? "ready, no core" : phase_word((enum phase)data->phase));
    if (data->total > 0 && data->job > 0) {
        canvas_printf(canvas, row.x + used, row.y, row.columns - used, ROLE_TEXT, " %u %%", percent_shown(juggler, ball));
    }
}

/* Those that are tied, and who has the lock where that is known. */
static void holder_words(const struct juggler *juggler, char out[JUGGLER_WORDS_BYTES])
{
    juggler_why_words(juggler, JUGGLER_TIED, out);
    const char *joint = ": ";
    for (int number = 0; number < MODEL_LANES; number++) {
        size_t holder = juggler_holder(&juggler->model->lanes[number]), used = strlen(out);
        char name[JUGGLER_BALL_BYTES];
        if (holder > 0 && juggler->in_lane[number][JUGGLER_TIED] > 0) {
            snprintf(out + used, JUGGLER_WORDS_BYTES - used, "%s%s has it", joint,
                     juggler_ball_text(juggler, (struct juggler_ball){number, holder - 1}, name));
            joint = ", ";
        }
    }
}

/* In the air, and what rises and falls there. */
static void flight_words(const struct juggler *juggler, char out[JUGGLER_WORDS_BYTES])
{
    size_t fall = juggler->receiving, rise = juggler->counts[JUGGLER_AIR] - fall;
    int used = snprintf(out, JUGGLER_WORDS_BYTES, "%s", rise + fall == 1 ? "waits for I/O" : "wait for I/O");
    if (rise > 0) {
        used += snprintf(out + used, JUGGLER_WORDS_BYTES - (size_t)used, ": %zu rise%s until an answer comes", rise,
                         rise == 1 ? "s" : "");
    }
    if (fall > 0) {
        snprintf(out + used, JUGGLER_WORDS_BYTES - (size_t)used, "%s %zu fall%s as it arrives", rise > 0 ? "," : ":", fall,
                 fall == 1 ? "s" : "");
    }
}

static int draw_place(struct canvas *canvas, struct rect where, const struct juggler *juggler, enum juggler_place place,
                      bool brief)
{
    char text[JUGGLER_WORDS_BYTES];
    int used = canvas_text_bold(canvas, where.x, where.y, where.columns, juggler_place_role(place),
                                juggler_count_words(juggler, place, text));
    if (place == JUGGLER_AIR && !brief) {
        flight_words(juggler, text);
    } else if (place == JUGGLER_TIED) {
        holder_words(juggler, text);
    } else {
        juggler_why_words(juggler, place, text);
    }
    if (brief) {
        used += canvas_text(canvas, where.x + used, where.y, where.columns - used, ROLE_TEXT, ": ");
        canvas_text(canvas, where.x + used, where.y, where.columns - used, ROLE_TEXT, text);
        return 1;
    }
    struct rect below = {where.x + 2, where.y + 1, where.columns - 2, where.rows - 1};
    return 1 + (below.rows > 0 ? parts_flow(canvas, below, 0, ROLE_TEXT, text) : 0);
}

void juggler_legend_draw(struct canvas *canvas, struct rect where, const struct juggler *juggler, bool brief)
{
    char text[JUGGLER_WORDS_BYTES];
    int end = where.y + where.rows;
    bool airy = !brief && where.rows >= 3 * juggler_legend_lines(juggler) + 6;
    for (size_t i = 0; i < ORDER_COUNT && where.y < end; i++) {
        if (juggler_place_shows(juggler, order[i])) {
            struct rect left = {where.x, where.y, where.columns, end - where.y};
            where.y += draw_place(canvas, left, juggler, order[i], brief) + airy;
        }
    }
    if (brief || end - where.y < 2) {
        return;
    }
    draw_sum(canvas, (struct rect){where.x, where.y++, where.columns, 1}, juggler);
    draw_selected(canvas, (struct rect){where.x, where.y++, where.columns, 1}, juggler);
    if (end - ++where.y > 1) {
        parts_flow(canvas, (struct rect){where.x, where.y, where.columns, end - where.y}, 0, ROLE_TEXT,
                   juggler_sentence(juggler, text));
    }
}
