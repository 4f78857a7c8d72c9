/* download_file.h - a download's file: written under a temporary name, and under its own only when whole.
 *
 * One worker has one at a time. For src/jobs only; the primes write their products the same way. */
#ifndef JOBS_DOWNLOAD_FILE_H
#define JOBS_DOWNLOAD_FILE_H

#include <stdbool.h>
#include <stddef.h>

#include "juggler/job.h"

enum { PART_NAME_BYTES = 256, PART_HELD_BYTES = 1024 };

struct part {
    int dir;                      /* the output folder; the caller's */
    int fd;                       /* -1: not there */
    bool sync;                    /* it is to be on the disk before it has its name */
    char name[PART_NAME_BYTES];   /* of the temporary file */
    size_t held;                  /* bytes in pieces that are not written yet */
    char pieces[PART_HELD_BYTES]; /* a server may send a body byte by byte: not every one is worth a call of the kernel */
};

/* Sets the name of job's temporary file; nothing is made yet. */
void part_init(struct part *part, const struct job_set *set, size_t job);
/* Makes the file, empty. A left-over of the same name is removed, never followed. 0 or an errno. */
int part_open(struct part *part);
/* Appends; small pieces reach the file together with others. 0 or an errno. */
int part_write(struct part *part, const void *data, size_t bytes);
/* Closes and removes it; nothing when it is not there. */
void part_discard(struct part *part);
/* Closes it, on the disk where that was asked for, and gives it its final name; with keep_old set, only when nothing has that name (else EEXIST). 0 or an errno, and then the
 * temporary file is gone. */
int part_publish(struct part *part, const char *final, bool keep_old);

/* True: the folder has no room, may not be written to, or was removed, so any other file would fail as well. */
bool part_error_is_the_folders(int dir, int error);
/* Why a file could not be written to this folder, in words: in `room`, or the C library's. */
const char *part_error_words(int dir, int error, char *room, size_t bytes);

/* What stands under a name in a folder; links are not followed. */
enum standing { STANDING_NOTHING, STANDING_FILE, STANDING_FOLDER, STANDING_LINK, STANDING_OTHER };
enum standing standing_at(int dir, const char *name);
/* Why that can't be replaced: "is a folder", "is a symbolic link", "is not a regular file"; NULL when it can. */
const char *standing_refusal(enum standing standing);

#endif
