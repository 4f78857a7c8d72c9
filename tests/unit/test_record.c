/* test_record.c - a record shows what was, at every moment; and a damaged one no more than what is sound of it. test: limit 240 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/problem.h"
#include "record/recorder.h"
#include "record/reel.h"
#include "record/reel_private.h"

enum { SLOTS = 12, JOBS = 40, MOMENTS = 90, EVENTS = 4000, MUTATIONS = 3000 };

/* --- chance --------------------------------------------------------------------------------------------------------- */

static uint64_t chance_state;

static uint64_t chance(uint64_t below)
{
    chance_state ^= chance_state << 13;
    chance_state ^= chance_state >> 7;
    chance_state ^= chance_state << 17;
    return chance_state % below;
}

static void seed_chance(void)
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

static void play_init(struct play *play, uint64_t now_ns)
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

static void tell_event(struct play *play, size_t slot, enum phase phase)
{
    struct slot_data *data = &play->workers[slot].data;
    data->phase = phase;
    data->phase_since_ns = play->snap.now_ns;
    assert_true(play->snap.journal.count < EVENTS);
    play->events[play->snap.journal.count++] = (struct journal_event){
        .time_ns = play->snap.now_ns, .slot = (uint32_t)slot, .job = (uint32_t)data->job, .phase = (uint32_t)phase};
}

static void take_job(struct play *play, size_t slot)
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

static void end_job(struct play *play, size_t slot, enum job_state state)
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
static void act(struct play *play, size_t slot)
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

static void play_on(struct play *play)
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

static void note_moment(const struct play *play, struct moment *moment)
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

static struct bytes read_all(int fd)
{
    struct stat there;
    assert_int_equal(fstat(fd, &there), 0);
    struct bytes bytes = {.at = malloc((size_t)there.st_size + 1), .count = (size_t)there.st_size};
    assert_int_equal(pread(fd, bytes.at, bytes.count, 0), (ssize_t)bytes.count);
    return bytes;
}

/* Plays so many moments of a run into lane 0 of the recorder. */
static void record_play(struct recorder *recorder, struct play *play, struct moment *moments, size_t count)
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

static struct bytes make_record(struct play *play, struct moment *moments, size_t count)
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

static struct reel *open_record(struct bytes bytes)
{
    struct problem problem = {.text = ""};
    struct reel *reel = reel_open_bytes(bytes.at, bytes.count, &problem);
    assert_string_equal(problem.text, "");
    assert_non_null(reel);
    return reel;
}

/* --- what is read is what was written ------------------------------------------------------------------------------- */

static void assert_figures(const struct snapshot *got, const struct snapshot *was)
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

static void assert_moment(const struct reel_view *view, const struct moment *was)
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

static void look(struct reel *reel, uint64_t time_ns, struct reel_view *view)
{
    assert_int_equal(reel_look(reel, 0, time_ns, view), 0);
}

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

/* --- damage --------------------------------------------------------------------------------------------------------- */

static bool same_view(const struct reel_view *a, const struct reel_view *b)
{
    const struct record_frame left = {.snap = a->snap}, right = {.snap = b->snap};
    if (table_differs(TABLE_FRAME, &left, &right) || a->snap.done != b->snap.done)
        return false;
    for (size_t i = 0; i < a->snap.slots; i++)
        if (memcmp(&a->snap.workers[i].data, &b->snap.workers[i].data, sizeof a->snap.workers[i].data) != 0)
            return false;
    for (size_t i = 0; i < JOBS; i++)
        if (job_word_pack(a->snap.results[i].word) != job_word_pack(b->snap.results[i].word))
            return false;
    return true;
}

/* What is left of a spoilt record opens, says so, and shows what the whole one shows. True: it opened. */
static bool check_spoilt(struct bytes bytes, struct reel *whole, const char *word)
{
    struct problem problem = {.text = ""};
    struct reel *reel = reel_open_bytes(bytes.at, bytes.count, &problem);
    struct reel_view left, right;
    if (!reel) {
        assert_string_not_equal(problem.text, "");
        return false;
    }
    assert_non_null(strstr(reel_damage(reel), word));
    assert_true(reel_end_ns(reel) <= reel_end_ns(whole));
    look(reel, reel_end_ns(reel), &left);
    look(whole, reel_end_ns(reel), &right);
    assert_true(left.snap.slots == 0 || same_view(&left, &right)); /* cut off before its first sample, it shows less */
    look(reel, UINT64_MAX, &left);
    reel_close(reel);
    return true;
}

static void a_cut_one_plays_up_to_there(void **state)
{
    (void)state;
    static struct play play;
    static struct moment moments[25];
    seed_chance();
    struct bytes bytes = make_record(&play, moments, 25);
    struct reel *whole = open_record(bytes);
    size_t opened = 0;
    for (size_t count = 0; count < bytes.count; count++) {
        uint8_t *copy = malloc(count + 1); /* so that ASan sees who reads past it */
        memcpy(copy, bytes.at, count);
        opened += check_spoilt((struct bytes){copy, count}, whole, "cut off");
        free(copy);
    }
    assert_true(opened > bytes.count * 9 / 10);
    reel_close(whole);
    free(bytes.at);
}

static void a_flipped_bit_is_found(void **state)
{
    (void)state;
    static struct play play;
    static struct moment moments[25];
    seed_chance();
    struct bytes bytes = make_record(&play, moments, 25);
    struct bytes spoilt = {.at = malloc(bytes.count), .count = bytes.count};
    struct reel *whole = open_record(bytes);
    for (size_t i = 0; i < bytes.count; i++) {
        memcpy(spoilt.at, bytes.at, bytes.count);
        spoilt.at[i] ^= (uint8_t)(1 << chance(8));
        check_spoilt(spoilt, whole, "the record is ");
    }
    reel_close(whole);
    free(spoilt.at);
    free(bytes.at);
}

/* The chunks of a record, from where they begin; and the end of the last one. */
static size_t chunks_of(struct bytes bytes, size_t *offsets, size_t room)
{
    size_t count = 0, offset = (size_t)((uint8_t *)memchr(bytes.at, '\n', bytes.count) + 1 - bytes.at);
    while (offset < bytes.count) {
        struct chunk_head head;
        assert_null(chunk_head_take(bytes.at + offset, &head));
        assert_true(count + 1 < room);
        offsets[count++] = offset;
        offset += RECORD_HEAD_BYTES + head.stored_bytes;
    }
    offsets[count] = offset;
    return count;
}

static void chunks_that_are_moved_are_found(void **state)
{
    (void)state;
    static struct play play;
    static struct moment moments[25];
    size_t offsets[64];
    seed_chance();
    struct bytes bytes = make_record(&play, moments, 25);
    struct reel *whole = open_record(bytes);
    size_t count = chunks_of(bytes, offsets, 64);
    struct bytes spoilt = {.at = malloc(2 * bytes.count)};
    for (size_t i = 2; i + 1 < count; i++) { /* one is missing */
        memcpy(spoilt.at, bytes.at, offsets[i]);
        memcpy(spoilt.at + offsets[i], bytes.at + offsets[i + 1], bytes.count - offsets[i + 1]);
        spoilt.count = bytes.count - (offsets[i + 1] - offsets[i]);
        assert_true(check_spoilt(spoilt, whole, "the checksum of chunk "));
    }
    memcpy(spoilt.at, bytes.at, bytes.count); /* the same again behind its end */
    memcpy(spoilt.at + bytes.count, bytes.at, bytes.count);
    spoilt.count = 2 * bytes.count;
    assert_true(check_spoilt(spoilt, whole, "something follows its end"));
    reel_close(whole);
    free(spoilt.at);
    free(bytes.at);
}

/* A record with payloads that are not what a recorder writes, and checksums that are right: chunk number `target` has `raw` in it. */
static struct bytes forge(struct bytes from, size_t target, const uint8_t *raw, size_t raw_bytes)
{
    struct reel_source source = {.bytes = from.at, .count = from.count, .fd = -1};
    size_t offsets[256], count = chunks_of(from, offsets, 256);
    struct bytes out = {.at = malloc(from.count * 64 + raw_bytes + 4096), .count = offsets[0]};
    uint32_t before = (uint32_t)crc32(0, from.at, (uInt)offsets[0]), checksum = before;
    memcpy(out.at, from.at, offsets[0]);
    for (size_t i = 0; i < count; i++) {
        struct chunk_head head;
        struct wire_in in;
        const char *what;
        assert_int_equal(source_chunk(&source, offsets[i], before, &head, &in, &what), SOURCE_CHUNK);
        before = head.checksum;
        const uint8_t *payload = i == target ? raw : in.at;
        head.stored_bytes = head.raw_bytes = (uint32_t)(i == target ? raw_bytes : wire_left(&in));
        head.flags &= (uint8_t)~FLAG_DEFLATED;
        chunk_head_put(out.at + out.count, &head);
        head.checksum = checksum = chunk_checksum(checksum, out.at + out.count, payload, head.stored_bytes);
        chunk_head_put(out.at + out.count, &head);
        out.count += RECORD_HEAD_BYTES;
        if (head.stored_bytes)
            memcpy(out.at + out.count, payload, head.stored_bytes);
        out.count += head.stored_bytes;
    }
    source_close(&source);
    return out;
}

/* Looks at all that can be looked at. */
static void walk(struct reel *reel)
{
    struct reel_view view;
    struct reel_machine machine;
    uint64_t begin_ns = reel_begin_ns(reel), length_ns = reel_end_ns(reel) - begin_ns;
    for (unsigned i = 0; i <= 8; i++)
        for (int lane = 0; lane < RECORD_LANES; lane++)
            if (reel_look(reel, lane, begin_ns + length_ns / 8 * i, &view) == 0 && view.run) {
                assert_true(view.snap.queued + view.snap.running + view.snap.done + view.snap.failed + view.snap.poisoned ==
                            view.snap.jobs);
                for (size_t slot = 0; slot < view.snap.slots; slot++)
                    assert_true(view.snap.workers[slot].data.phase < PHASE_COUNT &&
                                view.snap.workers[slot].data.job <= view.snap.jobs);
            }
    reel_machine(reel, begin_ns, &machine);
    reel_next_event(reel, begin_ns);
}

static size_t payload_of(struct bytes from, size_t target, uint8_t *out, size_t room)
{
    struct reel_source source = {.bytes = from.at, .count = from.count, .fd = -1};
    size_t offsets[256];
    uint32_t before;
    struct chunk_head head;
    struct wire_in in;
    const char *what;
    chunks_of(from, offsets, 256);
    before = (uint32_t)crc32(0, from.at, (uInt)offsets[0]);
    for (size_t i = 0; i <= target; i++) {
        assert_int_equal(source_chunk(&source, offsets[i], before, &head, &in, &what), SOURCE_CHUNK);
        before = head.checksum;
    }
    size_t bytes = wire_left(&in);
    assert_true(bytes <= room);
    memcpy(out, in.at, bytes);
    source_close(&source);
    return bytes;
}

/* A forger knows how to make a checksum: nothing that then stands in a chunk may break anything. */
static void what_is_forged_breaks_nothing(void **state)
{
    (void)state;
    static struct play play;
    static struct moment moments[12];
    size_t offsets[64], opened = 0, damaged = 0;
    uint8_t payload[1 << 16];
    seed_chance();
    struct bytes bytes = make_record(&play, moments, 12);
    size_t count = chunks_of(bytes, offsets, 64);
    for (size_t i = 0; i < MUTATIONS; i++) {
        size_t target = (size_t)chance(count);
        size_t length = payload_of(bytes, target, payload, sizeof payload - 16);
        for (uint64_t n = 1 + chance(4); n > 0 && length; n--)
            payload[chance(length)] = (uint8_t)(chance(2) ? chance(256) : 0xff);
        length = chance(4) ? length : chance(length + 8);
        struct bytes forged = forge(bytes, target, payload, length);
        struct problem problem;
        struct reel *reel = reel_open_bytes(forged.at, forged.count, &problem);
        opened += reel != NULL;
        damaged += reel && reel_damage(reel)[0];
        if (reel)
            walk(reel);
        reel_close(reel);
        free(forged.at);
    }
    assert_true(opened > MUTATIONS / 2 && damaged > MUTATIONS / 10);
    free(bytes.at);
}

/* Nobody draws a worker that is alive where nobody ever sat. */
static void a_worker_in_no_seat_is_not_believed(void **state)
{
    (void)state;
    static struct play play;
    struct problem problem;
    struct reel_view view;
    int fd = memfd_create("record", MFD_CLOEXEC);
    struct recorder *recorder = recorder_open(dup(fd), &problem);
    play_init(&play, clock_now_ns());
    recorder_begin(recorder, &(struct recorder_run){.lane = 0}, &play.snap);
    play.snap.now_ns += NS_PER_S;
    recorder_sample(recorder, 0, &play.snap, NULL, 0, false);
    play.snap.now_ns += NS_PER_S;
    play.workers[2] = (struct worker_snapshot){.alive = true, .used = false};
    recorder_sample(recorder, 0, &play.snap, NULL, 0, false);
    recorder_close(recorder);
    struct reel *reel = reel_open_fd(fd, &problem);
    assert_non_null(reel);
    assert_non_null(strstr(reel_damage(reel), "a seat"));
    look(reel, UINT64_MAX, &view);
    assert_false(view.snap.workers[2].alive);
    reel_close(reel);
}

/* A chunk cannot say that it is far larger than it is. */
static void what_claims_too_much_is_not_believed(void **state)
{
    (void)state;
    const struct chunk_head heads[] = {
        {.type = CHUNK_SAMPLE, .flags = FLAG_DEFLATED, .stored_bytes = 100, .raw_bytes = 1 << 20},
        {.type = CHUNK_SAMPLE, .stored_bytes = UINT32_MAX, .raw_bytes = UINT32_MAX},
        {.type = CHUNK_SAMPLE, .stored_bytes = 10, .raw_bytes = 11},
        {.type = CHUNK_SAMPLE, .stored_bytes = 11, .raw_bytes = 10, .flags = FLAG_DEFLATED},
        {.type = CHUNK_SAMPLE, .lane = RECORD_LANES},
        {.type = CHUNK_TYPE_COUNT},
        {.type = 0},
        {.type = CHUNK_SAMPLE, .flags = 0x80},
    };
    for (size_t i = 0; i < sizeof heads / sizeof *heads; i++) {
        uint8_t bytes[RECORD_HEAD_BYTES];
        struct chunk_head head;
        chunk_head_put(bytes, &heads[i]);
        assert_non_null(chunk_head_take(bytes, &head));
    }
}

/* --- what is no record ---------------------------------------------------------------------------------------------- */

static void what_is_no_record_is_told(void **state)
{
    (void)state;
    static const struct {
        const char *bytes, *word;
    } cases[] = {{"", "empty"},
                 {"{\"version\": 1}\n", "no record"},
                 {"juggler record 2\n", "version 2, and this juggler reads version 1"},
                 {"juggler record 10\n", "version 10"},
                 {"juggler record 1", "no record"},
                 {"juggler record \n", "no record"},
                 {"juggler record 1x\n", "no record"},
                 {"juggler record 1\n", "no run"},
                 {"juggler record 1\nxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", "no run"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct problem problem = {.text = ""};
        assert_null(reel_open_bytes(cases[i].bytes, strlen(cases[i].bytes), &problem));
        assert_non_null(strstr(problem.text, cases[i].word));
    }
}

/* --- writing -------------------------------------------------------------------------------------------------------- */

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
        cmocka_unit_test(every_moment_comes_back),
        cmocka_unit_test(what_does_not_change_comes_back),
        cmocka_unit_test(between_samples_events_are_exact),
        cmocka_unit_test(a_step_goes_to_the_next_event),
        cmocka_unit_test(the_timeline_ends_at_the_moment),
        cmocka_unit_test(runs_follow_each_other_in_two_lanes),
        cmocka_unit_test(the_machine_comes_back),
        cmocka_unit_test(a_cut_one_plays_up_to_there),
        cmocka_unit_test(a_flipped_bit_is_found),
        cmocka_unit_test(chunks_that_are_moved_are_found),
        cmocka_unit_test(what_is_forged_breaks_nothing),
        cmocka_unit_test(what_claims_too_much_is_not_believed),
        cmocka_unit_test(a_worker_in_no_seat_is_not_believed),
        cmocka_unit_test(what_is_no_record_is_told),
        cmocka_unit_test(a_full_disk_is_told_and_what_is_there_plays),
        cmocka_unit_test(samples_are_due_by_the_clock),
        cmocka_unit_test(much_at_once_goes_into_several_chunks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
