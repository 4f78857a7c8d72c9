/* replay_bar.c - where the playhead of a replay stands: in words in the top line, as a bar in the line that answers keys. */
#include "base/clock.h"
#include "ui/pane.h"

static double seconds(uint64_t ns)
{
    return (double)ns / (double)NS_PER_S;
}

const char *replay_word(const struct model *model)
{
    return model->replay.rewind ? "REWIND" : "REPLAY";
}

int replay_draw_position(struct canvas *canvas, int x, int y, int room, const struct model *model)
{
    const struct model_replay *replay = &model->replay;
    enum role role = replay->paused ? ROLE_WARNING : ROLE_RUNNING;
    int used = canvas_text_bold(canvas, x, y, room, role, replay_word(model)) + 1;
    used += canvas_text(canvas, x + used, y, room - used, role, replay->paused ? "\u2016" : "\u25b6") + 1;
    used += canvas_printf(canvas, x + used, y, room - used, ROLE_TEXT, "%.2f of %.2f s  \u00d7%s", seconds(replay->at_ns),
                          seconds(replay->length_ns), replay->speed);
    return used;
}

void replay_draw_bar(struct canvas *canvas, struct rect where, const struct model *model)
{
    const struct model_replay *replay = &model->replay;
    char end[48];
    snprintf(end, sizeof end, replay->damaged ? "%.2f s, damaged there" : "%.2f s", seconds(replay->length_ns));
    int x = where.x + canvas_text(canvas, where.x, where.y, where.columns, ROLE_DIM, "0 s ");
    int bar = where.columns - (x - where.x) - canvas_text_columns(canvas, end) - 1;
    double share = replay->length_ns ? (double)replay->at_ns / (double)replay->length_ns : 1;
    if (bar < 8)
        return;
    canvas_bar(canvas, x, where.y, bar, share, replay->paused ? ROLE_WARNING : ROLE_RUNNING);
    canvas_text(canvas, x + bar + 1, where.y, where.columns, replay->damaged ? ROLE_WARNING : ROLE_DIM, end);
}
