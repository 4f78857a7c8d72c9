/* test_origin.c - what the built-in server answers, and when, seen by libcurl.
 *
 * test: alone
 * Each test starts a server of its own. Times are bounded below strictly (the server may not be early), above as the best of a few tries (a
 * busy machine may make one late). An alarm ends the program if a test hangs. */
#include "tests/unit/origin_client.h"

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
    };
    curl_global_init(CURL_GLOBAL_DEFAULT);
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    curl_global_cleanup();
    return failed;
}
