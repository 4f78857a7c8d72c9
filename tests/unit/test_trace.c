/* test_trace.c - a made-up journal as stretches of time and as a trace: what is missing, backwards or too much in it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "juggler/report.h"
#include "report/spans.h"

enum { SLOTS = 3, JOBS = 3, EVENTS = 32, START_S = 100 };

struct made {
    struct snapshot snapshot;
    struct worker_snapshot workers[SLOTS];
    struct job_snapshot results[JOBS];
    struct job_input inputs[JOBS];
    struct job_set set;
    struct journal_event events[EVENTS];
    size_t count;
    struct report_input input;
    struct spans spans;
    char *text;
    size_t length;
};

static uint64_t at_ms(uint64_t ms)
{
    return START_S * NS_PER_S + ms * NS_PER_MS;
}

static void put_event(struct made *made, uint32_t slot, uint64_t ms, enum phase phase, uint32_t job)
{
    made->events[made->count++] =
        (struct journal_event){.time_ns = at_ms(ms), .slot = slot, .phase = (uint32_t)phase, .job = job};
    made->snapshot.journal.count = made->count;
}

static void put_worker(struct made *made, size_t slot, uint64_t born_ms, uint64_t upto_ms)
{
    made->workers[slot].used = true;
    made->workers[slot].data = (struct slot_data){.pid = 400,
                                                  .tid = 401 + slot,
                                                  .generation = 1,
                                                  .kind = WORKER_THREAD,
                                                  .born_ns = at_ms(born_ms),
                                                  .account_upto_ns = at_ms(upto_ms),
                                                  .exit = WORKER_EXIT_FINISHED};
}

static void put_job(struct made *made, size_t job, uint64_t start_ms, uint64_t end_ms, uint64_t slot, unsigned deaths)
{
    made->results[job].word = (struct job_word){.state = JOB_DONE, .deaths = deaths};
    made->results[job].result =
        (struct job_result){.start_ns = at_ms(start_ms), .end_ns = at_ms(end_ms), .worker = slot, .attempts = 1};
}

/* Two seats: the first does job 1 and, after a worker's death in it on the second seat, job 2. */
static int made_make(void **state)
{
    struct made *made = calloc(1, sizeof *made);
    *state = made;
    if (!made)
        return -1;
    for (size_t i = 0; i < JOBS; i++)
        made->inputs[i] = (struct job_input){.text = "http://h/a.jpg"};
    made->set = (struct job_set){.inputs = made->inputs, .count = JOBS};
    put_worker(made, 0, 1, 100);
    put_worker(made, 1, 2, 60);
    put_job(made, 0, 5, 40, 0, 0);
    put_job(made, 1, 6, 90, 0, 1);
    made->results[2].word.state = JOB_QUEUED;
    made->snapshot = (struct snapshot){.state = RUN_DONE,
                                       .work = WORK_DOWNLOAD,
                                       .executor = {.how = HOW_PROCESS_POOL, .width = 2},
                                       .usable_cores = 2,
                                       .start_ns = at_ms(0),
                                       .wall_ns = 100 * NS_PER_MS,
                                       .jobs = JOBS,
                                       .workers = made->workers,
                                       .slots = SLOTS,
                                       .results = made->results,
                                       .set = &made->set,
                                       .journal = {.events = made->events},
                                       .problem = ""};
    made->input = (struct report_input){.snapshot = &made->snapshot};
    put_event(made, 1, 2, PHASE_STARTING, 0);
    put_event(made, 0, 1, PHASE_STARTING, 0);
    put_event(made, 0, 10, PHASE_WAITING, 1);
    put_event(made, 1, 8, PHASE_WAITING, 2);
    put_event(made, 1, 30, PHASE_DEAD, 2);
    put_event(made, 0, 40, PHASE_STARTING, 2);
    put_event(made, 1, 50, PHASE_STARTING, 0);
    put_event(made, 0, 50, PHASE_RECEIVING, 2);
    put_event(made, 1, 55, PHASE_NO_WORK, 0);
    put_event(made, 0, 90, PHASE_NO_WORK, 0);
    put_event(made, 0, 100, PHASE_LEFT, 0);
    put_event(made, 1, 60, PHASE_LEFT, 0);
    return 0;
}

static int made_free(void **state)
{
    struct made *made = *state;
    spans_free(&made->spans);
    free(made->text);
    free(made);
    return 0;
}

static void assert_span(const struct span *span, uint64_t start_ms, uint64_t end_ms, enum phase phase, uint32_t job)
{
    assert_int_equal(span->start_ns, start_ms * NS_PER_MS);
    assert_int_equal(span->end_ns, end_ms * NS_PER_MS);
    assert_int_equal(span->phase, phase);
    assert_int_equal(span->job, job);
}

static void make_spans(struct made *made)
{
    spans_free(&made->spans);
    assert_int_equal(spans_make(&made->spans, &made->snapshot), 0);
    const struct span_list *lists[] = {&made->spans.states, &made->spans.jobs};
    for (size_t kind = 0; kind < 2; kind++)
        for (size_t slot = 0; slot < made->spans.slots; slot++)
            for (size_t i = lists[kind]->first[slot]; i < lists[kind]->first[slot + 1]; i++) {
                const struct span *span = &lists[kind]->items[i];
                assert_true(span->end_ns >= span->start_ns && span->end_ns <= made->spans.end_ns);
                assert_true(i == lists[kind]->first[slot] || span->start_ns >= span[-1].end_ns);
            }
}

static void test_states_follow_each_other(void **state)
{
    struct made *made = *state;
    make_spans(made);
    const struct span *first = made->spans.states.items + made->spans.states.first[0];
    const struct span *second = made->spans.states.items + made->spans.states.first[1];
    assert_int_equal(made->spans.states.first[1], 5);
    assert_span(&first[0], 1, 10, PHASE_STARTING, 0);
    assert_span(&first[1], 10, 40, PHASE_WAITING, 1);
    assert_span(&first[4], 90, 100, PHASE_NO_WORK, 0);
    assert_int_equal(made->spans.states.first[2], 10);
    assert_span(&second[2], 30, 50, PHASE_NONE, 0); /* the seat is empty between the dead worker and its successor */
    assert_span(&second[4], 55, 60, PHASE_NO_WORK, 0);
    assert_int_equal(made->spans.deaths_count, 1);
    assert_int_equal(made->spans.deaths[0].time_ns, 30 * NS_PER_MS);
    assert_int_equal(made->spans.deaths[0].job, 2);
}

/* One that one worker had: its result's own times. One that died with a worker: a stretch a try. */
static void test_jobs_by_result_and_by_journal(void **state)
{
    struct made *made = *state;
    make_spans(made);
    assert_int_equal(made->spans.jobs.count, 3);
    assert_span(&made->spans.jobs.items[0], 5, 40, PHASE_NONE, 1);
    assert_int_equal(made->spans.jobs.items[1].job, 2);
    assert_int_equal(made->spans.jobs.items[1].start_ns, 40 * NS_PER_MS);
    assert_int_equal(made->spans.jobs.items[1].end_ns, 90 * NS_PER_MS);
    assert_int_equal(made->spans.jobs.first[1], 2);
    assert_int_equal(made->spans.jobs.items[2].start_ns, 8 * NS_PER_MS);
    assert_int_equal(made->spans.jobs.items[2].end_ns, 30 * NS_PER_MS);
}

/* A worker that lives has a last stretch that goes on; one whose last words say so, up to its account's end. */
static void test_the_last_stretch(void **state)
{
    struct made *made = *state;
    made->snapshot.journal.count = made->count = 8;
    made->workers[0].alive = true;
    make_spans(made);
    assert_span(&made->spans.states.items[made->spans.states.first[1] - 1], 50, 100, PHASE_RECEIVING, 2);
    assert_span(&made->spans.states.items[made->spans.states.first[2] - 1], 50, 60, PHASE_STARTING, 0);
}

static void test_times_that_run_backwards(void **state)
{
    struct made *made = *state;
    made->events[5].time_ns = at_ms(4); /* before the one before it */
    made->events[0].time_ns = at_ms(0) - 5 * NS_PER_S;
    made->events[9].time_ns = UINT64_MAX;
    made->snapshot.now_ns = at_ms(120);
    make_spans(made); /* looks whether any overlaps */
    assert_int_equal(made->spans.end_ns, 120 * NS_PER_MS);
    put_job(made, 0, 5, 70, 0, 0);
    put_job(made, 1, 6, 30, 0, 0); /* two that overlap in one worker cannot be */
    put_job(made, 2, 6, 90, 7, 0); /* a seat that is not there */
    made->events[9].time_ns = at_ms(90);
    make_spans(made);
}

static void test_events_of_seats_that_are_not(void **state)
{
    struct made *made = *state;
    put_event(made, SLOTS, 10, PHASE_WAITING, 1);
    put_event(made, UINT32_MAX, 10, PHASE_WAITING, 1);
    make_spans(made);
    assert_int_equal(made->spans.states.count, 10);
}

static void test_no_journal(void **state)
{
    struct made *made = *state;
    made->snapshot.journal = (struct journal){0};
    make_spans(made);
    assert_int_equal(made->spans.states.count, 0);
    assert_int_equal(made->spans.jobs.count, 1); /* what results tell is there */
    made->snapshot.start_ns = 0;                 /* nothing has begun */
    make_spans(made);
    assert_int_equal(made->spans.jobs.count, 0);
}

/* --- the trace ------------------------------------------------------------------------------------------ */

static json_t *traced(struct made *made)
{
    json_error_t error;
    free(made->text);
    made->text = NULL;
    FILE *out = open_memstream(&made->text, &made->length);
    assert_non_null(out);
    assert_int_equal(report_trace_write(out, &made->input), 0);
    fclose(out);
    json_t *root = json_loads(made->text, JSON_REJECT_DUPLICATES, &error);
    if (!root)
        fail_msg("line %d: %s\n%s", error.line, error.text, made->text);
    return root;
}

static size_t count_of(json_t *root, const char *type, const char *category)
{
    size_t count = 0;
    size_t index;
    json_t *event;
    json_array_foreach(json_object_get(root, "traceEvents"), index, event)
    {
        const char *cat = json_string_value(json_object_get(event, "cat"));
        count += strcmp(json_string_value(json_object_get(event, "ph")), type) == 0 &&
                 (!category || (cat && strcmp(cat, category) == 0));
    }
    return count;
}

static void test_trace_of_a_run(void **state)
{
    json_t *root = traced(*state);
    struct made *made = *state;
    assert_int_equal(count_of(root, "X", "io"), 3);
    assert_int_equal(count_of(root, "X", "none"), 1);
    assert_int_equal(count_of(root, "X", "job"), 3);
    assert_int_equal(count_of(root, "i", "death"), 1);
    assert_int_equal(count_of(root, "i", "lost"), 0);
    assert_non_null(strstr(made->text, "\"name\":\"waiting\",\"cat\":\"io\",\"ts\":10000.0001,\"dur\":30000.000"));
    assert_non_null(strstr(made->text, "\"name\":\"t2 (tid 402)\""));
    json_decref(root);
}

static void test_trace_of_nanoseconds(void **state)
{
    struct made *made = *state;
    made->events[2].time_ns += 7;
    json_t *root = traced(made);
    assert_non_null(strstr(made->text, "\"ts\":10000.0071,\"dur\":29999.993"));
    json_decref(root);
}

static void test_trace_tells_what_was_lost(void **state)
{
    struct made *made = *state;
    made->snapshot.lost_events = 7;
    json_t *root = traced(made);
    assert_int_equal(json_integer_value(json_object_get(json_object_get(root, "otherData"), "lost_events")), 7);
    assert_int_equal(count_of(root, "i", "lost"), 1);
    json_decref(root);
}

static void test_trace_of_hostile_text(void **state)
{
    struct made *made = *state;
    made->inputs[0].text = "http://h/\x1b[31m\xff\u202e\"\\\n.jpg";
    json_t *root = traced(made);
    for (size_t i = 0; i < made->length; i++)
        assert_true(made->text[i] == '\n' || (made->text[i] >= ' ' && made->text[i] < 0x7f));
    assert_null(strstr(made->text, "\\u001b"));
    assert_null(strstr(made->text, "\\u202e"));
    json_decref(root);
}

static void test_trace_of_nothing(void **state)
{
    struct made *made = *state;
    made->snapshot.journal = (struct journal){0};
    json_decref(traced(made));
    made->snapshot.start_ns = 0;
    made->snapshot.slots = 0;
    json_decref(traced(made));
    made->input = (struct report_input){.problem = "no"};
    json_decref(traced(made));
}

/* --- the page ------------------------------------------------------------------------------------------- */

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

static void test_page_of_a_run(void **state)
{
    struct made *made = *state;
    made->inputs[0].text = "http://h/<script>\xff\u202e&\"'";
    made->snapshot.lost_events = 7;
    const char *text = page_of(made);
    assert_non_null(strstr(text, "http://h/&lt;script&gt;\\xFF\\u{202E}&amp;&quot;&#39;"));
    assert_non_null(strstr(text, "7 events were lost"));
    assert_non_null(strstr(text, "<title>killed</title>"));
    assert_non_null(strstr(text, "class=\"io\" d=\"M106 4h")); /* from 10 of 100 ms on: 48 + 58 columns */
}

static void test_page_of_nothing(void **state)
{
    struct made *made = *state;
    made->snapshot.journal = (struct journal){0};
    assert_non_null(strstr(page_of(made), "No changes of phase were kept."));
    made->snapshot.start_ns = made->snapshot.wall_ns = 0;
    made->snapshot.slots = 0;
    assert_non_null(strstr(page_of(made), "The jobs"));
    made->input = (struct report_input){.problem = "no <b>such</b> thing"};
    assert_non_null(strstr(page_of(made), "no &lt;b&gt;such&lt;/b&gt; thing"));
}

static void test_a_full_disk_is_told(void **state)
{
    struct made *made = *state;
    FILE *full = fopen("/dev/full", "w");
    assert_non_null(full);
    int error = report_trace_write(full, &made->input);
    fclose(full);
    assert_true(error == ENOSPC || error == EIO);
    full = fopen("/dev/full", "w");
    assert_non_null(full);
    error = report_html_write(full, &made->input, NULL);
    fclose(full);
    assert_true(error == ENOSPC || error == EIO);
}

int main(void)
{
#define TRACE_TEST(name) cmocka_unit_test_setup_teardown(name, made_make, made_free)
    const struct CMUnitTest tests[] = {
        TRACE_TEST(test_states_follow_each_other),
        TRACE_TEST(test_jobs_by_result_and_by_journal),
        TRACE_TEST(test_the_last_stretch),
        TRACE_TEST(test_times_that_run_backwards),
        TRACE_TEST(test_events_of_seats_that_are_not),
        TRACE_TEST(test_no_journal),
        TRACE_TEST(test_trace_of_a_run),
        TRACE_TEST(test_trace_of_nanoseconds),
        TRACE_TEST(test_trace_tells_what_was_lost),
        TRACE_TEST(test_trace_of_hostile_text),
        TRACE_TEST(test_trace_of_nothing),
        TRACE_TEST(test_page_of_a_run),
        TRACE_TEST(test_page_of_nothing),
        TRACE_TEST(test_a_full_disk_is_told),
    };
    return cmocka_run_group_tests_name("trace", tests, NULL, NULL);
}
