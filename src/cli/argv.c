/* argv.c - passwords are taken out of what ps shows. See argv.h. */
#include "cli/argv.h"

#include <stddef.h>
#include <string.h>

#include "base/sys.h"

/* "user:password" in a URL: [*from, *to), empty when there is none. */
static void find_user(char *text, char **from, char **to)
{
    char *scheme = strstr(text, "://");
    *from = *to = scheme ? scheme + 3 : text;
    size_t authority = scheme ? strcspn(*from, "/?#") : 0;
    for (char *at = *from; at < *from + authority; at++)
        if (*at == '@')
            *to = at;
}

void argv_hide_passwords(int argc, char **argv)
{
    for (int i = 1; i < argc; i++) {
        char *from, *to;
        find_user(argv[i], &from, &to);
        char *copy = from < to ? sys_strdup(argv[i]) : NULL;
        if (!copy)
            continue;
        memset(from, 'x', (size_t)(to - from));
        argv[i] = copy;
    }
}
