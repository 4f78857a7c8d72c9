/* server.h - the server process: what the app hands to it, and what it says when it listens. */
#ifndef ORIGIN_SERVER_H
#define ORIGIN_SERVER_H

#include <stdatomic.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/problem.h"
#include "origin/origin.h"

/* The shared page. Written by the app alone, read by the server; each word stands for itself, so no order between them matters. */
struct origin_control {
    _Atomic uint64_t rate_bytes_per_s;
    _Atomic uint32_t latency_ms;
};

/* What the server writes to its pipe, once: a port, or 0 and why not. */
struct server_report {
    uint32_t port;
    struct problem problem;
};

struct server_start {
    const struct origin_options *options;
    struct origin_control *control;
    int doorbell; /* eventfd, rung by the app after it changed the page */
    int report;   /* pipe, for one struct server_report */
    pid_t parent;
};

/* The life of the child, from the fork to _exit. All signals are blocked when it is called. */
_Noreturn void server_process(const struct server_start *start);

#endif
