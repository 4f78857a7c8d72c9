/* proc_file.c - small kernel files read in one go. See proc_file.h. */
#include "base/proc_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/sys.h"

ssize_t proc_read(const char *path, char *out, size_t room)
{
    int fd = sys_openat(AT_FDCWD, path, O_RDONLY | O_CLOEXEC, 0);
    if (fd < 0)
        return -1;
    size_t have = 0;
    ssize_t got = 0;
    while (have + 1 < room) {
        got = read(fd, out + have, room - 1 - have);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            break;
        have += (size_t)got;
    }
    out[have] = '\0';
    sys_close(fd);
    return got < 0 ? -1 : (ssize_t)have;
}

int proc_number(const char *text, const char *key, uint64_t *out)
{
    size_t length = strlen(key);
    for (const char *line = text; line; line = strchr(line, '\n')) {
        line += *line == '\n';
        if (strncmp(line, key, length) != 0)
            continue;
        char *end = NULL;
        unsigned long long value = strtoull(line + length, &end, 10);
        if (end == line + length)
            return -1;
        *out = value;
        return 0;
    }
    return -1;
}
