/* download_transfer.c - one attempt at a URL with an easy handle of libcurl. See download.h.
 *
 * The handle is a worker's own and is kept between its jobs, so connections are reused and shared with nobody. All limits are
 * enforced in the callbacks here; libcurl's own, where it has them, are set too but not trusted. The phases come from libcurl's
 * callbacks: the resolver starts, a socket is made, a connection is ready (at once, when it is reused), the body comes in. */
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>

#include "base/clock.h"
#include "base/sys.h"
#include "jobs/download.h"
#include "juggler/version.h"
#include "juggler/worker.h"

/* --- progress ------------------------------------------------------------------------------------- */

static uint64_t unpaused_ns(const struct transfer *transfer)
{
    return clock_now_ns() - worker_paused_ns(transfer->worker);
}

static void mark_progress(struct transfer *transfer)
{
    transfer->mark_bytes = transfer->body_bytes;
    transfer->mark_ns = unpaused_ns(transfer);
}

bool transfer_is_stalled(struct transfer *transfer)
{
    uint64_t limit_ns = transfer->options->timeout_s * NS_PER_S;
    uint64_t bytes = transfer->body_bytes - transfer->mark_bytes;
    if (bytes >= PROGRESS_BYTES_MIN) {
        mark_progress(transfer);
        return false;
    }
    uint64_t now_ns = unpaused_ns(transfer);
    bool stalled = limit_ns && now_ns > transfer->mark_ns && now_ns - transfer->mark_ns >= limit_ns;
    if (stalled)
        transfer->cut = CUT_STALLED;
    return stalled;
}

/* A new phase is progress too: a slow connection leaves the first byte its full time. */
static void enter(struct transfer *transfer, enum phase phase)
{
    worker_phase(transfer->worker, phase);
    mark_progress(transfer);
}

/* --- libcurl's callbacks ---------------------------------------------------------------------------- */

static int on_resolve(void *resolver, void *reserved, void *context)
{
    (void)resolver;
    (void)reserved;
    enter(context, PHASE_RESOLVING);
    return 0;
}

static int on_socket(void *context, curl_socket_t socket, curlsocktype purpose)
{
    (void)socket;
    if (purpose == CURLSOCKTYPE_IPCXN)
        enter(context, PHASE_CONNECTING);
    return CURL_SOCKOPT_OK;
}

static int on_ready(void *context, char *remote, char *local, int remote_port, int local_port)
{
    (void)remote;
    (void)local;
    (void)remote_port;
    (void)local_port;
    enter(context, PHASE_WAITING);
    return CURL_PREREQFUNC_OK;
}

/* libcurl keeps the body of a redirect that it is going to follow to itself. */
static bool is_detour(const struct transfer *transfer)
{
    long status = 0;
    curl_easy_getinfo(transfer->easy, CURLINFO_RESPONSE_CODE, &status);
    return !transfer->begun && status >= 300 && status < 400;
}

/* Called after every piece that came, and about once a second when none does. */
static int on_progress(void *context, curl_off_t all, curl_off_t now, curl_off_t up_all, curl_off_t up_now)
{
    (void)all;
    (void)up_all;
    (void)up_now;
    struct transfer *transfer = context;
    if (!worker_checkpoint(transfer->worker))
        transfer->cut = CUT_STOPPED;
    else if (is_detour(transfer) && now > DROPPED_BYTES_MAX)
        transfer->cut = CUT_DETOUR;
    else
        transfer_is_stalled(transfer);
    return transfer->cut != CUT_NONE;
}

static bool header_says(const char *line, size_t bytes, const char *name, const char *value)
{
    size_t length = strlen(name);
    if (bytes < length || strncasecmp(line, name, length))
        return false;
    for (const char *at = line + length; at + strlen(value) <= line + bytes; at++)
        if (!strncasecmp(at, value, strlen(value)))
            return true;
    return false;
}

/* Digits and nothing else, the same whenever it is said: libcurl takes 0x64 for 0, and the last of several. */
static bool length_makes_sense(struct transfer *transfer, const char *line, size_t bytes)
{
    static const char name[] = "content-length:";
    if (bytes < sizeof name - 1 || strncasecmp(line, name, sizeof name - 1))
        return true;
    const char *at = line + sizeof name - 1, *end = line + bytes;
    while (at < end && isspace((unsigned char)*at))
        at++;
    while (end > at && isspace((unsigned char)end[-1]))
        end--;
    uint64_t value = 0;
    bool number = at < end;
    for (; at < end && number; at++) {
        number = isdigit((unsigned char)*at);
        value = value > UINT64_MAX / 10 - 1 ? UINT64_MAX / 10 : value * 10 + (uint64_t)(*at - '0');
    }
    bool same = !transfer->said || transfer->said_bytes == value;
    transfer->said = true;
    transfer->said_bytes = value;
    return number && same;
}

/* A line that goes on with one about the length: libcurl takes what stood on the first for all of it, and so for another length. */
static bool is_torn(struct transfer *transfer, const char *line, size_t bytes)
{
    bool goes_on = *line == ' ' || *line == '\t';
    if (!goes_on)
        transfer->framing =
            header_says(line, bytes, "content-length:", "") || header_says(line, bytes, "transfer-encoding:", "");
    return goes_on && transfer->framing;
}

/* The bytes of a head are no progress, or one that drips would take hours to its limit; whole heads are, as long as they are few: an
 * answer may have hints before it. */
static void end_head(struct transfer *transfer)
{
    transfer->head_whole = true;
    if (++transfer->heads <= HEADS_THAT_COUNT)
        mark_progress(transfer);
}

static void begin_head(struct transfer *transfer)
{
    transfer->chunked = transfer->said = transfer->head_whole = false;
}

static size_t on_header(char *line, size_t one, size_t bytes, void *context)
{
    (void)one;
    struct transfer *transfer = context;
    transfer->header_bytes += bytes;
    if (transfer->header_bytes > HEADER_BYTES_MAX) {
        transfer->cut = CUT_HEADERS;
        return 0;
    }
    if (is_torn(transfer, line, bytes) || !length_makes_sense(transfer, line, bytes)) {
        transfer->cut = CUT_LENGTH;
        return 0;
    }
    if (bytes >= 5 && !memcmp(line, "HTTP/", 5)) /* a new response, after a redirect or a 1xx */
        begin_head(transfer);
    else if (*line == '\r' || *line == '\n')
        end_head(transfer);
    else if (header_says(line, bytes, "transfer-encoding:", "chunked"))
        transfer->chunked = true;
    return bytes;
}

/* 206 is a part nobody asked for: the file would look finished and not be. */
static bool is_the_file(long status)
{
    return status >= 200 && status < 300 && status != 206;
}

static void read_response(struct transfer *transfer)
{
    curl_off_t length = -1;
    curl_easy_getinfo(transfer->easy, CURLINFO_RESPONSE_CODE, &transfer->status);
    curl_easy_getinfo(transfer->easy, CURLINFO_CONTENT_LENGTH_DOWNLOAD_T, &length);
    transfer->length = length;
    transfer->keep = is_the_file(transfer->status);
}

static bool is_too_large(const struct transfer *transfer, size_t more)
{
    uint64_t max = transfer->options->max_size_bytes;
    return (transfer->length > 0 && (uint64_t)transfer->length > max) || transfer->body_bytes + more > max;
}

static enum cut begin_body(struct transfer *transfer)
{
    transfer->begun = true;
    read_response(transfer);
    if (!transfer->keep)
        return CUT_NONE;
    if (is_too_large(transfer, 0))
        return CUT_TOO_LARGE;
    transfer->file_error = part_open(transfer->part);
    if (transfer->file_error)
        return CUT_FILE;
    enter(transfer, PHASE_RECEIVING);
    return CUT_NONE;
}

static enum cut take_body(struct transfer *transfer, const char *data, size_t bytes)
{
    enum cut cut = transfer->begun ? CUT_NONE : begin_body(transfer);
    if (cut)
        return cut;
    worker_received(transfer->worker, bytes);
    if (!transfer->keep) {
        transfer->body_bytes += bytes;
        return transfer->body_bytes > DROPPED_BYTES_MAX ? CUT_DROPPED : CUT_NONE;
    }
    if (is_too_large(transfer, bytes))
        return CUT_TOO_LARGE;
    transfer->file_error = part_write(transfer->part, data, bytes);
    if (transfer->file_error)
        return CUT_FILE;
    transfer->body_bytes += bytes;
    worker_progress(transfer->worker, transfer->body_bytes, transfer->length > 0 ? (uint64_t)transfer->length : 0);
    return CUT_NONE;
}

static size_t on_body(char *data, size_t one, size_t bytes, void *context)
{
    (void)one;
    struct transfer *transfer = context;
    transfer->cut = take_body(transfer, data, bytes);
    return transfer->cut ? CURL_WRITEFUNC_ERROR : bytes;
}

/* --- set-up ----------------------------------------------------------------------------------------- */

static CURLcode set_callbacks(CURL *easy, struct transfer *transfer)
{
    CURLcode code = CURLE_OK;
#define SET(option, value) (code = code ? code : curl_easy_setopt(easy, option, value))
    SET(CURLOPT_RESOLVER_START_FUNCTION, on_resolve);
    SET(CURLOPT_RESOLVER_START_DATA, transfer);
    SET(CURLOPT_SOCKOPTFUNCTION, on_socket);
    SET(CURLOPT_SOCKOPTDATA, transfer);
    SET(CURLOPT_PREREQFUNCTION, on_ready);
    SET(CURLOPT_PREREQDATA, transfer);
    SET(CURLOPT_XFERINFOFUNCTION, on_progress);
    SET(CURLOPT_XFERINFODATA, transfer);
    SET(CURLOPT_NOPROGRESS, 0L);
    SET(CURLOPT_HEADERFUNCTION, on_header);
    SET(CURLOPT_HEADERDATA, transfer);
    SET(CURLOPT_WRITEFUNCTION, on_body);
    SET(CURLOPT_WRITEDATA, transfer);
    SET(CURLOPT_ERRORBUFFER, transfer->words);
    return code;
}

static long connect_timeout_s(const struct download_options *options)
{
    return options->timeout_s && options->timeout_s < CONNECT_TIMEOUT_S ? (long)options->timeout_s : CONNECT_TIMEOUT_S;
}

/* What is not set is libcurl's default and meant: certificates are verified, nothing is decoded, .netrc is not read. */
static CURLcode set_options(CURL *easy, const struct download_options *options)
{
    uint64_t max = options->max_size_bytes;
    CURLcode code = CURLE_OK;
    SET(CURLOPT_NOSIGNAL, 1L);
    SET(CURLOPT_PROTOCOLS_STR, "http,https");
    SET(CURLOPT_REDIR_PROTOCOLS_STR, "http,https");
    SET(CURLOPT_FOLLOWLOCATION, 1L);
    SET(CURLOPT_MAXREDIRS, (long)REDIRECTS_MAX);
    SET(CURLOPT_UNRESTRICTED_AUTH, 0L);
    SET(CURLOPT_AUTOREFERER, 0L);
    SET(CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
    SET(CURLOPT_CONNECTTIMEOUT, connect_timeout_s(options));
    SET(CURLOPT_MAXFILESIZE_LARGE, (curl_off_t)(max < INT64_MAX ? max : INT64_MAX));
    SET(CURLOPT_MAXCONNECTS, 2L); /* a redirect's and its target's; a thousand workers keep few descriptors open */
    SET(CURLOPT_USERAGENT, "juggler/" JUGGLER_VERSION);
    /* An attempt that ends while its name is looked up would wait for the thread that does it, past every limit, and in an event loop all
     * others with it. Such a thread is left alone instead: it ends with its look-up, or with the process. */
#if LIBCURL_VERSION_NUM >= 0x075700
    SET(CURLOPT_QUICK_EXIT, 1L);
#endif
#undef SET
    return code;
}

/* A proxy that the environment names is used, but never on the way to this machine itself: the built-in origin is here. */
static CURLcode set_no_proxy(CURL *easy)
{
    const char *named = getenv("no_proxy");
    if (!named)
        named = getenv("NO_PROXY");
    if (named && !strcmp(named, "*"))
        return CURLE_OK;
    char list[4096];
    int bytes = snprintf(list, sizeof list, "127.0.0.1,localhost,::1,%s", named ? named : "");
    return (size_t)bytes < sizeof list ? curl_easy_setopt(easy, CURLOPT_NOPROXY, list) : CURLE_OK;
}

int transfer_init(struct transfer *transfer, struct worker *worker, const struct download_options *options)
{
    *transfer = (struct transfer){.worker = worker, .options = options, .easy = curl_easy_init()};
    if (!transfer->easy)
        return ENOMEM;
    CURLcode code = set_callbacks(transfer->easy, transfer);
    if (!code)
        code = set_options(transfer->easy, options);
    if (!code)
        code = set_no_proxy(transfer->easy);
    if (!code)
        return 0;
    transfer_free(transfer);
    return code == CURLE_OUT_OF_MEMORY ? ENOMEM : ENOTSUP; /* a libcurl without one of these is too old to be safe */
}

void transfer_free(struct transfer *transfer)
{
    curl_easy_cleanup(transfer->easy);
    transfer->easy = NULL;
}

/* --- one attempt ------------------------------------------------------------------------------------ */

static void begin_attempt(struct transfer *transfer, struct part *part)
{
    transfer->part = part;
    transfer->words[0] = '\0';
    transfer->cut = CUT_NONE;
    transfer->file_error = 0;
    transfer->status = 0;
    transfer->begun = transfer->keep = transfer->paused = false;
    begin_head(transfer);
    transfer->length = -1;
    transfer->body_bytes = transfer->header_bytes = 0;
    transfer->heads = 0;
    transfer->paused_ns = worker_paused_ns(transfer->worker);
    mark_progress(transfer);
}

CURLcode transfer_begin(struct transfer *transfer, const char *url, struct part *part)
{
    begin_attempt(transfer, part);
    return curl_easy_setopt(transfer->easy, CURLOPT_URL, url);
}

void transfer_end(struct transfer *transfer, CURLcode code)
{
    transfer->code = code;
    transfer->paused = worker_paused_ns(transfer->worker) != transfer->paused_ns;
    if (!transfer->begun) /* an empty body, or none at all */
        read_response(transfer);
}

bool transfer_is_whole(const struct transfer *transfer)
{
    bool length_right = transfer->length < 0 || transfer->body_bytes == (uint64_t)transfer->length;
    return !transfer->code && !transfer->cut && transfer->keep && transfer->head_whole && length_right;
}

bool transfer_is_unverified(const struct transfer *transfer)
{
    long version = 0;
    curl_easy_getinfo(transfer->easy, CURLINFO_HTTP_VERSION, &version);
    bool ends_with_connection = version == CURL_HTTP_VERSION_1_0 || version == CURL_HTTP_VERSION_1_1;
    bool has_no_body = transfer->status == 204 || transfer->status == 205;
    return ends_with_connection && transfer->length < 0 && !transfer->chunked && !has_no_body;
}
