/* reel_story.c - a run read whole: what happened when; and how it stood at a moment. See reel.h. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/sys.h"
#include "record/reel_private.h"

void story_free(struct story *story)
{
    free(story->events);
    free(story->changes);
    for (size_t i = 0; i < story->results_count; i++)
        free(story->results[i].note);
    free(story->results);
    free(story->states);
    free(story->inputs);
    for (size_t i = 0; i < story->texts_count; i++)
        free(story->texts[i]);
    free(story->texts);
    free(story->jobs);
    free(story->workers);
    timeline_free(&story->timeline);
    stage_free(&story->stage);
    *story = (struct story){0};
}

/* --- taking in ------------------------------------------------------------------------------------ */

int story_add_event(struct story *story, struct journal_event event)
{
    struct journal_event *events = sys_grow(story->events, &story->events_room, story->events_count, sizeof event);
    if (!events)
        return ENOMEM;
    story->events = events;
    story->events[story->events_count++] = event;
    return 0;
}

static int add_change(struct story *story, struct job_change change)
{
    struct job_change *changes = sys_grow(story->changes, &story->changes_room, story->changes_count, sizeof change);
    if (!changes)
        return ENOMEM;
    story->changes = changes;
    story->changes[story->changes_count++] = change;
    return 0;
}

/* The time at which something happened, which a sample has seen: its own where that lies between this sample and the one before. */
static uint64_t moment(uint64_t time_ns, uint64_t before_ns, uint64_t now_ns)
{
    return time_ns > before_ns && time_ns <= now_ns ? time_ns : now_ns;
}

/* A job that was taken and ended between two samples was running meanwhile. */
static int add_short_one(struct story *story, uint32_t job, struct job_word word, const struct job_result *result,
                         uint64_t before_ns, uint64_t end_ns)
{
    word.state = JOB_RUNNING;
    if (story->states[job] != JOB_QUEUED || result->start_ns <= before_ns || result->start_ns >= end_ns)
        return 0;
    return add_change(story, (struct job_change){.time_ns = result->start_ns,
                                                 .start_ns = result->start_ns,
                                                 .word = job_word_pack(word),
                                                 .job = job,
                                                 .result = UINT32_MAX});
}

static int keep_result(struct story *story, const struct job_result *result)
{
    struct kept_result kept = {.note = NULL};
    struct kept_result *results = sys_grow(story->results, &story->results_room, story->results_count, sizeof kept);
    if (!results)
        return ENOMEM;
    story->results = results;
    memcpy(kept.figures, result, sizeof kept.figures);
    if (result->note[0] && !(kept.note = sys_strdup(result->note)))
        return ENOMEM;
    story->results[story->results_count++] = kept;
    return 0;
}

static void take_out(const struct kept_result *kept, struct job_result *result)
{
    *result = (struct job_result){.start_ns = 0};
    memcpy(result, kept->figures, sizeof kept->figures);
    if (kept->note)
        snprintf(result->note, sizeof result->note, "%s", kept->note);
}

int story_add_change(struct story *story, uint32_t job, struct job_word word, const struct job_result *result,
                     uint64_t before_ns, uint64_t now_ns)
{
    struct job_change change = {.start_ns = result->start_ns, .word = job_word_pack(word), .job = job, .result = UINT32_MAX};
    if (!job_state_is_final(word.state)) {
        change.time_ns = word.state == JOB_RUNNING ? moment(result->start_ns, before_ns, now_ns) : now_ns;
        story->states[job] = (uint8_t)word.state;
        return add_change(story, change);
    }
    change.time_ns = moment(result->end_ns, before_ns, now_ns);
    if (add_short_one(story, job, word, result, before_ns, change.time_ns) != 0 || keep_result(story, result) != 0)
        return ENOMEM;
    story->states[job] = (uint8_t)word.state;
    change.result = (uint32_t)(story->results_count - 1);
    return add_change(story, change);
}

/* --- the order of time ---------------------------------------------------------------------------- */

static uint64_t time_at(const uint8_t *list, size_t index, size_t bytes)
{
    uint64_t time_ns;
    memcpy(&time_ns, list + index * bytes, sizeof time_ns);
    return time_ns;
}

/* Merges two neighbours, each in order, into `to`. */
static void merge(const uint8_t *from, uint8_t *to, size_t begin, size_t middle, size_t end, size_t bytes)
{
    size_t left = begin, right = middle;
    for (size_t at = begin; at < end; at++) {
        bool take_left = left < middle && (right >= end || time_at(from, left, bytes) <= time_at(from, right, bytes));
        size_t next = take_left ? left++ : right++;
        memcpy(to + at * bytes, from + next * bytes, bytes);
    }
}

/* By the time that each element begins with; of equal ones the earlier stays the earlier (qsort would not promise that). */
static int sort_by_time(void *list, size_t count, size_t bytes)
{
    uint8_t *other = sys_alloc(count * bytes + 1), *from = list;
    if (!other)
        return ENOMEM;
    for (size_t width = 1; width < count; width *= 2) {
        for (size_t begin = 0; begin < count; begin += 2 * width) {
            size_t middle = count - begin > width ? begin + width : count;
            size_t end = count - middle > width ? middle + width : count;
            merge(from, from == list ? other : list, begin, middle, end, bytes);
        }
        from = from == list ? other : list;
    }
    if (from != list)
        memcpy(list, other, count * bytes);
    free(other);
    return 0;
}

static int sort_story(struct story *story)
{
    int error = sort_by_time(story->events, story->events_count, sizeof *story->events);
    return error ? error : sort_by_time(story->changes, story->changes_count, sizeof *story->changes);
}

/* --- reading -------------------------------------------------------------------------------------- */

static int make_room(struct story *story, struct film *film)
{
    size_t jobs = film->run.jobs;
    story->states = sys_alloc_zeroed(jobs + 1, sizeof *story->states);
    story->inputs = sys_alloc_zeroed(jobs + 1, sizeof *story->inputs);
    story->jobs = sys_alloc_zeroed(jobs + 1, sizeof *story->jobs);
    if (!story->states || !story->inputs || !story->jobs)
        return ENOMEM;
    for (size_t i = 0; i < jobs; i++)
        story->inputs[i].text = "";
    story->film = film;
    story->set = film->set;
    story->set.inputs = story->inputs;
    story->tally[JOB_QUEUED] = jobs;
    return 0;
}

static const char *read_chunk(struct reel_source *source, const struct reel_chunk *chunk, struct chunk_head *head,
                              struct wire_in *payload)
{
    const char *what;
    switch (source_chunk(source, chunk->offset, chunk->checksum_before, head, payload, &what)) {
    case SOURCE_CHUNK: return NULL;
    case SOURCE_NO_MEMORY: return reel_no_memory;
    default: return "it has changed meanwhile";
    }
}

static const char *read_inputs(struct reel_source *source, struct story *story)
{
    const char *wrong = NULL;
    for (size_t i = 0; i < story->film->inputs.count && !wrong; i++) {
        struct chunk_head head;
        struct wire_in payload;
        wrong = read_chunk(source, &story->film->inputs.list[i], &head, &payload);
        wrong = wrong ? wrong : film_take_inputs(&payload, story->film, story);
    }
    return wrong;
}

/* The picture of time is made as it was live: from the events and the kernel's word, sample by sample. */
static const char *read_samples(struct reel_source *source, struct story *story)
{
    struct film *film = story->film;
    const char *wrong = NULL;
    for (size_t i = 0; i < film->samples.count && !wrong; i++) {
        struct chunk_head head;
        struct wire_in payload;
        wrong = read_chunk(source, &film->samples.list[i], &head, &payload);
        wrong = wrong ? wrong : film_take_sample(&payload, &head, film, &story->stage, story);
        if (wrong)
            break;
        struct snapshot snap = story->stage.frame.snap;
        film_settle(film, &snap);
        snap.workers = story->stage.workers;
        snap.journal = (struct journal){.events = story->events, .count = story->events_count};
        if (timeline_update(&story->timeline, &snap, story->stage.tasks) != 0)
            wrong = reel_no_memory;
    }
    story->sample = film->samples.count;
    return wrong;
}

const char *story_read(struct reel_source *source, struct film *film, struct story *story)
{
    story_free(story);
    const char *wrong = make_room(story, film) != 0 ? reel_no_memory : NULL;
    wrong = wrong ? wrong : read_inputs(source, story);
    wrong = wrong ? wrong : read_samples(source, story);
    if (!wrong && sort_story(story) != 0)
        wrong = reel_no_memory;
    if (wrong)
        story_free(story);
    return wrong;
}

/* --- a moment ------------------------------------------------------------------------------------- */

/* Brings the stage to the last sample that is not later: on from where it is, or from the last whole sample. */
static int go_to_sample(struct reel_source *source, struct story *story, uint64_t time_ns)
{
    struct film *film = story->film;
    size_t wanted = chunks_until(&film->samples, time_ns), key = wanted;
    while (key > 0 && !(film->samples.list[key - 1].flags & FLAG_KEY))
        key--;
    size_t next = story->sample <= wanted && story->sample + 1 > key ? story->sample : key ? key - 1 : 0;
    if (!wanted)
        stage_clear(&story->stage);
    story->sample = SIZE_MAX; /* nowhere, should it fail on the way */
    for (; next < wanted; next++) {
        struct chunk_head head;
        struct wire_in payload;
        const char *wrong = read_chunk(source, &film->samples.list[next], &head, &payload);
        if (!wrong)
            wrong = film_take_sample(&payload, &head, film, &story->stage, NULL);
        if (wrong)
            return -1;
    }
    story->sample = wanted;
    return 0;
}

static void tally(struct story *story, const struct job_snapshot *job, size_t one)
{
    story->tally[job->word.state] += one;
    if (job->word.state == JOB_DONE && (job->result.flags & JOB_FLAG_KEPT))
        story->kept += one;
}

static void apply(struct story *story, const struct job_change *change)
{
    struct job_snapshot *job = &story->jobs[change->job];
    tally(story, job, (size_t)-1);
    job->word = job_word_unpack(change->word);
    if (change->result != UINT32_MAX)
        take_out(&story->results[change->result], &job->result);
    else
        job->result = (struct job_result){.start_ns = change->start_ns};
    tally(story, job, 1);
}

/* Back is from the beginning: a job's words are few. */
static void go_to_jobs(struct story *story, uint64_t time_ns)
{
    if (story->change > 0 && story->changes[story->change - 1].time_ns > time_ns) {
        memset(story->jobs, 0, story->film->run.jobs * sizeof *story->jobs);
        memset(story->tally, 0, sizeof story->tally);
        story->tally[JOB_QUEUED] = story->film->run.jobs;
        story->change = story->kept = 0;
    }
    while (story->change < story->changes_count && story->changes[story->change].time_ns <= time_ns)
        apply(story, &story->changes[story->change++]);
}

/* How many events are not later than that. */
static size_t events_until(const struct story *story, uint64_t time_ns)
{
    size_t low = 0, high = story->events_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (story->events[middle].time_ns <= time_ns)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static void apply_event(struct slot_data *data, const struct journal_event *event)
{
    if (event->time_ns <= data->phase_since_ns)
        return;
    data->phase = event->phase;
    data->phase_since_ns = event->time_ns;
    if (event->job == data->job)
        return;
    data->job = event->job;
    data->job_since_ns = event->job ? event->time_ns : 0;
    data->attempt = event->job ? 1 : 0;
    data->done = data->total = 0;
}

/* The seats of the sample, with what has happened since. */
static int go_to_workers(struct story *story, uint64_t time_ns)
{
    size_t slots = story->stage.frame.snap.slots;
    if (slots > story->workers_room) {
        struct worker_snapshot *more = sys_realloc(story->workers, slots * sizeof *more);
        if (!more)
            return -1;
        story->workers = more;
        story->workers_room = slots;
    }
    if (slots)
        memcpy(story->workers, story->stage.workers, slots * sizeof *story->workers);
    for (size_t i = events_until(story, story->stage.frame.snap.now_ns); i < story->events_count; i++) {
        const struct journal_event *event = &story->events[i];
        if (event->time_ns > time_ns)
            break;
        if (event->slot < slots)
            apply_event(&story->workers[event->slot].data, event);
    }
    return 0;
}

/* The clock of a run that was going on has gone on since the sample. */
static void go_on(struct snapshot *snap, uint64_t time_ns)
{
    uint64_t since_ns = time_ns > snap->now_ns ? time_ns - snap->now_ns : 0;
    if (run_state_is_over(snap->state))
        return;
    snap->now_ns += since_ns;
    if (snap->start_ns)
        snap->wall_ns += since_ns;
    if (snap->state == RUN_PAUSED)
        snap->paused_ns += since_ns;
}

static void show_timeline(struct story *story, const struct snapshot *snap)
{
    bool over = run_state_is_over(snap->state);
    story->shown_timeline = story->timeline;
    story->shown_timeline.start_ns = snap->start_ns;
    story->shown_timeline.end_ns = over ? snap->start_ns + snap->wall_ns : snap->now_ns;
}

int story_look(struct reel_source *source, struct story *story, uint64_t time_ns, struct reel_view *out)
{
    const struct reel_run *run = &story->film->run;
    time_ns = time_ns > run->end_ns ? run->end_ns : time_ns < run->begin_ns ? run->begin_ns : time_ns;
    if (go_to_sample(source, story, time_ns) != 0 || go_to_workers(story, time_ns) != 0)
        return -1;
    go_to_jobs(story, time_ns);
    const struct record_frame *frame = &story->stage.frame;
    *out = (struct reel_view){.run = run,
                              .snap = frame->snap,
                              .tasks = story->stage.tasks,
                              .timeline = &story->shown_timeline,
                              .sampled_every_ns = frame->sampled_every_ns,
                              .disturbed = frame->disturbed};
    struct snapshot *snap = &out->snap;
    film_settle(story->film, snap);
    go_on(snap, time_ns);
    snap->queued = story->tally[JOB_QUEUED];
    snap->running = story->tally[JOB_RUNNING];
    snap->done = story->tally[JOB_DONE];
    snap->failed = story->tally[JOB_FAILED];
    snap->poisoned = story->tally[JOB_POISONED];
    snap->kept = story->kept;
    snap->journal = (struct journal){.events = story->events, .count = events_until(story, time_ns)};
    snap->workers = story->workers;
    snap->results = story->jobs;
    snap->set = &story->set;
    snap->problem = story->stage.problem;
    show_timeline(story, snap);
    return 0;
}
