/* load.h - the reading of /proc/stat apart from its file, for tests. Private to src/measure. */
#ifndef MEASURE_LOAD_H
#define MEASURE_LOAD_H

#include "measure/machine.h"

/* Takes one reading of /proc/stat's text into account. */
void machine_load_read(struct machine_load *load, const char *text);

#endif
