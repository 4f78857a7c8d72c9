/* theme.c - the table of colours. The indices are of the 6 x 6 x 6 cube and the grey ramp, which look alike on every terminal;
 * 0 ... 15 are the person's own and used only where there is nothing else. Which of those can be read was chosen by the palettes of the Linux
 * console and of xterm: dark blue, dark red, brown and magenta cannot on black, green, yellow and cyan cannot on white. */
#include "ui/theme.h"

#include <stdlib.h>
#include <string.h>

static const struct theme themes[] = {
    {.name = "dark",
     .sentence = "light on dark; the default",
     .colors = true,
     .background = {234, 0, false},
     .roles = {[ROLE_TEXT] = {252, 7, false},
               [ROLE_DIM] = {246, 7, false},
               [ROLE_TITLE] = {255, 15, true},
               [ROLE_FRAME] = {245, 7, false},
               [ROLE_FRAME_FOCUS] = {220, 11, true},
               [ROLE_KEY] = {220, 11, true},
               [ROLE_VALUE] = {255, 15, true},
               [ROLE_RUNNING] = {114, 10, false},
               [ROLE_READY] = {221, 11, false},
               [ROLE_WAITING] = {146, 6, false},
               [ROLE_RECEIVING] = {81, 14, false},
               [ROLE_LOCK] = {213, 13, false},
               [ROLE_BARRIER] = {180, 13, false},
               [ROLE_IDLE] = {247, 7, false},
               [ROLE_DONE] = {120, 10, true},
               [ROLE_FAILED] = {210, 9, true},
               [ROLE_WARNING] = {215, 11, false}}},
    {.name = "light",
     .sentence = "dark on light, for bright rooms",
     .colors = true,
     .light = true,
     .background = {231, 15, false},
     .roles = {[ROLE_TEXT] = {235, 0, false},
               [ROLE_DIM] = {241, 0, false},
               [ROLE_TITLE] = {16, 0, true},
               [ROLE_FRAME] = {242, 0, false},
               [ROLE_FRAME_FOCUS] = {88, 4, true},
               [ROLE_KEY] = {88, 4, true},
               [ROLE_VALUE] = {16, 0, true},
               [ROLE_RUNNING] = {22, 4, false},
               [ROLE_READY] = {94, 1, false},
               [ROLE_WAITING] = {60, 0, false},
               [ROLE_RECEIVING] = {25, 5, false},
               [ROLE_LOCK] = {90, 5, false},
               [ROLE_BARRIER] = {95, 5, false},
               [ROLE_IDLE] = {241, 0, false},
               [ROLE_DONE] = {22, 4, true},
               [ROLE_FAILED] = {124, 1, true},
               [ROLE_WARNING] = {130, 1, false}}},
    {.name = "blue-orange",
     .sentence = "blue and orange apart in brightness too, for colour-blind eyes",
     .colors = true,
     .background = {16, 0, false},
     .roles = {[ROLE_TEXT] = {254, 7, false},
               [ROLE_DIM] = {248, 7, false},
               [ROLE_TITLE] = {231, 15, true},
               [ROLE_FRAME] = {245, 7, false},
               [ROLE_FRAME_FOCUS] = {231, 15, true},
               [ROLE_KEY] = {223, 11, true},
               [ROLE_VALUE] = {231, 15, true},
               [ROLE_RUNNING] = {214, 11, true},
               [ROLE_READY] = {186, 15, false},
               [ROLE_WAITING] = {81, 14, false},
               [ROLE_RECEIVING] = {31, 6, true},
               [ROLE_LOCK] = {137, 11, false},
               [ROLE_BARRIER] = {63, 6, false},
               [ROLE_IDLE] = {243, 7, false},
               [ROLE_DONE] = {231, 15, true},
               [ROLE_FAILED] = {166, 9, true},
               [ROLE_WARNING] = {223, 11, false}}},
    {.name = "mono",
     .sentence = "no colours; bold and reverse alone",
     .colors = false,
     .background = {16, 0, false},
     .roles = {[ROLE_TEXT] = {252, 7, false},
               [ROLE_DIM] = {252, 7, false},
               [ROLE_TITLE] = {252, 7, true},
               [ROLE_FRAME] = {252, 7, false},
               [ROLE_FRAME_FOCUS] = {252, 7, true},
               [ROLE_KEY] = {252, 7, true},
               [ROLE_VALUE] = {252, 7, false},
               [ROLE_RUNNING] = {252, 7, true},
               [ROLE_READY] = {252, 7, false},
               [ROLE_WAITING] = {252, 7, false},
               [ROLE_RECEIVING] = {252, 7, false},
               [ROLE_LOCK] = {252, 7, false},
               [ROLE_BARRIER] = {252, 7, false},
               [ROLE_IDLE] = {252, 7, false},
               [ROLE_DONE] = {252, 7, false},
               [ROLE_FAILED] = {252, 7, true},
               [ROLE_WARNING] = {252, 7, true}}},
};

size_t theme_count(void)
{
    return sizeof themes / sizeof themes[0];
}

const struct theme *theme_at(size_t number)
{
    return number < theme_count() ? &themes[number] : NULL;
}

const struct theme *theme_default(void)
{
    return &themes[0];
}

const struct theme *theme_of(const char *name)
{
    for (size_t i = 0; i < theme_count(); i++) {
        if (strcmp(themes[i].name, name) == 0) {
            return &themes[i];
        }
    }
    return NULL;
}

/* --- which theme ---------------------------------------------------------------------------------- */

/* The last field is the background; between it and the foreground rxvt puts the colour of its picture ("15;default;0"). */
static bool is_light(const char *colorfgbg)
{
    const char *last = strrchr(colorfgbg, ';');
    char *end = NULL;
    if (last == NULL || last[1] < '0' || last[1] > '9') {
        return false;
    }
    long background = strtol(last + 1, &end, 10);
    return *end == '\0' && (background == 7 || (background >= 9 && background <= 15));
}

const struct theme *theme_choose(const char *name, const char *colorfgbg)
{
    if (name != NULL && strcmp(name, "auto") != 0) {
        return theme_of(name);
    }
    return theme_of(colorfgbg != NULL && is_light(colorfgbg) ? "light" : "dark");
}

/* --- which number --------------------------------------------------------------------------------- */

/* On eight colours a light ground is light grey, on which only black and blue can be read. */
static unsigned eight_of(const struct theme *theme, struct theme_color color)
{
    enum { BLUE = 4, MAGENTA = 5, GREY = 7 };
    unsigned basic = color.basic & 7;
    if (!theme->light || basic == GREY) {
        return basic;
    }
    return basic == BLUE || basic == MAGENTA ? BLUE : 0;
}

uint32_t theme_color_number(const struct theme *theme, struct theme_color color, unsigned colors)
{
    if (colors == THEME_DIRECT) {
        uint32_t rgb = theme_rgb(color.index);
        return rgb < 0x100 ? 0x010101 | rgb
                           : rgb; /* the first 8, 16 or 256 are numbers of a palette (terminfo's xterm-direct...) */
    }
    return colors == 256 ? color.index : colors == 16 ? color.basic : eight_of(theme, color);
}

bool theme_is_bold(const struct theme *theme, struct theme_color color, unsigned colors)
{
    bool lightens = colors == 8 || colors == 16;
    if (lightens && theme->light) {
        return false;
    }
    return color.bold || (colors == 8 && color.basic >= 8);
}

/* The cube's six steps are 0, 95, 135, 175, 215, 255; the ramp's 24 greys are 8, 18, ... 238. */
static uint32_t cube_step(unsigned step)
{
    return step == 0 ? 0 : 55 + 40 * step;
}

uint32_t theme_rgb(unsigned index)
{
    if (index >= 232) {
        uint32_t grey = 8 + 10 * (index > 255 ? 23 : index - 232);
        return grey << 16 | grey << 8 | grey;
    }
    unsigned place = index < 16 ? 0 : index - 16;
    return cube_step(place / 36) << 16 | cube_step(place / 6 % 6) << 8 | cube_step(place % 6);
}
