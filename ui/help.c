/* help.c - the help on the screen: its entries (help_entries.c) and the tables that explain themselves, as lines that can be scrolled. */
#include "ui/help.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "juggler/executor.h"
#include "juggler/phase.h"
#include "ui/account_bar.h"
#include "ui/parts.h"

static const char *const role_names[ROLE_COUNT] = {
    [ROLE_TEXT] = "text",
    [ROLE_DIM] = "dim",
    [ROLE_TITLE] = "title",
    [ROLE_FRAME] = "frame",
    [ROLE_FRAME_FOCUS] = "strong frame",
    [ROLE_KEY] = "key",
    [ROLE_VALUE] = "value",
    [ROLE_RUNNING] = "running",
    [ROLE_READY] = "ready",
    [ROLE_WAITING] = "waiting",
    [ROLE_RECEIVING] = "receiving",
    [ROLE_LOCK] = "lock",
    [ROLE_BARRIER] = "barrier",
    [ROLE_IDLE] = "idle",
    [ROLE_DONE] = "done",
    [ROLE_FAILED] = "failed",
    [ROLE_WARNING] = "warning",
};

static const char *const role_sentences[ROLE_COUNT] = {
    [ROLE_TEXT] = "Figures and words.",
    [ROLE_DIM] = "What matters less, and what is not known.",
    [ROLE_TITLE] = "The name of a pane.",
    [ROLE_FRAME] = "A lane that the keys do not act on.",
    [ROLE_FRAME_FOCUS] = "The lane that the keys act on.",
    [ROLE_KEY] = "A key to press.",
    [ROLE_VALUE] = "What that key changes, as it is now.",
    [ROLE_RUNNING] = "A worker that computes or writes: it needs a core.",
    [ROLE_READY] = "A worker that could go on, but has no core.",
    [ROLE_WAITING] = "A worker that waits for a server.",
    [ROLE_RECEIVING] = "A worker whose file is coming in.",
    [ROLE_LOCK] = "A worker that waits for a lock.",
    [ROLE_BARRIER] = "A worker that waits for the rest of its batch.",
    [ROLE_IDLE] = "A worker with nothing to do, or held by a pause.",
    [ROLE_DONE] = "Finished well.",
    [ROLE_FAILED] = "A job that failed, or a worker that died.",
    [ROLE_WARNING] = "Something to know: a retry, a change on the way, a key that could do nothing.",
};

const char *help_role_sentence(enum role role)
{
    return (unsigned)role < ROLE_COUNT ? role_sentences[role] : "?";
}

const char *help_role_name(enum role role)
{
    return (unsigned)role < ROLE_COUNT ? role_names[role] : "?";
}

/* --- entries, wherever they come from --------------------------------------------------------------------- */

enum { TERM_BYTES = 48, TEXT_BYTES = 512 };

/* An entry as it is shown. */
struct shown_entry {
    enum role role;
    char term[TERM_BYTES], text[TEXT_BYTES];
};

static bool phase_entry(size_t index, struct shown_entry *out)
{
    enum phase phase = (enum phase)(index + 1); /* not of PHASE_NONE: nobody is there */
    if (index + 1 >= PHASE_COUNT) {
        return false;
    }
    bool same = strcmp(phase_word(phase), phase_word_short(phase)) == 0;
    snprintf(out->term, sizeof out->term, "%c %s", phase_letter(phase), phase_word(phase));
    snprintf(out->text, sizeof out->text, same ? "%s" : "%s In little room: %s.", phase_sentence(phase),
             phase_word_short(phase));
    return true;
}

static bool strategy_entry(size_t index, struct shown_entry *out)
{
    if (index >= HOW_COUNT) {
        return false;
    }
    const struct strategy *strategy = executor_strategy((enum executor_how)index);
    snprintf(out->term, sizeof out->term, "%s", strategy->name);
    snprintf(out->text, sizeof out->text, "%s.", strategy->sentence);
    if (out->text[0] >= 'a' && out->text[0] <= 'z') {
        out->text[0] = (char)(out->text[0] - 'a' + 'A');
    }
    return true;
}

static bool column_entry(size_t index, struct shown_entry *out)
{
    enum account_column column = (enum account_column)index;
    if (index >= ACCOUNT_COLUMNS) {
        return false;
    }
    bool same = strcmp(account_word(column), account_word_short(column)) == 0;
    out->role = account_role(column);
    snprintf(out->term, sizeof out->term, "%c %s", account_letter(column), account_word(column));
    snprintf(out->text, sizeof out->text, same ? "%s" : "%s In little room: %s.", account_sentence(column),
             account_word_short(column));
    return true;
}

static bool colour_entry(size_t index, struct shown_entry *out)
{
    if (index >= ROLE_COUNT) {
        return false;
    }
    out->role = (enum role)index;
    snprintf(out->term, sizeof out->term, "%s", role_names[index]);
    snprintf(out->text, sizeof out->text, "%s", role_sentences[index]);
    return true;
}

/* The index-th entry of a section; false: it has no more. */
static bool entry_at(enum help_section_name name, size_t index, struct shown_entry *out)
{
    const struct help_section *section = help_section_of(name);
    out->role = ROLE_KEY;
    switch (name) {
    case HELP_STRATEGIES: return strategy_entry(index, out);
    case HELP_PHASES: return phase_entry(index, out);
    case HELP_COLOURS: return colour_entry(index, out);
    default: break;
    }
    if (index >= section->count) {
        return name == HELP_ACCOUNT && column_entry(index - section->count, out);
    }
    snprintf(out->term, sizeof out->term, "%s", section->entries[index].term);
    snprintf(out->text, sizeof out->text, "%s", section->entries[index].text);
    return true;
}

/* --- is a word explained? ----------------------------------------------------------------------------------- */

static bool is_letter(unsigned char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c >= 0x80;
}

/* The words stand in the text, and do not begin or end inside of a longer word. */
static bool has_words(const char *text, const char *words)
{
    size_t bytes = strlen(words);
    for (const char *at = strstr(text, words); at != NULL && bytes > 0; at = strstr(at + 1, words)) {
        unsigned char before = at > text ? (unsigned char)at[-1] : ' ', after = (unsigned char)at[bytes];
        bool begins = !is_letter((unsigned char)words[0]) || !is_letter(before);
        bool ends = !is_letter((unsigned char)words[bytes - 1]) || !is_letter(after);
        if (begins && ends) {
            return true;
        }
    }
    return false;
}

/* A short word is explained where its long one is. */
static bool is_short_phase(const char *words)
{
    for (int phase = PHASE_NONE + 1; phase < PHASE_COUNT; phase++) {
        if (strcmp(phase_word_short((enum phase)phase), words) == 0) {
            return true;
        }
    }
    return false;
}

bool help_explains(enum help_section_name name, const char *words)
{
    struct shown_entry entry;
    if (name == HELP_SECTIONS) {
        bool somewhere = is_short_phase(words);
        for (int each = 0; each < HELP_SECTIONS && !somewhere; each++) {
            somewhere = help_explains((enum help_section_name)each, words);
        }
        return somewhere;
    }
    for (size_t i = 0; entry_at(name, i, &entry); i++) {
        if (has_words(entry.term, words)) {
            return true;
        }
    }
    return false;
}

/* --- lines ------------------------------------------------------------------------------------------------ */

/* Goes through all lines; draws those from `top` on that fit. canvas has no cells when they are only counted. */
struct page {
    struct canvas *canvas;
    struct rect at;
    int top, line, term_columns;
};

static void draw_heading(struct page *page, const char *text)
{
    page->line += page->line > 0; /* a blank line before it */
    int y = page->line++ - page->top;
    if (y >= 0 && y < page->at.rows) {
        canvas_text_bold(page->canvas, page->at.x, page->at.y + y, page->at.columns, ROLE_TITLE, text);
    }
}

/* A term that is too long for its column has a line of its own. */
static void draw_entry(struct page *page, const struct shown_entry *entry)
{
    int term = canvas_text_columns(page->canvas, entry->term), y = page->line - page->top;
    if (y >= 0 && y < page->at.rows) {
        canvas_text(page->canvas, page->at.x, page->at.y + y, page->at.columns, entry->role, entry->term);
    }
    page->line += term >= page->term_columns;
    y = page->line - page->top;
    int skip = y < 0 ? -y : 0;
    y = y < 0 ? 0 : y;
    struct rect where = {page->at.x + page->term_columns, page->at.y + y, page->at.columns - page->term_columns,
                         page->at.rows - y};
    int lines = parts_flow(page->canvas, where, skip, ROLE_TEXT, entry->text);
    page->line += lines > 0 ? lines : 1;
}

/* All lines before section `end`. */
static void draw_sections(struct page *page, enum help_section_name end)
{
    struct shown_entry entry;
    for (int name = 0; name < (int)end; name++) {
        draw_heading(page, help_section_of((enum help_section_name)name)->heading);
        for (size_t i = 0; entry_at((enum help_section_name)name, i, &entry); i++) {
            draw_entry(page, &entry);
        }
    }
}

static struct page page_of(struct canvas *canvas, struct rect inside, int top)
{
    return (struct page){.canvas = canvas, .at = inside, .top = top, .term_columns = inside.columns >= 56 ? 17 : 13};
}

/* The same with and without a box. */
static struct rect inside_of(struct rect box)
{
    return (struct rect){box.x + 2, box.y + 1, box.columns > 4 ? box.columns - 4 : 1, box.rows > 2 ? box.rows - 2 : 0};
}

static size_t lines_before(int columns, enum help_section_name end)
{
    struct canvas none = {.columns = 0};
    struct page page = page_of(&none, inside_of((struct rect){0, 0, columns, 2}), 0);
    draw_sections(&page, end);
    return (size_t)page.line;
}

size_t help_lines(int columns)
{
    return lines_before(columns, HELP_SECTIONS);
}

size_t help_top(int columns, enum help_section_name name)
{
    size_t lines = lines_before(columns, name);
    return lines > 0 ? lines + 1 : 0; /* behind the blank line */
}

/* The lines that are shown, from the one behind `top`. */
static void draw_frame(struct canvas *canvas, struct rect where, size_t top, size_t shown, size_t lines)
{
    char note[80];
    canvas_fill(canvas, where, ' ', ROLE_TEXT);
    if (canvas->flat) {
        canvas_printf(canvas, where.x, where.y, where.columns, ROLE_TITLE,
                      "help, lines %zu to %zu of %zu, Up Down scroll, Esc back", top + 1,
                      top + shown < lines ? top + shown : lines, lines);
        return;
    }
    snprintf(note, sizeof note, where.columns >= 60 ? "Up Down scroll, Esc back \u00b7 %zu of %zu" : "Esc back", top + shown,
             lines);
    canvas_box(canvas, where, ROLE_FRAME_FOCUS, "HELP", note);
}

void help_draw(struct canvas *canvas, struct rect where, const struct model *model)
{
    size_t lines = help_lines(where.columns);
    struct rect inside = inside_of(where);
    size_t last = lines > (size_t)inside.rows ? lines - (size_t)inside.rows : 0;
    size_t top = model->help_top < last ? model->help_top : last;
    draw_frame(canvas, where, top, (size_t)inside.rows, lines);
    struct page page = page_of(canvas, inside, (int)top);
    draw_sections(&page, HELP_SECTIONS);
}
