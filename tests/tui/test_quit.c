/* test_quit.c - the network does not answer, and the program ends within two seconds all the same. test: limit 180
 *
 * The program runs in a network of its own (faults/silent_network.py), in which a name server takes questions and answers none, a server takes
 * connections and says nothing, and another one has a full queue. Where no such network can be made, the cases are skipped. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

#include "chance.h"
#include "lanes.h"
#include "order.h"
#include "screen.h"

/* What is asked for, and how a worker shows that it waits for it. */
static const struct silence {
    const char *url, *phase;
} NAME_SERVER = {"http://silent%zu.example/a", "resolving"}, SERVER = {"http://127.0.0.1:8001/%zu", "waiting"},
  QUEUE = {"http://127.0.0.1:8002/%zu", "connecting"};

/* How it is told to end: by keys, or by a signal. */
static const struct ending {
    const char *keys;
    int number, code;
} Q = {.keys = "q", .code = 0}, CTRL_C = {.keys = "\x03", .code = 130}, TERM = {.number = SIGTERM, .code = 143},
  HUP = {.number = SIGHUP, .code = 129};

static bool can_be_silent(void)
{
    return system("unshare -rnm true 2>/dev/null") == 0;
}

static struct screen *open_in_silence(void **state, const struct silence *silence, const char *with)
{
    char urls[LANE_PATH_BYTES], script[LANE_PATH_BYTES];
    const char *root = getenv("JUGGLER_ROOT"), *program = getenv("JUGGLER");
    lane_list("urls", silence->url, 10, urls);
    snprintf(script, sizeof script, "%s/tests/faults/silent_network.py", root && *root ? root : ".");
    const char *const words[] = {"-rnm",
                                 "python3",
                                 script,
                                 getenv("TMPDIR") ? getenv("TMPDIR") : "/tmp",
                                 program && *program ? program : "build/juggler",
                                 "download",
                                 urls,
                                 "--with",
                                 with,
                                 NULL};
    struct screen *screen = screen_open(state, &(struct screen_start){.program = "/usr/bin/unshare", .arguments = words});
    screen_expect_text(screen, 20, silence->phase);
    return screen;
}

static void expect_end(void **state, const struct silence *silence, const char *with, const struct ending *ending)
{
    struct screen *screen = open_in_silence(state, silence, with);
    if (ending->keys)
        screen_type(screen, ending->keys);
    else
        screen_signal(screen, ending->number);
    screen_expect_exit(screen, 2, ending->code);
    expect_good_order(screen);
}

static void skip_unless_silent(void)
{
    if (can_be_silent())
        return;
    print_message("no network of its own can be made here (unshare -rnm)\n");
    skip();
}

/* Each way to work with some of the ways to end; the long form tries all of them. */
static void try_all(void **state, const struct silence *silence)
{
    static const char *const ways[] = {"thread-pool:10", "process-pool:10", "event-loop:10"};
    static const struct ending *const endings[] = {&Q, &TERM, &CTRL_C, &HUP};
    enum { WAYS = sizeof ways / sizeof *ways, ENDINGS = sizeof endings / sizeof *endings };
    struct chance chance;
    skip_unless_silent();
    chance_begin(&chance);
    bool all = chance_rounds(1) > 0;
    for (unsigned way = 0; way < WAYS; way++)
        for (unsigned i = 0, count = all ? ENDINGS : 1; i < count; i++)
            expect_end(state, silence, ways[way], endings[all ? i : chance_below(&chance, ENDINGS)]);
}

static void a_name_server_that_does_not_answer(void **state)
{
    try_all(state, &NAME_SERVER);
}

static void a_server_that_says_nothing(void **state)
{
    try_all(state, &SERVER);
}

static void a_server_with_a_full_queue(void **state)
{
    try_all(state, &QUEUE);
}

/* A run is ended for another one, and the network is silent for both. */
static void keys_work_as_ever(void **state)
{
    skip_unless_silent();
    struct screen *screen = open_in_silence(state, &NAME_SERVER, "event-loop:10");
    screen_type(screen, "r");
    screen_expect_text(screen, 3, NAME_SERVER.phase);
    screen_type(screen, "x");
    screen_expect_text(screen, 2, "stopped");
    screen_type(screen, "q");
    screen_expect_exit(screen, 2, 0);
    expect_good_order(screen);
}

#define CASE(function) cmocka_unit_test_teardown(function, screen_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(a_name_server_that_does_not_answer),
        CASE(a_server_that_says_nothing),
        CASE(a_server_with_a_full_queue),
        CASE(keys_work_as_ever),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
