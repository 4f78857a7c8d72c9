/* compare_list.c - --with and --sweep read as a list of executors. See compare_list.h. */
#include "cli/compare_list.h"

#include <stdlib.h>
#include <string.h>

#include "base/problem.h"

enum { SPEC_BYTES = 64 };

/* The next part of a list with commas, without the blanks around it; moves *at behind it. False: there is none left. */
static bool next_part(const char **at, char out[SPEC_BYTES])
{
    if (!*at)
        return false;
    const char *end = strchr(*at, ',');
    size_t length = end ? (size_t)(end - *at) : strlen(*at);
    const char *part = *at;
    *at = end ? end + 1 : NULL;
    while (length && *part == ' ') {
        part++;
        length--;
    }
    while (length && part[length - 1] == ' ')
        length--;
    length = length < SPEC_BYTES ? length : SPEC_BYTES - 1; /* far longer than any that is valid */
    memcpy(out, part, length);
    out[length] = 0;
    return true;
}

static int add(struct compare_list *list, const struct executor *executor, const char *option, struct problem *problem)
{
    if (list->count == COMPARE_EXECUTORS_MAX) {
        problem_set(problem, "--%s: at most %d can be compared at once", option, COMPARE_EXECUTORS_MAX);
        return -1;
    }
    list->executors[list->count++] = *executor;
    return 0;
}

static int read_with(struct compare_list *list, const char *with, enum work work, unsigned usable_cores,
                     struct problem *problem)
{
    char spec[SPEC_BYTES];
    while (next_part(&with, spec)) {
        struct executor executor;
        if (!*spec) {
            problem_set(problem, "--with: an executor is missing where there is nothing beside a comma");
            return -1;
        }
        if (executor_parse(spec, work, usable_cores, &executor, problem) != 0 || add(list, &executor, "with", problem) != 0)
            return -1;
    }
    return 0;
}

static int sweep_one(const struct compare_list *with, struct executor *out, struct problem *problem)
{
    char name[EXECUTOR_TEXT_BYTES];
    if (with->count > 1) {
        problem_set(problem, "--sweep varies the width of one executor, but --with names %zu", with->count);
        return -1;
    }
    if (with->count)
        *out = with->executors[0];
    if (executor_has_width(out->how))
        return 0;
    problem_set(problem, "--sweep: %s has no width to vary", executor_format(out, name));
    return -1;
}

static int by_width(const void *left, const void *right)
{
    unsigned first = ((const struct executor *)left)->width, second = ((const struct executor *)right)->width;
    return (first > second) - (first < second);
}

/* The fewest workers come first, however they were given: what the others are held against is the first line. */
static int read_sweep(struct compare_list *list, const char *widths, struct executor executor, struct problem *problem)
{
    char part[SPEC_BYTES];
    list->count = 0;
    while (next_part(&widths, part)) {
        uint64_t width;
        if (options_whole(part, 1, BOARD_WORKERS_MAX, &width) != 0) {
            problem_set(problem, "--sweep: '%s' is not a width; it is whole numbers from 1 to %d, such as 1,2,4,8", part,
                        BOARD_WORKERS_MAX);
            return -1;
        }
        executor.width = (unsigned)width;
        if (add(list, &executor, "sweep", problem) != 0)
            return -1;
    }
    qsort(list->executors, list->count, sizeof *list->executors, by_width);
    return 0;
}

int compare_list_read(struct compare_list *list, const struct options *options, unsigned usable_cores,
                      struct problem *problem)
{
    enum work work = options->run_work;
    const char *with = options->work[work].with;
    struct executor one = executor_default(work);
    list->count = 0;
    if (with && read_with(list, with, work, usable_cores, problem) != 0)
        return -1;
    if (!options->sweep)
        return 0;
    return sweep_one(list, &one, problem) == 0 ? read_sweep(list, options->sweep, one, problem) : -1;
}

unsigned compare_list_widest(const struct compare_list *list, unsigned least)
{
    for (size_t i = 0; i < list->count; i++)
        if (executor_has_width(list->executors[i].how) && list->executors[i].width > least)
            least = list->executors[i].width;
    return least;
}
