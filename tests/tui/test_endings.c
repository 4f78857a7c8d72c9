/* test_endings.c - however it ends: the terminal is as it was before, no process is left, no file. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "order.h"
#include "processes.h"
#include "screen.h"

/* Both lanes are at work when the end comes: threads, processes, temporary files. */
static struct screen *open_at_work(void **state)
{
    struct screen *screen = screen_open(state, &(struct screen_start){.columns = 120, .rows = 36});
    screen_expect(screen, 10, threads_are, (&(struct census){THREAD_WORKERS, 10}));
    screen_expect(screen, 10, processes_are, (&(struct census){PROCESS_WORKERS, 4}));
    screen_expect_text(screen, 10, "receiving");
    return screen;
}

/* --- ends that it hears of ------------------------------------------------------------------------------------- */

static void q_ends_it_with_0(void **state)
{
    struct screen *screen = open_at_work(state);
    screen_require(screen, !screen_settings_restored(screen)); /* else the rest proves nothing */
    screen_require(screen, !no_file_is_left(screen, NULL));
    screen_require(screen, escapes_of(screen).alternate_screen);
    screen_type(screen, "q");
    screen_expect_exit(screen, 2, 0);
    expect_good_order(screen);
}

static void q_ends_it_when_all_is_done(void **state)
{
    static const char *const work[] = {"primes", "1000", NULL};
    struct screen *screen = screen_open(state, &(struct screen_start){.arguments = work});
    screen_expect_text(screen, 10, "1 of 1 done");
    screen_type(screen, "q");
    screen_expect_exit(screen, 2, 0);
    expect_good_order(screen);
}

static void q_at_once_ends_it(void **state)
{
    struct screen *screen = screen_open(state, &(struct screen_start){.columns = 80, .rows = 24});
    screen_type(screen, "q");
    screen_expect_exit(screen, 5, 0);
    expect_good_order(screen);
}

static void ctrl_c_ends_it_with_130(void **state)
{
    struct screen *screen = open_at_work(state);
    screen_type(screen, "\x03");
    screen_expect_exit(screen, 2, 130);
    expect_good_order(screen);
}

static void sigterm_ends_it_with_143(void **state)
{
    struct screen *screen = open_at_work(state);
    screen_signal(screen, SIGTERM);
    screen_expect_exit(screen, 2, 143);
    expect_good_order(screen);
}

static void sighup_ends_it_with_129(void **state)
{
    struct screen *screen = open_at_work(state);
    screen_signal(screen, SIGHUP);
    screen_expect_exit(screen, 2, 129);
    expect_good_order(screen);
}

static void sigquit_ends_it_with_131(void **state)
{
    struct screen *screen = open_at_work(state);
    screen_type(screen, "\x1c");
    screen_expect_exit(screen, 2, 131);
    expect_good_order(screen);
}

static void paused_work_ends_too(void **state)
{
    struct screen *screen = open_at_work(state);
    screen_type(screen, " ");
    screen_expect_text(screen, 5, "paused");
    screen_type(screen, "q");
    screen_expect_exit(screen, 2, 0);
    expect_good_order(screen);
}

/* --- ends that it does not hear of ------------------------------------------------------------------------------- */

static void a_terminal_that_is_closed_ends_it(void **state)
{
    struct screen *screen = open_at_work(state);
    screen_hang_up(screen);
    screen_expect_exit(screen, 2, 129);
    screen_expect(screen, 1, nothing_is_left, NULL);
    screen_expect(screen, 1, no_file_is_left, NULL);
}

static void a_kill_leaves_no_process_and_a_sound_terminal(void **state)
{
    struct screen *screen = open_at_work(state);
    screen_signal(screen, SIGKILL);
    screen_expect_exit(screen, 1, 137);
    expect_order(screen);
}

static void a_crash_leaves_no_process_and_a_sound_terminal(void **state)
{
    struct screen *screen = open_at_work(state);
    screen_signal(screen, SIGSEGV);
    screen_expect_exit(screen, 5, 139);
    expect_order(screen);
}

static bool has_another_guard(struct screen *screen, const void *first)
{
    pid_t guard;
    return processes_named(screen, "juggler:guard", &guard, 1) == 1 && guard != *(const pid_t *)first;
}

static void a_guard_that_was_killed_is_followed_by_another(void **state)
{
    struct screen *screen = open_at_work(state);
    pid_t guard = 0;
    screen_require(screen, processes_named(screen, "juggler:guard", &guard, 1) == 1);
    kill(guard, SIGKILL);
    screen_expect(screen, 2, has_another_guard, &guard);
    screen_signal(screen, SIGKILL);
    screen_expect_exit(screen, 1, 137);
    expect_order(screen);
}

static void a_kill_during_the_help_leaves_a_sound_terminal(void **state)
{
    struct screen *screen = open_at_work(state);
    screen_type(screen, "?");
    screen_expect_text(screen, 5, "WHAT THIS IS");
    screen_signal(screen, SIGKILL);
    screen_expect_exit(screen, 1, 137);
    expect_order(screen);
}

/* --- sleeping in the shell ------------------------------------------------------------------------------------------ */

static bool is_stopped(struct screen *screen, const void *unused)
{
    (void)unused;
    return process_letter(screen_pid(screen)) == 'T';
}

static void ctrl_z_gives_the_terminal_back_and_fg_takes_it_again(void **state)
{
    struct screen *screen = open_at_work(state);
    screen_type(screen, "\x1a");
    screen_expect(screen, 5, is_stopped, NULL);
    expect_terminal_in_order(screen);
    screen_signal(screen, SIGCONT);
    screen_expect_text(screen, 5, "DOWNLOADS");
    screen_expect_text(screen, 20, "20 of 20 done");
    screen_require(screen, !screen_settings_restored(screen));
    screen_type(screen, "q");
    screen_expect_exit(screen, 2, 0);
    expect_good_order(screen);
}

/* --- nothing with a name ------------------------------------------------------------------------------------------ */

static bool maps_shared_names(pid_t pid)
{
    char path[64], line[1024];
    bool found = false;
    snprintf(path, sizeof path, "/proc/%d/maps", (int)pid);
    FILE *maps = fopen(path, "r");
    while (maps && fgets(line, sizeof line, maps))
        found |= strstr(line, "/dev/shm/") != NULL;
    if (maps)
        fclose(maps);
    return found;
}

static void shared_memory_has_no_name_that_could_be_left(void **state)
{
    struct screen *screen = open_at_work(state);
    pid_t pids[64];
    size_t count = processes_named(screen, "*", pids, 64);
    screen_require(screen, count >= 8); /* the program, guard, server, two runners, four workers */
    for (size_t i = 0; i < count && i < 64; i++)
        screen_require(screen, !maps_shared_names(pids[i]));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(q_ends_it_with_0, screen_teardown),
        cmocka_unit_test_teardown(q_ends_it_when_all_is_done, screen_teardown),
        cmocka_unit_test_teardown(q_at_once_ends_it, screen_teardown),
        cmocka_unit_test_teardown(ctrl_c_ends_it_with_130, screen_teardown),
        cmocka_unit_test_teardown(sigterm_ends_it_with_143, screen_teardown),
        cmocka_unit_test_teardown(sighup_ends_it_with_129, screen_teardown),
        cmocka_unit_test_teardown(sigquit_ends_it_with_131, screen_teardown),
        cmocka_unit_test_teardown(paused_work_ends_too, screen_teardown),
        cmocka_unit_test_teardown(a_terminal_that_is_closed_ends_it, screen_teardown),
        cmocka_unit_test_teardown(a_kill_leaves_no_process_and_a_sound_terminal, screen_teardown),
        cmocka_unit_test_teardown(a_crash_leaves_no_process_and_a_sound_terminal, screen_teardown),
        cmocka_unit_test_teardown(a_guard_that_was_killed_is_followed_by_another, screen_teardown),
        cmocka_unit_test_teardown(a_kill_during_the_help_leaves_a_sound_terminal, screen_teardown),
        cmocka_unit_test_teardown(ctrl_z_gives_the_terminal_back_and_fg_takes_it_again, screen_teardown),
        cmocka_unit_test_teardown(shared_memory_has_no_name_that_could_be_left, screen_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
