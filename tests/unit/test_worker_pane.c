/* test_worker_pane.c - one worker's own page, drawn from hand-built models: what it says, how it is shared out, how it scrolls. Pictures of it lie
 * in tests/golden as text; after a change that is meant, GENERATE=1 writes them anew, and the difference is for a person to read. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/text.h"
#include "tests/unit/screen_model.h"
#include "tests/unit/screen_text.h"
#include "ui/pane.h"
#include "ui/panes.h"

static const char long_note[] =
    "5618934898_659bc060cd_b.jpg: the server answered 404 (Not Found), which will not change: it was not "
    "tried again, and";

/* --- models ------------------------------------------------------------------------------------------------ */

/* t8 of the sample: four jobs behind it, two of which failed, and one in hand. */
static void open_page(struct sample *sample)
{
    static const uint32_t jobs[] = {12, 9, 4, 2, 0};
    struct model *model = &sample->model;
    struct snapshot *snap = &model->lanes[0].snap;
    struct slot_data *data = &sample->workers[0][7].data;
    model->view = VIEW_WORKER;
    model->lanes[0].selected = 7;
    for (size_t i = 0; i < 5; i++) {
        struct job_snapshot *job = &sample->jobs[0][jobs[i]];
        job->word = (struct job_word){.state = i == 0 ? JOB_RUNNING : i == 2 || i == 3 ? JOB_FAILED : JOB_DONE, .slot = 7};
        job->result = (struct job_result){.start_ns = NS_PER_S + (4 - i) * 600 * NS_PER_MS,
                                          .end_ns = i == 0 ? 0 : NS_PER_S + (5 - i) * 600 * NS_PER_MS,
                                          .attempts = i == 0 ? 0 : i,
                                          .bytes = 120000 - i * 10000};
    }
    strcpy(sample->jobs[0][4].result.note, long_note);
    strcpy(sample->jobs[0][2].result.note, "no answer for 30 s");
    sample->files[4].text =
        "https://live.staticflickr.com/5618/5618934898_659bc060cd_b.jpg?a-very-long-query=0123456789012345678901234"
        "5678901234567890123456789&and=more";
    sample->files[12].text = "https://live.staticflickr.com/13546/13546560344_835fc79871_b.jpg";
    data->phase_since_ns = snap->now_ns - 420 * NS_PER_MS;
    data->job_since_ns = snap->now_ns - 600 * NS_PER_MS;
    data->account_upto_ns = snap->now_ns;
    data->ready_known = 1;
    data->done = 44000;
    data->total = 100000;
    data->pid = 4120;
    data->tid = 4128;
    model->worker =
        (struct model_worker){.known = true,
                              .held = sample->workers[0][7],
                              .now_ns = snap->now_ns,
                              .kernel = {.there = true,
                                         .state = {.letter = 'S', .core = 1},
                                         .times_known = true,
                                         .on_core_ns = 10300000,
                                         .waited_ns = 2100000,
                                         .switches_known = true,
                                         .voluntary = 231,
                                         .forced = 12},
                              .jobs = jobs,
                              .jobs_count = 5,
                              .jobs_ended = 4,
                              .jobs_failed = 2,
                              .last_failed = 5,
                              .mine = {4, 510 * NS_PER_MS, 600 * NS_PER_MS, 600 * NS_PER_MS, 600 * NS_PER_MS},
                              .all = {1089, 500 * NS_PER_MS, 660 * NS_PER_MS, 1200 * NS_PER_MS, 1310 * NS_PER_MS}};
}

/* p2 of the sample, a process. */
static void open_process(struct sample *sample)
{
    open_page(sample);
    sample->model.focus = 1;
    sample->model.lanes[1].selected = 1;
    sample->workers[1][1].data.ready_known = 1;
    sample->model.worker.held = sample->workers[1][1];
    sample->model.worker.jobs_count = sample->model.worker.jobs_ended = sample->model.worker.jobs_failed = 0;
    sample->model.worker.last_failed = 0;
    sample->model.worker.mine = (struct percentiles){0};
    sample->model.worker.kernel.memory_known = true;
    sample->model.worker.kernel.private_bytes = 2202009;
    sample->model.worker.kernel.proportional_bytes = 2621440;
}

static int begin(void **state)
{
    struct sample *sample = sample_new();
    open_page(sample);
    *state = sample;
    return 0;
}

static int end(void **state)
{
    free(*state);
    return 0;
}

/* --- screens ------------------------------------------------------------------------------------------------ */

static size_t last_top(const struct model *model, int columns, int rows)
{
    struct canvas canvas = {.columns = columns, .rows = rows};
    return screen_worker_last_top(&canvas, model);
}

/* What stands between the frames, in one line: texts that are wrapped become whole again. */
static char *unwrapped(const char *text)
{
    char *out = calloc(1, strlen(text) + 1);
    size_t used = 0;
    for (const char *at = text; *at;) {
        bool blank = *at == ' ' || *at == '\n';
        bool frame = strncmp(at, "\u2502", 3) == 0;
        if (!blank && !frame) {
            out[used++] = *at;
        }
        at += frame ? 3 : 1;
    }
    return out;
}

static void assert_whole(const struct model *model, int columns, int rows, const char *wanted)
{
    char *text = screen_text(model, columns, rows, false), *seen = unwrapped(text), *whole = unwrapped(wanted);
    if (strstr(seen, whole) == NULL) {
        fail_msg("\"%s\" is not whole on this screen:\n%s", wanted, text);
    }
    free(text);
    free(seen);
    free(whole);
}

static void pages_look_as_drawn(void **state)
{
    struct sample *sample = *state;
    check_golden(&sample->model, "worker-120x36", 120, 36, false);
    check_golden(&sample->model, "worker-80x24", 80, 24, false);
    check_golden(&sample->model, "worker-80x24-ascii", 80, 24, true);
    check_golden(&sample->model, "worker-60x30", 60, 30, false);
    check_golden(&sample->model, "worker-40x10", 40, 10, false);
    sample->model.worker.top = SIZE_MAX;
    check_golden(&sample->model, "worker-end-80x24", 80, 24, false);
    open_process(sample);
    check_golden(&sample->model, "worker-process-120x36", 120, 36, false);
}

static void every_size_draws(void **state)
{
    struct sample *sample = *state;
    static const size_t tops[] = {0, 3, 20, SIZE_MAX};
    for (int columns = 1; columns < 140; columns += columns < 60 ? 1 : 7) {
        for (int rows = 1; rows < 50; rows += rows < 20 ? 1 : 5) {
            for (size_t i = 0; i < sizeof tops / sizeof tops[0]; i++) {
                sample->model.worker.top = tops[i];
                free(screen_text(&sample->model, columns, rows, columns % 2 == 0));
            }
        }
    }
}

/* --- what it says -------------------------------------------------------------------------------------------- */

static void the_whole_error_and_the_whole_url_are_there(void **state)
{
    struct sample *sample = *state;
    assert_whole(&sample->model, 120, 36, long_note);
    assert_whole(&sample->model, 120, 36, sample->files[4].text);
    assert_whole(&sample->model, 60, 50, sample->files[12].text);
    sample->model.worker.top = SIZE_MAX;
    assert_whole(&sample->model, 80, 24, long_note);
    assert_whole(&sample->model, 80, 24, sample->files[4].text);
    assert_screen(&sample->model, 80, 24, "no answer for 30 s", true);
}

static void untrusted_text_is_made_fit(void **state)
{
    struct sample *sample = *state;
    strcpy(sample->jobs[0][4].result.note, "\x1b[2J\xe2\x80\xae");
    sample->files[12].text = "http://x/\x1b[31m";
    assert_screen(&sample->model, 120, 36, "\\x1B[2J\\u{202E}", true);
    assert_screen(&sample->model, 120, 36, "http://x/\\x1B[31m", true);
    assert_screen(&sample->model, 120, 36, "\x1b", false);
}

/* Where the kernel does not tell, the page does not say 0. */
static void unknown_is_not_nought(void **state)
{
    struct sample *sample = *state;
    struct model_worker *shown = &sample->model.worker;
    shown->kernel = (struct task_detail){.there = true, .state = {.letter = 'R', .core = -1}};
    shown->held.data.ready_known = 0;
    sample->model.lanes[0].snap.memory = (struct memory_figures){0};
    assert_screen(&sample->model, 120, 36, "last core  unknown", true);
    assert_screen(&sample->model, 120, 36, "on a core  unknown", true);
    assert_screen(&sample->model, 120, 36, "waited     unknown", true);
    assert_screen(&sample->model, 120, 36, "switches   unknown", true);
    assert_screen(&sample->model, 120, 36, "memory     unknown", true);
    assert_screen(&sample->model, 120, 36, "ready      unknown", true);
    shown->held.data.total = 0;
    assert_screen(&sample->model, 120, 36, "the server does not say of how much", true);
}

static void what_is_gone_is_gone_and_its_past_stays(void **state)
{
    struct sample *sample = *state;
    struct model_worker *shown = &sample->model.worker;
    sample->workers[0][7].alive = false;
    sample->workers[0][7].data.exit = WORKER_EXIT_KILLED;
    sample->workers[0][7].data.exit_signal = 9;
    sample->workers[0][7].data.killed = 1;
    sample->workers[0][7].data.generation = 2;
    shown->held = sample->workers[0][7];
    shown->kernel = (struct task_detail){.there = false};
    assert_screen(&sample->model, 120, 36, "4120, 4128 (gone)", true);
    assert_screen(&sample->model, 120, 36, "switches   gone", true);
    assert_screen(&sample->model, 80, 50, "worker 2 in it; 1 killed, the last by signal 9; killed", true);
    assert_screen(&sample->model, 120, 36, "4 ended, 2 failed", true);
    assert_screen(&sample->model, 120, 36, "1,089", true);
    assert_screen(&sample->model, 120, 36, "unknown", false);
}

static void memory_is_shared_or_own(void **state)
{
    struct sample *sample = *state;
    assert_screen(&sample->model, 120, 36, "shared: its process has 9.8 MiB", true);
    open_process(sample);
    assert_screen(&sample->model, 80, 50, "2.1 MiB private; 2.5 MiB with its share of what others use", true);
    assert_screen(&sample->model, 120, 36, "primes up to 182048", true);
    sample_loop(sample);
    open_page(sample);
    sample->model.focus = 0;
    assert_screen(&sample->model, 120, 36, "e8 \u00b7 transfer 8 of the event loop in process 4120", true);
    assert_screen(&sample->model, 120, 36, "the one thread of all transfers", true);
}

static void it_says_ready_when_it_has_no_core(void **state)
{
    struct sample *sample = *state;
    open_process(sample);
    sample->tasks[1][1].no_core = true;
    assert_screen(&sample->model, 120, 36, "state      ready, no core.", true);
}

/* The snapshot of another run lies under figures that are not yet taken anew. */
static void nobody_and_jobs_that_are_not_there(void **state)
{
    struct sample *sample = *state;
    sample->model.lanes[0].snap.jobs = 3;
    free(screen_text(&sample->model, 120, 36, false));
    sample->model.lanes[0].selected = 900;
    assert_screen(&sample->model, 120, 36, "Nobody works here", true);
    sample->model.lanes[0].started = false;
    assert_screen(&sample->model, 80, 24, "Nobody works here", true);
}

/* --- scrolling ------------------------------------------------------------------------------------------------ */

/* From the first line to the last one every line is seen, and the last screenful is full. */
static void all_of_it_can_be_seen(void **state)
{
    struct sample *sample = *state;
    static const char *const seen[] = {"state      receiving",
                                       "works on",
                                       "last error",
                                       "WHERE ITS TIME WENT",
                                       "switches",
                                       "p50",
                                       "ITS JOBS",
                                       "no answer",
                                       "5941812"};
    enum { COUNT = sizeof seen / sizeof *seen };
    bool was[COUNT] = {false};
    size_t last = last_top(&sample->model, 60, 20);
    assert_true(last > 10);
    for (sample->model.worker.top = 0; sample->model.worker.top <= last; sample->model.worker.top++) {
        char *text = screen_text(&sample->model, 60, 20, false);
        for (size_t i = 0; i < COUNT; i++) {
            was[i] |= strstr(text, seen[i]) != NULL;
        }
        free(text);
    }
    for (size_t i = 0; i < COUNT; i++) {
        if (!was[i]) {
            fail_msg("%s was never seen", seen[i]);
        }
    }
    sample->model.worker.top = last;
    assert_screen(&sample->model, 60, 20, "Page Up: more", true);
    assert_screen(&sample->model, 60, 20, "5941812", true); /* the oldest is the last line */
}

/* However high the screen and whatever the jobs take, the last screenful ends with the last job, whole, and begins no later than it must. */
static void the_last_screenful_is_full(void **state)
{
    struct sample *sample = *state;
    for (int rows = 16; rows < 40; rows++) {
        size_t last = last_top(&sample->model, 60, rows);
        sample->model.worker.top = last;
        assert_screen(&sample->model, 60, rows, "5941812", true);
        if (last > 0) {
            sample->model.worker.top = last - 1;
            char *text = screen_text(&sample->model, 60, rows, false);
            bool whole = strstr(text, "5941812") != NULL;
            free(text);
            if (whole) {
                fail_msg("%d rows: the last screenful could begin before line %zu", rows, last);
            }
        }
    }
}

/* Of a million jobs no more is looked at than what is shown. */
static void a_million_jobs_are_no_burden(void **state)
{
    enum { JOBS = 1000000 };
    struct sample *sample = *state;
    uint32_t *jobs = calloc(JOBS, sizeof *jobs);
    assert_non_null(jobs);
    for (uint32_t i = 0; i < JOBS; i++) {
        jobs[i] = i % 5;
    }
    sample->model.worker.jobs = jobs;
    sample->model.worker.jobs_count = JOBS;
    size_t last = last_top(&sample->model, 120, 36);
    assert_in_range(last, JOBS - 20, JOBS - 1);
    for (int i = 0; i < 200; i++) { /* would take minutes */
        sample->model.worker.top = last - (size_t)i * 4000;
        free(screen_text(&sample->model, 120, 36, false));
    }
    free(jobs);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(pages_look_as_drawn, begin, end),
        cmocka_unit_test_setup_teardown(every_size_draws, begin, end),
        cmocka_unit_test_setup_teardown(the_whole_error_and_the_whole_url_are_there, begin, end),
        cmocka_unit_test_setup_teardown(untrusted_text_is_made_fit, begin, end),
        cmocka_unit_test_setup_teardown(unknown_is_not_nought, begin, end),
        cmocka_unit_test_setup_teardown(what_is_gone_is_gone_and_its_past_stays, begin, end),
        cmocka_unit_test_setup_teardown(memory_is_shared_or_own, begin, end),
        cmocka_unit_test_setup_teardown(it_says_ready_when_it_has_no_core, begin, end),
        cmocka_unit_test_setup_teardown(nobody_and_jobs_that_are_not_there, begin, end),
        cmocka_unit_test_setup_teardown(all_of_it_can_be_seen, begin, end),
        cmocka_unit_test_setup_teardown(the_last_screenful_is_full, begin, end),
        cmocka_unit_test_setup_teardown(a_million_jobs_are_no_burden, begin, end),
    };
    return cmocka_run_group_tests_name("worker_pane", tests, NULL, NULL);
}
