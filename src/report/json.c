/* json.c - a run as one JSON document, version 1. A figure that is not known is null.
 *
 * Only what is new may be added here: scripts rely on what is there. Text goes out as ASCII with \u escapes, so that nothing in a URL
 * or an error message can do anything to the terminal that shows it. */
#include <errno.h>
#include <jansson.h>
#include <stdio.h>

#include "base/clock.h"
#include "juggler/version.h"
#include "measure/ideal.h"
#include "report/counter_fields.h"
#include "report/fields.h"
#include "report/formats.h"
#include "report/json_document.h"

static json_t *seconds(uint64_t ns)
{
    return json_real((double)ns / (double)NS_PER_S);
}

static json_t *seconds_if(bool known, uint64_t ns)
{
    return known ? seconds(ns) : json_null();
}

static json_t *number(uint64_t value)
{
    return json_integer((json_int_t)value);
}

static json_t *number_if(bool known, uint64_t value)
{
    return known ? number(value) : json_null();
}

static json_t *real_if_known(double value)
{
    return value < 0 ? json_null() : json_real(value);
}

static void put_primes(json_t *object, const struct snapshot *snapshot, size_t index)
{
    const struct job_snapshot *job = &snapshot->results[index];
    uint64_t limit = snapshot->set ? snapshot->set->inputs[index].limit : 0;
    const struct job_result *result = &job->result;
    char head[END_DIGITS_ROOM];
    char tail[END_DIGITS_ROOM];
    bool done = field_done(job);
    field_head(result, head);
    field_tail(result, tail);
    json_object_set_new(object, "limit", number(limit));
    json_object_set_new(object, "primes", number_if(done, result->primes));
    json_object_set_new(object, "bits", number_if(done, result->bits));
    json_object_set_new(object, "digits", number_if(done, result->digits));
    json_object_set_new(object, "head", done ? json_string(head) : json_null());
    json_object_set_new(object, "tail", done ? json_string(tail) : json_null());
    json_object_set_new(object, "cpu_s", seconds_if(done && result->cpu_ns, result->cpu_ns));
}

static void put_counter_job(json_t *object, const struct snapshot *snapshot, size_t index)
{
    const struct job_snapshot *job = &snapshot->results[index];
    uint64_t counted = 0;
    json_object_set_new(object, "adds", number_if(snapshot->set, snapshot->set ? snapshot->set->inputs[index].limit : 0));
    json_object_set_new(object, "counted", counter_field_counted(snapshot, index, &counted) ? number(counted) : json_null());
    json_object_set_new(object, "cpu_s", seconds_if(field_done(job) && job->result.cpu_ns, job->result.cpu_ns));
}

static void put_download(json_t *object, const struct snapshot *snapshot, size_t index)
{
    const struct job_snapshot *job = &snapshot->results[index];
    const struct job_result *result = &job->result;
    uint64_t bytes = 0;
    json_object_set_new(object, "bytes", field_bytes(job, &bytes) ? number(bytes) : json_null());
    json_object_set_new(object, "http_status", number_if(field_ended(job) && result->http_status, result->http_status));
    if (field_done(job) && (result->flags & JOB_FLAG_KEPT))
        json_object_set_new(object, "kept", json_true());
    if (field_done(job) && (result->flags & JOB_FLAG_LENGTH_UNVERIFIED))
        json_object_set_new(object, "length_unverified", json_true());
}

static void (*const PUT_JOB[WORK_COUNT])(json_t *object, const struct snapshot *snapshot, size_t index) = {
    [WORK_DOWNLOAD] = put_download,
    [WORK_PRIMES] = put_primes,
    [WORK_COUNTER] = put_counter_job,
};

static json_t *job_object(const struct report_input *input, size_t index)
{
    const struct snapshot *snapshot = input->snapshot;
    const struct job_snapshot *job = &snapshot->results[index];
    json_t *object = json_object();
    uint64_t value = 0;
    json_object_set_new(object, "index", number(index));
    json_object_set_new(object, "input", json_document_text(field_input(snapshot, index)));
    json_object_set_new(object, "state", json_string(field_state(job)));
    if (field_ended(job) && !field_done(job))
        json_object_set_new(object, "error",
                            json_document_text(job->result.note[0] ? job->result.note : "no reason was given"));
    json_object_set_new(object, "worker", field_worker(snapshot, job, &value) ? number(value) : json_null());
    json_object_set_new(object, "attempts", field_attempts(job, &value) ? number(value) : json_null());
    json_object_set_new(object, "start_s", field_start_ns(snapshot, job, &value) ? seconds(value) : json_null());
    json_object_set_new(object, "seconds", field_duration_ns(job, &value) ? seconds(value) : json_null());
    PUT_JOB[snapshot->work](object, snapshot, index);
    const char *file = field_file(input, index);
    if (file)
        json_object_set_new(object, "file", json_document_text(file));
    if (job->word.deaths)
        json_object_set_new(object, "deaths", number(job->word.deaths));
    return object;
}

static json_t *jobs_array(const struct report_input *input)
{
    json_t *array = json_array();
    for (size_t i = 0; i < input->snapshot->jobs; i++)
        json_array_append_new(array, job_object(input, i));
    return array;
}

static void put_account(json_t *object, const struct slot_data *data)
{
    static const char *const KEYS[ACCOUNT_COLUMNS] = {
        [ACCOUNT_ON_CORE] = "on_core_s", [ACCOUNT_READY] = "ready_s",     [ACCOUNT_IO] = "io_s",
        [ACCOUNT_LOCK] = "lock_s",       [ACCOUNT_BARRIER] = "barrier_s", [ACCOUNT_NO_WORK] = "no_work_s",
    };
    bool known = data->born_ns != 0 && data->account_upto_ns >= data->born_ns;
    json_object_set_new(object, "wall_s", seconds_if(known, data->account_upto_ns - data->born_ns));
    for (int column = 0; column < ACCOUNT_COLUMNS; column++) {
        bool told = column != ACCOUNT_READY || data->ready_known;
        json_object_set_new(object, KEYS[column], seconds_if(known && told, data->account_ns[column]));
    }
}

static json_t *worker_object(const struct worker_snapshot *worker, size_t id, enum work work)
{
    const struct slot_data *data = &worker->data;
    json_t *object = json_object();
    json_object_set_new(object, "id", number(id));
    json_object_set_new(object, "kind", json_string(worker_kind_word((enum worker_kind)data->kind)));
    json_object_set_new(object, "pid", number_if(data->pid != 0, data->pid));
    json_object_set_new(object, "tid", number_if(data->tid != 0, data->tid));
    json_object_set_new(object, "jobs", number(data->jobs));
    put_account(object, data);
    json_object_set_new(object, "exit", json_string(worker_exit_word((enum worker_exit)data->exit)));
    if (data->exit == WORKER_EXIT_KILLED)
        json_object_set_new(object, "signal", number_if(data->exit_signal != 0, data->exit_signal));
    if (data->exit == WORKER_EXIT_KILLED && data->hung_ns)
        json_object_set_new(object, "silent_s", seconds(data->hung_ns));
    if (work == WORK_DOWNLOAD)
        json_object_set_new(object, "bytes", number(data->bytes));
    json_object_set_new(object, "started", number(data->generation));
    json_object_set_new(object, "killed", number(data->killed));
    if (worker->stale)
        json_object_set_new(object, "stale", json_true());
    return object;
}

static json_t *workers_array(const struct snapshot *snapshot)
{
    json_t *array = json_array();
    for (size_t i = 0; i < snapshot->slots; i++)
        if (snapshot->workers[i].used)
            json_array_append_new(array, worker_object(&snapshot->workers[i], i, snapshot->work));
    return array;
}

/* NULL's null: it was not weighed. */
static json_t *memory_object(const struct memory_figures *memory)
{
    if (!memory->together_bytes)
        return json_null();
    json_t *object = json_object();
    json_object_set_new(object, "shared_bytes", number(memory->shared_bytes));
    json_object_set_new(object, "private_bytes", number(memory->private_bytes));
    json_object_set_new(object, "together_bytes", number(memory->together_bytes));
    json_object_set_new(object, "worker_bytes", number_if(memory->worker_bytes != 0, memory->worker_bytes));
    json_object_set_new(object, "processes", number(memory->processes));
    json_object_set_new(object, "estimated", json_boolean(memory->estimated));
    return object;
}

/* The interpreter lock; null: this run had none. */
static json_t *gil_object(const struct gil_words *gil)
{
    if (!gil->interval_ns)
        return json_null();
    json_t *object = json_object();
    json_object_set_new(object, "switch_interval_s", seconds(gil->interval_ns));
    json_object_set_new(object, "held_s", seconds(gil->held_ns));
    json_object_set_new(object, "taken", number(gil->taken));
    json_object_set_new(object, "switches", number(gil->switches));
    json_object_set_new(object, "asked", number(gil->asked));
    return object;
}

static json_t *run_object(const struct report_input *input)
{
    const struct snapshot *snapshot = input->snapshot;
    struct ideal ideal = ideal_of(snapshot);
    char executor[EXECUTOR_TEXT_BYTES];
    json_t *object = json_object();
    json_object_set_new(object, "work", json_string(field_work(snapshot->work)));
    json_object_set_new(object, "executor", json_string(executor_format(&snapshot->executor, executor)));
    json_object_set_new(object, "workers", number(field_workers(snapshot)));
    json_object_set_new(object, "usable_cores", number_if(snapshot->usable_cores != 0, snapshot->usable_cores));
    json_object_set_new(object, "wall_s", seconds_if(snapshot->start_ns != 0, snapshot->wall_ns));
    json_object_set_new(object, "best_possible_s", real_if_known(ideal.best_s));
    json_object_set_new(object, "best_possible_why", json_document_text(ideal.why));
    json_object_set_new(object, "sum_of_jobs_s", real_if_known(ideal.sum_s));
    json_object_set_new(object, "interrupted", json_boolean(input->interrupted));
    json_object_set_new(object, "state", json_string(run_state_word(snapshot->state)));
    json_object_set_new(object, "paused_s", seconds(snapshot->paused_ns));
    json_object_set_new(object, "restarts", number(snapshot->restarts));
    json_object_set_new(object, "output", input->output_dir ? json_document_text(input->output_dir) : json_null());
    json_object_set_new(object, "cpu_s", seconds_if(snapshot->cpu_ns != 0, snapshot->cpu_ns));
    json_object_set_new(object, "memory", memory_object(&snapshot->memory));
    json_object_set_new(object, "gil", gil_object(&snapshot->gil));
    return object;
}

static json_t *totals_object(const struct snapshot *snapshot)
{
    json_t *object = json_object();
    json_object_set_new(object, "jobs", number(snapshot->jobs));
    json_object_set_new(object, "done", number(snapshot->done));
    json_object_set_new(object, "failed", number(snapshot->failed));
    json_object_set_new(object, "poisoned", number(snapshot->poisoned));
    json_object_set_new(object, "queued", number(snapshot->jobs - snapshot->done - snapshot->failed - snapshot->poisoned));
    json_object_set_new(object, "attempts", number(snapshot->attempts));
    json_object_set_new(object, "kept", number(snapshot->kept));
    json_object_set_new(object, "workers_killed", number(snapshot->killed));
    json_object_set_new(object, "workers_hung", number(snapshot->runner.hung));
    json_object_set_new(object, "bytes", number_if(snapshot->work == WORK_DOWNLOAD, snapshot->bytes));
    return object;
}

/* What the shared counter came to. NULL: of a run that was not started. */
static json_t *counter_object(const struct snapshot *snapshot)
{
    struct counter_fields fields = {0};
    if (snapshot)
        fields = counter_fields_of(snapshot);
    json_t *object = json_object();
    json_object_set_new(object, "expected", number_if(fields.known, fields.expected));
    json_object_set_new(object, "got", number_if(fields.known, fields.got));
    json_object_set_new(object, "lost", number_if(fields.known, fields.lost));
    json_object_set_new(object, "lock", fields.lock ? json_string(fields.lock) : json_null());
    json_object_set_new(object, "shared", snapshot ? json_boolean(fields.shared) : json_null());
    json_object_set_new(object, "why", snapshot ? json_document_text(fields.why) : json_null());
    return object;
}

/* A run of which there is nothing to tell but why: the same keys as ever, so that a script need not ask which are there. */
static void put_nothing(json_t *root, const struct report_input *input)
{
    static const char *const FIGURES[] = {
        "workers",       "usable_cores", "wall_s",   "best_possible_s", "best_possible_why",
        "sum_of_jobs_s", "state",        "paused_s", "restarts",        "output",
        "cpu_s",         "memory",       "gil"};
    static const char *const TOTALS[] = {"jobs",     "done", "failed",         "poisoned",     "queued",
                                         "attempts", "kept", "workers_killed", "workers_hung", "bytes"};
    json_t *run = json_object();
    json_t *totals = json_object();
    json_object_set_new(run, "work", input->work < WORK_COUNT ? json_string(field_work(input->work)) : json_null());
    json_object_set_new(run, "executor", input->executor ? json_document_text(input->executor) : json_null());
    for (size_t i = 0; i < sizeof FIGURES / sizeof FIGURES[0]; i++)
        json_object_set_new(run, FIGURES[i], json_null());
    json_object_set_new(run, "interrupted", json_boolean(input->interrupted));
    for (size_t i = 0; i < sizeof TOTALS / sizeof TOTALS[0]; i++)
        json_object_set_new(totals, TOTALS[i], json_null());
    json_object_set_new(root, "run", run);
    json_object_set_new(root, "totals", totals);
    if (input->work == WORK_COUNTER)
        json_object_set_new(root, "counter", counter_object(NULL));
    json_object_set_new(root, "jobs", json_array());
    json_object_set_new(root, "workers", json_array());
    json_object_set_new(root, "lost_events", json_null());
}

static void put_run(json_t *root, const struct report_input *input)
{
    json_object_set_new(root, "run", run_object(input));
    json_object_set_new(root, "totals", totals_object(input->snapshot));
    if (input->snapshot->work == WORK_COUNTER)
        json_object_set_new(root, "counter", counter_object(input->snapshot));
    json_object_set_new(root, "jobs", jobs_array(input));
    json_object_set_new(root, "workers", workers_array(input->snapshot));
    json_object_set_new(root, "lost_events", number(input->snapshot->lost_events));
}

/* Why the run is no ordinary one; NULL: it is. */
static const char *error_of(const struct report_input *input)
{
    if (input->problem)
        return input->problem;
    if (!input->snapshot)
        return "the run was not started";
    if (input->snapshot->state != RUN_BROKEN)
        return NULL;
    return input->snapshot->problem && input->snapshot->problem[0] ? input->snapshot->problem : "the run broke off";
}

int report_json_write(FILE *out, const struct report_input *input)
{
    json_t *root = json_document_new();
    if (!root)
        return ENOMEM;
    json_object_set_new(root, "version", json_integer(1));
    json_object_set_new(root, "program", json_string("juggler " JUGGLER_VERSION));
    if (error_of(input))
        json_object_set_new(root, "error", json_document_text(error_of(input)));
    if (input->snapshot)
        put_run(root, input);
    else
        put_nothing(root, input);
    return json_document_write(root, out);
}
