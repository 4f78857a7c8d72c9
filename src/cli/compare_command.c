/* compare_command.c - juggler compare: the same work under several executors, headless. stdout carries the result, stderr everything else.
 *
 * One thread, as in run_command.c: it ticks the comparison, and prints what was measured at the end. The first SIGINT or SIGTERM ends the run
 * that is going on, and what was measured until then is printed. */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/problem.h"
#include "base/signals.h"
#include "cli/command.h"
#include "cli/compare_list.h"
#include "cli/compare_progress.h"
#include "cli/data_dir.h"
#include "cli/guard.h"
#include "cli/outfile.h"
#include "cli/workload.h"
#include "juggler/compare.h"
#include "juggler/report.h"
#include "measure/machine.h"
#include "origin/origin.h"
#include "report/history.h"

enum {
    TICK_MS = 25, /* a run of a tenth of a second is to be weighed once */
    COUNTER_JOBS = 4
};

struct session {
    const struct options *options;
    struct compare_list list;
    bool article;
    struct workload workload;
    struct guard guard; /* sees to the temporary files should this process be killed outright */
    struct origin *origin;
    struct outfile report;
    struct compare_options asked;
    struct compare *compare;
    struct compare_progress progress;
    int signal_fd;
    int signal_number; /* the first that came; 0: none did */
};

/* --- set-up --------------------------------------------------------------------------------------- */

/* One that a person can type again. */
static uint64_t choose_seed(uint64_t asked)
{
    uint32_t chosen = 0;
    if (asked)
        return asked;
    if (getrandom(&chosen, sizeof chosen, 0) != (ssize_t)sizeof chosen)
        chosen = (uint32_t)clock_now_ns();
    return 1 + chosen % 999999;
}

static bool has_gil(const struct compare_list *list)
{
    for (size_t i = 0; i < list->count; i++)
        if (list->executors[i].gil)
            return true;
    return false;
}

static int read_workload(struct session *session, const char *data_dir, struct problem *problem)
{
    const struct options *options = session->options;
    enum work work = options->run_work;
    unsigned cores = machine_usable_cores().count;
    struct work_options asked = options->work[work];
    asked.with = NULL; /* a list here, which has been read already */
    if (work == WORK_DOWNLOAD && asked.download.no_clobber) {
        problem_set(problem, "--no-clobber would leave nothing to do, and nothing to compare, after the first run");
        return -1;
    }
    if (compare_list_read(&session->list, options, cores, problem) != 0)
        return -1;
    if (work == WORK_COUNTER) { /* every executor is to add as often as every other */
        unsigned jobs = compare_list_widest(&session->list, COUNTER_JOBS);
        if (workload_init_counter(&session->workload, &asked, jobs, cores, problem) != 0)
            return -1;
    } else if (workload_init(&session->workload, work, &asked, options->sample_times ? options->sample_times : 1, cores,
                             data_dir, problem) != 0)
        return -1;
    session->article = session->list.count == 0;
    if (session->article)
        session->list.count = compare_article(work, cores, session->workload.set.count, session->list.executors);
    return 0;
}

/* All but the origin, which is started when everything else is known to be right. */
static int settle_options(struct session *session, struct problem *problem)
{
    const struct options *options = session->options;
    session->asked = (struct compare_options){.set = &session->workload.set,
                                              .list_name = session->workload.name,
                                              .count = session->list.count,
                                              .rounds = options->repeat,
                                              .seed = choose_seed(options->seed),
                                              .sweep = options->sweep != NULL,
                                              .article = session->article,
                                              .controls = has_gil(&session->list),
                                              .usable_cores = machine_usable_cores().count,
                                              .lease_ns = options->lease_s * NS_PER_S,
                                              .switch_interval_ns = options->switch_interval_ms * NS_PER_MS};
    memcpy(session->asked.executors, session->list.executors, sizeof session->asked.executors);
    return compare_check(&session->asked, problem);
}

static int start_origin(struct session *session, const char *data_dir, struct problem *problem)
{
    struct origin_options options = {.latency_ms = session->options->latency_ms,
                                     .rate_bytes_per_s = session->options->rate_bytes_per_s,
                                     .files = session->options->files,
                                     .sample_dir = data_dir};
    session->origin = origin_start(&options, problem);
    session->asked.origin = session->origin;
    return session->origin ? workload_redirect(&session->workload, origin_port(session->origin), problem) : -1;
}

static int open_outputs(struct session *session, struct problem *problem)
{
    const struct options *options = session->options;
    if (options->report && outfile_open(&session->report, "report", options->report, problem) != 0)
        return EXIT_BAD_INPUT;
    return workload_open(&session->workload, problem) != 0 ? EXIT_BAD_INPUT : 0;
}

/* 0, or the exit code. As in run_command.c: whatever is wrong with what was asked for is found before anything starts. */
static int prepare(struct session *session, struct problem *problem)
{
    const struct options *options = session->options;
    enum work work = options->run_work;
    const struct work_options *asked = &options->work[work];
    char data_dir[WORKLOAD_PATH_BYTES] = "";
    if (workload_needs_data(work, asked) && data_dir_find(data_dir, sizeof data_dir, problem) != 0)
        return EXIT_NOT_CARRIED_OUT;
    if (read_workload(session, data_dir, problem) != 0 || settle_options(session, problem) != 0)
        return EXIT_BAD_INPUT;
    session->signal_fd = command_signals_open(false);
    if (session->signal_fd < 0) {
        problem_set_errno(problem, errno, "signals could not be set up");
        return EXIT_NOT_CARRIED_OUT;
    }
    struct guard_duty duty = {.folders_count = 0};
    guard_add(&duty, &session->workload);
    guard_start(&session->guard, &duty);
    int code = open_outputs(session, problem);
    if (code)
        return code;
    bool builtin = work == WORK_DOWNLOAD && session->workload.builtin;
    return builtin && start_origin(session, data_dir, problem) != 0 ? EXIT_NOT_CARRIED_OUT : 0;
}

/* --- the comparison ------------------------------------------------------------------------------- */

static bool is_over(struct session *session)
{
    struct compare_view view;
    if (compare_pidfd(session->compare) >= 0)
        return false;
    compare_look(session->compare, &view);
    return view.over;
}

static void watch(struct session *session)
{
    compare_progress_init(&session->progress, session->options->progress, command_ascii(session->options));
    while (!is_over(session)) {
        struct pollfd fds[] = {{.fd = session->signal_fd, .events = POLLIN},
                               {.fd = compare_pidfd(session->compare), .events = POLLIN}};
        poll(fds, 2, TICK_MS);
        guard_look(&session->guard);
        session->signal_number = signals_next(session->signal_fd);
        if (session->signal_number)
            compare_stop(session->compare);
        else
            compare_tick(session->compare);
        compare_progress_show(&session->progress, session->compare);
    }
    compare_progress_clear(&session->progress);
}

/* Every executor could be measured: 0. Some could not, or jobs failed: the others' figures are there. */
static int exit_code_of(const struct session *session, const struct compare_view *view)
{
    size_t failed = 0, unable = 0;
    if (session->signal_number && view->stopped)
        return EXIT_SIGNAL + session->signal_number;
    for (size_t i = 0; i < view->count; i++) {
        failed += view->lines[i].failed;
        unable += view->lines[i].problem[0] != 0;
    }
    if (unable == view->count)
        return EXIT_NOT_CARRIED_OUT;
    return failed + unable ? EXIT_SOME_FAILED : EXIT_ALL_DONE;
}

static int print_result(const struct session *session, const struct compare_report_input *input)
{
    static const char *const names[] = {[FORMAT_TABLE] = "table", [FORMAT_JSON] = "json", [FORMAT_CSV] = "csv"};
    int error = report_format_of(names[session->options->format])->write_compare(stdout, input);
    error = fflush(stdout) != 0 && !error ? errno : error;
    if (error)
        fprintf(stderr, "juggler: the result could not be written: %s\n", strerror(error));
    return error ? EXIT_NOT_CARRIED_OUT : 0;
}

static int write_report(struct session *session, const struct compare_report_input *input)
{
    struct problem problem;
    if (!session->report.stream)
        return 0;
    int error = report_html_write(session->report.stream, NULL, input);
    if (outfile_publish(&session->report, error, &problem) == 0)
        return 0;
    command_tell(session->options, problem.text);
    return EXIT_NOT_CARRIED_OUT;
}

static void note_history(const struct session *session, const struct compare_view *view)
{
    struct problem problem;
    char name[HISTORY_LIST_BYTES];
    struct compare_view named = *view;
    bool interrupted = session->signal_number != 0;
    if (session->origin)
        named.list_name =
            history_list_name(name, view->list_name, session->options->latency_ms, session->options->rate_bytes_per_s);
    if (!session->options->no_history && history_note_compare(&named, session->asked.set, interrupted, &problem) != 0) {
        char sentence[sizeof problem.text + 64];
        snprintf(sentence, sizeof sentence, "this run is not in the history: %s", problem.text);
        command_tell(session->options, sentence);
    }
}

/* Also where the form on stdout is one for programs. */
static void tell_problems(const struct session *session, const struct compare_view *view)
{
    char name[EXECUTOR_TEXT_BYTES];
    struct problem problem;
    for (size_t i = 0; i < view->count; i++) {
        const struct compare_line *line = &view->lines[i];
        if (!line->problem[0])
            continue;
        problem_set(&problem, "%s could not be measured: %s", executor_format(&line->executor, name), line->problem);
        command_tell(session->options, problem.text);
    }
}

static int carry_out(struct session *session, struct problem *problem)
{
    session->compare = compare_start(&session->asked, problem);
    if (!session->compare)
        return EXIT_NOT_CARRIED_OUT;
    watch(session);
    struct compare_view view;
    compare_look(session->compare, &view);
    const struct compare_report_input input = {.view = &view,
                                               .interrupted = view.stopped,
                                               .columns = command_columns(),
                                               .ascii = command_ascii(session->options),
                                               .work = view.work};
    signals_release(session->signal_fd); /* as in run_command.c */
    int failed = print_result(session, &input);
    int unwritten = write_report(session, &input);
    tell_problems(session, &view);
    note_history(session, &view);
    return failed ? failed : unwritten ? unwritten : exit_code_of(session, &view);
}

int command_compare(const struct options *options)
{
    struct session session = {.options = options, .signal_fd = -1, .workload.set.output_dir = -1};
    struct problem problem = {.text = ""};
    int code = prepare(&session, &problem);
    if (code == 0)
        code = carry_out(&session, &problem);
    if (!session.compare)
        command_refuse(options, code, problem.text);
    compare_free(session.compare);
    outfile_discard(&session.report);
    origin_stop(session.origin);
    workload_free(&session.workload);
    guard_stop(&session.guard);
    if (session.signal_fd >= 0)
        close(session.signal_fd);
    return code;
}
