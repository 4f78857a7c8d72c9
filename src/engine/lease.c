/* lease.c - a worker that gives no sign of life is shown, and at the end of its lease killed. See lease.h.
 *
 * A SIGN OF LIFE is any of these: it beats (at every checkpoint, and at least once a second while it waits for a server, for work, or for the
 * end of a pause), it writes its record, its CPU clock moves. So a long multiplication is no silence (it beats not, but computes), nor is a
 * server that takes minutes (libcurl looks about once a second), nor a retry's backoff. Only two states of the kernel's can be silence: T,
 * stopped by a signal; and S, asleep, in which an honest worker is never for more than a second. Who wants a core and gets none (R),
 * waits for a disk (D), or is held by a debugger (t) is not judged, nor is anybody of whom the kernel does not tell. An endless
 * loop is none either: nobody can tell it from a long multiplication.
 *
 * HOW LONG is counted in looks, not by the clock: a look can't make anybody older than two of its periods, however late it comes. So a runner
 * that was stopped together with its workers, a machine that slept, or one that had no time for the runner itself ages nobody.
 * While the run is paused nobody ages.
 *
 * AT THE END of its lease a process is killed, before it is reaped, by the runner that forked it; what follows is what follows any death, so a
 * worker that wakes up late wakes up dead, and were it not, the generation in the job's word would keep it from counting anything.
 * The death is charged to its job: a person's SIGSTOP is no fault of the job, but nobody can tell it from a job that hangs, and that one
 * would go round for ever. A thread can't be ended alone, it is only shown; a transfer shares the runner's own thread. */
#include "engine/lease.h"

#include "base/clock.h"
#include "base/task_stat.h"

#define LOOK_EVERY_NS NS_PER_S        /* more often where a lease is short */
#define SHOWN_AFTER_NS (2 * NS_PER_S) /* whoever sleeps wakes up once a second: that is no silence */

static uint64_t look_every_ns(const struct runner *runner)
{
    uint64_t quarter_ns = runner->crew.lease_ns / 4;
    return quarter_ns && quarter_ns < LOOK_EVERY_NS ? quarter_ns : LOOK_EVERY_NS;
}

int lease_timeout_ms(const struct runner *runner, int timeout_ms)
{
    uint64_t due_ns = runner->leases_ns + look_every_ns(runner), now_ns = clock_now_ns();
    int due_ms = due_ns > now_ns ? (int)((due_ns - now_ns) / NS_PER_MS) + 1 : 1;
    return runner->backend->cpu_clock && due_ms < timeout_ms ? due_ms : timeout_ms;
}

/* --- signs ------------------------------------------------------------------------------------------ */

/* 0: not known. */
static uint64_t cpu_ns_of(const struct runner *runner, const struct seat *seat)
{
    clockid_t clock;
    struct timespec time;
    if (runner->backend->cpu_clock(seat, &clock) != 0 || clock_gettime(clock, &time) != 0)
        return 0;
    return (uint64_t)time.tv_sec * NS_PER_S + (uint64_t)time.tv_nsec;
}

/* Stopped or asleep, by the kernel's word. Asked last: it is a file to be opened. */
static bool may_be_silent(const struct runner *runner, const struct seat *seat)
{
    struct slot_data data;
    if (!board_slot_read(runner->crew.board, seat->slot, &data))
        return false;
    uint64_t pid = seat->pid ? (uint64_t)seat->pid : data.pid, tid = seat->pid ? pid : data.tid;
    char letter = tid ? task_stat_read(pid, tid).letter : '\0';
    return letter == 'T' || letter == 'S';
}

/* From when on silence has consequences. Until then the kernel's word on its state can wait. */
static uint64_t patience_ns(const struct runner *runner)
{
    uint64_t lease_ns = runner->crew.lease_ns;
    return lease_ns && lease_ns < SHOWN_AFTER_NS ? lease_ns : SHOWN_AFTER_NS;
}

static bool gives_a_sign(const struct runner *runner, struct seat *seat, uint64_t passed_ns)
{
    struct lease *lease = &seat->lease;
    uint64_t signs = board_signs(runner->crew.board, seat->slot), cpu_ns = cpu_ns_of(runner, seat);
    bool moved = signs != lease->signs || cpu_ns != lease->cpu_ns || !cpu_ns;
    lease->signs = signs;
    lease->cpu_ns = cpu_ns;
    return moved || (lease->silent_ns + passed_ns >= patience_ns(runner) && !may_be_silent(runner, seat));
}

/* --- leases ----------------------------------------------------------------------------------------- */

void lease_begin(struct runner *runner, struct seat *seat)
{
    seat->lease = (struct lease){.signs = board_signs(runner->crew.board, seat->slot)};
    board_set_silent(runner->crew.board, seat->slot, 0);
}

void lease_end(struct runner *runner, struct seat *seat)
{
    board_set_silent(runner->crew.board, seat->slot, 0);
}

static bool has_run_out(const struct runner *runner, const struct seat *seat)
{
    uint64_t lease_ns = runner->crew.lease_ns;
    return lease_ns && seat->lease.silent_ns >= lease_ns && runner->backend->kill_one;
}

static void age(struct runner *runner, struct seat *seat, uint64_t now_ns, uint64_t passed_ns)
{
    struct lease *lease = &seat->lease;
    if (seat->hung)
        return; /* it has been killed, and has still to be reaped */
    if (gives_a_sign(runner, seat, passed_ns))
        lease->silent_ns = 0;
    else {
        lease->since_ns = lease->silent_ns ? lease->since_ns : now_ns - passed_ns;
        lease->silent_ns += passed_ns;
    }
    bool shown = lease->silent_ns >= SHOWN_AFTER_NS;
    runner->words.silent += shown;
    board_set_silent(runner->crew.board, seat->slot, shown ? lease->since_ns : 0);
    if (!has_run_out(runner, seat))
        return;
    seat->hung = true;
    runner->backend->kill_one(seat);
}

void lease_look(struct runner *runner)
{
    uint64_t now_ns = clock_now_ns(), every_ns = look_every_ns(runner);
    uint64_t passed_ns = now_ns - runner->leases_ns;
    enum board_mode mode = board_mode(runner->crew.board);
    if (!runner->backend->cpu_clock || passed_ns < every_ns)
        return;
    runner->leases_ns = now_ns;
    if (mode == BOARD_PAUSE || mode == BOARD_STOP)
        return;
    passed_ns = passed_ns < 2 * every_ns ? passed_ns : 2 * every_ns;
    runner->words.silent = 0;
    for (size_t i = 0; i < runner->reach; i++) {
        struct seat *seat = &runner->seats[i];
        if (seat->occupied && !atomic_load_explicit(&seat->ended, memory_order_relaxed))
            age(runner, seat, now_ns, passed_ns);
    }
}
