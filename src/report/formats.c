/* formats.c - the table of forms a report can take. A new one is a row here and a file beside it. */
#include "report/formats.h"

#include <errno.h>
#include <string.h>

static const struct report_format FORMATS[] = {
    {.name = "table", .write = report_table_write, .write_compare = compare_table_write},
    {.name = "json", .write = report_json_write, .write_compare = compare_json_write},
    {.name = "csv", .write = report_csv_write, .write_compare = compare_csv_write},
};

const struct report_format *report_format_of(const char *name)
{
    for (size_t i = 0; i < sizeof FORMATS / sizeof FORMATS[0]; i++)
        if (strcmp(FORMATS[i].name, name) == 0)
            return &FORMATS[i];
    return NULL;
}

int report_stream_end(FILE *out)
{
    errno = 0;
    if (fflush(out) != 0)
        return errno ? errno : EIO;
    return ferror(out) ? EIO : 0;
}
