/* clock.h - time, in nanoseconds. */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include <stdint.h>

#define NS_PER_S UINT64_C(1000000000)
#define NS_PER_MS UINT64_C(1000000)
#define NS_PER_US UINT64_C(1000)

uint64_t clock_now_ns(void);        /* CLOCK_MONOTONIC: comparable between the processes of this machine */
uint64_t clock_thread_cpu_ns(void); /* CPU time of the calling thread; exact also while it runs */
/* Sleeps for so long; a signal may end it early. */
void clock_sleep_ns(uint64_t ns);

#endif
