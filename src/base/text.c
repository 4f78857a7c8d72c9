/* text.c - untrusted text made fit to show. See text.h.
 *
 * Everything that is shown passes one decoder and one writer. The writer adds a character or an escape whole or not at all, and
 * takes nothing more once something did not fit: what was cut is always a prefix. Pure functions; no state is kept. */
#include "base/text.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

/* A base character carries no more marks than real writing needs; further ones would run over the neighbouring rows. */
enum { MARKS_MAX = 4 };

/* --- UTF-8 -------------------------------------------------------------------------------------- */

/* Bytes of a character by its first byte, 0 when none begins so; *code gets the bits of that byte. */
static unsigned lead_bytes(unsigned char lead, uint32_t *code)
{
    if (lead >= 0xc2 && lead <= 0xdf) {
        *code = lead & 0x1fU;
        return 2;
    }
    if (lead >= 0xe0 && lead <= 0xef) {
        *code = lead & 0x0fU;
        return 3;
    }
    if (lead >= 0xf0 && lead <= 0xf4) {
        *code = lead & 0x07U;
        return 4;
    }
    return 0;
}

static bool is_scalar(uint32_t code, unsigned bytes)
{
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    return code >= least[bytes] && code <= 0x10ffff && (code < 0xd800 || code > 0xdfff);
}

uint32_t text_next(const char **at)
{
    const unsigned char *bytes = (const unsigned char *)*at;
    uint32_t code = bytes[0];
    if (code == 0)
        return 0;
    ++*at;
    if (code < 0x80)
        return code;
    unsigned count = lead_bytes(bytes[0], &code);
    for (unsigned i = 1; i < count; i++) {
        if ((bytes[i] & 0xc0) != 0x80) /* a NUL is none, so nothing is read past the end */
            return UINT32_MAX;
        code = code << 6 | (bytes[i] & 0x3fU);
    }
    if (!count || !is_scalar(code, count))
        return UINT32_MAX;
    *at += count - 1;
    return code;
}

size_t text_put(char out[4], uint32_t code)
{
    if (code < 0x80) {
        out[0] = (char)code;
        return 1;
    }
    size_t bytes = code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    static const unsigned char lead[] = {0, 0, 0xc0, 0xe0, 0xf0};
    for (size_t i = bytes; i-- > 1; code >>= 6)
        out[i] = (char)(0x80 | (code & 0x3f));
    out[0] = (char)(lead[bytes] | code);
    return bytes;
}

int text_hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c = (char)(c | 0x20);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

size_t text_columns(const char *text)
{
    size_t columns = 0;
    while (*text) {
        uint32_t code = text_next(&text);
        columns += code == UINT32_MAX ? 1 : (size_t)text_code_columns(code);
    }
    return columns;
}

/* --- showing ------------------------------------------------------------------------------------ */

/* What a person would not see, or what would move or reorder what they see. Sorted. */
struct hidden {
    uint32_t first, last;
};
static const struct hidden hidden[] = {
    {0x0001, 0x001f},   /* C0 */
    {0x007f, 0x009f},   /* DEL, C1 */
    {0x00ad, 0x00ad},   /* soft hyphen */
    {0x034f, 0x034f},   /* grapheme joiner */
    {0x0600, 0x0605},   /* Arabic number signs: they reach around what follows */
    {0x061c, 0x061c},   /* Arabic letter mark */
    {0x06dd, 0x06dd},   /* Arabic end of a verse: the same */
    {0x070f, 0x070f},   /* Syriac abbreviation mark: the same */
    {0x0890, 0x0891},   /* Arabic marks above a sum: the same */
    {0x08e2, 0x08e2},   /* Arabic disputed end of a verse: the same */
    {0x115f, 0x1160},   /* Hangul fillers */
    {0x17b4, 0x17b5},   /* Khmer inherent vowels */
    {0x180b, 0x180f},   /* Mongolian selectors, vowel separator */
    {0x200b, 0x200f},   /* zero-width space, joiners, direction marks */
    {0x2028, 0x202e},   /* line and paragraph separators, bidirectional embeddings and overrides */
    {0x2060, 0x206f},   /* word joiner, invisible operators, bidirectional isolates, deprecated controls */
    {0x2800, 0x2800},   /* a Braille character without dots */
    {0x3164, 0x3164},   /* Hangul filler */
    {0xfdd0, 0xfdef},   /* no characters at all */
    {0xfe00, 0xfe0f},   /* variation selectors */
    {0xfeff, 0xfeff},   /* byte-order mark */
    {0xffa0, 0xffa0},   /* Hangul filler */
    {0xfff0, 0xfffb},   /* unassigned, annotation marks */
    {0xfffe, 0xffff},   /* no characters at all */
    {0x110bd, 0x110bd}, /* Kaithi number sign, as the Arabic ones */
    {0x110cd, 0x110cd}, /* Kaithi number sign above: the same */
    {0x13430, 0x1343f}, /* hieroglyph joiners */
    {0x1bca0, 0x1bcaf}, /* shorthand controls */
    {0x1d173, 0x1d17a}, /* musical controls */
    {0xe0000, 0xe0fff}, /* tags, more variation selectors */
};

static bool is_hidden(uint32_t code)
{
    if (code >= 0x20 && code < 0x7f)
        return false;
    if (code > 0xffff && (code & 0xfffe) == 0xfffe)
        return true;
    for (size_t i = 0; i < sizeof hidden / sizeof *hidden && code >= hidden[i].first; i++)
        if (code <= hidden[i].last)
            return true;
    return false;
}

/* A text being shown into room bytes. */
struct shown {
    char *out;
    size_t room;
    size_t used;
    bool ascii;
    bool full;      /* something did not fit */
    unsigned marks; /* combining marks the present base may still take */
};

static void add(struct shown *shown, const char *bytes, size_t count)
{
    if (shown->full || count >= shown->room - shown->used) {
        shown->full = true;
        return;
    }
    memcpy(shown->out + shown->used, bytes, count);
    shown->used += count;
}

static void add_escape(struct shown *shown, const char *format, uint32_t code)
{
    char escape[16];
    int bytes = snprintf(escape, sizeof escape, format, (unsigned)code);
    add(shown, escape, (size_t)bytes);
    shown->marks = 0;
}

static void add_code(struct shown *shown, uint32_t code)
{
    bool is_mark = code >= 0x300 && text_code_columns(code) == 0;
    if (is_hidden(code) || (is_mark && !shown->marks)) {
        add_escape(shown, code < 0x80 ? "\\x%02X" : "\\u{%04X}", code);
        return;
    }
    shown->marks = is_mark ? shown->marks - 1 : MARKS_MAX;
    char bytes[4] = "?";
    add(shown, bytes, shown->ascii && code >= 0x80 ? 1 : text_put(bytes, code));
}

/* Shows text up to end, which is its NUL or an ASCII character in it. */
static void add_text(struct shown *shown, const char *text, const char *end)
{
    while (text < end && !shown->full) {
        const char *start = text;
        uint32_t code = text_next(&text);
        if (code == UINT32_MAX)
            add_escape(shown, "\\x%02X", (unsigned char)*start);
        else
            add_code(shown, code);
    }
}

static char *finish(struct shown *shown)
{
    if (shown->room)
        shown->out[shown->used] = '\0';
    return shown->out;
}

static struct shown shown_start(char *out, size_t room, bool ascii)
{
    return (struct shown){.out = out, .room = room, .ascii = ascii, .full = room == 0};
}

char *text_show(char *out, size_t room, const char *text, bool ascii)
{
    struct shown shown = shown_start(out, room, ascii);
    add_text(&shown, text, text + strlen(text));
    return finish(&shown);
}

/* --- URLs --------------------------------------------------------------------------------------- */

/* Where the part with user and host begins: behind "http://", and behind any number of slashes of either kind, as lenient
 * readers of URLs would take it. */
static const char *authority_of(const char *url)
{
    const char *at = url;
    while (isalnum((unsigned char)*at) || *at == '+' || *at == '-' || *at == '.')
        at++;
    if (at[0] != ':' || (at[1] != '/' && at[1] != '\\'))
        at = url;
    else
        at++;
    return at + strspn(at, "/\\");
}

/* The host's first character: behind the last @ before path, query or fragment. */
static const char *host_of(const char *authority)
{
    const char *host = authority;
    for (const char *at = authority, *end = authority + strcspn(authority, "/?#"); at < end; at++)
        if (*at == '@')
            host = at + 1;
    return host;
}

/* Where showing begins. In "name:\password@host" a name looks like the scheme of a lenient "http:\\host": where somebody is named, only
 * that of the web is shown before backslashes. */
static const char *scheme_of(const char *url, const char *authority, const char *host)
{
    const char *colon = memchr(url, ':', (size_t)(authority - url));
    bool is_web = strncasecmp(url, "http:", 5) == 0 || strncasecmp(url, "https:", 6) == 0;
    return host > authority && colon && colon[1] == '\\' && !is_web ? authority : url;
}

/* "?a=1&b=2" as "?a=...&b=..."; a part without "=" may be a secret itself. */
static void add_query(struct shown *shown, const char *query, const char *end)
{
    add(shown, "?", 1);
    for (query++; query < end; query++) {
        const char *stop = query + strcspn(query, "&;#");
        const char *equals = memchr(query, '=', (size_t)(stop - query));
        if (equals)
            add_text(shown, query, equals + 1);
        if (stop > query)
            add(shown, "...", 3);
        if (stop < end)
            add(shown, stop, 1);
        query = stop;
    }
}

char *text_url_show(char *out, size_t room, const char *url)
{
    struct shown shown = shown_start(out, room, false);
    const char *authority = authority_of(url);
    const char *host = host_of(authority);
    const char *query = host + strcspn(host, "?#");
    const char *fragment = host + strcspn(host, "#"); /* never sent to a server, and may hold a token: not shown */
    add_text(&shown, scheme_of(url, authority, host), authority);
    add_text(&shown, host, query);
    if (*query == '?')
        add_query(&shown, query, fragment);
    return finish(&shown);
}

/* --- figures ------------------------------------------------------------------------------------ */

/* At most three figures, and no more than `decimals` behind the point. */
static char *figures(char *out, size_t room, double value, int decimals, const char *unit)
{
    if (value >= 99.95)
        decimals = 0;
    else if (value >= 9.995 && decimals > 1)
        decimals = 1;
    snprintf(out, room, "%.*f %s", decimals, value, unit);
    return out;
}

char *text_bytes(char *out, size_t room, uint64_t bytes)
{
    static const char *const units[] = {"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
    double value = (double)bytes;
    size_t unit = 0;
    for (; value >= 999.5 && unit + 1 < sizeof units / sizeof *units; unit++)
        value /= 1024;
    return figures(out, room, value, unit ? 1 : 0, units[unit]);
}

char *text_duration(char *out, size_t room, uint64_t ns)
{
    double ms = (double)ns / 1e6;
    if (ms < 0.995)
        return figures(out, room, ms, 2, "ms");
    if (ms < 99.5)
        return figures(out, room, ms, ms < 9.95 ? 1 : 0, "ms");
    if (ms < 999500)
        return figures(out, room, ms / 1e3, 2, "s");
    if (ms < 999.5 * 60e3)
        return figures(out, room, ms / 60e3, 1, "min");
    return figures(out, room, ms / 3600e3, 1, "h");
}

char *text_grouped(char out[TEXT_GROUPED_BYTES], uint64_t value)
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
