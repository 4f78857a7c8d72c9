/* test_filter.c - which workers a typed text takes: by state, by name, by what they work on; and what a lane makes of it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <locale.h>

#include "tests/unit/screen_model.h"
#include "tests/unit/screen_text.h"
#include "ui/lane.h"
#include "ui/panes.h"

static int begin(void **state)
{
    *state = sample_new();
    return 0;
}

static int end(void **state)
{
    free(*state);
    return 0;
}

/* The rows of a lane as names: "t1 t2 ". */
static const char *rows_of(struct sample *sample, int lane, const char *filter)
{
    static char out[512];
    struct model_lane *shown = &sample->model.lanes[lane];
    size_t used = 0;
    filter_set(&shown->filter, filter);
    out[0] = 0;
    for (size_t row = 0; row < lane_rows(shown); row++) {
        size_t slot = lane_row_slot(shown, row);
        assert_int_equal(lane_slot_row(shown, slot), row);
        used += (size_t)snprintf(out + used, sizeof out - used, "%c%zu ", lane_letter(shown->snap.workers[slot].data.kind),
                                 slot + 1);
    }
    return out;
}

static void an_empty_one_takes_everybody(void **state)
{
    assert_string_equal(rows_of(*state, 0, ""), "t1 t2 t3 t4 t5 t6 t7 t8 t9 t10 ");
    assert_string_equal(rows_of(*state, 0, "state:"), "t1 t2 t3 t4 t5 t6 t7 t8 t9 t10 ");
}

static void states_are_found_by_their_words(void **state)
{
    assert_string_equal(rows_of(*state, 0, "receiving"), "t1 t2 t7 t8 t9 ");
    assert_string_equal(rows_of(*state, 0, "recv"), "t1 t2 t7 t8 t9 "); /* the short word */
    assert_string_equal(rows_of(*state, 0, "REC"), "t1 t2 t7 t8 t9 ");
    assert_string_equal(rows_of(*state, 0, "state:wait"), "t4 t5 t10 "); /* "retry wait", too */
    assert_string_equal(rows_of(*state, 0, "no work"), "");
    struct sample *sample = *state;
    sample->workers[0][2].data.phase = PHASE_NO_WORK;
    sample->workers[0][3].data.phase = PHASE_LOCK;
    assert_string_equal(rows_of(*state, 0, "no work"), "t3 ");
    assert_string_equal(rows_of(*state, 0, "idle"), "t3 ");
    assert_string_equal(rows_of(*state, 0, "state:lock"), "t4 ");
}

/* What says of itself that it computes but has no core is ready, and nothing else. */
static void ready_is_what_the_kernel_says(void **state)
{
    struct sample *sample = *state;
    assert_string_equal(rows_of(sample, 1, "ready"), "");
    assert_string_equal(rows_of(sample, 1, "computing"), "p1 p2 p4 ");
    sample->tasks[1][1].no_core = true;
    assert_string_equal(rows_of(sample, 1, "ready"), "p2 ");
    assert_string_equal(rows_of(sample, 1, "no core"), "p2 ");
    assert_string_equal(rows_of(sample, 1, "computing"), "p1 p4 ");
    sample->workers[1][1].data.phase = PHASE_LOCK; /* it waits now; the kernel's word is a tenth of a second old */
    assert_string_equal(rows_of(sample, 1, "ready"), "");
}

static void who_has_gone_is_found_by_how(void **state)
{
    struct sample *sample = *state;
    sample->workers[0][1].alive = sample->workers[0][2].alive = false;
    sample->workers[0][1].data.exit = WORKER_EXIT_KILLED;
    sample->workers[0][2].data.exit = WORKER_EXIT_FINISHED;
    assert_string_equal(rows_of(sample, 0, "dead"), "t2 ");
    assert_string_equal(rows_of(sample, 0, "killed"), "t2 ");
    assert_string_equal(rows_of(sample, 0, "finish"), "t3 ");
    assert_string_equal(rows_of(sample, 0, "receiv"), "t1 t7 t8 t9 ");
}

static void names_and_what_they_work_on(void **state)
{
    struct sample *sample = *state;
    assert_string_equal(rows_of(sample, 0, "t10"), "t10 ");
    assert_string_equal(rows_of(sample, 0, "T1"), "t1 t10 ");
    assert_string_equal(rows_of(sample, 0, "8954ZZ"), "");
    assert_string_equal(rows_of(sample, 0, "389494506"), "t4 ");
    sample->files[8].text = "http://images.example.org/deep/389494506_55bcdc3664_b.jpg";
    assert_string_equal(rows_of(sample, 0, "EXAMPLE.org/deep"), "t4 "); /* only the URL has it */
    assert_string_equal(rows_of(sample, 1, "18204"), "p2 ");            /* a limit */
    assert_string_equal(rows_of(sample, 1, "p3"), "p3 ");
    sample->workers[0][3].data.job = 0;
    assert_string_equal(rows_of(sample, 0, "389494506"), "");
    sample->workers[0][3].data.job = 100000; /* no such job */
    assert_string_equal(rows_of(sample, 0, "389494506"), "");
}

static void a_prefix_says_where_to_look(void **state)
{
    struct sample *sample = *state;
    sample->files[5].name = "waiting-room.jpg"; /* of t1, which receives */
    assert_string_equal(rows_of(sample, 0, "waiting"), "t1 t4 t5 ");
    assert_string_equal(rows_of(sample, 0, "State:waiting"), "t4 t5 ");
    assert_string_equal(rows_of(sample, 0, "text:waiting"), "t1 ");
}

/* The name has a writing of its own; a capital is as good as a small letter in any script that has them. */
static void other_scripts(void **state)
{
    struct sample *sample = *state;
    sample->files[5].name = "\xe5\x86\x99\xe7\x9c\x9f.jpg";
    sample->files[6].name = "\xc3\x84rger.jpg"; /* Ärger */
    assert_string_equal(rows_of(sample, 0, "\xe7\x9c\x9f"), "t1 ");
    assert_string_equal(rows_of(sample, 0, "\xc3\x84rg"), "t2 ");
    if (setlocale(LC_CTYPE, "C.UTF-8")) {
        assert_string_equal(rows_of(sample, 0, "\xc3\xa4RG"), "t2 ");
    }
    sample->files[6].name = "\xff\xfe.jpg"; /* no UTF-8: no part of a character is found, and nothing is read past the end */
    assert_string_equal(rows_of(sample, 0, "\xe7"), "t2 ");
    assert_string_equal(rows_of(sample, 0, "\xe7\x9c\x9f.jpgx"), "");
}

static void it_is_typed_and_erased_in_characters(void **state)
{
    (void)state;
    struct filter filter = {.text = ""};
    assert_true(filter_append(&filter, 'a'));
    assert_true(filter_append(&filter, 0x5199));
    assert_true(filter_append(&filter, 0x1f600));
    assert_string_equal(filter.text, "a\xe5\x86\x99\xf0\x9f\x98\x80");
    assert_int_equal(filter.wanted_count, 3);
    assert_true(filter_erase(&filter));
    assert_true(filter_erase(&filter));
    assert_string_equal(filter.text, "a");
    assert_true(filter_erase(&filter));
    assert_false(filter_erase(&filter));
    assert_int_equal(filter.wanted_count, 0);
    size_t count = 0;
    while (filter_append(&filter, 0x5199)) {
        count++;
    }
    assert_int_equal(count, (FILTER_BYTES - 1) / 3);
    assert_int_equal(strlen(filter.text) % 3, 0);
    filter_set(&filter, "0123456789012345678901234567890123456789012345678901234567890\xe5\x86\x99");
    assert_int_equal(strlen(filter.text), 61); /* never half of a character */
}

/* --- what a lane makes of it ------------------------------------------------------------------------------- */

/* The screen as text, to be freed, and its canvas for the next one: what is found out while it is drawn stays in the model. */
static char *drawn(const struct model *model, int columns, int rows, struct canvas *canvas)
{
    assert_int_equal(canvas_resize(canvas, columns, rows), 0);
    screen_draw(canvas, model);
    return text_of(canvas);
}

static void a_lane_says_how_many_it_took(void **state)
{
    struct sample *sample = *state;
    struct model *model = &sample->model;
    filter_set(&model->lanes[0].filter, "rec");
    assert_screen(model, 120, 36, " filter \"rec\": 5 of 10 workers ", true);
    assert_screen(model, 120, 36, "keys act here", true);
    assert_screen(model, 80, 24, "\"rec\": 5 of 10 workers ", true);
    assert_screen(model, 120, 36, "\u2502 t7  2", true);
    assert_screen(model, 120, 36, "\u2502 t4  3", false); /* in the picture of time it stays */
    assert_screen(model, 120, 36, "\u2502 p1 ", true);    /* the other lane has its own */
    filter_set(&model->lanes[0].filter, "zzz");
    assert_screen(model, 120, 36, "filter \"zzz\": 0 of 10 workers", true);
    filter_set(&model->lanes[0].filter, "\x1b[31m");
    assert_screen(model, 120, 36, "filter \"\\x1B[31m\": 0 of 10", true);
}

static void the_strip_dims_the_others(void **state)
{
    struct sample *sample = *state;
    struct model *model = &sample->model;
    struct canvas canvas = {.ascii = false};
    sample_crowd(sample, 0, 1000);
    filter_set(&model->lanes[0].filter, "receiving");
    free(drawn(model, 120, 36, &canvas));
    for (int x = 2; x < 2 + 15; x++) {
        bool receives = sample->workers[0][x - 2].data.phase == PHASE_RECEIVING;
        assert_int_equal(canvas_at(&canvas, x, 3)->glyph, receives ? 'R' : 0xb7);
        assert_int_equal(canvas_at(&canvas, x, 3)->role, x - 2 == 1 ? ROLE_TEXT : receives ? ROLE_RECEIVING : ROLE_DIM);
    }
    canvas.ascii = true;
    free(drawn(model, 120, 36, &canvas));
    assert_int_equal(canvas_at(&canvas, 2, 3)->glyph, '.');
    canvas_free(&canvas);
    assert_screen(model, 120, 36, "filter \"receiving\": 63 of 1000", true);
}

/* It keeps its number while others come and go, and no row is marked when it has none. */
static void the_selected_worker_stays_selected(void **state)
{
    struct sample *sample = *state;
    struct model *model = &sample->model;
    struct canvas canvas = {.ascii = false};
    model->lanes[0].selected = 6; /* t7 receives */
    filter_set(&model->lanes[0].filter, "receiving");
    free(drawn(model, 120, 36, &canvas));
    assert_int_equal(canvas.cursor_y, 4); /* the third of them */
    assert_true(canvas_at(&canvas, 2, 4)->reverse);
    filter_set(&model->lanes[0].filter, "writing");
    free(drawn(model, 120, 36, &canvas));
    assert_false(canvas_at(&canvas, 2, 2)->reverse);
    assert_int_equal(model->lanes[0].selected, 6);
    assert_int_equal(lane_rows_before(&model->lanes[0], 6), 1);
    assert_true(lane_slot_row(&model->lanes[0], 6) == SIZE_MAX);
    canvas_free(&canvas);
}

/* What was said once for the frame counts, not what is so by now. */
static void marks_are_believed(void **state)
{
    struct sample *sample = *state;
    static const unsigned char marks[10] = {MARK_NOBODY, MARK_HIDDEN, MARK_ROW, MARK_ROW};
    sample->model.lanes[0].marks = marks;
    assert_int_equal(lane_rows(&sample->model.lanes[0]), 2);
    assert_int_equal(lane_rows_unfiltered(&sample->model.lanes[0]), 3);
    assert_int_equal(lane_row_slot(&sample->model.lanes[0], 1), 3);
}

/* --- counts by state ----------------------------------------------------------------------------------------- */

/* The figures of a line "412 receiving · 60 waiting". */
static size_t sum_of(const char *line)
{
    size_t sum = 0;
    for (char *at = (char *)line; *at && *at != '\n';) {
        bool figure = *at >= '0' && *at <= '9';
        sum += figure ? strtoul(at, &at, 10) : 0;
        at += !figure;
    }
    return sum;
}

static void counts_sum_to_the_workers_held(void **state)
{
    struct sample *sample = *state;
    struct model *model = &sample->model;
    sample_crowd(sample, 0, 1000);
    for (size_t slot = 0; slot < 1000; slot += 3) {
        sample->workers[0][slot].data.phase = PHASE_RECEIVING;
    }
    for (size_t slot = 1; slot < 1000; slot += 10) {
        sample->workers[0][slot].data.phase = PHASE_COMPUTING;
        sample->tasks[0][slot].no_core = true;
    }
    for (size_t slot = 990; slot < 1000; slot++) {
        sample->workers[0][slot].alive = false; /* is not held */
    }
    sample_figures(sample);
    for (int columns = 80; columns <= 200; columns += 40) {
        struct canvas canvas = {.ascii = false};
        char *text = drawn(model, columns, 36, &canvas), *line = text;
        for (int row = 0; row < 2; row++) {
            line = strchr(line, '\n') + 1;
        }
        *strstr(line, "\u2502\u2502") = 0;
        if (sum_of(line) != 990) {
            fail_msg("%zu are not 990: %s", sum_of(line), line);
        }
        assert_non_null(strstr(line, " recv \u00b7 99 ready \u00b7 ")); /* most first, ready apart */
        free(text);
        canvas_free(&canvas);
    }
    assert_int_equal(model->lanes[0].counts.ready, 99);
}

static void the_strip_shows_who_has_no_core(void **state)
{
    struct sample *sample = *state;
    struct canvas canvas = {.ascii = false};
    sample_crowd(sample, 0, 300);
    sample->workers[0][4].data.phase = PHASE_COMPUTING;
    sample->tasks[0][4].no_core = true;
    free(drawn(&sample->model, 120, 36, &canvas));
    assert_int_equal(canvas_at(&canvas, 2 + 4, 3)->glyph, 'r');
    assert_int_equal(canvas_at(&canvas, 2 + 4, 3)->role, ROLE_READY);
    canvas_free(&canvas);
}

/* With more cells than there is room for, that of the selected worker is among those shown. */
static void the_strip_follows_the_selection(void **state)
{
    struct sample *sample = *state;
    struct model *model = &sample->model;
    sample_crowd(sample, 0, 1000);
    assert_screen(model, 80, 24, " and 856 more", true);
    model->lanes[0].selected = 700;
    assert_screen(model, 80, 24, " 577\u2013720 of 1000", true);
    model->focus = 1;
    assert_screen(model, 80, 24, " and 856 more", true);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(an_empty_one_takes_everybody, begin, end),
        cmocka_unit_test_setup_teardown(states_are_found_by_their_words, begin, end),
        cmocka_unit_test_setup_teardown(ready_is_what_the_kernel_says, begin, end),
        cmocka_unit_test_setup_teardown(who_has_gone_is_found_by_how, begin, end),
        cmocka_unit_test_setup_teardown(names_and_what_they_work_on, begin, end),
        cmocka_unit_test_setup_teardown(a_prefix_says_where_to_look, begin, end),
        cmocka_unit_test_setup_teardown(other_scripts, begin, end),
        cmocka_unit_test(it_is_typed_and_erased_in_characters),
        cmocka_unit_test_setup_teardown(a_lane_says_how_many_it_took, begin, end),
        cmocka_unit_test_setup_teardown(the_strip_dims_the_others, begin, end),
        cmocka_unit_test_setup_teardown(the_selected_worker_stays_selected, begin, end),
        cmocka_unit_test_setup_teardown(marks_are_believed, begin, end),
        cmocka_unit_test_setup_teardown(counts_sum_to_the_workers_held, begin, end),
        cmocka_unit_test_setup_teardown(the_strip_shows_who_has_no_core, begin, end),
        cmocka_unit_test_setup_teardown(the_strip_follows_the_selection, begin, end),
    };
    return cmocka_run_group_tests_name("filter", tests, NULL, NULL);
}
