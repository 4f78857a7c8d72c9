/* recorder_sample.c - a run, from sample to sample: what has changed since the last one. See recorder.h. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/sys.h"
#include "record/recorder_private.h"

#define KEY_EVERY_NS (4 * NS_PER_S)
#define SAMPLE_EVERY_NS (100 * NS_PER_MS)
#define SAMPLE_EVERY_LEAST_NS (10 * NS_PER_MS)

enum {
    AGE_SHARE = 20,   /* of its age a young run is sampled every 20th */
    COST_SHARE = 100, /* taking a sample costs at most so much of the time */
    INPUTS_AT_ONCE_BYTES = 256 << 10
};

void recorder_forget(struct recorder_lane *lane)
{
    free(lane->seats);
    free(lane->jobs);
    *lane = (struct recorder_lane){0};
}

/* No memory: the run is not recorded, and the record says no wrong thing of it. */
static void run_short_of_memory(struct recorder *recorder)
{
    recorder->payload.failed = true; /* the next chunk is not written, and says why */
}

/* --- the run -------------------------------------------------------------------------------------- */

static void put_options(struct wire_out *out, const struct job_set *set)
{
    switch (set->kind->work) {
    case WORK_PRIMES:
        wire_number(out, set->options.primes.kernel);
        wire_number(out, set->options.primes.product);
        break;
    case WORK_COUNTER:
        wire_number(out, set->options.counter.lock);
        wire_number(out, 0);
        break;
    default:
        wire_number(out, 0);
        wire_number(out, 0);
        break;
    }
}

static void put_run(struct wire_out *out, const struct recorder_run *run, const struct snapshot *snapshot)
{
    for (int table = 0; table < TABLE_COUNT; table++)
        wire_number(out, table_fields((enum record_table)table));
    wire_number(out, snapshot->work);
    wire_number(out, snapshot->executor.how);
    wire_byte(out, snapshot->executor.gil);
    wire_number(out, snapshot->executor.width);
    wire_number(out, snapshot->usable_cores);
    wire_number(out, snapshot->jobs);
    put_options(out, snapshot->set);
    wire_byte(out, run->builtin);
    wire_text(out, run->list);
    wire_text(out, run->output_dir);
    wire_text(out, run->cores);
}

void recorder_begin(struct recorder *recorder, const struct recorder_run *run, const struct snapshot *snapshot)
{
    struct recorder_lane *lane = &recorder->lanes[run->lane];
    recorder_forget(lane);
    if (recorder->problem.text[0])
        return;
    *lane = (struct recorder_lane){.run = ++recorder->runs,
                                   .set = snapshot->set,
                                   .jobs = sys_alloc_zeroed(snapshot->jobs + 1, sizeof *lane->jobs),
                                   .jobs_count = snapshot->jobs,
                                   .begun_ns = snapshot->now_ns};
    if (!lane->jobs)
        run_short_of_memory(recorder);
    put_run(&recorder->payload, run, snapshot);
    recorder_write(recorder, CHUNK_RUN, 0, run->lane, snapshot->now_ns);
    recorder_sample(recorder, run->lane, snapshot, NULL, 0, false);
}

/* A list can be long: so much of it at a time. The address a download is fetched from may hold a password, and is not written. */
static void write_inputs(struct recorder *recorder, int number, uint64_t now_ns)
{
    struct recorder_lane *lane = &recorder->lanes[number];
    struct wire_out *out = &recorder->payload;
    if (lane->inputs >= lane->jobs_count)
        return;
    wire_number(out, lane->inputs);
    while (lane->inputs < lane->jobs_count && out->count < INPUTS_AT_ONCE_BYTES) {
        const struct job_input *input = &lane->set->inputs[lane->inputs++];
        wire_text(out, input->text);
        wire_text(out, input->name);
        wire_number(out, input->limit);
    }
    recorder_write(recorder, CHUNK_INPUTS, 0, number, now_ns);
}

/* --- seats ---------------------------------------------------------------------------------------- */

static bool reach_seats(struct recorder_lane *lane, size_t slots)
{
    if (slots <= lane->seats_count)
        return true;
    struct recorder_seat *seats = sys_realloc(lane->seats, slots * sizeof *seats);
    if (!seats)
        return false;
    memset(seats + lane->seats_count, 0, (slots - lane->seats_count) * sizeof *seats);
    lane->seats = seats;
    lane->seats_count = slots;
    return true;
}

static uint8_t flags_of(const struct worker_snapshot *worker)
{
    return (uint8_t)((worker->used ? SEAT_USED : 0) | (worker->alive ? SEAT_ALIVE : 0) | (worker->stale ? SEAT_STALE : 0));
}

/* A list ends with a distance of 0. */
static void put_seats(struct wire_out *out, struct recorder_lane *lane, const struct snapshot *snapshot,
                      const struct task_state *tasks)
{
    size_t before = 0; /* the last seat written, + 1 */
    for (size_t i = 0; i < snapshot->slots; i++) {
        const struct worker_snapshot *worker = &snapshot->workers[i];
        const struct task_state task = tasks ? tasks[i] : (struct task_state){0};
        struct recorder_seat *seat = &lane->seats[i];
        uint8_t flags = flags_of(worker);
        if (seat->flags == flags && memcmp(&seat->data, &worker->data, sizeof seat->data) == 0 &&
            !table_differs(TABLE_TASK, &seat->task, &task))
            continue;
        wire_number(out, (uint64_t)(i + 1 - before) << SEAT_SHIFT | flags);
        table_put(out, TABLE_SLOT, &worker->data, &seat->data);
        table_put(out, TABLE_TASK, &task, &seat->task);
        *seat = (struct recorder_seat){.data = worker->data, .task = task, .flags = flags};
        before = i + 1;
    }
    wire_number(out, 0);
}

/* --- events --------------------------------------------------------------------------------------- */

/* Slots come in clusters, as their rings were emptied; the time of an event is told by that of the one before it in the cluster. */
static void put_events(struct wire_out *out, struct recorder_lane *lane, const struct journal *journal, uint64_t now_ns)
{
    size_t left = journal->count - lane->events;
    size_t count = left < RECORD_EVENTS_AT_ONCE ? left : RECORD_EVENTS_AT_ONCE;
    struct journal_event before = {.time_ns = now_ns};
    wire_number(out, count);
    for (size_t i = 0; i < count; i++) {
        const struct journal_event *event = &journal->events[lane->events++];
        if (event->slot != before.slot)
            before.time_ns = now_ns;
        wire_change(out, event->slot, before.slot);
        wire_change(out, event->time_ns, before.time_ns);
        wire_change(out, event->job, before.job);
        wire_byte(out, (uint8_t)event->phase);
        before = *event;
    }
}

/* --- jobs ----------------------------------------------------------------------------------------- */

static void put_job(struct wire_out *out, const struct job_snapshot *job, uint64_t now_ns)
{
    wire_number(out, job->word.state);
    wire_number(out, job->word.deaths);
    wire_number(out, job->word.slot);
    wire_number(out, job->word.generation);
    if (!job_state_is_final(job->word.state)) {
        wire_byte(out, job->result.start_ns != 0);
        if (job->result.start_ns)
            wire_change(out, job->result.start_ns, now_ns);
        return;
    }
    const struct job_result base = {.start_ns = now_ns, .end_ns = now_ns, .attempts = 1, .worker = job->word.slot};
    table_put(out, TABLE_RESULT, &job->result, &base);
    wire_text(out, job->result.note[0] ? job->result.note : NULL);
}

/* Those whose word has changed. A list ends with a distance of 0. True: there was no room for all in this one. */
static bool put_jobs(struct wire_out *out, struct recorder_lane *lane, const struct snapshot *snapshot)
{
    size_t before = 0, count = 0, i = lane->jobs_first; /* before: the last job written, + 1 */
    for (; i < lane->jobs_count && count < RECORD_JOBS_AT_ONCE; i++) {
        const struct job_snapshot *job = &snapshot->results[i];
        struct recorder_job *last = &lane->jobs[i];
        uint64_t word = job_word_pack(job->word);
        bool final = job_state_is_final(job->word.state), started = final || job->result.start_ns;
        if (word != last->word || started != last->started) {
            wire_number(out, i + 1 - before);
            put_job(out, job, snapshot->now_ns);
            *last = (struct recorder_job){.word = word, .started = started};
            before = i + 1;
            count++;
        }
        if (final && i == lane->jobs_first)
            lane->jobs_first++;
    }
    wire_number(out, 0);
    return i < lane->jobs_count;
}

/* --- samples -------------------------------------------------------------------------------------- */

static void put_problem(struct wire_out *out, struct recorder_lane *lane, const char *problem, bool key)
{
    bool told = strncmp(lane->problem, problem, sizeof lane->problem - 1) == 0;
    wire_byte(out, key || !told);
    if (!key && told)
        return;
    snprintf(lane->problem, sizeof lane->problem, "%s", problem);
    wire_text(out, lane->problem);
}

/* One chunk. True: there is more to be told of this moment. */
static bool write_sample(struct recorder *recorder, int number, const struct record_frame *frame,
                         const struct task_state *tasks)
{
    struct recorder_lane *lane = &recorder->lanes[number];
    struct wire_out *out = &recorder->payload;
    const struct snapshot *snapshot = &frame->snap;
    bool key = !lane->key_ns || snapshot->now_ns - lane->key_ns >= KEY_EVERY_NS;
    if (key) {
        memset(lane->seats, 0, lane->seats_count * sizeof *lane->seats);
        lane->key_ns = snapshot->now_ns;
    }
    table_put(out, TABLE_FRAME, frame, key ? NULL : &lane->frame);
    lane->frame = *frame;
    put_problem(out, lane, snapshot->problem, key);
    put_seats(out, lane, snapshot, tasks);
    put_events(out, lane, &snapshot->journal, snapshot->now_ns);
    bool more = put_jobs(out, lane, snapshot) || lane->events < snapshot->journal.count;
    recorder_write(recorder, CHUNK_SAMPLE, key ? FLAG_KEY : 0, number, snapshot->now_ns);
    return more && !recorder->problem.text[0];
}

static uint64_t next_due_ns(const struct recorder_lane *lane, uint64_t now_ns, uint64_t cost_ns)
{
    uint64_t every_ns = (now_ns - lane->begun_ns) / AGE_SHARE;
    every_ns = every_ns > SAMPLE_EVERY_NS ? SAMPLE_EVERY_NS : every_ns;
    every_ns = every_ns < SAMPLE_EVERY_LEAST_NS ? SAMPLE_EVERY_LEAST_NS : every_ns;
    return now_ns + (cost_ns * COST_SHARE > every_ns ? cost_ns * COST_SHARE : every_ns);
}

void recorder_sample(struct recorder *recorder, int number, const struct snapshot *snapshot, const struct task_state *tasks,
                     uint64_t sampled_every_ns, bool disturbed)
{
    struct recorder_lane *lane = &recorder->lanes[number];
    const struct record_frame frame = {.snap = *snapshot, .sampled_every_ns = sampled_every_ns, .disturbed = disturbed};
    uint64_t began_ns = clock_thread_cpu_ns();
    if (!lane->run || recorder->problem.text[0])
        return;
    if (!reach_seats(lane, snapshot->slots))
        run_short_of_memory(recorder);
    else
        while (write_sample(recorder, number, &frame, tasks))
            continue;
    do
        write_inputs(recorder, number, snapshot->now_ns);
    while (run_state_is_over(snapshot->state) && lane->inputs < lane->jobs_count && !recorder->problem.text[0]);
    lane->over = run_state_is_over(snapshot->state);
    lane->sampled_ns = snapshot->now_ns;
    lane->due_ns = next_due_ns(lane, snapshot->now_ns, clock_thread_cpu_ns() - began_ns);
}

bool recorder_is_due(const struct recorder *recorder, int number, const struct snapshot *snapshot)
{
    const struct recorder_lane *lane = &recorder->lanes[number];
    if (!lane->run || recorder->problem.text[0])
        return false;
    if (run_state_is_over(snapshot->state)) /* once, and when something of it came late */
        return !lane->over || snapshot->journal.count > lane->events;
    return snapshot->now_ns >= lane->due_ns;
}
