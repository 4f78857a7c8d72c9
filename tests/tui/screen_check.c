/* screen_check.c - the checks of screen.h: each prints the screen when it fails. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

#include "screen.h"

void screen_print(struct screen *screen, const char *why)
{
    int status;
    bool ended = screen_ended(screen, &status);
    fprintf(stderr, "%s\nthe screen, %d x %d, program %d %s (wait status %#x):\n", why, screen_columns(screen),
            screen_rows(screen), (int)screen_pid(screen), ended ? "has ended" : "is there", ended ? (unsigned)status : 0u);
    for (int row = 0; row < screen_rows(screen); row++)
        fprintf(stderr, "|%s|\n", screen_row(screen, row));
}

static _Noreturn void give_up(struct screen *screen, const char *why, const char *file, int line)
{
    screen_print(screen, why);
    print_error("%s\n", why);
    _fail(file, line);
    __builtin_unreachable(); /* _fail leaves by longjmp */
}

void screen_require_at(struct screen *screen, bool holds, const char *what, const char *file, int line)
{
    char why[400];
    snprintf(why, sizeof why, "does not hold: %s", what);
    if (!holds)
        give_up(screen, why, file, line);
}

void screen_expect_at(struct screen *screen, double seconds, screen_condition *holds, const void *context, const char *what,
                      const char *file, int line)
{
    char why[400];
    snprintf(why, sizeof why, "waited %g s for: %s", screen_patience(seconds), what);
    if (!screen_wait(screen, seconds, holds, context))
        give_up(screen, why, file, line);
}

static bool text_is_there(struct screen *screen, const void *text)
{
    return screen_has(screen, text);
}

static bool text_is_gone(struct screen *screen, const void *text)
{
    return !screen_has(screen, text);
}

void screen_expect_text_at(struct screen *screen, double seconds, const char *text, bool there, const char *file, int line)
{
    char why[400];
    snprintf(why, sizeof why, "waited %g s for the text %s: \"%s\"", screen_patience(seconds), there ? "to come" : "to go",
             text);
    if (!screen_wait(screen, seconds, there ? text_is_there : text_is_gone, text))
        give_up(screen, why, file, line);
}

static bool has_ended(struct screen *screen, const void *unused)
{
    int status;
    (void)unused;
    return screen_ended(screen, &status);
}

void screen_expect_exit_at(struct screen *screen, double seconds, int code, const char *file, int line)
{
    char why[200];
    int status;
    snprintf(why, sizeof why, "waited %g s for the program to end with %d", screen_patience(seconds), code);
    if (!screen_wait(screen, seconds, has_ended, NULL))
        give_up(screen, why, file, line);
    screen_ended(screen, &status);
    int got = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    snprintf(why, sizeof why, "the program ended with %d, not %d", got, code);
    if (got != code)
        give_up(screen, why, file, line);
}
