/* history_command.c - juggler history: the runs that were noted, one of them as a whole, or two compared. */
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/problem.h"
#include "base/text.h"
#include "cli/command.h"
#include "report/history.h"
#include "report/history_show.h"

static void warn_of_damage(const struct history *history)
{
    for (size_t i = 0; i < history->damaged_count; i++)
        fprintf(stderr, "juggler: line %zu of the history is damaged and was skipped: %s\n", history->damaged[i].number,
                history->damaged[i].why);
}

static const struct history_record *find(const struct history *history, uint64_t number)
{
    for (size_t i = 0; i < history->count; i++)
        if (history->records[i].number == number)
            return &history->records[i];
    return NULL;
}

static bool is_damaged(const struct history *history, uint64_t number)
{
    for (size_t i = 0; i < history->damaged_count; i++)
        if (history->damaged[i].number == number)
            return true;
    return false;
}

/* The run that an argument names. NULL with the reason. */
static const struct history_record *choose(const struct history *history, const char *text, struct problem *problem)
{
    uint64_t number = 0;
    const struct history_record *record = NULL;
    if (options_whole(text, 1, SIZE_MAX, &number) != 0)
        problem_set(problem, "'%s' is no number of a run; juggler history lists them, from 1", text);
    else if (!(record = find(history, number)) && is_damaged(history, number))
        problem_set(problem, "line %" PRIu64 " of the history is damaged", number);
    else if (!record && history->count)
        problem_set(problem, "there is no run %" PRIu64 " in the history; the last one is %zu", number,
                    history->records[history->count - 1].number);
    else if (!record)
        problem_set(problem, "there is no run %" PRIu64 ": the history is empty", number);
    return record;
}

/* 0, or the exit code. */
static int fill(const struct options *options, struct history *history, struct history_output *output,
                struct problem *problem)
{
    if (options->arguments_count > 2) {
        problem_set(problem, "history compares two runs, but %zu are named", options->arguments_count);
        return EXIT_BAD_INPUT;
    }
    if (history_read(history, problem) != 0)
        return EXIT_NOT_CARRIED_OUT;
    for (size_t i = 0; i < options->arguments_count; i++) {
        output->chosen[i] = choose(history, options->arguments[i], problem);
        if (!output->chosen[i])
            return EXIT_BAD_INPUT;
    }
    output->chosen_count = options->arguments_count;
    output->history = history;
    return 0;
}

int command_history(const struct options *options)
{
    static int (*const writers[])(FILE *, const struct history_output *) = {
        [FORMAT_TABLE] = history_table_write, [FORMAT_JSON] = history_json_write, [FORMAT_CSV] = history_csv_write};
    struct history history = {.count = 0};
    struct history_output output = {.columns = command_columns(), .ascii = command_ascii(options)};
    struct problem problem = {.text = ""};
    int code = fill(options, &history, &output, &problem);
    if (code == 0) {
        warn_of_damage(&history);
        int error = writers[options->format](stdout, &output);
        code = command_end_output(error ? EXIT_NOT_CARRIED_OUT : EXIT_ALL_DONE);
    } else
        command_refuse(options, code, problem.text);
    history_free(&history);
    return code;
}
