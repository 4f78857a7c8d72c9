/* origin_client.h - a server and requests to it, for the tests of the origin. A time limit for each of them, too. */
#ifndef TESTS_UNIT_ORIGIN_CLIENT_H
#define TESTS_UNIT_ORIGIN_CLIENT_H

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

static inline const char *sample_dir(void)
{
    static char path[PATH_MAX];
    const char *root = getenv("JUGGLER_ROOT");
    snprintf(path, sizeof path, "%s/sample-data", root ? root : ".");
    return path;
}

static inline struct origin_options options_with(unsigned latency_ms, uint64_t rate)
{
    return (struct origin_options){
        .latency_ms = latency_ms, .rate_bytes_per_s = rate, .files = FILES, .sample_dir = sample_dir()};
}

static inline struct origin *start(unsigned latency_ms, uint64_t rate)
{
    struct problem problem = {0};
    struct origin_options options = options_with(latency_ms, rate);
    struct origin *origin = origin_start(&options, &problem);
    if (!origin)
        fail_msg("%s", problem.text);
    assert_int_not_equal(origin_port(origin), 0);
    return origin;
}

static inline size_t keep(char *data, size_t size, size_t count, void *cls)
{
    struct fetch *fetch = cls;
    (void)size;
    if (count > BODY_MAX - fetch->size)
        return 0;
    memcpy(fetch->body + fetch->size, data, count);
    fetch->size += count;
    return count;
}

static inline struct fetch *fetch_new(const struct origin *origin, const char *path)
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

static inline void fetch_free(struct fetch *fetch)
{
    curl_slist_free_all(fetch->headers);
    curl_easy_cleanup(fetch->easy);
    free(fetch);
}

static inline void fetch_header(struct fetch *fetch, const char *header)
{
    fetch->headers = curl_slist_append(fetch->headers, header);
    curl_easy_setopt(fetch->easy, CURLOPT_HTTPHEADER, fetch->headers);
}

static inline void fetch_look(struct fetch *fetch)
{
    curl_easy_getinfo(fetch->easy, CURLINFO_RESPONSE_CODE, &fetch->status);
    curl_easy_getinfo(fetch->easy, CURLINFO_STARTTRANSFER_TIME, &fetch->first_byte_s);
    curl_easy_getinfo(fetch->easy, CURLINFO_TOTAL_TIME, &fetch->total_s);
}

static inline void fetch_run(struct fetch *fetch)
{
    fetch->size = 0;
    assert_int_equal(curl_easy_perform(fetch->easy), CURLE_OK);
    fetch_look(fetch);
}

static inline long status_of(struct fetch *fetch)
{
    fetch_run(fetch);
    long status = fetch->status;
    fetch_free(fetch);
    return status;
}

static inline long status_of_path(const struct origin *origin, const char *path)
{
    return status_of(fetch_new(origin, path));
}

/* Carries a transfer on until `enough` says so; false when it has not within five seconds. */
static inline bool carry_on(CURLM *multi, struct fetch *fetch, bool (*enough)(struct fetch *, int running))
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

static inline bool is_sent(struct fetch *fetch, int running)
{
    double sent = 0;
    curl_easy_getinfo(fetch->easy, CURLINFO_PRETRANSFER_TIME, &sent);
    return running == 0 || sent > 0;
}

static inline bool has_some(struct fetch *fetch, int running)
{
    return running == 0 || fetch->size > 0;
}

static inline bool has_ended(struct fetch *fetch, int running)
{
    (void)fetch;
    return running == 0;
}

static inline bool pid_ends(int pidfd, int within_ms)
{
    struct pollfd ended = {.fd = pidfd, .events = POLLIN};
    return poll(&ended, 1, within_ms) == 1;
}

static inline uint64_t smaller(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

static inline int limit_time(void **state)
{
    (void)state;
    alarm(TEST_SECONDS);
    return 0;
}

#define TEST(name) cmocka_unit_test_setup(name, limit_time)

#endif
