/* worker_private.h - between the files that draw a worker's page. A page is lines one below the other, of which a rectangle shows some. */
#ifndef UI_WORKER_PRIVATE_H
#define UI_WORKER_PRIVATE_H

#include "ui/canvas.h"
#include "ui/model.h"

enum { WORKER_LABEL_COLUMNS = 11, WORKER_TEXT_BYTES = 4096 };

/* Lines in a rectangle, but the first `top` of them. Drawn on a canvas without cells they are only counted. */
struct worker_page {
    struct canvas *canvas;
    struct rect at;
    const struct model_lane *lane;
    const struct model_worker *shown;
    size_t slot;
    int top, line; /* line: the next one */
    bool spread;   /* a blank line between the blocks */
};

/* Lines: worker_pane.c. The next line's place on the canvas; without rows when it is not in the window. */
struct rect worker_line(struct worker_page *page);
void worker_heading(struct worker_page *page, const char *text);
/* Text broken into as many lines as it takes, indented; the same with a label before it. */
void worker_flow(struct worker_page *page, int indent, enum role role, const char *text);
void worker_field(struct worker_page *page, enum role role, const char *label, const char *text);
/* How long ago that was when the figures were taken; 0: it was not. */
uint64_t worker_since(const struct worker_page *page, uint64_t then_ns);

/* Blocks of lines: worker_blocks.c. The live line, as it stands in the lane; what it works on and its last error, in full; what it does; its
 * account; the kernel's word; percentiles. */
void worker_block_line(struct worker_page *page);
void worker_block_work(struct worker_page *page);
void worker_block_now(struct worker_page *page);
void worker_block_account(struct worker_page *page);
void worker_block_kernel(struct worker_page *page);
void worker_block_times(struct worker_page *page);

/* Its jobs: worker_jobs.c. The heads of the table; one job of the page's list, of one that failed with its error below; false: there is no
 * such job. */
void worker_jobs_head(struct worker_page *page);
bool worker_job_draw(struct worker_page *page, size_t number);
/* What a job is, in full and fit to show: into out, or a constant. */
const char *worker_job_text(const struct worker_page *page, size_t job, char *out, size_t room);

#endif
