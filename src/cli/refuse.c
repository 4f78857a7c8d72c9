/* refuse.c - saying why something is not done: a sentence on stderr, and with --json one document on stdout all the same. */
#include <stdio.h>

#include "base/text.h"
#include "cli/command.h"
#include "juggler/report.h"

int command_refuse(const struct options *options, int code, const char *sentence)
{
    char shown[2048];
    fprintf(stderr, "juggler: %s\n", text_show(shown, sizeof shown, sentence, false));
    bool reports = options->command == COMMAND_RUN && options->format == FORMAT_JSON;
    if (reports) {
        struct report_input input = {
            .problem = sentence, .work = options->run_work, .executor = options->work[options->run_work].with};
        report_format_of("json")->write(stdout, &input);
        fflush(stdout);
    }
    return code;
}
