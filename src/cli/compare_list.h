/* compare_list.h - what juggler compare is to compare: --with and --sweep read as a list of executors. */
#ifndef CLI_COMPARE_LIST_H
#define CLI_COMPARE_LIST_H

#include "cli/options.h"
#include "juggler/compare.h"

struct problem;

struct compare_list {
    struct executor executors[COMPARE_EXECUTORS_MAX];
    size_t count; /* 0: nothing was asked for, and the article's own list is meant */
};

/* "SPEC,SPEC,..." of --with; with --sweep "1,2,4,8" one executor (that of --with, else the work's default) at each of these widths, in the
 * order that was given. 0, or -1 with the sentence. Pure. */
int compare_list_read(struct compare_list *list, const struct options *options, unsigned usable_cores,
                      struct problem *problem);
/* The widest of them, at least `least`. */
unsigned compare_list_widest(const struct compare_list *list, unsigned least);

#endif
