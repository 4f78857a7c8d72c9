/* options_text.c - values and words of the command line, read. Pure. */
#include "cli/options_text.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cli/options.h"

int options_whole(const char *text, uint64_t low, uint64_t high, uint64_t *out)
{
    char *end = NULL;
    if (*text < '0' || *text > '9')
        return -1; /* strtoull would take blanks and signs */
    errno = 0;
    unsigned long long value = strtoull(text, &end, 10);
    if (errno || *end || value < low || value > high)
        return -1;
    *out = value;
    return 0;
}

/* What the letters behind a size stand for, as a shift; -1: no such unit. */
static int unit_shift(const char *unit)
{
    static const char LETTERS[] = "KMG";
    if (!*unit || strcmp(unit, "B") == 0)
        return 0;
    const char *letter = strchr(LETTERS, *unit & ~0x20); /* k as K */
    if (!letter || !*letter)
        return -1;
    if (unit[1] && strcmp(unit + 1, "B") != 0 && strcmp(unit + 1, "iB") != 0)
        return -1;
    return 10 * (int)(letter - LETTERS + 1);
}

int options_size(const char *text, uint64_t *out)
{
    char *end = NULL;
    if (*text < '0' || *text > '9')
        return -1;
    errno = 0;
    unsigned long long value = strtoull(text, &end, 10);
    int shift = unit_shift(end);
    if (errno || shift < 0 || value > (UINT64_MAX >> 2) >> shift)
        return -1;
    *out = value << shift;
    return 0;
}

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* Edit distance: letters to add, drop or change. Words longer than the row are far from everything. */
static size_t distance(const char *a, const char *b)
{
    enum { LETTERS_MAX = 32 };
    size_t row[LETTERS_MAX + 1];
    size_t length = strlen(b);
    if (length > LETTERS_MAX || strlen(a) > LETTERS_MAX)
        return LETTERS_MAX;
    for (size_t j = 0; j <= length; j++)
        row[j] = j;
    for (size_t i = 1; a[i - 1]; i++) {
        size_t diagonal = row[0];
        row[0] = i;
        for (size_t j = 1; j <= length; j++) {
            size_t above = row[j];
            size_t change = diagonal + (a[i - 1] != b[j - 1]);
            row[j] = least(change, least(above, row[j - 1]) + 1);
            diagonal = above;
        }
    }
    return row[length];
}

const char *word_nearest(const char *word, const char *const *names, size_t count)
{
    const char *nearest = NULL;
    size_t best = strlen(word) / 3 + 2; /* one slip in a short word, a few in a long one */
    for (size_t i = 0; i < count; i++) {
        size_t far = distance(word, names[i]);
        if (far < best && far < strlen(names[i])) {
            best = far;
            nearest = names[i];
        }
    }
    return nearest;
}

int word_index(const char *word, const char *const *names, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(word, names[i]) == 0)
            return (int)i;
    return -1;
}
