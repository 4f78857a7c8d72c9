/* account_bar.h - where a worker's or a lane's time went, as one stacked bar. Pure: a snapshot in, figures and cells out.
 *
 * The account that stands in a snapshot is exact up to the moment at which the worker settled it, at a job's ends and some ten times a second
 * while it computes. What has passed since is put where its present phase says, so that the bar grows while one looks on and still
 * sums to the wall time. */
#ifndef UI_ACCOUNT_BAR_H
#define UI_ACCOUNT_BAR_H

#include <stdbool.h>
#include <stdint.h>

#include "juggler/snapshot.h"
#include "ui/canvas.h"

struct account {
    uint64_t ns[ACCOUNT_COLUMNS];
    bool ready_known; /* false: ns[ACCOUNT_READY] is 0 and unknown; of a lane: of some of its workers */
};

/* The moment up to which an account of this run goes: now, or its end. */
uint64_t account_end_ns(const struct snapshot *snap);
/* The account of one seat up to now_ns (account_end_ns); of one in which nobody has sat: all zero, unknown. */
struct account account_of_worker(const struct worker_snapshot *worker, uint64_t now_ns);
/* Of all seats together. O(slots). */
struct account account_of_lane(const struct snapshot *snap);
/* The sum of its columns, at most UINT64_MAX; and the share of one of them, 0 ... 1, 0 when the sum is. */
uint64_t account_sum_ns(const struct account *account);
double account_share(const struct account *account, enum account_column column);

/* "on a core", "ready", "I/O", "lock", "barrier", "no work"; in at most 5 columns "core", ..., "barr", "idle"; its glyph and its letter
 * in the bar; what it means, for the help; and its colour. */
const char *account_word(enum account_column column);
const char *account_word_short(enum account_column column);
uint32_t account_glyph(enum account_column column, bool ascii);
char account_letter(enum account_column column);
const char *account_sentence(enum account_column column);
enum role account_role(enum account_column column);
/* Cells that each column has in a bar of so many: by largest remainder, so they sum to `columns`; all zero when the account is. */
void account_cells(const struct account *account, int columns, int cells[ACCOUNT_COLUMNS]);
/* The bar, of exactly so many cells; each column in its colour and with its own glyph, its letter where it has four cells or more. Blank when the account is zero. */
void account_bar_draw(struct canvas *canvas, int x, int y, int columns, const struct account *account);

#endif
