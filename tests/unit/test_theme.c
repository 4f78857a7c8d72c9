/* test_theme.c - colours: every role can be read in every theme, on terminals with few colours too; states are told apart by whoever looks. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>

#include "ui/theme.h"

#define LEAST_CONTRAST 4.5 /* WCAG 2.1, success criterion 1.4.3 */

/* --- light -------------------------------------------------------------------------------------------- */

struct light {
    double red, green, blue; /* 0 ... 1, linear */
};

static double channel(uint32_t rgb, int shift)
{
    double part = (double)(rgb >> shift & 0xff) / 255;
    return part <= 0.04045 ? part / 12.92 : pow((part + 0.055) / 1.055, 2.4);
}

static struct light light_of(uint32_t rgb)
{
    return (struct light){channel(rgb, 16), channel(rgb, 8), channel(rgb, 0)};
}

/* The contrast ratio of WCAG 2.1, 1 ... 21. */
static double contrast(uint32_t a, uint32_t b)
{
    struct light one = light_of(a), two = light_of(b);
    double first = 0.2126 * one.red + 0.7152 * one.green + 0.0722 * one.blue;
    double second = 0.2126 * two.red + 0.7152 * two.green + 0.0722 * two.blue;
    return (fmax(first, second) + 0.05) / (fmin(first, second) + 0.05);
}

/* What the terminals' makers give the first sixteen numbers. */
static const struct palette {
    const char *name;
    uint32_t rgb[16];
} palettes[] = {
    {"of the Linux console",
     {0x000000, 0xaa0000, 0x00aa00, 0xaa5500, 0x0000aa, 0xaa00aa, 0x00aaaa, 0xaaaaaa, 0x555555, 0xff5555, 0x55ff55, 0xffff55,
      0x5555ff, 0xff55ff, 0x55ffff, 0xffffff}},
    {"of xterm",
     {0x000000, 0xcd0000, 0x00cd00, 0xcdcd00, 0x0000ee, 0xcd00cd, 0x00cdcd, 0xe5e5e5, 0x7f7f7f, 0xff0000, 0x00ff00, 0xffff00,
      0x5c5cff, 0xff00ff, 0x00ffff, 0xffffff}},
};

static void every_role_can_be_read(void **state)
{
    (void)state;
    assert_int_equal(theme_count(), 4);
    for (size_t i = 0; i < theme_count(); i++) {
        const struct theme *theme = theme_at(i);
        for (int role = 0; role < ROLE_COUNT; role++) {
            double found = contrast(theme_rgb(theme->roles[role].index), theme_rgb(theme->background.index));
            if (found < LEAST_CONTRAST)
                fail_msg("theme %s, role %d: contrast %.2f", theme->name, role, found);
        }
    }
}

/* With direct colours a terminal is told the same, but for what it would take for a number of its palette. */
static void direct_colours_are_the_same_ones(void **state)
{
    (void)state;
    for (size_t i = 0; i < theme_count(); i++) {
        const struct theme *theme = theme_at(i);
        uint32_t ground = theme_color_number(theme, theme->background, THEME_DIRECT);
        for (int role = 0; role < ROLE_COUNT; role++) {
            uint32_t told = theme_color_number(theme, theme->roles[role], THEME_DIRECT);
            assert_true(told >= 0x100 && told <= 0xffffff && ground >= 0x100);
            assert_true(contrast(told, theme_rgb(theme->roles[role].index)) < 1.02);
            assert_true(contrast(told, ground) >= LEAST_CONTRAST);
        }
    }
}

/* As the two palettes that most others come from show it; of the first eight numbers, bold ones are as light as the second eight. */
static void few_colours_can_be_read_too(void **state)
{
    static const unsigned counts[] = {8, 16};
    (void)state;
    for (size_t i = 0; i < theme_count() * 4; i++) {
        const struct theme *theme = theme_at(i / 4);
        const struct palette *palette = &palettes[i % 2];
        unsigned colors = counts[i / 2 % 2];
        uint32_t ground = theme_color_number(theme, theme->background, colors);
        for (int role = 0; role < ROLE_COUNT; role++) {
            uint32_t told = theme_color_number(theme, theme->roles[role], colors);
            bool bold = theme_is_bold(theme, theme->roles[role], colors);
            assert_true(told < colors && ground < colors);
            double found = contrast(palette->rgb[bold && told < 8 ? told + 8 : told], palette->rgb[ground]);
            if (found < LEAST_CONTRAST)
                fail_msg("theme %s, role %d, %u colours %s: contrast %.2f", theme->name, role, colors, palette->name, found);
        }
    }
}

static void bold_never_lightens_a_light_theme(void **state)
{
    (void)state;
    const struct theme *light = theme_of("light"), *dark = theme_of("dark");
    const struct theme_color bold = {.index = 16, .basic = 0, .bold = true}, bright = {.index = 120, .basic = 10};
    assert_false(theme_is_bold(light, bold, 8) || theme_is_bold(light, bold, 16));
    assert_true(theme_is_bold(light, bold, 256) && theme_is_bold(light, bold, THEME_DIRECT) &&
                theme_is_bold(light, bold, 0));
    assert_true(theme_is_bold(dark, bold, 8) && theme_is_bold(dark, bright, 8));
    assert_false(theme_is_bold(dark, bright, 16));
}

/* --- eyes --------------------------------------------------------------------------------------------- */

/* How an eye without one kind of cones sees: G. M. Machado, M. M. Oliveira, L. A. F. Fernandes, "A Physiologically-based Model for
 * Simulation of Color Vision Deficiency", IEEE Transactions on Visualization and Computer Graphics 15 (2009), severity 1.0; on linear RGB. */
static const struct eye {
    const char *name;
    double matrix[3][3];
    double least; /* distance of two states */
} eyes[] = {
    {"usual", {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}}, 20},
    {"protanopia", {{0.152286, 1.052583, -0.204868}, {0.114503, 0.786281, 0.099216}, {-0.003882, -0.048116, 1.051998}}, 20},
    {"deuteranopia", {{0.367322, 0.860646, -0.227968}, {0.280085, 0.672501, 0.047413}, {-0.011820, 0.042940, 0.968881}}, 20},
    {"tritanopia", {{1.255528, -0.076749, -0.178779}, {-0.078411, 0.930809, 0.147602}, {0.004733, 0.691367, 0.303900}}, 15},
};

struct lab {
    double l, a, b;
};

static double seen(const double row[3], struct light light)
{
    return fmin(1, fmax(0, row[0] * light.red + row[1] * light.green + row[2] * light.blue));
}

static double lab_part(double t)
{
    return t > 216.0 / 24389 ? cbrt(t) : (24389.0 / 27 * t + 16) / 116;
}

/* CIELAB of sRGB, white point D65. */
static struct lab lab_of(uint32_t rgb, const struct eye *eye)
{
    struct light light = light_of(rgb);
    struct light s = {seen(eye->matrix[0], light), seen(eye->matrix[1], light), seen(eye->matrix[2], light)};
    double x = lab_part((0.4124564 * s.red + 0.3575761 * s.green + 0.1804375 * s.blue) / 0.95047);
    double y = lab_part(0.2126729 * s.red + 0.7151522 * s.green + 0.0721750 * s.blue);
    double z = lab_part((0.0193339 * s.red + 0.1191920 * s.green + 0.9503041 * s.blue) / 1.08883);
    return (struct lab){116 * y - 16, 500 * (x - y), 200 * (y - z)};
}

/* CIE 1976: about 2 can just be told apart side by side; these are cells of a moving picture. */
static double distance(uint32_t one, uint32_t two, const struct eye *eye)
{
    struct lab a = lab_of(one, eye), b = lab_of(two, eye);
    return sqrt((a.l - b.l) * (a.l - b.l) + (a.a - b.a) * (a.a - b.a) + (a.b - b.b) * (a.b - b.b));
}

static const enum role states[] = {ROLE_RUNNING, ROLE_READY,  ROLE_WAITING, ROLE_RECEIVING, ROLE_LOCK,
                                   ROLE_BARRIER, ROLE_FAILED, ROLE_IDLE,    ROLE_DONE};
enum { STATES = sizeof states / sizeof *states };

/* The nearest two of the first `count` states, for that eye. */
static void expect_apart(const struct theme *theme, size_t count, const struct eye *eye, double least)
{
    for (size_t i = 0; i < count; i++) {
        for (size_t j = 0; j < i; j++) {
            double found = distance(theme_rgb(theme->roles[states[i]].index), theme_rgb(theme->roles[states[j]].index), eye);
            if (found < least)
                fail_msg("theme %s, %s: roles %d and %d are only %.1f apart", theme->name, eye->name, (int)states[i],
                         (int)states[j], found);
        }
    }
}

static void colour_blind_people_tell_states_apart(void **state)
{
    (void)state;
    for (size_t eye = 0; eye < sizeof eyes / sizeof *eyes; eye++)
        expect_apart(theme_of("blue-orange"), STATES, &eyes[eye], eyes[eye].least);
}

/* In the others what is done may look like what is running: the one is a figure, the other a bar. */
static void others_tell_them_apart_in_every_theme(void **state)
{
    (void)state;
    expect_apart(theme_of("dark"), STATES, &eyes[0], 20);
    expect_apart(theme_of("light"), STATES - 1, &eyes[0], 17);
}

/* --- names ---------------------------------------------------------------------------------------------- */

static void themes_go_by_their_names(void **state)
{
    static const char *const names[] = {"dark", "light", "blue-orange", "mono"};
    (void)state;
    for (size_t i = 0; i < 4; i++) {
        assert_string_equal(theme_of(names[i])->name, names[i]);
        assert_string_equal(theme_choose(names[i], "0;15")->name, names[i]);
    }
    assert_null(theme_of("pink"));
    assert_null(theme_at(theme_count()));
    assert_int_equal(theme_rgb(16), 0x000000);
    assert_int_equal(theme_rgb(231), 0xffffff);
    assert_int_equal(theme_rgb(196), 0xff0000);
    assert_int_equal(theme_rgb(232), 0x080808);
    assert_int_equal(theme_rgb(255), 0xeeeeee);
}

static void the_terminal_says_whether_it_is_light(void **state)
{
    static const char *const lights[] = {"0;15", "0;7", "0;default;15", "default;default;7", ";15", "0;11"};
    static const char *const darks[] = {
        "15;0",  "15;default;0", "7;8",   "12;6",  "default;default",       "0;default", "0", "15", "", ";", "0;", "0;15x",
        "0;-15", "0;99",         "0;15;", "0; 15", "0;99999999999999999999"};
    (void)state;
    for (size_t i = 0; i < sizeof lights / sizeof *lights; i++)
        if (theme_choose("auto", lights[i]) != theme_of("light"))
            fail_msg("COLORFGBG=%s is light", lights[i]);
    for (size_t i = 0; i < sizeof darks / sizeof *darks; i++)
        if (theme_choose(NULL, darks[i]) != theme_of("dark"))
            fail_msg("COLORFGBG=%s is not known to be light", darks[i]);
    assert_ptr_equal(theme_choose("auto", NULL), theme_of("dark"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_role_can_be_read),
        cmocka_unit_test(direct_colours_are_the_same_ones),
        cmocka_unit_test(few_colours_can_be_read_too),
        cmocka_unit_test(bold_never_lightens_a_light_theme),
        cmocka_unit_test(colour_blind_people_tell_states_apart),
        cmocka_unit_test(others_tell_them_apart_in_every_theme),
        cmocka_unit_test(themes_go_by_their_names),
        cmocka_unit_test(the_terminal_says_whether_it_is_light),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
