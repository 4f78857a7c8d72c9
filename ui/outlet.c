/* outlet.c - see outlet.h. */
#include "ui/outlet.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/sys.h"

enum { REPEAT_MAX = 10000 };

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
    if (outlet->count + more <= outlet->room) {
        return 0;
    }
    size_t room = 2 * (outlet->count + more);
    char *bytes = sys_realloc(outlet->bytes, room);
    if (bytes == NULL) {
        return errno;
    }
    outlet->bytes = bytes;
    outlet->room = room;
    return 0;
}

/* What a sequence stands for that not every terminal understands, and what is sent in its place, so many times. */
static const struct spelled {
    char final;
    char bytes[3]; /* "": the byte before it */
} spellings[] = {
    {'b', ""},      /* repeat */
    {'S', "\033D"}, /* scroll up: curses has put the cursor on the region's last line, where a line down does the same */
    {'T', "\033M"}, /* scroll down: on its first line, where a line up does the same */
};

/* Length of such a sequence at `at`, ESC [ digits FINAL, and how often it is meant; 0: it is none. */
static size_t spelled_at(const char *at, size_t left, size_t *times, const struct spelled **which)
{
    size_t length = 2;
    *times = 0;
    if (left < 4 || at[0] != 0x1b || at[1] != '[') {
        return 0;
    }
    for (; length < left && at[length] >= '0' && at[length] <= '9' && *times < REPEAT_MAX; length++) {
        *times = *times * 10 + (size_t)(at[length] - '0');
    }
    for (size_t i = 0; length > 2 && length < left && i < sizeof spellings / sizeof spellings[0]; i++) {
        if (at[length] == spellings[i].final) {
            *which = &spellings[i];
            return length + 1;
        }
    }
    return 0;
}

/* There is room. */
static void put_spelled(struct outlet *outlet, const struct spelled *spelled, size_t times)
{
    size_t bytes = strlen(spelled->bytes);
    if (bytes == 0) {
        memset(outlet->bytes + outlet->count, outlet->bytes[outlet->count - 1], times);
        outlet->count += times;
    }
    for (size_t i = 0; i < times && bytes > 0; i++) {
        memcpy(outlet->bytes + outlet->count, spelled->bytes, bytes);
        outlet->count += bytes;
    }
}

/* Appends bytes with such sequences spelled out. 0 or an errno. */
static int append(struct outlet *outlet, const char *bytes, size_t count)
{
    for (size_t i = 0; i < count;) {
        const struct spelled *spelled = NULL;
        size_t times, length = outlet->count > 0 ? spelled_at(bytes + i, count - i, &times, &spelled) : 0;
        int error = make_room(outlet, length > 0 ? times * sizeof spelled->bytes : 1);
        if (error != 0) {
            return error;
        }
        if (length > 0) {
            put_spelled(outlet, spelled, times);
            i += length;
        } else {
            outlet->bytes[outlet->count++] = bytes[i++];
        }
    }
    return 0;
}

void outlet_drop(struct outlet *outlet)
{
    outlet->sent = outlet->count = 0;
}

/* All of the memory file, to be freed; NULL with errno set. */
static char *read_memory(const struct outlet *outlet, size_t bytes)
{
    char *all = sys_alloc(bytes);
    if (all != NULL && pread(outlet->memory_fd, all, bytes, 0) != (ssize_t)bytes) {
        free(all);
        errno = EIO;
        return NULL;
    }
    return all;
}

int outlet_collect(struct outlet *outlet)
{
    struct stat info;
    if (fstat(outlet->memory_fd, &info) != 0) {
        return errno;
    }
    if (info.st_size == 0) {
        return 0;
    }
    if (outlet->sent == outlet->count) {
        outlet_drop(outlet);
    }
    char *all = read_memory(outlet, (size_t)info.st_size);
    int error = all != NULL ? append(outlet, all, (size_t)info.st_size) : errno;
    free(all);
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
        outlet_drop(outlet);
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
