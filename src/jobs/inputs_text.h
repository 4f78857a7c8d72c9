/* inputs_text.h - what the readers of lists share: a whole file in memory, and a job set that grows.
 *
 * For src/jobs only; the rest of the program uses inputs.h. */
#ifndef JOBS_INPUTS_TEXT_H
#define JOBS_INPUTS_TEXT_H

#include <stdbool.h>
#include <stddef.h>

#include "jobs/inputs.h"

enum {
    INPUTS_FILE_BYTES_MAX = 256 << 20, /* a larger list is refused: a million jobs need far less */
    INPUTS_LINE_BYTES_MAX = 8192       /* a longer line is refused; no browser or server takes such a URL either */
};

/* Reads a file, or standard input for "-", to its end. On success 0: *text is the caller's to free() and has a NUL after its
 * *bytes. -1 with the file and the cause: missing, a folder, larger than INPUTS_FILE_BYTES_MAX, no memory. */
int inputs_read_all(const char *argument, char **text, size_t *bytes, struct problem *problem);
/* What to call that argument in a sentence: "standard input" for "-", else itself. */
const char *inputs_file_name(const char *argument);

/* Appends one item, all zero, and returns it. It stays valid until the next call. NULL with the reason when there are
 * BOARD_JOBS_MAX already or no memory is left. */
struct job_input *inputs_grow(struct inputs *inputs, struct problem *problem);
/* A copy of bytes of text, NUL-terminated, owned by inputs. NULL with the reason. */
char *inputs_keep(struct inputs *inputs, const char *text, size_t bytes, struct problem *problem);

/* Walks a list's lines. Zero-initialise, set text and end; a byte-order mark is skipped, and CR before LF is taken off. */
struct line_walk {
    const char *text; /* what is left */
    const char *end;
    size_t number;    /* of the present line, from 1 */
    const char *line; /* the present line, not NUL-terminated */
    size_t bytes;
};
/* Moves to the next line that is not blank and not a # comment, its outer blanks and tabs taken off. False at the end. */
bool line_walk_next(struct line_walk *walk);

#endif
