/* inputs.h - a person's lists made into a job set: URLs, limits, file names.
 *
 * Everything is checked before anything starts: the first bad line is named by file, line and reason. */
#ifndef JOBS_INPUTS_H
#define JOBS_INPUTS_H

#include <stddef.h>
#include <stdint.h>

#include "juggler/job.h"

struct problem;

/* A growing list of inputs, with its strings. Zero-initialise; free with inputs_free. */
struct inputs {
    struct job_input *items;
    size_t count;
    size_t room;
    char **strings; /* every string that items point to, owned here */
    size_t strings_count;
    size_t strings_room;
};
void inputs_free(struct inputs *inputs);

/* Adds what one argument of the command line means: "-" standard input, an existing file a list of them, else one URL or one
 * limit. An argument with "://" is a URL, one of digits is a limit, whatever files there are. 0, or -1 with the reason. */
int inputs_add_download(struct inputs *inputs, const char *argument, struct problem *problem);
int inputs_add_primes(struct inputs *inputs, const char *argument, struct problem *problem);
/* Adds a list that was read already; `name` is for the sentence. For lists, tests and fuzzing. */
int inputs_add_url_text(struct inputs *inputs, const char *name, const char *text, size_t bytes, struct problem *problem);
int inputs_add_limit_text(struct inputs *inputs, const char *name, const char *text, size_t bytes, struct problem *problem);
int inputs_add_limit(struct inputs *inputs, uint64_t limit, struct problem *problem);

/* --origin builtin: scheme and host of every URL replaced by http://127.0.0.1:port, path and query kept. `text` stays as it was. */
int inputs_redirect(struct inputs *inputs, uint16_t port, struct problem *problem);
/* Gives every input the file name it will have, in input order: file_name_from_url, -2, -3 ... for the second and third of a name;
 * primes: product-LIMIT.txt. */
int inputs_name(struct inputs *inputs, enum work work, struct problem *problem);

/* One limit: "0", "50328", "1e6", "1_000_000". -1 with the reason ("-5 is negative", "12x is not a whole number", too large). */
int limit_parse(const char *text, uint64_t *out, struct problem *problem);
/* About how many bits the product of the primes up to n has; an upper bound (Rosser and Schoenfeld 1962: theta(x) < 1.01624 x). */
uint64_t limit_product_bits(uint64_t limit);
/* -1 with the size it would have when the product would not fit in `available_bytes` (0: not known) or in GMP's range. */
int limit_check_fits(uint64_t limit, uint64_t available_bytes, struct problem *problem);

/* The name a URL's file gets: see docs/architecture.md "file names". name has room for FILE_NAME_MAX + 1 bytes. Pure. */
enum { FILE_NAME_MAX = 200 };
void file_name_from_url(const char *url, char *name);
/* The n-th (n >= 2) of that name: "a.jpg" -> "a-2.jpg", at most FILE_NAME_MAX bytes, the ending kept. Pure. */
void file_name_numbered(const char *name, unsigned n, char *out);

#endif
