/* watched_run.h - a run is looked after until something holds of it; and what holds of every one. Include behind cmocka.h. */
#ifndef TESTS_UNIT_WATCHED_RUN_H
#define TESTS_UNIT_WATCHED_RUN_H

#include <poll.h>

#include "base/clock.h"
#include "base/sanitized.h"
#include "juggler/run.h"

/* No bound of anybody's: a run that hangs is to be told. A thousand threads take their time under ThreadSanitizer. */
enum { DEADLINE_S = SANITIZED ? 300 : 60 };

typedef bool condition(const struct snapshot *snap, size_t n);

/* Looks after the run until the condition holds. */
static inline struct snapshot wait_until(struct run *run, condition *holds, size_t n, const char *what)
{
    uint64_t deadline_ns = clock_now_ns() + DEADLINE_S * NS_PER_S;
    struct snapshot snap;
    for (;;) {
        run_tick(run);
        run_snapshot(run, &snap);
        if (holds(&snap, n))
            return snap;
        if (clock_now_ns() > deadline_ns)
            fail_msg("waited in vain for: %s (%zu); state %s, %zu queued, %zu running, %zu done, %zu alive; %s", what, n,
                     run_state_word(snap.state), snap.queued, snap.running, snap.done, snap.alive, snap.problem);
        struct pollfd fd = {.fd = run_pidfd(run), .events = POLLIN};
        poll(&fd, 1, 2);
    }
}

static inline bool is_over(const struct snapshot *snap, size_t n)
{
    (void)n;
    return run_state_is_over(snap->state);
}

/* The columns of each worker's account are its wall time. */
static inline void assert_accounts_are_whole(const struct snapshot *snap)
{
    for (size_t i = 0; i < snap->slots; i++) {
        const struct slot_data *data = &snap->workers[i].data;
        uint64_t sum = 0;
        for (int column = 0; column < ACCOUNT_COLUMNS; column++)
            sum += data->account_ns[column];
        assert_int_equal(sum, data->account_upto_ns - data->born_ns);
    }
}

#endif
