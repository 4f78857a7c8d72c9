/* played_record.h - a run that never was, recorded: how it stood at each moment is kept, to be compared with what comes out of the record. */
#ifndef TESTS_PLAYED_RECORD_H
#define TESTS_PLAYED_RECORD_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/problem.h"
#include "record/recorder.h"
#include "record/reel_private.h"

enum { SLOTS = 12, JOBS = 40, MOMENTS = 90, EVENTS = 4000 };

/* --- chance --------------------------------------------------------------------------------------------------------- */

static uint64_t chance_state;

static inline uint64_t chance(uint64_t below)
{
    chance_state ^= chance_state << 13;
    chance_state ^= chance_state >> 7;
    chance_state ^= chance_state << 17;
    return chance_state % below;
}

static inline void seed_chance(void)
{
    const char *given = getenv("JUGGLER_SEED");
    chance_state = given ? strtoull(given, NULL, 10) : clock_now_ns() | 1;
    print_message("seed %llu\n", (unsigned long long)chance_state);
}

/* --- a run that is played ------------------------------------------------------------------------------------------- */

/* One that never was: workers take jobs, end them, are killed, at times that are left to chance. */
struct play {
    struct snapshot snap;
    struct worker_snapshot workers[SLOTS];
    struct task_state tasks[SLOTS];
    struct job_snapshot jobs[JOBS];
    struct journal_event events[EVENTS];
    struct job_input inputs[JOBS];
    char texts[JOBS][32];
    struct job_set set;
};

/* How it stood: to be compared with. */
struct moment {
    struct snapshot snap;
    struct worker_snapshot workers[SLOTS];
    struct task_state tasks[SLOTS];
    struct job_snapshot jobs[JOBS];
    char problem[64];
};

static inline void play_init(struct play *play, uint64_t now_ns)
{
    *play = (struct play){.set = {.kind = job_kind_of(WORK_DOWNLOAD), .count = JOBS, .output_dir = -1}};
    for (size_t i = 0; i < JOBS; i++) {
        snprintf(play->texts[i], sizeof play->texts[i], "http://example.org/%zu", i);
        play->inputs[i] = (struct job_input){
            .text = play->texts[i], .url = "http://me:secret@example.org/", .name = strrchr(play->texts[i], '/') + 1};
    }
    play->set.inputs = play->inputs;
    play->snap = (struct snapshot){.work = WORK_DOWNLOAD,
                                   .executor = {.how = HOW_THREAD_POOL, .width = SLOTS / 2},
                                   .usable_cores = 2,
                                   .now_ns = now_ns,
                                   .jobs = JOBS,
                                   .queued = JOBS,
                                   .executing = SIZE_MAX,
                                   .left_s = -1,
                                   .workers = play->workers,
                                   .slots = SLOTS / 2,
                                   .results = play->jobs,
                                   .journal = {.events = play->events},
                                   .set = &play->set,
                                   .problem = ""};
}

static inline void tell_event(struct play *play, size_t slot, enum phase phase)
{
    struct slot_data *data = &play->workers[slot].data;
    data->phase = phase;
    data->phase_since_ns = play->snap.now_ns;
    assert_true(play->snap.journal.count < EVENTS);
    play->events[play->snap.journal.count++] = (struct journal_event){
        .time_ns = play->snap.now_ns, .slot = (uint32_t)slot, .job = (uint32_t)data->job, .phase = (uint32_t)phase};
}

static inline void take_job(struct play *play, size_t slot)
{
    struct slot_data *data = &play->workers[slot].data;
    for (size_t i = 0; i < JOBS; i++) {
        if (play->jobs[i].word.state != JOB_QUEUED)
            continue;
        play->jobs[i].word = (struct job_word){
            .state = JOB_RUNNING, .deaths = play->jobs[i].word.deaths, .slot = (unsigned)slot, .generation = 1};
        play->jobs[i].result = (struct job_result){.start_ns = play->snap.now_ns};
        *data = (struct slot_data){.job = i + 1,
                                   .job_since_ns = play->snap.now_ns,
                                   .attempt = 1,
                                   .total = 1000 + chance(100000),
                                   .pid = 4000,
                                   .tid = 4001 + slot,
                                   .jobs = data->jobs,
                                   .born_ns = play->snap.start_ns,
                                   .generation = 1};
        play->workers[slot].used = play->workers[slot].alive = true;
        play->snap.queued--;
        play->snap.running++;
        tell_event(play, slot, PHASE_WAITING);
        return;
    }
    if (data->phase != PHASE_NO_WORK)
        tell_event(play, slot, PHASE_NO_WORK);
}

static inline void end_job(struct play *play, size_t slot, enum job_state state)
{
    struct slot_data *data = &play->workers[slot].data;
    struct job_snapshot *job = &play->jobs[data->job - 1];
    job->word.state = state;
    play->snap.running--;
    if (state == JOB_QUEUED) {
        job->word.deaths++;
        play->snap.queued++;
    } else {
        job->result = (struct job_result){.start_ns = job->result.start_ns,
                                          .end_ns = play->snap.now_ns,
                                          .cpu_ns = chance(NS_PER_S),
                                          .attempts = 1 + chance(3),
                                          .bytes = data->total,
                                          .http_status = state == JOB_DONE ? 200 : 404,
                                          .flags = state == JOB_DONE && chance(5) == 0 ? JOB_FLAG_KEPT : 0,
                                          .worker = slot};
        if (state == JOB_FAILED)
            snprintf(job->result.note, sizeof job->result.note, "HTTP 404, %u", (unsigned)chance(1000));
        play->snap.done += state == JOB_DONE;
        play->snap.failed += state == JOB_FAILED;
        play->snap.kept += state == JOB_DONE && (job->result.flags & JOB_FLAG_KEPT);
        data->jobs++;
    }
    data->job = data->done = data->total = 0;
    tell_event(play, slot, PHASE_STARTING);
}

/* Something happens in this seat, perhaps. */
static inline void act(struct play *play, size_t slot)
{
    struct slot_data *data = &play->workers[slot].data;
    play->snap.now_ns += 1 + chance(2 * NS_PER_MS);
    if (!data->job)
        take_job(play, slot);
    else if (chance(4) == 0)
        end_job(play, slot, chance(8) == 0 ? JOB_FAILED : chance(9) == 0 ? JOB_QUEUED : JOB_DONE);
    else {
        tell_event(play, slot, chance(2) ? PHASE_RECEIVING : PHASE_WRITING);
        data->done += chance(data->total - data->done + 1);
        data->account_ns[chance(ACCOUNT_COLUMNS)] += chance(NS_PER_S);
        data->bytes += chance(1 << 20);
    }
    play->tasks[slot] =
        (struct task_state){.letter = chance(2) ? 'R' : 'S', .core = (int)chance(3) - 1, .no_core = chance(2)};
}

static inline void play_on(struct play *play)
{
    struct snapshot *snap = &play->snap;
    snap->now_ns += 1 + chance(60 * NS_PER_MS);
    if (!snap->start_ns) {
        snap->start_ns = snap->runner.start_ns = snap->now_ns;
        snap->state = RUN_RUNNING;
    }
    if (chance(12) == 0 && snap->slots < SLOTS)
        snap->executor.width = (unsigned)++snap->slots;
    for (size_t slot = 0; slot < snap->slots; slot++)
        if (chance(3) == 0)
            act(play, slot);
    snap->now_ns += 1;
    snap->wall_ns = snap->now_ns - snap->start_ns;
    snap->bytes_per_s = (double)chance(1 << 30) / 7;
    snap->left_s = chance(2) ? -1 : (double)chance(1000) / 9;
    snap->alive = snap->slots;
    snap->executing = chance(3) ? chance(snap->slots + 1) : SIZE_MAX;
    snap->memory.together_bytes = chance(1 << 20);
    snap->memory.estimated = chance(2);
    snap->gil.holder = chance(snap->slots + 1);
    snap->runner.outcome_known = chance(2);
    snap->problem = chance(4) ? "" : "a runner was started again";
}

static inline void note_moment(const struct play *play, struct moment *moment)
{
    moment->snap = play->snap;
    memcpy(moment->workers, play->workers, sizeof moment->workers);
    memcpy(moment->tasks, play->tasks, sizeof moment->tasks);
    memcpy(moment->jobs, play->jobs, sizeof moment->jobs);
    snprintf(moment->problem, sizeof moment->problem, "%s", play->snap.problem);
}

/* --- records in memory ---------------------------------------------------------------------------------------------- */

struct bytes {
    uint8_t *at;
    size_t count;
};

static inline struct bytes read_all(int fd)
{
    struct stat there;
    assert_int_equal(fstat(fd, &there), 0);
    struct bytes bytes = {.at = malloc((size_t)there.st_size + 1), .count = (size_t)there.st_size};
    assert_int_equal(pread(fd, bytes.at, bytes.count, 0), (ssize_t)bytes.count);
    return bytes;
}

/* Plays so many moments of a run into lane 0 of the recorder. */
static inline void record_play(struct recorder *recorder, struct play *play, struct moment *moments, size_t count)
{
    const struct recorder_run run = {
        .lane = 0, .list = "the list", .output_dir = "out", .cores = "2 usable", .builtin = true};
    recorder_begin(recorder, &run, &play->snap);
    for (size_t i = 0; i < count; i++) {
        play_on(play);
        if (i + 1 == count)
            play->snap.state = RUN_STOPPED;
        recorder_sample(recorder, 0, &play->snap, play->tasks, NS_PER_MS * i, i > count / 2);
        note_moment(play, &moments[i]);
    }
}

static inline struct bytes make_record(struct play *play, struct moment *moments, size_t count)
{
    struct problem problem;
    int fd = memfd_create("record", MFD_CLOEXEC);
    struct recorder *recorder = recorder_open(dup(fd), &problem);
    assert_non_null(recorder);
    play_init(play, clock_now_ns());
    record_play(recorder, play, moments, count);
    recorder_close(recorder);
    struct bytes bytes = read_all(fd);
    close(fd);
    return bytes;
}

static inline struct reel *open_record(struct bytes bytes)
{
    struct problem problem = {.text = ""};
    struct reel *reel = reel_open_bytes(bytes.at, bytes.count, &problem);
    assert_string_equal(problem.text, "");
    assert_non_null(reel);
    return reel;
}

/* --- what is read is what was written ------------------------------------------------------------------------------- */

static inline void assert_figures(const struct snapshot *got, const struct snapshot *was)
{
    const struct record_frame a = {.snap = *got}, b = {.snap = *was};
    assert_false(table_differs(TABLE_FRAME, &a, &b));
    assert_int_equal(got->work, was->work);
    assert_int_equal(got->executor.how, was->executor.how);
    assert_int_equal(got->usable_cores, was->usable_cores);
    assert_int_equal(got->jobs, was->jobs);
    assert_int_equal(got->queued, was->queued);
    assert_int_equal(got->running, was->running);
    assert_int_equal(got->done, was->done);
    assert_int_equal(got->failed, was->failed);
    assert_int_equal(got->poisoned, was->poisoned);
    assert_int_equal(got->kept, was->kept);
    assert_int_equal(got->journal.count, was->journal.count);
}

static inline void assert_moment(const struct reel_view *view, const struct moment *was)
{
    assert_non_null(view->run);
    assert_figures(&view->snap, &was->snap);
    assert_string_equal(view->snap.problem, was->problem);
    for (size_t i = 0; i < was->snap.slots; i++) {
        assert_memory_equal(&view->snap.workers[i].data, &was->workers[i].data, sizeof was->workers[i].data);
        assert_int_equal(view->snap.workers[i].used, was->workers[i].used);
        assert_int_equal(view->snap.workers[i].alive, was->workers[i].alive);
        assert_false(table_differs(TABLE_TASK, &view->tasks[i], &was->tasks[i]));
    }
    for (size_t i = 0; i < JOBS; i++) {
        const struct job_snapshot *job = &view->snap.results[i];
        assert_int_equal(job_word_pack(job->word), job_word_pack(was->jobs[i].word));
        assert_memory_equal(&job->result, &was->jobs[i].result, sizeof job->result);
    }
}

static inline void look(struct reel *reel, uint64_t time_ns, struct reel_view *view)
{
    assert_int_equal(reel_look(reel, 0, time_ns, view), 0);
}

#endif
