/* test_report_corners.c - reports of runs that are not as usual: nothing known, one of each, everything wrong, more than is listed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <jansson.h>

#include "base/text.h"
#include "report/counter_fields.h"
#include "report/html.h"
#include "report/lines.h"
#include "tests/unit/assert_text.h"
#include "tests/unit/made_run.h"

static const char *page_of(struct made *made)
{
    free(made->text);
    made->text = NULL;
    FILE *out = open_memstream(&made->text, &made->length);
    assert_non_null(out);
    assert_int_equal(report_html_write(out, &made->input, NULL), 0);
    fclose(out);
    return made->text;
}

static const char *trace_of(struct made *made)
{
    free(made->text);
    made->text = NULL;
    FILE *out = open_memstream(&made->text, &made->length);
    assert_non_null(out);
    assert_int_equal(report_trace_write(out, &made->input), 0);
    fclose(out);
    return made->text;
}

/* --- nothing is known ------------------------------------------------------------------------------------ */

/* A run that was never begun, of jobs whose inputs are not at hand. */
static void make_unknown(struct made *made, enum work work)
{
    memset(made->results, 0, sizeof made->results);
    memset(made->workers, 0, sizeof made->workers);
    made->snapshot.work = work;
    made->snapshot.start_ns = made->snapshot.wall_ns = 0;
    made->snapshot.usable_cores = 0;
    made->snapshot.set = NULL;
    made->snapshot.done = made->snapshot.failed = made->snapshot.poisoned = 0;
    made->snapshot.attempts = made->snapshot.bytes = made->snapshot.lost_events = 0;
    made->snapshot.problem = NULL;
    made->input = (struct report_input){.snapshot = &made->snapshot};
}

static void what_is_not_known_is_no_figure(void **state)
{
    struct made *made = *state;
    for (int work = 0; work < WORK_COUNT; work++) {
        make_unknown(made, (enum work)work);
        const char *table = written(made, "table");
        assert_has(table, "time          \u2013\n");
        assert_lacks(table, "workers' time");
        assert_lacks(table, "memory");
        assert_lacks(table, "GIL");
        assert_lacks(table, "files in");
        assert_lacks(table, "interrupted");
        const char *json = written(made, "json");
        assert_has(json, "\"usable_cores\": null");
        assert_has(json, "\"wall_s\": null");
        assert_has(json, "\"cpu_s\": null");
        assert_has(json, "\"memory\": null");
        assert_has(json, "\"output\": null");
        assert_has(json, "\"input\": \"\"");
        assert_lacks(json, "\"error\"");
        assert_has(written(made, "csv"), "\n5,,queued,,0,,,");
        assert_has(page_of(made), "<dt>Time</dt><dd>\u2013</dd>");
        assert_has(made->text, "No changes of phase were kept.");
        assert_lacks(made->text, "Where the workers");
        assert_has(trace_of(made), "no changes of phase were kept");
        assert_lacks(made->text, "runner_pid");
    }
}

static void a_worker_of_which_nothing_is_known(void **state)
{
    struct made *made = *state;
    made->workers[0].data = (struct slot_data){.exit = WORKER_EXIT_KILLED};
    made->workers[0].stale = true;
    made->workers[1].data.account_upto_ns = made->workers[1].data.born_ns - 1; /* backwards */
    const char *json = written(made, "json");
    assert_has(json, "\"pid\": null");
    assert_has(json, "\"tid\": null");
    assert_has(json, "\"signal\": null");
    assert_has(json, "\"stale\": true");
    assert_has(json, "\"wall_s\": null");
    assert_has(json, "\"on_core_s\": null");
}

static void a_report_without_a_reason_says_so(void **state)
{
    struct made *made = *state;
    put_job(made, 1, JOB_FAILED, &(struct job_result){.attempts = 1});
    assert_has(written(made, "table"), "no reason was given\n");
    assert_has(written(made, "json"), "\"error\": \"no reason was given\"");
    assert_has(page_of(made), "no reason was given");
    made->snapshot.state = RUN_BROKEN;
    assert_has(written(made, "json"), "\"error\": \"the run broke off\"");
    made->snapshot.problem = NULL;
    assert_has(written(made, "json"), "\"error\": \"the run broke off\"");
    made->snapshot.problem = "no more processes";
    assert_has(written(made, "table"), "no more processes\n");
    assert_has(page_of(made), "<p class=\"problem\">no more processes</p>");
    made->input.problem = "more to say";
    assert_has(written(made, "json"), "\"error\": \"more to say\"");
    assert_has(page_of(made), "<p class=\"problem\">more to say</p>");
    made->input = (struct report_input){.work = WORK_COUNT};
    assert_has(written(made, "json"), "\"error\": \"the run was not started\"");
    assert_has(made->text, "\"work\": null");
    assert_has(made->text, "\"executor\": null");
    made->input = (struct report_input){.work = WORK_COUNTER, .problem = "no"};
    assert_has(written(made, "json"), "\"counter\": {\n    \"expected\": null");
    assert_has(made->text, "\"why\": null");
}

/* --- one, and many ---------------------------------------------------------------------------------------- */

static void one_is_singular(void **state)
{
    struct made *made = *state;
    made->snapshot.executor = (struct executor){.how = HOW_SEQUENTIAL, .width = 1};
    made->snapshot.usable_cores = 1;
    made->snapshot.attempts = 1;
    made->snapshot.killed = made->snapshot.restarts = 1;
    made->snapshot.memory = (struct memory_figures){.private_bytes = 1 << 20, .together_bytes = 2 << 20, .processes = 1};
    const char *table = written(made, "table");
    assert_has(table, "sequential, 1 worker, 1 usable core\n");
    assert_has(table, ", 1 attempt\n");
    assert_has(table, "1 worker died, 1 restart of the runner\n");
    assert_has(table, "private of 1 process\n");
    assert_has(page_of(made), "1 at once, 1 usable core<");
    made->snapshot.executor = (struct executor){.how = HOW_PROCESS_POOL, .width = 2};
    made->snapshot.usable_cores = 4;
    made->snapshot.killed = 2;
    made->snapshot.restarts = 0;
    made->snapshot.memory.processes = 3;
    table = written(made, "table");
    assert_has(table, "2 workers, 4 usable cores\n");
    assert_has(table, "2 workers died, 0 restarts of the runner\n");
    assert_has(table, "private of 3 processes\n");
    made->snapshot.killed = 0;
    made->snapshot.restarts = 2;
    assert_has(page_of(made), "0 workers died, 2 restarts of the runner");
}

static void memory_and_lock_are_told_where_known(void **state)
{
    struct made *made = *state;
    made->inputs[5].text = "del\x7f";
    made->snapshot.memory = (struct memory_figures){.shared_bytes = 4 << 20, .together_bytes = 4 << 20, .estimated = true};
    made->snapshot.gil = (struct gil_words){
        .interval_ns = 5 * NS_PER_MS, .held_ns = 400 * NS_PER_MS, .taken = 815, .switches = 812, .asked = 810};
    made->snapshot.cpu_ns = 40 * NS_PER_MS;
    made->snapshot.paused_ns = 100 * NS_PER_MS;
    made->snapshot.kept = 1;
    made->results[0].result.flags = JOB_FLAG_KEPT;
    made->input.output_dir = "out";
    made->input.cores = "2 by the affinity mask";
    const char *table = written(made, "table");
    assert_has(table, "about 4.0 MiB, shared by all workers\n");
    assert_has(table, "held 0.40 s in all, changed hands 812 times, asked for 810 times after 5.0 ms\n");
    assert_has(table, ", 0.10 s of it paused\n");
    assert_has(table, "2 of 6 done (1 were there already), 1 failed");
    assert_has(table, "files in      out\n");
    assert_has(table, "cores         2 by the affinity mask\n");
    assert_has(table, "kept");
    const char *json = written(made, "json");
    assert_has(json, "\"switch_interval_s\": 0.005");
    assert_has(json, "\"input\": \"del\\\\x7F\""); /* a control character that JSON would let through */
    assert_has(json, "\"together_bytes\": 4194304");
    assert_has(json, "\"worker_bytes\": null");
    assert_has(json, "\"estimated\": true");
    assert_has(json, "\"kept\": true");
    assert_has(json, "\"output\": \"out\"");
    const char *page = page_of(made);
    assert_has(page, "<dt>Of it paused</dt><dd>0.10 s</dd>");
    assert_has(page, "<dt>Memory</dt><dd>about 4.0 MiB</dd>");
    assert_has(page, "taken 815 times, asked for 810 times after 5.0 ms");
    assert_has(page, "<dt>CPU time</dt><dd>40 ms</dd>");
}

static void a_run_that_took_no_time_reached_all_of_it(void **state)
{
    struct made *made = *state;
    made->snapshot.wall_ns = 0;
    const char *table = written(made, "table");
    assert_has(table, "time          0.00 ms\n");
    assert_has(table, "100 % of it reached");
    assert_lacks(table, "times as long");
    assert_lacks(table, "/s\n");
    made->snapshot.wall_ns = 100 * NS_PER_MS; /* less than its longest job: two clocks */
    assert_has(written(made, "table"), "100 % of it reached");
    assert_has(page_of(made), "100 % of it reached");
}

static void every_job_went_wrong(void **state)
{
    struct made *made = *state;
    char texts[MADE_MAX][32];
    for (size_t i = 0; i < MADE_MAX; i++) {
        snprintf(texts[i], sizeof texts[i], "http://h/%zu", i);
        made->inputs[i] = (struct job_input){.text = texts[i], .name = i % 2 ? "" : NULL};
        put_job(made, i, JOB_FAILED, &(struct job_result){.attempts = 1, .note = "HTTP 410"});
    }
    made->snapshot.jobs = made->snapshot.failed = MADE_MAX;
    made->snapshot.done = made->snapshot.poisoned = 0;
    assert_lacks(written(made, "table"), " more: ");
    const char *page = page_of(made);
    assert_has(page, "300 more are not listed.");
    assert_has(page, "http://h/399<");
    assert_lacks(page, "http://h/400<");
    made->snapshot.failed = 0;
    for (size_t i = 0; i < MADE_MAX; i++)
        put_job(made, i, i < 100 ? JOB_DONE : JOB_QUEUED, &(struct job_result){.start_ns = i < 100 ? at_ms(i) : 0});
    made->snapshot.done = 100;
    assert_has(written(made, "table"), "700 more: 100 done, 600 not ended\n");
    assert_has(page_of(made), "500 more are not listed.");
}

/* --- tables ------------------------------------------------------------------------------------------------ */

static void a_table_has_a_width_that_can_be_read(void **state)
{
    struct made *made = *state;
    static const int ASKED[] = {-1, 0, 1, 39, 161, 100000};
    static char name[301];
    memset(name, 'n', sizeof name - 1);
    made->inputs[0].name = name;
    for (size_t i = 0; i < sizeof ASKED / sizeof *ASKED; i++) {
        made->input.columns = ASKED[i];
        const char *row = strchr(written(made, "table"), '\n') + 1; /* behind the heading */
        size_t columns = text_columns(row) - text_columns(strchr(row, '\n'));
        assert_in_range(columns, 40, 160);
    }
}

static void a_downloads_row_says_what_is_special(void **state)
{
    struct made *made = *state;
    made->inputs[0].name = NULL; /* then its URL stands there */
    made->inputs[4].name = "";
    const char *table = written(made, "table");
    assert_has(table, "http://h/a.jpg");
    assert_has(table, "http://h/with,\"q\".x");
    assert_has(table, "  2 attempts  length unverified\n");
    made->snapshot.set = NULL;
    table = written(made, "table");
    assert_lacks(table, "http://");
    assert_has(table, "HTTP 404 (after 3 attempts)\n");
}

static void a_products_row_says_what_became_of_it(void **state)
{
    struct made *made = *state;
    made->snapshot.work = WORK_PRIMES;
    made->results[0].result.primes = 1;
    made->results[0].result.digits = 1;
    made->results[0].result.head = 2;
    made->results[0].result.cpu_ns = 3 * NS_PER_MS;
    made->input.output_dir = "out";
    const char *table = written(made, "table");
    assert_has(table, ": 1 prime number found\n");
    assert_has(table, "time taken  0.41 s, 3.0 ms of it on a core (t2)\n");
    assert_has(table, "product     2\n");
    assert_has(table, "file        a.jpg\n");
    assert_has(table, ": failed\n      HTTP 404 (after 3 attempts)\n");
    assert_has(table, ": queued\n");
    made->input.output_dir = NULL;
    made->snapshot.set = NULL;
    assert_lacks(written(made, "table"), "file ");
    assert_has(written(made, "json"), "\"limit\": 0");
}

/* --- the counter ------------------------------------------------------------------------------------------- */

static void make_counter(struct made *made, struct executor executor, enum counter_lock lock, uint64_t got)
{
    made->snapshot.work = WORK_COUNTER;
    made->snapshot.state = RUN_DONE;
    made->snapshot.executor = executor;
    made->snapshot.runner = (struct runner_words){.outcome_known = 1, .expected = 1000, .got = got};
    made->set.options.counter.lock = lock;
    for (size_t i = 0; i < JOBS; i++) {
        made->inputs[i] = (struct job_input){.text = "200 adds", .limit = 200};
        put_job(
            made, i, i ? JOB_DONE : JOB_FAILED,
            &(struct job_result){.start_ns = at_ms(i), .end_ns = at_ms(9), .counted = 100 * i, .cpu_ns = i, .worker = 1});
    }
}

static const char *why(const struct made *made)
{
    static struct counter_fields fields;
    fields = counter_fields_of(&made->snapshot);
    return fields.why;
}

static void the_counter_says_why(void **state)
{
    struct made *made = *state;
    const struct executor threads = {.how = HOW_THREAD_POOL, .width = 2}, alone = {.how = HOW_SEQUENTIAL, .width = 1};
    const struct executor processes = {.how = HOW_PROCESS_POOL, .width = 2};
    const struct executor locked = {.how = HOW_THREAD_POOL, .width = 2, .gil = true};
    make_counter(made, threads, COUNTER_NONE, 900);
    assert_has(why(made), "their adds are gone");
    made->snapshot.restarts = 1;
    assert_has(why(made), "started again, with a counter at 0");
    make_counter(made, threads, COUNTER_NONE, 1000);
    assert_has(why(made), "nothing but luck");
    make_counter(made, locked, COUNTER_NONE, 1000);
    assert_has(why(made), "never within one");
    make_counter(made, alone, COUNTER_NONE, 1000);
    assert_has(why(made), "one worker at a time");
    make_counter(made, threads, COUNTER_MUTEX, 1000);
    assert_has(why(made), "the mutex lets one thread at a time");
    make_counter(made, threads, COUNTER_ATOMIC, 1000);
    assert_has(why(made), "in one step");
    make_counter(made, processes, COUNTER_NONE, 0);
    assert_has(why(made), "which read up to 500, and the parent's stays 0: processes share no memory");
    assert_lacks(why(made), "no difference");
    make_counter(made, processes, COUNTER_MUTEX, 0);
    assert_has(why(made), "so the lock makes no difference");
    make_counter(made, threads, COUNTER_NONE, 2000); /* a wild write */
    assert_int_equal(counter_fields_of(&made->snapshot).lost, 0);
    made->snapshot.runner.outcome_known = 0;
    assert_has(why(made), "the run was ended while workers were still adding");
    made->snapshot.state = RUN_RUNNING;
    assert_has(why(made), "the run is not over");
    made->snapshot.runner = (struct runner_words){.outcome_known = 1};
    assert_true(counter_fields_of(&made->snapshot).lost_share == 0);
}

static void the_counter_in_every_form(void **state)
{
    struct made *made = *state;
    const struct executor threads = {.how = HOW_THREAD_POOL, .width = 2, .gil = true};
    const struct executor processes = {.how = HOW_PROCESS_POOL, .width = 2};
    make_counter(made, threads, COUNTER_NONE, 900);
    const char *table = written(made, "table");
    assert_has(table, "counter reads 900\n");
    assert_has(table, "lost          100 (10.0 %)\n");
    assert_has(table, "spent waiting (for the interpreter lock, too), all workers together\n");
    assert_has(table, "200 adds\n");
    assert_has(written(made, "json"), "\"lost\": 100");
    assert_has(page_of(made), "<dt>The counter reads</dt><dd>900 of 1,000</dd>");
    make_counter(made, processes, COUNTER_ATOMIC, 0);
    table = written(made, "table");
    assert_has(table, "lost          \u2013\n");
    assert_has(table, "200 adds; copy read 500\n");
    assert_has(table, "spent waiting, all workers together\n");
    assert_has(written(made, "csv"), ",200,500,");
    made->snapshot.runner.outcome_known = 0;
    made->snapshot.set = NULL;
    made->workers[0].used = made->workers[1].used = false;
    table = written(made, "table");
    assert_has(table, "expected      \u2013\n");
    assert_lacks(table, "spent waiting");
    assert_has(written(made, "json"), "\"adds\": null");
    assert_lacks(page_of(made), "The counter reads");
}

/* --- pages --------------------------------------------------------------------------------------------------- */

static void every_phase_has_a_style(void **state)
{
    (void)state;
    assert_string_equal(html_class_of_phase(PHASE_RECEIVING), "recv");
    assert_string_equal(html_class_of_phase(PHASE_STARTING), "start");
    assert_string_equal(html_class_of_phase(PHASE_COMPUTING), "run");
    assert_string_equal(html_class_of_phase(PHASE_WAITING), "io");
    assert_string_equal(html_class_of_phase(PHASE_GIL), "lock");
    assert_string_equal(html_class_of_phase(PHASE_BARRIER), "barrier");
    assert_string_equal(html_class_of_phase(PHASE_PAUSED), "idle");
    assert_string_equal(html_class_of_phase(PHASE_LEFT), "idle");
    assert_string_equal(html_class_of_phase((enum phase)999), "idle"); /* a wild one */
}

/* A journal in which everything happens, on three seats of three kinds. */
static void make_journal(struct made *made, struct journal_event events[8])
{
    static const struct {
        uint64_t ms;
        uint32_t slot, job;
        enum phase phase;
    } EVENTS[8] = {{1, 0, 1, PHASE_GIL},    {2, 1, 2, PHASE_BARRIER}, {3, 2, 5, PHASE_COMPUTING}, {4, 2, 0, PHASE_NO_WORK},
                   {200, 0, 0, PHASE_LEFT}, {210, 1, 0, PHASE_DEAD},  {220, 2, 6, PHASE_WAITING}, {230, 2, 0, PHASE_LEFT}};
    for (size_t i = 0; i < 8; i++)
        events[i] = (struct journal_event){.time_ns = at_ms(EVENTS[i].ms),
                                           .slot = EVENTS[i].slot,
                                           .job = EVENTS[i].job,
                                           .phase = (uint32_t)EVENTS[i].phase};
    made->snapshot.journal = (struct journal){.events = events, .count = 8};
    put_worker(made, 2, 1, 230, true);
    made->workers[0].data.kind = WORKER_TRANSFER;
    made->workers[1].data.kind = WORKER_PROCESS;
    made->workers[2].data.generation = 3;
    made->results[4].word.deaths = 1; /* told by the journal */
}

static void a_trace_names_each_kind_of_seat(void **state)
{
    struct made *made = *state;
    struct journal_event events[8];
    make_journal(made, events);
    made->inputs[0].text = "http://h/folder/";
    made->inputs[5].text = "";
    const char *trace = trace_of(made);
    assert_has(trace, "\"e1 (a transfer)\"");
    assert_has(trace, "\"p2 (pid 400)\"");
    assert_has(trace, "\"t3 (3 workers)\"");
    assert_has(trace, "\"cat\":\"lock\"");
    assert_has(trace, "\"cat\":\"barrier\"");
    assert_has(trace, "\"cat\":\"running\"");
    assert_has(trace, "\"name\":\"http://h/folder/\""); /* nothing behind the last slash */
    assert_has(trace, "\"name\":\"job 5\"");
    assert_has(trace, "\"error\":\"HTTP 404\"");
    assert_has(trace, "\"name\":\"killed\"");
    assert_has(trace, "\"interrupted\":true");
    assert_has(trace, "\"labels\":\"pid 400\"");
    made->snapshot.runner_pid = 77;
    made->workers[1].data.pid = 0;
    assert_has(trace_of(made), "\"labels\":\"pid 77\"");
    assert_has(made->text, "\"p2 (tid 402)\"");
    for (size_t i = 0; i < SLOTS; i++)
        made->workers[i].data.kind = WORKER_PROCESS;
    made->workers[1].data.tid = 0;
    made->snapshot.runner_pid = 0;
    assert_has(trace_of(made), "\"labels\":\"thread-pool:10\"");
    assert_has(made->text, "\"p2\"");
}

static void a_page_of_products_and_of_many_workers(void **state)
{
    struct made *made = *state;
    enum { WORKERS = 50 };
    static struct worker_snapshot workers[WORKERS];
    static struct journal_event events[2 * WORKERS];
    for (uint32_t i = 0; i < WORKERS; i++) {
        workers[i] = made->workers[0];
        events[2 * i] = (struct journal_event){.time_ns = at_ms(1), .slot = i, .job = 1, .phase = PHASE_COMPUTING};
        events[2 * i + 1] = (struct journal_event){.time_ns = at_ms(400), .slot = i, .job = 1, .phase = PHASE_DEAD};
    }
    workers[3].used = false;
    made->snapshot.work = WORK_PRIMES;
    made->results[0].result.primes = 5164;
    made->results[0].result.digits = 21745;
    made->snapshot.workers = workers;
    made->snapshot.slots = WORKERS;
    made->snapshot.journal = (struct journal){.events = events, .count = 2 * WORKERS};
    const char *page = page_of(made);
    assert_has(page, "5,164 primes, 21,745 digits");
    assert_has(page, "The first 40 workers; 9 more are not drawn.");
    assert_has(page, "Interrupted: what had ended by then is below.");
    size_t crosses = 0;
    for (const char *at = page; (at = strstr(at, "class=\"death\"")); at++)
        crosses++;
    assert_int_equal(crosses, 40); /* of lanes that are drawn */
}

static void a_share_that_is_small_is_not_none(void **state)
{
    struct made *made = *state;
    made->workers[0].data.account_ns[ACCOUNT_LOCK] = 10000;
    made->workers[1].data.account_ns[ACCOUNT_LOCK] = 0;
    made->workers[1].data.ready_known = true;
    made->input.columns = 160;
    assert_has(written(made, "table"), "<1 % lock");
    made->workers[0].data.account_ns[ACCOUNT_LOCK] = 0;
    assert_lacks(written(made, "table"), " lock");
    assert_has(page_of(made), "<td data-label=\"time\">0</td><td data-label=\"share\">0.0 %</td>");
}

/* --- lines ----------------------------------------------------------------------------------------------------- */

static void lines_keep_to_their_columns(void **state)
{
    (void)state;
    char out[64], seconds[SECONDS_ROOM];
    assert_string_equal(line_fit(out, sizeof out, "abcdef", 6, true), "abcdef");
    assert_string_equal(line_fit(out, sizeof out, "abcdefgh", 7, true), "ab...gh");
    assert_string_equal(line_fit(out, sizeof out, "abcdefgh", 2, true), "...");
    assert_string_equal(line_fit(out, sizeof out, "\u6f22\u5b57\u6f22\u5b57", 5, false), "\u6f22\u2026\u5b57");
    assert_string_equal(line_seconds(seconds, -1, "-"), "-");
    assert_string_equal(line_seconds(seconds, 2e9, "-"), "-");
    assert_string_equal(line_seconds(seconds, 0.0 / 1e-300 - 0.0, "-"), "0.00 ms");
    assert_string_equal(line_micros(seconds, 20e-6, 21e-6), "20 to 21 microseconds");
    assert_string_equal(line_micros(seconds, 21e-6, 21e-6), "21 microseconds");
    assert_string_equal(line_micros(seconds, 2e-3, 3.25e-3), "2.0 to 3.2 ms");
    assert_string_equal(line_micros(seconds, 12e-3, 34e-3), "12 to 34 ms");
}

int main(void)
{
#define REPORT_TEST(name) cmocka_unit_test_setup_teardown(name, made_make, made_free)
    const struct CMUnitTest tests[] = {
        REPORT_TEST(what_is_not_known_is_no_figure),
        REPORT_TEST(a_worker_of_which_nothing_is_known),
        REPORT_TEST(a_report_without_a_reason_says_so),
        REPORT_TEST(one_is_singular),
        REPORT_TEST(memory_and_lock_are_told_where_known),
        REPORT_TEST(a_run_that_took_no_time_reached_all_of_it),
        REPORT_TEST(every_job_went_wrong),
        REPORT_TEST(a_table_has_a_width_that_can_be_read),
        REPORT_TEST(a_downloads_row_says_what_is_special),
        REPORT_TEST(a_products_row_says_what_became_of_it),
        REPORT_TEST(the_counter_says_why),
        REPORT_TEST(the_counter_in_every_form),
        REPORT_TEST(a_trace_names_each_kind_of_seat),
        REPORT_TEST(a_page_of_products_and_of_many_workers),
        REPORT_TEST(a_share_that_is_small_is_not_none),
        cmocka_unit_test(every_phase_has_a_style),
        cmocka_unit_test(lines_keep_to_their_columns),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
