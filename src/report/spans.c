/* spans.c - a run's journal as stretches of time. See spans.h.
 *
 * The journal has the changes of all seats mixed, each seat's own in order. They are sorted by seat first (a counting sort, which keeps
 * that order); then a stretch goes from one change to the next one of the seat. */
#include "report/spans.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/sys.h"
#include "report/fields.h"

/* What making them needs. */
struct maker {
    struct spans *spans;
    const struct snapshot *snapshot;
    struct journal_event *events; /* sorted by seat */
    size_t *first;                /* the seat's events begin there */
    size_t *jobs;                 /* ended jobs whose result is all there is to tell, sorted by seat */
    size_t *jobs_first;
};

/* --- lists -------------------------------------------------------------------------------------------- */

/* Times that run backwards (a worker that died half-way may have left such) become stretches of no length. */
static int add_span(struct span_list *list, size_t since, struct span span)
{
    struct span *items = sys_grow(list->items, &list->room, list->count, sizeof span);
    if (!items)
        return ENOMEM;
    list->items = items;
    uint64_t earliest = list->count > since ? list->items[list->count - 1].end_ns : 0;
    span.start_ns = span.start_ns < earliest ? earliest : span.start_ns;
    if (span.end_ns > span.start_ns)
        list->items[list->count++] = span;
    return 0;
}

static int add_death(struct spans *spans, struct span_death death)
{
    struct span_death *deaths = sys_grow(spans->deaths, &spans->deaths_room, spans->deaths_count, sizeof death);
    if (!deaths)
        return ENOMEM;
    spans->deaths = deaths;
    spans->deaths[spans->deaths_count++] = death;
    return 0;
}

/* Never before the run, nor after the look at it: a worker that writes wildly can say any time. */
static uint64_t since_start(const struct maker *maker, uint64_t time_ns)
{
    const struct snapshot *snapshot = maker->snapshot;
    if (snapshot->now_ns && time_ns > snapshot->now_ns)
        time_ns = snapshot->now_ns;
    return time_ns > snapshot->start_ns ? time_ns - snapshot->start_ns : 0;
}

/* --- sorting by seat ------------------------------------------------------------------------------------ */

/* Counts in first[slot + 1] become places. */
static void sum_up(size_t *first, size_t slots)
{
    for (size_t i = 0; i < slots; i++)
        first[i + 1] += first[i];
}

/* Where the next of each seat goes; afterwards first[] has moved by one seat, and is moved back. */
static void move_back(size_t *first, size_t slots)
{
    memmove(first + 1, first, slots * sizeof *first);
    first[0] = 0;
}

static int sort_events(struct maker *maker)
{
    const struct journal *journal = &maker->snapshot->journal;
    size_t slots = maker->snapshot->slots;
    maker->first = sys_alloc_zeroed(slots + 2, sizeof *maker->first);
    maker->events = sys_alloc_zeroed(journal->count + 1, sizeof *maker->events);
    if (!maker->first || !maker->events)
        return ENOMEM;
    for (size_t i = 0; i < journal->count; i++)
        if (journal->events[i].slot < slots)
            maker->first[journal->events[i].slot + 1]++;
    sum_up(maker->first, slots);
    for (size_t i = 0; i < journal->count; i++)
        if (journal->events[i].slot < slots)
            maker->events[maker->first[journal->events[i].slot]++] = journal->events[i];
    move_back(maker->first, slots);
    return 0;
}

/* True for a job of which the result says all: one worker had it from its start to its end. */
static bool is_plain(const struct snapshot *snapshot, size_t job, uint64_t *slot)
{
    const struct job_snapshot *of = &snapshot->results[job];
    uint64_t ns = 0;
    return of->word.deaths == 0 && field_worker(snapshot, of, slot) && field_start_ns(snapshot, of, &ns) &&
           field_duration_ns(of, &ns);
}

static int sort_jobs(struct maker *maker)
{
    const struct snapshot *snapshot = maker->snapshot;
    uint64_t slot = 0;
    maker->jobs_first = sys_alloc_zeroed(snapshot->slots + 2, sizeof *maker->jobs_first);
    maker->jobs = sys_alloc_zeroed(snapshot->jobs + 1, sizeof *maker->jobs);
    if (!maker->jobs_first || !maker->jobs)
        return ENOMEM;
    for (size_t i = 0; i < snapshot->jobs; i++)
        if (is_plain(snapshot, i, &slot))
            maker->jobs_first[slot + 1]++;
    sum_up(maker->jobs_first, snapshot->slots);
    for (size_t i = 0; i < snapshot->jobs; i++)
        if (is_plain(snapshot, i, &slot))
            maker->jobs[maker->jobs_first[slot]++] = i;
    move_back(maker->jobs_first, snapshot->slots);
    return 0;
}

/* --- states ------------------------------------------------------------------------------------------- */

/* When a seat's account ends: with its last worker, or now. */
static uint64_t seat_end_ns(const struct maker *maker, size_t slot)
{
    const struct worker_snapshot *worker = &maker->snapshot->workers[slot];
    uint64_t end_ns = worker->data.account_upto_ns;
    if (worker->alive)
        end_ns = maker->snapshot->start_ns + maker->snapshot->wall_ns;
    return since_start(maker, end_ns);
}

static int add_states(struct maker *maker, size_t slot)
{
    struct span_list *states = &maker->spans->states;
    size_t since = states->count;
    int error = 0;
    states->first[slot] = since;
    for (size_t i = maker->first[slot]; i < maker->first[slot + 1] && !error; i++) {
        const struct journal_event *event = &maker->events[i];
        bool last = i + 1 == maker->first[slot + 1];
        bool nobody = phase_class_of((enum phase)event->phase) == PHASE_CLASS_NONE;
        struct span span = {.start_ns = since_start(maker, event->time_ns),
                            .end_ns = last ? seat_end_ns(maker, slot) : since_start(maker, event[1].time_ns),
                            .phase = nobody ? (uint32_t)PHASE_NONE : event->phase,
                            .job = nobody ? 0 : event->job};
        if (event->phase == PHASE_DEAD)
            error = add_death(maker->spans,
                              (struct span_death){.time_ns = span.start_ns, .slot = (uint32_t)slot, .job = event->job});
        if (!error && !(last && nobody)) /* nobody comes after: its time is over */
            error = add_span(states, since, span);
    }
    return error;
}

/* --- jobs --------------------------------------------------------------------------------------------- */

static bool is_told_by_result(const struct maker *maker, uint32_t job)
{
    uint64_t slot = 0;
    return is_plain(maker->snapshot, job - 1, &slot);
}

/* Stretches of jobs that died with a worker, came back, or have not ended: by the journal. Those the results tell are left out. */
static int add_tried_jobs(struct maker *maker, size_t slot, size_t since)
{
    const struct span_list *states = &maker->spans->states;
    int error = 0;
    for (size_t i = states->first[slot]; i < states->count && !error; i++) {
        struct span span = states->items[i];
        struct span_list *jobs = &maker->spans->jobs;
        if (!span.job || is_told_by_result(maker, span.job))
            continue;
        struct span *before = jobs->count > since ? &jobs->items[jobs->count - 1] : NULL;
        if (before && before->job == span.job && before->end_ns == span.start_ns)
            before->end_ns = span.end_ns;
        else
            error = add_span(jobs, since, span);
    }
    return error;
}

static int add_ended_jobs(struct maker *maker, size_t slot)
{
    struct span_list *jobs = &maker->spans->jobs;
    for (size_t i = maker->jobs_first[slot]; i < maker->jobs_first[slot + 1]; i++) {
        const struct job_snapshot *job = &maker->snapshot->results[maker->jobs[i]];
        struct span *items = sys_grow(jobs->items, &jobs->room, jobs->count, sizeof *items);
        if (!items)
            return ENOMEM;
        jobs->items = items;
        jobs->items[jobs->count++] = (struct span){.start_ns = since_start(maker, job->result.start_ns),
                                                   .end_ns = since_start(maker, job->result.end_ns),
                                                   .job = (uint32_t)maker->jobs[i] + 1};
    }
    return 0;
}

static int by_start(const void *left, const void *right)
{
    const struct span *a = left;
    const struct span *b = right;
    if (a->start_ns != b->start_ns)
        return a->start_ns < b->start_ns ? -1 : 1;
    return (a->end_ns > b->end_ns) - (a->end_ns < b->end_ns);
}

/* Where one would reach into the next it ends there: what a result says and what the journal says are two clocks' readings. */
static void keep_apart(struct span_list *jobs, size_t since)
{
    qsort(jobs->items + since, jobs->count - since, sizeof *jobs->items, by_start);
    for (size_t i = since; i + 1 < jobs->count; i++)
        if (jobs->items[i].end_ns > jobs->items[i + 1].start_ns)
            jobs->items[i].end_ns = jobs->items[i + 1].start_ns;
}

static int add_jobs(struct maker *maker, size_t slot)
{
    struct span_list *jobs = &maker->spans->jobs;
    size_t since = jobs->count;
    jobs->first[slot] = since;
    int error = add_tried_jobs(maker, slot, since);
    if (!error)
        error = add_ended_jobs(maker, slot);
    if (!error && jobs->count > since)
        keep_apart(jobs, since);
    return error;
}

/* --- all of it ---------------------------------------------------------------------------------------- */

static void note_end(struct spans *spans, const struct span_list *list)
{
    for (size_t i = 0; i < list->count; i++)
        if (list->items[i].end_ns > spans->end_ns)
            spans->end_ns = list->items[i].end_ns;
}

static int make_all(struct maker *maker)
{
    struct spans *spans = maker->spans;
    int error = sort_events(maker);
    if (!error)
        error = sort_jobs(maker);
    for (size_t slot = 0; slot < spans->slots && !error; slot++) {
        error = add_states(maker, slot);
        spans->states.first[slot + 1] = spans->states.count;
        if (!error)
            error = add_jobs(maker, slot);
        spans->jobs.first[slot + 1] = spans->jobs.count;
    }
    return error;
}

int spans_make(struct spans *spans, const struct snapshot *snapshot)
{
    struct maker maker = {.spans = spans, .snapshot = snapshot};
    *spans = (struct spans){.end_ns = snapshot->wall_ns};
    spans->states.first = sys_alloc_zeroed(snapshot->slots + 2, sizeof *spans->states.first);
    spans->jobs.first = sys_alloc_zeroed(snapshot->slots + 2, sizeof *spans->jobs.first);
    if (!spans->states.first || !spans->jobs.first)
        return ENOMEM;
    spans->slots = snapshot->start_ns ? snapshot->slots : 0;
    int error = make_all(&maker);
    free(maker.events);
    free(maker.first);
    free(maker.jobs);
    free(maker.jobs_first);
    note_end(spans, &spans->states);
    note_end(spans, &spans->jobs);
    return error;
}

void spans_free(struct spans *spans)
{
    free(spans->states.items);
    free(spans->states.first);
    free(spans->jobs.items);
    free(spans->jobs.first);
    free(spans->deaths);
    *spans = (struct spans){0};
}
