/* screen.h - the real program in a pseudo-terminal, and what a person would see there.
 *
 * A process that plays the shell leads the session and outlives the program, so the terminal stays when the program goes, as it does for a
 * person. The test reads the terminal's bytes, keeps them all, and gives them to libvterm. Nothing here sleeps for a fixed time: every wait
 * is for a condition, with a limit in seconds (stretched under sanitizers), and prints the screen when it fails. */
#ifndef TUI_SCREEN_H
#define TUI_SCREEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>
#include <termios.h>

/* What a screen shows, as libvterm keeps it, and what the test needs to know of its program. */
struct screen;

struct screen_start {
    const char *program;            /* path; NULL: juggler */
    const char *const *arguments;   /* behind the program's name, NULL at the end; NULL: none */
    const char *const *environment; /* "NAME=VALUE" sets, "NAME" takes away; NULL at the end; NULL: nothing special */
    int columns, rows;              /* 0: 120 x 36 */
};

/* --- lifecycle: one screen a test case ------------------------------------------------------------- */

/* Starts the program and puts the screen into *state, from where screen_teardown frees it. Environment: UTF-8, xterm-256color, colours, a
 * TMPDIR of its own. Fails the test when it cannot be started. */
struct screen *screen_open(void **state, const struct screen_start *start);
/* cmocka's teardown: ends what is left of the program and frees everything. 0. */
int screen_teardown(void **state);

/* --- what a person does ------------------------------------------------------------------------------ */

void screen_type(struct screen *screen, const char *keys);
void screen_resize(struct screen *screen, int columns, int rows);
void screen_signal(struct screen *screen, int number); /* to the program alone */
void screen_hang_up(struct screen *screen);            /* closes the terminal; there is nothing to see from then on */
/* Leaves what the program writes unread, or reads on. */
void screen_set_reading(struct screen *screen, bool reading);
/* Takes bytes in without making a picture of them, which libvterm cannot at some sizes; or makes one again, of what is drawn from now on. */
void screen_set_seeing(struct screen *screen, bool seeing);

/* --- what a person sees -------------------------------------------------------------------------------- */

int screen_columns(const struct screen *screen);
int screen_rows(const struct screen *screen);
/* A row, or all rows with a newline behind each: UTF-8, blanks at the ends of rows kept. Valid until the next call of either. */
const char *screen_row(struct screen *screen, int row);
const char *screen_text(struct screen *screen);
bool screen_has(struct screen *screen, const char *text); /* some row has it */
/* Everything that the program has written so far. */
const uint8_t *screen_bytes(const struct screen *screen, size_t *count);
/* The row with this text, the first below `from`; -1: none. */
int screen_find(struct screen *screen, int from, const char *text);

/* The colours of a cell as 0xRRGGBB, and where the cursor stands. */
struct screen_look {
    uint32_t front, back; /* reversed: as they are seen */
    bool blank;           /* there is nothing in it but its ground */
};
struct screen_look screen_look_at(struct screen *screen, int row, int column);
void screen_cursor(struct screen *screen, int *row, int *column);

/* --- the program ---------------------------------------------------------------------------------------- */

pid_t screen_pid(const struct screen *screen);
const char *screen_tmpdir(const struct screen *screen); /* the program's own; screen_teardown removes it */
const char *
screen_mark(const struct screen *screen); /* "JUGGLER_SCREEN=...", in the environment of the program and all its children */
/* True: it has ended; its wait status goes to *status. */
bool screen_ended(struct screen *screen, int *status);
/* As a shell does while the program is stopped: gives the terminal its settings from before, and writes. */
void screen_use_terminal(struct screen *screen);
/* True: the terminal's settings are what they were before the program began. */
bool screen_settings_restored(const struct screen *screen);

/* --- waiting ---------------------------------------------------------------------------------------------- */

typedef bool screen_condition(struct screen *screen, const void *context);

/* Takes in what the program writes until the condition holds or so many seconds are over. */
bool screen_wait(struct screen *screen, double seconds, screen_condition *holds, const void *context);
double screen_patience(double seconds); /* the same, longer where a sanitizer slows the program down */

/* --- failing ------------------------------------------------------------------------------------------------ */

void screen_print(struct screen *screen, const char *why);
void screen_require_at(struct screen *screen, bool holds, const char *what, const char *file, int line);
void screen_expect_at(struct screen *screen, double seconds, screen_condition *holds, const void *context, const char *what,
                      const char *file, int line);
void screen_expect_text_at(struct screen *screen, double seconds, const char *text, bool there, const char *file, int line);
void screen_expect_exit_at(struct screen *screen, double seconds, int code, const char *file, int line);

/* Each fails the test, with the screen printed, when it does not hold; the later ones wait for it. */
#define screen_require(screen, holds) screen_require_at(screen, holds, #holds, __FILE__, __LINE__)
#define screen_expect(screen, seconds, holds, context)                                                                      \
    screen_expect_at(screen, seconds, holds, context, #holds " " #context, __FILE__, __LINE__)
#define screen_expect_text(screen, seconds, text) screen_expect_text_at(screen, seconds, text, true, __FILE__, __LINE__)
#define screen_expect_no_text(screen, seconds, text) screen_expect_text_at(screen, seconds, text, false, __FILE__, __LINE__)
/* code as a shell gives it: 128 + the number of the signal that ended the program. */
#define screen_expect_exit(screen, seconds, code) screen_expect_exit_at(screen, seconds, code, __FILE__, __LINE__)

#endif
