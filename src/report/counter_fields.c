/* counter_fields.c - what the shared counter came to. See counter_fields.h. */
#include "report/counter_fields.h"
#include "base/text.h"

#include <stdio.h>

#include "report/fields.h"
#include "report/lines.h"

static bool has_copies(const struct snapshot *snapshot)
{
    return executor_strategy(snapshot->executor.how)->backend == BACKEND_PROCESS;
}

bool counter_field_counted(const struct snapshot *snapshot, size_t job, uint64_t *out)
{
    if (!has_copies(snapshot) || !field_done(&snapshot->results[job]))
        return false;
    *out = snapshot->results[job].result.counted;
    return true;
}

static uint64_t most_of_a_copy(const struct snapshot *snapshot)
{
    uint64_t most = 0, counted = 0;
    for (size_t job = 0; job < snapshot->jobs; job++)
        if (counter_field_counted(snapshot, job, &counted) && counted > most)
            most = counted;
    return most;
}

static uint64_t waited_for_locks(const struct snapshot *snapshot)
{
    uint64_t sum_ns = 0;
    for (size_t i = 0; i < snapshot->slots; i++)
        sum_ns += snapshot->workers[i].used ? snapshot->workers[i].data.account_ns[ACCOUNT_LOCK] : 0;
    return sum_ns;
}

static enum counter_lock lock_of(const struct snapshot *snapshot)
{
    return snapshot->set ? snapshot->set->options.counter.lock : COUNTER_NONE;
}

/* --- in words ------------------------------------------------------------------------------------- */

static void say_copies(const struct snapshot *snapshot, struct counter_fields *fields)
{
    char most[TEXT_GROUPED_BYTES], read[80] = "";
    if (fields->own_most)
        snprintf(read, sizeof read, ", which read up to %s,", text_grouped(most, fields->own_most));
    snprintf(fields->why, sizeof fields->why,
             "every process counted in a copy of its own%s and the parent's stays 0: processes share no memory%s", read,
             lock_of(snapshot) == COUNTER_NONE ? "" : ", so the lock makes no difference");
}

static const char *say_losses(const struct snapshot *snapshot)
{
    if (snapshot->restarts)
        return "the process with the counter died and was started again, with a counter at 0: what it had counted went with "
               "it";
    return "a thread read the counter, others added to it, and then it wrote what it had read plus one: their adds are gone";
}

static const char *say_no_losses(const struct snapshot *snapshot)
{
    switch (lock_of(snapshot)) {
    case COUNTER_MUTEX: return "the mutex lets one thread at a time read, add and write; the others wait for it";
    case COUNTER_ATOMIC: return "an atomic add reads, adds and writes in one step, so nobody comes between";
    case COUNTER_NONE: break;
    }
    if (field_workers(snapshot) < 2 || snapshot->jobs < 2)
        return "one worker at a time: there was nobody to come between its reading and its writing";
    if (snapshot->executor.gil)
        return "a thread lets go of the interpreter lock between two adds, never within one, as in CPython since 3.10";
    return "nothing was lost this time, and nothing but luck saw to that: try more --adds";
}

struct counter_fields counter_fields_of(const struct snapshot *snapshot)
{
    static const char *const LOCKS[] = {[COUNTER_NONE] = "none", [COUNTER_MUTEX] = "mutex", [COUNTER_ATOMIC] = "atomic"};
    struct counter_fields fields = {.known = snapshot->runner.outcome_known,
                                    .shared = !has_copies(snapshot),
                                    .own_most = most_of_a_copy(snapshot),
                                    .waited_ns = waited_for_locks(snapshot),
                                    .lock = LOCKS[lock_of(snapshot)]};
    if (!fields.known) {
        snprintf(fields.why, sizeof fields.why, "not known: %s",
                 run_state_is_over(snapshot->state) ? "the run was ended while workers were still adding"
                                                    : "the run is not over");
        return fields;
    }
    fields.expected = snapshot->runner.expected;
    fields.got = snapshot->runner.got < fields.expected ? snapshot->runner.got : fields.expected;
    fields.lost = fields.expected - fields.got;
    fields.lost_share = fields.expected ? (double)fields.lost / (double)fields.expected : 0;
    if (!fields.shared)
        say_copies(snapshot, &fields);
    else
        snprintf(fields.why, sizeof fields.why, "%s", fields.lost ? say_losses(snapshot) : say_no_losses(snapshot));
    return fields;
}
