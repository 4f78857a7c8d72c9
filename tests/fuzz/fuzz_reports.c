/* fuzz_reports.c - names, notes and words of strangers in every form of report: nothing that a terminal or a browser would act on comes out.
 * fuzz: runs 800
 *
 * A page has the same tags whatever the texts are: it is held against one in which everything that HTML knows is replaced by letters. */
#include <jansson.h>

#include "base/clock.h"
#include "juggler/report.h"
#include "tests/fuzz/fuzz.h"

enum { JOBS = 4, SLOTS = 2, EVENTS = 6, TEXTS = 2 * JOBS + 2, TEXT_MAX = 600 };

/* A run that came to its end, and the texts in it. */
struct made {
    struct snapshot snapshot;
    struct job_snapshot results[JOBS];
    struct job_input inputs[JOBS];
    struct worker_snapshot workers[SLOTS];
    struct journal_event events[EVENTS];
    struct job_set set;
    struct report_input input;
    char *texts[TEXTS];
};

static uint64_t at_ms(uint64_t ms)
{
    return 100 * NS_PER_S + ms * NS_PER_MS;
}

/* The next text, up to a zero byte. */
static char *take_text(const uint8_t **data, size_t *size)
{
    size_t bytes = strnlen((const char *)*data, *size < TEXT_MAX ? *size : TEXT_MAX);
    char *text = fuzz_text(*data, bytes);
    size_t taken = bytes < *size ? bytes + 1 : bytes;
    *data += taken;
    *size -= taken;
    return text;
}

static void fill_job(struct made *made, size_t index, uint8_t how)
{
    static const enum job_state STATES[] = {JOB_DONE, JOB_FAILED, JOB_POISONED, JOB_QUEUED};
    struct job_snapshot *job = &made->results[index];
    job->word.state = STATES[how % 4];
    job->word.deaths = how >> 6;
    job->result = (struct job_result){.start_ns = at_ms(index),
                                      .end_ns = at_ms(10 + index),
                                      .attempts = 1 + (how >> 4) % 4,
                                      .bytes = 1000,
                                      .primes = 168,
                                      .bits = 1400,
                                      .digits = 417,
                                      .worker = index % SLOTS};
    memcpy(job->result.note, made->texts[JOBS + index],
           strnlen(made->texts[JOBS + index], sizeof job->result.note - 1)); /* as a worker would have left it */
    made->inputs[index] =
        (struct job_input){.text = made->texts[index], .name = made->texts[(index + 1) % JOBS], .limit = 1000};
}

static void fill_workers(struct made *made)
{
    for (uint32_t i = 0; i < SLOTS; i++) {
        made->workers[i] = (struct worker_snapshot){
            .used = true,
            .data = {.pid = 7, .tid = 8 + i, .born_ns = at_ms(0), .account_upto_ns = at_ms(50), .generation = 1}};
        made->workers[i].data.account_ns[ACCOUNT_IO] = 50 * NS_PER_MS;
    }
    for (uint32_t i = 0; i < EVENTS; i++)
        made->events[i] = (struct journal_event){
            .time_ns = at_ms(2 * i), .slot = i % SLOTS, .job = i % JOBS + 1, .phase = i < 4 ? PHASE_WAITING : PHASE_DEAD};
}

static void fill(struct made *made, const uint8_t *how)
{
    enum work work = how[0] & 1 ? WORK_PRIMES : WORK_DOWNLOAD; /* the texts of the counter's jobs are the program's own */
    for (size_t i = 0; i < JOBS; i++)
        fill_job(made, i, how[1 + i]);
    fill_workers(made);
    made->set = (struct job_set){.kind = job_kind_of(work), .inputs = made->inputs, .count = JOBS, .output_dir = -1};
    made->snapshot = (struct snapshot){.state = how[0] & 2 ? RUN_BROKEN : RUN_DONE,
                                       .work = work,
                                       .executor = {.how = HOW_THREAD_POOL, .width = SLOTS},
                                       .usable_cores = 2,
                                       .start_ns = at_ms(0),
                                       .wall_ns = 60 * NS_PER_MS,
                                       .jobs = JOBS,
                                       .workers = made->workers,
                                       .slots = SLOTS,
                                       .results = made->results,
                                       .journal = {.events = made->events, .count = EVENTS},
                                       .set = &made->set,
                                       .problem = made->texts[2 * JOBS]};
    made->input = (struct report_input){.snapshot = how[0] & 4 ? NULL : &made->snapshot,
                                        .output_dir = made->texts[2 * JOBS + 1],
                                        .columns = how[5],
                                        .ascii = how[0] & 8,
                                        .problem = how[0] & 16 ? made->texts[0] : NULL,
                                        .executor = made->texts[1],
                                        .work = work};
}

static int write_html(FILE *out, const struct report_input *input)
{
    return report_html_write(out, input, NULL);
}

static char *written(int (*write)(FILE *, const struct report_input *), const struct report_input *input)
{
    char *text = NULL;
    size_t bytes = 0;
    FILE *out = open_memstream(&text, &bytes);
    FUZZ_CHECK(out && write(out, input) == 0 && fclose(out) == 0);
    FUZZ_CHECK(strlen(text) == bytes);
    return text;
}

/* Lines of what may be shown, and nothing else. */
static void check_plain(const char *text, bool ascii)
{
    while (*text) {
        uint32_t code = text_next(&text);
        FUZZ_CHECK(code == '\n' || !fuzz_is_unseen(code));
        FUZZ_CHECK(!ascii || code < 0x7f);
    }
}

static void check_json(const struct made *made)
{
    char *text = written(report_format_of("json")->write, &made->input);
    json_t *root = json_loads(text, JSON_REJECT_DUPLICATES, NULL);
    FUZZ_CHECK(root);
    json_t *jobs = json_object_get(root, "jobs");
    for (size_t i = 0; i < json_array_size(jobs); i++) {
        const char *input = json_string_value(json_object_get(json_array_get(jobs, i), "input"));
        json_t *same = strchr(made->texts[i], 0x7f) ? NULL : json_string(made->texts[i]); /* NULL: as it would be shown */
        FUZZ_CHECK(input && (!same || strcmp(input, made->texts[i]) == 0));
        json_decref(same);
    }
    check_plain(text, true);
    json_decref(root);
    free(text);
}

/* Every line has as many cells as the first. */
static void check_csv(const struct made *made)
{
    char *text = written(report_format_of("csv")->write, &made->input);
    size_t cells = 1, wanted = 0;
    bool quoted = false;
    check_plain(text, false);
    for (const char *at = text; *at; at++) {
        quoted ^= *at == '"';
        cells += *at == ',' && !quoted;
        if (*at == '\n') {
            FUZZ_CHECK(!quoted && (!wanted || cells == wanted));
            wanted = cells;
            cells = 1;
        }
    }
    free(text);
}

static void check_trace(const struct made *made)
{
    char *text = written(report_trace_write, &made->input);
    json_t *root = json_loads(text, JSON_REJECT_DUPLICATES, NULL);
    FUZZ_CHECK(root && json_is_array(json_object_get(root, "traceEvents")));
    check_plain(text, true);
    json_decref(root);
    free(text);
}

static void check_table(const struct made *made)
{
    char *text = written(report_format_of("table")->write, &made->input);
    check_plain(text, made->input.ascii);
    free(text);
}

struct tags {
    size_t opened, closed, quotes;
};

static struct tags count_tags(const char *page)
{
    struct tags tags = {0};
    for (; *page; page++) {
        tags.opened += *page == '<';
        tags.closed += *page == '>';
        tags.quotes += *page == '"';
    }
    return tags;
}

static void make_harmless(struct made *made)
{
    for (size_t i = 0; i < TEXTS; i++)
        for (char *at = made->texts[i]; (at = strpbrk(at, "<>&\"'")); at++)
            *at = 'x';
}

static void check_page(struct made *made, const uint8_t *how)
{
    char *page = written(write_html, &made->input);
    make_harmless(made);
    fill(made, how);
    char *harmless = written(write_html, &made->input);
    check_plain(page, false);
    struct tags got = count_tags(page), wanted = count_tags(harmless);
    FUZZ_CHECK(got.opened == wanted.opened && got.closed == wanted.closed && got.quotes == wanted.quotes);
    free(page);
    free(harmless);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct made made = {0};
    uint8_t how[6];
    for (size_t i = 0; i < sizeof how; i++)
        how[i] = fuzz_byte(&data, &size);
    for (size_t i = 0; i < TEXTS; i++)
        made.texts[i] = take_text(&data, &size);
    fill(&made, how);
    check_json(&made);
    check_csv(&made);
    check_trace(&made);
    check_table(&made);
    check_page(&made, how);
    for (size_t i = 0; i < TEXTS; i++)
        free(made.texts[i]);
    return 0;
}
