/* outfile.c - a file that is there when it is whole. See outfile.h. */
#include "cli/outfile.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/problem.h"
#include "base/sys.h"

enum { NAME_TRIES = 100, FILE_MODE = 0666, PERMISSIONS = 0777 };

static int refuse(const struct outfile *file, struct problem *problem, int error)
{
    problem_set_errno(problem, error, "--%s: %s cannot be written", file->option, file->as_written);
    return -1;
}

/* The folder part of file->path, to out. */
static void folder_of(const struct outfile *file, char out[PATH_MAX])
{
    const char *slash = strrchr(file->path, '/');
    if (!slash)
        snprintf(out, PATH_MAX, ".");
    else
        snprintf(out, PATH_MAX, "%.*s", slash == file->path ? 1 : (int)(slash - file->path), file->path);
}

/* Another temporary name beside the file. False: it would be too long. */
static bool next_part(struct outfile *file, unsigned attempt)
{
    char folder[PATH_MAX];
    folder_of(file, folder);
    int length = snprintf(file->part, sizeof file->part, "%s/.juggler-%ld-%u.part", folder, (long)getpid(), attempt);
    return length > 0 && (size_t)length < sizeof file->part;
}

/* Of the file system that cannot keep a file without a name. */
static int open_named(struct outfile *file)
{
    for (unsigned attempt = 0; attempt < NAME_TRIES; attempt++) {
        if (!next_part(file, attempt)) {
            errno = ENAMETOOLONG;
            break;
        }
        int fd = sys_openat(AT_FDCWD, file->part, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, FILE_MODE);
        if (fd >= 0)
            return fd;
        if (errno != EEXIST)
            break;
    }
    file->part[0] = '\0';
    return -1;
}

static int open_part(struct outfile *file)
{
    char folder[PATH_MAX];
    folder_of(file, folder);
    int fd = sys_openat(AT_FDCWD, folder, O_WRONLY | O_TMPFILE | O_CLOEXEC, FILE_MODE);
    bool unable = fd < 0 && (errno == EOPNOTSUPP || errno == EISDIR || errno == EINVAL);
    return unable ? open_named(file) : fd;
}

/* Where one that is not there yet will be. 0 or an errno. */
static int find_new_place(struct outfile *file)
{
    struct stat link;
    size_t length = strlen(file->as_written);
    if (length >= sizeof file->path)
        return ENAMETOOLONG;
    memcpy(file->path, file->as_written, length + 1);
    if (file->path[length - 1] == '/')
        return EISDIR;
    return lstat(file->as_written, &link) == 0 ? ENOENT : 0; /* a link to nothing: a rename would take its place */
}

/* Where it will be, links followed, and what is there now. 0 or an errno. */
static int find_place(struct outfile *file)
{
    struct stat there;
    if (stat(file->as_written, &there) != 0)
        return errno == ENOENT ? find_new_place(file) : errno;
    if (S_ISDIR(there.st_mode))
        return EISDIR;
    file->straight = !S_ISREG(there.st_mode);
    if (file->straight) {
        snprintf(file->path, sizeof file->path, "%s", file->as_written);
        return 0;
    }
    file->replaces = true;
    file->mode = there.st_mode & PERMISSIONS;
    if (access(file->as_written, W_OK) != 0) /* a rename would not ask */
        return errno;
    return realpath(file->as_written, file->path) ? 0 : errno;
}

/* A pipe that nobody reads would keep us waiting for one: it is an error instead (ENXIO). What is written may wait for its reader. */
static int open_straight(const struct outfile *file)
{
    int fd = sys_openat(AT_FDCWD, file->path, O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC, 0);
    int flags = fd < 0 ? -1 : fcntl(fd, F_GETFL);
    if (fd < 0 || (flags >= 0 && fcntl(fd, F_SETFL, flags & ~O_NONBLOCK) == 0))
        return fd;
    int error = errno;
    close(fd);
    errno = error;
    return -1;
}

/* What went wrong with the place, where the kernel's words for it would puzzle. */
static int refuse_place(const struct outfile *file, struct problem *problem, int error)
{
    struct stat there;
    if (error == ENXIO && stat(file->as_written, &there) == 0 && S_ISFIFO(there.st_mode))
        problem_set(problem, "--%s: %s is a pipe that nobody reads", file->option, file->as_written);
    else if (error == ENOENT && lstat(file->as_written, &there) == 0 && S_ISLNK(there.st_mode))
        problem_set(problem, "--%s: %s is a symbolic link to something that does not exist", file->option, file->as_written);
    else
        return refuse(file, problem, error);
    return -1;
}

int outfile_open(struct outfile *file, const char *option, const char *path, struct problem *problem)
{
    *file = (struct outfile){.option = option, .as_written = path};
    if (strcmp(path, "-") == 0) {
        problem_set(problem, "--%s: - is not a file: standard output carries the result. Name one, or write ./-", option);
        return -1;
    }
    if (!*path)
        return refuse(file, problem, ENOENT);
    int error = find_place(file);
    if (error)
        return refuse_place(file, problem, error);
    int fd = file->straight ? open_straight(file) : open_part(file);
    if (fd < 0)
        return refuse_place(file, problem, errno);
    file->stream = fdopen(fd, "w");
    if (file->stream)
        return 0;
    error = errno;
    close(fd);
    if (file->part[0])
        unlink(file->part);
    return refuse(file, problem, error);
}

/* Gives a file without a name one, a temporary one: only rename puts a file in the place of another. 0 or an errno. */
static int name_part(struct outfile *file)
{
    char self[64];
    snprintf(self, sizeof self, "/proc/self/fd/%d", fileno(file->stream));
    for (unsigned attempt = 0; attempt < NAME_TRIES; attempt++) {
        if (!next_part(file, attempt))
            return ENAMETOOLONG;
        if (linkat(AT_FDCWD, self, AT_FDCWD, file->part, AT_SYMLINK_FOLLOW) == 0)
            return 0;
        if (errno != EEXIST)
            break;
    }
    file->part[0] = '\0';
    return errno;
}

static const char *name_of(const struct outfile *file)
{
    const char *slash = strrchr(file->path, '/');
    return slash ? slash + 1 : file->path;
}

static bool is_same_place(const struct outfile *one, const struct outfile *other)
{
    char folder[PATH_MAX];
    struct stat ones, others;
    folder_of(one, folder);
    if (stat(folder, &ones) != 0)
        return false;
    folder_of(other, folder);
    return stat(folder, &others) == 0 && ones.st_dev == others.st_dev && ones.st_ino == others.st_ino &&
           strcmp(name_of(one), name_of(other)) == 0;
}

/* Two pipes are one by what they are, as their names may be links. */
static bool is_same_pipe(const struct outfile *one, const struct outfile *other)
{
    struct stat ones, others;
    return fstat(fileno(one->stream), &ones) == 0 && fstat(fileno(other->stream), &others) == 0 && S_ISFIFO(ones.st_mode) &&
           ones.st_dev == others.st_dev && ones.st_ino == others.st_ino;
}

bool outfile_is_same(const struct outfile *one, const struct outfile *other)
{
    if (!one->stream || !other->stream || one->straight != other->straight)
        return false;
    return one->straight ? is_same_pipe(one, other) : is_same_place(one, other);
}

int outfile_publish(struct outfile *file, int error, struct problem *problem)
{
    if (!error && fflush(file->stream) != 0)
        error = errno;
    if (!error && file->replaces && fchmod(fileno(file->stream), file->mode) != 0)
        error = errno;
    if (!error && !file->straight && !file->part[0])
        error = name_part(file);
    if (fclose(file->stream) != 0 && !error)
        error = errno;
    file->stream = NULL;
    if (!error && !file->straight && sys_rename_at(AT_FDCWD, file->part, file->path) != 0)
        error = errno;
    if (!error)
        return 0;
    if (file->part[0])
        unlink(file->part);
    return refuse(file, problem, error);
}

void outfile_discard(struct outfile *file)
{
    if (!file->stream)
        return;
    fclose(file->stream);
    file->stream = NULL;
    if (file->part[0])
        unlink(file->part);
}
