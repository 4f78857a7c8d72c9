/* test_sizes.c - windows of every size, and a storm of them: something is drawn at each, and the program gets over it by itself.
 *
 * test: limit 240
 *
 * A hundred sizes in `make test`, 2,000 in `make test-faults`; with SAN=address also without a byte read or written beside a cell. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>

#include "chance.h"
#include "order.h"
#include "screen.h"

enum { SHORT_FORM = 100, LONG_PART = 10, LONG_EACH = 100, COLUMNS_MAX = 200, ROWS_MAX = 60, LOOK_EVERY = 50 };

static unsigned sizes_to_try(void)
{
    unsigned rounds = chance_rounds(LONG_PART);
    return rounds ? rounds * LONG_EACH : SHORT_FORM;
}

static size_t bytes_so_far(const struct screen *screen)
{
    size_t count;
    screen_bytes(screen, &count);
    return count;
}

static bool has_drawn_since(struct screen *screen, const void *before)
{
    return bytes_so_far(screen) > *(const size_t *)before;
}

/* As everybody's window is: all is there again. */
static void expect_all_of_it(struct screen *screen)
{
    screen_resize(screen, 119, 36);
    screen_set_seeing(screen, true);
    screen_resize(screen, 120, 36);
    screen_expect_text(screen, 5, "DOWNLOADS");
    screen_expect_text(screen, 5, "PRIMES");
    screen_expect_text(screen, 5, "quit");
}

static void expect_drawn_at(struct screen *screen, int columns, int rows)
{
    size_t before = bytes_so_far(screen);
    screen_set_seeing(screen, false);
    screen_resize(screen, columns, rows);
    if (!screen_wait(screen, 5, has_drawn_since, &before))
        print_error("nothing was drawn at %d x %d\n", columns, rows);
    screen_require(screen, has_drawn_since(screen, &before));
}

static void expect_quit(struct screen *screen)
{
    screen_type(screen, "q");
    screen_expect_exit(screen, 2, 0);
    expect_order(
        screen); /* what broke off is not unknown: libvterm and the stream have had other sizes than the program for moments */
}

/* Views with boxes of their own, too. */
static void every_size_draws(void **state)
{
    static const char *const views[] = {"", "v", "j", "?", "w", "\r"};
    enum { VIEWS = sizeof views / sizeof *views };
    struct chance chance;
    struct screen *screen = screen_open(state, &(struct screen_start){.columns = 80, .rows = 24});
    chance_begin(&chance);
    screen_expect_text(screen, 10, "DOWNLOADS");
    for (unsigned i = 0, count = sizes_to_try(); i < count; i++) {
        int columns = (int)chance_below(&chance, COLUMNS_MAX + 1), rows = (int)chance_below(&chance, ROWS_MAX + 1);
        if (columns == screen_columns(screen) && rows == screen_rows(screen))
            continue;
        expect_drawn_at(screen, columns, rows);
        if (i % LOOK_EVERY == LOOK_EVERY - 1) {
            screen_type(screen, "\033\033");
            expect_all_of_it(screen);
            screen_type(screen, views[i / LOOK_EVERY % VIEWS]);
        }
    }
    screen_type(screen, "\033\033");
    expect_all_of_it(screen);
    expect_quit(screen);
}

static void the_smallest_and_the_largest_draw(void **state)
{
    static const int sizes[][2] = {{1, 1}, {500, 500}, {1, 60}, {200, 1}, {2, 2}, {0, 0}, {1, 500}, {500, 1}};
    struct screen *screen = screen_open(state, &(struct screen_start){.columns = 80, .rows = 24});
    screen_expect_text(screen, 10, "DOWNLOADS");
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++)
        expect_drawn_at(screen, sizes[i][0], sizes[i][1]);
    expect_all_of_it(screen);
    expect_quit(screen);
}

/* Faster than frames: nobody waits for one. */
static void a_storm_of_sizes_is_weathered(void **state)
{
    struct chance chance;
    struct screen *screen = screen_open(state, &(struct screen_start){.columns = 80, .rows = 24});
    chance_begin(&chance);
    screen_expect_text(screen, 10, "DOWNLOADS");
    screen_set_seeing(screen, false);
    for (unsigned i = 0, count = 5 * sizes_to_try(); i < count; i++)
        screen_resize(screen, 1 + (int)chance_below(&chance, COLUMNS_MAX), 1 + (int)chance_below(&chance, ROWS_MAX));
    expect_all_of_it(screen);
    screen_expect_text(screen, 30, "20 of 20 done"); /* the work went on */
    expect_quit(screen);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(every_size_draws, screen_teardown),
        cmocka_unit_test_teardown(the_smallest_and_the_largest_draw, screen_teardown),
        cmocka_unit_test_teardown(a_storm_of_sizes_is_weathered, screen_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
