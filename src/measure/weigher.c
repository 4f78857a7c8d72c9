/* weigher.c - see weigher.h. The child inherits blocked signals, holds no descriptor but its pipe, and dies with the app. It writes one number
 * and leaves; the app reads it without waiting. A child that dies early leaves an end of file: not known. */
#include "measure/weigher.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/sys.h"
#include "measure/machine.h"

static _Noreturn void weigh(pid_t app, pid_t of, int fd)
{
    uint64_t pss = 0, private_bytes, rss;
    prctl(PR_SET_NAME, "juggler:weigher");
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != app)
        _exit(1);
    sys_close_from(3, &fd, 1);
    if (machine_memory_of(of, &pss, &private_bytes, &rss))
        sys_write(fd, &pss, sizeof pss);
    _exit(0);
}

int weigher_start(struct weigher *weigher, pid_t of)
{
    int ends[2];
    pid_t app = getpid();
    if (weigher->pid || of <= 0)
        return 0;
    if (pipe2(ends, O_CLOEXEC | O_NONBLOCK) != 0)
        return errno;
    pid_t pid = sys_fork();
    int error = errno;
    if (pid == 0)
        weigh(app, of, ends[1]);
    sys_close(ends[1]);
    if (pid < 0) {
        sys_close(ends[0]);
        return error;
    }
    *weigher = (struct weigher){.pid = pid, .of = of, .fd = ends[0]};
    return 0;
}

static void reap(struct weigher *weigher)
{
    while (waitpid(weigher->pid, NULL, 0) < 0 && errno == EINTR)
        continue;
    sys_close(weigher->fd);
    *weigher = (struct weigher){0};
}

bool weigher_take(struct weigher *weigher, pid_t *of, uint64_t *bytes)
{
    uint64_t answer = 0;
    siginfo_t left = {.si_pid = 0};
    if (!weigher->pid)
        return false;
    int got = waitid(P_PID, (id_t)weigher->pid, &left, WEXITED | WNOHANG | WNOWAIT);
    if (got == 0 && left.si_pid == 0)
        return false; /* it is still at it */
    if (sys_read(weigher->fd, &answer, sizeof answer) != (ssize_t)sizeof answer)
        answer = 0;
    *of = weigher->of;
    *bytes = answer;
    reap(weigher);
    return true;
}

void weigher_stop(struct weigher *weigher)
{
    if (!weigher->pid)
        return;
    kill(weigher->pid, SIGKILL);
    reap(weigher);
}
