/* serve_command.c - juggler serve: the built-in origin on its own, until it is stopped. */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

#include "base/problem.h"
#include "base/signals.h"
#include "cli/command.h"
#include "cli/data_dir.h"
#include "cli/workload.h"
#include "origin/origin.h"

static int serve_until_told(struct origin *origin, int signal_fd)
{
    printf("http://127.0.0.1:%u\n", (unsigned)origin_port(origin));
    if (command_end_output(EXIT_ALL_DONE) != EXIT_ALL_DONE)
        return EXIT_NOT_CARRIED_OUT; /* nobody would know where it is */
    for (;;) {
        struct pollfd fds[] = {{.fd = signal_fd, .events = POLLIN}, {.fd = origin_pidfd(origin), .events = POLLIN}};
        if (poll(fds, 2, -1) < 0 && errno != EINTR)
            return EXIT_NOT_CARRIED_OUT;
        int number = signals_next(signal_fd);
        if (number)
            return EXIT_SIGNAL + number;
        if (fds[1].revents) {
            fprintf(stderr, "juggler: the server ended by itself\n");
            return EXIT_NOT_CARRIED_OUT;
        }
    }
}

int command_serve(const struct options *options)
{
    char data_dir[WORKLOAD_PATH_BYTES];
    struct problem problem;
    if (data_dir_find(data_dir, sizeof data_dir, &problem) != 0)
        return command_refuse(options, EXIT_NOT_CARRIED_OUT, problem.text);
    int signal_fd = command_signals_open(false);
    if (signal_fd < 0) {
        problem_set_errno(&problem, errno, "signals could not be set up");
        return command_refuse(options, EXIT_NOT_CARRIED_OUT, problem.text);
    }
    const struct origin_options asked = {.latency_ms = options->latency_ms,
                                         .rate_bytes_per_s = options->rate_bytes_per_s,
                                         .port = options->port,
                                         .files = options->files,
                                         .sample_dir = data_dir};
    struct origin *origin = origin_start(&asked, &problem);
    int code = origin ? serve_until_told(origin, signal_fd) : command_refuse(options, EXIT_NOT_CARRIED_OUT, problem.text);
    origin_stop(origin);
    close(signal_fd);
    return code;
}
