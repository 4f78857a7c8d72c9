/* terminal.h - the terminal: a canvas goes out, keys come in. The only door to curses; used by the app alone, from its one thread.
 *
 *     terminal_rescue_init -> (fork the guard, set crash handlers) -> terminal_start
 *         -> { terminal_draw, terminal_flush, terminal_key, terminal_resized }* -> terminal_stop
 *
 * Nothing here ever waits for the terminal: a frame goes into a buffer of the program's own, from there to the terminal as
 * far as it reads, and no new frame is drawn while an old one is still on its way. Signals stay the caller's: the handlers that
 * curses would install are taken away again. The caller has called setlocale(LC_CTYPE, "") before (not LC_ALL: figures keep their decimal point). */
#ifndef UI_TERMINAL_H
#define UI_TERMINAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <termios.h>

#include "ui/canvas.h"

struct problem;
struct terminal;
struct theme;

/* What puts a terminal back in order: plain data, usable in a signal handler and in another process that has the descriptor. */
struct terminal_rescue {
    int fd;
    bool known; /* there is a terminal and its settings were read */
    size_t count;
    char bytes[120]; /* leaves the alternate screen, shows the cursor, plain text */
    struct termios settings;
};

/* Reads the settings of the terminal on stdout and prepares the bytes. Call it before terminal_start. False: no terminal. */
bool terminal_rescue_init(struct terminal_rescue *rescue);
/* Puts the terminal back in order now: its settings at once, and its screen when it reads within wait_ms. Async-signal-safe. */
void terminal_rescue_now(const struct terminal_rescue *rescue, int wait_ms);

/* NULL, or in words why stdin and stdout cannot be drawn on: no terminal, TERM missing or unknown, a cursor that cannot be placed. */
const char *terminal_refusal(void);

/* Whether the terminal that curses or terminal_colors has set up takes 0xRRGGBB for the number of a colour (terminfo's RGB: a flag, a count of bits,
 * or "8/8/8"). */
bool terminal_takes_rgb(void);
/* What terminfo says of this TERM without drawing on it: how many colours; *direct: they are 0xRRGGBB. -1: there is no such TERM. */
int terminal_colors(const char *term, bool *direct);

struct terminal_options {
    const struct theme *theme; /* NULL: theme_default() */
    bool ascii;                /* ASCII only, also where the locale has UTF-8 */
    bool no_color;             /* no colours; so does NO_COLOR in the environment */
    bool cursor;               /* it can be seen: a braille display follows it */
};

/* Key codes: a Unicode code point as typed, or one of these. */
enum terminal_key {
    TERMINAL_KEY_NONE = -1,   /* nothing typed */
    TERMINAL_KEY_HANGUP = -2, /* the terminal is gone: end in order */
    TERMINAL_KEY_ENTER = '\r',
    TERMINAL_KEY_ESCAPE = 0x1b,
    TERMINAL_KEY_TAB = '\t',
    TERMINAL_KEY_BACKSPACE = 0x7f,
    TERMINAL_KEY_UP = 0x110000, /* past the last code point */
    TERMINAL_KEY_DOWN,
    TERMINAL_KEY_LEFT,
    TERMINAL_KEY_RIGHT,
    TERMINAL_KEY_PAGE_UP,
    TERMINAL_KEY_PAGE_DOWN,
    TERMINAL_KEY_HOME,
    TERMINAL_KEY_END,
    TERMINAL_KEY_BACK_TAB,
    TERMINAL_KEY_DELETE,
    TERMINAL_KEY_RESIZE, /* the size changed: call terminal_resized */
    TERMINAL_KEY_OTHER   /* a key without a meaning here */
};

/* Takes the terminal over (stdin and stdout, both terminals): alternate screen, no echo, keys at once, Ctrl-C and Ctrl-Z as signals.
 * NULL with the reason: TERM is missing or unknown, the terminal cannot place its cursor, no memory. Nothing is changed then. */
struct terminal *terminal_start(const struct terminal_options *options, struct problem *problem);
/* Gives it back as it was: waits at most 0.2 s for a terminal that does not read. NULL is fine. */
void terminal_stop(struct terminal *terminal);
/* Before stopping oneself for Ctrl-Z, and after being continued. */
void terminal_suspend(struct terminal *terminal);
void terminal_resume(struct terminal *terminal);

/* True when only ASCII may be drawn: set canvas.ascii to it. */
bool terminal_ascii(const struct terminal *terminal);

/* The size now, at least 1 x 1; a terminal that says 0 x 0 has 80 columns and 24 rows. */
void terminal_size(const struct terminal *terminal, int *columns, int *rows);
/* After SIGWINCH: takes the new size; the next frame is drawn whole. */
void terminal_resized(struct terminal *terminal);

/* True when the last frame has gone out whole, so that a new one may be drawn. Sends what it can of the old one first. */
bool terminal_writable(struct terminal *terminal);
/* Puts the cells that changed since the last frame on the terminal. False: not drawn, the old frame is still on its way, or
 * the canvas has another size than the terminal. */
bool terminal_draw(struct terminal *terminal, const struct canvas *canvas);
/* Sends what it can of the frame on its way. True: nothing is left. To be called when the terminal polls writable. */
bool terminal_flush(struct terminal *terminal);
bool terminal_flush_within(struct terminal *terminal, uint64_t limit_ns); /* waits for it, at most so long */
/* Descriptors to poll: for POLLIN; for POLLOUT while terminal_flush says false. */
int terminal_input_fd(const struct terminal *terminal);
int terminal_output_fd(const struct terminal *terminal);

/* The next key, without waiting. Call it until it says NONE: keys that have been read already do not make the descriptor readable. */
int terminal_key(struct terminal *terminal);

#endif
