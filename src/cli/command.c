/* command.c - what the commands share: signals, how to speak to the person, and saying why something is not done. */
#include <errno.h>
#include <langinfo.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/secret.h"
#include "base/signals.h"
#include "base/text.h"
#include "cli/command.h"
#include "juggler/report.h"
#include "report/history_show.h"
#include "ui/theme.h"

int command_signals_open(bool stop)
{
    static const int numbers[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP};
    return signals_open(numbers, sizeof numbers / sizeof *numbers - !stop);
}

bool command_ascii(const struct options *options)
{
    return options->ascii || strcmp(nl_langinfo(CODESET), "UTF-8") != 0;
}

int command_columns(void)
{
    struct winsize size = {0};
    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
        return size.ws_col;
    return 100;
}

/* "auto" is dark, unless the terminal says that its background is light (COLORFGBG, as rxvt and others set it). */
const struct theme *command_theme(const struct options *options)
{
    const char *name = options->theme;
    if (name && strcmp(name, "auto") != 0)
        return theme_of(name);
    const char *colors = getenv("COLORFGBG");
    const char *background = colors ? strrchr(colors, ';') : NULL;
    bool light = background && (strcmp(background, ";7") == 0 || strcmp(background, ";15") == 0);
    return theme_of(light ? "light" : "dark");
}

int command_print_report(const struct options *options, const struct report_input *input)
{
    static const char *const names[] = {[FORMAT_TABLE] = "table", [FORMAT_JSON] = "json", [FORMAT_CSV] = "csv"};
    int error = report_format_of(names[options->format])->write(stdout, input);
    return fflush(stdout) != 0 && !error ? errno : error;
}

/* The sentence may quote what was typed, and a secret in it. */
static char *without_secrets(char *out, size_t room, const char *sentence)
{
    snprintf(out, room, "%s", sentence);
    secret_strip(out);
    return out;
}

void command_tell(const struct options *options, const char *sentence)
{
    char clean[1200], shown[1200];
    without_secrets(clean, sizeof clean, sentence);
    fprintf(stderr, "juggler: %s\n", text_show(shown, sizeof shown, clean, command_ascii(options)));
}

int command_end_output(int code)
{
    errno = 0;
    if (fflush(stdout) == 0 && !ferror(stdout))
        return code;
    fprintf(stderr, "juggler: this could not be written: %s\n", strerror(errno ? errno : EIO));
    return EXIT_NOT_CARRIED_OUT;
}

void command_warn(const struct options *options)
{
    char lines[sizeof options->notes.text], shown[2048];
    char *rest = strcpy(lines, options->notes.text);
    for (char *line = strsep(&rest, "\n"); line && *line; line = strsep(&rest, "\n"))
        fprintf(stderr, "juggler: warning: %s\n", text_show(shown, sizeof shown, line, command_ascii(options)));
}

int command_refuse(const struct options *options, int code, const char *problem)
{
    char sentence[2048], shown[2048], executor[256];
    const char *with = options->work[options->run_work].with;
    without_secrets(sentence, sizeof sentence, problem);
    fprintf(stderr, "juggler: %s\n", text_show(shown, sizeof shown, sentence, command_ascii(options)));
    bool json = options->format == FORMAT_JSON;
    if (json && options->command == COMMAND_RUN) {
        struct report_input input = {.problem = sentence,
                                     .work = options->run_work,
                                     .executor = with ? without_secrets(executor, sizeof executor, with) : NULL};
        report_format_of("json")->write(stdout, &input);
        fflush(stdout);
    } else if (json && options->command == COMMAND_REPLAY) {
        report_format_of("json")->write(stdout, &(struct report_input){.problem = sentence, .work = WORK_COUNT});
        fflush(stdout);
    } else if (json && options->command == COMMAND_COMPARE) {
        struct compare_report_input input = {.problem = sentence, .work = options->run_work};
        report_format_of("json")->write_compare(stdout, &input);
        fflush(stdout);
    } else if (json && options->command == COMMAND_HISTORY) {
        history_json_write(stdout, &(struct history_output){.problem = sentence});
    }
    return code;
}
