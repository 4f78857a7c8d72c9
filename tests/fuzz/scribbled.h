/* scribbled.h - a run whose board somebody scribbles over: for fuzz_board.c, and for tests/unit/test_wild_board.c, which draws what is seen of it.
 *
 * There is no runner behind it, and nothing is forked. Sizes and offsets in the board's first page are left alone: nobody writes them, and
 * docs/reliability.md says that wild writes there are not kept off. */
#ifndef TESTS_FUZZ_SCRIBBLED_H
#define TESTS_FUZZ_SCRIBBLED_H

#include <unistd.h>

#include "base/clock.h"
#include "base/problem.h"
#include "base/sys.h"
#include "board/layout.h"
#include "engine/run_private.h"
#include "tests/fuzz/fuzz.h"

enum { SCRIBBLED_JOBS = 24, SCRIBBLED_SLOTS = 6, SCRIBBLED_PARTS = 7 };

/* One board for all inputs, as new: making one takes much longer than all the rest. */
static inline struct board *scribbled_board(void)
{
    static struct board *board;
    struct problem problem = {.text = ""};
    if (!board)
        board = board_new((struct board_size){.jobs = SCRIBBLED_JOBS, .slots = SCRIBBLED_SLOTS, .reserve = SCRIBBLED_SLOTS},
                          &problem);
    FUZZ_CHECK(board);
    memset((char *)board + board->words_at, 0, board->bytes - board->words_at);
    memset(&board->mode, 0, sizeof *board - offsetof(struct board, mode));
    return board;
}

/* how: the kind of work, and whether there is a runner (0x80). Closed by scribbled_close. */
static inline void scribbled_open(struct run *run, struct job_set *set, uint8_t how)
{
    static struct job_input inputs[SCRIBBLED_JOBS];
    for (size_t i = 0; i < SCRIBBLED_JOBS; i++)
        inputs[i] = (struct job_input){.text = "http://h/evil\x1b[31m\u202e.jpg", .name = "evil_[31m.jpg", .limit = 1000};
    *set =
        (struct job_set){.kind = job_kind_of(how % WORK_COUNT), .inputs = inputs, .count = SCRIBBLED_JOBS, .output_dir = -1};
    *run = (struct run){.executor = {.how = HOW_THREAD_POOL, .width = SCRIBBLED_SLOTS},
                        .usable_cores = 2,
                        .runner = how & 0x80 ? getpid() : 0,
                        .ended = RUN_DONE,
                        .pidfd = -1,
                        .slots = SCRIBBLED_SLOTS,
                        .keep_events = true,
                        .made_ns = clock_now_ns(),
                        .ended_ns = clock_now_ns()};
    run->crew = (struct crew){.set = set, .strategy = executor_strategy(HOW_THREAD_POOL), .poke_fd = -1, .bell_fd = -1};
    run->crew.board = scribbled_board();
    run->results = sys_alloc_zeroed(SCRIBBLED_JOBS, sizeof *run->results);
    run->words = sys_alloc_zeroed(SCRIBBLED_JOBS, sizeof *run->words);
    run->workers = sys_alloc_zeroed(SCRIBBLED_SLOTS, sizeof *run->workers);
    run->event_cursors = sys_alloc_zeroed(SCRIBBLED_SLOTS, sizeof *run->event_cursors);
    run->slot_seen = sys_alloc_zeroed(SCRIBBLED_SLOTS, sizeof *run->slot_seen);
    run->tally.in_state[JOB_QUEUED] = SCRIBBLED_JOBS;
    run->weight = SCRIBBLED_JOBS;
    FUZZ_CHECK(run->results && run->words && run->workers && run->event_cursors && run->slot_seen);
}

static inline void scribbled_close(struct run *run)
{
    free(run->results);
    free(run->words);
    free(run->workers);
    free(run->event_cursors);
    free(run->slot_seen);
    free(run->events);
}

/* The words of a part of the board, and how many there are. */
static inline _Atomic uint64_t *scribbled_part(struct board *board, unsigned part, size_t *words)
{
    char *base = (char *)board;
    switch (part) {
    case 0: *words = SCRIBBLED_JOBS; return (_Atomic uint64_t *)(base + board->words_at);
    case 1: *words = SCRIBBLED_JOBS * RESULT_WORDS; return (_Atomic uint64_t *)(base + board->results_at);
    case 2:
        *words = SCRIBBLED_SLOTS * BOARD_PAGE_BYTES / sizeof(uint64_t);
        return (_Atomic uint64_t *)(base + board->slots_at);
    case 3: *words = RUNNER_WORDS; return board->runner;
    case 4: *words = GIL_WORDS; return board->gil;
    case 5: *words = 2; return &board_slot_at(board, 1)->sequence;
    default: *words = SLOT_WORDS; return board_slot_at(board, 0)->words;
    }
}

#endif
