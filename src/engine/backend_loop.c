/* backend_loop.c - workers as transfers in flight, all in the runner's own thread: an event loop (epoll).
 *
 * One thread does everything: the strategy (runner.c), and, whenever the runner would wait, the turns of the loop. So there is nothing to lock
 * and nobody to join; a flight that is over is marked, and emptied at the runner's next look. How a job is done without waiting is
 * the kind's (juggler/loop.h), and no library is known here.
 *
 * A flight leads a worker's life (seat.h): takes a job, ends it, takes the next. Nothing in the loop blocks: a backoff is a moment on its clock; a pause
 * means that the loop looks at nothing but the runner's doorbell, while every flight stands still; stopping gives up all that is in
 * flight and leaves. What waits for the disk is waited for: files are always ready, says the kernel. If the thread dies, so do all. */
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/sys.h"
#include "engine/runner.h"
#include "engine/worker.h"
#include "juggler/loop.h"

#define POKE UINT64_MAX /* the doorbell's mark in the epoll set */

enum { EVENTS_AT_ONCE = 64 };

struct flight {
    struct seat *seat;
    void *place; /* the kind's */
    struct worker worker;
    bool has_job;
    size_t job;
    struct job_result result;
};

struct event_loop {
    const struct job_loop *kind;
    void *state; /* the kind's */
    int epoll_fd;
    uint64_t meter_ns; /* CPU time of this thread that was put down to a flight, or to nobody */
    size_t idle;       /* flights without a job */
    size_t over;       /* flights that have left and are not yet emptied */
    bool held;         /* by a pause */
    bool more;         /* jobs have settled that nobody has looked at */
};

/* --- making and emptying ---------------------------------------------------------------------------- */

/* What the thread has used of its CPU since somebody was named last was its own business. */
static void serve_nobody(struct event_loop *loop)
{
    loop->meter_ns = clock_thread_cpu_ns();
}

static int watch_doorbell(const struct runner *runner)
{
    struct epoll_event event = {.events = EPOLLIN, .data.u64 = POKE};
    return epoll_ctl(runner->loop->epoll_fd, EPOLL_CTL_ADD, runner->crew.poke_fd, &event) ? errno : 0;
}

static int loop_start(struct runner *runner)
{
    const struct job_kind *kind = runner->crew.set->kind;
    int error = !kind->loop ? ENOTSUP : kind->process_start ? kind->process_start() : 0;
    if (error)
        return error;
    struct event_loop *loop = runner->loop = sys_alloc_zeroed(1, sizeof *loop);
    if (!loop)
        return errno;
    loop->kind = kind->loop;
    loop->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
    if (loop->epoll_fd < 0)
        return errno;
    loop->state = loop->kind->open(runner->crew.set, loop->epoll_fd);
    return loop->state ? watch_doorbell(runner) : errno;
}

static int loop_make(struct runner *runner, struct seat *seat)
{
    struct event_loop *loop = runner->loop;
    struct flight *flight = sys_alloc_zeroed(1, sizeof *flight);
    if (!flight)
        return errno;
    flight->seat = seat;
    serve_nobody(loop);
    worker_init_transfer(&flight->worker, &runner->crew, seat->slot, &loop->meter_ns);
    flight->place = loop->kind->join(loop->state, &flight->worker, seat->slot);
    if (!flight->place) {
        int error = errno;
        free(flight);
        return error;
    }
    worker_served(&flight->worker);
    atomic_store_explicit(&seat->ended, false, memory_order_relaxed);
    seat->flight = flight;
    loop->idle++;
    return 0;
}

static void loop_reap(struct runner *runner)
{
    struct event_loop *loop = runner->loop;
    for (size_t i = 0; loop->over && i < runner->reach; i++) {
        struct seat *seat = &runner->seats[i];
        if (!seat->occupied || !atomic_load_explicit(&seat->ended, memory_order_relaxed))
            continue;
        free(seat->flight);
        seat->flight = NULL;
        loop->over--;
        runner_seat_empty(runner, seat, SEAT_END_DONE, false, 0);
    }
}

/* --- a flight's life ---------------------------------------------------------------------------------- */

/* It has no job any more. */
static void leave(struct event_loop *loop, struct flight *flight, enum worker_exit why)
{
    loop->kind->leave(flight->place);
    flight->worker.data.job = 0;
    worker_end(&flight->worker, PHASE_LEFT, why);
    atomic_store_explicit(&flight->seat->ended, true, memory_order_relaxed);
    loop->idle--;
    loop->over++;
}

static void take_job(struct event_loop *loop, struct flight *flight)
{
    struct worker *worker = &flight->worker;
    struct board *board = worker->crew->board;
    if (seat_is_one_too_many(worker)) {
        leave(loop, flight, WORKER_EXIT_LEFT);
        return;
    }
    if (!board_claim(board, (unsigned)worker->slot, (uint32_t)worker->data.generation, &flight->job)) {
        worker->data.job = 0;
        worker_phase(worker, PHASE_NO_WORK);
        return;
    }
    flight->has_job = true;
    loop->idle--;
    seat_begin_job(worker, flight->job, &flight->result);
    loop->kind->begin(flight->place, flight->job, &flight->result);
}

/* True: it may take another one. */
static bool end_job(struct event_loop *loop, struct flight *flight, enum job_outcome outcome)
{
    flight->has_job = false;
    loop->idle++;
    bool goes_on = seat_end_job(&flight->worker, flight->job, outcome, &flight->result);
    if (!goes_on)
        leave(loop, flight, WORKER_EXIT_STOPPED);
    return goes_on;
}

/* Ends what has settled, and begins the next at once, so that its request is out before the next answer is looked at. What settles as it
 * begins waits for the next turn when there is much of it. */
static void collect(struct runner *runner)
{
    struct event_loop *loop = runner->loop;
    size_t slot, most = runner->reach;
    enum job_outcome outcome;
    for (loop->more = false; loop->kind->settled(loop->state, &slot, &outcome);) {
        struct flight *flight = runner->seats[slot].flight;
        if (end_job(loop, flight, outcome))
            take_job(loop, flight);
        if (--most == 0) {
            loop->more = true;
            return;
        }
    }
}

/* --- all flights at once ------------------------------------------------------------------------------ */

/* The next one that is still there, from *slot on; NULL: no more. */
static struct flight *next_flight(const struct runner *runner, size_t *slot)
{
    while (*slot < runner->reach) {
        const struct seat *seat = &runner->seats[(*slot)++];
        if (seat->occupied && !atomic_load_explicit(&seat->ended, memory_order_relaxed))
            return seat->flight;
    }
    return NULL;
}

static void stop_all(struct runner *runner)
{
    struct event_loop *loop = runner->loop;
    struct flight *flight;
    size_t slot = 0;
    enum job_outcome outcome;
    while (loop->kind->settled(loop->state, &slot, &outcome))
        end_job(loop, runner->seats[slot].flight, outcome);
    for (slot = 0; (flight = next_flight(runner, &slot));) {
        if (flight->has_job) {
            loop->kind->give_up(flight->place);
            end_job(loop, flight, JOB_OUTCOME_STOPPED);
        } else {
            leave(loop, flight, WORKER_EXIT_STOPPED);
        }
    }
}

static void end_all(struct runner *runner)
{
    size_t slot = 0;
    for (struct flight *flight; (flight = next_flight(runner, &slot));)
        if (!flight->has_job)
            leave(runner->loop, flight, WORKER_EXIT_FINISHED);
}

static void hold_all(struct runner *runner)
{
    size_t slot = 0;
    for (struct flight *flight; (flight = next_flight(runner, &slot));) {
        if (!flight->has_job && seat_is_one_too_many(&flight->worker))
            leave(runner->loop, flight, WORKER_EXIT_LEFT);
        else
            worker_hold(&flight->worker);
    }
    runner->loop->held = true;
}

static void let_all_go_on(struct runner *runner)
{
    size_t slot = 0;
    if (!runner->loop->held)
        return;
    for (struct flight *flight; (flight = next_flight(runner, &slot));)
        worker_go_on(&flight->worker);
    runner->loop->held = false;
}

/* Those without a job: there may be one now, or they may be too many. */
static void send_off(struct runner *runner)
{
    size_t slot = 0;
    if (!runner->loop->idle)
        return;
    for (struct flight *flight; (flight = next_flight(runner, &slot));)
        if (!flight->has_job)
            take_job(runner->loop, flight);
}

/* --- a turn ------------------------------------------------------------------------------------------- */

static void empty_doorbell(const struct runner *runner)
{
    uint64_t count;
    ssize_t got = read(runner->crew.poke_fd, &count, sizeof count);
    (void)got;
}

static bool may_move(const struct runner *runner)
{
    enum board_mode mode = board_mode(runner->crew.board);
    return mode == BOARD_RUN || mode == BOARD_STEP || mode == BOARD_DRAIN;
}

/* How long there is nothing to do but to wait, rounded up: too early would be in vain. */
static int wait_ms(const struct event_loop *loop, int timeout_ms)
{
    uint64_t due_ns = loop->kind->due_ns(loop->state), now_ns = clock_now_ns();
    if (loop->more || due_ns <= now_ns)
        return 0;
    uint64_t ms = (due_ns - now_ns - 1) / NS_PER_MS + 1;
    return ms < (uint64_t)timeout_ms ? (int)ms : timeout_ms;
}

/* What is ready goes first, then what is due, then what settled by itself. A pause or a stop is heeded after each single one. */
static void move(struct runner *runner, int timeout_ms)
{
    struct event_loop *loop = runner->loop;
    struct epoll_event events[EVENTS_AT_ONCE];
    int got = epoll_wait(loop->epoll_fd, events, EVENTS_AT_ONCE, wait_ms(loop, timeout_ms));
    serve_nobody(loop);
    for (int i = 0; i < got && may_move(runner); i++) {
        if (events[i].data.u64 == POKE)
            empty_doorbell(runner);
        else
            loop->kind->ready(loop->state, events[i].data.u64, events[i].events);
        collect(runner);
    }
    uint64_t now_ns = clock_now_ns();
    if (may_move(runner) && loop->kind->due_ns(loop->state) <= now_ns)
        loop->kind->time(loop->state, now_ns);
    collect(runner);
}

/* A pause: nothing is looked at but the doorbell. */
static void stand_still(const struct runner *runner, int timeout_ms)
{
    struct pollfd doorbell = {.fd = runner->crew.poke_fd, .events = POLLIN};
    if (poll(&doorbell, 1, timeout_ms) > 0)
        empty_doorbell(runner);
}

static void loop_wait(struct runner *runner, int timeout_ms)
{
    struct board *board = runner->crew.board;
    enum board_mode mode = board_mode(board);
    serve_nobody(runner->loop);
    if (mode == BOARD_STOP)
        stop_all(runner);
    else if (mode == BOARD_OVER)
        end_all(runner);
    if (may_move(runner)) {
        let_all_go_on(runner);
        send_off(runner);
        collect(runner);
    }
    mode = board_mode(board); /* who took the one job of a step has made it a pause */
    if (mode == BOARD_PAUSE)
        hold_all(runner);
    if (runner->loop->over)
        return; /* the runner has something to look at */
    if (mode == BOARD_PAUSE)
        stand_still(runner, timeout_ms);
    else if (mode < BOARD_STOP)
        move(runner, timeout_ms);
}

const struct backend backend_loop = {
    .name = "loop",
    .makes = WORKER_TRANSFER,
    .start = loop_start,
    .make = loop_make,
    .reap = loop_reap,
    .wait = loop_wait,
};
