/* test_history_words.c - the history shown: one run as a whole, two beside each other, and what is not known or not right in the records. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

#include "assert_text.h"
#include "made_history.h"

static struct history_record numbered(size_t number, double wall_s)
{
    struct history_record one = record();
    one.number = number;
    one.wall_s = wall_s;
    one.speedup = 1.5;
    one.memory_bytes = 4 << 20;
    return one;
}

static const char *beside(const struct history_record *first, const struct history_record *second)
{
    static const struct history history;
    const struct history_output output = {
        .history = &history, .chosen = {first, second}, .chosen_count = 2, .columns = 120, .ascii = true};
    return text_of(history_table_write, &output);
}

static const char *alone(const struct history_record *one)
{
    static const struct history history;
    const struct history_output output = {.history = &history, .chosen = {one}, .chosen_count = 1, .columns = 100};
    return text_of(history_table_write, &output);
}

static void one_run_is_told_as_a_whole(void **state)
{
    (void)state;
    struct history_record one = numbered(3, 2);
    const char *text = alone(&one);
    assert_has(text, "number        3\n");
    assert_has(text, "time          2.00 s\n");
    assert_has(text, "speed-up      1.50\u00d7\n");
    assert_has(text, "options       kernel trial, product fold\n");
    assert_has(text, "CPU time      3.50 s\n");
    assert_has(text, "jobs          4 of 4 done, 0 failed\n");
    assert_has(text, "usable cores  2\n");
    assert_has(text, "ended         done\n");
    assert_lacks(text, "runs ");
    one.rounds = 1;
    one.min_s = one.max_s = 2;
    one.seed = 7;
    one.interrupted = true;
    assert_has(alone(&one), "runs          2.00 s to 2.00 s in 1 round, seed 7\n");
    assert_has(alone(&one), "ended         done, interrupted\n");
    one.rounds = 3;
    assert_has(alone(&one), "in 3 rounds, seed 7\n");
}

static void what_is_not_known_of_it_is_a_dash(void **state)
{
    (void)state;
    struct history_record one = {
        .number = 1, .when_s = INT64_MAX, .wall_s = -1, .cpu_s = -1, .best_possible_s = -1, .speedup = -1};
    static const char *const LABELS[] = {"when          ", "list          ", "time          ", "memory        ",
                                         "speed-up      ", "options       ", "CPU time      ", "best possible ",
                                         "usable cores  ", "by            "};
    for (size_t i = 0; i < sizeof LABELS / sizeof *LABELS; i++) {
        char line[64];
        snprintf(line, sizeof line, "%s\u2013\n", LABELS[i]);
        assert_has(alone(&one), line);
    }
}

static void two_runs_have_a_ratio_in_words(void **state)
{
    (void)state;
    struct history_record first = numbered(1, 2), second = numbered(2, 1);
    assert_has(beside(&first, &second), "2 took 0.50 of the time of 1: 2.00 times as fast\n");
    assert_has(beside(&second, &first), "1 took 2.00 times as long as 2\n");
    assert_has(beside(&first, &second), "a single run is among them");
    assert_has(beside(&first, &second), "nothing but the moment\n");
    second.wall_s = 0;
    assert_has(beside(&first, &second), "2 took 0.00 times as long as 1\n");
    assert_lacks(beside(&second, &first), "ratio"); /* nothing to divide by */
    second.wall_s = -1;
    assert_has(beside(&first, &second), "no ratio      the time of 2 is not known\n");
}

static void spreads_decide_where_they_are_known(void **state)
{
    (void)state;
    struct history_record first = numbered(1, 2), second = numbered(2, 2.1);
    first.rounds = second.rounds = 3;
    first.min_s = 1.9, first.max_s = 2.2;
    second.min_s = 2, second.max_s = 2.3;
    assert_has(beside(&first, &second), "no real difference: the times of 1 and of 2 overlap\n");
    second.min_s = 2.25;
    assert_has(beside(&first, &second), "2 took 1.05 times as long as 1\n");
    assert_lacks(beside(&first, &second), "a single run");
    second.max_s = 2; /* less than its least: somebody has edited it */
    assert_has(beside(&first, &second), "a single run");
    second.min_s = -1;
    assert_has(beside(&first, &second), "a single run");
}

static void all_that_differs_is_listed(void **state)
{
    (void)state;
    struct history_record first = numbered(1, 2), second = numbered(2, 1);
    second.options[0] = '\0';
    second.usable_cores = 0; /* not known: no difference */
    second.work_id[0] = '\0';
    assert_has(beside(&first, &second), "options: kernel trial, product fold, none\n");
    assert_has(beside(&second, &first), "options: none, kernel trial, product fold\n");
    assert_lacks(beside(&first, &second), "cores: ");
    first.usable_cores = 0;
    second.usable_cores = 8;
    assert_lacks(beside(&first, &second), "cores: ");
    second.failed = 2;
    second.interrupted = true;
    first.interrupted = true;
    const char *text = beside(&first, &second);
    assert_has(text, "no ratio      1 was interrupted\n");
    assert_has(text, "              2 was interrupted\n");
    assert_has(text, "              in 2 jobs failed\n");
}

static void notes_say_what_was_special(void **state)
{
    (void)state;
    char note[HISTORY_NOTE_BYTES];
    struct history_record one = numbered(1, 2);
    assert_string_equal(history_note_of(&one, note), "");
    one.rounds = 3;
    assert_string_equal(history_note_of(&one, note), "median of 3");
    one.failed = 2;
    assert_string_equal(history_note_of(&one, note), "2 failed, median of 3");
    strcpy(one.state, "stopped");
    assert_string_equal(history_note_of(&one, note), "stopped, 2 failed, median of 3");
    one.interrupted = true;
    one.failed = 0;
    assert_string_equal(history_note_of(&one, note), "interrupted, median of 3");
}

static void a_table_has_a_width_that_can_be_read(void **state)
{
    (void)state;
    static const int ASKED[] = {-1, 0, 39, 201, 100000};
    struct history_record records[2] = {numbered(1, 2), numbered(2, 3)};
    memset(records[1].list, 'x', sizeof records[1].list - 1);
    const struct history history = {.records = records, .count = 2};
    for (size_t i = 0; i < sizeof ASKED / sizeof *ASKED; i++) {
        const struct history_output output = {.history = &history, .columns = ASKED[i], .ascii = true};
        char *text = strdup(text_of(history_table_write, &output));
        for (char *line = strtok(text, "\n"); line; line = strtok(NULL, "\n"))
            assert_in_range(text_columns(line), 10, ASKED[i] <= 40 ? 40 : 200);
        free(text);
    }
    const struct history none = {.count = 0};
    const struct history_output nothing = {.history = &none, .columns = 80};
    assert_has(text_of(history_table_write, &nothing), "no run is noted yet");
    const struct history_output unreadable = {.problem = "no permission", .columns = 80};
    assert_string_equal(text_of(history_table_write, &unreadable), "");
}

static void csv_has_a_cell_for_each_thing(void **state)
{
    (void)state;
    struct history_record records[2] = {numbered(1, 2.5), numbered(2, -1)};
    struct history_damage damage = {.number = 3, .why = "it is no JSON"};
    strcpy(records[0].list, "a \"list\", mine");
    records[0].interrupted = true;
    const struct history history = {.records = records, .count = 2, .damaged = &damage, .damaged_count = 1};
    const struct history_output output = {.history = &history};
    const char *text = text_of(history_csv_write, &output);
    assert_has(text, "\n1,\"2025-11-24T16:00:00Z\",\"juggler 1.0.0\",\"run\",\"primes\",\"a \"\"list\"\", mine\",");
    assert_has(text, "\"done\",true,4,4,0,2.5,3.5,1.75,4194304,2,1.5,,,,\n");
    assert_has(text, "\"done\",false,4,4,0,,3.5,");
    const struct history_output unreadable = {.problem = "no permission"};
    assert_string_equal(text_of(history_csv_write, &unreadable), "");
    assert_has(text_of(history_json_write, &unreadable), "\"error\": \"no permission\"");
    assert_has(text_of(history_json_write, &unreadable), "\"damaged\": []");
    assert_has(text_of(history_json_write, &output), "\"why\": \"it is no JSON\"");
    assert_lacks(text_of(history_json_write, &output), "\"comparison\"");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_run_is_told_as_a_whole),           cmocka_unit_test(what_is_not_known_of_it_is_a_dash),
        cmocka_unit_test(two_runs_have_a_ratio_in_words),       cmocka_unit_test(spreads_decide_where_they_are_known),
        cmocka_unit_test(all_that_differs_is_listed),           cmocka_unit_test(notes_say_what_was_special),
        cmocka_unit_test(a_table_has_a_width_that_can_be_read), cmocka_unit_test(csv_has_a_cell_for_each_thing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
