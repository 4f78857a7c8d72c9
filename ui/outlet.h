/* outlet.h - the way to the terminal that never blocks.
 *
 * Curses writes into a memory file; what it wrote is collected here and handed to the terminal as far as it reads. A
 * terminal that has stopped reading (Ctrl-S, a stuck connection) so costs frames, never the program's time. */
#ifndef UI_OUTLET_H
#define UI_OUTLET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct outlet {
    int memory_fd; /* what curses writes to */
    int tty_fd;
    bool blocking; /* the terminal could not be opened a second time: small pieces, only when it polls writable */
    bool lost;     /* the terminal is gone */
    char *bytes;
    size_t room, count, sent;
};

/* Opens the memory file and the terminal that `terminal_fd` is. 0 or an errno; nothing is open then. */
int outlet_init(struct outlet *outlet, int terminal_fd);
void outlet_free(struct outlet *outlet);
/* Takes over what has been written to the memory file, with what is not understood by every terminal that claims to spelled out:
 * "x ESC [ 5 b" (repeat), "ESC [ 2 S" and "ESC [ 2 T" (scroll). 0 or an errno. */
int outlet_collect(struct outlet *outlet);
/* Hands on what the terminal takes. True: nothing is left, or the terminal is gone. */
bool outlet_flush(struct outlet *outlet);
/* Forgets what has not been sent. */
void outlet_drop(struct outlet *outlet);
/* The same as outlet_flush, for at most so long. */
bool outlet_flush_within(struct outlet *outlet, uint64_t limit_ns);

#endif
