/* download_loop.c - many downloads in one thread, through libcurl's multi interface. See juggler/loop.h for who calls, and when.
 *
 * One thread does all of it: there is nothing to lock. libcurl says which sockets it waits for (on_socket) and when it wants to be called
 * (on_timer); both go to the loop's epoll set and its clock. Only host names are looked up elsewhere: libcurl's resolver starts a
 * thread of its own for each that is not an address and not yet known; it ends with the look-up.
 *
 * The connections are the multi handle's, so the next transfer of any flight may get the one that another has left. Every
 * transfer has one for itself, as a thread's has: HTTP/2 streams that share a connection would be another comparison. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>

#include "base/clock.h"
#include "base/sys.h"
#include "jobs/download_errand.h"
#include "juggler/loop.h"
#include "juggler/worker.h"

enum {
    CONNECTIONS_A_FLIGHT = 2, /* a redirect's and its target's, as a thread keeps them */
    SWEEP_MS = 1000 /* libcurl doesn't wake up for a transfer on which nothing happens: so often they are looked at */
};

struct loop;

/* What a flight is doing. */
enum flight_state { FLIGHT_IDLE, FLIGHT_IN_THE_AIR, FLIGHT_BACKOFF, FLIGHT_SETTLED };

struct flight {
    struct loop *loop;
    size_t slot;
    struct worker *worker;
    struct download *download;
    enum flight_state state;
    struct errand errand;
    uint64_t again_ns;           /* in a backoff: its end */
    struct flight *settled_next; /* settled: the list that it is in */
};

struct loop {
    const struct job_set *set;
    CURLM *multi;
    int epoll_fd;
    struct flight **flights; /* by slot; NULL: nobody there */
    size_t slots;
    size_t joined, in_the_air, backing_off;
    uint64_t timer_ns; /* when libcurl wants to be called; UINT64_MAX: it doesn't */
    uint64_t sweep_ns; /* when the next look at stalled ones is due, if any is in the air */
    struct flight *settled_first, **settled_end;
};

/* --- a flight's steps --------------------------------------------------------------------------------- */

static void settle(struct flight *flight)
{
    flight->state = FLIGHT_SETTLED;
    flight->settled_next = NULL;
    *flight->loop->settled_end = flight;
    flight->loop->settled_end = &flight->settled_next;
}

static void attempt(struct flight *flight);

static void follow(struct flight *flight, enum errand_step step)
{
    switch (step) {
    case ERRAND_TRY: attempt(flight); break;
    case ERRAND_BACKOFF:
        flight->state = FLIGHT_BACKOFF;
        flight->again_ns = clock_now_ns() + flight->errand.backoff_ns;
        flight->loop->backing_off++;
        break;
    case ERRAND_SETTLED: settle(flight); break;
    }
}

/* Nothing but the call of libcurl happens here: the request goes out when libcurl is called next. */
static void attempt(struct flight *flight)
{
    struct loop *loop = flight->loop;
    CURLcode code = errand_try(&flight->errand);
    if (!code && curl_multi_add_handle(loop->multi, flight->download->transfer.easy))
        code = CURLE_OUT_OF_MEMORY;
    if (code) {
        follow(flight, errand_judge(&flight->errand, code));
        return;
    }
    flight->state = FLIGHT_IN_THE_AIR;
    if (!loop->in_the_air++)
        loop->sweep_ns = clock_now_ns() + SWEEP_MS * NS_PER_MS;
}

static void take_out(struct flight *flight)
{
    curl_multi_remove_handle(flight->loop->multi, flight->download->transfer.easy);
    flight->state = FLIGHT_IDLE;
    flight->loop->in_the_air--;
}

static void land(struct flight *flight, CURLcode code)
{
    take_out(flight);
    follow(flight, errand_judge(&flight->errand, code));
    worker_served(flight->worker);
}

/* Transfers that libcurl is done with. A message is gone when its handle is taken out, so it is read before. */
static void collect(struct loop *loop)
{
    int left;
    for (CURLMsg *message; (message = curl_multi_info_read(loop->multi, &left));) {
        struct flight *flight = NULL;
        CURLcode code = message->data.result;
        curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, (char **)&flight);
        if (message->msg == CURLMSG_DONE && flight)
            land(flight, code);
    }
}

/* --- libcurl's callbacks -------------------------------------------------------------------------------- */

static uint64_t watch_data(const struct flight *flight, curl_socket_t socket)
{
    return (uint64_t)flight->slot << 32 | (uint32_t)socket;
}

/* With `known` set the socket is in the epoll set already. A closed one has left by itself, and its number may have come back. */
static int watch(const struct loop *loop, int socket, bool known, struct epoll_event *event)
{
    int first = known ? EPOLL_CTL_MOD : EPOLL_CTL_ADD;
    if (epoll_ctl(loop->epoll_fd, first, socket, event) == 0)
        return 0;
    if (errno != ENOENT && errno != EEXIST)
        return errno;
    return epoll_ctl(loop->epoll_fd, first == EPOLL_CTL_ADD ? EPOLL_CTL_MOD : EPOLL_CTL_ADD, socket, event) ? errno : 0;
}

/* Nobody would hear of this socket any more. In here the transfer can't be ended; at the next look around it is. */
static void give_up_watching(struct flight *flight, int error)
{
    flight->download->transfer.cut = CUT_UNWATCHED;
    flight->download->transfer.file_error = error;
    flight->loop->sweep_ns = 0;
}

/* The end of one turn of libcurl for this handle: so what was used since the last one was for it. */
static int on_socket(CURL *easy, curl_socket_t socket, int what, void *context, void *known)
{
    struct loop *loop = context;
    struct flight *flight = NULL;
    curl_easy_getinfo(easy, CURLINFO_PRIVATE, (char **)&flight);
    if (!flight)
        return 0; /* a handle of libcurl's own */
    worker_served(flight->worker);
    if (what == CURL_POLL_REMOVE) {
        epoll_ctl(loop->epoll_fd, EPOLL_CTL_DEL, socket, NULL);
        return 0;
    }
    struct epoll_event event = {.events = (what & CURL_POLL_IN ? EPOLLIN : 0U) | (what & CURL_POLL_OUT ? EPOLLOUT : 0U),
                                .data.u64 = watch_data(flight, socket)};
    int error = watch(loop, socket, known != NULL, &event);
    if (error)
        give_up_watching(flight, error);
    else if (!known)
        curl_multi_assign(loop->multi, socket, loop);
    return 0;
}

static int on_timer(CURLM *multi, long timeout_ms, void *context)
{
    (void)multi;
    struct loop *loop = context;
    loop->timer_ns = timeout_ms < 0 ? UINT64_MAX : clock_now_ns() + (uint64_t)timeout_ms * NS_PER_MS;
    return 0;
}

/* --- the loop ------------------------------------------------------------------------------------------- */

static CURLMcode set_options(CURLM *multi, struct loop *loop)
{
    CURLMcode code = CURLM_OK;
#define SET(option, value) (code = code ? code : curl_multi_setopt(multi, option, value))
    SET(CURLMOPT_SOCKETFUNCTION, on_socket);
    SET(CURLMOPT_SOCKETDATA, loop);
    SET(CURLMOPT_TIMERFUNCTION, on_timer);
    SET(CURLMOPT_TIMERDATA, loop);
    SET(CURLMOPT_PIPELINING, (long)CURLPIPE_NOTHING);
#undef SET
    return code;
}

static void *loop_open(const struct job_set *set, int epoll_fd)
{
    struct loop *loop = sys_alloc_zeroed(1, sizeof *loop);
    if (!loop)
        return NULL;
    *loop = (struct loop){.set = set, .epoll_fd = epoll_fd, .timer_ns = UINT64_MAX, .multi = curl_multi_init()};
    loop->settled_end = &loop->settled_first;
    if (loop->multi && !set_options(loop->multi, loop))
        return loop;
    curl_multi_cleanup(loop->multi);
    free(loop);
    errno = ENOMEM;
    return NULL;
}

static int reach_slot(struct loop *loop, size_t slot)
{
    if (slot < loop->slots)
        return 0;
    size_t slots = slot + 1 > loop->slots * 2 ? slot + 1 : loop->slots * 2;
    struct flight **flights = sys_realloc(loop->flights, slots * sizeof *flights);
    if (!flights)
        return ENOMEM;
    memset(flights + loop->slots, 0, (slots - loop->slots) * sizeof *flights);
    loop->flights = flights;
    loop->slots = slots;
    return 0;
}

static void keep_connections(const struct loop *loop)
{
    curl_multi_setopt(loop->multi, CURLMOPT_MAXCONNECTS, (long)(loop->joined * CONNECTIONS_A_FLIGHT));
}

static void *loop_join(void *context, struct worker *worker, size_t slot)
{
    struct loop *loop = context;
    struct flight *flight = reach_slot(loop, slot) ? NULL : sys_alloc_zeroed(1, sizeof *flight);
    if (!flight)
        return NULL;
    *flight = (struct flight){.loop = loop, .slot = slot, .worker = worker, .download = download_new(loop->set, worker)};
    if (!flight->download || curl_easy_setopt(flight->download->transfer.easy, CURLOPT_PRIVATE, (void *)flight)) {
        int error = flight->download ? ENOMEM : errno;
        if (flight->download)
            download_free(flight->download);
        free(flight);
        errno = error;
        return NULL;
    }
    loop->flights[slot] = flight;
    loop->joined++;
    keep_connections(loop);
    return flight;
}

static void loop_leave(void *context)
{
    struct flight *flight = context;
    struct loop *loop = flight->loop;
    loop->flights[flight->slot] = NULL;
    loop->joined--;
    if (loop->joined)
        keep_connections(loop);
    download_free(flight->download);
    free(flight);
}

/* --- what comes to it ------------------------------------------------------------------------------------- */

static void loop_begin(void *context, size_t job, struct job_result *result)
{
    struct flight *flight = context;
    follow(flight, errand_begin(&flight->errand, flight->download, flight->worker, job, result));
}

static void loop_give_up(void *context)
{
    struct flight *flight = context;
    if (flight->state == FLIGHT_IN_THE_AIR)
        take_out(flight);
    flight->loop->backing_off -= flight->state == FLIGHT_BACKOFF;
    flight->state = FLIGHT_IDLE;
    errand_give_up(&flight->errand);
}

static void loop_ready(void *context, uint64_t data, uint32_t events)
{
    struct loop *loop = context;
    size_t slot = data >> 32;
    /* On an error libcurl looks by itself what it is. */
    int ready = (events & EPOLLIN ? CURL_CSELECT_IN : 0) | (events & EPOLLOUT ? CURL_CSELECT_OUT : 0);
    int running;
    curl_multi_socket_action(loop->multi, (curl_socket_t)(data & UINT32_MAX), ready, &running);
    if (slot < loop->slots && loop->flights[slot])
        worker_served(loop->flights[slot]->worker);
    collect(loop);
}

static bool is_lost(struct transfer *transfer)
{
    return transfer->cut == CUT_UNWATCHED || transfer_is_stalled(transfer);
}

static void end_stalled(struct loop *loop, uint64_t now_ns)
{
    loop->sweep_ns = now_ns + SWEEP_MS * NS_PER_MS;
    for (size_t i = 0; i < loop->slots; i++) {
        struct flight *flight = loop->flights[i];
        if (flight && flight->state == FLIGHT_IN_THE_AIR && is_lost(&flight->download->transfer))
            land(flight, CURLE_ABORTED_BY_CALLBACK);
    }
}

static void try_again(struct loop *loop, uint64_t now_ns)
{
    for (size_t i = 0; i < loop->slots; i++) {
        struct flight *flight = loop->flights[i];
        if (!flight || flight->state != FLIGHT_BACKOFF || now_ns < flight->again_ns)
            continue;
        loop->backing_off--;
        attempt(flight);
    }
}

static void loop_time(void *context, uint64_t now_ns)
{
    struct loop *loop = context;
    int running;
    if (loop->backing_off)
        try_again(loop, now_ns);
    if (loop->in_the_air && now_ns >= loop->sweep_ns)
        end_stalled(loop, now_ns);
    if (now_ns < loop->timer_ns)
        return;
    loop->timer_ns = UINT64_MAX;
    curl_multi_socket_action(loop->multi, CURL_SOCKET_TIMEOUT, 0, &running);
    collect(loop);
}

/* Backoffs are few and seldom: they are looked through rather than kept in order. */
static uint64_t loop_due_ns(const void *context)
{
    const struct loop *loop = context;
    uint64_t due_ns = loop->timer_ns;
    if (loop->in_the_air && loop->sweep_ns < due_ns)
        due_ns = loop->sweep_ns;
    for (size_t i = 0; loop->backing_off && i < loop->slots; i++) {
        const struct flight *flight = loop->flights[i];
        if (flight && flight->state == FLIGHT_BACKOFF && flight->again_ns < due_ns)
            due_ns = flight->again_ns;
    }
    return due_ns;
}

static bool loop_settled(void *context, size_t *slot, enum job_outcome *outcome)
{
    struct loop *loop = context;
    struct flight *flight = loop->settled_first;
    if (!flight)
        return false;
    loop->settled_first = flight->settled_next;
    if (!loop->settled_first)
        loop->settled_end = &loop->settled_first;
    flight->state = FLIGHT_IDLE;
    *slot = flight->slot;
    *outcome = flight->errand.outcome;
    return true;
}

extern const struct job_loop job_loop_download;
const struct job_loop job_loop_download = {
    .open = loop_open,
    .join = loop_join,
    .leave = loop_leave,
    .begin = loop_begin,
    .give_up = loop_give_up,
    .ready = loop_ready,
    .time = loop_time,
    .due_ns = loop_due_ns,
    .settled = loop_settled,
};
