/* help.c - every word, colour, key and column on the screen in a sentence. The words for phases come from their own table. */
#include <string.h>

#include "juggler/phase.h"
#include "ui/account_bar.h"
#include "ui/pane.h"
#include "ui/panes.h"
#include "ui/parts.h"

struct entry {
    const char *term; /* NULL: the text is a heading */
    const char *text;
};

static const struct entry entries_first[] = {
    {NULL, "WHAT THIS IS"},
    {"downloads",
     "Work that mostly waits for a server (I/O-bound). Threads help, because while one waits another can go on."},
    {"primes", "Work that needs a core all the time (CPU-bound). Only as many workers get on as there are cores."},
    {"counter",
     "Every worker adds to one counter: without a lock adds get lost, and processes each have a counter of their own."},
    {NULL, "KEYS"},
    {"t T", "One thread fewer, one more; or one transfer, where one thread has many. It takes effect at once, while the "
            "work goes on."},
    {"p P", "One process fewer, one more."},
    {"- +", "One worker fewer, one more, in the lane that the keys act on."},
    {"0 ... 9 Enter", "So many workers."},
    {"Tab", "The keys act on the other lane."},
    {"s S", "The next strategy, the one before: how the jobs are handed to workers."},
    {"g", "The same threads with an interpreter lock as CPython has it (GIL), or without it."},
    {"l", "Another list to work on; beside the primes also the shared counter: no lock, a mutex, an atomic."},
    {"c",
     "Compares the ways of doing the work of the lane that the keys act on: all of them, in turn, several times. c or Esc "
     "leaves, x stops, r measures anew."},
    {"v", "The picture of time alone: a lane for every worker, from left to right what it did. v or Esc leaves."},
    {"=",
     "The last run of the lane that the keys act on and the one before it, one above the other, both from their start. = "
     "or Esc leaves."},
    {"f", "Holds the picture of time, or lets it run along again; the work goes on meanwhile."},
    {"[ ]", "It shows a longer, a shorter time."},
    {"Left Right", "Move it back, as far as the start, and on; at the present it runs along again."},
    {"Home End", "Where it is alone: the whole run; the present."},
    {"space", "Pause, go on."},
    {"n", "One step: one more job is started, then it pauses again."},
    {"r", "Run again, or start."},
    {"x", "Stop this run; jobs in hand are given up."},
    {"k", "Kill the selected worker. Its job goes to another, and is not charged with it. Threads share one process, so "
          "with one all die: that "
          "takes a second k."},
    {"< >", "The built-in server is slower, faster: it waits longer or less before the first byte, and sends less or more a "
            "second."},
    {"Up Down", "The worker above, below. Page Up, Page Down, Home and End go further."},
    {"?", "This help. Esc or ? leaves it."},
    {"q", "Quit."},
    {NULL, "THE PAST"},
    {"b",
     "Looks back at the last runs, as they were; what goes on goes on meanwhile. b, Esc or End come back to the present."},
    {"REWIND, REPLAY",
     "What is shown is not now: the last runs of this dashboard, or a record that juggler replay has opened."},
    {"2.31 of 9.81 s", "Where the playhead stands, from the beginning to the end of what is known."},
    {"space", "There it plays, or stands still."},
    {"Left Right",
     "There a second back, on; in what is shorter than twenty seconds a twentieth. Home and End go all the way."},
    {"< > \u00d71", "There slower, faster: from an eighth of the speed that it had to sixteen times."},
    {"n N", "There to the next event, to the one before: to the very moment at which a worker began something else."},
    {"damaged there", "From there on the file of the record was changed or cut off. What is shown is sound."},
    {NULL, "A WORKER'S LINE"},
    {"t1 p1 e1", "Thread number 1, process number 1, transfer number 1 of an event loop."},
    {"name", "The file it fetches; \u2264 50328 means: the primes up to 50328, all multiplied."},
    {"bar, percent",
     "How far this job is, in time. Bytes without a percentage: the server did not say how long the file is."},
    {"state", "What it is doing now; the words are below."},
    {"core 1", "The core that it is on. With more workers than cores they take turns."},
    {"ready, no core",
     "It could go on, but others have the cores. The kernel says so (schedstat), over the last tenth of a second."},
    {"\u25cf holds it", "It has the interpreter lock: of all threads it alone may compute."},
    {"12 ms", "Behind wants GIL: how long it has waited for the lock by now."},
    {"try 2", "The first attempt failed; this is the second."},
    {"new", "The worker before it was killed; this one took its place."},
    {"sig 9", "The signal that ended it: 9 is a kill, 11 a crash."},
    {"busy for", "At the end: the time in which it had a job in hand."},
    {"finished", "It took jobs until none was left."},
    {"left", "It went because fewer workers were asked for."},
    {"stopped", "It went because the run was stopped."},
    {NULL, "ONE WORKER'S PAGE"},
    {"Enter",
     "Opens the page of the selected worker; Enter or Esc leaves it. Up and Down go to the next worker, Tab to the other "
     "lane's, Page Up, Page Down, Home and End through its jobs. Its figures are taken five times a second."},
    {"works on", "The whole URL, or the limit, of the job it has in hand."},
    {"last error", "Why its last job that failed did, in full."},
    {"job, attempt", "Which job of the list it has, for how long by now, and which try this is."},
    {"where its time",
     "The account of all workers of this place, from the first one's start: a bar, and the time and share of each "
     "part."},
    {"pid, tid", "The numbers of its process and of its thread, as ps -L and top -H show them."},
    {"S: sleeps",
     "The kernel's letter for its state (/proc/PID/task/TID/stat), and what that means. R also stands for a thread that "
     "wants a core and has none."},
    {"last core", "The core that it ran on last, by the same file."},
    {"on a core, waited",
     "How long this thread has been on a core since it was born, and how long it could have run but waited for one "
     "(schedstat). The first lags a little while it runs."},
    {"switches", "How often it gave up its core because it had to wait (voluntary), and how often the core was taken from "
                 "it (forced), by "
                 "the file status."},
    {"private",
     "Memory of a process that no other uses. Its share of what several use is counted in the figure behind it (PSS)."},
    {"shared", "Threads have no memory of their own: the figure is that of their whole process."},
    {"place", "Which worker this is of those that sat in this place one after the other (a batch brings a new one each "
              "round, and so does "
              "a death), how many of them were killed, and how the last one ended."},
    {"gone", "The kernel does not know it any more. What it did before is still told."},
    {"p50 p90 p99 max",
     "Half of the jobs took at most so long, nine of ten, 99 of 100, all. Each is the time of a job that ended (nearest "
     "rank); behind jobs: how many there are."},
    {"start, took", "When a worker first took the job, from the run's start, and how long it was until its end."},
    {"tries", "Attempts, the first one included."},
    {"bytes, primes", "What the job came to."},
    {"outcome", "done, failed, running, poisoned (workers died of it), was there (the file was there before the run)."},
    {NULL, "MANY WORKERS"},
    {"412 receiving",
     "How many workers are in each state, most first; they sum to all that exist. more, others: in further states."},
    {"letters",
     "One letter a worker, as they stand with the states below; r: it is ready but has no core; a dot: the filter does not "
     "take it."},
    {"/", "A filter for the lane that the keys act on: only workers remain that have the text in their state, their name "
          "(t12), or the name "
          "or URL of what they work on. state: or text: before it looks in one of these only. Enter keeps it, Esc drops it, "
          "also later."},
    {"filter \"rec\"", "How many workers the filter takes now, of all; it follows as they change."},
    {NULL, "A LANE'S FIGURES"},
    {"done", "Jobs that are finished, of all."},
    {"active", "Jobs that a worker holds now."},
    {"held, executing", "Workers that exist in memory, and those that a core is executing this moment. It is not the same."},
    {"want a core", "Workers that could go on, if a core were free."},
    {"failed", "Jobs that did not succeed, after all their tries."},
    {"killed", "Workers that died on the way. Their jobs went to others."},
    {"restart", "All threads of a process die together; the process was started again."},
    {"MiB/s", "Bytes that came in over the last two seconds."},
    {"s left", "The time left, an estimate from the jobs so far. In little room the seconds alone."},
    {"share", "Memory of all threads: they share that of one process."},
    {"own, shared", "Memory that each process has for itself, on average, and what all of them have in common."},
    {"together, in all", "Memory of all processes and the one that made them, what is shared counted once."},
    {"GIL: t3", "Who holds the interpreter lock, and how many wait for it."},
    {"held 97 %",
     "How much of the time the interpreter lock was held by somebody. At 100 % all threads do the work of one."},
    {"switches", "How often the interpreter lock went from one thread to another."},
    {"got, lost", "What the counter reads at the end, and the adds that are missing. Processes leave their parent's at 0."},
    {"waited", "For the mutex: the share of their time that the workers could not go on for it."},
    {"batch", "Which batch it is. The next begins when the slowest of this one is done."},
    {NULL, "TIMELINE"},
    {"a cell", "What took most of that bit of time. Letters stand in longer stretches; they are those of the states below."},
    {"running, ready", "It computes or writes; with r: it would, but others have the cores."},
    {"new job", "Another job begins. Where jobs are too short for it, the sign is left out. In little room: job."},
    {"next batch", "A line through all lanes: the last one of a batch is done, and the next begins. In little room: batch."},
    {"X killed", "A worker was killed here."},
    {"last 10 s", "How much time there is from left to right; the right edge is the present, or the end."},
    {"FROZEN", "It is held: f lets it go on."},
    {"whole run", "All there is, from the first start to the end."},
    {"now, before", "Two runs of a lane, each with its time from its start to its end, which also stands where that is."},
    {"and 9 more", "Workers for whom there is no row here. Up and Down move to them."},
    {"events lost", "Changes of state that nobody could read in time; the picture lacks them."},
    {"coarser steps", "A very long run: before that moment each step has only what took most of it."},
    {"looked at every",
     "So often the kernel is asked who has a core; what is shorter is not seen. All else is exact. Of waits "
     "for a counter's mutex it is known how long they were, not when in that tenth of a second."},
    {NULL, "THE JUGGLER"},
    {"j", "The juggler on the whole screen. j or Esc leaves."},
    {"(t3) <t3>", "A ball is a worker, with its name. Where both lanes have threads, those of the second are in < >."},
    {"\u25cf",
     "A ball of a crowd: more than there is room for by name. Their count stands beside; the selected one has its name."},
    {"hands", "As many as there are usable cores. 1/2: one of two has a ball."},
    {"in the air", "It waits for I/O. It rises with the time that it waits for an answer, and falls as its file arrives: at "
                   "the end of its way all of it has come."},
    {"in a hand", "It works, and has a core by the kernel's word of the last tenth of a second."},
    {"core 0",
     "Below a hand: the core it is, on which the kernel last saw its ball. core \u2013: that is not known, for two were "
     "seen on the same one."},
    {"GIL", "Below a hand: its ball has the interpreter lock."},
    {"on the floor",
     "It could go on and wants a core; so do those that had one in the last tenth of a second, when they are more "
     "than there are hands: they take turns."},
    {"tied",
     "It waits for a lock. For the interpreter lock by its own word, for a mutex when the kernel saw it asleep while it "
     "counts. Who has the GIL is shown as it was at most a fifth of a second ago."},
    {"standing by", "Its part of the batch is done; it waits for the others. In a row: [ ]."},
    {"put away", "It has no work, or the pause holds it. In a row: \\ /."},
    {"unknown",
     "It says that it works, and the kernel has not said yet whether it has a core, or saw it asleep. In a row: ?"},
    {"gone", "It has ended. It does not count among the workers."},
    {NULL, "RESULTS"},
    {"time", "From the first worker's start to the last one's end, without pauses."},
    {"speed-up", "How many times as fast as the last sequential run of the same list. Run one with s, then r."},
    {"of possible", "The best time that was possible, as a share of the time it took. 100 % cannot be beaten."},
    {"list", "Which list was worked on. Only runs of the same list are to be compared."},
    {"changed", "It was changed or paused on the way, or workers were killed: no fair figure."},
    {"\u2013", "Not known."},
    {NULL, "COMPARE"},
    {"bar", "As long as the median, by the scale above it; lighter from the fastest run to the slowest."},
    {"median", "Half of the runs took longer, half less. The first run of each, the warm-up, counts for nothing. Behind "
               "\u2026: how long the run going on has taken so far."},
    {"least, most", "The fastest run and the slowest."},
    {"speed-up", "How many times as fast as sequential."},
    {"no diff.", "No real difference: some runs of the one took as long as some of the other."},
    {"effic.", "Efficiency: the speed-up for each worker. At 100 % four workers are four times as fast."},
    {"memory", "Of all its processes together, what is shared counted once."},
    {"possible", "The best time that was possible with so many workers, as a share of the median."},
    {"*", "The winner: its slowest run was faster than the fastest of every other, by at least 1 %."},
    {"seed", "The order of the runs is shuffled by this number; with the same one it is the same order."},
    {NULL, "THE TOP LINE"},
    {"core 0", "How busy each core of this machine is, whoever uses it."},
    {"2 of 8 cores", "How many cores can be used here, and the limit that decides it: affinity (a list of cores), or a "
                     "cgroup's quota of time."},
    {"processes", "All processes on this machine, as ps -e counts them. Few of them execute at any moment."},
    {NULL, "STATES"},
};

/* The columns of the account come from their own table. */
static const struct entry entries_account[] = {
    {NULL, "WHERE THE TIME WENT"},
    {"w", "Where the time of every worker went, in seconds, in little room in percent; w or Esc leaves. In a lane: of all "
          "its workers."},
    {"bar", "A worker's time so far, shared out as below; in its parts stand the letters of the columns."},
    {"all", "All workers of the lane together: how much of their time, and how many seconds it was."},
    {"in all", "The wall time of a worker, from its start to its end or until now: the columns add up to it."},
    {"the sentence",
     "What limits the run, in words: shown when it has been true for a second; of the lane in focus also above "
     "the keys. At the end: why it took that long."},
};

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

/* --- lines ------------------------------------------------------------------------------------------------ */

/* Goes through all lines; draws those from `top` on that fit. canvas has no cells when they are only counted. */
struct page {
    struct canvas *canvas;
    struct rect at;
    int top, line, term_columns;
};

static void heading(struct page *page, const char *text)
{
    page->line += page->line > 0; /* a blank line before it */
    int y = page->line++ - page->top;
    if (y >= 0 && y < page->at.rows) {
        canvas_text_bold(page->canvas, page->at.x, page->at.y + y, page->at.columns, ROLE_TITLE, text);
    }
}

static void entry(struct page *page, enum role role, const char *term, const char *text)
{
    int y = page->line - page->top, skip = y < 0 ? -y : 0;
    if (y >= 0 && y < page->at.rows) {
        canvas_text(page->canvas, page->at.x, page->at.y + y, page->term_columns - 1, role, term);
    }
    y = y < 0 ? 0 : y;
    struct rect where = {page->at.x + page->term_columns, page->at.y + y, page->at.columns - page->term_columns,
                         page->at.rows - y};
    int lines = parts_flow(page->canvas, where, skip, ROLE_TEXT, text);
    page->line += lines > 0 ? lines : 1;
}

static void all_phases(struct page *page)
{
    for (int p = PHASE_NONE + 1; p < PHASE_COUNT; p++) {
        enum phase phase = (enum phase)p;
        char term[32], text[200];
        snprintf(term, sizeof term, "%c %s", phase_letter(phase), phase_word(phase));
        bool same = strcmp(phase_word(phase), phase_word_short(phase)) == 0;
        snprintf(text, sizeof text, same ? "%s" : "%s In little room: %s.", phase_sentence(phase), phase_word_short(phase));
        entry(page, ROLE_KEY, term, text);
    }
}

static void all_columns(struct page *page)
{
    for (int c = 0; c < ACCOUNT_COLUMNS; c++) {
        enum account_column column = (enum account_column)c;
        char term[32], text[240];
        snprintf(term, sizeof term, "%c %s", account_letter(column), account_word(column));
        bool same = strcmp(account_word(column), account_word_short(column)) == 0;
        snprintf(text, sizeof text, same ? "%s" : "%s In little room: %s.", account_sentence(column),
                 account_word_short(column));
        entry(page, account_role(column), term, text);
    }
}

static void entries_of(struct page *page, const struct entry *entries, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (entries[i].term == NULL) {
            heading(page, entries[i].text);
        } else {
            entry(page, ROLE_KEY, entries[i].term, entries[i].text);
        }
    }
}

static void all_entries(struct page *page)
{
    entries_of(page, entries_first, sizeof entries_first / sizeof entries_first[0]);
    all_phases(page);
    entries_of(page, entries_account, sizeof entries_account / sizeof entries_account[0]);
    all_columns(page);
    heading(page, "COLOURS (never the only sign)");
    for (int role = 0; role < ROLE_COUNT; role++) {
        entry(page, (enum role)role, role_names[role], role_sentences[role]);
    }
}

static struct page page_of(struct canvas *canvas, struct rect inside, int top)
{
    return (struct page){.canvas = canvas, .at = inside, .top = top, .term_columns = inside.columns >= 56 ? 17 : 13};
}

static struct rect inside_of(struct rect box)
{
    return (struct rect){box.x + 2, box.y + 1, box.columns > 4 ? box.columns - 4 : 1, box.rows > 2 ? box.rows - 2 : 0};
}

size_t help_lines(int columns)
{
    struct canvas none = {.columns = 0};
    struct page page = page_of(&none, inside_of((struct rect){0, 0, columns, 2}), 0);
    all_entries(&page);
    return (size_t)page.line;
}

void help_draw(struct canvas *canvas, struct rect where, const struct model *model)
{
    size_t lines = help_lines(where.columns);
    struct rect inside = inside_of(where);
    size_t last = lines > (size_t)inside.rows ? lines - (size_t)inside.rows : 0;
    size_t top = model->help_top < last ? model->help_top : last;
    char note[64];
    snprintf(note, sizeof note, where.columns >= 60 ? "Up Down scroll, Esc back \u00b7 %zu of %zu" : "Esc back",
             top + (size_t)inside.rows, lines);
    canvas_fill(canvas, where, ' ', ROLE_TEXT);
    canvas_box(canvas, where, ROLE_FRAME_FOCUS, "HELP", note);
    struct page page = page_of(canvas, inside, (int)top);
    all_entries(&page);
}
