/* board.c - making a board, its control words and the runner's words. */
#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/futex.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/problem.h"
#include "board/layout.h"

static size_t whole_pages(size_t bytes)
{
    return (bytes + BOARD_PAGE_BYTES - 1) / BOARD_PAGE_BYTES * BOARD_PAGE_BYTES;
}

static struct board board_plan(struct board_size size)
{
    struct board plan = {.jobs = size.jobs, .slots = size.slots, .words_at = BOARD_PAGE_BYTES};
    plan.results_at = plan.words_at + whole_pages(size.jobs * sizeof(uint64_t));
    plan.slots_at = plan.results_at + whole_pages(size.jobs * sizeof(struct job_result));
    plan.bytes = plan.slots_at + size.slots * BOARD_PAGE_BYTES;
    return plan;
}

/* Maps these pages at once, which takes a tenth of the time that as many page faults take, in whose midst a frame would have to wait. Where
 * the kernel cannot do so (before 5.14), they come one by one. */
static void touch_all(void *at, size_t bytes)
{
#ifdef MADV_POPULATE_READ
    madvise(at, bytes, MADV_POPULATE_READ);
#else
    (void)at;
    (void)bytes;
#endif
}

/* fallocate makes a full memory show up here, as an error, and not later as SIGBUS in whoever touches the page first. */
static void *map_shared(size_t bytes, size_t bytes_now, int *fd)
{
    void *at = MAP_FAILED;
    *fd = memfd_create("juggler-board", MFD_CLOEXEC);
    if (*fd >= 0 && ftruncate(*fd, (off_t)bytes) == 0 && fallocate(*fd, 0, 0, (off_t)bytes_now) == 0)
        at = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, *fd, 0);
    int error = errno;
    if (at == MAP_FAILED && *fd >= 0)
        close(*fd);
    if (at != MAP_FAILED)
        touch_all(at, bytes_now);
    errno = error;
    return at;
}

struct board *board_new(struct board_size size, struct problem *problem)
{
    if (size.jobs > BOARD_JOBS_MAX || size.slots < 1 || size.slots > BOARD_WORKERS_MAX || size.reserve > size.slots) {
        problem_set(problem, "%zu jobs for %zu workers are more than a status board holds (%d and %d)", size.jobs,
                    size.slots, BOARD_JOBS_MAX, BOARD_WORKERS_MAX);
        return NULL;
    }
    struct board plan = board_plan(size);
    struct board *board = map_shared(plan.bytes, plan.slots_at + size.reserve * BOARD_PAGE_BYTES, &plan.memory_fd);
    if (board == MAP_FAILED) {
        problem_set_errno(problem, errno, "no memory for the status board (%zu KiB)", plan.bytes / 1024);
        return NULL;
    }
    board->jobs = plan.jobs;
    board->slots = plan.slots;
    board->bytes = plan.bytes;
    board->memory_fd = plan.memory_fd;
    board->words_at = plan.words_at;
    board->results_at = plan.results_at;
    board->slots_at = plan.slots_at;
    atomic_store_explicit(&board->wanted, 1, memory_order_relaxed);
    return board;
}

int board_reserve(struct board *board, size_t slots)
{
    if (slots > board->slots)
        return EINVAL;
    return fallocate(board->memory_fd, 0, 0, (off_t)(board->slots_at + slots * BOARD_PAGE_BYTES)) == 0 ? 0 : errno;
}

void board_free(struct board *board)
{
    if (!board)
        return;
    close(board->memory_fd);
    munmap(board, board->bytes);
}

void board_protect(struct board *board, size_t slot)
{
    char *slots = (char *)board + board->slots_at;
    if (mprotect(slots, board->slots * BOARD_PAGE_BYTES, PROT_READ) == 0)
        mprotect(slots + slot * BOARD_PAGE_BYTES, BOARD_PAGE_BYTES, PROT_READ | PROT_WRITE);
}

size_t board_jobs(const struct board *board)
{
    return board->jobs;
}

size_t board_slots(const struct board *board)
{
    return board->slots;
}

/* --- control words ------------------------------------------------------------------------------ */

enum board_mode board_mode(const struct board *board)
{
    uint32_t mode = atomic_load_explicit(&board->mode, memory_order_acquire);
    return mode <= BOARD_OVER ? (enum board_mode)mode : BOARD_STOP;
}

/* OVER is final, and STOP gives way to OVER alone: a key pressed late must not wake a run that is leaving. */
static bool mode_may_become(uint32_t from, uint32_t to)
{
    return from != BOARD_OVER && (from != BOARD_STOP || to == BOARD_OVER);
}

void board_set_mode(struct board *board, enum board_mode mode)
{
    uint32_t now = atomic_load_explicit(&board->mode, memory_order_acquire);
    while (mode_may_become(now, mode))
        if (atomic_compare_exchange_weak_explicit(&board->mode, &now, mode, memory_order_acq_rel, memory_order_acquire))
            break;
    board_wake_all(board);
}

void board_drain(struct board *board)
{
    uint32_t now = atomic_load_explicit(&board->mode, memory_order_acquire);
    while (now == BOARD_RUN || now == BOARD_STEP)
        if (atomic_compare_exchange_weak_explicit(&board->mode, &now, BOARD_DRAIN, memory_order_acq_rel,
                                                  memory_order_acquire))
            break;
    board_wake_all(board);
}

unsigned board_wanted(const struct board *board)
{
    return atomic_load_explicit(&board->wanted, memory_order_acquire);
}

void board_set_wanted(struct board *board, unsigned workers)
{
    atomic_store_explicit(&board->wanted, workers, memory_order_release);
    board_wake_all(board);
}

bool board_ask_kill(struct board *board, unsigned slot, uint32_t generation)
{
    uint64_t none = 0, wanted = (uint64_t)generation << 32 | (slot + 1);
    return atomic_compare_exchange_strong_explicit(&board->kill, &none, wanted, memory_order_acq_rel, memory_order_acquire);
}

bool board_take_kill(struct board *board, unsigned *slot, uint32_t *generation)
{
    uint64_t asked = atomic_exchange_explicit(&board->kill, 0, memory_order_acq_rel);
    if (!(uint32_t)asked)
        return false;
    *slot = (uint32_t)asked - 1;
    *generation = (uint32_t)(asked >> 32);
    return true;
}

uint32_t board_wake_word(const struct board *board)
{
    return atomic_load_explicit(&board->wake, memory_order_acquire);
}

/* The futex is shared (not FUTEX_PRIVATE): sleepers may be other processes. It is a bell, not a lock: whoever dies beside it
 * leaves nothing behind. */
void board_sleep(struct board *board, uint32_t seen, uint64_t timeout_ns)
{
    struct timespec timeout = {.tv_sec = (time_t)(timeout_ns / NS_PER_S), .tv_nsec = (long)(timeout_ns % NS_PER_S)};
    syscall(SYS_futex, &board->wake, FUTEX_WAIT, seen, &timeout, NULL, 0);
}

void board_wake_all(struct board *board)
{
    atomic_fetch_add_explicit(&board->wake, 1, memory_order_acq_rel);
    syscall(SYS_futex, &board->wake, FUTEX_WAKE, INT_MAX, NULL, NULL, 0);
}

/* --- the runner's words and the interpreter lock's ---------------------------------------------------- */

static void store_words(_Atomic uint64_t *to, const uint64_t *from, size_t count)
{
    for (size_t i = 0; i < count; i++)
        atomic_store_explicit(&to[i], from[i], memory_order_release);
}

static void load_words(uint64_t *to, const _Atomic uint64_t *from, size_t count)
{
    for (size_t i = 0; i < count; i++)
        to[i] = atomic_load_explicit(&from[i], memory_order_acquire);
}

void board_write_runner(struct board *board, const struct runner_words *words)
{
    uint64_t plain[RUNNER_WORDS];
    memcpy(plain, words, sizeof plain);
    store_words(board->runner, plain, RUNNER_WORDS);
}

struct runner_words board_read_runner(const struct board *board)
{
    uint64_t plain[RUNNER_WORDS];
    struct runner_words words;
    load_words(plain, board->runner, RUNNER_WORDS);
    memcpy(&words, plain, sizeof words);
    return words;
}

void board_write_gil(struct board *board, const struct gil_words *words)
{
    uint64_t plain[GIL_WORDS];
    memcpy(plain, words, sizeof plain);
    store_words(board->gil, plain, GIL_WORDS);
}

struct gil_words board_read_gil(const struct board *board)
{
    uint64_t plain[GIL_WORDS];
    struct gil_words words;
    load_words(plain, board->gil, GIL_WORDS);
    memcpy(&words, plain, sizeof words);
    return words;
}
