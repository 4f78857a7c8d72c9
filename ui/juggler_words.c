/* juggler_words.c - the juggler's picture in words: who is where, why, and what it means. Whoever sees no colour, and no picture, reads it here. */
#include <stdio.h>
#include <string.h>

#include "ui/juggler.h"
#include "ui/lane_private.h"
#include "ui/parts.h"

struct place_words {
    const char *where;              /* behind the count */
    const char *why_one, *why_many; /* what one does there, what many do */
    const char *few;                /* the place in a word */
    enum role role;
    bool always; /* shown when nobody is there, too */
};

static const struct place_words place_words[JUGGLER_PLACES] = {
    [JUGGLER_NOBODY] = {"nowhere", "", "", "nobody", ROLE_DIM, false},
    [JUGGLER_GONE] = {"gone", "has ended", "have ended", "gone", ROLE_IDLE, false},
    [JUGGLER_AIR] = {"in the air", "waits for I/O", "wait for I/O", "air", ROLE_WAITING, true},
    [JUGGLER_HAND] = {"in a hand", "is on a core", "are on a core", "hands", ROLE_RUNNING, true},
    [JUGGLER_FLOOR] = {"on the floor", "wants a core", "want a core", "floor", ROLE_READY, true},
    [JUGGLER_TIED] = {"tied", "waits for a lock", "wait for a lock", "tied", ROLE_LOCK, false},
    [JUGGLER_BENCH] = {"standing by", "waits for the others", "wait for the others", "standing by", ROLE_BARRIER, false},
    [JUGGLER_BASKET] = {"put away", "has no work", "have no work", "away", ROLE_IDLE, false},
    [JUGGLER_UNKNOWN] = {"unknown", "works: core unknown", "work: core unknown", "unknown", ROLE_DIM, false},
};

/* From the most to the least telling. */
static const enum juggler_place order[] = {JUGGLER_AIR,   JUGGLER_HAND,   JUGGLER_FLOOR,   JUGGLER_TIED,
                                           JUGGLER_BENCH, JUGGLER_BASKET, JUGGLER_UNKNOWN, JUGGLER_GONE};
enum { ORDER_COUNT = sizeof order / sizeof order[0] };

enum role juggler_place_role(enum juggler_place place)
{
    return (unsigned)place < JUGGLER_PLACES ? place_words[place].role : ROLE_DIM;
}

bool juggler_place_shows(const struct juggler *juggler, enum juggler_place place)
{
    return place_words[place].always || juggler->counts[place] > 0;
}

const char *juggler_count_words(const struct juggler *juggler, enum juggler_place place, char out[JUGGLER_WORDS_BYTES])
{
    if (place == JUGGLER_HAND) {
        snprintf(out, JUGGLER_WORDS_BYTES, "%u of %u hand%s full", juggler->full, juggler->hands,
                 juggler->hands == 1 ? "" : "s");
    } else {
        snprintf(out, JUGGLER_WORDS_BYTES, "%zu %s", juggler->counts[place], place_words[place].where);
    }
    return out;
}

/* Which lock the tied ones of a lane wait for. */
static const char *lock_word(const struct model_lane *lane)
{
    return lane_has_gil(lane) ? "the GIL" : lane->snap.work == WORK_COUNTER ? "the mutex" : "a lock";
}

static void lock_words(const struct juggler *juggler, char out[JUGGLER_WORDS_BYTES])
{
    int used = snprintf(out, JUGGLER_WORDS_BYTES, "%s", juggler->counts[JUGGLER_TIED] == 1 ? "waits for " : "wait for ");
    const char *before = NULL;
    for (int number = 0; number < MODEL_LANES; number++) {
        const char *lock = lock_word(&juggler->model->lanes[number]);
        if (juggler->in_lane[number][JUGGLER_TIED] > 0 && (before == NULL || strcmp(before, lock) != 0)) {
            used += snprintf(out + used, JUGGLER_WORDS_BYTES - (size_t)used, "%s%s", before != NULL ? ", " : "", lock);
            before = lock;
        }
    }
}

/* The same, and who has the lock where that is known. */
static void holder_words(const struct juggler *juggler, char out[JUGGLER_WORDS_BYTES])
{
    lock_words(juggler, out);
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

/* Those in the basket: of a paused run all are held. */
static void basket_words(const struct juggler *juggler, char out[JUGGLER_WORDS_BYTES])
{
    size_t held = 0, all = juggler->counts[JUGGLER_BASKET];
    for (struct juggler_ball ball = JUGGLER_BEFORE_FIRST; juggler_next(juggler, JUGGLER_BASKET, &ball);) {
        held += juggler->model->lanes[ball.lane].snap.workers[ball.slot].data.phase == PHASE_PAUSED;
    }
    if (held == 0) {
        snprintf(out, JUGGLER_WORDS_BYTES, "%s", all == 1 ? "has no work" : "have no work");
    } else if (held == all) {
        snprintf(out, JUGGLER_WORDS_BYTES, "held by the pause");
    } else {
        snprintf(out, JUGGLER_WORDS_BYTES, "idle or paused");
    }
}

static void hand_words(const struct juggler *juggler, char out[JUGGLER_WORDS_BYTES])
{
    const struct usable_cores *cores = &juggler->model->cores;
    const char *many = juggler->hands == 1 ? "" : "s";
    int used = snprintf(out, JUGGLER_WORDS_BYTES, "%u hand%s = %u core%s", juggler->hands, many, juggler->hands, many);
    if (cores->online > cores->count) {
        snprintf(out + used, JUGGLER_WORDS_BYTES - (size_t)used, " of %u", cores->online);
    }
}

const char *juggler_why_words(const struct juggler *juggler, enum juggler_place place, char out[JUGGLER_WORDS_BYTES])
{
    size_t count = juggler->counts[place];
    switch (place) {
    case JUGGLER_HAND: hand_words(juggler, out); break;
    case JUGGLER_TIED: lock_words(juggler, out); break;
    case JUGGLER_BASKET: basket_words(juggler, out); break;
    default: snprintf(out, JUGGLER_WORDS_BYTES, "%s", count == 1 ? place_words[place].why_one : place_words[place].why_many);
    }
    return out;
}

const char *juggler_short_words(const struct juggler *juggler, enum juggler_place place, char out[JUGGLER_WORDS_BYTES])
{
    if (place == JUGGLER_HAND) {
        snprintf(out, JUGGLER_WORDS_BYTES, "hands %u/%u", juggler->full, juggler->hands);
    } else {
        snprintf(out, JUGGLER_WORDS_BYTES, "%s %zu", place_words[place].few, juggler->counts[place]);
    }
    return out;
}

/* --- what it means ------------------------------------------------------------------------------------------------- */

typedef bool rule(const struct juggler *juggler, char out[JUGGLER_WORDS_BYTES]);

static bool rule_nobody(const struct juggler *juggler, char out[JUGGLER_WORDS_BYTES])
{
    snprintf(out, JUGGLER_WORDS_BYTES, "Nobody juggles: r starts.");
    return !juggler->live;
}

static bool rule_paused(const struct juggler *juggler, char out[JUGGLER_WORDS_BYTES])
{
    snprintf(out, JUGGLER_WORDS_BYTES, "Paused: no ball moves. Space goes on.");
    return juggler->paused;
}

static bool rule_tied(const struct juggler *juggler, char out[JUGGLER_WORDS_BYTES])
{
    size_t tied = juggler->counts[JUGGLER_TIED];
    snprintf(out, JUGGLER_WORDS_BYTES, "%zu tied together: however many hands, one ball at a time.", tied);
    return tied > 0;
}

static bool rule_turns(const struct juggler *juggler, char out[JUGGLER_WORDS_BYTES])
{
    size_t floor = juggler->counts[JUGGLER_FLOOR], want = floor + juggler->full;
    snprintf(out, JUGGLER_WORDS_BYTES, "%zu want a hand, and there %s %u: they take turns.", want,
             juggler->hands == 1 ? "is" : "are", juggler->hands);
    return floor > 0 && juggler->full == juggler->hands;
}

static bool rule_flying(const struct juggler *juggler, char out[JUGGLER_WORDS_BYTES])
{
    snprintf(out, JUGGLER_WORDS_BYTES, "A ball in the air needs no hand: few hands keep many balls flying.");
    return juggler->counts[JUGGLER_AIR] > juggler->hands && juggler->counts[JUGGLER_FLOOR] == 0;
}

static bool rule_batch(const struct juggler *juggler, char out[JUGGLER_WORDS_BYTES])
{
    snprintf(out, JUGGLER_WORDS_BYTES, "The next batch begins when the slowest of this one is done.");
    return juggler->counts[JUGGLER_BENCH] > 0;
}

static rule *const rules[] = {rule_nobody, rule_paused, rule_tied, rule_turns, rule_batch, rule_flying};

const char *juggler_sentence(const struct juggler *juggler, char out[JUGGLER_WORDS_BYTES])
{
    for (size_t i = 0; i < sizeof rules / sizeof rules[0]; i++) {
        if (rules[i](juggler, out)) {
            return out;
        }
    }
    out[0] = '\0';
    return out;
}

/* --- the legend ------------------------------------------------------------------------------------------------------ */

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

/* "t2 receives 31 %": the one that is selected. */
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
        canvas_printf(canvas, row.x + used, row.y, row.columns - used, ROLE_TEXT, " %u %%", model_percent_of(data));
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
