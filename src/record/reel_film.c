/* reel_film.c - what the chunks of a run say, checked: nothing of it is out of its range behind here. */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/sys.h"
#include "base/text.h"
#include "record/reel_private.h"

const char reel_no_memory[] = "memory";

enum { FIELDS_MAX = 64 };

/* --- lists of chunks ------------------------------------------------------------------------------ */

int chunks_add(struct reel_chunks *chunks, struct reel_chunk chunk)
{
    struct reel_chunk *list = sys_grow(chunks->list, &chunks->room, chunks->count, sizeof chunk);
    if (!list)
        return ENOMEM;
    chunks->list = list;
    chunks->list[chunks->count++] = chunk;
    return 0;
}

size_t chunks_until(const struct reel_chunks *chunks, uint64_t time_ns)
{
    size_t low = 0, high = chunks->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (chunks->list[middle].time_ns <= time_ns)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* --- the run -------------------------------------------------------------------------------------- */

static void take_options(struct wire_in *in, enum work work, struct job_set *set)
{
    if (work == WORK_PRIMES) {
        set->options.primes.kernel = (enum prime_kernel)wire_take_up_to(in, KERNEL_SIEVE);
        set->options.primes.product = (enum prime_product)wire_take_up_to(in, PRODUCT_TREE);
    } else {
        set->options.counter.lock = (enum counter_lock)wire_take_up_to(in, work == WORK_COUNTER ? COUNTER_ATOMIC : 0);
        wire_take_up_to(in, 0);
    }
}

/* Made fit to show whatever stands in it. */
static void take_shown(struct wire_in *in, char *out, size_t room)
{
    char text[RECORD_NAME_BYTES];
    wire_take_text_into(in, text, sizeof text);
    text_show(out, room, text, false);
}

const char *film_take_run(struct wire_in *in, const struct chunk_head *head, struct film *film)
{
    struct reel_run *run = &film->run;
    for (int table = 0; table < TABLE_COUNT; table++)
        film->fields[table] = (size_t)wire_take_up_to(in, FIELDS_MAX);
    run->number = head->run;
    run->lane = head->lane;
    run->begin_ns = run->end_ns = head->time_ns;
    run->work = (enum work)wire_take_up_to(in, WORK_COUNT - 1);
    run->executor.how = (enum executor_how)wire_take_up_to(in, HOW_COUNT - 1);
    run->executor.gil = wire_take_up_to(in, 1);
    run->executor.width = (unsigned)wire_take_up_to(in, BOARD_WORKERS_MAX);
    run->usable_cores = (unsigned)wire_take_up_to(in, UINT16_MAX);
    run->jobs = (size_t)wire_take_up_to(in, BOARD_JOBS_MAX);
    film->set = (struct job_set){.kind = job_kind_of(run->work), .count = run->jobs, .output_dir = -1, .part_prefix = ""};
    take_options(in, run->work, &film->set);
    run->builtin = wire_take_up_to(in, 1);
    take_shown(in, film->list, sizeof film->list);
    take_shown(in, film->output_dir, sizeof film->output_dir);
    take_shown(in, film->cores, sizeof film->cores);
    run->list = film->list;
    run->output_dir = film->output_dir;
    run->cores = film->cores;
    bool sound = !in->bad && run->executor.width >= 1 && run->usable_cores >= 1;
    return sound && !executor_refusal(&run->executor, run->work) ? NULL : "the description of a run";
}

/* --- inputs --------------------------------------------------------------------------------------- */

/* A block for the texts of a chunk, which needs no more room than the payload with a NUL a text. */
static char *make_block(struct story *story, size_t bytes)
{
    char **texts = sys_grow(story->texts, &story->texts_room, story->texts_count, sizeof *texts);
    if (!texts)
        return NULL;
    story->texts = texts;
    char *block = sys_alloc(bytes);
    if (block)
        story->texts[story->texts_count++] = block;
    return block;
}

/* The length of a text takes a byte at least, which makes room for its NUL. */
static const char *take_input_text(struct wire_in *in, char **block)
{
    size_t length;
    const char *text = wire_take_text(in, RECORD_TEXT_MAX, &length);
    if (!text || !*block)
        return NULL;
    char *copy = *block;
    memcpy(copy, text, length);
    copy[length] = '\0';
    *block += length + 1;
    return copy;
}

const char *film_take_inputs(struct wire_in *in, const struct film *film, struct story *story)
{
    char *block = story ? make_block(story, wire_left(in) + 1) : NULL;
    if (story && !block)
        return reel_no_memory;
    for (uint64_t job = wire_take_number(in); wire_left(in) && !in->bad; job++) {
        struct job_input input = {.text = take_input_text(in, &block)};
        input.name = take_input_text(in, &block);
        input.limit = wire_take_number(in);
        if (in->bad || job >= film->run.jobs)
            return "an input";
        if (story)
            story->inputs[job] = input;
    }
    return in->bad ? "an input" : NULL;
}

/* --- seats ---------------------------------------------------------------------------------------- */

void stage_free(struct stage *stage)
{
    free(stage->workers);
    free(stage->tasks);
    *stage = (struct stage){0};
}

static int reach_slots(struct stage *stage, size_t slots)
{
    if (slots <= stage->room)
        return 0;
    struct worker_snapshot *workers = sys_realloc(stage->workers, slots * sizeof *workers);
    stage->workers = workers ? workers : stage->workers;
    struct task_state *tasks = sys_realloc(stage->tasks, slots * sizeof *tasks);
    stage->tasks = tasks ? tasks : stage->tasks;
    if (!workers || !tasks)
        return ENOMEM;
    memset(workers + stage->room, 0, (slots - stage->room) * sizeof *workers);
    memset(tasks + stage->room, 0, (slots - stage->room) * sizeof *tasks);
    stage->room = slots;
    return 0;
}

static bool seat_is_sound(const struct worker_snapshot *worker, size_t jobs)
{
    const struct slot_data *data = &worker->data;
    return (worker->used || !worker->alive) && data->phase < PHASE_COUNT && data->job <= jobs &&
           data->kind < WORKER_KIND_COUNT && data->exit <= WORKER_EXIT_KILLED && (!data->total || data->done <= data->total);
}

static bool task_is_sound(const struct task_state *task)
{
    return task->core >= -1 && (!task->letter || (task->letter > ' ' && task->letter < 0x7f));
}

static const char *take_seats(struct wire_in *in, const struct film *film, struct stage *stage)
{
    size_t at = 0; /* the seat before, + 1 */
    for (;;) {
        uint64_t step = wire_take_number(in);
        if (in->bad)
            return "a seat";
        if (step == 0)
            return NULL;
        if (step >> SEAT_SHIFT == 0 || step >> SEAT_SHIFT > stage->frame.snap.slots - at)
            return "a seat's number";
        at += (size_t)(step >> SEAT_SHIFT);
        struct worker_snapshot *worker = &stage->workers[at - 1];
        table_take(in, TABLE_SLOT, film->fields[TABLE_SLOT], &worker->data);
        table_take(in, TABLE_TASK, film->fields[TABLE_TASK], &stage->tasks[at - 1]);
        worker->used = step & SEAT_USED;
        worker->alive = step & SEAT_ALIVE;
        worker->stale = step & SEAT_STALE;
        if (in->bad || !seat_is_sound(worker, film->run.jobs) || !task_is_sound(&stage->tasks[at - 1]))
            return "a seat";
    }
}

/* --- events and jobs ------------------------------------------------------------------------------ */

/* A worker that writes wildly can spoil a time on the board: such a one is brought to where it can have been. */
static uint64_t sane_time(const struct film *film, uint64_t time_ns, uint64_t now_ns)
{
    uint64_t least_ns = film->run.begin_ns > NS_PER_S ? film->run.begin_ns - NS_PER_S : 0;
    return time_ns < least_ns ? least_ns : time_ns > now_ns ? now_ns : time_ns;
}

static const char *take_events(struct wire_in *in, struct film *film, const struct stage *stage, struct story *story)
{
    uint64_t now_ns = stage->frame.snap.now_ns, count = wire_take_up_to(in, RECORD_EVENTS_AT_ONCE);
    struct journal_event before = {.time_ns = now_ns};
    film->events += film->checked ? 0 : (size_t)count;
    if (film->events > REEL_EVENTS_MAX)
        return "the number of events";
    for (uint64_t i = 0; i < count && !in->bad; i++) {
        uint64_t slot = wire_take_change(in, before.slot);
        uint64_t time_ns = wire_take_change(in, slot == before.slot ? before.time_ns : now_ns);
        uint64_t job = wire_take_change(in, before.job);
        uint8_t phase = wire_take_byte(in);
        if (in->bad || slot >= stage->frame.snap.slots || job > film->run.jobs || phase >= PHASE_COUNT)
            return "an event";
        before = (struct journal_event){.time_ns = time_ns, .slot = (uint32_t)slot, .job = (uint32_t)job, .phase = phase};
        struct journal_event event = before;
        event.time_ns = sane_time(film, time_ns, now_ns);
        if (story && story_add_event(story, event) != 0)
            return reel_no_memory;
    }
    return in->bad ? "an event" : NULL;
}

static void take_note(struct wire_in *in, char out[BOARD_NOTE_BYTES])
{
    char note[BOARD_NOTE_BYTES];
    wire_take_text_into(in, note, sizeof note);
    text_show(out, BOARD_NOTE_BYTES, note, false);
}

static bool take_job(struct wire_in *in, const struct film *film, uint64_t now_ns, struct job_word *word,
                     struct job_result *result)
{
    word->state = (enum job_state)wire_take_up_to(in, JOB_STATE_COUNT - 1);
    word->deaths = (unsigned)wire_take_up_to(in, UINT8_MAX);
    word->slot = (unsigned)wire_take_up_to(in, UINT16_MAX);
    word->generation = (uint32_t)wire_take_up_to(in, UINT32_MAX);
    *result = (struct job_result){0};
    if (job_state_is_final(word->state)) {
        *result = (struct job_result){.start_ns = now_ns, .end_ns = now_ns, .attempts = 1, .worker = word->slot};
        table_take(in, TABLE_RESULT, film->fields[TABLE_RESULT], result);
        take_note(in, result->note);
    } else if (wire_take_up_to(in, 1))
        result->start_ns = wire_take_change(in, now_ns);
    return !in->bad;
}

static const char *take_jobs(struct wire_in *in, struct film *film, const struct stage *stage, uint64_t before_ns,
                             struct story *story)
{
    uint64_t now_ns = stage->frame.snap.now_ns;
    size_t at = 0; /* the job before, + 1 */
    for (;;) {
        struct job_word word;
        struct job_result result;
        uint64_t step = wire_take_up_to(in, film->run.jobs - at);
        if (in->bad)
            return "a job's number";
        if (step == 0)
            return NULL;
        at += (size_t)step;
        if (!take_job(in, film, now_ns, &word, &result))
            return "a job";
        if (!film->checked && ++film->changes > REEL_JOB_CHANGES_A_JOB * film->run.jobs)
            return "the number of jobs";
        if (story && story_add_change(story, (uint32_t)(at - 1), word, &result, before_ns, now_ns) != 0)
            return reel_no_memory;
    }
}

/* --- samples -------------------------------------------------------------------------------------- */

/* Those figures that something is reached by have to be in their range. */
static bool frame_is_sound(const struct record_frame *frame, const struct chunk_head *head)
{
    const struct snapshot *snap = &frame->snap;
    return snap->state <= RUN_BROKEN && snap->slots <= BOARD_WORKERS_MAX && snap->now_ns <= head->time_ns &&
           snap->executor.width >= 1 && snap->executor.width <= BOARD_WORKERS_MAX && snap->start_ns <= snap->now_ns;
}

static double sane_double(double value, double otherwise)
{
    return isfinite(value) && value >= 0 ? value : otherwise;
}

void film_settle(const struct film *film, struct snapshot *snap)
{
    uint64_t age_ns = snap->start_ns ? snap->now_ns - snap->start_ns : 0;
    snap->bytes_per_s = sane_double(snap->bytes_per_s, 0);
    snap->left_s = sane_double(snap->left_s, -1);
    snap->wall_ns = snap->wall_ns < age_ns ? snap->wall_ns : age_ns;
    snap->paused_ns = snap->paused_ns < snap->wall_ns ? snap->paused_ns : snap->wall_ns;
    snap->alive = snap->alive < snap->slots ? snap->alive : snap->slots;
    if (snap->executing > snap->slots)
        snap->executing = SIZE_MAX;
    if (snap->gil.holder > snap->slots)
        snap->gil.holder = 0;
    if (!snap->executor.width) /* before the first sample */
        snap->executor.width = film->run.executor.width;
    snap->work = film->run.work;
    snap->executor.how = film->run.executor.how;
    snap->executor.gil = film->run.executor.gil;
    snap->usable_cores = film->run.usable_cores;
    snap->jobs = film->run.jobs;
}

void stage_clear(struct stage *stage)
{
    stage->frame = (struct record_frame){0};
    for (size_t i = 0; i < stage->room; i++) {
        stage->workers[i] = (struct worker_snapshot){0};
        stage->tasks[i] = (struct task_state){0};
    }
}

const char *film_take_sample(struct wire_in *in, const struct chunk_head *head, struct film *film, struct stage *stage,
                             struct story *story)
{
    bool key = head->flags & FLAG_KEY;
    uint64_t before_ns = stage->frame.snap.now_ns;
    if (key)
        stage_clear(stage);
    else if (!before_ns)
        return "a sample that stands on none";
    table_take(in, TABLE_FRAME, film->fields[TABLE_FRAME], &stage->frame);
    if (in->bad || !frame_is_sound(&stage->frame, head))
        return "the figures of a sample";
    if (wire_take_byte(in))
        wire_take_text_into(in, stage->problem, sizeof stage->problem);
    if (reach_slots(stage, stage->frame.snap.slots) != 0)
        return reel_no_memory;
    const char *wrong = take_seats(in, film, stage);
    wrong = wrong ? wrong : take_events(in, film, stage, story);
    wrong = wrong ? wrong : take_jobs(in, film, stage, before_ns, story);
    return wrong || !wire_left(in) ? wrong : "a sample's length";
}
