/* argv.c - secrets are taken out of what ps shows. See argv.h. */
#include "cli/argv.h"

#include <stddef.h>
#include <string.h>

#include "base/secret.h"
#include "base/sys.h"

/* Writes x over every secret of the text; true when there was one. With text NULL it only looks. */
static bool hide(const char *url, char *text)
{
    const char *from, *to;
    bool found = secret_user(url, &from, &to) || secret_torn_user(url, &from, &to);
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
