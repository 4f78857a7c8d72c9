/* test_call_filter.c - what a forked worker can still ask of the kernel, for each set of needs: every call is made, by a child that has the filter.
 *
 * What is refused is made with arguments that no kernel takes, so that nothing happens should it not be refused: only EPERM will do. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/futex.h>
#include <netdb.h>
#include <netinet/in.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "engine/call_filter.h"
#include "juggler/job.h"

enum { ONLY_COMPUTES = 0, DOWNLOADS = NEEDS_NETWORK | NEEDS_FILES | NEEDS_THREADS };

/* In a build whose reports are written when a process ends a worker may do what that takes (call_rules.c). */
static bool is_instrumented(void)
{
    const char *san = getenv("JUGGLER_SAN");
    return san && *san && strcmp(san, "valgrind") != 0;
}

/* --- a child with the filter ---------------------------------------------------------------------- */

/* Looks at one thing after another; writes a line for each that is not as it should be. */
typedef void look(FILE *wrong);

static int child(unsigned needs, look *looks, int out)
{
    FILE *wrong = fdopen(out, "w");
    if (!wrong || prctl(PR_SET_NO_NEW_PRIVS, 1UL, 0UL, 0UL, 0UL) != 0 || call_filter_apply(needs) != 0)
        return 1;
    looks(wrong);
    return fflush(wrong) != 0;
}

/* Its wait status. What it wrote is in text. */
static int look_from_a_child(unsigned needs, look *looks, char *text, size_t room)
{
    int ends[2], status;
    size_t have = 0;
    assert_int_equal(pipe(ends), 0);
    pid_t pid = fork();
    if (pid == 0)
        _exit(child(needs, looks, ends[1]));
    close(ends[1]);
    for (ssize_t got; have + 1 < room && (got = read(ends[0], text + have, room - 1 - have)) > 0;)
        have += (size_t)got;
    text[have] = '\0';
    close(ends[0]);
    assert_int_equal(waitpid(pid, &status, 0), pid);
    return status;
}

static void assert_as_it_should_be(unsigned needs, look *looks)
{
    char text[4096];
    int error = call_filter_try();
    if (error) {
        print_message("no seccomp here: %s\n", strerror(error));
        skip();
    }
    int status = look_from_a_child(needs, looks, text, sizeof text);
    if (text[0])
        fail_msg("with needs %u:\n%s", needs, text);
    assert_int_equal(status, 0);
}

static void refused_with(FILE *wrong, const char *what, long got, int error)
{
    if (got != -1 || errno != error)
        fprintf(wrong, "%s: %ld, %s, instead of %s\n", what, got, got == -1 ? strerror(errno) : "done", strerror(error));
}

static void refused(FILE *wrong, const char *what, long got)
{
    refused_with(wrong, what, got, EPERM);
}

static void works(FILE *wrong, const char *what, bool well)
{
    if (!well)
        fprintf(wrong, "%s does not work: %s\n", what, strerror(errno));
}

/* --- what nobody gets ------------------------------------------------------------------------------ */

#define CALL(name)                                                                                                          \
    {                                                                                                                       \
#name, SYS_##name                                                                                                   \
    }

struct call {
    const char *name;
    long number;
};

static void refused_all(FILE *wrong, const struct call *calls, size_t count)
{
    for (size_t i = 0; i < count; i++)
        refused(wrong, calls[i].name, syscall(calls[i].number, -1L, -1L, -1L, -1L, -1L, -1L));
}

static void look_at_what_nobody_gets(FILE *wrong)
{
    static const struct call calls[] = {
        CALL(init_module),
        CALL(finit_module),
        CALL(delete_module),
        CALL(kexec_load),
        CALL(bpf),
        CALL(perf_event_open),
        CALL(userfaultfd),
        {"io_uring_setup", 425},
        {"io_uring_enter", 426},
        CALL(add_key),
        CALL(request_key),
        CALL(keyctl),
        CALL(syslog),
        CALL(reboot),
        CALL(swapon),
        CALL(swapoff),
        CALL(sethostname),
        CALL(settimeofday),
        CALL(clock_settime),
        CALL(adjtimex),
        CALL(acct),
        CALL(personality),
        CALL(mount),
        CALL(umount2),
        CALL(pivot_root),
        CALL(chroot),
        CALL(unshare),
        CALL(setns),
        {"open_tree", 428},
        {"move_mount", 429},
        {"fsopen", 430},
        {"mount_setattr", 442},
        CALL(open_by_handle_at),
        CALL(process_vm_readv),
        CALL(process_vm_writev),
        {"pidfd_send_signal", 424},
        {"pidfd_getfd", 438},
        {"process_madvise", 440},
        CALL(setuid),
        CALL(setresuid),
        CALL(setgroups),
        CALL(capset),
        CALL(setsid),
        CALL(setpgid),
        CALL(setpriority),
        CALL(sched_setscheduler),
        CALL(setrlimit),
        CALL(shmget),
        CALL(semget),
        CALL(listen),
        CALL(accept),
        CALL(accept4),
    };
    refused_all(wrong, calls, sizeof calls / sizeof *calls);
    refused_with(wrong, "clone3", syscall(435L, NULL, 0L), ENOSYS);
    refused(wrong, "a signal to the parent", kill(getppid(), 0));
    refused(wrong, "a signal to the group", kill(0, 0));
    refused(wrong, "a signal to a thread of the parent", syscall(SYS_tgkill, getppid(), getppid(), 0));
    refused(wrong, "a new limit", setrlimit(RLIMIT_NOFILE, &(struct rlimit){.rlim_cur = 16, .rlim_max = 16}));
    refused(wrong, "outliving its parent", prctl(PR_SET_PDEATHSIG, 0));
    refused(wrong, "a key pressed for others", ioctl(-1, TIOCSTI, "x"));
    refused(wrong, "a raw socket", socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0));
}

static void look_at_programs_and_odd_files(FILE *wrong)
{
    static const struct call calls[] = {
        CALL(execve), CALL(execveat), CALL(ptrace),       CALL(linkat),   CALL(symlinkat), CALL(mkdirat),  CALL(mknodat),
        CALL(fchmod), CALL(fchmodat), {"fchmodat2", 452}, CALL(fchownat), CALL(setxattr),  CALL(truncate),
#ifdef __x86_64__
        CALL(link),   CALL(symlink),  CALL(mkdir),        CALL(rmdir),    CALL(mknod),     CALL(chmod),    CALL(chown),
#endif
    };
    refused_all(wrong, calls, sizeof calls / sizeof *calls);
    pid_t pid = fork();
    if (pid == 0)
        _exit(0);
    refused(wrong, "fork", pid);
#ifdef __x86_64__
    pid = (pid_t)syscall(SYS_fork);
    if (pid == 0)
        _exit(0);
    refused(wrong, "fork by its old number", pid);
#endif
}

static void nobody_gets_at_the_machine_or_at_others(void **state)
{
    (void)state;
    assert_as_it_should_be(ONLY_COMPUTES, look_at_what_nobody_gets);
    assert_as_it_should_be(DOWNLOADS, look_at_what_nobody_gets);
}

static void nobody_starts_programs(void **state)
{
    (void)state;
    if (is_instrumented())
        skip();
    assert_as_it_should_be(ONLY_COMPUTES, look_at_programs_and_odd_files);
    assert_as_it_should_be(DOWNLOADS, look_at_programs_and_odd_files);
}

/* --- what who only computes does not get ------------------------------------------------------------ */

static void look_for_a_network(FILE *wrong)
{
    static const struct call calls[] = {CALL(socket), CALL(socketpair), CALL(connect), CALL(bind),
                                        CALL(sendto), CALL(sendmsg),    CALL(sendmmsg)};
    refused_all(wrong, calls, sizeof calls / sizeof *calls);
    refused(wrong, "a socket", socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
}

static void *nothing(void *argument)
{
    return argument;
}

static void look_for_files_and_threads(FILE *wrong)
{
    static const struct call calls[] = {
        CALL(unlinkat), CALL(renameat2),
#ifdef __x86_64__
        CALL(unlink),   CALL(rename),    CALL(creat),
#endif
    };
    pthread_t thread;
    refused_all(wrong, calls, sizeof calls / sizeof *calls);
    refused(wrong, "a file to write to", open("/dev/null", O_WRONLY | O_CLOEXEC));
    refused(wrong, "a file to read and write", open("/dev/null", O_RDWR | O_CLOEXEC));
    refused(wrong, "a new file", open("/tmp/juggler-call-filter", O_RDONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
    refused(wrong, "a file made shorter", open("/tmp/juggler-call-filter", O_RDONLY | O_TRUNC | O_CLOEXEC));
#ifdef __x86_64__
    refused(wrong, "a file to write to, by its old number", syscall(SYS_open, "/dev/null", O_WRONLY));
#endif
    refused_with(wrong, "openat2", syscall(437L, -1L, NULL, NULL, 0L), ENOSYS);
    errno = pthread_create(&thread, NULL, nothing, NULL);
    refused(wrong, "a thread", errno ? -1 : 0);
}

static void who_computes_has_no_network(void **state)
{
    (void)state;
    assert_as_it_should_be(ONLY_COMPUTES, look_for_a_network);
    assert_as_it_should_be(NEEDS_FILES, look_for_a_network);
}

static void who_computes_makes_no_files_and_no_threads(void **state)
{
    (void)state;
    if (is_instrumented())
        skip();
    assert_as_it_should_be(ONLY_COMPUTES, look_for_files_and_threads);
}

/* --- what is needed --------------------------------------------------------------------------------- */

static void look_at_what_all_need(FILE *wrong)
{
    struct rlimit limit;
    struct timespec soon = {.tv_nsec = 1000000};
    uint32_t word = 7;
    char text[16];
    int fd = open("/proc/self/statm", O_RDONLY | O_CLOEXEC);
    works(wrong, "reading a file", fd >= 0 && read(fd, text, sizeof text) > 0);
    void *at = mmap(NULL, 1 << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    works(wrong, "memory", at != MAP_FAILED && mprotect(at, 4096, PROT_READ) == 0 && munmap(at, 1 << 20) == 0);
    works(wrong, "waiting", syscall(SYS_futex, &word, FUTEX_WAIT, 7, &soon, NULL, 0) == -1 && errno == ETIMEDOUT);
    works(wrong, "chance", getrandom(text, sizeof text, 0) == (ssize_t)sizeof text);
    works(wrong, "its limits", getrlimit(RLIMIT_NOFILE, &limit) == 0);
    works(wrong, "a name", prctl(PR_SET_NAME, "filtered") == 0);
    works(wrong, "giving way", sched_yield() == 0);
    works(wrong, "a signal to itself", kill(getpid(), 0) == 0 && raise(0) == 0);
}

static void look_at_files(FILE *wrong)
{
    char from[64], to[64];
    snprintf(from, sizeof from, "/tmp/juggler-call-filter-%d.part", (int)getpid());
    snprintf(to, sizeof to, "/tmp/juggler-call-filter-%d", (int)getpid());
    int fd = open(from, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    works(wrong, "writing a file", fd >= 0 && write(fd, "x", 1) == 1 && fsync(fd) == 0 && close(fd) == 0);
    works(wrong, "naming a file", renameat(AT_FDCWD, from, AT_FDCWD, to) == 0);
    works(wrong, "removing a file", unlinkat(AT_FDCWD, to, 0) == 0);
}

static void look_at_a_network(FILE *wrong)
{
    static const int families[] = {AF_UNIX, AF_INET, AF_INET6, AF_NETLINK};
    int pair[2];
    for (size_t i = 0; i < sizeof families / sizeof *families; i++) {
        int fd = socket(families[i], SOCK_DGRAM | SOCK_CLOEXEC, 0);
        works(wrong, "a socket", fd >= 0 || errno == EAFNOSUPPORT);
        close(fd);
    }
    struct sockaddr_in nobody = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK), .sin_port = htons(1)};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    errno = 0;
    works(wrong, "connecting", connect(fd, (const struct sockaddr *)&nobody, sizeof nobody) == 0 || errno == ECONNREFUSED);
    works(wrong, "a pair of sockets", socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) == 0);
    struct addrinfo *found = NULL;
    works(wrong, "looking up a name", getaddrinfo("127.0.0.1", "80", NULL, &found) == 0);
    freeaddrinfo(found);
}

static void look_at_threads(FILE *wrong)
{
    pthread_t thread;
    errno = pthread_create(&thread, NULL, nothing, NULL);
    works(wrong, "a thread", errno == 0 && pthread_join(thread, NULL) == 0);
}

static void what_is_needed_works(void **state)
{
    (void)state;
    assert_as_it_should_be(ONLY_COMPUTES, look_at_what_all_need);
    assert_as_it_should_be(DOWNLOADS, look_at_what_all_need);
    assert_as_it_should_be(NEEDS_FILES, look_at_files);
    assert_as_it_should_be(DOWNLOADS, look_at_files);
    assert_as_it_should_be(DOWNLOADS, look_at_a_network);
    assert_as_it_should_be(DOWNLOADS, look_at_threads);
}

static void die_by_abort(FILE *wrong)
{
    (void)wrong;
    signal(SIGABRT, SIG_DFL);
    abort();
}

/* It dies as ever: of its own signal, which is what its job is charged with. */
static void who_aborts_dies_of_it(void **state)
{
    (void)state;
    char text[256];
    if (is_instrumented() || call_filter_try() != 0)
        skip();
    int status = look_from_a_child(ONLY_COMPUTES, die_by_abort, text, sizeof text);
    assert_true(WIFSIGNALED(status));
    assert_int_equal(WTERMSIG(status), SIGABRT);
}

/* --- another set of numbers ------------------------------------------------------------------------- */

#ifdef __x86_64__
/* In 32-bit code 11 is execve, and 20 is getpid: a list of 64-bit numbers would let either pass. Where there is no such code it is SIGSEGV. */
static void look_at_32_bit_calls(FILE *wrong)
{
    signal(SIGSEGV, SIG_DFL);
    long got = 20;
    __asm__ volatile("int $0x80" : "+a"(got) : : "memory", "r8", "r9", "r10", "r11");
    if (got != -ENOSYS)
        fprintf(wrong, "a 32-bit call: %ld\n", got);
}

static void calls_of_another_architecture_are_refused(void **state)
{
    (void)state;
    char text[256];
    if (is_instrumented() || call_filter_try() != 0)
        skip();
    int status = look_from_a_child(ONLY_COMPUTES, look_at_32_bit_calls, text, sizeof text);
    assert_string_equal(text, "");
    assert_true(WIFSIGNALED(status) ? WTERMSIG(status) == SIGSEGV : WEXITSTATUS(status) == 0);
}
#endif

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nobody_gets_at_the_machine_or_at_others),
        cmocka_unit_test(nobody_starts_programs),
        cmocka_unit_test(who_computes_has_no_network),
        cmocka_unit_test(who_computes_makes_no_files_and_no_threads),
        cmocka_unit_test(what_is_needed_works),
        cmocka_unit_test(who_aborts_dies_of_it),
#ifdef __x86_64__
        cmocka_unit_test(calls_of_another_architecture_are_refused),
#endif
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
