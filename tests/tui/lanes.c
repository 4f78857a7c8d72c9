/* lanes.c - see lanes.h. The lanes stand side by side in rows "│ downloads ││ primes │", from the row with their titles to the row with their
 * lower edge. */
#include "lanes.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The lane's part of a row between the edges; false: the row is not one of the lanes'. */
static bool row_part(const char *row, enum lane lane, const char **at, size_t *count)
{
    static const char edge[] = "│", middle[] = "││";
    const char *cut = strstr(row, middle);
    if (strncmp(row, edge, strlen(edge)) != 0 || !cut)
        return false;
    *at = lane == LANE_DOWNLOADS ? row + strlen(edge) : cut + strlen(middle);
    const char *end = lane == LANE_DOWNLOADS ? cut : strstr(*at, edge);
    *count = end ? (size_t)(end - *at) : strlen(*at);
    return true;
}

const char *lane_text(struct screen *screen, enum lane lane, char out[LANE_BYTES])
{
    size_t used = 0, count;
    const char *at;
    int top = screen_find(screen, 0, "DOWNLOADS");
    out[0] = 0;
    for (int row = top + 1; top >= 0 && row < screen_rows(screen); row++) {
        const char *text = screen_row(screen, row);
        if (!row_part(text, lane, &at, &count))
            break;
        used += (size_t)snprintf(out + used, LANE_BYTES - used, "%.*s\n", (int)count, at);
        if (used >= LANE_BYTES)
            break;
    }
    return out;
}

long lane_number(struct screen *screen, enum lane lane, const char *before)
{
    char text[LANE_BYTES];
    const char *at = strstr(lane_text(screen, lane, text), before);
    while (at && at > text && at[-1] == ' ')
        at--;
    const char *end = at;
    while (at && at > text && isdigit((unsigned char)at[-1]))
        at--;
    return at && at < end ? strtol(at, NULL, 10) : -1;
}

long lane_done(struct screen *screen, enum lane lane, long jobs)
{
    char words[32], figures[32];
    snprintf(words, sizeof words, "of %ld done", jobs);
    snprintf(figures, sizeof figures, "/%ld", jobs);
    long done = lane_number(screen, lane, words);
    return done >= 0 ? done : lane_number(screen, lane, figures);
}

/* "p3  ..." is a worker's row: its letter, a number, a blank, or the mark of whoever holds the interpreter lock. */
static bool is_worker(const char *row)
{
    if (row[0] != ' ' || (row[1] != 't' && row[1] != 'p' && row[1] != 'e') || !isdigit((unsigned char)row[2]))
        return false;
    return row[2 + strspn(row + 2, "0123456789")] == ' ';
}

size_t lane_workers(struct screen *screen, enum lane lane, const char *word)
{
    char text[LANE_BYTES], *rest = NULL;
    size_t count = 0;
    lane_text(screen, lane, text);
    for (char *row = strtok_r(text, "\n", &rest); row; row = strtok_r(NULL, "\n", &rest))
        count += is_worker(row) && strstr(row, word) != NULL;
    return count;
}

const char *lane_worker_rows(struct screen *screen, enum lane lane, char out[LANE_BYTES])
{
    char text[LANE_BYTES], *rest = NULL;
    size_t used = 0;
    out[0] = 0;
    lane_text(screen, lane, text);
    for (char *row = strtok_r(text, "\n", &rest); row; row = strtok_r(NULL, "\n", &rest))
        if (is_worker(row))
            used += (size_t)snprintf(out + used, LANE_BYTES - used, "%s\n", row);
    return out;
}

bool lane_says(struct screen *screen, const void *context)
{
    const struct lane_says *says = context;
    char text[LANE_BYTES];
    return strstr(lane_text(screen, says->lane, text), says->text) != NULL;
}

bool lane_has_done(struct screen *screen, const void *context)
{
    const struct lane_progress *progress = context;
    return lane_done(screen, progress->lane, progress->jobs) >= progress->least;
}

bool lane_workers_are(struct screen *screen, const void *context)
{
    const struct lane_count *count = context;
    return lane_workers(screen, count->lane, count->text) == count->count;
}

bool lane_workers_are_all(struct screen *screen, const void *context)
{
    const struct lane_says *says = context;
    size_t all = lane_workers(screen, says->lane, "");
    return all > 0 && all == lane_workers(screen, says->lane, says->text);
}

void lane_list(const char *name, const char *format, size_t count, char path[LANE_PATH_BYTES])
{
    const char *folder = getenv("TMPDIR"), *number = strstr(format, "%zu");
    snprintf(path, LANE_PATH_BYTES, "%s/%s", folder && *folder ? folder : "/tmp", name);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    for (size_t i = 0; i < count; i++)
        if (number)
            fprintf(file, "%.*s%zu%s\n", (int)(number - format), format, i, number + 3);
        else
            fprintf(file, "%s\n", format);
    assert_int_equal(fclose(file), 0);
}
