/* server.c - the server process. See server.h.
 *
 * One thread, one loop: let those go on whose moment has come, let libmicrohttpd do what there is to do, then wait for its epoll
 * descriptor, the app's doorbell, or the next moment. It has a process group of its own (Ctrl-C is for the app), nothing open but what
 * it needs, and ends with the app, however the app ends. */
#include "origin/server.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/sys.h"
#include "origin/exchange.h"

enum { CONNECTIONS_MAX = 8192, IDLE_S = 60, REQUEST_BYTES_MAX = 8192, SEND_BUFFER_BYTES = 192 * 1024 };

struct server {
    const struct server_start *start;
    struct exchanges exchanges;
    struct MHD_Daemon *daemon;
    int socket;
    unsigned connections_max;
};

/* Dies with the app; a parent that died before this was asked for is noticed by its number. */
static void bind_to_parent(pid_t parent)
{
    prctl(PR_SET_NAME, "juggler:origin");
    prctl(PR_SET_TIMERSLACK, 1000UL); /* nanoseconds: a latency should not be rounded up by the kernel, too */
    if (prctl(PR_SET_PDEATHSIG, SIGKILL) || getppid() != parent)
        _exit(1);
    setpgid(0, 0);
    prctl(PR_SET_NO_NEW_PRIVS, 1UL, 0UL, 0UL, 0UL);
}

static void reset_signals(void)
{
    for (int number = 1; number < NSIG; number++)
        signal(number, number == SIGPIPE || number == SIGINT ? SIG_IGN : SIG_DFL);
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
}

static void leave_descriptors(const struct server_start *start)
{
    int keep[] = {start->doorbell, start->report};
    int null = sys_openat(AT_FDCWD, "/dev/null", O_RDWR | O_CLOEXEC, 0);
    for (int fd = 0; null >= 0 && fd < 3; fd++)
        dup2(null, fd);
    if (null < 0)
        for (int fd = 0; fd < 3; fd++)
            sys_close(fd);
    sys_close_from(3, keep, sizeof keep / sizeof *keep);
}

/* As many connections as descriptors allow, some kept for other things. */
static unsigned raise_descriptors(void)
{
    enum { OTHERS = 32 };
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit))
        return 256;
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
    if (limit.rlim_cur >= CONNECTIONS_MAX + OTHERS)
        return CONNECTIONS_MAX;
    return limit.rlim_cur > 2 * OTHERS ? (unsigned)limit.rlim_cur - OTHERS : OTHERS;
}

static int listen_on_loopback(struct server *server, uint32_t *port, struct problem *problem)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(server->start->options->port)};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t length = sizeof address;
    int on = 1;
    int buffer = SEND_BUFFER_BYTES;
    server->socket = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (server->socket < 0 || setsockopt(server->socket, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) ||
        setsockopt(server->socket, SOL_SOCKET, SO_SNDBUF, &buffer, sizeof buffer) ||
        bind(server->socket, (const struct sockaddr *)&address, sizeof address) || listen(server->socket, SOMAXCONN) ||
        getsockname(server->socket, (struct sockaddr *)&address, &length)) {
        problem_set_errno(problem, errno, "the built-in server cannot listen on 127.0.0.1 port %u",
                          (unsigned)server->start->options->port);
        return -1;
    }
    *port = ntohs(address.sin_port);
    return 0;
}

static int start_daemon(struct server *server, struct problem *problem)
{
    server->daemon = MHD_start_daemon(
        MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME, 0, NULL, NULL, exchange_answer, &server->exchanges,
        MHD_OPTION_LISTEN_SOCKET, server->socket, MHD_OPTION_NOTIFY_COMPLETED, exchange_completed, &server->exchanges,
        MHD_OPTION_CONNECTION_LIMIT, server->connections_max, MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)IDLE_S,
        MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)REQUEST_BYTES_MAX, MHD_OPTION_END);
    if (!server->daemon)
        problem_set(problem, "the built-in server could not be started by libmicrohttpd %s", MHD_get_version());
    return server->daemon ? 0 : -1;
}

static void obey(struct server *server)
{
    const struct origin_control *control = server->start->control;
    uint64_t latency_ms = atomic_load_explicit(&control->latency_ms, memory_order_acquire);
    uint64_t rate = atomic_load_explicit(&control->rate_bytes_per_s, memory_order_acquire);
    exchanges_set(&server->exchanges, latency_ms * NS_PER_MS, rate, clock_now_ns());
}

static int open_server(struct server *server, uint32_t *port, struct problem *problem)
{
    const struct origin_options *options = server->start->options;
    server->connections_max = raise_descriptors();
    if (content_open(&server->exchanges.content, options->sample_dir, options->files, problem))
        return -1;
    if (waiters_init(&server->exchanges.waiters, server->connections_max)) {
        problem_set_errno(problem, ENOMEM, "the built-in server cannot hold its connections");
        return -1;
    }
    if (listen_on_loopback(server, port, problem) || start_daemon(server, problem))
        return -1;
    obey(server);
    return 0;
}

/* How long there is nothing to do; false: until something comes. */
static bool idle_time(const struct server *server, struct timespec *out)
{
    MHD_UNSIGNED_LONG_LONG daemon_ms = 0;
    uint64_t now = clock_now_ns();
    uint64_t next = waiters_next_ns(&server->exchanges.waiters);
    uint64_t ns = next == UINT64_MAX ? UINT64_MAX : next > now ? next - now : 0;
    if (MHD_get_timeout(server->daemon, &daemon_ms) == MHD_YES && daemon_ms * NS_PER_MS < ns)
        ns = daemon_ms * NS_PER_MS;
    *out = (struct timespec){.tv_sec = (time_t)(ns / NS_PER_S), .tv_nsec = (long)(ns % NS_PER_S)};
    return ns != UINT64_MAX;
}

static void serve_once(struct server *server, struct pollfd *descriptors)
{
    struct timespec idle;
    bool timed = idle_time(server, &idle);
    if (ppoll(descriptors, 2, timed ? &idle : NULL, NULL) < 0 && errno != EINTR)
        _exit(1);
    if (descriptors[1].revents) {
        uint64_t rings;
        if (sys_read(server->start->doorbell, &rings, sizeof rings) < 0 && errno != EAGAIN)
            _exit(1);
        obey(server);
    }
    exchanges_resume_due(&server->exchanges, clock_now_ns());
    MHD_run(server->daemon);
}

_Noreturn void server_process(const struct server_start *start)
{
    struct server server = {.start = start, .socket = -1};
    struct server_report report = {0};
    bind_to_parent(start->parent);
    reset_signals();
    leave_descriptors(start);
    int failed = open_server(&server, &report.port, &report.problem);
    if (failed)
        report.port = 0;
    if (sys_write_all(start->report, &report, sizeof report) || failed)
        _exit(1);
    sys_close(start->report);
    /* Who comes already waits in the queue of the socket. */
    if (content_read(&server.exchanges.content, &report.problem))
        _exit(1);
    const union MHD_DaemonInfo *info = MHD_get_daemon_info(server.daemon, MHD_DAEMON_INFO_EPOLL_FD);
    struct pollfd descriptors[] = {{.fd = info ? info->epoll_fd : -1, .events = POLLIN},
                                   {.fd = start->doorbell, .events = POLLIN}};
    for (;;)
        serve_once(&server, descriptors);
}
