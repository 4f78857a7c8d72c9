/* notes.c - what disturbed a comparison. See notes.h. Each rule looks at the whole and adds a sentence, or none. */
#include "compare/notes.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/text.h"
#include "compare/article.h"
#include "compare/lines.h"
#include "origin/origin.h"

#define WARM_UP_SLOWER 1.25
#define WARM_UP_SLOWER_S 0.020
#define FIRST_BYTE_LATE 0.1 /* of the latency */
#define FIRST_BYTE_LATE_S 0.010
#define DISK_BYTES_LEAST (UINT64_C(256) * 1024)

struct notes {
    note_text *texts;
    size_t count;
};

static void __attribute__((format(printf, 2, 3))) add(struct notes *notes, const char *format, ...)
{
    if (notes->count >= COMPARE_NOTES_MAX)
        return;
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(notes->texts[notes->count++], COMPARE_TEXT_BYTES, format, arguments);
    va_end(arguments);
}

struct names {
    char text[200];
    size_t count;
};

/* "sequential, thread-pool:10 and 3 more" */
static void name_line(struct names *names, const struct compare_line *line)
{
    char one[EXECUTOR_TEXT_BYTES];
    size_t used = strlen(names->text);
    executor_format(&line->executor, one);
    names->count++;
    if (used + strlen(one) + 24 < sizeof names->text)
        snprintf(names->text + used, sizeof names->text - used, "%s%s", used ? ", " : "", one);
    else if (names->text[used - 1] != '.')
        snprintf(names->text + used, sizeof names->text - used, ", ...");
}

static char *seconds(char *out, size_t room, double value)
{
    return text_duration(out, room, (uint64_t)(value * (double)NS_PER_S + 0.5));
}

/* --- the rules ------------------------------------------------------------------------------------ */

static void note_problems(struct notes *notes, const struct notes_input *input)
{
    for (size_t i = 0; i < input->count; i++) {
        const struct compare_line *line = input->lines[i].line;
        char name[EXECUTOR_TEXT_BYTES];
        if (line->problem[0])
            add(notes, "%s could not be measured: %s", executor_format(&line->executor, name), line->problem);
    }
}

static void note_failures(struct notes *notes, const struct notes_input *input)
{
    struct names names = {.text = ""};
    size_t failed = 0;
    for (size_t i = 0; i < input->count; i++) {
        if (!input->lines[i].line->failed)
            continue;
        failed += input->lines[i].line->failed;
        name_line(&names, input->lines[i].line);
    }
    if (failed)
        add(notes, "%zu job%s failed under %s: such times are not comparable with the others, and take no part in who won",
            failed, failed == 1 ? "" : "s", names.text);
}

/* "thread-pool:4 5 of 40 (12.5 %), thread-each 1 of 40 (2.5 %)" */
static void name_loss(struct names *names, const struct compare_line *line)
{
    char one[EXECUTOR_TEXT_BYTES], text[EXECUTOR_TEXT_BYTES + 80];
    size_t used = strlen(names->text);
    snprintf(text, sizeof text, "%s %llu of %llu", executor_format(&line->executor, one), (unsigned long long)line->lost,
             (unsigned long long)line->adds);
    names->count++;
    if (used + strlen(text) + 8 < sizeof names->text)
        snprintf(names->text + used, sizeof names->text - used, "%s%s", used ? ", " : "", text);
    else if (names->text[used - 1] != '.')
        snprintf(names->text + used, sizeof names->text - used, ", ...");
}

/* What the parent's counter has not: of threads what was overwritten, of processes all that they added to copies of their own. */
static void note_losses(struct notes *notes, const struct notes_input *input)
{
    struct names threads = {.text = ""}, processes = {.text = ""};
    for (size_t i = 0; i < input->count; i++) {
        const struct compare_line *line = input->lines[i].line;
        bool apart = executor_strategy(line->executor.how)->backend == BACKEND_PROCESS;
        if (line_is_wrong(line))
            name_loss(apart ? &processes : &threads, line);
    }
    if (processes.count)
        add(notes, "processes add to counters of their own; lost to the parent's, in all runs: %s", processes.text);
    if (threads.count)
        add(notes, "threads overwrote each other's adds; lost, in all runs: %s", threads.text);
}

static void note_interference(struct notes *notes, const struct notes_input *input)
{
    struct names paused = {.text = ""}, killed = {.text = ""}, tried = {.text = ""};
    size_t deaths = 0;
    uint64_t tries = 0;
    for (size_t i = 0; i < input->count; i++) {
        const struct notes_line *line = &input->lines[i];
        if (line->paused_ns)
            name_line(&paused, line->line);
        if (line->killed)
            name_line(&killed, line->line);
        if (line->tries_more)
            name_line(&tried, line->line);
        deaths += line->killed;
        tries += line->tries_more;
    }
    if (killed.count)
        add(notes, "%zu worker%s died under %s; the time to make up for it is in the figures", deaths,
            deaths == 1 ? "" : "s", killed.text);
    if (tried.count)
        add(notes, "%llu more attempt%s needed under %s; the time that took is in the figures", (unsigned long long)tries,
            tries == 1 ? " was" : "s were", tried.text);
    if (paused.count)
        add(notes, "%s was paused; that time is not in the figures, but what it disturbed is", paused.text);
}

static void note_load(struct notes *notes, const struct notes_input *input)
{
    if (input->load_average >= LOAD_DISTURBS)
        add(notes,
            "the cores that may be used were busy with other things: %.1f cores on average just before the runs, %.1f at "
            "most; what of it went "
            "on during the runs is in the figures",
            input->load_average, input->load_most);
    else if (input->load_most >= LOAD_DISTURBS)
        add(notes,
            "the machine was busy with other things now and then: %.1f cores at most just before a run, %.1f on average",
            input->load_most, input->load_average > 0 ? input->load_average : 0);
}

static void note_rounds(struct notes *notes, const struct notes_input *input)
{
    if (input->rounds < 2)
        add(notes, "one round has no spread: nothing can be said about differences; take more rounds");
}

static void note_short(struct notes *notes, const struct notes_input *input)
{
    struct names names = {.text = ""};
    for (size_t i = 0; i < input->count; i++) {
        const struct compare_line *line = input->lines[i].line;
        if (line_is_comparable(line) && line->median_s < LINE_TOO_SHORT_S)
            name_line(&names, line);
    }
    if (names.count)
        add(notes, "too short to compare: under 20 ms it is mostly starting and ending that is measured (%s)", names.text);
}

/* The line whose first round was slowest beside its others. */
static void note_warm_up(struct notes *notes, const struct notes_input *input)
{
    const struct notes_line *worst = NULL;
    double ratio = WARM_UP_SLOWER;
    for (size_t i = 0; i < input->count; i++) {
        const struct notes_line *line = &input->lines[i];
        double warm_s = line->warm_up.wall_s;
        if (!line->warm_up.ended || line->line->count < 2 || line->line->max_s <= 0)
            continue;
        if (warm_s < line->line->max_s * ratio || warm_s - line->line->max_s < WARM_UP_SLOWER_S)
            continue;
        ratio = warm_s / line->line->max_s;
        worst = line;
    }
    char name[EXECUTOR_TEXT_BYTES], warm[32], later[32], disk[80] = "", size[32];
    if (input->warm_disk_bytes >= DISK_BYTES_LEAST)
        snprintf(disk, sizeof disk, "; that round read %s from the disk",
                 text_bytes(size, sizeof size, input->warm_disk_bytes));
    if (worst)
        add(notes, "the warm-up round was slower: %s took %s in it, and at most %s after it%s; it counts for nothing",
            executor_format(&worst->line->executor, name), seconds(warm, sizeof warm, worst->warm_up.wall_s),
            seconds(later, sizeof later, worst->line->max_s), disk);
    if (input->later_disk_bytes >= DISK_BYTES_LEAST)
        add(notes,
            "%s were read from the disk after the warm-up, too: it was not all in the cache, and the disk is in the figures",
            text_bytes(size, sizeof size, input->later_disk_bytes));
}

/* When the built-in server means to send the first byte of a body: with a rate it saves up a step of it. */
static double first_byte_due_s(const struct notes_input *input, const struct compare_line *line)
{
    double step_ms = input->paced ? ORIGIN_STEP_MS + (double)line->workers / ORIGIN_STEP_SHARE : 0;
    return input->latency_s + step_ms / 1000;
}

static void note_first_byte(struct notes *notes, const struct notes_input *input)
{
    const struct compare_line *worst = NULL;
    double most_s = 0;
    for (size_t i = 0; i < input->count && input->latency_s >= 0; i++) {
        double late_s = input->lines[i].first_byte_s - first_byte_due_s(input, input->lines[i].line);
        if (late_s < input->latency_s * FIRST_BYTE_LATE || late_s < FIRST_BYTE_LATE_S || late_s <= most_s)
            continue;
        most_s = late_s;
        worst = input->lines[i].line;
    }
    char name[EXECUTOR_TEXT_BYTES], late[32], latency[32];
    if (worst)
        add(notes, "first bytes came late: under %s %s later than the built-in server's latency of %s%s explains",
            executor_format(&worst->executor, name), seconds(late, sizeof late, most_s),
            seconds(latency, sizeof latency, input->latency_s), input->paced ? " and its pace" : "");
}

static void note_list(struct notes *notes, const struct notes_input *input)
{
    size_t wide = 0;
    if (input->article && input->jobs > ARTICLE_EACH_MAX)
        add(notes,
            "thread-each and process-each are left out: %zu jobs would start as many workers at once; ask for them by name",
            input->jobs);
    for (size_t i = 0; input->sweep && i < input->count; i++)
        wide += input->lines[i].line->workers > input->jobs;
    if (wide)
        add(notes,
            "there are %zu jobs: more workers than jobs have nothing to do, and the curve bends there for that reason",
            input->jobs);
}

size_t notes_write(const struct notes_input *input, note_text out[COMPARE_NOTES_MAX])
{
    static void (*const rules[])(struct notes * notes, const struct notes_input *input) = {
        note_problems, note_failures, note_losses,  note_interference, note_load,
        note_rounds,   note_short,    note_warm_up, note_first_byte,   note_list,
    };
    struct notes notes = {.texts = out};
    for (size_t i = 0; i < sizeof rules / sizeof *rules; i++)
        rules[i](&notes, input);
    return notes.count;
}
