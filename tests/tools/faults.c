/* faults.c - a library that is loaded in front of the others (LD_PRELOAD) and makes calls of a program fail: those from the n-th on, or one.
 *
 * JUGGLER_FAULTS="CALL ERRNO FIRST LAST FILE": calls FIRST to LAST of CALL fail with that error number; 0 0 fails none. A negative number is
 * a signal: the call is made, and then its process is sent that, before it can do anything else.  Calls are counted over
 * all processes of the program together, in FILE, which is mapped by all of them and has room for a counter for each row of NAMES: after
 * a run without faults it says how many there were.
 *
 * What the C library calls inside of itself does not come by here (fopen's open, malloc's mmap, a thread's clone): the program's own calls do,
 * and those of libcurl, GMP and the others. Built and used by tests/faults/test_torture.py. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum call {
    WRITE,
    OPENAT,
    RENAME,
    CLOSE,
    MMAP,
    CLONE,
    PIPE2,
    POLL,
    WAITID,
    READ,
    SOCKET,
    CONNECT,
    SEND,
    RECV,
    EPOLL,
    EVENTFD,
    SIGNALFD,
    MEMFD,
    FALLOCATE,
    UNLINKAT,
    MKDIR,
    FSTAT,
    OWN_MALLOC,
    MALLOC,
    EXIT,
    CALLS
};

static const char *const NAMES[CALLS] = {"write", "openat",     "rename",   "close",  "mmap",      "clone",    "pipe2",
                                         "poll",  "waitid",     "read",     "socket", "connect",   "send",     "recv",
                                         "epoll", "eventfd",    "signalfd", "memfd",  "fallocate", "unlinkat", "mkdir",
                                         "fstat", "own-malloc", "malloc",   "exit"};

static _Atomic long *counts; /* NULL: not asked for, or not yet */
static enum call wanted;
static int wanted_error;
static long first, last;
static uintptr_t own_start, own_end; /* the program's own code */

/* --- setting up ------------------------------------------------------------------------------------ */

/* The program itself comes first. */
static int find_own_code(struct dl_phdr_info *info, size_t size, void *context)
{
    (void)size;
    (void)context;
    for (int i = 0; i < info->dlpi_phnum; i++) {
        const ElfW(Phdr) *part = &info->dlpi_phdr[i];
        if (part->p_type == PT_LOAD && (part->p_flags & PF_X)) {
            own_start = info->dlpi_addr + part->p_vaddr;
            own_end = own_start + part->p_memsz;
        }
    }
    return 1;
}

__attribute__((constructor)) static void set_up(void)
{
    char name[32] = "", file[512] = "";
    const char *asked = getenv("JUGGLER_FAULTS");
    if (!asked || sscanf(asked, "%31s %d %ld %ld %511s", name, &wanted_error, &first, &last, file) != 5)
        return;
    while (wanted < CALLS && strcmp(NAMES[wanted], name) != 0)
        wanted++;
    int fd = (int)syscall(SYS_openat, AT_FDCWD, file, O_RDWR | O_CLOEXEC);
    void *page = (void *)syscall(SYS_mmap, NULL, 4096UL, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0L);
    syscall(SYS_close, fd);
    dl_iterate_phdr(find_own_code, NULL);
    counts = page == MAP_FAILED ? NULL : page;
}

static bool due(enum call call)
{
    if (!counts)
        return false;
    long number = atomic_fetch_add(&counts[call], 1) + 1;
    if (call != wanted || number < first || number > last)
        return false;
    errno = wanted_error;
    return true;
}

/* --- calls ----------------------------------------------------------------------------------------- */

#define NEXT(name)                                                                                                          \
    static __typeof__(&name) next;                                                                                          \
    if (!next)                                                                                                              \
    next = (__typeof__(&name))(uintptr_t)dlsym(RTLD_NEXT, #name)

#define FAILING(call, type, name, parameters, ...)                                                                          \
    type name parameters                                                                                                    \
    {                                                                                                                       \
        NEXT(name);                                                                                                         \
        bool now = due(call);                                                                                               \
        if (now && wanted_error > 0)                                                                                        \
            return (type)-1;                                                                                                \
        type got = next(__VA_ARGS__);                                                                                       \
        if (now)                                                                                                            \
            kill(getpid(), -wanted_error);                                                                                  \
        return got;                                                                                                         \
    }

FAILING(WRITE, ssize_t, write, (int fd, const void *data, size_t bytes), fd, data, bytes)
FAILING(RENAME, int, renameat, (int dir, const char *from, int to_dir, const char *to), dir, from, to_dir, to)
FAILING(RENAME, int, renameat2, (int dir, const char *from, int to_dir, const char *to, unsigned flags), dir, from, to_dir,
        to, flags)
FAILING(CLONE, pid_t, fork, (void), )
FAILING(PIPE2, int, pipe2, (int fds[2], int flags), fds, flags)
FAILING(PIPE2, int, socketpair, (int domain, int type, int protocol, int fds[2]), domain, type, protocol, fds)
FAILING(POLL, int, poll, (struct pollfd * fds, nfds_t count, int timeout), fds, count, timeout)
FAILING(WAITID, pid_t, waitpid, (pid_t pid, int *status, int options), pid, status, options)
FAILING(WAITID, int, waitid, (idtype_t type, id_t id, siginfo_t *info, int options), type, id, info, options)
FAILING(WAITID, pid_t, wait4, (pid_t pid, int *status, int options, struct rusage *usage), pid, status, options, usage)
FAILING(READ, ssize_t, read, (int fd, void *data, size_t bytes), fd, data, bytes)
FAILING(READ, ssize_t, pread, (int fd, void *data, size_t bytes, off_t at), fd, data, bytes, at)
FAILING(SOCKET, int, socket, (int domain, int type, int protocol), domain, type, protocol)
FAILING(CONNECT, int, connect, (int fd, const struct sockaddr *address, socklen_t bytes), fd, address, bytes)
FAILING(SEND, ssize_t, send, (int fd, const void *data, size_t bytes, int flags), fd, data, bytes, flags)
FAILING(RECV, ssize_t, recv, (int fd, void *data, size_t bytes, int flags), fd, data, bytes, flags)
FAILING(EPOLL, int, epoll_create1, (int flags), flags)
FAILING(EPOLL, int, epoll_ctl, (int epoll, int how, int fd, struct epoll_event *event), epoll, how, fd, event)
FAILING(EPOLL, int, epoll_wait, (int epoll, struct epoll_event *events, int room, int timeout), epoll, events, room, timeout)
FAILING(EVENTFD, int, eventfd, (unsigned count, int flags), count, flags)
FAILING(SIGNALFD, int, signalfd, (int fd, const sigset_t *mask, int flags), fd, mask, flags)
FAILING(MEMFD, int, memfd_create, (const char *name, unsigned flags), name, flags)
FAILING(FALLOCATE, int, fallocate, (int fd, int mode, off_t from, off_t bytes), fd, mode, from, bytes)
FAILING(FALLOCATE, int, ftruncate, (int fd, off_t bytes), fd, bytes)
FAILING(UNLINKAT, int, unlinkat, (int dir, const char *name, int flags), dir, name, flags)
FAILING(MKDIR, int, mkdir, (const char *name, mode_t mode), name, mode)
FAILING(FSTAT, int, fstat, (int fd, struct stat *out), fd, out)
FAILING(FSTAT, int, fstatat, (int dir, const char *name, struct stat *out, int flags), dir, name, out, flags)

/* The kernel has closed it, whatever it says then. */
int close(int fd)
{
    NEXT(close);
    int got = next(fd);
    return due(CLOSE) ? -1 : got;
}

void *mmap(void *at, size_t bytes, int protection, int flags, int fd, off_t from)
{
    NEXT(mmap);
    return due(MMAP) ? MAP_FAILED : next(at, bytes, protection, flags, fd, from);
}

int pthread_create(pthread_t *thread, const pthread_attr_t *attributes, void *(*start)(void *), void *context)
{
    NEXT(pthread_create);
    return due(CLONE) ? wanted_error : next(thread, attributes, start, context);
}

static unsigned mode_of(int flags, va_list more)
{
    return flags & (O_CREAT | O_TMPFILE) ? va_arg(more, unsigned) : 0;
}

int openat(int dir, const char *name, int flags, ...)
{
    va_list more;
    NEXT(openat);
    va_start(more, flags);
    unsigned mode = mode_of(flags, more);
    va_end(more);
    return due(OPENAT) ? -1 : next(dir, name, flags, mode);
}

int open(const char *name, int flags, ...)
{
    va_list more;
    NEXT(open);
    va_start(more, flags);
    unsigned mode = mode_of(flags, more);
    va_end(more);
    return due(OPENAT) ? -1 : next(name, flags, mode);
}

/* Only counted: an exit handler, which _exit passes by. */
__attribute__((destructor)) static void leave(void)
{
    due(EXIT);
}

/* --- memory ---------------------------------------------------------------------------------------- */

/* The C library's own, which also work before anything else does. */
void *__libc_malloc(size_t bytes);
void *__libc_calloc(size_t count, size_t bytes);
void *__libc_realloc(void *old, size_t bytes);

/* From the program's own code, or from a library. */
static bool no_memory(const void *caller)
{
    bool own = (uintptr_t)caller >= own_start && (uintptr_t)caller < own_end;
    return due(MALLOC) || (own && due(OWN_MALLOC));
}

void *malloc(size_t bytes)
{
    return no_memory(__builtin_return_address(0)) ? NULL : __libc_malloc(bytes);
}

void *calloc(size_t count, size_t bytes)
{
    return no_memory(__builtin_return_address(0)) ? NULL : __libc_calloc(count, bytes);
}

void *realloc(void *old, size_t bytes)
{
    return no_memory(__builtin_return_address(0)) ? NULL : __libc_realloc(old, bytes);
}
