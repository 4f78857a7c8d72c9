/* app_filter.c - the key /: a text is typed, and of the lane in focus only the workers remain that have it in their state, name or work.
 *
 * It works while it is typed, and goes on doing so as workers change their states. Each lane has its own, and keeps it from run to run.
 * A worker's text is looked at again only when it has another job: of a thousand workers few have. */
#include <stdlib.h>
#include <string.h>

#include "base/sys.h"
#include "base/text.h"
#include "ui/app_private.h"
#include "ui/lane.h"
#include "ui/panes.h"
#include "ui/terminal.h"

enum { CONTROL_U = 0x15 };

/* Whether the filter took a worker's text, and which filter and job that was about. */
struct app_marks_text {
    uint64_t job;
    unsigned filter; /* 0: it was not looked at yet */
    bool taken;
};

/* --- once a frame --------------------------------------------------------------------------------- */

/* False: no memory; then rows are found out as they are drawn. */
static bool make_room(struct app_marks *marks, size_t slots)
{
    if (slots <= marks->slots)
        return true;
    unsigned char *more = sys_realloc(marks->marks, slots);
    if (more)
        marks->marks = more;
    struct app_marks_text *texts = sys_realloc(marks->texts, slots * sizeof *texts);
    if (texts)
        marks->texts = texts;
    if (!more || !texts)
        return false;
    memset(texts + marks->slots, 0, (slots - marks->slots) * sizeof *texts);
    marks->slots = slots;
    return true;
}

static bool takes_text(struct app_marks *marks, const struct model_lane *shown, size_t slot)
{
    struct app_marks_text *text = &marks->texts[slot];
    uint64_t job = shown->snap.workers[slot].data.job;
    if (text->filter != marks->filters + 1 || text->job != job)
        *text = (struct app_marks_text){
            .job = job, .filter = marks->filters + 1, .taken = filter_takes_text(&shown->filter, shown, slot)};
    return text->taken;
}

void app_filter_mark(struct app *app, int number)
{
    struct model_lane *shown = &app->model.lanes[number];
    struct app_marks *marks = &app->lanes[number].marks;
    shown->marks = NULL;
    if (!shown->started || !make_room(marks, shown->snap.slots))
        return;
    for (size_t slot = 0; slot < shown->snap.slots; slot++)
        marks->marks[slot] = (unsigned char)lane_mark_of(shown, slot, takes_text(marks, shown, slot));
    shown->marks = marks->marks;
}

void app_filter_forget(struct app *app, int number)
{
    app->lanes[number].marks.filters++;
    app->model.lanes[number].marks = NULL;
}

void app_filter_free(struct app *app, int number)
{
    struct app_marks *marks = &app->lanes[number].marks;
    free(marks->marks);
    free(marks->texts);
    *marks = (struct app_marks){.slots = 0};
    app->model.lanes[number].marks = NULL;
}

/* --- keys ----------------------------------------------------------------------------------------- */

/* Another text: other workers have rows, and those that are shown begin with the selected one if it is not among the first. */
static void changed(struct app *app, int number)
{
    struct model_lane *shown = &app->model.lanes[number];
    app_filter_forget(app, number);
    app_filter_mark(app, number);
    int fit = screen_lane_rows(app->canvas.columns, app->canvas.rows, &app->model, number);
    size_t row = shown->started ? lane_slot_row(shown, shown->selected) : SIZE_MAX;
    shown->top = row != SIZE_MAX && fit > 0 && row >= (size_t)fit ? row + 1 - (size_t)fit : 0;
}

static void set(struct app *app, int number, const char *text)
{
    filter_set(&app->model.lanes[number].filter, text);
    changed(app, number);
}

void app_filter_open(struct app *app)
{
    if (app->model.help)
        return;
    app->model.typed[0] = 0;
    app->model.filtering = true;
}

static void keep(struct app *app)
{
    const struct model_lane *shown = &app->model.lanes[app->model.focus];
    char text[FILTER_BYTES * 4];
    app->model.filtering = false;
    if (shown->filter.text[0])
        app_say(app, false, "filter \"%s\" is kept; / changes it, Esc drops it",
                text_show(text, sizeof text, shown->filter.text, app->canvas.ascii));
}

bool app_filter_clear(struct app *app)
{
    int focus = app->model.focus, number = app->model.lanes[focus].filter.text[0] ? focus : 1 - focus;
    bool had = app->model.lanes[number].filter.text[0] != 0;
    app->model.filtering = false;
    if (had) {
        set(app, number, "");
        app_say(app, false, "no filter any more: all workers are shown");
    }
    return had;
}

void app_filter_key(struct app *app, int key)
{
    struct filter *filter = &app->model.lanes[app->model.focus].filter;
    switch (key) {
    case TERMINAL_KEY_ENTER: keep(app); return;
    case TERMINAL_KEY_ESCAPE:
        app->model.filtering = false;
        set(app, app->model.focus, "");
        return;
    case TERMINAL_KEY_BACKSPACE:
    case TERMINAL_KEY_DELETE: filter_erase(filter); break;
    case CONTROL_U: filter_set(filter, ""); break;
    default:
        if (key < ' ' || key >= TERMINAL_KEY_UP || !filter_append(filter, (uint32_t)key))
            return;
    }
    changed(app, app->model.focus);
}
