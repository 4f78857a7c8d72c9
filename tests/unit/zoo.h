/* zoo.h - the servers that misbehave (tests/servers/zoo.py) as a child of the test, and a file that has to be what they send. Include behind
 * cmocka.h. */
#ifndef TESTS_UNIT_ZOO_H
#define TESTS_UNIT_ZOO_H

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PORT_BYTES = 16 };

struct zoo {
    pid_t pid;
    int stdin_fd;
    unsigned port;
};

static inline void zoo_child(int in, int out)
{
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    dup2(in, STDIN_FILENO);
    dup2(out, STDOUT_FILENO);
    execlp("python3", "python3", "tests/servers/zoo.py", (char *)NULL);
    _exit(127);
}

static inline unsigned read_port(int fd)
{
    char port[PORT_BYTES] = "";
    for (size_t used = 0; used + 1 < sizeof port && !strchr(port, '\n');) {
        ssize_t got = read(fd, port + used, sizeof port - 1 - used);
        if (got <= 0)
            break;
        used += (size_t)got;
    }
    return (unsigned)strtoul(port, NULL, 10);
}

static inline int start_zoo(struct zoo *zoo)
{
    int in[2], out[2];
    if (pipe2(in, O_CLOEXEC) || pipe2(out, O_CLOEXEC))
        return -1;
    zoo->pid = fork();
    if (zoo->pid == 0)
        zoo_child(in[0], out[1]);
    close(in[0]);
    close(out[1]);
    zoo->stdin_fd = in[1];
    zoo->port = read_port(out[0]);
    close(out[0]);
    return zoo->pid > 0 && zoo->port ? 0 : -1;
}

static inline void stop_zoo(struct zoo *zoo)
{
    close(zoo->stdin_fd);
    waitpid(zoo->pid, NULL, 0);
}

/* --- what they send --------------------------------------------------------------------------------- */

static inline unsigned char body_byte(size_t i)
{
    return (unsigned char)((i * 31 + i / 251) % 256);
}

static inline void assert_file_is_body(int dir, const char *name, size_t size)
{
    int fd = openat(dir, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    assert_true(fd >= 0);
    unsigned char *bytes = malloc(size + 1);
    assert_non_null(bytes);
    size_t used = 0;
    for (ssize_t got; used <= size && (got = read(fd, bytes + used, size + 1 - used)) > 0;)
        used += (size_t)got;
    close(fd);
    assert_int_equal(used, size);
    for (size_t i = 0; i < size; i++)
        assert_int_equal(bytes[i], body_byte(i));
    free(bytes);
}

#endif
