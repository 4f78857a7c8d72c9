/* table.h - the parts of the table for people. Private to src/report. */
#ifndef REPORT_TABLE_H
#define REPORT_TABLE_H

#include <stdio.h>

#include "juggler/report.h"

/* What every part of a table needs. */
struct table {
    FILE *out;
    const struct report_input *input;
    const struct snapshot *snapshot;
    int columns;       /* 40 ... 160 */
    const char *dash;  /* stands for a figure that is not known */
    const char *dots;  /* stands for what is left out */
    const char *point; /* between words */
};

/* Prints a text of any origin, made fit to show. */
void table_text(const struct table *table, const char *text);
/* The lines below the jobs: times, the best possible, what it was carried out with, counts. */
void table_totals(const struct table *table);

#endif
