/* phase.h - what a worker is doing, in the operating-system textbook's words.
 *
 * A phase is what a worker says of itself; whether it had a core meanwhile is the kernel's to say.
 * Every phase belongs to one class, and the class decides into which column of the account of time
 * the seconds spent in it go. The table behind these functions is the only place with the words. */
#ifndef JUGGLER_PHASE_H
#define JUGGLER_PHASE_H

#include <stdint.h>

enum phase {
    PHASE_NONE,        /* nobody has sat in this slot yet */
    PHASE_STARTING,    /* the worker exists and gets itself ready */
    PHASE_RESOLVING,   /* waits for a host's address */
    PHASE_CONNECTING,  /* waits for the connection (and TLS) */
    PHASE_WAITING,     /* the request is sent; waits for the first byte */
    PHASE_RECEIVING,   /* the body is coming in */
    PHASE_WRITING,     /* completes the file: what is left of it, close, rename */
    PHASE_COMPUTING,   /* looks for primes */
    PHASE_COUNTING,    /* adds to the shared counter */
    PHASE_MULTIPLYING, /* multiplies the primes */
    PHASE_CONVERTING,  /* binary to decimal digits */
    PHASE_BACKOFF,     /* waits before it tries a failed job again */
    PHASE_LOCK,        /* waits for a lock */
    PHASE_GIL,         /* waits for the interpreter lock */
    PHASE_BARRIER,     /* its part of the batch is done; waits for the others */
    PHASE_NO_WORK,     /* nothing left to take; waits for the end, or for a dead worker's job */
    PHASE_PAUSED,      /* held by the pause key */
    PHASE_LEFT,        /* finished and gone, as asked */
    PHASE_DEAD,        /* ended by a signal or a crash */
    PHASE_COUNT
};

enum phase_class {
    PHASE_CLASS_NONE,    /* no time passes here: no worker */
    PHASE_CLASS_RUNNING, /* on a core, or READY when the kernel gave it none */
    PHASE_CLASS_IO,      /* BLOCKED: network, disk, a timer */
    PHASE_CLASS_LOCK,    /* BLOCKED: a lock */
    PHASE_CLASS_BARRIER, /* BLOCKED: the others */
    PHASE_CLASS_NO_WORK  /* nothing to do, or held by the person */
};

/* The word for a phase. The long form has at most 10 columns, the short one at most 5 (ASCII both);
 * the sentence says what it means, for the help. All valid for any value: out of range reads "?". */
const char *phase_word(enum phase phase);
const char *phase_word_short(enum phase phase);
const char *phase_sentence(enum phase phase);
enum phase_class phase_class_of(enum phase phase);

/* One ASCII letter for the heat strip, different for every phase. */
char phase_letter(enum phase phase);

#endif
