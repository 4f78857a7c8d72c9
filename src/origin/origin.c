/* origin.c - the app's side of the built-in server: start, settings, end. See origin.h; the server itself is in server.c.
 *
 * The app writes latency and rate to a shared page, then rings (eventfd); the server reads both words anew at every ring. The server is
 * known by its pidfd, so whoever reaps it first, no signal ever goes to another process that got its number. */
#include "origin/origin.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/sys.h"
#include "origin/server.h"

enum { LATENCY_MS_MAX = 60000, START_MS_MAX = 10000 };

struct origin {
    struct origin_control *control;
    int doorbell;
    int pidfd;
    pid_t pid;
    uint16_t port;
};

static int fail(struct problem *problem, const char *what)
{
    problem_set_errno(problem, errno, "the built-in server: %s", what);
    return -1;
}

static int share_page(struct origin *origin, struct problem *problem)
{
    void *page = mmap(NULL, sizeof *origin->control, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (page == MAP_FAILED)
        return fail(problem, "no shared memory");
    origin->control = page;
    origin->doorbell = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    return origin->doorbell < 0 ? fail(problem, "no eventfd") : 0;
}

/* Forks with all signals blocked, so that no handler of the app ever runs in the child. */
static int fork_server(struct origin *origin, const struct origin_options *options, const int pipe[2],
                       struct problem *problem)
{
    struct server_start start = {
        .options = options, .control = origin->control, .doorbell = origin->doorbell, .report = pipe[1], .parent = getpid()};
    sigset_t all;
    sigset_t before;
    sigfillset(&all);
    sigprocmask(SIG_SETMASK, &all, &before);
    pid_t pid = sys_fork();
    int error = errno;
    if (pid == 0)
        server_process(&start);
    sigprocmask(SIG_SETMASK, &before, NULL);
    errno = error;
    if (pid < 0)
        return fail(problem, "no new process");
    origin->pid = pid;
    origin->pidfd = (int)syscall(SYS_pidfd_open, pid, 0);
    return origin->pidfd < 0 ? fail(problem, "no pidfd") : 0;
}

static int wait_for_report(struct origin *origin, int pipe, struct problem *problem)
{
    struct server_report report = {0};
    struct pollfd ready = {.fd = pipe, .events = POLLIN};
    int count;
    do
        count = poll(&ready, 1, START_MS_MAX);
    while (count < 0 && errno == EINTR);
    if (count == 0) {
        problem_set(problem, "the built-in server did not start within %d s", START_MS_MAX / 1000);
        return -1;
    }
    if (sys_read(pipe, &report, sizeof report) != (ssize_t)sizeof report) {
        problem_set(problem, "the built-in server ended while it started");
        return -1;
    }
    report.problem.text[sizeof report.problem.text - 1] = 0;
    if (!report.port)
        problem_set(problem, "%s", report.problem.text);
    origin->port = (uint16_t)report.port;
    return report.port ? 0 : -1;
}

static int start_server(struct origin *origin, const struct origin_options *options, struct problem *problem)
{
    int ends[2];
    if (pipe2(ends, O_CLOEXEC))
        return fail(problem, "no pipe");
    int failed = fork_server(origin, options, ends, problem);
    sys_close(ends[1]);
    if (!failed)
        failed = wait_for_report(origin, ends[0], problem);
    sys_close(ends[0]);
    return failed;
}

struct origin *origin_start(const struct origin_options *options, struct problem *problem)
{
    struct origin *origin = sys_alloc(sizeof *origin);
    if (!origin) {
        fail(problem, "no memory");
        return NULL;
    }
    *origin = (struct origin){.doorbell = -1, .pidfd = -1};
    if (share_page(origin, problem))
        goto failed;
    origin_set(origin, options->latency_ms, options->rate_bytes_per_s);
    if (start_server(origin, options, problem))
        goto failed;
    return origin;
failed:
    origin_stop(origin);
    return NULL;
}

uint16_t origin_port(const struct origin *origin)
{
    return origin->port;
}

pid_t origin_pid(const struct origin *origin)
{
    return origin->pid;
}

int origin_pidfd(const struct origin *origin)
{
    return origin->pidfd;
}

void origin_set(struct origin *origin, unsigned latency_ms, uint64_t rate_bytes_per_s)
{
    uint64_t ring = 1;
    unsigned latency = latency_ms < LATENCY_MS_MAX ? latency_ms : LATENCY_MS_MAX;
    atomic_store_explicit(&origin->control->latency_ms, latency, memory_order_release);
    atomic_store_explicit(&origin->control->rate_bytes_per_s, rate_bytes_per_s, memory_order_release);
    /* A ring that does not fit means that the bell rings already. */
    (void)!sys_write(origin->doorbell, &ring, sizeof ring);
}

unsigned origin_latency_ms(const struct origin *origin)
{
    return atomic_load_explicit(&origin->control->latency_ms, memory_order_relaxed);
}

uint64_t origin_rate(const struct origin *origin)
{
    return atomic_load_explicit(&origin->control->rate_bytes_per_s, memory_order_relaxed);
}

/* It holds nothing that has to be put in order, so it is killed outright. Without a pidfd it was never announced: nobody else reaped it. */
static void end_server(const struct origin *origin)
{
    if (origin->pidfd < 0) {
        kill(origin->pid, SIGKILL);
        waitpid(origin->pid, NULL, 0);
        return;
    }
    struct pollfd ended = {.fd = origin->pidfd, .events = POLLIN};
    syscall(SYS_pidfd_send_signal, origin->pidfd, SIGKILL, NULL, 0);
    while (poll(&ended, 1, -1) < 0 && errno == EINTR)
        continue;
    waitpid(origin->pid, NULL, WNOHANG);
}

void origin_stop(struct origin *origin)
{
    if (!origin)
        return;
    if (origin->pid > 0)
        end_server(origin);
    if (origin->pidfd >= 0)
        sys_close(origin->pidfd);
    if (origin->doorbell >= 0)
        sys_close(origin->doorbell);
    if (origin->control)
        munmap(origin->control, sizeof *origin->control);
    free(origin);
}
