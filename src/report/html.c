/* html.c - one self-contained page about a run or a comparison. See html.h. */
#include "report/html.h"

#include <stdarg.h>
#include <string.h>
#include <time.h>

#include "base/text.h"
#include "juggler/version.h"
#include "measure/machine_facts.h"
#include "report/fields.h"
#include "report/formats.h"

enum { TEXT_ROOM = 4096, LINE_ROOM = 1024 };

void html_text(FILE *out, const char *text)
{
    char shown[TEXT_ROOM];
    for (const char *at = text_show(shown, sizeof shown, text, false); *at; at++) {
        switch (*at) {
        case '&': fputs("&amp;", out); break;
        case '<': fputs("&lt;", out); break;
        case '>': fputs("&gt;", out); break;
        case '"': fputs("&quot;", out); break;
        case '\'': fputs("&#39;", out); break;
        default: fputc(*at, out);
        }
    }
}

void html_textf(FILE *out, const char *format, ...)
{
    char text[LINE_ROOM];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    html_text(out, text);
}

void html_paragraph(FILE *out, const char *css, const char *text)
{
    if (!text || !*text)
        return;
    fprintf(out, "<p%s%s%s>", *css ? " class=\"" : "", css, *css ? "\"" : "");
    html_text(out, text);
    fputs("</p>\n", out);
}

void html_fact(FILE *out, const char *name, const char *value)
{
    fputs("<div><dt>", out);
    html_text(out, name);
    fputs("</dt><dd>", out);
    html_text(out, value);
    fputs("</dd></div>\n", out);
}

const char *html_class_of_phase(enum phase phase)
{
    if (phase == PHASE_RECEIVING)
        return "recv";
    if (phase == PHASE_STARTING)
        return "start";
    switch (phase_class_of(phase)) {
    case PHASE_CLASS_RUNNING: return "run";
    case PHASE_CLASS_IO: return "io";
    case PHASE_CLASS_LOCK: return "lock";
    case PHASE_CLASS_BARRIER: return "barrier";
    case PHASE_CLASS_NO_WORK:
    case PHASE_CLASS_NONE: break;
    }
    return "idle";
}

const char *html_class_of_column(enum account_column column)
{
    static const char *const CLASSES[ACCOUNT_COLUMNS] = {
        [ACCOUNT_ON_CORE] = "run", [ACCOUNT_READY] = "ready",     [ACCOUNT_IO] = "io",
        [ACCOUNT_LOCK] = "lock",   [ACCOUNT_BARRIER] = "barrier", [ACCOUNT_NO_WORK] = "idle",
    };
    return CLASSES[column];
}

/* No host name: pages are handed on. */
void html_machine(FILE *out)
{
    struct machine_facts facts = machine_facts_read();
    char memory[64];
    fputs("<section><h2>The machine</h2>\n<dl class=\"facts\">\n", out);
    html_fact(out, "Usable cores", facts.cores_why);
    html_fact(out, "Processor", facts.processor[0] ? facts.processor : "unknown");
    html_fact(out, "Kernel", facts.kernel[0] ? facts.kernel : "unknown");
    html_fact(out, "Memory", facts.memory_bytes ? text_bytes(memory, sizeof memory, facts.memory_bytes) : "unknown");
    fputs("</dl></section>\n", out);
}

static void put_head(FILE *out, const char *title)
{
    fputs("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
          "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
          "<meta name=\"color-scheme\" content=\"light dark\">\n"
          "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n<title>",
          out);
    html_text(out, title);
    fputs("</title>\n<style>\n", out);
    html_style(out);
    fputs("</style>\n</head>\n<body>\n", out);
    html_patterns(out);
    fputs("<main>\n", out);
}

static void put_foot(FILE *out)
{
    char made[64] = "";
    time_t now = time(NULL);
    struct tm parts;
    if (now != (time_t)-1 && gmtime_r(&now, &parts))
        strftime(made, sizeof made, ", %Y-%m-%d %H:%M UTC", &parts);
    fprintf(out, "</main>\n<footer>juggler " JUGGLER_VERSION "%s</footer>\n</body>\n</html>\n", made);
}

static void put_nothing(FILE *out, const char *work, const char *problem)
{
    put_head(out, "juggler");
    fputs("<h1>", out);
    html_textf(out, "%s: not carried out", work);
    fputs("</h1>\n", out);
    html_paragraph(out, "problem", problem);
    html_machine(out);
    put_foot(out);
}

static int put_run(FILE *out, const struct report_input *input)
{
    char title[128];
    char executor[EXECUTOR_TEXT_BYTES];
    struct spans spans;
    int error = spans_make(&spans, input->snapshot);
    if (!error) {
        snprintf(title, sizeof title, "juggler: %s, %s", field_work(input->snapshot->work),
                 executor_format(&input->snapshot->executor, executor));
        put_head(out, title);
        html_run(out, input, &spans);
        html_machine(out);
        put_foot(out);
    }
    spans_free(&spans);
    return error;
}

static void put_compare(FILE *out, const struct compare_report_input *input)
{
    char title[128];
    snprintf(title, sizeof title, "juggler: %s compared", field_work(input->view->work));
    put_head(out, title);
    html_compare(out, input);
    html_machine(out);
    put_foot(out);
}

int report_html_write(FILE *out, const struct report_input *run, const struct compare_report_input *compare)
{
    int error = 0;
    if (run && run->snapshot)
        error = put_run(out, run);
    else if (run)
        put_nothing(out, field_work(run->work), run->problem);
    else if (compare->view)
        put_compare(out, compare);
    else
        put_nothing(out, field_work(compare->work), compare->problem);
    int end = report_stream_end(out);
    return error ? error : end;
}
