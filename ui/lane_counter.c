/* lane_counter.c - the shared counter's line: how the workers guard it and what that costs; at the end what it should be and what it is. */
#include "base/text.h"
#include "report/counter_fields.h"
#include "ui/lane_private.h"
#include "ui/parts.h"

double lane_lock_share(const struct snapshot *snap)
{
    uint64_t lock_ns = 0, busy_ns = 0;
    for (size_t slot = 0; slot < snap->slots; slot++) {
        const uint64_t *ns = snap->workers[slot].data.account_ns;
        if (!snap->workers[slot].used)
            continue;
        lock_ns += ns[ACCOUNT_LOCK];
        busy_ns += ns[ACCOUNT_ON_CORE] + ns[ACCOUNT_READY] + ns[ACCOUNT_IO] + ns[ACCOUNT_LOCK];
    }
    return busy_ns ? (double)lock_ns / (double)busy_ns : -1;
}

bool lane_counter_gist(const struct snapshot *snap, char *out, size_t room)
{
    struct counter_fields fields = counter_fields_of(snap);
    if (snap->work != WORK_COUNTER || !fields.known)
        return false;
    double percent = fields.lost_share * 100;
    if (!fields.shared)
        snprintf(out, room, "own copies"); /* nothing was lost: the adds are where nobody looks */
    else if (fields.lost > 0 && percent < 0.5)
        snprintf(out, room, "<1 %% lost");
    else
        snprintf(out, room, "%.0f %% lost", percent);
    return true;
}

bool lane_counter_summary(const struct snapshot *snap, char *out, size_t room)
{
    char lost[TEXT_GROUPED_BYTES], expected[TEXT_GROUPED_BYTES];
    struct counter_fields fields = counter_fields_of(snap);
    if (snap->work != WORK_COUNTER || !fields.known)
        return false;
    snprintf(out, room, "lost %s of %s", text_grouped(lost, fields.lost), text_grouped(expected, fields.expected));
    return true;
}

static void add_outcome(struct parts *parts, const struct counter_fields *fields)
{
    char text[TEXT_GROUPED_BYTES];
    enum role role = fields->lost ? ROLE_FAILED : ROLE_DONE;
    parts_add(parts, 3, ROLE_TEXT, "expected %s", text_grouped(text, fields->expected));
    parts_add(parts, 4, ROLE_TEXT, "got %s", text_grouped(text, fields->got));
    parts_add(parts, 6, role, "lost %s", text_grouped(text, fields->lost));
}

static void add_guard(struct parts *parts, const struct snapshot *snap, const struct counter_fields *fields)
{
    enum counter_lock lock = snap->set ? snap->set->options.counter.lock : COUNTER_NONE;
    if (!fields->shared) {
        parts_add(parts, 2, ROLE_TEXT, "each process has a copy of its own");
        parts_brief(parts, "a copy each");
    } else if (lock == COUNTER_ATOMIC) {
        parts_add(parts, 2, ROLE_TEXT, "atomic: each add is one step");
        parts_brief(parts, "atomic");
    } else if (lock == COUNTER_NONE) {
        parts_add(parts, 2, ROLE_TEXT, "no lock: nobody waits");
        parts_brief(parts, "no lock");
    } else {
        double share = lane_lock_share(snap);
        if (share < 0) {
            parts_add(parts, 2, ROLE_DIM, "waited for the mutex: \u2013");
        } else {
            parts_add(parts, 2, ROLE_LOCK, "waited for the mutex %.0f %% of their time", share * 100);
        }
        if (share >= 0) {
            parts_brief(parts, "mutex: waited %.0f %%", share * 100);
        }
    }
}

void lane_counter_draw(struct canvas *canvas, struct rect row, const struct model_lane *lane)
{
    struct parts parts = {0};
    struct counter_fields fields = counter_fields_of(&lane->snap);
    if (fields.known) {
        add_outcome(&parts, &fields);
    } else if (run_state_is_over(lane->snap.state)) {
        parts_add(&parts, 6, ROLE_WARNING, "expected and got: not known");
    }
    add_guard(&parts, &lane->snap, &fields);
    parts_draw(canvas, row.x, row.y, row.columns, &parts);
}
