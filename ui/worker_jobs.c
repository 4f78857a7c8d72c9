/* worker_jobs.c - every job of one worker, a line each; under one that failed, why, and what it was in full. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/text.h"
#include "report/fields.h"
#include "ui/lane_private.h"
#include "ui/parts.h"
#include "ui/worker_private.h"

const char *worker_job_text(const struct worker_page *page, size_t job, char *out, size_t room)
{
    const struct job_set *set = page->lane->snap.set;
    if (set == NULL || job >= set->count) {
        return "?";
    }
    const struct job_input *input = &set->inputs[job];
    if (page->lane->snap.work == WORK_PRIMES) {
        snprintf(out, room, "primes up to %" PRIu64, input->limit);
        return out;
    }
    return text_show(out, room, input->text != NULL ? input->text : "", page->canvas->ascii);
}

/* A column of the table; without columns where there is no room for it. */
struct job_shape {
    int number, start, took, tries, size, outcome, name;
};

static struct job_shape job_shape_of(const struct worker_page *page)
{
    int columns = page->at.columns, digits = parts_digits(page->lane->snap.jobs);
    bool wide = columns >= 70;
    struct job_shape shape = {.number = digits < 3 ? 3 : digits, .took = 8, .outcome = 9};
    shape.start = wide ? 9 : 0;
    shape.tries = wide ? 6 : 0;
    shape.size = page->lane->snap.work == WORK_COUNTER ? 0 : wide ? 10 : 9;
    int used = shape.number + shape.start + shape.took + shape.tries + shape.size + 2 + shape.outcome;
    shape.name = columns > used + 1 ? columns - used - 1 : 0;
    return shape;
}

/* What a job's line says, column by column. */
struct job_words {
    char number[24], start[24], took[24], tries[24], size[TEXT_GROUPED_BYTES];
    const char *outcome, *name;
    enum role role, outcome_role;
};

static void draw_words(struct worker_page *page, const struct job_words *words)
{
    struct rect row = worker_line(page);
    struct job_shape shape = job_shape_of(page);
    const struct {
        int columns;
        const char *text;
    } figures[] = {{shape.number, words->number},
                   {shape.start, words->start},
                   {shape.took, words->took},
                   {shape.tries, words->tries},
                   {shape.size, words->size}};
    int x = row.x;
    if (row.rows < 1) {
        return;
    }
    for (size_t i = 0; i < sizeof figures / sizeof *figures; i++) {
        x += figures[i].columns;
        canvas_text_right(page->canvas, x, row.y, figures[i].columns, words->role,
                          figures[i].columns > 0 ? figures[i].text : "");
    }
    canvas_text(page->canvas, x + 2, row.y, shape.outcome, words->outcome_role, words->outcome);
    canvas_text_middle(page->canvas, x + 2 + shape.outcome + 1, row.y, shape.name, words->role, words->name);
}

void worker_jobs_head(struct worker_page *page)
{
    char text[128];
    static const char *const sizes[WORK_COUNT] = {[WORK_DOWNLOAD] = "bytes", [WORK_PRIMES] = "primes", [WORK_COUNTER] = ""};
    const struct model_worker *shown = page->shown;
    struct job_words heads = {.number = "job",
                              .start = "start",
                              .took = "took",
                              .tries = "tries",
                              .outcome = "outcome",
                              .name = "work",
                              .role = ROLE_DIM,
                              .outcome_role = ROLE_DIM};
    snprintf(heads.size, sizeof heads.size, "%s", sizes[page->lane->snap.work]);
    snprintf(text, sizeof text, "ITS JOBS  %zu ended, %zu failed; the newest first", shown->jobs_ended, shown->jobs_failed);
    worker_heading(page, text);
    draw_words(page, &heads);
}

/* When it was first taken and how long it took; of one under way, how long so far. */
static void job_times(const struct worker_page *page, const struct job_snapshot *job, struct job_words *words)
{
    const struct snapshot *snap = &page->lane->snap;
    uint64_t start_ns = job->result.start_ns, took_ns;
    bool known = start_ns > 0 && start_ns >= snap->start_ns;
    text_duration(words->start, sizeof words->start, known ? start_ns - snap->start_ns : 0);
    if (field_duration_ns(job, &took_ns)) {
        text_duration(words->took, sizeof words->took, took_ns);
    } else if (known && !field_ended(job)) {
        parts_running_time(words->took, sizeof words->took, worker_since(page, start_ns));
    } else {
        known = false;
    }
    if (!known) {
        strcpy(words->start, "\u2013");
        strcpy(words->took, "\u2013");
    }
}

/* What it came to: bytes, or primes; unknown where it did not. */
static void job_size(const struct worker_page *page, const struct job_snapshot *job, struct job_words *words)
{
    uint64_t bytes;
    strcpy(words->size, "\u2013");
    if (page->lane->snap.work == WORK_DOWNLOAD && field_bytes(job, &bytes)) {
        text_bytes(words->size, sizeof words->size, bytes);
    } else if (page->lane->snap.work == WORK_PRIMES && field_done(job)) {
        text_grouped(words->size, job->result.primes);
    }
}

static void job_outcome(const struct job_snapshot *job, struct job_words *words)
{
    static const enum role roles[JOB_STATE_COUNT] = {[JOB_QUEUED] = ROLE_IDLE,
                                                     [JOB_RUNNING] = ROLE_RUNNING,
                                                     [JOB_DONE] = ROLE_DONE,
                                                     [JOB_FAILED] = ROLE_FAILED,
                                                     [JOB_POISONED] = ROLE_FAILED};
    uint64_t tries;
    bool kept = job->word.state == JOB_DONE && (job->result.flags & JOB_FLAG_KEPT) != 0;
    words->outcome = kept ? "was there" : job_state_word(job->word.state);
    words->outcome_role = roles[job->word.state];
    if (field_attempts(job, &tries)) {
        snprintf(words->tries, sizeof words->tries, "%" PRIu64, tries);
    } else {
        strcpy(words->tries, "\u2013");
    }
}

static bool has_failed(const struct job_snapshot *job)
{
    return job->word.state == JOB_FAILED || job->word.state == JOB_POISONED;
}

/* A job's line; under that of one that failed, why and what it was, in full. */
static void draw_job(struct worker_page *page, size_t job)
{
    const struct snapshot *snap = &page->lane->snap;
    const struct job_snapshot *result = &snap->results[job];
    char name[LANE_NAME_BYTES], text[WORKER_TEXT_BYTES];
    struct job_words words = {.name = name, .role = ROLE_TEXT};
    const struct job_input *input = snap->set != NULL && job < snap->set->count ? &snap->set->inputs[job] : NULL;
    snprintf(words.number, sizeof words.number, "%zu", job + 1);
    job_times(page, result, &words);
    job_size(page, result, &words);
    job_outcome(result, &words);
    if (input != NULL && snap->work == WORK_DOWNLOAD && input->name != NULL) {
        text_show(name, sizeof name, input->name, page->canvas->ascii);
    } else {
        snprintf(name, sizeof name, "%.*s", LANE_NAME_BYTES - 1, worker_job_text(page, job, text, sizeof text));
    }
    draw_words(page, &words);
    if (has_failed(result)) {
        text_show(text, sizeof text, result->result.note, page->canvas->ascii);
        worker_flow(page, WORKER_LABEL_COLUMNS, ROLE_FAILED, text[0] != '\0' ? text : "unknown why");
        worker_flow(page, WORKER_LABEL_COLUMNS, ROLE_DIM, worker_job_text(page, job, text, sizeof text));
    }
}

bool worker_job_draw(struct worker_page *page, size_t number)
{
    const struct snapshot *snap = &page->lane->snap;
    if (number >= page->shown->jobs_count || snap->results == NULL || page->shown->jobs[number] >= snap->jobs) {
        return false;
    }
    draw_job(page, page->shown->jobs[number]);
    return true;
}
