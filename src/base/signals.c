/* signals.c - signals read from a signalfd. See signals.h.
 *
 * A blocked signal is queued even where it is ignored, so one that is to stay ignored has to be left out of the set. */
#include "base/signals.h"

#include <signal.h>
#include <stdbool.h>
#include <sys/signalfd.h>
#include <unistd.h>

static bool stays_ignored(int number)
{
    struct sigaction action;
    bool may = number == SIGHUP || number == SIGTSTP;
    return may && sigaction(number, NULL, &action) == 0 && action.sa_handler == SIG_IGN;
}

int signals_open(const int *numbers, size_t count)
{
    sigset_t set;
    sigemptyset(&set);
    for (size_t i = 0; i < count; i++)
        if (!stays_ignored(numbers[i]))
            sigaddset(&set, numbers[i]);
    signal(SIGPIPE, SIG_IGN);
    if (sigprocmask(SIG_BLOCK, &set, NULL) != 0)
        return -1;
    return signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}

int signals_next(int fd)
{
    struct signalfd_siginfo info;
    return read(fd, &info, sizeof info) == (ssize_t)sizeof info ? (int)info.ssi_signo : 0;
}

void signals_release(int fd)
{
    sigset_t all;
    while (signals_next(fd) != 0)
        continue;
    sigfillset(&all);
    sigprocmask(SIG_UNBLOCK, &all, NULL);
}

/* With the default action and not by SIGSTOP, which nobody is asked about: SIGTSTP the kernel drops in an orphaned process group. */
void signals_stop_self(void)
{
    sigset_t stop, go_on;
    sigemptyset(&stop);
    sigaddset(&stop, SIGTSTP);
    sigemptyset(&go_on);
    sigaddset(&go_on, SIGCONT);
    raise(SIGTSTP);
    sigprocmask(SIG_UNBLOCK, &stop, NULL); /* here it happens */
    sigprocmask(SIG_BLOCK, &stop, NULL);
    sigtimedwait(&go_on, NULL, &(struct timespec){0}); /* who hears of it from the descriptor knows already */
}
