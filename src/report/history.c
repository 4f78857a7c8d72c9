/* history.c - the file of finished runs: where it is, appending to it, reading it. See history.h.
 *
 * Concurrency: any number of programs append at once. Each line is a single write to an O_APPEND descriptor, which the kernel puts at
 * the end in one piece. Whether the file ends in the middle of a line is looked at just before; two that both find it so both begin
 * with a newline, and the empty line that may come of it counts for nothing. So nobody needs a lock, and nobody waits. */
#include "report/history.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/problem.h"
#include "base/sys.h"
#include "report/json_document.h"

/* --- where ---------------------------------------------------------------------------------------- */

/* A relative path is none, by the XDG base directory specification. */
static const char *absolute(const char *variable)
{
    const char *value = getenv(variable);
    return value && value[0] == '/' ? value : NULL;
}

const char *history_path(char *out, size_t room)
{
    const char *state = absolute("XDG_STATE_HOME");
    const char *home = absolute("HOME");
    if (!state && !home)
        return NULL;
    int length = state ? snprintf(out, room, "%s/juggler/history.jsonl", state)
                       : snprintf(out, room, "%s/.local/state/juggler/history.jsonl", home);
    return length > 0 && (size_t)length < room ? out : NULL;
}

static int path_or_problem(char path[PATH_MAX], struct problem *problem)
{
    if (history_path(path, PATH_MAX))
        return 0;
    problem_set(problem, "there is no place for the history: neither XDG_STATE_HOME nor HOME names a folder");
    return -1;
}

/* Every folder on the way to the file. 0 or an errno. */
static int make_folders(const char *path)
{
    char folder[PATH_MAX];
    snprintf(folder, sizeof folder, "%s", path);
    for (char *slash = strchr(folder + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        if (mkdir(folder, 0700) != 0 && errno != EEXIST)
            return errno;
        *slash = '/';
    }
    return 0;
}

/* O_NONBLOCK: a pipe in the file's place must not hold anybody up. -1 with errno set. */
static int open_regular(const char *path, int flags)
{
    struct stat info;
    int fd = sys_openat(AT_FDCWD, path, flags | O_CLOEXEC | O_NONBLOCK | O_NOCTTY, 0600);
    if (fd < 0)
        return -1;
    if (fstat(fd, &info) == 0 && S_ISREG(info.st_mode))
        return fd;
    sys_close(fd);
    errno = EINVAL;
    return -1;
}

int history_check(struct problem *problem)
{
    char path[PATH_MAX];
    struct stat info = {0};
    if (path_or_problem(path, problem) != 0)
        return -1;
    bool is_file = stat(path, &info) == 0;
    int error = is_file && !S_ISREG(info.st_mode) ? EINVAL : 0;
    while (!is_file && stat(path, &info) != 0 &&
           (errno == ENOENT || errno == ENOTDIR)) { /* then the nearest folder that is there has to take new ones */
        char *slash = strrchr(path, '/');
        slash[slash == path] = '\0';
    }
    if (!is_file && S_ISREG(info.st_mode))
        error = ENOTDIR;
    if (!error && access(path, is_file ? W_OK : W_OK | X_OK) != 0)
        error = errno;
    if (error)
        problem_set_errno(problem, error, "%s", path);
    return error ? -1 : 0;
}

/* --- appending ------------------------------------------------------------------------------------ */

static bool ends_in_a_line(int fd)
{
    char last = '\n';
    off_t size = lseek(fd, 0, SEEK_END);
    return size > 0 && pread(fd, &last, 1, size - 1) == 1 && last != '\n';
}

/* All of it in one write, or an errno: what was written in part is told from the rest by the newline that the next one begins with. */
static int write_line(int fd, char *line)
{
    size_t length = strlen(line);
    if (ends_in_a_line(fd)) { /* the line has room for one more: see history_append */
        memmove(line + 1, line, length + 1);
        line[0] = '\n';
        length++;
    }
    ssize_t written = sys_write(fd, line, length);
    if (written < 0)
        return errno;
    return (size_t)written == length ? 0 : ENOSPC;
}

static int append_to(const char *path, char *line)
{
    int error = make_folders(path);
    if (error)
        return error;
    int fd = open_regular(path, O_RDWR | O_APPEND | O_CREAT);
    if (fd < 0)
        return errno;
    error = write_line(fd, line);
    if (sys_close(fd) != 0 && !error)
        error = errno;
    return error;
}

int history_append(const struct history_record *record, struct problem *problem)
{
    char path[PATH_MAX];
    if (path_or_problem(path, problem) != 0)
        return -1;
    char *line = history_line(record);
    char *roomy = line ? sys_realloc(line, strlen(line) + 2) : NULL;
    int error = roomy ? append_to(path, roomy) : ENOMEM;
    free(roomy ? roomy : line);
    if (error)
        problem_set_errno(problem, error, "%s", path);
    return error ? -1 : 0;
}

/* --- reading -------------------------------------------------------------------------------------- */

static int note_damage(struct history *out, size_t number, const char *why)
{
    struct history_damage *damaged = sys_grow(out->damaged, &out->damaged_room, out->damaged_count, sizeof *damaged);
    if (!damaged)
        return ENOMEM;
    out->damaged = damaged;
    struct history_damage *damage = &out->damaged[out->damaged_count++];
    damage->number = number;
    snprintf(damage->why, sizeof damage->why, "%s", why);
    return 0;
}

static int take_line(struct history *out, size_t number, const char *line, size_t length)
{
    char why[96];
    if (length == 0)
        return 0;
    if (length > HISTORY_LINE_BYTES_MAX)
        return note_damage(out, number, "it is too long");
    struct history_record *records = sys_grow(out->records, &out->records_room, out->count, sizeof *records);
    if (!records)
        return ENOMEM;
    out->records = records;
    struct history_record *record = &out->records[out->count];
    /* Whoever had no memory to read it has not found it damaged. */
    if (history_parse(line, length, record, why, sizeof why) != 0)
        return json_document_is_whole() ? note_damage(out, number, why) : ENOMEM;
    record->number = number;
    out->count++;
    return 0;
}

/* Of a line that is too long only its length is kept: one more than the greatest that is read. */
static int read_lines(FILE *file, struct history *out)
{
    char line[HISTORY_LINE_BYTES_MAX + 1];
    size_t length = 0, number = 1;
    int error = 0, character;
    while (!error && (character = getc_unlocked(file)) != EOF) {
        if (character == '\n') {
            error = take_line(out, number++, line, length);
            length = 0;
        } else if (length < HISTORY_LINE_BYTES_MAX)
            line[length++] = (char)character;
        else
            length = HISTORY_LINE_BYTES_MAX + 1;
    }
    if (!error && ferror(file))
        error = errno ? errno : EIO;
    return error ? error : take_line(out, number, line, length);
}

int history_read(struct history *out, struct problem *problem)
{
    char path[PATH_MAX];
    if (path_or_problem(path, problem) != 0)
        return -1;
    int fd = open_regular(path, O_RDONLY);
    if (fd < 0 && (errno == ENOENT || errno == ENOTDIR))
        return 0;
    FILE *file = fd >= 0 ? fdopen(fd, "r") : NULL;
    int error = file ? 0 : errno;
    if (file) {
        error = read_lines(file, out);
        fclose(file);
    } else if (fd >= 0)
        sys_close(fd);
    if (error)
        problem_set_errno(problem, error, "the history in %s cannot be read", path);
    return error ? -1 : 0;
}

void history_free(struct history *history)
{
    free(history->records);
    free(history->damaged);
    *history = (struct history){.count = 0};
}
