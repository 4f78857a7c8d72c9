/* sys.h - the seam for what can fail: allocation, of lists that grow too, and system calls.
 *
 * Code that allocates or talks to the kernel calls these instead of the C library. In the program they are one call deep; in a test
 * build (-DSYS_FAULTS) the n-th fallible call of a process fails when JUGGLER_FAIL_AT=n is set, so that every error path can be walked. */
#ifndef BASE_SYS_H
#define BASE_SYS_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* As malloc, calloc, realloc and strdup: NULL with errno set on failure. Freed with free(). */
void *sys_alloc(size_t bytes);
void *sys_alloc_zeroed(size_t count, size_t bytes);
void *sys_realloc(void *old, size_t bytes);
char *sys_strdup(const char *text);
/* A list of `count` items with room for one more: the list itself, or where it was moved to when it had to grow, and then *room with it. NULL with
 * errno set: all is as it was. */
void *sys_grow(void *list, size_t *room, size_t count, size_t item_bytes);

/* As their namesakes, retried on EINTR. */
ssize_t sys_read(int fd, void *data, size_t bytes);
ssize_t sys_write(int fd, const void *data, size_t bytes);
int sys_openat(int dir, const char *name, int flags, unsigned mode);
int sys_rename_at(int dir, const char *from, const char *to);
/* The same, but EEXIST when there is a `to` already. */
int sys_rename_new_at(int dir, const char *from, const char *to);
int sys_fsync(int fd);
int sys_close(int fd);
pid_t sys_fork(void);

/* Writes all of it; 0 or an errno. */
int sys_write_all(int fd, const void *data, size_t bytes);
/* Closes every descriptor from `from` up, but those in keep (count of them, any order). For a forked child. */
void sys_close_from(int from, const int *keep, size_t count);

#endif
