/* help.h - what every word, colour, key and column on the screen means: entries in sections, a section a pane (help_entries.c).
 *
 * To explain a new word: an entry in its section's array. A new pane has an array of its own, a row in the table of sections, and, when it is a
 * view, a row in the table of views; tests/unit/test_help.c then looks at what it draws. */
#ifndef UI_HELP_H
#define UI_HELP_H

#include <stdbool.h>
#include <stddef.h>

#include "ui/canvas.h"
#include "ui/model.h"

struct help_entry {
    const char *term; /* words that it explains: "t T", "held, executing" */
    const char *text; /* one sentence or a few */
};

enum help_section_name {
    HELP_INTRO,
    HELP_KEYS,
    HELP_WORKER_LINE,
    HELP_FIGURES,
    HELP_MANY,
    HELP_WORDS,
    HELP_TIMELINE,
    HELP_JUGGLER,
    HELP_ACCOUNT, /* behind its entries, from the table of columns */
    HELP_RESULTS,
    HELP_WORKER_PAGE,
    HELP_COMPARE,
    HELP_REPLAY,
    HELP_TOP_LINE,
    HELP_FLAT,
    HELP_STATES_OF_RUNS,
    HELP_STRATEGIES, /* from the table of executors */
    HELP_PHASES,     /* from the table of phases */
    HELP_COLOURS,    /* from the roles */
    HELP_SECTIONS
};

struct help_section {
    const char *heading;
    const struct help_entry *entries; /* NULL: they come from another table */
    size_t count;
};

const struct help_section *help_section_of(enum help_section_name name);
/* The section with which the help begins in that view. */
enum help_section_name help_section_for(enum model_view view);

/* Lines of the help at that width; the line with which that section begins. */
size_t help_lines(int columns);
size_t help_top(int columns, enum help_section_name name);
/* Draws it from line model->help_top on, with a box around, where the canvas is not flat. */
void help_draw(struct canvas *canvas, struct rect where, const struct model *model);

/* A role's name and sentence; "?": there is no such role. */
const char *help_role_name(enum role role);
const char *help_role_sentence(enum role role);
/* True: in that section, or HELP_SECTIONS: in any, some entry's term has this word or these words in it, or a table does that the help shows. A single letter or sign has to be a word of
 * its own there. */
bool help_explains(enum help_section_name name, const char *words);

#endif
