/* screen_text.h - a whole screen drawn from a model, as text; whether something is on it, and whether it looks as drawn. Include behind cmocka.h. */
#ifndef TESTS_UNIT_SCREEN_TEXT_H
#define TESTS_UNIT_SCREEN_TEXT_H

#include <string.h>

#include "tests/unit/golden.h"
#include "ui/panes.h"

/* The screen as text, to be freed. */
static inline char *screen_text(const struct model *model, int columns, int rows, bool ascii)
{
    struct canvas canvas = canvas_new(columns, rows, ascii);
    screen_draw(&canvas, model);
    char *text = text_of(&canvas);
    canvas_free(&canvas);
    return text;
}

static inline void assert_screen(const struct model *model, int columns, int rows, const char *part, bool there)
{
    char *text = screen_text(model, columns, rows, false);
    if ((strstr(text, part) != NULL) != there)
        fail_msg("\"%s\" is %son this screen of %dx%d:\n%s", part, there ? "not " : "", columns, rows, text);
    free(text);
}

static inline void assert_shows(const struct model *model, int columns, int rows, const char *wanted)
{
    assert_screen(model, columns, rows, wanted, true);
}

static inline void assert_lacks(const struct model *model, int columns, int rows, const char *unwanted)
{
    assert_screen(model, columns, rows, unwanted, false);
}

static inline void check_golden(const struct model *model, const char *name, int columns, int rows, bool ascii)
{
    char *text = screen_text(model, columns, rows, ascii);
    golden_compare(text, name);
    free(text);
}

#endif
