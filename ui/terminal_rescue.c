/* terminal_rescue.c - what terminfo knows: whether a terminal can be drawn on, what its colours are, and the bytes that put it back in order.
 *
 * A file of its own because term.h makes macros of plain words like columns. */
#include "ui/terminal.h"

#include <curses.h>
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <term.h>
#include <unistd.h>

/* Appends a capability without its padding ("$<5>"). */
static void rescue_add(struct terminal_rescue *rescue, const char *capability)
{
    const char *text = tigetstr(capability);
    if (text == NULL || text == (const char *)-1) {
        return;
    }
    while (*text != '\0' && rescue->count < sizeof rescue->bytes) {
        if (text[0] == '$' && text[1] == '<' && strchr(text, '>') != NULL) {
            text = strchr(text, '>') + 1;
        } else {
            rescue->bytes[rescue->count++] = *text++;
        }
    }
}

bool terminal_rescue_init(struct terminal_rescue *rescue)
{
    static const char *const capabilities[] = {"sgr0", "op", "rmkx", "rmcup", "cnorm"};
    *rescue = (struct terminal_rescue){.fd = STDOUT_FILENO};
    rescue->known = tcgetattr(rescue->fd, &rescue->settings) == 0;
    int answer = 0;
    if (!rescue->known || setupterm(NULL, rescue->fd, &answer) != OK) {
        return rescue->known;
    }
    for (size_t i = 0; i < sizeof capabilities / sizeof capabilities[0]; i++) {
        rescue_add(rescue, capabilities[i]);
    }
    del_curterm(cur_term);
    return true;
}

void terminal_rescue_now(const struct terminal_rescue *rescue, int wait_ms)
{
    int error = errno;
    struct pollfd asked = {.fd = rescue->fd, .events = POLLOUT};
    if (rescue->known) {
        tcsetattr(rescue->fd, TCSANOW, &rescue->settings);
        if (poll(&asked, 1, wait_ms) > 0 && (asked.revents & POLLOUT)) {
            ssize_t gone = write(rescue->fd, rescue->bytes, rescue->count);
            (void)gone; /* nobody is left to be told */
        }
    }
    errno = error;
}

const char *terminal_refusal(void)
{
    const char *name = getenv("TERM");
    int answer = 0;
    if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO)) {
        return "input and output are not both a terminal";
    }
    if (name == NULL || name[0] == '\0') {
        return "TERM is not set, so the kind of terminal is not known";
    }
    if (setupterm(NULL, STDOUT_FILENO, &answer) != OK) {
        return "TERM names a terminal that this system does not know";
    }
    const char *place = tigetstr("cup");
    bool places = place != NULL && place != (const char *)-1;
    del_curterm(cur_term);
    return places ? NULL : "this terminal cannot place its cursor (TERM)";
}

bool terminal_takes_rgb(void)
{
    char name[] = "RGB";
    const char *bits = tigetstr(name);
    return tigetflag(name) > 0 || tigetnum(name) > 0 || (bits != NULL && bits != (const char *)-1);
}

int terminal_colors(const char *term, bool *direct)
{
    char name[] = "colors";
    int answer = 0;
    *direct = false;
    if (term == NULL || term[0] == '\0' || setupterm(term, STDOUT_FILENO, &answer) != OK) {
        return -1;
    }
    int colors = tigetnum(name);
    *direct = terminal_takes_rgb();
    del_curterm(cur_term);
    return colors > 0 ? colors : 0;
}
