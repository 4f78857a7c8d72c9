/* record_file.h - the file that --record names: written as the run goes on, under its own name, for what is there of a record can be played
 * whatever ends the program. */
#ifndef CLI_RECORD_FILE_H
#define CLI_RECORD_FILE_H

#include <stdbool.h>

#include "cli/outfile.h"

struct problem;
struct recorder;

struct record_file {
    const char *path; /* NULL: it is not open */
    int fd;
    bool created; /* it was not there before */
};

/* Opens it and locks it, and leaves what is in it. Only a file will do: a record has to be one that can be gone back in. 0, or -1 with the
 * sentence. path has to outlive it. */
int record_file_open(struct record_file *file, const char *path, struct problem *problem);
/* Whether it is the file that an option which has been opened is going to be. */
bool record_file_is(const struct record_file *file, const struct outfile *other);
/* Takes away what was in it, and begins. The descriptor is the recorder's from now on. NULL with the sentence. */
struct recorder *record_file_begin(struct record_file *file, struct problem *problem);
/* Nothing was begun: what was there stays, and where nothing was there is nothing. Fine for one that is not open, or was begun. */
void record_file_discard(struct record_file *file);

#endif
