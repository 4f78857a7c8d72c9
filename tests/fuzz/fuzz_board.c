/* fuzz_board.c - a board that somebody scribbles over: every snapshot is in range all the same, and a job that was final stays as it was.
 *
 * The input is a list of scribbles, 11 bytes each: which part, where, and what is written there. Sizes and offsets in the board's first
 * page are left alone: nobody writes them, and docs/reliability.md says that wild writes there are not kept off. */
#include <signal.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/sys.h"
#include "board/layout.h"
#include "engine/run_private.h"
#include "tests/fuzz/snapshot_check.h"

enum { JOBS = 24, SLOTS = 6, PARTS = 8, LOOKS_MAX = 16 };

static struct job_input inputs[JOBS];

/* One board for all inputs, as new: making one takes much longer than all the rest. */
static struct board *clean_board(void)
{
    static struct board *board;
    struct problem problem = {.text = ""};
    if (!board)
        board = board_new((struct board_size){.jobs = JOBS, .slots = SLOTS, .reserve = SLOTS}, &problem);
    FUZZ_CHECK(board);
    memset((char *)board + board->words_at, 0, board->bytes - board->words_at);
    memset(&board->mode, 0, sizeof *board - offsetof(struct board, mode));
    return board;
}

static void open_run(struct run *run, struct job_set *set, const uint8_t how)
{
    *set = (struct job_set){.kind = job_kind_of(how % WORK_COUNT), .inputs = inputs, .count = JOBS, .output_dir = -1};
    *run = (struct run){.executor = {.how = HOW_THREAD_POOL, .width = SLOTS},
                        .usable_cores = 2,
                        .runner = how & 0x80 ? getpid() : 0,
                        .ended = RUN_DONE,
                        .pidfd = -1,
                        .slots = SLOTS,
                        .keep_events = true,
                        .made_ns = clock_now_ns(),
                        .ended_ns = clock_now_ns()};
    run->crew = (struct crew){.set = set, .strategy = executor_strategy(HOW_THREAD_POOL), .poke_fd = -1, .bell_fd = -1};
    run->crew.board = clean_board();
    run->results = sys_alloc_zeroed(JOBS, sizeof *run->results);
    run->words = sys_alloc_zeroed(JOBS, sizeof *run->words);
    run->workers = sys_alloc_zeroed(SLOTS, sizeof *run->workers);
    run->event_cursors = sys_alloc_zeroed(SLOTS, sizeof *run->event_cursors);
    run->slot_seen = sys_alloc_zeroed(SLOTS, sizeof *run->slot_seen);
    run->tally.in_state[JOB_QUEUED] = JOBS;
    run->weight = JOBS;
    FUZZ_CHECK(run->results && run->words && run->workers && run->event_cursors && run->slot_seen);
}

static void close_run(struct run *run)
{
    free(run->results);
    free(run->words);
    free(run->workers);
    free(run->event_cursors);
    free(run->slot_seen);
    free(run->events);
}

/* The words of a part of the board, and how many there are. */
static _Atomic uint64_t *part_of(struct board *board, unsigned part, size_t *words)
{
    char *base = (char *)board;
    switch (part) {
    case 0: *words = JOBS; return (_Atomic uint64_t *)(base + board->words_at);
    case 1: *words = JOBS * RESULT_WORDS; return (_Atomic uint64_t *)(base + board->results_at);
    case 2: *words = SLOTS * BOARD_PAGE_BYTES / sizeof(uint64_t); return (_Atomic uint64_t *)(base + board->slots_at);
    case 3: *words = RUNNER_WORDS; return board->runner;
    case 4: *words = GIL_WORDS; return board->gil;
    case 5: *words = 2; return &board_slot_at(board, 1)->sequence;
    default: *words = SLOT_WORDS; return board_slot_at(board, 0)->words;
    }
}

static void scribble(struct run *run, const uint8_t **data, size_t *size)
{
    struct board *board = run->crew.board;
    unsigned part = fuzz_byte(data, size);
    size_t at = fuzz_byte(data, size);
    at |= (size_t)fuzz_byte(data, size) << 8;
    uint64_t value = fuzz_number(data, size), words;
    if (part % PARTS == PARTS - 1) {
        atomic_store(&board->mode, (uint32_t)value);
        return;
    }
    size_t count;
    _Atomic uint64_t *word = part_of(board, part % PARTS, &count);
    words = part & 0x40 ? count : 1; /* the whole part, or one word of it */
    for (size_t i = 0; i < words; i++)
        atomic_store(&word[(at + i) % count], value);
}

static size_t count_alive(const struct snapshot *snap)
{
    size_t alive = 0;
    for (size_t i = 0; i < snap->slots; i++)
        alive += snap->workers[i].alive;
    return alive;
}

static void look(struct run *run, struct job_snapshot before[JOBS])
{
    struct snapshot snap;
    run_note_pause(run, clock_now_ns());
    run_drain_events(run);
    run_snapshot(run, &snap);
    check_snapshot(&snap);
    FUZZ_CHECK(snap.alive == count_alive(&snap));
    for (size_t i = 0; i < JOBS; i++)
        if (job_state_is_final(before[i].word.state))
            FUZZ_CHECK(memcmp(&before[i], &snap.results[i], sizeof before[i]) == 0);
    memcpy(before, snap.results, JOBS * sizeof *before);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct run run;
    struct job_set set;
    struct job_snapshot before[JOBS] = {0};
    open_run(&run, &set, fuzz_byte(&data, &size));
    for (int i = 0; size && i < LOOKS_MAX; i++) {
        for (unsigned count = 1U + fuzz_byte(&data, &size) % 8; count && size; count--)
            scribble(&run, &data, &size);
        look(&run, before);
    }
    close_run(&run);
    return 0;
}
