/* child.c - what every forked process of a run does first. Only calls that are allowed after fork. */
#include <fcntl.h>
#include <linux/capability.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/sys.h"
#include "engine/runner.h"

enum {
    DESCRIPTORS_A_WORKER = 4, /* socket, file, schedstat or a second socket, and one for the resolver */
    DESCRIPTORS_SPARE = 64,
    DESCRIPTORS_PEAK = 4 /* for moments, while connections are changed and names looked up, so many times as many */
};

#define MEMORY_SPARE_BYTES (UINT64_C(256) << 20)

static void quiet_streams(void)
{
    int null = open("/dev/null", O_RDWR);
    for (int fd = 0; fd <= 2 && null >= 0; fd++)
        dup2(null, fd);
}

/* The app reads its signals from a descriptor and has them blocked; a worker must die of them. Ctrl-C is the app's alone. */
static void plain_signals(void)
{
    for (int number = 1; number < NSIG; number++)
        if (number != SIGKILL && number != SIGSTOP)
            signal(number, SIG_DFL);
    signal(SIGPIPE, SIG_IGN);
    signal(SIGINT, SIG_IGN);
    signal(SIGXFSZ, SIG_IGN); /* a file that may not grow is a failed write, not a death */
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
}

/* When memory runs out, a worker is what can be spared. */
static void offer_to_oom_killer(void)
{
    int fd = open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);
    if (fd < 0)
        return;
    ssize_t got = write(fd, "500", 3);
    (void)got;
    close(fd);
}

/* What root may beyond others: of that nothing is needed here but to write where root was told to. */
static void keep_capabilities(uint32_t kept)
{
    struct __user_cap_header_struct version = {.version = _LINUX_CAPABILITY_VERSION_3};
    struct __user_cap_data_struct has[_LINUX_CAPABILITY_U32S_3] = {{0}};
    if (syscall(SYS_capget, &version, has) != 0)
        return;
    has[0] = (struct __user_cap_data_struct){.effective = has[0].effective & kept, .permitted = has[0].permitted & kept};
    has[1] = (struct __user_cap_data_struct){0};
    syscall(SYS_capset, &version, has);
}

/* Nothing is executed here, so nothing is lost by it. */
static void drop_what_can_be_dropped(void)
{
    keep_capabilities(CAP_TO_MASK(CAP_DAC_OVERRIDE) | CAP_TO_MASK(CAP_DAC_READ_SEARCH) | CAP_TO_MASK(CAP_FOWNER));
    prctl(PR_SET_NO_NEW_PRIVS, 1UL, 0UL, 0UL, 0UL);
    const struct rlimit none = {.rlim_cur = 0, .rlim_max = 0};
    setrlimit(RLIMIT_CORE, &none);
}

void child_drop_capabilities(void)
{
    keep_capabilities(0);
}

size_t descriptors_needed(size_t workers)
{
    return workers * DESCRIPTORS_A_WORKER + DESCRIPTORS_SPARE;
}

void child_limit_descriptors(size_t workers)
{
    struct rlimit limit;
    rlim_t needed = descriptors_needed(workers) * DESCRIPTORS_PEAK;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur <= needed)
        return;
    limit = (struct rlimit){.rlim_cur = needed, .rlim_max = needed};
    setrlimit(RLIMIT_NOFILE, &limit);
}

/* The first figure of statm: pages of address space. */
static uint64_t address_space_bytes(void)
{
    char text[96] = "";
    int fd = open("/proc/self/statm", O_RDONLY | O_CLOEXEC);
    ssize_t got = fd < 0 ? -1 : read(fd, text, sizeof text - 1);
    if (fd >= 0)
        close(fd);
    return got > 0 ? strtoull(text, NULL, 10) * (uint64_t)sysconf(_SC_PAGESIZE) : 0;
}

void child_limit_memory(uint64_t bytes)
{
    struct rlimit limit;
    uint64_t has = address_space_bytes();
    rlim_t most = has + bytes + MEMORY_SPARE_BYTES;
    if (!bytes || !has || most < bytes || getrlimit(RLIMIT_AS, &limit) != 0 || limit.rlim_cur <= most)
        return;
    limit = (struct rlimit){.rlim_cur = most, .rlim_max = most};
    setrlimit(RLIMIT_AS, &limit);
}

void child_begin(pid_t parent, const char *name, const int *keep, size_t keep_count)
{
    /* The signal is set first and the parent checked after it: whichever came first, it is noticed. */
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent)
        _exit(RUNNER_EXIT_UNABLE);
    prctl(PR_SET_NAME, name);
    plain_signals();
    quiet_streams();
    sys_close_from(3, keep, keep_count);
    offer_to_oom_killer();
    drop_what_can_be_dropped();
}
