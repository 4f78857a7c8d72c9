/* secret.c - where secrets stand in what people type. See secret.h. */
#include "base/secret.h"

#include <ctype.h>
#include <stddef.h>
#include <string.h>

#include "base/text.h"

/* --- users ------------------------------------------------------------------------------------------ */

bool secret_user(const char *url, const char **from, const char **to)
{
    const char *scheme = strstr(url, "://");
    if (!scheme)
        return false;
    *from = *to = scheme + 3;
    for (const char *at = *from, *end = at + strcspn(at, "/?#"); at < end; at++)
        if (*at == '@')
            *to = at;
    return *from < *to;
}

bool secret_torn_user(const char *url, const char **from, const char **to)
{
    const char *scheme = strstr(url, "://");
    const char *colon = scheme ? scheme + 3 + strcspn(scheme + 3, "[:/?#") : NULL;
    if (!colon || *colon != ':' || !strrchr(colon, '@'))
        return false;
    const char *port = colon + 1 + strspn(colon + 1, "0123456789");
    *from = scheme + 3;
    *to = strrchr(colon, '@');
    return port == colon + 1 || !strchr("/?#", *port);
}

/* --- values of a query ------------------------------------------------------------------------------ */

enum { NAME_ROOM = 64 };

static bool is_one_of(const char *name, const char *const *words, size_t count, bool as_a_part)
{
    for (size_t i = 0; i < count; i++)
        if (as_a_part ? strstr(name, words[i]) != NULL : strcmp(name, words[i]) == 0)
            return true;
    return false;
}

/* The character at *name, which may be percent-encoded; *name moves behind it. */
static int take_character(const char **name, const char *end)
{
    const char *at = (*name)++;
    int high = *at == '%' && end - at > 2 ? text_hex_digit(at[1]) : -1;
    int low = high < 0 ? -1 : text_hex_digit(at[2]);
    if (low < 0)
        return (unsigned char)*at;
    *name += 2;
    return high << 4 | low;
}

enum kind { HARMLESS, SECRET, PERHAPS };

/* "X-Amz-Signature", "api_key", "user%5Bpassword%5D": what counts are small letters and figures. A key or a session can be anything: the name
 * of a file, a page, a year. */
static enum kind kind_of(const char *name, const char *end)
{
    static const char *const pages[] = {"pagetoken", "continuationtoken", "nexttoken"};
    static const char *const parts[] = {"passw",      "passphrase", "pwd",       "secret",     "token",        "signature",
                                        "credential", "apikey",     "accesskey", "privatekey", "authorization"};
    static const char *const whole[] = {"pass", "pw", "auth", "jwt", "otp"};
    static const char *const doubtful[] = {"key", "sig", "sid", "session"};
    char plain[NAME_ROOM];
    size_t used = 0;
    while (name < end && used + 1 < sizeof plain) {
        int letter = take_character(&name, end);
        if (isalnum(letter))
            plain[used++] = (char)tolower(letter);
    }
    plain[used] = '\0';
    if (is_one_of(plain, pages, sizeof pages / sizeof *pages, true))
        return HARMLESS;
    if (is_one_of(plain, parts, sizeof parts / sizeof *parts, true) ||
        is_one_of(plain, whole, sizeof whole / sizeof *whole, false))
        return SECRET;
    bool perhaps = is_one_of(plain, doubtful, sizeof doubtful / sizeof *doubtful, false) || strstr(plain, "sessionid");
    return perhaps ? PERHAPS : HARMLESS;
}

/* A path, a name with an ending, a figure: nothing that opens a door. */
static bool is_plain_value(const char *from, const char *to)
{
    size_t figures = strspn(from, "0123456789");
    if (from + figures >= to)
        return true;
    for (; from < to; from++)
        if (*from == '.' || *from == '/')
            return true;
    return false;
}

bool secret_value(const char *at, const char **from, const char **to)
{
    while (*at) {
        const char *name = strchr("?#&;", *at) ? at + 1 : at;
        const char *stop = name + strcspn(name, "&;# ");
        const char *equals = memchr(name, '=', (size_t)(stop - name));
        const char *shown = equals ? memrchr(name, '?', (size_t)(equals - name)) : NULL; /* of a second URL in a sentence */
        enum kind kind = equals && equals + 1 < stop ? kind_of(shown ? shown + 1 : name, equals) : HARMLESS;
        if (kind == SECRET || (kind == PERHAPS && !is_plain_value(equals + 1, stop))) {
            *from = equals + 1;
            *to = stop;
            return true;
        }
        at = *stop == ' ' ? stop + 1 : stop;
    }
    return false;
}

/* --- sentences -------------------------------------------------------------------------------------- */

/* The part of a word that may name somebody: behind "://" or slashes, or else behind a colon that an @ follows. */
static char *start_of_user(char *word, char *at_sign)
{
    char *scheme = strstr(word, "://");
    if (scheme && scheme < at_sign)
        return scheme + 3;
    return memchr(word, ':', (size_t)(at_sign - word)) ? word : NULL;
}

static void strip_users(char *sentence)
{
    char *word = sentence;
    for (char *at = sentence; *at;) {
        if (strchr(" '\"", *at))
            word = at + 1;
        char *start = *at == '@' ? start_of_user(word, at) : NULL;
        if (start)
            memmove(start, at + 1, strlen(at + 1) + 1);
        at = start ? start : at + 1;
    }
}

void secret_strip(char *sentence)
{
    const char *from, *to;
    strip_users(sentence);
    for (const char *at = sentence + strcspn(sentence, "?#"); secret_value(at, &from, &to); at = to) {
        char *value = sentence + (from - sentence);
        size_t bytes = (size_t)(to - from), dots = bytes < 3 ? bytes : 3;
        memset(value, '.', dots);
        memmove(value + dots, to, strlen(to) + 1);
        to = value + dots;
    }
}
