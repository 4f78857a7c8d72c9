/* screen_text.h - a whole screen drawn from a model, as text. Include cmocka.h and what it wants before. */
#ifndef TESTS_UNIT_SCREEN_TEXT_H
#define TESTS_UNIT_SCREEN_TEXT_H

#include <stdio.h>

#include "ui/canvas.h"
#include "ui/panes.h"

static inline struct canvas canvas_new(int columns, int rows, bool ascii)
{
    struct canvas canvas = {.ascii = ascii};
    assert_int_equal(canvas_resize(&canvas, columns, rows), 0);
    return canvas;
}

/* The screen as text, to be freed. */
static inline char *screen_text(const struct model *model, int columns, int rows, bool ascii)
{
    struct canvas canvas = canvas_new(columns, rows, ascii);
    screen_draw(&canvas, model);
    char *text = NULL;
    size_t bytes = 0;
    FILE *out = open_memstream(&text, &bytes);
    assert_non_null(out);
    assert_int_equal(canvas_to_text(&canvas, out), 0);
    fclose(out);
    canvas_free(&canvas);
    return text;
}

#endif
