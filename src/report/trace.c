/* trace.c - a run as a Chrome trace (the JSON object format), which Perfetto and chrome://tracing open.
 *
 * Two tracks a seat: its states, and below them its jobs. Seats and not thread numbers, because successive workers sit in one; the real
 * pid and tid are told where they are known. A state is what the worker says of itself, its category what class that is.
 * Events are written one by one, so that a run of many thousand jobs needs no memory for all of them. */
#include <errno.h>
#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/text.h"
#include "juggler/version.h"
#include "report/fields.h"
#include "report/formats.h"
#include "report/spans.h"

enum { TRACE_PID = 1, RUN_TRACK = 1, FIRST_TRACK = 2, TEXT_ROOM = 4096, NAME_ROOM = 96 };

struct trace {
    FILE *out;
    const struct snapshot *snapshot;
    bool begun;  /* an event was written: the next needs a comma */
    bool failed; /* no memory for one */
};

/* --- one event ------------------------------------------------------------------------------------------ */

/* Microseconds with the nanoseconds as decimals. Readers make whole nanoseconds of them by cutting off, and 0.57 times 1000 is a little less than
 * 570 there: a tenth of a nanosecond more sees to it that a start stays what it is. So no stretch can reach into the next; its length may
 * be read as a nanosecond less. */
static void put_start(const struct trace *trace, uint64_t ns)
{
    fprintf(trace->out, ",\"ts\":%" PRIu64 ".%03" PRIu64 "1", ns / NS_PER_US, ns % NS_PER_US);
}

static void put_length(const struct trace *trace, uint64_t ns)
{
    fprintf(trace->out, ",\"dur\":%" PRIu64 ".%03" PRIu64, ns / NS_PER_US, ns % NS_PER_US);
}

/* Any text as a JSON string, made fit to show. */
static void put_string(struct trace *trace, const char *text)
{
    char shown[TEXT_ROOM];
    json_t *string = json_string(text_show(shown, sizeof shown, text, false));
    if (!string || json_dumpf(string, trace->out, JSON_ENCODE_ANY | JSON_ENSURE_ASCII) != 0)
        trace->failed = true;
    json_decref(string);
}

static void begin_event(struct trace *trace, const char *type, size_t track, const char *name)
{
    fprintf(trace->out, "%s{\"ph\":\"%s\",\"pid\":%d,\"tid\":%zu,\"name\":", trace->begun ? ",\n" : "", type, TRACE_PID,
            track);
    put_string(trace, name);
    trace->begun = true;
}

static void put_name(struct trace *trace, const char *what, size_t track, const char *name)
{
    begin_event(trace, "M", track, what);
    fputs(",\"args\":{\"name\":", trace->out);
    put_string(trace, name);
    fputs("}}", trace->out);
}

static void put_sort_index(struct trace *trace, const char *what, size_t track, size_t index)
{
    begin_event(trace, "M", track, what);
    fprintf(trace->out, ",\"args\":{\"sort_index\":%zu}}", index);
}

static size_t state_track(size_t slot)
{
    return FIRST_TRACK + 2 * slot;
}

static size_t job_track(size_t slot)
{
    return state_track(slot) + 1;
}

/* The runner's, which threads have too; 0: not known any more. */
static uint64_t runner_pid(const struct snapshot *snapshot)
{
    if (snapshot->runner_pid > 0)
        return (uint64_t)snapshot->runner_pid;
    for (size_t i = 0; i < snapshot->slots; i++)
        if (snapshot->workers[i].used && snapshot->workers[i].data.kind != WORKER_PROCESS)
            return snapshot->workers[i].data.pid;
    return 0;
}

/* --- names ---------------------------------------------------------------------------------------------- */

/* As on the screen, counted from 1; the numbers the kernel gave it, where only one worker has sat there. */
static void name_seat(const struct worker_snapshot *worker, size_t slot, char out[NAME_ROOM])
{
    const struct slot_data *data = &worker->data;
    enum worker_kind kind = (enum worker_kind)data->kind;
    int used = snprintf(out, NAME_ROOM, "%c%zu", worker_kind_letter(kind), slot + 1);
    if (kind == WORKER_TRANSFER)
        snprintf(out + used, NAME_ROOM - (size_t)used, " (a transfer)");
    else if (data->generation > 1)
        snprintf(out + used, NAME_ROOM - (size_t)used, " (%" PRIu64 " workers)", data->generation);
    else if (kind == WORKER_PROCESS && data->pid)
        snprintf(out + used, NAME_ROOM - (size_t)used, " (pid %" PRIu64 ")", data->pid);
    else if (data->tid)
        snprintf(out + used, NAME_ROOM - (size_t)used, " (tid %" PRIu64 ")", data->tid);
}

static void put_seat_names(struct trace *trace, size_t slot)
{
    char name[NAME_ROOM];
    char jobs[NAME_ROOM];
    name_seat(&trace->snapshot->workers[slot], slot, name);
    snprintf(jobs, sizeof jobs, "%c%zu jobs", name[0], slot + 1);
    put_name(trace, "thread_name", state_track(slot), name);
    put_sort_index(trace, "thread_sort_index", state_track(slot), state_track(slot));
    put_name(trace, "thread_name", job_track(slot), jobs);
    put_sort_index(trace, "thread_sort_index", job_track(slot), job_track(slot));
}

static void put_names(struct trace *trace, const struct spans *spans)
{
    char executor[EXECUTOR_TEXT_BYTES];
    char name[NAME_ROOM];
    char label[NAME_ROOM];
    const struct snapshot *snapshot = trace->snapshot;
    executor_format(&snapshot->executor, executor);
    snprintf(name, sizeof name, "juggler %s %s", field_work(snapshot->work), executor);
    put_name(trace, "process_name", RUN_TRACK, name);
    put_sort_index(trace, "process_sort_index", RUN_TRACK, 0);
    begin_event(trace, "M", RUN_TRACK, "process_labels");
    if (runner_pid(snapshot))
        snprintf(label, sizeof label, "pid %" PRIu64, runner_pid(snapshot));
    else
        snprintf(label, sizeof label, "%s", executor);
    fputs(",\"args\":{\"labels\":", trace->out);
    put_string(trace, label);
    fputs("}}", trace->out);
    put_name(trace, "thread_name", RUN_TRACK, "run");
    put_sort_index(trace, "thread_sort_index", RUN_TRACK, RUN_TRACK);
    for (size_t slot = 0; slot < spans->slots; slot++)
        if (snapshot->workers[slot].used)
            put_seat_names(trace, slot);
}

/* --- slices ---------------------------------------------------------------------------------------------- */

static const char *class_word(enum phase phase)
{
    switch (phase_class_of(phase)) {
    case PHASE_CLASS_RUNNING: return "running";
    case PHASE_CLASS_IO: return "io";
    case PHASE_CLASS_LOCK: return "lock";
    case PHASE_CLASS_BARRIER: return "barrier";
    case PHASE_CLASS_NO_WORK: return "no_work";
    case PHASE_CLASS_NONE: break;
    }
    return "none";
}

static void put_job_args(struct trace *trace, size_t job)
{
    fprintf(trace->out, "\"job\":%zu,\"input\":", job);
    put_string(trace, field_input(trace->snapshot, job));
}

static void put_state(struct trace *trace, size_t slot, const struct span *span)
{
    begin_event(trace, "X", state_track(slot), phase_word((enum phase)span->phase));
    fprintf(trace->out, ",\"cat\":\"%s\"", class_word((enum phase)span->phase));
    put_start(trace, span->start_ns);
    put_length(trace, span->end_ns - span->start_ns);
    fputs(",\"args\":{", trace->out);
    if (span->job)
        put_job_args(trace, span->job - 1);
    fputs("}}", trace->out);
}

/* The last part of a URL's path says enough on a slice; a limit is short anyway. */
static void name_job(const struct snapshot *snapshot, size_t job, char out[NAME_ROOM])
{
    const char *input = field_input(snapshot, job);
    const char *slash = strrchr(input, '/');
    text_show(out, NAME_ROOM, slash && slash[1] ? slash + 1 : input, false);
    if (!*out)
        snprintf(out, NAME_ROOM, "job %zu", job);
}

static void put_job(struct trace *trace, size_t slot, const struct span *span)
{
    size_t job = span->job - 1;
    const struct job_snapshot *result = &trace->snapshot->results[job];
    uint64_t attempts = 0;
    char name[NAME_ROOM];
    name_job(trace->snapshot, job, name);
    begin_event(trace, "X", job_track(slot), name);
    fputs(",\"cat\":\"job\"", trace->out);
    put_start(trace, span->start_ns);
    put_length(trace, span->end_ns - span->start_ns);
    fputs(",\"args\":{", trace->out);
    put_job_args(trace, job);
    fprintf(trace->out, ",\"state\":\"%s\"", field_state(result));
    if (field_attempts(result, &attempts))
        fprintf(trace->out, ",\"attempts\":%" PRIu64, attempts);
    if (field_ended(result) && !field_done(result) && result->result.note[0]) {
        fputs(",\"error\":", trace->out);
        put_string(trace, result->result.note);
    }
    fputs("}}", trace->out);
}

static void put_death(struct trace *trace, const struct span_death *death)
{
    begin_event(trace, "i", state_track(death->slot), "killed");
    fputs(",\"cat\":\"death\",\"s\":\"t\"", trace->out);
    put_start(trace, death->time_ns);
    fputs(",\"args\":{", trace->out);
    if (death->job)
        put_job_args(trace, death->job - 1);
    fputs("}}", trace->out);
}

static void put_lost(struct trace *trace, uint64_t end_ns)
{
    begin_event(trace, "i", RUN_TRACK, "events were lost");
    fputs(",\"cat\":\"lost\",\"s\":\"g\"", trace->out);
    put_start(trace, end_ns);
    fprintf(trace->out, ",\"args\":{\"lost_events\":%" PRIu64 "}}", trace->snapshot->lost_events);
}

static void put_run(struct trace *trace)
{
    begin_event(trace, "X", RUN_TRACK, run_state_word(trace->snapshot->state));
    fputs(",\"cat\":\"run\"", trace->out);
    put_start(trace, 0);
    put_length(trace, trace->snapshot->wall_ns);
    fputs(",\"args\":{}}", trace->out);
}

static void put_events(struct trace *trace, const struct spans *spans)
{
    put_names(trace, spans);
    if (trace->snapshot->start_ns)
        put_run(trace);
    for (size_t slot = 0; slot < spans->slots; slot++) {
        for (size_t i = spans->states.first[slot]; i < spans->states.first[slot + 1]; i++)
            put_state(trace, slot, &spans->states.items[i]);
        for (size_t i = spans->jobs.first[slot]; i < spans->jobs.first[slot + 1]; i++)
            put_job(trace, slot, &spans->jobs.items[i]);
    }
    for (size_t i = 0; i < spans->deaths_count; i++)
        put_death(trace, &spans->deaths[i]);
    if (trace->snapshot->lost_events)
        put_lost(trace, spans->end_ns);
}

/* --- all of it --------------------------------------------------------------------------------------------- */

/* What Perfetto shows under "Info and stats". */
static void put_other_data(struct trace *trace, const struct report_input *input)
{
    const struct snapshot *snapshot = trace->snapshot;
    char executor[EXECUTOR_TEXT_BYTES];
    fputs("\"otherData\":{\"program\":\"juggler\",\"version\":\"" JUGGLER_VERSION "\"", trace->out);
    fprintf(trace->out, ",\"work\":\"%s\",\"executor\":\"%s\",\"state\":\"%s\"", field_work(snapshot->work),
            executor_format(&snapshot->executor, executor), run_state_word(snapshot->state));
    fprintf(trace->out, ",\"interrupted\":%s,\"usable_cores\":%u,\"jobs\":%zu,\"lost_events\":%" PRIu64,
            input->interrupted ? "true" : "false", snapshot->usable_cores, snapshot->jobs, snapshot->lost_events);
    if (snapshot->start_ns) /* what ts counts from, for whoever has other things timed by that clock */
        fprintf(trace->out, ",\"start_monotonic_ns\":%" PRIu64, snapshot->start_ns);
    if (runner_pid(snapshot))
        fprintf(trace->out, ",\"runner_pid\":%" PRIu64, runner_pid(snapshot));
    if (snapshot->journal.count == 0)
        fputs(",\"note\":\"no changes of phase were kept: there are jobs and no states\"", trace->out);
    fputc('}', trace->out);
}

int report_trace_write(FILE *out, const struct report_input *input)
{
    struct trace trace = {.out = out, .snapshot = input->snapshot};
    struct spans spans = {0};
    int error = 0;
    fputs("{\"displayTimeUnit\":\"ms\",", out);
    if (input->snapshot) {
        error = spans_make(&spans, input->snapshot);
        put_other_data(&trace, input);
        fputc(',', out);
    }
    fputs("\"traceEvents\":[\n", out);
    if (input->snapshot && !error)
        put_events(&trace, &spans);
    fputs("\n]}\n", out);
    spans_free(&spans);
    if (!error && trace.failed)
        error = ENOMEM;
    int end = report_stream_end(out);
    return error ? error : end;
}
