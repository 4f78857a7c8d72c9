/* history_note.c - what of a run or a comparison goes into the history. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "base/text.h"
#include "juggler/compare.h"
#include "juggler/version.h"
#include "measure/ideal.h"
#include "report/history.h"

/* --- whose work it was ---------------------------------------------------------------------------- */

/* FNV-1a, 64 bits, the end of each text taken in. */
static uint64_t mix_text(uint64_t hash, const char *text)
{
    do
        hash = (hash ^ (unsigned char)*text) * UINT64_C(0x100000001b3);
    while (*text++);
    return hash;
}

static uint64_t mix_number(uint64_t hash, uint64_t number)
{
    char text[24];
    snprintf(text, sizeof text, "%" PRIu64, number);
    return mix_text(hash, text);
}

/* Only what makes it the same work: inputs in their order. Their texts hold no password (juggler/job.h). */
static void name_work(const struct job_set *set, enum work work, char out[HISTORY_WORD_BYTES])
{
    uint64_t hash = UINT64_C(0xcbf29ce484222325);
    out[0] = '\0';
    if (!set)
        return;
    hash = mix_text(hash, job_kind_of(work)->name);
    for (size_t i = 0; i < set->count; i++) {
        hash = mix_text(hash, set->inputs[i].text ? set->inputs[i].text : "");
        hash = mix_number(hash, set->inputs[i].limit);
    }
    snprintf(out, HISTORY_WORD_BYTES, "%016" PRIx64, hash);
}

static void name_options(const struct job_set *set, enum work work, char out[HISTORY_OPTIONS_BYTES])
{
    static const char *const LOCKS[] = {[COUNTER_NONE] = "none", [COUNTER_MUTEX] = "mutex", [COUNTER_ATOMIC] = "atomic"};
    out[0] = '\0';
    if (set && work == WORK_PRIMES)
        snprintf(out, HISTORY_OPTIONS_BYTES, "kernel %s, product %s",
                 set->options.primes.kernel == KERNEL_SIEVE ? "sieve" : "trial",
                 set->options.primes.product == PRODUCT_TREE ? "tree" : "fold");
    if (set && work == WORK_COUNTER)
        snprintf(out, HISTORY_OPTIONS_BYTES, "lock %s", LOCKS[set->options.counter.lock]);
}

/* Runs under interpreter locks that are passed on sooner or later are not alike. 0: it has none. */
static void name_interval(uint64_t interval_ns, char out[HISTORY_OPTIONS_BYTES])
{
    char text[32];
    size_t used = strlen(out);
    if (interval_ns)
        snprintf(out + used, HISTORY_OPTIONS_BYTES - used, "%sswitch interval %s", used ? ", " : "",
                 text_duration(text, sizeof text, interval_ns));
}

/* A list named by its URL may have a password in it. */
static void show_list(char *out, size_t room, const char *name)
{
    char bare[4096];
    bool is_url = name && strstr(name, "://");
    text_show(out, room, is_url ? text_url_show(bare, sizeof bare, name) : name ? name : "", false);
}

char *history_list_name(char out[HISTORY_LIST_BYTES], const char *name, unsigned latency_ms, uint64_t rate_bytes_per_s)
{
    char size[24];
    char shown[HISTORY_LIST_BYTES - 48];
    show_list(shown, sizeof shown, name);
    if (rate_bytes_per_s)
        snprintf(out, HISTORY_LIST_BYTES, "%s, %u ms, %s/s", shown, latency_ms,
                 text_bytes(size, sizeof size, rate_bytes_per_s));
    else
        snprintf(out, HISTORY_LIST_BYTES, "%s, %u ms", shown, latency_ms);
    return out;
}

static struct history_record begin(enum work work, const char *command, const char *list_name, const struct job_set *set,
                                   const struct executor *executor)
{
    struct history_record record = {.when_s = (int64_t)time(NULL),
                                    .program = "juggler " JUGGLER_VERSION,
                                    .wall_s = -1,
                                    .cpu_s = -1,
                                    .best_possible_s = -1,
                                    .speedup = -1};
    _Static_assert(sizeof "juggler " JUGGLER_VERSION <= HISTORY_WORD_BYTES, "the version fits");
    snprintf(record.command, sizeof record.command, "%s", command);
    snprintf(record.work, sizeof record.work, "%s", job_kind_of(work)->name);
    show_list(record.list, sizeof record.list, list_name);
    name_work(set, work, record.work_id);
    name_options(set, work, record.options);
    executor_format(executor, record.executor);
    return record;
}

/* --- a run ---------------------------------------------------------------------------------------- */

int history_note_run(const struct snapshot *snapshot, const char *command, const char *list_name, bool interrupted,
                     struct problem *problem)
{
    if (!snapshot->start_ns)
        return 0;
    struct history_record record = begin(snapshot->work, command, list_name, snapshot->set, &snapshot->executor);
    name_interval(snapshot->gil.interval_ns, record.options);
    record.interrupted = interrupted;
    record.jobs = snapshot->jobs;
    record.done = snapshot->done;
    record.failed = snapshot->failed + snapshot->poisoned;
    record.wall_s = (double)(snapshot->wall_ns - snapshot->paused_ns) / (double)NS_PER_S;
    if (snapshot->cpu_ns)
        record.cpu_s = (double)snapshot->cpu_ns / (double)NS_PER_S;
    record.best_possible_s = ideal_of(snapshot).best_s;
    record.memory_bytes = snapshot->memory.together_bytes;
    record.usable_cores = snapshot->usable_cores;
    snprintf(record.state, sizeof record.state, "%s", run_state_word(snapshot->state));
    return history_append(&record, problem);
}

/* --- a comparison --------------------------------------------------------------------------------- */

/* Of the runs that count, the one that failed most. */
static const struct compare_run *worst_of(const struct compare_line *line)
{
    const struct compare_run *worst = NULL;
    for (size_t i = 0; i < line->count; i++)
        if (line->runs[i].ended && line->runs[i].round && (!worst || line->runs[i].done < worst->done))
            worst = &line->runs[i];
    return worst;
}

static unsigned rounds_of(const struct compare_line *line)
{
    unsigned rounds = 0;
    for (size_t i = 0; i < line->count; i++)
        rounds += line->runs[i].ended && line->runs[i].round;
    return rounds;
}

static int note_line(const struct compare_view *view, const struct compare_line *line, const struct job_set *set,
                     bool interrupted, struct problem *problem)
{
    const struct compare_run *worst = worst_of(line);
    if (!worst)
        return 0;
    struct history_record record = begin(view->work, "compare", view->list_name, set, &line->executor);
    record.interrupted = interrupted || view->stopped;
    record.jobs = worst->jobs;
    record.done = worst->done;
    record.failed = line->failed;
    record.wall_s = line->median_s;
    record.cpu_s = line->cpu_s;
    record.best_possible_s = line->best_s;
    record.memory_bytes = line->memory.together_bytes;
    record.usable_cores = view->usable_cores;
    record.speedup = line->speedup;
    record.rounds = rounds_of(line);
    record.min_s = line->min_s;
    record.max_s = line->max_s;
    record.seed = view->seed;
    snprintf(record.state, sizeof record.state, "%s", run_state_word(worst->state));
    return history_append(&record, problem);
}

int history_note_compare(const struct compare_view *view, const struct job_set *set, bool interrupted,
                         struct problem *problem)
{
    for (size_t i = 0; i < view->count; i++)
        if (note_line(view, &view->lines[i], set, interrupted, problem) != 0)
            return -1;
    return 0;
}
