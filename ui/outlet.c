/* outlet.c - see outlet.h. */
#include "ui/outlet.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/sys.h"

/* A descriptor of our own, so that O_NONBLOCK is not set for everybody who shares the terminal with us. */
static void open_terminal(struct outlet *outlet, int terminal_fd)
{
    char name[128];
    if (ttyname_r(terminal_fd, name, sizeof name) == 0) {
        outlet->tty_fd = sys_openat(AT_FDCWD, name, O_WRONLY | O_NOCTTY | O_NONBLOCK | O_CLOEXEC, 0);
    }
    if (outlet->tty_fd < 0) {
        outlet->tty_fd = fcntl(terminal_fd, F_DUPFD_CLOEXEC, 3);
        outlet->blocking = true;
    }
}

int outlet_init(struct outlet *outlet, int terminal_fd)
{
    *outlet = (struct outlet){.memory_fd = -1, .tty_fd = -1};
    open_terminal(outlet, terminal_fd);
    if (outlet->tty_fd < 0) {
        return errno;
    }
    outlet->memory_fd = memfd_create("frame", MFD_CLOEXEC);
    if (outlet->memory_fd < 0) {
        int error = errno;
        outlet_free(outlet);
        return error;
    }
    return 0;
}

void outlet_free(struct outlet *outlet)
{
    if (outlet->memory_fd >= 0) {
        sys_close(outlet->memory_fd);
    }
    if (outlet->tty_fd >= 0) {
        sys_close(outlet->tty_fd);
    }
    free(outlet->bytes);
    *outlet = (struct outlet){.memory_fd = -1, .tty_fd = -1};
}

static int make_room(struct outlet *outlet, size_t more)
{
    if (outlet->sent == outlet->count) {
        outlet->sent = outlet->count = 0;
    }
    if (outlet->count + more <= outlet->room) {
        return 0;
    }
    char *bytes = sys_realloc(outlet->bytes, outlet->count + more);
    if (bytes == NULL) {
        return errno;
    }
    outlet->bytes = bytes;
    outlet->room = outlet->count + more;
    return 0;
}

int outlet_collect(struct outlet *outlet)
{
    struct stat info;
    if (fstat(outlet->memory_fd, &info) != 0) {
        return errno;
    }
    size_t more = (size_t)info.st_size;
    if (more == 0) {
        return 0;
    }
    int error = make_room(outlet, more);
    if (error == 0) {
        ssize_t got = pread(outlet->memory_fd, outlet->bytes + outlet->count, more, 0);
        outlet->count += got > 0 ? (size_t)got : 0;
        error = got == (ssize_t)more ? 0 : EIO;
    }
    if (ftruncate(outlet->memory_fd, 0) != 0 || lseek(outlet->memory_fd, 0, SEEK_SET) != 0) {
        error = errno;
    }
    return error;
}

static bool takes_bytes(const struct outlet *outlet, int wait_ms)
{
    struct pollfd asked = {.fd = outlet->tty_fd, .events = POLLOUT};
    return poll(&asked, 1, wait_ms) > 0 && (asked.revents & POLLOUT);
}

/* Sends one piece. False: the terminal takes nothing now, or is gone. */
static bool send_piece(struct outlet *outlet)
{
    enum { PIECE_BYTES = 256 };
    size_t left = outlet->count - outlet->sent;
    if (outlet->blocking) {
        left = left > PIECE_BYTES ? PIECE_BYTES : left;
        if (!takes_bytes(outlet, 0)) {
            return false;
        }
    }
    ssize_t gone = sys_write(outlet->tty_fd, outlet->bytes + outlet->sent, left);
    if (gone > 0) {
        outlet->sent += (size_t)gone;
        return true;
    }
    outlet->lost = gone < 0 && errno != EAGAIN;
    return false;
}

bool outlet_flush(struct outlet *outlet)
{
    while (!outlet->lost && outlet->sent < outlet->count && send_piece(outlet)) {
    }
    if (outlet->lost || outlet->sent == outlet->count) {
        outlet->sent = outlet->count = 0;
        return true;
    }
    return false;
}

bool outlet_flush_within(struct outlet *outlet, uint64_t limit_ns)
{
    uint64_t end_ns = clock_now_ns() + limit_ns;
    while (!outlet_flush(outlet)) {
        uint64_t now_ns = clock_now_ns();
        if (now_ns >= end_ns) {
            return false;
        }
        takes_bytes(outlet, (int)((end_ns - now_ns) / NS_PER_MS) + 1);
    }
    return true;
}
