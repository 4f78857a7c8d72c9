/* primes_list.c - a list of primes, and about how many there will be. See primes.h. */
#include <errno.h>
#include <stdlib.h>

#include "base/sys.h"
#include "jobs/primes.h"

enum { FIRST_ROOM = 4096 };

int prime_list_add(struct prime_list *list, uint64_t prime)
{
    if (list->count == list->room) {
        size_t room = list->room ? list->room * 2 : FIRST_ROOM;
        uint64_t *items = sys_realloc(list->items, room * sizeof *items);
        if (!items)
            return errno;
        list->items = items;
        list->room = room;
    }
    list->items[list->count++] = prime;
    return 0;
}

void prime_list_free(struct prime_list *list)
{
    free(list->items);
    *list = (struct prime_list){0};
}

/* ln x = k ln 2 + 2 artanh((m - 1) / (m + 1)) with x = m 2^k: one logarithm a job is no reason to link libm. */
double primes_natural_log(double x)
{
    double sum = 0;
    for (; x >= 1.5; x /= 2)
        sum += 0.69314718055994531;
    double ratio = (x - 1) / (x + 1);
    double power = 2 * ratio;
    for (int n = 1; n < 16; n += 2) {
        sum += power / n;
        power *= ratio * ratio;
    }
    return sum;
}

double primes_about(uint64_t limit)
{
    if (limit < 10)
        return 4;
    double log = primes_natural_log((double)limit);
    return (double)limit / log * (1 + 1 / log + 2 / (log * log) + 6 / (log * log * log));
}
