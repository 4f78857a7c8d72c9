/* theme.h - what colour each role has. One const table; a new theme is a row in it.
 *
 * The background is painted too, so that what is readable in the table is readable on any terminal: every role has a contrast of at
 * least 4.5:1 on its theme's background (WCAG 2; tested). */
#ifndef UI_THEME_H
#define UI_THEME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ui/canvas.h"

struct theme_color {
    uint8_t index; /* of 256 colours, 16 ... 255 */
    uint8_t basic; /* of 16 colours; on 8, those from 8 up are the colour less 8, bold */
    bool bold;
};

struct theme {
    const char *name;
    const char *sentence;
    bool colors; /* false: only bold and reverse tell roles apart */
    bool light;  /* dark on light */
    struct theme_color background;
    struct theme_color roles[ROLE_COUNT];
};

/* "dark", "light", "blue-orange", "mono"; NULL: none of that name. */
const struct theme *theme_of(const char *name);
const struct theme *theme_default(void);
/* The one of that name; of "auto" (or NULL) the light one where the terminal says that its background is light, as rxvt, Konsole and others do in
 * COLORFGBG (NULL: it says nothing), else the dark one. */
const struct theme *theme_choose(const char *name, const char *colorfgbg);
size_t theme_count(void);
const struct theme *theme_at(size_t number);
/* What a terminal with 8, 16, 256 or THEME_DIRECT colours is told: a number of the person's palette, an index, or 0xRRGGBB. */
enum { THEME_DIRECT = 1 << 24 };
uint32_t theme_color_number(const struct theme *theme, struct theme_color color, unsigned colors);
/* Whether it is drawn bold there. Where bold also lightens, a light theme is not bold at all. */
bool theme_is_bold(const struct theme *theme, struct theme_color color, unsigned colors);
/* 0xRRGGBB of an index of the 256 colours that xterm and its kin have, 16 ... 255. */
uint32_t theme_rgb(unsigned index);

#endif
