/* download_file.c - a download's file. See download_file.h.
 *
 * The final name is never opened for writing: an earlier good file stays whole until the new one, whole too, takes its name in one
 * step. Small pieces wait in memory for others, until there is a kilobyte or the file is done. Every write, sync, close and rename is
 * checked; on failure the temporary file goes. */
#include "jobs/download_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/sys.h"

void part_init(struct part *part, const struct job_set *set, size_t job)
{
    part->dir = set->output_dir;
    part->fd = -1;
    part->sync = set->sync;
    snprintf(part->name, sizeof part->name, "%s%zu.part", set->part_prefix, job);
}

int part_open(struct part *part)
{
    const int flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC;
    part->held = 0;
    part->fd = sys_openat(part->dir, part->name, flags, 0666);
    if (part->fd < 0 && errno == EEXIST && !unlinkat(part->dir, part->name, 0))
        part->fd = sys_openat(part->dir, part->name, flags, 0666);
    return part->fd < 0 ? errno : 0;
}

static int write_held(struct part *part)
{
    size_t held = part->held;
    part->held = 0;
    return held ? sys_write_all(part->fd, part->pieces, held) : 0;
}

int part_write(struct part *part, const void *data, size_t bytes)
{
    int error = part->held + bytes > sizeof part->pieces ? write_held(part) : 0;
    if (error)
        return error;
    if (bytes > sizeof part->pieces)
        return sys_write_all(part->fd, data, bytes);
    memcpy(part->pieces + part->held, data, bytes);
    part->held += bytes;
    return 0;
}

void part_discard(struct part *part)
{
    if (part->fd < 0)
        return;
    sys_close(part->fd);
    part->fd = -1;
    unlinkat(part->dir, part->name, 0);
}

static int rename_new(const struct part *part, const char *final)
{
    if (!sys_rename_new_at(part->dir, part->name, final))
        return 0;
    if (errno != EINVAL && errno != ENOSYS)
        return errno;
    if (standing_at(part->dir, final) != STANDING_NOTHING) /* a file system that can't do it in one step */
        return EEXIST;
    return sys_rename_at(part->dir, part->name, final) ? errno : 0;
}

int part_publish(struct part *part, const char *final, bool keep_old)
{
    int error = write_held(part);
    if (!error && part->sync && sys_fsync(part->fd)) /* before the rename: a name is given to nothing but whole files */
        error = errno;
    if (sys_close(part->fd) && !error)
        error = errno;
    part->fd = -1;
    if (!error && keep_old)
        error = rename_new(part, final);
    else if (!error)
        error = sys_rename_at(part->dir, part->name, final) ? errno : 0;
    if (error)
        unlinkat(part->dir, part->name, 0);
    return error;
}

/* A removed folder can still be opened through its descriptor, but has no name left. A missing file may be missing by itself. */
static bool folder_is_gone(int dir)
{
    struct stat status;
    return !fstat(dir, &status) && status.st_nlink == 0;
}

bool part_error_is_the_folders(int dir, int error)
{
    return error == ENOSPC || error == EDQUOT || error == EROFS || error == EACCES ||
           (error == ENOENT && folder_is_gone(dir));
}

const char *part_error_words(int dir, int error, char *room, size_t bytes)
{
    return error == ENOENT && folder_is_gone(dir) ? "the output folder was removed" : strerror_r(error, room, bytes);
}

enum standing standing_at(int dir, const char *name)
{
    struct stat status;
    if (fstatat(dir, name, &status, AT_SYMLINK_NOFOLLOW))
        return STANDING_NOTHING; /* or unreadable: the rename will tell */
    if (S_ISREG(status.st_mode))
        return STANDING_FILE;
    if (S_ISDIR(status.st_mode))
        return STANDING_FOLDER;
    return S_ISLNK(status.st_mode) ? STANDING_LINK : STANDING_OTHER;
}

const char *standing_refusal(enum standing standing)
{
    static const char *const words[] = {
        [STANDING_FOLDER] = "is a folder",
        [STANDING_LINK] = "is a symbolic link",
        [STANDING_OTHER] = "is not a regular file",
    };
    return words[standing];
}
