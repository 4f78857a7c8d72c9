/* load.c - the load of every core, from two readings of /proc/stat. Called a few times a second by the dashboard. */
#include "measure/load.h"

#include <stdlib.h>
#include <string.h>

#include "base/proc_file.h"

enum {
    STAT_FIELDS = 8,
    STAT_IDLE = 3,
    STAT_IOWAIT = 4
}; /* user nice system idle iowait irq softirq steal; guests are in user */

/* A core that was not in the last reading, or whose clock did not move, has no load yet. Idle counts can step back a little
 * (iowait does), which reads as busy: so the result is kept within 0 ... 1. */
static double busy_share(uint64_t busy, uint64_t all)
{
    if (all == 0)
        return -1;
    double share = (double)busy / (double)all;
    return share > 1 ? 1 : share;
}

static void core_read(struct machine_load *load, unsigned core, const char *figures)
{
    uint64_t all = 0;
    uint64_t idle = 0;
    char *at = NULL;
    for (int i = 0; i < STAT_FIELDS; i++, figures = at) {
        uint64_t ticks = strtoull(figures, &at, 10);
        if (at == figures)
            break; /* an older kernel has fewer */
        all += ticks;
        if (i == STAT_IDLE || i == STAT_IOWAIT)
            idle += ticks;
    }
    uint64_t busy = all - idle;
    bool known = load->all_ticks[core] != 0 && all > load->all_ticks[core];
    if (known)
        load->busy[core] =
            busy_share(busy > load->busy_ticks[core] ? busy - load->busy_ticks[core] : 0, all - load->all_ticks[core]);
    else if (load->all_ticks[core] == 0 || all < load->all_ticks[core])
        load->busy[core] = -1;
    load->busy_ticks[core] = busy;
    load->all_ticks[core] = all;
}

void machine_load_read(struct machine_load *load, const char *text)
{
    bool seen[MACHINE_CORES_MAX] = {false};
    unsigned cores = 0;
    for (const char *line = text; line && *line; line = strchr(line, '\n')) {
        line += *line == '\n';
        char *figures = NULL;
        if (strncmp(line, "cpu", 3) != 0)
            break; /* the cores come first, then interrupts by the thousand */
        if (line[3] < '0' || line[3] > '9')
            continue; /* "cpu  ...": all of them together */
        unsigned long core = strtoul(line + 3, &figures, 10);
        if (core >= MACHINE_CORES_MAX)
            continue;
        core_read(load, (unsigned)core, figures);
        seen[core] = true;
        cores = core + 1 > cores ? (unsigned)core + 1 : cores;
    }
    for (unsigned core = 0; core < cores; core++) {
        if (!seen[core]) { /* switched off: numbers have gaps then */
            load->busy[core] = -1;
            load->all_ticks[core] = load->busy_ticks[core] = 0;
        }
    }
    load->cores = cores;
}

void machine_load_update(struct machine_load *load)
{
    char text[MACHINE_CORES_MAX * 128];
    if (proc_read("/proc/stat", text, sizeof text) > 0) {
        machine_load_read(load, text);
        return;
    }
    load->cores = 0;
}
