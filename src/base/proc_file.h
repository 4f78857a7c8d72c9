/* proc_file.h - small kernel files (/proc, /sys/fs/cgroup) read in one go. */
#ifndef BASE_PROC_FILE_H
#define BASE_PROC_FILE_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* Reads at most room - 1 bytes of the file and ends them with a NUL. Returns the bytes, or -1 (not there, not readable). */
ssize_t proc_read(const char *path, char *out, size_t room);
/* The number behind `key` at the start of a line ("MemAvailable:"); -1: no such line. */
int proc_number(const char *text, const char *key, uint64_t *out);

#endif
