/* made_run.h - a made-up run with one job in every state, for the tests of reports. Include cmocka.h and what it wants before. */
#ifndef TESTS_UNIT_MADE_RUN_H
#define TESTS_UNIT_MADE_RUN_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "juggler/report.h"

enum { JOBS = 6, SLOTS = 3, MANY = 300, MADE_MAX = 700, START_S = 100 };

/* A run with one job in every state. */
struct made {
    struct snapshot snapshot;
    struct job_snapshot results[MADE_MAX];
    struct job_input inputs[MADE_MAX];
    struct worker_snapshot workers[SLOTS];
    struct job_set set;
    struct report_input input;
    char *text; /* what was written last */
    size_t length;
};

static inline uint64_t at_ms(uint64_t ms)
{
    return START_S * NS_PER_S + ms * NS_PER_MS;
}

static inline void put_job(struct made *made, size_t index, enum job_state state, const struct job_result *result)
{
    made->results[index].word.state = state;
    made->results[index].result = *result;
}

static inline void put_worker(struct made *made, size_t slot, uint64_t born_ms, uint64_t upto_ms, bool ready_known)
{
    struct slot_data *data = &made->workers[slot].data;
    uint64_t wall = (upto_ms - born_ms) * NS_PER_MS + 123457; /* no round number */
    made->workers[slot].used = true;
    *data = (struct slot_data){.pid = 400, .tid = 401 + slot, .generation = 1, .jobs = 2, .exit = WORKER_EXIT_FINISHED};
    data->born_ns = at_ms(born_ms);
    data->account_upto_ns = data->born_ns + wall;
    data->ready_known = ready_known;
    data->account_ns[ACCOUNT_ON_CORE] = wall / 7;
    data->account_ns[ACCOUNT_READY] = ready_known ? wall / 11 : 0;
    data->account_ns[ACCOUNT_LOCK] = wall / 13;
    data->account_ns[ACCOUNT_BARRIER] = wall / 17;
    data->account_ns[ACCOUNT_NO_WORK] = wall / 19;
    uint64_t rest = wall;
    for (int column = 0; column < ACCOUNT_COLUMNS; column++)
        rest -= column == ACCOUNT_IO ? 0 : data->account_ns[column];
    data->account_ns[ACCOUNT_IO] = rest;
}

static inline void put_inputs(struct made *made)
{
    static const char *const TEXTS[JOBS] = {"http://h/a.jpg",         "http://h/\x1b[31mred",  "http://h/\xff\xfe.jpg",
                                            "http://h/\u202egpj.exe", "http://h/with,\"q\".x", "http://h/last"};
    static const char *const NAMES[JOBS] = {"a.jpg", "_[31mred", "__.jpg", "x.exe", "with,\"q\".x", "last"};
    for (size_t i = 0; i < JOBS; i++)
        made->inputs[i] = (struct job_input){.text = TEXTS[i], .name = NAMES[i]};
}

static inline void put_jobs(struct made *made)
{
    put_job(made, 0, JOB_DONE,
            &(struct job_result){
                .start_ns = at_ms(2), .end_ns = at_ms(414), .attempts = 1, .bytes = 91823, .http_status = 200, .worker = 1});
    put_job(made, 1, JOB_FAILED,
            &(struct job_result){
                .start_ns = at_ms(3), .end_ns = at_ms(100), .attempts = 3, .http_status = 404, .note = "HTTP 404"});
    put_job(made, 2, JOB_POISONED, &(struct job_result){.note = "three workers died in it"});
    made->results[2].word.deaths = 3;
    put_job(made, 3, JOB_RUNNING, &(struct job_result){.start_ns = at_ms(5)});
    put_job(made, 4, JOB_DONE,
            &(struct job_result){.start_ns = at_ms(7),
                                 .end_ns = at_ms(8),
                                 .attempts = 2,
                                 .bytes = 5,
                                 .flags = JOB_FLAG_LENGTH_UNVERIFIED,
                                 .http_status = 200});
    put_job(made, 5, JOB_QUEUED, &(struct job_result){0});
}

static inline int made_make(void **state)
{
    struct made *made = calloc(1, sizeof *made);
    *state = made;
    if (!made)
        return -1;
    put_inputs(made);
    put_jobs(made);
    put_worker(made, 0, 1, 500, true);
    put_worker(made, 1, 1, 413, false);
    made->workers[1].data.exit = WORKER_EXIT_KILLED;
    made->workers[1].data.exit_signal = 9;
    made->workers[1].data.killed = 1;
    made->set = (struct job_set){.inputs = made->inputs, .count = JOBS};
    made->snapshot = (struct snapshot){.state = RUN_STOPPED,
                                       .work = WORK_DOWNLOAD,
                                       .executor = {.how = HOW_THREAD_POOL, .width = 10},
                                       .usable_cores = 2,
                                       .start_ns = at_ms(0),
                                       .wall_ns = 501 * NS_PER_MS,
                                       .jobs = JOBS,
                                       .queued = 2,
                                       .done = 2,
                                       .failed = 1,
                                       .poisoned = 1,
                                       .attempts = 9,
                                       .bytes = 91828,
                                       .lost_events = 4,
                                       .workers = made->workers,
                                       .slots = SLOTS,
                                       .results = made->results,
                                       .set = &made->set,
                                       .problem = ""};
    made->input = (struct report_input){.snapshot = &made->snapshot, .interrupted = true, .columns = 80};
    return 0;
}

static inline int made_free(void **state)
{
    struct made *made = *state;
    free(made->text);
    free(made);
    return 0;
}

/* What the run is in this form, at most until the next one is written. */
static inline const char *written(struct made *made, const char *format)
{
    free(made->text);
    made->text = NULL;
    FILE *out = open_memstream(&made->text, &made->length);
    assert_non_null(out);
    assert_int_equal(report_format_of(format)->write(out, &made->input), 0);
    assert_int_equal(fclose(out), 0);
    assert_int_equal(strlen(made->text), made->length);
    return made->text;
}

#endif
