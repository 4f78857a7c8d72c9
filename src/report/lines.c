/* lines.c - texts and figures cut to measure. See lines.h. */
#include "report/lines.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
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

void line_right(FILE *out, const char *text, int columns)
{
    int blanks = columns - (int)text_columns(text);
    fprintf(out, "%*s%s", blanks > 0 ? blanks : 0, "", text);
}

void line_left(FILE *out, const char *text, int columns)
{
    int blanks = columns - (int)text_columns(text);
    fprintf(out, "%s%*s", text, blanks > 0 ? blanks : 0, "");
}

void line_paragraph(FILE *out, const char *label, const char *text, int columns, bool ascii)
{
    char shown[SHOWN_ROOM];
    char word[SHOWN_ROOM];
    int column = LINE_LABEL;
    text_show(shown, sizeof shown, text, ascii);
    line_left(out, label, LINE_LABEL);
    for (const char *at = shown + strspn(shown, " "); *at; at += strspn(at, " ")) {
        size_t bytes = strcspn(at, " ");
        snprintf(word, sizeof word, "%.*s", (int)bytes, at);
        int wide = (int)text_columns(word);
        bool first = column == LINE_LABEL;
        if (!first && column + 1 + wide > columns) {
            fprintf(out, "\n%*s", LINE_LABEL, "");
            column = LINE_LABEL;
            first = true;
        }
        fprintf(out, "%s%s", first ? "" : " ", word);
        column += wide + !first;
        at += bytes;
    }
    fputc('\n', out);
}

char *line_seconds(char out[SECONDS_ROOM], double seconds, const char *dash)
{
    if (!(seconds >= 0) || seconds > 1e9)
        snprintf(out, SECONDS_ROOM, "%s", dash);
    else
        text_duration(out, SECONDS_ROOM, (uint64_t)(seconds * (double)NS_PER_S + 0.5));
    return out;
}

char *line_micros(char out[SECONDS_ROOM], double least_s, double most_s)
{
    bool short_times = most_s < 0.9995e-3;
    double scale = short_times ? 1e6 : 1e3;
    int decimals = short_times ? 0 : most_s < 9.95e-3 ? 1 : 0;
    const char *unit = short_times ? "microseconds" : "ms";
    char most[SECONDS_ROOM];
    snprintf(most, sizeof most, "%.*f", decimals, most_s * scale);
    snprintf(out, SECONDS_ROOM, "%.*f", decimals, least_s * scale);
    size_t used = strcmp(out, most) == 0 ? 0 : strlen(out);
    snprintf(out + used, SECONDS_ROOM - used, "%s%s %s", used ? " to " : "", most, unit);
    return out;
}
