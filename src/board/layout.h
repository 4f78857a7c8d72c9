/* layout.h - how a board lies in memory. Private to this room; everybody else uses board.h.
 *
 *     page 0          struct board: sizes, control words, runner's words
 *     words           one atomic 64-bit word a job
 *     results         RESULT_WORDS atomic words a job
 *     slots           one page a worker: sequence lock, payload, event ring
 *
 * Sizes and offsets are written once before the first fork and only read afterwards; they are the only plain fields. */
#ifndef BOARD_LAYOUT_H
#define BOARD_LAYOUT_H

#include <assert.h>
#include <stdalign.h>
#include <stdatomic.h>
#include <stdint.h>

#include "juggler/board.h"

enum {
    CACHE_LINE_BYTES = 64,
    SLOT_WORDS = sizeof(struct slot_data) / sizeof(uint64_t),
    RESULT_WORDS = sizeof(struct job_result) / sizeof(uint64_t),
    RUNNER_WORDS = sizeof(struct runner_words) / sizeof(uint64_t),
    GIL_WORDS = sizeof(struct gil_words) / sizeof(uint64_t),
    RING_EVENTS = 220 /* what a page holds beside the payload */
};

struct ring_event {
    _Atomic uint64_t time_ns;
    _Atomic uint64_t what; /* phase << 32 | job + 1 */
};

/* What is asked at every look, whether anything is new, lies in one cache line: of a thousand slots that is one miss each. */
struct slot {
    alignas(CACHE_LINE_BYTES) _Atomic uint64_t sequence; /* odd: being written */
    _Atomic uint64_t head;                               /* events ever pushed */
    _Atomic uint64_t beats;                              /* signs of life, by the worker */
    _Atomic uint64_t words[SLOT_WORDS];
    struct ring_event ring[RING_EVENTS];
    alignas(CACHE_LINE_BYTES) _Atomic uint64_t drained;         /* events the app has fetched; it alone writes it */
    alignas(CACHE_LINE_BYTES) _Atomic uint64_t silent_since_ns; /* the runner alone writes it */
};

struct slot_page {
    alignas(BOARD_PAGE_BYTES) struct slot slot;
};

struct board {
    size_t jobs, slots, bytes;
    int memory_fd;                         /* the memfd, as a descriptor of the app */
    size_t words_at, results_at, slots_at; /* offsets from the start of the board */
    alignas(CACHE_LINE_BYTES) _Atomic uint32_t mode;
    _Atomic uint32_t wanted;
    _Atomic uint32_t wake;
    _Atomic uint64_t kill;                             /* generation << 32 | slot + 1; 0: nobody is to be killed */
    alignas(CACHE_LINE_BYTES) _Atomic uint64_t cursor; /* version << 32 | lowest index that may be QUEUED */
    alignas(CACHE_LINE_BYTES) _Atomic uint64_t runner[RUNNER_WORDS];
    alignas(CACHE_LINE_BYTES) _Atomic uint64_t gil[GIL_WORDS];
};

static_assert(sizeof(struct slot_data) % sizeof(uint64_t) == 0, "a slot is whole words");
static_assert(sizeof(struct job_result) % sizeof(uint64_t) == 0, "a result is whole words");
static_assert(sizeof(struct slot_page) == BOARD_PAGE_BYTES, "a slot and its ring fill one page");
static_assert(sizeof(struct board) <= BOARD_PAGE_BYTES, "the head fits its page");

static inline _Atomic uint64_t *board_word_at(const struct board *board, size_t job)
{
    return (_Atomic uint64_t *)((uintptr_t)board + board->words_at) + job;
}

static inline _Atomic uint64_t *board_result_at(const struct board *board, size_t job)
{
    return (_Atomic uint64_t *)((uintptr_t)board + board->results_at) + job * RESULT_WORDS;
}

static inline struct slot *board_slot_at(const struct board *board, size_t slot)
{
    return &((struct slot_page *)((uintptr_t)board + board->slots_at))[slot].slot;
}

#endif
