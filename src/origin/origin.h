/* origin.h - the built-in HTTP server: a forked child on 127.0.0.1, on a port that it picks itself.
 *
 * One thread (libmicrohttpd over epoll, connections suspended while they wait) holds a thousand slow connections. Latency before the
 * first byte and bytes a second for each connection can be changed while it runs, through one shared page of atomics: written by the
 * app, read by the server. It answers GET and HEAD for 127.0.0.1/localhost only, and only for what it carries:
 *     the sample images, under the paths of sample-data/article.urls;  /synthetic/N, N in 0 ... files-1, 20 to 160 KB by N. */
#ifndef ORIGIN_ORIGIN_H
#define ORIGIN_ORIGIN_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct problem;
struct origin;

/* How often a body with a rate goes out, its first byte, too: every so many ms, and one more for every so many requests that are open. */
enum { ORIGIN_STEP_MS = 40, ORIGIN_STEP_SHARE = 16 };

struct origin_options {
    unsigned latency_ms;       /* 0 ... 60,000 */
    uint64_t rate_bytes_per_s; /* of each connection; 0: as fast as it goes */
    uint16_t port;             /* 0: any */
    unsigned files;            /* synthetic files */
    const char *sample_dir;    /* sample-data: article.urls and images/ */
};

/* Forks the server and waits until it listens; its files, which are there by then, are read behind that. NULL with the reason. App, single-threaded. */
struct origin *origin_start(const struct origin_options *options, struct problem *problem);
uint16_t origin_port(const struct origin *origin);
pid_t origin_pid(const struct origin *origin);
int origin_pidfd(const struct origin *origin); /* readable when it has ended */
void origin_set(struct origin *origin, unsigned latency_ms, uint64_t rate_bytes_per_s);
unsigned origin_latency_ms(const struct origin *origin);
uint64_t origin_rate(const struct origin *origin);
/* Ends the server, reaps it, frees. NULL is fine. */
void origin_stop(struct origin *origin);

/* The size of /synthetic/n: 20,000 ... 160,000, the same on every machine; and its bytes, for tests. */
uint64_t origin_synthetic_bytes(uint64_t n);
void origin_synthetic_fill(uint64_t n, uint64_t offset, unsigned char *out, size_t count);

#endif
