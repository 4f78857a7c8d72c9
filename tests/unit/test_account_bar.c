/* test_account_bar.c - where the time went: figures that sum to the wall time, and a bar of exactly so many cells. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/problem.h"
#include "juggler/run.h"
#include "tests/unit/canvas_text.h"
#include "ui/account_bar.h"

enum { BORN = 1000000 };

/* --- figures -------------------------------------------------------------------------------------- */

/* Settled a second after its start: 0.3 s on a core, 0.7 s of I/O. */
static struct worker_snapshot worker_in(enum phase phase)
{
    struct worker_snapshot worker = {.used = true, .alive = true};
    worker.data = (struct slot_data){.phase = phase,
                                     .phase_since_ns = BORN + NS_PER_S,
                                     .born_ns = BORN,
                                     .ready_known = 1,
                                     .account_upto_ns = BORN + NS_PER_S};
    worker.data.account_ns[ACCOUNT_ON_CORE] = 300 * NS_PER_MS;
    worker.data.account_ns[ACCOUNT_IO] = 700 * NS_PER_MS;
    return worker;
}

static void what_is_unsettled_goes_where_the_phase_says(void **state)
{
    (void)state;
    static const struct {
        enum phase phase;
        enum account_column column;
    } cases[] = {{PHASE_COMPUTING, ACCOUNT_ON_CORE}, {PHASE_WAITING, ACCOUNT_IO},      {PHASE_BACKOFF, ACCOUNT_IO},
                 {PHASE_GIL, ACCOUNT_LOCK},          {PHASE_BARRIER, ACCOUNT_BARRIER}, {PHASE_NO_WORK, ACCOUNT_NO_WORK},
                 {PHASE_PAUSED, ACCOUNT_NO_WORK}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct worker_snapshot worker = worker_in(cases[i].phase);
        uint64_t settled_ns = worker.data.account_ns[cases[i].column];
        struct account account = account_of_worker(&worker, BORN + 1500 * NS_PER_MS);
        assert_int_equal(account.ns[cases[i].column], settled_ns + 500 * NS_PER_MS);
        assert_int_equal(account_sum_ns(&account), 1500 * NS_PER_MS);
        assert_true(account.ready_known);
    }
}

static void before_its_job_there_was_no_work(void **state)
{
    (void)state;
    struct worker_snapshot worker = worker_in(PHASE_WAITING);
    worker.data.job = 7;
    worker.data.job_since_ns = BORN + 3 * NS_PER_S;
    struct account account = account_of_worker(&worker, BORN + 4 * NS_PER_S);
    assert_int_equal(account.ns[ACCOUNT_NO_WORK], 2 * NS_PER_S);
    assert_int_equal(account.ns[ACCOUNT_IO], 1700 * NS_PER_MS);
    assert_int_equal(account_sum_ns(&account), 4 * NS_PER_S);
    worker.data.job_since_ns = BORN + NS_PER_S / 2; /* settled since */
    account = account_of_worker(&worker, BORN + 4 * NS_PER_S);
    assert_int_equal(account.ns[ACCOUNT_NO_WORK], 0);
    assert_int_equal(account_sum_ns(&account), 4 * NS_PER_S);
}

static void whoever_is_gone_has_no_more_time(void **state)
{
    (void)state;
    struct worker_snapshot worker = worker_in(PHASE_LEFT);
    worker.alive = false;
    worker.data.exit = WORKER_EXIT_FINISHED;
    struct account account = account_of_worker(&worker, BORN + 4 * NS_PER_S);
    assert_int_equal(account_sum_ns(&account), NS_PER_S);
    worker.data.phase = PHASE_BARRIER; /* its thread is gone, but it waits for the batch */
    account = account_of_worker(&worker, BORN + 4 * NS_PER_S);
    assert_int_equal(account.ns[ACCOUNT_BARRIER], 3 * NS_PER_S);
    worker.data.phase = PHASE_WAITING;
    worker.data.exit = WORKER_EXIT_NONE; /* the run was ended under it */
    account = account_of_worker(&worker, BORN + 2 * NS_PER_S);
    assert_int_equal(account_sum_ns(&account), 2 * NS_PER_S);
    account = account_of_worker(&worker, BORN); /* a look from before it settled */
    assert_int_equal(account_sum_ns(&account), NS_PER_S);
    worker.used = false;
    account = account_of_worker(&worker, BORN + 4 * NS_PER_S);
    assert_int_equal(account_sum_ns(&account), 0);
    assert_false(account.ready_known);
}

static void a_lane_is_the_sum_of_its_seats(void **state)
{
    (void)state;
    struct worker_snapshot workers[3] = {worker_in(PHASE_WAITING), worker_in(PHASE_COMPUTING), {.used = false}};
    struct snapshot snap = {.state = RUN_RUNNING,
                            .now_ns = BORN + 2 * NS_PER_S,
                            .start_ns = BORN,
                            .wall_ns = 5 * NS_PER_S,
                            .workers = workers,
                            .slots = 3};
    struct account account = account_of_lane(&snap);
    assert_int_equal(account.ns[ACCOUNT_IO], 2400 * NS_PER_MS);
    assert_int_equal(account.ns[ACCOUNT_ON_CORE], 1600 * NS_PER_MS);
    assert_true(account.ready_known); /* the seat that nobody used says nothing */
    workers[0].data.ready_known = 0;
    assert_false(account_of_lane(&snap).ready_known);
    workers[0].data.ready_known = 1;
    workers[1].data.ready_known = 0;
    assert_false(account_of_lane(&snap).ready_known);
    snap.state = RUN_STOPPED;
    assert_int_equal(account_end_ns(&snap), BORN + 5 * NS_PER_S);
    snap.slots = 0;
    assert_false(account_of_lane(&snap).ready_known);
}

/* --- real workers --------------------------------------------------------------------------------- */

/* Every living worker's columns sum to the time since its seat was first taken, to the nanosecond, at any moment: until then, or, where it
 * has settled since the moment was taken, until that. */
static size_t check_sums(const struct snapshot *snap)
{
    size_t checked = 0;
    for (size_t slot = 0; slot < snap->slots; slot++) {
        const struct worker_snapshot *worker = &snap->workers[slot];
        uint64_t settled_ns = worker->data.account_upto_ns;
        uint64_t wall_ns = (settled_ns > snap->now_ns ? settled_ns : snap->now_ns) - worker->data.born_ns;
        if (!worker->alive || worker->stale || wall_ns < 50 * NS_PER_MS)
            continue;
        struct account account = account_of_worker(worker, account_end_ns(snap));
        assert_int_equal(account_sum_ns(&account), wall_ns);
        checked++;
    }
    return checked;
}

static void sums_of_real_workers_are_their_wall_time(void **state)
{
    (void)state;
    static const struct executor ways[] = {{.how = HOW_PROCESS_POOL, .width = 3},
                                           {.how = HOW_THREAD_BATCH, .width = 3},
                                           {.how = HOW_THREAD_POOL, .width = 3, .gil = true}};
    static struct job_input inputs[9];
    for (size_t i = 0; i < 9; i++)
        inputs[i] = (struct job_input){.text = "25000", .limit = 25000};
    const struct job_set set = {.kind = job_kind_of(WORK_PRIMES), .inputs = inputs, .count = 9, .output_dir = -1};
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
        struct problem problem = {.text = ""};
        struct run *run =
            run_start(&(struct run_options){.set = &set, .executor = ways[i], .slots_max = 8, .usable_cores = 2}, &problem);
        assert_non_null(run);
        struct snapshot snap;
        size_t checked = 0;
        while (!run_is_over(run)) {
            run_tick(run);
            run_snapshot(run, &snap);
            checked += check_sums(&snap);
            poll(NULL, 0, 10);
        }
        assert_true(checked > 5);
        run_snapshot(run, &snap);
        struct account lane = account_of_lane(&snap);
        assert_true(lane.ns[ACCOUNT_ON_CORE] > 0 && (double)account_sum_ns(&lane) <= (double)snap.wall_ns * 3.3);
        run_free(run);
    }
}

/* --- the bar -------------------------------------------------------------------------------------- */

static int sum_of(const int cells[ACCOUNT_COLUMNS])
{
    int sum = 0;
    for (int column = 0; column < ACCOUNT_COLUMNS; column++) {
        assert_true(cells[column] >= 0);
        sum += cells[column];
    }
    return sum;
}

static void cells_sum_to_the_width(void **state)
{
    (void)state;
    uint64_t seed = 42;
    int cells[ACCOUNT_COLUMNS];
    for (int round = 0; round < 2000; round++) {
        struct account account = {.ready_known = true};
        for (int column = 0; column < ACCOUNT_COLUMNS; column++) {
            seed = seed * 6364136223846793005u + 1442695040888963407u;
            account.ns[column] = seed >> (seed >> 58);
        }
        account.ns[round % ACCOUNT_COLUMNS] |= 1;
        for (int columns = 0; columns < 90; columns++) {
            account_cells(&account, columns, cells);
            assert_int_equal(sum_of(cells), columns);
            for (int column = 0; column < ACCOUNT_COLUMNS; column++) {
                double exact = account_share(&account, (enum account_column)column) * columns;
                assert_true(cells[column] > exact - 1.001 && cells[column] < exact + 1.001);
            }
        }
    }
}

static void extremes_have_their_shares(void **state)
{
    (void)state;
    int cells[ACCOUNT_COLUMNS];
    struct account account = {.ready_known = true};
    account_cells(&account, 20, cells);
    assert_int_equal(sum_of(cells), 0);
    assert_true(account_share(&account, ACCOUNT_IO) == 0);
    account.ns[ACCOUNT_LOCK] = 1;
    account_cells(&account, 20, cells);
    assert_int_equal(cells[ACCOUNT_LOCK], 20);
    account.ns[ACCOUNT_LOCK] = account.ns[ACCOUNT_IO] = UINT64_C(1) << 63;
    account_cells(&account, 20, cells);
    assert_int_equal(cells[ACCOUNT_LOCK], 10);
    assert_int_equal(cells[ACCOUNT_IO], 10);
    assert_true(account_sum_ns(&account) == UINT64_MAX);
    assert_true(account_share(&account, ACCOUNT_IO) == 0.5);
    account.ns[ACCOUNT_ON_CORE] = 1; /* too little for a cell */
    account_cells(&account, 20, cells);
    assert_int_equal(cells[ACCOUNT_ON_CORE], 0);
    for (int column = 0; column < ACCOUNT_COLUMNS; column++)
        account.ns[column] = UINT64_MAX;
    account_cells(&account, 3, cells);
    assert_int_equal(sum_of(cells), 3);
    account_cells(&account, -5, cells);
    assert_int_equal(sum_of(cells), 0);
}

static const char *bar(const struct account *account, int columns, bool ascii)
{
    static char line[400];
    struct canvas canvas = canvas_new(columns + 2, 1, ascii);
    canvas_clear(&canvas);
    canvas_text(&canvas, 0, 0, 1, ROLE_TEXT, "[");
    canvas_text(&canvas, columns + 1, 0, 1, ROLE_TEXT, "]");
    account_bar_draw(&canvas, 1, 0, columns, account);
    char *text = text_of(&canvas);
    snprintf(line, sizeof line, "%.*s", (int)strcspn(text, "\n"), text);
    free(text);
    canvas_free(&canvas);
    return line;
}

static void every_column_has_its_own_glyph(void **state)
{
    (void)state;
    struct account account = {.ns = {2, 2, 2, 2, 2, 2}, .ready_known = true};
    assert_string_equal(bar(&account, 12, false), "[██▒▒░░▚▚▁▁··]");
    assert_string_equal(bar(&account, 12, true), "[##==..LL__--]");
    assert_string_equal(bar(&account, 24, false), "[█c██▒r▒▒░i░░▚l▚▚▁b▁▁·n··]");
    assert_string_equal(bar(&account, 1, false), "[█]");
    assert_string_equal(bar(&account, 0, false), "[]");
    account = (struct account){.ready_known = false};
    assert_string_equal(bar(&account, 4, false), "[    ]");
    bool seen[ROLE_COUNT] = {false};
    for (int column = 0; column < ACCOUNT_COLUMNS; column++) {
        enum role role = account_role((enum account_column)column);
        assert_false(seen[role]);
        seen[role] = true;
    }
}

static void nothing_is_drawn_outside(void **state)
{
    (void)state;
    struct account account = {.ns = {1, 2, 3, 4, 5, 6}, .ready_known = true};
    struct canvas canvas = {.ascii = false};
    assert_int_equal(canvas_resize(&canvas, 3, 1), 0);
    canvas_clear(&canvas);
    account_bar_draw(&canvas, -4, 0, 2000, &account);
    account_bar_draw(&canvas, 1, 5, 20, &account);
    account_bar_draw(&canvas, 100, 0, 20, &account);
    account_bar_draw(&canvas, 1, 0, -3, &account);
    canvas_free(&canvas);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_unsettled_goes_where_the_phase_says),
        cmocka_unit_test(before_its_job_there_was_no_work),
        cmocka_unit_test(whoever_is_gone_has_no_more_time),
        cmocka_unit_test(a_lane_is_the_sum_of_its_seats),
        cmocka_unit_test(sums_of_real_workers_are_their_wall_time),
        cmocka_unit_test(cells_sum_to_the_width),
        cmocka_unit_test(extremes_have_their_shares),
        cmocka_unit_test(every_column_has_its_own_glyph),
        cmocka_unit_test(nothing_is_drawn_outside),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
