/* test_juggler_pane.c - the juggler: everybody is in one place, hands are cores, and what moves moves because a worker waited or received. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/unit/golden.h"
#include "tests/unit/screen_model.h"
#include "ui/juggler.h"
#include "ui/pane.h"
#include "ui/panes.h"

struct fixture {
    struct sample *sample;
    struct canvas canvas;
    struct juggler juggler;
};

static int begin(void **state)
{
    struct fixture *fixture = calloc(1, sizeof *fixture);
    fixture->sample = sample_new();
    fixture->sample->model.view = VIEW_JUGGLER;
    *state = fixture;
    return 0;
}

static int end(void **state)
{
    struct fixture *fixture = *state;
    canvas_free(&fixture->canvas);
    free(fixture->sample);
    free(fixture);
    return 0;
}

static const struct juggler *look(struct fixture *fixture)
{
    sample_figures(fixture->sample);
    juggler_look(&fixture->juggler, &fixture->sample->model);
    return &fixture->juggler;
}

static void draw(struct fixture *fixture, int columns, int rows, bool ascii)
{
    sample_figures(fixture->sample);
    assert_int_equal(canvas_resize(&fixture->canvas, columns, rows), 0);
    fixture->canvas.ascii = ascii;
    screen_draw(&fixture->canvas, &fixture->sample->model);
}

/* The pane alone, at the place and size that it has on its screen. */
static void draw_pane(struct fixture *fixture, int columns, int rows, bool boxed)
{
    sample_figures(fixture->sample);
    assert_int_equal(canvas_resize(&fixture->canvas, columns, rows), 0);
    juggler_draw(&fixture->canvas, (struct rect){0, 0, columns, rows}, &fixture->sample->model, boxed);
}

static bool has(const struct canvas *canvas, const char *text)
{
    char *all = text_of(canvas);
    bool found = strstr(all, text) != NULL;
    free(all);
    return found;
}

static void assert_shows(struct fixture *fixture, const char *text)
{
    if (!has(&fixture->canvas, text)) {
        char *all = text_of(&fixture->canvas);
        fail_msg("\"%s\" is not there:\n%s", text, all);
    }
}

/* The row and column where this text begins; fails when it is nowhere. */
static void find(const struct canvas *canvas, const char *text, int *x, int *y)
{
    size_t length = strlen(text);
    for (*y = 0; *y < canvas->rows; ++*y) {
        for (*x = 0; *x + (int)length <= canvas->columns; ++*x) {
            size_t same = 0;
            while (same < length && canvas_at(canvas, *x + (int)same, *y)->glyph == (unsigned char)text[same]) {
                same++;
            }
            if (same == length) {
                return;
            }
        }
    }
    fail_msg("\"%s\" is nowhere", text);
}

/* --- pictures ----------------------------------------------------------------------------------------------------- */

static void the_picture_looks_as_drawn(void **state)
{
    struct fixture *fixture = *state;
    draw(fixture, 120, 36, false);
    golden_check(&fixture->canvas, "juggler-120x36");
    draw(fixture, 80, 24, false);
    golden_check(&fixture->canvas, "juggler-80x24");
    draw(fixture, 80, 24, true);
    golden_check(&fixture->canvas, "juggler-80x24-ascii");
    draw(fixture, 60, 30, false);
    golden_check(&fixture->canvas, "juggler-60x30");
    draw(fixture, 40, 10, false);
    golden_check(&fixture->canvas, "juggler-40x10");
    sample_gil(fixture->sample);
    draw(fixture, 120, 36, true);
    golden_check(&fixture->canvas, "juggler-gil-120x36-ascii");
}

static void crowds_look_as_drawn(void **state)
{
    struct fixture *fixture = *state;
    sample_crowd(fixture->sample, 0, 1000);
    draw(fixture, 120, 36, false);
    golden_check(&fixture->canvas, "juggler-crowd-120x36");
    draw(fixture, 80, 24, false);
    golden_check(&fixture->canvas, "juggler-crowd-80x24");
    fixture->sample->model.cores = (struct usable_cores){.count = 256, .online = 256, .affinity = 256, .quota = -1};
    draw(fixture, 120, 36, false);
    golden_check(&fixture->canvas, "juggler-256-cores-120x36");
}

static void the_pane_looks_as_drawn(void **state)
{
    struct fixture *fixture = *state;
    draw_pane(fixture, 80, 9, true);
    golden_check(&fixture->canvas, "juggler-pane-80x9");
    draw_pane(fixture, 60, 8, true);
    golden_check(&fixture->canvas, "juggler-pane-60x8");
    draw_pane(fixture, 80, 1, false);
    golden_check(&fixture->canvas, "juggler-pane-80x1");
    draw_pane(fixture, 40, 1, false);
    golden_check(&fixture->canvas, "juggler-pane-40x1");
}

/* --- places --------------------------------------------------------------------------------------------------------- */

static size_t sum_of(const struct juggler *juggler)
{
    size_t sum = 0;
    for (int place = JUGGLER_GONE + 1; place < JUGGLER_PLACES; place++) {
        sum += juggler->counts[place];
    }
    return sum;
}

static void everybody_is_somewhere(void **state)
{
    struct fixture *fixture = *state;
    const struct juggler *juggler = look(fixture);
    assert_int_equal(juggler->counts[JUGGLER_AIR], 9);
    assert_int_equal(juggler->counts[JUGGLER_HAND], 2);
    assert_int_equal(juggler->counts[JUGGLER_FLOOR], 3); /* five are said to execute; there are two cores */
    assert_int_equal(sum_of(juggler), 14);
    assert_int_equal(juggler->workers, 14);
    sample_crowd(fixture->sample, 0, 1000);
    juggler = look(fixture);
    assert_int_equal(sum_of(juggler), 1004);
    assert_true(juggler->counts[JUGGLER_TIED] > 0 && juggler->counts[JUGGLER_BENCH] > 0 &&
                juggler->counts[JUGGLER_BASKET] > 0);
}

/* Whatever the phases and the kernel say: no more balls in hands than hands, no ball twice, none lost. */
static void hands_are_never_over_full(void **state)
{
    struct fixture *fixture = *state;
    struct sample *sample = fixture->sample;
    unsigned seed = 7;
    for (int round = 0; round < 300; round++) {
        unsigned cores = 1 + (unsigned)round % 9;
        sample->model.cores = (struct usable_cores){.count = cores, .online = cores + (unsigned)(round % 2)};
        sample_crowd(sample, 0, 60);
        for (size_t slot = 0; slot < 60; slot++) {
            seed = seed * 1103515245 + 12345;
            sample->workers[0][slot].alive = seed >> 16 & 3;
            sample->workers[0][slot].data.phase = (seed >> 18) % PHASE_COUNT;
            sample->tasks[0][slot] = (struct task_state){.letter = "RRRSD"[(seed >> 20) % 5],
                                                         .core = (int)((seed >> 23) % (cores + 1)) - 1,
                                                         .no_core = seed >> 28 & 1};
        }
        const struct juggler *juggler = look(fixture);
        size_t full = 0;
        for (unsigned hand = 0; hand < juggler->hands; hand++) {
            const struct juggler_hand *one = &juggler->hand[hand];
            full += one->full;
            assert_true(!one->full || juggler_place_of(juggler, one->ball) == JUGGLER_HAND);
        }
        assert_int_equal(full, juggler->full);
        assert_int_equal(full, juggler->counts[JUGGLER_HAND]);
        assert_true(full <= cores);
        assert_int_equal(sum_of(juggler), juggler->workers);
    }
}

static void a_ball_is_in_the_hand_of_its_core(void **state)
{
    struct fixture *fixture = *state;
    struct sample *sample = fixture->sample;
    sample->workers[0][2].data.phase = PHASE_WAITING;
    for (size_t slot = 0; slot < 4; slot++) {
        sample->tasks[1][slot] =
            (struct task_state){.letter = 'R', .core = slot == 1 ? 1 : 0, .no_core = slot != 1 && slot != 3};
    }
    const struct juggler *juggler = look(fixture);
    assert_int_equal(juggler->hand[0].ball.slot, 3);
    assert_int_equal(juggler->hand[1].ball.slot, 1);
    assert_int_equal(juggler->hand[1].core, 1);
    sample->tasks[1][1].core = 0; /* both were last seen on core 0: which core the second has is not known */
    juggler = look(fixture);
    assert_int_equal(juggler->full, 2);
    assert_int_equal(juggler->hand[0].core, 0);
    assert_int_equal(juggler->hand[1].core, -1);
}

/* Two of eight cores: a hand is the one on which its ball was seen. */
static void hands_of_few_usable_cores_have_the_names_seen(void **state)
{
    struct fixture *fixture = *state;
    struct sample *sample = fixture->sample;
    sample->model.cores = (struct usable_cores){.count = 2, .online = 8, .affinity = 2, .quota = -1};
    sample->workers[0][2].data.phase = PHASE_WAITING;
    for (size_t slot = 0; slot < 4; slot++) {
        sample->tasks[1][slot] = (struct task_state){.letter = 'R', .core = slot == 0 ? 6 : 5, .no_core = slot > 1};
    }
    const struct juggler *juggler = look(fixture);
    assert_int_equal(juggler->hand[0].core, 5);
    assert_int_equal(juggler->hand[1].core, 6);
    draw(fixture, 120, 36, false);
    assert_shows(fixture, "core 5");
    assert_shows(fixture, "2 hands = 2 cores of 8");
    sample->tasks[1][0].core = 5; /* both seen on core 5: one hand has its name */
    juggler = look(fixture);
    assert_int_equal(juggler->hand[0].core, 5);
    assert_int_equal(juggler->hand[1].core, -1);
}

static void without_the_kernels_word_nobody_is_in_a_hand(void **state)
{
    struct fixture *fixture = *state;
    fixture->sample->model.lanes[1].tasks = NULL;
    const struct juggler *juggler = look(fixture);
    assert_int_equal(juggler->counts[JUGGLER_UNKNOWN], 4);
    assert_int_equal(juggler->counts[JUGGLER_HAND], 1); /* of the other lane */
    assert_int_equal(juggler->counts[JUGGLER_FLOOR], 0);
    fixture->sample->model.lanes[1].tasks = fixture->sample->tasks[1];
    fixture->sample->model.lanes[1].snap.executing = SIZE_MAX;
    fixture->sample->tasks[0][2].letter = 'S';
    juggler = look(fixture);
    assert_int_equal(juggler->counts[JUGGLER_UNKNOWN], 5);
    assert_int_equal(juggler->counts[JUGGLER_HAND], 0);
    draw(fixture, 80, 24, false);
    assert_shows(fixture, "5 unknown");
    assert_shows(fixture, "work: core unknown");
}

static void the_lock_ties_all_but_its_holder(void **state)
{
    struct fixture *fixture = *state;
    sample_gil(fixture->sample);
    fixture->sample->workers[0][2].data.phase = PHASE_WAITING;
    const struct juggler *juggler = look(fixture);
    assert_int_equal(juggler->counts[JUGGLER_TIED], 3);
    assert_int_equal(juggler_place_of(juggler, (struct juggler_ball){1, 0}), JUGGLER_HAND);
    draw(fixture, 80, 24, false);
    assert_shows(fixture, "~<t2>~<t3>~<t4>~");
    draw(fixture, 120, 36, false);
    assert_shows(fixture, "<t1> has it");
    assert_shows(fixture, "3 tied together: however");
    fixture->sample->model.lanes[1].snap.executing = 0; /* the lane had no core: its holder wants one */
    assert_int_equal(juggler_place_of(look(fixture), (struct juggler_ball){1, 0}), JUGGLER_FLOOR);
}

static void a_mutex_ties_those_that_sleep_for_it(void **state)
{
    struct fixture *fixture = *state;
    struct sample *sample = fixture->sample;
    sample_counter(sample, COUNTER_MUTEX);
    sample->workers[0][2].data.phase = PHASE_WAITING;
    sample->tasks[1][0].letter = sample->tasks[1][3].letter = 'S';
    const struct juggler *juggler = look(fixture);
    assert_int_equal(juggler->counts[JUGGLER_TIED], 2);
    draw(fixture, 80, 24, false);
    assert_shows(fixture, "wait for the mutex");
    sample_counter(sample, COUNTER_NONE); /* without a lock there is nothing to sleep for */
    assert_int_equal(look(fixture)->counts[JUGGLER_UNKNOWN], 2);
}

/* One thread works at one transfer at a time. */
static void an_event_loop_has_one_ball_in_a_hand(void **state)
{
    struct fixture *fixture = *state;
    struct sample *sample = fixture->sample;
    sample_loop(sample);
    sample->workers[0][1].data.phase = sample->workers[0][5].data.phase = PHASE_WRITING;
    for (size_t slot = 0; slot < 10; slot++) {
        sample->tasks[0][slot] = (struct task_state){.letter = slot == 0 ? 'R' : 0, .core = slot == 0 ? 1 : -1};
    }
    sample->model.lanes[1].started = false;
    const struct juggler *juggler = look(fixture);
    assert_int_equal(juggler->full, 1);
    assert_int_equal(juggler->hand[1].ball.slot, 1);
    assert_int_equal(juggler->counts[JUGGLER_UNKNOWN], 2);
}

/* A thread that has done its part has ended; until the batch is over it stands by. */
static void a_batch_stands_by_for_its_slowest(void **state)
{
    struct fixture *fixture = *state;
    struct sample *sample = fixture->sample;
    for (size_t slot = 0; slot < 3; slot++) {
        sample->workers[0][slot].alive = false;
        sample->workers[0][slot].data.phase = PHASE_BARRIER;
        sample->workers[0][slot].data.exit = WORKER_EXIT_FINISHED;
    }
    sample->workers[0][3].alive = false;
    sample->workers[0][3].data.phase = PHASE_LEFT;
    const struct juggler *juggler = look(fixture);
    assert_int_equal(juggler->counts[JUGGLER_BENCH], 3);
    assert_int_equal(juggler->counts[JUGGLER_GONE], 1);
    assert_int_equal(sum_of(juggler), 13);
    draw(fixture, 120, 36, false);
    assert_shows(fixture, "[(t1)(t2)(t3)]");
    assert_shows(fixture, "wait for the others");
    sample->model.lanes[0].snap.state = RUN_DONE;
    assert_int_equal(look(fixture)->counts[JUGGLER_BENCH], 0);
}

/* --- motion ----------------------------------------------------------------------------------------------------------- */

static double flight(struct fixture *fixture, size_t slot)
{
    return juggler_flight(look(fixture), (struct juggler_ball){0, slot});
}

static void a_ball_falls_as_its_file_arrives(void **state)
{
    struct fixture *fixture = *state;
    struct sample *sample = fixture->sample;
    struct slot_data *data = &sample->workers[0][0].data;
    int x = 0, y = 0, last_x = -1, last_y = -1;
    for (data->done = 20; data->done <= 100; data->done += 20) {
        draw(fixture, 200, 60, false);
        find(&fixture->canvas, " t1 ", &x, &y);
        assert_true(last_x < 0 || (x > last_x && y > last_y));
        last_x = x;
        last_y = y;
    }
    assert_true(flight(fixture, 0) <= 1);
    data->total = 0; /* of unknown length: it comes nearer, and never arrives */
    data->done = 1000000;
    double far = flight(fixture, 0);
    data->done = UINT64_MAX;
    assert_true(far > 0.5 && flight(fixture, 0) > far && flight(fixture, 0) <= 1);
}

static void a_ball_rises_with_the_time_it_waits(void **state)
{
    struct fixture *fixture = *state;
    struct snapshot *snap = &fixture->sample->model.lanes[0].snap;
    struct slot_data *data = &fixture->sample->workers[0][3].data;
    double last = 0;
    for (unsigned ms = 0; ms < 20000; ms += 100) {
        data->phase_since_ns = snap->now_ns - ms * NS_PER_MS;
        double now = flight(fixture, 3);
        assert_true(now < 0.5 && (ms == 0 || now > last));
        last = now;
        snap->now_ns += NS_PER_S;
    }
    data->phase_since_ns = snap->now_ns + NS_PER_S; /* a snapshot older than the word: not before the beginning */
    assert_true(flight(fixture, 3) >= 0);
    data->phase = PHASE_RECEIVING;
    data->total = 1000;
    data->done = 0;
    assert_true(flight(fixture, 3) >= last);
}

static char *picture(struct fixture *fixture)
{
    draw(fixture, 120, 36, false);
    return text_of(&fixture->canvas);
}

static void the_same_model_gives_the_same_picture(void **state)
{
    struct fixture *fixture = *state;
    char *first = picture(fixture), *second = picture(fixture);
    assert_string_equal(first, second);
    free(first);
    free(second);
}

static void in_a_pause_nothing_moves(void **state)
{
    struct fixture *fixture = *state;
    struct snapshot *snap = &fixture->sample->model.lanes[0].snap;
    fixture->sample->workers[0][3].data.phase_since_ns = snap->now_ns - 300 * NS_PER_MS;
    snap->state = fixture->sample->model.lanes[1].snap.state = RUN_PAUSED;
    snap->paused_since_ns = snap->now_ns;
    char *before = picture(fixture);
    snap->now_ns += 5 * NS_PER_S;
    char *after = picture(fixture);
    assert_string_equal(before, after);
    assert_non_null(strstr(after, "Paused: no ball moves"));
    snap->paused_since_ns = 0;
    char *moved = picture(fixture);
    assert_string_not_equal(before, moved);
    free(before);
    free(after);
    free(moved);
}

/* --- crowds, ends, sizes -------------------------------------------------------------------------------------------------- */

static size_t glyphs(const struct canvas *canvas, uint32_t glyph)
{
    size_t count = 0;
    for (int i = 0; i < canvas->rows * canvas->columns; i++) {
        count += canvas->cells[i].glyph == glyph;
    }
    return count;
}

static void crowds_have_their_counts_and_the_selected_its_name(void **state)
{
    struct fixture *fixture = *state;
    struct sample *sample = fixture->sample;
    sample_crowd(sample, 0, 1000);
    for (size_t slot = 0; slot < 1000; slot++) {
        sample->workers[0][slot].data.phase = slot < 412 ? PHASE_WAITING : PHASE_LOCK;
    }
    sample->model.lanes[0].selected = 700;
    draw(fixture, 120, 36, false);
    assert_shows(fixture, "412 in the air");
    assert_shows(fixture, "588 tied");
    assert_shows(fixture, "588 t~");
    assert_shows(fixture, "(t701)");
    sample->model.lanes[0].selected = 300;
    draw(fixture, 120, 36, false);
    assert_shows(fixture, "(t301)");
    assert_true(glyphs(&fixture->canvas, 0x25cf) > 200);
}

static void every_count_of_hands_is_drawn(void **state)
{
    static const unsigned counts[] = {1, 2, 3, 4, 8, 16, 64, 256, 2000};
    struct fixture *fixture = *state;
    struct sample *sample = fixture->sample;
    sample_crowd(sample, 0, 1000);
    for (size_t slot = 0; slot < 1000; slot++) {
        sample->workers[0][slot].data.phase = PHASE_COMPUTING;
        sample->tasks[0][slot] = (struct task_state){.letter = 'R', .core = (int)slot};
    }
    for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++) {
        char words[64];
        unsigned hands = counts[i] > JUGGLER_HANDS_MAX ? JUGGLER_HANDS_MAX : counts[i];
        sample->model.cores = (struct usable_cores){.count = counts[i], .online = counts[i]};
        draw(fixture, 120, 36, false);
        snprintf(words, sizeof words, "%u of %u hand%s full", hands < 1004 ? hands : 1004, hands, hands == 1 ? "" : "s");
        assert_shows(fixture, words);
        assert_int_equal(fixture->canvas.columns * fixture->canvas.rows, 120 * 36);
        if (hands <= 8) {
            draw(fixture, 200, 60, false);
            snprintf(words, sizeof words, "core %u", hands - 1);
            assert_shows(fixture, words);
        }
    }
}

static void before_and_after_a_run_nobody_juggles(void **state)
{
    struct fixture *fixture = *state;
    struct sample *sample = fixture->sample;
    sample_end(sample);
    assert_int_equal(look(fixture)->workers, 0);
    draw(fixture, 80, 24, false);
    assert_shows(fixture, "Nobody juggles: r starts.");
    assert_shows(fixture, "14 gone");
    sample->model.lanes[0].started = sample->model.lanes[1].started = false;
    draw(fixture, 120, 36, false);
    assert_shows(fixture, "Nobody juggles: r starts.");
    draw(fixture, 40, 10, false);
    assert_shows(fixture, "Nobody juggles: r starts.");
    draw_pane(fixture, 80, 1, false);
    assert_shows(fixture, "Nobody juggles: r starts.");
}

static void any_size_is_drawn_within_its_bounds(void **state)
{
    struct fixture *fixture = *state;
    sample_crowd(fixture->sample, 0, 1000);
    for (int size = 1; size < 130; size++) {
        for (int rows = 1; rows < 60; rows += 1 + size % 3) {
            assert_int_equal(canvas_resize(&fixture->canvas, size + 2, rows + 2), 0);
            struct rect inside = {1, 1, size, rows};
            canvas_clear(&fixture->canvas);
            if (size % 2) {
                juggler_draw_whole(&fixture->canvas, inside, &fixture->sample->model);
            } else {
                juggler_draw(&fixture->canvas, inside, &fixture->sample->model, rows > 3);
            }
            for (int x = 0; x < size + 2; x++) {
                assert_int_equal(canvas_at(&fixture->canvas, x, 0)->glyph, ' ');
                assert_int_equal(canvas_at(&fixture->canvas, x, rows + 1)->glyph, ' ');
            }
            for (int y = 0; y < rows + 2; y++) {
                assert_int_equal(canvas_at(&fixture->canvas, 0, y)->glyph, ' ');
                assert_int_equal(canvas_at(&fixture->canvas, size + 1, y)->glyph, ' ');
            }
        }
    }
}

static void ascii_is_ascii(void **state)
{
    struct fixture *fixture = *state;
    static const int sizes[][2] = {{200, 60}, {120, 36}, {80, 24}, {60, 30}, {40, 10}};
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        draw(fixture, sizes[i][0], sizes[i][1], true);
        for (int cell = 0; cell < fixture->canvas.columns * fixture->canvas.rows; cell++) {
            assert_in_range(fixture->canvas.cells[cell].glyph, ' ', '~');
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(the_picture_looks_as_drawn, begin, end),
        cmocka_unit_test_setup_teardown(crowds_look_as_drawn, begin, end),
        cmocka_unit_test_setup_teardown(the_pane_looks_as_drawn, begin, end),
        cmocka_unit_test_setup_teardown(everybody_is_somewhere, begin, end),
        cmocka_unit_test_setup_teardown(hands_are_never_over_full, begin, end),
        cmocka_unit_test_setup_teardown(a_ball_is_in_the_hand_of_its_core, begin, end),
        cmocka_unit_test_setup_teardown(hands_of_few_usable_cores_have_the_names_seen, begin, end),
        cmocka_unit_test_setup_teardown(without_the_kernels_word_nobody_is_in_a_hand, begin, end),
        cmocka_unit_test_setup_teardown(the_lock_ties_all_but_its_holder, begin, end),
        cmocka_unit_test_setup_teardown(a_mutex_ties_those_that_sleep_for_it, begin, end),
        cmocka_unit_test_setup_teardown(an_event_loop_has_one_ball_in_a_hand, begin, end),
        cmocka_unit_test_setup_teardown(a_batch_stands_by_for_its_slowest, begin, end),
        cmocka_unit_test_setup_teardown(a_ball_falls_as_its_file_arrives, begin, end),
        cmocka_unit_test_setup_teardown(a_ball_rises_with_the_time_it_waits, begin, end),
        cmocka_unit_test_setup_teardown(the_same_model_gives_the_same_picture, begin, end),
        cmocka_unit_test_setup_teardown(in_a_pause_nothing_moves, begin, end),
        cmocka_unit_test_setup_teardown(crowds_have_their_counts_and_the_selected_its_name, begin, end),
        cmocka_unit_test_setup_teardown(every_count_of_hands_is_drawn, begin, end),
        cmocka_unit_test_setup_teardown(before_and_after_a_run_nobody_juggles, begin, end),
        cmocka_unit_test_setup_teardown(any_size_is_drawn_within_its_bounds, begin, end),
        cmocka_unit_test_setup_teardown(ascii_is_ascii, begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
