/* drain.c - a run whose output folder takes nothing more: what is at work goes on to its end, and then the run is held or ended.
 *
 * The worker that found out moves the mode from RUN to DRAIN (seat.c), so nobody takes a job any more that could only fail. When the last
 * one at work has ended, the app decides: a person can make room and press a key, so a dashboard's run is paused; where nobody is there to
 * press one it is stopped, and its other jobs stay queued. */
#include "base/problem.h"
#include "engine/run_private.h"

/* What one failed for; NULL: no such job. */
static const char *reason_of(const struct board *board, struct job_result *result)
{
    for (size_t job = 0; job < board_jobs(board); job++) {
        if (board_job(board, job).state != JOB_FAILED)
            continue;
        board_result(board, job, result);
        if (result->flags & JOB_FLAG_FOLDER_FULL)
            return result->note;
    }
    return NULL;
}

static size_t jobs_in(const struct board *board, enum job_state state)
{
    size_t count = 0;
    for (size_t job = 0; job < board_jobs(board); job++)
        count += board_job(board, job).state == state;
    return count;
}

void run_heed_drain(struct run *run)
{
    struct board *board = run->crew.board;
    bool drains = !run->stopping && board_mode(board) == BOARD_DRAIN;
    if (!drains || run->tally.in_state[JOB_RUNNING] || jobs_in(board, JOB_RUNNING))
        return; /* the tally is of the last look, and costs nothing: while it says that somebody is at work, nobody is counted */
    size_t queued = jobs_in(board, JOB_QUEUED);
    if (!queued)
        return; /* all have ended, and so will the run */
    struct job_result result;
    const char *reason = reason_of(board, &result);
    run->folder_full = true;
    problem_set(&run->problem, "%zu job%s %s: nothing more can be written to the output folder (%s)", queued,
                queued == 1 ? "" : "s", run->end_when_full ? "not started" : "held", reason ? reason : "it is full");
    if (run->end_when_full)
        run_stop(run);
    else
        run_pause(run);
}
