/* inputs.c - lists of URLs made into a job set.
 *
 * Every line is checked before anything starts: byte by byte first (a control character in a URL would split the request), then by
 * libcurl's own URL parser, so that what is accepted here is what will be fetched. Sentences never quote a line, for it may hold a
 * password. Used by the app alone; nothing here is shared. */
#include "jobs/inputs.h"

#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/problem.h"
#include "base/secret.h"
#include "base/text.h"
#include "jobs/inputs_text.h"

enum { HEX_ROOM = 3 * INPUTS_LINE_BYTES_MAX + 1 };

/* A URL under examination, and why it is refused. */
struct url_line {
    char text[INPUTS_LINE_BYTES_MAX + 1];
    size_t host; /* where the host begins: behind "://", user and password */
    size_t path; /* where it ends: "/", "?", "#" or the NUL */
    char reason[160];
};

/* --- is it a URL ---------------------------------------------------------------------------------- */

static bool refuse_byte(struct url_line *line, unsigned char byte)
{
    if (byte == 0)
        snprintf(line->reason, sizeof line->reason, "has a NUL byte in it");
    else if (byte == ' ')
        snprintf(line->reason, sizeof line->reason, "has a blank in it (write %%20)");
    else
        snprintf(line->reason, sizeof line->reason, "has a control character in it (\\x%02X)", byte);
    return false;
}

static bool bytes_are_fine(struct url_line *line, const char *text, size_t bytes)
{
    if (bytes > INPUTS_LINE_BYTES_MAX) {
        snprintf(line->reason, sizeof line->reason, "is longer than %d KiB", INPUTS_LINE_BYTES_MAX >> 10);
        return false;
    }
    for (size_t i = 0; i < bytes; i++)
        if ((unsigned char)text[i] < 0x21 || text[i] == 0x7f)
            return refuse_byte(line, (unsigned char)text[i]);
    return true;
}

static bool scheme_is_fine(struct url_line *line)
{
    if (!strncasecmp(line->text, "http://", 7) || !strncasecmp(line->text, "https://", 8))
        return true;
    bool other = strstr(line->text, "://") != NULL;
    snprintf(line->reason, sizeof line->reason, "%s",
             other ? "only http and https" : "is not a URL (http://... or https://...)");
    return false;
}

static void find_host(struct url_line *line)
{
    const char *authority = strstr(line->text, "://") + 3;
    const char *path = authority + strcspn(authority, "/?#");
    const char *host = authority;
    for (const char *at = authority; at < path; at++)
        if (*at == '@')
            host = at + 1;
    line->host = (size_t)(host - line->text);
    line->path = (size_t)(path - line->text);
}

static bool host_is_fine(struct url_line *line)
{
    const char *reason = line->host == line->path || line->text[line->host] == ':' ? "has no host" : NULL;
    for (const char *at = line->text; at < line->text + line->path;)
        if (text_next(&at) == UINT32_MAX)
            reason = "has a host that is not valid UTF-8";
    if (reason)
        snprintf(line->reason, sizeof line->reason, "%s", reason);
    return !reason;
}

static bool curl_takes_it(struct url_line *line, const char *url)
{
    CURLU *handle = curl_url();
    CURLUcode code = handle ? curl_url_set(handle, CURLUPART_URL, url, 0) : CURLUE_OUT_OF_MEMORY;
    curl_url_cleanup(handle);
    if (code)
        snprintf(line->reason, sizeof line->reason, "is not a URL: %s", curl_url_strerror(code));
    return !code;
}

/* --- what is kept of it --------------------------------------------------------------------------- */

static char *put_hex(char *out, const char *from, const char *to)
{
    static const char digits[] = "0123456789ABCDEF";
    for (; from < to; from++) {
        *out++ = '%';
        *out++ = digits[(unsigned char)*from >> 4];
        *out++ = digits[(unsigned char)*from & 15];
    }
    return out;
}

/* Copies a text up to end, its characters beyond ASCII percent-encoded: all of them, or only what is not valid UTF-8. */
static char *put_encoded(char *out, const char *text, const char *end, bool all)
{
    while (text < end) {
        const char *start = text;
        uint32_t code = text_next(&text);
        if (code == UINT32_MAX || (all && code >= 0x80)) {
            out = put_hex(out, start, text);
            continue;
        }
        out = mempcpy(out, start, (size_t)(text - start));
    }
    return out;
}

/* url: as written, what is not ASCII behind the host percent-encoded, as browsers do. */
static void write_url(const struct url_line *line, char out[HEX_ROOM])
{
    const char *path = line->text + line->path;
    out = mempcpy(out, line->text, line->path);
    *put_encoded(out, path, path + strlen(path), true) = '\0';
}

/* text: as written, without user and password, and with "..." for what a query calls a secret. */
static void write_text(const struct url_line *line, char out[HEX_ROOM])
{
    const char *at = line->text + line->host, *from, *to;
    out = mempcpy(out, line->text, (size_t)(strstr(line->text, "://") + 3 - line->text));
    for (const char *query = at + strcspn(at, "?#"); secret_value(query, &from, &to); query = at = to) {
        out = put_encoded(out, at, from, false);
        out = mempcpy(out, "...", 3);
    }
    *put_encoded(out, at, at + strlen(at), false) = '\0';
}

static int add_item(struct inputs *inputs, const struct url_line *line, const char *url, struct problem *problem)
{
    struct job_input *item = inputs_grow(inputs, problem);
    if (!item)
        return -1;
    char text[HEX_ROOM];
    write_text(line, text);
    item->url = inputs_keep(inputs, url, strlen(url), problem);
    bool same = !strcmp(text, url); /* nearly always: then one copy does */
    item->text = same ? item->url : inputs_keep(inputs, text, strlen(text), problem);
    return item->url && item->text ? 0 : -1;
}

/* 0; -1 with line->reason; -2 with problem set: not the line's fault. */
static int add_url(struct inputs *inputs, struct url_line *line, const char *text, size_t bytes, struct problem *problem)
{
    char url[HEX_ROOM];
    if (!bytes_are_fine(line, text, bytes))
        return -1;
    memcpy(line->text, text, bytes);
    line->text[bytes] = '\0';
    if (!scheme_is_fine(line))
        return -1;
    find_host(line);
    if (!host_is_fine(line))
        return -1;
    write_url(line, url);
    if (!curl_takes_it(line, url))
        return -1;
    return add_item(inputs, line, url, problem) ? -2 : 0;
}

/* --- lists ---------------------------------------------------------------------------------------- */

int inputs_add_url_text(struct inputs *inputs, const char *name, const char *text, size_t bytes, struct problem *problem)
{
    struct line_walk walk = {.text = text, .end = text + bytes};
    size_t before = inputs->count;
    while (line_walk_next(&walk)) {
        struct url_line line;
        struct problem cause = {0};
        int got = add_url(inputs, &line, walk.line, walk.bytes, &cause);
        if (got) {
            problem_set(problem, "%s:%zu: %s", name, walk.number, got == -1 ? line.reason : cause.text);
            return -1;
        }
    }
    if (inputs->count > before)
        return 0;
    problem_set(problem, "%s: no URL in it", name);
    return -1;
}

/* What of a URL that is none may be quoted: its password may have a slash in it, so nothing before an @ that comes later. */
static const char *quotable(const char *url)
{
    const char *authority = strstr(url, "://") + 3;
    const char *last = strrchr(url, '@');
    return last && last > authority + strcspn(authority, "/?#") ? last + 1 : url;
}

static int add_one_url(struct inputs *inputs, const char *url, struct problem *problem)
{
    char name[256];
    struct url_line line;
    int got = add_url(inputs, &line, url, strlen(url), problem);
    if (got == -1)
        problem_set(problem, "%s: %s", text_url_show(name, sizeof name, quotable(url)), line.reason);
    return got ? -1 : 0;
}

int inputs_add_download(struct inputs *inputs, const char *argument, struct problem *problem)
{
    if (strstr(argument, "://"))
        return add_one_url(inputs, argument, problem);
    char *text = NULL;
    size_t bytes = 0;
    if (inputs_read_all(argument, &text, &bytes, problem))
        return -1;
    int got = inputs_add_url_text(inputs, inputs_file_name(argument), text, bytes, problem);
    free(text);
    return got;
}

int inputs_redirect(struct inputs *inputs, uint16_t port, struct problem *problem)
{
    for (size_t i = 0; i < inputs->count; i++) {
        struct job_input *item = &inputs->items[i];
        const char *host = item->url ? strstr(item->url, "://") : NULL;
        if (!host)
            continue;
        const char *path = host + 3 + strcspn(host + 3, "/?#");
        char url[HEX_ROOM + 64];
        int bytes = snprintf(url, sizeof url, "http://127.0.0.1:%u%s%s", (unsigned)port, *path == '/' ? "" : "/", path);
        item->url = inputs_keep(inputs, url, (size_t)bytes, problem);
        if (!item->url)
            return -1;
    }
    return 0;
}
