/* flat_views.c - what each view has in words, in place of its picture. See flat.h.
 *
 * A new view is a row in the table at the end. Each is drawn from the model that its picture is drawn from. */
#include "ui/flat.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/text.h"
#include "report/compare_fields.h"
#include "ui/account_bar.h"
#include "ui/juggler.h"
#include "ui/lane_private.h"
#include "ui/pane.h"
#include "ui/parts.h"

enum { SLICES = 200, NAMES_BYTES = 2048 };

/* Draws a line at the top of what is left, broken where it is too long, and takes its rows away. */
static void say(struct canvas *canvas, struct rect *left, enum role role, const char *text)
{
    if (left->rows < 1 || text[0] == '\0') {
        return;
    }
    int used = parts_flow(canvas, *left, 0, role, text);
    used = used < left->rows ? used : left->rows;
    left->y += used;
    left->rows -= used;
}

/* Lines for one of two lists: half of them, and what the other leaves of its half. */
static int lines_for(size_t mine, size_t others, int rows)
{
    size_t room = rows > 0 ? (size_t)rows : 0, half = room / 2;
    size_t left = others < half ? room - others : room - half;
    return mine < left ? (int)mine : (int)left;
}

/* --- the picture of time -------------------------------------------------------------------------- */

enum doing { DOING_RUN, DOING_READY, DOING_WAIT, DOING_RECEIVE, DOING_LOCK, DOING_BARRIER, DOING_IDLE, DOING_COUNT };

static const char *const doing_words[DOING_COUNT] = {
    "running", "ready without a core", "waiting", "receiving", "waiting for a lock", "at the barrier", "without work"};

static enum doing doing_of(const struct timeline_cell *cell)
{
    switch (phase_class_of(cell->phase)) {
    case PHASE_CLASS_RUNNING: return cell->no_core ? DOING_READY : DOING_RUN;
    case PHASE_CLASS_IO: return cell->phase == PHASE_RECEIVING ? DOING_RECEIVE : DOING_WAIT;
    case PHASE_CLASS_LOCK: return DOING_LOCK;
    case PHASE_CLASS_BARRIER: return DOING_BARRIER;
    default: return DOING_IDLE;
    }
}

/* Shares of the time that is shown, in 200 steps: as fine as a picture of it would be. */
static void time_text(const struct timeline_view *view, const struct timeline_track *track, size_t slot, char *out,
                      size_t room)
{
    unsigned counts[DOING_COUNT] = {0}, all = 0;
    size_t used = 0;
    for (uint64_t i = 0; i < SLICES; i++) {
        uint64_t from_back = view->span_ns / SLICES * (SLICES - i), to_back = view->span_ns / SLICES * (SLICES - i - 1);
        if (view->end_ns <= to_back || view->end_ns < from_back) {
            continue;
        }
        struct timeline_cell cell = timeline_look(track->timeline, slot, track->zero_ns + view->end_ns - from_back,
                                                  track->zero_ns + view->end_ns - to_back);
        bool there = phase_class_of(cell.phase) != PHASE_CLASS_NONE;
        counts[doing_of(&cell)] += there;
        all += there;
    }
    snprintf(out, room, "not there");
    for (int doing = 0; doing < DOING_COUNT && all > 0 && used < room; doing++) {
        if (counts[doing] > 0) {
            int length = snprintf(out + used, room - used, "%s%s %.0f percent", used > 0 ? ", " : "", doing_words[doing],
                                  (double)counts[doing] * 100 / all);
            used += length > 0 ? (size_t)length : 0;
        }
    }
}

static const char *track_word(const struct timeline_track *track)
{
    return track->letter == 'p' ? "process" : track->letter == 'e' ? "transfer" : "thread";
}

static void draw_track(struct canvas *canvas, struct rect *left, int rows, const struct timeline_view *view,
                       const struct timeline_track *track)
{
    size_t slots = track->timeline->slots, shown = rows > 0 ? (size_t)rows : 0, top = 0;
    if (track->selected != SIZE_MAX && track->selected >= shown) {
        top = track->selected - shown + 1;
    }
    if (track->title != NULL) {
        say(canvas, left, ROLE_TITLE, track->title);
    }
    for (size_t slot = top; slot < slots && slot < top + shown && left->rows > 0; slot++) {
        char text[FLAT_TEXT_BYTES], what[FLAT_TEXT_BYTES - 48];
        time_text(view, track, slot, what, sizeof what);
        snprintf(text, sizeof text, "%s %zu: %s", track_word(track), slot + 1, what);
        canvas_text(canvas, left->x, left->y, left->columns, ROLE_TEXT, text);
        left->y++;
        left->rows--;
    }
}

static void draw_time(struct canvas *canvas, struct rect left, const struct model *model)
{
    const struct timeline_view *view = &model->timeline;
    char text[FLAT_TEXT_BYTES];
    snprintf(text, sizeof text, "time: %s %g s, up to second %.1f of the run", view->frozen ? "held," : "the last",
             (double)view->span_ns / (double)NS_PER_S, (double)view->end_ns / (double)NS_PER_S);
    say(canvas, &left, ROLE_TITLE, text);
    for (size_t i = 0; i < view->count && left.rows > 0; i++) {
        size_t others = 0;
        for (size_t next = i + 1; next < view->count; next++) {
            others += view->tracks[next].timeline->slots;
        }
        int rows = lines_for(view->tracks[i].timeline->slots, others, left.rows);
        draw_track(canvas, &left, rows, view, &view->tracks[i]);
    }
}

/* --- the juggler ---------------------------------------------------------------------------------- */

/* "9 in the air, wait for I/O: t1 t2 ..." False: there is nobody, and nothing to be said of that. */
static bool place_text(const struct juggler *juggler, enum juggler_place place, char *out, size_t room)
{
    char count[JUGGLER_WORDS_BYTES], why[JUGGLER_WORDS_BYTES], ball[JUGGLER_BALL_BYTES], names[NAMES_BYTES] = "";
    size_t used = 0;
    for (struct juggler_ball at = JUGGLER_BEFORE_FIRST; juggler_next(juggler, place, &at);) {
        if (used + 16 < sizeof names) {
            used += (size_t)snprintf(names + used, sizeof names - used, " %s", juggler_ball_text(juggler, at, ball));
        }
    }
    snprintf(out, room, "%s, %s%s%s", juggler_count_words(juggler, place, count), juggler_why_words(juggler, place, why),
             used > 0 ? ":" : "", names);
    return juggler_place_shows(juggler, place);
}

/* The same places as in the picture. */
static void draw_juggler(struct canvas *canvas, struct rect left, const struct model *model)
{
    struct juggler juggler;
    char text[NAMES_BYTES + 2 * JUGGLER_WORDS_BYTES];
    juggler_look(&juggler, model);
    snprintf(text, sizeof text, "juggler: %u hand%s, which are the usable cores; every worker is a ball", model->cores.count,
             model->cores.count == 1 ? "" : "s");
    say(canvas, &left, ROLE_TITLE, text);
    for (int place = JUGGLER_NOBODY + 1; place < JUGGLER_PLACES; place++) {
        if (place_text(&juggler, (enum juggler_place)place, text, sizeof text)) {
            say(canvas, &left, juggler_place_role((enum juggler_place)place), text);
        }
    }
}

/* --- the account of time -------------------------------------------------------------------------- */

static void account_text(const struct account *account, char *out, size_t room)
{
    size_t used = 0;
    out[0] = '\0';
    for (int column = 0; column < ACCOUNT_COLUMNS && used < room; column++) {
        char time[32];
        bool unknown = column == ACCOUNT_READY && !account->ready_known;
        if (account->ns[column] == 0 && !unknown) {
            continue;
        }
        text_duration(time, sizeof time, account->ns[column]);
        int length = snprintf(out + used, room - used, "%s%s %s", used > 0 ? ", " : "",
                              account_word((enum account_column)column), unknown ? "unknown" : time);
        used += length > 0 ? (size_t)length : 0;
    }
}

static void draw_account(struct canvas *canvas, struct rect left, const struct model *model)
{
    say(canvas, &left, ROLE_TITLE, "where the time went, worker by worker");
    for (int i = 0; i < MODEL_LANES; i++) {
        const struct model_lane *lane = &model->lanes[i];
        size_t others = i + 1 < MODEL_LANES ? lane_rows(&model->lanes[i + 1]) : 0;
        int rows = lines_for(lane_rows(lane), others, left.rows);
        size_t top = lane_top_row(lane, (size_t)rows);
        for (int line = 0; line < rows; line++) {
            char name[48], what[FLAT_TEXT_BYTES - 64], text[FLAT_TEXT_BYTES];
            size_t slot = lane_row_slot(lane, top + (size_t)line);
            if (slot == SIZE_MAX) {
                break;
            }
            flat_worker_name(lane, slot, name, sizeof name);
            const struct account account = account_of_worker(&lane->snap.workers[slot], account_end_ns(&lane->snap));
            account_text(&account, what, sizeof what);
            snprintf(text, sizeof text, "%s: %s", name, what);
            canvas_text(canvas, left.x, left.y++, left.columns, ROLE_TEXT, text);
            left.rows--;
        }
    }
}

/* --- a comparison --------------------------------------------------------------------------------- */

static void duration_text(double seconds, char *out, size_t room)
{
    if (seconds < 0 || seconds > 1e9) {
        snprintf(out, room, "unknown");
    } else {
        text_duration(out, room, (uint64_t)(seconds * 1e9));
    }
}

static void compared_text(const struct compare_view *view, size_t number, char out[FLAT_TEXT_BYTES])
{
    const struct compare_line *line = &view->lines[number];
    char executor[EXECUTOR_TEXT_BYTES], median[32], least[32], most[32], gain[64] = "";
    duration_text(line->median_s, median, sizeof median);
    duration_text(line->min_s, least, sizeof least);
    duration_text(line->max_s, most, sizeof most);
    if (number > 0 && line->speedup >= 0 && line->told) {
        snprintf(gain, sizeof gain, compare_field_ratio_told(view, number) ? ", %.2f times as fast" : ", no real difference",
                 line->speedup);
    }
    executor_format(&line->executor, executor);
    if (line->median_s < 0) {
        snprintf(out, FLAT_TEXT_BYTES, "%s: %s", executor, line->running ? "is measured now" : "not measured yet");
    } else {
        snprintf(out, FLAT_TEXT_BYTES, "%s: median %s, least %s, most %s%s%s%s", executor, median, least, most, gain,
                 line->winner ? ", the winner" : "", line->running ? ", is measured now" : "");
    }
}

static void draw_compare(struct canvas *canvas, struct rect left, const struct model *model)
{
    const struct compare_view *view = &model->compare.view;
    char text[FLAT_TEXT_BYTES], shown[COMPARE_TEXT_BYTES * 2];
    snprintf(text, sizeof text, "comparison of %s: %s, %zu of %zu runs done", lane_noun(view->work),
             view->stopped ? "stopped"
             : view->over  ? "over"
                           : "going on",
             view->runs_done, view->runs_all);
    say(canvas, &left, ROLE_TITLE, text);
    say(canvas, &left, ROLE_DONE, text_show(shown, sizeof shown, view->verdict, canvas->ascii));
    for (size_t i = 0; i < view->count; i++) {
        compared_text(view, i, text);
        say(canvas, &left, view->lines[i].winner ? ROLE_DONE : ROLE_TEXT, text);
        say(canvas, &left, ROLE_WARNING, text_show(shown, sizeof shown, view->lines[i].problem, canvas->ascii));
    }
    for (size_t i = 0; i < view->notes_count; i++) {
        say(canvas, &left, ROLE_WARNING, text_show(shown, sizeof shown, view->notes[i], canvas->ascii));
    }
    say(canvas, &left, ROLE_KEY, view->over ? "r measures anew" : "x stops it");
}

static flat_view *const views[VIEW_COUNT] = {
    [VIEW_TIMELINE] = draw_time,   [VIEW_TWO_RUNS] = draw_time, [VIEW_JUGGLER] = draw_juggler,
    [VIEW_ACCOUNT] = draw_account, [VIEW_WORKER] = worker_draw, [VIEW_COMPARE] = draw_compare,
};

flat_view *flat_view_of(enum model_view view)
{
    return (unsigned)view < VIEW_COUNT ? views[view] : NULL;
}
