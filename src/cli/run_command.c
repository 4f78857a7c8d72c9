/* run_command.c - juggler run: one work, headless. stdout carries the result, stderr everything else.
 *
 * The process is the app of docs/architecture.md without a screen: it watches the runner, reads the board for the progress line, and prints the report at
 * the end. A first SIGINT or SIGTERM stops the run; a second one ends it at once. Either way what was done is printed. Ctrl-Z pauses it. */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/problem.h"
#include "base/signals.h"
#include "base/text.h"
#include "cli/command.h"
#include "cli/data_dir.h"
#include "cli/guard.h"
#include "cli/progress.h"
#include "cli/run_outputs.h"
#include "cli/run_record.h"
#include "cli/workload.h"
#include "juggler/report.h"
#include "juggler/run.h"
#include "measure/machine.h"
#include "measure/sampler.h"
#include "origin/origin.h"
#include "report/history.h"

enum {
    TICK_MS = 100,
    FIRST_TICK_MS = 10, /* until the memory is known: a short run is to be weighed, too */
    EVENTS_TICK_MS = 10 /* while events are kept: a ring is overwritten by a fast run in a few of these */
};

struct session {
    const struct options *options;
    struct workload workload;
    struct guard guard; /* sees to the temporary files should this process be killed outright */
    struct run_outputs outputs;
    struct run_record record;
    struct origin *origin;
    struct run *run;
    struct sampler sampler; /* for its memory; for the record also what the kernel says */
    char cores[CORES_WORDS_BYTES];
    int signal_fd;
    int signal_number; /* the first that came; 0: none did */
    bool at_once;      /* a second one came */
};

/* --- set-up --------------------------------------------------------------------------------------- */

static int start_origin(struct session *session, const char *data_dir, struct problem *problem)
{
    struct origin_options options = {.latency_ms = session->options->latency_ms,
                                     .rate_bytes_per_s = session->options->rate_bytes_per_s,
                                     .files = session->options->files,
                                     .sample_dir = data_dir};
    session->origin = origin_start(&options, problem);
    return session->origin ? workload_redirect(&session->workload, origin_port(session->origin), problem) : -1;
}

/* Every change of phase is wanted. */
static bool keeps_events(const struct session *session)
{
    return run_outputs_wanted(session->options) || run_record_wanted(&session->record);
}

static struct run_options run_options_of(const struct session *session)
{
    return (struct run_options){.set = &session->workload.set,
                                .executor = session->workload.executor,
                                .usable_cores = machine_usable_cores().count,
                                .lease_ns = session->options->lease_s * NS_PER_S,
                                .switch_interval_ns = session->options->switch_interval_ms * NS_PER_MS,
                                .end_when_full = true,
                                .keep_events = keeps_events(session)};
}

/* 0, or the exit code. Whatever is wrong with what was asked for is found before anything starts. Signals wait, and the guard is there, from
 * before there is a temporary folder, so that none can leave it behind. */
static int prepare(struct session *session, struct problem *problem)
{
    const struct options *options = session->options;
    enum work work = options->run_work;
    const struct work_options *asked = &options->work[work];
    char data_dir[WORKLOAD_PATH_BYTES] = "";
    if (workload_needs_data(work, asked) && data_dir_find(data_dir, sizeof data_dir, problem) != 0)
        return EXIT_NOT_CARRIED_OUT;
    if (workload_init(&session->workload, work, asked, options->sample_times ? options->sample_times : 1,
                      machine_usable_cores().count, data_dir, problem) != 0)
        return EXIT_BAD_INPUT;
    const struct run_options run = run_options_of(session);
    if (run_check(&run, problem) != 0)
        return EXIT_BAD_INPUT;
    session->signal_fd = command_signals_open(true);
    if (session->signal_fd < 0) {
        problem_set_errno(problem, errno, "signals could not be set up");
        return EXIT_NOT_CARRIED_OUT;
    }
    struct guard_duty duty = {.folders_count = 0};
    guard_add(&duty, &session->workload);
    guard_start(&session->guard, &duty);
    if (workload_open(&session->workload, problem) != 0 || run_outputs_open(&session->outputs, options, problem) != 0 ||
        run_record_open(&session->record, options->record, &session->outputs, problem) != 0)
        return EXIT_BAD_INPUT;
    bool builtin = work == WORK_DOWNLOAD && session->workload.builtin;
    return builtin && start_origin(session, data_dir, problem) != 0 ? EXIT_NOT_CARRIED_OUT : 0;
}

/* --- signals -------------------------------------------------------------------------------------- */

/* Ctrl-Z: the work holds still while its program is stopped, and goes on with it. */
static void sleep_in_shell(const struct session *session)
{
    run_pause(session->run);
    signals_stop_self();
    run_resume(session->run);
}

static void hear_signals(struct session *session)
{
    int number;
    while ((number = signals_next(session->signal_fd)) != 0) {
        if (number == SIGTSTP) {
            sleep_in_shell(session);
            continue;
        }
        if (session->signal_number) {
            session->at_once = true;
            return;
        }
        session->signal_number = number;
        run_stop(session->run);
    }
}

/* Where its files stay; NULL: nowhere. */
static const char *folder_of(const struct session *session)
{
    return session->workload.temporary || !session->workload.folder[0] ? NULL : session->workload.folder;
}

static void start_record(struct session *session)
{
    struct snapshot snapshot;
    const struct options *options = session->options;
    const struct recorder_run run = {.lane = options->run_work == WORK_DOWNLOAD ? 0 : 1, /* as in the dashboard */
                                     .list = session->workload.name,
                                     .output_dir = folder_of(session),
                                     .cores = session->cores,
                                     .builtin = session->origin};
    run_snapshot(session->run, &snapshot);
    run_record_start(&session->record, &run, &snapshot, session->origin, options->latency_ms, options->rate_bytes_per_s);
}

/* --- the run, watched ----------------------------------------------------------------------------- */

static int tick_ms(const struct session *session)
{
    if (keeps_events(session))
        return EVENTS_TICK_MS;
    return session->sampler.memory.together_bytes ? TICK_MS : FIRST_TICK_MS;
}

static void look_at_run(struct session *session, struct progress *progress)
{
    struct snapshot snapshot;
    run_snapshot(session->run, &snapshot);
    sampler_weigh(&session->sampler, &snapshot);
    run_record_sample(&session->record, &snapshot, &session->sampler);
    progress_show(progress, &snapshot);
}

/* Event rings that fill up fast are emptied as often as they ask for it; all else has its own pace. */
static void watch(struct session *session)
{
    struct progress progress;
    uint64_t looked_ns = 0;
    progress_init(&progress, session->options->progress, command_ascii(session->options));
    while (!run_is_over(session->run) && !session->at_once) {
        struct pollfd fds[] = {{.fd = session->signal_fd, .events = POLLIN},
                               {.fd = run_pidfd(session->run), .events = POLLIN},
                               {.fd = run_events_fd(session->run), .events = POLLIN}};
        poll(fds, 3, tick_ms(session));
        hear_signals(session);
        guard_look(&session->guard);
        run_tick(session->run);
        uint64_t now_ns = clock_now_ns();
        if (run_is_over(session->run) || now_ns - looked_ns < FIRST_TICK_MS * NS_PER_MS)
            continue;
        look_at_run(session, &progress);
        looked_ns = now_ns;
    }
    progress_clear(&progress);
}

static int exit_code_of(const struct session *session, const struct snapshot *snapshot)
{
    if (session->signal_number && snapshot->state != RUN_DONE)
        return EXIT_SIGNAL + session->signal_number;
    if (snapshot->state != RUN_DONE && !snapshot->folder_full)
        return EXIT_NOT_CARRIED_OUT;
    return snapshot->failed + snapshot->poisoned ? EXIT_SOME_FAILED : EXIT_ALL_DONE;
}

static struct report_input report_of(const struct session *session, const struct snapshot *snapshot)
{
    bool broken = snapshot->state == RUN_BROKEN || snapshot->folder_full;
    return (struct report_input){.snapshot = snapshot,
                                 .interrupted = session->signal_number && snapshot->state != RUN_DONE,
                                 .output_dir = folder_of(session),
                                 .columns = command_columns(),
                                 .ascii = command_ascii(session->options),
                                 .cores = session->cores,
                                 .problem = broken ? snapshot->problem : NULL,
                                 .work = snapshot->work};
}

static void print_notes(const struct session *session, const struct snapshot *snapshot)
{
    if (*snapshot->problem)
        command_tell(session->options, snapshot->problem);
    if (session->workload.temporary)
        fprintf(stderr,
                "juggler: the files were put into a temporary folder, which is removed now; keep them with -o DIR\n");
}

/* That it could not be noted is said, and changes nothing else. */
static void note_history(const struct session *session, const struct report_input *input)
{
    char list[HISTORY_LIST_BYTES];
    const char *name = session->workload.name;
    struct problem problem;
    if (session->options->no_history)
        return;
    if (session->origin)
        name = history_list_name(list, name, session->options->latency_ms, session->options->rate_bytes_per_s);
    if (history_note_run(input->snapshot, "run", name, input->interrupted, &problem) != 0) {
        char sentence[sizeof problem.text + 64];
        snprintf(sentence, sizeof sentence, "this run is not in the history: %s", problem.text);
        command_tell(session->options, sentence);
    }
}

/* --sync: what is reported as done is on the disk. False: it is not, and that has been told. */
static bool sync_files(const struct session *session)
{
    struct problem problem;
    int error = workload_sync(&session->workload);
    if (error) {
        problem_set_errno(&problem, error, "the names of the files in %s could not be synced to the disk",
                          session->workload.folder);
        command_tell(session->options, problem.text);
    }
    return error == 0;
}

/* The report, what was asked for beside it, and what there is to say. Returns the exit code. */
static int tell_results(struct session *session, const struct snapshot *snapshot, struct problem *problem)
{
    const struct report_input input = report_of(session, snapshot);
    int error = command_print_report(session->options, &input);
    bool written = run_outputs_write(&session->outputs, &input, problem) == 0;
    print_notes(session, snapshot);
    note_history(session, &input);
    if (!written)
        command_tell(session->options, problem->text);
    if (*run_record_problem(&session->record)) {
        command_tell(session->options, run_record_problem(&session->record));
        written = false;
    }
    if (error) {
        fprintf(stderr, "juggler: the result could not be written: %s\n", strerror(error));
        written &= session->signal_number == SIGHUP; /* then there is nobody any more to write it to */
    }
    return written ? exit_code_of(session, snapshot) : EXIT_NOT_CARRIED_OUT;
}

static int carry_out(struct session *session, struct problem *problem)
{
    const struct run_options options = run_options_of(session);
    struct usable_cores cores = machine_usable_cores();
    machine_cores_words(&cores, session->cores, sizeof session->cores);
    if (run_record_begin(&session->record, problem) != 0)
        return EXIT_NOT_CARRIED_OUT;
    session->run = run_start(&options, problem);
    if (!session->run)
        return EXIT_NOT_CARRIED_OUT;
    start_record(session);
    watch(session);
    if (session->at_once)
        run_kill(session->run);
    bool synced = sync_files(session);
    struct snapshot snapshot;
    run_tick(session->run); /* the last events */
    run_snapshot(session->run, &snapshot);
    snapshot.memory = session->sampler.memory;
    run_record_sample(&session->record, &snapshot, &session->sampler);
    signals_release(session->signal_fd); /* whoever reads what is told may keep us waiting; the guard is there still */
    int code = tell_results(session, &snapshot, problem);
    return synced ? code : EXIT_NOT_CARRIED_OUT;
}

int command_run_kept(const struct options *options, struct recorder *recorder)
{
    struct session session = {.options = options, .signal_fd = -1, .workload.set.output_dir = -1};
    struct problem problem = {.text = ""};
    run_record_init(&session.record, recorder);
    int code = prepare(&session, &problem);
    if (code == 0)
        code = carry_out(&session, &problem);
    if (!session.run)
        command_refuse(options, code, problem.text);
    run_outputs_discard(&session.outputs);
    run_record_end(&session.record);
    sampler_free(&session.sampler);
    run_free(session.run);
    origin_stop(session.origin);
    workload_free(&session.workload);
    guard_stop(&session.guard);
    if (session.signal_fd >= 0)
        close(session.signal_fd);
    return code;
}

int command_run(const struct options *options)
{
    return command_run_kept(options, NULL);
}
