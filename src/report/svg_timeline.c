/* svg_timeline.c - what every worker did, a lane each: colour, pattern and letter of a stretch say the same.
 *
 * A lane is cut into columns, and a column shows the state that took most of it; so a run of any length is a picture of bounded size.
 * Stretches of one class in a lane are one path. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/sys.h"
#include "base/text.h"
#include "report/html.h"
#include "report/lines.h"

enum {
    LANES_MAX = 40,
    COLUMNS = 580,
    LEFT = 48, /* for the names */
    TOP = 4,
    LANE_HEIGHT = 20,
    BAR_HEIGHT = 15,
    AXIS_HEIGHT = 24,
    WIDTH = LEFT + COLUMNS + 12,
    LETTER_COLUMNS = 13, /* a stretch so wide has room for its letter */
    TICKS = 5
};

/* What a lane shows: the phase of each column, and whether anything is there. */
struct lane {
    unsigned char phase[COLUMNS];
    uint64_t best_ns[COLUMNS]; /* time of that phase in the column */
    uint64_t sum_ns[COLUMNS];  /* of the phase that is being summed up */
};

struct strip {
    FILE *out;
    const struct snapshot *snapshot;
    const struct spans *spans;
    struct lane *lane; /* the one that is being drawn */
    uint64_t end_ns;
    bool seen[PHASE_COUNT]; /* phases that are in the picture */
};

static uint64_t column_start(const struct strip *strip, size_t column)
{
    return (uint64_t)((double)strip->end_ns * (double)column / COLUMNS);
}

static size_t column_of(const struct strip *strip, uint64_t time_ns)
{
    size_t column = (size_t)((double)time_ns * COLUMNS / (double)strip->end_ns);
    return column < COLUMNS ? column : COLUMNS - 1;
}

/* The columns a stretch lies in get their share of it. */
static void add_time(const struct strip *strip, struct lane *lane, const struct span *span)
{
    size_t last = column_of(strip, span->end_ns);
    for (size_t column = column_of(strip, span->start_ns); column <= last; column++) {
        uint64_t from = column_start(strip, column);
        uint64_t to = column_start(strip, column + 1);
        from = span->start_ns > from ? span->start_ns : from;
        to = span->end_ns < to ? span->end_ns : to;
        lane->sum_ns[column] += to > from ? to - from : 0;
    }
}

static void settle_phase(struct lane *lane, unsigned char phase)
{
    for (size_t column = 0; column < COLUMNS; column++) {
        if (lane->sum_ns[column] > lane->best_ns[column]) {
            lane->best_ns[column] = lane->sum_ns[column];
            lane->phase[column] = phase;
        }
        lane->sum_ns[column] = 0;
    }
}

static void fill_lane(const struct strip *strip, struct lane *lane, size_t slot)
{
    const struct span_list *states = &strip->spans->states;
    memset(lane, 0, sizeof *lane);
    for (unsigned char phase = PHASE_NONE + 1; phase < PHASE_COUNT; phase++) {
        bool any = false;
        for (size_t i = states->first[slot]; i < states->first[slot + 1]; i++)
            if (states->items[i].phase == phase) {
                add_time(strip, lane, &states->items[i]);
                any = true;
            }
        if (any)
            settle_phase(lane, phase);
    }
}

static size_t run_of(const struct lane *lane, size_t column)
{
    size_t end = column + 1;
    while (end < COLUMNS && lane->phase[end] == lane->phase[column])
        end++;
    return end;
}

static void put_class(struct strip *strip, const struct lane *lane, size_t row, const char *class)
{
    bool begun = false;
    for (size_t column = 0, end = 0; column < COLUMNS; column = end) {
        enum phase phase = (enum phase)lane->phase[column];
        end = run_of(lane, column);
        if (phase == PHASE_NONE || strcmp(html_class_of_phase(phase), class) != 0)
            continue;
        if (!begun)
            fprintf(strip->out, "<path class=\"%s\" d=\"", class);
        fprintf(strip->out, "M%zu %zuh%zuv%dh-%zuz", LEFT + column, TOP + row * LANE_HEIGHT, end - column, BAR_HEIGHT,
                end - column);
        strip->seen[phase] = begun = true;
    }
    if (begun)
        fputs("\"/>", strip->out);
}

static void put_letters(const struct strip *strip, const struct lane *lane, size_t row)
{
    for (size_t column = 0, end = 0; column < COLUMNS; column = end) {
        enum phase phase = (enum phase)lane->phase[column];
        end = run_of(lane, column);
        if (phase != PHASE_NONE && end - column >= LETTER_COLUMNS)
            fprintf(strip->out, "<text class=\"letter\" x=\"%zu\" y=\"%zu\">%c</text>", LEFT + (column + end) / 2,
                    TOP + row * LANE_HEIGHT + BAR_HEIGHT - 4, phase_letter(phase));
    }
}

static void put_lane(struct strip *strip, size_t slot, size_t row)
{
    static const char *const CLASSES[] = {"start", "run", "io", "recv", "lock", "barrier", "idle"};
    struct lane *lane = strip->lane;
    fill_lane(strip, lane, slot);
    fprintf(strip->out, "<text class=\"number\" x=\"%d\" y=\"%zu\">%c%zu</text>", LEFT - 6,
            TOP + row * LANE_HEIGHT + BAR_HEIGHT - 3,
            worker_kind_letter((enum worker_kind)strip->snapshot->workers[slot].data.kind), slot + 1);
    for (size_t i = 0; i < sizeof CLASSES / sizeof CLASSES[0]; i++)
        put_class(strip, lane, row, CLASSES[i]);
    put_letters(strip, lane, row);
    fputc('\n', strip->out);
}

/* A worker's death: a cross on its lane. */
static void put_deaths(const struct strip *strip, const size_t *rows)
{
    for (size_t i = 0; i < strip->spans->deaths_count; i++) {
        const struct span_death *death = &strip->spans->deaths[i];
        if (rows[death->slot] == SIZE_MAX)
            continue;
        size_t x = LEFT + column_of(strip, death->time_ns);
        size_t y = TOP + rows[death->slot] * LANE_HEIGHT;
        fprintf(strip->out, "<path class=\"death\" d=\"M%zu %zul5 0l-5 %dl-5 -%dz\"><title>killed</title></path>\n", x, y,
                BAR_HEIGHT, BAR_HEIGHT);
    }
}

static void put_axis(const struct strip *strip, size_t lanes)
{
    size_t bottom = TOP + lanes * LANE_HEIGHT;
    char time[SECONDS_ROOM];
    for (int tick = 0; tick <= TICKS; tick++) {
        int x = LEFT + COLUMNS * tick / TICKS;
        double seconds = (double)strip->end_ns / (double)NS_PER_S * tick / TICKS;
        fprintf(strip->out, "<path class=\"axis\" d=\"M%d %dV%zu\"/>", x, TOP, bottom);
        fprintf(strip->out, "<text class=\"faint %s\" x=\"%d\" y=\"%zu\">%s</text>\n",
                tick == 0       ? "start"
                : tick == TICKS ? "number"
                                : "middle",
                x, bottom + 15, tick ? line_seconds(time, seconds, "?") : "0");
    }
}

/* Below the picture, in the text's own size: what the colours are, and the letters of the states that are in it. */
static void put_legend(const struct strip *strip)
{
    fputs("<ul class=\"legend\">", strip->out);
    for (size_t phase = PHASE_NONE + 1; phase < PHASE_COUNT; phase++) {
        if (!strip->seen[phase])
            continue;
        fprintf(strip->out,
                "<li><svg viewBox=\"0 0 20 12\" aria-hidden=\"true\"><rect class=\"%s\" width=\"20\" height=\"12\"/></svg>",
                html_class_of_phase((enum phase)phase));
        html_textf(strip->out, "%c %s", phase_letter((enum phase)phase), phase_word((enum phase)phase));
        fputs("</li>", strip->out);
    }
    fputs("</ul>\n", strip->out);
}

static void put_picture(struct strip *strip, size_t *rows, size_t lanes, size_t workers)
{
    size_t row = 0;
    fprintf(strip->out, "<svg viewBox=\"0 0 %d %zu\" role=\"img\"><title>What every worker did</title><desc>", WIDTH,
            TOP + lanes * LANE_HEIGHT + AXIS_HEIGHT);
    html_textf(strip->out,
               "%zu lanes of %zu workers, from the start of the run to its end. The account of time above says the "
               "same in figures.",
               lanes, workers);
    fputs("</desc>\n", strip->out);
    put_axis(strip, lanes);
    for (size_t slot = 0; slot < strip->spans->slots; slot++) {
        rows[slot] = SIZE_MAX;
        if (!strip->snapshot->workers[slot].used || row == lanes)
            continue;
        rows[slot] = row;
        put_lane(strip, slot, row++);
    }
    put_deaths(strip, rows);
    fputs("</svg>\n", strip->out);
}

static void put_timeline(struct strip *strip, size_t *rows, size_t workers)
{
    size_t lanes = workers < LANES_MAX ? workers : LANES_MAX;
    char text[160];
    put_picture(strip, rows, lanes, workers);
    put_legend(strip);
    snprintf(text, sizeof text, "The first %zu workers; %zu more are not drawn.", lanes, workers - lanes);
    html_paragraph(strip->out, "faint", workers > lanes ? text : "");
    snprintf(text, sizeof text, "%" PRIu64 " events were lost: where they are missing a state seems longer than it was.",
             strip->snapshot->lost_events);
    html_paragraph(strip->out, "problem", strip->snapshot->lost_events ? text : "");
}

void svg_timeline(FILE *out, const struct snapshot *snapshot, const struct spans *spans)
{
    struct strip strip = {.out = out, .snapshot = snapshot, .spans = spans, .end_ns = spans->end_ns};
    size_t workers = 0;
    size_t *rows = sys_alloc_zeroed(spans->slots + 1, sizeof *rows);
    strip.lane = sys_alloc_zeroed(1, sizeof *strip.lane);
    for (size_t slot = 0; slot < spans->slots; slot++)
        workers += snapshot->workers[slot].used;
    if (!workers || !strip.end_ns || !spans->states.count)
        html_paragraph(out, "faint", "No changes of phase were kept.");
    else if (!rows || !strip.lane)
        html_paragraph(out, "problem", "There was no memory to draw this picture.");
    else
        put_timeline(&strip, rows, workers);
    free(strip.lane);
    free(rows);
}
