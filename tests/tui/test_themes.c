/* test_themes.c - themes on the terminals that people have: what is chosen, what can be read, and that no terminal is told a colour that it does
 * not have. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "screen.h"

enum { COLUMNS = 100, ROWS = 30, WORDS_MAX = 8, PATH_ROOM = 256 };

#define DARK 0x1c1c1c
#define LIGHT 0xffffff

/* --- terminals that not every machine describes ------------------------------------------------------------- */

static const char descriptions[] =
    "juggler-direct|direct colours,\n"
    "\tRGB, ccc@, colors#0x1000000, pairs#0x7FFF,\n"
    "\tsetab=\\E[%?%p1%{8}%<%t4%p1%d%e48;2;%p1%{65536}%/%d;%p1%{256}%/%{255}%&%d;%p1%{255}%&%d%;m,\n"
    "\tsetaf=\\E[%?%p1%{8}%<%t3%p1%d%e38;2;%p1%{65536}%/%d;%p1%{256}%/%{255}%&%d;%p1%{255}%&%d%;m,\n"
    "\tinitc@, use=xterm-256color,\n"
    "juggler-16|sixteen colours,\n"
    "\tccc@, initc@, colors#16, pairs#0x100, use=xterm-256color,\n"
    "juggler-88|eighty-eight colours,\n"
    "\tccc@, initc@, colors#88, pairs#0x1e40, use=xterm-256color,\n";

static char terminfo[PATH_ROOM + 32]; /* "TERMINFO=...", or "" where there is no tic */

/* TERMINFO is looked into before the system's own descriptions, not in their place. */
static int describe(void **state)
{
    char path[PATH_ROOM], command[3 * PATH_ROOM];
    const char *folder = getenv("TMPDIR");
    (void)state;
    snprintf(path, sizeof path, "%s/themes.terminfo", folder ? folder : "/tmp");
    FILE *out = fopen(path, "w");
    if (!out || fputs(descriptions, out) < 0 || fclose(out) != 0)
        return -1;
    snprintf(command, sizeof command, "tic -x -o '%s.d' '%s' >/dev/null 2>&1", path, path);
    if (system(command) == 0)
        snprintf(terminfo, sizeof terminfo, "TERMINFO=%s.d", path);
    return 0;
}

/* --- reading a screen ----------------------------------------------------------------------------------------- */

static struct screen *open_with(void **state, const char *term, const char *more, const char *option, const char *value)
{
    const char *environment[] = {term, *terminfo ? terminfo : "TERMINFO", more, NULL};
    const char *words[WORDS_MAX] = {option ? option : "primes", option ? value : "1000", option ? "primes" : NULL,
                                    option ? "1000" : NULL};
    if (option && !value)
        memmove(&words[1], &words[2], 3 * sizeof *words);
    struct screen *screen = screen_open(
        state, &(struct screen_start){.arguments = words, .environment = environment, .columns = COLUMNS, .rows = ROWS});
    screen_expect_text(screen, 10, "1 of 1 done");
    return screen;
}

static double channel(uint32_t rgb, int shift)
{
    double part = (double)(rgb >> shift & 0xff) / 255;
    return part <= 0.04045 ? part / 12.92 : pow((part + 0.055) / 1.055, 2.4);
}

static double luminance(uint32_t rgb)
{
    return 0.2126 * channel(rgb, 16) + 0.7152 * channel(rgb, 8) + 0.0722 * channel(rgb, 0);
}

static double contrast(struct screen_look look)
{
    double front = luminance(look.front), back = luminance(look.back);
    return (fmax(front, back) + 0.05) / (fmin(front, back) + 0.05);
}

static void expect_readable(struct screen *screen)
{
    for (int row = 0; row < ROWS; row++) {
        for (int column = 0; column < COLUMNS; column++) {
            struct screen_look look = screen_look_at(screen, row, column);
            if (!look.blank && contrast(look) < 4.4) /* the last digits are the terminal's */
                fail_msg("row %d, column %d: %06x on %06x", row, column, look.front, look.back);
        }
    }
}

/* The greatest number that the program chose from a palette of more than eight; whether it chose one by its RGB. */
struct chosen {
    long greatest;
    bool by_rgb;
};

static struct chosen chosen_of(struct screen *screen)
{
    struct chosen chosen = {.greatest = -1};
    size_t count;
    const char *bytes = (const char *)screen_bytes(screen, &count);
    for (size_t i = 0; i + 6 < count; i++) {
        if (memcmp(bytes + i, "8;5;", 4) == 0) {
            long number = strtol(bytes + i + 4, NULL, 10);
            chosen.greatest = number > chosen.greatest ? number : chosen.greatest;
        }
        chosen.by_rgb |= memcmp(bytes + i, "8;2;", 4) == 0;
    }
    return chosen;
}

/* --- cases ---------------------------------------------------------------------------------------------------- */

static void every_theme_can_be_read(void **state, const char *term)
{
    static const char *const names[] = {"dark", "light", "blue-orange", "mono"};
    for (size_t i = 0; i < 4; i++) {
        struct screen *screen = open_with(state, term, NULL, "--theme", names[i]);
        expect_readable(screen);
        screen_type(screen, "?");
        screen_expect_text(screen, 5, "HELP");
        expect_readable(screen);
        screen_type(screen, "qq");
        screen_expect_exit(screen, 5, 0);
        if (i < 3)
            screen_teardown(state);
    }
}

static void every_theme_can_be_read_with_256_colours(void **state)
{
    every_theme_can_be_read(state, "TERM=xterm-256color");
}

static void every_theme_can_be_read_with_direct_colours(void **state)
{
    if (!*terminfo)
        skip();
    every_theme_can_be_read(state, "TERM=juggler-direct");
}

static void direct_colours_are_told_as_rgb(void **state)
{
    if (!*terminfo)
        skip();
    struct screen *screen = open_with(state, "TERM=juggler-direct", NULL, NULL, NULL);
    struct chosen chosen = chosen_of(screen);
    screen_require(screen, chosen.by_rgb && chosen.greatest < 0);
    screen_require(screen, screen_look_at(screen, 0, 0).back == DARK);
}

static void no_terminal_gets_a_colour_that_it_lacks(void **state)
{
    static const struct {
        const char *term;
        long most; /* the greatest number it can be told; those below 16 may also go as 30 ... 37 and 90 ... 97 */
    } terminals[] = {{"TERM=xterm-256color", 255}, {"TERM=juggler-88", 15}, {"TERM=juggler-16", 15}, {"TERM=xterm", -1},
                     {"TERM=linux", -1},           {"TERM=screen", -1},     {"TERM=vt100", -1}};
    if (!*terminfo)
        skip();
    for (size_t i = 0; i < sizeof terminals / sizeof *terminals; i++) {
        struct screen *screen = open_with(state, terminals[i].term, NULL, NULL, NULL);
        struct chosen chosen = chosen_of(screen);
        screen_require(screen, chosen.greatest <= terminals[i].most && !chosen.by_rgb);
        screen_teardown(state);
    }
    *state = NULL;
}

static void expect_ground(void **state, const char *more, const char *option, const char *value, uint32_t ground)
{
    struct screen *screen = open_with(state, "TERM=xterm-256color", more, option, value);
    if (screen_look_at(screen, 0, 0).back != ground)
        fail_msg("%s, %s %s: the ground is %06x", more, option, value ? value : "", screen_look_at(screen, 0, 0).back);
    screen_teardown(state);
    *state = NULL;
}

static void the_ground_is_chosen_by_what_the_terminal_says(void **state)
{
    expect_ground(state, NULL, NULL, NULL, DARK);
    expect_ground(state, "COLORFGBG=0;15", NULL, NULL, LIGHT);
    expect_ground(state, "COLORFGBG=0;default;15", NULL, NULL, LIGHT);
    expect_ground(state, "COLORFGBG=15;default;0", NULL, NULL, DARK);
    expect_ground(state, "COLORFGBG=15;0", "--theme", "light", LIGHT);
    expect_ground(state, "COLORFGBG=0;15", "--theme", "dark", DARK);
}

static const char *config_with(const char *text)
{
    static char variable[PATH_ROOM];
    char path[PATH_ROOM + 32];
    const char *folder = getenv("TMPDIR");
    snprintf(variable, sizeof variable, "XDG_CONFIG_HOME=%s/themes.config", folder ? folder : "/tmp");
    mkdir(variable + 16, 0700);
    snprintf(path, sizeof path, "%s/juggler", variable + 16);
    mkdir(path, 0700);
    strcat(path, "/config.ini");
    FILE *out = fopen(path, "w");
    assert_non_null(out);
    fputs(text, out);
    fclose(out);
    return variable;
}

static void the_ground_is_chosen_by_the_settings(void **state)
{
    const char *config = config_with("[screen]\ntheme = light\nfps = 12\n");
    expect_ground(state, config, NULL, NULL, LIGHT);
    expect_ground(state, config, "--theme", "dark", DARK);
    expect_ground(state, config, "--no-config", NULL, DARK);
}

/* On the screen, too, where stderr is covered. */
static void what_is_wrong_with_the_settings_is_said(void **state)
{
    const char *config = config_with("[screen]\nthem = light\n");
    struct screen *screen = open_with(state, "TERM=xterm-256color", config, NULL, NULL);
    screen_expect_text(screen, 3, "there is no them in [screen]; did you mean theme?");
}

static void no_colour_means_none_in_any_theme(void **state)
{
    static const char *const options[] = {"--theme=light", "--theme=blue-orange"};
    for (size_t i = 0; i < 2; i++) {
        struct screen *screen = open_with(state, "TERM=xterm-256color", "NO_COLOR=1", options[i], NULL);
        struct screen_look plain = screen_look_at(screen, ROWS - 1, COLUMNS - 1);
        for (int column = 0; column < COLUMNS; column++) {
            struct screen_look look = screen_look_at(screen, 0, column);
            screen_require(screen, look.front == plain.front && look.back == plain.back);
        }
        screen_teardown(state);
    }
    *state = NULL;
}

#define CASE(function) cmocka_unit_test_teardown(function, teardown)

static int teardown(void **state)
{
    return *state ? screen_teardown(state) : 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(every_theme_can_be_read_with_256_colours),
        CASE(every_theme_can_be_read_with_direct_colours),
        CASE(direct_colours_are_told_as_rgb),
        CASE(no_terminal_gets_a_colour_that_it_lacks),
        CASE(the_ground_is_chosen_by_what_the_terminal_says),
        CASE(the_ground_is_chosen_by_the_settings),
        CASE(what_is_wrong_with_the_settings_is_said),
        CASE(no_colour_means_none_in_any_theme),
    };
    return cmocka_run_group_tests(tests, describe, NULL);
}
