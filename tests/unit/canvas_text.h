/* canvas_text.h - a canvas of a size, and what is drawn on it as text. Include behind cmocka.h. */
#ifndef TESTS_UNIT_CANVAS_TEXT_H
#define TESTS_UNIT_CANVAS_TEXT_H

#include <stdio.h>

#include "ui/canvas.h"

static inline struct canvas canvas_new(int columns, int rows, bool ascii)
{
    struct canvas canvas = {.ascii = ascii};
    assert_int_equal(canvas_resize(&canvas, columns, rows), 0);
    return canvas;
}

/* The canvas as text, to be freed. */
static inline char *text_of(const struct canvas *canvas)
{
    char *text = NULL;
    size_t bytes = 0;
    FILE *out = open_memstream(&text, &bytes);
    assert_non_null(out);
    assert_int_equal(canvas_to_text(canvas, out), 0);
    fclose(out);
    return text;
}

#endif
