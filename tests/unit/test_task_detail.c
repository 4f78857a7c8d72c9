/* test_task_detail.c - what the kernel tells of one thread: odd texts, and a thread of this process against the clock and itself. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "measure/task_detail.h"

/* --- odd texts --------------------------------------------------------------------------------------- */

static void the_counts_stand_behind_their_names(void **state)
{
    uint64_t own = 7, forced = 7;
    (void)state;
    assert_true(
        task_switches_read("Name:\tt1\nvoluntary_ctxt_switches:\t231\nnonvoluntary_ctxt_switches:\t12\n", &own, &forced));
    assert_int_equal(own, 231);
    assert_int_equal(forced, 12);
    assert_true(
        task_switches_read("nonvoluntary_ctxt_switches: 0\nvoluntary_ctxt_switches: 18446744073709551615", &own, &forced));
    assert_true(own == UINT64_MAX);
    assert_int_equal(forced, 0);
}

/* What is not said whole is not known, and the figures stay as they were. */
static void odd_counts_are_not_known(void **state)
{
    static const char *const texts[] = {
        "",
        "\n\n\n",
        "voluntary_ctxt_switches:\t231\n",
        "nonvoluntary_ctxt_switches:\t12\n",
        "voluntary_ctxt_switches:\n231\nnonvoluntary_ctxt_switches:\t12\n", /* the next line's number is not this one's */
        "voluntary_ctxt_switches:\t-1\nnonvoluntary_ctxt_switches:\t12\n",
        "voluntary_ctxt_switches:\t+1\nnonvoluntary_ctxt_switches:\t12\n",
        "voluntary_ctxt_switches:\tmany\nnonvoluntary_ctxt_switches:\t12\n",
        "voluntary_ctxt_switches:\t18446744073709551616\nnonvoluntary_ctxt_switches:\t12\n",
        "Name:\tvoluntary_ctxt_switches:\t9\nnonvoluntary_ctxt_switches:\t12\n", /* not at the start of a line */
        "voluntary_ctxt_switches\t231\nnonvoluntary_ctxt_switches\t12\n",
        "voluntary_ctxt_switches:\t231\nnonvoluntary_ctxt_switches:",
    };
    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        uint64_t own = 7, forced = 7;
        if (task_switches_read(texts[i], &own, &forced) || own != 7 || forced != 7)
            fail_msg("read %lu and %lu from:\n%s", (unsigned long)own, (unsigned long)forced, texts[i]);
    }
}

static void times_are_three_figures(void **state)
{
    static const char *const odd[] = {"",        "0 0 0\n", "12",    "12 34",
                                      "12 34 x", "-1 2 3",  "a b c", "99999999999999999999 1 1"};
    uint64_t on_core = 7, waited = 7;
    (void)state;
    assert_true(task_times_read("410223 2213 17\n", &on_core, &waited));
    assert_int_equal(on_core, 410223);
    assert_int_equal(waited, 2213);
    assert_true(task_times_read("0 5 1", &on_core, &waited));
    assert_int_equal(on_core, 0);
    for (size_t i = 0; i < sizeof odd / sizeof *odd; i++)
        assert_false(task_times_read(odd[i], &on_core, &waited));
    assert_int_equal(waited, 5);
}

static void every_letter_has_a_meaning(void **state)
{
    (void)state;
    for (const char *letter = "RSDTtZXIP"; *letter; letter++)
        assert_string_not_equal(task_letter_meaning(*letter), "unknown");
    assert_string_equal(task_letter_meaning(0), "unknown");
    assert_string_equal(task_letter_meaning('q'), "unknown");
}

/* --- a real thread ----------------------------------------------------------------------------------- */

struct sleeper {
    _Atomic int tid;
    _Atomic unsigned naps;
    _Atomic bool ends;
};

static void *nap(void *context)
{
    struct sleeper *sleeper = context;
    atomic_store(&sleeper->tid, (int)syscall(SYS_gettid));
    while (!atomic_load(&sleeper->ends)) {
        clock_sleep_ns(2 * NS_PER_MS);
        atomic_fetch_add(&sleeper->naps, 1);
    }
    return NULL;
}

/* Every nap is a voluntary switch; they are so long that none is over before it has begun. */
static void switches_grow_with_every_nap(void **state)
{
    struct sleeper sleeper = {.tid = 0};
    pthread_t thread;
    (void)state;
    assert_int_equal(pthread_create(&thread, NULL, nap, &sleeper), 0);
    while (!atomic_load(&sleeper.naps))
        clock_sleep_ns(NS_PER_MS);
    pid_t tid = atomic_load(&sleeper.tid);
    unsigned naps = atomic_load(&sleeper.naps);
    struct task_detail before = task_detail_of(getpid(), tid);
    while (atomic_load(&sleeper.naps) < naps + 20)
        clock_sleep_ns(NS_PER_MS);
    struct task_detail after = task_detail_of(getpid(), tid);
    atomic_store(&sleeper.ends, true);
    pthread_join(thread, NULL);
    assert_true(before.there && after.there && before.switches_known && after.switches_known);
    assert_true(after.voluntary >= before.voluntary + 19);
    assert_true(after.state.core >= 0);
    if (machine_has_schedstat())
        assert_true(after.times_known && after.on_core_ns >= before.on_core_ns && after.on_core_ns > 0);
    /* It has gone, a moment after it was joined. */
    for (uint64_t end_ns = clock_now_ns() + 10 * NS_PER_S; task_detail_of(getpid(), tid).there && clock_now_ns() < end_ns;)
        clock_sleep_ns(NS_PER_MS);
    assert_false(task_detail_of(getpid(), tid).there);
    assert_false(task_detail_of(getpid(), tid).switches_known);
}

static void a_process_is_weighed(void **state)
{
    struct task_detail detail = task_detail_of(getpid(), getpid());
    (void)state;
    assert_int_equal(detail.state.letter, 'R');
    assert_false(detail.memory_known);
    task_detail_weigh(&detail, getpid());
    assert_true(detail.memory_known && detail.private_bytes > 0 && detail.proportional_bytes >= detail.private_bytes);
    task_detail_weigh(&detail, 0x7ffffff0);
    assert_false(detail.memory_known);
}

static void nobody_is_not_there(void **state)
{
    (void)state;
    struct task_detail detail = task_detail_of(getpid(), 0x7ffffff0);
    assert_false(detail.there || detail.times_known || detail.switches_known || detail.memory_known);
    assert_int_equal(detail.state.core, -1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_counts_stand_behind_their_names),
        cmocka_unit_test(odd_counts_are_not_known),
        cmocka_unit_test(times_are_three_figures),
        cmocka_unit_test(every_letter_has_a_meaning),
        cmocka_unit_test(switches_grow_with_every_nap),
        cmocka_unit_test(a_process_is_weighed),
        cmocka_unit_test(nobody_is_not_there),
    };
    return cmocka_run_group_tests_name("task_detail", tests, NULL, NULL);
}
