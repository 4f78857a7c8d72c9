/* long_work.h - a dashboard with work for minutes, its counts of workers, and which lane has the focus. */
#ifndef TESTS_LONG_WORK_H
#define TESTS_LONG_WORK_H

#include <stdio.h>
#include <string.h>

#include "lanes.h"
#include "processes.h"
#include "screen.h"

/* Work for minutes in small pieces; latency in ms. On a screen on which a dozen workers have a row each. */
static inline struct screen *open_slow_work(void **state, const char *threads, const char *processes, const char *latency)
{
    char urls[LANE_PATH_BYTES], limits[LANE_PATH_BYTES];
    lane_list("urls", "http://example.org/synthetic/%zu", 900, urls);
    lane_list("limits", "30000", 900, limits);
    const char *const work[] = {"download", urls,    "--origin", "builtin", "--latency", latency,   "--rate", "0",
                                "--with",   threads, "primes",   limits,    "--with",    processes, NULL};
    struct screen *screen = screen_open(state, &(struct screen_start){.arguments = work, .columns = 120, .rows = 50});
    screen_expect(screen, 10, lane_has_done, (&(struct lane_progress){LANE_DOWNLOADS, 900, 1}));
    screen_expect(screen, 10, lane_has_done, (&(struct lane_progress){LANE_PRIMES, 900, 1}));
    return screen;
}

static inline struct screen *open_long_work(void **state, const char *threads, const char *processes)
{
    return open_slow_work(state, threads, processes, "100");
}

static inline void expect_threads(struct screen *screen, size_t count)
{
    char key[32];
    snprintf(key, sizeof key, "t/T threads %zu ", count);
    screen_expect_text(screen, 2, key);
    screen_expect(screen, 3, threads_are, (&(struct census){THREAD_WORKERS, count}));
    screen_expect(screen, 3, lane_workers_are, (&(struct lane_count){LANE_DOWNLOADS, "", count}));
}

static inline void expect_processes(struct screen *screen, size_t count)
{
    char key[32];
    snprintf(key, sizeof key, "p/P processes %zu ", count);
    screen_expect_text(screen, 2, key);
    screen_expect(screen, 3, processes_are, (&(struct census){PROCESS_WORKERS, count}));
    screen_expect(screen, 3, lane_workers_are, (&(struct lane_count){LANE_PRIMES, "", count}));
}

/* The lane whose frame says that the keys act there. */
static inline bool focus_is_on(struct screen *screen, const void *lane)
{
    int row = screen_find(screen, 0, "keys act here");
    const char *frame = row < 0 ? "" : screen_row(screen, row), *words = strstr(frame, "keys act here");
    const char *next = words ? strstr(words, "\u2514") : NULL; /* another lane begins behind the words */
    return words && *(const enum lane *)lane == (next ? LANE_DOWNLOADS : LANE_PRIMES);
}

static inline void expect_focus(struct screen *screen, double seconds, enum lane lane)
{
    screen_expect(screen, seconds, focus_is_on, &lane);
}

#endif
