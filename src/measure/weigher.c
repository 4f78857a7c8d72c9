/* weigher.c - see weigher.h. The child inherits blocked signals, holds no descriptor but its socket, and dies with the app. It answers one question
 * after another, a message each; the app reads the answers without waiting. A child that has died leaves an end of file: not known, and
 * the next question makes another one. */
#include "measure/weigher.h"

#include <errno.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/sys.h"
#include "measure/machine.h"

static _Noreturn void weigh(pid_t app, int fd)
{
    pid_t of;
    prctl(PR_SET_NAME, "juggler:weigher");
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != app)
        _exit(1);
    sys_close_from(3, &fd, 1);
    while (sys_read(fd, &of, sizeof of) == (ssize_t)sizeof of) {
        struct weigher_answer answer = {.of = of};
        uint64_t private_bytes, rss, before_ns = clock_thread_cpu_ns();
        if (!machine_memory_of(of, &answer.pss_bytes, &private_bytes, &rss))
            answer.pss_bytes = 0;
        answer.cost_ns = clock_thread_cpu_ns() - before_ns;
        sys_write(fd, &answer, sizeof answer);
    }
    _exit(0);
}

static int start_child(struct weigher *weigher)
{
    int ends[2];
    pid_t app = getpid();
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0)
        return errno;
    pid_t pid = sys_fork();
    int error = errno;
    if (pid == 0)
        weigh(app, ends[1]);
    sys_close(ends[1]);
    if (pid < 0) {
        sys_close(ends[0]);
        return error;
    }
    *weigher = (struct weigher){.pid = pid, .fd = ends[0]};
    return 0;
}

static bool put_question(const struct weigher *weigher, pid_t of)
{
    return send(weigher->fd, &of, sizeof of, MSG_NOSIGNAL | MSG_DONTWAIT) == (ssize_t)sizeof of;
}

int weigher_start(struct weigher *weigher, pid_t of)
{
    if (weigher->of || of <= 0)
        return 0;
    if (weigher->pid && !put_question(weigher, of))
        weigher_stop(weigher); /* somebody has ended it */
    else if (weigher->pid) {
        weigher->of = of;
        return 0;
    }
    int error = start_child(weigher);
    if (!error && put_question(weigher, of))
        weigher->of = of;
    return error;
}

bool weigher_take(struct weigher *weigher, struct weigher_answer *answer)
{
    if (!weigher->of)
        return false;
    ssize_t got = recv(weigher->fd, answer, sizeof *answer, MSG_DONTWAIT);
    if (got < 0 && (errno == EAGAIN || errno == EINTR))
        return false; /* it is still at it */
    if (got != (ssize_t)sizeof *answer) {
        *answer = (struct weigher_answer){.of = weigher->of};
        weigher_stop(weigher);
    }
    weigher->of = 0;
    return true;
}

void weigher_stop(struct weigher *weigher)
{
    if (!weigher->pid)
        return;
    kill(weigher->pid, SIGKILL);
    while (waitpid(weigher->pid, NULL, 0) < 0 && errno == EINTR)
        continue;
    sys_close(weigher->fd);
    *weigher = (struct weigher){0};
}
