/* worker.c - how a job's code speaks of what it is doing: phases, progress, checkpoints, and the account of time.
 *
 * A worker writes its own slot and ring, from its own thread, and nothing else but the words of the job it holds. It keeps a private
 * copy of its record and publishes the whole record under the sequence lock.
 *
 * The account of time: wall time is gathered by phase as it passes, in plain integers. At the ends of a job, and every 100 ms within
 * one, it is settled against two figures of the kernel: the thread's CPU clock (exact) and its run delay from schedstat. CPU and delay come first,
 * then lock, barrier and no-work as they were declared; what is left was spent blocked, and that is I/O. So the columns always sum
 * to the wall time. The clock is read first and the kernel's figures after it; to ask for them is to enter the kernel, and on the way out is
 * where a worker that computes is most likely to lose its core. What they have beyond that moment is kept for the next time.
 *
 * A transfer of an event loop shares its thread with all the others. The loop says for whom it has just worked (worker_served), and the
 * CPU time since the last such word is that one's. The kernel keeps the run delay of the thread, not of what it does: for a transfer
 * it is unknown. */
#include "engine/worker.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/sys.h"
#include "engine/gil.h"
#include "juggler/loop.h"

enum { PUBLISH_EVERY_MS = 5, SETTLE_EVERY_MS = 100 };

/* --- the kernel's word ---------------------------------------------------------------------------- */

/* Run delay so far: the second figure of schedstat. False where this kernel does not keep it. */
static bool read_run_delay(int fd, uint64_t *delay_ns)
{
    char text[96];
    ssize_t got = fd < 0 ? -1 : pread(fd, text, sizeof text - 1, 0);
    if (got <= 0)
        return false;
    text[got] = 0;
    unsigned long long on_core, delay;
    if (sscanf(text, "%llu %llu", &on_core, &delay) != 2)
        return false;
    *delay_ns = delay;
    return true;
}

static uint64_t take(uint64_t *rest, uint64_t want)
{
    uint64_t taken = want < *rest ? want : *rest;
    *rest -= taken;
    return taken;
}

uint64_t worker_cpu_ns(const struct worker *worker)
{
    return worker->meter_ns ? worker->served_ns : clock_thread_cpu_ns();
}

void worker_served(struct worker *worker)
{
    uint64_t cpu_ns = clock_thread_cpu_ns();
    worker->served_ns += cpu_ns - *worker->meter_ns;
    *worker->meter_ns = cpu_ns;
}

void worker_settle(struct worker *worker, uint64_t now_ns)
{
    struct slot_data *data = &worker->data;
    if (worker->meter_ns)
        worker_served(worker); /* it is this one's turn, or it would not be settled */
    uint64_t cpu_ns = worker_cpu_ns(worker), delay_ns = worker->delay_ns;
    data->ready_known = read_run_delay(worker->schedstat_fd, &delay_ns);
    worker->class_ns[phase_class_of((enum phase)data->phase)] += now_ns - worker->phase_upto_ns;
    worker->phase_upto_ns = now_ns;

    uint64_t rest = now_ns - data->account_upto_ns;
    uint64_t on_core_ns = take(&rest, cpu_ns - worker->on_core_ns), ready_ns = take(&rest, delay_ns - worker->ready_ns);
    data->account_ns[ACCOUNT_ON_CORE] += on_core_ns;
    data->account_ns[ACCOUNT_READY] += ready_ns;
    data->account_ns[ACCOUNT_LOCK] += take(&rest, worker->class_ns[PHASE_CLASS_LOCK]);
    data->account_ns[ACCOUNT_BARRIER] += take(&rest, worker->class_ns[PHASE_CLASS_BARRIER]);
    data->account_ns[ACCOUNT_NO_WORK] += take(&rest, worker->class_ns[PHASE_CLASS_NO_WORK]);
    data->account_ns[ACCOUNT_IO] += rest;
    data->account_upto_ns = now_ns;

    worker->on_core_ns += on_core_ns;
    worker->ready_ns += ready_ns;
    worker->cpu_ns = cpu_ns;
    worker->delay_ns = delay_ns;
    memset(worker->class_ns, 0, sizeof worker->class_ns);
}

void worker_publish(struct worker *worker, uint64_t now_ns)
{
    worker->published_ns = now_ns;
    board_slot_write(worker->crew->board, worker->slot, &worker->data);
}

/* --- beginning and end ---------------------------------------------------------------------------- */

/* The record is steady: the runner wrote it before this worker existed. */
static void sit_down(struct worker *worker)
{
    board_slot_read(worker->crew->board, worker->slot, &worker->data);
    worker->data.pid = (uint64_t)getpid();
    worker->data.tid = (uint64_t)syscall(SYS_gettid);
    worker->phase_upto_ns = worker->data.account_upto_ns;
    worker_settle(worker, clock_now_ns());
    worker_publish(worker, worker->data.account_upto_ns);
}

void worker_init(struct worker *worker, const struct crew *crew, size_t slot)
{
    int schedstat_fd = sys_openat(AT_FDCWD, "/proc/thread-self/schedstat", O_RDONLY | O_CLOEXEC, 0);
    *worker = (struct worker){.crew = crew, .slot = slot, .schedstat_fd = schedstat_fd};
    sit_down(worker);
}

void worker_init_transfer(struct worker *worker, const struct crew *crew, size_t slot, uint64_t *meter_ns)
{
    *worker = (struct worker){.crew = crew, .slot = slot, .schedstat_fd = -1, .meter_ns = meter_ns};
    sit_down(worker);
}

void worker_end(struct worker *worker, enum phase last, enum worker_exit how)
{
    worker_phase(worker, last);
    worker_settle(worker, clock_now_ns());
    worker->data.exit = how;
    worker_publish(worker, worker->data.account_upto_ns);
    if (worker->schedstat_fd >= 0)
        close(worker->schedstat_fd);
}

/* --- what a job's code says ----------------------------------------------------------------------- */

static void enter(struct worker *worker, enum phase phase)
{
    struct slot_data *data = &worker->data;
    if (data->phase == (uint64_t)phase)
        return;
    uint64_t now_ns = clock_now_ns();
    worker->class_ns[phase_class_of((enum phase)data->phase)] += now_ns - worker->phase_upto_ns;
    worker->phase_upto_ns = now_ns;
    data->phase = (uint64_t)phase;
    data->phase_since_ns = now_ns;
    seat_tell(worker->crew, worker->slot,
              (struct board_event){.time_ns = now_ns, .job = (uint32_t)data->job, .phase = (uint32_t)phase});
    worker_publish(worker, now_ns);
}

/* To compute under an interpreter lock is to hold it; whoever waits for anything else has let it go. */
static void take_gil(struct worker *worker)
{
    struct gil *gil = worker->crew->gil;
    if (!gil_try_take(gil, worker->slot)) {
        enter(worker, PHASE_GIL);
        gil_take(gil, worker->slot);
    }
    worker->has_gil = true;
}

static void let_gil_go(struct worker *worker)
{
    worker->has_gil = false;
    gil_let_go(worker->crew->gil, worker->slot);
}

void worker_phase(struct worker *worker, enum phase phase)
{
    bool computes = worker->crew->gil && phase_class_of(phase) == PHASE_CLASS_RUNNING;
    if (computes && !worker->has_gil)
        take_gil(worker);
    enter(worker, phase);
    if (worker->has_gil && !computes)
        let_gil_go(worker);
}

void worker_progress_now(struct worker *worker, uint64_t done, uint64_t total)
{
    worker->data.done = done;
    worker->data.total = total;
    uint64_t now_ns = clock_now_ns();
    if (now_ns - worker->data.account_upto_ns >= SETTLE_EVERY_MS * NS_PER_MS)
        worker_settle(worker, now_ns);
    worker_publish(worker, now_ns);
}

void worker_progress(struct worker *worker, uint64_t done, uint64_t total)
{
    if (done == total || clock_now_ns() - worker->published_ns >= PUBLISH_EVERY_MS * NS_PER_MS) {
        worker_progress_now(worker, done, total);
        return;
    }
    worker->data.done = done;
    worker->data.total = total;
}

void worker_received(struct worker *worker, uint64_t bytes)
{
    worker->data.bytes += bytes;
}

void worker_attempt(struct worker *worker, unsigned n)
{
    worker->data.attempt = n;
    worker_publish(worker, clock_now_ns());
}

/* At most as much as there is in that phase since the account was settled, so that nothing counts twice. */
void worker_waited(struct worker *worker, uint64_t ns)
{
    enum phase_class class = phase_class_of((enum phase)worker->data.phase);
    uint64_t now_ns = clock_now_ns();
    worker->class_ns[class] += now_ns - worker->phase_upto_ns;
    worker->phase_upto_ns = now_ns;
    uint64_t moved_ns = take(&worker->class_ns[class], ns);
    worker->class_ns[PHASE_CLASS_LOCK] += moved_ns;
}

/* --- what it hears -------------------------------------------------------------------------------- */

/* Somebody has asked: they get it first, and then it is waited for like by everybody else. */
static void hand_gil_over(struct worker *worker)
{
    enum phase before = (enum phase)worker->data.phase;
    enter(worker, PHASE_GIL);
    let_gil_go(worker);
    gil_take(worker->crew->gil, worker->slot);
    worker->has_gil = true;
    enter(worker, before);
}

void worker_hold(struct worker *worker)
{
    if (worker->held_since_ns)
        return;
    worker->held_phase = (enum phase)worker->data.phase;
    worker->held_since_ns = clock_now_ns();
    worker_phase(worker, PHASE_PAUSED);
}

void worker_go_on(struct worker *worker)
{
    if (!worker->held_since_ns)
        return;
    worker->paused_ns += clock_now_ns() - worker->held_since_ns;
    worker->held_since_ns = 0;
    worker_phase(worker, worker->held_phase);
}

bool worker_checkpoint(struct worker *worker)
{
    struct board *board = worker->crew->board;
    enum board_mode mode = board_mode(board);
    if (worker->meter_ns)
        return mode != BOARD_STOP; /* the loop holds all of them at once */
    board_beat(board, worker->slot);
    if (mode == BOARD_PAUSE) {
        worker_hold(worker);
        uint32_t seen = board_wake_word(board);
        while ((mode = board_mode(board)) == BOARD_PAUSE) {
            board_sleep(board, seen, WORKER_PAUSE_NS);
            seen = board_wake_word(board);
        }
        worker_go_on(worker);
    }
    if (worker->has_gil && gil_is_asked_for(worker->crew->gil))
        hand_gil_over(worker);
    return mode != BOARD_STOP;
}

bool worker_sleep(struct worker *worker, uint64_t ns)
{
    struct board *board = worker->crew->board;
    uint64_t end_ns = clock_now_ns() + ns;
    for (;;) {
        uint32_t seen = board_wake_word(board);
        uint64_t now_ns = clock_now_ns();
        if (!worker_checkpoint(worker))
            return false;
        if (now_ns >= end_ns)
            return true;
        uint64_t left_ns = end_ns - now_ns; /* a long one wakes up in between and gives a sign of life */
        board_sleep(board, seen, left_ns < BEAT_EVERY_NS ? left_ns : BEAT_EVERY_NS);
    }
}

static size_t workers_at_once(const struct crew *crew)
{
    size_t slots = board_slots(crew->board), wanted = board_wanted(crew->board);
    if (crew->strategy->at_once == WORKERS_ONE)
        return 1;
    size_t at_once = crew->strategy->at_once == WORKERS_ALL ? crew->set->count : wanted;
    return at_once < slots ? at_once : slots;
}

size_t worker_sharing(const struct worker *worker)
{
    return worker->data.kind == WORKER_PROCESS || worker->crew->gil ? 1 : workers_at_once(worker->crew);
}

bool worker_others_may_come(const struct worker *worker)
{
    const struct crew *crew = worker->crew;
    return crew->set->count <= workers_at_once(crew) && board_queued(crew->board, 1) > 0;
}

uint64_t worker_paused_ns(const struct worker *worker)
{
    return worker->paused_ns;
}
