/* made_history.h - a history in a folder of its own, the lines that go into it, and what is shown of it. */
#ifndef TESTS_MADE_HISTORY_H
#define TESTS_MADE_HISTORY_H

#include <fcntl.h>
#include <ftw.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/problem.h"
#include "report/history.h"
#include "report/history_show.h"

/* --- a folder of its own --------------------------------------------------------------------------- */

static char folder[64];

static inline int remove_entry(const char *path, const struct stat *status, int type, struct FTW *where)
{
    (void)status, (void)type, (void)where;
    return remove(path);
}

static inline int folder_make(void **state)
{
    (void)state;
    strcpy(folder, "/tmp/juggler-history-XXXXXX");
    if (!mkdtemp(folder))
        return -1;
    return setenv("XDG_STATE_HOME", folder, 1);
}

static inline int folder_remove(void **state)
{
    (void)state;
    return nftw(folder, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
}

static inline const char *path(void)
{
    static char text[PATH_MAX];
    assert_non_null(history_path(text, sizeof text));
    return text;
}

static inline struct history_record record(void)
{
    return (struct history_record){.when_s = 1764000000,
                                   .program = "juggler 1.0.0",
                                   .command = "run",
                                   .work = "primes",
                                   .list = "the article's limits",
                                   .work_id = "0123456789abcdef",
                                   .options = "kernel trial, product fold",
                                   .executor = "process-pool:4",
                                   .state = "done",
                                   .jobs = 4,
                                   .done = 4,
                                   .wall_s = 2,
                                   .cpu_s = 3.5,
                                   .best_possible_s = 1.75,
                                   .memory_bytes = 4096000,
                                   .usable_cores = 2,
                                   .speedup = -1,
                                   .min_s = -1,
                                   .max_s = -1};
}

static inline struct history_record compared(double median_s, double min_s, double max_s)
{
    struct history_record one = record();
    strcpy(one.command, "compare");
    one.wall_s = median_s;
    one.min_s = min_s;
    one.max_s = max_s;
    one.rounds = 3;
    one.seed = UINT64_MAX;
    one.speedup = 1.5;
    return one;
}

static inline void append(const struct history_record *one)
{
    struct problem problem = {.text = ""};
    if (history_append(one, &problem) != 0)
        fail_msg("not appended: %s", problem.text);
}

static inline void append_bytes(const char *bytes, size_t count)
{
    int fd = open(path(), O_WRONLY | O_APPEND | O_CREAT, 0600);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, bytes, count), (ssize_t)count);
    close(fd);
}

static inline void append_text(const char *text)
{
    append_bytes(text, strlen(text));
}

static inline struct history read_all(void)
{
    struct history history = {.count = 0};
    struct problem problem = {.text = ""};
    if (history_read(&history, &problem) != 0)
        fail_msg("not read: %s", problem.text);
    return history;
}

/* Valid until the next one. */
static inline char *text_of(int (*write)(FILE *, const struct history_output *), const struct history_output *output)
{
    static char *text;
    size_t length;
    free(text);
    text = NULL;
    FILE *stream = open_memstream(&text, &length);
    assert_non_null(stream);
    assert_int_equal(write(stream, output), 0);
    fclose(stream);
    return text;
}

#endif
