/* test_help.c - every word on the screen has its sentence in the help. What is drawn is looked at, not a list of it: a new column, key or state
 * without a sentence fails here.
 *
 * For a new pane: a row in `panes` (what it draws, and in which colours its words stand), and its words of tables in `words_of_tables_...`. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <ctype.h>
#include <strings.h>

#include "base/text.h"
#include "tests/unit/screen_model.h"
#include "tests/unit/screen_text.h"
#include "ui/app_private.h"
#include "ui/canvas.h"
#include "ui/flat.h"
#include "ui/help.h"
#include "ui/lane_private.h"
#include "ui/pane.h"
#include "ui/panes.h"
#include "ui/terminal.h"

enum { COLUMNS = 200, ROWS = 60, RUN_BYTES = 1024, WORD_BYTES = 64 };

static void expect_explained(const char *words, const char *where)
{
    if (!help_explains(HELP_SECTIONS, words))
        fail_msg("\"%s\" (%s) has no sentence in the help", words, where);
}

/* --- words of tables ---------------------------------------------------------------------------------- */

static void states_have_their_sentences(void **state)
{
    (void)state;
    for (int phase = PHASE_NONE + 1; phase < PHASE_COUNT; phase++) {
        char letter[2] = {phase_letter((enum phase)phase), 0};
        expect_explained(phase_word((enum phase)phase), "a phase");
        expect_explained(phase_word_short((enum phase)phase), "a phase, short");
        expect_explained(letter, "a phase's letter");
        assert_true(strlen(phase_sentence((enum phase)phase)) > 10);
    }
    for (int run = RUN_STARTING; run <= RUN_BROKEN; run++)
        expect_explained(run_state_word((enum run_state)run), "a state of a run");
    for (int job = 0; job < JOB_STATE_COUNT; job++)
        expect_explained(job_state_word((enum job_state)job), "a state of a job");
    for (int how = WORKER_EXIT_NONE; how <= WORKER_EXIT_KILLED; how++)
        expect_explained(worker_exit_word((enum worker_exit)how), "how a worker went");
}

static void strategies_and_colours_have_their_sentences(void **state)
{
    (void)state;
    for (int how = 0; how < HOW_COUNT; how++)
        expect_explained(executor_strategy((enum executor_how)how)->name, "a strategy");
    for (int role = 0; role < ROLE_COUNT; role++) {
        expect_explained(help_role_name((enum role)role), "a colour");
        assert_true(strlen(help_role_sentence((enum role)role)) > 10);
    }
    assert_string_equal(help_role_name(ROLE_COUNT), "?");
}

static void the_account_has_its_sentences(void **state)
{
    static const char *const words[] = {"on a core", "ready", "I/O", "lock", "barrier", "no work"};
    _Static_assert(sizeof words / sizeof *words == ACCOUNT_COLUMNS, "all of them");
    (void)state;
    for (size_t i = 0; i < ACCOUNT_COLUMNS; i++)
        expect_explained(words[i], "a column of the account");
}

/* --- keys ----------------------------------------------------------------------------------------------- */

static const struct key_name {
    int key;
    const char *name;
} key_names[] = {
    {TERMINAL_KEY_ENTER, "Enter"},
    {TERMINAL_KEY_ESCAPE, "Esc"},
    {TERMINAL_KEY_TAB, "Tab"},
    {TERMINAL_KEY_BACKSPACE, "Backspace"},
    {TERMINAL_KEY_UP, "Up"},
    {TERMINAL_KEY_DOWN, "Down"},
    {TERMINAL_KEY_LEFT, "Left"},
    {TERMINAL_KEY_RIGHT, "Right"},
    {TERMINAL_KEY_PAGE_UP, "Page Up"},
    {TERMINAL_KEY_PAGE_DOWN, "Page Down"},
    {TERMINAL_KEY_HOME, "Home"},
    {TERMINAL_KEY_END, "End"},
    {TERMINAL_KEY_BACK_TAB, "Shift Tab"},
    {TERMINAL_KEY_DELETE, "Backspace"},
    {' ', "space"},
};

/* "threads", "processes" as "thread", "process". */
static void singular(const char *word, char out[WORD_BYTES])
{
    size_t length = strlen(word);
    bool many = length > 3 && word[length - 1] == 's' && word[length - 2] != 's';
    bool hissed = many && length > 5 && strcmp(word + length - 4, "sses") == 0;
    snprintf(out, WORD_BYTES, "%.*s", (int)(length - (hissed ? 2 : many ? 1 : 0)), word);
}

/* In a term, or in the sentence of a key: "Page Up" stands beside Up and Down, and what a key does has a word at the bottom. */
static bool is_told(const char *name)
{
    const struct help_section *keys = help_section_of(HELP_KEYS);
    char one[WORD_BYTES];
    singular(name, one);
    for (size_t i = 0; i < keys->count; i++)
        if (strcasestr(keys->entries[i].text, one))
            return true;
    return help_explains(HELP_SECTIONS, name);
}

static void every_key_has_its_sentence(void **state)
{
    size_t count = 0;
    (void)state;
    for (int key; (key = app_key_at(count)) != TERMINAL_KEY_NONE; count++) {
        char letter[2] = {(char)key, 0};
        const char *name = key > ' ' && key < 0x7f ? letter : NULL;
        for (size_t i = 0; i < sizeof key_names / sizeof *key_names; i++)
            name = key_names[i].key == key ? key_names[i].name : name;
        if (!name || !is_told(name))
            fail_msg("the key %s (%d) has no sentence in the help", name ? name : "without a name", key);
    }
    assert_true(count > 30);
}

/* --- what is drawn -------------------------------------------------------------------------------------- */

typedef void draw(struct canvas *canvas, const struct model *model);

static void draw_keys(struct canvas *canvas, const struct model *model)
{
    keys_draw(canvas, (struct rect){0, 0, COLUMNS, 3}, model);
}

static void draw_results(struct canvas *canvas, const struct model *model)
{
    results_draw(canvas, (struct rect){0, 0, COLUMNS, 2}, model, false);
}

static void draw_compare(struct canvas *canvas, const struct model *model)
{
    compare_pane_draw(canvas, (struct rect){0, 0, COLUMNS, ROWS}, model);
}

static void draw_timeline(struct canvas *canvas, const struct model *model)
{
    struct timeline_view view = model->timeline;
    view.span_ns = 10 * NS_PER_S;
    timeline_draw(canvas, (struct rect){0, 0, COLUMNS, 8}, &view);
}

/* The rows of a pane in which words stand in a colour of their own: heads, keys, a legend. */
static const struct pane {
    const char *name;
    draw *draw;
    int from, rows;
    enum role role;
    enum help_section_name section; /* in which its words have their sentences */
} panes[] = {
    {"a key at the bottom", draw_keys, 0, 3, ROLE_KEY, HELP_KEYS},
    {"what a key at the bottom does", draw_keys, 0, 3, ROLE_TEXT, HELP_KEYS},
    {"a head of the results", draw_results, 0, 1, ROLE_DIM, HELP_RESULTS},
    {"a head of the comparison", draw_compare, 2, 1, ROLE_DIM, HELP_COMPARE},
    {"the legend of the timeline", draw_timeline, 0, 1, ROLE_TEXT, HELP_TIMELINE},
};

/* The next run of cells of one colour in a row, without blanks at its ends; false: there is none. */
static bool next_run(const struct canvas *canvas, int y, int *x, enum role role, char out[RUN_BYTES])
{
    size_t used = 0;
    while (*x < canvas->columns && (canvas_at(canvas, *x, y)->role != role || canvas_at(canvas, *x, y)->glyph == ' '))
        (*x)++;
    for (; *x < canvas->columns && canvas_at(canvas, *x, y)->role == role && used + 8 < RUN_BYTES; (*x)++) {
        bool gap =
            canvas_at(canvas, *x, y)->glyph == ' ' && *x + 1 < canvas->columns && canvas_at(canvas, *x + 1, y)->glyph == ' ';
        if (gap)
            break;
        used += text_put(out + used, canvas_at(canvas, *x, y)->glyph);
    }
    while (used > 0 && out[used - 1] == ' ')
        used--;
    out[used] = '\0';
    return used > 0;
}

static bool has_digit(const char *text)
{
    return strpbrk(text, "0123456789") != NULL;
}

/* "t/T" are two keys, "< >" too; what a key does is told in its sentence. */
static void expect_parts_explained(const char *run, const struct pane *pane)
{
    const char *where = pane->name;
    if (pane->draw == draw_keys && pane->role == ROLE_TEXT) {
        if (!is_told(run))
            fail_msg("\"%s\" (%s) is in no key's sentence", run, where);
        return;
    }
    char copy[RUN_BYTES];
    snprintf(copy, sizeof copy, "%s", run);
    for (char *part = strtok(copy, strlen(run) == 3 ? "/ " : ""); part; part = strtok(NULL, "/ "))
        if (!help_explains(pane->section, part))
            fail_msg("\"%s\" (%s) has no sentence in the help's %s", part, where, help_section_of(pane->section)->heading);
}

static size_t look_at(const struct pane *pane, const struct model *model)
{
    struct canvas canvas = {.ascii = false};
    size_t seen = 0;
    assert_int_equal(canvas_resize(&canvas, COLUMNS, ROWS), 0);
    pane->draw(&canvas, model);
    for (int y = pane->from; y < pane->from + pane->rows; y++) {
        char run[RUN_BYTES];
        for (int x = 0; next_run(&canvas, y, &x, pane->role, run);) {
            if (!has_digit(run)) { /* figures are not words */
                expect_parts_explained(run, pane);
                seen++;
            }
        }
    }
    canvas_free(&canvas);
    return seen;
}

/* The screen in its different states. */
enum { MODELS = 8 };

static struct sample *model_number(int number)
{
    struct sample *sample = sample_new();
    switch (number) {
    case 1: sample_end(sample); break;
    case 2: sample_gil(sample); break;
    case 3: sample_loop(sample); break;
    case 4: sample_counter(sample, COUNTER_MUTEX); break;
    case 5: sample->model.lanes[0].snap.state = RUN_PAUSED; break;
    case 6: sample->model.lanes[0].started = sample->model.lanes[1].started = false; break;
    case 7: sample_counter(sample, COUNTER_NONE); break;
    default: break;
    }
    return sample;
}

static void what_is_drawn_has_its_sentences(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof panes / sizeof *panes; i++) {
        size_t seen = 0;
        for (int number = 0; number < MODELS; number++) {
            struct sample *sample = model_number(number);
            sample_compare(sample, number % 2 == 1);
            sample->model.view = VIEW_PANES;
            seen += look_at(&panes[i], &sample->model);
            free(sample);
        }
        if (seen < MODELS)
            fail_msg("%s: there was nothing to see", panes[i].name);
    }
}

/* --- words of whole screens ------------------------------------------------------------------------------ */

/* Ordinary words, units, and what the samples are called: no reader asks what these mean. */
static bool is_ordinary(const char *word)
{
    static const char *const ordinary[] = {"a",   "and",     "act",     "as",   "B",   "for",   "has",  "in",
                                           "it",  "juggler", "KiB",     "MiB",  "ms",  "of",    "on",   "or",
                                           "s",   "sample",  "that",    "the",  "to",  "which", "x",    "yet",
                                           "are", "ball",    "however", "many", "one", "there", "they", "turns"};
    for (size_t i = 0; i < sizeof ordinary / sizeof *ordinary; i++)
        if (strcasecmp(ordinary[i], word) == 0)
            return true;
    return false;
}

/* One letter a worker; or a ball. */
static bool is_strip(const char *word, size_t length)
{
    size_t capitals = 0;
    while (capitals < length && isupper((unsigned char)word[capitals]))
        capitals++;
    return (capitals == length && length >= 10) || (strspn(word, "o") >= length && length > 1);
}

/* Letters and hyphens, with a letter first; false: there is no further word in the row. One with a digit beside it is a name or a figure. */
static bool next_word(const char **at, char *out, size_t room)
{
    for (const char *from = *at; *from;) {
        size_t length = strcspn(from, " \n,:()");
        bool plain = length > 0 && length < room && isalpha((unsigned char)from[0]);
        for (size_t i = 0; i < length && plain; i++)
            plain = isalpha((unsigned char)from[i]) || (from[i] == '-' && i > 0) || (from[i] == '.' && i + 1 == length);
        *at = from + length + (from[length] != '\0');
        while (plain && (from[length - 1] == '-' || from[length - 1] == '.')) /* a frame, the end of a sentence */
            length--;
        if (plain && !is_strip(from, length)) {
            memcpy(out, from, length);
            out[length] = '\0';
            return true;
        }
        from = *at;
    }
    return false;
}

static bool is_heading(const char *word)
{
    for (int name = 0; name < HELP_SECTIONS; name++)
        if (strstr(help_section_of((enum help_section_name)name)->heading, word))
            return true;
    return false;
}

/* Its plural and its capital letter do not matter. */
static bool is_explained(const char *word)
{
    char lower[WORD_BYTES], one[WORD_BYTES];
    snprintf(lower, sizeof lower, "%s", word);
    for (char *c = lower; *c; c++)
        *c = (char)tolower((unsigned char)*c);
    singular(lower, one);
    return help_explains(HELP_SECTIONS, word) || help_explains(HELP_SECTIONS, lower) || help_explains(HELP_SECTIONS, one) ||
           is_told(word) || is_heading(word);
}

/* Sentences, names and problems are told apart from words by not being there. */
static void leave_words_alone(struct model *model)
{
    for (int lane = 0; lane < MODEL_LANES; lane++) {
        model->lanes[lane].sentence[0] = '\0';
        model->lanes[lane].list_name = "";
    }
    for (size_t i = 0; i < model->results_count; i++) {
        model->results[i].summary[0] = model->results[i].gist[0] = '\0';
        snprintf(model->results[i].list, sizeof model->results[i].list, "sample");
    }
}

static void expect_words_explained(const struct model *model, int columns, int rows)
{
    char *text = screen_text(model, columns, rows, true), word[WORD_BYTES]; /* lines and blocks are no words */
    for (const char *at = text; next_word(&at, word, sizeof word);)
        if (!is_ordinary(word) && !is_explained(word))
            fail_msg("\"%s\" has no sentence in the help; it stands before \"%.40s\"", word, at);
    free(text);
}

static void every_word_of_the_main_screen_has_its_sentence(void **state)
{
    (void)state;
    for (int number = 0; number < MODELS; number++) {
        struct sample *sample = model_number(number);
        leave_words_alone(&sample->model);
        if (number != 6) { /* what has not been started is told in a sentence */
            expect_words_explained(&sample->model, 160, 50);
            expect_words_explained(&sample->model, 80, 24);
        }
        free(sample);
    }
}

/* In words alone there are more of them; each view has its own. */
static void every_word_of_the_flat_screens_has_its_sentence(void **state)
{
    (void)state;
    for (int number = 0; number < MODELS; number++) {
        for (int view = 0; view < VIEW_COMPARE; view++) {
            struct sample *sample = model_number(number);
            leave_words_alone(&sample->model);
            sample->model.flat.on = true;
            sample->model.view = (enum model_view)view;
            if (number != 6)
                expect_words_explained(&sample->model, 160, 50);
            free(sample);
        }
    }
}

/* --- where it begins --------------------------------------------------------------------------------------- */

/* The first lines of the help as it opens in that view. */
static void expect_opens_at(enum model_view view, const char *heading, bool flat)
{
    struct sample *sample = sample_new();
    struct canvas canvas = {.ascii = false, .flat = flat};
    char line[4 * 80 + 1];
    size_t used = 0;
    sample->model.view = view;
    sample->model.help = true;
    sample->model.flat.on = flat;
    sample->model.help_top = screen_help_top(80, &sample->model);
    assert_int_equal(canvas_resize(&canvas, 80, 12), 0);
    screen_draw(&canvas, &sample->model);
    for (int x = 2; x < 78; x++)
        used += text_put(line + used, canvas_at(&canvas, x, 1)->glyph);
    line[used] = '\0';
    if (strncmp(line, heading, strlen(heading)) != 0)
        fail_msg("view %d opens at \"%s\", not at %s", (int)view, line, heading);
    canvas_free(&canvas);
    free(sample);
}

static void it_begins_with_what_is_on_the_screen(void **state)
{
    (void)state;
    for (int view = 0; view < VIEW_COUNT; view++) {
        const char *heading = help_section_of(help_section_for((enum model_view)view))->heading;
        expect_opens_at((enum model_view)view, heading, false);
        expect_opens_at((enum model_view)view, heading, true);
    }
    expect_opens_at(VIEW_PANES, "WHAT THIS IS", false);
    expect_opens_at(VIEW_TIMELINE, "TIMELINE", false);
    expect_opens_at(VIEW_COMPARE, "COMPARE", false);
    struct model past = {.view = VIEW_PANES, .replay = {.on = true}};
    assert_true(screen_help_top(80, &past) > 0); /* where the keys of the past are */
    past.replay.on = false;
    assert_int_equal(screen_help_top(80, &past), 0);
}

static void nothing_is_left_empty(void **state)
{
    (void)state;
    for (int name = 0; name < HELP_SECTIONS; name++) {
        const struct help_section *section = help_section_of((enum help_section_name)name);
        assert_non_null(section->heading);
        for (size_t i = 0; i < section->count; i++) {
            const char *text = section->entries[i].text;
            if (strlen(text) < 5 || !strchr(".?", text[strlen(text) - 1]) || !section->entries[i].term[0])
                fail_msg("no sentence: %s: \"%s\"", section->entries[i].term, text);
        }
    }
    assert_false(help_explains(HELP_SECTIONS, "zebra"));
    assert_false(help_explains(HELP_SECTIONS, "rocess"));
    assert_false(help_explains(HELP_SECTIONS, ""));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(states_have_their_sentences),
        cmocka_unit_test(strategies_and_colours_have_their_sentences),
        cmocka_unit_test(the_account_has_its_sentences),
        cmocka_unit_test(every_key_has_its_sentence),
        cmocka_unit_test(what_is_drawn_has_its_sentences),
        cmocka_unit_test(every_word_of_the_main_screen_has_its_sentence),
        cmocka_unit_test(every_word_of_the_flat_screens_has_its_sentence),
        cmocka_unit_test(it_begins_with_what_is_on_the_screen),
        cmocka_unit_test(nothing_is_left_empty),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
