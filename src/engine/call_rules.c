/* call_rules.c - the calls that are refused to forked workers. See call_filter.h for what it is good for, call_filter.c for how.
 *
 * A list of what is refused, not of what is allowed: libcurl, its resolver and the C library may ask for what they like, tomorrow too, and a list
 * of what they need would break downloads on every system with a newer one. So this is a second wall, not a prison. What is refused
 * to all no library here has a use for.
 *
 * - clone3 passes its flags in memory, where a filter can't look, and so does openat2: both are "not implemented", upon which the C library
 *   takes clone and openat.
 * - A worker signals itself alone (abort does). The runner ends others.
 * - Limits, process groups and PR_SET_PDEATHSIG are how others keep a worker in hand: they stay as they are.
 * - Where reports are written when a process ends (sanitizers, coverage), what writes them is let be, and the sanitizer's helper program. */
#include "engine/call_rules.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>

#include "juggler/job.h"

#if defined(__x86_64__) && defined(__LP64__)
const uint32_t CALL_ARCHITECTURE = AUDIT_ARCH_X86_64;
#elif defined(__aarch64__) && defined(__LP64__) && defined(__AARCH64EL__)
const uint32_t CALL_ARCHITECTURE = AUDIT_ARCH_AARCH64;
#else
const uint32_t CALL_ARCHITECTURE = 0;
#endif

/* The same on all architectures. Headers that are older than a call don't know it, the kernel below may. */
enum {
    CALL_PIDFD_SEND_SIGNAL = 424,
    CALL_IO_URING_SETUP = 425,
    CALL_IO_URING_ENTER = 426,
    CALL_IO_URING_REGISTER = 427,
    CALL_OPEN_TREE = 428,
    CALL_MOVE_MOUNT = 429,
    CALL_FSOPEN = 430,
    CALL_FSCONFIG = 431,
    CALL_FSMOUNT = 432,
    CALL_FSPICK = 433,
    CALL_CLONE3 = 435,
    CALL_OPENAT2 = 437,
    CALL_PIDFD_GETFD = 438,
    CALL_PROCESS_MADVISE = 440,
    CALL_MOUNT_SETATTR = 442,
    CALL_QUOTACTL_FD = 443,
    CALL_PROCESS_MRELEASE = 448,
    CALL_FCHMODAT2 = 452,
    CALL_SETXATTRAT = 463,
    CALL_REMOVEXATTRAT = 466,
    CALL_OPEN_TREE_ATTR = 467
};

/* --- refused to all ------------------------------------------------------------------------------- */

/* The kernel itself: what is loaded into it, and the ways into it that had the most holes. */
static const int KERNEL[] = {
    SYS_init_module,     SYS_finit_module, SYS_delete_module,   SYS_kexec_load,      SYS_bpf,
    SYS_perf_event_open, SYS_userfaultfd,  CALL_IO_URING_SETUP, CALL_IO_URING_ENTER, CALL_IO_URING_REGISTER,
    SYS_add_key,         SYS_request_key,  SYS_keyctl,          SYS_syslog};

static const int MACHINE[] = {SYS_reboot,       SYS_swapon,        SYS_swapoff,       SYS_sethostname, SYS_setdomainname,
                              SYS_settimeofday, SYS_clock_settime, SYS_clock_adjtime, SYS_adjtimex,    SYS_acct,
                              SYS_quotactl,     CALL_QUOTACTL_FD,  SYS_vhangup,       SYS_personality};

/* What it sees of the file system and of the machine. */
static const int VIEW[] = {SYS_mount,       SYS_umount2,        SYS_pivot_root,        SYS_chroot,
                           SYS_unshare,     SYS_setns,          CALL_OPEN_TREE,        CALL_OPEN_TREE_ATTR,
                           CALL_MOVE_MOUNT, CALL_FSOPEN,        CALL_FSCONFIG,         CALL_FSMOUNT,
                           CALL_FSPICK,     CALL_MOUNT_SETATTR, SYS_open_by_handle_at, SYS_fanotify_init};

/* Other processes. */
static const int OTHERS[] = {SYS_process_vm_readv, SYS_process_vm_writev, SYS_kcmp,
                             SYS_migrate_pages,    SYS_move_pages,        CALL_PIDFD_SEND_SIGNAL,
                             CALL_PIDFD_GETFD,     CALL_PROCESS_MADVISE,  CALL_PROCESS_MRELEASE};

/* Being somebody else, or more important, or out of the runner's hand. */
static const int STANDING[] = {
    SYS_setuid,      SYS_setgid,     SYS_setreuid,           SYS_setregid,       SYS_setresuid,     SYS_setresgid,
    SYS_setfsuid,    SYS_setfsgid,   SYS_setgroups,          SYS_capset,         SYS_setsid,        SYS_setpgid,
    SYS_setpriority, SYS_ioprio_set, SYS_sched_setscheduler, SYS_sched_setparam, SYS_sched_setattr, SYS_setrlimit};

/* Names outside of folders, which outlive whoever made them. */
static const int NAMES[] = {SYS_shmget, SYS_msgget, SYS_semget, SYS_mq_open, SYS_mq_unlink};

static const int SERVERS[] = {SYS_listen, SYS_accept, SYS_accept4};

/* --- refused unless -------------------------------------------------------------------------------- */

/* Starting or following processes: what a sanitizer does to name the places in its report. */
static const int PROGRAMS[] = {SYS_execve, SYS_execveat, SYS_ptrace};

/* What no file of ours needs. */
static const int ODD_FILES[] = {SYS_linkat,       SYS_symlinkat,      SYS_mkdirat,     SYS_mknodat,     SYS_fchmod,
                                SYS_fchmodat,     CALL_FCHMODAT2,     SYS_fchown,      SYS_fchownat,    SYS_setxattr,
                                SYS_lsetxattr,    SYS_fsetxattr,      CALL_SETXATTRAT, SYS_removexattr, SYS_lremovexattr,
                                SYS_fremovexattr, CALL_REMOVEXATTRAT, SYS_utimensat,   SYS_truncate};

static const int FILES[] = {SYS_unlinkat, SYS_renameat, SYS_renameat2};

static const int NETWORK[] = {SYS_socket, SYS_socketpair, SYS_connect, SYS_bind, SYS_sendto, SYS_sendmsg, SYS_sendmmsg};

/* Older words for the same, which newer architectures never had. */
#ifdef __x86_64__
static const int OLD_KERNEL[] = {SYS_kexec_file_load, SYS_iopl, SYS_ioperm, SYS_modify_ldt};
static const int OLD_PROGRAMS[] = {SYS_fork, SYS_vfork};
static const int OLD_ODD_FILES[] = {SYS_link,  SYS_symlink, SYS_mkdir, SYS_rmdir,  SYS_mknod,    SYS_chmod,
                                    SYS_chown, SYS_lchown,  SYS_utime, SYS_utimes, SYS_futimesat};
static const int OLD_FILES[] = {SYS_unlink, SYS_rename, SYS_creat};
#endif

#define FILES_OR_REPORTS ((unsigned)NEEDS_FILES | NEEDS_REPORTS)
#define GROUP(list, needs)                                                                                                  \
    {                                                                                                                       \
        (list), sizeof(list) / sizeof *(list), (needs)                                                                      \
    }

const struct call_group CALL_GROUPS[] = {
    GROUP(KERNEL, 0),
    GROUP(MACHINE, 0),
    GROUP(VIEW, 0),
    GROUP(OTHERS, 0),
    GROUP(STANDING, 0),
    GROUP(NAMES, 0),
    GROUP(SERVERS, 0),
    GROUP(PROGRAMS, NEEDS_REPORTS),
    GROUP(ODD_FILES, NEEDS_REPORTS),
    GROUP(FILES, FILES_OR_REPORTS),
    GROUP(NETWORK, NEEDS_NETWORK),
#ifdef __x86_64__
    GROUP(OLD_KERNEL, 0),
    GROUP(OLD_PROGRAMS, NEEDS_REPORTS),
    GROUP(OLD_ODD_FILES, NEEDS_REPORTS),
    GROUP(OLD_FILES, FILES_OR_REPORTS),
#endif
};
const size_t CALL_GROUP_COUNT = sizeof CALL_GROUPS / sizeof *CALL_GROUPS;

/* --- refused for what they are asked for ------------------------------------------------------------- */

#define WRITING ((uint32_t)(O_ACCMODE | O_CREAT | O_TRUNC))
#define THREADS_OR_REPORTS ((unsigned)NEEDS_THREADS | NEEDS_REPORTS)

const struct call_rule CALL_RULES[] = {
    /* threads, and no processes */
    {.call = CALL_CLONE3, .error = ENOSYS},
    {.call = SYS_clone, .unless = THREADS_OR_REPORTS},
    {.call = SYS_clone, .test = REFUSE_NO_BITS, .at = CALL_LOW(0), .value = CLONE_THREAD, .unless = NEEDS_REPORTS},
    /* files to read */
    {.call = CALL_OPENAT2, .unless = FILES_OR_REPORTS, .error = ENOSYS},
    {.call = SYS_openat, .test = REFUSE_BITS, .at = CALL_LOW(2), .value = WRITING, .unless = FILES_OR_REPORTS},
#ifdef __x86_64__
    {.call = SYS_open, .test = REFUSE_BITS, .at = CALL_LOW(1), .value = WRITING, .unless = FILES_OR_REPORTS},
#endif
    /* sockets of the usual families: local ones, the internet's, and the kernel's word on addresses */
    {.call = SYS_socket, .test = REFUSE_ABOVE, .at = CALL_LOW(0), .value = AF_NETLINK},
    /* signals to itself */
    {.call = SYS_kill, .test = REFUSE_OTHERS, .at = CALL_LOW(0)},
    {.call = SYS_tkill, .test = REFUSE_OTHERS, .at = CALL_LOW(0)},
    {.call = SYS_tgkill, .test = REFUSE_OTHERS, .at = CALL_LOW(0)},
    {.call = SYS_rt_sigqueueinfo, .test = REFUSE_OTHERS, .at = CALL_LOW(0)},
    {.call = SYS_rt_tgsigqueueinfo, .test = REFUSE_OTHERS, .at = CALL_LOW(0)},
    /* limits may be read: a new one is a pointer, of which either half will do */
    {.call = SYS_prlimit64, .test = REFUSE_BITS, .at = CALL_LOW(2), .value = UINT32_MAX},
    {.call = SYS_prlimit64, .test = REFUSE_BITS, .at = CALL_HIGH(2), .value = UINT32_MAX},
    {.call = SYS_prctl, .test = REFUSE_EQUAL, .at = CALL_LOW(0), .value = PR_SET_PDEATHSIG},
    {.call = SYS_prctl, .test = REFUSE_EQUAL, .at = CALL_LOW(0), .value = PR_SET_MM},
    {.call = SYS_prctl, .test = REFUSE_EQUAL, .at = CALL_LOW(0), .value = PR_SET_DUMPABLE, .unless = NEEDS_REPORTS},
    {.call = SYS_prctl, .test = REFUSE_EQUAL, .at = CALL_LOW(0), .value = PR_SET_PTRACER, .unless = NEEDS_REPORTS},
    /* keys pressed for somebody at a terminal */
    {.call = SYS_ioctl, .test = REFUSE_EQUAL, .at = CALL_LOW(1), .value = TIOCSTI},
    {.call = SYS_ioctl, .test = REFUSE_EQUAL, .at = CALL_LOW(1), .value = TIOCLINUX},
};
const size_t CALL_RULE_COUNT = sizeof CALL_RULES / sizeof *CALL_RULES;
