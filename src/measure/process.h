/* process.h - a thread's stat line apart from its file, for tests. Private to src/measure. */
#ifndef MEASURE_PROCESS_H
#define MEASURE_PROCESS_H

#include "measure/machine.h"

/* Reads the text of /proc/PID/task/TID/stat. */
struct task_state task_state_read(const char *text);

#endif
