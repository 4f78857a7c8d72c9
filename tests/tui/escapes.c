/* escapes.c - a parser that knows what curses sends to the terminals that we test with, and nothing else: no titles, no clipboard, no queries. */
#include "escapes.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A sequence behind ESC [, taken apart. */
struct csi {
    char mark; /* '?', '>' or 0 */
    int values[16];
    size_t count; /* at least 1; what is missing is 0 */
    char final;
    size_t length; /* with ESC [; 0: it breaks off, or is none */
};

static struct csi csi_read(const uint8_t *at, size_t left)
{
    struct csi csi = {.count = 1};
    size_t i = 2;
    if (i < left && (at[i] == '?' || at[i] == '>'))
        csi.mark = (char)at[i++];
    for (; i < left && ((at[i] >= '0' && at[i] <= '9') || at[i] == ';'); i++) {
        int *value = &csi.values[csi.count - 1];
        if (at[i] != ';')
            *value = *value < 100000 ? *value * 10 + (at[i] - '0') : *value;
        else if (csi.count < sizeof csi.values / sizeof *csi.values)
            csi.count++;
    }
    if (i < left && at[i] >= 0x40 && at[i] < 0x7f) {
        csi.final = (char)at[i];
        csi.length = i + 1;
    }
    return csi;
}

/* --- what each means ---------------------------------------------------------------------------------------- */

static bool read_mode(struct escapes *seen, const struct csi *csi)
{
    bool on = csi->final == 'h';
    for (size_t i = 0; i < csi->count; i++)
        switch (csi->mark ? csi->values[i] : -csi->values[i]) {
        case 1: seen->keypad = on; break;
        case 25: seen->cursor_hidden = !on; break;
        case 34:
        case -34: break; /* screen: the shape of the cursor */
        case 1049:
            seen->alternate_screen = on;
            seen->was_alternate |= on;
            break;
        case 3:
        case 4:
        case 5:
        case 7:
        case 12:
        case -4: break; /* width, scrolling, reverse, wrapping, blinking, inserting */
        default: return false;
        }
    return true;
}

static bool read_attributes(struct escapes *seen, const struct csi *csi)
{
    for (size_t i = 0; i < csi->count; i++) {
        int value = csi->values[i];
        bool front = (value >= 30 && value <= 38) || (value >= 90 && value <= 97);
        bool back = (value >= 40 && value <= 48) || (value >= 100 && value <= 107);
        if (value > 107)
            return false;
        seen->colors += front || back;
        seen->front = value == 0 || value == 39 ? false : seen->front || front;
        seen->back = value == 0 || value == 49 ? false : seen->back || back;
        seen->attributes = value == 0 ? false : seen->attributes || (value >= 1 && value <= 9);
        if ((value == 38 || value == 48) && i + 2 < csi->count && csi->values[i + 1] == 5)
            i += 2;
    }
    return true;
}

static bool read_csi(struct escapes *seen, const struct csi *csi)
{
    if (csi->final == 'h' || csi->final == 'l')
        return read_mode(seen, csi);
    if (csi->mark == '?' && csi->final == 'c')
        return true; /* the Linux console: the shape of the cursor */
    if (csi->mark)
        return false;
    if (csi->final == 'm')
        return read_attributes(seen, csi);
    if (csi->final == 't') /* xterm puts its title away, and takes it back */
        return (csi->values[0] == 22 || csi->values[0] == 23) && csi->values[1] == 0 && csi->values[2] == 0;
    return strchr("@ABCDGHJKLMPSTXbdr", csi->final) != NULL; /* moves, erases, scrolls */
}

/* ESC and no bracket. The length, 0: not known. */
static size_t read_escape(struct escapes *seen, const uint8_t *at, size_t left)
{
    if (left < 2)
        return 0;
    switch (at[1]) {
    case '=': seen->keypad = true; return 2;
    case '>': seen->keypad = false; return 2;
    case '7':
    case '8':
    case 'D':
    case 'M': return 2;
    case '(':
    case ')': return left > 2 && strchr("AB0", at[2]) ? 3 : 0;
    case ']': return left >= 6 && memcmp(at + 2, "104\a", 4) == 0 ? 6 : 0; /* xterm's own palette again */
    default: return 0;
    }
}

/* The length of a whole, printable character that changes no direction and has a width; 0: it is something else. */
static size_t read_character(struct escapes *seen, const uint8_t *at, size_t left)
{
    if (at[0] < 0x80)
        return at[0] >= ' ' && at[0] != 0x7f ? 1 : 0;
    size_t length = at[0] >= 0xf0 ? 4 : at[0] >= 0xe0 ? 3 : 2;
    uint32_t c = at[0] & (0x7fu >> length);
    if (at[0] < 0xc2 || at[0] > 0xf4 || length > left)
        return 0;
    for (size_t i = 1; i < length; i++) {
        if ((at[i] & 0xc0) != 0x80)
            return 0;
        c = c << 6 | (at[i] & 0x3f);
    }
    bool bidi = (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069) || (c >= 0x200b && c <= 0x200f) || c == 0xfeff;
    seen->beyond_ascii += length;
    return c < 0xa0 || bidi ? 0 : length;
}

static size_t read_one(struct escapes *seen, const uint8_t *at, size_t left)
{
    if (at[0] == '\r' || at[0] == '\n' || at[0] == '\b' || at[0] == 0x0e || at[0] == 0x0f)
        return 1;
    if (at[0] != 0x1b)
        return read_character(seen, at, left);
    if (left < 2 || at[1] != '[')
        return read_escape(seen, at, left);
    struct csi csi = csi_read(at, left);
    return csi.length && read_csi(seen, &csi) ? csi.length : 0;
}

static void show_unknown(struct escapes *seen, const uint8_t *bytes, size_t count, size_t at)
{
    size_t used = (size_t)snprintf(seen->unknown, sizeof seen->unknown, "at byte %zu of %zu:", at, count);
    for (size_t i = at; i < count && i < at + 20 && used + 6 < sizeof seen->unknown; i++) {
        bool plain = bytes[i] > ' ' && bytes[i] < 0x7f;
        used += (size_t)snprintf(seen->unknown + used, sizeof seen->unknown - used, plain ? " %c" : " %02x", bytes[i]);
    }
}

struct escapes escapes_read(const uint8_t *bytes, size_t count)
{
    struct escapes seen = {.unknown = ""};
    for (size_t at = 0; at < count;) {
        size_t length = read_one(&seen, bytes + at, count - at);
        if (!length && !seen.unknown[0])
            show_unknown(&seen, bytes, count, at);
        at += length ? length : 1;
    }
    return seen;
}
