/* names.c - the names of files, reserved in input order before anything starts.
 *
 * A name comes from the list's own URL alone. Names that are taken lie in a hash table with, for each, the number to try next, so that a
 * million URLs with one name cost a million steps and not their square. Names that differ in nothing but case are one name: a folder on a
 * memory stick or of another system has room for one of them only. Pure but for the strings they leave in the job set. */
#include "jobs/inputs.h"

#include <errno.h>
#include <inttypes.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wctype.h>

#include "base/problem.h"
#include "base/sys.h"
#include "base/text.h"
#include "jobs/inputs_text.h"

enum { ENDING_MAX = 20 }; /* more behind the last dot is no ending but a name with a dot in it */

/* --- one name --------------------------------------------------------------------------------------- */

/* One byte of a URL's path, decoded once; *at moves behind it. */
static unsigned char decode_byte(const char **at, const char *end)
{
    const char *byte = (*at)++;
    if (*byte != '%' || end - byte < 3)
        return (unsigned char)*byte;
    int high = text_hex_digit(byte[1]), low = text_hex_digit(byte[2]);
    if (high < 0 || low < 0)
        return '%';
    *at += 2;
    return (unsigned char)(high << 4 | low);
}

/* The last part of the path: [*from, *to). */
static void find_last_part(const char *url, const char **from, const char **to)
{
    const char *scheme = strstr(url, "://");
    const char *at = scheme ? scheme + 3 : url;
    *to = at + strcspn(at, "?#");
    *from = *to; /* no path: an empty part */
    for (; at < *to; at++)
        if (*at == '/')
            *from = at + 1;
}

/* Where the ending (".jpg") begins; the text's end when it has none. */
static const char *ending_of(const char *name)
{
    const char *end = name + strlen(name);
    const char *dot = strrchr(name, '.');
    return dot && dot > name && end - dot <= ENDING_MAX ? dot : end;
}

/* At most max of these bytes, but whole characters. */
static size_t whole_characters(const char *text, size_t bytes, size_t max)
{
    if (bytes <= max)
        return bytes;
    while (max && ((unsigned char)text[max] & 0xc0) == 0x80)
        max--;
    return max;
}

/* stem + middle + ending, the stem shortened to what fits. out may not overlap. */
static void join(char *out, const char *name, const char *middle)
{
    const char *ending = ending_of(name);
    size_t room = FILE_NAME_MAX - strlen(ending) - strlen(middle);
    size_t stem = whole_characters(name, (size_t)(ending - name), room);
    snprintf(out, FILE_NAME_MAX + 1, "%.*s%s%s", (int)stem, name, middle, ending);
}

/* Replaces what a name may not have, by "_". decoded is NUL-terminated and holds no NUL; clean has the same room. */
static void clean_name(const char *decoded, char *clean)
{
    const char *at = decoded;
    while (*at == '.') {
        *clean++ = '_';
        at++;
    }
    while (*at) {
        const char *start = at;
        uint32_t code = text_next(&at);
        bool bad = code == UINT32_MAX || code < 0x20 || (code >= 0x7f && code < 0xa0) || code == '/';
        if (bad)
            *clean++ = '_';
        else
            clean = (char *)mempcpy(clean, start, (size_t)(at - start));
    }
    *clean = '\0';
}

/* For URLs longer than any list's: the beginning is dropped, so that the ending is kept. */
static const char *latest(const char *from, const char *to, size_t bytes)
{
    return (size_t)(to - from) > bytes ? to - bytes : from;
}

void file_name_from_url(const char *url, char *name)
{
    char decoded[3 * INPUTS_LINE_BYTES_MAX + 1], clean[sizeof decoded];
    const char *at, *end;
    size_t used = 0;
    find_last_part(url, &at, &end);
    at = latest(at, end, sizeof decoded - 1);
    while (at < end) {
        unsigned char byte = decode_byte(&at, end);
        decoded[used++] = byte ? (char)byte : '_';
    }
    decoded[used] = '\0';
    clean_name(decoded, clean);
    join(name, *clean ? clean : "index", "");
}

void file_name_numbered(const char *name, unsigned n, char *out)
{
    char middle[16];
    snprintf(middle, sizeof middle, "-%u", n);
    join(out, name, middle);
}

/* --- all of them ------------------------------------------------------------------------------------ */

struct taken {
    const char *name; /* NULL: free */
    uint64_t hash;
    unsigned next; /* the number the next one of this name is tried with */
};

struct names {
    struct taken *slots;
    size_t mask;
    locale_t unicode; /* knows the capitals of all alphabets, whatever language is set; 0: there is none here */
};

/* Without case; (locale_t)0: that of ASCII alone. Up and down again, for two small letters can have one capital. */
static uint32_t fold(uint32_t code, locale_t unicode)
{
    if (code < 0x80)
        return code >= 'A' && code <= 'Z' ? code | 0x20 : code;
    return unicode && code != UINT32_MAX ? (uint32_t)towlower_l(towupper_l((wint_t)code, unicode), unicode) : code;
}

/* FNV-1a, 64 bits, of the name without case. */
static uint64_t hash_of(const struct names *names, const char *name)
{
    uint64_t hash = UINT64_C(0xcbf29ce484222325);
    while (*name)
        hash = (hash ^ fold(text_next(&name), names->unicode)) * UINT64_C(0x100000001b3);
    return hash ^ hash >> 32;
}

static bool is_same(const struct names *names, const char *a, const char *b)
{
    while (*a && *b)
        if (fold(text_next(&a), names->unicode) != fold(text_next(&b), names->unicode))
            return false;
    return *a == *b;
}

static int names_init(struct names *names, size_t count)
{
    size_t room = 64;
    while (room < 2 * count)
        room *= 2;
    names->slots = sys_alloc_zeroed(room, sizeof *names->slots);
    names->mask = room - 1;
    names->unicode = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
    return names->slots ? 0 : -1;
}

static void names_free(struct names *names)
{
    free(names->slots);
    if (names->unicode)
        freelocale(names->unicode);
}

/* The slot that holds the name, or the free one where it would go. There always is one: half of them are free. */
static struct taken *names_find(struct names *names, const char *name, uint64_t hash)
{
    size_t at = (size_t)hash & names->mask;
    while (names->slots[at].name && (names->slots[at].hash != hash || !is_same(names, names->slots[at].name, name)))
        at = (at + 1) & names->mask;
    return &names->slots[at];
}

/* Makes wanted a name that is not taken yet, and finds its slot. */
static struct taken *free_name(struct names *names, char wanted[FILE_NAME_MAX + 1], uint64_t *hash)
{
    *hash = hash_of(names, wanted);
    struct taken *first = names_find(names, wanted, *hash);
    struct taken *slot = first;
    char base[FILE_NAME_MAX + 1];
    memcpy(base, wanted, sizeof base);
    while (slot->name) {
        file_name_numbered(base, first->next++, wanted);
        *hash = hash_of(names, wanted);
        slot = names_find(names, wanted, *hash);
    }
    return slot;
}

static int name_one(struct inputs *inputs, struct names *names, struct job_input *item, enum work work,
                    struct problem *problem)
{
    char wanted[FILE_NAME_MAX + 1] = "";
    if (work == WORK_DOWNLOAD)
        file_name_from_url(item->url, wanted);
    else
        snprintf(wanted, sizeof wanted, "product-%" PRIu64 ".txt", item->limit);
    uint64_t hash;
    struct taken *slot = free_name(names, wanted, &hash);
    item->name = inputs_keep(inputs, wanted, strlen(wanted), problem);
    *slot = (struct taken){.name = item->name, .hash = hash, .next = 2};
    return item->name ? 0 : -1;
}

int inputs_name(struct inputs *inputs, enum work work, struct problem *problem)
{
    struct names names;
    if (names_init(&names, inputs->count)) {
        problem_set_errno(problem, ENOMEM, "no room for the names of %zu files", inputs->count);
        names_free(&names);
        return -1;
    }
    int got = 0;
    for (size_t i = 0; i < inputs->count && !got; i++)
        got = name_one(inputs, &names, &inputs->items[i], work, problem);
    names_free(&names);
    return got;
}
