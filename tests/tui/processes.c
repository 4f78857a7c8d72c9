/* processes.c - a process belongs to a screen when the screen's mark is in its environment: children have their parent's, wherever they are
 * moved to when their parent dies. */
#include "processes.h"

#include <ctype.h>
#include <dirent.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Reads a file of /proc whole, as far as there is room; returns the bytes, 0 when it has gone. */
static size_t read_whole(const char *path, char *out, size_t room)
{
    size_t used = 0;
    ssize_t got;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return 0;
    while (used + 1 < room && (got = read(fd, out + used, room - used - 1)) > 0)
        used += (size_t)got;
    close(fd);
    out[used] = 0;
    return used;
}

static bool belongs_to(pid_t pid, const char *mark)
{
    char path[64], environment[32768];
    snprintf(path, sizeof path, "/proc/%d/environ", (int)pid);
    size_t count = read_whole(path, environment, sizeof environment);
    for (const char *at = environment; at < environment + count; at += strlen(at) + 1)
        if (strcmp(at, mark) == 0)
            return true;
    return false;
}

static bool is_named(const char *path, const char *pattern)
{
    char name[64];
    size_t count = read_whole(path, name, sizeof name);
    if (count && name[count - 1] == '\n')
        name[count - 1] = 0;
    return count && fnmatch(pattern, name, 0) == 0;
}

bool process_is(pid_t pid, const char *name)
{
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/comm", (int)pid);
    return is_named(path, name);
}

/* What follows the name in /proc/PID/stat. */
static const char *stat_fields(pid_t pid, char *text, size_t room)
{
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/stat", (int)pid);
    const char *behind = read_whole(path, text, room) ? strrchr(text, ')') : NULL;
    return behind && behind[1] ? behind + 2 : NULL;
}

char process_letter(pid_t pid)
{
    char text[1024];
    const char *fields = stat_fields(pid, text, sizeof text);
    return fields ? *fields : 0;
}

unsigned long process_ticks(pid_t pid)
{
    char text[1024];
    unsigned long user, system, user_children, system_children;
    const char *fields = stat_fields(pid, text, sizeof text);
    if (!fields || sscanf(fields, "%*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu %lu %lu", &user, &system,
                          &user_children, &system_children) != 4)
        return 0;
    return user + system + user_children + system_children;
}

static bool is_dead(pid_t pid)
{
    char letter = process_letter(pid);
    return letter == 0 || letter == 'Z' || letter == 'X';
}

size_t processes_named(const struct screen *screen, const char *pattern, pid_t *out, size_t room)
{
    size_t count = 0;
    DIR *all = opendir("/proc");
    const struct dirent *entry;
    while (all && (entry = readdir(all))) {
        char path[64];
        pid_t pid = (pid_t)atoi(entry->d_name);
        if (!isdigit((unsigned char)*entry->d_name) || !belongs_to(pid, screen_mark(screen)))
            continue;
        snprintf(path, sizeof path, "/proc/%d/comm", (int)pid);
        if (!is_named(path, pattern) || is_dead(pid))
            continue;
        if (out && count < room)
            out[count] = pid;
        count++;
    }
    if (all)
        closedir(all);
    return count;
}

bool thread_is(pid_t pid, const char *tid, const char *pattern)
{
    char path[320];
    snprintf(path, sizeof path, "/proc/%d/task/%s/comm", (int)pid, tid);
    return isdigit((unsigned char)*tid) && is_named(path, pattern);
}

static size_t threads_of(pid_t pid, const char *pattern)
{
    size_t count = 0;
    char path[320];
    snprintf(path, sizeof path, "/proc/%d/task", (int)pid);
    DIR *all = opendir(path);
    const struct dirent *entry;
    while (all && (entry = readdir(all)))
        count += thread_is(pid, entry->d_name, pattern);
    if (all)
        closedir(all);
    return count;
}

static uint64_t thread_cpu_ns(pid_t pid, const char *tid)
{
    char path[320], text[128];
    snprintf(path, sizeof path, "/proc/%d/task/%s/schedstat", (int)pid, tid);
    return read_whole(path, text, sizeof text) ? strtoull(text, NULL, 10) : 0;
}

uint64_t process_cpu_ns(pid_t pid)
{
    uint64_t sum_ns = 0;
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/task", (int)pid);
    DIR *all = opendir(path);
    const struct dirent *entry;
    while (all && (entry = readdir(all)))
        sum_ns += isdigit((unsigned char)*entry->d_name) ? thread_cpu_ns(pid, entry->d_name) : 0;
    if (all)
        closedir(all);
    return sum_ns;
}

uint64_t processes_cpu_ns(const struct screen *screen)
{
    enum { PIDS_MAX = 1100 };
    pid_t pids[PIDS_MAX];
    uint64_t sum_ns = 0;
    size_t count = processes_named(screen, "*", pids, PIDS_MAX);
    for (size_t i = 0; i < count && i < PIDS_MAX; i++)
        sum_ns += process_cpu_ns(pids[i]);
    return sum_ns;
}

size_t threads_named(const struct screen *screen, const char *pattern, pid_t *process)
{
    enum { MOST = 2048 };
    static const char everything[] = "*";
    pid_t pids[MOST];
    size_t count = 0, found = processes_named(screen, everything, pids, MOST);
    pid_t first = 0;
    for (size_t i = 0; i < found && i < MOST; i++) {
        size_t here = threads_of(pids[i], pattern);
        first = here && !first ? pids[i] : first;
        count += here;
    }
    if (process)
        *process = first;
    return count;
}

bool processes_are(struct screen *screen, const void *context)
{
    const struct census *census = context;
    return processes_named(screen, census->pattern, NULL, 0) == census->count;
}

bool process_is_alone(struct screen *screen, const void *context)
{
    const struct single *single = context;
    return processes_named(screen, single->pattern, single->pid, 1) == 1;
}

bool threads_are(struct screen *screen, const void *context)
{
    const struct census *census = context;
    return threads_named(screen, census->pattern, NULL) == census->count;
}

bool nothing_is_left(struct screen *screen, const void *unused)
{
    (void)unused;
    return processes_named(screen, "*", NULL, 0) == 0;
}
