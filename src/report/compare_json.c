/* compare_json.c - a comparison as one JSON document, version 1. A figure that is not known is null; a refusal has the same keys. */
#include <errno.h>
#include <jansson.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>

#include "juggler/compare.h"
#include "juggler/version.h"
#include "report/compare_fields.h"
#include "report/fields.h"
#include "report/formats.h"
#include "report/json_document.h"

static void put(json_t *object, const char *key, json_t *value)
{
    json_object_set_new(object, key, value);
}

static json_t *real(double value)
{
    return value >= 0 && isfinite(value) ? json_real(value) : json_null();
}

static json_t *whole(bool known, uint64_t value)
{
    return known ? json_integer((json_int_t)value) : json_null();
}

/* "" or NULL: there is none. */
static json_t *text(const char *value)
{
    return value && *value ? json_document_text(value) : json_null();
}

/* JSON's whole numbers end at 2^63 - 1 for most readers: beyond it is told as text. */
static json_t *seed(uint64_t value)
{
    char digits[24];
    if (value <= INT64_MAX)
        return json_integer((json_int_t)value);
    snprintf(digits, sizeof digits, "%ju", (uintmax_t)value);
    return json_string(digits);
}

static json_t *memory_object(const struct memory_figures *memory)
{
    bool known = memory->together_bytes != 0;
    json_t *object = json_object();
    put(object, "shared_bytes", whole(known, memory->shared_bytes));
    put(object, "private_bytes", whole(known, memory->private_bytes));
    put(object, "together_bytes", whole(known, memory->together_bytes));
    put(object, "worker_bytes", whole(known && memory->worker_bytes, memory->worker_bytes));
    put(object, "processes", whole(known, memory->processes));
    put(object, "estimated", known ? json_boolean(memory->estimated) : json_null());
    return object;
}

static json_t *run_object(const struct compare_run *run, enum work work)
{
    json_t *object = json_object();
    put(object, "round", whole(true, run->round));
    put(object, "position", whole(true, run->position));
    put(object, "state", json_string(run_state_word(run->state)));
    put(object, "counts", json_boolean(compare_field_counts(run)));
    put(object, "wall_s", real(run->wall_s));
    put(object, "cpu_s", real(run->cpu_s));
    put(object, "sum_of_jobs_s", real(run->sum_s));
    put(object, "lock_s", real(run->lock_s));
    put(object, "ready_s", real(run->ready_s));
    put(object, "serial_s", real(run->serial_s));
    put(object, "make_worker_s", real(run->make_s));
    put(object, "load_before", real(run->load));
    put(object, "jobs", whole(true, run->jobs));
    put(object, "done", whole(true, run->done));
    put(object, "failed", whole(true, run->failed));
    put(object, "bytes", whole(work == WORK_DOWNLOAD, run->bytes));
    if (work == WORK_COUNTER) {
        put(object, "expected", whole(true, run->expected));
        put(object, "got", whole(true, run->got));
    }
    return object;
}

static void put_runs(json_t *object, const struct compare_line *line, enum work work)
{
    json_t *runs_s = json_array();
    json_t *runs = json_array();
    for (size_t i = 0; i < line->count; i++) {
        if (!line->runs[i].ended)
            continue;
        if (compare_field_counts(&line->runs[i]))
            json_array_append_new(runs_s, real(line->runs[i].wall_s));
        json_array_append_new(runs, run_object(&line->runs[i], work));
    }
    put(object, "runs_s", runs_s);
    put(object, "runs", runs);
}

static json_t *line_object(const struct compare_line *line, enum work work)
{
    char executor[EXECUTOR_TEXT_BYTES];
    bool measured = line->median_s >= 0;
    json_t *object = json_object();
    put(object, "executor", json_string(executor_format(&line->executor, executor)));
    put(object, "workers", whole(line->workers != 0, line->workers));
    put(object, "median_s", real(line->median_s));
    put(object, "min_s", real(line->min_s));
    put(object, "max_s", real(line->max_s));
    put_runs(object, line, work);
    put(object, "speedup", real(line->speedup));
    put(object, "efficiency", real(line->efficiency));
    put(object, "different", !line->told ? json_null() : json_boolean(line->different));
    put(object, "winner", !measured ? json_null() : json_boolean(line->winner));
    put(object, "best_possible_s", real(line->best_s));
    put(object, "best_possible_why", text(line->best_why));
    put(object, "of_possible", real(line->of_possible));
    put(object, "cpu_s", real(line->cpu_s));
    put(object, "lock_s", real(line->lock_s));
    put(object, "make_worker_s", real(line->make_s));
    put(object, "memory", memory_object(&line->memory));
    put(object, "failed", whole(true, line->failed));
    put(object, "problem", text(line->problem));
    return object;
}

static json_t *fit_object(const struct compare_view *view)
{
    const struct compare_fit *fit = &view->fit;
    if (!view->sweep)
        return json_null();
    json_t *object = json_object();
    put(object, "known", json_boolean(fit->known));
    put(object, "lambda", fit->known ? real(fit->lambda) : json_null());
    put(object, "sigma", fit->known ? real(fit->sigma) : json_null());
    put(object, "kappa", fit->known ? real(fit->kappa) : json_null());
    put(object, "peak_workers", fit->known ? real(fit->peak_workers) : json_null());
    put(object, "r_squared", fit->known && isfinite(fit->r_squared) ? json_real(fit->r_squared) : json_null());
    put(object, "words", text(fit->words));
    return object;
}

static json_t *control_object(const struct compare_control *control)
{
    if (!control->known)
        return json_null();
    json_t *object = json_object();
    put(object, "threads", whole(true, control->threads));
    put(object, "free_s", real(control->free_s));
    put(object, "gil_s", real(control->gil_s));
    put(object, "words", text(control->words));
    return object;
}

static json_t *controls_object(const struct compare_view *view)
{
    if (!view->controls)
        return json_null();
    json_t *object = json_object();
    put(object, "waiting", control_object(&view->waiting));
    put(object, "computing", control_object(&view->computing));
    return object;
}

static json_t *compare_object(const struct compare_report_input *input)
{
    const struct compare_view *view = input->view;
    json_t *object = json_object();
    json_t *notes = json_array();
    for (size_t i = 0; i < view->notes_count; i++)
        json_array_append_new(notes, text(view->notes[i]));
    put(object, "work", json_string(field_work(view->work)));
    put(object, "list", text(view->list_name));
    put(object, "rounds", whole(true, view->rounds));
    put(object, "seed", seed(view->seed));
    put(object, "usable_cores", whole(view->usable_cores != 0, view->usable_cores));
    put(object, "interrupted", json_boolean(input->interrupted || view->stopped));
    put(object, "runs_done", whole(true, view->runs_done));
    put(object, "runs_all", whole(true, view->runs_all));
    put(object, "sweep", json_boolean(view->sweep));
    put(object, "verdict", text(view->verdict));
    put(object, "notes", notes);
    return object;
}

/* Of a comparison that was not: the same keys as ever. */
static json_t *nothing_object(const struct compare_report_input *input)
{
    static const char *const KEYS[] = {"list",      "rounds",   "seed",  "usable_cores",
                                       "runs_done", "runs_all", "sweep", "verdict"};
    json_t *object = json_object();
    put(object, "work", json_string(field_work(input->work)));
    for (size_t i = 0; i < sizeof KEYS / sizeof KEYS[0]; i++)
        put(object, KEYS[i], json_null());
    put(object, "interrupted", json_boolean(input->interrupted));
    put(object, "notes", json_array());
    return object;
}

static json_t *lines_array(const struct compare_view *view)
{
    json_t *array = json_array();
    for (size_t i = 0; view && i < view->count; i++)
        json_array_append_new(array, line_object(&view->lines[i], view->work));
    return array;
}

int compare_json_write(FILE *out, const struct compare_report_input *input)
{
    const struct compare_view *view = input->view;
    json_t *root = json_document_new();
    if (!root)
        return ENOMEM;
    put(root, "version", json_integer(1));
    put(root, "program", json_string("juggler " JUGGLER_VERSION));
    if (input->problem || !view)
        put(root, "error", text(input->problem ? input->problem : "the comparison was not started"));
    put(root, "compare", view ? compare_object(input) : nothing_object(input));
    put(root, "executors", lines_array(view));
    put(root, "fit", view ? fit_object(view) : json_null());
    put(root, "controls", view ? controls_object(view) : json_null());
    return json_document_write(root, out);
}
