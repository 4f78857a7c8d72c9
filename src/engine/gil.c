/* gil.c - one lock that all threads of a run share, as CPython's interpreter has it. See gil.h.
 *
 * One mutex guards everything but `asked`, which the holder reads at its checkpoints without it: late is good enough there. The words on
 * the board are written under the mutex, so by one thread at a time. */
#include "engine/gil.h"

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <time.h>

#include "base/clock.h"
#include "base/sys.h"
#include "juggler/board.h"

struct gil {
    struct board *board;
    pthread_mutex_t mutex;
    pthread_cond_t free;     /* it was let go */
    pthread_cond_t switched; /* somebody took it */
    bool locked;
    size_t last;        /* slot + 1 that took it last */
    _Atomic bool asked; /* written under the mutex */
    struct gil_words words;
};

/* Timed waits are by CLOCK_MONOTONIC, which nobody sets. */
static int init_conditions(struct gil *gil)
{
    pthread_condattr_t attributes;
    int error = pthread_condattr_init(&attributes);
    if (error)
        return error;
    error = pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    if (!error)
        error = pthread_cond_init(&gil->free, &attributes);
    if (!error)
        error = pthread_cond_init(&gil->switched, &attributes);
    pthread_condattr_destroy(&attributes);
    return error;
}

struct gil *gil_new(struct board *board, uint64_t interval_ns)
{
    struct gil *gil = sys_alloc_zeroed(1, sizeof *gil);
    if (!gil)
        return NULL;
    int error = pthread_mutex_init(&gil->mutex, NULL);
    if (!error)
        error = init_conditions(gil);
    if (error) {
        free(gil);
        errno = error;
        return NULL;
    }
    gil->board = board;
    gil->words = board_read_gil(board); /* a runner that was started again carries on its account */
    gil->words.interval_ns = interval_ns;
    gil->words.holder = 0;
    gil->words.since_ns = clock_now_ns();
    board_write_gil(board, &gil->words);
    return gil;
}

/* All below: with the mutex. */

static void note_taken(struct gil *gil, size_t slot)
{
    gil->locked = true;
    gil->words.switches += gil->last != slot + 1;
    gil->last = slot + 1;
    atomic_store_explicit(&gil->asked, false, memory_order_relaxed);
    pthread_cond_broadcast(&gil->switched);
    gil->words.holder = slot + 1;
    gil->words.since_ns = clock_now_ns();
    gil->words.taken++;
    board_write_gil(gil->board, &gil->words);
}

/* One interval of waiting; when it runs out with the same one still holding it, asks. */
static void wait_an_interval(struct gil *gil)
{
    uint64_t taken = gil->words.taken, until_ns = clock_now_ns() + gil->words.interval_ns;
    const struct timespec until = {.tv_sec = (time_t)(until_ns / NS_PER_S), .tv_nsec = (long)(until_ns % NS_PER_S)};
    int error = pthread_cond_timedwait(&gil->free, &gil->mutex, &until);
    if (error != ETIMEDOUT || !gil->locked || gil->words.taken != taken)
        return;
    gil->words.asked += !atomic_exchange_explicit(&gil->asked, true, memory_order_relaxed);
}

/* --- for workers ---------------------------------------------------------------------------------- */

bool gil_try_take(struct gil *gil, size_t slot)
{
    pthread_mutex_lock(&gil->mutex);
    bool free_now = !gil->locked;
    if (free_now)
        note_taken(gil, slot);
    pthread_mutex_unlock(&gil->mutex);
    return free_now;
}

void gil_take(struct gil *gil, size_t slot)
{
    pthread_mutex_lock(&gil->mutex);
    while (gil->locked)
        wait_an_interval(gil);
    note_taken(gil, slot);
    pthread_mutex_unlock(&gil->mutex);
}

void gil_let_go(struct gil *gil, size_t slot)
{
    pthread_mutex_lock(&gil->mutex);
    uint64_t now_ns = clock_now_ns();
    gil->locked = false;
    gil->words.held_ns += now_ns - gil->words.since_ns;
    gil->words.since_ns = now_ns;
    gil->words.holder = 0;
    board_write_gil(gil->board, &gil->words);
    pthread_cond_signal(&gil->free);
    /* Who asked is still waiting, and leaves only by taking it: so this ends. */
    while (atomic_load_explicit(&gil->asked, memory_order_relaxed) && gil->last == slot + 1)
        pthread_cond_wait(&gil->switched, &gil->mutex);
    pthread_mutex_unlock(&gil->mutex);
}

bool gil_is_asked_for(const struct gil *gil)
{
    return atomic_load_explicit(&gil->asked, memory_order_relaxed);
}
