/* outfile.h - a file that is there when it is whole, and not before: for --trace and --report.
 *
 * What is written goes to a file without a name in the same folder (O_TMPFILE), which gets its name at the end; so whatever ends the
 * program before that, nothing half-done is left, and an earlier file stays. Where a file system cannot do that, to a temporary name, which
 * is left when the program is killed outright. A file that takes the place of another has its permissions. A symbolic link stays: what it
 * points to is written, which has to be there. A pipe or a device is written as it is; a pipe needs a reader already. */
#ifndef CLI_OUTFILE_H
#define CLI_OUTFILE_H

#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/types.h>

struct problem;

struct outfile {
    FILE *stream;        /* NULL: it is not open */
    char path[PATH_MAX]; /* where it is going to be; links followed */
    char part[PATH_MAX]; /* its temporary name; "" while it has none */
    bool straight;       /* a pipe or a device: nothing to rename */
    bool replaces;       /* a file is there already; its permissions: */
    mode_t mode;
    const char *as_written; /* the path as the person wrote it, and the option it belongs to: for sentences */
    const char *option;
};

/* Opens it for writing. 0, or -1 with a sentence that names option and path; nothing is left behind then. Both strings have to outlive it. */
int outfile_open(struct outfile *file, const char *option, const char *path, struct problem *problem);
/* Whether both are open and are going to be one file, by whatever names. Not for devices, which can be written twice. */
bool outfile_is_same(const struct outfile *one, const struct outfile *other);
/* What was written becomes the file. error: what the writer came to, 0 or an errno. 0, or -1 with the reason; it is closed in any case. */
int outfile_publish(struct outfile *file, int error, struct problem *problem);
/* Closes it; nothing of it stays. Fine for one that is not open, or was published. */
void outfile_discard(struct outfile *file);

#endif
