/* leader.c - leads the session that the terminal belongs to, as a shell does: starts the program in a group of its own in the foreground, takes
 * the terminal back when it ends, and stays. It also inherits and reaps what the program leaves behind. */
#include "leader.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

static _Noreturn void be_program(const struct leader_start *start)
{
    sigset_t none;
    sigemptyset(&none);
    setpgid(0, 0);
    tcsetpgrp(STDIN_FILENO, getpid());
    for (int number = 1; number < NSIG; number++)
        if (number != SIGKILL && number != SIGSTOP)
            signal(number, SIG_DFL);
    sigprocmask(SIG_SETMASK, &none, NULL);
    execve(start->program, start->arguments, start->environment);
    _exit(127);
}

static void take_terminal(const struct leader_start *start)
{
    setsid();
    ioctl(start->terminal, TIOCSCTTY, 0);
    for (int fd = 0; fd <= 2; fd++)
        dup2(start->terminal, fd);
    close(start->terminal);
}

static void tell(int report, pid_t pid, int status)
{
    const struct leader_report words = {.pid = pid, .status = status};
    ssize_t gone = write(report, &words, sizeof words);
    (void)gone; /* the test has given up */
}

static void reap(const struct leader_start *start, pid_t program)
{
    int status;
    pid_t pid;
    while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
        if (pid != program)
            continue;
        tcsetpgrp(STDIN_FILENO, getpgrp());
        tell(start->report, pid, status);
    }
}

_Noreturn void leader_main(const struct leader_start *start)
{
    sigset_t child;
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    prctl(PR_SET_CHILD_SUBREAPER, 1);
    take_terminal(start);
    static const int ignored[] = {SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGTSTP, SIGTTIN, SIGTTOU, SIGPIPE};
    for (size_t i = 0; i < sizeof ignored / sizeof *ignored; i++)
        signal(ignored[i], SIG_IGN);
    sigemptyset(&child);
    sigaddset(&child, SIGCHLD);
    sigprocmask(SIG_BLOCK, &child, NULL);
    int children = signalfd(-1, &child, SFD_CLOEXEC);
    pid_t program = fork();
    if (program == 0)
        be_program(start);
    tell(start->report, program, 0);
    for (;;) {
        struct pollfd fds[] = {{.fd = start->hold, .events = POLLIN}, {.fd = children, .events = POLLIN}};
        struct signalfd_siginfo info;
        poll(fds, 2, -1);
        if (fds[1].revents && read(children, &info, sizeof info) > 0)
            reap(start, program);
        if (fds[0].revents)
            _exit(0);
    }
}
