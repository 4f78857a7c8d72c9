/* theme.c - the table of colours. The indices are of the 6 x 6 x 6 cube and the grey ramp, which look alike on every terminal;
 * 0 ... 15 are the person's own and used only where there is nothing else. */
#include "ui/theme.h"

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
               [ROLE_WAITING] = {146, 12, false},
               [ROLE_RECEIVING] = {81, 14, false},
               [ROLE_LOCK] = {213, 13, false},
               [ROLE_BARRIER] = {180, 3, false},
               [ROLE_IDLE] = {247, 7, false},
               [ROLE_DONE] = {120, 10, true},
               [ROLE_FAILED] = {210, 9, true},
               [ROLE_WARNING] = {215, 11, false}}},
    {.name = "light",
     .sentence = "dark on light, for bright rooms",
     .colors = true,
     .background = {231, 15, false},
     .roles = {[ROLE_TEXT] = {235, 0, false},
               [ROLE_DIM] = {241, 0, false},
               [ROLE_TITLE] = {16, 0, true},
               [ROLE_FRAME] = {242, 0, false},
               [ROLE_FRAME_FOCUS] = {88, 1, true},
               [ROLE_KEY] = {88, 1, true},
               [ROLE_VALUE] = {16, 0, true},
               [ROLE_RUNNING] = {22, 2, false},
               [ROLE_READY] = {94, 1, false},
               [ROLE_WAITING] = {60, 5, false},
               [ROLE_RECEIVING] = {25, 4, false},
               [ROLE_LOCK] = {90, 5, false},
               [ROLE_BARRIER] = {95, 1, false},
               [ROLE_IDLE] = {241, 0, false},
               [ROLE_DONE] = {22, 2, true},
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
               [ROLE_READY] = {223, 11, false},
               [ROLE_WAITING] = {75, 12, false},
               [ROLE_RECEIVING] = {153, 14, true},
               [ROLE_LOCK] = {180, 3, false},
               [ROLE_BARRIER] = {110, 6, false},
               [ROLE_IDLE] = {248, 7, false},
               [ROLE_DONE] = {231, 15, true},
               [ROLE_FAILED] = {208, 9, true},
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
