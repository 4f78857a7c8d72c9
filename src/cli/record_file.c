/* record_file.c - the file that --record names. See record_file.h. */
#include "cli/record_file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/problem.h"
#include "base/sys.h"
#include "record/recorder.h"

enum { FILE_MODE = 0666 };

static int refuse(struct record_file *file, const char *path, int error, struct problem *problem)
{
    problem_set_errno(problem, error, "--record: %s cannot be written", path);
    record_file_discard(file);
    return -1;
}

/* A pipe must not make us wait for its reader; read and write, for that is how a pipe is opened without one. */
static int open_either(struct record_file *file, const char *path)
{
    const int flags = O_RDWR | O_NONBLOCK | O_NOCTTY | O_CLOEXEC;
    int fd = sys_openat(AT_FDCWD, path, flags | O_CREAT | O_EXCL, FILE_MODE);
    file->created = fd >= 0;
    return fd < 0 && errno == EEXIST ? sys_openat(AT_FDCWD, path, flags, 0) : fd;
}

int record_file_open(struct record_file *file, const char *path, struct problem *problem)
{
    struct stat there;
    *file = (struct record_file){.fd = -1};
    if (strcmp(path, "-") == 0) {
        problem_set(problem, "--record: - is not a file, and a record has to be one. Name one, or write ./-");
        return -1;
    }
    int fd = open_either(file, path);
    if (fd < 0)
        return refuse(file, path, errno, problem);
    *file = (struct record_file){.path = path, .fd = fd, .created = file->created};
    if (fstat(fd, &there) != 0)
        return refuse(file, path, errno, problem);
    if (!S_ISREG(there.st_mode)) {
        problem_set(problem, "--record: %s is %s, and a record has to be a file that can be gone back in", path,
                    S_ISFIFO(there.st_mode) ? "a pipe" : "a device");
        record_file_discard(file);
        return -1;
    }
    if (flock(fd, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK)
        return 0; /* a file system without locks will do */
    problem_set(problem, "--record: another juggler is writing its record to %s", path);
    record_file_discard(file);
    return -1;
}

bool record_file_is(const struct record_file *file, const struct outfile *other)
{
    struct stat ours, theirs;
    return file->path && other->stream && fstat(file->fd, &ours) == 0 && stat(other->path, &theirs) == 0 &&
           ours.st_dev == theirs.st_dev && ours.st_ino == theirs.st_ino;
}

struct recorder *record_file_begin(struct record_file *file, struct problem *problem)
{
    int error = ftruncate(file->fd, 0) == 0 ? 0 : errno;
    if (error) {
        refuse(file, file->path, error, problem);
        return NULL;
    }
    int fd = file->fd;
    *file = (struct record_file){.fd = -1};
    return recorder_open(fd, problem);
}

void record_file_discard(struct record_file *file)
{
    if (!file->path)
        return;
    if (file->created)
        unlink(file->path);
    close(file->fd);
    *file = (struct record_file){.fd = -1};
}
