/* test_sentence_rules.c - for each rule of the sentence's table a model that brings it about, and one close by that must not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "sentence_states.h"

/* For each rule of the table: what brings it about, what it says then, and the small difference with which it must not speak. */
struct pair {
    const char *rule;
    int lane;
    void (*bring)(struct sample *sample);
    const char *says;
    void (*spoil)(struct sample *sample);
};

static const struct pair pairs[] = {
    {"full", 0, fill_the_folder, "Paused: the output folder takes no more files. Make room; space goes on.", make_room},
    {"paused", 0, pause_run, "Paused: nobody takes a new job", run_on},
    {"stopping", 0, stop_with_three_left, "Stopping: 3 threads are still here", nobody_is_left},
    {"stopped", 0, be_stopped, "Stopped on the way: 5 of 20 jobs are done.", run_on},
    {"counter_over", 1, count_to_a_loss, "Threads without a lock lost 873,489 of 4,000,000 adds.", nobody_knows},
    {"all_failed", 0, fail_all, "Nothing succeeded: 20 of 20 jobs failed; no server has answered.", all_but_one},
    {"some_failed", 0, fail_three, "3 of 20 jobs failed; the others are there.", none_failed},
    {"gil_over", 1, hold_the_gil_to_the_end, "The GIL was held 97 % of the time: 4 threads did the work of one.",
     hold_it_less},
    {"batch_over", 0, end_in_batches, "30 % of the time a thread waited for its batch: a pool could do it in 0.20 s.",
     hardly_wait_there},
    {"server_over", 0, end_at_the_server, "86 % of the time was waiting for the server: 20 threads could do it in 0.10 s.",
     end_on_cores},
    {"one_core_over", 1, end_one_at_a_time, "One at a time kept one of 4 cores busy: all of them could do it in 2.00 s.",
     two_at_a_time},
    {"crowded_over", 1, end_crowded_out, "29 % of the time a process wanted a core and something else had it.",
     with_hardly_a_wait},
    {"cores_over", 1, end_with_turns, "50 % of the time a process wanted a core and had none: 4 cores are the limit.",
     end_unknown},
    {"longest_over", 1, end_with_a_long_one, "The longest limit computed for 2.00 s of these 2.05 s: no way is much faster.",
     which_was_not_all},
    {"idle_over", 1, end_idle, "23 % of the time a process had no work left: the last jobs made it that long.", end_busy},
    {"over", 1, end_busy, "Best possible: 2.00 s, all computing shared evenly by 2 cores.", nothing_was_measured},
    {"killed", 1, kill_one, "p2 was killed by signal 9: its job goes to another; a new process is there.", long_ago},
    {"starting", 1, most_get_ready, "3 of 4 processes are still getting ready", only_half_do},
    {"all_failing", 0, fail_all_so_far, "All 2 downloads so far failed: the server answers with errors, such as 404.",
     one_succeeds},
    {"backoff", 0, three_back_off, "3 of 10 threads wait a moment before they try a failed download again.", only_two_do},
    {"gil_held", 1, hold_the_gil, "The GIL was held 97 % of the time: 4 threads do the work of one.", hold_it_less},
    {"batch_waits", 0, wait_at_the_barrier, "The batch waits 0.8 s for its slowest: 1 of 10 threads idle. A pool would not.",
     wait_there_shortly},
    {"batch_average", 0, lose_time_in_batches, "Each batch waits for its slowest, 0.4 s a thread: a pool would not.",
     be_in_the_first_batch},
    {"few_jobs", 1, six_have_no_job, "Only 4 jobs for 10 processes: 6 of them have nothing to do.", there_are_jobs_enough},
    {"last_jobs", 1, wait_for_the_last, "No job is left: 1 of 4 processes has no work and waits for the last 3 jobs.",
     something_is_queued},
    {"mutex", 1, want_the_mutex, "4 threads add to one counter: 30 % of their time they wait for its mutex.",
     hardly_want_it},
    {"counting", 1, count_without_a_lock, "4 threads read, add and write one counter without a lock", do_primes},
    {"one_transfer", 0, fetch_one_at_a_time, "One transfer at a time: the other 7 wait for it", nothing_is_queued},
    {"resolving", 0, look_up_names, "5 of 10 threads wait for the server's address", only_four},
    {"connecting", 0, wait_for_connections, "5 of 10 threads wait for a connection", only_four},
    {"writing", 0, put_files_in_place, "5 of 10 threads put their files in place: the disk is what takes the time.",
     only_four},
    {"gil_free", 0, let_the_gil_go, "have let go of the GIL: it was held 2 % of the time.", hold_it_most_of_the_time},
    {"loop", 0, loop_over_transfers, "One thread looks after 10 transfers: 10 of them wait for the server", be_threads},
    {"first_byte", 0, wait_long_for_a_byte, "9 of 10 threads have waited over 1 s for a first byte: the server is slow.",
     since_half_a_second},
    {"slow_line", 0, receive_for_long, "9 of 10 threads receive 96.0 KiB/s each, the server's pace: more would help.",
     since_half_a_second},
    {"waiting", 0, wait_for_the_server, "9 of 10 threads wait for the server: more threads would help.", only_six_do},
    {"turns", 1, take_turns, "8 processes want 4 cores: each gets about half of one.", each_has_a_core},
    {"crowded_out", 1, be_crowded_out, "2 processes on 4 cores get about 60 % of one each", hardly},
    {"one_computes", 1, one_of_them_computes, "This work keeps one of 4 cores busy: 3 limits wait for their turn.",
     two_of_them_do},
    {"all_compute", 1, two_of_them_do, "2 processes compute side by side, on 2 of 4 cores.", do_nothing},
};
enum { PAIRS = sizeof pairs / sizeof *pairs };

static const char *speaks(const struct sample *sample, int lane)
{
    char text[160];
    const char *name = sentence_rule_name(sentence_of(&sample->model.lanes[lane], CORES, text, sizeof text));
    return name ? name : "nobody";
}

static void every_rule_speaks_when_it_must_and_not_when_it_must_not(void **state)
{
    (void)state;
    for (size_t i = 0; i < PAIRS; i++) {
        const struct pair *pair = &pairs[i];
        struct sample *sample = sample_new();
        pair->bring(sample);
        if (strcmp(speaks(sample, pair->lane), pair->rule) != 0 || !strstr(says(sample, pair->lane), pair->says))
            fail_msg("%s: %s says \"%s\"", pair->rule, speaks(sample, pair->lane), says(sample, pair->lane));
        pair->spoil(sample);
        if (strcmp(speaks(sample, pair->lane), pair->rule) == 0)
            fail_msg("%s speaks where it must not: \"%s\"", pair->rule, says(sample, pair->lane));
        free(sample);
    }
}

/* What it died of is told where it was killed for its silence. */
static void a_process_that_hung_did_not_just_die(void **state)
{
    (void)state;
    struct sample *sample = sample_new();
    kill_one(sample);
    sample->workers[1][1].data.hung_ns = 30 * NS_PER_S;
    assert_string_equal(says(sample, 1),
                        "p2 gave no sign of life for 30 s and was killed: its job goes to another; a new process is there.");
    assert_true(strlen(says(sample, 1)) + 8 < sizeof sample->model.lanes[1].sentence); /* p1000, 86400 s */
    free(sample);
}

/* The table and the pairs name the same rules, each once. */
static void every_rule_has_a_pair(void **state)
{
    (void)state;
    size_t rules = 0;
    for (const char *name; (name = sentence_rule_name((int)rules)); rules++) {
        size_t found = 0;
        for (size_t i = 0; i < PAIRS; i++)
            found += strcmp(pairs[i].rule, name) == 0;
        if (found != 1)
            fail_msg("the rule %s has %zu pairs of tests", name, found);
    }
    assert_int_equal(rules, PAIRS);
    assert_null(sentence_rule_name(-1));
}

/* Nothing is cut, with as many workers and jobs as can be. */
static void sentences_fit(void **state)
{
    (void)state;
    for (size_t i = 0; i < PAIRS; i++) {
        struct sample *sample = sample_new();
        char text[400];
        pairs[i].bring(sample);
        sentence_of(&sample->model.lanes[pairs[i].lane], CORES, text, sizeof text);
        size_t figures = strcspn(text, "0123456789") < strlen(text) ? 12 : 0; /* three that have four digits more */
        if (strlen(text) + figures >= sizeof sample->model.lanes[0].sentence)
            fail_msg("%s is too long: \"%s\"", pairs[i].rule, text);
        free(sample);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_rule_speaks_when_it_must_and_not_when_it_must_not),
        cmocka_unit_test(a_process_that_hung_did_not_just_die),
        cmocka_unit_test(every_rule_has_a_pair),
        cmocka_unit_test(sentences_fit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
