/* test_account_pane.c - where the time went, worker by worker: the view of the key w, and a lane's line of it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "tests/unit/screen_model.h"
#include "tests/unit/screen_text.h"
#include "ui/canvas.h"
#include "ui/panes.h"

/* --- golden screens ------------------------------------------------------------------------------- */

static struct sample *sample_of_time(void)
{
    struct sample *sample = sample_new();
    sample->model.view = VIEW_ACCOUNT;
    return sample;
}

static void the_view_looks_as_drawn(void **state)
{
    (void)state;
    struct sample *sample = sample_of_time();
    check_golden(&sample->model, "account-120x36", 120, 36, false);
    check_golden(&sample->model, "account-80x24", 80, 24, false);
    check_golden(&sample->model, "account-80x24-ascii", 80, 24, true);
    check_golden(&sample->model, "account-60x30", 60, 30, false);
    check_golden(&sample->model, "account-40x10", 40, 10, false);
    sample_crowd(sample, 0, 1000);
    sample->model.lanes[0].selected = sample->model.lanes[0].top = 499;
    check_golden(&sample->model, "account-crowd-80x24", 80, 24, false);
    free(sample);
}

/* --- figures -------------------------------------------------------------------------------------- */

/* The sample's threads: 1.9 s settled, 1.1 s since, of which the held figures are as old as the last fifth of a second. */
static void figures_are_of_the_worker_in_the_row(void **state)
{
    (void)state;
    struct sample *sample = sample_of_time();
    struct slot_data *data = &sample->workers[0][1].data;
    data->account_ns[ACCOUNT_IO] = 12400 * NS_PER_MS;
    data->account_ns[ACCOUNT_LOCK] = 700 * NS_PER_MS;
    data->account_upto_ns = UINT64_MAX; /* all of it is settled */
    assert_shows(&sample->model, 120, 36, "<0.1 s      0.0 s     12.4 s      0.7 s      0.0 s      0.1 s  13.2 s");
    assert_shows(&sample->model, 80, 24, "<1 %     0 %    94 %     5 %     0 %     1 %  13.2 s");
    assert_lacks(&sample->model, 80, 24, "12.4 s");
    free(sample);
}

static void all_is_the_sum_in_both_units(void **state)
{
    (void)state;
    struct sample *sample = sample_of_time();
    for (size_t slot = 0; slot < 4; slot++) { /* each has a fourth of it */
        struct slot_data *data = &sample->workers[1][slot].data;
        memcpy(data->account_ns, (uint64_t[ACCOUNT_COLUMNS]){7500 * NS_PER_MS, 12500 * NS_PER_MS, 5 * NS_PER_S},
               sizeof data->account_ns);
        data->account_upto_ns = sample->model.lanes[1].snap.now_ns;
        data->ready_known = 1;
    }
    assert_shows(&sample->model, 120, 36, "30 %       50 %       20 %        0 %        0 %        0 % 100.0 s");
    assert_shows(&sample->model, 120, 36, "30.0 s     50.0 s     20.0 s      0.0 s      0.0 s      0.0 s");
    assert_shows(&sample->model, 80, 24, "30.0 s  50.0 s  20.0 s   0.0 s   0.0 s   0.0 s");
    free(sample);
}

static void what_is_not_known_is_no_nought(void **state)
{
    (void)state;
    struct sample *sample = sample_of_time();
    for (size_t slot = 0; slot < 10; slot++)
        sample->workers[0][slot].data.ready_known = 0;
    sample_figures(sample);
    assert_shows(&sample->model, 120, 36, "4 %          –       93 %");
    assert_shows(&sample->model, 120, 36, "<0.1 s          –      2.9 s");
    assert_shows(&sample->model, 40, 10, " –  ");
    sample->model.view = VIEW_PANES;
    assert_shows(&sample->model, 160, 36, "ready –");
    free(sample);
}

static void the_end_stays(void **state)
{
    (void)state;
    struct sample *sample = sample_of_time();
    sample_end(sample);
    assert_shows(&sample->model, 120, 36, "t10 ");
    assert_shows(&sample->model, 120, 36, "1.8 s");
    free(sample);
}

/* --- rows ----------------------------------------------------------------------------------------- */

static void a_thousand_workers_scroll(void **state)
{
    (void)state;
    struct sample *sample = sample_of_time();
    struct model_lane *lane = &sample->model.lanes[0];
    sample_crowd(sample, 0, 1000);
    lane->selected = lane->top = 0;
    assert_shows(&sample->model, 80, 24, "│ t1 ");
    assert_shows(&sample->model, 80, 24, " of 1000 workers");
    assert_shows(&sample->model, 80, 24, "│ p4 "); /* and the few of the other lane are there, too */
    lane->selected = 999;                          /* it comes into sight wherever the lane's rows were */
    assert_shows(&sample->model, 80, 24, "│ t1000 ");
    lane->top = 600;
    lane->selected = 602;
    assert_shows(&sample->model, 80, 24, "│ t601 ");
    assert_shows(&sample->model, 80, 24, "│ t603 ");
    assert_in_range(screen_lane_rows(80, 24, &sample->model, 0), 3, 10);
    assert_in_range(screen_lane_rows(80, 24, &sample->model, 1), 4, 6);
    free(sample);
}

static void the_selected_row_has_the_cursor(void **state)
{
    (void)state;
    struct sample *sample = sample_of_time();
    struct canvas canvas = {.ascii = false};
    assert_int_equal(canvas_resize(&canvas, 120, 36), 0);
    sample->model.focus = 1;
    sample->model.lanes[1].selected = 2;
    screen_draw(&canvas, &sample->model);
    assert_int_equal(canvas_at(&canvas, canvas.cursor_x, canvas.cursor_y)->glyph, 'p');
    assert_int_equal(canvas_at(&canvas, canvas.cursor_x + 1, canvas.cursor_y)->glyph, '3');
    assert_true(canvas_at(&canvas, canvas.cursor_x, canvas.cursor_y)->reverse);
    canvas_free(&canvas);
    free(sample);
}

static void in_little_room_the_lane_in_focus_has_it(void **state)
{
    (void)state;
    struct sample *sample = sample_of_time();
    assert_shows(&sample->model, 40, 10, "TIME OF DOWNLOADS");
    assert_lacks(&sample->model, 40, 10, "PRIMES");
    sample->model.focus = 1;
    assert_shows(&sample->model, 40, 10, "TIME OF PRIMES");
    assert_int_equal(screen_lane_rows(40, 10, &sample->model, 0), 0);
    sample->model.lanes[1].started = false; /* nothing to tell there */
    assert_shows(&sample->model, 40, 10, "TIME OF DOWNLOADS");
    sample->model.lanes[0].started = false;
    assert_shows(&sample->model, 80, 24, "Nothing has been started yet");
    free(sample);
}

static void every_size_draws(void **state)
{
    (void)state;
    struct sample *sample = sample_of_time();
    for (int crowd = 0; crowd < 2; crowd++) {
        for (int columns = 1; columns < 130; columns += 3)
            for (int rows = 1; rows < 50; rows++)
                free(screen_text(&sample->model, columns, rows, columns % 2 == 0));
        sample_crowd(sample, 1, 1100);
    }
    free(sample);
}

/* --- a lane's line -------------------------------------------------------------------------------- */

static void a_lane_names_its_largest_shares(void **state)
{
    (void)state;
    struct sample *sample = sample_new();
    sample->model.lanes[0].account =
        (struct account){.ns = {5, 0, 910, 0, 85, 0}, .ready_known = true}; /* a half percent is worth naming */
    assert_shows(&sample->model, 120, 36, "91 % I/O \u00b7 8 % barrier");
    assert_shows(&sample->model, 80, 24, "91 % I/O");
    assert_shows(&sample->model, 60, 30, "91 % I/O \u00b7 8 % barrier");
    sample->model.lanes[0].account.ns[ACCOUNT_ON_CORE] = 1000;
    assert_shows(&sample->model, 80, 24, "50 % core");
    free(sample);
}

/* What is wrong stays to be seen where there is a line for one of the two. */
static void trouble_takes_the_place_of_the_bar(void **state)
{
    (void)state;
    struct sample *sample = sample_new();
    assert_shows(&sample->model, 80, 24, "time \u2591");
    sample->model.lanes[0].snap.problem = "all threads died with their process";
    assert_shows(&sample->model, 80, 24, "all threads died with their");
    assert_lacks(&sample->model, 80, 24, "time \u2591");
    assert_shows(&sample->model, 120, 36, "time \u2588");
    assert_shows(&sample->model, 120, 36, "all threads died with their process");
    free(sample);
}

static void the_status_line_has_the_sentence_of_the_lane_in_focus(void **state)
{
    (void)state;
    struct sample *sample = sample_new();
    struct model *model = &sample->model;
    assert_shows(model, 80, 24, "downloads: Nine of ten threads wait for the server: more threads would help.");
    model->focus = 1;
    assert_shows(model, 120, 36, "primes: Four processes want two cores: they take turns, and more of them would not help.");
    strcpy(model->status, "10 threads from now on"); /* an answer to a key goes before it */
    assert_lacks(model, 80, 24, "primes: Four");
    model->status[0] = 0;
    model->lanes[1].sentence[0] = 0;
    assert_shows(model, 80, 24, "keys act on primes");
    free(sample);
}

/* --- help ----------------------------------------------------------------------------------------- */

static void every_column_has_its_sentence(void **state)
{
    (void)state;
    struct sample *sample = sample_new();
    sample->model.help = true;
    char *text = screen_text(&sample->model, 400, (int)screen_help_lines(400) + 2, false);
    for (int c = 0; c < ACCOUNT_COLUMNS; c++) {
        enum account_column column = (enum account_column)c;
        char term[32];
        snprintf(term, sizeof term, "%c %s", account_letter(column), account_word(column));
        assert_non_null(strstr(text, term));
        assert_non_null(strstr(text, account_word_short(column)));
        assert_true(strlen(account_sentence(column)) > 20);
        assert_non_null(strstr(text, account_sentence(column)));
        for (int other = 0; other < c; other++)
            assert_int_not_equal(account_letter(column), account_letter((enum account_column)other));
    }
    assert_non_null(strstr(text, "in all"));
    assert_non_null(strstr(text, "w  "));
    free(text);
    free(sample);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_view_looks_as_drawn),
        cmocka_unit_test(figures_are_of_the_worker_in_the_row),
        cmocka_unit_test(all_is_the_sum_in_both_units),
        cmocka_unit_test(what_is_not_known_is_no_nought),
        cmocka_unit_test(the_end_stays),
        cmocka_unit_test(a_thousand_workers_scroll),
        cmocka_unit_test(the_selected_row_has_the_cursor),
        cmocka_unit_test(in_little_room_the_lane_in_focus_has_it),
        cmocka_unit_test(every_size_draws),
        cmocka_unit_test(a_lane_names_its_largest_shares),
        cmocka_unit_test(trouble_takes_the_place_of_the_bar),
        cmocka_unit_test(every_column_has_its_sentence),
        cmocka_unit_test(the_status_line_has_the_sentence_of_the_lane_in_focus),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
