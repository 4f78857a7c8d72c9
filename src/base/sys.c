/* sys.c - the seam for what can fail. See sys.h. */
#include "base/sys.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#ifdef SYS_FAULTS
#include <stdatomic.h>

/* The one mutable global of the program, and of its test build only: a count that every seam shares. */
static _Atomic long fault_calls;

static bool fault_due(int error)
{
    const char *at = getenv("JUGGLER_FAIL_AT");
    const char *from = getenv("JUGGLER_FAIL_FROM");
    if (!at && !from)
        return false;
    long call = atomic_fetch_add_explicit(&fault_calls, 1, memory_order_relaxed) + 1;
    bool due = (at && call == atol(at)) || (from && call >= atol(from));
    if (due)
        errno = error;
    return due;
}
#else
static bool fault_due(int error)
{
    (void)error;
    return false;
}
#endif

void *sys_alloc(size_t bytes)
{
    return fault_due(ENOMEM) ? NULL : malloc(bytes ? bytes : 1);
}

void *sys_alloc_zeroed(size_t count, size_t bytes)
{
    return fault_due(ENOMEM) ? NULL : calloc(count ? count : 1, bytes ? bytes : 1);
}

void *sys_realloc(void *old, size_t bytes)
{
    return fault_due(ENOMEM) ? NULL : realloc(old, bytes ? bytes : 1);
}

char *sys_strdup(const char *text)
{
    return fault_due(ENOMEM) ? NULL : strdup(text);
}

void *sys_grow(void *list, size_t *room, size_t count, size_t item_bytes)
{
    if (count < *room)
        return list;
    size_t more = *room * 2 + 16;
    void *moved = sys_realloc(list, more * item_bytes);
    if (moved)
        *room = more;
    return moved;
}

ssize_t sys_read(int fd, void *data, size_t bytes)
{
    if (fault_due(EIO))
        return -1;
    ssize_t got;
    do
        got = read(fd, data, bytes);
    while (got < 0 && errno == EINTR);
    return got;
}

ssize_t sys_write(int fd, const void *data, size_t bytes)
{
    if (fault_due(ENOSPC))
        return -1;
    ssize_t got;
    do
        got = write(fd, data, bytes);
    while (got < 0 && errno == EINTR);
    return got;
}

int sys_openat(int dir, const char *name, int flags, unsigned mode)
{
    if (fault_due(EIO))
        return -1;
    int fd;
    do
        fd = openat(dir, name, flags, mode);
    while (fd < 0 && errno == EINTR);
    return fd;
}

int sys_rename_at(int dir, const char *from, const char *to)
{
    return fault_due(EIO) ? -1 : renameat(dir, from, dir, to);
}

int sys_rename_new_at(int dir, const char *from, const char *to)
{
    return fault_due(EIO) ? -1 : renameat2(dir, from, dir, to, RENAME_NOREPLACE);
}

int sys_fsync(int fd)
{
    if (fault_due(EIO))
        return -1;
    int got;
    do
        got = fsync(fd);
    while (got < 0 && errno == EINTR);
    return got;
}

/* Never retried: Linux has closed the descriptor even when close says EINTR. */
int sys_close(int fd)
{
    int got = close(fd);
    return fault_due(EIO) ? -1 : got;
}

pid_t sys_fork(void)
{
    return fault_due(EAGAIN) ? -1 : fork();
}

int sys_write_all(int fd, const void *data, size_t bytes)
{
    const char *at = data;
    while (bytes) {
        ssize_t got = sys_write(fd, at, bytes);
        if (got < 0)
            return errno;
        at += got;
        bytes -= (size_t)got;
    }
    return 0;
}

static int next_kept(int from, const int *keep, size_t count)
{
    int next = -1;
    for (size_t i = 0; i < count; i++)
        if (keep[i] >= from && (next < 0 || keep[i] < next))
            next = keep[i];
    return next;
}

/* Before Linux 5.9 there is no close_range: one by one then, as far as descriptors usually go. */
static void close_between(int from, unsigned last)
{
    if (close_range((unsigned)from, last, 0) == 0)
        return;
    for (int fd = from; fd < 65536 && (unsigned)fd <= last; fd++)
        close(fd);
}

void sys_close_from(int from, const int *keep, size_t count)
{
    for (;;) {
        int next = next_kept(from, keep, count);
        if (next < 0) {
            close_between(from, ~0U);
            return;
        }
        if (next > from)
            close_between(from, (unsigned)next - 1);
        from = next + 1;
    }
}
