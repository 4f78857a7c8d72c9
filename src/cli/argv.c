/* argv.c - secrets are taken out of what ps shows. See argv.h. */
#include "cli/argv.h"

#include <stddef.h>
#include <string.h>

#include "base/secret.h"
#include "base/sys.h"

/* A password with a slash in it: no right URL, but a password all the same. What stands behind its colon is no port. */
static bool is_torn_user(const char *url, const char **from, const char **to)
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

/* Writes x over every secret of the text; true when there was one. With text NULL it only looks. */
static bool hide(const char *url, char *text)
{
    const char *from, *to;
    bool found = secret_user(url, &from, &to) || is_torn_user(url, &from, &to);
    if (found && text)
        memset(text + (from - url), 'x', (size_t)(to - from));
    for (const char *at = url + strcspn(url, "?#"); secret_value(at, &from, &to); at = to, found = true)
        if (text)
            memset(text + (from - url), 'x', (size_t)(to - from));
    return found;
}

void argv_hide_passwords(int argc, char **argv)
{
    for (int i = 1; i < argc; i++) {
        char *copy = hide(argv[i], NULL) ? sys_strdup(argv[i]) : NULL;
        if (!copy)
            continue;
        hide(copy, argv[i]);
        argv[i] = copy;
    }
}
