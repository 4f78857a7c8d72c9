/* made_lines.h - lines of a comparison made by hand, out of the times of their runs. */
#ifndef TESTS_MADE_LINES_H
#define TESTS_MADE_LINES_H

#include <math.h>
#include <string.h>

#include "compare/lines.h"
#include "juggler/compare.h"

static const struct executor SEQUENTIAL = {.how = HOW_SEQUENTIAL, .width = 1};
static const struct executor POOL_2 = {.how = HOW_THREAD_POOL, .width = 2};
static const struct executor POOL_2_GIL = {.how = HOW_THREAD_POOL, .width = 2, .gil = true};
static const struct executor PROCESSES_2 = {.how = HOW_PROCESS_POOL, .width = 2};

static inline void assert_near(double value, double wanted)
{
    if (!(fabs(value - wanted) <= 1e-9 * fmax(1, fabs(wanted))))
        fail_msg("%.12g is not %.12g", value, wanted);
}

static inline void assert_says(const char *text, const char *part)
{
    if (!strstr(text, part))
        fail_msg("'%s' does not say '%s'", text, part);
}

enum { LINES_MAX = 6, RUNS_MAX = 5 };

struct made {
    struct compare_run runs[LINES_MAX][RUNS_MAX];
    struct compare_line lines[LINES_MAX];
    size_t count;
};

static inline void add_line(struct made *made, struct executor executor, const double *walls, size_t count)
{
    struct compare_line *line = &made->lines[made->count];
    for (size_t i = 0; i < count; i++)
        made->runs[made->count][i] = (struct compare_run){.round = (unsigned)i + 1,
                                                          .ended = true,
                                                          .state = RUN_DONE,
                                                          .wall_s = walls[i],
                                                          .cpu_s = walls[i] / 2,
                                                          .lock_s = -1,
                                                          .make_s = 1e-5 * (double)(i + 1)};
    *line = (struct compare_line){
        .executor = executor, .workers = executor.width, .runs = made->runs[made->count], .count = count};
    line_measure(line);
    made->count++;
}

#endif
