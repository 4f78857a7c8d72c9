/* screen_model.h - hand-built models for the tests of the screen: the state of the pictures in the documentation, and extremes. */
#ifndef TESTS_SCREEN_MODEL_H
#define TESTS_SCREEN_MODEL_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "ui/model.h"

enum { SAMPLE_WORKERS_MAX = 1200, SAMPLE_FILES = 20, SAMPLE_LIMITS = 4 };

struct sample {
    struct model model;
    struct worker_snapshot workers[MODEL_LANES][SAMPLE_WORKERS_MAX];
    struct task_state tasks[MODEL_LANES][SAMPLE_WORKERS_MAX];
    struct job_snapshot jobs[MODEL_LANES][SAMPLE_FILES];
    struct job_input files[SAMPLE_FILES], limits[SAMPLE_LIMITS];
    struct job_set sets[MODEL_LANES];
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
                                      .account_ns = {10 * NS_PER_MS, 0, 1800 * NS_PER_MS, 0, 0, 90 * NS_PER_MS}};
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
        {4, WORK_PRIMES, "process-pool:4", RUN_DONE, 5.08, 1.94, 0.98, 4, 4, 0, "the article's limits x 8",
         "78,498 primes, 433,637 digits", false},
        {3, WORK_DOWNLOAD, "sequential", RUN_DONE, 9.81, 0, 0, 20, 20, 0, "the article's 20 images", "1.8 MiB in 20 files",
         false},
        {2, WORK_PRIMES, "thread-pool:4", RUN_STOPPED, 5.1, 0, 0, 2, 4, 0, "the article's limits x 8", "", false},
        {1, WORK_PRIMES, "sequential", RUN_DONE, 148.2, 1.0, 0.51, 4, 4, 0, "the article's limits x 8",
         "78,498 primes, 433,637 digits", true}};
    memcpy(model->results, results, sizeof results);
    model->results_count = sizeof results / sizeof results[0];
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
    model->lanes[0].memory_bytes = 10276044;
    model->lanes[0].processes = 1;
    model->lanes[1].memory_bytes = 8808038;
    model->lanes[1].processes = 5;
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
}

#endif
