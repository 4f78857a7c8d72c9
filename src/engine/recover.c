/* recover.c - what becomes of a job whose worker died. */
#include "engine/recover.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "engine/runner.h"

enum job_state job_recover(struct board *board, size_t job, struct death death)
{
    struct job_result poisoned;
    board_result(board, job, &poisoned);
    poisoned.end_ns = clock_now_ns();
    if (death.hung_ns)
        snprintf(poisoned.note, sizeof poisoned.note,
                 "%d workers died while they ran it, the last was killed after %.3g s without a sign of life", DEATHS_MAX,
                 (double)death.hung_ns / (double)NS_PER_S);
    else if (death.signal)
        snprintf(poisoned.note, sizeof poisoned.note, "%d workers died while they ran it, the last of signal %d (%s)",
                 DEATHS_MAX, death.signal, strsignal(death.signal));
    else
        snprintf(poisoned.note, sizeof poisoned.note, "%d workers died while they ran it", DEATHS_MAX);
    return board_recover(board, job, DEATHS_MAX, &poisoned);
}
