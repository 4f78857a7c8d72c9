/* throttle.c - allowances of bytes and a binary heap of waiters. See throttle.h. */
#include "origin/throttle.h"

#include <errno.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/sys.h"

/* What may be saved up while the client does not read: 0.4 s of the rate, so that a pause does not end in a burst. */
static const double SAVED_S_MAX = 0.4;

static void throttle_earn(struct throttle *throttle, uint64_t now_ns)
{
    if (now_ns > throttle->since_ns && throttle->rate) {
        double rate = (double)throttle->rate;
        double most = rate * SAVED_S_MAX + 1;
        throttle->credit += (double)(now_ns - throttle->since_ns) * rate / (double)NS_PER_S;
        if (throttle->credit > most)
            throttle->credit = most;
    }
    throttle->since_ns = now_ns;
}

void throttle_init(struct throttle *throttle, uint64_t rate, uint64_t now_ns)
{
    *throttle = (struct throttle){.rate = rate, .since_ns = now_ns};
}

void throttle_set(struct throttle *throttle, uint64_t rate, uint64_t now_ns)
{
    throttle_earn(throttle, now_ns);
    throttle->rate = rate;
}

size_t throttle_allowed(struct throttle *throttle, uint64_t now_ns)
{
    throttle_earn(throttle, now_ns);
    if (!throttle->rate)
        return SIZE_MAX;
    return throttle->credit < 1 ? 0 : throttle->credit > 1e15 ? (size_t)1e15 : (size_t)throttle->credit;
}

void throttle_spend(struct throttle *throttle, size_t bytes)
{
    throttle->credit = throttle->rate ? throttle->credit - (double)bytes : 0;
}

uint64_t throttle_when(const struct throttle *throttle, size_t bytes)
{
    double missing = (double)bytes - throttle->credit;
    if (!throttle->rate || missing <= 0)
        return throttle->since_ns;
    return throttle->since_ns + (uint64_t)(missing / (double)throttle->rate * (double)NS_PER_S) + 2;
}

int waiters_init(struct waiters *waiters, size_t room)
{
    *waiters = (struct waiters){.items = sys_alloc_zeroed(room, sizeof(struct waiter *)), .room = room};
    return waiters->items ? 0 : ENOMEM;
}

void waiters_free(struct waiters *waiters)
{
    free(waiters->items);
    *waiters = (struct waiters){0};
}

static void put(struct waiters *waiters, size_t index, struct waiter *waiter)
{
    waiters->items[index] = waiter;
    waiter->place = index + 1;
}

static void sift_up(struct waiters *waiters, size_t index)
{
    struct waiter *waiter = waiters->items[index];
    while (index && waiters->items[(index - 1) / 2]->due_ns > waiter->due_ns) {
        put(waiters, index, waiters->items[(index - 1) / 2]);
        index = (index - 1) / 2;
    }
    put(waiters, index, waiter);
}

static void sift_down(struct waiters *waiters, size_t index)
{
    struct waiter *waiter = waiters->items[index];
    for (;;) {
        size_t child = 2 * index + 1;
        if (child >= waiters->count)
            break;
        if (child + 1 < waiters->count && waiters->items[child + 1]->due_ns < waiters->items[child]->due_ns)
            child++;
        if (waiters->items[child]->due_ns >= waiter->due_ns)
            break;
        put(waiters, index, waiters->items[child]);
        index = child;
    }
    put(waiters, index, waiter);
}

int waiters_add(struct waiters *waiters, struct waiter *waiter, uint64_t due_ns)
{
    if (waiters->count == waiters->room)
        return -1;
    waiter->due_ns = due_ns;
    waiters->items[waiters->count++] = waiter;
    sift_up(waiters, waiters->count - 1);
    return 0;
}

void waiters_remove(struct waiters *waiters, struct waiter *waiter)
{
    if (!waiter->place)
        return;
    size_t index = waiter->place - 1;
    struct waiter *last = waiters->items[--waiters->count];
    waiter->place = 0;
    if (last == waiter)
        return;
    put(waiters, index, last);
    sift_up(waiters, index);
    sift_down(waiters, last->place - 1);
}

struct waiter *waiters_take_due(struct waiters *waiters, uint64_t now_ns)
{
    if (waiters_next_ns(waiters) > now_ns)
        return NULL;
    struct waiter *first = waiters->items[0];
    waiters_remove(waiters, first);
    return first;
}

uint64_t waiters_next_ns(const struct waiters *waiters)
{
    return waiters->count ? waiters->items[0]->due_ns : UINT64_MAX;
}

void waiters_reorder(struct waiters *waiters)
{
    for (size_t i = waiters->count / 2; i-- > 0;)
        sift_down(waiters, i);
}
