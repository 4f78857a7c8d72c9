/* inputs_text.c - whole files in memory, their lines, and a job set that grows. See inputs_text.h.
 *
 * Used by the app alone, before a run starts; nothing here is shared. */
#include "jobs/inputs_text.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/problem.h"
#include "base/sys.h"

enum { FIRST_ROOM = 64, READ_ROOM = 65536 };

void inputs_free(struct inputs *inputs)
{
    for (size_t i = 0; i < inputs->strings_count; i++)
        free(inputs->strings[i]);
    free(inputs->strings);
    free(inputs->items);
    *inputs = (struct inputs){0};
}

struct job_input *inputs_grow(struct inputs *inputs, struct problem *problem)
{
    if (inputs->count >= BOARD_JOBS_MAX) {
        problem_set(problem, "more than %d jobs", (int)BOARD_JOBS_MAX);
        return NULL;
    }
    if (inputs->count == inputs->room) {
        size_t room = inputs->room ? inputs->room * 2 : FIRST_ROOM;
        struct job_input *items = sys_realloc(inputs->items, room * sizeof *items);
        if (!items) {
            problem_set_errno(problem, errno, "no room for job %zu", inputs->count + 1);
            return NULL;
        }
        inputs->items = items;
        inputs->room = room;
    }
    struct job_input *item = &inputs->items[inputs->count++];
    *item = (struct job_input){0};
    return item;
}

static int room_for_string(struct inputs *inputs)
{
    if (inputs->strings_count < inputs->strings_room)
        return 0;
    size_t room = inputs->strings_room ? inputs->strings_room * 2 : FIRST_ROOM;
    char **strings = sys_realloc(inputs->strings, room * sizeof *strings);
    if (!strings)
        return -1;
    inputs->strings = strings;
    inputs->strings_room = room;
    return 0;
}

char *inputs_keep(struct inputs *inputs, const char *text, size_t bytes, struct problem *problem)
{
    char *copy = room_for_string(inputs) ? NULL : sys_alloc(bytes + 1);
    if (!copy) {
        problem_set_errno(problem, errno, "no room for job %zu", inputs->count);
        return NULL;
    }
    memcpy(copy, text, bytes);
    copy[bytes] = '\0';
    inputs->strings[inputs->strings_count++] = copy;
    return copy;
}

const char *inputs_file_name(const char *argument)
{
    return strcmp(argument, "-") ? argument : "standard input";
}

/* Makes room for READ_ROOM more bytes and a NUL. 0 or an errno. */
static int room_to_read(char **text, size_t bytes, size_t *room)
{
    if (bytes + READ_ROOM < *room)
        return 0;
    size_t more = *room ? *room * 2 : 2 * (size_t)READ_ROOM;
    char *grown = sys_realloc(*text, more);
    if (!grown)
        return errno;
    *text = grown;
    *room = more;
    return 0;
}

/* Reads to the end. 0 or an errno; EFBIG: larger than a list may be. */
static int read_to_end(int fd, char **text, size_t *bytes)
{
    size_t room = 0;
    for (;;) {
        int error = room_to_read(text, *bytes, &room);
        if (error)
            return error;
        ssize_t got = sys_read(fd, *text + *bytes, READ_ROOM);
        if (got < 0)
            return errno;
        if (got == 0)
            break;
        *bytes += (size_t)got;
        if (*bytes > INPUTS_FILE_BYTES_MAX)
            return EFBIG;
    }
    (*text)[*bytes] = '\0';
    return 0;
}

static int open_list(const char *argument, struct problem *problem)
{
    if (!strcmp(argument, "-"))
        return STDIN_FILENO;
    int fd = sys_openat(AT_FDCWD, argument, O_RDONLY | O_CLOEXEC | O_NOCTTY, 0);
    if (fd < 0)
        problem_set_errno(problem, errno, "%s", argument);
    return fd;
}

static bool is_folder(int fd)
{
    struct stat status;
    return !fstat(fd, &status) && S_ISDIR(status.st_mode);
}

int inputs_read_all(const char *argument, char **text, size_t *bytes, struct problem *problem)
{
    *text = NULL;
    *bytes = 0;
    int fd = open_list(argument, problem);
    if (fd < 0)
        return -1;
    const char *name = inputs_file_name(argument);
    int error = is_folder(fd) ? EISDIR : read_to_end(fd, text, bytes);
    if (fd != STDIN_FILENO)
        sys_close(fd);
    if (!error)
        return 0;
    free(*text);
    *text = NULL;
    if (error == EISDIR)
        problem_set(problem, "%s: is a folder, not a list", name);
    else if (error == EFBIG)
        problem_set(problem, "%s: is larger than %d MiB", name, (int)(INPUTS_FILE_BYTES_MAX >> 20));
    else
        problem_set_errno(problem, error, "%s", name);
    return -1;
}

/* Cuts one line off; false at the end. */
static bool cut_line(struct line_walk *walk)
{
    if (walk->text == walk->end)
        return false;
    const char *start = walk->text;
    const char *stop = memchr(start, '\n', (size_t)(walk->end - start));
    walk->text = stop ? stop + 1 : walk->end;
    walk->line = start;
    walk->bytes = (size_t)((stop ? stop : walk->end) - start);
    walk->number++;
    return true;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

/* Takes the CR of CR LF and outer blanks off. */
static void trim_line(struct line_walk *walk)
{
    if (walk->bytes && walk->line[walk->bytes - 1] == '\r')
        walk->bytes--;
    while (walk->bytes && is_blank(walk->line[walk->bytes - 1]))
        walk->bytes--;
    while (walk->bytes && is_blank(*walk->line)) {
        walk->line++;
        walk->bytes--;
    }
}

bool line_walk_next(struct line_walk *walk)
{
    static const char mark[] = {'\xef', '\xbb', '\xbf'};
    if (!walk->number && walk->end - walk->text >= 3 && !memcmp(walk->text, mark, sizeof mark))
        walk->text += sizeof mark;
    while (cut_line(walk)) {
        trim_line(walk);
        if (walk->bytes && *walk->line != '#')
            return true;
    }
    return false;
}
