/* history_record.c - one record of the history as a line of JSON, and back. Nothing in a line is believed: types and ranges are
 * checked, and every text is made fit to show, for anybody may have edited the file. */
#include <errno.h>
#include <inttypes.h>
#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/sys.h"
#include "base/text.h"
#include "report/history.h"
#include "report/json_document.h"

/* --- out ------------------------------------------------------------------------------------------ */

static json_t *text(const char *value)
{
    char shown[4 * HISTORY_LIST_BYTES];
    return json_string(text_show(shown, sizeof shown, value, false));
}

static json_t *known_text(const char *value)
{
    return *value ? text(value) : json_null();
}

static json_t *whole(uint64_t value)
{
    return json_integer((json_int_t)value);
}

static json_t *known_whole(uint64_t value)
{
    return value ? whole(value) : json_null();
}

static json_t *known_real(double value)
{
    return value >= 0 && isfinite(value) ? json_real(value) : json_null();
}

static json_t *moment(int64_t when_s)
{
    char out[32];
    struct tm parts;
    time_t when = (time_t)when_s;
    if (!gmtime_r(&when, &parts) || strftime(out, sizeof out, "%Y-%m-%dT%H:%M:%SZ", &parts) == 0)
        return json_null();
    return json_string(out);
}

/* As text: it may be greater than what readers of JSON take for a whole number. */
static json_t *seed_text(uint64_t seed)
{
    char out[24];
    snprintf(out, sizeof out, "%" PRIu64, seed);
    return json_string(out);
}

static void put_comparison(json_t *object, const struct history_record *record)
{
    json_object_set_new(object, "rounds", whole(record->rounds));
    json_object_set_new(object, "min_s", known_real(record->min_s));
    json_object_set_new(object, "max_s", known_real(record->max_s));
    json_object_set_new(object, "seed", seed_text(record->seed));
}

static json_t *object_of(const struct history_record *record)
{
    json_t *object = json_object();
    json_object_set_new(object, "version", json_integer(HISTORY_VERSION));
    json_object_set_new(object, "when", moment(record->when_s));
    json_object_set_new(object, "program", text(record->program));
    json_object_set_new(object, "command", text(record->command));
    json_object_set_new(object, "work", text(record->work));
    json_object_set_new(object, "list", text(record->list));
    json_object_set_new(object, "work_id", known_text(record->work_id));
    json_object_set_new(object, "options", known_text(record->options));
    json_object_set_new(object, "executor", text(record->executor));
    json_object_set_new(object, "state", text(record->state));
    json_object_set_new(object, "interrupted", json_boolean(record->interrupted));
    json_object_set_new(object, "jobs", whole(record->jobs));
    json_object_set_new(object, "done", whole(record->done));
    json_object_set_new(object, "failed", whole(record->failed));
    json_object_set_new(object, "wall_s", known_real(record->wall_s));
    json_object_set_new(object, "cpu_s", known_real(record->cpu_s));
    json_object_set_new(object, "best_possible_s", known_real(record->best_possible_s));
    json_object_set_new(object, "memory_bytes", known_whole(record->memory_bytes));
    json_object_set_new(object, "usable_cores", known_whole(record->usable_cores));
    json_object_set_new(object, "speedup", known_real(record->speedup));
    if (record->rounds)
        put_comparison(object, record);
    return object;
}

char *history_line(const struct history_record *record)
{
    json_document_begin();
    json_t *object = object_of(record);
    bool complete = json_document_is_whole();
    char *dumped = complete ? json_dumps(object, JSON_COMPACT | JSON_ENSURE_ASCII | JSON_REAL_PRECISION(15)) : NULL;
    size_t room = dumped ? strlen(dumped) + 2 : 0;
    /* jansson leaves out what it had no memory to write, too */
    char *line = dumped && json_document_is_whole() ? sys_alloc(room) : NULL;
    if (line)
        snprintf(line, room, "%s\n", dumped);
    free(dumped);
    json_decref(object);
    return line;
}

/* --- in ------------------------------------------------------------------------------------------- */

/* Reads one object; what is wrong first is kept. */
struct reader {
    const json_t *object;
    char *why;
    size_t room;
    bool wrong;
};

static void wrong(struct reader *reader, const char *key, const char *what)
{
    if (!reader->wrong)
        snprintf(reader->why, reader->room, "its \"%s\" %s", key, what);
    reader->wrong = true;
}

static void read_text(struct reader *reader, const char *key, bool needed, char *out, size_t room)
{
    const json_t *value = json_object_get(reader->object, key);
    out[0] = '\0';
    if (json_is_string(value))
        text_show(out, room, json_string_value(value), false);
    else if (needed || (value && !json_is_null(value)))
        wrong(reader, key, value ? "is no text" : "is missing");
    if (needed && json_is_string(value) && !out[0])
        wrong(reader, key, "is empty");
}

static uint64_t read_whole(struct reader *reader, const char *key, bool needed, uint64_t most)
{
    const json_t *value = json_object_get(reader->object, key);
    if (!needed && (!value || json_is_null(value)))
        return 0;
    if (json_is_integer(value) && json_integer_value(value) >= 0 && (uint64_t)json_integer_value(value) <= most)
        return (uint64_t)json_integer_value(value);
    wrong(reader, key, value ? "is no number in range" : "is missing");
    return 0;
}

static double read_real(struct reader *reader, const char *key)
{
    const json_t *value = json_object_get(reader->object, key);
    if (!value || json_is_null(value))
        return -1;
    double number = json_number_value(value);
    if (json_is_number(value) && number >= 0 && number < 1e12)
        return number;
    wrong(reader, key, "is no number in range");
    return -1;
}

static bool read_bool(struct reader *reader, const char *key)
{
    const json_t *value = json_object_get(reader->object, key);
    if (!json_is_boolean(value))
        wrong(reader, key, value ? "is neither true nor false" : "is missing");
    return json_is_true(value);
}

static int64_t read_moment(struct reader *reader)
{
    char shown[32];
    struct tm parts = {.tm_mday = 1};
    read_text(reader, "when", true, shown, sizeof shown);
    const char *end = strptime(shown, "%Y-%m-%dT%H:%M:%SZ", &parts);
    int64_t when_s = end && !*end ? (int64_t)timegm(&parts) : -1;
    if (when_s < 0 && !reader->wrong)
        wrong(reader, "when", "is no moment such as 2026-01-31T12:00:00Z");
    return when_s;
}

static uint64_t read_seed(struct reader *reader)
{
    char shown[24];
    char *end = NULL;
    read_text(reader, "seed", true, shown, sizeof shown);
    errno = 0;
    uint64_t seed = strtoull(shown, &end, 10);
    if (errno || shown[0] < '0' || shown[0] > '9' || *end)
        wrong(reader, "seed", "is no number");
    return seed;
}

static void read_comparison(struct reader *reader, struct history_record *out)
{
    out->min_s = out->max_s = -1;
    out->rounds = (unsigned)read_whole(reader, "rounds", false, 1000000);
    if (!out->rounds)
        return;
    out->min_s = read_real(reader, "min_s");
    out->max_s = read_real(reader, "max_s");
    out->seed = read_seed(reader);
}

static void read_record(struct reader *reader, struct history_record *out)
{
    out->when_s = read_moment(reader);
    read_text(reader, "program", false, out->program, sizeof out->program);
    read_text(reader, "command", true, out->command, sizeof out->command);
    read_text(reader, "work", true, out->work, sizeof out->work);
    read_text(reader, "list", false, out->list, sizeof out->list);
    read_text(reader, "work_id", false, out->work_id, sizeof out->work_id);
    read_text(reader, "options", false, out->options, sizeof out->options);
    read_text(reader, "executor", true, out->executor, sizeof out->executor);
    read_text(reader, "state", true, out->state, sizeof out->state);
    out->interrupted = read_bool(reader, "interrupted");
    out->jobs = read_whole(reader, "jobs", true, INT64_MAX);
    out->done = read_whole(reader, "done", true, out->jobs);
    out->failed = read_whole(reader, "failed", true, INT64_MAX);
    out->wall_s = read_real(reader, "wall_s");
    out->cpu_s = read_real(reader, "cpu_s");
    out->best_possible_s = read_real(reader, "best_possible_s");
    out->memory_bytes = read_whole(reader, "memory_bytes", false, INT64_MAX);
    out->usable_cores = (unsigned)read_whole(reader, "usable_cores", false, 1000000);
    out->speedup = read_real(reader, "speedup");
    read_comparison(reader, out);
}

int history_parse(const char *line, size_t length, struct history_record *out, char *why, size_t room)
{
    json_error_t error;
    json_document_begin();
    json_t *object = json_loadb(line, length, JSON_REJECT_DUPLICATES, &error);
    struct reader reader = {.object = object, .why = why, .room = room};
    *out = (struct history_record){.number = 0};
    if (!object) {
        snprintf(why, room, "it is no JSON");
        return -1;
    }
    if (!json_is_object(object)) {
        snprintf(why, room, "it is no object");
        reader.wrong = true;
    } else if (read_whole(&reader, "version", true, INT64_MAX) > HISTORY_VERSION && !reader.wrong)
        wrong(&reader, "version", "is of a later juggler");
    if (!reader.wrong)
        read_record(&reader, out);
    json_decref(object);
    return reader.wrong ? -1 : 0;
}
