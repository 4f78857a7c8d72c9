/* test_scarce_memory.c - lists, names, reports and the history with every allocation and system call of theirs failing in turn.
 *
 * This program brings its own sys.c, built so that it can fail (as test_torture.c does with whole runs). What is asked for either comes whole or
 * is refused in words; nothing half-made is passed off as whole, and nothing is leaked, which LeakSanitizer and valgrind look for. */
#define SYS_FAULTS
#include "base/sys.c"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <limits.h>
#include <sys/stat.h>

#include "base/clock.h"
#include "base/problem.h"
#include "jobs/inputs.h"
#include "juggler/report.h"
#include "report/history.h"
#include "report/history_show.h"

enum { CALLS_MAX = 2000, LIST = 70, ROOM = 1 << 16 };

/* --- one call after another fails ---------------------------------------------------------------------- */

/* Does its work once. 0: whole, which it has looked at; else refused, and problem says why, or the number does. */
typedef int trial(struct problem *problem);

static int failing_at(trial *once, long n, bool *failed)
{
    struct problem problem = {.text = ""};
    char number[24];
    snprintf(number, sizeof number, "%ld", n);
    setenv("JUGGLER_FAIL_AT", number, 1);
    fault_calls = 0;
    int got = once(&problem);
    *failed = fault_calls >= n;
    unsetenv("JUGGLER_FAIL_AT");
    if (got < 0 && !problem.text[0])
        fail_msg("call %ld failed, and no reason is given", n);
    return got;
}

/* With the first call failing, the second, ... until none is left that could. Returns how often it was refused. */
static size_t refusals(trial *once)
{
    size_t refused = 0;
    for (long n = 1; n <= CALLS_MAX; n++) {
        bool failed = false;
        int got = failing_at(once, n, &failed);
        if (!failed) {
            assert_int_equal(got, 0);
            return refused;
        }
        refused += got != 0;
    }
    fail_msg("there is no end of calls");
    return 0;
}

/* --- lists and names ----------------------------------------------------------------------------------- */

static char folder[PATH_MAX];

static const char *write_list(const char *name, const char *text)
{
    static char path[PATH_MAX + 32];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "w");
    assert_true(file && fputs(text, file) >= 0 && fclose(file) == 0);
    return path;
}

static const char *many_urls(void)
{
    static char text[64 * LIST];
    size_t used = 0;
    for (int i = 0; i < LIST; i++)
        used += (size_t)snprintf(text + used, sizeof text - used, "http://me:secret@h/%d.jpg\n", i % 50);
    return text;
}

static int name_them(struct inputs *inputs, struct problem *problem)
{
    if (inputs_name(inputs, WORK_DOWNLOAD, problem) || inputs_redirect(inputs, 8080, problem))
        return -1;
    assert_int_equal(inputs->count, LIST);
    assert_string_equal(inputs->items[0].text, "http://h/0.jpg");
    assert_string_equal(inputs->items[0].url, "http://127.0.0.1:8080/0.jpg");
    assert_string_equal(inputs->items[LIST - 1].name, "19-2.jpg");
    return 0;
}

static int take_url_list(struct problem *problem)
{
    struct inputs inputs = {0};
    const char *text = many_urls();
    int got = inputs_add_url_text(&inputs, "LIST", text, strlen(text), problem);
    if (!got)
        got = name_them(&inputs, problem);
    inputs_free(&inputs);
    assert_null(inputs.items);
    return got;
}

static int take_url_file(struct problem *problem)
{
    struct inputs inputs = {0};
    int got = inputs_add_download(&inputs, write_list("urls", many_urls()), problem);
    if (!got)
        got = name_them(&inputs, problem);
    inputs_free(&inputs);
    return got;
}

static int take_limits(struct problem *problem)
{
    struct inputs inputs = {0};
    int got = inputs_add_primes(&inputs, "100", problem);
    if (!got)
        got = inputs_add_primes(&inputs, write_list("limits", "# two\n10\n1e3\n"), problem);
    if (!got)
        got = inputs_name(&inputs, WORK_PRIMES, problem);
    if (!got) {
        assert_int_equal(inputs.count, 3);
        assert_string_equal(inputs.items[2].name, "product-1000.txt");
    }
    inputs_free(&inputs);
    return got;
}

static void lists_are_taken_whole_or_refused(void **state)
{
    (void)state;
    assert_true(refusals(take_url_list) > 3 * LIST); /* a URL has its text, its address and its name */
    assert_true(refusals(take_url_file) > 3 * LIST);
    assert_true(refusals(take_limits) >= 8);
}

/* --- reports ------------------------------------------------------------------------------------------- */

enum { JOBS = 3, SLOTS = 2, EVENTS = 8 };

static const struct journal_event EVENTS_OF_IT[EVENTS] = {
    {100 * NS_PER_S + 1, 0, 0, PHASE_STARTING},         {100 * NS_PER_S + 2, 1, 0, PHASE_STARTING},
    {100 * NS_PER_S + 10000000, 0, 1, PHASE_WAITING},   {100 * NS_PER_S + 11000000, 1, 2, PHASE_WAITING},
    {100 * NS_PER_S + 20000000, 1, 2, PHASE_DEAD},      {100 * NS_PER_S + 25000000, 0, 1, PHASE_RECEIVING},
    {100 * NS_PER_S + 40000000, 0, 3, PHASE_COMPUTING}, {100 * NS_PER_S + 90000000, 0, 0, PHASE_LEFT}};

static const struct job_input INPUTS[JOBS] = {{.text = "http://h/a"}, {.text = "http://h/b"}, {.text = "http://h/c"}};

static const struct job_snapshot RESULTS[JOBS] = {
    {.word = {.state = JOB_DONE}, .result = {.start_ns = 100 * NS_PER_S + 10000000, .end_ns = 100 * NS_PER_S + 39000000}},
    {.word = {.state = JOB_RUNNING, .deaths = 1}, .result = {.start_ns = 100 * NS_PER_S + 11000000}},
    {.word = {.state = JOB_DONE, .deaths = 1},
     .result = {.start_ns = 100 * NS_PER_S + 40000000, .end_ns = 100 * NS_PER_S + 90000000}}};

static const struct worker_snapshot WORKERS[SLOTS] = {
    {.used = true, .data = {.born_ns = 100 * NS_PER_S, .account_upto_ns = 100 * NS_PER_S + 90000000}},
    {.used = true, .data = {.born_ns = 100 * NS_PER_S, .account_upto_ns = 100 * NS_PER_S + 20000000}}};

static const struct job_set SET = {.inputs = INPUTS, .count = JOBS, .output_dir = -1};

static const struct snapshot SNAPSHOT = {.state = RUN_STOPPED,
                                         .work = WORK_DOWNLOAD,
                                         .executor = {.how = HOW_PROCESS_POOL, .width = SLOTS},
                                         .usable_cores = 2,
                                         .start_ns = 100 * NS_PER_S,
                                         .wall_ns = 90000000,
                                         .jobs = JOBS,
                                         .done = 2,
                                         .workers = WORKERS,
                                         .slots = SLOTS,
                                         .results = RESULTS,
                                         .set = &SET,
                                         .journal = {.events = EVENTS_OF_IT, .count = EVENTS},
                                         .problem = ""};

/* What is written into memory, and the error it ended with. */
struct written {
    char *text;
    int error;
};

static struct written page_written(void)
{
    struct written page = {0};
    size_t bytes = 0;
    const struct report_input input = {.snapshot = &SNAPSHOT};
    FILE *out = open_memstream(&page.text, &bytes);
    assert_non_null(out);
    page.error = report_html_write(out, &input, NULL);
    fclose(out);
    return page;
}

static size_t count_of(const char *text, const char *part)
{
    size_t count = 0;
    while ((text = strstr(text, part))) {
        count++;
        text += strlen(part);
    }
    return count;
}

/* A page without its picture says so; the rest of it is whole. */
static int write_page(struct problem *problem)
{
    struct written page = page_written();
    bool drawn = count_of(page.text, "<text class=\"number\" x=\"42\"") == SLOTS;
    bool told = strstr(page.text, "no memory to draw this picture");
    if (!page.error) {
        assert_true(drawn != told);
        assert_non_null(strstr(page.text, "</html>"));
        assert_int_equal(count_of(page.text, "<th scope=\"row\">"), JOBS);
    } else
        assert_int_equal(page.error, ENOMEM);
    problem_set_errno(problem, page.error, "page");
    free(page.text);
    return page.error || told;
}

static struct written trace_written(void)
{
    struct written trace = {0};
    size_t bytes = 0;
    const struct report_input input = {.snapshot = &SNAPSHOT};
    FILE *out = open_memstream(&trace.text, &bytes);
    assert_non_null(out);
    trace.error = report_trace_write(out, &input);
    fclose(out);
    return trace;
}

static int write_trace(struct problem *problem)
{
    struct written trace = trace_written();
    assert_true(trace.error == 0 || trace.error == ENOMEM);
    if (!trace.error)
        assert_int_equal(count_of(trace.text, "\"cat\":\"job\""), 3); /* the one whose worker died has a stretch, too */
    problem_set_errno(problem, trace.error, "trace");
    free(trace.text);
    return trace.error;
}

static void pages_and_traces_are_whole_or_refused(void **state)
{
    (void)state;
    assert_true(refusals(write_page) >= 10);
    assert_true(refusals(write_trace) >= 8);
}

/* --- the history ---------------------------------------------------------------------------------------- */

static const struct history_record RECORD = {.when_s = 1764000000,
                                             .program = "juggler",
                                             .command = "run",
                                             .work = "primes",
                                             .list = "some limits",
                                             .executor = "sequential",
                                             .state = "done",
                                             .jobs = 4,
                                             .done = 4,
                                             .wall_s = 2,
                                             .cpu_s = -1,
                                             .best_possible_s = -1,
                                             .speedup = -1};

/* The history holds whole lines and nothing else, whatever was refused before. */
static size_t lines_in_history(void)
{
    static char text[ROOM * 4];
    char path[PATH_MAX];
    FILE *file = fopen(history_path(path, sizeof path), "r");
    size_t bytes = file ? fread(text, 1, sizeof text - 1, file) : 0;
    text[bytes] = '\0';
    if (file)
        fclose(file);
    size_t lines = count_of(text, "\n");
    assert_int_equal(count_of(text, "\"failed\":0"), lines);
    assert_true(!bytes || text[bytes - 1] == '\n');
    return lines;
}

static int append_record(struct problem *problem)
{
    size_t before = lines_in_history();
    int got = history_append(&RECORD, problem);
    size_t more = lines_in_history() - before;
    assert_true(got ? more <= 1 : more == 1); /* one that close complained about is there all the same */
    if (got)
        assert_non_null(strstr(problem->text, "history.jsonl"));
    return got;
}

static int read_history(struct problem *problem)
{
    struct history history = {0};
    int got = history_read(&history, problem);
    if (!got)
        assert_int_equal(history.count, lines_in_history());
    history_free(&history);
    return got;
}

static int show_history(struct problem *problem, int (*write)(FILE *, const struct history_output *))
{
    struct history_record records[2] = {RECORD, RECORD};
    const struct history history = {.records = records, .count = 2};
    const struct history_output output = {.history = &history, .columns = 100};
    char *text = NULL;
    size_t bytes = 0;
    FILE *out = open_memstream(&text, &bytes);
    assert_non_null(out);
    int error = write(out, &output);
    fclose(out);
    assert_true(error == 0 || error == ENOMEM);
    if (!error)
        assert_int_equal(count_of(text, "some limits"), 2);
    problem_set_errno(problem, error, "history");
    free(text);
    return error;
}

static int show_table(struct problem *problem)
{
    return show_history(problem, history_table_write);
}

static int show_json(struct problem *problem)
{
    return show_history(problem, history_json_write);
}

static int show_csv(struct problem *problem)
{
    return show_history(problem, history_csv_write);
}

static void the_history_has_whole_lines_only(void **state)
{
    (void)state;
    assert_true(refusals(append_record) > 20); /* each part of its line, room for it, open, write, close */
    assert_true(refusals(read_history) >= 2);
    assert_int_equal(refusals(show_table), 1);
    assert_true(refusals(show_json) > 20); /* every part of it */
    assert_true(refusals(show_csv) > 20);
}

static int folder_make(void **state)
{
    (void)state;
    const char *base = getenv("TMPDIR");
    snprintf(folder, sizeof folder, "%s/scarce-XXXXXX", base && *base ? base : "/tmp");
    return mkdtemp(folder) && setenv("XDG_STATE_HOME", folder, 1) == 0 ? 0 : -1;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lists_are_taken_whole_or_refused),
        cmocka_unit_test(pages_and_traces_are_whole_or_refused),
        cmocka_unit_test(the_history_has_whole_lines_only),
    };
    return cmocka_run_group_tests(tests, folder_make, NULL);
}
