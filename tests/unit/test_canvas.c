/* test_canvas.c - cells: clipping, wide characters, ASCII, bars, boxes, text and pictures. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/canvas_text.h"
#include "ui/theme.h"

static void expect(const struct canvas *canvas, const char *wanted)
{
    char *text = text_of(canvas);
    assert_string_equal(text, wanted);
    free(text);
}

static void sizes_below_one_become_one(void **state)
{
    (void)state;
    struct canvas canvas = canvas_new(0, -5, false);
    assert_int_equal(canvas.columns, 1);
    assert_int_equal(canvas.rows, 1);
    assert_null(canvas_at(&canvas, 1, 0));
    assert_null(canvas_at(&canvas, 0, -1));
    canvas_free(&canvas);
    assert_null(canvas.cells);
}

static void text_is_clipped_by_columns_and_edges(void **state)
{
    (void)state;
    struct canvas canvas = canvas_new(8, 2, false);
    assert_int_equal(canvas_text(&canvas, -2, 0, 20, ROLE_TEXT, "abcdefghijklm"), 13);
    assert_int_equal(canvas_text(&canvas, 1, 1, 3, ROLE_TEXT, "xyzw"), 3);
    canvas_text(&canvas, 0, 7, 5, ROLE_TEXT, "far");
    canvas_text(&canvas, INT_MAX, INT_MIN, INT_MAX, ROLE_TEXT, "farther");
    expect(&canvas, "cdefghij\n xyz\n");
    canvas_free(&canvas);
}

static void right_aligned_text_ends_at_its_column(void **state)
{
    (void)state;
    struct canvas canvas = canvas_new(8, 1, false);
    assert_int_equal(canvas_text_right(&canvas, 7, 0, 4, ROLE_TEXT, "62%"), 3);
    expect(&canvas, "    62%\n");
    canvas_free(&canvas);
}

static void wide_characters_are_whole_or_absent(void **state)
{
    (void)state;
    struct canvas canvas = canvas_new(5, 1, false);
    assert_int_equal(canvas_text(&canvas, 0, 0, 5, ROLE_TEXT, "\u5199\u771f\u5199"), 4);
    assert_int_equal(canvas_at(&canvas, 1, 0)->glyph, 0);
    canvas_text(&canvas, 1, 0, 1, ROLE_TEXT, "x"); /* takes half of the first one away */
    expect(&canvas, " x\u771f\n");
    canvas_text(&canvas, 2, 0, 1, ROLE_TEXT, "y");
    expect(&canvas, " xy\n");
    canvas_text(&canvas, 4, 0, 2, ROLE_TEXT, "\u5199"); /* its right half is off the canvas */
    expect(&canvas, " xy\n");
    canvas_free(&canvas);
}

static void what_is_no_text_shows_as_a_question_mark(void **state)
{
    (void)state;
    struct canvas canvas = canvas_new(20, 1, false);
    canvas_text(&canvas, 0, 0, 20, ROLE_TEXT, "a\x1b[m\t\xff\x7f\xc2\x9b z");
    expect(&canvas, "a?[m???? z\n");
    canvas_free(&canvas);
}

static void ascii_has_a_sign_for_every_sign_of_the_panes(void **state)
{
    (void)state;
    struct canvas canvas = canvas_new(30, 1, true);
    int used = canvas_text(&canvas, 0, 0, 30, ROLE_TEXT, "\u2264 7 \u00b7 1.9\u00d7 \u2013 \u2026 \u25b6 \u5199");
    assert_int_equal(used, canvas_text_columns(&canvas, "\u2264 7 \u00b7 1.9\u00d7 \u2013 \u2026 \u25b6 \u5199"));
    expect(&canvas, "<= 7 . 1.9x - .. > ?\n");
    canvas_free(&canvas);
}

static void the_middle_goes_first(void **state)
{
    (void)state;
    struct canvas canvas = canvas_new(40, 3, false);
    assert_int_equal(canvas_text_middle(&canvas, 0, 0, 15, ROLE_TEXT, "5941812700_0f634b136e_b.jpg"), 15);
    assert_int_equal(canvas_text_middle(&canvas, 0, 1, 8, ROLE_TEXT, "5941812700_0f634b136e_b.jpg"), 8);
    assert_int_equal(canvas_text_middle(&canvas, 0, 2, 15, ROLE_TEXT, "short.jpg"), 9);
    expect(&canvas, "5941812\u2026e_b.jpg\n5941812\u2026\nshort.jpg\n");
    canvas_free(&canvas);
}

static void bars_are_exact_to_an_eighth(void **state)
{
    (void)state;
    struct canvas canvas = canvas_new(4, 6, false);
    canvas_bar(&canvas, 0, 0, 4, 0.5, ROLE_RUNNING);
    canvas_bar(&canvas, 0, 1, 4, 1.0 / 32, ROLE_RUNNING);
    canvas_bar(&canvas, 0, 2, 4, 7.0 / 8, ROLE_RUNNING);
    canvas_bar(&canvas, 0, 3, 4, 17, ROLE_RUNNING);
    canvas_bar(&canvas, 0, 4, 4, -1, ROLE_RUNNING);
    canvas_bar(&canvas, 0, 5, 4, NAN, ROLE_RUNNING);
    expect(&canvas,
           "\u2588\u2588\u00b7\u00b7\n\u258f\u00b7\u00b7\u00b7\n\u2588\u2588\u2588\u258c\n\u2588\u2588\u2588\u2588\n"
           "\u00b7\u00b7\u00b7\u00b7\n\u00b7\u00b7\u00b7\u00b7\n");
    canvas_free(&canvas);
    canvas = canvas_new(4, 2, true);
    canvas_bar(&canvas, 0, 0, 4, 0.4, ROLE_RUNNING);
    canvas_bar(&canvas, 0, 1, 4, 0.3, ROLE_RUNNING);
    expect(&canvas, "#=..\n#-..\n");
    canvas_free(&canvas);
}

static void a_box_has_its_title_and_its_note(void **state)
{
    (void)state;
    struct canvas canvas = canvas_new(20, 3, false);
    canvas_box(&canvas, (struct rect){0, 0, 20, 3}, ROLE_FRAME, "LANE", "2.1 s");
    char *text = text_of(&canvas);
    assert_non_null(strstr(text, "\u250c\u2500 LANE "));
    assert_non_null(strstr(text, " 2.1 s \u2500\u2510\n"));
    free(text);
    canvas.ascii = true;
    canvas_clear(&canvas);
    canvas_box(&canvas, (struct rect){0, 0, 20, 3}, ROLE_FRAME, "LANE", "2.1 s");
    expect(&canvas, "+- LANE --- 2.1 s -+\n|                  |\n+------------------+\n");
    canvas_box(&canvas, (struct rect){-5, -5, 1, 1}, ROLE_FRAME, "x", "y");
    canvas_box(&canvas, (struct rect){INT_MIN, 3, INT_MAX, 2}, ROLE_FRAME, "x", "y");
    canvas_free(&canvas);
}

static void reverse_and_fill_stay_inside(void **state)
{
    (void)state;
    struct canvas canvas = canvas_new(3, 2, false);
    canvas_fill(&canvas, (struct rect){-4, -4, 6, 5}, '*', ROLE_DONE);
    canvas_reverse(&canvas, (struct rect){1, 0, 90, 90});
    expect(&canvas, "**\n\n");
    assert_false(canvas_at(&canvas, 0, 0)->reverse);
    assert_true(canvas_at(&canvas, 2, 1)->reverse);
    canvas_fill(&canvas, (struct rect){INT_MIN, INT_MIN, INT_MAX, INT_MAX}, '#', ROLE_DONE);
    canvas_reverse(&canvas, (struct rect){INT_MAX, 0, INT_MAX, INT_MAX});
    expect(&canvas, "**\n\n");
    canvas_free(&canvas);
}

static void a_picture_is_whole_and_escaped(void **state)
{
    (void)state;
    struct canvas canvas = canvas_new(10, 2, false);
    canvas_text(&canvas, 0, 0, 10, ROLE_TEXT, "<a & b>");
    canvas_bar(&canvas, 0, 1, 4, 0.5, ROLE_RUNNING);
    char *text = NULL;
    size_t bytes = 0;
    FILE *out = open_memstream(&text, &bytes);
    assert_int_equal(canvas_to_svg(&canvas, theme_default(), out), 0);
    fclose(out);
    assert_non_null(strstr(text, "&lt;a &amp; b&gt;"));
    assert_null(strstr(text, "\u2588")); /* blocks are shapes */
    assert_string_equal(text + bytes - 7, "</svg>\n");
    assert_int_equal(strncmp(text, "<svg xmlns=\"http://www.w3.org/2000/svg\"", 39), 0);
    free(text);
    canvas_free(&canvas);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sizes_below_one_become_one),
        cmocka_unit_test(text_is_clipped_by_columns_and_edges),
        cmocka_unit_test(right_aligned_text_ends_at_its_column),
        cmocka_unit_test(wide_characters_are_whole_or_absent),
        cmocka_unit_test(what_is_no_text_shows_as_a_question_mark),
        cmocka_unit_test(ascii_has_a_sign_for_every_sign_of_the_panes),
        cmocka_unit_test(the_middle_goes_first),
        cmocka_unit_test(bars_are_exact_to_an_eighth),
        cmocka_unit_test(a_box_has_its_title_and_its_note),
        cmocka_unit_test(reverse_and_fill_stay_inside),
        cmocka_unit_test(a_picture_is_whole_and_escaped),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
