/* data_dir.h - where the sample data is. */
#ifndef CLI_DATA_DIR_H
#define CLI_DATA_DIR_H

#include <stddef.h>

struct problem;

/* The folder with article.urls in it: $JUGGLER_DATA when that is set (and nothing else then), else beside the program
 * (DIR/sample-data, DIR/../sample-data, DIR/../share/juggler), else where make install put it. 0; or -1 with the places looked at. */
int data_dir_find(char *out, size_t room, struct problem *problem);

#endif
