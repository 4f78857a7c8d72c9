/* claim.c - job words: taking, ending, giving back and recovering a job, each a single compare-and-swap.
 *
 * Who holds a job is in the word itself, so nobody needs a lock and nothing is left behind by a holder that dies.
 * The cursor is only a hint where the first queued job may be; it carries a version, so that a worker that advances it past
 * a job which is put back at the same moment fails its compare-and-swap and leaves it where it was. */
#include <string.h>

#include "board/layout.h"

enum { STATE_BITS = 8, DEATHS_BITS = 8, SLOT_BITS = 16 };

uint64_t job_word_pack(struct job_word word)
{
    return (uint64_t)word.state | (uint64_t)(word.deaths & 0xff) << STATE_BITS |
           (uint64_t)(word.slot & 0xffff) << (STATE_BITS + DEATHS_BITS) |
           (uint64_t)word.generation << (STATE_BITS + DEATHS_BITS + SLOT_BITS);
}

struct job_word job_word_unpack(uint64_t packed)
{
    unsigned state = packed & 0xff;
    return (struct job_word){.state = state < JOB_STATE_COUNT ? (enum job_state)state : JOB_QUEUED,
                             .deaths = (packed >> STATE_BITS) & 0xff,
                             .slot = (packed >> (STATE_BITS + DEATHS_BITS)) & 0xffff,
                             .generation = (uint32_t)(packed >> (STATE_BITS + DEATHS_BITS + SLOT_BITS))};
}

bool job_state_is_final(enum job_state state)
{
    return state == JOB_DONE || state == JOB_FAILED || state == JOB_POISONED;
}

const char *job_state_word(enum job_state state)
{
    static const char *const words[JOB_STATE_COUNT] = {"queued", "running", "done", "failed", "poisoned"};
    return (unsigned)state < JOB_STATE_COUNT ? words[state] : "?";
}

struct job_word board_job(const struct board *board, size_t job)
{
    return job_word_unpack(atomic_load_explicit(board_word_at(board, job), memory_order_acquire));
}

size_t board_job_changed(const struct board *board, size_t from, const uint64_t *seen, uint64_t *word)
{
    for (size_t job = from; job < board->jobs; job++) {
        *word = atomic_load_explicit(board_word_at(board, job), memory_order_acquire);
        if (*word != seen[job])
            return job;
    }
    return board->jobs;
}

static bool word_swap(struct board *board, size_t job, struct job_word from, struct job_word to)
{
    uint64_t expected = job_word_pack(from);
    return atomic_compare_exchange_strong_explicit(board_word_at(board, job), &expected, job_word_pack(to),
                                                   memory_order_acq_rel, memory_order_acquire);
}

/* --- the cursor --------------------------------------------------------------------------------- */

static size_t cursor_index(uint64_t cursor)
{
    return (size_t)(cursor & UINT32_MAX);
}

static uint64_t cursor_make(uint64_t old, size_t index)
{
    return ((old >> 32) + 1) << 32 | (uint64_t)index;
}

static void cursor_lower(struct board *board, size_t index)
{
    uint64_t old = atomic_load_explicit(&board->cursor, memory_order_acquire);
    uint64_t lowered;
    do
        lowered = cursor_make(old, index < cursor_index(old) ? index : cursor_index(old));
    while (
        !atomic_compare_exchange_weak_explicit(&board->cursor, &old, lowered, memory_order_acq_rel, memory_order_acquire));
}

static bool take_first(struct board *board, unsigned slot, uint32_t generation, size_t *job)
{
    uint64_t cursor = atomic_load_explicit(&board->cursor, memory_order_acquire);
    for (size_t i = cursor_index(cursor); i < board->jobs; i++) {
        struct job_word word = board_job(board, i);
        struct job_word mine = {.state = JOB_RUNNING, .deaths = word.deaths, .slot = slot, .generation = generation};
        if (word.state != JOB_QUEUED || !word_swap(board, i, word, mine))
            continue;
        atomic_compare_exchange_strong_explicit(&board->cursor, &cursor, cursor_make(cursor, i + 1), memory_order_acq_rel,
                                                memory_order_acquire);
        *job = i;
        return true;
    }
    return false;
}

/* --- the verbs ---------------------------------------------------------------------------------- */

/* In STEP the one who moves the mode on to PAUSE has the right to one job; with nothing to take it moves the mode back. */
static bool take_step(struct board *board, unsigned slot, uint32_t generation, size_t *job)
{
    uint32_t mode = BOARD_STEP;
    if (!board_queued(board, 1) || !atomic_compare_exchange_strong_explicit(&board->mode, &mode, BOARD_PAUSE,
                                                                            memory_order_acq_rel, memory_order_acquire))
        return false;
    if (take_first(board, slot, generation, job))
        return true;
    mode = BOARD_PAUSE;
    atomic_compare_exchange_strong_explicit(&board->mode, &mode, BOARD_STEP, memory_order_acq_rel, memory_order_acquire);
    return false;
}

bool board_claim(struct board *board, unsigned slot, uint32_t generation, size_t *job)
{
    switch (board_mode(board)) {
    case BOARD_RUN: return take_first(board, slot, generation, job);
    case BOARD_STEP: return take_step(board, slot, generation, job);
    default: return false;
    }
}

static bool is_held(struct job_word word, unsigned slot, uint32_t generation)
{
    return word.state == JOB_RUNNING && word.slot == slot && word.generation == generation;
}

static void result_store(struct board *board, size_t job, const struct job_result *result)
{
    uint64_t plain[RESULT_WORDS];
    memcpy(plain, result, sizeof plain);
    _Atomic uint64_t *at = board_result_at(board, job);
    for (size_t i = 0; i < RESULT_WORDS; i++)
        atomic_store_explicit(&at[i], plain[i], memory_order_relaxed); /* published by the word's compare-and-swap */
}

bool board_finish(struct board *board, size_t job, unsigned slot, uint32_t generation, enum job_state state,
                  const struct job_result *result)
{
    struct job_word word = board_job(board, job);
    if (!is_held(word, slot, generation))
        return false;
    result_store(board, job, result);
    struct job_word ended = word;
    ended.state = state;
    return word_swap(board, job, word, ended);
}

bool board_release(struct board *board, size_t job, unsigned slot, uint32_t generation)
{
    struct job_word word = board_job(board, job);
    struct job_word queued = {.state = JOB_QUEUED, .deaths = word.deaths};
    if (!is_held(word, slot, generation) || !word_swap(board, job, word, queued))
        return false;
    cursor_lower(board, job);
    board_wake_all(board);
    return true;
}

enum job_state board_recover(struct board *board, size_t job, unsigned deaths_max, const struct job_result *poisoned)
{
    struct job_word word = board_job(board, job);
    if (word.state != JOB_RUNNING)
        return word.state;
    struct job_word next = {.state = JOB_QUEUED, .deaths = word.deaths < 255 ? word.deaths + 1 : 255};
    if (next.deaths >= deaths_max) {
        result_store(board, job, poisoned);
        next.state = JOB_POISONED;
        next.slot = word.slot;
        next.generation = word.generation;
    }
    if (!word_swap(board, job, word, next))
        return board_job(board, job).state;
    if (next.state == JOB_QUEUED)
        cursor_lower(board, job);
    board_wake_all(board);
    return next.state;
}

uint64_t board_mark_start(struct board *board, size_t job, uint64_t now_ns)
{
    _Atomic uint64_t *start = &board_result_at(board, job)[offsetof(struct job_result, start_ns) / sizeof(uint64_t)];
    uint64_t stands = atomic_load_explicit(start, memory_order_relaxed);
    if (stands)
        return stands;
    atomic_store_explicit(start, now_ns, memory_order_relaxed);
    return now_ns;
}

void board_result(const struct board *board, size_t job, struct job_result *out)
{
    uint64_t plain[RESULT_WORDS];
    const _Atomic uint64_t *at = board_result_at(board, job);
    for (size_t i = 0; i < RESULT_WORDS; i++)
        plain[i] = atomic_load_explicit(&at[i], memory_order_relaxed);
    memcpy(out, plain, sizeof *out);
    out->note[BOARD_NOTE_BYTES - 1] = 0;
}

bool board_all_final(const struct board *board, size_t *hint)
{
    while (*hint < board->jobs && job_state_is_final(board_job(board, *hint).state))
        ++*hint;
    return *hint >= board->jobs;
}

size_t board_queued(const struct board *board, size_t most)
{
    size_t queued = 0;
    size_t i = cursor_index(atomic_load_explicit(&board->cursor, memory_order_acquire));
    for (; i < board->jobs && queued < most; i++)
        queued += board_job(board, i).state == JOB_QUEUED;
    return queued;
}
