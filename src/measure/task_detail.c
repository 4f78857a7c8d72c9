/* task_detail.c - everything the kernel tells of one thread. See task_detail.h. */
#include "measure/task_detail.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/proc_file.h"

enum { STATUS_BYTES = 8192 /* the counts stand last, behind lists of cores and memory nodes that can be long */ };

/* --- texts ---------------------------------------------------------------------------------------- */

/* A number of decimal digits alone; moves *at behind it. strtoull would take a sign, and go on to the next line for it. */
static bool read_number(const char **at, uint64_t *out)
{
    char *end = NULL;
    *at += strspn(*at, " \t");
    if (!isdigit((unsigned char)**at))
        return false;
    errno = 0;
    unsigned long long value = strtoull(*at, &end, 10);
    if (errno)
        return false;
    *at = end;
    *out = value;
    return true;
}

/* Kernels without run delay leave the file out, or answer "0 0 0". */
bool task_times_read(const char *text, uint64_t *on_core_ns, uint64_t *waited_ns)
{
    uint64_t on_core = 0, waited = 0, slices = 0;
    if (!read_number(&text, &on_core) || !read_number(&text, &waited) || !read_number(&text, &slices))
        return false;
    if (!on_core && !waited && !slices)
        return false;
    *on_core_ns = on_core;
    *waited_ns = waited;
    return true;
}

/* The number behind a key at the start of a line. */
static bool read_line(const char *text, const char *key, uint64_t *out)
{
    size_t length = strlen(key);
    while (text && strncmp(text, key, length) != 0) {
        text = strchr(text, '\n');
        if (text)
            text++;
    }
    if (!text)
        return false;
    text += length;
    return read_number(&text, out);
}

bool task_switches_read(const char *text, uint64_t *voluntary, uint64_t *forced)
{
    uint64_t own = 0, others = 0;
    if (!read_line(text, "voluntary_ctxt_switches:", &own) || !read_line(text, "nonvoluntary_ctxt_switches:", &others))
        return false;
    *voluntary = own;
    *forced = others;
    return true;
}

const char *task_letter_meaning(char letter)
{
    static const struct {
        char letter;
        const char *meaning;
    } rows[] = {
        {'R', "runs, or would like to"},
        {'S', "sleeps until something happens"},
        {'D', "waits for a disk, and cannot be woken"},
        {'T', "held by a signal"},
        {'t', "held by a debugger"},
        {'Z', "dead, not yet taken note of"},
        {'X', "dead"},
        {'I', "idle"},
        {'P', "parked"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (rows[i].letter == letter)
            return rows[i].meaning;
    return "unknown";
}

/* --- files ---------------------------------------------------------------------------------------- */

static bool read_task_file(pid_t pid, pid_t tid, const char *name, char *out, size_t room)
{
    char path[80];
    snprintf(path, sizeof path, "/proc/%d/task/%d/%s", (int)pid, (int)tid, name);
    return proc_read(path, out, room) > 0;
}

struct task_detail task_detail_of(pid_t pid, pid_t tid)
{
    char text[STATUS_BYTES];
    struct task_detail detail = {.state = machine_task(pid, tid)};
    detail.there = detail.state.letter != 0;
    if (!detail.there)
        return detail;
    detail.times_known = read_task_file(pid, tid, "schedstat", text, sizeof text) &&
                         task_times_read(text, &detail.on_core_ns, &detail.waited_ns);
    detail.switches_known =
        read_task_file(pid, tid, "status", text, sizeof text) && task_switches_read(text, &detail.voluntary, &detail.forced);
    return detail;
}

void task_detail_weigh(struct task_detail *detail, pid_t pid)
{
    uint64_t resident = 0;
    detail->memory_known = machine_memory_of(pid, &detail->proportional_bytes, &detail->private_bytes, &resident);
}
