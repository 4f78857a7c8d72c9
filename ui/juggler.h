/* juggler.h - who is where in the juggler's picture, and the pieces that it is drawn from. Between the files juggler_*.c, and for the words of the flat screen.
 *
 * A ball is a worker, a hand a usable core. Everybody who exists is in exactly one place; juggler_look decides that once a frame, from the
 * model alone, and everything drawn afterwards reads it. Pure: no clock but the snapshots'. */
#ifndef UI_JUGGLER_H
#define UI_JUGGLER_H

#include "ui/canvas.h"
#include "ui/model.h"

enum juggler_place {
    JUGGLER_NOBODY,  /* nobody has sat in that slot */
    JUGGLER_GONE,    /* somebody did */
    JUGGLER_AIR,     /* waits for I/O */
    JUGGLER_HAND,    /* on a core */
    JUGGLER_FLOOR,   /* wants a core */
    JUGGLER_TIED,    /* waits for a lock */
    JUGGLER_BENCH,   /* waits for the others of its batch */
    JUGGLER_BASKET,  /* no work left, or held by the pause */
    JUGGLER_UNKNOWN, /* it says that it works; the kernel has not said whether it has a core */
    JUGGLER_PLACES
};

enum { JUGGLER_HANDS_MAX = 1024, JUGGLER_BALL_BYTES = 16 };

/* A worker: lane and slot. */
struct juggler_ball {
    int lane;
    size_t slot;
};
#define JUGGLER_BEFORE_FIRST ((struct juggler_ball){0, SIZE_MAX})

struct juggler_hand {
    bool full;
    int core; /* which core it is; -1: not known */
    struct juggler_ball ball;
};

struct juggler {
    const struct model *model;
    size_t counts[JUGGLER_PLACES];
    size_t in_lane[MODEL_LANES][JUGGLER_PLACES]; /* the same by lane */
    size_t receiving;                            /* of those in the air */
    size_t workers;                              /* that exist: in all places but NOBODY and GONE */
    bool live, paused;                           /* a run goes on; all that do are paused */
    bool big;                                    /* there is room for big balls */
    bool same_letters;                           /* the second lane's balls are "<t3>", for the first has such names, too */
    int ball_columns;                            /* of the longest name with its brackets: "(t10)" is 5 */
    unsigned hands, full;                        /* usable cores; of those, how many hold a ball */
    struct juggler_hand hand[JUGGLER_HANDS_MAX];
    uint8_t places[MODEL_LANES][BOARD_WORKERS_MAX];
};

/* juggler_look.c. O(workers). */
void juggler_look(struct juggler *juggler, const struct model *model);
enum juggler_place juggler_place_of(const struct juggler *juggler, struct juggler_ball ball);
/* Moves on to the next ball in that place; false: there is none. Begin with JUGGLER_BEFORE_FIRST. */
bool juggler_next(const struct juggler *juggler, enum juggler_place place, struct juggler_ball *ball);
/* Who has the interpreter lock of that lane, slot + 1; 0: nobody, or there is none. */
size_t juggler_holder(const struct model_lane *lane);
/* The selected worker of the lane in focus; false: there is none. */
bool juggler_selected(const struct juggler *juggler, struct juggler_ball *ball);
/* "(t3)"; "<t3>" of the second lane where the first has threads, too. Returns out. */
const char *juggler_ball_text(const struct juggler *juggler, struct juggler_ball ball, char out[JUGGLER_BALL_BYTES]);
/* How far a ball in the air has flown, 0 ... 1: up to the middle with the time that it waits, behind the middle with what has come of its file. */
double juggler_flight(const struct juggler *juggler, struct juggler_ball ball);
enum role juggler_role(const struct juggler *juggler, struct juggler_ball ball);

/* juggler_words.c */
enum { JUGGLER_WORDS_BYTES = 160 };
enum role juggler_place_role(enum juggler_place place);
/* "9 in the air"; "wait for I/O: 5 for an answer, 4 receive"; the two in a few words. Each returns out. */
const char *juggler_count_words(const struct juggler *juggler, enum juggler_place place, char out[JUGGLER_WORDS_BYTES]);
const char *juggler_why_words(const struct juggler *juggler, enum juggler_place place, char out[JUGGLER_WORDS_BYTES]);
const char *juggler_short_words(const struct juggler *juggler, enum juggler_place place, char out[JUGGLER_WORDS_BYTES]);
/* What it means, in a sentence; "" when there is nothing to say. Returns out. */
const char *juggler_sentence(const struct juggler *juggler, char out[JUGGLER_WORDS_BYTES]);
/* Shown always, or only when somebody is there. */
bool juggler_place_shows(const struct juggler *juggler, enum juggler_place place);

/* juggler_legend.c: counts and words of all places, beside the picture or below it (a line each). */
void juggler_legend_draw(struct canvas *canvas, struct rect where, const struct juggler *juggler, bool brief);
int juggler_legend_lines(const struct juggler *juggler);

/* juggler_ball.c: one ball with its name, from its upper left corner on; big: in three rows. Reversed when it is selected. Returns its
 * columns. */
enum { JUGGLER_BIG_ROWS = 3, JUGGLER_BIG_BORDER = 2 };
int juggler_ball_draw(struct canvas *canvas, int x, int y, const struct juggler *juggler, struct juggler_ball ball,
                      bool big);
int juggler_ball_columns(struct juggler_ball ball, bool big);

/* juggler_row.c: all balls of a place in a row, by name where they fit, else as a crowd with its count. Returns the
 * columns used. */
struct juggler_row_style {
    const char *open, *joint, *close; /* around all of them, and between two */
    bool big;                         /* by name, and three rows high */
};
int juggler_row_columns(const struct canvas *canvas, const struct juggler *juggler, enum juggler_place place,
                        const struct juggler_row_style *style); /* that all names would take */
int juggler_row_draw(struct canvas *canvas, struct rect row, const struct juggler *juggler, enum juggler_place place,
                     const struct juggler_row_style *style);

/* juggler_sky.c: the balls in the air, on arcs that begin and end in the rectangle's lower corners. named: with their names, where they are few. */
void juggler_sky_draw(struct canvas *canvas, struct rect where, const struct juggler *juggler, bool named);

/* juggler_figure.c: the juggler with all hands, in juggler_figure_rows rows; its lowest row stands on the ground. */
int juggler_figure_rows(const struct juggler *juggler, int columns);
void juggler_figure_draw(struct canvas *canvas, struct rect where, const struct juggler *juggler);
/* Columns in the middle that its body takes. */
enum { JUGGLER_BODY_COLUMNS = 9 };

#endif
