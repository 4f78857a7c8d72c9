/* lane_words.c - what a lane's work and its workers are called, in one place. */
#include "ui/lane.h"

#include "base/clock.h"
#include "ui/lane_private.h"

enum work lane_work(const struct model_lane *lane)
{
    return lane->started ? lane->snap.work : lane->work;
}

const struct executor *lane_executor(const struct model_lane *lane)
{
    return lane->started ? &lane->snap.executor : &lane->executor;
}

const char *lane_noun(enum work work)
{
    static const char *const nouns[WORK_COUNT] = {
        [WORK_DOWNLOAD] = "downloads", [WORK_PRIMES] = "primes", [WORK_COUNTER] = "counter"};
    return (unsigned)work < WORK_COUNT ? nouns[work] : "?";
}

const char *lane_unit(enum executor_how how, bool many)
{
    switch (executor_strategy(how)->backend) {
    case BACKEND_PROCESS: return many ? "processes" : "process";
    case BACKEND_LOOP: return many ? "transfers" : "transfer";
    default: return many ? "threads" : "thread";
    }
}

const char *lane_silent_word(const struct model_lane *lane, size_t slot, bool is_long)
{
    const struct worker_snapshot *worker = &lane->snap.workers[slot];
    if (worker->alive && lane->tasks != NULL && lane->tasks[slot].letter == 'T') {
        return is_long ? "halted" : "halt";
    }
    if (worker->silent_since_ns > 0) {
        return is_long ? "silent" : "quiet";
    }
    return NULL;
}

unsigned lane_silent_s(const struct snapshot *snap, size_t slot)
{
    uint64_t since_ns = snap->workers[slot].silent_since_ns;
    return since_ns > 0 && snap->now_ns > since_ns ? (unsigned)((snap->now_ns - since_ns) / NS_PER_S) : 0;
}

char lane_letter(uint64_t kind)
{
    return worker_kind_letter((enum worker_kind)kind);
}
