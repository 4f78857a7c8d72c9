/* lines.c - texts and figures cut to measure. See lines.h. */
#include "report/lines.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"

enum { SHOWN_ROOM = 4096 };

/* Bytes of text's beginning that take at most `columns`. */
static size_t span_of_columns(const char *text, int columns)
{
    const char *at = text;
    for (;;) {
        const char *before = at;
        uint32_t code = text_next(&at);
        if (code == 0)
            return (size_t)(before - text);
        columns -= text_code_columns(code);
        if (columns < 0)
            return (size_t)(before - text);
    }
}

/* Where text's last `columns` columns begin. */
static const char *tail_of_columns(const char *text, int columns)
{
    int spare = (int)text_columns(text) - columns;
    while (spare > 0) {
        uint32_t code = text_next(&text);
        if (code == 0)
            break;
        spare -= text_code_columns(code);
    }
    return text;
}

char *line_fit(char *out, size_t room, const char *text, int columns, bool ascii)
{
    char shown[SHOWN_ROOM];
    const char *dots = ascii ? "..." : "\u2026";
    text_show(shown, sizeof shown, text, ascii);
    if ((int)text_columns(shown) <= columns) {
        snprintf(out, room, "%s", shown);
        return out;
    }
    int rest = columns - (int)text_columns(dots);
    if (rest < 0)
        rest = 0;
    int left = rest / 2;
    snprintf(out, room, "%.*s%s%s", (int)span_of_columns(shown, left), shown, dots, tail_of_columns(shown, rest - left));
    return out;
}

char *line_grouped(char out[GROUPED_ROOM], uint64_t value)
{
    char digits[24];
    int count = snprintf(digits, sizeof digits, "%" PRIu64, value);
    char *at = out;
    for (int i = 0; i < count; i++) {
        if (i > 0 && (count - i) % 3 == 0)
            *at++ = ',';
        *at++ = digits[i];
    }
    *at = '\0';
    return out;
}
