/* parts.c - see parts.h. */
#include "ui/parts.h"

#include <stdarg.h>
#include <string.h>

#include "base/clock.h"
#include "base/text.h"

void parts_add(struct parts *parts, int keep, enum role role, const char *format, ...)
{
    if (parts->count == PARTS_MAX) {
        return;
    }
    struct part *part = &parts->list[parts->count++];
    *part = (struct part){.role = role, .keep = keep};
    va_list list;
    va_start(list, format);
    vsnprintf(part->wide, sizeof part->wide, format, list);
    va_end(list);
}

void parts_brief(struct parts *parts, const char *format, ...)
{
    if (parts->count == 0) {
        return;
    }
    struct part *part = &parts->list[parts->count - 1];
    va_list list;
    va_start(list, format);
    vsnprintf(part->brief, sizeof part->brief, format, list);
    va_end(list);
}

static const char *part_text(const struct part *part)
{
    return part->is_brief && part->brief[0] != '\0' ? part->brief : part->wide;
}

/* What stands between two parts: a sign for the eye, or one that a voice does not read out. */
static const char *between(const struct canvas *canvas)
{
    return canvas->flat ? ", " : " \u00b7 ";
}

static int parts_columns(const struct canvas *canvas, const struct parts *parts)
{
    int columns = 0;
    for (int i = 0; i < parts->count; i++) {
        if (!parts->list[i].is_dropped) {
            columns += (columns > 0 ? canvas_text_columns(canvas, between(canvas)) : 0) +
                       canvas_text_columns(canvas, part_text(&parts->list[i]));
        }
    }
    return columns;
}

/* The first part that can still be brief. NULL: none. */
static struct part *first_wide(struct parts *parts)
{
    for (int i = 0; i < parts->count; i++) {
        if (!parts->list[i].is_brief && parts->list[i].brief[0] != '\0') {
            return &parts->list[i];
        }
    }
    return NULL;
}

/* The least important part; NULL: only one is left. */
static struct part *weakest(struct parts *parts)
{
    struct part *weakest = NULL;
    int left = 0;
    for (int i = 0; i < parts->count; i++) {
        struct part *part = &parts->list[i];
        left += !part->is_dropped;
        if (!part->is_dropped && (weakest == NULL || part->keep < weakest->keep)) {
            weakest = part;
        }
    }
    return left > 1 ? weakest : NULL;
}

static void parts_fit(const struct canvas *canvas, struct parts *parts, int room)
{
    struct part *part;
    while (parts_columns(canvas, parts) > room && (part = first_wide(parts)) != NULL) {
        part->is_brief = true;
    }
    while (parts_columns(canvas, parts) > room && (part = weakest(parts)) != NULL) {
        part->is_dropped = true;
    }
}

int parts_draw(struct canvas *canvas, int x, int y, int room, struct parts *parts)
{
    int used = 0;
    parts_fit(canvas, parts, room);
    for (int i = 0; i < parts->count; i++) {
        const struct part *part = &parts->list[i];
        if (part->is_dropped) {
            continue;
        }
        if (used > 0) {
            used += canvas_text(canvas, x + used, y, room - used, ROLE_DIM, between(canvas));
        }
        used += canvas_text(canvas, x + used, y, room - used, part->role, part_text(part));
    }
    return used;
}

/* --- text in lines ---------------------------------------------------------------------------------- */

enum { WORD_BYTES = 1024 };

/* Copies the next word, of one that is longer than a line (a URL) as much as a line has room for; false: there is none. */
static bool next_word(const char **text, char word[WORD_BYTES], int columns)
{
    int used = 0;
    size_t bytes = 0;
    *text += strspn(*text, " ");
    for (const char *end = *text; *end != ' ' && text_next(&end) != 0; *text = end) {
        size_t more = (size_t)(end - *text);
        char one[8] = "";
        memcpy(one, *text, more);
        used += (int)text_columns(one);
        if (bytes + more >= WORD_BYTES || (used > columns && bytes > 0)) {
            break;
        }
        memcpy(word + bytes, one, more);
        bytes += more;
    }
    word[bytes] = '\0';
    return bytes > 0;
}

/* Where the last word shown begins and ends. */
struct last_word {
    int begin, end;
};

/* Says behind the last word shown, or in its place, that there is more. */
static void draw_more(struct canvas *canvas, struct rect where, struct last_word last, enum role role)
{
    int ellipsis = canvas->ascii ? 2 : 1, y = where.y + where.rows - 1;
    if (where.rows < 1 || where.columns < 8) {
        return;
    }
    if (last.end + ellipsis > where.columns && last.begin > 0) {
        canvas_fill(canvas, (struct rect){where.x + last.begin, y, where.columns - last.begin, 1}, ' ', role);
        last.end = last.begin;
    }
    int x = last.end < where.columns - ellipsis ? last.end : where.columns - ellipsis;
    canvas_text(canvas, where.x + x, y, ellipsis, role, "\u2026");
}

int parts_flow(struct canvas *canvas, struct rect where, int skip, enum role role, const char *text)
{
    char word[WORD_BYTES];
    int line = 0, used = 0;
    struct last_word last = {0, 0};
    while (next_word(&text, word, where.columns)) {
        int columns = canvas_text_columns(canvas, word);
        if (used > 0 && used + 1 + columns > where.columns) {
            line++;
            used = 0;
        }
        int x = used > 0 ? used + 1 : 0;
        if (line >= skip && line - skip < where.rows && x < where.columns) {
            canvas_text(canvas, where.x + x, where.y + line - skip, where.columns - x, role, word);
            last = (struct last_word){x, x + columns};
        }
        used = x + columns;
    }
    int lines = used > 0 ? line + 1 : line;
    if (lines - skip > where.rows) {
        draw_more(canvas, where, last, role);
    }
    return lines;
}

int parts_digits(size_t number)
{
    int digits = 1;
    for (; number >= 10; number /= 10) {
        digits++;
    }
    return digits;
}

void parts_running_time(char *out, size_t room, uint64_t ns)
{
    uint64_t tenths = ns / (200 * NS_PER_MS) * 2;
    if (tenths < 1000) {
        snprintf(out, room, "%u.%u s", (unsigned)(tenths / 10), (unsigned)(tenths % 10));
    } else {
        snprintf(out, room, "%llu s", (unsigned long long)(tenths / 10));
    }
}

void parts_rate(char out[PARTS_RATE_BYTES], uint64_t bytes_per_s)
{
    char size[16];
    snprintf(out, PARTS_RATE_BYTES, bytes_per_s ? "%s/s" : "no limit", text_bytes(size, sizeof size, bytes_per_s));
    char *zero = strstr(out, ".0 "); /* it was set by hand: "96 KiB/s" */
    if (zero)
        memmove(zero, zero + 2, strlen(zero + 2) + 1);
}
