/* screen_model.h - hand-built models for the tests of the screen: the state of the pictures in the documentation, and extremes. */
#ifndef TESTS_SCREEN_MODEL_H
#define TESTS_SCREEN_MODEL_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "ui/lane.h"
#include "ui/model.h"

enum { SAMPLE_LANES = 10, SAMPLE_SEGMENTS = 8 }; /* of the picture of time */
enum { SAMPLE_WORKERS_MAX = 1200, SAMPLE_FILES = 20, SAMPLE_LIMITS = 4 };

struct sample {
    struct model model;
    struct worker_snapshot workers[MODEL_LANES][SAMPLE_WORKERS_MAX];
    struct task_state tasks[MODEL_LANES][SAMPLE_WORKERS_MAX];
    struct job_snapshot jobs[MODEL_LANES][SAMPLE_FILES];
    struct job_input files[SAMPLE_FILES], limits[SAMPLE_LIMITS];
    struct job_set sets[MODEL_LANES];
    struct timeline timelines[MODEL_LANES];
    struct timeline_row time_rows[MODEL_LANES][SAMPLE_LANES];
    struct timeline_segment segments[MODEL_LANES][SAMPLE_LANES][SAMPLE_SEGMENTS];
    struct compare_line lines[10];
};

static const char *const sample_names[SAMPLE_FILES] = {"5941812700_0f634b136e_b.jpg",
                                                       "3492581209_485d2bfafc_b.jpg",
                                                       "27729662905_e896a3f604_b.jpg",
                                                       "8238430093_eb19b654e0_b.jpg",
                                                       "5618934898_659bc060cd_b.jpg",
                                                       "14877957549_ccb7e55494_b.jpg",
                                                       "11720191564_76f3f56f12_b.jpg",
                                                       "13546560344_835fc79871_b.jpg",
                                                       "389494506_55bcdc3664_b.jpg",
                                                       "15253602211_0cc91c3fb1_b.jpg",
                                                       "240858231_3d850f4cf2_b.jpg",
                                                       "26655932_ee95e3a11c_b.jpg",
                                                       "32290937_4163039ab5_b.jpg",
                                                       "37683213_0533152f01_b.jpg",
                                                       "24544932_92828d1e21_b.jpg",
                                                       "short.jpg",
                                                       "\xe5\x86\x99\xe7\x9c\x9f.jpg",
                                                       "evil\x1b[31m\xe2\x80\xae.jpg",
                                                       "a-name-without-an-end-to-it-at-all-nor-a-place-to-break-it.jpeg",
                                                       "last.jpg"};

/* What a sample worker is doing. done, total in percent of a file or as given. */
struct sample_worker {
    enum phase phase;
    unsigned job; /* from 1 */
    uint64_t done, total;
    unsigned attempt;
    int core; /* -1: not running */
};

static const struct sample_worker sample_threads[] = {
    {PHASE_RECEIVING, 6, 62, 100, 1, -1}, {PHASE_RECEIVING, 7, 31, 100, 1, -1},  {PHASE_WRITING, 8, 97, 100, 1, 1},
    {PHASE_WAITING, 9, 0, 0, 1, -1},      {PHASE_WAITING, 10, 0, 0, 2, -1},      {PHASE_CONNECTING, 11, 0, 0, 1, -1},
    {PHASE_RECEIVING, 12, 8, 100, 1, -1}, {PHASE_RECEIVING, 13, 44, 100, 3, -1}, {PHASE_RECEIVING, 14, 148000, 0, 1, -1},
    {PHASE_BACKOFF, 15, 0, 100, 2, -1}};

static const struct sample_worker sample_processes[] = {{PHASE_COMPUTING, 1, 510, 1000, 1, 0},
                                                        {PHASE_COMPUTING, 2, 880, 1000, 1, 1},
                                                        {PHASE_MULTIPLYING, 3, 995, 1000, 1, 1},
                                                        {PHASE_COMPUTING, 4, 37, 1000, 1, 0}};

static void sample_put(struct sample *sample, int lane, size_t slot, const struct sample_worker *from)
{
    struct worker_snapshot *worker = &sample->workers[lane][slot];
    *worker = (struct worker_snapshot){.used = true, .alive = true};
    worker->data = (struct slot_data){.phase = from->phase,
                                      .job = from->job,
                                      .attempt = from->attempt,
                                      .done = from->done,
                                      .total = from->total,
                                      .pid = 4000 + slot,
                                      .tid = 4000 + slot,
                                      .generation = 1,
                                      .kind = lane == 1 ? WORKER_PROCESS : WORKER_THREAD,
                                      .born_ns = NS_PER_S,
                                      .jobs = 3,
                                      .account_upto_ns = NS_PER_S + 1900 * NS_PER_MS,
                                      .ready_known = 1,
                                      .account_ns = {10 * NS_PER_MS, 0, 1800 * NS_PER_MS, 0, 0, 90 * NS_PER_MS}};
    if (lane == 1) {
        worker->data.account_ns[ACCOUNT_ON_CORE] = worker->data.account_ns[ACCOUNT_READY] = 950 * NS_PER_MS;
        worker->data.account_ns[ACCOUNT_IO] = worker->data.account_ns[ACCOUNT_NO_WORK] = 0;
    }
    bool runs = from->core >= 0 || phase_class_of(from->phase) == PHASE_CLASS_RUNNING;
    sample->tasks[lane][slot] = (struct task_state){.letter = runs ? 'R' : 'S', .core = from->core};
}

static void sample_lane(struct sample *sample, int number, enum executor_how how, unsigned width, size_t jobs)
{
    struct model_lane *lane = &sample->model.lanes[number];
    enum work work = number == 0 ? WORK_DOWNLOAD : WORK_PRIMES;
    sample->sets[number] = (struct job_set){
        .kind = job_kind_of(work), .inputs = number == 0 ? sample->files : sample->limits, .count = jobs, .output_dir = -1};
    *lane = (struct model_lane){.there = true,
                                .started = true,
                                .executor = {.how = how, .width = width},
                                .work = work,
                                .list_name = number == 0 ? "20 sample images" : "the article's limits \xc3\x97 8",
                                .jobs = jobs,
                                .tasks = sample->tasks[number],
                                .selected = 1};
    lane->snap = (struct snapshot){.state = RUN_RUNNING,
                                   .work = work,
                                   .executor = lane->executor,
                                   .usable_cores = 2,
                                   .now_ns = 4 * NS_PER_S,
                                   .start_ns = NS_PER_S,
                                   .wall_ns = 2130 * NS_PER_MS,
                                   .jobs = jobs,
                                   .running = width,
                                   .alive = width,
                                   .runner = {.start_ns = NS_PER_S, .alive = width, .made = width},
                                   .workers = sample->workers[number],
                                   .slots = width,
                                   .results = sample->jobs[number],
                                   .set = &sample->sets[number],
                                   .problem = ""};
}

static void sample_inputs(struct sample *sample)
{
    static const uint64_t limits[SAMPLE_LIMITS] = {402624, 182048, 314968, 358656};
    for (size_t i = 0; i < SAMPLE_FILES; i++) {
        sample->files[i] = (struct job_input){.text = sample_names[i], .url = sample_names[i], .name = sample_names[i]};
    }
    for (size_t i = 0; i < SAMPLE_LIMITS; i++) {
        sample->limits[i] = (struct job_input){.text = "limit", .limit = limits[i]};
    }
}

static void sample_results(struct model *model)
{
    static const struct model_result results[] = {
        {4, WORK_PRIMES, "process-pool:4", RUN_DONE, 5.08, 1.94, 0.98, 4, 4, 0, "the article's limits x 8", "",
         "78,498 primes, 433,637 digits", false},
        {3, WORK_DOWNLOAD, "sequential", RUN_DONE, 9.81, 0, 0, 20, 20, 0, "the article's 20 images", "",
         "1.8 MiB in 20 files", false},
        {2, WORK_PRIMES, "thread-pool:4", RUN_STOPPED, 5.1, 0, 0, 2, 4, 0, "the article's limits x 8", "", "", false},
        {1, WORK_PRIMES, "sequential", RUN_DONE, 148.2, 1.0, 0.51, 4, 4, 0, "the article's limits x 8", "",
         "78,498 primes, 433,637 digits", true}};
    memcpy(model->results, results, sizeof results);
    model->results_count = sizeof results / sizeof results[0];
}

static void sample_segment(struct sample *sample, int lane, size_t slot, uint64_t ms, struct timeline_segment segment)
{
    struct timeline_row *row = &sample->time_rows[lane][slot];
    row->segments = sample->segments[lane][slot];
    row->room = SAMPLE_SEGMENTS;
    segment.start_ns = NS_PER_S + ms * NS_PER_MS;
    row->segments[row->count++] = segment;
    sample->timelines[lane].seen |= UINT32_C(1) << segment.phase;
    sample->timelines[lane].seen_no_core |= segment.no_core;
}

/* What they did so far: threads wait and receive twice, processes take turns. */
static void sample_time(struct sample *sample)
{
    for (uint32_t slot = 0; slot < SAMPLE_LANES; slot++) {
        uint32_t job = slot + 1, next = slot + 11;
        sample_segment(sample, 0, slot, slot * 10, (struct timeline_segment){.job = job, .phase = PHASE_WAITING});
        sample_segment(sample, 0, slot, 500 + slot * 40, (struct timeline_segment){.job = job, .phase = PHASE_RECEIVING});
        sample_segment(sample, 0, slot, 1200 + slot * 50, (struct timeline_segment){.job = next, .phase = PHASE_WAITING});
        sample_segment(sample, 0, slot, 1700 + slot * 50, (struct timeline_segment){.job = next, .phase = PHASE_RECEIVING});
    }
    for (uint32_t slot = 0; slot < SAMPLE_LIMITS; slot++)
        for (unsigned turn = 0; turn < SAMPLE_SEGMENTS; turn++)
            sample_segment(
                sample, 1, slot, turn * 260,
                (struct timeline_segment){.job = slot + 1, .phase = PHASE_COMPUTING, .no_core = (slot + turn) / 2 % 2 == 0});
    sample->model.timeline =
        (struct timeline_view){.count = MODEL_LANES, .end_ns = 2130 * NS_PER_MS, .span_ns = 10 * NS_PER_S};
    for (int lane = 0; lane < MODEL_LANES; lane++) {
        struct timeline *timeline = &sample->timelines[lane];
        timeline->rows = sample->time_rows[lane];
        timeline->slots = lane == 0 ? SAMPLE_LANES : SAMPLE_LIMITS;
        timeline->start_ns = NS_PER_S;
        timeline->end_ns = NS_PER_S + 2130 * NS_PER_MS;
        sample->model.timeline.tracks[lane] = (struct timeline_track){.timeline = timeline,
                                                                      .letter = lane == 0 ? 't' : 'p',
                                                                      .zero_ns = NS_PER_S,
                                                                      .selected = lane == 0 ? 1 : SIZE_MAX,
                                                                      .focus = lane == 0};
    }
}

/* The figures that the app holds for a moment: those of this one. */
static inline void sample_figures(struct sample *sample)
{
    for (int lane = 0; lane < MODEL_LANES; lane++) {
        struct model_lane *shown = &sample->model.lanes[lane];
        shown->held = lane_held_of(shown);
        shown->counts = lane_counts_of(shown);
        sample->model.timeline.tracks[lane].letter = worker_kind_letter((enum worker_kind)shown->snap.workers[0].data.kind);
        shown->gil = lane_gil_of(&shown->snap);
        shown->account = account_of_lane(&shown->snap);
    }
}

/* Ten threads that download beside four processes that compute. Freed with free(). */
static struct sample *sample_new(void)
{
    struct sample *sample = calloc(1, sizeof *sample);
    if (sample == NULL) {
        abort();
    }
    struct model *model = &sample->model;
    model->version = "1.0.0";
    sample_time(sample);
    sample_inputs(sample);
    sample_lane(sample, 0, HOW_THREAD_POOL, 10, SAMPLE_FILES);
    sample_lane(sample, 1, HOW_PROCESS_POOL, 4, SAMPLE_LIMITS);
    for (size_t i = 0; i < 10; i++) {
        sample_put(sample, 0, i, &sample_threads[i]);
    }
    for (size_t i = 0; i < 4; i++) {
        sample_put(sample, 1, i, &sample_processes[i]);
    }
    struct snapshot *downloads = &model->lanes[0].snap, *primes = &model->lanes[1].snap;
    downloads->done = 5;
    downloads->queued = 5;
    downloads->bytes_per_s = 1992294.4;
    downloads->left_s = 2.4;
    downloads->executing = 1;
    primes->executing = 2;
    primes->left_s = 6;
    downloads->memory = (struct memory_figures){.shared_bytes = 10276044, .together_bytes = 10276044, .processes = 1};
    primes->memory = (struct memory_figures){.private_bytes = 8808038,
                                             .shared_bytes = 1363149,
                                             .together_bytes = 10171187,
                                             .worker_bytes = 2202009,
                                             .processes = 5};
    strcpy(model->lanes[0].sentence, "Nine of ten threads wait for the server: more threads would help.");
    strcpy(model->lanes[1].sentence, "Four processes want two cores: they take turns, and more of them would not help.");
    model->load = (struct machine_load){.cores = 2, .busy = {0.97, 0.93}};
    model->cores = (struct usable_cores){.count = 2, .online = 2, .affinity = 2, .quota = -1};
    model->processes = 312;
    model->origin_latency_ms = 500;
    model->origin_rate = 98304;
    model->lanes[0].builtin = true;
    model->origin_running = true;
    sample_results(model);
    sample_figures(sample);
    return sample;
}

/* The same after both runs have ended. */
static inline void sample_end(struct sample *sample)
{
    for (int lane = 0; lane < MODEL_LANES; lane++) {
        struct snapshot *snap = &sample->model.lanes[lane].snap;
        snap->state = RUN_DONE;
        snap->done = snap->jobs;
        snap->bytes = 1887436;
        snap->running = snap->alive = 0;
        for (size_t slot = 0; slot < snap->slots; slot++) {
            sample->workers[lane][slot].alive = false;
            sample->workers[lane][slot].data.phase = PHASE_LEFT;
            sample->workers[lane][slot].data.exit = WORKER_EXIT_FINISHED;
        }
    }
    sample_figures(sample);
}

/* The second lane computes with four threads under an interpreter lock: the first holds it. */
static inline struct snapshot *sample_gil(struct sample *sample)
{
    struct model_lane *lane = &sample->model.lanes[1];
    struct snapshot *snap = &lane->snap;
    lane->executor = snap->executor = (struct executor){.how = HOW_THREAD_POOL, .width = 4, .gil = true};
    snap->executing = 1;
    snap->memory = (struct memory_figures){.shared_bytes = 2202009, .together_bytes = 2202009, .processes = 1};
    for (size_t slot = 0; slot < 4; slot++) {
        struct slot_data *data = &sample->workers[1][slot].data;
        data->kind = WORKER_THREAD;
        data->phase = slot == 0 ? PHASE_COMPUTING : PHASE_GIL;
        data->phase_since_ns = snap->now_ns - (1 + 5 * slot) * NS_PER_MS;
        sample->tasks[1][slot] = (struct task_state){.letter = slot == 0 ? 'R' : 'S', .core = slot == 0 ? 1 : -1};
    }
    snap->gil = (struct gil_words){.interval_ns = 5 * NS_PER_MS,
                                   .holder = 1,
                                   .since_ns = snap->now_ns - NS_PER_MS,
                                   .held_ns = snap->wall_ns * 97 / 100,
                                   .taken = 815,
                                   .switches = 812,
                                   .asked = 810};
    strcpy(lane->sentence, "The GIL was held 97 % of the time: 4 threads do the work of one.");
    sample_figures(sample);
    return snap;
}

/* The first lane's ten transfers are in the hands of one thread. */
static inline struct snapshot *sample_loop(struct sample *sample)
{
    struct model_lane *lane = &sample->model.lanes[0];
    lane->executor = lane->snap.executor = (struct executor){.how = HOW_EVENT_LOOP, .width = 10};
    for (size_t slot = 0; slot < 10; slot++) {
        sample->workers[0][slot].data.kind = WORKER_TRANSFER;
    }
    lane->snap.executing = 7; /* the same thread, counted for every transfer */
    strcpy(lane->sentence,
           "One thread looks after 10 transfers: 9 of them wait for the server, which needs no thread each.");
    sample_figures(sample);
    return &lane->snap;
}

/* The second lane counts, four threads and this lock. */
static inline struct snapshot *sample_counter(struct sample *sample, enum counter_lock lock)
{
    struct model_lane *lane = &sample->model.lanes[1];
    struct snapshot *snap = &lane->snap;
    lane->work = snap->work = WORK_COUNTER;
    lane->list_name = "counter, no lock";
    lane->executor = snap->executor = (struct executor){.how = HOW_THREAD_POOL, .width = 4};
    sample->sets[1].kind = job_kind_of(WORK_COUNTER);
    sample->sets[1].options.counter.lock = lock;
    for (size_t slot = 0; slot < 4; slot++) {
        sample->limits[slot] = (struct job_input){.text = "300,000,000 adds", .limit = 300000000};
        sample->workers[1][slot].data.kind = WORKER_THREAD;
        sample->workers[1][slot].data.phase = PHASE_COUNTING;
        sample->workers[1][slot].data.account_ns[ACCOUNT_READY] = 0;
        sample->workers[1][slot].data.account_ns[ACCOUNT_ON_CORE] = 380 * NS_PER_MS;
        sample->workers[1][slot].data.account_ns[ACCOUNT_LOCK] = lock == COUNTER_MUTEX ? 620 * NS_PER_MS : 0;
    }
    strcpy(lane->sentence, "4 threads read, add and write one counter without a lock: adds can be lost.");
    return snap;
}

/* A comparison of the primes in its second round; over: after its end. */
static inline void sample_compare(struct sample *sample, bool over)
{
    static const struct line {
        enum executor_how how;
        unsigned width;
        bool gil;
        double median_s, min_s, max_s;
        uint64_t bytes;
    } measured[] = {
        {HOW_SEQUENTIAL, 1, false, 9.91, 9.80, 10.1, 2202009},  {HOW_PROCESS_EACH, 4, false, 5.12, 5.05, 5.3, 9961472},
        {HOW_PROCESS_POOL, 4, false, 5.10, 5.06, 5.2, 9961472}, {HOW_THREAD_EACH, 4, false, 5.05, 5.01, 5.1, 2516582},
        {HOW_THREAD_POOL, 4, false, 4.80, 4.75, 4.9, 2516582},  {HOW_THREAD_POOL, 4, true, 10.2, 9.9, 11.6, 2516582},
        {HOW_THREAD_BATCH, 4, false, 5.04, 5.01, 5.1, 2516582}, {HOW_PROCESS_BATCH, 4, false, -1, -1, -1, 0}};
    enum { LINES = sizeof measured / sizeof *measured };
    static struct compare_run runs[LINES];
    for (size_t i = 0; i < LINES; i++) {
        const struct line *from = &measured[i];
        bool known = from->median_s >= 0;
        runs[i] = (struct compare_run){
            .round = 1, .ended = true, .state = RUN_DONE, .wall_s = from->median_s, .jobs = 4, .done = 4};
        sample->lines[i] = (struct compare_line){.executor = {.how = from->how, .width = from->width, .gil = from->gil},
                                                 .runs = &runs[i],
                                                 .count = known,
                                                 .median_s = from->median_s,
                                                 .min_s = from->min_s,
                                                 .max_s = from->max_s,
                                                 .speedup = known ? 9.91 / from->median_s : -1,
                                                 .workers = from->width,
                                                 .efficiency = known ? 9.91 / from->median_s / from->width : -1,
                                                 .told = known && over,
                                                 .different = known && over && from->max_s < 9.8,
                                                 .best_s = known ? 4.7 : -1,
                                                 .of_possible = known ? 4.7 / from->median_s : -1,
                                                 .memory = {.together_bytes = from->bytes},
                                                 .cpu_s = -1,
                                                 .lock_s = -1,
                                                 .make_s = -1,
                                                 .so_far_s = -1};
        strcpy(sample->lines[i].best_why, known ? "9.4 s of computing, shared evenly by 2 cores." : "");
    }
    struct model_compare *compare = &sample->model.compare;
    sample->model.view = VIEW_COMPARE;
    static const char *const note = "the machine was busy with other things before the start: 0.6 of 2 cores";
    *compare = (struct model_compare){.there = true, .live = !over, .left_s = over ? -1 : 74.2, .top = SIZE_MAX};
    compare->view = (struct compare_view){.work = WORK_PRIMES,
                                          .list_name = "the article's limits x 8",
                                          .rounds = 3,
                                          .round = over ? 3 : 1,
                                          .seed = 8231,
                                          .usable_cores = 2,
                                          .runs_done = over ? 32 : 15,
                                          .runs_all = 32,
                                          .over = over,
                                          .lines = sample->lines,
                                          .count = LINES,
                                          .running = &sample->model.lanes[1].snap,
                                          .notes = {note},
                                          .notes_count = 1};
    if (over) {
        sample->lines[4].winner = true;
        compare->view.controls = true;
        compare->view.waiting = (struct compare_control){
            .known = true, .words = "waiting: the GIL costs nothing (0.100 s and 0.101 s, 4 threads)"};
        compare->view.computing = (struct compare_control){
            .known = true, .words = "computing: with the GIL 4 threads take 2.0 times as long (0.035 s and 0.070 s)"};
        strcpy(compare->view.verdict,
               "thread-pool:4 won: 2.06 times as fast as sequential, 1.05 times as fast as the next.");
    } else {
        sample->lines[7].running = true;
        sample->lines[7].so_far_s = 3.3;
    }
}

/* Lane `lane` has this many workers, in all phases. */
static inline void sample_crowd(struct sample *sample, int lane, size_t workers)
{
    struct snapshot *snap = &sample->model.lanes[lane].snap;
    snap->slots = snap->alive = snap->running = workers;
    snap->executor.width = (unsigned)workers;
    for (size_t slot = 0; slot < workers; slot++) {
        enum phase phase = (enum phase)(PHASE_STARTING + slot % (PHASE_PAUSED - PHASE_STARTING + 1));
        struct sample_worker worker = {phase, (unsigned)(slot % snap->jobs) + 1, slot % 101, 100, 1, -1};
        sample_put(sample, lane, slot, &worker);
    }
    sample_figures(sample);
}

#endif
