/* machine_facts.h - what machine this is, for reports that are read elsewhere. No host name, no user: such pages are handed on. */
#ifndef MEASURE_MACHINE_FACTS_H
#define MEASURE_MACHINE_FACTS_H

#include <stdint.h>

#include "measure/machine.h"

enum { FACT_BYTES = 128 };

struct machine_facts {
    char kernel[FACT_BYTES];    /* "Linux 6.1.0-18-amd64 x86_64" */
    char processor[FACT_BYTES]; /* as /proc/cpuinfo calls it; "": it does not say. Any text: to be made fit to show */
    uint64_t memory_bytes;      /* of the machine; 0: not known */
    struct usable_cores cores;
    char cores_why[FACT_BYTES]; /* which limit decides about the usable cores, in words */
};

/* Reads /proc now. Any process. */
struct machine_facts machine_facts_read(void);

#endif
