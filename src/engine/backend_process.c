/* backend_process.c - workers as forked processes of the runner.
 *
 * The runner is single-threaded, so it may fork at any moment. SIGCHLD arrives on a signalfd and is only a hint: the loop collects until there is
 * nothing left to collect. A process that dies takes nobody along: its job goes back to the queue with one death more, and another
 * worker sits down in its seat. Only the runner kills its workers, and only before it has reaped them, so no pid can have been
 * given to somebody else. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/sys.h"
#include "engine/call_filter.h"
#include "engine/runner.h"

static int processes_start(struct runner *runner)
{
    sigset_t child;
    sigemptyset(&child);
    sigaddset(&child, SIGCHLD);
    sigprocmask(SIG_BLOCK, &child, NULL);
    runner->child_fd = signalfd(-1, &child, SFD_CLOEXEC | SFD_NONBLOCK);
    return runner->child_fd < 0 ? errno : 0;
}

/* Best effort, as all that is given up: where the kernel or a container refuses the filter the work goes on without (juggler doctor says so). */
static void keep_to_what_is_needed(const struct job_set *set)
{
    unsigned needs = set->output_dir < 0 ? set->kind->needs & ~(unsigned)NEEDS_FILES : set->kind->needs;
    if (!(needs & NEEDS_FILES))
        child_drop_capabilities();
    call_filter_apply(needs);
}

static _Noreturn void process_main(const struct crew *crew, size_t slot, pid_t parent)
{
    char name[16];
    snprintf(name, sizeof name, "juggler:p%zu", slot % 100000 + 1);
    child_begin(parent, name, (int[]){crew->poke_fd, crew->bell_fd, crew->set->output_dir}, 3);
    child_limit_descriptors(1);
    child_limit_memory(crew->set->memory_bytes);
    board_protect(crew->board, slot);
    const struct job_kind *kind = crew->set->kind;
    if (kind->process_start && kind->process_start() != 0)
        _exit(WORKER_EXIT_CODE_UNABLE);
    keep_to_what_is_needed(crew->set);
    _exit(seat_live(crew, slot) == SEAT_END_DONE ? 0 : WORKER_EXIT_CODE_UNABLE);
}

static int processes_make(struct runner *runner, struct seat *seat)
{
    pid_t parent = getpid();
    pid_t pid = sys_fork();
    if (pid < 0)
        return errno;
    if (pid == 0)
        process_main(&runner->crew, seat->slot, parent);
    seat->pid = pid;
    return 0;
}

static struct seat *seat_of(struct runner *runner, pid_t pid)
{
    for (size_t i = 0; i < runner->reach; i++)
        if (runner->seats[i].occupied && runner->seats[i].pid == pid)
            return &runner->seats[i];
    return NULL;
}

static void collect(struct runner *runner, int wait_flags)
{
    int status;
    pid_t pid;
    while ((pid = waitpid(-1, &status, wait_flags)) > 0 || (pid < 0 && errno == EINTR)) {
        struct seat *seat = pid > 0 ? seat_of(runner, pid) : NULL;
        if (!seat)
            continue;
        bool unable = WIFEXITED(status) && WEXITSTATUS(status) == WORKER_EXIT_CODE_UNABLE;
        bool killed = !unable && !(WIFEXITED(status) && WEXITSTATUS(status) == 0);
        runner_seat_empty(runner, seat, unable ? SEAT_END_UNABLE : SEAT_END_DONE, killed,
                          WIFSIGNALED(status) ? WTERMSIG(status) : 0);
    }
}

static void processes_reap(struct runner *runner)
{
    struct signalfd_siginfo hint;
    while (read(runner->child_fd, &hint, sizeof hint) > 0)
        continue;
    collect(runner, WNOHANG);
}

/* It has not been reaped, so the number is its own. */
static int process_cpu_clock(const struct seat *seat, clockid_t *clock)
{
    return clock_getcpuclockid(seat->pid, clock);
}

static void process_kill(struct seat *seat)
{
    kill(seat->pid, SIGKILL);
}

static void processes_kill_all(struct runner *runner)
{
    for (size_t i = 0; i < runner->reach; i++)
        if (runner->seats[i].occupied)
            process_kill(&runner->seats[i]);
    collect(runner, 0);
}

const struct backend backend_process = {
    .name = "process",
    .makes = WORKER_PROCESS,
    .start = processes_start,
    .make = processes_make,
    .reap = processes_reap,
    .cpu_clock = process_cpu_clock,
    .kill_one = process_kill,
    .kill_all = processes_kill_all,
};
