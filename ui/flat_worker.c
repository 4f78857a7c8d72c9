/* flat_worker.c - a worker in a line of words. See flat.h. */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "ui/flat.h"
#include "ui/lane_private.h"

/* A line that is put together piece by piece. */
struct line {
    char *text;
    size_t used;
};

static void __attribute__((format(printf, 2, 3))) add(struct line *line, const char *format, ...)
{
    va_list list;
    va_start(list, format);
    int length = vsnprintf(line->text + line->used, FLAT_TEXT_BYTES - line->used, format, list);
    va_end(list);
    line->used += length > 0 ? (size_t)length : 0;
    line->used = line->used < FLAT_TEXT_BYTES ? line->used : FLAT_TEXT_BYTES - 1;
}

void flat_worker_name(const struct model_lane *lane, size_t slot, char *out, size_t room)
{
    enum worker_kind kind = (enum worker_kind)lane->snap.workers[slot].data.kind;
    snprintf(out, room, "%s %zu", worker_kind_word(kind), slot + 1);
}

static void add_job(struct line *line, const struct model_lane *lane, const struct slot_data *data, bool ascii)
{
    char name[LANE_NAME_BYTES];
    const struct job_set *set = lane->snap.set;
    if (set == NULL || data->job == 0 || data->job > set->count) {
        return;
    }
    const struct job_input *input = &set->inputs[data->job - 1];
    if (lane->snap.work == WORK_PRIMES) {
        add(line, ", primes up to %" PRIu64, input->limit);
    } else {
        const char *text = input->name != NULL ? input->name : input->text;
        add(line, " %s", text_show(name, sizeof name, text, ascii));
    }
}

static void add_progress(struct line *line, const struct slot_data *data)
{
    char size[24];
    if (data->job > 0 && data->total > 0 && data->done > 0) {
        add(line, ", %u percent", model_percent_of(data));
    } else if (data->job > 0 && data->done > 0) {
        add(line, ", %s so far", text_bytes(size, sizeof size, data->done));
    }
    if (data->attempt > 1 && data->job > 0) {
        add(line, ", try %" PRIu64, data->attempt);
    }
}

/* Who has gone: how, and what it did. */
static void add_past(struct line *line, const struct slot_data *data, enum phase phase)
{
    char busy[32];
    const uint64_t *ns = data->account_ns;
    text_duration(busy, sizeof busy, ns[ACCOUNT_ON_CORE] + ns[ACCOUNT_READY] + ns[ACCOUNT_IO] + ns[ACCOUNT_LOCK]);
    if (phase == PHASE_DEAD) {
        add(line, "dead, signal %" PRIu64, data->exit_signal);
    } else {
        add(line, "%s", worker_exit_word((enum worker_exit)data->exit));
    }
    add(line, ", %" PRIu64 " job%s", data->jobs, data->jobs == 1 ? "" : "s");
    if (data->jobs > 0) {
        add(line, ", busy for %s", busy);
    }
}

/* What the kernel says of it, where that is known. */
static void add_core(struct line *line, const struct model_lane *lane, size_t slot)
{
    if (lane->tasks != NULL && lane->tasks[slot].letter == 'R' && lane->tasks[slot].core >= 0 &&
        !lane->tasks[slot].no_core) {
        add(line, ", on core %d", lane->tasks[slot].core);
    }
}

void flat_worker_text(const struct model_lane *lane, size_t slot, bool ascii, char out[FLAT_TEXT_BYTES])
{
    const struct worker_snapshot *worker = &lane->snap.workers[slot];
    enum phase phase = lane_phase(worker);
    bool runs = phase_class_of(phase) == PHASE_CLASS_RUNNING;
    bool ready = runs && worker->alive && lane->tasks != NULL && lane->tasks[slot].no_core;
    struct line line = {.text = out};
    flat_worker_name(lane, slot, out, FLAT_TEXT_BYTES);
    line.used = strlen(out);
    add(&line, ": ");
    if (phase == PHASE_LEFT || phase == PHASE_DEAD) {
        add_past(&line, &worker->data, phase);
        return;
    }
    const char *silent = lane_silent_word(lane, slot, true);
    if (silent != NULL) {
        add(&line, "%s, ", silent);
    }
    add(&line, "%s", ready ? "ready, no core" : phase_word(phase));
    add_job(&line, lane, &worker->data, ascii);
    add_progress(&line, &worker->data);
    if (runs) {
        add_core(&line, lane, slot);
    }
    if (lane_has_gil(lane) && worker->alive && lane->gil.holder == slot + 1) {
        add(&line, ", holds the GIL");
    }
}
