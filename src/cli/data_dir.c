/* data_dir.c - where the sample data is. See data_dir.h. */
#include "cli/data_dir.h"

#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/problem.h"

#ifndef JUGGLER_DATADIR
#define JUGGLER_DATADIR "/usr/local/share/juggler"
#endif

/* Beside the program: in the source tree (build/juggler, build/KIND/juggler), then installed (PREFIX/bin/juggler). */
static const char *const BESIDE[] = {"../sample-data", "../../sample-data", "sample-data", "../share/juggler"};

static bool has_samples(const char *folder)
{
    char path[PATH_MAX];
    int length = snprintf(path, sizeof path, "%s/article.urls", folder);
    return length > 0 && (size_t)length < sizeof path && access(path, R_OK) == 0;
}

/* The folder's plain name, if the samples are in it. */
static int use(const char *folder, char *out, size_t room)
{
    char plain[PATH_MAX];
    if (!has_samples(folder))
        return -1;
    if (!realpath(folder, plain) || strlen(plain) >= room)
        return -1;
    memcpy(out, plain, strlen(plain) + 1);
    return 0;
}

static bool program_folder(char out[PATH_MAX])
{
    ssize_t length = readlink("/proc/self/exe", out, PATH_MAX - 1);
    if (length <= 0)
        return false;
    out[length] = '\0';
    char *slash = strrchr(out, '/');
    if (!slash)
        return false;
    *slash = '\0';
    return true;
}

int data_dir_find(char *out, size_t room, struct problem *problem)
{
    const char *named = getenv("JUGGLER_DATA");
    char program[PATH_MAX];
    char folder[PATH_MAX + 32];
    if (named && *named) {
        if (use(named, out, room) == 0)
            return 0;
        problem_set(problem, "there is no article.urls in %s, which JUGGLER_DATA names", named);
        return -1;
    }
    bool known = program_folder(program);
    for (size_t i = 0; known && i < sizeof BESIDE / sizeof BESIDE[0]; i++) {
        snprintf(folder, sizeof folder, "%s/%s", program, BESIDE[i]);
        if (use(folder, out, room) == 0)
            return 0;
    }
    if (use(JUGGLER_DATADIR, out, room) == 0)
        return 0;
    problem_set(
        problem,
        "the sample data is missing: looked beside the program (%s) and in %s; JUGGLER_DATA=DIR names another folder",
        known ? program : "not known", JUGGLER_DATADIR);
    return -1;
}
