/* test_record_writing.c - writing a record: when a sample is due, much at once, and a disk that is full. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include "played_record.h"

/* A file that must not grow is a full disk. What is there plays, and nothing half-written is behind it. */
static void a_full_disk_is_told_and_what_is_there_plays(void **state)
{
    (void)state;
    static struct play play;
    static struct moment moments[MOMENTS];
    struct problem problem;
    char name[] = "record-XXXXXX";
    seed_chance();
    int fd = mkstemp(name);
    struct rlimit old, small = {.rlim_cur = 9000, .rlim_max = RLIM_INFINITY};
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &old), 0);
    small.rlim_max = old.rlim_max;
    signal(SIGXFSZ, SIG_IGN);
    struct recorder *recorder = recorder_open(dup(fd), &problem);
    play_init(&play, clock_now_ns());
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
    record_play(recorder, &play, moments, MOMENTS);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &old), 0);
    assert_non_null(strstr(recorder_problem(recorder), "the record cannot be written on"));
    assert_false(recorder_is_due(recorder, 0, &play.snap));
    recorder_close(recorder);
    struct reel *reel = reel_open_fd(fd, &problem);
    struct reel_view view;
    assert_non_null(strstr(reel_damage(reel), "cut off after"));
    look(reel, UINT64_MAX, &view);
    size_t last = 0;
    while (moments[last].snap.now_ns < reel_end_ns(reel))
        last++;
    assert_true(last > 2 && last < MOMENTS - 1);
    assert_moment(&view, &moments[last]);
    reel_close(reel);
    unlink(name);
}

/* A sample a tenth of a second, more often while the run is young; its end at once, and once. */
static void samples_are_due_by_the_clock(void **state)
{
    (void)state;
    static struct play play;
    struct problem problem;
    play_init(&play, 100 * NS_PER_S);
    struct recorder *recorder = recorder_open(memfd_create("record", MFD_CLOEXEC), &problem);
    struct snapshot *snap = &play.snap;
    assert_false(recorder_is_due(recorder, 0, snap));
    recorder_begin(recorder, &(struct recorder_run){.lane = 0}, snap);
    assert_false(recorder_is_due(recorder, 0, snap));
    snap->now_ns += 300 * NS_PER_MS;
    assert_true(recorder_is_due(recorder, 0, snap));
    assert_false(recorder_is_due(recorder, 1, snap));
    recorder_sample(recorder, 0, snap, NULL, 0, false);
    assert_false(recorder_is_due(recorder, 0, snap));
    snap->state = RUN_DONE;
    assert_true(recorder_is_due(recorder, 0, snap));
    recorder_sample(recorder, 0, snap, NULL, 0, false);
    snap->now_ns += NS_PER_S;
    assert_false(recorder_is_due(recorder, 0, snap));
    recorder_close(recorder);
}

/* More of everything than a chunk takes. */
static void much_at_once_goes_into_several_chunks(void **state)
{
    (void)state;
    enum { MANY = 100000 };
    struct problem problem;
    struct job_input *inputs = calloc(MANY, sizeof *inputs);
    struct job_snapshot *jobs = calloc(MANY, sizeof *jobs);
    struct journal_event *events = calloc(MANY, sizeof *events);
    struct worker_snapshot worker = {.used = true};
    struct job_set set = {.kind = job_kind_of(WORK_PRIMES), .inputs = inputs, .count = MANY, .output_dir = -1};
    struct snapshot snap = {.work = WORK_PRIMES,
                            .executor = {.how = HOW_SEQUENTIAL, .width = 1},
                            .usable_cores = 1,
                            .now_ns = 5 * NS_PER_S,
                            .jobs = MANY,
                            .slots = 1,
                            .workers = &worker,
                            .results = jobs,
                            .set = &set,
                            .problem = ""};
    for (uint32_t i = 0; i < MANY; i++)
        inputs[i] = (struct job_input){.text = "50328", .limit = i};
    int fd = memfd_create("record", MFD_CLOEXEC);
    struct recorder *recorder = recorder_open(dup(fd), &problem);
    recorder_begin(recorder, &(struct recorder_run){.lane = 1}, &snap);
    snap.now_ns += NS_PER_S;
    snap.state = RUN_DONE;
    snap.journal = (struct journal){.events = events, .count = MANY};
    for (uint32_t i = 0; i < MANY; i++) {
        events[i] = (struct journal_event){.time_ns = 5 * NS_PER_S + i * 1000, .job = i + 1, .phase = PHASE_COMPUTING};
        jobs[i] = (struct job_snapshot){.word.state = JOB_DONE, .result = {.start_ns = i, .end_ns = i + 1, .primes = i}};
    }
    recorder_sample(recorder, 1, &snap, NULL, 0, false);
    recorder_close(recorder);
    struct reel *reel = reel_open_fd(fd, &problem);
    struct reel_view view;
    assert_string_equal(reel_damage(reel), "");
    assert_int_equal(reel_look(reel, 1, UINT64_MAX, &view), 0);
    assert_int_equal(view.snap.done, MANY);
    assert_int_equal(view.snap.journal.count, MANY);
    for (uint32_t i = 0; i < MANY; i++) {
        assert_int_equal(view.snap.results[i].result.primes, i);
        assert_int_equal(view.snap.set->inputs[i].limit, i);
        assert_int_equal(view.snap.journal.events[i].job, i + 1);
    }
    reel_close(reel);
    free(inputs);
    free(jobs);
    free(events);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_full_disk_is_told_and_what_is_there_plays),
        cmocka_unit_test(samples_are_due_by_the_clock),
        cmocka_unit_test(much_at_once_goes_into_several_chunks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
