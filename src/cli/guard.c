/* guard.c - a tiny process that puts things in order when the program is ended outright.
 *
 * It has a session of its own, so that neither Ctrl-C nor a hang-up reaches it, and ignores what could end it before its time. Only it waits
 * on the pipe: every other process of ours closes the write end, so end-of-file means that the program is gone. */
#include "cli/guard.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/file.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/sys.h"

/* A frame that was on its way when the program was killed may fill the terminal's queue for a moment. */
enum { READS_WITHIN_MS = 300 };
/* The kernel ends the program's other processes, one after the other; those that wait for a disk take their time. */
enum { OTHERS_GONE_WITHIN_S = 3, OTHERS_LOOK_MS = 5 };
/* Where none can be made, or each is killed at once, that is not tried with every frame. */
#define POST_EVERY_NS (NS_PER_S / 2)

void guard_add(struct guard_duty *duty, const struct workload *workload)
{
    if (!workload->folder[0] || duty->folders_count == GUARD_FOLDERS_MAX)
        return;
    struct guard_folder *folder = &duty->folders[duty->folders_count++];
    memcpy(folder->path, workload->folder, sizeof folder->path);
    memcpy(folder->prefix, workload->prefix, sizeof folder->prefix);
    folder->whole = workload->temporary;
}

/* A temporary folder is ours alone. By its name stands nothing else that would be emptied: no link, nothing that others may look into. */
static bool is_what_we_made(const struct guard_folder *folder, int fd)
{
    struct stat info;
    return !folder->whole || (fstat(fd, &info) == 0 && info.st_uid == geteuid() && (info.st_mode & 077) == 0);
}

static DIR *open_folder(const struct guard_folder *folder)
{
    int fd = open(folder->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC | (folder->whole ? O_NOFOLLOW : 0));
    DIR *entries = fd >= 0 && is_what_we_made(folder, fd) ? fdopendir(fd) : NULL;
    if (fd >= 0 && !entries)
        close(fd);
    return entries;
}

/* Until nobody has the folder open who could still begin a file there: each of ours holds a lock on it (workload.c). Somebody else's run in
 * the same folder looks the same, which is why it has an end. */
static void await_others(int fd, uint64_t until_ns)
{
    while (flock(fd, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK && clock_now_ns() < until_ns)
        clock_sleep_ns(OTHERS_LOOK_MS * NS_PER_MS);
}

/* True: there is nothing left to be done there. */
static bool clean_folder(const struct guard_folder *folder, uint64_t until_ns)
{
    DIR *entries = open_folder(folder);
    if (!entries)
        return false;
    await_others(dirfd(entries), until_ns);
    const struct dirent *entry;
    while ((entry = readdir(entries)))
        if (folder->whole || strncmp(entry->d_name, folder->prefix, strlen(folder->prefix)) == 0)
            unlinkat(dirfd(entries), entry->d_name, 0);
    closedir(entries);
    return folder->whole && rmdir(folder->path) == 0;
}

static void guard_begin(const struct guard_duty *duty, int pipe_fd)
{
    setsid();
    prctl(PR_SET_NAME, "juggler:guard");
    for (int number = 1; number < NSIG; number++)
        if (number != SIGKILL && number != SIGSTOP && number != SIGCHLD)
            signal(number, SIG_IGN);
    int null = open("/dev/null", O_RDWR);
    for (int fd = 0; fd <= 2 && null >= 0; fd++)
        if (!duty->rescue.known || fd != duty->rescue.fd)
            dup2(null, fd);
    sys_close_from(3, (int[]){pipe_fd, duty->rescue.known ? duty->rescue.fd : -1}, 2);
}

/* The program's other processes die with it by a signal of the kernel's. The second look is for folders that know no locks. */
static _Noreturn void guard_main(const struct guard_duty *duty, int pipe_fd)
{
    char word;
    ssize_t got;
    bool done[GUARD_FOLDERS_MAX] = {false};
    guard_begin(duty, pipe_fd);
    got = read(pipe_fd, &word, 1);
    if (got == 1)
        _exit(0);
    terminal_rescue_now(&duty->rescue, READS_WITHIN_MS);
    uint64_t until_ns = clock_now_ns() + OTHERS_GONE_WITHIN_S * NS_PER_S;
    for (int look = 0; look < 2; look++) {
        for (size_t i = 0; i < duty->folders_count; i++)
            done[i] = done[i] || clean_folder(&duty->folders[i], until_ns);
        clock_sleep_ns(100 * NS_PER_MS);
    }
    _exit(0);
}

static void post(struct guard *guard)
{
    int fds[2];
    guard->posted_ns = clock_now_ns();
    if (pipe2(fds, O_CLOEXEC) != 0)
        return;
    pid_t pid = sys_fork();
    if (pid == 0) {
        close(fds[1]);
        guard_main(&guard->duty, fds[0]);
    }
    close(fds[0]);
    if (pid < 0) {
        close(fds[1]);
        return;
    }
    guard->pid = pid;
    guard->alive_fd = fds[1];
}

static bool has_duty(const struct guard *guard)
{
    return guard->duty.rescue.known || guard->duty.folders_count > 0;
}

void guard_start(struct guard *guard, const struct guard_duty *duty)
{
    *guard = (struct guard){.duty = *duty, .alive_fd = -1};
    if (has_duty(guard))
        post(guard);
}

void guard_look(struct guard *guard)
{
    if (guard->pid && waitpid(guard->pid, NULL, WNOHANG) != guard->pid)
        return;
    if (guard->pid)
        close(guard->alive_fd);
    guard->pid = 0;
    if (has_duty(guard) && clock_now_ns() - guard->posted_ns >= POST_EVERY_NS)
        post(guard);
}

void guard_chore(void *guard)
{
    guard_look(guard);
}

void guard_stop(struct guard *guard)
{
    if (!guard->pid)
        return;
    ssize_t got = write(guard->alive_fd, "k", 1);
    (void)got;
    close(guard->alive_fd);
    kill(guard->pid, SIGCONT); /* nobody who stopped it keeps us waiting */
    waitpid(guard->pid, NULL, 0);
    guard->pid = 0;
}
