/* test_download.c - downloads against servers that misbehave (tests/servers/zoo.py), with a worker that records what it is told.
 *
 * Each test has a folder of its own, removed at its end, and looks at everything in it: a file under its final name is whole or is
 * not there, and no temporary file is left. An alarm ends the program if a test hangs. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>
#include <curl/curl.h>

#include "base/clock.h"
#include "base/text.h"
#include "juggler/job.h"
#include "tests/unit/fake_worker.h"

extern const struct job_kind job_kind_download;

enum { TEST_SECONDS = 60, PORT_BYTES = 16 };

struct zoo {
    pid_t pid;
    int stdin_fd;
    unsigned port;
};

struct bench {
    struct zoo zoo;
    char folder[64];
    int dir;
    struct worker worker;
    struct job_set set;
    struct job_input input;
    struct job_result result;
    char url[512];
};

/* --- the zoo -------------------------------------------------------------------------------------- */

static void zoo_child(int in, int out)
{
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    dup2(in, STDIN_FILENO);
    dup2(out, STDOUT_FILENO);
    execlp("python3", "python3", "tests/servers/zoo.py", (char *)NULL);
    _exit(127);
}

static unsigned read_port(int fd)
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

static int start_zoo(struct zoo *zoo)
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

static void stop_zoo(struct zoo *zoo)
{
    close(zoo->stdin_fd);
    waitpid(zoo->pid, NULL, 0);
}

/* --- set-up --------------------------------------------------------------------------------------- */

static int group_start(void **state)
{
    struct bench *bench = calloc(1, sizeof *bench);
    *state = bench;
    signal(SIGPIPE, SIG_IGN);
    return !bench || job_kind_download.process_start() || start_zoo(&bench->zoo);
}

static int group_stop(void **state)
{
    struct bench *bench = *state;
    stop_zoo(&bench->zoo);
    free(bench);
    curl_global_cleanup();
    return 0;
}

static int start(void **state)
{
    struct bench *bench = *state;
    alarm(TEST_SECONDS);
    fake_worker_init(&bench->worker);
    snprintf(bench->folder, sizeof bench->folder, "/tmp/test-download-XXXXXX");
    if (!mkdtemp(bench->folder))
        return -1;
    bench->dir = open(bench->folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bench->input = (struct job_input){.text = "shown", .url = bench->url, .name = "file.bin"};
    bench->set = (struct job_set){.kind = &job_kind_download,
                                  .inputs = &bench->input,
                                  .count = 1,
                                  .output_dir = bench->dir,
                                  .part_prefix = ".juggler-test-"};
    bench->set.options.download = (struct download_options){.timeout_s = 10, .max_size_bytes = 1 << 20};
    return bench->dir < 0;
}

static int stop(void **state)
{
    struct bench *bench = *state;
    char command[128];
    fake_worker_free(&bench->worker);
    close(bench->dir);
    snprintf(command, sizeof command, "rm -rf %s", bench->folder);
    int got = system(command);
    alarm(0);
    return got;
}

/* --- doing and asking ----------------------------------------------------------------------------- */

static void set_url(struct bench *bench, const char *path)
{
    snprintf(bench->url, sizeof bench->url, "http://127.0.0.1:%u%s", bench->zoo.port, path);
}

static enum job_outcome run_with(struct bench *bench, void *state)
{
    bench->result = (struct job_result){0};
    enum job_outcome outcome = job_kind_download.run(state, &bench->worker, 0, &bench->result);
    assert_true(strlen(bench->result.note) < BOARD_NOTE_BYTES);
    return outcome;
}

static enum job_outcome run_url(struct bench *bench)
{
    void *state = job_kind_download.worker_start(&bench->set, &bench->worker);
    assert_non_null(state);
    enum job_outcome outcome = run_with(bench, state);
    job_kind_download.worker_stop(state);
    return outcome;
}

static enum job_outcome run_path(struct bench *bench, const char *path)
{
    set_url(bench, path);
    return run_url(bench);
}

static unsigned entries(struct bench *bench)
{
    unsigned count = 0;
    DIR *folder = opendir(bench->folder);
    assert_non_null(folder);
    for (struct dirent *entry; (entry = readdir(folder));)
        count += strcmp(entry->d_name, ".") && strcmp(entry->d_name, "..");
    closedir(folder);
    return count;
}

static unsigned char body_byte(size_t i)
{
    return (unsigned char)((i * 31 + i / 251) % 256);
}

static void assert_file_is_body(struct bench *bench, const char *name, size_t size)
{
    int fd = openat(bench->dir, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
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

static void assert_file_says(struct bench *bench, const char *name, const char *text)
{
    char bytes[256] = "";
    int fd = openat(bench->dir, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    assert_true(fd >= 0);
    assert_true(read(fd, bytes, sizeof bytes - 1) >= 0);
    close(fd);
    assert_string_equal(bytes, text);
}

static void put_file(struct bench *bench, const char *name, const char *text)
{
    int fd = openat(bench->dir, name, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, text, strlen(text)), strlen(text));
    close(fd);
}

/* Asks the zoo for a figure: how often a path was requested, or how many connections there were. */
static unsigned ask(struct bench *bench, const char *path)
{
    struct bench other = *bench;
    char text[32] = "";
    fake_worker_init(&other.worker);
    other.input.name = "answer";
    other.input.url = other.url;
    other.set.inputs = &other.input;
    assert_int_equal(run_path(&other, path), JOB_OUTCOME_DONE);
    int fd = openat(bench->dir, "answer", O_RDONLY | O_CLOEXEC);
    assert_true(read(fd, text, sizeof text - 1) > 0);
    close(fd);
    unlinkat(bench->dir, "answer", 0);
    fake_worker_free(&other.worker);
    return (unsigned)strtoul(text, NULL, 10);
}

/* --- what works ----------------------------------------------------------------------------------- */

static void test_whole_file(void **state)
{
    struct bench *bench = *state;
    assert_int_equal(run_path(bench, "/ok/100000/x"), JOB_OUTCOME_DONE);
    assert_file_is_body(bench, "file.bin", 100000);
    assert_int_equal(entries(bench), 1);
    assert_int_equal(bench->result.bytes, 100000);
    assert_int_equal(bench->result.http_status, 200);
    assert_int_equal(bench->result.attempts, 1);
    assert_int_equal(bench->result.flags, 0);
    assert_string_equal(bench->result.note, "");
    assert_int_equal(bench->worker.received_bytes, 100000);
    struct fake_progress last = bench->worker.progress[bench->worker.progress_count - 1];
    assert_int_equal(last.done, 100000);
    assert_int_equal(last.total, 100000);
}

static void test_phases_in_order(void **state)
{
    struct bench *bench = *state;
    const enum phase expected[] = {PHASE_CONNECTING, PHASE_WAITING, PHASE_RECEIVING, PHASE_WRITING};
    size_t seen = 0;
    assert_int_equal(run_path(bench, "/ok/100000/x"), JOB_OUTCOME_DONE);
    for (size_t i = 0; i < bench->worker.phases_count; i++)
        if (seen < 4 && bench->worker.phases[i].phase == expected[seen])
            seen++;
    assert_int_equal(seen, 4);
}

static void test_connection_is_reused(void **state)
{
    struct bench *bench = *state;
    void *worker = job_kind_download.worker_start(&bench->set, &bench->worker);
    assert_non_null(worker);
    set_url(bench, "/ok/1000/x");
    assert_int_equal(run_with(bench, worker), JOB_OUTCOME_DONE);
    fake_worker_clear(&bench->worker);
    unsigned before = ask(bench, "/connections");
    for (int i = 0; i < 5; i++)
        assert_int_equal(run_with(bench, worker), JOB_OUTCOME_DONE);
    assert_false(fake_worker_saw(&bench->worker, PHASE_CONNECTING));
    assert_true(fake_worker_saw(&bench->worker, PHASE_WAITING));
    assert_int_equal(ask(bench, "/connections"), before + 1); /* that of the question itself */
    job_kind_download.worker_stop(worker);
}

static void test_no_length(void **state)
{
    struct bench *bench = *state;
    assert_int_equal(run_path(bench, "/by-close"), JOB_OUTCOME_DONE);
    assert_file_is_body(bench, "file.bin", 30000);
    assert_int_equal(bench->result.flags, JOB_FLAG_LENGTH_UNVERIFIED);
    for (size_t i = 0; i + 1 < bench->worker.progress_count; i++)
        assert_int_equal(bench->worker.progress[i].total, 0);
    assert_int_equal(run_path(bench, "/chunked"), JOB_OUTCOME_DONE);
    assert_file_is_body(bench, "file.bin", 30000);
    assert_int_equal(bench->result.flags, 0);
}

static void test_empty_bodies(void **state)
{
    struct bench *bench = *state;
    assert_int_equal(run_path(bench, "/empty"), JOB_OUTCOME_DONE);
    assert_file_is_body(bench, "file.bin", 0);
    assert_int_equal(bench->result.flags, 0);
    assert_int_equal(run_path(bench, "/no-content"), JOB_OUTCOME_DONE);
    assert_int_equal(bench->result.flags, 0);
    assert_int_equal(entries(bench), 1);
}

static void test_redirect_keeps_the_name(void **state)
{
    struct bench *bench = *state;
    assert_int_equal(run_path(bench, "/hop/9/first-name.bin"), JOB_OUTCOME_DONE);
    assert_file_is_body(bench, "file.bin", 4000);
    assert_int_equal(entries(bench), 1);
}

static void test_server_does_not_name_files(void **state)
{
    struct bench *bench = *state;
    assert_int_equal(run_path(bench, "/disposition"), JOB_OUTCOME_DONE);
    assert_file_is_body(bench, "file.bin", 4000);
    assert_int_equal(entries(bench), 1);
}

static void test_stored_as_sent(void **state)
{
    struct bench *bench = *state;
    assert_int_equal(run_path(bench, "/encoded"), JOB_OUTCOME_DONE);
    assert_file_says(bench, "file.bin", "\x1f\x8b not really gzip");
    assert_int_equal(run_path(bench, "/agent"), JOB_OUTCOME_DONE);
    assert_file_says(bench, "file.bin", "juggler/1.0.0|none");
}

static void test_password_is_used(void **state)
{
    struct bench *bench = *state;
    snprintf(bench->url, sizeof bench->url, "http://user:canary@127.0.0.1:%u/auth", bench->zoo.port);
    assert_int_equal(run_url(bench), JOB_OUTCOME_DONE);
    assert_file_is_body(bench, "file.bin", 100);
}

/* --- attempts ------------------------------------------------------------------------------------- */

static void test_tried_again(void **state)
{
    struct bench *bench = *state;
    bench->set.options.download.retries = 2;
    assert_int_equal(run_path(bench, "/flaky/a"), JOB_OUTCOME_DONE);
    assert_file_is_body(bench, "file.bin", 5000);
    assert_int_equal(bench->result.attempts, 3);
    assert_int_equal(bench->worker.attempt, 3);
    assert_int_equal(bench->worker.sleeps, 2);
    assert_in_range(bench->worker.slept_ns, 300 * NS_PER_MS, 600 * NS_PER_MS);
    assert_true(fake_worker_saw(&bench->worker, PHASE_BACKOFF));
    assert_int_equal(ask(bench, "/count/flaky/a"), 3);
}

static void test_attempts_end(void **state)
{
    struct bench *bench = *state;
    bench->set.options.download.retries = 1;
    assert_int_equal(run_path(bench, "/flaky/b"), JOB_OUTCOME_FAILED);
    assert_string_equal(bench->result.note, "HTTP 500");
    assert_int_equal(bench->result.http_status, 500);
    assert_int_equal(bench->result.attempts, 2);
    assert_int_equal(entries(bench), 0);
}

static void test_which_statuses(void **state)
{
    struct bench *bench = *state;
    static const struct {
        const char *path;
        unsigned attempts;
    } rows[] = {{"/always/400", 1}, {"/always/401", 1}, {"/always/403", 1}, {"/always/404", 1},
                {"/always/408", 3}, {"/always/410", 1}, {"/always/429", 3}, {"/always/500", 3},
                {"/always/502", 3}, {"/always/503", 3}, {"/always/504", 3}, {"/always/304", 1}};
    bench->set.options.download.retries = 2;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char note[32];
        snprintf(note, sizeof note, "HTTP %s", rows[i].path + strlen("/always/"));
        assert_int_equal(run_path(bench, rows[i].path), JOB_OUTCOME_FAILED);
        assert_string_equal(bench->result.note, note);
        assert_int_equal(bench->result.attempts, rows[i].attempts);
        assert_int_equal(entries(bench), 0);
    }
}

static void test_retry_after(void **state)
{
    struct bench *bench = *state;
    bench->set.options.download.retries = 1;
    assert_int_equal(run_path(bench, "/busy/3/a"), JOB_OUTCOME_DONE);
    assert_int_equal(bench->worker.slept_ns, 3 * NS_PER_S);
    fake_worker_clear(&bench->worker);
    assert_int_equal(run_path(bench, "/busy/1000/b"), JOB_OUTCOME_DONE);
    assert_int_equal(bench->worker.slept_ns, 30 * NS_PER_S);
}

static void test_retry_starts_from_nothing(void **state)
{
    struct bench *bench = *state;
    bench->set.options.download.retries = 1;
    assert_int_equal(run_path(bench, "/short-once"), JOB_OUTCOME_DONE);
    assert_file_is_body(bench, "file.bin", 100000);
    assert_int_equal(bench->result.attempts, 2);
    assert_int_equal(bench->result.bytes, 100000);
    bool back_to_nothing = false;
    for (size_t i = 0; i < bench->worker.progress_count; i++)
        back_to_nothing |= bench->worker.progress[i].done == 0;
    assert_true(back_to_nothing);
}

static void test_stop_while_backing_off(void **state)
{
    struct bench *bench = *state;
    bench->set.options.download.retries = 5;
    bench->worker.stop_at_sleep = 2;
    assert_int_equal(run_path(bench, "/always/503/stop"), JOB_OUTCOME_STOPPED);
    assert_int_equal(bench->result.attempts, 2);
}

/* --- what must fail, with its note, and leave nothing ---------------------------------------------- */

struct bad_row {
    const char *path;
    const char *note;
    unsigned attempts; /* with one retry */
};

static void assert_fails(struct bench *bench, const struct bad_row *row)
{
    assert_int_equal(run_path(bench, row->path), JOB_OUTCOME_FAILED);
    assert_string_equal(bench->result.note, row->note);
    assert_int_equal(bench->result.attempts, row->attempts);
    assert_int_equal(bench->result.bytes, 0);
    assert_int_equal(entries(bench), 0);
}

static void test_bad_servers(void **state)
{
    struct bench *bench = *state;
    static const struct bad_row rows[] = {
        {"/missing", "HTTP 404", 1},
        {"/missing-endless", "HTTP 404", 1},
        {"/short", "short: 50,000 of 100,000 bytes came", 2},
        {"/chunked-cut", "the connection broke after 7,000 bytes", 2},
        {"/endless", "larger than 1.0 MiB", 1},
        {"/endless-close", "larger than 1.0 MiB", 1},
        {"/promised-large", "larger than 1.0 MiB", 1},
        {"/headers", "headers larger than 256 KiB", 1},
        {"/loop", "more than 10 redirects", 1},
        {"/hop/10/x", "more than 10 redirects", 1},
        {"/to-file", "redirected to something other than http and https", 1},
        {"/partial", "HTTP 206: a part that was not asked for", 1},
        {"/gone", "the server closed the connection without an answer", 2},
        {"/garbage", "not an answer in HTTP", 1},
    };
    bench->set.options.download.retries = 1;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_fails(bench, &rows[i]);
}

static void test_reset(void **state)
{
    struct bench *bench = *state;
    assert_int_equal(run_path(bench, "/reset"), JOB_OUTCOME_FAILED);
    assert_non_null(strstr(bench->result.note, "of 100,000 bytes came"));
    assert_int_equal(entries(bench), 0);
}

static void test_endless_stops_at_the_cap(void **state)
{
    struct bench *bench = *state;
    assert_int_equal(run_path(bench, "/endless"), JOB_OUTCOME_FAILED);
    assert_in_range(bench->worker.received_bytes, 1 << 20, (1 << 20) + 65536);
}

static void test_no_progress(void **state)
{
    struct bench *bench = *state;
    static const char *const paths[] = {"/one-byte", "/silent", "/drip"};
    bench->set.options.download.timeout_s = 1;
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        uint64_t start_ns = clock_now_ns();
        assert_fails(bench, &(struct bad_row){paths[i], "no progress for 1 s", 1});
        assert_in_range(clock_now_ns() - start_ns, NS_PER_S, 10 * NS_PER_S);
    }
}

/* Time spent paused counts for nothing: the second checkpoint holds longer than the limit, and the third one says stop. */
static void hold(struct worker *worker, void *context)
{
    (void)context;
    if (worker->checkpoints != 2)
        return;
    uint64_t start_ns = clock_now_ns();
    clock_sleep_ns(1300 * NS_PER_MS);
    worker->paused_ns += clock_now_ns() - start_ns;
    worker->stop_at_checkpoint = 3;
}

static void test_pause_is_no_silence(void **state)
{
    struct bench *bench = *state;
    bench->set.options.download.timeout_s = 1;
    bench->worker.on_checkpoint = hold;
    assert_int_equal(run_path(bench, "/silent/paused"), JOB_OUTCOME_STOPPED);
}

static void hold_once(struct worker *worker, void *context)
{
    (void)context;
    if (worker->checkpoints == 2)
        worker->paused_ns += 1;
}

/* A connection that broke while the run was paused is tried again without charge. */
static void test_pause_is_not_charged(void **state)
{
    struct bench *bench = *state;
    bench->worker.on_checkpoint = hold_once;
    assert_int_equal(run_path(bench, "/reset-once"), JOB_OUTCOME_DONE);
    assert_int_equal(bench->result.attempts, 2);
}

static void test_refused(void **state)
{
    struct bench *bench = *state;
    snprintf(bench->url, sizeof bench->url, "http://user:canary@127.0.0.1:1/x?token=canary");
    assert_int_equal(run_url(bench), JOB_OUTCOME_FAILED);
    assert_string_equal(bench->result.note, "could not connect to 127.0.0.1 port 1: refused");
    assert_int_equal(bench->result.http_status, 0);
}

static void test_unknown_host(void **state)
{
    struct bench *bench = *state;
    snprintf(bench->url, sizeof bench->url, "http://nowhere.invalid/x");
    assert_int_equal(run_url(bench), JOB_OUTCOME_FAILED);
    assert_string_equal(bench->result.note, "could not find the address of nowhere.invalid");
}

static void test_other_protocols(void **state)
{
    struct bench *bench = *state;
    snprintf(bench->url, sizeof bench->url, "file:///etc/hostname");
    assert_int_equal(run_url(bench), JOB_OUTCOME_FAILED);
    assert_int_equal(entries(bench), 0);
}

/* --- what stands in the folder ---------------------------------------------------------------------- */

static void test_good_file_survives(void **state)
{
    struct bench *bench = *state;
    static const char *const paths[] = {"/missing", "/short", "/endless", "/gone", "/loop", "/by-nothing"};
    put_file(bench, "file.bin", "good");
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        assert_int_equal(run_path(bench, paths[i]), JOB_OUTCOME_FAILED);
        assert_file_says(bench, "file.bin", "good");
        assert_int_equal(entries(bench), 1);
    }
    assert_int_equal(run_path(bench, "/ok/10/x"), JOB_OUTCOME_DONE);
    assert_file_is_body(bench, "file.bin", 10);
}

static void test_planted_link(void **state)
{
    struct bench *bench = *state;
    put_file(bench, "victim", "untouched");
    assert_int_equal(symlinkat("victim", bench->dir, "file.bin"), 0);
    assert_int_equal(run_path(bench, "/ok/10/planted-link"), JOB_OUTCOME_FAILED);
    assert_string_equal(bench->result.note, "file.bin: is a symbolic link");
    assert_file_says(bench, "victim", "untouched");
    assert_int_equal(entries(bench), 2);
    assert_int_equal(ask(bench, "/count/ok/10/planted-link"), 0);
}

static void test_planted_temporary_link(void **state)
{
    struct bench *bench = *state;
    put_file(bench, "victim", "untouched");
    assert_int_equal(symlinkat("victim", bench->dir, ".juggler-test-0.part"), 0);
    assert_int_equal(run_path(bench, "/ok/10/x"), JOB_OUTCOME_DONE);
    assert_file_says(bench, "victim", "untouched");
    assert_file_is_body(bench, "file.bin", 10);
    assert_int_equal(entries(bench), 2);
}

static void test_planted_others(void **state)
{
    struct bench *bench = *state;
    assert_int_equal(mkfifoat(bench->dir, "file.bin", 0600), 0);
    assert_int_equal(run_path(bench, "/ok/10/x"), JOB_OUTCOME_FAILED);
    assert_string_equal(bench->result.note, "file.bin: is not a regular file");
    assert_int_equal(unlinkat(bench->dir, "file.bin", 0), 0);
    assert_int_equal(mkdirat(bench->dir, "file.bin", 0700), 0);
    assert_int_equal(run_path(bench, "/ok/10/x"), JOB_OUTCOME_FAILED);
    assert_string_equal(bench->result.note, "file.bin: is a folder");
    assert_int_equal(entries(bench), 1);
}

/* Something takes the name while the transfer goes on. */
static void plant_folder(struct worker *worker, void *context)
{
    struct bench *bench = context;
    if (worker->checkpoints == 1)
        mkdirat(bench->dir, "file.bin", 0700);
}

static void plant_file(struct worker *worker, void *context)
{
    struct bench *bench = context;
    if (worker->checkpoints == 1)
        put_file(bench, "file.bin", "mine");
}

static void test_planted_meanwhile(void **state)
{
    struct bench *bench = *state;
    bench->worker.on_checkpoint = plant_folder;
    bench->worker.context = bench;
    assert_int_equal(run_path(bench, "/ok/10/x"), JOB_OUTCOME_FAILED);
    assert_string_equal(bench->result.note, "file.bin: is a folder");
    assert_int_equal(entries(bench), 1);
    assert_int_equal(unlinkat(bench->dir, "file.bin", AT_REMOVEDIR), 0);
    fake_worker_clear(&bench->worker);
    bench->worker.on_checkpoint = plant_file;
    bench->set.options.download.no_clobber = true;
    assert_int_equal(run_path(bench, "/ok/10/x"), JOB_OUTCOME_DONE);
    assert_int_equal(bench->result.flags, JOB_FLAG_KEPT);
    assert_file_says(bench, "file.bin", "mine");
    assert_int_equal(entries(bench), 1);
}

static void test_no_clobber(void **state)
{
    struct bench *bench = *state;
    bench->set.options.download.no_clobber = true;
    put_file(bench, "file.bin", "kept");
    assert_int_equal(run_path(bench, "/ok/10/no-clobber"), JOB_OUTCOME_DONE);
    assert_int_equal(bench->result.flags, JOB_FLAG_KEPT);
    assert_int_equal(bench->result.attempts, 0);
    assert_file_says(bench, "file.bin", "kept");
    assert_int_equal(ask(bench, "/count/ok/10/no-clobber"), 0);
    assert_int_equal(unlinkat(bench->dir, "file.bin", 0), 0);
    assert_int_equal(run_path(bench, "/ok/10/no-clobber"), JOB_OUTCOME_DONE);
    assert_int_equal(bench->result.flags, 0);
    assert_file_is_body(bench, "file.bin", 10);
}

static void test_folder_that_takes_nothing(void **state)
{
    struct bench *bench = *state;
    int proc = open("/proc/self", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    assert_true(proc >= 0);
    bench->set.output_dir = proc;
    bench->set.options.download.retries = 3;
    assert_int_equal(run_path(bench, "/ok/10/x"), JOB_OUTCOME_FAILED);
    assert_non_null(strstr(bench->result.note, "file.bin: "));
    assert_int_equal(bench->result.attempts, 1);
    close(proc);
}

static void test_long_names_in_notes(void **state)
{
    struct bench *bench = *state;
    bench->input.name = "a-name-that-is-rather-long-but-still-a-name-that-somebody-may-have-given-to-a-file-of-theirs.jpeg";
    assert_int_equal(mkdirat(bench->dir, bench->input.name, 0700), 0);
    assert_int_equal(run_path(bench, "/ok/10/x"), JOB_OUTCOME_FAILED);
    assert_non_null(strstr(bench->result.note, "theirs.jpeg: is a folder"));
}

/* The disk takes so much and no more. */
static void test_full_disk(void **state)
{
    struct bench *bench = *state;
    struct rlimit old, small;
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &old), 0);
    small = (struct rlimit){.rlim_cur = 30000, .rlim_max = old.rlim_max};
    signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
    bench->set.options.download.retries = 3;
    enum job_outcome outcome = run_path(bench, "/ok/100000/x");
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &old), 0);
    assert_int_equal(outcome, JOB_OUTCOME_FAILED);
    assert_string_equal(bench->result.note, "file.bin: File too large");
    assert_int_equal(bench->result.attempts, 1);
    assert_int_equal(entries(bench), 0);
}

/* --- stopping ----------------------------------------------------------------------------------------- */

static void test_stop_leaves_nothing(void **state)
{
    struct bench *bench = *state;
    for (uint64_t at = 1; at <= 30; at += 7) {
        fake_worker_clear(&bench->worker);
        bench->worker.stop_at_checkpoint = at;
        assert_int_equal(run_path(bench, "/slow"), JOB_OUTCOME_STOPPED);
        assert_int_equal(entries(bench), 0);
    }
}

static void test_abandon(void **state)
{
    struct bench *bench = *state;
    put_file(bench, ".juggler-test-0.part", "left by the dead");
    put_file(bench, ".juggler-test-1.part", "somebody else's");
    job_kind_download.abandon(&bench->set, 0);
    assert_int_equal(entries(bench), 1);
    assert_file_says(bench, ".juggler-test-1.part", "somebody else's");
    job_kind_download.abandon(&bench->set, 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, start, stop)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_whole_file),
        TEST(test_phases_in_order),
        TEST(test_connection_is_reused),
        TEST(test_no_length),
        TEST(test_empty_bodies),
        TEST(test_redirect_keeps_the_name),
        TEST(test_server_does_not_name_files),
        TEST(test_stored_as_sent),
        TEST(test_password_is_used),
        TEST(test_tried_again),
        TEST(test_attempts_end),
        TEST(test_which_statuses),
        TEST(test_retry_after),
        TEST(test_retry_starts_from_nothing),
        TEST(test_stop_while_backing_off),
        TEST(test_bad_servers),
        TEST(test_reset),
        TEST(test_endless_stops_at_the_cap),
        TEST(test_no_progress),
        TEST(test_pause_is_no_silence),
        TEST(test_pause_is_not_charged),
        TEST(test_refused),
        TEST(test_unknown_host),
        TEST(test_other_protocols),
        TEST(test_good_file_survives),
        TEST(test_planted_link),
        TEST(test_planted_temporary_link),
        TEST(test_planted_others),
        TEST(test_planted_meanwhile),
        TEST(test_no_clobber),
        TEST(test_folder_that_takes_nothing),
        TEST(test_long_names_in_notes),
        TEST(test_full_disk),
        TEST(test_stop_leaves_nothing),
        TEST(test_abandon),
    };
    return cmocka_run_group_tests(tests, group_start, group_stop);
}
