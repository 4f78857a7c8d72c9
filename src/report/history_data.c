/* history_data.c - the history as one JSON document, and as comma-separated values. A figure that is not known is null, or an empty cell.
 *
 * {"version": 1, "program": ..., "entries": [{"number": 3, ... what is in the file ...}], "damaged": [{"line": 2, "why": ...}]}, and
 * for two of them "comparison". Text goes out as ASCII with \u escapes. */
#include <errno.h>
#include <inttypes.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "juggler/version.h"
#include "report/formats.h"
#include "report/history_show.h"
#include "report/json_document.h"

/* --- JSON ----------------------------------------------------------------------------------------- */

/* A record as it is in the file, with its number. NULL: no memory. */
static json_t *entry(const struct history_record *record)
{
    char *line = history_line(record);
    json_t *object = line ? json_loads(line, 0, NULL) : NULL;
    free(line);
    if (object)
        json_object_set_new(object, "number", json_integer((json_int_t)record->number));
    if (json_document_is_whole())
        return object;
    json_decref(object);
    return NULL;
}

static json_t *words(char list[][HISTORY_WORDS_BYTES], size_t count)
{
    char shown[2 * HISTORY_WORDS_BYTES];
    json_t *array = json_array();
    for (size_t i = 0; i < count; i++)
        json_array_append_new(array, json_string(text_show(shown, sizeof shown, list[i], false)));
    return array;
}

static json_t *comparison(const struct history_record *first, const struct history_record *second)
{
    struct history_comparison found;
    history_compare(first, second, &found);
    json_t *object = json_object();
    json_object_set_new(object, "ratio", found.ratio < 0 ? json_null() : json_real(found.ratio));
    json_object_set_new(object, "comparable", json_boolean(!found.unfit));
    json_object_set_new(object, "different", found.spreads ? json_boolean(!found.overlap) : json_null());
    json_object_set_new(object, "reasons", words(found.reasons, found.unfit));
    json_object_set_new(object, "differs", words(found.differences, found.differs));
    return object;
}

/* The records to be shown: those chosen, or all. */
static const struct history_record *shown_at(const struct history_output *output, size_t index)
{
    return output->chosen_count ? output->chosen[index] : &output->history->records[index];
}

static size_t shown_count(const struct history_output *output)
{
    if (!output->history)
        return 0;
    return output->chosen_count ? output->chosen_count : output->history->count;
}

static void put_damaged(json_t *root, const struct history *history)
{
    json_t *array = json_array();
    for (size_t i = 0; history && i < history->damaged_count; i++) {
        json_t *object = json_object();
        json_object_set_new(object, "line", json_integer((json_int_t)history->damaged[i].number));
        json_object_set_new(object, "why", json_string(history->damaged[i].why));
        json_array_append_new(array, object);
    }
    json_object_set_new(root, "damaged", array);
}

int history_json_write(FILE *out, const struct history_output *output)
{
    char shown[4096];
    json_t *root = json_document_new();
    json_t *entries = json_array();
    json_object_set_new(root, "version", json_integer(HISTORY_VERSION));
    json_object_set_new(root, "program", json_string("juggler " JUGGLER_VERSION));
    if (output->problem)
        json_object_set_new(root, "error", json_string(text_show(shown, sizeof shown, output->problem, false)));
    bool whole = true; /* each entry is a document of its own on the way */
    for (size_t i = 0; i < shown_count(output); i++) {
        whole &= json_document_is_whole();
        whole &= json_array_append_new(entries, entry(shown_at(output, i))) == 0;
    }
    json_object_set_new(root, "entries", entries);
    if (output->chosen_count == 2)
        json_object_set_new(root, "comparison", comparison(output->chosen[0], output->chosen[1]));
    put_damaged(root, output->history);
    if (whole)
        return json_document_write(root, out);
    json_decref(root);
    return ENOMEM;
}

/* --- CSV ------------------------------------------------------------------------------------------ */

/* Quoted as RFC 4180 has it. The text is fit to show already, so there is no line break in it. */
static void put_quoted(FILE *out, const char *text)
{
    fputc('"', out);
    for (; *text; text++) {
        if (*text == '"')
            fputc('"', out);
        fputc(*text, out);
    }
    fputc('"', out);
}

static void put_value(FILE *out, const json_t *value)
{
    if (json_is_string(value))
        put_quoted(out, json_string_value(value));
    else if (json_is_integer(value))
        fprintf(out, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
    else if (json_is_real(value))
        fprintf(out, "%.9g", json_real_value(value));
    else if (json_is_boolean(value))
        fputs(json_is_true(value) ? "true" : "false", out);
}

int history_csv_write(FILE *out, const struct history_output *output)
{
    static const char *const KEYS[] = {
        "number",          "when",         "program",      "command", "work",   "list",   "work_id", "options",
        "executor",        "state",        "interrupted",  "jobs",    "done",   "failed", "wall_s",  "cpu_s",
        "best_possible_s", "memory_bytes", "usable_cores", "speedup", "rounds", "min_s",  "max_s",   "seed"};
    enum { COUNT = sizeof KEYS / sizeof *KEYS };
    bool failed = false;
    for (int i = 0; i < COUNT && output->history; i++)
        fprintf(out, "%s%s", i ? "," : "", KEYS[i]);
    if (output->history)
        fputc('\n', out);
    for (size_t row = 0; row < shown_count(output) && !failed; row++) {
        json_t *object = entry(shown_at(output, row));
        failed = !object;
        for (int i = 0; i < COUNT && object; i++) {
            fputs(i ? "," : "", out);
            put_value(out, json_object_get(object, KEYS[i]));
        }
        fputc('\n', out);
        json_decref(object);
    }
    int error = report_stream_end(out);
    return failed ? ENOMEM : error;
}
