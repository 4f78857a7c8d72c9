/* test_layout.c - what stands on the screen, at the sizes that people have: a large one, a projector, a corner, next to nothing. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "escapes.h"
#include "lanes.h"
#include "screen.h"

/* Work that is over in a moment. */
static const char *const quick_work[] = {"download", "--with", "thread-pool:4", "--latency", "20",     "--rate",
                                         "0",        "primes", "20000",         "30000",     "--with", "process-pool:2",
                                         NULL};

static const char *const state_words[] = {"starting",   "resolving",  "connecting", "waiting",   "receiving",
                                          "writing",    "ready",      "paused",     "computing", "multiply",
                                          "converting", "retry wait", "no work",    "finished",  "left"};

static bool has_word(const char *row, const char *const *words, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (strstr(row, words[i]))
            return true;
    return false;
}

/* A worker of a lane. */
struct worker {
    enum lane lane;
    int number;
};

/* Its row: "t3" at the beginning of a row of its lane; NULL: it has none. The row ends where it ends in text. */
static const char *worker_row(struct screen *screen, const struct worker *worker, char text[LANE_BYTES])
{
    char id[32], *rest = NULL;
    snprintf(id, sizeof id, " %c%d ", worker->lane == LANE_PRIMES ? 'p' : 't', worker->number);
    lane_worker_rows(screen, worker->lane, text);
    for (char *row = strtok_r(text, "\n", &rest); row; row = strtok_r(NULL, "\n", &rest))
        if (strncmp(row, id, strlen(id)) == 0)
            return row;
    return NULL;
}

/* It has a row, and a state word in it. */
static bool worker_is_shown(struct screen *screen, const void *worker)
{
    char text[LANE_BYTES];
    const char *row = worker_row(screen, worker, text);
    return row && has_word(row, state_words, sizeof state_words / sizeof *state_words);
}

static bool a_percentage_is_shown(struct screen *screen, const void *worker)
{
    char text[LANE_BYTES];
    const char *row = worker_row(screen, worker, text), *percent = row ? strchr(row, '%') : NULL;
    return percent && percent[-1] >= '0' && percent[-1] <= '9';
}

static void expect_workers(struct screen *screen, enum lane lane, int count)
{
    for (int i = 1; i <= count; i++)
        screen_expect(screen, 10, worker_is_shown, (&(struct worker){lane, i}));
}

/* The order of a screen, from the top down: each of these below the one before it. */
static void expect_order(struct screen *screen, const char *const *texts, size_t count)
{
    int row = 0;
    for (size_t i = 0; i < count; i++) {
        screen_expect_text(screen, 10, texts[i]);
        int found = screen_find(screen, row, texts[i]);
        if (found < row)
            screen_require_at(screen, false, texts[i], __FILE__, __LINE__);
        row = found;
    }
}

/* --- 120 x 36 ------------------------------------------------------------------------------------------------ */

static void both_lanes_start_by_themselves_on_a_large_screen(void **state)
{
    struct screen *screen = screen_open(state, &(struct screen_start){.columns = 120, .rows = 36});
    static const char *const texts[] = {"juggler", "DOWNLOADS", "10 threads", "RESULTS", "t/T threads 10"};
    expect_order(screen, texts, sizeof texts / sizeof *texts);
    screen_expect_text(screen, 5, "running");
    screen_expect(screen, 10, a_percentage_is_shown, (&(struct worker){LANE_DOWNLOADS, 3}));
    expect_workers(screen, LANE_DOWNLOADS, 10);
    expect_workers(screen, LANE_PRIMES, 4);
    const char *titles = screen_row(screen, screen_find(screen, 0, "DOWNLOADS"));
    screen_require(screen, strstr(titles, "thread-pool:10") && strstr(titles, "PRIMES") && strstr(titles, "process-pool:4"));
    screen_require(screen, screen_find(screen, 0, "juggler") == 0);
    screen_require(screen, strstr(screen_row(screen, 0), "core 0") &&
                               strstr(screen_row(screen, 0), "processes on this machine") &&
                               strstr(screen_row(screen, 0), "? help"));
    screen_expect(screen, 10, a_percentage_is_shown, (&(struct worker){LANE_PRIMES, 1}));
    screen_expect_text(screen, 5, "p/P processes 4");
    screen_expect(screen, 5, lane_has_done, (&(struct lane_progress){LANE_DOWNLOADS, 20, 0}));
    screen_expect(screen, 5, lane_has_done, (&(struct lane_progress){LANE_PRIMES, 4, 0}));
    screen_expect_text(screen, 5, "≤ 402624");
    screen_require(screen, screen_find(screen, 34, "q quit") >= 34);
}

static bool results_tell_both(struct screen *screen, const void *unused)
{
    int box = screen_find(screen, 0, "RESULTS");
    (void)unused;
    return box > 0 && screen_find(screen, box, "thread-pool:4") > box && screen_find(screen, box, "process-pool:2") > box &&
           screen_find(screen, box, "downloads") > box && screen_find(screen, box, "primes") > box;
}

static void a_run_that_has_ended_is_among_the_results(void **state)
{
    struct screen *screen = screen_open(state, &(struct screen_start){.arguments = quick_work});
    screen_expect_text(screen, 20, "20 of 20 done");
    screen_expect_text(screen, 20, "2 of 2 done");
    screen_expect_text(screen, 5, "2 runs");
    screen_expect(screen, 5, results_tell_both, NULL);
    screen_expect_text(screen, 5, "done in");
    screen_expect_text(screen, 5, "■ done");
}

static void the_first_frame_is_soon_there(void **state)
{
    struct screen *screen = screen_open(state, &(struct screen_start){.columns = 120, .rows = 36});
    screen_expect_text(screen, 5, "DOWNLOADS");
}

/* --- smaller ---------------------------------------------------------------------------------------------------- */

static void a_projector_has_all_but_the_frames(void **state)
{
    struct screen *screen = screen_open(state, &(struct screen_start){.columns = 80, .rows = 24});
    static const char *const texts[] = {"juggler", "DOWNLOADS", "/20", "t/T threads 10"};
    expect_order(screen, texts, sizeof texts / sizeof *texts);
    const char *titles = screen_row(screen, screen_find(screen, 0, "DOWNLOADS"));
    screen_require(screen, strstr(titles, "thread-pool:10") && strstr(titles, "PRIMES process-pool:4"));
    for (int i = 1; i <= 4; i++) {
        char id[32];
        snprintf(id, sizeof id, "│ p%d ", i);
        screen_expect_text(screen, 10, id);
    }
    screen_expect_text(screen, 5, "│ t1 ");
    screen_expect_text(screen, 10, "│ t10 ");
    screen_expect_text(screen, 10, "held, ");
    screen_expect_text(screen, 5, "? help");
}

static void a_corner_has_a_summary_of_each_lane(void **state)
{
    struct screen *screen = screen_open(state, &(struct screen_start){.columns = 40, .rows = 10});
    static const char *const texts[] = {"juggler", "DOWNLOADS", "PRIMES", "q quit"};
    expect_order(screen, texts, sizeof texts / sizeof *texts);
    screen_expect_text(screen, 10, "/20");
    screen_expect_text(screen, 10, "/4");
    screen_require(screen, !screen_has(screen, "t1 "));
}

static void hardly_any_room_is_one_sentence(void **state)
{
    struct screen *screen = screen_open(state, &(struct screen_start){.columns = 20, .rows = 5});
    screen_expect_text(screen, 10, "running");
    screen_expect_text(screen, 10, "downloads");
    screen_expect_text(screen, 10, "Wants");
    screen_require(screen, !screen_has(screen, "DOWNLOADS"));
}

static bool something_is_drawn(struct screen *screen, const void *unused)
{
    (void)unused;
    return strspn(screen_text(screen), " \n") < strlen(screen_text(screen));
}

static void one_cell_is_drawn_and_grows_again(void **state)
{
    struct screen *screen = screen_open(state, &(struct screen_start){.columns = 1, .rows = 1});
    screen_expect(screen, 10, something_is_drawn, NULL);
    screen_resize(screen, 20, 5);
    screen_expect_text(screen, 10, "Wants");
    screen_resize(screen, 40, 10);
    screen_expect_text(screen, 10, "PRIMES");
    screen_resize(screen, 80, 24);
    screen_expect_text(screen, 10, "PRIMES process-pool:4");
    screen_resize(screen, 120, 36);
    screen_expect_text(screen, 10, "RESULTS");
    screen_expect_text(screen, 10, "PRIMES  CPU-bound · process-pool:4");
    screen_resize(screen, 1, 1);
    screen_resize(screen, 120, 36);
    screen_expect_text(screen, 10, "RESULTS");
    screen_type(screen, "q");
    screen_expect_exit(screen, 5, 0);
}

/* --- storm -------------------------------------------------------------------------------------------------------- */

/* 200 sizes one after another, among them the smallest and the largest, without waiting for any; the seed is told. */
static void a_storm_of_sizes_leaves_it_drawing(void **state)
{
    struct screen *screen = screen_open(state, &(struct screen_start){.columns = 120, .rows = 36});
    unsigned seed = 1;
    screen_expect_text(screen, 10, "DOWNLOADS");
    for (int i = 0; i < 200; i++) {
        int columns = i % 20 == 7 ? 1 : i % 20 == 13 ? 300 : 1 + rand_r(&seed) % 250;
        int rows = i % 20 == 7 ? 1 : i % 20 == 13 ? 100 : 1 + rand_r(&seed) % 80;
        screen_resize(screen, columns, rows);
        if (i % 4 == 0) /* now and then it has the time to draw */
            screen_expect(screen, 10, something_is_drawn, NULL);
        if (i % 10 == 5)
            screen_type(screen, i % 20 == 5 ? "?" : "\t");
    }
    screen_resize(screen, 300, 100);
    screen_type(screen, "\033");
    screen_expect_text(screen, 10, "RESULTS");
    screen_resize(screen, 120, 36);
    screen_expect_text(screen, 10, "PRIMES  CPU-bound · process-pool:4");
    screen_expect_text(screen, 10, "t/T threads 10");
    screen_type(screen, "q");
    screen_expect_exit(screen, 5, 0);
    size_t count;
    const uint8_t *bytes = screen_bytes(screen, &count);
    assert_string_equal(escapes_read(bytes, count).unknown, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(both_lanes_start_by_themselves_on_a_large_screen, screen_teardown),
        cmocka_unit_test_teardown(a_run_that_has_ended_is_among_the_results, screen_teardown),
        cmocka_unit_test_teardown(the_first_frame_is_soon_there, screen_teardown),
        cmocka_unit_test_teardown(a_projector_has_all_but_the_frames, screen_teardown),
        cmocka_unit_test_teardown(a_corner_has_a_summary_of_each_lane, screen_teardown),
        cmocka_unit_test_teardown(hardly_any_room_is_one_sentence, screen_teardown),
        cmocka_unit_test_teardown(one_cell_is_drawn_and_grows_again, screen_teardown),
        cmocka_unit_test_teardown(a_storm_of_sizes_leaves_it_drawing, screen_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
