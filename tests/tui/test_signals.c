/* test_signals.c - fifteen signals at five moments: the terminal is as it was, nothing is left, and the shell sees 128 + the signal.
 *
 * test: limit 240
 *
 * A few of them, chosen by chance, in `make test`; all of them, 20 times each, in `make test-faults`. Some of the signals the program hears and ends
 * in order, of the others it dies (SIGKILL among them), and the guard puts the terminal in order. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

#include "base/clock.h"
#include "chance.h"
#include "order.h"
#include "processes.h"
#include "screen.h"

static const int SIGNALS[] = {SIGHUP, SIGINT,  SIGQUIT, SIGTERM, SIGILL,  SIGTRAP, SIGABRT, SIGBUS,
                              SIGFPE, SIGSEGV, SIGSYS,  SIGUSR1, SIGUSR2, SIGALRM, SIGKILL};
enum { SIGNALS_COUNT = sizeof SIGNALS / sizeof *SIGNALS, SHORT_FORM = 3, ROUND_PART = 10 };
_Static_assert(SIGNALS_COUNT == 15, "as promised");

static const char *const SMALL[] = {"primes", "1000", NULL};

/* --- the moments: each brings the program there -------------------------------------------------------------------- */

/* Until it is the program, and not its parent's copy any more, which ignores signals. */
static bool is_juggler(struct screen *screen, const void *unused)
{
    (void)unused;
    return process_is(screen_pid(screen), "juggler");
}

/* In its first moments. */
static void start(void **state, struct chance *chance)
{
    struct screen *screen = screen_open(state, &(struct screen_start){.columns = 100, .rows = 30});
    screen_expect(screen, 5, is_juggler, NULL);
    clock_sleep_ns(chance_below(chance, 80) * NS_PER_MS);
}

static void idle(void **state, struct chance *chance)
{
    struct screen *screen = screen_open(state, &(struct screen_start){.arguments = SMALL});
    screen_expect_text(screen, 10, "1 of 1 done");
    clock_sleep_ns(chance_below(chance, 20) * NS_PER_MS);
}

/* Both lanes at work, and keys that come faster than frames. */
static void storm(void **state, struct chance *chance)
{
    static const char *const keys[] = {"t", "T", "?", "\033", "w", "\t", "+", "-", "p", "P"};
    struct screen *screen = screen_open(state, &(struct screen_start){.columns = 120, .rows = 36});
    screen_expect(screen, 10, threads_are, (&(struct census){THREAD_WORKERS, 10}));
    screen_expect_text(screen, 10, "receiving");
    for (unsigned i = chance_below(chance, 60); i > 0; i--)
        screen_type(screen, keys[chance_below(chance, sizeof keys / sizeof *keys)]);
}

static void resize(void **state, struct chance *chance)
{
    struct screen *screen = screen_open(state, &(struct screen_start){.columns = 100, .rows = 30});
    screen_expect_text(screen, 10, "DOWNLOADS");
    for (unsigned i = 1 + chance_below(chance, 40); i > 0; i--)
        screen_resize(screen, 1 + (int)chance_below(chance, 160), 1 + (int)chance_below(chance, 50));
}

/* On its way out already: whichever it heard first. */
static void quit(void **state, struct chance *chance)
{
    struct screen *screen = screen_open(state, &(struct screen_start){.arguments = SMALL});
    screen_expect_text(screen, 10, "PRIMES");
    screen_type(screen, "q");
    clock_sleep_ns(chance_below(chance, 30) * NS_PER_MS);
}

/* --- a trial ------------------------------------------------------------------------------------------------------- */

typedef void reach_moment(void **state, struct chance *chance);

static bool has_ended(struct screen *screen, const void *unused)
{
    int status;
    (void)unused;
    return screen_ended(screen, &status);
}

static void expect_end(struct screen *screen, int number, bool may_have_quit)
{
    int status = 0;
    screen_expect(screen, 2, has_ended, NULL);
    screen_ended(screen, &status);
    int code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    if (code != 128 + number && !(may_have_quit && code == 0))
        print_error("signal %d (%s), exit code %d\n", number, strsignal(number), code);
    screen_require(screen, code == 128 + number || (may_have_quit && code == 0));
}

static void try_one(void **state, reach_moment *reach, int number, struct chance *chance)
{
    reach(state, chance);
    struct screen *screen = *state;
    bool quits = reach == quit;
    if (kill(screen_pid(screen), number) != 0)
        screen_require(screen, quits); /* it has gone already */
    expect_end(screen, number, quits);
    expect_order(screen);
}

static void try_many(void **state, reach_moment *reach)
{
    struct chance chance;
    unsigned rounds = chance_rounds(ROUND_PART);
    chance_begin(&chance);
    for (int i = 0; rounds == 0 && i < SHORT_FORM; i++)
        try_one(state, reach, SIGNALS[chance_below(&chance, SIGNALS_COUNT)], &chance);
    for (unsigned round = 0; round < rounds; round++)
        for (int i = 0; i < SIGNALS_COUNT; i++)
            try_one(state, reach, SIGNALS[i], &chance);
}

static void at_the_start(void **state)
{
    try_many(state, start);
}

static void while_nothing_goes_on(void **state)
{
    try_many(state, idle);
}

static void in_a_storm_of_work_and_keys(void **state)
{
    try_many(state, storm);
}

static void while_the_window_changes(void **state)
{
    try_many(state, resize);
}

static void on_the_way_out(void **state)
{
    try_many(state, quit);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(at_the_start, screen_teardown),
        cmocka_unit_test_teardown(while_nothing_goes_on, screen_teardown),
        cmocka_unit_test_teardown(in_a_storm_of_work_and_keys, screen_teardown),
        cmocka_unit_test_teardown(while_the_window_changes, screen_teardown),
        cmocka_unit_test_teardown(on_the_way_out, screen_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
