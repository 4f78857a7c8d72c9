/* possible.c - the best time that so many workers could have had. See possible.h. */
#include "compare/possible.h"

#include <stdio.h>

#include "base/clock.h"
#include "base/text.h"
#include "measure/ideal.h"

struct parts {
    size_t count; /* that are known; they come first */
    uint64_t sum_ns, longest_ns;
};

static struct parts gather(const struct possible_input *input)
{
    struct parts parts = {0};
    for (size_t i = 0; i < input->jobs; i++) {
        uint64_t ns = input->parts[i];
        if (!ns)
            continue;
        input->parts[parts.count++] = ns;
        parts.sum_ns += ns;
        parts.longest_ns = ns > parts.longest_ns ? ns : parts.longest_ns;
    }
    return parts;
}

static const char *measured(const struct possible_input *input)
{
    return input->sequential ? "as measured under sequential" : "as measured in its own runs";
}

static char *how_many(char *out, size_t room, const struct possible_input *input, size_t count, const char *what)
{
    if (count < input->jobs)
        snprintf(out, room, "the %zu of %zu %ss that ended", count, input->jobs, what);
    else
        snprintf(out, room, "the %zu %s%s", count, what, count == 1 ? "" : "s");
    return out;
}

/* --- downloads ------------------------------------------------------------------------------------ */

static double downloads(const struct possible_input *input, const struct parts *parts, char *why)
{
    char which[96], lanes_text[48], rate[32], size[32];
    size_t lanes = input->workers < parts->count ? input->workers : parts->count;
    double schedule_s = (double)ideal_schedule_ns(input->parts, parts->count, lanes) / (double)NS_PER_S;
    double network_s = input->bytes_per_s_most > 0 ? (double)input->bytes / input->bytes_per_s_most : 0;
    how_many(which, sizeof which, input, parts->count, "transfer");
    if (network_s > schedule_s) {
        snprintf(why, COMPARE_TEXT_BYTES,
                 "the network's share: %s at %s a second, the most that came in any run; %s would fit into less",
                 text_bytes(size, sizeof size, input->bytes),
                 text_bytes(rate, sizeof rate, (uint64_t)input->bytes_per_s_most), which);
        return network_s;
    }
    if (lanes == 1)
        snprintf(lanes_text, sizeof lanes_text, "one after another");
    else if (lanes == parts->count)
        snprintf(lanes_text, sizeof lanes_text, "all at once");
    else
        snprintf(lanes_text, sizeof lanes_text, "longest first, %zu at a time", lanes);
    snprintf(why, COMPARE_TEXT_BYTES,
             "%s, %s, %s: what remains is latency and the network's share, which no executor takes away", which,
             measured(input), lanes_text);
    return schedule_s;
}

/* --- what computes -------------------------------------------------------------------------------- */

static double computing(const struct possible_input *input, const struct parts *parts, char *why)
{
    char which[96];
    const char *plus = input->serial_s > 0 ? ", plus what came before the first and after the last job" : "";
    size_t lanes = input->workers < input->usable_cores ? input->workers : input->usable_cores;
    lanes = input->gil ? 1 : lanes;
    uint64_t shared_ns = parts->sum_ns / lanes;
    how_many(which, sizeof which, input, parts->count, "job");
    if (input->gil && input->workers > 1)
        snprintf(
            why, COMPARE_TEXT_BYTES,
            "the CPU time of %s, %s, one after another: under the interpreter lock one thread computes at a time, so one "
            "core is all it can use%s",
            which, measured(input), plus);
    else if (lanes == 1)
        snprintf(why, COMPARE_TEXT_BYTES, "the CPU time of %s, %s, one after another%s", which, measured(input), plus);
    else if (parts->longest_ns > shared_ns)
        snprintf(why, COMPARE_TEXT_BYTES,
                 "the CPU time of the longest of %s, %s: one job is one piece of work, and %zu cores cannot shorten it%s",
                 which, measured(input), lanes, plus);
    else
        snprintf(why, COMPARE_TEXT_BYTES, "the CPU time of %s, %s, shared evenly by %zu %s%s", which, measured(input), lanes,
                 input->workers < input->usable_cores ? "workers" : "usable cores", plus);
    uint64_t best_ns = parts->longest_ns > shared_ns ? parts->longest_ns : shared_ns;
    return (double)best_ns / (double)NS_PER_S + (input->serial_s > 0 ? input->serial_s : 0);
}

/* --- the counter ---------------------------------------------------------------------------------- */

/* As measure/ideal.c has it for a single run. < 0: not known. */
static double counting(const struct possible_input *input, const struct parts *parts, char *why)
{
    char which[96];
    if (input->processes)
        return computing(input, parts, why);
    if (!input->gil && input->workers > 1 && input->jobs > 1) {
        snprintf(why, COMPARE_TEXT_BYTES, "%s", IDEAL_COUNTER_UNKNOWN);
        return -1;
    }
    snprintf(why, COMPARE_TEXT_BYTES, "the CPU time of %s, %s, %s%s",
             how_many(which, sizeof which, input, parts->count, "job"), measured(input), IDEAL_COUNTER_SERIAL,
             input->serial_s > 0 ? ", plus what came before the first and after the last job" : "");
    return (double)parts->sum_ns / (double)NS_PER_S + (input->serial_s > 0 ? input->serial_s : 0);
}

struct possible possible_of(const struct possible_input *input)
{
    struct possible possible = {.best_s = -1};
    struct parts parts = gather(input);
    if (!parts.count || input->min_s < 0) {
        snprintf(possible.why, sizeof possible.why, "not known: nothing was measured");
        return possible;
    }
    static double (*const best_of[WORK_COUNT])(const struct possible_input *, const struct parts *, char *) = {
        [WORK_DOWNLOAD] = downloads, [WORK_PRIMES] = computing, [WORK_COUNTER] = counting};
    possible.best_s = best_of[input->work](input, &parts, possible.why);
    if (possible.best_s > input->min_s) {
        char which[96], time[32];
        how_many(which, sizeof which, input, parts.count, input->work == WORK_DOWNLOAD ? "transfer" : "job");
        snprintf(possible.why, sizeof possible.why, "its own fastest run, which did better than the %s that %s come to, %s",
                 text_duration(time, sizeof time, (uint64_t)(possible.best_s * (double)NS_PER_S)), which, measured(input));
        possible.best_s = input->min_s;
    }
    return possible;
}
