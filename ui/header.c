/* header.c - the top line. The loads take the richest form in which all cores fit. */
#include <string.h>

#include "ui/pane.h"
#include "ui/parts.h"

enum { CORES_TEXT_COLUMNS = 5 }; /* " 100%" */

/* Which state speaks for all lanes: the first of these that one of them is in. */
static const enum run_state state_order[] = {RUN_RUNNING, RUN_STARTING, RUN_PAUSED, RUN_STOPPING,
                                             RUN_BROKEN,  RUN_STOPPED,  RUN_DONE};

static bool overall_state(const struct model *model, enum run_state *out)
{
    for (size_t i = 0; i < sizeof state_order / sizeof state_order[0]; i++) {
        for (int lane = 0; lane < MODEL_LANES; lane++) {
            const struct model_lane *one = &model->lanes[lane];
            if (one->there && one->started && one->snap.state == state_order[i]) {
                *out = state_order[i];
                return true;
            }
        }
    }
    return false;
}

const char *header_state(const struct model *model)
{
    enum run_state state;
    if (model->replay.on)
        return replay_word(model);
    if (model->compare.live)
        return "comparing";
    return overall_state(model, &state) ? run_state_word(state) : "ready";
}

static const char *state_sign(const struct model *model, enum role *role)
{
    enum run_state state = RUN_DONE;
    *role = ROLE_TEXT;
    if (model->compare.live) {
        *role = ROLE_RUNNING;
        return "\u25b6";
    }
    if (!overall_state(model, &state)) {
        return "\u25b6";
    }
    switch (state) {
    case RUN_RUNNING:
    case RUN_STARTING: *role = ROLE_RUNNING; return "\u25b6";
    case RUN_PAUSED: *role = ROLE_WARNING; return "\u2016";
    case RUN_BROKEN: *role = ROLE_FAILED; return "!";
    case RUN_DONE: *role = ROLE_DONE; return "\u25a0";
    default: *role = ROLE_WARNING; return "\u25a0";
    }
}

static int draw_state(struct canvas *canvas, struct rect where, const struct model *model)
{
    enum role role;
    const char *sign = state_sign(model, &role);
    int x = where.x + 1, end = where.x + where.columns;
    if (where.columns >= 40) {
        x += canvas_text_bold(canvas, x, where.y, end - x, ROLE_TITLE, "juggler ");
    }
    if (model->replay.on) {
        return x + replay_draw_position(canvas, x, where.y, end - x, model);
    }
    x += canvas_text(canvas, x, where.y, end - x, role, sign);
    x += canvas_text_bold(canvas, x + 1, where.y, end - x - 1, role, header_state(model));
    return x + 1;
}

/* --- cores ---------------------------------------------------------------------------------------------------- */

/* How a core can be written: with a word before its number, a bar of so many columns, a figure. */
struct core_form {
    const char *word;
    int bar, gap;
    bool figure, number;
};

static const struct core_form core_forms[] = {
    {"core ", 8, 2, true, true}, {"core ", 4, 2, true, true}, {"", 5, 1, true, true},
    {"", 3, 1, true, true},      {"", 0, 2, true, true},      {"", 1, 0, false, false},
};

static int form_columns(const struct core_form *form, unsigned cores)
{
    int number = form->number ? parts_digits(cores - 1) + (form->bar > 0) : 0;
    return (int)strlen(form->word) + number + form->bar + (form->figure ? CORES_TEXT_COLUMNS : 0) + form->gap;
}

/* A whole core in one cell: a block as high as its load, or a digit 0 ... 9. */
static void draw_core_cell(struct canvas *canvas, int x, int y, double busy)
{
    busy = busy > 1 ? 1 : busy;
    uint32_t glyph = canvas->ascii ? '?' : 0xb7;
    if (busy >= 0) {
        glyph = canvas->ascii ? '0' + (uint32_t)(busy * 9.99) : 0x2581 + (uint32_t)(busy * 7.99);
    }
    canvas_fill(canvas, (struct rect){x, y, 1, 1}, glyph, ROLE_RUNNING);
}

static void draw_core(struct canvas *canvas, int x, int y, const struct core_form *form, unsigned core, unsigned cores,
                      double busy)
{
    if (!form->number) {
        draw_core_cell(canvas, x, y, busy);
        return;
    }
    char text[24];
    int digits = parts_digits(cores - 1);
    snprintf(text, sizeof text, "%s%*u", form->word, digits, core);
    x += canvas_text(canvas, x, y, form_columns(form, cores), ROLE_TEXT, text) + (form->bar > 0);
    canvas_bar(canvas, x, y, form->bar, busy, ROLE_RUNNING);
    x += form->bar;
    snprintf(text, sizeof text, "%3.0f%%", busy > 1 ? 100 : busy * 100);
    canvas_text_right(canvas, x + CORES_TEXT_COLUMNS, y, CORES_TEXT_COLUMNS, ROLE_TEXT, busy >= 0 ? text : "\u2013");
}

/* All cores in the richest form that fits; in the last form as many as fit. */
static void draw_cores(struct canvas *canvas, int x, int y, int room, const struct machine_load *load)
{
    unsigned cores = load->cores < MACHINE_CORES_MAX ? load->cores : MACHINE_CORES_MAX;
    size_t forms = sizeof core_forms / sizeof core_forms[0], form = 0;
    while (form + 1 < forms && form_columns(&core_forms[form], cores) * (int)cores - core_forms[form].gap > room) {
        form++;
    }
    int columns = cores > 0 ? form_columns(&core_forms[form], cores) : 1;
    if (form + 1 == forms && room > 12) {
        x += canvas_text(canvas, x, y, room, ROLE_DIM, "cores ");
        room -= 6;
    }
    for (unsigned core = 0; core < cores && columns * ((int)core + 1) <= room + core_forms[form].gap; core++) {
        draw_core(canvas, x + columns * (int)core, y, &core_forms[form], core, cores, load->busy[core]);
    }
}

/* --- the line --------------------------------------------------------------------------------------------------- */

static void processes_text(const struct model *model, bool brief, char *out, size_t room)
{
    if (model->processes == 0) {
        snprintf(out, room, brief ? "" : "processes unknown");
    } else {
        snprintf(out, room, brief ? "%u processes" : "%u processes on this machine", model->processes);
    }
}

/* Which limit decides how many cores can be used, the richer the more room there is; "" where it is none but the machine. */
static void cores_text(const struct model *model, int columns, char *out, size_t room)
{
    const struct usable_cores *cores = &model->cores;
    bool quota = cores->quota >= 0 && cores->quota < (double)cores->affinity;
    out[0] = '\0';
    if (cores->count == 0 || (!quota && cores->affinity >= cores->online)) {
        return;
    }
    if (columns >= 170) {
        machine_cores_words(cores, out, room);
    } else if (columns < 120 && quota) {
        snprintf(out, room, "quota %.3g cores", cores->quota);
    } else if (columns < 120) {
        snprintf(out, room, "%u of %u cores", cores->count, cores->online);
    } else if (quota) {
        snprintf(out, room, "%u of %u cores usable: quota %.3g", cores->count, cores->online, cores->quota);
    } else {
        snprintf(out, room, "%u of %u cores usable: affinity", cores->count, cores->online);
    }
}

/* Draws text that ends at column end; the end of what is left of it. */
static int draw_right(struct canvas *canvas, int end, int y, const char *text)
{
    int columns = canvas_text_columns(canvas, text);
    if (columns == 0) {
        return end;
    }
    canvas_text_right(canvas, end - 1, y, columns, ROLE_TEXT, text);
    return end - columns - 3;
}

void header_draw(struct canvas *canvas, struct rect where, const struct model *model)
{
    if (where.rows < 1 || where.columns < 1) {
        return;
    }
    int x = draw_state(canvas, where, model), end = where.x + where.columns - 1;
    char processes[64], cores[CORES_WORDS_BYTES];
    if (where.columns >= 50) {
        canvas_text(canvas, end - 6, where.y, 1, ROLE_KEY, "?");
        canvas_text(canvas, end - 4, where.y, 4, ROLE_TEXT, "help");
        end -= 8;
    }
    if (where.columns >= 60) {
        processes_text(model, where.columns < 100, processes, sizeof processes);
        end = draw_right(canvas, end, where.y, processes);
    }
    if (where.columns >= 80) {
        cores_text(model, where.columns, cores, sizeof cores);
        end = draw_right(canvas, end, where.y, cores);
    }
    draw_cores(canvas, x + 2, where.y, end - x - 2, &model->load);
}
