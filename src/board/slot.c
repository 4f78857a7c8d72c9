/* slot.c - a worker's record under its sequence lock, and its event ring. The protocol is in board.h.
 *
 * One writer at a time: the worker while it lives; the runner (or the app, when the runner is dead and reaped) before and after.
 * A writer that dies half-way leaves the count odd; the next writer of the slot makes it even again. */
#include <string.h>

#include "board/layout.h"

void board_slot_write(struct board *board, size_t slot, const struct slot_data *data)
{
    uint64_t plain[SLOT_WORDS];
    memcpy(plain, data, sizeof plain);
    struct slot *at = board_slot_at(board, slot);
    uint64_t odd = atomic_load_explicit(&at->sequence, memory_order_relaxed) | 1;
    atomic_store_explicit(&at->sequence, odd, memory_order_release);
    for (size_t i = 0; i < SLOT_WORDS; i++)
        atomic_store_explicit(&at->words[i], plain[i], memory_order_release);
    atomic_store_explicit(&at->sequence, odd + 1, memory_order_release);
}

/* True: the copy is steady. It is made in any case. */
static bool slot_copy(const struct slot *at, uint64_t plain[SLOT_WORDS])
{
    uint64_t before = atomic_load_explicit(&at->sequence, memory_order_acquire);
    for (size_t i = 0; i < SLOT_WORDS; i++)
        plain[i] = atomic_load_explicit(&at->words[i], memory_order_acquire);
    return !(before & 1) && atomic_load_explicit(&at->sequence, memory_order_acquire) == before;
}

bool board_slot_read(const struct board *board, size_t slot, struct slot_data *out)
{
    uint64_t plain[SLOT_WORDS];
    for (int i = 0; i < BOARD_READ_TRIES; i++) {
        if (slot_copy(board_slot_at(board, slot), plain)) {
            memcpy(out, plain, sizeof *out);
            return true;
        }
    }
    return false;
}

/* Noted before the copy is made: what is written meanwhile makes the count another one, and is copied next time. */
enum board_news board_slot_read_new(const struct board *board, size_t slot, uint64_t *seen, struct slot_data *out)
{
    uint64_t sequence = atomic_load_explicit(&board_slot_at(board, slot)->sequence, memory_order_acquire);
    if (sequence == *seen)
        return BOARD_UNCHANGED;
    if (!board_slot_read(board, slot, out))
        return BOARD_UNSTEADY;
    *seen = sequence;
    return BOARD_NEW;
}

void board_slot_salvage(const struct board *board, size_t slot, struct slot_data *out)
{
    uint64_t plain[SLOT_WORDS];
    slot_copy(board_slot_at(board, slot), plain);
    memcpy(out, plain, sizeof *out);
}

void board_slot_tear(struct board *board, size_t slot)
{
    struct slot *at = board_slot_at(board, slot);
    atomic_store_explicit(&at->sequence, atomic_load_explicit(&at->sequence, memory_order_relaxed) | 1,
                          memory_order_release);
}

/* --- signs of life -------------------------------------------------------------------------------- */

/* One writer, so it needs no read-modify-write. */
void board_beat(struct board *board, size_t slot)
{
    struct slot *at = board_slot_at(board, slot);
    atomic_store_explicit(&at->beats, atomic_load_explicit(&at->beats, memory_order_relaxed) + 1, memory_order_relaxed);
}

/* Both only grow, so their sum is another one when either is. */
uint64_t board_signs(const struct board *board, size_t slot)
{
    const struct slot *at = board_slot_at(board, slot);
    return atomic_load_explicit(&at->beats, memory_order_relaxed) +
           atomic_load_explicit(&at->sequence, memory_order_relaxed);
}

void board_set_silent(struct board *board, size_t slot, uint64_t since_ns)
{
    atomic_store_explicit(&board_slot_at(board, slot)->silent_since_ns, since_ns, memory_order_release);
}

uint64_t board_silent_since(const struct board *board, size_t slot)
{
    return atomic_load_explicit(&board_slot_at(board, slot)->silent_since_ns, memory_order_acquire);
}

/* --- words ---------------------------------------------------------------------------------------- */

const char *worker_kind_word(enum worker_kind kind)
{
    static const char *const words[WORKER_KIND_COUNT] = {"thread", "process", "transfer"};
    return (unsigned)kind < WORKER_KIND_COUNT ? words[kind] : "?";
}

char worker_kind_letter(enum worker_kind kind)
{
    static const char letters[WORKER_KIND_COUNT] = {'t', 'p', 'e'};
    return (unsigned)kind < WORKER_KIND_COUNT ? letters[kind] : '?';
}

const char *worker_exit_word(enum worker_exit how)
{
    static const char *const words[] = {"running", "finished", "left", "stopped", "killed"};
    return (size_t)how < sizeof words / sizeof *words ? words[how] : "?";
}

/* --- events ------------------------------------------------------------------------------------- */

size_t board_event_capacity(void)
{
    return RING_EVENTS;
}

bool board_event_push(struct board *board, size_t slot, struct board_event event)
{
    struct slot *at = board_slot_at(board, slot);
    uint64_t head = atomic_load_explicit(&at->head, memory_order_relaxed);
    struct ring_event *cell = &at->ring[head % RING_EVENTS];
    atomic_store_explicit(&cell->time_ns, event.time_ns, memory_order_release);
    atomic_store_explicit(&cell->what, (uint64_t)event.phase << 32 | event.job, memory_order_release);
    atomic_store_explicit(&at->head, head + 1, memory_order_release);
    uint64_t waiting = head + 1 - atomic_load_explicit(&at->drained, memory_order_relaxed);
    return waiting > 0 && waiting % (RING_EVENTS / 2) == 0;
}

/* The producer may be writing cell head while we read, so the oldest that can be trusted is head - RING_EVENTS + 1. */
static uint64_t oldest_safe(uint64_t head)
{
    return head >= RING_EVENTS ? head - RING_EVENTS + 1 : 0;
}

size_t board_event_drain(struct board *board, size_t slot, uint64_t *cursor, struct board_event *out, size_t room,
                         uint64_t *lost)
{
    struct slot *at = board_slot_at(board, slot);
    uint64_t head = atomic_load_explicit(&at->head, memory_order_acquire);
    if (head == *cursor)
        return 0;
    uint64_t from = *cursor > oldest_safe(head) ? *cursor : oldest_safe(head);
    uint64_t first = from;
    size_t got = 0;
    for (; from < head && got < room; from++, got++) {
        const struct ring_event *cell = &at->ring[from % RING_EVENTS];
        out[got].time_ns = atomic_load_explicit(&cell->time_ns, memory_order_acquire);
        uint64_t what = atomic_load_explicit(&cell->what, memory_order_acquire);
        out[got].phase = (uint32_t)(what >> 32);
        out[got].job = (uint32_t)what;
    }
    uint64_t safe = oldest_safe(atomic_load_explicit(&at->head, memory_order_acquire));
    size_t spoilt = safe > first ? (size_t)(safe - first < got ? safe - first : got) : 0;
    memmove(out, out + spoilt, (got - spoilt) * sizeof *out);
    if (first > *cursor)
        *lost += first - *cursor;
    *lost += spoilt;
    *cursor = from;
    atomic_store_explicit(&at->drained, from, memory_order_relaxed);
    return got - spoilt;
}
