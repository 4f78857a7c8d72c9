/* fuzz_history.c - the file of runs that came to an end, which anybody may have edited: every line is a record in range and fit to show, or
 * counted as damaged; and a record written and read again is the same.
 * fuzz: runs 1500 */
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/problem.h"
#include "report/history.h"
#include "report/history_show.h"
#include "tests/fuzz/fuzz.h"

static char folder[64], inner[96], file[128];

static void remove_folder(void)
{
    unlink(file);
    rmdir(inner);
    rmdir(folder);
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc;
    (void)argv;
    snprintf(folder, sizeof folder, "/tmp/juggler-fuzz-XXXXXX");
    FUZZ_CHECK(mkdtemp(folder));
    snprintf(inner, sizeof inner, "%s/juggler", folder);
    snprintf(file, sizeof file, "%s/history.jsonl", inner);
    FUZZ_CHECK(mkdir(inner, 0700) == 0 && setenv("XDG_STATE_HOME", folder, 1) == 0);
    atexit(remove_folder);
    return 0;
}

static void write_file(const uint8_t *data, size_t size)
{
    int fd = open(file, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    FUZZ_CHECK(fd >= 0 && write(fd, data, size) == (ssize_t)size);
    close(fd);
}

static void check_text(const char *text, size_t room)
{
    char again[512];
    FUZZ_CHECK(memchr(text, '\0', room));
    FUZZ_CHECK(strcmp(text_show(again, sizeof again, text, false), text) == 0);
}

static bool is_known(double value)
{
    return value >= 0 && value < 1e12;
}

static void check_record(const struct history_record *record)
{
    check_text(record->program, sizeof record->program);
    check_text(record->command, sizeof record->command);
    check_text(record->work, sizeof record->work);
    check_text(record->list, sizeof record->list);
    check_text(record->work_id, sizeof record->work_id);
    check_text(record->options, sizeof record->options);
    check_text(record->executor, sizeof record->executor);
    check_text(record->state, sizeof record->state);
    FUZZ_CHECK(record->when_s >= 0 && record->done <= record->jobs);
    FUZZ_CHECK(record->wall_s == -1 || is_known(record->wall_s));
    FUZZ_CHECK(record->cpu_s == -1 || is_known(record->cpu_s));
    FUZZ_CHECK(record->rounds <= 1000000 && record->usable_cores <= 1000000);
}

static void check_round_trip(const struct history_record *record)
{
    struct history_record again;
    char why[96];
    char *line = history_line(record);
    FUZZ_CHECK(line && strchr(line, '\n') == line + strlen(line) - 1);
    FUZZ_CHECK(history_parse(line, strlen(line) - 1, &again, why, sizeof why) == 0);
    FUZZ_CHECK(again.when_s == record->when_s && again.jobs == record->jobs && again.done == record->done);
    FUZZ_CHECK(again.failed == record->failed && again.rounds == record->rounds && again.seed == record->seed);
    FUZZ_CHECK(strcmp(again.list, record->list) == 0 && strcmp(again.executor, record->executor) == 0);
    FUZZ_CHECK(strcmp(again.options, record->options) == 0 && again.memory_bytes == record->memory_bytes);
    free(line);
}

/* What people and programs get to see of it. */
static void check_shown(const struct history *history)
{
    static int (*const WRITERS[])(FILE *, const struct history_output *) = {history_table_write, history_json_write,
                                                                            history_csv_write};
    for (size_t i = 0; i < sizeof WRITERS / sizeof *WRITERS; i++) {
        char *shown = NULL;
        size_t bytes = 0;
        struct history_output output = {.history = history, .columns = 100};
        if (history->count >= 2 && i == 0) {
            output.chosen[0] = &history->records[0];
            output.chosen[1] = &history->records[history->count - 1];
            output.chosen_count = 2;
        }
        FILE *out = open_memstream(&shown, &bytes);
        FUZZ_CHECK(out && WRITERS[i](out, &output) == 0 && fclose(out) == 0);
        for (size_t at = 0; at < bytes; at++)
            shown[at] = shown[at] == '\n' || shown[at] == '\r' ? ' ' : shown[at];
        FUZZ_CHECK(strlen(shown) == bytes && fuzz_is_plain(shown));
        free(shown);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct history history = {0};
    struct problem problem = {.text = ""};
    write_file(data, size);
    FUZZ_CHECK(history_read(&history, &problem) == 0);
    size_t last = 0, lines = 1;
    for (size_t i = 0; i < size; i++)
        lines += data[i] == '\n';
    for (size_t i = 0; i < history.count; i++) {
        FUZZ_CHECK(history.records[i].number > last && history.records[i].number <= lines);
        last = history.records[i].number;
        check_record(&history.records[i]);
        check_round_trip(&history.records[i]);
    }
    for (size_t i = 0; i < history.damaged_count; i++)
        FUZZ_CHECK(history.damaged[i].number >= 1 && history.damaged[i].number <= lines && history.damaged[i].why[0]);
    FUZZ_CHECK(history.count + history.damaged_count <= lines);
    check_shown(&history);
    history_free(&history);
    return 0;
}
