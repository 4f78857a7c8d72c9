/* worker_pane.c - one worker's own page: what it does, what the kernel says of it, where its time went, and every job it had.
 *
 * A page of fields: a label and a text each, wrapped. On a large screen they stand in two columns with the jobs below, and only the jobs
 * scroll; on a smaller one everything stands below each other, the most telling first, and all of it scrolls. Lines are counted by drawing them on
 * a canvas without cells, so that what is drawn and what is scrolled cannot differ. A job that failed takes more than its line: jobs are
 * scrolled one by one, not line by line, so that a million of them cost no more than those on the screen. */
#include <inttypes.h>
#include <stdio.h>

#include "ui/lane.h"
#include "ui/pane.h"
#include "ui/parts.h"
#include "ui/worker_private.h"

enum { TWO_COLUMNS_FROM = 96, COLUMN_GAP = 4, JOBS_LEAST_ROWS = 5 };

/* --- lines ------------------------------------------------------------------------------------------------- */

struct rect worker_line(struct worker_page *page)
{
    int y = page->line++ - page->top;
    bool inside = y >= 0 && y < page->at.rows;
    return (struct rect){page->at.x, page->at.y + y, page->at.columns, inside ? 1 : 0};
}

void worker_heading(struct worker_page *page, const char *text)
{
    page->line += page->spread && page->line > 0;
    struct rect row = worker_line(page);
    canvas_text_bold(page->canvas, row.x, row.y, row.rows > 0 ? row.columns : 0, ROLE_TITLE, text);
}

void worker_flow(struct worker_page *page, int indent, enum role role, const char *text)
{
    int y = page->line - page->top, skip = y < 0 ? -y : 0;
    y = y < 0 ? 0 : y;
    int rows = page->at.rows > y ? page->at.rows - y : 0;
    struct rect where = {page->at.x + indent, page->at.y + y, page->at.columns - indent, rows};
    int lines = parts_flow(page->canvas, where, skip, role, text);
    page->line += lines > 0 ? lines : 1;
}

void worker_field(struct worker_page *page, enum role role, const char *label, const char *text)
{
    int y = page->line - page->top;
    if (y >= 0 && y < page->at.rows) {
        canvas_text(page->canvas, page->at.x, page->at.y + y, WORKER_LABEL_COLUMNS - 1, ROLE_DIM, label);
    }
    worker_flow(page, WORKER_LABEL_COLUMNS, role, text);
}

uint64_t worker_since(const struct worker_page *page, uint64_t then_ns)
{
    return then_ns > 0 && page->shown->now_ns > then_ns ? page->shown->now_ns - then_ns : 0;
}

/* --- how the page is shared out -------------------------------------------------------------------------------- */

struct plan {
    bool two_columns;
    struct rect head, left, right, jobs; /* one column: head is all of it */
    size_t above;                        /* lines that scroll above the jobs */
};

static struct canvas no_canvas(const struct canvas *canvas)
{
    return (struct canvas){.ascii = canvas->ascii, .flat = canvas->flat};
}

static struct worker_page page_in(struct canvas *canvas, struct rect at, const struct model *model)
{
    int focus = model->focus == 1;
    return (struct worker_page){.canvas = canvas,
                                .at = at,
                                .lane = &model->lanes[focus],
                                .shown = &model->worker,
                                .slot = model->lanes[focus].selected};
}

/* On a large screen: over its whole width; left; right. */
static void head(struct worker_page *page)
{
    worker_block_line(page);
    worker_block_work(page);
}

static void left_side(struct worker_page *page)
{
    worker_heading(page, "NOW");
    worker_block_now(page);
    worker_block_account(page);
}

static void right_side(struct worker_page *page)
{
    worker_block_kernel(page);
    worker_block_times(page);
}

/* On a smaller one. */
static void all_blocks(struct worker_page *page)
{
    worker_block_line(page);
    worker_block_now(page);
    worker_block_work(page);
    worker_block_account(page);
    worker_block_kernel(page);
    worker_block_times(page);
    worker_jobs_head(page);
}

/* Lines that a part of the page takes in so many columns. */
static int lines_of(const struct canvas *canvas, const struct model *model, int columns, bool spread,
                    void draw(struct worker_page *))
{
    struct canvas none = no_canvas(canvas);
    struct worker_page page = page_in(&none, (struct rect){0, 0, columns, 0}, model);
    page.spread = spread;
    draw(&page);
    return page.line;
}

/* A flat screen has no box. */
static struct rect inside_of(const struct canvas *canvas, struct rect box)
{
    if (canvas->flat) {
        return box;
    }
    return (struct rect){box.x + 2, box.y + 1, box.columns > 4 ? box.columns - 4 : 0, box.rows > 2 ? box.rows - 2 : 0};
}

static struct plan plan_of(const struct canvas *canvas, struct rect where, const struct model *model)
{
    struct rect all = inside_of(canvas, where);
    int half = (all.columns - COLUMN_GAP) / 2;
    int above = lines_of(canvas, model, all.columns, false, head);
    int left = lines_of(canvas, model, half, true, left_side), right = lines_of(canvas, model, half, true, right_side);
    int sides = left > right ? left : right, rest = all.rows - above - 2 - sides;
    if (canvas->flat || all.columns < TWO_COLUMNS_FROM || rest < JOBS_LEAST_ROWS) {
        return (struct plan){.head = all, .above = (size_t)lines_of(canvas, model, all.columns, false, all_blocks)};
    }
    int y = all.y + above + 1;
    return (struct plan){.two_columns = true,
                         .head = {all.x, all.y, all.columns, above},
                         .left = {all.x, y, half, sides},
                         .right = {all.x + all.columns - half, y, half, sides},
                         .jobs = {all.x, y + sides + 1, all.columns, rest}};
}

/* The first line of the last screenful: as many jobs from the end as fit, and what stands above them when all do. */
static size_t last_top(const struct canvas *canvas, const struct plan *plan, const struct model *model)
{
    struct canvas none = no_canvas(canvas);
    struct rect window = plan->two_columns ? plan->jobs : plan->head;
    int rows = window.rows - (plan->two_columns ? 2 : 0);
    size_t jobs = model->worker.jobs_count;
    while (jobs > 0) {
        struct worker_page page = page_in(&none, (struct rect){0, 0, window.columns, 0}, model);
        worker_job_draw(&page, jobs - 1);
        if (page.line > rows) {
            return plan->above + (jobs < model->worker.jobs_count ? jobs : jobs - 1);
        }
        rows -= page.line;
        jobs--;
    }
    return plan->above > (size_t)(rows > 0 ? rows : 0) ? plan->above - (size_t)(rows > 0 ? rows : 0) : 0;
}

size_t worker_lines_above(const struct canvas *canvas, struct rect where, const struct model *model)
{
    return plan_of(canvas, where, model).above;
}

size_t worker_last_top(const struct canvas *canvas, struct rect where, const struct model *model)
{
    struct plan plan = plan_of(canvas, where, model);
    return last_top(canvas, &plan, model);
}

/* --- drawing --------------------------------------------------------------------------------------------------- */

static void draw_part(struct canvas *canvas, struct rect at, const struct model *model, bool spread,
                      void draw(struct worker_page *))
{
    struct worker_page page = page_in(canvas, at, model);
    page.spread = spread;
    draw(&page);
}

/* From this one on, as many as fit. */
static void draw_jobs(struct worker_page *page, size_t first)
{
    for (size_t number = first; page->line - page->top < page->at.rows && worker_job_draw(page, number); number++) {
    }
}

static void draw_two_columns(struct canvas *canvas, const struct plan *plan, const struct model *model, size_t top)
{
    struct worker_page jobs = page_in(canvas, plan->jobs, model);
    draw_part(canvas, plan->head, model, false, head);
    draw_part(canvas, plan->left, model, true, left_side);
    draw_part(canvas, plan->right, model, true, right_side);
    worker_jobs_head(&jobs);
    draw_jobs(&jobs, top);
}

static void draw_one_column(struct canvas *canvas, const struct plan *plan, const struct model *model, size_t top)
{
    struct worker_page page = page_in(canvas, plan->head, model);
    size_t past = top > plan->above ? top - plan->above : 0;
    page.top = (int)(top - past);
    all_blocks(&page);
    draw_jobs(&page, past);
}

/* "t3 · thread 3 of process 4120". */
static void title_text(size_t slot, const struct slot_data *data, char *out, size_t room)
{
    const char *kind = worker_kind_word((enum worker_kind)data->kind);
    int used = snprintf(out, room, "%c%zu \u00b7 %s %zu", lane_letter(data->kind), slot + 1, kind, slot + 1);
    if (data->kind == WORKER_PROCESS) {
        snprintf(out + used, room - (size_t)used, ", pid %" PRIu64, data->pid);
    } else if (data->kind == WORKER_TRANSFER) {
        snprintf(out + used, room - (size_t)used, " of the event loop in process %" PRIu64, data->pid);
    } else {
        snprintf(out + used, room - (size_t)used, " of process %" PRIu64, data->pid);
    }
}

/* Where in its jobs the window is, in the lower edge. */
static void draw_edge(struct canvas *canvas, struct rect where, size_t top, size_t last)
{
    struct rect edge = {where.x + 2, where.y + where.rows - 1, where.columns - 4, 1};
    if (last > 0 && !canvas->flat) {
        canvas_text(canvas, edge.x, edge.y, edge.columns, ROLE_DIM,
                    top == 0      ? " Page Down: more "
                    : top == last ? " Page Up: more "
                                  : " Page Up, Page Down: more ");
    }
}

void worker_draw(struct canvas *canvas, struct rect where, const struct model *model)
{
    const struct model_lane *lane = &model->lanes[model->focus == 1];
    const struct model_worker *shown = &model->worker;
    char title[128] = "A WORKER", note[EXECUTOR_TEXT_BYTES] = "";
    if (where.rows < 1 || where.columns < 1) {
        return;
    }
    bool there = shown->known && lane->started && lane->selected < lane->snap.slots && shown->held.used;
    if (there) {
        title_text(lane->selected, &shown->held.data, title, sizeof title);
        executor_format(lane_executor(lane), note);
    }
    if (!canvas->flat) {
        canvas_box(canvas, where, ROLE_FRAME_FOCUS, title, note);
    }
    if (!there) {
        parts_flow(canvas, inside_of(canvas, where), 0, ROLE_DIM,
                   "Nobody works here in this run: Up and Down go to the others.");
        return;
    }
    struct plan plan = plan_of(canvas, where, model);
    size_t last = last_top(canvas, &plan, model), top = shown->top < last ? shown->top : last;
    canvas->cursor_x = plan.head.x;
    canvas->cursor_y = plan.head.y;
    if (plan.two_columns) {
        draw_two_columns(canvas, &plan, model, top);
    } else {
        draw_one_column(canvas, &plan, model, top);
    }
    draw_edge(canvas, where, top, last);
}
