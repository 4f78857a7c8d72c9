/* fields.c - what every form of report reads off a snapshot. See fields.h. */
#include "report/fields.h"

#include <inttypes.h>
#include <stdio.h>

bool field_ended(const struct job_snapshot *job)
{
    return job_state_is_final(job->word.state);
}

bool field_done(const struct job_snapshot *job)
{
    return job->word.state == JOB_DONE;
}

const char *field_state(const struct job_snapshot *job)
{
    return job_state_word(field_ended(job) ? job->word.state : JOB_QUEUED);
}

/* A worker that died in its job could not write its count; every death was a try. */
bool field_attempts(const struct job_snapshot *job, uint64_t *out)
{
    if (!field_ended(job) && (job->word.state == JOB_RUNNING || job->result.start_ns != 0))
        return false;
    *out = job->result.attempts > job->word.deaths ? job->result.attempts : job->word.deaths;
    return true;
}

bool field_start_ns(const struct snapshot *snapshot, const struct job_snapshot *job, uint64_t *out)
{
    uint64_t start = job->result.start_ns;
    if (!field_ended(job) || start == 0 || snapshot->start_ns == 0 || start < snapshot->start_ns)
        return false;
    *out = start - snapshot->start_ns;
    return true;
}

bool field_duration_ns(const struct job_snapshot *job, uint64_t *out)
{
    const struct job_result *result = &job->result;
    if (!field_ended(job) || result->start_ns == 0 || result->end_ns < result->start_ns)
        return false;
    *out = result->end_ns - result->start_ns;
    return true;
}

bool field_worker(const struct snapshot *snapshot, const struct job_snapshot *job, uint64_t *out)
{
    if (!field_ended(job) || job->result.start_ns == 0 || job->result.worker >= snapshot->slots)
        return false;
    *out = job->result.worker;
    return true;
}

bool field_bytes(const struct job_snapshot *job, uint64_t *out)
{
    if (!field_done(job) || ((job->result.flags & JOB_FLAG_KEPT) && job->result.bytes == 0))
        return false;
    *out = job->result.bytes;
    return true;
}

const char *field_file(const struct report_input *input, size_t job)
{
    const struct snapshot *snapshot = input->snapshot;
    if (!snapshot->set || !field_done(&snapshot->results[job]))
        return NULL;
    if (snapshot->work == WORK_PRIMES && !input->output_dir)
        return NULL;
    return snapshot->set->inputs[job].name;
}

const char *field_input(const struct snapshot *snapshot, size_t job)
{
    const char *text = snapshot->set ? snapshot->set->inputs[job].text : NULL;
    return text ? text : "";
}

void field_head(const struct job_result *result, char out[END_DIGITS_ROOM])
{
    snprintf(out, END_DIGITS_ROOM, "%" PRIu64, result->head);
}

void field_tail(const struct job_result *result, char out[END_DIGITS_ROOM])
{
    int width = result->digits < END_DIGITS ? (int)result->digits : END_DIGITS;
    snprintf(out, END_DIGITS_ROOM, "%0*" PRIu64, width, result->tail);
}

size_t field_workers(const struct snapshot *snapshot)
{
    switch (executor_strategy(snapshot->executor.how)->at_once) {
    case WORKERS_ONE: return 1;
    case WORKERS_ALL: return snapshot->jobs;
    case WORKERS_WIDTH: break;
    }
    return snapshot->executor.width;
}

const char *field_work(enum work work)
{
    static const char *const NAMES[WORK_COUNT] = {
        [WORK_DOWNLOAD] = "download", [WORK_PRIMES] = "primes", [WORK_COUNTER] = "counter"};
    return NAMES[work];
}
