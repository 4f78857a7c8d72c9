/* replay_command.c - juggler replay FILE: a record in the dashboard; or, without a screen, the report that the run printed at its end.
 *
 * Reports are pure functions of a snapshot, and the end of a record is one. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/problem.h"
#include "cli/command.h"
#include "cli/guard.h"
#include "cli/run_outputs.h"
#include "juggler/report.h"
#include "juggler/version.h"
#include "record/reel.h"
#include "ui/app.h"
#include "ui/terminal.h"

/* --- the report ----------------------------------------------------------------------------------- */

/* The index of the run to report: the one that was named, or the last. -1 with the reason. */
static int choose_run(const struct options *options, const struct reel *reel, size_t *out, struct problem *problem)
{
    size_t runs = reel_runs(reel);
    *out = options->run_number ? options->run_number - 1 : runs - 1;
    if (*out < runs)
        return 0;
    problem_set(problem, "the record holds %zu run%s, and --run says %u", runs, runs == 1 ? "" : "s", options->run_number);
    return -1;
}

static struct report_input report_of(const struct options *options, const struct reel_view *view)
{
    const struct snapshot *snapshot = &view->snap;
    return (struct report_input){.snapshot = snapshot,
                                 .interrupted = snapshot->state != RUN_DONE && snapshot->state != RUN_BROKEN,
                                 .output_dir = *view->run->output_dir ? view->run->output_dir : NULL,
                                 .columns = command_columns(),
                                 .ascii = command_ascii(options),
                                 .cores = *view->run->cores ? view->run->cores : NULL,
                                 .problem = snapshot->state == RUN_BROKEN ? snapshot->problem : NULL,
                                 .work = snapshot->work};
}

static void tell_about(const struct options *options, const struct reel *reel, size_t index)
{
    char sentence[160];
    size_t runs = reel_runs(reel);
    snprintf(sentence, sizeof sentence, "the record holds %zu runs; this is run %zu (--run N chooses another)", runs,
             index + 1);
    if (runs > 1 && !options->run_number)
        command_tell(options, sentence);
    if (*reel_damage(reel))
        command_tell(options, reel_damage(reel));
}

static int print(const struct options *options, struct reel *reel, struct run_outputs *outputs, struct problem *problem)
{
    size_t index;
    struct reel_view view;
    if (choose_run(options, reel, &index, problem) != 0)
        return EXIT_BAD_INPUT;
    if (reel_look_at_run(reel, index, UINT64_MAX, &view) != 0) {
        problem_set(problem, "there is no memory for this record, or it has changed meanwhile");
        return EXIT_NOT_CARRIED_OUT;
    }
    const struct report_input input = report_of(options, &view);
    int error = command_print_report(options, &input);
    tell_about(options, reel, index);
    bool written = run_outputs_write(outputs, &input, problem) == 0;
    if (!written)
        command_tell(options, problem->text);
    problem->text[0] = '\0';
    if (error)
        fprintf(stderr, "juggler: the result could not be written: %s\n", strerror(error));
    return error || !written ? EXIT_NOT_CARRIED_OUT : *reel_damage(reel) ? EXIT_SOME_FAILED : EXIT_ALL_DONE;
}

static int report(const struct options *options, struct reel *reel, struct problem *problem)
{
    struct run_outputs outputs = {.trace.stream = NULL};
    int code = run_outputs_open(&outputs, options, problem) == 0 ? print(options, reel, &outputs, problem) : EXIT_BAD_INPUT;
    run_outputs_discard(&outputs);
    return code;
}

/* --- the screen ----------------------------------------------------------------------------------- */

static int show(const struct options *options, struct reel *reel, struct problem *problem)
{
    struct guard_duty duty = {.folders_count = 0};
    struct guard guard = {.pid = 0};
    struct app_options app = {.theme = command_theme(options),
                              .ascii = options->ascii,
                              .no_color = options->no_color,
                              .flat = options->flat,
                              .fps = options->fps ? options->fps : COMMAND_FPS,
                              .version = JUGGLER_VERSION,
                              .no_history = true,
                              .chore = guard_chore,
                              .chore_context = &guard,
                              .reel = reel};
    app.signal_fd = app_signals_open();
    if (app.signal_fd < 0) {
        problem_set_errno(problem, errno, "signals could not be set up");
        return EXIT_NOT_CARRIED_OUT;
    }
    terminal_rescue_init(&duty.rescue);
    guard_start(&guard, &duty);
    int code = app_run(&app, problem);
    close(app.signal_fd);
    guard_stop(&guard);
    return code < 0 ? EXIT_NOT_CARRIED_OUT : code;
}

int command_replay(const struct options *options)
{
    struct problem problem = {.text = ""};
    struct reel *reel = reel_open_file(options->arguments[0], &problem);
    bool wants_report = options->format != FORMAT_TABLE || run_outputs_wanted(options) || options->run_number;
    int code = EXIT_BAD_INPUT;
    if (reel && (wants_report || terminal_refusal()))
        code = report(options, reel, &problem);
    else if (reel)
        code = show(options, reel, &problem);
    reel_close(reel);
    return problem.text[0] ? command_refuse(options, code, problem.text) : code;
}
