/* doctor.c - juggler doctor: a check a line, from a table. Nothing is changed, and nothing leaves this machine. */
#include "cli/doctor.h"

#include <arpa/inet.h>
#include <errno.h>
#include <inttypes.h>
#include <langinfo.h>
#include <limits.h>
#include <locale.h>
#include <netinet/in.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "base/problem.h"
#include "base/sys.h"
#include "base/text.h"
#include "cli/data_dir.h"
#include "cli/libraries.h"
#include "cli/options_settings.h"
#include "cli/settings.h"
#include "engine/call_filter.h"
#include "juggler/version.h"
#include "measure/machine.h"
#include "report/history.h"
#include "ui/terminal.h"
#include "ui/theme.h"

enum verdict { OK, NOTE, BAD };

struct finding {
    enum verdict verdict;
    char text[512]; /* what there is, and what to do when it is not enough */
};

struct check {
    const char *name;
    struct finding (*look)(void);
};

static struct finding finding(enum verdict verdict, const char *format, ...) __attribute__((format(printf, 2, 3)));

static struct finding finding(enum verdict verdict, const char *format, ...)
{
    struct finding found = {.verdict = verdict};
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(found.text, sizeof found.text, format, arguments);
    va_end(arguments);
    return found;
}

/* --- the machine -------------------------------------------------------------------------------- */

static struct finding look_kernel(void)
{
    struct utsname name;
    if (uname(&name) != 0)
        return finding(NOTE, "not known: %s", strerror(errno));
    return finding(OK, "%s %s %s", name.sysname, name.release, name.machine);
}

static struct finding look_cores(void)
{
    struct usable_cores cores = machine_usable_cores();
    char words[CORES_WORDS_BYTES];
    char quota[48] = "no cgroup quota";
    if (cores.quota >= 0)
        snprintf(quota, sizeof quota, "cgroup quota of %.2f cores", cores.quota);
    machine_cores_words(&cores, words, sizeof words);
    if (cores.count == 1)
        return finding(NOTE,
                       "%s (%u online, affinity %u, %s); computing cannot get faster than with one worker; see taskset and "
                       "the limits of the container",
                       words, cores.online, cores.affinity, quota);
    return finding(OK, "%s (%u online, affinity %u, %s)", words, cores.online, cores.affinity, quota);
}

static struct finding look_schedstat(void)
{
    if (machine_has_schedstat())
        return finding(OK, "the kernel tells how long a thread waited for a core");
    return finding(
        NOTE, "the kernel does not tell how long a thread waited for a core, so that column reads unknown; a kernel with "
              "CONFIG_SCHED_INFO does");
}

static struct finding look_calls(void)
{
    int pidfd = (int)syscall(SYS_pidfd_open, getpid(), 0u);
    int error = errno;
    int memfd = memfd_create("juggler-doctor", MFD_CLOEXEC);
    int memory_error = errno;
    if (pidfd >= 0)
        sys_close(pidfd);
    if (memfd >= 0)
        sys_close(memfd);
    if (pidfd < 0)
        return finding(BAD, "pidfd_open: %s; juggler needs Linux 5.3 or later, and a sandbox that allows the call",
                       strerror(error));
    if (memfd < 0)
        return finding(BAD, "memfd_create: %s; juggler shares its board through it", strerror(memory_error));
    return finding(OK, "pidfd_open and memfd_create work");
}

/* Tried, in a child: whether a container lets it is seen in no other way. */
static struct finding look_filter(void)
{
    struct utsname name;
    if (!call_filter_known())
        return finding(NOTE,
                       "none for %s: workers that are processes may ask the kernel for whatever you may; x86_64 and "
                       "aarch64 have one",
                       uname(&name) == 0 ? name.machine : "this architecture");
    int error = call_filter_try();
    if (error)
        return finding(NOTE,
                       "seccomp: %s, so workers that are processes may ask the kernel for whatever you may; a kernel with "
                       "CONFIG_SECCOMP_FILTER and a container that allows seccomp have it",
                       strerror(error));
    return finding(OK, "workers that are processes are refused the system calls that their work has no use for");
}

static struct finding look_memory(void)
{
    enum { LITTLE_MIB = 64 };
    char shown[32];
    uint64_t bytes = machine_memory_available();
    if (bytes == 0)
        return finding(NOTE, "how much is available is not known: large limits are not checked beforehand");
    text_bytes(shown, sizeof shown, bytes);
    if (bytes < (uint64_t)LITTLE_MIB << 20)
        return finding(NOTE, "%s available: a few workers will do, hundreds may not", shown);
    return finding(OK, "%s available", shown);
}

static struct finding look_processes(void)
{
    unsigned count = machine_processes();
    if (count == 0)
        return finding(NOTE,
                       "/proc cannot be read: what the kernel says of workers stays unknown; mount -t proc proc /proc");
    return finding(OK, "%u on this machine now", count);
}

/* --- limits ------------------------------------------------------------------------------------- */

/* A soft limit, and how far it can be raised. Workers: about how many of them it has room for. */
static struct finding look_limit(__rlimit_resource_t which, rlim_t wanted, const char *raise)
{
    struct rlimit limit;
    if (getrlimit(which, &limit) != 0)
        return finding(NOTE, "not known: %s", strerror(errno));
    if (limit.rlim_cur == RLIM_INFINITY)
        return finding(OK, "no limit");
    uint64_t soft = limit.rlim_cur;
    if (limit.rlim_cur < wanted)
        return finding(NOTE, "%" PRIu64 ": few for a thousand workers; raise it with %s", soft, raise);
    return finding(OK, "%" PRIu64, soft);
}

static struct finding look_descriptors(void)
{
    return look_limit(RLIMIT_NOFILE, 4096, "ulimit -n 4096");
}

static struct finding look_process_limit(void)
{
    return look_limit(RLIMIT_NPROC, 2048, "ulimit -u 4096");
}

/* --- the terminal ------------------------------------------------------------------------------- */

static struct finding look_terminal(void)
{
    const char *name = getenv("TERM");
    struct winsize size = {0};
    if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO))
        return finding(NOTE, "stdin or stdout is no terminal: the dashboard needs both; juggler run works without");
    if (!name || !*name)
        return finding(NOTE, "TERM is not set, so the dashboard cannot start; try TERM=xterm-256color juggler");
    if (strcmp(name, "dumb") == 0)
        return finding(NOTE, "TERM=dumb cannot show the dashboard; juggler run works");
    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0 || size.ws_row == 0)
        return finding(NOTE, "TERM=%s, of unknown size; stty rows 24 cols 80 sets it", name);
    if (size.ws_col < 80 || size.ws_row < 24)
        return finding(NOTE, "TERM=%s, %ux%u: the dashboard shows more from 80x24", name, size.ws_col, size.ws_row);
    return finding(OK, "TERM=%s, %ux%u", name, size.ws_col, size.ws_row);
}

/* Which theme there would be by itself, and why. */
static const char *theme_words(char *out, size_t room)
{
    const char *says = getenv("COLORFGBG");
    const char *name = theme_choose(NULL, says)->name;
    if (says && *says)
        snprintf(out, room, "by COLORFGBG=%.40s the theme auto is %s", says, name);
    else
        snprintf(out, room,
                 "COLORFGBG does not tell the background, so the theme auto is %s; --theme light for a bright one", name);
    return out;
}

static struct finding look_colors(void)
{
    char theme[160];
    bool direct;
    const char *none = getenv("NO_COLOR");
    const char *name = getenv("TERM");
    const char *more = getenv("COLORTERM");
    int count = terminal_colors(name, &direct);
    if (none && *none)
        return finding(OK, "NO_COLOR is set: none are used");
    if (count < 0)
        return finding(NOTE,
                       "not known, as TERM does not name a terminal that is known here; TERM=xterm-256color suits most");
    theme_words(theme, sizeof theme);
    if (direct && count >= (int)THEME_DIRECT)
        return finding(OK, "direct, every one of %d; %s", count, theme);
    if (count >= 256 && !direct)
        return finding(OK, "256; %s", theme);
    if (more && *more)
        return finding(NOTE, "%d, as TERM=%.40s says, but COLORTERM=%.40s: with TERM=xterm-256color there are 256", count,
                       name, more);
    if (count < 8)
        return finding(NOTE,
                       "none, as TERM=%.40s says: bold, letters and shades tell states apart; TERM=xterm-256color if your "
                       "terminal has more",
                       name);
    return finding(NOTE, "%d, as TERM=%.40s says, which look as your terminal likes; TERM=xterm-256color if it has more; %s",
                   count, name, theme);
}

static struct finding look_locale(void)
{
    locale_t locale = newlocale(LC_CTYPE_MASK, "", (locale_t)0);
    if (!locale)
        return finding(
            NOTE, "LANG or LC_ALL names a locale that is not installed, so ASCII is drawn; LANG=C.UTF-8 is always there");
    char codeset[64];
    snprintf(codeset, sizeof codeset, "%s", nl_langinfo_l(CODESET, locale));
    freelocale(locale);
    if (strcmp(codeset, "UTF-8") != 0)
        return finding(NOTE, "%s: ASCII is drawn; LANG=C.UTF-8 juggler draws finer bars", codeset);
    return finding(OK, "UTF-8");
}

/* --- libraries and files ------------------------------------------------------------------------ */

static struct finding look_libraries(void)
{
    char line[LIBRARIES_ROOM];
    return finding(OK, "%s", libraries_line(line));
}

static struct finding look_transfers(void)
{
    struct transfer_library library = libraries_transfer();
    if (!library.async_resolver)
        return finding(
            BAD, "this libcurl cannot look up hosts without blocking, which threads need; install one with c-ares or the "
                 "threaded resolver");
    if (!library.tls)
        return finding(NOTE, "this libcurl has no TLS: https URLs will fail; install libcurl4");
    return finding(OK, "http and https, hosts are looked up without blocking");
}

static struct finding look_certificates(void)
{
    struct transfer_library library = libraries_transfer();
    if (library.ca_file && access(library.ca_file, R_OK) == 0)
        return finding(OK, "%s", library.ca_file);
    if (library.ca_folder && access(library.ca_folder, R_OK | X_OK) == 0)
        return finding(OK, "%s", library.ca_folder);
    return finding(NOTE, "%s cannot be read: https URLs will fail; install the package ca-certificates",
                   library.ca_file ? library.ca_file : "a list of them");
}

static struct finding look_samples(void)
{
    char folder[PATH_MAX];
    struct problem problem;
    if (data_dir_find(folder, sizeof folder, &problem) != 0)
        return finding(BAD, "%.500s", problem.text);
    return finding(OK, "%.500s", folder);
}

static struct finding look_temporary(void)
{
    const char *named = getenv("TMPDIR");
    const char *folder = named && *named ? named : "/tmp";
    if (access(folder, W_OK | X_OK) != 0)
        return finding(BAD, "%.300s: %s; downloads without -o go there: TMPDIR=DIR names another folder", folder,
                       strerror(errno));
    return finding(OK, "%.300s", folder);
}

/* That a run is not noted keeps nothing from working. */
static struct finding look_history(void)
{
    char path[PATH_MAX];
    struct problem problem = {.text = ""};
    if (history_check(&problem) != 0)
        return finding(NOTE, "%.300s; runs are not noted: XDG_STATE_HOME=DIR names another folder", problem.text);
    return finding(OK, "%.400s", history_path(path, sizeof path));
}

/* The first of the sentences, and how many there are more. */
static struct finding settings_faults(const char *sentences)
{
    size_t more = 0;
    for (const char *at = strchr(sentences, '\n'); at; at = strchr(at + 1, '\n'))
        more++;
    int first = (int)strcspn(sentences, "\n");
    if (more)
        return finding(NOTE, "%.*s; and %zu more", first < 440 ? first : 440, sentences, more);
    return finding(NOTE, "%.*s", first, sentences);
}

static struct finding look_settings(void)
{
    struct settings settings;
    struct problem wrong = {.text = ""};
    struct finding found;
    settings_read(&settings);
    if (settings.state == SETTINGS_READ)
        options_check_settings(&settings, &wrong);
    size_t count = 0; /* heads of sections are none */
    for (size_t i = 0; i < settings.count; i++)
        count += settings.list[i].key[0] != '\0';
    if (!settings.path[0])
        found = finding(OK, "none: neither XDG_CONFIG_HOME nor HOME names a folder");
    else if (settings.state == SETTINGS_NONE)
        found = finding(OK, "none; %.400s would be read", settings.path);
    else if (settings.state == SETTINGS_UNREADABLE)
        found = finding(NOTE, "%.400s; nothing of it is in force", settings.problem.text);
    else if (wrong.text[0])
        found = settings_faults(wrong.text);
    else
        found = finding(OK, "%.400s, %zu of them", settings.path, count);
    settings_free(&settings);
    return found;
}

static struct finding look_loopback(void)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    int failed = fd < 0 || bind(fd, (const struct sockaddr *)&address, sizeof address) != 0;
    int error = errno;
    if (fd >= 0)
        sys_close(fd);
    if (failed)
        return finding(BAD, "127.0.0.1: %s; the built-in server listens there: ip link set lo up", strerror(error));
    return finding(OK, "127.0.0.1 can be listened on");
}

/* --- all of them -------------------------------------------------------------------------------- */

static const struct check CHECKS[] = {
    {"kernel", look_kernel},
    {"cores", look_cores},
    {"schedstat", look_schedstat},
    {"system calls", look_calls},
    {"call filter", look_filter},
    {"memory", look_memory},
    {"processes", look_processes},
    {"open files", look_descriptors},
    {"process limit", look_process_limit},
    {"terminal", look_terminal},
    {"colours", look_colors},
    {"locale", look_locale},
    {"libraries", look_libraries},
    {"transfers", look_transfers},
    {"certificates", look_certificates},
    {"sample data", look_samples},
    {"temporary", look_temporary},
    {"loopback", look_loopback},
    {"history", look_history},
    {"settings", look_settings},
};

int doctor_run(FILE *out, bool ascii)
{
    static const char *const WORDS[] = {[OK] = "ok", [NOTE] = "note", [BAD] = "bad"};
    unsigned counts[] = {[OK] = 0, [NOTE] = 0, [BAD] = 0};
    fprintf(out, "juggler " JUGGLER_VERSION "\n");
    for (size_t i = 0; i < sizeof CHECKS / sizeof CHECKS[0]; i++) {
        char shown[1024];
        struct finding found = CHECKS[i].look();
        counts[found.verdict]++;
        text_show(shown, sizeof shown, found.text, ascii);
        fprintf(out, "%-4s  %-13s  %s\n", WORDS[found.verdict], CHECKS[i].name, shown);
    }
    if (counts[BAD])
        fprintf(out, "%u of these keep juggler from working as it should\n", counts[BAD]);
    else if (counts[NOTE])
        fprintf(out, "everything needed is there; %u could be better\n", counts[NOTE]);
    else
        fprintf(out, "everything is there\n");
    return counts[BAD] ? 3 : 0;
}
