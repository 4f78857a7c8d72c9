/* made_compare.h - a made-up comparison, for the tests of reports. Include cmocka.h and what it wants before. */
#ifndef TESTS_UNIT_MADE_COMPARE_H
#define TESTS_UNIT_MADE_COMPARE_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "juggler/compare.h"
#include "juggler/report.h"

enum { LINES = 5, RUNS = 4, JOBS = 20 };

/* A sweep of five widths, the first line `sequential`: one alike, one that won, one that could not be run. */
struct made {
    struct compare_view view;
    struct compare_line lines[LINES];
    struct compare_run runs[LINES][RUNS];
    struct compare_report_input input;
    char *text;
    size_t length;
};

static inline void put_line(struct made *made, size_t at, struct executor executor, size_t workers, double median_s,
                            double spread_s)
{
    struct compare_line *line = &made->lines[at];
    for (unsigned round = 0; round < RUNS; round++)
        made->runs[at][round] = (struct compare_run){
            .round = round,
            .position = (unsigned)at,
            .ended = true,
            .state = RUN_DONE,
            .wall_s = round == 0 ? 99 : median_s + spread_s * ((double)round - 2),
            .cpu_s = -1,
            .sum_s = 10,
            .lock_s = 0,
            .ready_s = -1,
            .serial_s = 0.01,
            .make_s = 21e-6,
            .load = 0.25,
            .jobs = JOBS,
            .done = JOBS,
            .bytes = 1000,
        };
    *line = (struct compare_line){.executor = executor,
                                  .runs = made->runs[at],
                                  .count = RUNS,
                                  .median_s = median_s,
                                  .min_s = median_s - spread_s,
                                  .max_s = median_s + spread_s,
                                  .speedup = made->lines[0].median_s / median_s,
                                  .workers = workers,
                                  .best_s = median_s * 0.9,
                                  .of_possible = 0.9,
                                  .cpu_s = -1,
                                  .lock_s = 0,
                                  .make_s = 21e-6,
                                  .so_far_s = -1};
    line->efficiency = line->speedup / (double)workers;
    line->told = true;
    line->different = at > 0;
    strcpy(line->best_why, at == 0 ? "the sum of its jobs" : "the jobs, longest first, to whoever is free first");
}

static inline int made_make(void **state)
{
    struct made *made = calloc(1, sizeof *made);
    *state = made;
    if (!made)
        return -1;
    made->lines[0].median_s = 10;
    put_line(made, 0, (struct executor){.how = HOW_SEQUENTIAL, .width = 1}, 1, 10, 0.2);
    put_line(made, 1, (struct executor){.how = HOW_THREAD_POOL, .width = 2, .gil = true}, 2, 9.9, 0.3);
    put_line(made, 2, (struct executor){.how = HOW_THREAD_POOL, .width = 4}, 4, 3, 0.1);
    put_line(made, 3, (struct executor){.how = HOW_PROCESS_POOL, .width = 8}, 8, 2, 0.1);
    put_line(made, 4, (struct executor){.how = HOW_EVENT_LOOP, .width = 16}, 16, -1, 0);
    made->lines[1].different = false;
    made->lines[3].winner = true;
    made->lines[3].make_s = 210e-6;
    made->lines[3].memory = (struct memory_figures){
        .private_bytes = 8 << 20, .shared_bytes = 4 << 20, .together_bytes = 12 << 20, .processes = 9};
    made->lines[4].count = 0;
    made->lines[4].told = made->lines[4].different = false;
    made->lines[4].best_s = made->lines[4].of_possible = made->lines[4].speedup = made->lines[4].efficiency = -1;
    strcpy(made->lines[4].problem, "an \"event loop\" would not help \x1b[31m<script>");
    made->view =
        (struct compare_view){.work = WORK_DOWNLOAD,
                              .list_name = "a <list>\u202e.urls",
                              .rounds = 3,
                              .round = 3,
                              .seed = 12345,
                              .usable_cores = 2,
                              .runs_done = 16,
                              .runs_all = 16,
                              .over = true,
                              .lines = made->lines,
                              .count = LINES,
                              .sweep = true,
                              .fit = {.known = true,
                                      .lambda = 2.05,
                                      .sigma = 0.05,
                                      .kappa = 0.002,
                                      .peak_workers = 21.8,
                                      .r_squared = 0.99,
                                      .words = "throughput peaks near 22 workers"},
                              .controls = true,
                              .waiting = {.known = true, .threads = 4, .free_s = 0.5, .gil_s = 0.51, .words = "Waiting."},
                              .verdict = "process-pool:8 won",
                              .notes = {"the disk was cold"},
                              .notes_count = 1};
    made->input = (struct compare_report_input){.view = &made->view, .columns = 100};
    return 0;
}

static inline int made_free(void **state)
{
    struct made *made = *state;
    free(made->text);
    free(made);
    return 0;
}

static inline const char *written(struct made *made, const char *format)
{
    free(made->text);
    made->text = NULL;
    FILE *out = open_memstream(&made->text, &made->length);
    assert_non_null(out);
    assert_int_equal(report_format_of(format)->write_compare(out, &made->input), 0);
    fclose(out);
    return made->text;
}

static inline const char *page_of(struct made *made)
{
    free(made->text);
    made->text = NULL;
    FILE *out = open_memstream(&made->text, &made->length);
    assert_non_null(out);
    assert_int_equal(report_html_write(out, NULL, &made->input), 0);
    fclose(out);
    return made->text;
}

#endif
