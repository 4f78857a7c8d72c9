/* report.h - a finished run as text. Pure: snapshot in, text out. No I/O but to the stream that is given. */
#ifndef JUGGLER_REPORT_H
#define JUGGLER_REPORT_H

#include <stdbool.h>
#include <stdio.h>

#include "juggler/snapshot.h"

struct report_input {
    const struct snapshot *snapshot;
    bool interrupted;
    const char *output_dir; /* where the files are; NULL: none were kept */
    int columns;            /* how wide a table may be */
    bool ascii;             /* the reader's terminal has no UTF-8 */
    const char *problem;    /* a run that could not be started or carried out: why. NULL: there is a snapshot */
    enum work work;         /* when there is no snapshot */
    const char *executor;   /* the spec as text, when there is no snapshot */
};

/* A plug-in point: a row a format. write: 0, or an errno of the stream. */
struct report_format {
    const char *name; /* "table", "json", "csv" */
    int (*write)(FILE *out, const struct report_input *input);
};

const struct report_format *report_format_of(const char *name); /* NULL: none of that name */

#endif
