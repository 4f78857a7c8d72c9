/* test_replay_pane.c - where the playhead stands is on the screen at every size, and the keys are those that move it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/clock.h"
#include "tests/unit/screen_model.h"
#include "tests/unit/screen_text.h"
#include "ui/panes.h"

/* A row of the screen; negative: from below. Valid until the next call. */
static const char *row_of(const struct model *model, int columns, int rows, bool ascii, int row)
{
    static char line[2048];
    char *text = screen_text(model, columns, rows, ascii), *at = text;
    for (int i = row < 0 ? rows + row : row; i > 0 && at; i--)
        at = strchr(at, '\n') ? strchr(at, '\n') + 1 : NULL;
    snprintf(line, sizeof line, "%.*s", at ? (int)strcspn(at, "\n") : 0, at ? at : "");
    free(text);
    return line;
}

static struct sample *paused_sample(void)
{
    struct sample *sample = sample_new();
    sample->model.replay = (struct model_replay){
        .on = true, .paused = true, .at_ns = 2310 * NS_PER_MS, .length_ns = 9810 * NS_PER_MS, .speed = "1"};
    return sample;
}

static void the_top_line_says_where(void **state)
{
    (void)state;
    struct sample *sample = paused_sample();
    static const int sizes[][2] = {{120, 36}, {80, 24}, {60, 30}, {40, 10}};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++)
        assert_non_null(strstr(row_of(&sample->model, sizes[i][0], sizes[i][1], false, 0),
                               "REPLAY \xe2\x80\x96 2.31 of 9.81 s  \xc3\x97"
                               "1"));
    assert_non_null(strstr(row_of(&sample->model, 80, 24, true, 0), "2.31 of 9.81 s  x1"));
    sample->model.replay.paused = false;
    sample->model.replay.rewind = true;
    sample->model.replay.speed = "1/8";
    assert_non_null(strstr(row_of(&sample->model, 80, 24, false, 0), "REWIND \xe2\x96\xb6 2.31 of 9.81 s  \xc3\x97"
                                                                     "1/8"));
    assert_non_null(strstr(row_of(&sample->model, 20, 5, false, 0), "REWIND"));
    row_of(&sample->model, 1, 1, false, 0);
    free(sample);
}

static void the_bar_is_as_long_as_it_has_played(void **state)
{
    (void)state;
    struct sample *sample = paused_sample();
    struct model_replay *replay = &sample->model.replay;
    assert_string_equal(row_of(&sample->model, 80, 24, true, -3),
                        " 0 s ###############=................................................... 9.81 s");
    replay->at_ns = 0;
    assert_null(strchr(row_of(&sample->model, 80, 24, true, -3), '#'));
    replay->at_ns = replay->length_ns;
    replay->damaged = true;
    assert_string_equal(row_of(&sample->model, 80, 24, true, -3),
                        " 0 s #################################################### 9.81 s, damaged there");
    strcpy(sample->model.status, "a key was answered");
    assert_string_equal(row_of(&sample->model, 80, 24, true, -3), " a key was answered");
    free(sample);
}

static void the_keys_are_those_of_the_past(void **state)
{
    (void)state;
    struct sample *sample = paused_sample();
    struct model *model = &sample->model;
    assert_string_equal(
        row_of(model, 120, 36, false, -2),
        " space play   Left Right back, on   < > speed   n N event   Home start   End end   v time   ? help   q quit");
    model->replay.rewind = true;
    model->replay.paused = false;
    assert_string_equal(row_of(model, 120, 36, false, -2), " space pause   Left Right back, on   < > speed   n N event   "
                                                           "Home start   End live   v time   b live   ? help   q quit");
    assert_non_null(strstr(row_of(model, 40, 10, false, -1), "b live"));
    model->replay.on = false;
    assert_non_null(strstr(row_of(model, 120, 36, false, -1), "b back"));
    free(sample);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_top_line_says_where),
        cmocka_unit_test(the_bar_is_as_long_as_it_has_played),
        cmocka_unit_test(the_keys_are_those_of_the_past),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
