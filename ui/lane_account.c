/* lane_account.c - where the time of a lane's workers went, on one line: a stacked bar and its largest shares in words. */
#include "ui/lane_private.h"
#include "ui/parts.h"

static const char LABEL[] = "time";

/* Columns by their share, largest first. */
static void sort_columns(const struct account *account, enum account_column order[ACCOUNT_COLUMNS])
{
    for (int i = 0; i < ACCOUNT_COLUMNS; i++) {
        int at = i;
        for (; at > 0 && account->ns[order[at - 1]] < account->ns[i]; at--)
            order[at] = order[at - 1];
        order[at] = (enum account_column)i;
    }
}

/* What is less than half a percent is not worth its room. */
static void add_shares(struct parts *parts, const struct account *account)
{
    enum account_column order[ACCOUNT_COLUMNS];
    sort_columns(account, order);
    for (int i = 0; i < ACCOUNT_COLUMNS; i++) {
        double percent = account_share(account, order[i]) * 100;
        if (percent < 0.5)
            continue;
        parts_add(parts, ACCOUNT_COLUMNS - i, account_role(order[i]), "%.0f %% %s", percent, account_word(order[i]));
        parts_brief(parts, "%.0f %% %s", percent, account_word_short(order[i]));
    }
    if (!account->ready_known && account_sum_ns(account) > 0)
        parts_add(parts, 0, ROLE_DIM, "ready \u2013");
}

void lane_account_draw(struct canvas *canvas, struct rect row, const struct model_lane *lane)
{
    struct parts parts = {0};
    int label = (int)sizeof LABEL, bar = row.columns * 23 / 100;
    int words = label + bar + 1;
    canvas_text(canvas, row.x, row.y, row.columns, ROLE_DIM, LABEL);
    account_bar_draw(canvas, row.x + label, row.y, bar, &lane->account);
    add_shares(&parts, &lane->account);
    parts_draw(canvas, row.x + words, row.y, row.columns - words, &parts);
}
