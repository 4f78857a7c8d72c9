/* backend_thread.c - workers as threads of the runner (POSIX threads).
 *
 * A thread that has ended sets its seat's flag (release) and pokes the runner; the runner sees the flag (acquire) and joins it. Nothing but the
 * flag is shared beside the board. A thread that crashes takes the runner and all the others along: threads share fate. The app
 * sees that, puts back the jobs that were running and starts a runner again. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

#include "base/sanitized.h"
#include "engine/runner.h"

/* Room for TLS handshakes and GMP's stack scratch; only what is touched becomes memory. The sanitizers need more. */
enum { STACK_BYTES = SANITIZED ? 4 << 20 : 512 << 10 };

static int threads_start(struct runner *runner)
{
    const struct job_kind *kind = runner->crew.set->kind;
    return kind->process_start ? kind->process_start() : 0;
}

static void *thread_main(void *argument)
{
    struct seat *seat = argument;
    seat->end = seat_live(&seat->runner->crew, seat->slot);
    atomic_store_explicit(&seat->ended, true, memory_order_release);
    uint64_t one = 1;
    ssize_t got = write(seat->runner->crew.poke_fd, &one, sizeof one);
    (void)got; /* a full counter pokes as well */
    return NULL;
}

static int threads_make(struct runner *runner, struct seat *seat)
{
    pthread_attr_t attributes;
    int error = pthread_attr_init(&attributes);
    if (error)
        return error;
    atomic_store_explicit(&seat->ended, false, memory_order_relaxed);
    pthread_attr_setstacksize(&attributes, STACK_BYTES);
    error = pthread_create(&seat->thread, &attributes, thread_main, seat);
    pthread_attr_destroy(&attributes);
    if (error)
        return error;
    char name[16];
    snprintf(name, sizeof name, "t%zu", seat->slot % 100000 + 1);
    pthread_setname_np(seat->thread, name);
    (void)runner;
    return 0;
}

static void threads_reap(struct runner *runner)
{
    for (size_t i = 0; i < runner->reach; i++) {
        struct seat *seat = &runner->seats[i];
        if (!seat->occupied || !atomic_load_explicit(&seat->ended, memory_order_acquire))
            continue;
        pthread_join(seat->thread, NULL);
        runner_seat_empty(runner, seat, seat->end, false, 0);
    }
}

static int thread_cpu_clock(const struct seat *seat, clockid_t *clock)
{
    return pthread_getcpuclockid(seat->thread, clock);
}

const struct backend backend_thread = {
    .name = "thread",
    .makes = WORKER_THREAD,
    .start = threads_start,
    .make = threads_make,
    .reap = threads_reap,
    .cpu_clock = thread_cpu_clock,
};
