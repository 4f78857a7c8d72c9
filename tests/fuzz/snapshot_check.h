/* snapshot_check.h - what has to be so of every snapshot, wherever its figures come from: whoever draws or reports it looks things up by
 * these numbers and checks nothing. */
#ifndef TESTS_FUZZ_SNAPSHOT_CHECK_H
#define TESTS_FUZZ_SNAPSHOT_CHECK_H

#include "juggler/snapshot.h"
#include "tests/fuzz/fuzz.h"

static inline void check_worker(const struct worker_snapshot *worker, size_t jobs)
{
    const struct slot_data *data = &worker->data;
    FUZZ_CHECK(data->phase < PHASE_COUNT && data->job <= jobs && data->kind < WORKER_KIND_COUNT);
    FUZZ_CHECK(data->exit <= WORKER_EXIT_KILLED && (!data->total || data->done <= data->total));
    FUZZ_CHECK(!worker->alive || worker->used);
}

static inline void check_workers(const struct snapshot *snap)
{
    FUZZ_CHECK(snap->slots <= BOARD_WORKERS_MAX);
    for (size_t i = 0; i < snap->slots; i++)
        check_worker(&snap->workers[i], snap->jobs);
    FUZZ_CHECK(snap->alive <= snap->slots);
    FUZZ_CHECK(snap->executing == SIZE_MAX || snap->executing <= snap->slots);
}

static inline void check_jobs(const struct snapshot *snap)
{
    size_t counted[JOB_STATE_COUNT] = {0};
    for (size_t i = 0; i < snap->jobs; i++) {
        const struct job_snapshot *job = &snap->results[i];
        FUZZ_CHECK((unsigned)job->word.state < JOB_STATE_COUNT && job->word.deaths <= 255);
        FUZZ_CHECK(memchr(job->result.note, '\0', sizeof job->result.note));
        counted[job->word.state]++;
    }
    FUZZ_CHECK(counted[JOB_QUEUED] == snap->queued && counted[JOB_RUNNING] == snap->running);
    FUZZ_CHECK(counted[JOB_DONE] == snap->done && counted[JOB_FAILED] == snap->failed);
    FUZZ_CHECK(counted[JOB_POISONED] == snap->poisoned && snap->kept <= snap->done);
}

static inline void check_journal(const struct snapshot *snap)
{
    for (size_t i = 0; i < snap->journal.count; i++) {
        const struct journal_event *event = &snap->journal.events[i];
        FUZZ_CHECK(event->phase < PHASE_COUNT && event->job <= snap->jobs && event->slot < BOARD_WORKERS_MAX);
    }
}

static inline void check_snapshot(const struct snapshot *snap)
{
    FUZZ_CHECK((unsigned)snap->state <= RUN_BROKEN && (unsigned)snap->work < WORK_COUNT);
    FUZZ_CHECK((unsigned)snap->executor.how < HOW_COUNT && snap->executor.width <= BOARD_WORKERS_MAX);
    FUZZ_CHECK(snap->jobs <= BOARD_JOBS_MAX && snap->paused_ns <= snap->wall_ns);
    FUZZ_CHECK(snap->bytes_per_s >= 0 && snap->left_s == snap->left_s);
    FUZZ_CHECK(snap->problem);
    check_workers(snap);
    check_jobs(snap);
    check_journal(snap);
}

#endif
