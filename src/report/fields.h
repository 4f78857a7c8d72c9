/* fields.h - what every form of report reads off a snapshot: one place decides what is known. For src/report and the page of a worker. */
#ifndef REPORT_FIELDS_H
#define REPORT_FIELDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "juggler/report.h"

enum { END_DIGITS = 12, END_DIGITS_ROOM = 24 }; /* head and tail of a product */

/* The word for where a job stands; one that has not ended is "queued": nothing of it counts. */
const char *field_state(const struct job_snapshot *job);
bool field_ended(const struct job_snapshot *job);
bool field_done(const struct job_snapshot *job);
/* Tries so far; false: not known. */
bool field_attempts(const struct job_snapshot *job, uint64_t *out);
/* Since the run's start, and how long it took, of an ended job; false: not known. */
bool field_start_ns(const struct snapshot *snapshot, const struct job_snapshot *job, uint64_t *out);
bool field_duration_ns(const struct job_snapshot *job, uint64_t *out);
/* The slot it was done in; false: nobody had it. */
bool field_worker(const struct snapshot *snapshot, const struct job_snapshot *job, uint64_t *out);
/* Bytes of the body; false: not known (not done, or a file that was there already). */
bool field_bytes(const struct job_snapshot *job, uint64_t *out);
/* The file the job became; NULL: none. */
const char *field_file(const struct report_input *input, size_t job);
/* What the person wrote; "" when it is not known. */
const char *field_input(const struct snapshot *snapshot, size_t job);
/* The first and last digits of the product, all of them when there are fewer than END_DIGITS. */
void field_head(const struct job_result *result, char out[END_DIGITS_ROOM]);
void field_tail(const struct job_result *result, char out[END_DIGITS_ROOM]);
/* Workers at once, as asked for. */
size_t field_workers(const struct snapshot *snapshot);
/* "download", "primes", "counter". */
const char *field_work(enum work work);

#endif
