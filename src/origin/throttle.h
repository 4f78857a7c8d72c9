/* throttle.h - when a transfer may go on: an allowance of bytes that grows with time, and a heap of those that wait. No I/O. */
#ifndef ORIGIN_THROTTLE_H
#define ORIGIN_THROTTLE_H

#include <stddef.h>
#include <stdint.h>

/* An allowance: grows by `rate` bytes a second from since_ns on. */
struct throttle {
    uint64_t rate; /* bytes a second; 0: no limit */
    uint64_t since_ns;
    double credit; /* bytes */
};

/* Starts with nothing allowed. */
void throttle_init(struct throttle *throttle, uint64_t rate, uint64_t now_ns);
/* What was earned so far stays earned; from now on it grows at `rate`. */
void throttle_set(struct throttle *throttle, uint64_t rate, uint64_t now_ns);
/* Whole bytes allowed now; SIZE_MAX without a limit. */
size_t throttle_allowed(struct throttle *throttle, uint64_t now_ns);
void throttle_spend(struct throttle *throttle, size_t bytes);
/* When `bytes` will be allowed. */
uint64_t throttle_when(const struct throttle *throttle, size_t bytes);

/* Somebody who waits for a moment. */
struct waiter {
    uint64_t due_ns;
    size_t place; /* 1 + its index in the heap; 0: does not wait */
};

/* Earliest first. */
struct waiters {
    struct waiter **items;
    size_t count;
    size_t room;
};

/* room: the most that will ever wait at a time. 0 or an errno. */
int waiters_init(struct waiters *waiters, size_t room);
void waiters_free(struct waiters *waiters);
/* The waiter must not be waiting. -1 when there is no room. */
int waiters_add(struct waiters *waiters, struct waiter *waiter, uint64_t due_ns);
/* A waiter that does not wait is left alone. */
void waiters_remove(struct waiters *waiters, struct waiter *waiter);
/* The earliest if it is due; taken off. NULL when none is. */
struct waiter *waiters_take_due(struct waiters *waiters, uint64_t now_ns);
/* The next moment; UINT64_MAX when nobody waits. */
uint64_t waiters_next_ns(const struct waiters *waiters);
/* After due_ns of any of them was changed in place. */
void waiters_reorder(struct waiters *waiters);

#endif
