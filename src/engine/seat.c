/* seat.c - the life of a worker: takes jobs, does them, leaves. See seat.h for who writes when. */
#include "engine/seat.h"

#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "engine/worker.h"

static void poke(const struct crew *crew)
{
    uint64_t one = 1;
    ssize_t got = write(crew->poke_fd, &one, sizeof one); /* a full counter means that the runner will look anyway */
    (void)got;
}

void seat_tell(const struct crew *crew, size_t slot, struct board_event event)
{
    uint64_t one = 1;
    if (board_event_push(crew->board, slot, event)) {
        ssize_t got = write(crew->bell_fd, &one, sizeof one); /* a full counter rings as well */
        (void)got;
    }
}

/* --- the runner's side ---------------------------------------------------------------------------- */

uint32_t seat_prepare(const struct crew *crew, size_t slot, enum worker_kind kind)
{
    struct slot_data data;
    uint64_t now_ns = clock_now_ns();
    board_slot_salvage(crew->board, slot,
                       &data); /* nobody else writes now; a runner that died half-way may have left it unsteady */
    if (!data.born_ns)
        data.born_ns = data.account_upto_ns = now_ns;
    /* Between two workers of a seat the seat waits: for the rest of its batch, or for more work. */
    data.account_ns[crew->strategy->barrier ? ACCOUNT_BARRIER : ACCOUNT_NO_WORK] += now_ns - data.account_upto_ns;
    data.account_upto_ns = now_ns;
    data.phase = PHASE_STARTING;
    data.phase_since_ns = now_ns;
    data.job = data.done = data.total = data.attempt = data.pid = data.tid = 0;
    data.generation++;
    data.kind = kind;
    data.exit = WORKER_EXIT_NONE;
    board_slot_write(crew->board, slot, &data);
    seat_tell(crew, slot, (struct board_event){.time_ns = now_ns, .phase = PHASE_STARTING});
    return (uint32_t)data.generation;
}

void seat_retract(const struct crew *crew, size_t slot)
{
    struct slot_data data;
    board_slot_salvage(crew->board, slot, &data);
    if (--data.generation == 0)
        data = (struct slot_data){0}; /* nobody has ever sat here */
    data.phase = data.born_ns ? PHASE_LEFT : PHASE_NONE;
    data.exit = data.born_ns ? WORKER_EXIT_STOPPED : WORKER_EXIT_NONE;
    board_slot_write(crew->board, slot, &data);
}

void seat_vacate(const struct crew *crew, size_t slot)
{
    struct slot_data data;
    uint64_t now_ns = clock_now_ns();
    board_slot_salvage(crew->board, slot, &data);
    if (data.phase != PHASE_BARRIER || now_ns < data.account_upto_ns)
        return;
    data.account_ns[ACCOUNT_BARRIER] += now_ns - data.account_upto_ns;
    data.account_upto_ns = now_ns;
    board_slot_write(crew->board, slot, &data);
}

static enum account_column column_of(enum phase phase)
{
    switch (phase_class_of(phase)) {
    case PHASE_CLASS_RUNNING: return ACCOUNT_ON_CORE;
    case PHASE_CLASS_LOCK: return ACCOUNT_LOCK;
    case PHASE_CLASS_BARRIER: return ACCOUNT_BARRIER;
    case PHASE_CLASS_NO_WORK: return ACCOUNT_NO_WORK;
    default: return ACCOUNT_IO;
    }
}

static void mark_ended(const struct crew *crew, size_t slot, struct slot_data *data, enum phase phase, enum worker_exit how)
{
    uint64_t now_ns = clock_now_ns();
    if (now_ns > data->account_upto_ns)
        data->account_ns[column_of((enum phase)data->phase)] += now_ns - data->account_upto_ns;
    data->account_upto_ns = now_ns;
    data->phase = phase;
    data->phase_since_ns = now_ns;
    data->exit = how;
    board_slot_write(crew->board, slot, data);
    seat_tell(crew, slot, (struct board_event){.time_ns = now_ns, .job = (uint32_t)data->job, .phase = (uint32_t)phase});
}

void seat_mark_killed(const struct crew *crew, size_t slot, struct death death)
{
    struct slot_data data;
    board_slot_salvage(crew->board, slot, &data);
    data.exit_signal = (uint64_t)death.signal;
    data.hung_ns = death.hung_ns;
    data.died_ns = clock_now_ns();
    data.killed++;
    mark_ended(crew, slot, &data, PHASE_DEAD, WORKER_EXIT_KILLED);
}

void seat_mark_stopped(const struct crew *crew, size_t slot)
{
    struct slot_data data;
    board_slot_salvage(crew->board, slot, &data);
    mark_ended(crew, slot, &data, PHASE_LEFT, WORKER_EXIT_STOPPED);
}

/* --- the worker's side ---------------------------------------------------------------------------- */

void seat_begin_job(struct worker *worker, size_t job, struct job_result *result)
{
    struct slot_data *data = &worker->data;
    *result = (struct job_result){.start_ns = board_mark_start(worker->crew->board, job, clock_now_ns())};
    data->job = job + 1;
    data->job_since_ns = clock_now_ns();
    data->attempt = 1;
    data->done = data->total = 0;
    worker->paused_ns = 0;
    worker->job_cpu_ns = worker_cpu_ns(worker);
    worker_phase(worker, PHASE_STARTING);
    worker_publish(worker, data->job_since_ns);
}

static const enum job_state outcome_state[] = {[JOB_OUTCOME_DONE] = JOB_DONE, [JOB_OUTCOME_FAILED] = JOB_FAILED};

/* The account is settled at both ends of a job, so its CPU time is exact. */
bool seat_end_job(struct worker *worker, size_t job, enum job_outcome outcome, struct job_result *result)
{
    const struct crew *crew = worker->crew;
    uint32_t generation = (uint32_t)worker->data.generation;
    if (outcome == JOB_OUTCOME_STOPPED) {
        board_release(crew->board, job, (unsigned)worker->slot, generation);
        return false;
    }
    worker_settle(worker, clock_now_ns());
    result->cpu_ns = worker->cpu_ns - worker->job_cpu_ns;
    result->end_ns = clock_now_ns(); /* last, so that a job never has more CPU time than time */
    result->worker = worker->slot;
    result->attempts = result->attempts ? result->attempts : 1;
    worker->data.jobs++;
    if (result->flags & JOB_FLAG_FOLDER_FULL)
        board_drain(crew->board); /* before this worker, or whoever sees the job failed, takes the next */
    board_finish(crew->board, job, (unsigned)worker->slot, generation, outcome_state[outcome], result);
    return true;
}

static bool do_job(struct worker *worker, void *state, size_t job)
{
    struct job_result result;
    seat_begin_job(worker, job, &result);
    enum job_outcome outcome = worker->crew->set->kind->run(state, worker, job, &result);
    return seat_end_job(worker, job, outcome, &result);
}

/* The seats with the highest numbers leave. One-job workers leave anyway. */
bool seat_is_one_too_many(const struct worker *worker)
{
    const struct strategy *strategy = worker->crew->strategy;
    return strategy->at_once == WORKERS_WIDTH && !strategy->one_job && worker->slot >= board_wanted(worker->crew->board);
}

/* Waits for a job. The wake word is read before the look at the board, so that no bell between the two is missed.
 * False: leave, for the reason in *why. */
static bool next_job(struct worker *worker, size_t *job, enum worker_exit *why)
{
    const struct crew *crew = worker->crew;
    for (;;) {
        board_beat(crew->board, worker->slot);
        uint32_t seen = board_wake_word(crew->board);
        enum board_mode mode = board_mode(crew->board);
        bool over = mode == BOARD_OVER || (crew->strategy->one_job && !board_queued(crew->board, 1));
        if (mode == BOARD_STOP || over || seat_is_one_too_many(worker)) {
            *why = mode == BOARD_STOP ? WORKER_EXIT_STOPPED : over ? WORKER_EXIT_FINISHED : WORKER_EXIT_LEFT;
            return false;
        }
        if (board_claim(crew->board, (unsigned)worker->slot, (uint32_t)worker->data.generation, job))
            return true;
        worker->data.job = 0;
        worker_phase(worker, mode == BOARD_PAUSE || mode == BOARD_DRAIN ? PHASE_PAUSED : PHASE_NO_WORK);
        poke(crew);
        board_sleep(crew->board, seen, mode == BOARD_PAUSE ? WORKER_PAUSE_NS : BEAT_EVERY_NS);
    }
}

static enum worker_exit work(struct worker *worker, void *state)
{
    enum worker_exit why = WORKER_EXIT_FINISHED;
    size_t job;
    while (next_job(worker, &job, &why)) {
        if (!do_job(worker, state, job))
            return WORKER_EXIT_STOPPED;
        if (worker->crew->strategy->one_job)
            break;
    }
    return why;
}

enum seat_end seat_live(const struct crew *crew, size_t slot)
{
    struct worker worker;
    worker_init(&worker, crew, slot);
    void *state = crew->set->kind->worker_start(crew->set, &worker);
    if (!state) {
        worker_end(&worker, PHASE_LEFT, WORKER_EXIT_STOPPED);
        return SEAT_END_UNABLE;
    }
    enum worker_exit why = work(&worker, state);
    crew->set->kind->worker_stop(state);
    worker.data.job = 0;
    bool waits = crew->strategy->barrier && why == WORKER_EXIT_FINISHED;
    worker_end(&worker, waits ? PHASE_BARRIER : PHASE_LEFT, why);
    return SEAT_END_DONE;
}
