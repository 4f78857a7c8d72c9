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
    struct theme_color background;
    struct theme_color roles[ROLE_COUNT];
};

/* "dark", "light", "blue-orange", "mono"; NULL: none of that name. */
const struct theme *theme_of(const char *name);
const struct theme *theme_default(void);
size_t theme_count(void);
const struct theme *theme_at(size_t number);
/* 0xRRGGBB of an index of the 256 colours that xterm and its kin have, 16 ... 255. */
uint32_t theme_rgb(unsigned index);

#endif
