/* test_origin_process.c - the built-in server as a process: its start, its end, its sockets, what it shares, and clients that misbehave.
 *
 * test: alone */
#include "tests/unit/origin_client.h"

static void stop_ends_it(void **state)
{
    (void)state;
    struct origin *origin = start(30000, 0);
    pid_t pid = origin_pid(origin);
    assert_int_equal(kill(pid, 0), 0);
    origin_stop(origin);
    assert_int_equal(kill(pid, 0), -1);
    assert_int_equal(errno, ESRCH);
    assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
    assert_int_equal(errno, ECHILD);
    origin_stop(NULL);
}

static void its_end_is_noticed(void **state)
{
    (void)state;
    struct origin *origin = start(0, 0);
    assert_false(pid_ends(origin_pidfd(origin), 0));
    kill(origin_pid(origin), SIGTERM);
    assert_true(pid_ends(origin_pidfd(origin), 5000));
    origin_stop(origin);
    assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
    origin = start(0, 0);
    kill(origin_pid(origin), SIGKILL);
    assert_int_equal(waitpid(origin_pid(origin), NULL, 0), origin_pid(origin));
    origin_stop(origin);
}

static void it_ends_with_its_parent(void **state)
{
    (void)state;
    int ends[2];
    pid_t pid = 0;
    assert_int_equal(pipe(ends), 0);
    pid_t middle = fork();
    assert_true(middle >= 0);
    if (middle == 0) {
        struct origin_options options = options_with(0, 0);
        struct origin *origin = origin_start(&options, NULL);
        pid = origin ? origin_pid(origin) : 0;
        if (write(ends[1], &pid, sizeof pid) < 0)
            _exit(1);
        for (;;)
            pause();
    }
    assert_int_equal(read(ends[0], &pid, sizeof pid), sizeof pid);
    assert_true(pid > 0);
    int pidfd = (int)syscall(SYS_pidfd_open, pid, 0);
    assert_true(pidfd >= 0);
    assert_false(pid_ends(pidfd, 0));
    kill(middle, SIGKILL);
    assert_true(pid_ends(pidfd, 3000));
    waitpid(middle, NULL, 0);
    close(pidfd);
    close(ends[0]);
    close(ends[1]);
}

/* Lines of a table of sockets in state LISTEN on that port, and how many of them are not on 127.0.0.1. */
static void count_listeners(const char *table, unsigned port, int *all, int *elsewhere)
{
    char line[512];
    FILE *stream = fopen(table, "r");
    while (stream && fgets(line, sizeof line, stream)) {
        char address[64];
        unsigned local;
        unsigned socket_state;
        if (sscanf(line, " %*d: %63[0-9A-F]:%x %*[0-9A-F]:%*x %x", address, &local, &socket_state) != 3)
            continue;
        if (local == port && socket_state == 0x0A) {
            (*all)++;
            *elsewhere += (strtoul(address, NULL, 16) != htonl(INADDR_LOOPBACK) || strlen(address) != 8);
        }
    }
    if (stream)
        fclose(stream);
}

static void it_listens_on_loopback_only(void **state)
{
    (void)state;
    int all = 0;
    int elsewhere = 0;
    struct origin *origin = start(0, 0);
    count_listeners("/proc/net/tcp", origin_port(origin), &all, &elsewhere);
    count_listeners("/proc/net/tcp6", origin_port(origin), &all, &elsewhere);
    assert_int_equal(all, 1);
    assert_int_equal(elsewhere, 0);
    origin_stop(origin);
}

static int connect_to(const struct origin *origin)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(origin_port(origin))};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_true(fd >= 0);
    assert_int_equal(connect(fd, (const struct sockaddr *)&address, sizeof address), 0);
    return fd;
}

/* Connections that say nothing, or half of a request, or that ask and never read. */
static void idle_connections_do_not_block(void **state)
{
    (void)state;
    enum { IDLE = 500 };
    static const char *const words[] = {"", "GET /synthetic/1 HTTP/1.1\r\nHo",
                                        "GET /synthetic/1 HTTP/1.1\r\nHost: localhost\r\n\r\n"};
    int idle[IDLE];
    struct origin *origin = start(0, 0);
    for (int i = 0; i < IDLE; i++) {
        const char *said = words[i % 3];
        idle[i] = connect_to(origin);
        assert_int_equal(send(idle[i], said, strlen(said), 0), strlen(said));
    }
    uint64_t before = clock_now_ns();
    for (int i = 0; i < 20; i++)
        assert_int_equal(status_of_path(origin, "/synthetic/9"), 200);
    assert_true(clock_now_ns() - before < 2 * NS_PER_S);
    for (int i = 0; i < IDLE; i++)
        close(idle[i]);
    origin_stop(origin);
}

/* Five hundred wait side by side, not one after another. */
static void many_wait_together(void **state)
{
    (void)state;
    enum { MANY = 500 };
    static struct fetch *fetches[MANY];
    struct origin *origin = start(400, 0);
    CURLM *multi = curl_multi_init();
    for (int i = 0; i < MANY; i++) {
        fetches[i] = fetch_new(origin, "/synthetic/11");
        curl_multi_add_handle(multi, fetches[i]->easy);
    }
    assert_true(carry_on(multi, fetches[0], has_ended));
    for (int i = 0; i < MANY; i++) {
        fetch_look(fetches[i]);
        assert_int_equal(fetches[i]->status, 200);
        assert_int_equal(fetches[i]->size, origin_synthetic_bytes(11));
        assert_true(fetches[i]->first_byte_s >= 0.4);
        curl_multi_remove_handle(multi, fetches[i]->easy);
        fetch_free(fetches[i]);
    }
    curl_multi_cleanup(multi);
    origin_stop(origin);
}

/* A client that goes away in the middle, waiting or receiving, harms nobody. */
static void clients_may_vanish(void **state)
{
    (void)state;
    struct origin *origin = start(20, 20000);
    const char request[] = "GET /synthetic/1 HTTP/1.1\r\nHost: localhost\r\n\r\n";
    for (int i = 0; i < 200; i++) {
        int fd = connect_to(origin);
        char some[512];
        struct linger reset = {.l_onoff = 1};
        assert_int_equal(send(fd, request, sizeof request - 1, 0), sizeof request - 1);
        if (i % 8 == 0)
            assert_true(recv(fd, some, sizeof some, 0) > 0);
        setsockopt(fd, SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
        close(fd);
    }
    origin_set(origin, 0, 0);
    assert_int_equal(status_of_path(origin, "/synthetic/1"), 200);
    assert_false(pid_ends(origin_pidfd(origin), 0));
    origin_stop(origin);
}

/* Nothing that the app has open stays open in the server, and the keys of the terminal do not reach it. */
static void it_stands_apart(void **state)
{
    (void)state;
    char folder[64];
    char name[PATH_MAX];
    int open_here[2];
    int nulls = 0;
    struct stat ours;
    assert_int_equal(pipe(open_here), 0);
    assert_int_equal(fstat(open_here[0], &ours), 0);
    struct origin *origin = start(0, 0);
    assert_int_equal(getpgid(origin_pid(origin)), origin_pid(origin));
    snprintf(folder, sizeof folder, "/proc/%d/fd", (int)origin_pid(origin));
    DIR *all = opendir(folder);
    assert_non_null(all);
    for (struct dirent *entry; (entry = readdir(all)) != NULL;) {
        struct stat theirs;
        if (entry->d_name[0] == '.' || fstatat(dirfd(all), entry->d_name, &theirs, 0))
            continue;
        ssize_t length = readlinkat(dirfd(all), entry->d_name, name, sizeof name - 1);
        name[length > 0 ? length : 0] = 0;
        assert_false(theirs.st_dev == ours.st_dev && theirs.st_ino == ours.st_ino);
        nulls += atoi(entry->d_name) < 3 && strcmp(name, "/dev/null") == 0;
    }
    closedir(all);
    assert_int_equal(nulls, 3);
    kill(origin_pid(origin), SIGINT);
    kill(origin_pid(origin), SIGPIPE);
    assert_int_equal(status_of_path(origin, "/synthetic/1"), 200);
    close(open_here[0]);
    close(open_here[1]);
    origin_stop(origin);
}

static void assert_no_start(const struct origin_options *options, const char *words)
{
    struct problem problem = {0};
    assert_null(origin_start(options, &problem));
    if (!strstr(problem.text, words))
        fail_msg("\"%s\" does not say \"%s\"", problem.text, words);
}

static void a_failed_start_says_why(void **state)
{
    (void)state;
    const char *temporary = getenv("TMPDIR");
    char folder[PATH_MAX / 2];
    char list[PATH_MAX + 32];
    snprintf(folder, sizeof folder, "%s/test-origin-XXXXXX", temporary ? temporary : "/tmp");
    struct origin *origin = start(0, 0);
    struct origin_options options = options_with(0, 0);
    options.port = origin_port(origin);
    assert_no_start(&options, "Address already in use");
    origin_stop(origin);
    assert_non_null(mkdtemp(folder));
    options = options_with(0, 0);
    options.sample_dir = folder;
    assert_no_start(&options, "article.urls: No such file");
    snprintf(list, sizeof list, "%s/article.urls", folder);
    FILE *stream = fopen(list, "w");
    assert_non_null(stream);
    fputs("# a list\nhttps://live.example/12/missing.jpg\n", stream);
    fclose(stream);
    assert_no_start(&options, "images/missing.jpg: No such file");
    assert_int_equal(waitpid(-1, NULL, WNOHANG), -1); /* no server is left that failed to start */
    unlink(list);
    rmdir(folder);
}

/* The port asked for is the port it gets, also right after another server had it and ended with a connection open. */
static void a_port_can_be_asked_for(void **state)
{
    (void)state;
    struct origin *origin = start(0, 0);
    struct origin_options options = options_with(0, 0);
    struct fetch *fetch = fetch_new(origin, "/synthetic/1");
    options.port = origin_port(origin);
    fetch_run(fetch);
    origin_stop(origin);
    struct problem problem = {0};
    origin = origin_start(&options, &problem);
    fetch_free(fetch);
    if (!origin)
        fail_msg("%s", problem.text);
    assert_int_equal(origin_port(origin), options.port);
    assert_int_equal(status_of_path(origin, "/synthetic/1"), 200);
    origin_stop(origin);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(stop_ends_it),
        TEST(its_end_is_noticed),
        TEST(it_ends_with_its_parent),
        TEST(it_listens_on_loopback_only),
        TEST(idle_connections_do_not_block),
        TEST(many_wait_together),
        TEST(clients_may_vanish),
        TEST(it_stands_apart),
        TEST(a_failed_start_says_why),
        TEST(a_port_can_be_asked_for),
    };
    curl_global_init(CURL_GLOBAL_DEFAULT);
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    curl_global_cleanup();
    return failed;
}
