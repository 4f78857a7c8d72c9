/* test_juggler.c - the juggler on the real program: where the balls are is where the workers are. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lanes.h"
#include "screen.h"

/* Three threads at a slow server, and four processes that compute for minutes. */
static struct screen *open_work(void **state, int columns, int rows)
{
    char urls[LANE_PATH_BYTES];
    lane_list("urls", "http://example.org/synthetic/%zu", 400, urls);
    const char *const work[] = {"download", urls,      "--origin", "builtin",       "--latency",      "60000",
                                "--rate",   "0",       "--with",   "thread-pool:3", "primes",         "3000000",
                                "3000000",  "3000000", "3000000",  "--with",        "process-pool:4", NULL};
    return screen_open(state, &(struct screen_start){.arguments = work, .columns = columns, .rows = rows});
}

/* The number that stands before this text; -1: the text is not there. */
static long number_before(struct screen *screen, const char *text)
{
    int row = screen_find(screen, 0, text);
    const char *line = row < 0 ? NULL : screen_row(screen, row), *at = line ? strstr(line, text) : NULL;
    while (at && at > line && at[-1] >= '0' && at[-1] <= '9') {
        at--;
    }
    return at ? strtol(at, NULL, 10) : -1;
}

/* Until the kernel has spoken, on a machine that others use, too. */
enum { ENOUGH_S = 20 };

struct places {
    long air, full, hands, floor, unknown, workers;
};

static struct places places_of(struct screen *screen)
{
    struct places places = {.air = number_before(screen, " in the air"),
                            .hands = number_before(screen, " hands full"),
                            .floor = number_before(screen, " on the floor"),
                            .unknown = number_before(screen, " unknown"),
                            .workers = number_before(screen, " workers: ")};
    int row = screen_find(screen, 0, " hands full");
    const char *of = row < 0 ? NULL : strstr(screen_row(screen, row), " of ");
    places.full = of ? strtol(of - 1, NULL, 10) : -1;
    places.unknown = places.unknown < 0 ? 0 : places.unknown;
    return places;
}

/* All seven are somewhere: the threads in the air, the processes in hands and on the floor, and of these not more in hands than there are
 * hands. */
static bool balls_are_where_workers_are(struct screen *screen, const void *unused)
{
    (void)unused;
    struct places places = places_of(screen);
    return places.air == 3 && places.full >= 0 && places.full <= places.hands && places.full + places.floor == 4 &&
           places.unknown == 0 && places.workers == 7;
}

static bool hands_hold_balls(struct screen *screen, const void *unused)
{
    return balls_are_where_workers_are(screen, unused) && places_of(screen).full >= 1;
}

/* Others use this machine so much that the processes may have had less than half a core in each look. */
static bool machine_is_crowded(void)
{
    double load = 0;
    return getloadavg(&load, 1) == 1 && load > 2.0 * (double)sysconf(_SC_NPROCESSORS_ONLN);
}

static void balls_are_where_their_workers_are(void **state)
{
    struct screen *screen = open_work(state, 120, 36);
    screen_expect_text(screen, 10, "┌─ JUGGLER");
    screen_type(screen, "j");
    screen_expect_text(screen, 5, "core 0");
    screen_expect_no_text(screen, 2, "┌─ RESULTS");
    screen_expect(screen, ENOUGH_S, balls_are_where_workers_are, NULL);
    screen_expect_text(screen, 5, "│ t3 │");
    screen_expect_text(screen, 5, "│ p4 │");
    if (!screen_wait(screen, ENOUGH_S, hands_hold_balls, NULL) && machine_is_crowded()) {
        print_message("others have the cores of this machine\n");
        skip();
    }
    screen_require(screen, hands_hold_balls(screen, NULL) || screen_wait(screen, ENOUGH_S, hands_hold_balls, NULL));
}

static void j_and_escape_leave(void **state)
{
    struct screen *screen = open_work(state, 80, 24);
    for (int i = 0; i < 2; i++) {
        screen_type(screen, "j");
        screen_expect_text(screen, 10, " hands full");
        screen_type(screen, i == 0 ? "j" : "\033");
        screen_expect_no_text(screen, 5, " hands full");
        screen_expect_text(screen, 5, " air ");
    }
}

static void the_selected_ball_has_its_name_below(void **state)
{
    struct screen *screen = open_work(state, 120, 36);
    screen_type(screen, "j");
    screen_expect_text(screen, 10, "7 workers: "); /* keys act on whom it shows */
    screen_expect_text(screen, 10, "(t1) waiting");
    screen_type(screen, "\033OB");
    screen_expect_text(screen, 5, "(t2) waiting");
    screen_type(screen, "\t");
    screen_type(screen, "\033OB");
    screen_expect_text(screen, 5, "(p2) ");
}

enum { PICTURE_ROWS = 30 };

/* The picture as it was. */
struct picture {
    char rows[PICTURE_ROWS][512];
};

static struct picture picture_of(struct screen *screen)
{
    struct picture picture = {0};
    int top = screen_find(screen, 0, "JUGGLER");
    for (int row = 0; row < PICTURE_ROWS; row++) {
        snprintf(picture.rows[row], sizeof picture.rows[row], "%s", screen_row(screen, top + row));
    }
    return picture;
}

static bool picture_is(struct screen *screen, const void *wanted)
{
    struct picture now = picture_of(screen);
    return memcmp(now.rows, ((const struct picture *)wanted)->rows, sizeof now.rows) == 0;
}

static bool picture_is_other(struct screen *screen, const void *than)
{
    return !picture_is(screen, than);
}

/* Whatever is on the screen of a run that holds still, stays. */
static void in_a_pause_nothing_moves(void **state)
{
    struct screen *screen = open_work(state, 120, 36);
    screen_type(screen, "j");
    screen_expect(screen, ENOUGH_S, balls_are_where_workers_are, NULL);
    screen_type(screen, " ");
    screen_expect_text(screen, ENOUGH_S, "7 put away");
    screen_expect_text(screen, 5, "Paused: no ball moves");
    static struct picture before;
    for (int look = 0; look < 5 && (look == 0 || screen_wait(screen, 0.3, picture_is_other, &before)); look++)
        before = picture_of(screen); /* a frame can be half drawn when it says so */
    screen_type(screen, "?");        /* frames go by */
    screen_expect_text(screen, 5, "HELP");
    screen_type(screen, "?");
    screen_expect(screen, 5, picture_is, &before);
}

static void nobody_juggles_before_a_run(void **state)
{
    struct screen *screen = open_work(state, 80, 24);
    screen_type(screen, "j");
    screen_expect_text(screen, 10, " hands full");
    screen_type(screen, "x\tx");
    screen_expect_text(screen, 10, "Nobody juggles: r starts.");
    screen_type(screen, "r");
    screen_expect_no_text(screen, 10, "Nobody juggles");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(balls_are_where_their_workers_are, screen_teardown),
        cmocka_unit_test_teardown(j_and_escape_leave, screen_teardown),
        cmocka_unit_test_teardown(the_selected_ball_has_its_name_below, screen_teardown),
        cmocka_unit_test_teardown(in_a_pause_nothing_moves, screen_teardown),
        cmocka_unit_test_teardown(nobody_juggles_before_a_run, screen_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
