/* runner.c - the one loop that carries out every strategy, on any backend.
 *
 *     collect the workers that have ended; put back what the dead ones held
 *     all jobs final?  say OVER, and leave when the last worker has been joined
 *     told to stop?    wait for the workers a moment, then end them
 *     else             seat as many workers as the strategy says
 *     wait             for a poke (the app, or a worker without work), or for a child
 *
 * Writes: the runner's words, and the slots of seats that are empty. When the runner dies its workers die with it (threads share its
 * fate, processes have PR_SET_PDEATHSIG), and the app recovers from the board alone. */
#include "engine/runner.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/sys.h"
#include "engine/gil.h"
#include "engine/lease.h"
#include "engine/recover.h"

enum {
    STOP_GRACE_MS = 400, /* how long workers may take to notice that they are to stop */
    MAKE_AGAIN_MS = 50,  /* after a worker could not be made */
    SWEEP_MS = 1000,     /* look around at least so often, should a hint get lost */
    FRUITLESS_MAX = 20   /* so many failures in a row, with nobody at work: give up */
};

const struct backend *backend_of(enum backend_kind kind)
{
    static const struct backend *const backends[] = {
        [BACKEND_THREAD] = &backend_thread, [BACKEND_PROCESS] = &backend_process, [BACKEND_LOOP] = &backend_loop};
    return (size_t)kind < sizeof backends / sizeof *backends ? backends[kind] : NULL;
}

/* --- ends of workers ------------------------------------------------------------------------------ */

/* What it held goes back: charged to the job when it died of itself, not when it was ended because all is to stop. */
static size_t put_back(struct runner *runner, const struct seat *seat, bool charged, struct death death)
{
    const struct job_set *set = runner->crew.set;
    size_t found = 0;
    for (size_t job = 0; job < set->count; job++) {
        struct job_word word = board_job(runner->crew.board, job);
        if (word.state != JOB_RUNNING || word.slot != seat->slot || word.generation != seat->generation)
            continue;
        found++;
        if (set->kind->abandon)
            set->kind->abandon(set, job);
        if (charged)
            job_recover(runner->crew.board, job, death);
        else
            board_release(runner->crew.board, job, word.slot, word.generation);
    }
    return found;
}

static uint64_t jobs_ended_in(const struct runner *runner, size_t slot)
{
    struct slot_data data;
    board_slot_salvage(runner->crew.board, slot, &data);
    return data.jobs;
}

/* Who had a job, or has ended one, was fruitful: that workers die is no reason to make no more of them. Each job is charged a few times at most, so
 * this has an end, too. */
static void bury(struct runner *runner, const struct seat *seat, int signal_number)
{
    bool stopping = board_mode(runner->crew.board) == BOARD_STOP;
    struct death death = {.signal = signal_number, .hung_ns = seat->hung && !seat->asked ? seat->lease.silent_ns : 0};
    size_t found = put_back(runner, seat, !stopping && !seat->asked, death);
    runner->words.hung += death.hung_ns > 0;
    if (found || jobs_ended_in(runner, seat->slot) != seat->jobs)
        runner->fruitless = 0;
    else if (!stopping && !seat->asked) { /* no job can be blamed: if it goes on like this, none is made any more */
        runner->fruitless++;
        runner->words.make_failed = ECHILD;
    }
    if (stopping)
        seat_mark_stopped(&runner->crew, seat->slot);
    else
        seat_mark_killed(&runner->crew, seat->slot, death);
}

void runner_seat_empty(struct runner *runner, struct seat *seat, enum seat_end end, bool killed, int signal_number)
{
    seat->occupied = false;
    runner->alive--;
    lease_end(runner, seat);
    if (end == SEAT_END_UNABLE) {
        runner->fruitless++;
        runner->words.make_failed = ENOMEM;
    } else if (killed) {
        bury(runner, seat, signal_number);
    } else {
        runner->fruitless = 0;
    }
    if (runner->alive > 0)
        return;
    for (size_t i = 0; i < runner->reach; i++) /* the last one of its batch: the others have waited for it until now */
        seat_vacate(&runner->crew, i);
}

/* --- the strategy --------------------------------------------------------------------------------- */

static size_t width_now(const struct runner *runner)
{
    size_t wanted = board_wanted(runner->crew.board);
    switch (runner->crew.strategy->at_once) {
    case WORKERS_ONE: return 1;
    case WORKERS_ALL: return runner->slots;
    default: return wanted < runner->slots ? wanted : runner->slots;
    }
}

/* Jobs that nobody has brought to an end; at most slots are asked for by those who need the number. */
static size_t jobs_open(struct runner *runner)
{
    size_t open = 0;
    for (size_t job = runner->final_hint; job < runner->crew.set->count; job++)
        open += !job_state_is_final(board_job(runner->crew.board, job).state);
    return open;
}

/* How many workers are missing. A batch starts when the last one is gone altogether. One-job workers: as many as there are open jobs
 * that no living worker holds or will take. A pool is kept at its width, as long as there is anything left to do. */
static size_t workers_missing(struct runner *runner)
{
    const struct strategy *strategy = runner->crew.strategy;
    size_t width = width_now(runner);
    if (strategy->barrier)
        return runner->alive ? 0 : board_queued(runner->crew.board, width);
    if (strategy->one_job) {
        size_t open = jobs_open(runner);
        return open > runner->alive ? open - runner->alive : 0;
    }
    return width;
}

static int seat_fill(struct runner *runner, struct seat *seat)
{
    uint64_t begin_ns = clock_now_ns();
    seat->generation = seat_prepare(&runner->crew, seat->slot, runner->backend->makes);
    seat->occupied = true;
    seat->asked = seat->hung = false;
    seat->jobs = jobs_ended_in(runner, seat->slot);
    lease_begin(runner, seat);
    int error = runner->backend->make(runner, seat);
    if (error) {
        seat_retract(&runner->crew, seat->slot);
        seat->occupied = false;
        runner->fruitless++;
        runner->words.make_failed = (uint64_t)error;
        return error;
    }
    runner->alive++;
    runner->words.made++;
    runner->words.make_ns += clock_now_ns() - begin_ns;
    return 0;
}

/* Seats fill from the lowest number up; a pool looks at its first width seats only. */
static void fill_seats(struct runner *runner)
{
    size_t missing = workers_missing(runner);
    size_t reach = runner->crew.strategy->at_once == WORKERS_ALL ? runner->slots : width_now(runner);
    bool new_batch = missing && runner->crew.strategy->barrier;
    runner->words.batch += new_batch;
    runner->reach = reach > runner->reach ? reach : runner->reach;
    for (size_t i = 0; i < reach && missing; i++) {
        if (board_mode(runner->crew.board) >= BOARD_STOP)
            return;
        if (runner->seats[i].occupied)
            continue;
        if (seat_fill(runner, &runner->seats[i]) != 0)
            return;
        missing--;
    }
}

/* --- the loop ------------------------------------------------------------------------------------- */

static void publish(struct runner *runner)
{
    runner->words.alive = runner->alive;
    board_write_runner(runner->crew.board, &runner->words);
}

static void wait_for_news(const struct runner *runner, int timeout_ms)
{
    struct pollfd fds[] = {{.fd = runner->crew.poke_fd, .events = POLLIN}, {.fd = runner->child_fd, .events = POLLIN}};
    if (poll(fds, 2, timeout_ms) <= 0)
        return;
    uint64_t count;
    ssize_t got = fds[0].revents ? read(runner->crew.poke_fd, &count, sizeof count) : 0;
    (void)got;
}

/* Only here, in the process that forked it and has not reaped it yet: its number can't be somebody else's. */
static void kill_as_asked(struct runner *runner)
{
    unsigned slot;
    uint32_t generation;
    if (!board_take_kill(runner->crew.board, &slot, &generation) || slot >= runner->slots || !runner->backend->kill_one)
        return;
    struct seat *seat = &runner->seats[slot];
    if (!seat->occupied || seat->generation != generation)
        return; /* it went by itself, and whoever sits there now was not meant */
    seat->asked = true;
    runner->backend->kill_one(seat);
}

/* No more workers are made; those that there are may go on. */
static bool has_given_up(const struct runner *runner)
{
    return runner->fruitless > FRUITLESS_MAX;
}

/* One turn. Returns false when the run has come to its end. */
static bool turn(struct runner *runner, uint64_t *stop_ns)
{
    struct board *board = runner->crew.board;
    int timeout_ms = SWEEP_MS;
    runner->backend->reap(runner);
    kill_as_asked(runner);
    lease_look(runner);
    if (board_all_final(board, &runner->final_hint))
        board_set_mode(board, BOARD_OVER);
    enum board_mode mode = board_mode(board);
    if (mode == BOARD_STOP) {
        uint64_t now_ns = clock_now_ns();
        *stop_ns = *stop_ns ? *stop_ns : now_ns;
        uint64_t waited_ms = (now_ns - *stop_ns) / NS_PER_MS;
        if (waited_ms >= STOP_GRACE_MS)
            return false;
        timeout_ms = (int)(STOP_GRACE_MS - waited_ms);
    } else if (mode != BOARD_OVER) {
        if (!has_given_up(runner) && mode != BOARD_DRAIN)
            fill_seats(runner);
        timeout_ms = runner->fruitless ? MAKE_AGAIN_MS : SWEEP_MS;
    }
    publish(runner);
    if (mode >= BOARD_STOP && runner->alive == 0)
        return false;
    if (has_given_up(runner) && runner->alive == 0)
        return false;
    timeout_ms = lease_timeout_ms(runner, timeout_ms);
    if (runner->backend->wait)
        runner->backend->wait(runner, timeout_ms);
    else
        wait_for_news(runner, timeout_ms);
    return true;
}

static void note_outcome(struct runner *runner)
{
    const struct job_set *set = runner->crew.set;
    if (!set->kind->outcome || runner->alive)
        return; /* a thread that is still at it would change what is read */
    struct job_outcome_words outcome = set->kind->outcome(set, runner->crew.board);
    runner->words.outcome_known = outcome.known;
    runner->words.expected = outcome.expected;
    runner->words.got = outcome.got;
}

static int runner_carry_out(struct runner *runner)
{
    int error = runner->backend->start(runner);
    if (error) {
        runner->words.make_failed = (uint64_t)error;
        publish(runner);
        return RUNNER_EXIT_UNABLE;
    }
    runner->words = board_read_runner(runner->crew.board); /* a runner that was started again carries on its account */
    if (!runner->words.start_ns)
        runner->words.start_ns = clock_now_ns();
    publish(runner);
    uint64_t stop_ns = 0;
    while (turn(runner, &stop_ns))
        continue;
    if (runner->alive && runner->backend->kill_all)
        runner->backend->kill_all(runner);
    if (runner->crew.set->sync && runner->crew.set->output_dir >= 0)
        sys_fsync(runner->crew.set->output_dir); /* all names at once; the app asks again, and hears of a failure */
    runner->words.end_ns = clock_now_ns();
    note_outcome(runner);
    publish(runner);
    return has_given_up(runner) ? RUNNER_EXIT_UNABLE : 0;
}

_Noreturn void runner_main(const struct crew *crew, pid_t app)
{
    setsid(); /* a group of its own, which no key of the terminal reaches; and the scheduler weighs it beside the app, not with it */
    child_begin(app, "juggler:runner", (int[]){crew->poke_fd, crew->bell_fd, crew->set->output_dir}, 3);
    child_limit_descriptors(crew->strategy->backend == BACKEND_PROCESS ? 1 : board_slots(crew->board));
    struct runner runner = {
        .crew = *crew, .backend = backend_of(crew->strategy->backend), .slots = board_slots(crew->board), .child_fd = -1};
    runner.seats = sys_alloc_zeroed(runner.slots, sizeof *runner.seats);
    if (crew->switch_interval_ns)
        runner.crew.gil = gil_new(crew->board, crew->switch_interval_ns);
    if (!runner.seats || !runner.backend || (crew->switch_interval_ns && !runner.crew.gil))
        _exit(RUNNER_EXIT_UNABLE);
    for (size_t i = 0; i < runner.slots; i++) {
        runner.seats[i].runner = &runner;
        runner.seats[i].slot = i;
    }
    _exit(runner_carry_out(&runner));
}
