/* test_history.c - the history's file and lines: written, damaged in every way, read back, shown, two of them compared. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <fcntl.h>
#include <ftw.h>
#include <jansson.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/problem.h"
#include "base/text.h"
#include "juggler/compare.h"
#include "report/history.h"
#include "report/history_show.h"

/* --- a folder of its own --------------------------------------------------------------------------- */

static char folder[64];

static int remove_entry(const char *path, const struct stat *status, int type, struct FTW *where)
{
    (void)status, (void)type, (void)where;
    return remove(path);
}

static int folder_make(void **state)
{
    (void)state;
    strcpy(folder, "/tmp/juggler-history-XXXXXX");
    if (!mkdtemp(folder))
        return -1;
    return setenv("XDG_STATE_HOME", folder, 1);
}

static int folder_remove(void **state)
{
    (void)state;
    return nftw(folder, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
}

static const char *path(void)
{
    static char text[PATH_MAX];
    assert_non_null(history_path(text, sizeof text));
    return text;
}

static struct history_record record(void)
{
    return (struct history_record){.when_s = 1764000000,
                                   .program = "juggler 1.0.0",
                                   .command = "run",
                                   .work = "primes",
                                   .list = "the article's limits",
                                   .work_id = "0123456789abcdef",
                                   .options = "kernel trial, product fold",
                                   .executor = "process-pool:4",
                                   .state = "done",
                                   .jobs = 4,
                                   .done = 4,
                                   .wall_s = 2,
                                   .cpu_s = 3.5,
                                   .best_possible_s = 1.75,
                                   .memory_bytes = 4096000,
                                   .usable_cores = 2,
                                   .speedup = -1,
                                   .min_s = -1,
                                   .max_s = -1};
}

static struct history_record compared(double median_s, double min_s, double max_s)
{
    struct history_record one = record();
    strcpy(one.command, "compare");
    one.wall_s = median_s;
    one.min_s = min_s;
    one.max_s = max_s;
    one.rounds = 3;
    one.seed = UINT64_MAX;
    one.speedup = 1.5;
    return one;
}

static void append(const struct history_record *one)
{
    struct problem problem = {.text = ""};
    if (history_append(one, &problem) != 0)
        fail_msg("not appended: %s", problem.text);
}

static void append_bytes(const char *bytes, size_t count)
{
    int fd = open(path(), O_WRONLY | O_APPEND | O_CREAT, 0600);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, bytes, count), (ssize_t)count);
    close(fd);
}

static void append_text(const char *text)
{
    append_bytes(text, strlen(text));
}

static struct history read_all(void)
{
    struct history history = {.count = 0};
    struct problem problem = {.text = ""};
    if (history_read(&history, &problem) != 0)
        fail_msg("not read: %s", problem.text);
    return history;
}

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

/* --- two of them -------------------------------------------------------------------------------------- */

static struct history_comparison found;

static bool says(char words[][HISTORY_WORDS_BYTES], size_t count, const char *text)
{
    for (size_t i = 0; i < count; i++)
        if (strstr(words[i], text))
            return true;
    return false;
}

static void ratio_of_like_and_like(void **state)
{
    struct history_record first = record(), second = record();
    (void)state;
    first.number = 3;
    second.number = 7;
    strcpy(second.executor, "sequential");
    second.wall_s = 3;
    second.usable_cores = 4;
    strcpy(second.program, "juggler 1.1.0");
    strcpy(second.options, "kernel sieve, product tree");
    history_compare(&first, &second, &found);
    assert_int_equal(found.unfit, 0);
    assert_true(found.ratio > 1.4999 && found.ratio < 1.5001);
    assert_false(found.spreads);
    assert_int_equal(found.differs, 4);
    assert_true(says(found.differences, found.differs, "executor: process-pool:4, sequential"));
    assert_true(says(found.differences, found.differs, "usable cores: 2, 4"));
    assert_true(says(found.differences, found.differs, "program: juggler 1.0.0, juggler 1.1.0"));
    assert_true(says(found.differences, found.differs, "options: "));
    history_compare(&first, &first, &found);
    assert_true(found.ratio == 1 && found.differs == 0);
}

/* Each change alone, and what is said of it. */
static void unlike_runs_have_no_ratio(void **state)
{
    struct history_record first = record(), second;
    (void)state;
    first.number = 3;
#define UNFIT(change, text)                                                                                                 \
    do {                                                                                                                    \
        second = record();                                                                                                  \
        second.number = 7;                                                                                                  \
        change;                                                                                                             \
        history_compare(&first, &second, &found);                                                                           \
        assert_int_equal(found.unfit, 1);                                                                                   \
        assert_true(found.ratio < 0);                                                                                       \
        if (!strstr(found.reasons[0], text))                                                                                \
            fail_msg("\"%s\" does not say \"%s\"", found.reasons[0], text);                                                 \
    } while (0)
    UNFIT(strcpy(second.work, "download"), "the work is not the same: primes, download");
    UNFIT(strcpy(second.list, "mine"), "the lists are not the same: the article's limits; mine");
    UNFIT(strcpy(second.work_id, "fedcba9876543210"), "what is in the lists is not the same");
    UNFIT(second.jobs = 5, "what is in the lists");
    UNFIT(second.failed = 1, "in 7 jobs failed");
    UNFIT(second.interrupted = true, "7 was interrupted");
    UNFIT(strcpy(second.state, "stopped"), "7 did not come to its end (stopped)");
    UNFIT(second.wall_s = -1, "the time of 7 is not known");
#undef UNFIT
}

static void spreads_that_overlap_are_no_difference(void **state)
{
    struct history_record first = compared(2, 1.8, 2.2), second = compared(2.1, 2.15, 2.4), third = compared(3, 2.3, 3.5);
    (void)state;
    history_compare(&first, &second, &found);
    assert_true(found.spreads && found.overlap);
    history_compare(&first, &third, &found);
    assert_true(found.spreads && !found.overlap);
    history_compare(&third, &first, &found);
    assert_true(found.spreads && !found.overlap);
    third.rounds = 1; /* the spread of one run is none */
    history_compare(&first, &third, &found);
    assert_false(found.spreads);
}

/* --- shown --------------------------------------------------------------------------------------------- */

static char *text_of(int (*write)(FILE *, const struct history_output *), const struct history_output *output)
{
    static char *text;
    size_t length;
    free(text);
    text = NULL;
    FILE *stream = open_memstream(&text, &length);
    assert_non_null(stream);
    assert_int_equal(write(stream, output), 0);
    fclose(stream);
    return text;
}

static void assert_fits(char *text, int columns)
{
    for (char *line = strtok(text, "\n"); line; line = strtok(NULL, "\n")) {
        if ((int)text_columns(line) > columns)
            fail_msg("%zu columns, not %d: %s", text_columns(line), columns, line);
        if (*line && line[strlen(line) - 1] == ' ')
            fail_msg("ends in a blank: %s", line);
    }
}

static void the_table_fits(void **state)
{
    struct history_record one = compared(2.5, 2, 3);
    (void)state;
    append(&one);
    strcpy(one.list, "bilder_\u00fc_\u6f22\u6f22\u6f22\u6f22_with-a-very-long-name-that-goes-on.txt");
    strcpy(one.executor, "process-batch:1000");
    strcpy(one.state, "stopped");
    one.failed = 12345;
    append(&one);
    struct history history = read_all();
    for (int columns = 60; columns <= 210; columns++) {
        for (int ascii = 0; ascii < 2; ascii++) {
            const struct history_output output = {.history = &history, .columns = columns, .ascii = ascii};
            char *text = text_of(history_table_write, &output);
            assert_non_null(strstr(text, "process-batch:1000"));
            assert_non_null(strstr(text, "2.5")); /* the time is never left out */
            assert_fits(text, columns);
        }
    }
    const struct history_output two = {
        .history = &history, .chosen = {&history.records[0], &history.records[1]}, .chosen_count = 2, .columns = 80};
    char *text = text_of(history_table_write, &two);
    assert_non_null(strstr(text, "no ratio"));
    assert_fits(text, 80);
    history_free(&history);
}

static void json_has_all_and_what_was_skipped(void **state)
{
    struct history_record one = compared(2.5, 2, 3);
    (void)state;
    append(&one);
    append_text("rubbish\n");
    append(&one);
    struct history history = read_all();
    const struct history_output output = {
        .history = &history, .chosen = {&history.records[0], &history.records[1]}, .chosen_count = 2};
    json_t *root = json_loads(text_of(history_json_write, &output), JSON_REJECT_DUPLICATES, NULL);
    assert_non_null(root);
    const json_t *entries = json_object_get(root, "entries");
    assert_int_equal(json_array_size(entries), 2);
    const json_t *last = json_array_get(entries, 1);
    assert_int_equal(json_integer_value(json_object_get(last, "number")), 3);
    assert_true(json_real_value(json_object_get(last, "min_s")) == 2);
    assert_string_equal(json_string_value(json_object_get(last, "seed")), "18446744073709551615");
    const json_t *damaged = json_array_get(json_object_get(root, "damaged"), 0);
    assert_int_equal(json_integer_value(json_object_get(damaged, "line")), 2);
    const json_t *comparison = json_object_get(root, "comparison");
    assert_true(json_real_value(json_object_get(comparison, "ratio")) == 1);
    assert_true(json_is_false(json_object_get(comparison, "different")));
    json_decref(root);
    history_free(&history);
}

/* --- from a run, from a comparison ---------------------------------------------------------------------- */

static const struct job_input INPUTS[] = {{.text = "http://h/a"}, {.text = "http://h/b"}};

static struct snapshot finished(const struct job_set *set, const struct job_snapshot *results)
{
    return (struct snapshot){.state = RUN_DONE,
                             .work = WORK_DOWNLOAD,
                             .executor = {.how = HOW_THREAD_POOL, .width = 10},
                             .usable_cores = 2,
                             .start_ns = 5 * NS_PER_S,
                             .wall_ns = 3 * NS_PER_S,
                             .paused_ns = NS_PER_S,
                             .jobs = 2,
                             .done = 1,
                             .failed = 1,
                             .memory = {.together_bytes = 777},
                             .results = results,
                             .problem = "",
                             .set = set};
}

static void a_run_is_noted_without_its_password(void **state)
{
    struct job_snapshot results[2] = {{.word.state = JOB_DONE}, {.word.state = JOB_FAILED}};
    struct job_set set = {.kind = job_kind_of(WORK_DOWNLOAD), .inputs = INPUTS, .count = 2, .output_dir = -1};
    (void)state;
    struct snapshot snapshot = finished(&set, results);
    assert_int_equal(history_note_run(&snapshot, "dashboard", "http://me:secret@h/list?key=hidden", true, NULL), 0);
    snapshot.start_ns = 0; /* it never started: nothing to note */
    assert_int_equal(history_note_run(&snapshot, "run", "x", false, NULL), 0);
    struct history history = read_all();
    assert_int_equal(history.count, 1);
    const struct history_record *one = &history.records[0];
    assert_string_equal(one->command, "dashboard");
    assert_string_equal(one->work, "download");
    assert_string_equal(one->executor, "thread-pool:10");
    assert_string_equal(one->state, "done");
    assert_null(strstr(one->list, "secret"));
    assert_null(strstr(one->list, "hidden"));
    assert_non_null(strstr(one->list, "h/list"));
    assert_true(one->interrupted && one->jobs == 2 && one->done == 1 && one->failed == 1);
    assert_true(one->wall_s == 2); /* what was paused is not in it */
    assert_true(one->cpu_s < 0 && one->speedup < 0 && one->memory_bytes == 777 && one->usable_cores == 2);
    history_free(&history);
}

static void how_each_job_is_done_is_noted(void **state)
{
    struct job_snapshot results[2] = {{.word.state = JOB_DONE}, {.word.state = JOB_DONE}};
    static const struct job_input limits[] = {{.limit = 10}, {.limit = 20}};
    struct job_set set = {.kind = job_kind_of(WORK_PRIMES), .inputs = limits, .count = 2, .output_dir = -1};
    (void)state;
    struct snapshot snapshot = finished(&set, results);
    snapshot.work = WORK_PRIMES;
    set.options.primes = (struct primes_options){.kernel = KERNEL_SIEVE, .product = PRODUCT_TREE};
    assert_int_equal(history_note_run(&snapshot, "run", "limits", false, NULL), 0);
    set.options.primes = (struct primes_options){.kernel = KERNEL_TRIAL, .product = PRODUCT_FOLD};
    snapshot.gil.interval_ns = 5 * NS_PER_MS;
    assert_int_equal(history_note_run(&snapshot, "run", "limits", false, NULL), 0);
    snapshot.work = WORK_COUNTER;
    set.options.counter.lock = COUNTER_ATOMIC;
    assert_int_equal(history_note_run(&snapshot, "run", NULL, false, NULL), 0);
    snapshot.set = NULL; /* inputs that are not at hand: what it worked on is not known */
    assert_int_equal(history_note_run(&snapshot, "run", NULL, false, NULL), 0);
    struct history history = read_all();
    assert_string_equal(history.records[0].options, "kernel sieve, product tree");
    assert_string_equal(history.records[1].options, "kernel trial, product fold, switch interval 5.0 ms");
    assert_string_equal(history.records[2].options, "lock atomic, switch interval 5.0 ms");
    assert_string_equal(history.records[2].list, "");
    assert_string_equal(history.records[3].work_id, "");
    assert_int_equal(history.count, 4);
    history_free(&history);
    char name[HISTORY_LIST_BYTES];
    assert_string_equal(history_list_name(name, "urls", 500, 0), "urls, 500 ms");
    assert_string_equal(history_list_name(name, NULL, 0, 1 << 20), ", 0 ms, 1.0 MiB/s");
}

static void work_is_told_by_its_inputs(void **state)
{
    struct job_snapshot results[2] = {{.word.state = JOB_DONE}, {.word.state = JOB_DONE}};
    struct job_set set = {.kind = job_kind_of(WORK_DOWNLOAD), .inputs = INPUTS, .count = 2, .output_dir = -1};
    struct job_set less = set;
    (void)state;
    less.count = 1;
    struct snapshot snapshot = finished(&set, results), other = finished(&less, results);
    assert_int_equal(history_note_run(&snapshot, "run", "x", false, NULL), 0);
    assert_int_equal(history_note_run(&snapshot, "run", "x", false, NULL), 0);
    assert_int_equal(history_note_run(&other, "run", "x", false, NULL), 0);
    snapshot.gil.interval_ns = 50 * NS_PER_MS;
    assert_int_equal(history_note_run(&snapshot, "run", "x", false, NULL), 0);
    struct history history = read_all();
    assert_string_equal(history.records[0].options, "");
    assert_string_equal(history.records[3].options, "switch interval 50 ms");
    assert_int_equal(strlen(history.records[0].work_id), 16);
    assert_string_equal(history.records[0].work_id, history.records[1].work_id);
    assert_string_not_equal(history.records[0].work_id, history.records[2].work_id);
    history_free(&history);
}

static void a_comparison_is_a_line_an_executor(void **state)
{
    struct job_set set = {.kind = job_kind_of(WORK_DOWNLOAD), .inputs = INPUTS, .count = 2, .output_dir = -1};
    const struct compare_run runs[] = {{.round = 0, .ended = true, .state = RUN_DONE, .jobs = 2, .done = 2},
                                       {.round = 1, .ended = true, .state = RUN_DONE, .jobs = 2, .done = 2},
                                       {.round = 2, .ended = true, .state = RUN_DONE, .jobs = 2, .done = 1, .failed = 1},
                                       {.round = 3, .ended = false, .state = RUN_RUNNING, .jobs = 2}};
    const struct compare_line lines[] = {{.executor = {.how = HOW_SEQUENTIAL, .width = 1},
                                          .runs = runs,
                                          .count = 4,
                                          .median_s = 2,
                                          .min_s = 1.5,
                                          .max_s = 3,
                                          .speedup = 1,
                                          .best_s = -1,
                                          .cpu_s = -1,
                                          .failed = 1},
                                         {.executor = {.how = HOW_THREAD_POOL, .width = 2}, .runs = runs, .count = 1}};
    const struct compare_view view = {
        .work = WORK_DOWNLOAD, .list_name = "x", .seed = 42, .usable_cores = 2, .lines = lines, .count = 2, .stopped = true};
    (void)state;
    assert_int_equal(history_note_compare(&view, &set, false, NULL), 0);
    setenv("XDG_STATE_HOME", "/proc/nowhere", 1);
    struct problem problem = {.text = ""};
    assert_int_equal(history_note_compare(&view, &set, true, &problem), -1);
    assert_non_null(strstr(problem.text, "/proc/nowhere/juggler/history.jsonl"));
    setenv("XDG_STATE_HOME", folder, 1);
    struct history history = read_all();
    assert_int_equal(history.count, 1); /* of the second only the warm-up came to its end */
    const struct history_record *one = &history.records[0];
    assert_string_equal(one->command, "compare");
    assert_true(one->rounds == 2 && one->seed == 42 && one->wall_s == 2 && one->min_s == 1.5 && one->max_s == 3);
    assert_true(one->speedup == 1 && one->failed == 1 && one->done == 1 && one->interrupted);
    assert_true(one->best_possible_s < 0 && one->cpu_s < 0);
    history_free(&history);
}

#define CASE(function) cmocka_unit_test_setup_teardown(function, folder_make, folder_remove)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(a_record_comes_back_as_it_was),
        CASE(what_is_not_known_is_null),
        CASE(wrong_types_and_ranges_are_damage),
        CASE(text_of_the_file_is_fit_to_show),
        CASE(the_place_follows_the_environment),
        CASE(nothing_is_there_before_the_first),
        CASE(file_and_folder_are_the_owners_alone),
        CASE(what_is_there_stays),
        CASE(a_line_that_was_cut_off_spoils_no_other),
        CASE(binary_and_endless_lines_are_skipped),
        CASE(what_is_no_file_is_refused_at_once),
        CASE(many_at_once_lose_nothing),
        CASE(ratio_of_like_and_like),
        CASE(unlike_runs_have_no_ratio),
        CASE(spreads_that_overlap_are_no_difference),
        CASE(the_table_fits),
        CASE(json_has_all_and_what_was_skipped),
        CASE(a_run_is_noted_without_its_password),
        CASE(how_each_job_is_done_is_noted),
        CASE(work_is_told_by_its_inputs),
        CASE(a_comparison_is_a_line_an_executor),
    };
    return cmocka_run_group_tests_name("history", tests, NULL, NULL);
}
