/* dashboard_command.c - juggler without a command: sets up both works, the built-in server and the guard, and opens the dashboard.
 *
 * The order of the forks matters: the guard first (it must hold nothing of the others), then the origin, then, by the app, a
 * runner a run. Where there is no terminal to draw on, the same work is done headless. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/problem.h"
#include "base/signals.h"
#include "cli/command.h"
#include "cli/data_dir.h"
#include "cli/guard.h"
#include "cli/record_file.h"
#include "cli/workload.h"
#include "juggler/run.h"
#include "juggler/version.h"
#include "measure/machine.h"
#include "origin/origin.h"
#include "record/recorder.h"
#include "ui/app.h"
#include "ui/model.h"

enum {
    SAMPLE_TIMES = 8,      /* the article's limits take a third of a second in C: too short to see */
    SYNTHETIC_FILES = 200, /* a longer list to choose with l */
    LISTS_MAX = APP_LISTS_MAX
};

/* Adds of each of the counter's jobs: what a run without a screen takes by itself is over in milliseconds, so the dashboard takes more. */
#define COUNTER_ADDS UINT64_C(300000000)

/* The lanes: what waits, and what computes. */
enum { LANE_DOWNLOADS, LANE_COMPUTING, LANES };

/* The lists of a lane, in the order of the key l: the person's own first. */
struct lane_setup {
    struct workload lists[LISTS_MAX];
    size_t count;
};

struct dashboard {
    const struct options *options;
    struct lane_setup lanes[LANES];
    struct guard guard;
    struct origin *origin;
    struct record_file record;
    struct recorder *recorder; /* NULL: --record was not asked for */
    char data_dir[WORKLOAD_PATH_BYTES];
    unsigned cores;
    int signal_fd;
};

/* --- lists ---------------------------------------------------------------------------------------- */

static bool any_is_named(const struct options *options)
{
    bool any = false;
    for (int work = 0; work < WORK_COUNT; work++)
        any |= options->work[work].named;
    return any;
}

static int add_list(struct dashboard *dashboard, enum work work, bool own, unsigned times, struct problem *problem)
{
    struct lane_setup *lane = &dashboard->lanes[work == WORK_DOWNLOAD ? LANE_DOWNLOADS : LANE_COMPUTING];
    struct work_options asked = dashboard->options->work[work];
    if (!own) {
        asked.inputs_count = 0;
        asked.origin = dashboard->options->work[work].inputs_count ? ORIGIN_BUILTIN : asked.origin;
    }
    struct workload *list = &lane->lists[lane->count++];
    return workload_init(list, work, &asked, times, dashboard->cores, dashboard->data_dir, problem);
}

static int add_synthetic(struct dashboard *dashboard, struct problem *problem)
{
    struct lane_setup *lane = &dashboard->lanes[LANE_DOWNLOADS];
    struct work_options asked = dashboard->options->work[WORK_DOWNLOAD];
    asked.output = NULL; /* nobody wants two hundred files of noise in a folder of his own */
    struct workload *list = &lane->lists[lane->count++];
    return workload_init_synthetic(list, &asked, SYNTHETIC_FILES, problem);
}

static int add_counter(struct dashboard *dashboard, enum counter_lock lock, struct problem *problem)
{
    static const char *const guards[] = {
        [COUNTER_NONE] = "no lock", [COUNTER_MUTEX] = "a mutex", [COUNTER_ATOMIC] = "an atomic"};
    struct lane_setup *lane = &dashboard->lanes[LANE_COMPUTING];
    struct work_options asked = dashboard->options->work[WORK_COUNTER];
    asked.lock = lock;
    if (!asked.adds)
        asked.adds = COUNTER_ADDS;
    struct workload *list = &lane->lists[lane->count++];
    if (workload_init_counter(list, &asked, 0, dashboard->cores, problem) != 0)
        return -1;
    snprintf(list->name, sizeof list->name, "counter, %s", guards[lock]);
    return 0;
}

/* The one that was asked for, then the others. */
static int add_counters(struct dashboard *dashboard, struct problem *problem)
{
    enum counter_lock first = dashboard->options->work[WORK_COUNTER].lock;
    int code = add_counter(dashboard, first, problem);
    for (int lock = COUNTER_NONE; lock <= COUNTER_ATOMIC && code == 0; lock++)
        if ((enum counter_lock)lock != first)
            code = add_counter(dashboard, (enum counter_lock)lock, problem);
    return code;
}

static int add_download_lists(struct dashboard *dashboard, struct problem *problem)
{
    if (dashboard->options->work[WORK_DOWNLOAD].inputs_count && add_list(dashboard, WORK_DOWNLOAD, true, 1, problem) != 0)
        return -1;
    return add_list(dashboard, WORK_DOWNLOAD, false, 1, problem) == 0 ? add_synthetic(dashboard, problem) : -1;
}

static int add_prime_lists(struct dashboard *dashboard, struct problem *problem)
{
    if (dashboard->options->work[WORK_PRIMES].inputs_count && add_list(dashboard, WORK_PRIMES, true, 1, problem) != 0)
        return -1;
    return add_list(dashboard, WORK_PRIMES, false, SAMPLE_TIMES, problem) == 0
               ? add_list(dashboard, WORK_PRIMES, false, 1, problem)
               : -1;
}

static int add_all_lists(struct dashboard *dashboard, struct problem *problem)
{
    const struct work_options *work = dashboard->options->work;
    bool counter_first = work[WORK_COUNTER].named && !work[WORK_PRIMES].named;
    if (add_download_lists(dashboard, problem) != 0 || (counter_first && add_counters(dashboard, problem) != 0) ||
        add_prime_lists(dashboard, problem) != 0)
        return -1;
    return counter_first ? 0 : add_counters(dashboard, problem);
}

/* The lane's first list of this work. */
static const struct workload *first_list_of(const struct dashboard *dashboard, enum work work)
{
    const struct lane_setup *lane = &dashboard->lanes[work == WORK_DOWNLOAD ? LANE_DOWNLOADS : LANE_COMPUTING];
    size_t i = 0;
    while (lane->lists[i].set.kind->work != work)
        i++;
    return &lane->lists[i];
}

/* A work that was named and cannot be carried out as asked is refused; one that was not may still be shown. */
static int check_named(const struct dashboard *dashboard, struct problem *problem)
{
    for (int work = 0; work < WORK_COUNT; work++) {
        const struct workload *list = first_list_of(dashboard, (enum work)work);
        const struct run_options run = {.set = &list->set, .executor = list->executor, .usable_cores = dashboard->cores};
        if (dashboard->options->work[work].named && run_check(&run, problem) != 0)
            return -1;
    }
    return 0;
}

static int open_all_lists(struct dashboard *dashboard, struct problem *problem)
{
    for (int lane = 0; lane < LANES; lane++)
        for (size_t i = 0; i < dashboard->lanes[lane].count; i++)
            if (workload_open(&dashboard->lanes[lane].lists[i], problem) != 0)
                return -1;
    return 0;
}

/* --- the server ----------------------------------------------------------------------------------- */

static int start_origin(struct dashboard *dashboard, struct problem *problem)
{
    const struct origin_options asked = {.latency_ms = dashboard->options->latency_ms,
                                         .rate_bytes_per_s = dashboard->options->rate_bytes_per_s,
                                         .files = dashboard->options->files,
                                         .sample_dir = dashboard->data_dir};
    dashboard->origin = origin_start(&asked, problem);
    if (!dashboard->origin)
        return -1;
    struct lane_setup *lane = &dashboard->lanes[LANE_DOWNLOADS];
    for (size_t i = 0; i < lane->count; i++)
        if (lane->lists[i].builtin && workload_redirect(&lane->lists[i], origin_port(dashboard->origin), problem) != 0)
            return -1;
    return 0;
}

/* --- the screen ----------------------------------------------------------------------------------- */

static void describe_lane(const struct dashboard *dashboard, int number, struct app_lane_options *out)
{
    const struct lane_setup *lane = &dashboard->lanes[number];
    const struct work_options *works = dashboard->options->work;
    bool named = false;
    for (size_t i = 0; i < lane->count; i++) {
        const struct workload *list = &lane->lists[i];
        const struct work_options *asked = &works[list->set.kind->work];
        out->lists[i] = (struct app_list){.name = list->name,
                                          .set = &list->set,
                                          .builtin = list->builtin,
                                          .output_dir = list->output,
                                          .executor = asked->with ? &list->executor : NULL};
        named |= asked->named;
    }
    out->lists_count = lane->count;
    out->executor = lane->lists[0].executor;
    out->start = named || !any_is_named(dashboard->options);
}

/* The first thing that the settings have wrong, as short as it fits a line: all of it is on stderr. NULL: nothing. */
static const char *notice_of(const struct options *options, char *out, size_t room)
{
    const char *text = options->notes.text, *end = strchrnul(text, '\n');
    const char *slash = memrchr(text, '/', strcspn(text, ","));
    text = slash ? slash + 1 : text;
    snprintf(out, room, "%.*s", (int)(end - text), text);
    return out[0] ? out : NULL;
}

/* After a crash of the app itself: the guard sees to the terminal, the signal goes its way. Here nothing has to be done but to die of
 * it, so no handler is installed at all. */
static int show(struct dashboard *dashboard, struct problem *problem)
{
    const struct options *options = dashboard->options;
    char notice[MODEL_STATUS_BYTES];
    struct app_options app = {.origin = dashboard->origin,
                              .theme = command_theme(options),
                              .ascii = options->ascii,
                              .no_color = options->no_color,
                              .flat = options->flat,
                              .notice = notice_of(options, notice, sizeof notice),
                              .fps = options->fps ? options->fps : COMMAND_FPS,
                              .signal_fd = dashboard->signal_fd,
                              .version = JUGGLER_VERSION,
                              .lease_ns = options->lease_s * NS_PER_S,
                              .switch_interval_ns = options->switch_interval_ms * NS_PER_MS,
                              .no_history = options->no_history,
                              .chore = guard_chore,
                              .chore_context = &dashboard->guard,
                              .recorder = dashboard->recorder};
    for (int lane = 0; lane < LANES; lane++)
        describe_lane(dashboard, lane, &app.lanes[lane]);
    app.focus = app.lanes[0].start ? 0 : 1;
    return app_run(&app, problem);
}

static void start_guard(struct dashboard *dashboard)
{
    struct guard_duty duty = {.folders_count = 0};
    terminal_rescue_init(&duty.rescue);
    for (int lane = 0; lane < LANES; lane++)
        for (size_t i = 0; i < dashboard->lanes[lane].count; i++)
            guard_add(&duty, &dashboard->lanes[lane].lists[i]);
    guard_start(&dashboard->guard, &duty);
}

static int begin_record(struct dashboard *dashboard, struct problem *problem)
{
    if (!dashboard->record.path)
        return 0;
    dashboard->recorder = record_file_begin(&dashboard->record, problem);
    return dashboard->recorder ? 0 : -1;
}

/* Signals wait, and the guard is there, from before there is a temporary folder, so that none can leave it behind. */
static int open_dashboard(struct dashboard *dashboard, struct problem *problem)
{
    if (data_dir_find(dashboard->data_dir, sizeof dashboard->data_dir, problem) != 0)
        return EXIT_NOT_CARRIED_OUT;
    if (add_all_lists(dashboard, problem) != 0 || check_named(dashboard, problem) != 0)
        return EXIT_BAD_INPUT;
    dashboard->signal_fd = app_signals_open();
    if (dashboard->signal_fd < 0) {
        problem_set_errno(problem, errno, "signals could not be set up");
        return EXIT_NOT_CARRIED_OUT;
    }
    int code = EXIT_BAD_INPUT;
    const char *record = dashboard->options->record;
    start_guard(dashboard);
    if (open_all_lists(dashboard, problem) == 0 && (!record || record_file_open(&dashboard->record, record, problem) == 0)) {
        bool ready = start_origin(dashboard, problem) == 0 && begin_record(dashboard, problem) == 0;
        code = ready ? show(dashboard, problem) : -1;
    }
    return code < 0 ? EXIT_NOT_CARRIED_OUT : code;
}

/* --- without a terminal --------------------------------------------------------------------------- */

static int run_works(const struct options *options, struct recorder *recorder)
{
    bool any_named = any_is_named(options);
    int worst = EXIT_ALL_DONE;
    for (int work = 0; work < WORK_COUNT && worst < EXIT_SIGNAL; work++) {
        if (any_named ? !options->work[work].named : work == WORK_COUNTER)
            continue; /* the counter comes when it is asked for, as on the screen */
        struct options one = *options;
        one.command = COMMAND_RUN;
        one.run_work = (enum work)work;
        one.sample_times = SAMPLE_TIMES;
        one.record = NULL;
        if (!one.work[WORK_COUNTER].adds)
            one.work[WORK_COUNTER].adds = COUNTER_ADDS;
        int code = command_run_kept(&one, recorder);
        worst = code > worst ? code : worst;
    }
    return worst;
}

/* One record for all, as of the screen. */
static int run_headless(const struct options *options, const char *why)
{
    struct record_file file = {.fd = -1};
    struct recorder *recorder = NULL;
    struct problem problem = {.text = ""};
    fprintf(stderr, "juggler: %s; doing the same work without a screen\n", why);
    if (options->record &&
        (record_file_open(&file, options->record, &problem) != 0 || !(recorder = record_file_begin(&file, &problem))))
        return command_refuse(options, EXIT_BAD_INPUT, problem.text);
    int code = run_works(options, recorder);
    recorder_close(recorder);
    return code;
}

/* That the record is not whole was told on the screen, which is gone. */
static void end_record(struct dashboard *dashboard)
{
    if (dashboard->recorder && *recorder_problem(dashboard->recorder))
        fprintf(stderr, "juggler: %s\n", recorder_problem(dashboard->recorder));
    recorder_close(dashboard->recorder);
    record_file_discard(&dashboard->record);
}

/* A signal that came while everything was put away: whoever sent it sees by the exit code that it was heard. */
static int hear_late_signal(const struct dashboard *dashboard, int code)
{
    int number;
    if (dashboard->signal_fd < 0)
        return code;
    while ((number = signals_next(dashboard->signal_fd)) != 0)
        if (number != SIGWINCH && number != SIGTSTP && number != SIGCONT)
            code = EXIT_SIGNAL + number;
    close(dashboard->signal_fd);
    return code;
}

/* --sync. False: what is there may be lost, and that has been told. */
static bool sync_lists(const struct dashboard *dashboard)
{
    bool synced = true;
    for (int lane = 0; lane < LANES; lane++)
        for (size_t i = 0; i < dashboard->lanes[lane].count; i++) {
            const struct workload *list = &dashboard->lanes[lane].lists[i];
            int error = workload_sync(list);
            if (error)
                fprintf(stderr, "juggler: the names of the files in %s could not be synced to the disk: %s\n", list->folder,
                        strerror(error));
            synced &= error == 0;
        }
    return synced;
}

int command_dashboard(const struct options *options)
{
    const char *refusal = terminal_refusal();
    if (refusal)
        return run_headless(options, refusal);
    struct problem problem = {.text = ""};
    struct dashboard dashboard = {
        .options = options, .record.fd = -1, .cores = machine_usable_cores().count, .signal_fd = -1};
    int code = open_dashboard(&dashboard, &problem);
    end_record(&dashboard);
    if (!sync_lists(&dashboard) && code == EXIT_ALL_DONE)
        code = EXIT_NOT_CARRIED_OUT;
    origin_stop(dashboard.origin);
    for (int lane = 0; lane < LANES; lane++)
        for (size_t i = 0; i < dashboard.lanes[lane].count; i++)
            workload_free(&dashboard.lanes[lane].lists[i]);
    guard_stop(&dashboard.guard);
    code = hear_late_signal(&dashboard, code);
    return problem.text[0] ? command_refuse(options, code, problem.text) : code;
}
