/* report.h - a finished run as text. Pure: snapshot in, text out. No I/O but to the stream that is given; only the page also asks what machine
 * this is, and what time. */
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
    const char *cores;      /* which limit gives the usable cores (measure/machine.h); NULL: only how many there are */
    const char *problem;    /* a run that could not be started or carried out: why. NULL: there is a snapshot */
    enum work work;         /* when there is no snapshot; WORK_COUNT: not known */
    const char *executor;   /* the spec as text, when there is no snapshot */
};

struct compare_view;

/* A comparison as text. */
struct compare_report_input {
    const struct compare_view *view;
    bool interrupted;
    int columns;
    bool ascii;
    const char *problem; /* it could not be started or carried out: why. NULL: there is a view */
    enum work work;      /* when there is no view */
};

/* A plug-in point: a row a format. write: 0, or an errno of the stream. */
struct report_format {
    const char *name; /* "table", "json", "csv" */
    int (*write)(FILE *out, const struct report_input *input);
    int (*write_compare)(FILE *out, const struct compare_report_input *input);
};

const struct report_format *report_format_of(const char *name); /* NULL: none of that name */

/* The run as a Chrome trace, from the snapshot's journal. 0, or an errno of the stream. */
int report_trace_write(FILE *out, const struct report_input *input);
/* One self-contained HTML page: about a run (compare NULL), or about a comparison (run NULL). 0, or an errno of the stream. */
int report_html_write(FILE *out, const struct report_input *run, const struct compare_report_input *compare);

#endif
