/* golden.h - a canvas compared with its picture in tests/golden. After a change that is meant, GENERATE=1 (make golden) writes the pictures anew, and the
 * difference is for a person to read. */
#ifndef TESTS_GOLDEN_H
#define TESTS_GOLDEN_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/canvas_text.h"

static inline FILE *golden_open(const char *name, const char *mode)
{
    char path[512];
    const char *here = __FILE__, *end = strstr(here, "tests/unit/");
    snprintf(path, sizeof path, "%.*stests/golden/%s.txt", (int)(end - here), here, name);
    FILE *file = fopen(path, mode);
    if (file == NULL) {
        fail_msg("cannot open %s", path);
    }
    return file;
}

/* Compares a text with the picture of that name, or writes it. */
static inline void golden_compare(const char *text, const char *name)
{
    static char wanted[65536];
    bool generate = getenv("GENERATE") != NULL;
    FILE *file = golden_open(name, generate ? "w" : "r");
    if (generate) {
        fputs(text, file);
    } else {
        wanted[fread(wanted, 1, sizeof wanted - 1, file)] = '\0';
    }
    fclose(file);
    if (!generate) {
        assert_string_equal(text, wanted);
    }
}

static inline void golden_check(const struct canvas *canvas, const char *name)
{
    char *text = text_of(canvas);
    golden_compare(text, name);
    free(text);
}

#endif
