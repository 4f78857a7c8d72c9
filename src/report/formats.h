/* formats.h - the forms of report, a file each. Private to src/report; juggler/report.h has the table. */
#ifndef REPORT_FORMATS_H
#define REPORT_FORMATS_H

#include <stdio.h>

#include "juggler/report.h"

/* Each: 0, or an errno of the stream (EIO when it does not say which). */
int report_table_write(FILE *out, const struct report_input *input);
int report_json_write(FILE *out, const struct report_input *input);
int report_csv_write(FILE *out, const struct report_input *input);
int compare_table_write(FILE *out, const struct compare_report_input *input);
int compare_json_write(FILE *out, const struct compare_report_input *input);
int compare_csv_write(FILE *out, const struct compare_report_input *input);
/* Flushes; what every writer ends with. */
int report_stream_end(FILE *out);

#endif
