/* test_wild_board.c - workers that write wildly over the board while the screen is drawn: a million random words in their pages, in the
 * job words and in the results; every snapshot stays in range, every view draws, and nothing but what may be shown is drawn. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/fuzz/scribbled.h"
#include "tests/fuzz/snapshot_check.h"
#include "tests/unit/screen_model.h"
#include "ui/canvas.h"
#include "ui/panes.h"

enum { PAGES = 2000, PAGE_WORDS = BOARD_PAGE_BYTES / sizeof(uint64_t), LOOKED_AT = 1 };

/* splitmix64 (Steele, Lea, Flood 2014). */
static uint64_t next_random(uint64_t *state)
{
    uint64_t mixed = *state += UINT64_C(0x9e3779b97f4a7c15);
    mixed = (mixed ^ mixed >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    mixed = (mixed ^ mixed >> 27) * UINT64_C(0x94d049bb133111eb);
    return mixed ^ mixed >> 31;
}

/* Random words as wild writes are: small numbers, one bit, all of it. */
static uint64_t wild_word(uint64_t *state)
{
    uint64_t word = next_random(state);
    switch (word & 3) {
    case 0: return word >> 2 & 0x1f;
    case 1: return UINT64_C(1) << (word >> 2 & 63);
    default: return next_random(state);
    }
}

/* A whole page of words: mostly a worker's own, then the other parts. */
static void scribble_page(struct board *board, uint64_t *state)
{
    unsigned part = (unsigned)(next_random(state) % (2 * SCRIBBLED_PARTS));
    size_t count;
    _Atomic uint64_t *words = scribbled_part(board, part < SCRIBBLED_PARTS ? part : 2, &count);
    size_t from = (size_t)next_random(state);
    for (size_t i = 0; i < PAGE_WORDS; i++)
        atomic_store_explicit(&words[(from + i) % count], wild_word(state), memory_order_relaxed);
}

static void look(struct run *run, struct sample *sample)
{
    struct model_lane *lane = &sample->model.lanes[LOOKED_AT];
    run_note_pause(run, clock_now_ns());
    run_drain_events(run);
    run_snapshot(run, &lane->snap);
    check_snapshot(&lane->snap);
    lane->work = lane->snap.work;
    sample_figures(sample);
    sample->model.worker =
        (struct model_worker){.known = true, .held = lane->snap.workers[lane->selected], .now_ns = lane->snap.now_ns};
}

/* Each view in turn, now wide, now small, now as words. */
static void draw(const struct model *model, unsigned turn)
{
    char *text = NULL;
    size_t bytes = 0;
    static const struct {
        int columns, rows;
    } SIZES[] = {{120, 36}, {80, 24}, {40, 10}, {7, 3}};
    struct canvas canvas = {.ascii = turn % 3 == 0};
    assert_int_equal(canvas_resize(&canvas, SIZES[turn / VIEW_COUNT % 4].columns, SIZES[turn / VIEW_COUNT % 4].rows), 0);
    screen_draw(&canvas, model);
    FILE *out = open_memstream(&text, &bytes);
    assert_non_null(out);
    assert_int_equal(canvas_to_text(&canvas, out), 0);
    fclose(out);
    for (const char *at = text; *at;) {
        uint32_t code = text_next(&at);
        if (code != '\n' && fuzz_is_unseen(code))
            fail_msg("U+%04X is on the screen:\n%s", (unsigned)code, text);
    }
    free(text);
    canvas_free(&canvas);
}

static void wild_writes_are_drawn_as_something_in_range(void **state)
{
    (void)state;
    struct sample *sample = sample_new();
    struct run run;
    struct job_set set;
    const char *asked = getenv("JUGGLER_SEED");
    uint64_t random = asked ? strtoull(asked, NULL, 10) : 6;
    print_message("seed %llu\n", (unsigned long long)random);
    scribbled_open(&run, &set, 0x80 | WORK_PRIMES);
    for (unsigned page = 0; page < PAGES; page++) {
        if (page % 64 == 0) {
            scribbled_board(); /* as new: what is torn is not torn for ever */
            run.events_count = 0;
        }
        scribble_page(run.crew.board, &random);
        look(&run, sample);
        sample->model.view = (enum model_view)(page % VIEW_COUNT);
        sample->model.flat.on = page % 5 == 0;
        draw(&sample->model, page);
    }
    scribbled_close(&run);
    free(sample);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(wild_writes_are_drawn_as_something_in_range)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
