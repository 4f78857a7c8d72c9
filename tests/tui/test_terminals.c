/* test_terminals.c - terminals that are plain, old, unknown, or none at all. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "escapes.h"
#include "lanes.h"
#include "screen.h"

static const char *const quick_work[] = {"download", "--latency", "20", "--rate", "0", "primes", "20000", "30000", NULL};

static struct screen *open_with(void **state, const char *const *environment)
{
    return screen_open(
        state, &(struct screen_start){.arguments = quick_work, .environment = environment, .columns = 100, .rows = 30});
}

static struct escapes escapes_of(struct screen *screen)
{
    size_t count;
    const uint8_t *bytes = screen_bytes(screen, &count);
    return escapes_read(bytes, count);
}

/* It works to the end, and leaves the terminal in order. */
static void expect_work_and_end(struct screen *screen)
{
    screen_expect_text(screen, 10, "DOWNLOADS");
    screen_expect_text(screen, 20, "20 of 20 done");
    screen_expect_text(screen, 20, "2 of 2 done");
    screen_type(screen, "q");
    screen_expect_exit(screen, 2, 0);
    screen_require(screen, screen_settings_restored(screen));
    struct escapes seen = escapes_of(screen);
    assert_string_equal(seen.unknown, "");
    assert_false(seen.alternate_screen);
    assert_false(seen.attributes);
}

/* --- letters and colours ------------------------------------------------------------------------------------------- */

static void without_utf8_only_ascii_is_drawn(void **state)
{
    static const char *const environment[] = {"LANG=C", "LC_ALL=C", NULL};
    struct screen *screen = open_with(state, environment);
    screen_expect_text(screen, 10, "t/T threads");
    expect_work_and_end(screen);
    assert_int_equal(escapes_of(screen).beyond_ascii, 0);
}

static void with_utf8_more_than_ascii_is_drawn(void **state)
{
    struct screen *screen = open_with(state, NULL);
    expect_work_and_end(screen);
    assert_true(escapes_of(screen).beyond_ascii > 100);
    assert_true(escapes_of(screen).colors > 20);
}

static void ascii_can_be_asked_for(void **state)
{
    static const char *const work[] = {"--ascii", "primes", "1000", NULL};
    struct screen *screen = screen_open(state, &(struct screen_start){.arguments = work});
    screen_expect_text(screen, 10, "1 of 1 done");
    screen_type(screen, "?");
    screen_expect_text(screen, 2, "WHAT THIS IS");
    screen_type(screen, "\033OF"); /* End */
    screen_expect_text(screen, 2, "COLOURS");
    screen_type(screen, "qq");
    screen_expect_exit(screen, 2, 0);
    assert_int_equal(escapes_of(screen).beyond_ascii, 0);
}

static void no_color_sends_no_colour(void **state)
{
    static const char *const environment[] = {"NO_COLOR=1", NULL};
    struct screen *screen = open_with(state, environment);
    expect_work_and_end(screen);
    assert_int_equal(escapes_of(screen).colors, 0);
}

static void no_color_as_an_option_sends_no_colour(void **state)
{
    static const char *const work[] = {"--no-color", "primes", "1000", NULL};
    struct screen *screen = screen_open(state, &(struct screen_start){.arguments = work});
    screen_expect_text(screen, 10, "1 of 1 done");
    screen_type(screen, "q");
    screen_expect_exit(screen, 2, 0);
    assert_int_equal(escapes_of(screen).colors, 0);
}

static void an_empty_no_color_is_none(void **state)
{
    static const char *const environment[] = {"NO_COLOR=", NULL};
    struct screen *screen = open_with(state, environment);
    expect_work_and_end(screen);
    assert_true(escapes_of(screen).colors > 20);
}

static void every_theme_draws(void **state)
{
    static const char *const themes[] = {"dark", "light", "blue-orange", "mono"};
    for (size_t i = 0; i < sizeof themes / sizeof *themes; i++) {
        const char *const work[] = {"--theme", themes[i], "primes", "1000", NULL};
        struct screen *screen = screen_open(state, &(struct screen_start){.arguments = work});
        screen_expect_text(screen, 10, "1 of 1 done");
        screen_require(screen, (escapes_of(screen).colors > 0) == (strcmp(themes[i], "mono") != 0));
    }
}

/* --- kinds of terminals ---------------------------------------------------------------------------------------------- */

static void works_on(void **state, const char *term)
{
    const char *const environment[] = {term, NULL};
    expect_work_and_end(open_with(state, environment));
}

static void it_works_on_xterm(void **state)
{
    works_on(state, "TERM=xterm");
}

static void it_works_on_screen(void **state)
{
    works_on(state, "TERM=screen");
}

static void it_works_on_the_linux_console(void **state)
{
    works_on(state, "TERM=linux");
}

/* No colours, no hidden cursor, padding between the bytes. */
static void it_works_on_a_vt100(void **state)
{
    works_on(state, "TERM=vt100");
}

/* Long enough for progress to be told on the way. */
static const char *const slow_work[] = {"download", "--latency", "700", "--rate", "0", "primes", "20000", "30000", NULL};

/* A terminal that cannot be drawn on gets the results as text, with a word why. */
static void works_headless_on(void **state, const char *term)
{
    const char *const environment[] = {term, NULL};
    struct screen *screen =
        screen_open(state, &(struct screen_start){.arguments = slow_work, .environment = environment, .columns = 100});
    screen_expect_exit(screen, 20, 0);
    screen_expect_text(screen, 2, "20 of 20 done");
    screen_expect_text(screen, 2, "2 of 2 done");
    size_t count;
    const uint8_t *bytes = screen_bytes(screen, &count);
    screen_require(screen, memmem(bytes, count, "TERM", 4) != NULL);
    screen_require(screen, memmem(bytes, count, "without a screen", 16) != NULL);
    screen_require(screen, !escapes_of(screen).was_alternate);
    screen_require(screen, screen_settings_restored(screen));
}

static void a_dumb_terminal_gets_text(void **state)
{
    works_headless_on(state, "TERM=dumb");
    size_t count;
    const uint8_t *bytes = screen_bytes(*state, &count);
    assert_null(memchr(bytes, 0x1b, count));
}

static void an_unknown_terminal_gets_text(void **state)
{
    works_headless_on(state, "TERM=bogus");
}

static void a_terminal_without_a_name_gets_text(void **state)
{
    works_headless_on(state, "TERM");
}

static void a_terminal_with_an_empty_name_gets_text(void **state)
{
    works_headless_on(state, "TERM=");
}

static void a_bad_locale_draws(void **state)
{
    static const char *const environment[] = {"LANG=xx_YY.UTF-8", "LC_ALL=xx_YY.UTF-8", NULL};
    expect_work_and_end(open_with(state, environment));
}

/* --- none ---------------------------------------------------------------------------------------------------------------- */

/* Runs the program with these as its stdin and stdout; its stdout and stderr, when they are the pipe, go to out. The exit code. */
static int run_without_terminal(const char *input, bool output_is_pipe, char *out, size_t room)
{
    int pipe_fds[2];
    size_t used = 0;
    assert_int_equal(pipe2(pipe_fds, O_CLOEXEC), 0);
    const char *program = getenv("JUGGLER") && *getenv("JUGGLER") ? getenv("JUGGLER") : "build/juggler";
    pid_t pid = fork();
    if (pid == 0) {
        close(0);
        if (input && open(input, O_RDONLY) != 0)
            _exit(126);
        dup2(pipe_fds[1], 2);
        if (output_is_pipe)
            dup2(pipe_fds[1], 1);
        else
            close(1);
        unsetenv("NO_COLOR");
        execl(program, "juggler", "--no-history", "download", "--latency", "20", "--rate", "0", "primes", "20000", "30000",
              (char *)NULL);
        _exit(127);
    }
    close(pipe_fds[1]);
    uint64_t until_ns = clock_now_ns() + (uint64_t)(screen_patience(30) * 1e9);
    ssize_t got = 1;
    while (got > 0 && used + 1 < room && clock_now_ns() < until_ns) {
        struct pollfd asked = {.fd = pipe_fds[0], .events = POLLIN};
        if (poll(&asked, 1, 100) > 0 && (got = read(pipe_fds[0], out + used, room - used - 1)) > 0)
            used += (size_t)got;
    }
    out[used] = 0;
    close(pipe_fds[0]);
    if (got > 0)
        kill(pid, SIGKILL); /* it did not come to an end */
    int status;
    assert_int_equal(waitpid(pid, &status, 0), pid);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

static void expect_headless(const char *input)
{
    char out[65536];
    int code = run_without_terminal(input, true, out, sizeof out);
    if (code != 0 || !strstr(out, "20 of 20 done") || !strstr(out, "2 of 2 done") || !strstr(out, "without a screen"))
        print_error("exit code %d and:\n%s\n", code, out);
    assert_int_equal(code, 0);
    assert_non_null(strstr(out, "20 of 20 done"));
    assert_non_null(strstr(out, "2 of 2 done"));
    assert_non_null(strstr(out, "without a screen"));
    assert_null(strchr(out, 0x1b));
}

static void without_a_terminal_the_work_is_done_all_the_same(void **state)
{
    (void)state;
    expect_headless("/dev/null");
}

static void with_its_input_closed_too(void **state)
{
    (void)state;
    expect_headless(NULL);
}

static void with_its_output_closed_it_ends(void **state)
{
    char out[65536];
    (void)state;
    int code = run_without_terminal("/dev/null", false, out, sizeof out);
    assert_in_range(code, 0, 3); /* no crash, no hang */
}

#define CASE(function) cmocka_unit_test_teardown(function, screen_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(without_utf8_only_ascii_is_drawn),
        CASE(with_utf8_more_than_ascii_is_drawn),
        CASE(ascii_can_be_asked_for),
        CASE(no_color_sends_no_colour),
        CASE(no_color_as_an_option_sends_no_colour),
        CASE(an_empty_no_color_is_none),
        CASE(every_theme_draws),
        CASE(it_works_on_xterm),
        CASE(it_works_on_screen),
        CASE(it_works_on_the_linux_console),
        CASE(it_works_on_a_vt100),
        CASE(a_dumb_terminal_gets_text),
        CASE(an_unknown_terminal_gets_text),
        CASE(a_terminal_without_a_name_gets_text),
        CASE(a_terminal_with_an_empty_name_gets_text),
        CASE(a_bad_locale_draws),
        CASE(without_a_terminal_the_work_is_done_all_the_same),
        CASE(with_its_input_closed_too),
        CASE(with_its_output_closed_it_ends),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
