/* keys.c - the keys at the bottom, each with what it would change, and the line above them that answers a key. */
#include <string.h>

#include "base/text.h"
#include "ui/lane.h"
#include "ui/pane.h"
#include "ui/parts.h"

enum { KEYS_MAX = 32, KEY_GAP = 3, KEY_GAP_BRIEF = 2 };

struct key {
    const char *key, *label;
    const char *brief_label; /* where room is scarce; NULL: as label */
    char value[48];
    char brief[24]; /* the value where room is scarce; "": as value */
    int keep;       /* the higher, the longer it stays */
};

struct keys {
    struct key list[KEYS_MAX];
    int count, gap;
};

static struct key *add(struct keys *keys, int keep, const char *key, const char *label)
{
    struct key *one = &keys->list[keys->count++];
    *one = (struct key){.key = key, .label = label, .keep = keep};
    return one;
}

/* How many workers the lane makes, as its key says it. */
static void width_text(const struct model *model, int lane, char *out, size_t room)
{
    const struct model_lane *one = &model->lanes[lane];
    const struct executor *executor = one->started ? &one->snap.executor : &one->executor;
    switch (executor_strategy(executor->how)->at_once) {
    case WORKERS_ONE: snprintf(out, room, "1"); break;
    case WORKERS_ALL: snprintf(out, room, "%zu", one->started ? one->snap.jobs : one->jobs); break;
    default: snprintf(out, room, "%u", executor->width); break;
    }
}

static void add_workers(struct keys *keys, const struct model *model)
{
    int threads = lane_of_backend(model, BACKEND_THREAD), processes = lane_of_backend(model, BACKEND_PROCESS);
    if (threads >= 0) {
        struct key *key = add(keys, 9, "t/T", lane_unit(lane_executor(&model->lanes[threads])->how, true));
        width_text(model, threads, key->value, sizeof key->value);
    }
    if (processes >= 0) {
        struct key *key = add(keys, 9, "p/P", "processes");
        width_text(model, processes, key->value, sizeof key->value);
    }
}

static void add_lane(struct keys *keys, const struct model *model)
{
    const struct model_lane *lane = &model->lanes[model->focus == 1];
    bool over = !lane->started || run_state_is_over(lane->snap.state);
    bool paused = lane->started && lane->snap.state == RUN_PAUSED;
    struct executor with_gil = *lane_executor(lane);
    with_gil.gil = true;
    add(keys, 7, "s", "strategy");
    if (lane->there && executor_refusal(&with_gil, lane_work(lane)) == NULL) {
        struct key *key = add(keys, 6, "g", "GIL");
        snprintf(key->value, sizeof key->value, lane_executor(lane)->gil ? "on" : "off");
    }
    if (!over) {
        add(keys, 9, "space", paused ? "go on" : "pause");
        add(keys, 3, "n", "one step")->brief_label = "step";
    }
    struct key *again = add(keys, 8, "r", lane->started ? "run again" : "start");
    again->brief_label = lane->started ? "again" : "start";
    if (!over) {
        add(keys, 6, "x", "stop");
        add(keys, 2, "k", "kill");
    }
    add(keys, 4, "l", "list");
    add(keys, 5, "c", "compare");
    add(keys, 6, "v", "time");
    add(keys, 4, "j", "juggler")->brief_label = "ball";
    add(keys, 3, "w", "time spent")->brief_label = "spent";
    add(keys, 2, "Enter", "worker");
    add(keys, 1, "/", "filter");
    if (lane->started) {
        add(keys, 2, "b", "back");
    }
}

/* While the past is shown, keys move the playhead. */
static void add_replay(struct keys *keys, const struct model *model)
{
    add(keys, 9, "space", model->replay.paused ? "play" : "pause");
    add(keys, 8, "Left Right", "back, on")->brief_label = "move";
    add(keys, 7, "< >", "speed");
    add(keys, 6, "n N", "event");
    add(keys, 4, "Home", "start");
    add(keys, 4, "End", model->replay.rewind ? "live" : "end");
    add(keys, 5, "v", "time");
    if (model->replay.rewind) {
        add(keys, 10, "b", "live");
    }
}

static void collect(struct keys *keys, const struct model *model)
{
    if (model->replay.on) {
        add_replay(keys, model);
        add(keys, 10, "?", "help");
        add(keys, 11, "q", "quit");
        return;
    }
    add_workers(keys, model);
    add_lane(keys, model);
    if (model->origin_running && model->lanes[0].builtin) {
        struct key *key = add(keys, 5, "< >", "server");
        char rate[PARTS_RATE_BYTES];
        parts_rate(rate, model->origin_rate);
        snprintf(key->value, sizeof key->value, "%u ms, %s", model->origin_latency_ms, rate);
        snprintf(key->brief, sizeof key->brief, "%u ms", model->origin_latency_ms);
    }
    if (model->lanes[0].there && model->lanes[1].there) {
        add(keys, 7, "Tab", "lane");
    }
    add(keys, 10, "?", "help");
    add(keys, 11, "q", "quit");
}

static int key_columns(const struct key *key)
{
    int value = key->value[0] != '\0' ? 1 + (int)strlen(key->value) : 0;
    return (int)strlen(key->key) + 1 + (int)strlen(key->label) + value;
}

/* Lines the keys take when as many as fit stand on each. */
static int lines_of(const struct keys *keys, int columns)
{
    int lines = 1, used = 0;
    for (int i = 0; i < keys->count; i++) {
        int needed = key_columns(&keys->list[i]);
        if (used > 0 && used + keys->gap + needed > columns) {
            lines++;
            used = 0;
        }
        used += (used > 0 ? keys->gap : 0) + needed;
    }
    return lines;
}

static void make_brief(struct keys *keys)
{
    keys->gap = KEY_GAP_BRIEF;
    for (int i = 0; i < keys->count; i++) {
        if (keys->list[i].brief_label != NULL) {
            keys->list[i].label = keys->list[i].brief_label;
        }
        if (keys->list[i].brief[0] != '\0') {
            memcpy(keys->list[i].value, keys->list[i].brief, sizeof keys->list[i].brief);
        }
    }
}

static void drop_weakest(struct keys *keys)
{
    int weakest = 0;
    for (int i = 1; i < keys->count; i++) {
        weakest = keys->list[i].keep < keys->list[weakest].keep ? i : weakest;
    }
    size_t behind = (size_t)(keys->count - weakest - 1);
    memmove(&keys->list[weakest], &keys->list[weakest + 1], behind * sizeof keys->list[0]);
    keys->count--;
}

static int draw_key(struct canvas *canvas, int x, int y, int room, const struct key *key)
{
    int used = canvas_text_bold(canvas, x, y, room, ROLE_KEY, key->key) + 1;
    used += canvas_text(canvas, x + used, y, room - used, ROLE_TEXT, key->label);
    if (key->value[0] != '\0') {
        used += 1 + canvas_text_bold(canvas, x + used + 1, y, room - used - 1, ROLE_VALUE, key->value);
    }
    return used;
}

void keys_draw(struct canvas *canvas, struct rect where, const struct model *model)
{
    struct keys keys = {.gap = KEY_GAP};
    struct rect at = {where.x + 1, where.y, where.columns - 2, where.rows};
    collect(&keys, model);
    if (lines_of(&keys, at.columns) > where.rows) {
        make_brief(&keys);
    }
    while (keys.count > 1 && lines_of(&keys, at.columns) > where.rows) {
        drop_weakest(&keys);
    }
    for (int i = 0, line = 0, used = 0; i < keys.count && line < where.rows; i++) {
        if (used > 0 && used + keys.gap + key_columns(&keys.list[i]) > at.columns) {
            line++;
            used = 0;
        }
        used += used > 0 ? keys.gap : 0;
        used += draw_key(canvas, at.x + used, at.y + line, at.columns - used, &keys.list[i]);
    }
}

/* Nothing to answer: what is going on in the lane in focus and why; before that is known, what the keys act on. */
static void draw_focus(struct canvas *canvas, struct rect at, const struct model *model)
{
    int focus = model->focus == 1;
    const struct model_lane *lane = &model->lanes[focus];
    const char *noun = lane_noun(lane_work(lane));
    char list[128];
    if (lane->started && lane->sentence[0] != '\0') {
        bool fits = (int)strlen(noun) + 2 + canvas_text_columns(canvas, lane->sentence) <= at.columns;
        int used = fits ? canvas_printf(canvas, at.x, at.y, at.columns, ROLE_DIM, "%s: ", noun) : 0;
        struct rect rest = {at.x + used, at.y, at.columns - used, 1};
        parts_flow(canvas, rest, 0, ROLE_TEXT, lane->sentence);
        return;
    }
    text_show(list, sizeof list, lane->list_name != NULL ? lane->list_name : "", canvas->ascii);
    struct parts parts = {0};
    parts_add(&parts, 3, ROLE_DIM, "keys act on %s", noun);
    if (list[0] != '\0') {
        parts_add(&parts, 2, ROLE_DIM, "list: %.80s", list);
    }
    if (lane->filter.text[0] != '\0') {
        char filter[PART_BYTES / 2];
        parts_add(&parts, 4, ROLE_VALUE, "filter \"%s\"",
                  text_show(filter, sizeof filter, lane->filter.text, canvas->ascii));
    }
    parts_draw(canvas, at.x, at.y, at.columns, &parts);
}

void status_draw(struct canvas *canvas, struct rect where, const struct model *model)
{
    struct rect at = {where.x + 1, where.y, where.columns - 2, where.rows};
    if (where.rows < 1) {
        return;
    }
    char text[MODEL_STATUS_BYTES * 2];
    if (model->filtering) {
        text_show(text, sizeof text, model->lanes[model->focus == 1].filter.text, canvas->ascii);
        int used = canvas_printf(canvas, at.x, at.y, at.columns, ROLE_VALUE, "filter: %s_", text);
        canvas_text(canvas, at.x + used, at.y, at.columns - used, ROLE_DIM, "   Enter keeps it, Esc drops it");
    } else if (model->typed[0] != '\0') {
        text_show(text, sizeof text, model->typed, canvas->ascii);
        int used = canvas_printf(canvas, at.x, at.y, at.columns, ROLE_VALUE, "workers: %s_", text);
        canvas_text(canvas, at.x + used, at.y, at.columns - used, ROLE_DIM, "   Enter takes it, Esc drops it");
    } else if (model->status[0] != '\0') {
        text_show(text, sizeof text, model->status, canvas->ascii);
        parts_flow(canvas, (struct rect){at.x, at.y, at.columns, 1}, 0, model->status_is_warning ? ROLE_WARNING : ROLE_TEXT,
                   text);
    } else if (model->replay.on && !canvas->flat) {
        replay_draw_bar(canvas, at, model);
    } else {
        draw_focus(canvas, at, model);
    }
}
