/* run.c - the app's handle on a run: starting it, the keys, ending it. */
#include "juggler/run.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/sys.h"
#include "engine/run_private.h"
#include "engine/runner.h"

enum { STOP_FORCE_MS = 500 }; /* after this a run that was told to stop is ended */

#define SWITCH_INTERVAL_NS (5 * NS_PER_MS) /* as in CPython */

/* --- starting ------------------------------------------------------------------------------------- */

static int settle_width(const struct run_options *options, struct executor *executor, struct problem *problem)
{
    const struct strategy *strategy = executor_strategy(executor->how);
    if (strategy->at_once == WORKERS_ONE)
        executor->width = 1;
    if (strategy->at_once == WORKERS_ALL) {
        if (options->set->count > BOARD_WORKERS_MAX) {
            problem_set(problem,
                        "%s would start %zu %s at once, and the most is %d; a pool or a batch does the same with fewer",
                        strategy->name, options->set->count, strategy->backend == BACKEND_PROCESS ? "processes" : "threads",
                        BOARD_WORKERS_MAX);
            return -1;
        }
        executor->width = (unsigned)(options->set->count ? options->set->count : 1);
    }
    return 0;
}

static int check_descriptors(const struct executor *executor, enum work work, struct problem *problem)
{
    struct rlimit limit;
    size_t needed = descriptors_needed(executor->width);
    enum backend_kind backend = executor_strategy(executor->how)->backend;
    bool shared = backend != BACKEND_PROCESS && work == WORK_DOWNLOAD;
    if (!shared || getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= needed)
        return 0;
    problem_set(
        problem,
        "%u %s need about %zu file descriptors, and a process may have %llu here; take fewer, or raise the limit with "
        "ulimit -n",
        executor->width, backend == BACKEND_LOOP ? "transfers at once" : "threads that download", needed,
        (unsigned long long)limit.rlim_cur);
    return -1;
}

int run_check(const struct run_options *options, struct problem *problem)
{
    struct executor executor = options->executor;
    return settle_width(options, &executor, problem) == 0 ? check_descriptors(&executor, options->set->kind->work, problem)
                                                          : -1;
}

/* Room for the copies of so many slots; what was copied stays. */
static int reach_slots(struct run *run, size_t slots)
{
    struct worker_snapshot *workers = sys_realloc(run->workers, slots * sizeof *workers);
    run->workers = workers ? workers : run->workers;
    uint64_t *cursors = sys_realloc(run->event_cursors, slots * sizeof *cursors);
    run->event_cursors = cursors ? cursors : run->event_cursors;
    uint64_t *seen = sys_realloc(run->slot_seen, slots * sizeof *seen);
    run->slot_seen = seen ? seen : run->slot_seen;
    if (!workers || !cursors || !seen)
        return ENOMEM;
    size_t more = slots - run->slots;
    memset(workers + run->slots, 0, more * sizeof *workers);
    memset(cursors + run->slots, 0, more * sizeof *cursors);
    memset(seen + run->slots, 0, more * sizeof *seen);
    run->slots = slots;
    return 0;
}

static int allocate_copies(struct run *run)
{
    size_t jobs = board_jobs(run->crew.board);
    run->results = sys_alloc_zeroed(jobs, sizeof *run->results);
    run->words = sys_alloc_zeroed(jobs, sizeof *run->words); /* a word of zeros is that of a queued job */
    run->tally.in_state[JOB_QUEUED] = jobs;
    const struct job_set *set = run->crew.set;
    if (set->kind->weight)
        run->weights = sys_alloc_zeroed(jobs, sizeof *run->weights);
    run->weight = run->weights ? 0 : (double)jobs;
    for (size_t job = 0; run->weights && job < jobs; job++)
        run->weight += run->weights[job] = set->kind->weight(set, job);
    return run->results && run->words && reach_slots(run, run->executor.width) == 0 ? 0 : -1;
}

static int open_run(struct run *run, const struct run_options *options, struct problem *problem)
{
    size_t slots = run->executor.width;
    if (executor_has_width(run->executor.how) && options->slots_max > slots)
        slots = options->slots_max < BOARD_WORKERS_MAX ? options->slots_max : BOARD_WORKERS_MAX;
    run->crew.board =
        board_new((struct board_size){.jobs = options->set->count, .slots = slots, .reserve = run->executor.width}, problem);
    if (!run->crew.board)
        return -1;
    run->crew.poke_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    run->crew.bell_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (run->crew.poke_fd < 0 || run->crew.bell_fd < 0 || allocate_copies(run) != 0) {
        problem_set_errno(problem, errno, "the run could not be set up");
        return -1;
    }
    board_set_wanted(run->crew.board, run->executor.width);
    if (options->start_paused)
        board_set_mode(run->crew.board, BOARD_PAUSE);
    int error = run_fork_runner(run);
    if (error)
        problem_set_errno(problem, error, "the runner process could not be started");
    return error ? -1 : 0;
}

struct run *run_start(const struct run_options *options, struct problem *problem)
{
    struct executor executor = options->executor;
    if (settle_width(options, &executor, problem) != 0 || run_check(options, problem) != 0)
        return NULL;
    struct run *run = sys_alloc_zeroed(1, sizeof *run);
    if (!run) {
        problem_set_errno(problem, errno, "no memory for the run");
        return NULL;
    }
    run->crew =
        (struct crew){.set = options->set, .strategy = executor_strategy(executor.how), .poke_fd = -1, .bell_fd = -1};
    run->crew.lease_ns = options->lease_ns;
    if (executor.gil)
        run->crew.switch_interval_ns = options->switch_interval_ns ? options->switch_interval_ns : SWITCH_INTERVAL_NS;
    run->keep_events = options->keep_events;
    run->end_when_full = options->end_when_full;
    run->executor = executor;
    run->usable_cores = options->usable_cores;
    run->pidfd = -1;
    run->made_ns = clock_now_ns();
    if (open_run(run, options, problem) == 0)
        return run;
    run_free(run);
    return NULL;
}

/* --- looking after it ----------------------------------------------------------------------------- */

int run_pidfd(const struct run *run)
{
    return run->pidfd;
}

int run_events_fd(const struct run *run)
{
    return run_is_over(run) ? -1 : run->crew.bell_fd;
}

bool run_is_over(const struct run *run)
{
    return run->runner == 0;
}

void run_tick(struct run *run)
{
    uint64_t now_ns = clock_now_ns(), rung;
    ssize_t got =
        read(run->crew.bell_fd, &rung, sizeof rung); /* before the rings are looked at, so that no bell is missed */
    (void)got;
    run_note_pause(run, now_ns);
    run_drain_events(run);
    if (run_is_over(run))
        return;
    run_heed_drain(run);
    if (run->stopping && now_ns - run->stop_ns > STOP_FORCE_MS * NS_PER_MS)
        run_end_group(run);
    run_after_runner(run, false);
}

void run_kill(struct run *run)
{
    if (run_is_over(run))
        return;
    run->stopping = true;
    run_end_group(run);
    run_after_runner(run, true);
}

void run_free(struct run *run)
{
    if (!run)
        return;
    run_kill(run);
    if (run->crew.poke_fd >= 0)
        close(run->crew.poke_fd);
    if (run->crew.bell_fd >= 0)
        close(run->crew.bell_fd);
    board_free(run->crew.board);
    free(run->workers);
    free(run->results);
    free(run->weights);
    free(run->words);
    free(run->slot_seen);
    free(run->event_cursors);
    free(run->events);
    free(run);
}

static void poke(struct run *run)
{
    uint64_t one = 1;
    ssize_t got = write(run->crew.poke_fd, &one, sizeof one);
    (void)got; /* a full counter pokes as well */
}

int run_kill_worker(struct run *run, size_t slot, uint64_t generation)
{
    struct slot_data data;
    if (run_is_over(run) || slot >= run->slots || !board_slot_read(run->crew.board, slot, &data) ||
        data.exit != WORKER_EXIT_NONE || !data.tid || data.generation != generation)
        return ESRCH;
    if (run->crew.strategy->backend != BACKEND_PROCESS) {
        run->asked = true;
        run_end_group(run);
        return 0;
    }
    if (!board_ask_kill(run->crew.board, (unsigned)slot, (uint32_t)generation))
        return EAGAIN;
    poke(run);
    return 0;
}

/* --- keys ----------------------------------------------------------------------------------------- */

static void set_mode(struct run *run, enum board_mode mode)
{
    board_set_mode(run->crew.board, mode);
    run_note_pause(run, clock_now_ns());
    poke(run);
}

int run_set_width(struct run *run, unsigned width)
{
    size_t most = board_slots(run->crew.board);
    if (!executor_has_width(run->executor.how))
        return 0;
    width = width < 1 ? 1 : width > most ? (unsigned)most : width;
    if (width > run->slots) {
        const struct executor wider = {.how = run->executor.how, .width = width};
        if (check_descriptors(&wider, run->crew.set->kind->work, NULL) != 0)
            return EMFILE;
        int error = board_reserve(run->crew.board, width);
        if (error || (error = reach_slots(run, width)) != 0)
            return error;
    }
    run->executor.width = width;
    board_set_wanted(run->crew.board, width);
    poke(run);
    return 0;
}

void run_pause(struct run *run)
{
    set_mode(run, BOARD_PAUSE);
}

/* Room has been made, says the person; if not, the next file that can't be written shows it. */
static void forget_full_folder(struct run *run)
{
    if (run->folder_full)
        problem_set(&run->problem, "%s", "");
    run->folder_full = false;
}

void run_resume(struct run *run)
{
    forget_full_folder(run);
    set_mode(run, BOARD_RUN);
}

void run_step(struct run *run)
{
    forget_full_folder(run);
    set_mode(run, BOARD_STEP);
}

void run_stop(struct run *run)
{
    if (run->stopping || run_is_over(run))
        return;
    run->stopping = true;
    run->stop_ns = clock_now_ns();
    set_mode(run, BOARD_STOP);
}
