/* supervise.c - the app's watch over a runner: how it ended, what it left behind, and starting it again.
 *
 * The app is the subreaper of what it forks, so when a runner dies its processes become the app's children and can be waited for.
 * The order is what makes recovery safe: first every process of the group is ended and reaped, and only then are their jobs put
 * back; so no late worker can write where its successor writes. The group is signalled while its leader is not yet reaped, so its
 * number can't have been given away. */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/sys.h"
#include "engine/recover.h"
#include "engine/run_private.h"
#include "engine/runner.h"

enum { IDLE_DEATHS_MAX = 3, RESTARTS_MAX = 1000 };

void run_end_group(struct run *run)
{
    kill(-run->runner, SIGKILL);
    kill(run->runner, SIGKILL); /* it may not have made its group yet */
}

/* Linux counts in it those children of the process that it has itself waited for: so its workers, too. */
static uint64_t cpu_ns_of(const struct rusage *usage)
{
    return ((uint64_t)usage->ru_utime.tv_sec + (uint64_t)usage->ru_stime.tv_sec) * NS_PER_S +
           ((uint64_t)usage->ru_utime.tv_usec + (uint64_t)usage->ru_stime.tv_usec) * NS_PER_US;
}

/* Reaps the runner and, after it, whatever its workers left; returns the runner's wait status. */
static int reap_group(struct run *run)
{
    int status = 0, other;
    struct rusage usage = {0};
    kill(-run->runner, SIGKILL);
    while (wait4(run->runner, &status, 0, &usage) < 0 && errno == EINTR)
        continue;
    run->cpu_ns += cpu_ns_of(&usage);
    pid_t got;
    while ((got = wait4(-run->runner, &other, 0, &usage)) > 0 || (got < 0 && errno == EINTR))
        run->cpu_ns += got > 0 ? cpu_ns_of(&usage) : 0;
    if (run->pidfd >= 0)
        close(run->pidfd);
    run->pidfd = -1;
    return status;
}

int run_fork_runner(struct run *run)
{
    prctl(PR_SET_CHILD_SUBREAPER, 1);
    pid_t app = getpid();
    pid_t pid = sys_fork();
    if (pid < 0)
        return errno;
    if (pid == 0)
        runner_main(&run->crew, app);
    run->runner = pid;
    run->pidfd = (int)syscall(SYS_pidfd_open, pid, 0); /* glibc has a name for it since 2.36 only */
    if (run->pidfd >= 0)
        return 0;
    int error = errno;
    run_end_group(run);
    reap_group(run);
    run->runner = 0;
    return error;
}

/* --- after its end -------------------------------------------------------------------------------- */

/* Jobs in hand: threads and transfers that died with their process are charged, for one of them may have been the cause. Processes that died because their
 * runner did are not, and neither is anybody when the run was told to stop, or when a person killed them. Returns how many there were. */
static size_t put_jobs_back(struct run *run, int signal_number)
{
    struct board *board = run->crew.board;
    const struct job_set *set = run->crew.set;
    bool charged = !run->stopping && !run->asked && run->crew.strategy->backend != BACKEND_PROCESS;
    size_t found = 0;
    for (size_t job = 0; job < set->count; job++) {
        struct job_word word = board_job(board, job);
        if (job_state_is_final(word.state))
            continue;
        if (set->kind->abandon)
            set->kind->abandon(set, job);
        if (word.state != JOB_RUNNING)
            continue;
        found++;
        if (charged)
            job_recover(board, job, (struct death){.signal = signal_number});
        else
            board_release(board, job, word.slot, word.generation);
    }
    return found;
}

static void mark_workers_gone(struct run *run, int signal_number)
{
    struct slot_data data;
    for (size_t i = 0; i < run->slots; i++) {
        board_slot_salvage(run->crew.board, i, &data);
        if (!data.born_ns || data.exit != WORKER_EXIT_NONE)
            continue;
        if (run->stopping)
            seat_mark_stopped(&run->crew, i);
        else
            seat_mark_killed(&run->crew, i, (struct death){.signal = signal_number});
    }
}

static void close_run(struct run *run, enum run_state how)
{
    struct runner_words words = board_read_runner(run->crew.board);
    run->runner = 0;
    run->ended = how;
    run->ended_ns = words.end_ns ? words.end_ns : clock_now_ns();
    run_note_pause(run, run->ended_ns);
    run_drain_events(run); /* the last words of those that are gone */
}

static void close_unable(struct run *run)
{
    int error = (int)board_read_runner(run->crew.board).make_failed;
    problem_set_errno(&run->problem, error ? error : ECHILD, "no worker could be started");
    put_jobs_back(run, 0);
    close_run(run, RUN_BROKEN);
}

/* The runner died of something. What it held is put back, and another one goes on with the same board, unless runners die again and
 * again without any job in hand that could be blamed. */
static void start_again(struct run *run, int signal_number)
{
    mark_workers_gone(run, signal_number);
    size_t in_hand = put_jobs_back(run, signal_number);
    run->idle_deaths = in_hand || run->asked ? 0 : run->idle_deaths + 1;
    run->asked = false;
    run->restarts++;
    static const char *const whose[] = {[BACKEND_THREAD] = "the process with all threads in it",
                                        [BACKEND_PROCESS] = "the runner process",
                                        [BACKEND_LOOP] = "the process with all transfers in it"};
    const char *who = whose[run->crew.strategy->backend];
    problem_set(&run->problem, "%s died of signal %d (%s); %zu job%s put back and it was started again", who, signal_number,
                strsignal(signal_number), in_hand, in_hand == 1 ? " was" : "s were");
    int error = 0;
    if (run->idle_deaths < IDLE_DEATHS_MAX && run->restarts < RESTARTS_MAX && (error = run_fork_runner(run)) == 0)
        return;
    problem_set(&run->problem, "the runner process died of signal %d (%s) and could not be started again%s%s", signal_number,
                strsignal(signal_number), error ? ": " : "", error ? strerror(error) : "");
    close_run(run, RUN_BROKEN);
}

/* Of two who can tell, for whichever does not. ECHILD: there is no such child any more. */
static bool has_runner_ended(const struct run *run)
{
    siginfo_t info = {0};
    struct pollfd asked = {.fd = run->pidfd, .events = POLLIN};
    if (waitid(P_PID, (id_t)run->runner, &info, WEXITED | WNOWAIT | WNOHANG) == 0)
        return info.si_pid != 0;
    return errno == ECHILD || (poll(&asked, 1, 0) > 0 && (asked.revents & POLLIN));
}

void run_after_runner(struct run *run, bool wait)
{
    if (!wait && !has_runner_ended(run))
        return;
    int status = reap_group(run);
    size_t hint = 0;
    if (board_all_final(run->crew.board, &hint))
        close_run(run, RUN_DONE);
    else if (run->stopping) {
        put_jobs_back(run, 0);
        mark_workers_gone(run, 0);
        close_run(run, RUN_STOPPED);
    } else if (WIFEXITED(status) && WEXITSTATUS(status) == RUNNER_EXIT_UNABLE)
        close_unable(run);
    else
        start_again(run, WIFSIGNALED(status) ? WTERMSIG(status) : 0);
}
