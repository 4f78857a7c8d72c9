/* look.c - a snapshot of a run: private, checked copies of what stands on the board.
 *
 * It is taken up to sixty times a second, of a thousand workers and many thousand jobs, so what has not changed since the last look is not
 * copied again: a slot says so by its count, a job by its word. What jobs came to is summed up as they end.
 *
 * The board can be spoilt by a worker that writes wildly, so every value is brought into range here, once; nobody behind this file
 * has to doubt a snapshot. A result is copied when its job's word is final, and never again: what a dying worker might
 * scribble later does not count. */
#include <math.h>
#include <string.h>

#include "base/clock.h"
#include "base/sys.h"
#include "engine/run_private.h"

#define RATE_WINDOW_NS (2 * NS_PER_S)

enum { EVENTS_AT_ONCE = 256 };

const char *run_state_word(enum run_state state)
{
    static const char *const words[] = {"starting", "running", "paused", "stopping", "done", "stopped", "broken"};
    return (size_t)state < sizeof words / sizeof *words ? words[state] : "?";
}

bool run_state_is_over(enum run_state state)
{
    return state == RUN_DONE || state == RUN_STOPPED || state == RUN_BROKEN;
}

void run_note_pause(struct run *run, uint64_t now_ns)
{
    bool paused = !run_is_over(run) && board_mode(run->crew.board) == BOARD_PAUSE;
    if (paused && !run->paused_since_ns)
        run->paused_since_ns = now_ns;
    if (!paused && run->paused_since_ns) {
        run->paused_ns += now_ns > run->paused_since_ns ? now_ns - run->paused_since_ns : 0;
        run->paused_since_ns = 0;
    }
}

/* Appends what came from one slot. Where there is no memory for more, the rest counts as lost. */
static void keep_events(struct run *run, size_t slot, const struct board_event *events, size_t count)
{
    if (run->events_count + count > run->events_room) {
        size_t room = run->events_room * 2 + EVENTS_AT_ONCE;
        struct journal_event *more = sys_realloc(run->events, room * sizeof *more);
        if (!more) {
            run->lost_events += count;
            return;
        }
        run->events = more;
        run->events_room = room;
    }
    for (size_t i = 0; i < count; i++) {
        const struct board_event *event = &events[i];
        if (event->phase >= PHASE_COUNT || event->job > run->crew.set->count)
            continue;
        run->events[run->events_count++] = (struct journal_event){
            .time_ns = event->time_ns, .slot = (uint32_t)slot, .job = event->job, .phase = event->phase};
    }
}

void run_drain_events(struct run *run)
{
    struct board_event events[EVENTS_AT_ONCE];
    for (size_t i = 0; i < run->slots; i++) {
        size_t count;
        do {
            count = board_event_drain(run->crew.board, i, &run->event_cursors[i], events, EVENTS_AT_ONCE, &run->lost_events);
            if (run->keep_events)
                keep_events(run, i, events, count);
        } while (count == EVENTS_AT_ONCE);
    }
}

/* --- workers -------------------------------------------------------------------------------------- */

static void check_slot(struct slot_data *data, size_t jobs)
{
    if (data->phase >= PHASE_COUNT)
        data->phase = PHASE_NONE;
    if (data->job > jobs)
        data->job = 0;
    if (data->kind >= WORKER_KIND_COUNT)
        data->kind = WORKER_THREAD;
    if (data->exit > WORKER_EXIT_KILLED)
        data->exit = WORKER_EXIT_NONE;
    if (data->total && data->done > data->total)
        data->done = data->total;
}

static void look_at_slot(struct run *run, size_t slot)
{
    struct worker_snapshot *worker = &run->workers[slot];
    enum board_news news = board_slot_read_new(run->crew.board, slot, &run->slot_seen[slot], &worker->data);
    worker->stale = news == BOARD_UNSTEADY;
    if (news != BOARD_NEW)
        return;
    check_slot(&worker->data, run->crew.set->count);
    worker->used = worker->data.born_ns != 0;
}

static void look_at_workers(struct run *run, struct snapshot *out)
{
    for (size_t i = 0; i < out->slots; i++) {
        struct worker_snapshot *worker = &run->workers[i];
        look_at_slot(run, i);
        worker->alive = worker->used && worker->data.exit == WORKER_EXIT_NONE && run->runner != 0;
        worker->silent_since_ns = out->runner.silent && worker->alive ? board_silent_since(run->crew.board, i) : 0;
        out->alive += worker->alive;
        out->killed += worker->data.killed;
        out->wire_bytes += worker->data.bytes;
        if (worker->alive && worker->data.job) {
            bool first_try = worker->data.attempt <= 1;
            out->attempts += first_try ? 1 : worker->data.attempt;
            out->bytes += out->work == WORK_DOWNLOAD ? worker->data.done : 0;
        }
    }
}

/* --- jobs ----------------------------------------------------------------------------------------- */

#define LOOK_AGAIN UINT64_MAX /* no word looks like this */

static double job_weight(const struct run *run, size_t job)
{
    return run->weights ? run->weights[job] : 1.0;
}

static void tally_ended(struct run_tally *tally, const struct job_snapshot *job, double weight)
{
    tally->kept += job->word.state == JOB_DONE && (job->result.flags & JOB_FLAG_KEPT);
    tally->attempts += job->result.attempts;
    tally->bytes += job->result.bytes;
    tally->weight += weight;
}

/* Its word is another one than at the last look, or it was not known yet when it began. A final word stays, whatever comes after it. */
static void look_at_job(struct run *run, size_t number, uint64_t word)
{
    struct job_snapshot *job = &run->results[number];
    struct run_tally *tally = &run->tally;
    run->words[number] = word;
    if (job_state_is_final(job->word.state))
        return;
    tally->in_state[job->word.state]--;
    job->word = job_word_unpack(word);
    tally->in_state[job->word.state]++;
    if (job->word.state == JOB_QUEUED)
        return;
    board_result(run->crew.board, number, &job->result);
    if (job_state_is_final(job->word.state)) {
        if (job->word.state == JOB_POISONED)
            job->result.attempts = 0;
        job->result.attempts += job->word.deaths; /* every worker that died on it was an attempt, too */
        tally_ended(tally, job, job_weight(run, number));
    } else if (!job->result.start_ns)
        run->words[number] = LOOK_AGAIN;
}

static void look_at_jobs(struct run *run, struct snapshot *out)
{
    const struct run_tally *tally = &run->tally;
    uint64_t word;
    for (size_t i = 0; (i = board_job_changed(run->crew.board, i, run->words, &word)) < out->jobs; i++)
        look_at_job(run, i, word);
    out->queued = tally->in_state[JOB_QUEUED];
    out->running = tally->in_state[JOB_RUNNING];
    out->done = tally->in_state[JOB_DONE];
    out->failed = tally->in_state[JOB_FAILED];
    out->poisoned = tally->in_state[JOB_POISONED];
    out->kept = tally->kept;
    out->attempts += tally->attempts;
    out->bytes += tally->bytes;
}

/* --- figures of the whole ------------------------------------------------------------------------- */

static double rate_now(struct run *run, uint64_t now_ns, uint64_t bytes)
{
    struct rate_sample *newest = &run->rate[run->rate_at % RATE_SAMPLES];
    if (!run->rate_at || now_ns - newest->time_ns >= RATE_WINDOW_NS / RATE_SAMPLES) {
        run->rate_at++;
        run->rate[run->rate_at % RATE_SAMPLES] = (struct rate_sample){.time_ns = now_ns, .bytes = bytes};
    }
    const struct rate_sample *oldest = NULL;
    for (size_t i = 0; i < RATE_SAMPLES; i++) {
        const struct rate_sample *sample = &run->rate[i];
        bool inside = sample->time_ns && now_ns - sample->time_ns <= RATE_WINDOW_NS + RATE_WINDOW_NS / RATE_SAMPLES;
        if (inside && (!oldest || sample->time_ns < oldest->time_ns))
            oldest = sample;
    }
    if (!oldest || now_ns <= oldest->time_ns || bytes < oldest->bytes)
        return 0;
    return (double)(bytes - oldest->bytes) / ((double)(now_ns - oldest->time_ns) / (double)NS_PER_S);
}

/* Time left, if it goes on as it did: by the share of the whole work that is done, jobs in hand with their own share. */
static double estimate_left(const struct run *run, const struct snapshot *out)
{
    double whole = run->weight, ended = run->tally.weight;
    for (size_t i = 0; i < out->slots; i++) {
        const struct slot_data *data = &out->workers[i].data;
        if (out->workers[i].alive && data->job && data->total && !job_state_is_final(out->results[data->job - 1].word.state))
            ended += job_weight(run, data->job - 1) * (double)data->done / (double)data->total;
    }
    double share = whole > 0 ? ended / whole : 0;
    double so_far_s = (double)(out->wall_ns - out->paused_ns) / (double)NS_PER_S;
    return share < 0.02 || so_far_s < 0.2 ? -1 : so_far_s * (1 - share) / share;
}

static enum run_state state_now(const struct run *run, const struct snapshot *out)
{
    if (run->runner == 0)
        return run->ended;
    if (run->stopping)
        return RUN_STOPPING;
    if (!out->start_ns)
        return RUN_STARTING;
    return board_mode(run->crew.board) == BOARD_PAUSE ? RUN_PAUSED : RUN_RUNNING;
}

static void look_at_time(const struct run *run, struct snapshot *out)
{
    uint64_t until_ns = run->runner ? out->now_ns : run->ended_ns;
    bool sane = out->runner.start_ns >= run->made_ns && out->runner.start_ns <= until_ns;
    out->start_ns = sane ? out->runner.start_ns : 0;
    out->wall_ns = sane ? until_ns - out->start_ns : 0;
    out->paused_since_ns = run->paused_since_ns;
    out->paused_ns = run->paused_ns + (run->paused_since_ns ? until_ns - run->paused_since_ns : 0);
    if (out->paused_ns > out->wall_ns)
        out->paused_ns = out->wall_ns;
}

void run_snapshot(struct run *run, struct snapshot *out)
{
    *out = (struct snapshot){
        .work = run->crew.set->kind->work,
        .executor = run->executor,
        .usable_cores = run->usable_cores,
        .now_ns = clock_now_ns(),
        .jobs = board_jobs(run->crew.board),
        .slots = run->slots,
        .executing = SIZE_MAX,
        .restarts = run->restarts,
        .runner = board_read_runner(run->crew.board),
        .gil = board_read_gil(run->crew.board),
        .cpu_ns = run->cpu_ns,
        .journal = {.events = run->events, .count = run->events_count},
        .lost_events = run->lost_events,
        .runner_pid = run->runner,
        .workers = run->workers,
        .results = run->results,
        .set = run->crew.set,
        .folder_full = run->folder_full,
        .problem = run->problem.text,
    };
    look_at_time(run, out);
    look_at_workers(run, out);
    look_at_jobs(run, out);
    out->state = state_now(run, out);
    out->bytes_per_s = rate_now(run, out->now_ns, out->wire_bytes);
    out->left_s = run_state_is_over(out->state) ? 0 : estimate_left(run, out);
}
