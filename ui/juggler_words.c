/* juggler_words.c - the juggler's picture in words: who is where, why, and what it means. */
#include <stdio.h>
#include <string.h>

#include "ui/juggler.h"
#include "ui/lane_private.h"

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
    bool compares = juggler->model->compare.live;
    snprintf(out, JUGGLER_WORDS_BYTES,
             compares ? "The comparison's workers are not shown here: c." : "Nobody juggles: r starts.");
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
