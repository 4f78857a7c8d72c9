/* settings.c - config.ini, found and read. See settings.h.
 *
 * inih cuts lines at a length that it was compiled with (200 bytes in Debian), takes a line that is indented for more of the value
 * before it, and does not tell the handler the line's number. So it gets its lines from a reader that says when one is too long for
 * it, takes leading blanks away, and counts. */
#include "cli/settings.h"

#include <errno.h>
#include <fcntl.h>
#include <ini.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/sys.h"

/* --- the file ----------------------------------------------------------------------------------- */

/* A relative path is none, by the XDG base directory specification. */
static const char *absolute(const char *variable)
{
    const char *value = getenv(variable);
    return value && value[0] == '/' ? value : NULL;
}

/* False: there is no place for one. */
static bool find_path(char out[PATH_MAX])
{
    const char *config = absolute("XDG_CONFIG_HOME");
    const char *home = absolute("HOME");
    int length = config ? snprintf(out, PATH_MAX, "%s/juggler/config.ini", config)
                 : home ? snprintf(out, PATH_MAX, "%s/.config/juggler/config.ini", home)
                        : 0;
    bool fits = length > 0 && length < PATH_MAX;
    if (!fits)
        out[0] = '\0';
    return fits;
}

/* Reads at most room bytes. The count, or -1 with errno. */
static ssize_t read_up_to(int fd, char *out, size_t room)
{
    size_t used = 0;
    ssize_t got = 1;
    while (got > 0 && used < room) {
        got = sys_read(fd, out + used, room - used);
        used += got > 0 ? (size_t)got : 0;
    }
    return got < 0 ? -1 : (ssize_t)used;
}

/* O_NONBLOCK: a pipe in the file's place must not hold anybody up. -1 with errno. */
static int open_file(const char *path)
{
    struct stat info;
    int fd = sys_openat(AT_FDCWD, path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY, 0);
    if (fd < 0)
        return -1;
    int error = fstat(fd, &info) != 0 ? errno : S_ISDIR(info.st_mode) ? EISDIR : S_ISFIFO(info.st_mode) ? ESPIPE : 0;
    if (!error)
        return fd;
    sys_close(fd);
    errno = error;
    return -1;
}

static void set_unreadable(struct settings *out, int error)
{
    out->state = SETTINGS_UNREADABLE;
    if (error == ENOENT || error == ENOTDIR) /* nobody ever made one */
        out->state = SETTINGS_NONE;
    else if (error == ESPIPE)
        problem_set(&out->problem, "%s: it is no file", out->path);
    else
        problem_set_errno(&out->problem, error, "%s", out->path);
}

void settings_read(struct settings *out)
{
    *out = (struct settings){.state = SETTINGS_NONE};
    if (!find_path(out->path))
        return;
    int fd = open_file(out->path);
    if (fd < 0) {
        set_unreadable(out, errno);
        return;
    }
    char *text = sys_alloc(SETTINGS_BYTES_MAX + 1);
    ssize_t length = text ? read_up_to(fd, text, SETTINGS_BYTES_MAX + 1) : -1;
    int error = errno;
    sys_close(fd);
    if (length < 0) {
        set_unreadable(out, error);
    } else {
        char path[PATH_MAX];
        memcpy(path, out->path, sizeof path);
        settings_read_text(out, path, text, (size_t)length);
    }
    free(text);
}

void settings_free(struct settings *settings)
{
    free(settings->list);
    *settings = (struct settings){.state = SETTINGS_NONE};
}

/* --- lines -------------------------------------------------------------------------------------- */

struct reading {
    struct settings *out;
    const char *at, *end;
    unsigned line; /* the one handed out last, from 1 */
};

static void complain(struct reading *reading, const char *what)
{
    if (!reading->out->problem.text[0])
        problem_set(&reading->out->problem, "%s, line %u: %s", reading->out->path, reading->line, what);
}

static struct setting *add(struct reading *reading)
{
    struct settings *out = reading->out;
    if (out->count == SETTINGS_MAX) {
        complain(reading, "there are too many settings before this one");
        return NULL;
    }
    struct setting *one = &out->list[out->count++];
    *one = (struct setting){.line = reading->line};
    return one;
}

/* Sections have an entry of their own, so that a misspelt one is told even where nothing stands in it. */
static void note_section(struct reading *reading, const char *line)
{
    size_t length = strcspn(line + 1, "]");
    if (line[0] != '[' || line[1 + length] != ']')
        return;
    struct setting *one = add(reading);
    if (one)
        snprintf(one->section, sizeof one->section, "%.*s", (int)length, line + 1);
}

/* As fgets, for inih: the next line into `out`, of `room` bytes. What would be cut is told, and an empty line stands in its place. */
static char *next_line(char *out, int room, void *context)
{
    struct reading *reading = context;
    if (reading->at >= reading->end)
        return NULL;
    const char *from = reading->at, *newline = memchr(from, '\n', (size_t)(reading->end - from));
    const char *to = newline ? newline : reading->end;
    reading->at = newline ? newline + 1 : reading->end;
    reading->line++;
    while (from < to && (*from == ' ' || *from == '\t'))
        from++;
    while (to > from && (to[-1] == ' ' || to[-1] == '\t' || to[-1] == '\r'))
        to--;
    size_t length = (size_t)(to - from), most = (size_t)(room < SETTINGS_VALUE_BYTES ? room : SETTINGS_VALUE_BYTES) - 2;
    if (length > most && *from != ';' && *from != '#') {
        char what[96];
        snprintf(what, sizeof what, "it has %zu bytes; the longest that is read has %zu", length, most);
        complain(reading, what);
    }
    length = length > most ? 0 : length;
    memcpy(out, from, length);
    memcpy(out + length, "\n", 2);
    note_section(reading, out);
    return out;
}

static int take(void *context, const char *section, const char *key, const char *value)
{
    struct reading *reading = context;
    struct setting *one = value && key[0] ? add(reading) : NULL;
    if (!one)
        return value && key[0]; /* 0 is an error to inih, and told below */
    snprintf(one->section, sizeof one->section, "%s", section);
    snprintf(one->key, sizeof one->key, "%s", key);
    snprintf(one->value, sizeof one->value, "%s", value);
    return 1;
}

/* Not a text at all, or more than a person writes: none of it is taken. */
static bool is_refused_whole(struct settings *out, const char *text, size_t length)
{
    if (length > SETTINGS_BYTES_MAX)
        problem_set(&out->problem, "%s: it has more than %d KiB", out->path, SETTINGS_BYTES_MAX / 1024);
    else if (memchr(text, '\0', length))
        problem_set(&out->problem, "%s: it is no text: there are bytes of 0 in it", out->path);
    return out->problem.text[0] != '\0';
}

void settings_read_text(struct settings *out, const char *path, const char *text, size_t length)
{
    *out = (struct settings){.state = SETTINGS_UNREADABLE};
    snprintf(out->path, sizeof out->path, "%s", path);
    if (is_refused_whole(out, text, length))
        return;
    out->list = sys_alloc_zeroed(SETTINGS_MAX, sizeof *out->list);
    if (!out->list) {
        problem_set_errno(&out->problem, ENOMEM, "%s", path);
        return;
    }
    bool has_bom = length >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0;
    struct reading reading = {.out = out, .at = text + (has_bom ? 3 : 0), .end = text + length};
    out->state = SETTINGS_READ;
    int wrong = ini_parse_stream(next_line, &reading, take, &reading);
    if (wrong != 0) {
        reading.line = wrong > 0 ? (unsigned)wrong : reading.line;
        complain(&reading, "it is neither [SECTION] nor NAME = VALUE");
    }
}
