/* json_document.c - a JSON document that is whole or not written at all. See json_document.h. */
#include "report/json_document.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/sys.h"
#include "base/text.h"
#include "report/formats.h"

/* 15 figures: every double that was a decimal of nanoseconds comes out as that decimal. */
enum { FLAGS = JSON_INDENT(2) | JSON_ENSURE_ASCII | JSON_REAL_PRECISION(15) };

static _Thread_local bool incomplete; /* jansson's functions have no argument that could hold it */

static void *allocate(size_t bytes)
{
    void *memory = sys_alloc(bytes);
    incomplete |= !memory;
    return memory;
}

void json_document_begin(void)
{
    incomplete = false;
    json_set_alloc_funcs(allocate, free);
}

json_t *json_document_new(void)
{
    json_document_begin();
    return json_object();
}

bool json_document_is_whole(void)
{
    return !incomplete;
}

json_t *json_document_text(const char *value)
{
    char shown[4096];
    json_t *string = strchr(value, 0x7f) ? NULL : json_string(value);
    return string ? string : json_string(text_show(shown, sizeof shown, value, false));
}

int json_document_write(json_t *root, FILE *out)
{
    if (incomplete) {
        incomplete = false;
        json_decref(root);
        return ENOMEM;
    }
    bool failed = json_dumpf(root, out, FLAGS) != 0 || incomplete;
    json_decref(root);
    fputc('\n', out);
    int error = report_stream_end(out);
    return error || !failed ? error : ENOMEM;
}
