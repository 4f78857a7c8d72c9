/* terminal.c - curses, and nothing but here (terminal_rescue.c asks terminfo, on which curses stands).
 *
 * Curses believes that it writes to the terminal's descriptor; after start-up a memory file is put under that number, and
 * outlet.c carries its bytes on. So curses cannot block on a terminal that does not read, and its own waiting for the output
 * to drain (tcsetattr with TCSADRAIN) meets a file, not a terminal; the terminal's settings are set here, at once.
 * Cells are compared with the last frame first, so that curses sees only what changed. */
#include "ui/terminal.h"

#include <curses.h>
#include <errno.h>
#include <fcntl.h>
#include <langinfo.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include <wchar.h>

#include "base/clock.h"
#include "base/problem.h"
#include "base/sys.h"
#include "ui/outlet.h"
#include "ui/theme.h"

enum {
    ESCAPE_DELAY_MS = 25,
    RUN_CELLS = 256,
    COLUMNS_MAX = 2000, /* of a larger window the rest stays empty: its size is anybody's word, and memory is taken by it */
    ROWS_MAX = 1000
};
#define STOP_LIMIT_NS (200 * NS_PER_MS)

struct terminal {
    struct terminal_rescue rescue;
    struct termios program; /* the settings while we run */
    SCREEN *screen;
    WINDOW *keys; /* a pad: reading a key from it never draws */
    FILE *out;    /* curses' output; its descriptor becomes the memory file */
    struct outlet outlet;
    const struct theme *theme;
    unsigned colors;    /* 0, 8, 16, 256 or THEME_DIRECT */
    attr_t bold;        /* what is bold by itself: nothing where it would lighten dark letters on a light ground */
    bool cursor;        /* it can be seen */
    bool ascii, coarse; /* coarse: a console whose font has few blocks */
    attr_t attributes[ROLE_COUNT];
    struct cell *shown; /* the last frame; NULL: draw everything */
    int columns, rows;  /* of shown */
};

/* --- colours ---------------------------------------------------------------------------------------------- */

/* 0, 8, 16, 256 or THEME_DIRECT. In between the next lower one is right: all of them count the same colours first. */
static unsigned colors_here(const struct terminal *terminal, const struct terminal_options *options)
{
    const char *refused = getenv("NO_COLOR");
    if (!terminal->theme->colors || options->no_color || (refused != NULL && refused[0] != '\0')) {
        return 0;
    }
    if (!has_colors() || start_color() != OK || COLORS < 8 || COLOR_PAIRS <= ROLE_COUNT) {
        return 0;
    }
    if (terminal_takes_rgb()) {
        return COLORS >= (int)THEME_DIRECT ? THEME_DIRECT : 8; /* the first eight are ANSI's whatever the others are */
    }
    return COLORS >= 256 ? 256 : COLORS >= 16 ? 16 : 8;
}

static attr_t attributes_of(const struct terminal *terminal, enum role role)
{
    const struct theme *theme = terminal->theme;
    struct theme_color color = theme->roles[role];
    if (terminal->colors > 0) {
        init_extended_pair((int)role + 1, (int)theme_color_number(theme, color, terminal->colors),
                           (int)theme_color_number(theme, theme->background, terminal->colors));
    }
    return theme_is_bold(theme, color, terminal->colors) ? A_BOLD : A_NORMAL;
}

static short pair_of(const struct terminal *terminal, unsigned role)
{
    return terminal->colors == 0 ? 0 : (short)(role + 1);
}

static void prepare_colors(struct terminal *terminal, const struct terminal_options *options)
{
    const struct theme_color bold = {.bold = true};
    terminal->colors = colors_here(terminal, options);
    for (int role = 0; role < ROLE_COUNT; role++) {
        terminal->attributes[role] = attributes_of(terminal, (enum role)role);
    }
    terminal->bold = terminal->colors == 0 || theme_is_bold(terminal->theme, bold, terminal->colors) ? A_BOLD : A_NORMAL;
    cchar_t blank;
    setcchar(&blank, L" ", A_NORMAL, pair_of(terminal, ROLE_TEXT), NULL);
    bkgrnd(&blank);
}

/* --- start and stop ------------------------------------------------------------------------------------- */

static void do_nothing(int number)
{
    (void)number;
}

/* Curses takes memory for whatever size the window claims, or the environment, whose word counts for more. In here only the window's does, from
 * terminal_resized on: an absurd size of either is overruled for good. */
static void overrule_absurd_size(void)
{
    struct winsize size = {0};
    const char *columns = getenv("COLUMNS"), *rows = getenv("LINES");
    bool absurd =
        (columns != NULL && strtol(columns, NULL, 10) > COLUMNS_MAX) || (rows != NULL && strtol(rows, NULL, 10) > ROWS_MAX);
    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0) {
        absurd = absurd || size.ws_col > COLUMNS_MAX || size.ws_row > ROWS_MAX;
    }
    if (absurd) {
        setenv("COLUMNS", "80", 1);
        setenv("LINES", "24", 1);
    }
}

/* newterm, without the signal handlers that it installs: those would run in forked workers, too. Of SIGTSTP curses keeps its hands off only
 * where it finds a handler: else it ignores that signal while it draws, and then the kernel drops a Ctrl-Z that waits to be read. */
static SCREEN *newterm_quietly(FILE *out)
{
    static const int signals[] = {SIGINT, SIGTERM, SIGTSTP, SIGWINCH};
    enum { COUNT = sizeof signals / sizeof signals[0] };
    struct sigaction before[COUNT];
    for (int i = 0; i < COUNT; i++) {
        sigaction(signals[i], NULL, &before[i]);
    }
    sigaction(SIGTSTP, &(struct sigaction){.sa_handler = do_nothing}, NULL);
    overrule_absurd_size();
    SCREEN *screen = newterm(NULL, out, stdin);
    for (int i = 0; i < COUNT; i++) {
        sigaction(signals[i], &before[i], NULL);
    }
    return screen;
}

static void set_keyboard(struct terminal *terminal)
{
    cbreak();
    noecho();
    nonl();
    typeahead(-1);
    set_escdelay(ESCAPE_DELAY_MS);
    if (tcgetattr(STDIN_FILENO, &terminal->program) == 0) {
        terminal->program.c_iflag &= ~(tcflag_t)(IXON | IXOFF); /* Ctrl-S is a key like others */
        terminal->program.c_lflag |= NOFLSH; /* with Ctrl-C, Ctrl-\ and Ctrl-Z the kernel would drop the rest of a frame */
        tcsetattr(STDIN_FILENO, TCSANOW, &terminal->program);
    }
}

/* From here on what curses writes lands in the memory file. */
static int divert(struct terminal *terminal)
{
    return dup3(terminal->outlet.memory_fd, fileno(terminal->out), O_CLOEXEC) < 0 ? errno : 0;
}

static int open_screen(struct terminal *terminal, struct problem *problem)
{
    int error = outlet_init(&terminal->outlet, STDOUT_FILENO);
    int fd = error == 0 ? fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3) : -1;
    terminal->out = fd >= 0 ? fdopen(fd, "w") : NULL;
    if (terminal->out == NULL) {
        problem_set_errno(problem, error != 0 ? error : errno, "cannot open the terminal");
        return -1;
    }
    terminal->screen = newterm_quietly(terminal->out);
    if (terminal->screen == NULL) {
        problem_set(problem, "cannot draw on this terminal (TERM=%s)", getenv("TERM"));
        return -1;
    }
    set_keyboard(terminal);
    error = divert(terminal);
    terminal->keys = newpad(1, 1);
    if (error != 0 || terminal->keys == NULL) {
        problem_set_errno(problem, error != 0 ? error : ENOMEM, "cannot take over the terminal");
        return -1;
    }
    return 0;
}

static void show_screen(struct terminal *terminal, const struct terminal_options *options)
{
    const char *name = getenv("TERM");
    terminal->ascii = options->ascii || strcmp(nl_langinfo(CODESET), "UTF-8") != 0;
    terminal->coarse = name != NULL && strncmp(name, "linux", 5) == 0;
    keypad(terminal->keys, TRUE);
    nodelay(terminal->keys, TRUE);
    terminal->cursor = options->cursor;
    curs_set(terminal->cursor);
    prepare_colors(terminal, options);
    terminal_resized(terminal);
}

struct terminal *terminal_start(const struct terminal_options *options, struct problem *problem)
{
    const char *reason = terminal_refusal();
    if (reason != NULL) {
        problem_set(problem, "%s", reason);
        return NULL;
    }
    struct terminal *terminal = sys_alloc_zeroed(1, sizeof *terminal);
    if (terminal == NULL) {
        problem_set_errno(problem, errno, "cannot start the screen");
        return NULL;
    }
    terminal->outlet = (struct outlet){.memory_fd = -1, .tty_fd = -1};
    terminal->theme = options->theme != NULL ? options->theme : theme_default();
    terminal_rescue_init(&terminal->rescue);
    if (open_screen(terminal, problem) != 0) {
        terminal_stop(terminal);
        return NULL;
    }
    show_screen(terminal, options);
    return terminal;
}

/* Leaves the alternate screen and hands the person's settings back. */
static void give_back(struct terminal *terminal)
{
    keypad(terminal->keys, FALSE);
    endwin();
    outlet_collect(&terminal->outlet);
    if (!outlet_flush_within(&terminal->outlet, STOP_LIMIT_NS)) {
        tcflush(terminal->outlet.tty_fd, TCOFLUSH); /* what it did not read in all that time */
        outlet_drop(&terminal->outlet);
        terminal_rescue_now(&terminal->rescue, 0);
    }
    tcsetattr(STDIN_FILENO, TCSANOW, &terminal->rescue.settings);
}

void terminal_stop(struct terminal *terminal)
{
    if (terminal == NULL) {
        return;
    }
    if (terminal->keys != NULL) {
        give_back(terminal);
        delwin(terminal->keys);
    } else if (terminal->screen != NULL) {
        endwin();
        terminal_rescue_now(&terminal->rescue, 0);
    }
    if (terminal->screen != NULL) {
        delscreen(terminal->screen);
    }
    if (terminal->out != NULL) {
        fclose(terminal->out);
    }
    outlet_free(&terminal->outlet);
    free(terminal->shown);
    free(terminal);
}

void terminal_suspend(struct terminal *terminal)
{
    give_back(terminal);
}

void terminal_resume(struct terminal *terminal)
{
    tcsetattr(STDIN_FILENO, TCSANOW, &terminal->program);
    keypad(terminal->keys, TRUE);
    curs_set(terminal->cursor);
    terminal_resized(terminal);
}

/* --- size --------------------------------------------------------------------------------------------------- */

bool terminal_ascii(const struct terminal *terminal)
{
    return terminal->ascii;
}

void terminal_size(const struct terminal *terminal, int *columns, int *rows)
{
    (void)terminal;
    *columns = COLS > 0 ? COLS : 1;
    *rows = LINES > 0 ? LINES : 1;
}

void terminal_resized(struct terminal *terminal)
{
    struct winsize size = {0};
    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0 || size.ws_row == 0) {
        size.ws_col = 80;
        size.ws_row = 24;
    }
    size.ws_col = size.ws_col < COLUMNS_MAX ? size.ws_col : COLUMNS_MAX;
    size.ws_row = size.ws_row < ROWS_MAX ? size.ws_row : ROWS_MAX;
    resize_term(size.ws_row, size.ws_col); /* resizeterm would push a key of its own */
    clearok(curscr, TRUE);
    free(terminal->shown);
    terminal->shown = NULL;
}

/* --- frames ------------------------------------------------------------------------------------------------- */

/* A console's font has the full, the half and no other left block, and few signs. */
static uint32_t coarse_glyph(uint32_t glyph)
{
    if (glyph >= 0x2589 && glyph <= 0x258f) {
        uint32_t eighths = 0x2590 - glyph;
        return eighths >= 6 ? 0x2588 : eighths >= 3 ? 0x258c : ' ';
    }
    if (glyph >= 0x2581 && glyph <= 0x2587) {
        return glyph >= 0x2584 ? 0x2584 : '_';
    }
    return glyph == 0x2013 ? '-' : glyph == 0x2026 ? '~' : glyph == 0x25b6 ? '>' : glyph;
}

static void cell_to_curses(const struct terminal *terminal, const struct cell *cell, bool wide, cchar_t *out)
{
    uint32_t glyph = terminal->coarse ? coarse_glyph(cell->glyph) : cell->glyph;
    bool sound = glyph >= ' ' && (glyph < 0x7f || !terminal->ascii) && wcwidth((wchar_t)glyph) == (wide ? 2 : 1);
    wchar_t text[2] = {sound ? (wchar_t)glyph : L'?', L'\0'};
    unsigned role = cell->role < ROLE_COUNT ? cell->role : ROLE_TEXT;
    attr_t attributes = terminal->attributes[role] | (cell->bold ? terminal->bold : 0) | (cell->reverse ? A_REVERSE : 0);
    setcchar(out, text, attributes, pair_of(terminal, role), NULL);
}

static bool cell_same(const struct cell *a, const struct cell *b)
{
    return a->glyph == b->glyph && a->role == b->role && a->bold == b->bold && a->reverse == b->reverse;
}

/* Puts the cells from ... end (exclusive) of a row. The right half of a wide character comes along with its left. */
static void put_cells(const struct terminal *terminal, const struct cell *row, int y, int from, int end)
{
    cchar_t run[RUN_CELLS];
    while (from < end) {
        int used = 0, x = from;
        while (x < end && used < RUN_CELLS) {
            bool wide = x + 1 < terminal->columns && row[x + 1].glyph == 0;
            cell_to_curses(terminal, &row[x], wide, &run[used++]);
            x += wide ? 2 : 1;
        }
        mvadd_wchnstr(y, from, run, used);
        from = x;
    }
}

static void put_row(struct terminal *terminal, const struct cell *row, struct cell *shown, int y, bool all)
{
    int from = 0, end = terminal->columns;
    while (!all && from < end && cell_same(&row[from], &shown[from])) {
        from++;
    }
    while (!all && end > from && cell_same(&row[end - 1], &shown[end - 1])) {
        end--;
    }
    if (from == end) {
        return;
    }
    while (from > 0 && (row[from].glyph == 0 || shown[from].glyph == 0)) {
        from--;
    }
    put_cells(terminal, row, y, from, end);
    memcpy(shown, row, (size_t)terminal->columns * sizeof *row);
}

/* Makes the copy of the last frame. True: it is new, and everything has to be put. */
static bool renew_shown(struct terminal *terminal, const struct canvas *canvas)
{
    if (terminal->shown != NULL) {
        return false;
    }
    terminal->shown = sys_alloc_zeroed((size_t)canvas->columns * (size_t)canvas->rows, sizeof *terminal->shown);
    terminal->columns = canvas->columns;
    terminal->rows = canvas->rows;
    return true;
}

bool terminal_draw(struct terminal *terminal, const struct canvas *canvas)
{
    if (canvas->columns != COLS || canvas->rows != LINES || !terminal_writable(terminal)) {
        return false;
    }
    bool all = renew_shown(terminal, canvas);
    if (terminal->shown == NULL) {
        return false;
    }
    for (int y = 0; y < canvas->rows; y++) {
        size_t start = (size_t)y * (size_t)canvas->columns;
        put_row(terminal, canvas->cells + start, terminal->shown + start, y, all);
    }
    move(canvas->cursor_y < canvas->rows ? canvas->cursor_y : 0, canvas->cursor_x < canvas->columns ? canvas->cursor_x : 0);
    refresh();
    outlet_collect(&terminal->outlet);
    terminal_flush(terminal);
    return true;
}

bool terminal_writable(struct terminal *terminal)
{
    return terminal_flush(terminal);
}

bool terminal_flush(struct terminal *terminal)
{
    return outlet_flush(&terminal->outlet);
}

bool terminal_flush_within(struct terminal *terminal, uint64_t limit_ns)
{
    return outlet_flush_within(&terminal->outlet, limit_ns);
}

int terminal_input_fd(const struct terminal *terminal)
{
    (void)terminal;
    return STDIN_FILENO;
}

int terminal_output_fd(const struct terminal *terminal)
{
    return terminal->outlet.tty_fd;
}

/* --- keys --------------------------------------------------------------------------------------------------- */

struct key_row {
    wint_t curses;
    int key;
};

static const struct key_row key_rows[] = {
    {KEY_UP, TERMINAL_KEY_UP},
    {KEY_DOWN, TERMINAL_KEY_DOWN},
    {KEY_LEFT, TERMINAL_KEY_LEFT},
    {KEY_RIGHT, TERMINAL_KEY_RIGHT},
    {KEY_PPAGE, TERMINAL_KEY_PAGE_UP},
    {KEY_NPAGE, TERMINAL_KEY_PAGE_DOWN},
    {KEY_HOME, TERMINAL_KEY_HOME},
    {KEY_END, TERMINAL_KEY_END},
    {KEY_BTAB, TERMINAL_KEY_BACK_TAB},
    {KEY_DC, TERMINAL_KEY_DELETE},
    {KEY_BACKSPACE, TERMINAL_KEY_BACKSPACE},
    {KEY_ENTER, TERMINAL_KEY_ENTER},
    {KEY_RESIZE, TERMINAL_KEY_RESIZE},
};

static int key_of_code(wint_t code)
{
    for (size_t i = 0; i < sizeof key_rows / sizeof key_rows[0]; i++) {
        if (key_rows[i].curses == code) {
            return key_rows[i].key;
        }
    }
    return TERMINAL_KEY_OTHER;
}

static int key_of_character(wint_t character)
{
    return character == '\n' ? TERMINAL_KEY_ENTER : character == '\b' ? TERMINAL_KEY_BACKSPACE : (int)character;
}

/* Readable, but nothing to read: the other side has closed. */
static bool is_hung_up(void)
{
    struct pollfd asked = {.fd = STDIN_FILENO, .events = POLLIN};
    int waiting = 0;
    if (poll(&asked, 1, 0) <= 0) {
        return false;
    }
    if (asked.revents & (POLLHUP | POLLERR | POLLNVAL)) {
        return true;
    }
    return ioctl(STDIN_FILENO, FIONREAD, &waiting) != 0 || waiting == 0;
}

static void put_back(int got, wint_t code)
{
    if (got == OK)
        unget_wch((wchar_t)code);
    else if (got == KEY_CODE_YES)
        ungetch((int)code);
}

/* Escape, or the beginning of a key that curses does not know: its letters and digits must not act as keys of their own. */
static int key_after_escape(struct terminal *terminal)
{
    wint_t code = 0;
    int got = wget_wch(terminal->keys, &code);
    if (got != OK || (code != '[' && code != 'O')) {
        put_back(got, code);
        return TERMINAL_KEY_ESCAPE;
    }
    do
        got = wget_wch(terminal->keys, &code);
    while (got == OK && code >= ' ' && code < 0x40); /* up to the final byte (ECMA-48, 5.4) */
    if (got == KEY_CODE_YES || (got == OK && (code < ' ' || code > 0x7e)))
        put_back(got, code); /* it was broken off: this is another key */
    return TERMINAL_KEY_OTHER;
}

int terminal_key(struct terminal *terminal)
{
    wint_t code = 0;
    switch (wget_wch(terminal->keys, &code)) {
    case OK: return code == TERMINAL_KEY_ESCAPE ? key_after_escape(terminal) : key_of_character(code);
    case KEY_CODE_YES: return key_of_code(code);
    default: return terminal->outlet.lost || is_hung_up() ? TERMINAL_KEY_HANGUP : TERMINAL_KEY_NONE;
    }
}
