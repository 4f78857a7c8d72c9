/* run_outputs.c - what a run leaves beside its result. See run_outputs.h. */
#include "cli/run_outputs.h"

#include "base/problem.h"

bool run_outputs_wanted(const struct options *options)
{
    return options->trace || options->report;
}

int run_outputs_open(struct run_outputs *outputs, const struct options *options, struct problem *problem)
{
    if (options->trace && outfile_open(&outputs->trace, "trace", options->trace, problem) != 0)
        return -1;
    int result = options->report ? outfile_open(&outputs->report, "report", options->report, problem) : 0;
    if (result == 0 && outfile_is_same(&outputs->trace, &outputs->report)) {
        problem_set(problem, "--trace and --report cannot both be written to %s: name two files", options->report);
        result = -1;
    }
    if (result != 0)
        run_outputs_discard(outputs);
    return result;
}

int run_outputs_write(struct run_outputs *outputs, const struct report_input *input, struct problem *problem)
{
    struct problem second = {.text = ""};
    int result = 0;
    if (outputs->trace.stream)
        result = outfile_publish(&outputs->trace, report_trace_write(outputs->trace.stream, input), problem);
    if (outputs->report.stream &&
        outfile_publish(&outputs->report, report_html_write(outputs->report.stream, input, NULL), &second) != 0) {
        if (result == 0)
            *problem = second;
        result = -1;
    }
    return result;
}

void run_outputs_discard(struct run_outputs *outputs)
{
    outfile_discard(&outputs->trace);
    outfile_discard(&outputs->report);
}
