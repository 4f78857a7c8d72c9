/* fuzz_answer.c - what a server answers, byte for byte, to a download: a whole file under its own name, or none and a sentence.
 * fuzz: runs 6000
 *
 * libcurl gets a pair of sockets in place of a connection, in which the answer lies already; so nothing waits and no network is asked. The input:
 * how large a file may be, then up to four answers with "\n--\n" between them, for the request and the redirects that follow it. */
#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "jobs/download_errand.h"
#include "tests/fuzz/fuzz.h"
#include "tests/unit/fake_worker.c"

enum { ANSWERS_MAX = 4, ANSWER_BYTES_MAX = 64 << 10 };

static const char BETWEEN[] = "\n--\n";
static const char NAME[] = "file", PREFIX[] = ".juggler-fuzz-";
static char folder[64];
static int folder_fd;

/* What the server says, connection by connection. */
struct answers {
    const uint8_t *data;
    size_t size;
    int servers[ANSWERS_MAX]; /* its ends of them */
    int count;
};

static void remove_folder(void)
{
    unlinkat(folder_fd, NAME, 0);
    rmdir(folder);
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc;
    (void)argv;
    const char *base = getenv("TMPDIR");
    snprintf(folder, sizeof folder, "%.40s/juggler-fuzz-XXXXXX", base && *base ? base : "/tmp");
    FUZZ_CHECK(mkdtemp(folder));
    folder_fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    FUZZ_CHECK(folder_fd >= 0 && curl_global_init(CURL_GLOBAL_DEFAULT) == 0);
    atexit(remove_folder);
    signal(SIGPIPE, SIG_IGN);
    return 0;
}

/* Takes the next answer off the input. */
static size_t next_answer(struct answers *answers, const uint8_t **from)
{
    *from = answers->data;
    const uint8_t *end = memmem(answers->data, answers->size, BETWEEN, sizeof BETWEEN - 1);
    size_t bytes = end ? (size_t)(end - answers->data) : answers->size;
    size_t taken = end ? bytes + sizeof BETWEEN - 1 : bytes;
    answers->data += taken;
    answers->size -= taken;
    return bytes < ANSWER_BYTES_MAX ? bytes : ANSWER_BYTES_MAX;
}

static curl_socket_t on_open(void *context, curlsocktype purpose, struct curl_sockaddr *address)
{
    (void)purpose;
    (void)address;
    struct answers *answers = context;
    const uint8_t *from;
    int pair[2];
    if (answers->count == ANSWERS_MAX || socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, pair))
        return CURL_SOCKET_BAD;
    size_t bytes = next_answer(answers, &from);
    FUZZ_CHECK(!bytes || write(pair[1], from, bytes) == (ssize_t)bytes);
    FUZZ_CHECK(shutdown(pair[1], SHUT_WR) == 0);
    answers->servers[answers->count++] = pair[1];
    return pair[0];
}

static int on_made(void *context, curl_socket_t socket, curlsocktype purpose)
{
    (void)context;
    (void)socket;
    (void)purpose;
    return CURL_SOCKOPT_ALREADY_CONNECTED;
}

/* Every host is the same one, so that nobody is asked for an address; a certificate is nowhere. */
static void divert(CURL *easy, struct answers *answers, struct curl_slist **everything)
{
    *everything = curl_slist_append(NULL, "::127.0.0.1:1");
    FUZZ_CHECK(*everything);
    curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, on_open);
    curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, answers);
    curl_easy_setopt(easy, CURLOPT_SOCKOPTFUNCTION, on_made);
    curl_easy_setopt(easy, CURLOPT_CONNECT_TO, *everything);
    curl_easy_setopt(easy, CURLOPT_PROXY, "");
    curl_easy_setopt(easy, CURLOPT_CAINFO, "/dev/null");
    curl_easy_setopt(easy, CURLOPT_CAPATH, NULL);
}

/* A file of that size, or -1; whatever else is there is too much. Empties the folder. */
static int64_t file_in_folder(void)
{
    struct stat status;
    int64_t bytes = fstatat(folder_fd, NAME, &status, AT_SYMLINK_NOFOLLOW) == 0 ? (int64_t)status.st_size : -1;
    unlinkat(folder_fd, NAME, 0);
    DIR *entries = opendir(folder);
    FUZZ_CHECK(entries);
    for (const struct dirent *entry; (entry = readdir(entries));)
        FUZZ_CHECK(strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0);
    closedir(entries);
    return bytes;
}

static void check(const struct errand *errand, uint64_t max_bytes)
{
    const struct job_result *result = errand->result;
    int64_t bytes = file_in_folder();
    if (errand->outcome == JOB_OUTCOME_DONE) {
        FUZZ_CHECK(bytes >= 0 && (uint64_t)bytes == result->bytes && result->bytes <= max_bytes);
        FUZZ_CHECK(result->http_status >= 200 && result->http_status < 300 && result->http_status != 206);
    } else {
        FUZZ_CHECK(errand->outcome == JOB_OUTCOME_FAILED && bytes < 0);
        FUZZ_CHECK(memchr(result->note, '\0', sizeof result->note) && result->note[0] && fuzz_is_plain(result->note));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct job_input input = {.text = "shown", .url = "http://127.0.0.1:1/file", .name = NAME};
    struct job_set set = {.inputs = &input, .count = 1, .output_dir = folder_fd, .part_prefix = PREFIX};
    struct worker worker;
    struct job_result result = {0};
    struct errand errand;
    struct curl_slist *everything = NULL;
    uint64_t max_bytes = fuzz_byte(&data, &size) & 1 ? 100 : 1 << 20;
    struct answers answers = {.data = data, .size = size};
    set.options.download = (struct download_options){.timeout_s = 5, .max_size_bytes = max_bytes};
    fake_worker_init(&worker);
    struct download *download = download_new(&set, &worker);
    FUZZ_CHECK(download);
    divert(download->transfer.easy, &answers, &everything);
    FUZZ_CHECK(errand_begin(&errand, download, &worker, 0, &result) == ERRAND_TRY);
    FUZZ_CHECK(errand_try(&errand) == CURLE_OK);
    FUZZ_CHECK(errand_judge(&errand, curl_easy_perform(download->transfer.easy)) == ERRAND_SETTLED);
    check(&errand, max_bytes);
    download_free(download);
    curl_slist_free_all(everything);
    while (answers.count)
        close(answers.servers[--answers.count]);
    fake_worker_free(&worker);
    return 0;
}
