/* phase.c - the words for what a worker is doing: one table, and nothing else in the program spells them.
 *
 * To add a phase: a line in phase.h's enum and a row here. */
#include "juggler/phase.h"

#include <stddef.h>

struct phase_row {
    const char *word;       /* at most 10 columns */
    const char *word_short; /* at most 5 */
    const char *sentence;
    enum phase_class class;
    char letter;
};

static const struct phase_row phase_rows[PHASE_COUNT] = {
    [PHASE_NONE] = {"empty", "empty", "Nobody has worked in this place yet.", PHASE_CLASS_NONE, 'E'},
    [PHASE_STARTING] = {"starting", "start", "The worker exists and gets itself ready.", PHASE_CLASS_RUNNING, 'S'},
    [PHASE_RESOLVING] = {"resolving", "addr", "It waits for the address that belongs to the server's name.", PHASE_CLASS_IO,
                         'A'},
    [PHASE_CONNECTING] = {"connecting", "conn", "It waits for the connection to the server.", PHASE_CLASS_IO, 'C'},
    [PHASE_WAITING] = {"waiting", "wait", "The request is sent; it waits for the first byte of the answer.", PHASE_CLASS_IO,
                       'W'},
    [PHASE_RECEIVING] = {"receiving", "recv", "The file is coming in.", PHASE_CLASS_IO, 'R'},
    [PHASE_WRITING] = {"writing", "write", "The file is complete and is put in its place on the disk.", PHASE_CLASS_RUNNING,
                       'F'},
    [PHASE_COMPUTING] = {"computing", "comp", "It looks for primes.", PHASE_CLASS_RUNNING, 'P'},
    [PHASE_COUNTING] = {"counting", "count", "It adds ones to the shared counter.", PHASE_CLASS_RUNNING, 'K'},
    [PHASE_MULTIPLYING] = {"multiply", "mult", "It multiplies the primes that it found.", PHASE_CLASS_RUNNING, 'M'},
    [PHASE_CONVERTING] = {"converting", "conv", "It turns the product from binary into decimal digits.", PHASE_CLASS_RUNNING,
                          'D'},
    [PHASE_BACKOFF] = {"retry wait", "retry", "An attempt failed; it waits a moment before it tries again.", PHASE_CLASS_IO,
                       'T'},
    [PHASE_LOCK] = {"lock", "lock", "It waits for a lock that another worker holds.", PHASE_CLASS_LOCK, 'L'},
    [PHASE_GIL] = {"wants GIL", "GIL", "It could compute, but another thread holds the interpreter lock.", PHASE_CLASS_LOCK,
                   'I'},
    [PHASE_BARRIER] = {"barrier", "barr", "Its part of the batch is done; it waits for the slowest of the batch.",
                       PHASE_CLASS_BARRIER, 'B'},
    [PHASE_NO_WORK] = {"no work", "idle", "Nothing is left for it to take.", PHASE_CLASS_NO_WORK, 'N'},
    [PHASE_PAUSED] = {"paused", "pause", "The pause key holds it.", PHASE_CLASS_NO_WORK, 'H'},
    [PHASE_LEFT] = {"left", "left", "It has finished and is gone, as it should.", PHASE_CLASS_NONE, 'G'},
    [PHASE_DEAD] = {"dead", "dead", "A signal or a crash ended it; another worker gets its job.", PHASE_CLASS_NONE, 'X'},
};

static const struct phase_row phase_unknown = {"?", "?", "?", PHASE_CLASS_NONE, '?'};

static const struct phase_row *phase_row_of(enum phase phase)
{
    return (size_t)phase < PHASE_COUNT ? &phase_rows[phase] : &phase_unknown;
}

const char *phase_word(enum phase phase)
{
    return phase_row_of(phase)->word;
}

const char *phase_word_short(enum phase phase)
{
    return phase_row_of(phase)->word_short;
}

const char *phase_sentence(enum phase phase)
{
    return phase_row_of(phase)->sentence;
}

enum phase_class phase_class_of(enum phase phase)
{
    return phase_row_of(phase)->class;
}

char phase_letter(enum phase phase)
{
    return phase_row_of(phase)->letter;
}
