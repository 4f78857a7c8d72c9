/* account_bar.c - where the time went, as one stacked bar. See account_bar.h. */
#include "ui/account_bar.h"

enum { LETTER_CELLS = 4 };

/* How a column looks and what it is called. The glyphs are those of the picture of time. */
static const struct look {
    uint32_t glyph;
    char ascii;
    char letter;
    enum role role;
    const char *word, *word_short, *sentence;
} looks[ACCOUNT_COLUMNS] = {
    [ACCOUNT_ON_CORE] = {0x2588, '#', 'c', ROLE_RUNNING, "on a core", "core",
                         "A core was executing it, by its own CPU clock."},
    [ACCOUNT_READY] =
        {0x2592, '=', 'r', ROLE_READY, "ready", "ready",
         "It could have gone on, but others had the cores (the kernel's run delay, schedstat). \u2013: not told by "
         "this kernel; of transfers nobody can tell, for they share a thread."},
    [ACCOUNT_IO] = {0x2591, '.', 'i', ROLE_WAITING, "I/O", "I/O",
                    "It waited for the server, for the disk, or before another try; and whatever is in no other column."},
    [ACCOUNT_LOCK] = {0x259a, 'L', 'l', ROLE_LOCK, "lock", "lock", "It waited for a lock: the counter's mutex, or the GIL."},
    [ACCOUNT_BARRIER] = {0x2581, '_', 'b', ROLE_BARRIER, "barrier", "barr",
                         "It was done and waited for the rest of its batch."},
    [ACCOUNT_NO_WORK] = {0xb7, '-', 'n', ROLE_IDLE, "no work", "idle",
                         "There was no job for it, a pause held it, or nobody sat there between two workers."},
};

const char *account_word(enum account_column column)
{
    return (unsigned)column < ACCOUNT_COLUMNS ? looks[column].word : "?";
}

const char *account_word_short(enum account_column column)
{
    return (unsigned)column < ACCOUNT_COLUMNS ? looks[column].word_short : "?";
}

uint32_t account_glyph(enum account_column column, bool ascii)
{
    if ((unsigned)column >= ACCOUNT_COLUMNS)
        return '?';
    return ascii ? (unsigned char)looks[column].ascii : looks[column].glyph;
}

const char *account_sentence(enum account_column column)
{
    return (unsigned)column < ACCOUNT_COLUMNS ? looks[column].sentence : "?";
}

char account_letter(enum account_column column)
{
    return (unsigned)column < ACCOUNT_COLUMNS ? looks[column].letter : '?';
}

enum role account_role(enum account_column column)
{
    return (unsigned)column < ACCOUNT_COLUMNS ? looks[column].role : ROLE_DIM;
}

/* --- figures -------------------------------------------------------------------------------------- */

static enum account_column column_of(enum phase phase)
{
    switch (phase_class_of(phase)) {
    case PHASE_CLASS_RUNNING: return ACCOUNT_ON_CORE;
    case PHASE_CLASS_LOCK: return ACCOUNT_LOCK;
    case PHASE_CLASS_BARRIER: return ACCOUNT_BARRIER;
    case PHASE_CLASS_NO_WORK: return ACCOUNT_NO_WORK;
    default: return ACCOUNT_IO;
    }
}

static uint64_t plus(uint64_t a, uint64_t b)
{
    return a > UINT64_MAX - b ? UINT64_MAX : a + b;
}

uint64_t account_end_ns(const struct snapshot *snap)
{
    return run_state_is_over(snap->state) ? snap->start_ns + snap->wall_ns : snap->now_ns;
}

/* Time goes on in it: somebody sits there, or sat there when the run was ended at once, or has left early and waits for its batch. */
static bool goes_on(const struct worker_snapshot *worker)
{
    return worker->alive || worker->data.exit == WORKER_EXIT_NONE || worker->data.phase == PHASE_BARRIER;
}

/* What has passed since the account was settled. It was settled at the end of the last job: until this one began there was no work. */
static void add_unsettled(struct account *account, const struct slot_data *data, uint64_t now_ns)
{
    uint64_t from_ns = data->account_upto_ns;
    if (data->job && data->job_since_ns > from_ns && data->job_since_ns <= now_ns) {
        account->ns[ACCOUNT_NO_WORK] = plus(account->ns[ACCOUNT_NO_WORK], data->job_since_ns - from_ns);
        from_ns = data->job_since_ns;
    }
    uint64_t *present_ns = &account->ns[column_of((enum phase)data->phase)];
    *present_ns = plus(*present_ns, now_ns - from_ns);
}

struct account account_of_worker(const struct worker_snapshot *worker, uint64_t now_ns)
{
    struct account account = {.ready_known = false};
    if (!worker->used)
        return account;
    account.ready_known = worker->data.ready_known != 0;
    for (int column = 0; column < ACCOUNT_COLUMNS; column++)
        account.ns[column] = worker->data.account_ns[column];
    if (goes_on(worker) && now_ns > worker->data.account_upto_ns)
        add_unsettled(&account, &worker->data, now_ns);
    return account;
}

struct account account_of_lane(const struct snapshot *snap)
{
    struct account lane = {.ready_known = false};
    uint64_t end_ns = account_end_ns(snap);
    bool first = true;
    for (size_t slot = 0; slot < snap->slots; slot++) {
        if (!snap->workers[slot].used)
            continue;
        struct account one = account_of_worker(&snap->workers[slot], end_ns);
        lane.ready_known = one.ready_known && (first || lane.ready_known);
        first = false;
        for (int column = 0; column < ACCOUNT_COLUMNS; column++)
            lane.ns[column] = plus(lane.ns[column], one.ns[column]);
    }
    return lane;
}

uint64_t account_sum_ns(const struct account *account)
{
    uint64_t sum_ns = 0;
    for (int column = 0; column < ACCOUNT_COLUMNS; column++)
        sum_ns = plus(sum_ns, account->ns[column]);
    return sum_ns;
}

/* In floating point, where no sum overflows. */
static double whole_of(const struct account *account)
{
    double whole = 0;
    for (int column = 0; column < ACCOUNT_COLUMNS; column++)
        whole += (double)account->ns[column];
    return whole;
}

double account_share(const struct account *account, enum account_column column)
{
    double whole = whole_of(account);
    return whole > 0 ? (double)account->ns[column] / whole : 0;
}

/* --- the bar -------------------------------------------------------------------------------------- */

/* The column with the largest remainder; its remainder is taken. */
static int take_largest(double rests[ACCOUNT_COLUMNS])
{
    int largest = 0;
    for (int column = 1; column < ACCOUNT_COLUMNS; column++)
        if (rests[column] > rests[largest])
            largest = column;
    rests[largest] = -1;
    return largest;
}

void account_cells(const struct account *account, int columns, int cells[ACCOUNT_COLUMNS])
{
    double whole = whole_of(account), rests[ACCOUNT_COLUMNS];
    int left = columns;
    for (int column = 0; column < ACCOUNT_COLUMNS; column++) {
        double exact = whole > 0 && columns > 0 ? (double)account->ns[column] / whole * columns : 0;
        cells[column] = (int)exact;
        rests[column] = exact - cells[column];
        left -= cells[column];
    }
    for (; whole > 0 && left > 0; left--)
        cells[take_largest(rests)]++;
}

void account_bar_draw(struct canvas *canvas, int x, int y, int columns, const struct account *account)
{
    int cells[ACCOUNT_COLUMNS];
    if (columns < 1)
        return;
    canvas_fill(canvas, (struct rect){x, y, columns, 1}, ' ', ROLE_DIM);
    account_cells(account, columns, cells);
    for (int column = 0; column < ACCOUNT_COLUMNS; column++) {
        const struct look *look = &looks[column];
        uint32_t glyph = account_glyph((enum account_column)column, canvas->ascii);
        canvas_fill(canvas, (struct rect){x, y, cells[column], 1}, glyph, look->role);
        if (cells[column] >= LETTER_CELLS)
            canvas_fill(canvas, (struct rect){x + 1, y, 1, 1}, (unsigned char)look->letter, ROLE_TEXT);
        x += cells[column];
    }
}
