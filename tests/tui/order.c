/* order.c - see order.h. */
#include "order.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include <dirent.h>

#include "processes.h"

struct escapes escapes_of(struct screen *screen)
{
    size_t count;
    const uint8_t *bytes = screen_bytes(screen, &count);
    return escapes_read(bytes, count);
}

static bool alternate_screen_is_left(struct screen *screen, const void *unused)
{
    (void)unused;
    return !escapes_of(screen).alternate_screen;
}

static bool cursor_is_shown(struct screen *screen, const void *unused)
{
    (void)unused;
    return !escapes_of(screen).cursor_hidden;
}

static bool keypad_is_off(struct screen *screen, const void *unused)
{
    (void)unused;
    return !escapes_of(screen).keypad;
}

static bool attributes_are_off(struct screen *screen, const void *unused)
{
    (void)unused;
    struct escapes seen = escapes_of(screen);
    return !seen.attributes && !seen.front && !seen.back;
}

static bool settings_are_restored(struct screen *screen, const void *unused)
{
    (void)unused;
    return screen_settings_restored(screen);
}

void expect_terminal_in_order(struct screen *screen)
{
    screen_expect(screen, 1, alternate_screen_is_left, NULL);
    screen_expect(screen, 1, cursor_is_shown, NULL);
    screen_expect(screen, 1, keypad_is_off, NULL);
    screen_expect(screen, 1, attributes_are_off, NULL);
    screen_expect(screen, 1, settings_are_restored, NULL);
}

bool no_file_is_left(struct screen *screen, const void *unused)
{
    (void)unused;
    size_t entries = 0;
    DIR *folder = opendir(screen_tmpdir(screen));
    while (folder && readdir(folder))
        entries++;
    if (folder)
        closedir(folder);
    return entries == 2; /* . and .. */
}

void expect_order(struct screen *screen)
{
    expect_terminal_in_order(screen);
    screen_expect(screen, 1, nothing_is_left, NULL);
    screen_expect(screen, 1, no_file_is_left, NULL);
}

void expect_good_order(struct screen *screen)
{
    expect_order(screen);
    assert_string_equal(escapes_of(screen).unknown, "");
}
