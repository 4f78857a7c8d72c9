/* counter.c - the shared counter as a kind of job: each job adds one to "the same" counter, so many times.
 *
 * The counter is plain memory of the app, made before the fork. Threads of the runner share the runner's copy of it; a forked worker has
 * a copy of its own from its first add on (copy on write), and the runner's stays at 0. What the runner's reads when all workers have
 * been joined is the outcome.
 *
 *     none     load, add one, store: two threads can read the same value, and then the later store undoes what the other one did. Both are
 *              relaxed atomic operations, so that the race is on the value alone: defined for C and for ThreadSanitizer, and it still
 *              loses. It is what `counter += 1` comes to, in two steps.
 *     mutex    the same within a mutex of the process. Forked workers each have their own, too, free as it was at the fork.
 *     atomic   one read-modify-write, relaxed: nothing but the value has to be in order.
 *
 * A thread can be made to wait at any moment, also between its load and its store: that is what the race comes from. In a run of a few
 * milliseconds, on a busy machine or on one core, it may not happen once. So every few thousand adds a worker itself gives its core to
 * whoever wants it, in the middle of an add; with the mutex that is while it holds it, as the kernel would not ask either. An atomic
 * add has no middle: there it gives way after it.
 *
 * Everything else that is shared here is atomic, too: who has come to the start line, and the adds of jobs that were given up.
 *
 * Under an interpreter lock a thread gives it up only at checkpoints, which lie between two adds. So nothing is lost there even without a
 * lock of one's own: as in CPython since 3.10, which looks whether it should let another thread go on at calls and at the end
 * of a loop's turn, not in the middle of `counter += 1`.
 *
 * The start line: a million adds take about a millisecond, less than it takes to make a few threads, so each could be done before
 * the next one has begun, and nothing would race. Therefore jobs start in groups, as many as there are workers at once: whoever is early
 * waits for the rest of its group, and then for two of them to have a core at the same moment. It is shown and accounted for as waiting
 * for the others. It has its limits: half a second for the group, and a tenth for the cores, of which there may be one. Forked workers
 * and threads under an interpreter lock have nothing to race for: they only wait until each of the others has a job, so that each counts
 * once. */
#include "jobs/counter.h"

#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "base/clock.h"
#include "base/sys.h"
#include "base/text.h"
#include "jobs/inputs_text.h"
#include "juggler/worker.h"

enum {
    LINE_BYTES = 128, /* two cache lines: processors fetch the neighbour along */
    MEETINGS = 64     /* so often two have to be seen at work within one wait */
};

static const uint64_t START_LINE_NS = NS_PER_S / 2; /* the longest wait for the others */
static const uint64_t NAP_NS = 50 * NS_PER_US;
static const uint64_t COMPANY_NS = NS_PER_S / 10; /* the longest wait for a second one to have a core */
static const uint64_t SPIN_NS = 100 * NS_PER_US;  /* of that in one go without giving up the core */

struct counter {
    _Alignas(LINE_BYTES) _Atomic uint64_t value;
    _Alignas(LINE_BYTES) pthread_mutex_t mutex;
    _Alignas(LINE_BYTES) _Atomic uint64_t arrived; /* jobs that have come to the start line */
    _Alignas(LINE_BYTES) _Atomic uint64_t beat;    /* counted up by whoever waits for company */
    _Atomic uint64_t started;                      /* jobs of the groups that have started */
    _Atomic uint64_t given_up;                     /* adds of jobs that were stopped before their end */
};

struct counter *counter_new(void)
{
    struct counter *counter =
        mmap(NULL, sizeof *counter, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0); /* begins as zeros */
    if (counter == MAP_FAILED)
        return NULL;
    int error = pthread_mutex_init(&counter->mutex, NULL);
    if (!error)
        return counter;
    munmap(counter, sizeof *counter);
    errno = error;
    return NULL;
}

void counter_free(struct counter *counter)
{
    if (!counter)
        return;
    pthread_mutex_destroy(&counter->mutex);
    munmap(counter, sizeof *counter);
}

uint64_t counter_value(const struct counter *counter)
{
    return atomic_load_explicit(&counter->value, memory_order_relaxed);
}

/* --- its jobs ------------------------------------------------------------------------------------- */

int counter_add_job(struct inputs *inputs, uint64_t adds, struct problem *problem)
{
    char text[48], number[TEXT_GROUPED_BYTES];
    snprintf(text, sizeof text, "%s add%s", text_grouped(number, adds), adds == 1 ? "" : "s");
    const char *kept = inputs_keep(inputs, text, strlen(text), problem);
    struct job_input *input = kept ? inputs_grow(inputs, problem) : NULL;
    if (!input)
        return -1;
    *input = (struct job_input){.text = kept, .limit = adds};
    return 0;
}

/* --- the three ways to add ------------------------------------------------------------------------ */

/* How one is added: so many times in a row, and how many to add between two looks at what the run wants. Returns the ns spent waiting. */
struct adder {
    uint64_t (*add)(struct counter *counter, uint64_t times);
    uint64_t at_once;
};

/* Two steps, with room for another thread between them. The fence makes no instruction; without it a compiler may join the two into one,
 * which no change of threads on the same core could come between. */
static inline void add_one(struct counter *counter, bool give_way)
{
    uint64_t value = atomic_load_explicit(&counter->value, memory_order_relaxed);
    if (give_way)
        sched_yield();
    atomic_signal_fence(memory_order_seq_cst);
    atomic_store_explicit(&counter->value, value + 1, memory_order_relaxed);
}

static uint64_t add_bare(struct counter *counter, uint64_t times)
{
    for (uint64_t i = 0; i < times; i++)
        add_one(counter, i == 0);
    return 0;
}

/* The clock is read only when there is something to wait for. The second time with the mutex held: after it was let go, the time to wake
 * up another thread would be in it. */
static uint64_t add_locked(struct counter *counter, uint64_t times)
{
    uint64_t waited_ns = 0;
    for (uint64_t i = 0; i < times; i++) {
        if (pthread_mutex_trylock(&counter->mutex) != 0) {
            uint64_t since_ns = clock_now_ns();
            pthread_mutex_lock(&counter->mutex);
            waited_ns += clock_now_ns() - since_ns;
        }
        add_one(counter, i == 0);
        pthread_mutex_unlock(&counter->mutex);
    }
    return waited_ns;
}

static uint64_t add_atomically(struct counter *counter, uint64_t times)
{
    for (uint64_t i = 0; i < times; i++)
        atomic_fetch_add_explicit(&counter->value, 1, memory_order_relaxed);
    sched_yield();
    return 0;
}

/* A few to a few hundred microseconds at a time: a stop or a pause is felt at once, and the looks cost nothing measurable. */
static const struct adder adders[] = {
    [COUNTER_NONE] = {.add = add_bare, .at_once = 4096},
    [COUNTER_MUTEX] = {.add = add_locked, .at_once = 4096},
    [COUNTER_ATOMIC] = {.add = add_atomically, .at_once = 4096},
};

/* --- the start line ------------------------------------------------------------------------------- */

static bool all_are_there(const struct counter *counter, uint64_t group_end)
{
    return atomic_load_explicit(&counter->arrived, memory_order_acquire) >= group_end;
}

/* Naps, for while others are being made the cores are theirs. False: the run is being stopped. */
static bool wait_for_the_last(const struct counter *counter, struct worker *worker, uint64_t group_end)
{
    uint64_t since_ns = clock_now_ns();
    while (!all_are_there(counter, group_end) && clock_now_ns() - since_ns < START_LINE_NS)
        if (!worker_sleep(worker, NAP_NS))
            return false;
    return true;
}

/* Whether two of them run at this moment: each counts a word up and looks whether others did so between two of its turns. To have been
 * without a core looks the same, but not so many times in so short a time. */
static bool has_company(struct counter *counter, uint64_t group_end)
{
    uint64_t since_ns = clock_now_ns();
    uint64_t beat = atomic_fetch_add_explicit(&counter->beat, 1, memory_order_relaxed);
    int met = 0;
    while (met < MEETINGS && clock_now_ns() - since_ns < SPIN_NS) {
        if (atomic_load_explicit(&counter->started, memory_order_relaxed) >= group_end)
            return true;
        uint64_t next = atomic_fetch_add_explicit(&counter->beat, 1, memory_order_relaxed);
        met += next != beat + 1;
        beat = next;
    }
    return met == MEETINGS;
}

/* Until two have a core; the first who knows tells the others. With naps, for where the machine is busy whoever wakes up gets a core
 * sooner than one that spins. False: the run is being stopped. */
static bool wait_for_company(struct counter *counter, struct worker *worker, uint64_t group_end)
{
    uint64_t since_ns = clock_now_ns();
    while (!has_company(counter, group_end) && clock_now_ns() - since_ns < COMPANY_NS)
        if (!worker_sleep(worker, NAP_NS))
            return false;
    atomic_store_explicit(&counter->started, group_end, memory_order_relaxed);
    return true;
}

/* Where nobody races, the first worker would have counted for all the others before they are made; and each is to count once. False: the
 * run is being stopped. */
static bool leave_some_to_others(struct worker *worker)
{
    uint64_t since_ns = clock_now_ns();
    if (!worker_others_may_come(worker))
        return true;
    worker_phase(worker, PHASE_BARRIER);
    while (worker_others_may_come(worker) && clock_now_ns() - since_ns < START_LINE_NS)
        if (!worker_sleep(worker, NAP_NS))
            return false;
    return true;
}

/* Jobs are numbered as they come, and each group of `together` starts as one. False: the run is being stopped. */
static bool wait_at_the_start_line(struct counter *counter, struct worker *worker, uint64_t jobs)
{
    uint64_t together = worker_sharing(worker);
    if (together < 2)
        return leave_some_to_others(worker);
    worker_phase(worker, PHASE_BARRIER);
    uint64_t before = atomic_fetch_add_explicit(&counter->arrived, 1, memory_order_acq_rel);
    uint64_t group_start = before - before % together;
    uint64_t group_end = group_start + together < jobs ? group_start + together : jobs;
    if (group_end - group_start < 2)
        return true;
    return wait_for_the_last(counter, worker, group_end) && wait_for_company(counter, worker, group_end);
}

/* --- the kind of job ------------------------------------------------------------------------------ */

struct counter_state {
    const struct job_set *set;
};

static uint64_t count(struct counter *counter, const struct adder *adder, struct worker *worker, uint64_t adds)
{
    uint64_t done = 0;
    worker_phase(worker, PHASE_COUNTING);
    while (done < adds && worker_checkpoint(worker)) {
        uint64_t some = adds - done < adder->at_once ? adds - done : adder->at_once;
        uint64_t waited_ns = adder->add(counter, some);
        if (waited_ns)
            worker_waited(worker, waited_ns);
        done += some;
        worker_progress(worker, done, adds);
    }
    return done;
}

static enum job_outcome counter_run(void *state, struct worker *worker, size_t number, struct job_result *result)
{
    const struct job_set *set = ((const struct counter_state *)state)->set;
    struct counter *counter = set->options.counter.counter;
    uint64_t adds = set->inputs[number].limit;
    worker_attempt(worker, 1);
    result->attempts = 1;
    if (!wait_at_the_start_line(counter, worker, set->count))
        return JOB_OUTCOME_STOPPED;
    uint64_t done = count(counter, &adders[set->options.counter.lock], worker, adds);
    result->counted = counter_value(counter);
    if (done == adds)
        return JOB_OUTCOME_DONE;
    atomic_fetch_add_explicit(&counter->given_up, done, memory_order_relaxed);
    return JOB_OUTCOME_STOPPED;
}

static void *counter_worker_start(const struct job_set *set, struct worker *worker)
{
    (void)worker;
    struct counter_state *state = sys_alloc(sizeof *state);
    if (state)
        *state = (struct counter_state){.set = set};
    return state;
}

static void counter_worker_stop(void *state)
{
    free(state);
}

/* What was added, done or given up, and what of it the runner's counter shows. It can show less in three cases: adds were lost, they were
 * made to other copies, or an earlier runner died and its memory with it. */
static struct job_outcome_words counter_outcome(const struct job_set *set, const struct board *board)
{
    const struct counter *counter = set->options.counter.counter;
    uint64_t expected = atomic_load_explicit(&counter->given_up, memory_order_relaxed);
    for (size_t job = 0; job < set->count; job++)
        expected += board_job(board, job).state == JOB_DONE ? set->inputs[job].limit : 0;
    return (struct job_outcome_words){.known = 1, .expected = expected, .got = counter_value(counter)};
}

extern const struct job_kind job_kind_counter; /* kinds.c looks it up by this name */
const struct job_kind job_kind_counter = {
    .work = WORK_COUNTER,
    .name = "counter",
    .title = "COUNTER",
    .bound = "shared memory",
    .worker_start = counter_worker_start,
    .run = counter_run,
    .worker_stop = counter_worker_stop,
    .outcome = counter_outcome,
};
