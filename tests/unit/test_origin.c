/* test_origin.c - what the built-in server promises, seen by libcurl and by /proc.
 *
 * test: alone
 * Each test starts a server of its own. Times are bounded below strictly (the server may not be early), above as the best of a few tries (a
 * busy machine may make one late). An alarm ends the program if a test hangs. */
#include <arpa/inet.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>
#include <curl/curl.h>

#include "base/clock.h"
#include "base/problem.h"
#include "origin/origin.h"

enum { TEST_SECONDS = 60, FILES = 5000, BODY_MAX = 200000 };

/* One request and what came of it. */
struct fetch {
    CURL *easy;
    struct curl_slist *headers;
    unsigned char body[BODY_MAX];
    size_t size;
    long status;
    double first_byte_s;
    double total_s;
};

static const char *sample_dir(void)
{
    static char path[PATH_MAX];
    const char *root = getenv("JUGGLER_ROOT");
    snprintf(path, sizeof path, "%s/sample-data", root ? root : ".");
    return path;
}

static struct origin_options options_with(unsigned latency_ms, uint64_t rate)
{
    return (struct origin_options){
        .latency_ms = latency_ms, .rate_bytes_per_s = rate, .files = FILES, .sample_dir = sample_dir()};
}

static struct origin *start(unsigned latency_ms, uint64_t rate)
{
    struct problem problem = {0};
    struct origin_options options = options_with(latency_ms, rate);
    struct origin *origin = origin_start(&options, &problem);
    if (!origin)
        fail_msg("%s", problem.text);
    assert_int_not_equal(origin_port(origin), 0);
    return origin;
}

static size_t keep(char *data, size_t size, size_t count, void *cls)
{
    struct fetch *fetch = cls;
    (void)size;
    if (count > BODY_MAX - fetch->size)
        return 0;
    memcpy(fetch->body + fetch->size, data, count);
    fetch->size += count;
    return count;
}

static struct fetch *fetch_new(const struct origin *origin, const char *path)
{
    char url[512];
    struct fetch *fetch = calloc(1, sizeof *fetch);
    assert_non_null(fetch);
    fetch->easy = curl_easy_init();
    assert_non_null(fetch->easy);
    snprintf(url, sizeof url, "http://127.0.0.1:%u%s", (unsigned)origin_port(origin), path);
    curl_easy_setopt(fetch->easy, CURLOPT_URL, url);
    curl_easy_setopt(fetch->easy, CURLOPT_PATH_AS_IS, 1L);
    curl_easy_setopt(fetch->easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(fetch->easy, CURLOPT_PROXY, "");
    curl_easy_setopt(fetch->easy, CURLOPT_TIMEOUT, 30L);
    curl_easy_setopt(fetch->easy, CURLOPT_WRITEFUNCTION, keep);
    curl_easy_setopt(fetch->easy, CURLOPT_WRITEDATA, fetch);
    return fetch;
}

static void fetch_free(struct fetch *fetch)
{
    curl_slist_free_all(fetch->headers);
    curl_easy_cleanup(fetch->easy);
    free(fetch);
}

static void fetch_header(struct fetch *fetch, const char *header)
{
    fetch->headers = curl_slist_append(fetch->headers, header);
    curl_easy_setopt(fetch->easy, CURLOPT_HTTPHEADER, fetch->headers);
}

static void fetch_look(struct fetch *fetch)
{
    curl_easy_getinfo(fetch->easy, CURLINFO_RESPONSE_CODE, &fetch->status);
    curl_easy_getinfo(fetch->easy, CURLINFO_STARTTRANSFER_TIME, &fetch->first_byte_s);
    curl_easy_getinfo(fetch->easy, CURLINFO_TOTAL_TIME, &fetch->total_s);
}

static void fetch_run(struct fetch *fetch)
{
    fetch->size = 0;
    assert_int_equal(curl_easy_perform(fetch->easy), CURLE_OK);
    fetch_look(fetch);
}

static long status_of(struct fetch *fetch)
{
    fetch_run(fetch);
    long status = fetch->status;
    fetch_free(fetch);
    return status;
}

static long status_of_path(const struct origin *origin, const char *path)
{
    return status_of(fetch_new(origin, path));
}

/* Carries a transfer on until `enough` says so; false when it has not within five seconds. */
static bool carry_on(CURLM *multi, struct fetch *fetch, bool (*enough)(struct fetch *, int running))
{
    uint64_t end = clock_now_ns() + 5 * NS_PER_S;
    for (;;) {
        int running = 0;
        assert_int_equal(curl_multi_perform(multi, &running), CURLM_OK);
        if (enough(fetch, running))
            return true;
        if (clock_now_ns() > end)
            return false;
        curl_multi_poll(multi, NULL, 0, 20, NULL);
    }
}

static bool is_sent(struct fetch *fetch, int running)
{
    double sent = 0;
    curl_easy_getinfo(fetch->easy, CURLINFO_PRETRANSFER_TIME, &sent);
    return running == 0 || sent > 0;
}

static bool has_some(struct fetch *fetch, int running)
{
    return running == 0 || fetch->size > 0;
}

static bool has_ended(struct fetch *fetch, int running)
{
    (void)fetch;
    return running == 0;
}

static bool pid_ends(int pidfd, int within_ms)
{
    struct pollfd ended = {.fd = pidfd, .events = POLLIN};
    return poll(&ended, 1, within_ms) == 1;
}

static uint64_t smaller(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

static void latency_is_at_least_as_asked(void **state)
{
    (void)state;
    struct origin *origin = start(80, 0);
    struct fetch *fetch = fetch_new(origin, "/synthetic/1");
    double best = 9;
    for (int i = 0; i < 8; i++) {
        fetch_run(fetch);
        assert_int_equal(fetch->status, 200);
        assert_true(fetch->first_byte_s >= 0.080);
        best = fetch->first_byte_s < best ? fetch->first_byte_s : best;
    }
    assert_true(best < 0.088);
    fetch_free(fetch);
    origin_stop(origin);
}

static void rate_is_kept(void **state)
{
    (void)state;
    const uint64_t rate = 300000;
    struct origin *origin = start(0, rate);
    double best = 9;
    for (int i = 0; i < 4; i++) {
        struct fetch *fetch = fetch_new(origin, "/6022/5941812700_0f634b136e_b.jpg");
        fetch_run(fetch);
        double share = fetch->total_s / ((double)fetch->size / (double)rate);
        assert_true(fetch->size > 40000);
        assert_true(share > 0.8);
        best = share < best ? share : best;
        fetch_free(fetch);
    }
    assert_true(best < 1.2);
    origin_stop(origin);
}

/* Two connections at a time get the rate each. */
static void rate_is_of_each_connection(void **state)
{
    (void)state;
    struct origin *origin = start(0, 200000);
    uint64_t best_ns = UINT64_MAX;
    for (int i = 0; i < 3; i++) {
        struct fetch *one = fetch_new(origin, "/synthetic/7");
        struct fetch *two = fetch_new(origin, "/synthetic/7");
        CURLM *multi = curl_multi_init();
        curl_multi_add_handle(multi, one->easy);
        curl_multi_add_handle(multi, two->easy);
        uint64_t before = clock_now_ns();
        assert_true(carry_on(multi, one, has_ended));
        best_ns = smaller(best_ns, clock_now_ns() - before);
        assert_int_equal(one->size, origin_synthetic_bytes(7));
        assert_int_equal(two->size, origin_synthetic_bytes(7));
        curl_multi_remove_handle(multi, one->easy);
        curl_multi_remove_handle(multi, two->easy);
        curl_multi_cleanup(multi);
        fetch_free(one);
        fetch_free(two);
    }
    double alone_s = (double)origin_synthetic_bytes(7) / 200000;
    assert_true((double)best_ns / 1e9 < alone_s * 1.3);
    origin_stop(origin);
}

static void a_new_latency_counts_for_those_that_wait(void **state)
{
    (void)state;
    struct origin *origin = start(30000, 0);
    struct fetch *fetch = fetch_new(origin, "/synthetic/1");
    CURLM *multi = curl_multi_init();
    curl_multi_add_handle(multi, fetch->easy);
    assert_true(carry_on(multi, fetch, is_sent));
    /* A refusal does not wait; when it has come, the server has read the first request too. */
    struct fetch *other = fetch_new(origin, "/synthetic/1");
    fetch_header(other, "Host: elsewhere.example");
    assert_int_equal(status_of(other), 403);
    assert_int_equal(fetch->size, 0);
    origin_set(origin, 0, 0);
    assert_int_equal(origin_latency_ms(origin), 0);
    assert_true(carry_on(multi, fetch, has_ended));
    fetch_look(fetch);
    assert_int_equal(fetch->status, 200);
    curl_multi_remove_handle(multi, fetch->easy);
    curl_multi_cleanup(multi);
    origin_set(origin, 60, 0);
    fetch_run(fetch);
    assert_true(fetch->first_byte_s >= 0.060);
    fetch_free(fetch);
    origin_stop(origin);
}

static void a_new_rate_counts_for_those_under_way(void **state)
{
    (void)state;
    struct origin *origin = start(0, 1000);
    struct fetch *fetch = fetch_new(origin, "/synthetic/2");
    CURLM *multi = curl_multi_init();
    curl_multi_add_handle(multi, fetch->easy);
    assert_true(carry_on(multi, fetch, has_some));
    assert_true(fetch->size < 10000);
    origin_set(origin, 0, 0);
    assert_true(carry_on(multi, fetch, has_ended));
    assert_int_equal(fetch->size, origin_synthetic_bytes(2));
    curl_multi_remove_handle(multi, fetch->easy);
    curl_multi_cleanup(multi);
    fetch->size = 0;
    origin_set(origin, 0, 200000);
    assert_int_equal(origin_rate(origin), 200000);
    fetch_run(fetch);
    assert_true(fetch->total_s > 0.8 * (double)fetch->size / 200000);
    fetch_free(fetch);
    origin_stop(origin);
}

static void what_is_not_there_is_404(void **state)
{
    (void)state;
    static const char *const paths[] = {"/",
                                        "/synthetic/5000",
                                        "/synthetic/",
                                        "/synthetic/-1",
                                        "/synthetic/01",
                                        "/synthetic/1x",
                                        "/synthetic/18446744073709551616",
                                        "/synthetic/99999999999999999999999",
                                        "/article.urls",
                                        "/images/5941812700_0f634b136e_b.jpg",
                                        "/5941812700_0f634b136e_b.jpg",
                                        "/6022/../article.urls",
                                        "/../../../../etc/passwd",
                                        "/%2e%2e/%2e%2e/etc/passwd",
                                        "//etc/passwd"};
    struct origin *origin = start(0, 0);
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++)
        assert_int_equal(status_of_path(origin, paths[i]), 404);
    assert_int_equal(status_of_path(origin, "/synthetic/4999"), 200);
    origin_stop(origin);
}

static void only_get_and_head(void **state)
{
    (void)state;
    static const char *const methods[] = {"POST", "PUT", "DELETE", "OPTIONS", "get", "NONSENSE"};
    struct origin *origin = start(0, 0);
    for (size_t i = 0; i < sizeof methods / sizeof *methods; i++) {
        struct fetch *fetch = fetch_new(origin, "/synthetic/1");
        curl_easy_setopt(fetch->easy, CURLOPT_CUSTOMREQUEST, methods[i]);
        assert_int_equal(status_of(fetch), 405);
    }
    struct fetch *post = fetch_new(origin, "/synthetic/1");
    curl_easy_setopt(post->easy, CURLOPT_POSTFIELDS, "words");
    assert_int_equal(status_of(post), 405);
    struct fetch *get = fetch_new(origin, "/synthetic/1");
    curl_easy_setopt(get->easy, CURLOPT_POSTFIELDS, "words");
    curl_easy_setopt(get->easy, CURLOPT_CUSTOMREQUEST, "GET");
    assert_int_equal(status_of(get), 400);
    origin_stop(origin);
}

static void head_has_the_length_and_no_body(void **state)
{
    (void)state;
    const uint64_t rates[] = {0, 50000};
    for (size_t i = 0; i < 2; i++) {
        struct origin *origin = start(0, rates[i]);
        struct fetch *fetch = fetch_new(origin, "/synthetic/3");
        curl_off_t length = 0;
        curl_easy_setopt(fetch->easy, CURLOPT_NOBODY, 1L);
        fetch_run(fetch);
        curl_easy_getinfo(fetch->easy, CURLINFO_CONTENT_LENGTH_DOWNLOAD_T, &length);
        assert_int_equal(fetch->status, 200);
        assert_int_equal(fetch->size, 0);
        assert_int_equal(length, origin_synthetic_bytes(3));
        fetch_free(fetch);
        origin_stop(origin);
    }
}

static void only_for_this_machine(void **state)
{
    (void)state;
    static const struct {
        const char *header;
        long status;
    } hosts[] = {{"Host: 127.0.0.1", 200},
                 {"Host: 127.0.0.1:80", 200},
                 {"Host: localhost:12345", 200},
                 {"Host: LOCALHOST", 200},
                 {"Host: [::1]:8080", 200},
                 {"Host: elsewhere.example", 403},
                 {"Host: 127.0.0.1.example", 403},
                 {"Host: localhost.example", 403},
                 {"Host: 127.0.0.1:80x", 403},
                 {"Host: 192.168.1.1", 403},
                 {"Host;", 403}};
    struct origin *origin = start(0, 0);
    for (size_t i = 0; i < sizeof hosts / sizeof *hosts; i++) {
        struct fetch *fetch = fetch_new(origin, "/synthetic/1");
        fetch_header(fetch, hosts[i].header);
        long status = status_of(fetch);
        if (status != hosts[i].status)
            fail_msg("%s: %ld", hosts[i].header, status);
    }
    origin_stop(origin);
}

/* Whole and paced bodies are the same bytes. */
static void synthetic_files_are_what_they_should_be(void **state)
{
    (void)state;
    static unsigned char expected[BODY_MAX];
    for (uint64_t n = 0; n < FILES; n++)
        assert_in_range(origin_synthetic_bytes(n), 20000, 160000);
    assert_int_not_equal(origin_synthetic_bytes(0), origin_synthetic_bytes(1));
    struct origin *origin = start(0, 0);
    for (unsigned n = 0; n < FILES; n += 7) {
        char path[64];
        snprintf(path, sizeof path, "/synthetic/%u", n);
        if (n == 4200)
            origin_set(origin, 0, 2000000);
        struct fetch *fetch = fetch_new(origin, path);
        fetch_run(fetch);
        assert_int_equal(fetch->size, origin_synthetic_bytes(n));
        origin_synthetic_fill(n, 0, expected, fetch->size);
        assert_memory_equal(fetch->body, expected, fetch->size);
        origin_synthetic_fill(n, 12345, expected, 100);
        assert_memory_equal(fetch->body + 12345, expected, 100);
        fetch_free(fetch);
    }
    origin_stop(origin);
}

/* The bytes are part of what is promised: the same on every machine, and from one version to the next. */
static void synthetic_files_never_change(void **state)
{
    (void)state;
    static const unsigned char expected[8] = {0xef, 0xf4, 0x78, 0x3d, 0x4d, 0x82, 0x02, 0x25};
    unsigned char bytes[8];
    origin_synthetic_fill(0, 0, bytes, sizeof bytes);
    assert_memory_equal(bytes, expected, sizeof bytes);
    assert_int_equal(origin_synthetic_bytes(0), 142629);
    assert_int_equal(origin_synthetic_bytes(4999), 105533);
}

static void assert_like_file(const struct fetch *fetch, const char *path)
{
    static unsigned char file[BODY_MAX];
    FILE *stream = fopen(path, "rb");
    assert_non_null(stream);
    size_t size = fread(file, 1, sizeof file, stream);
    fclose(stream);
    assert_in_range(size, 40000, 160000);
    assert_int_equal(fetch->size, size);
    assert_memory_equal(fetch->body, file, size);
}

static void images_are_served_under_the_lists_paths(void **state)
{
    (void)state;
    char line[PATH_MAX + 32];
    int count = 0;
    struct origin *origin = start(0, 0);
    snprintf(line, sizeof line, "%s/article.urls", sample_dir());
    FILE *list = fopen(line, "r");
    assert_non_null(list);
    while (fgets(line, sizeof line, list)) {
        char file[2 * PATH_MAX];
        if (line[0] != 'h')
            continue;
        line[strcspn(line, "\r\n")] = 0;
        const char *path = strchr(line + strlen("https://"), '/');
        snprintf(file, sizeof file, "%s/images/%s", sample_dir(), strrchr(line, '/') + 1);
        struct fetch *fetch = fetch_new(origin, path);
        fetch_run(fetch);
        assert_int_equal(fetch->status, 200);
        assert_like_file(fetch, file);
        fetch_free(fetch);
        count++;
    }
    fclose(list);
    assert_int_equal(count, 20);
    origin_stop(origin);
}

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

static int limit_time(void **state)
{
    (void)state;
    alarm(TEST_SECONDS);
    return 0;
}

#define TEST(name) cmocka_unit_test_setup(name, limit_time)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(latency_is_at_least_as_asked),
        TEST(rate_is_kept),
        TEST(rate_is_of_each_connection),
        TEST(a_new_latency_counts_for_those_that_wait),
        TEST(a_new_rate_counts_for_those_under_way),
        TEST(what_is_not_there_is_404),
        TEST(only_get_and_head),
        TEST(head_has_the_length_and_no_body),
        TEST(only_for_this_machine),
        TEST(synthetic_files_are_what_they_should_be),
        TEST(synthetic_files_never_change),
        TEST(images_are_served_under_the_lists_paths),
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
