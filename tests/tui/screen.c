/* screen.c - see screen.h. One thread: whoever waits also reads the terminal, so the program never meets a terminal that does not read,
 * unless the test wants it to. */
#include "screen.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>
#include <vterm.h>

#include <setjmp.h>

#include <cmocka.h>

#include "base/clock.h"
#include "leader.h"
#include "processes.h"
#include "ui/theme.h"

enum { VARIABLES_MAX = 128, ARGUMENTS_MAX = 64, LOOK_EVERY_MS = 10, PATH_BYTES = 512, CELL_BYTES = 32 };

struct screen {
    int master;              /* -1: hung up */
    int report, hold;        /* see leader.h */
    pid_t leader, pid;       /* the shell's, the program's */
    bool reading;            /* what the program writes is taken in */
    bool blind;              /* and no picture is made of it */
    bool ended;              /* the program has; */
    int status;              /* and so */
    struct termios settings; /* before the program began */
    VTerm *vterm;
    VTermScreen *cells;
    int columns, rows;
    uint8_t *bytes; /* all that came */
    size_t count, room;
    char *text; /* what screen_text returned last */
    size_t text_room;
    char mark[64];
    char tmpdir[PATH_BYTES];
};

/* --- starting ------------------------------------------------------------------------------------------- */

static void die(const char *what)
{
    print_error("%s: %s\n", what, strerror(errno));
    fail();
}

static bool is_of(const char *variable, const char *name)
{
    size_t length = strcspn(name, "=");
    return strncmp(variable, name, length) == 0 && (variable[length] == '=' || variable[length] == 0);
}

/* Takes the variable away; a text with "=" is then put behind the others. */
static void change_variable(const char **list, size_t *count, const char *text)
{
    size_t kept = 0;
    for (size_t i = 0; i < *count; i++)
        if (!is_of(list[i], text))
            list[kept++] = list[i];
    if (strchr(text, '=') && kept + 1 < VARIABLES_MAX)
        list[kept++] = text;
    list[kept] = NULL;
    *count = kept;
}

static void make_environment(const struct screen *screen, const struct screen_start *start, const char *tmpdir,
                             const char *state, const char **list)
{
    extern char **environ;
    static const char *const usual[] = {"LANG=C.UTF-8", "LC_ALL=C.UTF-8", "LC_CTYPE", "TERM=xterm-256color",
                                        "NO_COLOR",     "COLUMNS",        "LINES",    "COLORFGBG",
                                        "TERMINFO",     "JUGGLER_DATA",   "COLORTERM"};
    size_t count = 0;
    while (environ[count] && count + 1 < VARIABLES_MAX / 2) {
        list[count] = environ[count];
        count++;
    }
    list[count] = NULL;
    for (size_t i = 0; i < sizeof usual / sizeof *usual; i++)
        change_variable(list, &count, usual[i]);
    change_variable(list, &count, tmpdir);
    change_variable(list, &count, state);
    change_variable(list, &count, screen->mark);
    for (size_t i = 0; start->environment && start->environment[i]; i++)
        change_variable(list, &count, start->environment[i]);
}

static const char *program_path(void)
{
    const char *path = getenv("JUGGLER");
    return path && *path ? path : "build/juggler";
}

/* A person's own settings, unlike the usual ones, so that it shows when a program puts back the usual ones. */
static int open_pty(struct screen *screen)
{
    int slave;
    const struct winsize size = {.ws_row = (unsigned short)screen->rows, .ws_col = (unsigned short)screen->columns};
    if (openpty(&screen->master, &slave, NULL, NULL, &size) != 0 || tcgetattr(slave, &screen->settings) != 0)
        die("no pseudo-terminal");
    screen->settings.c_cc[VERASE] = '\b';
    screen->settings.c_cc[VKILL] = 'K' & 0x1f;
    screen->settings.c_lflag &= ~(tcflag_t)ECHOCTL;
    tcsetattr(slave, TCSANOW, &screen->settings);
    tcgetattr(slave, &screen->settings);
    fcntl(screen->master, F_SETFL, O_NONBLOCK);
    fcntl(screen->master, F_SETFD, FD_CLOEXEC);
    return slave;
}

static void start_program(struct screen *screen, const struct screen_start *start)
{
    const char *environment[VARIABLES_MAX], *arguments[ARGUMENTS_MAX] = {"juggler"};
    char tmpdir[PATH_BYTES + 8], state[PATH_BYTES + 24];
    int report[2], hold[2], slave = open_pty(screen);
    snprintf(tmpdir, sizeof tmpdir, "TMPDIR=%s", screen->tmpdir);
    snprintf(state, sizeof state, "XDG_STATE_HOME=%s.state", screen->tmpdir);
    make_environment(screen, start, tmpdir, state, environment);
    for (size_t i = 0; start->arguments && start->arguments[i] && i + 2 < ARGUMENTS_MAX; i++)
        arguments[i + 1] = start->arguments[i];
    if (pipe2(report, O_CLOEXEC) != 0 || pipe2(hold, O_CLOEXEC) != 0)
        die("no pipe");
    screen->leader = fork();
    if (screen->leader == 0) {
        close(hold[1]);
        close(screen->master);
        leader_main(&(struct leader_start){.terminal = slave,
                                           .report = report[1],
                                           .hold = hold[0],
                                           .program = start->program ? start->program : program_path(),
                                           .arguments = (char *const *)(uintptr_t)arguments,
                                           .environment = (char *const *)(uintptr_t)environment});
    }
    close(slave);
    close(report[1]);
    close(hold[0]);
    screen->report = report[0];
    screen->hold = hold[1];
    struct leader_report words;
    if (screen->leader < 0 || read(report[0], &words, sizeof words) != (ssize_t)sizeof words || words.pid <= 0)
        die("the program could not be started");
    screen->pid = words.pid;
}

static void make_model(struct screen *screen)
{
    screen->vterm = vterm_new(screen->rows, screen->columns);
    vterm_set_utf8(screen->vterm, 1);
    screen->cells = vterm_obtain_screen(screen->vterm);
    vterm_screen_enable_altscreen(screen->cells, 1);
    vterm_screen_reset(screen->cells, 1);
}

struct screen *screen_open(void **state, const struct screen_start *start)
{
    screen_teardown(state);
    struct screen *screen = calloc(1, sizeof *screen);
    assert_non_null(screen);
    *state = screen;
    *screen = (struct screen){.master = -1, .report = -1, .hold = -1, .reading = true};
    screen->columns = start->columns ? start->columns : 120;
    screen->rows = start->rows ? start->rows : 36;
    const char *folder = getenv("TMPDIR");
    snprintf(screen->tmpdir, sizeof screen->tmpdir, "%s/screen-XXXXXX", folder && *folder ? folder : "/tmp");
    if (!mkdtemp(screen->tmpdir))
        die(screen->tmpdir);
    snprintf(screen->mark, sizeof screen->mark, "JUGGLER_SCREEN=%s", strrchr(screen->tmpdir, '/') + 1);
    make_model(screen);
    start_program(screen, start);
    return screen;
}

/* --- ending --------------------------------------------------------------------------------------------- */

static void end_processes(const struct screen *screen)
{
    pid_t pids[64];
    uint64_t until_ns = clock_now_ns() + 5 * NS_PER_S;
    size_t found;
    while ((found = processes_named(screen, "*", pids, 64)) > 0 && clock_now_ns() < until_ns)
        for (size_t i = 0; i < found && i < 64; i++)
            kill(pids[i], SIGKILL);
}

static bool is_over(struct screen *screen, const void *unused)
{
    (void)unused;
    return screen->ended;
}

/* What SIGKILL ends tells nobody which branches it took. */
static void let_it_tell(struct screen *screen)
{
    const char *sanitizer = getenv("JUGGLER_SAN");
    if (!sanitizer || strcmp(sanitizer, "coverage") != 0 || screen->ended || screen->pid <= 0)
        return;
    kill(screen->pid, SIGTERM);
    kill(screen->pid, SIGCONT);
    screen_wait(screen, 1, is_over, NULL);
}

static int remove_entry(const char *path, const struct stat *info, int kind, struct FTW *where)
{
    (void)info;
    (void)kind;
    (void)where;
    remove(path);
    return 0;
}

static void close_fd(int fd)
{
    if (fd >= 0)
        close(fd);
}

int screen_teardown(void **state)
{
    struct screen *screen = *state;
    *state = NULL;
    if (!screen)
        return 0;
    if (screen->leader > 0) {
        let_it_tell(screen);
        end_processes(screen);
        kill(screen->leader, SIGKILL);
        waitpid(screen->leader, NULL, 0);
    }
    close_fd(screen->master);
    close_fd(screen->report);
    close_fd(screen->hold);
    char state_dir[PATH_BYTES + 8];
    snprintf(state_dir, sizeof state_dir, "%s.state", screen->tmpdir);
    nftw(screen->tmpdir, remove_entry, 8, FTW_DEPTH | FTW_PHYS);
    nftw(state_dir, remove_entry, 8, FTW_DEPTH | FTW_PHYS);
    vterm_free(screen->vterm);
    free(screen->bytes);
    free(screen->text);
    free(screen);
    return 0;
}

/* --- taking in -------------------------------------------------------------------------------------------- */

static void keep_bytes(struct screen *screen, const char *bytes, size_t count)
{
    if (screen->count + count > screen->room) {
        screen->room = (screen->count + count) * 2;
        screen->bytes = realloc(screen->bytes, screen->room);
        assert_non_null(screen->bytes);
    }
    memcpy(screen->bytes + screen->count, bytes, count);
    screen->count += count;
}

/* Everything that is there now. */
static void take_in(struct screen *screen)
{
    char bytes[16384];
    ssize_t got;
    while (screen->reading && screen->master >= 0 && (got = read(screen->master, bytes, sizeof bytes)) > 0) {
        keep_bytes(screen, bytes, (size_t)got);
        if (!screen->blind)
            vterm_input_write(screen->vterm, bytes, (size_t)got);
    }
}

static void hear_leader(struct screen *screen)
{
    struct pollfd asked = {.fd = screen->report, .events = POLLIN};
    struct leader_report words;
    if (!screen->ended && poll(&asked, 1, 0) > 0 && read(screen->report, &words, sizeof words) == (ssize_t)sizeof words) {
        screen->ended = true;
        screen->status = words.status;
    }
}

double screen_patience(double seconds)
{
    const char *sanitizer = getenv("JUGGLER_SAN");
    if (!sanitizer || !*sanitizer)
        return seconds;
    return seconds * (strcmp(sanitizer, "thread") == 0 ? 6 : 3);
}

bool screen_wait(struct screen *screen, double seconds, screen_condition *holds, const void *context)
{
    uint64_t until_ns = clock_now_ns() + (uint64_t)(screen_patience(seconds) * (double)NS_PER_S);
    for (;;) {
        struct pollfd asked = {.fd = screen->reading ? screen->master : -1, .events = POLLIN};
        take_in(screen);
        hear_leader(screen);
        if (holds(screen, context))
            return true;
        if (clock_now_ns() >= until_ns)
            return false;
        /* What is not seen in the terminal (/proc, the end) is looked at now and then. */
        if (poll(&asked, 1, LOOK_EVERY_MS) > 0 && (asked.revents & (POLLHUP | POLLERR)))
            poll(NULL, 0, LOOK_EVERY_MS);
    }
}

/* --- what a person does --------------------------------------------------------------------------------- */

void screen_type(struct screen *screen, const char *keys)
{
    size_t left = strlen(keys);
    while (left) {
        ssize_t gone = write(screen->master, keys, left);
        if (gone < 0 && errno != EAGAIN && errno != EINTR)
            die("typing");
        if (gone < 0)
            take_in(screen);
        keys += gone > 0 ? gone : 0;
        left -= gone > 0 ? (size_t)gone : 0;
    }
}

void screen_resize(struct screen *screen, int columns, int rows)
{
    const struct winsize size = {.ws_row = (unsigned short)rows, .ws_col = (unsigned short)columns};
    take_in(screen);
    screen->columns = columns;
    screen->rows = rows;
    if (!screen->blind)
        vterm_set_size(screen->vterm, rows, columns);
    if (ioctl(screen->master, TIOCSWINSZ, &size) != 0)
        die("resizing");
}

void screen_signal(struct screen *screen, int number)
{
    if (kill(screen->pid, number) != 0)
        die("signalling");
}

void screen_hang_up(struct screen *screen)
{
    close_fd(screen->master);
    screen->master = -1;
}

void screen_set_reading(struct screen *screen, bool reading)
{
    screen->reading = reading;
}

void screen_set_seeing(struct screen *screen, bool seeing)
{
    take_in(screen);
    if (seeing && screen->blind) {
        vterm_free(screen->vterm);
        make_model(screen);
    }
    screen->blind = !seeing;
}

/* --- what a person sees ---------------------------------------------------------------------------------- */

int screen_columns(const struct screen *screen)
{
    return screen->columns;
}

int screen_rows(const struct screen *screen)
{
    return screen->rows;
}

static size_t put_utf8(uint32_t c, char *out)
{
    if (c < 0x80) {
        out[0] = (char)c;
        return 1;
    }
    size_t more = c < 0x800 ? 1 : c < 0x10000 ? 2 : 3;
    static const unsigned first[] = {0, 0xc0, 0xe0, 0xf0};
    out[0] = (char)(first[more] | c >> (6 * more));
    for (size_t i = 1; i <= more; i++)
        out[i] = (char)(0x80 | (c >> (6 * (more - i)) & 0x3f));
    return more + 1;
}

static size_t put_row(struct screen *screen, int row, char *out)
{
    size_t used = 0;
    for (int column = 0; column < screen->columns;) {
        VTermScreenCell cell;
        int wide = 1;
        if (vterm_screen_get_cell(screen->cells, (VTermPos){.row = row, .col = column}, &cell)) {
            for (int i = 0; i < VTERM_MAX_CHARS_PER_CELL && cell.chars[i]; i++)
                used += put_utf8(cell.chars[i], out + used);
            wide = cell.width > 1 ? cell.width : 1;
            if (!cell.chars[0])
                out[used++] = ' ';
        }
        column += wide;
    }
    out[used] = 0;
    return used;
}

static char *text_room(struct screen *screen)
{
    size_t needed = (size_t)screen->rows * ((size_t)screen->columns * CELL_BYTES + 1) + 1;
    if (needed > screen->text_room) {
        screen->text = realloc(screen->text, needed);
        assert_non_null(screen->text);
        screen->text_room = needed;
    }
    return screen->text;
}

/* libvterm's own cube is not that of xterm and the others. */
static uint32_t rgb_of(const struct screen *screen, VTermColor color)
{
    if (VTERM_COLOR_IS_INDEXED(&color) && color.indexed.idx >= 16)
        return theme_rgb(color.indexed.idx);
    vterm_screen_convert_color_to_rgb(screen->cells, &color);
    return (uint32_t)color.rgb.red << 16 | (uint32_t)color.rgb.green << 8 | color.rgb.blue;
}

struct screen_look screen_look_at(struct screen *screen, int row, int column)
{
    VTermScreenCell cell = {.width = 1};
    take_in(screen);
    vterm_screen_get_cell(screen->cells, (VTermPos){.row = row, .col = column}, &cell);
    uint32_t front = rgb_of(screen, cell.fg), back = rgb_of(screen, cell.bg);
    return (struct screen_look){.front = cell.attrs.reverse ? back : front,
                                .back = cell.attrs.reverse ? front : back,
                                .blank = cell.chars[0] == 0 || cell.chars[0] == ' '};
}

void screen_cursor(struct screen *screen, int *row, int *column)
{
    VTermPos at;
    take_in(screen);
    vterm_state_get_cursorpos(vterm_obtain_state(screen->vterm), &at);
    *row = at.row;
    *column = at.col;
}

const char *screen_row(struct screen *screen, int row)
{
    char *text = text_room(screen);
    take_in(screen);
    put_row(screen, row, text);
    return text;
}

const char *screen_text(struct screen *screen)
{
    char *text = text_room(screen);
    size_t used = 0;
    take_in(screen);
    for (int row = 0; row < screen->rows; row++) {
        used += put_row(screen, row, text + used);
        text[used++] = '\n';
    }
    text[used] = 0;
    return text;
}

bool screen_has(struct screen *screen, const char *text)
{
    return strstr(screen_text(screen), text) != NULL;
}

int screen_find(struct screen *screen, int from, const char *text)
{
    for (int row = from; row < screen->rows; row++)
        if (strstr(screen_row(screen, row), text))
            return row;
    return -1;
}

const uint8_t *screen_bytes(const struct screen *screen, size_t *count)
{
    *count = screen->count;
    return screen->bytes;
}

/* --- the program ------------------------------------------------------------------------------------------ */

pid_t screen_pid(const struct screen *screen)
{
    return screen->pid;
}

const char *screen_tmpdir(const struct screen *screen)
{
    return screen->tmpdir;
}

const char *screen_mark(const struct screen *screen)
{
    return screen->mark;
}

bool screen_ended(struct screen *screen, int *status)
{
    hear_leader(screen);
    *status = screen->status;
    return screen->ended;
}

void screen_use_terminal(struct screen *screen)
{
    static const char words[] = "\r\n$ fg\r\n";
    tcsetattr(screen->master, TCSANOW, &screen->settings);
    int terminal = open(ptsname(screen->master), O_WRONLY | O_NOCTTY | O_CLOEXEC);
    ssize_t gone = terminal < 0 ? -1 : write(terminal, words, sizeof words - 1);
    screen_require(screen, gone > 0);
    close(terminal);
}

bool screen_settings_restored(const struct screen *screen)
{
    struct termios now;
    const struct termios *before = &screen->settings;
    if (screen->master < 0 || tcgetattr(screen->master, &now) != 0)
        return false;
    return now.c_iflag == before->c_iflag && now.c_oflag == before->c_oflag && now.c_cflag == before->c_cflag &&
           now.c_lflag == before->c_lflag && memcmp(now.c_cc, before->c_cc, sizeof now.c_cc) == 0;
}
