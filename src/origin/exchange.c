/* exchange.c - one request and its response. See exchange.h.
 *
 * A request is checked, waits for its latency (connection suspended, in the heap of waiters), is answered, and when there is a rate its
 * body goes out in steps: the reader gives what the allowance permits, then suspends the connection until a step's worth has been earned.
 * Without a rate the body is sent straight out of the memory that holds it. A suspended connection costs nothing but its memory. */
#include "origin/exchange.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/clock.h"
#include "base/sys.h"
#include "origin/origin.h"

struct exchange {
    struct waiter waiter; /* first: a waiter is its exchange */
    struct exchanges *all;
    struct MHD_Connection *connection;
    uint64_t asked_ns;
    bool found;
    bool head;
    bool answered; /* the response is queued: from then on the waiter waits for its pace */
    struct body body;
    size_t step_bytes; /* what it waits for, when it waits for its pace */
    struct throttle throttle;
};

/* Moments are rounded up to a grid, so that those close together are dealt with in one go: a fine one for first bytes, for the pace one
 * that is coarser the more requests are open (16 ms with a thousand). */
static const uint64_t GRID_NS = NS_PER_MS / 4;

static uint64_t grid_up(const struct exchange *exchange, uint64_t ns)
{
    uint64_t grid = exchange->answered ? GRID_NS * (1 + exchange->all->open / 16) : GRID_NS;
    return (ns + grid - 1) / grid * grid;
}

static enum MHD_Result wait_until(struct exchange *exchange, uint64_t due_ns)
{
    if (waiters_add(&exchange->all->waiters, &exchange->waiter, grid_up(exchange, due_ns)))
        return MHD_NO;
    MHD_suspend_connection(exchange->connection);
    return MHD_YES;
}

/* How often a paced body goes out: every 40 ms, more rarely when there are many (every 102 ms with a thousand). */
static size_t step_bytes(const struct exchanges *all, uint64_t rate)
{
    uint64_t step_ms = ORIGIN_STEP_MS + all->open / ORIGIN_STEP_SHARE;
    if (step_ms > 200)
        step_ms = 200;
    uint64_t bytes = rate / 1000 * step_ms + rate % 1000 * step_ms / 1000;
    return bytes ? (size_t)bytes : 1;
}

/* libmicrohttpd asks for the next part of a body that has a rate. */
static ssize_t read_paced(void *cls, uint64_t at, char *out, size_t max)
{
    struct exchange *exchange = cls;
    struct exchanges *all = exchange->all;
    uint64_t now = clock_now_ns();
    size_t left = exchange->body.size - (size_t)at;
    size_t count = left < max ? left : max;
    if (exchange->throttle.rate != all->rate)
        throttle_set(&exchange->throttle, all->rate, now);
    size_t allowed = throttle_allowed(&exchange->throttle, now);
    size_t step = step_bytes(all, all->rate);
    if (allowed < count && allowed < step) {
        exchange->step_bytes = left < step ? left : step;
        bool waits = wait_until(exchange, throttle_when(&exchange->throttle, exchange->step_bytes)) == MHD_YES;
        return waits ? 0 : MHD_CONTENT_READER_END_WITH_ERROR;
    }
    count = allowed < count ? allowed : count;
    memcpy(out, exchange->body.bytes + at, count);
    throttle_spend(&exchange->throttle, count);
    return (ssize_t)count;
}

/* The bytes are not copied, nor changed: the cast takes away a const that libmicrohttpd does not know. */
static struct MHD_Response *response_whole(const void *bytes, size_t size)
{
    return MHD_create_response_from_buffer(size, (void *)(uintptr_t)bytes, MHD_RESPMEM_PERSISTENT);
}

static struct MHD_Response *response_paced(struct exchange *exchange)
{
    enum { LEAST = 1024, MOST = 32768 };
    size_t block = step_bytes(exchange->all, exchange->all->rate);
    block = block < LEAST ? LEAST : block > MOST ? MOST : block;
    throttle_init(&exchange->throttle, exchange->all->rate, clock_now_ns());
    return MHD_create_response_from_callback(exchange->body.size, block, read_paced, exchange, NULL);
}

/* Hands a response over; NULL stands for "no memory" and closes the connection. */
static enum MHD_Result send_response(struct exchange *exchange, unsigned status, struct MHD_Response *response)
{
    if (!response)
        return MHD_NO;
    enum MHD_Result sent = MHD_queue_response(exchange->connection, status, response);
    MHD_destroy_response(response);
    return sent;
}

static enum MHD_Result refuse(struct exchange *exchange, unsigned status, const char *words, const char *header,
                              const char *value)
{
    struct MHD_Response *response = response_whole(words, strlen(words));
    if (response)
        MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, "text/plain");
    if (response && header)
        MHD_add_response_header(response, header, value);
    return send_response(exchange, status, response);
}

static enum MHD_Result respond(struct exchange *exchange)
{
    exchange->answered = true;
    if (!exchange->found)
        return refuse(exchange, MHD_HTTP_NOT_FOUND, "There is no such file here.\n", NULL, NULL);
    bool paced = exchange->all->rate && !exchange->head;
    struct MHD_Response *response =
        paced ? response_paced(exchange) : response_whole(exchange->body.bytes, exchange->body.size);
    if (response)
        MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, exchange->body.type);
    return send_response(exchange, MHD_HTTP_OK, response);
}

static bool is_loopback(const char *host)
{
    static const char *const names[] = {"127.0.0.1", "localhost", "[::1]"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        size_t length = strlen(names[i]);
        if (strncasecmp(host, names[i], length) != 0)
            continue;
        const char *rest = host + length;
        if (!*rest || (*rest == ':' && rest[1 + strspn(rest + 1, "0123456789")] == 0))
            return true;
    }
    return false;
}

struct hosts {
    size_t all, loopback;
};

static enum MHD_Result count_host(void *context, enum MHD_ValueKind kind, const char *name, const char *value)
{
    struct hosts *hosts = context;
    (void)kind;
    if (strcasecmp(name, MHD_HTTP_HEADER_HOST) == 0) {
        hosts->all++;
        hosts->loopback += value && is_loopback(value);
    }
    return MHD_YES;
}

/* Only names of this machine's loopback are answered: a page in a browser whose name was pointed at 127.0.0.1 gets nothing. One host, and
 * no second one that says otherwise. */
static bool host_is_ours(struct MHD_Connection *connection)
{
    struct hosts hosts = {0};
    MHD_get_connection_values(connection, MHD_HEADER_KIND, count_host, &hosts);
    return hosts.all == 1 && hosts.loopback == 1;
}

static enum MHD_Result look_for_body(void *context, enum MHD_ValueKind kind, const char *name, const char *value)
{
    bool *found = context;
    (void)kind;
    bool is_length = strcasecmp(name, MHD_HTTP_HEADER_CONTENT_LENGTH) == 0;
    if (is_length ? !value || strcmp(value, "0") != 0 : strcasecmp(name, MHD_HTTP_HEADER_TRANSFER_ENCODING) == 0)
        *found = true;
    return MHD_YES;
}

/* Every field is looked at: of two lengths libmicrohttpd takes one, and the other would make a request of a body. */
static bool has_body(struct MHD_Connection *connection)
{
    bool found = false;
    MHD_get_connection_values(connection, MHD_HEADER_KIND, look_for_body, &found);
    return found;
}

/* The headers have come: refused at once, or accepted (MHD_YES with no response queued). */
static enum MHD_Result accept_request(struct exchange *exchange, const char *url, const char *method)
{
    exchange->head = strcmp(method, MHD_HTTP_METHOD_HEAD) == 0;
    if (!exchange->head && strcmp(method, MHD_HTTP_METHOD_GET) != 0)
        return refuse(exchange, MHD_HTTP_METHOD_NOT_ALLOWED, "Only GET and HEAD.\n", MHD_HTTP_HEADER_ALLOW, "GET, HEAD");
    if (!host_is_ours(exchange->connection))
        return refuse(exchange, MHD_HTTP_FORBIDDEN, "Only for 127.0.0.1 and localhost.\n", NULL, NULL);
    if (has_body(exchange->connection))
        return refuse(exchange, MHD_HTTP_BAD_REQUEST, "A request here has no body.\n", MHD_HTTP_HEADER_CONNECTION, "close");
    exchange->found = content_find(&exchange->all->content, url, &exchange->body);
    return MHD_YES;
}

/* Called when the headers have come, when the (empty) body has, and when the latency is over. */
enum MHD_Result exchange_answer(void *cls, struct MHD_Connection *connection, const char *url, const char *method,
                                const char *version, const char *upload_data, size_t *upload_data_size, void **con_cls)
{
    (void)version, (void)upload_data;
    struct exchange *exchange = *con_cls;
    if (!exchange) {
        exchange = sys_alloc_zeroed(1, sizeof *exchange);
        if (!exchange)
            return MHD_NO;
        *exchange = (struct exchange){.all = cls, .connection = connection, .asked_ns = clock_now_ns()};
        exchange->all->open++;
        *con_cls = exchange;
        return accept_request(exchange, url, method);
    }
    if (*upload_data_size)
        return MHD_NO;
    uint64_t due = exchange->asked_ns + exchange->all->latency_ns;
    if (exchange->all->latency_ns && clock_now_ns() < due)
        return wait_until(exchange, due);
    return respond(exchange);
}

void exchange_completed(void *cls, struct MHD_Connection *connection, void **con_cls, enum MHD_RequestTerminationCode code)
{
    (void)connection, (void)code;
    struct exchanges *all = cls;
    struct exchange *exchange = *con_cls;
    if (!exchange)
        return;
    waiters_remove(&all->waiters, &exchange->waiter);
    all->open--;
    *con_cls = NULL;
    free(exchange);
}

void exchanges_resume_due(struct exchanges *exchanges, uint64_t now_ns)
{
    struct waiter *waiter;
    while ((waiter = waiters_take_due(&exchanges->waiters, now_ns)) != NULL)
        MHD_resume_connection(((struct exchange *)waiter)->connection);
}

void exchanges_set(struct exchanges *exchanges, uint64_t latency_ns, uint64_t rate, uint64_t now_ns)
{
    exchanges->latency_ns = latency_ns;
    exchanges->rate = rate;
    for (size_t i = 0; i < exchanges->waiters.count; i++) {
        struct exchange *exchange = (struct exchange *)exchanges->waiters.items[i];
        uint64_t due = exchange->asked_ns + latency_ns;
        if (exchange->answered) {
            size_t step = step_bytes(exchanges, rate);
            size_t enough = exchange->step_bytes < step ? exchange->step_bytes : step;
            throttle_set(&exchange->throttle, rate, now_ns);
            due = throttle_when(&exchange->throttle, enough);
        }
        exchange->waiter.due_ns = grid_up(exchange, due);
    }
    waiters_reorder(&exchanges->waiters);
}
