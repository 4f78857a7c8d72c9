/* juggler_look.c - who is where: every worker of both lanes in one place, by what it says of itself and what the kernel says of it.
 *
 * In a hand is whoever says that it works and has, by the kernel's word, a core. Each lane has its own sampler, which says who executed in the
 * last tenth of a second; both together can name more than there are cores, because workers took turns meanwhile. At most as many as there are
 * cores are on one this moment, so the others are on the floor. A hand is the core on which the kernel last saw its ball; where two were last
 * seen on the same one, the second has another hand, whose core is not known.
 *
 * An interpreter lock goes round two hundred times a second. Shown as the holder is who held it when the figures were last taken, as in the
 * lane's own line; all others who compute, or would like to, are tied. Nobody but the holder can compute, so when the kernel says that the
 * lane's threads had a core, it is the holder's. */
#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "ui/juggler.h"
#include "ui/lane_private.h"
#include "ui/parts.h"

/* Works and has a core, by the kernel's word: waits for a hand while the picture is made. */
enum { CANDIDATE = JUGGLER_PLACES };

/* What holds for all workers of a lane. */
struct crew {
    const struct model_lane *lane;
    const struct task_state *thread; /* of an event loop: the one that leads all transfers */
    size_t holder;                   /* of the interpreter lock, slot + 1; 0: there is none */
    bool known;                      /* the kernel has said who has a core */
    bool mutex;                      /* while they count they sleep for this alone */
    bool loop_taken;                 /* one transfer of the event loop is a candidate: its thread can work at one only */
};

static const struct task_state *loop_thread(const struct model_lane *lane)
{
    if (executor_strategy(lane->snap.executor.how)->backend != BACKEND_LOOP || lane->tasks == NULL) {
        return NULL;
    }
    for (size_t slot = 0; slot < lane->snap.slots; slot++) {
        if (lane->snap.workers[slot].alive) {
            return &lane->tasks[slot];
        }
    }
    return NULL;
}

/* It works, or waits for the lock: whoever waits for a server has let go of it. */
static bool may_hold(const struct snapshot *snap, size_t holder)
{
    if (holder == 0 || holder > snap->slots || !snap->workers[holder - 1].alive) {
        return false;
    }
    enum phase phase = (enum phase)snap->workers[holder - 1].data.phase;
    return phase == PHASE_GIL || phase_class_of(phase) == PHASE_CLASS_RUNNING;
}

size_t juggler_holder(const struct model_lane *lane)
{
    const struct snapshot *snap = &lane->snap;
    if (!lane_has_gil(lane) || run_state_is_over(snap->state)) {
        return 0;
    }
    return may_hold(snap, lane->gil.holder) ? lane->gil.holder : may_hold(snap, snap->gil.holder) ? snap->gil.holder : 0;
}

static struct crew crew_of(const struct model_lane *lane)
{
    const struct snapshot *snap = &lane->snap;
    return (struct crew){.lane = lane,
                         .thread = loop_thread(lane),
                         .holder = juggler_holder(lane),
                         .known = lane->tasks != NULL && snap->executing != SIZE_MAX,
                         .mutex = snap->work == WORK_COUNTER && snap->set != NULL &&
                                  snap->set->options.counter.lock == COUNTER_MUTEX};
}

/* Of the interpreter lock's lane: the holder, and those that wait for it. */
static unsigned place_gil(const struct crew *crew, size_t slot)
{
    if (crew->holder != slot + 1) {
        return JUGGLER_TIED;
    }
    return !crew->known ? JUGGLER_UNKNOWN : crew->lane->snap.executing > 0 ? CANDIDATE : JUGGLER_FLOOR;
}

static unsigned place_running(struct crew *crew, size_t slot)
{
    if (!crew->known || crew->loop_taken) {
        return JUGGLER_UNKNOWN;
    }
    const struct task_state *task = crew->thread != NULL ? crew->thread : &crew->lane->tasks[slot];
    if (task->letter == 'R') {
        crew->loop_taken = crew->thread != NULL && !task->no_core;
        return task->no_core ? JUGGLER_FLOOR : CANDIDATE;
    }
    return task->letter == 'S' && crew->mutex ? JUGGLER_TIED : JUGGLER_UNKNOWN;
}

static unsigned place_worker(struct crew *crew, size_t slot)
{
    const struct worker_snapshot *worker = &crew->lane->snap.workers[slot];
    enum phase phase = (enum phase)worker->data.phase;
    enum phase_class class = phase_class_of(phase);
    if (!worker->used) {
        return JUGGLER_NOBODY;
    }
    if (!worker->alive) { /* at a barrier a thread has ended and is waited for */
        return phase == PHASE_BARRIER && !run_state_is_over(crew->lane->snap.state) ? JUGGLER_BENCH : JUGGLER_GONE;
    }
    if (crew->holder > 0 && (class == PHASE_CLASS_RUNNING || phase == PHASE_GIL)) {
        return place_gil(crew, slot);
    }
    switch (class) {
    case PHASE_CLASS_RUNNING: return place_running(crew, slot);
    case PHASE_CLASS_IO: return JUGGLER_AIR;
    case PHASE_CLASS_LOCK: return JUGGLER_TIED;
    case PHASE_CLASS_BARRIER: return JUGGLER_BENCH;
    case PHASE_CLASS_NO_WORK: return JUGGLER_BASKET;
    default: return JUGGLER_UNKNOWN;
    }
}

static size_t slots_of(const struct model_lane *lane)
{
    size_t slots = lane->there && lane->started ? lane->snap.slots : 0;
    return slots < BOARD_WORKERS_MAX ? slots : BOARD_WORKERS_MAX;
}

static void place_lane(struct juggler *juggler, int number)
{
    const struct model_lane *lane = &juggler->model->lanes[number];
    size_t slots = slots_of(lane);
    if (slots == 0) {
        return;
    }
    struct crew crew = crew_of(lane);
    for (size_t slot = 0; slot < slots; slot++) {
        juggler->places[number][slot] = (uint8_t)place_worker(&crew, slot);
    }
    int columns = 3 + parts_digits(slots);
    juggler->ball_columns = columns > juggler->ball_columns ? columns : juggler->ball_columns;
}

/* --- hands ---------------------------------------------------------------------------------------------------- */

/* The next ball with that place, or waiting for a hand. */
static bool next_placed(const struct juggler *juggler, unsigned place, struct juggler_ball *ball)
{
    for (; ball->lane < MODEL_LANES; ball->lane++, ball->slot = SIZE_MAX) {
        size_t slots = slots_of(&juggler->model->lanes[ball->lane]);
        while (++ball->slot < slots) {
            if (juggler->places[ball->lane][ball->slot] == place) {
                return true;
            }
        }
    }
    return false;
}

static int core_of(const struct juggler *juggler, struct juggler_ball ball)
{
    const struct model_lane *lane = &juggler->model->lanes[ball.lane];
    const struct task_state *thread = loop_thread(lane);
    return thread != NULL ? thread->core : lane->tasks[ball.slot].core;
}

static void take(struct juggler *juggler, unsigned hand, struct juggler_ball ball, int core)
{
    juggler->hand[hand] = (struct juggler_hand){.full = true, .core = core, .ball = ball};
    juggler->places[ball.lane][ball.slot] = JUGGLER_HAND;
    juggler->full++;
}

/* All cores of the machine can be used: then hand 0 is core 0. */
static bool hands_are_cores(const struct juggler *juggler)
{
    return juggler->hands == juggler->model->cores.online;
}

static void take_by_core(struct juggler *juggler)
{
    for (struct juggler_ball ball = JUGGLER_BEFORE_FIRST; next_placed(juggler, CANDIDATE, &ball);) {
        int core = core_of(juggler, ball);
        if (core >= 0 && (unsigned)core < juggler->hands && !juggler->hand[core].full) {
            take(juggler, (unsigned)core, ball, core);
        }
    }
}

/* Into whatever hand is free. Who finds none wants one. */
static void take_others(struct juggler *juggler)
{
    unsigned hand = 0;
    for (struct juggler_ball ball = JUGGLER_BEFORE_FIRST; next_placed(juggler, CANDIDATE, &ball);) {
        while (hand < juggler->hands && juggler->hand[hand].full) {
            hand++;
        }
        if (hand < juggler->hands) {
            take(juggler, hand, ball, hands_are_cores(juggler) ? -1 : core_of(juggler, ball));
        } else {
            juggler->places[ball.lane][ball.slot] = JUGGLER_FLOOR;
        }
    }
}

static int compare_hands(const void *a, const void *b)
{
    const struct juggler_hand *left = a, *right = b;
    return left->full != right->full ? right->full - left->full : (left->core > right->core) - (left->core < right->core);
}

/* Where the usable cores have no names beforehand, hands are in the order of those that they turned out to be. */
static void sort_hands(struct juggler *juggler)
{
    qsort(juggler->hand, juggler->hands, sizeof juggler->hand[0], compare_hands);
    for (unsigned hand = juggler->full; hand-- > 1;) {
        if (juggler->hand[hand].core == juggler->hand[hand - 1].core) {
            juggler->hand[hand].core = -1;
        }
    }
}

static void fill_hands(struct juggler *juggler)
{
    bool named = hands_are_cores(juggler);
    for (unsigned hand = 0; hand < juggler->hands; hand++) {
        juggler->hand[hand] = (struct juggler_hand){.core = named ? (int)hand : -1};
    }
    if (named) {
        take_by_core(juggler);
    }
    take_others(juggler);
    if (!named) {
        sort_hands(juggler);
    }
}

/* Both lanes have workers of the same kind, so that a name could mean two. */
static bool same_letters(const struct model *model)
{
    return slots_of(&model->lanes[0]) > 0 && slots_of(&model->lanes[1]) > 0 &&
           model->lanes[0].snap.workers[0].data.kind == model->lanes[1].snap.workers[0].data.kind;
}

/* --- the look --------------------------------------------------------------------------------------------------- */

static void count_lane(struct juggler *juggler, int number)
{
    const struct model_lane *lane = &juggler->model->lanes[number];
    for (size_t slot = 0; slot < slots_of(lane); slot++) {
        unsigned place = juggler->places[number][slot];
        juggler->counts[place]++;
        juggler->in_lane[number][place]++;
        juggler->workers += place > JUGGLER_GONE;
        juggler->receiving += place == JUGGLER_AIR && lane->snap.workers[slot].data.phase == PHASE_RECEIVING;
    }
    bool live = lane->there && lane->started && !run_state_is_over(lane->snap.state);
    juggler->live = juggler->live || live;
    juggler->paused = juggler->paused && (!live || lane->snap.state == RUN_PAUSED);
}

void juggler_look(struct juggler *juggler, const struct model *model)
{
    unsigned hands = model->cores.count;
    juggler->model = model;
    juggler->hands = hands < 1 ? 1 : hands > JUGGLER_HANDS_MAX ? JUGGLER_HANDS_MAX : hands;
    juggler->full = 0;
    juggler->live = juggler->big = false;
    juggler->paused = true;
    juggler->same_letters = same_letters(model);
    juggler->ball_columns = 4;
    juggler->workers = juggler->receiving = 0;
    for (int place = 0; place < JUGGLER_PLACES; place++) {
        juggler->counts[place] = juggler->in_lane[0][place] = juggler->in_lane[1][place] = 0;
    }
    for (int lane = 0; lane < MODEL_LANES; lane++) {
        place_lane(juggler, lane);
    }
    fill_hands(juggler);
    for (int lane = 0; lane < MODEL_LANES; lane++) {
        count_lane(juggler, lane);
    }
    juggler->paused = juggler->paused && juggler->live;
}

enum juggler_place juggler_place_of(const struct juggler *juggler, struct juggler_ball ball)
{
    bool there = ball.lane >= 0 && ball.lane < MODEL_LANES && ball.slot < slots_of(&juggler->model->lanes[ball.lane]);
    return there ? (enum juggler_place)juggler->places[ball.lane][ball.slot] : JUGGLER_NOBODY;
}

bool juggler_next(const struct juggler *juggler, enum juggler_place place, struct juggler_ball *ball)
{
    return next_placed(juggler, place, ball);
}

bool juggler_selected(const struct juggler *juggler, struct juggler_ball *ball)
{
    const struct model *model = juggler->model;
    *ball = (struct juggler_ball){model->focus, model->lanes[model->focus].selected};
    return juggler_place_of(juggler, *ball) > JUGGLER_GONE;
}

const char *juggler_ball_text(const struct juggler *juggler, struct juggler_ball ball, char out[JUGGLER_BALL_BYTES])
{
    const struct worker_snapshot *worker = &juggler->model->lanes[ball.lane].snap.workers[ball.slot];
    bool twice = juggler->same_letters && ball.lane > 0;
    snprintf(out, JUGGLER_BALL_BYTES, twice ? "<%c%u>" : "(%c%u)", lane_letter(worker->data.kind),
             (unsigned)(ball.slot + 1));
    return out;
}

enum role juggler_role(const struct juggler *juggler, struct juggler_ball ball)
{
    enum juggler_place place = juggler_place_of(juggler, ball);
    enum phase phase = (enum phase)juggler->model->lanes[ball.lane].snap.workers[ball.slot].data.phase;
    return place == JUGGLER_AIR ? lane_role(phase) : juggler_place_role(place);
}

/* --- flight ----------------------------------------------------------------------------------------------------- */

/* Where a phase of waiting begins and ends on the way. Its first half second takes it half-way. */
struct leg {
    double from, to;
};

static struct leg leg_of(enum phase phase)
{
    switch (phase) {
    case PHASE_RESOLVING: return (struct leg){0, 0.1};
    case PHASE_CONNECTING: return (struct leg){0.1, 0.2};
    case PHASE_BACKOFF: return (struct leg){0, 0.5};
    default: return (struct leg){0.2, 0.5};
    }
}

/* How much of the file has come. Of unknown length: less and less is left, and it never arrives. */
static double share_come(const struct slot_data *data)
{
    enum { HALF_WAY_BYTES = 65536 };
    if (data->total > 0) {
        return data->done < data->total ? (double)data->done / (double)data->total : 1;
    }
    return (double)data->done / ((double)data->done + HALF_WAY_BYTES);
}

double juggler_flight(const struct juggler *juggler, struct juggler_ball ball)
{
    const struct snapshot *snap = &juggler->model->lanes[ball.lane].snap;
    const struct slot_data *data = &snap->workers[ball.slot].data;
    if (data->phase == PHASE_RECEIVING) {
        return 0.5 + share_come(data) / 2;
    }
    uint64_t now_ns = snap->paused_since_ns > 0 ? snap->paused_since_ns : snap->now_ns; /* in a pause nothing moves */
    double waited_ns = now_ns > data->phase_since_ns ? (double)(now_ns - data->phase_since_ns) : 0;
    struct leg leg = leg_of((enum phase)data->phase);
    return leg.from + (leg.to - leg.from) * waited_ns / (waited_ns + NS_PER_S / 2.0);
}
