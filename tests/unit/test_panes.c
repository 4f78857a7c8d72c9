/* test_panes.c - what whole screens say, drawn from hand-built models without a terminal; their help, and what drawing them costs. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "tests/unit/screen_model.h"
#include "tests/unit/screen_text.h"
#include "ui/canvas.h"
#include "ui/help.h"
#include "ui/lane.h"
#include "ui/layout.h"
#include "ui/pane.h"
#include "ui/panes.h"

/* --- what is said ------------------------------------------------------------------------------------------- */

static void nothing_unknown_reads_as_nought(void **state)
{
    (void)state;
    struct sample *sample = sample_new();
    struct model *model = &sample->model;
    model->processes = 0;
    model->load.busy[1] = -1;
    model->lanes[0].snap.memory = (struct memory_figures){.processes = 0};
    model->lanes[0].snap.left_s = -1;
    model->lanes[1].snap.executing = SIZE_MAX;
    model->lanes[1].tasks = NULL;
    sample_figures(sample);
    assert_shows(model, 160, 40, "processes unknown");
    assert_shows(model, 160, 40, "memory unknown");
    assert_shows(model, 200, 40, "time left unknown");
    assert_shows(model, 160, 40, "executing unknown");
    assert_shows(model, 160, 40, "core \u2013");
    assert_lacks(model, 160, 40, "0 B");
    free(sample);
}

static void untrusted_text_is_made_fit(void **state)
{
    (void)state;
    struct sample *sample = sample_new();
    sample->workers[0][0].data.job = 18; /* the one with an escape sequence in its name */
    sample->model.lanes[0].snap.problem = "broken \x1b]52;c;\x07 by \xe2\x80\xae it";
    strcpy(sample->model.status, "\x1b[2J\x9b\xff");
    assert_shows(&sample->model, 200, 40, "evil\\x1B[31m");
    assert_shows(&sample->model, 120, 40, "broken \\x1B]52;c;");
    for (int columns = 1; columns < 140; columns++) {
        char *text = screen_text(&sample->model, columns, 30, false);
        assert_null(strchr(text, '\x1b'));
        assert_null(strstr(text, "\xe2\x80\xae"));
        free(text);
    }
    free(sample);
}

static void a_failed_job_says_why(void **state)
{
    (void)state;
    struct sample *sample = sample_new();
    sample->model.lanes[0].snap.failed = 1;
    sample->jobs[0][3].word.state = JOB_FAILED;
    strcpy(sample->jobs[0][3].result.note, "HTTP 404");
    assert_shows(&sample->model, 120, 36, "1 failed");
    assert_shows(&sample->model, 120, 36, "8238430093_eb19b654e0_b.jpg: HTTP 404");
    assert_shows(&sample->model, 80, 24, "1 failed");
    assert_shows(&sample->model, 40, 10, "1 failed");
    strcpy(sample->jobs[0][3].result.note, "8238430093_eb19b654e0_b.jpg: is a folder");
    assert_shows(&sample->model, 120, 36, "8238430093_eb19b654e0_b.jpg: is a folder");
    assert_lacks(&sample->model, 120, 36, "8238430093_eb19b654e0_b.jpg: 8238430093");
    free(sample);
}

static void a_dead_worker_shows_as_dead(void **state)
{
    (void)state;
    struct sample *sample = sample_new();
    struct worker_snapshot *worker = &sample->workers[1][2];
    worker->alive = false;
    worker->data.exit = WORKER_EXIT_KILLED;
    worker->data.exit_signal = 9;
    worker->data.killed = 1;
    sample->model.lanes[1].snap.killed = 1;
    assert_shows(&sample->model, 120, 36, "dead       sig 9");
    assert_shows(&sample->model, 120, 36, "1 killed");
    assert_shows(&sample->model, 80, 24, "dead");
    worker->alive = true; /* its successor */
    worker->data.exit = WORKER_EXIT_NONE;
    worker->data.died_ns = sample->model.lanes[1].snap.now_ns - NS_PER_S;
    assert_shows(&sample->model, 120, 36, "multiply   new");
    worker->data.died_ns = NS_PER_MS;
    assert_lacks(&sample->model, 120, 36, "multiply   new");
    free(sample);
}

static void keys_show_their_values(void **state)
{
    (void)state;
    struct sample *sample = sample_new();
    struct model *model = &sample->model;
    assert_shows(model, 80, 24, "t/T threads 10");
    assert_shows(model, 80, 24, "p/P processes 4");
    assert_shows(model, 80, 24, "server 500 ms");
    assert_shows(model, 80, 24, "space pause");
    model->lanes[0].snap.state = RUN_PAUSED;
    assert_shows(model, 80, 24, "space go on");
    model->lanes[1].snap.executor = (struct executor){.how = HOW_THREAD_POOL, .width = 7};
    assert_int_equal(lane_of_backend(model, BACKEND_PROCESS), -1);
    assert_int_equal(lane_of_backend(model, BACKEND_THREAD), 0);
    assert_lacks(model, 80, 24, "p/P");
    model->focus = 1;
    assert_shows(model, 80, 24, "t/T threads 7");
    model->lanes[1].snap.executor = (struct executor){.how = HOW_SEQUENTIAL, .width = 1};
    assert_shows(model, 80, 24,
                 "t/T threads 10"); /* sequential has no width to change, so the keys change the other lane's */
    strcpy(model->typed, "25");
    assert_shows(model, 80, 24, "workers: 25_");
    free(sample);
}

static void the_limit_that_decides_is_named(void **state)
{
    (void)state;
    struct sample *sample = sample_new();
    struct usable_cores *cores = &sample->model.cores;
    assert_lacks(&sample->model, 120, 36, "usable");
    *cores = (struct usable_cores){.count = 2, .online = 8, .affinity = 2, .quota = -1};
    assert_shows(&sample->model, 120, 36, "2 of 8 cores usable: affinity");
    assert_shows(&sample->model, 80, 24, "2 of 8 cores");
    *cores = (struct usable_cores){.count = 2, .online = 8, .affinity = 8, .quota = 1.5};
    assert_shows(&sample->model, 120, 36, "2 of 8 cores usable: quota 1.5");
    assert_shows(&sample->model, 80, 24, "quota 1.5 cores");
    cores->online = cores->affinity = 2; /* two of two, but not all of their time */
    assert_shows(&sample->model, 120, 36, "2 of 2 cores usable: quota 1.5");
    free(sample);
}

/* Twenty processes on two cores: held is not executing. */
static void held_is_not_executing(void **state)
{
    (void)state;
    struct sample *sample = sample_new();
    sample_crowd(sample, 1, 20);
    for (size_t slot = 0; slot < 20; slot++) {
        sample->workers[1][slot].data.phase = PHASE_COMPUTING;
        sample->tasks[1][slot] = (struct task_state){.letter = 'R', .core = (int)slot % 2, .no_core = slot >= 2};
    }
    sample_figures(sample);
    assert_shows(&sample->model, 120, 36, "20 held, 2 executing \u00b7 18 want a core");
    assert_shows(&sample->model, 80, 24, "20 held, 2 executing");
    sample->tasks[1][7].no_core = false;
    sample->model.lanes[1].snap.executing = 3;
    sample_figures(sample);
    assert_shows(&sample->model, 120, 36, "20 held, 3 executing \u00b7 17 want a core");
    free(sample);
}

static void memory_is_shared_or_own(void **state)
{
    (void)state;
    struct sample *sample = sample_new();
    struct memory_figures *memory = &sample->model.lanes[1].snap.memory;
    assert_shows(&sample->model, 120, 36, "10 threads share 9.8 MiB");
    assert_shows(&sample->model, 120, 36, "4 processes: 2.1 MiB each, 1.3 MiB shared, 9.7 MiB total");
    assert_shows(&sample->model, 160, 36, "4 processes: 2.1 MiB each of their own, 1.3 MiB shared, 9.7 MiB together");
    memory->estimated = true;
    assert_shows(&sample->model, 170, 36, "4 processes: about 2.1 MiB each of their own");
    memory->worker_bytes = 0; /* none was weighed yet */
    assert_shows(&sample->model, 160, 36, "4 processes: about 9.7 MiB together");
    *memory = (struct memory_figures){.processes = 0};
    assert_shows(&sample->model, 160, 36, "4 processes \u00b7 memory unknown");
    sample_loop(sample);
    assert_shows(&sample->model, 120, 36, "10 transfers in 1 thread, which has 9.8 MiB");
    free(sample);
}

static void the_holder_is_marked_and_waiting_is_timed(void **state)
{
    (void)state;
    struct sample *sample = sample_new();
    struct snapshot *snap = sample_gil(sample);
    assert_shows(&sample->model, 120, 36, "t1 \u25cf");
    assert_shows(&sample->model, 120, 36, "computing  holds it");
    assert_shows(&sample->model, 120, 36, "wants GIL  16 ms");
    assert_shows(&sample->model, 160, 36, "GIL: t1 holds it \u00b7 3 wait \u00b7 held 97 % of the time \u00b7 812 switches");
    assert_shows(&sample->model, 80, 24, "GIL 16 ms");
    snap->gil.holder = 3;
    sample_figures(sample);
    assert_shows(&sample->model, 160, 36, "GIL: t3 holds it");
    assert_lacks(&sample->model, 120, 36, "t1 \u25cf");
    snap->gil.holder = 0;
    sample_figures(sample);
    assert_shows(&sample->model, 160, 36, "GIL: nobody holds it");
    snap->gil.holder = 77; /* nobody sits there */
    sample_figures(sample);
    assert_shows(&sample->model, 160, 36, "GIL: nobody holds it");
    static struct model_percent percents[4]; /* five times a second at most */
    percents[3].waited_ns = 9 * NS_PER_MS;
    sample->model.lanes[1].percents = percents;
    assert_shows(&sample->model, 120, 36, "wants GIL  9 ms");
    snap->executor.gil = false;
    assert_lacks(&sample->model, 160, 36, "GIL: ");
    free(sample);
}

static void the_winner_is_named_when_there_is_one(void **state)
{
    (void)state;
    struct sample *sample = sample_new();
    sample_compare(sample, false);
    assert_lacks(&sample->model, 120, 36, "* thread-pool:4");
    assert_shows(&sample->model, 120, 36, "\u25b6 process-batch:4");
    sample_compare(sample, true);
    assert_shows(&sample->model, 120, 36, "* thread-pool:4");
    assert_shows(&sample->model, 120, 36, "thread-pool:4 won");
    sample->lines[4].winner = false;
    sample->model.compare.view.verdict[0] = '\0';
    sample->model.compare.view.stopped = true;
    assert_lacks(&sample->model, 120, 36, "* thread-pool:4");
    assert_shows(&sample->model, 120, 36, "Stopped before its end");
    strcpy(sample->lines[7].problem, "not so many processes");
    assert_shows(&sample->model, 120, 36, "! process-batch:4");
    assert_shows(&sample->model, 120, 36, "process-batch:4: not so many processes");
    free(sample);
}

/* Up and Down go through lines that do not fit. */
static void lines_of_a_comparison_scroll(void **state)
{
    (void)state;
    struct sample *sample = sample_new();
    sample_compare(sample, false);
    assert_lacks(&sample->model, 40, 10, "sequential");
    sample->model.compare.top = 0;
    assert_shows(&sample->model, 40, 10, "sequential");
    assert_lacks(&sample->model, 40, 10, "process-batch");
    sample->model.compare.top = 1000;
    assert_shows(&sample->model, 40, 10, "process-batch");
    free(sample);
}

static void the_selected_row_has_the_cursor(void **state)
{
    (void)state;
    struct sample *sample = sample_new();
    struct canvas canvas = canvas_new(80, 24, false);
    sample->model.focus = 1;
    sample->model.lanes[1].selected = 2;
    screen_draw(&canvas, &sample->model);
    assert_int_equal(canvas.cursor_y, 4);
    assert_int_equal(canvas_at(&canvas, canvas.cursor_x, canvas.cursor_y)->glyph, 'p');
    assert_true(canvas_at(&canvas, canvas.cursor_x, canvas.cursor_y)->reverse);
    assert_false(canvas_at(&canvas, 2, 3)->reverse); /* the other lane's selection keeps quiet */
    canvas_free(&canvas);
    free(sample);
}

static void rows_scroll_and_name_their_workers(void **state)
{
    (void)state;
    struct sample *sample = sample_new();
    struct model_lane *lane = &sample->model.lanes[0];
    sample_crowd(sample, 0, 300);
    int shown = screen_lane_rows(80, 24, &sample->model, 0);
    assert_in_range(shown, 1, 15);
    lane->top = 100;
    assert_shows(&sample->model, 80, 24, "\u2502 t101 ");
    lane->top = 100000;
    assert_shows(&sample->model, 80, 24, "\u2502 t300 ");
    sample->workers[0][4].alive = sample->workers[0][4].used = false;
    assert_int_equal(lane_rows(lane), 299);
    assert_int_equal(lane_row_slot(lane, 4), 5);
    assert_int_equal(lane_slot_row(lane, 5), 4);
    assert_true(lane_slot_row(lane, 4) == SIZE_MAX);
    assert_true(lane_row_slot(lane, 299) == SIZE_MAX);
    free(sample);
}

static void a_smaller_pool_drops_the_rows_of_those_who_left(void **state)
{
    (void)state;
    struct sample *sample = sample_new();
    struct model_lane *lane = &sample->model.lanes[0];
    lane->snap.executor.width = 3;
    for (size_t slot = 3; slot < 9; slot++) {
        sample->workers[0][slot].alive = false;
        sample->workers[0][slot].data.exit = WORKER_EXIT_LEFT;
    }
    assert_int_equal(lane_rows(lane), 4);
    assert_int_equal(lane_row_slot(lane, 3), 9); /* still has a job in hand */
    lane->snap.state = RUN_DONE;
    assert_int_equal(lane_rows(lane), 10);
    free(sample);
}

static void one_kind_of_work_has_all_the_room(void **state)
{
    (void)state;
    struct sample *sample = sample_new();
    sample->model.lanes[1].there = false;
    struct layout layout = layout_of(80, 24, &sample->model);
    assert_int_equal(layout.lanes[0].columns, 80);
    assert_int_equal(layout.lanes[1].rows, 0);
    assert_lacks(&sample->model, 80, 24, "PRIMES");
    assert_lacks(&sample->model, 80, 24, "Tab");
    free(sample);
}

static void no_word_is_cut(void **state)
{
    (void)state;
    struct sample *sample = sample_new();
    for (int p = PHASE_STARTING; p <= PHASE_PAUSED; p++) {
        sample->workers[0][0].data.phase = (uint64_t)p;
        sample->workers[0][0].data.attempt = 1;
        char word[32], brief[32];
        snprintf(word, sizeof word, " %s ", phase_word((enum phase)p));
        snprintf(brief, sizeof brief, " %s ", phase_word_short((enum phase)p));
        assert_shows(&sample->model, 120, 36, word);
        assert_shows(&sample->model, 80, 24, word);
        sample_crowd(sample, 0, 3);
        sample->model.lanes[0].snap.slots = 1100; /* wide numbers leave room for the short word only */
        sample->workers[0][0].data.phase = (uint64_t)p;
        assert_shows(&sample->model, 80, 24, brief);
        sample->model.lanes[0].snap.slots = 10;
    }
    free(sample);
}

/* --- help ----------------------------------------------------------------------------------------------------- */

/* All of the help as one text with single blanks, so that a sentence is found wherever its lines break. */
static char *help_text(void)
{
    struct sample *sample = sample_new();
    sample->model.help = true;
    char *text = screen_text(&sample->model, 300, (int)screen_help_lines(300) + 2, false);
    free(sample);
    return text;
}

static void help_explains_every_phase_and_role(void **state)
{
    (void)state;
    char *text = help_text();
    for (int p = PHASE_STARTING; p < PHASE_COUNT; p++) {
        assert_non_null(strstr(text, phase_word((enum phase)p)));
        assert_non_null(strstr(text, phase_word_short((enum phase)p)));
        assert_non_null(strstr(text, phase_sentence((enum phase)p)));
    }
    for (int role = 0; role < ROLE_COUNT; role++) {
        assert_true(strlen(help_role_sentence((enum role)role)) > 5);
        assert_non_null(strstr(text, help_role_sentence((enum role)role)));
    }
    static const char *const words[] = {"t T",      "p P",           "- +",      "Tab",      "s S",
                                        "l ",       "space",         "n ",       "r ",       "x ",
                                        "< >",      "Up Down",       "q ",       "speed-up", "of possible",
                                        "changed",  "held",          "core",     "finished", "stopped",
                                        "MiB/s",    "0 ... 9 Enter", "g ",       "c ",       "counter",
                                        "holds it", "want a core",   "switches", "effic.",   "possible",
                                        "no diff.", "own, shared"};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        assert_non_null(strstr(text, words[i]));
    }
    free(text);
}

static void help_scrolls_to_its_last_line_and_no_further(void **state)
{
    (void)state;
    struct sample *sample = sample_new();
    sample->model.help = true;
    assert_lacks(&sample->model, 80, 24, help_role_sentence(ROLE_FAILED));
    sample->model.help_top = 1000000;
    assert_shows(&sample->model, 80, 24, help_role_sentence(ROLE_FAILED));
    assert_true(screen_help_lines(40) > screen_help_lines(120));
    free(sample);
}

/* --- cost ------------------------------------------------------------------------------------------------------- */

static double draw_ms(const struct model *model, int columns, int rows)
{
    struct timespec from, to;
    struct canvas canvas = canvas_new(columns, rows, false);
    enum { TIMES = 50 };
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &from);
    for (int i = 0; i < TIMES; i++) {
        screen_draw(&canvas, model);
    }
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &to);
    canvas_free(&canvas);
    return ((double)(to.tv_sec - from.tv_sec) * 1e3 + (double)(to.tv_nsec - from.tv_nsec) / 1e6) / TIMES;
}

/* Measured 0.06 and 0.08 ms; the limits leave room for sanitizers and a busy machine. */
static void drawing_is_cheap(void **state)
{
    (void)state;
    const char *sanitizer = getenv("JUGGLER_SAN");
    if (sanitizer && strcmp(sanitizer, "valgrind") == 0) {
        skip(); /* it makes everything thirty times as slow */
    }
    struct sample *sample = sample_new();
    assert_true(draw_ms(&sample->model, 120, 40) < 2);
    sample_crowd(sample, 0, 1000);
    assert_true(draw_ms(&sample->model, 120, 40) < 4);
    free(sample);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_unknown_reads_as_nought),
        cmocka_unit_test(untrusted_text_is_made_fit),
        cmocka_unit_test(a_failed_job_says_why),
        cmocka_unit_test(a_dead_worker_shows_as_dead),
        cmocka_unit_test(keys_show_their_values),
        cmocka_unit_test(the_limit_that_decides_is_named),
        cmocka_unit_test(held_is_not_executing),
        cmocka_unit_test(memory_is_shared_or_own),
        cmocka_unit_test(the_holder_is_marked_and_waiting_is_timed),
        cmocka_unit_test(the_winner_is_named_when_there_is_one),
        cmocka_unit_test(lines_of_a_comparison_scroll),
        cmocka_unit_test(the_selected_row_has_the_cursor),
        cmocka_unit_test(rows_scroll_and_name_their_workers),
        cmocka_unit_test(a_smaller_pool_drops_the_rows_of_those_who_left),
        cmocka_unit_test(one_kind_of_work_has_all_the_room),
        cmocka_unit_test(no_word_is_cut),
        cmocka_unit_test(help_explains_every_phase_and_role),
        cmocka_unit_test(help_scrolls_to_its_last_line_and_no_further),
        cmocka_unit_test(drawing_is_cheap),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
