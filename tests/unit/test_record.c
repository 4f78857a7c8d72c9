/* test_record.c - a record shows what was, at every moment. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>
#include <sys/mman.h>

#include "played_record.h"

static void every_moment_comes_back(void **state)
{
    (void)state;
    static struct play play;
    static struct moment moments[MOMENTS];
    seed_chance();
    struct bytes bytes = make_record(&play, moments, MOMENTS);
    struct reel *reel = open_record(bytes);
    struct reel_view view;
    assert_string_equal(reel_damage(reel), "");
    for (size_t i = 0; i < MOMENTS; i++) { /* on, in order */
        look(reel, moments[i].snap.now_ns, &view);
        assert_moment(&view, &moments[i]);
        assert_int_equal(view.sampled_every_ns, NS_PER_MS * i);
        assert_int_equal(view.disturbed, i > MOMENTS / 2);
    }
    for (size_t tries = 0; tries < 500; tries++) { /* to and fro */
        size_t i = (size_t)chance(MOMENTS);
        look(reel, moments[i].snap.now_ns, &view);
        assert_moment(&view, &moments[i]);
    }
    look(reel, UINT64_MAX, &view);
    assert_moment(&view, &moments[MOMENTS - 1]);
    reel_close(reel);
    free(bytes.at);
}

static void what_does_not_change_comes_back(void **state)
{
    (void)state;
    static struct play play;
    static struct moment moments[4];
    seed_chance();
    struct bytes bytes = make_record(&play, moments, 4);
    struct reel *reel = open_record(bytes);
    struct reel_view view;
    assert_int_equal(reel_runs(reel), 1);
    const struct reel_run *run = reel_run(reel, 0);
    assert_string_equal(run->list, "the list");
    assert_string_equal(run->output_dir, "out");
    assert_string_equal(run->cores, "2 usable");
    assert_true(run->builtin && run->over);
    assert_int_equal(run->jobs, JOBS);
    look(reel, reel_end_ns(reel), &view);
    for (size_t i = 0; i < JOBS; i++) {
        assert_string_equal(view.snap.set->inputs[i].text, play.inputs[i].text);
        assert_string_equal(view.snap.set->inputs[i].name, play.inputs[i].name);
        assert_null(view.snap.set->inputs[i].url);
    }
    assert_null(memmem(bytes.at, bytes.count, "secret", 6));
    reel_close(reel);
    free(bytes.at);
}

/* Between two samples a worker is in the phase that its last event says, and a job is what its own times say. */
static void between_samples_events_are_exact(void **state)
{
    (void)state;
    static struct play play;
    static struct moment moments[MOMENTS];
    seed_chance();
    struct bytes bytes = make_record(&play, moments, MOMENTS);
    struct reel *reel = open_record(bytes);
    for (size_t i = 0; i < play.snap.journal.count; i++) {
        const struct journal_event *event = &play.events[i];
        struct reel_view view;
        look(reel, event->time_ns, &view);
        size_t slot = event->slot;
        if (slot >= view.snap.slots)
            continue; /* a seat that the sample before does not know yet */
        assert_int_equal(view.snap.workers[slot].data.phase, event->phase);
        assert_int_equal(view.snap.workers[slot].data.job, event->job);
        assert_int_equal(view.snap.journal.count, i + 1);
        assert_int_equal(view.snap.queued + view.snap.running + view.snap.done + view.snap.failed, JOBS);
        if (event->job)
            assert_int_not_equal(view.snap.results[event->job - 1].word.state, JOB_QUEUED);
    }
    reel_close(reel);
    free(bytes.at);
}

static void a_step_goes_to_the_next_event(void **state)
{
    (void)state;
    static struct play play;
    static struct moment moments[20];
    seed_chance();
    struct bytes bytes = make_record(&play, moments, 20);
    struct reel *reel = open_record(bytes);
    uint64_t at_ns = reel_begin_ns(reel);
    for (size_t i = 0; i < play.snap.journal.count; i++) {
        at_ns = reel_next_event(reel, at_ns);
        assert_int_equal(at_ns, play.events[i].time_ns);
    }
    assert_int_equal(reel_next_event(reel, at_ns), reel_end_ns(reel));
    assert_int_equal(reel_next_event(reel, reel_end_ns(reel)), 0);
    for (size_t i = play.snap.journal.count - 1; i > 0; i--)
        assert_int_equal(at_ns = reel_last_event(reel, at_ns), play.events[i - 1].time_ns);
    assert_int_equal(reel_last_event(reel, at_ns), reel_begin_ns(reel));
    assert_int_equal(reel_last_event(reel, reel_begin_ns(reel)), 0);
    reel_close(reel);
    free(bytes.at);
}

/* The picture of time shows nothing of what comes later. */
static void the_timeline_ends_at_the_moment(void **state)
{
    (void)state;
    static struct play play;
    static struct moment moments[MOMENTS];
    seed_chance();
    struct bytes bytes = make_record(&play, moments, MOMENTS);
    struct reel *reel = open_record(bytes);
    struct reel_view view;
    uint64_t middle_ns = moments[MOMENTS / 2].snap.now_ns;
    look(reel, middle_ns, &view);
    assert_int_equal(view.timeline->start_ns, play.snap.start_ns);
    assert_int_equal(view.timeline->end_ns, middle_ns);
    for (size_t slot = 0; slot < view.timeline->slots; slot++)
        assert_int_equal(timeline_look(view.timeline, slot, middle_ns, middle_ns + NS_PER_S).phase, PHASE_NONE);
    look(reel, reel_begin_ns(reel), &view);
    assert_int_equal(view.timeline->start_ns, 0);
    reel_close(reel);
    free(bytes.at);
}

/* --- two lanes, several runs ---------------------------------------------------------------------------------------- */

static void runs_follow_each_other_in_two_lanes(void **state)
{
    (void)state;
    static struct play plays[3];
    struct problem problem;
    seed_chance();
    uint64_t zero_ns = clock_now_ns();
    int fd = memfd_create("record", MFD_CLOEXEC);
    struct recorder *recorder = recorder_open(dup(fd), &problem);
    for (size_t i = 0; i < 3; i++) { /* lane 0, lane 1, lane 0 again */
        play_init(&plays[i], zero_ns + i * NS_PER_S);
        recorder_begin(recorder, &(struct recorder_run){.lane = i == 1, .list = i == 2 ? "again" : "first"}, &plays[i].snap);
        plays[i].snap.now_ns += NS_PER_S / 2;
        plays[i].snap.state = i == 2 ? RUN_RUNNING : RUN_DONE;
        recorder_sample(recorder, i == 1, &plays[i].snap, NULL, 0, false);
    }
    recorder_close(recorder);
    struct reel *reel = reel_open_fd(fd, &problem);
    struct reel_view view;
    assert_int_equal(reel_runs(reel), 3);
    assert_int_equal(reel_look(reel, 1, zero_ns + NS_PER_S / 2, &view), 0);
    assert_null(view.run); /* it had not begun */
    assert_int_equal(reel_look(reel, 1, zero_ns + 3 * NS_PER_S, &view), 0);
    assert_int_equal(view.run->number, 2);
    assert_int_equal(view.snap.state, RUN_DONE);
    assert_int_equal(reel_look(reel, 0, zero_ns + 2 * NS_PER_S - 1, &view), 0);
    assert_string_equal(view.run->list, "first");
    assert_int_equal(reel_look(reel, 0, zero_ns + 2 * NS_PER_S, &view), 0);
    assert_string_equal(view.run->list, "again");
    assert_false(view.run->over);
    assert_int_equal(reel_look_at_run(reel, 0, UINT64_MAX, &view), 0);
    assert_int_equal(view.run->number, 1);
    reel_close(reel);
}

static void the_machine_comes_back(void **state)
{
    (void)state;
    static struct play play;
    struct problem problem;
    play_init(&play, clock_now_ns());
    int fd = memfd_create("record", MFD_CLOEXEC);
    struct recorder *recorder = recorder_open(dup(fd), &problem);
    recorder_begin(recorder, &(struct recorder_run){.lane = 0}, &play.snap);
    const struct machine_load load = {.cores = 3, .busy = {0.5, -1, 1}};
    const struct usable_cores cores = {.count = 2, .online = 8, .affinity = 4, .quota = 1.5, .quota_file = "cpu.max"};
    recorder_machine(recorder, &(struct recorder_machine){.now_ns = play.snap.now_ns + 5,
                                                          .load = &load,
                                                          .cores = &cores,
                                                          .processes = 321,
                                                          .origin_running = true,
                                                          .origin_latency_ms = 500,
                                                          .origin_rate = 98304});
    recorder_close(recorder);
    struct reel *reel = reel_open_fd(fd, &problem);
    struct reel_machine machine;
    assert_true(reel_machine(reel, UINT64_MAX, &machine));
    assert_int_equal(machine.load.cores, 3);
    assert_true(machine.load.busy[0] == 0.5 && machine.load.busy[1] < 0 && machine.load.busy[2] == 1);
    assert_string_equal(machine.cores.quota_file, "cpu.max");
    assert_true(machine.cores.quota == 1.5 && machine.cores.count == 2 && machine.cores.affinity == 4);
    assert_int_equal(machine.processes, 321);
    assert_int_equal(machine.origin_latency_ms, 500);
    assert_int_equal(machine.origin_rate, 98304);
    reel_close(reel);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_moment_comes_back),          cmocka_unit_test(what_does_not_change_comes_back),
        cmocka_unit_test(between_samples_events_are_exact), cmocka_unit_test(a_step_goes_to_the_next_event),
        cmocka_unit_test(the_timeline_ends_at_the_moment),  cmocka_unit_test(runs_follow_each_other_in_two_lanes),
        cmocka_unit_test(the_machine_comes_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
