/* main.c - where juggler starts: reads the command line and hands over to the command. */
#include <fcntl.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <sys/resource.h>
#include <unistd.h>

#include "cli/argv.h"
#include "cli/command.h"
#include "cli/doctor.h"
#include "cli/help.h"
#include "cli/settings.h"

/* A SIGCHLD that is inherited as ignored would make every wait for a child fail; a file that may not grow is to be a failed write, not a
 * death. */
static void settle_signals(void)
{
    signal(SIGCHLD, SIG_DFL);
    signal(SIGXFSZ, SIG_IGN);
}

/* Every transfer of a thread pool needs descriptors of one process; the soft limit of 1024 is for programs that use select. */
static void raise_descriptor_limit(void)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
        return;
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
}

/* A program that is started with one of its streams closed would get that number for a file of its own, and lose it when a worker's streams
 * are led to /dev/null. Opened for reading alone, so that what is written there fails as it should. */
static void fill_streams(void)
{
    int fd;
    do
        fd = open("/dev/null", O_RDONLY);
    while (fd >= 0 && fd <= STDERR_FILENO);
    if (fd >= 0)
        close(fd);
}

static int command_doctor(const struct options *options)
{
    return command_end_output(doctor_run(stdout, command_ascii(options)));
}

int main(int argc, char **argv)
{
    static int (*const commands[COMMAND_COUNT])(const struct options *) = {
        [COMMAND_DASHBOARD] = command_dashboard, [COMMAND_RUN] = command_run,       [COMMAND_COMPARE] = command_compare,
        [COMMAND_HISTORY] = command_history,     [COMMAND_REPLAY] = command_replay, [COMMAND_SERVE] = command_serve,
        [COMMAND_DOCTOR] = command_doctor,
    };
    struct options options;
    struct settings settings;
    struct problem problem;
    int code = EXIT_ALL_DONE;
    argv_hide_passwords(argc, argv);
    settle_signals();
    fill_streams();
    setlocale(LC_CTYPE, "");
    settings_read(&settings);
    if (options_parse(argc, argv, &settings, &options, &problem) != 0) {
        code = command_refuse(&options, EXIT_BAD_INPUT, problem.text);
    } else if (options.help) {
        fputs(help_text(options.command), stdout);
        code = command_end_output(code);
    } else if (options.version) {
        help_print_version(stdout);
        code = command_end_output(code);
    } else {
        raise_descriptor_limit();
        command_warn(&options);
        code = commands[options.command](&options);
    }
    options_free(&options);
    settings_free(&settings);
    return code;
}
