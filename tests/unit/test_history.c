/* test_history.c - the history's file and lines: written, damaged in every way, read back. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <fcntl.h>
#include <jansson.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/problem.h"

#include "made_history.h"

/* --- lines ------------------------------------------------------------------------------------------ */

static void assert_same(const struct history_record *got, const struct history_record *wanted)
{
    assert_true(got->when_s == wanted->when_s);
    assert_string_equal(got->program, wanted->program);
    assert_string_equal(got->command, wanted->command);
    assert_string_equal(got->work, wanted->work);
    assert_string_equal(got->list, wanted->list);
    assert_string_equal(got->work_id, wanted->work_id);
    assert_string_equal(got->options, wanted->options);
    assert_string_equal(got->executor, wanted->executor);
    assert_string_equal(got->state, wanted->state);
    assert_int_equal(got->interrupted, wanted->interrupted);
    assert_true(got->jobs == wanted->jobs && got->done == wanted->done && got->failed == wanted->failed);
    assert_true(got->wall_s == wanted->wall_s && got->cpu_s == wanted->cpu_s);
    assert_true(got->best_possible_s == wanted->best_possible_s && got->speedup == wanted->speedup);
    assert_true(got->memory_bytes == wanted->memory_bytes && got->usable_cores == wanted->usable_cores);
    assert_true(got->rounds == wanted->rounds && got->min_s == wanted->min_s && got->max_s == wanted->max_s);
    assert_true(got->seed == wanted->seed);
}

static void assert_comes_back(const struct history_record *one)
{
    struct history_record back;
    char why[96] = "";
    char *line = history_line(one);
    assert_non_null(line);
    assert_int_equal(strcspn(line, "\n"), strlen(line) - 1); /* one line, and only one */
    for (const char *at = line; *at && *at != '\n'; at++)
        assert_in_range(*at, ' ', '~');
    if (history_parse(line, strlen(line) - 1, &back, why, sizeof why) != 0)
        fail_msg("%s: %s", line, why);
    assert_same(&back, one);
    free(line);
}

static void a_record_comes_back_as_it_was(void **state)
{
    (void)state;
    struct history_record one = record();
    assert_comes_back(&one);
    one.wall_s = one.cpu_s = one.best_possible_s = -1;
    one.memory_bytes = one.usable_cores = 0;
    one.work_id[0] = one.options[0] = '\0';
    one.interrupted = true;
    one.failed = 3;
    strcpy(one.state, "stopped");
    strcpy(one.list, "bilder_\u00fc_\u6f22.txt, 500 ms \"quoted\\\"");
    assert_comes_back(&one);
    one = compared(0.123456789012345, 0.1, 0.2);
    assert_comes_back(&one);
}

static void what_is_not_known_is_null(void **state)
{
    (void)state;
    struct history_record one = record();
    one.wall_s = one.cpu_s = -1;
    one.memory_bytes = 0;
    char *line = history_line(&one);
    assert_non_null(strstr(line, "\"wall_s\":null,\"cpu_s\":null,"));
    assert_non_null(strstr(line, "\"memory_bytes\":null,"));
    assert_non_null(strstr(line, "\"speedup\":null"));
    assert_non_null(strstr(line, "\"when\":\"2025-11-24T16:00:00Z\""));
    assert_null(strstr(line, "rounds"));
    free(line);
}

static const char GOOD[] =
    "{\"version\":1,\"when\":\"2026-01-31T12:00:00Z\",\"command\":\"run\",\"work\":\"primes\",\"executor\":\"sequential\","
    "\"state\":\"done\",\"interrupted\":false,\"jobs\":4,\"done\":4,\"failed\":0,\"wall_s\":1.5}";

/* The good line with the first `from` in it become `to`. */
static char *changed(const char *from, const char *to)
{
    static char line[1024];
    const char *at = strstr(GOOD, from);
    assert_non_null(at);
    snprintf(line, sizeof line, "%.*s%s%s", (int)(at - GOOD), GOOD, to, at + strlen(from));
    return line;
}

static void assert_damaged(const char *line, const char *because)
{
    struct history_record one;
    char why[96] = "";
    if (history_parse(line, strlen(line), &one, why, sizeof why) == 0)
        fail_msg("taken: %s", line);
    if (!strstr(why, because))
        fail_msg("%s: \"%s\" does not say \"%s\"", line, why, because);
}

static void wrong_types_and_ranges_are_damage(void **state)
{
    struct history_record one;
    char why[96];
    (void)state;
    assert_int_equal(history_parse(GOOD, strlen(GOOD), &one, why, sizeof why), 0);
    assert_true(one.wall_s == 1.5 && one.cpu_s < 0 && one.speedup < 0 && one.memory_bytes == 0 && one.rounds == 0);
    assert_damaged("", "no JSON");
    assert_damaged("{\"version\":1", "no JSON");
    assert_damaged("[1]", "no object");
    assert_damaged("null", "no JSON"); /* not an object or array */
    assert_damaged(changed("\"version\":1", "\"version\":2"), "later juggler");
    assert_damaged(changed("\"version\":1", "\"version\":\"1\""), "version");
    assert_damaged(changed("\"version\":1,", ""), "\"version\" is missing");
    assert_damaged(changed("2026-01-31T12", "yesterday"), "no moment");
    assert_damaged(changed("12:00:00Z", "12:00:00"), "no moment");
    assert_damaged(changed("12:00:00Z", "12:00:00Z and more"), "no moment");
    assert_damaged(changed("2026-01-31", "1066-10-14"), "no moment");
    assert_damaged(changed("\"primes\"", "7"), "\"work\" is no text");
    assert_damaged(changed("\"primes\"", "\"\""), "\"work\" is empty");
    assert_damaged(changed("\"jobs\":4", "\"jobs\":-4"), "\"jobs\" is no number in range");
    assert_damaged(changed("\"jobs\":4", "\"jobs\":4.5"), "\"jobs\"");
    assert_damaged(changed("\"jobs\":4", "\"jobs\":3"), "\"done\""); /* more done than there are */
    assert_damaged(changed("false", "0"), "\"interrupted\" is neither true nor false");
    assert_damaged(changed("1.5", "-1.5"), "\"wall_s\" is no number in range");
    assert_damaged(changed("1.5", "\"fast\""), "\"wall_s\"");
    assert_damaged(changed("1.5", "1e300"), "\"wall_s\"");
    assert_damaged(changed("1.5}", "1.5,\"rounds\":3}"), "\"seed\"");
    assert_damaged(changed("1.5}", "1.5,\"rounds\":3,\"seed\":\"-1\"}"), "\"seed\"");
    assert_damaged(changed("1.5}", "1.5,\"memory_bytes\":-1}"), "\"memory_bytes\"");
    assert_damaged(changed("\"interrupted\":false,", ""), "\"interrupted\" is missing");
    assert_damaged(changed("\"primes\"", "null"), "\"work\" is no text");
    assert_damaged(changed("1.5}", "1.5,\"options\":7}"), "\"options\" is no text");
    assert_damaged(changed("1.5}", "1.5,\"rounds\":3,\"seed\":\"7x\"}"), "\"seed\" is no number");
    assert_damaged(changed("1.5}", "1.5,\"rounds\":3,\"seed\":\"99999999999999999999\"}"), "\"seed\" is no number");
    assert_damaged(changed("\"when\":\"2026-01-31T12:00:00Z\"", "\"when\":7"), "\"when\" is no text");
}

static void text_of_the_file_is_fit_to_show(void **state)
{
    struct history_record one;
    char why[96];
    (void)state;
    const char *line = changed("1.5}", "1.5,\"list\":\"a\\u001b[31m\\u202eb\"}");
    assert_int_equal(history_parse(line, strlen(line), &one, why, sizeof why), 0);
    assert_null(strchr(one.list, '\033'));
    assert_null(strstr(one.list, "\u202e"));
    assert_non_null(strstr(one.list, "\\x1B"));
}

/* --- the file ---------------------------------------------------------------------------------------- */

static void the_place_follows_the_environment(void **state)
{
    char out[PATH_MAX], wanted[PATH_MAX];
    char *home = getenv("HOME") ? strdup(getenv("HOME")) : NULL;
    (void)state;
    snprintf(wanted, sizeof wanted, "%s/juggler/history.jsonl", folder);
    assert_string_equal(history_path(out, sizeof out), wanted);
    setenv("HOME", "/home/x", 1);
    setenv("XDG_STATE_HOME", "relative", 1);
    assert_string_equal(history_path(out, sizeof out), "/home/x/.local/state/juggler/history.jsonl");
    setenv("XDG_STATE_HOME", "", 1);
    assert_string_equal(history_path(out, sizeof out), "/home/x/.local/state/juggler/history.jsonl");
    assert_null(history_path(out, 10));
    unsetenv("HOME");
    assert_null(history_path(out, sizeof out));
    struct problem problem = {.text = ""};
    struct history_record one = record();
    assert_int_equal(history_append(&one, &problem), -1);
    assert_non_null(strstr(problem.text, "XDG_STATE_HOME"));
    struct history history = {.count = 0};
    assert_int_equal(history_check(&problem), -1);
    assert_int_equal(history_read(&history, &problem), -1);
    if (home)
        setenv("HOME", home, 1);
    free(home);
}

static void nothing_is_there_before_the_first(void **state)
{
    (void)state;
    struct history history = read_all();
    assert_int_equal(history.count + history.damaged_count, 0);
    assert_int_equal(access(path(), F_OK), -1); /* reading makes nothing */
    assert_int_equal(history_check(NULL), 0);
    assert_int_equal(access(path(), F_OK), -1);
    history_free(&history);
}

static void file_and_folder_are_the_owners_alone(void **state)
{
    struct stat info;
    char parent[PATH_MAX];
    (void)state;
    mode_t before = umask(0);
    struct history_record one = record();
    append(&one);
    umask(before);
    assert_int_equal(stat(path(), &info), 0);
    assert_int_equal(info.st_mode & 07777, 0600);
    snprintf(parent, sizeof parent, "%s/juggler", folder);
    assert_int_equal(stat(parent, &info), 0);
    assert_int_equal(info.st_mode & 07777, 0700);
}

static void what_is_there_stays(void **state)
{
    (void)state;
    struct history_record one = record();
    append(&one);
    append_text("not mine to change\n");
    one.jobs = one.done = 5;
    append(&one);
    struct history history = read_all();
    assert_int_equal(history.count, 2);
    assert_int_equal(history.records[0].number, 1);
    assert_int_equal(history.records[1].number, 3);
    assert_int_equal(history.records[1].jobs, 5);
    assert_int_equal(history.damaged_count, 1);
    assert_int_equal(history.damaged[0].number, 2);
    history_free(&history);
}

static void a_line_that_was_cut_off_spoils_no_other(void **state)
{
    (void)state;
    struct history_record one = record();
    append(&one);
    append_text("{\"version\":1,\"when\":\"2026-01-");
    append(&one);
    append(&one);
    struct history history = read_all();
    assert_int_equal(history.count, 3);
    assert_int_equal(history.damaged_count, 1);
    assert_int_equal(history.damaged[0].number, 2);
    assert_int_equal(history.records[1].number, 3);
    assert_int_equal(history.records[2].number, 4);
    history_free(&history);
}

static void binary_and_endless_lines_are_skipped(void **state)
{
    static char much[HISTORY_LINE_BYTES_MAX * 20];
    (void)state;
    struct history_record one = record();
    append(&one);
    append_bytes("\0\377\376\001\033[2J\n", 9);
    memset(much, '[', sizeof much);
    append_bytes(much, sizeof much);
    append_text("\n\n\n");
    append(&one);
    append_text(GOOD); /* without a newline: as good as any */
    struct history history = read_all();
    assert_int_equal(history.count, 3);
    assert_int_equal(history.damaged_count, 2);
    assert_int_equal(history.damaged[0].number, 2);
    assert_int_equal(history.damaged[1].number, 3);
    assert_non_null(strstr(history.damaged[1].why, "too long"));
    assert_int_equal(history.records[1].number, 6); /* the two empty ones count as lines, and as no damage */
    assert_int_equal(history.records[2].number, 7);
    history_free(&history);
}

static void what_is_no_file_is_refused_at_once(void **state)
{
    struct problem problem = {.text = ""};
    struct history history = {.count = 0};
    struct history_record one = record();
    char parent[PATH_MAX];
    (void)state;
    snprintf(parent, sizeof parent, "%s/juggler", folder);
    assert_int_equal(mkdir(parent, 0700), 0);
    assert_int_equal(mkfifo(path(), 0600), 0);
    assert_int_equal(history_append(&one, &problem), -1);
    assert_int_equal(history_read(&history, &problem), -1);
    assert_int_equal(history_check(&problem), -1);
    assert_int_equal(unlink(path()), 0);
    assert_int_equal(rmdir(parent), 0);
    close(open(parent, O_CREAT | O_WRONLY, 0600)); /* a file where the folder should be */
    problem.text[0] = '\0';
    assert_int_equal(history_append(&one, &problem), -1);
    assert_non_null(strstr(problem.text, parent));
    problem.text[0] = '\0';
    assert_int_equal(history_check(&problem), -1);
    assert_non_null(strstr(problem.text, parent));
    assert_non_null(strstr(problem.text, "Not a directory"));
    assert_int_equal(history_read(&history, &problem), 0); /* no file: nothing is noted yet */
    history_free(&history);
}

static void many_at_once_lose_nothing(void **state)
{
    enum { WRITERS = 6, LINES = 60 };
    pid_t writers[WRITERS];
    (void)state;
    for (int i = 0; i < WRITERS; i++) {
        writers[i] = fork();
        if (writers[i] == 0) {
            struct history_record one = record();
            bool whole = true;
            for (int line = 0; line < LINES; line++) {
                one.jobs = (uint64_t)(1000 + i * LINES + line);
                memset(one.list, 'a' + i, sizeof one.list - 1); /* lines of some length */
                whole = history_append(&one, NULL) == 0 && whole;
            }
            _exit(whole ? 0 : 1);
        }
    }
    for (int i = 0; i < WRITERS; i++) {
        int status;
        assert_int_equal(waitpid(writers[i], &status, 0), writers[i]);
        assert_int_equal(status, 0);
    }
    struct history history = read_all();
    bool seen[WRITERS * LINES] = {false};
    assert_int_equal(history.damaged_count, 0);
    assert_int_equal(history.count, WRITERS * LINES);
    for (size_t i = 0; i < history.count; i++) {
        assert_in_range(history.records[i].jobs, 1000, 1000 + WRITERS * LINES - 1);
        assert_false(seen[history.records[i].jobs - 1000]);
        seen[history.records[i].jobs - 1000] = true;
    }
    history_free(&history);
}

#define CASE(function) cmocka_unit_test_setup_teardown(function, folder_make, folder_remove)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(a_record_comes_back_as_it_was),           CASE(what_is_not_known_is_null),
        CASE(wrong_types_and_ranges_are_damage),       CASE(text_of_the_file_is_fit_to_show),
        CASE(the_place_follows_the_environment),       CASE(nothing_is_there_before_the_first),
        CASE(file_and_folder_are_the_owners_alone),    CASE(what_is_there_stays),
        CASE(a_line_that_was_cut_off_spoils_no_other), CASE(binary_and_endless_lines_are_skipped),
        CASE(what_is_no_file_is_refused_at_once),      CASE(many_at_once_lose_nothing),
    };
    return cmocka_run_group_tests_name("history", tests, NULL, NULL);
}
