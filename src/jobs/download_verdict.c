/* download_verdict.c - what became of an attempt that was not whole: worth another one or not, and why in plain words.
 *
 * Three things can have ended it, asked in this order: one of our own callbacks, the status, libcurl. A note never holds more of a URL
 * than the host and port of the list's own; what a server or a library said passes text_show. */
#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "jobs/download.h"

enum { SHORT_NAME_BYTES = 64, HOST_BYTES = 64 };

static void note(struct verdict *verdict, bool transient, const char *format, ...) __attribute__((format(printf, 3, 4)));

static void note(struct verdict *verdict, bool transient, const char *format, ...)
{
    char raw[512];
    va_list args;
    va_start(args, format);
    vsnprintf(raw, sizeof raw, format, args);
    va_end(args);
    text_show(verdict->note, sizeof verdict->note, raw, false);
    verdict->transient = transient;
}

/* --- parts of sentences ----------------------------------------------------------------------------- */

/* A name of at most room - 1 bytes; the middle of a longer one goes. */
static void shorten(char *out, size_t room, const char *name)
{
    char shown[1024];
    text_show(shown, sizeof shown, name, false);
    size_t bytes = strlen(shown), half = (room - 4) / 2;
    if (bytes < room) {
        memcpy(out, shown, bytes + 1);
        return;
    }
    size_t head = half, tail = bytes - half;
    while (head && ((unsigned char)shown[head] & 0xc0) == 0x80)
        head--;
    while (((unsigned char)shown[tail] & 0xc0) == 0x80)
        tail++;
    snprintf(out, room, "%.*s...%s", (int)head, shown, shown + tail);
}

void note_about_file(char text[BOARD_NOTE_BYTES], const char *name, const char *reason)
{
    char short_name[SHORT_NAME_BYTES];
    shorten(short_name, sizeof short_name, name);
    snprintf(text, BOARD_NOTE_BYTES, "%s: %.60s", short_name, reason);
}

static void copy_part(CURLU *handle, CURLUPart which, char *out, size_t room)
{
    char *part = NULL;
    if (!curl_url_get(handle, which, &part, CURLU_DEFAULT_PORT))
        shorten(out, room, part);
    curl_free(part);
}

/* Whom it was about, as "example.com port 443": the list's own URL; after a redirect that would be the wrong one. */
static void whom(const struct transfer *transfer, const char *url, bool with_port, char *out, size_t room)
{
    char host[HOST_BYTES] = "?", port[16] = "?";
    long redirects = 0;
    curl_easy_getinfo(transfer->easy, CURLINFO_REDIRECT_COUNT, &redirects);
    if (redirects) {
        snprintf(out, room, "the server it was redirected to");
        return;
    }
    CURLU *handle = curl_url();
    if (handle && !curl_url_set(handle, CURLUPART_URL, url, 0)) {
        copy_part(handle, CURLUPART_HOST, host, sizeof host);
        copy_part(handle, CURLUPART_PORT, port, sizeof port);
    }
    curl_url_cleanup(handle);
    snprintf(out, room, with_port ? "%s port %s" : "%s", host, port);
}

/* --- verdicts --------------------------------------------------------------------------------------- */

static void verdict_of_cut(const struct transfer *transfer, const char *name, struct verdict *verdict)
{
    char size[32], words[128];
    switch (transfer->cut) {
    case CUT_TOO_LARGE:
        note(verdict, false, "larger than %s", text_bytes(size, sizeof size, transfer->options->max_size_bytes));
        break;
    case CUT_HEADERS: note(verdict, false, "headers larger than %s", text_bytes(size, sizeof size, HEADER_BYTES_MAX)); break;
    case CUT_LENGTH: note(verdict, false, "the server contradicts itself about the length (Content-Length)"); break;
    case CUT_DETOUR:
        note(verdict, false, "redirected with a body larger than %s", text_bytes(size, sizeof size, DROPPED_BYTES_MAX));
        break;
    case CUT_STALLED: note(verdict, true, "no progress for %u s", transfer->options->timeout_s); break;
    case CUT_UNWATCHED:
        note(verdict, true, "its connection could not be watched: %s",
             strerror_r(transfer->file_error, words, sizeof words));
        break;
    case CUT_FILE:
        verdict->transient = false;
        note_about_file(verdict->note, name,
                        part_error_words(transfer->part->dir, transfer->file_error, words, sizeof words));
        break;
    case CUT_STOPPED:
    case CUT_DROPPED:
    case CUT_NONE: note(verdict, false, "stopped"); break;
    }
}

static void verdict_of_status(const struct transfer *transfer, struct verdict *verdict)
{
    long status = transfer->status;
    bool transient = status == 408 || status == 429 || status >= 500;
    if (status == 206)
        note(verdict, false, "HTTP 206: a part that was not asked for");
    else
        note(verdict, transient, "HTTP %ld", status);
}

static void verdict_of_connect(const struct transfer *transfer, const char *url, struct verdict *verdict)
{
    char who[128], words[128];
    long error = 0;
    whom(transfer, url, true, who, sizeof who);
    curl_easy_getinfo(transfer->easy, CURLINFO_OS_ERRNO, &error);
    const char *why = transfer->code == CURLE_OPERATION_TIMEDOUT || error == ETIMEDOUT ? "no answer" : "it failed";
    if (error == ECONNREFUSED)
        why = "refused";
    else if (error == ENETUNREACH || error == EHOSTUNREACH)
        why = "unreachable";
    else if (error && transfer->code != CURLE_OPERATION_TIMEDOUT && error != EINPROGRESS)
        why = strerror_r((int)error, words, sizeof words);
    note(verdict, true, "could not connect to %s: %s", who, why);
}

static void verdict_of_length(const struct transfer *transfer, struct verdict *verdict)
{
    char came[32], promised[32];
    text_grouped(came, transfer->body_bytes);
    if (!transfer->head_whole)
        note(verdict, true, "the connection broke %s",
             transfer->header_bytes ? "in the header of the answer" : "before the answer");
    else if (strstr(transfer->words, "chunked-encoding"))
        note(verdict, true, "an answer whose pieces (chunks) make no sense, after %s bytes", came);
    else if (transfer->length >= 0 && transfer->keep)
        note(verdict, true, "short: %s of %s bytes came", came, text_grouped(promised, (uint64_t)transfer->length));
    else
        note(verdict, true, "the connection broke after %s bytes", came);
}

static void verdict_of_certificate(const struct transfer *transfer, struct verdict *verdict)
{
    static const char *const openings[] = {"SSL certificate problem: ", "SSL: "};
    const char *words = *transfer->words ? transfer->words : curl_easy_strerror(transfer->code);
    for (size_t i = 0; i < sizeof openings / sizeof *openings; i++)
        if (!strncmp(words, openings[i], strlen(openings[i])))
            words += strlen(openings[i]);
    note(verdict, false, "certificate: %s", words);
}

/* A line that is longer than libcurl takes is no memory to it, before 8.6. */
static void verdict_of_memory(const struct transfer *transfer, struct verdict *verdict)
{
    long asked = 0;
    curl_easy_getinfo(transfer->easy, CURLINFO_REQUEST_SIZE, &asked);
    note(verdict, false, "%s",
         asked && !transfer->head_whole ? "a line of the header is too long, or memory ran out" : "out of memory");
}

static bool never_connected(const struct transfer *transfer)
{
    curl_off_t time = 0;
    curl_easy_getinfo(transfer->easy, CURLINFO_CONNECT_TIME_T, &time);
    return time == 0;
}

static void verdict_of_code(const struct transfer *transfer, const char *url, struct verdict *verdict)
{
    char who[128];
    switch (transfer->code) {
    case CURLE_COULDNT_CONNECT: verdict_of_connect(transfer, url, verdict); break;
    case CURLE_COULDNT_RESOLVE_HOST:
        whom(transfer, url, false, who, sizeof who);
        note(verdict, true, "could not find the address of %s", who);
        break;
    case CURLE_COULDNT_RESOLVE_PROXY: note(verdict, true, "could not find the address of the proxy"); break;
    case CURLE_OPERATION_TIMEDOUT:
        if (never_connected(transfer))
            verdict_of_connect(transfer, url, verdict);
        else
            note(verdict, true, "the connection was not ready in time");
        break;
    case CURLE_OK: /* whole for libcurl, but not as long as promised */
    case CURLE_PARTIAL_FILE:
    case CURLE_RECV_ERROR:
    case CURLE_SEND_ERROR:
    case CURLE_HTTP2:
    case CURLE_HTTP2_STREAM: verdict_of_length(transfer, verdict); break;
    case CURLE_GOT_NOTHING: note(verdict, true, "the server closed the connection without an answer"); break;
    case CURLE_SSL_CONNECT_ERROR: note(verdict, true, "TLS: %s", transfer->words); break;
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_ISSUER_ERROR: verdict_of_certificate(transfer, verdict); break;
    case CURLE_TOO_MANY_REDIRECTS: note(verdict, false, "more than %d redirects", REDIRECTS_MAX); break;
    case CURLE_UNSUPPORTED_PROTOCOL:
        note(verdict, false, "%s",
             transfer->status ? "redirected to something other than http and https" : "not an answer in HTTP");
        break;
    case CURLE_URL_MALFORMAT:
        note(verdict, false, "%s", transfer->status ? "redirected to what is no URL" : "not a URL");
        break;
    case CURLE_WEIRD_SERVER_REPLY: note(verdict, false, "not a right answer in HTTP: %s", transfer->words); break;
    case CURLE_OUT_OF_MEMORY: verdict_of_memory(transfer, verdict); break;
    case CURLE_FILESIZE_EXCEEDED:
        verdict_of_cut(&(struct transfer){.cut = CUT_TOO_LARGE, .options = transfer->options}, NULL, verdict);
        break;
    default: note(verdict, false, "%s", curl_easy_strerror(transfer->code)); break;
    }
}

void verdict_of(const struct transfer *transfer, const char *url, const char *name, struct verdict *verdict)
{
    bool answered = transfer->cut == CUT_DROPPED || (!transfer->code && !transfer->keep);
    if (answered)
        verdict_of_status(transfer, verdict);
    else if (transfer->cut)
        verdict_of_cut(transfer, name, verdict);
    else
        verdict_of_code(transfer, url, verdict);
}
