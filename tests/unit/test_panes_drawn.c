/* test_panes_drawn.c - whole screens drawn from hand-built models, without a terminal: they look as in their pictures, and any size draws. The
 * pictures lie in tests/golden as text; after a change that is meant, GENERATE=1 writes them anew, and the difference is for a person to read. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "tests/unit/screen_model.h"
#include "tests/unit/screen_text.h"
#include "ui/canvas.h"
#include "ui/panes.h"

/* --- golden screens --------------------------------------------------------------------------------------- */

/* At the four sizes that every pane is looked at. */
static void check_sizes(const struct model *model, const char *name)
{
    static const int sizes[][2] = {{120, 36}, {80, 24}, {60, 30}, {40, 10}};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        char full[64];
        snprintf(full, sizeof full, "%s-%dx%d", name, sizes[i][0], sizes[i][1]);
        check_golden(model, full, sizes[i][0], sizes[i][1], false);
    }
}

static void running_screens_look_as_drawn(void **state)
{
    (void)state;
    struct sample *sample = sample_new();
    check_sizes(&sample->model, "running");
    check_golden(&sample->model, "running-80x24-ascii", 80, 24, true);
    check_golden(&sample->model, "running-20x5", 20, 5, false);
    check_golden(&sample->model, "running-1x1", 1, 1, false);
    free(sample);
}

static void other_screens_look_as_drawn(void **state)
{
    (void)state;
    struct sample *sample = sample_new();
    sample->model.help = true;
    check_sizes(&sample->model, "help");
    sample->model.help = false;
    sample->model.replay = (struct model_replay){
        .on = true, .paused = true, .at_ns = 2310 * NS_PER_MS, .length_ns = 9810 * NS_PER_MS, .speed = "1"};
    check_sizes(&sample->model, "replay");
    sample->model.replay.on = false;
    sample_crowd(sample, 0, 1000);
    check_golden(&sample->model, "crowd-120x36", 120, 36, false);
    check_golden(&sample->model, "crowd-80x24", 80, 24, false);
    free(sample);
    sample = sample_new();
    sample_end(sample);
    check_sizes(&sample->model, "done");
    sample->model.lanes[1].started = false;
    sample->model.results_count = 0;
    check_golden(&sample->model, "unstarted-80x24", 80, 24, false);
    free(sample);
}

static void screens_of_every_way_look_as_drawn(void **state)
{
    (void)state;
    struct sample *sample = sample_new();
    sample_gil(sample);
    check_golden(&sample->model, "gil-120x36", 120, 36, false);
    check_golden(&sample->model, "gil-80x24", 80, 24, false);
    sample_loop(sample);
    check_golden(&sample->model, "loop-120x36", 120, 36, false);
    check_golden(&sample->model, "loop-80x24", 80, 24, false);
    free(sample);
    sample = sample_new();
    struct snapshot *snap = sample_counter(sample, COUNTER_MUTEX);
    check_golden(&sample->model, "counter-120x36", 120, 36, false);
    check_golden(&sample->model, "counter-80x24", 80, 24, false);
    sample_end(sample);
    sample->sets[1].options.counter.lock = COUNTER_NONE;
    snap->runner.outcome_known = 1;
    snap->runner.expected = 1200000000;
    snap->runner.got = 738000123;
    strcpy(sample->model.lanes[1].sentence, "Threads without a lock lost 461,999,877 of 1,200,000,000 adds.");
    check_golden(&sample->model, "counter-done-80x24", 80, 24, false);
    free(sample);
}

static void a_comparison_looks_as_drawn(void **state)
{
    (void)state;
    struct sample *sample = sample_new();
    sample_compare(sample, false);
    check_sizes(&sample->model, "compare");
    check_golden(&sample->model, "compare-80x24-ascii", 80, 24, true);
    sample_compare(sample, true);
    check_golden(&sample->model, "compare-over-120x36", 120, 36, false);
    check_golden(&sample->model, "compare-over-40x10", 40, 10, false);
    free(sample);
}

/* --- any size --------------------------------------------------------------------------------------------- */

static void assert_sound(const struct canvas *canvas)
{
    assert_in_range(canvas->cursor_x, 0, canvas->columns - 1);
    assert_in_range(canvas->cursor_y, 0, canvas->rows - 1);
    for (int y = 0; y < canvas->rows; y++) {
        for (int x = 0; x < canvas->columns; x++) {
            const struct cell *cell = canvas_at(canvas, x, y);
            bool half = cell->glyph == 0 && x > 0 && text_code_columns(canvas_at(canvas, x - 1, y)->glyph) == 2;
            bool shown = cell->glyph >= ' ' && (cell->glyph < 0x7f || (!canvas->ascii && cell->glyph > 0xa0));
            if ((!half && !shown) || cell->role >= ROLE_COUNT || cell->glyph == 0x202e) {
                fail_msg("cell %d,%d of %dx%d: glyph %x role %d", x, y, canvas->columns, canvas->rows, cell->glyph,
                         cell->role);
            }
        }
    }
}

/* Every size from 1x1 on; each canvas is its own allocation, so that a sanitizer sees a cell outside. */
static void sweep(struct model *model, bool ascii, int step)
{
    for (int columns = 1; columns <= 130; columns += step) {
        for (int rows = 1; rows <= 50; rows++) {
            struct canvas canvas = canvas_new(columns, rows, ascii);
            screen_draw(&canvas, model);
            assert_sound(&canvas);
            for (int lane = 0; lane < MODEL_LANES; lane++) {
                assert_in_range(screen_lane_rows(columns, rows, model, lane), 0, rows);
            }
            canvas_free(&canvas);
        }
    }
}

static void every_size_draws(void **state)
{
    (void)state;
    struct sample *sample = sample_new();
    sweep(&sample->model, false, 1);
    sweep(&sample->model, true, 3);
    sample->model.help = true;
    sample->model.help_top = 40;
    sweep(&sample->model, true, 7);
    sample->model.help = false;
    sample_compare(sample, false);
    sweep(&sample->model, false, 7);
    sample_compare(sample, true);
    sweep(&sample->model, true, 9);
    sample->model.view = VIEW_PANES;
    sample_gil(sample);
    sample_loop(sample);
    sweep(&sample->model, false, 7);
    sample_counter(sample, COUNTER_MUTEX);
    sweep(&sample->model, false, 7);
    sample_crowd(sample, 1, 1100);
    sample->model.lanes[1].top = 5000;
    sweep(&sample->model, false, 7);
    sample_end(sample);
    sweep(&sample->model, false, 7);
    sample->model.lanes[0].there = false;
    sample->model.lanes[1].started = false;
    sweep(&sample->model, false, 7);
    free(sample);
}

static void an_empty_model_draws(void **state)
{
    (void)state;
    struct model *model = calloc(1, sizeof *model);
    assert_non_null(model);
    sweep(model, false, 9);
    model->lanes[0].there = model->lanes[1].there = true;
    sweep(model, false, 9);
    free(model);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(running_screens_look_as_drawn),
        cmocka_unit_test(other_screens_look_as_drawn),
        cmocka_unit_test(screens_of_every_way_look_as_drawn),
        cmocka_unit_test(a_comparison_looks_as_drawn),
        cmocka_unit_test(every_size_draws),
        cmocka_unit_test(an_empty_model_draws),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
